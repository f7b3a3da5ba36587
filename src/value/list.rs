//! A list of byte strings: Redis's quicklist, a row of listpacks bounded in size, and of huge
//! elements that stand alone ("plain").
//!
//! Nodes split and merge as Redis's do, so a dump is the same; whole nodes are skipped wherever that
//! is possible. A node that is full and not pushed to any more is compressed where that pays, by Redis's means for
//! inner nodes (LZF), whatever list-compress-depth says; what changes it opens it again (`node`).
//! Invariants: no node is empty; `len` and `bytes` are the sums over the nodes.
mod change;
mod node;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::rc::Rc;

use super::structure::allocated;
use super::structure::listpack::ListPack;
use node::{Element, Needle, Node};

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Left.
    Head,
    /// Right.
    Tail,
}

/// Where an element goes, seen from another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A node as RDB and DUMP hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListNode<'a> {
    /// A listpack's image.
    Packed(Cow<'a, [u8]>),
    /// One element.
    Plain(&'a [u8]),
}

#[derive(Clone, Debug, Default)]
pub struct List {
    /// Clones share them until one side changes them.
    nodes: VecDeque<Rc<Node>>,
    len: usize,
    bytes: usize,
}

impl List {
    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        "quicklist"
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        self.bytes + allocated(self.nodes.capacity() * size_of::<Rc<Node>>())
    }

    /// Drops about `items` of what is in a list that is not to be used again; answers whether something is left.
    pub(super) fn discard(&mut self, items: usize) -> bool {
        (0..items).all(|_| self.nodes.pop_back().is_some()) && !self.nodes.is_empty()
    }

    /// The listpack of a list that is one node.
    pub(super) fn as_pack(&self) -> Option<&ListPack> {
        match &**self.nodes.front().filter(|_| self.nodes.len() == 1)? {
            Node::Packed { pack, .. } => Some(pack),
            _ => None,
        }
    }

    /// What `as_pack` answered of a list.
    pub(super) fn from_pack(pack: ListPack) -> Self {
        let mut list = List::default();
        let len = pack.len() as u32;
        list.insert_node(0, Node::packed_of(pack, len));

        list
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, index: usize) -> Option<Cow<'_, [u8]>> {
        let (node, offset) = self.seek(index)?;

        self.nodes[node].get(offset).map(Element::text)
    }

    /// The place that Redis's index names: from the end where it is negative.
    pub fn place(&self, index: i64) -> Option<usize> {
        let index = if index < 0 {
            self.len
                .checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?
        } else {
            usize::try_from(index).ok()?
        };

        (index < self.len).then_some(index)
    }

    /// All elements, from either end.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Cow<'_, [u8]>> {
        self.entries().map(Element::text)
    }

    /// Up to `count` elements from `start` on.
    pub fn range(&self, start: usize, count: usize) -> impl Iterator<Item = Cow<'_, [u8]>> {
        let (node, offset) = self.seek(start).unwrap_or((self.nodes.len(), 0));
        let mut nodes = self.nodes.range(node..);
        let first = nodes.next().map(|node| node.entries_from(offset));
        let rest = nodes.flat_map(|node| node.entries_from(0));

        first
            .into_iter()
            .flatten()
            .chain(rest)
            .take(count)
            .map(Element::text)
    }

    /// The places of the elements that equal `value`, in their order from an end; only the first
    /// `scan_max` elements are looked at.
    pub fn find<'a>(
        &'a self,
        value: &'a [u8],
        from: End,
        scan_max: usize,
    ) -> Box<dyn Iterator<Item = usize> + 'a> {
        match from {
            End::Head => Box::new(matching(self.entries().take(scan_max), value)),
            End::Tail => {
                let found = matching(self.entries().rev().take(scan_max), value);
                Box::new(found.map(|from_tail| self.len - 1 - from_tail))
            }
        }
    }

    fn entries(&self) -> impl DoubleEndedIterator<Item = Element<'_>> {
        self.nodes.iter().flat_map(|node| node.entries_from(0))
    }

    /// The node of the element at `index`, and its place in it; from the nearer end.
    fn seek(&self, index: usize) -> Option<(usize, usize)> {
        if index >= self.len {
            return None;
        }
        if index <= self.len / 2 {
            let mut before = 0;
            for (at, node) in self.nodes.iter().enumerate() {
                if index < before + node.len() {
                    return Some((at, index - before));
                }
                before += node.len();
            }
        } else {
            let mut end = self.len;
            for (at, node) in self.nodes.iter().enumerate().rev() {
                end -= node.len();
                if index >= end {
                    return Some((at, index - end));
                }
            }
        }

        None
    }
}

/// For RDB and DUMP.
impl List {
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = ListNode<'_>> {
        self.nodes.iter().map(|node| node.image())
    }

    /// Adds a node at the tail; an empty listpack is passed over. `None` unless the bytes are valid.
    #[must_use]
    pub fn append_node(&mut self, image: ListNode<'_>) -> Option<()> {
        let node = Node::from_image(image)?;
        if node.len() > 0 {
            self.insert_node(self.nodes.len(), node);
        }

        Some(())
    }
}

/// Which of `entries` equal `value`.
fn matching<'a>(
    entries: impl Iterator<Item = Element<'a>>,
    value: &'a [u8],
) -> impl Iterator<Item = usize> {
    let needle = Needle::new(value);
    let same = move |(at, element): (usize, Element<'a>)| needle.is(&element).then_some(at);

    entries.enumerate().filter_map(same)
}

#[cfg(test)]
mod tests;
