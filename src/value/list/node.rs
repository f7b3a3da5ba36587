//! A node of a list: a listpack within bounds, or one huge element. What the bounds are is Redis's.
mod squeeze;

use std::borrow::Cow;
use std::iter;

pub(super) use squeeze::Pays;
use squeeze::Squeezed;

use super::{End, ListNode};
use crate::base::number;
use crate::value::Limits;
use crate::value::structure::allocated;
use crate::value::structure::listpack::{self, Entry, ListPack};

/// Redis's size classes, -1 to -5.
const CLASS_BYTES: [usize; 5] = [4096, 8192, 16384, 32768, 65536];
/// Redis: bound in bytes of a node that is bound by its number of entries.
const SAFE_BYTES: usize = 8192;
/// Redis: what an entry is assumed to take beside its text.
const ENTRY_OVERHEAD: usize = 8;
/// Redis: what two listpacks are assumed to save when they become one.
const MERGE_GAIN: usize = 11;
const ENTRIES_MAX: i64 = (1 << 15) - 1;

#[derive(Clone, Debug)]
pub(super) enum Node {
    /// `len` is noted here because a listpack does not know a large one.
    Packed {
        pack: ListPack,
        len: u32,
        pays: Pays,
    },
    Squeezed(Squeezed),
    Plain(Box<[u8]>),
}

/// An element of a node.
pub(super) enum Element<'a> {
    Entry(Entry<'a>),
    /// Of a node that is compressed.
    Text(Vec<u8>),
}

impl<'a> Element<'a> {
    pub(super) fn text(self) -> Cow<'a, [u8]> {
        match self {
            Element::Entry(entry) => entry.text(),
            Element::Text(text) => Cow::Owned(text),
        }
    }
}

/// What is compared with entries: its text is read as a number once.
pub(super) struct Needle<'a> {
    bytes: &'a [u8],
    number: Option<i64>,
}

impl<'a> Needle<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let number = number::parse_i64(bytes);
        Needle { bytes, number }
    }

    pub(super) fn is(&self, element: &Element<'_>) -> bool {
        match element {
            Element::Entry(entry) => self.is_entry(*entry),
            Element::Text(text) => self.bytes == text,
        }
    }

    fn is_entry(&self, entry: Entry<'_>) -> bool {
        match entry {
            Entry::Int(value) => self.number == Some(value),
            Entry::Bytes(bytes) => self.bytes == bytes,
        }
    }
}

/// The entries of a node, from either end.
pub(super) enum Entries<'a> {
    Packed(listpack::Iter<'a>),
    Squeezed(listpack::IntoIter),
    Plain(iter::Once<Entry<'a>>),
}

impl<'a> Iterator for Entries<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        match self {
            Entries::Packed(entries) => entries.next().map(Element::Entry),
            Entries::Squeezed(texts) => texts.next().map(Element::Text),
            Entries::Plain(entry) => entry.next().map(Element::Entry),
        }
    }
}

impl DoubleEndedIterator for Entries<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Entries::Packed(entries) => entries.next_back().map(Element::Entry),
            Entries::Squeezed(texts) => texts.next_back().map(Element::Text),
            Entries::Plain(entry) => entry.next_back().map(Element::Entry),
        }
    }
}

/// Whether an element of this size stands alone.
pub(super) fn is_huge(value: &[u8], limits: &Limits) -> bool {
    value.len() >= limits.list_packed_threshold
}

/// Whether a listpack of `bytes` and `entries` keeps within the bounds.
fn is_allowed(bytes: usize, entries: usize, limits: &Limits) -> bool {
    let size = limits.list_max_listpack_size;
    if size < 0 {
        let class = usize::try_from(-(size + 1)).unwrap_or(usize::MAX);
        return bytes <= CLASS_BYTES[class.min(CLASS_BYTES.len() - 1)];
    }

    bytes <= SAFE_BYTES && entries as i64 <= size.min(ENTRIES_MAX)
}

impl Node {
    /// A node of one element.
    pub(super) fn new(value: &[u8], limits: &Limits) -> Node {
        if is_huge(value, limits) {
            return Node::Plain(value.into());
        }
        let mut node = Node::empty();
        node.push(End::Tail, value);

        node
    }

    fn empty() -> Node {
        Node::packed_of(ListPack::new(), 0)
    }

    pub(super) fn packed_of(pack: ListPack, len: u32) -> Node {
        let pays = Pays::default();

        Node::Packed { pack, len, pays }
    }

    /// `None` unless the bytes are valid.
    pub(super) fn from_image(image: ListNode<'_>) -> Option<Node> {
        match image {
            ListNode::Plain(bytes) => Some(Node::Plain(bytes.into())),
            ListNode::Packed(bytes) => {
                let pack = ListPack::from_bytes(&bytes)?;
                let len = u32::try_from(pack.len()).ok()?;
                Some(Node::packed_of(pack, len))
            }
        }
    }

    pub(super) fn image(&self) -> ListNode<'_> {
        match self {
            Node::Packed { pack, .. } => ListNode::Packed(pack.as_bytes().into()),
            Node::Squeezed(squeezed) => ListNode::Packed(squeezed.pack_bytes().into()),
            Node::Plain(bytes) => ListNode::Plain(bytes),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Node::Packed { len, .. } => *len as usize,
            Node::Squeezed(squeezed) => squeezed.len(),
            Node::Plain(_) => 1,
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Node::Plain(_))
    }

    /// Bytes on the heap: what it refers to, and itself behind the counts of an `Rc`.
    pub(super) fn memory_bytes(&self) -> usize {
        let inside = match self {
            Node::Packed { pack, .. } => pack.memory_bytes() - size_of::<ListPack>(),
            Node::Squeezed(squeezed) => squeezed.memory_bytes(),
            Node::Plain(bytes) => allocated(bytes.len()),
        };

        inside + allocated(2 * size_of::<usize>() + size_of::<Node>())
    }

    pub(super) fn shrink_to_fit(&mut self) {
        if let Node::Packed { pack, .. } = self {
            pack.shrink_to_fit();
        }
    }

    pub(super) fn get(&self, offset: usize) -> Option<Element<'_>> {
        match self {
            Node::Packed { pack, .. } => pack.get(offset).map(Element::Entry),
            _ => self.entries_from(offset).next(),
        }
    }

    /// The entries from one on.
    pub(super) fn entries_from(&self, offset: usize) -> Entries<'_> {
        match self {
            Node::Packed { pack, .. } => Entries::Packed(pack.iter_from_index(offset)),
            Node::Squeezed(squeezed) => Entries::Squeezed(squeezed.pack().into_iter_from(offset)),
            Node::Plain(bytes) => {
                let mut entry = iter::once(Entry::Bytes(bytes));
                if offset > 0 {
                    entry.next();
                }
                Entries::Plain(entry)
            }
        }
    }

    /// Bytes and entries of its listpack.
    fn size(&self) -> Option<(usize, usize)> {
        match self {
            Node::Packed { pack, len, .. } => Some((pack.bytes_len(), *len as usize)),
            Node::Squeezed(squeezed) => Some((squeezed.pack_len(), squeezed.len())),
            Node::Plain(_) => None,
        }
    }

    /// Whether `value` may be added.
    pub(super) fn has_room(&self, value: &[u8], limits: &Limits) -> bool {
        let Some((bytes, len)) = self.size() else {
            return false;
        };
        let bytes = bytes + value.len() + ENTRY_OVERHEAD;

        !is_huge(value, limits) && is_allowed(bytes, len + 1, limits)
    }

    pub(super) fn may_merge(&self, other: &Node, limits: &Limits) -> bool {
        let (Some((a, m)), Some((b, n))) = (self.size(), other.size()) else {
            return false;
        };

        is_allowed(a + b - MERGE_GAIN, m + n, limits)
    }
}

/// Changes. Only packed nodes change inside; callers replace plain ones and open those that are compressed.
impl Node {
    fn packed(&mut self) -> (&mut ListPack, &mut u32) {
        match self {
            Node::Packed { pack, len, .. } => (pack, len),
            _ => unreachable!("a plain node is replaced, another one opened, before"),
        }
    }

    pub(super) fn push(&mut self, end: End, value: &[u8]) {
        let (pack, len) = self.packed();
        match end {
            End::Head => pack.push_front(value),
            End::Tail => pack.push_back(value),
        }
        *len += 1;
    }

    /// Puts `value` before the entry at `offset`, or at the end.
    pub(super) fn insert(&mut self, offset: usize, value: &[u8]) {
        let (pack, len) = self.packed();
        pack.insert(offset, value);
        *len += 1;
    }

    pub(super) fn replace(&mut self, offset: usize, value: &[u8]) {
        let (pack, _) = self.packed();
        let found = pack.replace(offset, value);
        debug_assert!(found, "the offset is in the node");
    }

    pub(super) fn remove(&mut self, offset: usize, count: usize) {
        let (pack, len) = self.packed();
        *len -= pack.remove(offset, count) as u32;
    }

    /// Removes up to `limit` entries that `needle` equals, nearest to `from` first, and says how many.
    /// Afterwards the node may be empty.
    pub(super) fn remove_matches(&mut self, needle: &Needle, from: End, limit: usize) -> usize {
        if !matches!(self, Node::Packed { .. }) {
            let mut entries = self.entries_from(0);
            if limit == 0 || !entries.any(|element| needle.is(&element)) {
                return 0;
            }
        }
        self.open();
        let Node::Packed { pack, len, .. } = self else {
            *self = Node::empty();
            return 1;
        };
        let mut found = Vec::new();
        let mut next = match from {
            End::Head => pack.first(),
            End::Tail => pack.last(),
        };
        while let Some(position) = next
            && found.len() < limit
        {
            if needle.is_entry(pack.entry(position)) {
                found.push(position);
            }
            next = match from {
                End::Head => pack.next(position),
                End::Tail => pack.prev(position),
            };
        }
        // From the last to the first: what stands before keeps its position.
        if matches!(from, End::Head) {
            found.reverse();
        }
        for position in &found {
            pack.remove_at(*position, 1);
        }
        *len -= found.len() as u32;

        found.len()
    }

    /// Keeps the entries before `offset`, answers a node of the others.
    pub(super) fn split_off(&mut self, offset: usize) -> Node {
        let mut right = self.clone();
        right.remove(0, offset);
        self.remove(offset, usize::MAX);
        self.shrink_to_fit();

        right
    }

    pub(super) fn append(&mut self, other: &Node) {
        for element in other.entries_from(0) {
            self.push(End::Tail, &element.text());
        }
    }
}
