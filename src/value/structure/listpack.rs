//! Redis's listpack: a row of small strings and whole numbers in one piece of bytes, the bytes that
//! RDB and DUMP hold.
//!
//! `total u32 | count u16 (65535: count them) | entry... | 0xFF`, little-endian; an entry is its
//! encoding with data, then the length of these, written so that it is read from its end: one can
//! walk both ways. Text that is a whole number in canonical form is always kept as a number.
//! Invariant: the bytes are always a valid image; `Position`s are offsets of entries in it, and
//! hold until it changes.

pub mod dense;
mod entry;

use entry::Encoded;
pub use entry::Entry;

use std::rc::Rc;

use super::{allocated, make_room};
use crate::base::number;

const HEADER: usize = 6;
const END: u8 = 0xff;
const COUNT_UNKNOWN: usize = 0xffff;

#[derive(Clone, Debug, PartialEq)]
pub struct ListPack {
    bytes: Vec<u8>,
}

/// Where an entry begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(usize);

impl ListPack {
    pub fn new() -> ListPack {
        ListPack {
            bytes: vec![7, 0, 0, 0, 0, 0, END],
        }
    }

    /// Takes an image as RDB and DUMP hold it; None unless every byte of it is valid.
    pub fn from_bytes(bytes: &[u8]) -> Option<ListPack> {
        let (total, rest) = bytes.split_first_chunk::<4>()?;
        let (count, _) = rest.split_first_chunk::<2>()?;
        if u32::from_le_bytes(*total) as usize != bytes.len() {
            return None;
        }
        let (mut at, mut entries) = (HEADER, 0);
        while *bytes.get(at)? != END {
            at += entry::checked_size(&bytes[at..])?;
            entries += 1;
        }
        let count = usize::from(u16::from_le_bytes(*count));
        let valid = at + 1 == bytes.len() && (count == entries || count == COUNT_UNKNOWN);
        valid.then(|| ListPack {
            bytes: bytes.to_vec(),
        })
    }

    /// Takes an image that `as_bytes` gave.
    pub fn from_own_bytes(bytes: Vec<u8>) -> ListPack {
        debug_assert!(ListPack::from_bytes(&bytes).is_some());
        ListPack { bytes }
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn bytes_len(&self) -> usize {
        self.bytes.len()
    }

    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>() + allocated(self.bytes.capacity())
    }

    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
    }

    pub fn len(&self) -> usize {
        match self.noted_count() {
            COUNT_UNKNOWN => self.iter().count(),
            count => count,
        }
    }
}

/// By place in the row.
impl ListPack {
    pub fn get(&self, index: usize) -> Option<Entry<'_>> {
        self.seek(index).map(|position| self.entry(position))
    }

    pub fn push_back(&mut self, value: &[u8]) {
        self.insert_at(Position(self.end()), value);
    }

    pub fn push_front(&mut self, value: &[u8]) {
        self.insert_at(Position(HEADER), value);
    }

    /// Puts `value` before the entry at `index`, or at the end.
    pub fn insert(&mut self, index: usize, value: &[u8]) {
        match self.seek(index) {
            Some(position) => self.insert_at(position, value),
            None => self.push_back(value),
        }
    }

    /// Whether there was an entry at `index`.
    pub fn replace(&mut self, index: usize, value: &[u8]) -> bool {
        let position = self.seek(index);
        position
            .map(|position| self.replace_at(position, value))
            .is_some()
    }

    /// Removes up to `count` entries from `index` on and says how many it were.
    pub fn remove(&mut self, index: usize, count: usize) -> usize {
        self.seek(index)
            .map_or(0, |position| self.remove_at(position, count))
    }

    pub fn iter(&self) -> Iter<'_> {
        self.iter_from(Position(HEADER))
    }

    /// The entries from the one at `index` on.
    pub fn iter_from_index(&self, index: usize) -> Iter<'_> {
        self.iter_from(self.seek(index).unwrap_or(Position(self.end())))
    }

    /// As `iter_from_index`, with the list; nothing where there is no entry at `index`.
    pub fn into_iter_from(self: Rc<Self>, index: usize) -> IntoIter {
        let front = self.seek(index).map_or(self.end(), |position| position.0);
        let back = self.end();

        IntoIter {
            list: self,
            front,
            back,
        }
    }

    /// The entries from one on.
    pub fn iter_from(&self, position: Position) -> Iter<'_> {
        Iter {
            list: self,
            front: position.0,
            back: self.end(),
        }
    }
}

/// By position.
impl ListPack {
    #[inline]
    pub fn first(&self) -> Option<Position> {
        self.entry_or_end(HEADER)
    }

    #[inline]
    pub fn last(&self) -> Option<Position> {
        self.prev(Position(self.end()))
    }

    #[inline]
    pub fn next(&self, position: Position) -> Option<Position> {
        self.entry_or_end(position.0 + self.size(position))
    }

    #[inline]
    pub fn prev(&self, position: Position) -> Option<Position> {
        (position.0 > HEADER)
            .then(|| Position(position.0 - entry::size_before(&self.bytes[..position.0])))
    }

    pub fn seek(&self, index: usize) -> Option<Position> {
        let count = self.noted_count();
        if count != COUNT_UNKNOWN && index >= count {
            return None;
        }
        if count != COUNT_UNKNOWN && index > count / 2 {
            let mut position = Position(self.end());
            for _ in index..count {
                position = self.prev(position)?;
            }
            return Some(position);
        }
        let mut position = self.first()?;
        for _ in 0..index {
            position = self.next(position)?;
        }
        Some(position)
    }

    #[inline]
    pub fn entry(&self, position: Position) -> Entry<'_> {
        entry::decode(&self.bytes[position.0..]).0
    }

    /// The first of every `stride`-th entry, from the first one on, that equals `value`.
    pub fn find(&self, value: &[u8], stride: usize) -> Option<Position> {
        let number = number::parse_i64(value);
        let mut at = HEADER;
        let mut until_next = 0;
        while self.bytes[at] != END {
            let (entry, size) = entry::decode(&self.bytes[at..]);
            if until_next == 0 {
                let same = match entry {
                    Entry::Int(held) => number == Some(held),
                    Entry::Bytes(held) => held == value,
                };
                if same {
                    return Some(Position(at));
                }
                until_next = stride;
            }
            until_next -= 1;
            at += size;
        }
        None
    }

    /// Puts `value` before an entry, which moves on: the position is then that of the new one.
    pub fn insert_at(&mut self, position: Position, value: &[u8]) {
        self.exchange(position.0, 0, value);
        self.note(1);
    }

    pub fn replace_at(&mut self, position: Position, value: &[u8]) {
        self.exchange(position.0, self.size(position), value);
        self.note(0);
    }

    /// Removes up to `count` entries from one on and says how many it were; the position is then
    /// that of what followed, or the end.
    pub fn remove_at(&mut self, position: Position, count: usize) -> usize {
        let (mut end, mut removed) = (position.0, 0);
        while removed < count && self.bytes[end] != END {
            end += self.size(Position(end));
            removed += 1;
        }
        self.bytes.drain(position.0..end);
        self.note(-(removed as isize));
        removed
    }

    #[inline]
    fn exchange(&mut self, at: usize, size: usize, value: &[u8]) {
        let entry = Encoded::new(value);
        let (old_end, behind) = (self.bytes.len(), at + size);
        let end = old_end - size + entry.len();
        if end > old_end {
            make_room(&mut self.bytes, end - old_end);
            self.bytes.resize(end, 0);
        }
        self.bytes.copy_within(behind..old_end, at + entry.len());
        self.bytes.truncate(end);
        entry.write(&mut self.bytes[at..at + entry.len()]);
    }

    #[inline]
    fn size(&self, position: Position) -> usize {
        entry::decode(&self.bytes[position.0..]).1
    }

    #[inline]
    fn end(&self) -> usize {
        self.bytes.len() - 1
    }

    #[inline]
    fn entry_or_end(&self, at: usize) -> Option<Position> {
        (at < self.end()).then_some(Position(at))
    }

    #[inline]
    fn noted_count(&self) -> usize {
        usize::from(u16::from_le_bytes([self.bytes[4], self.bytes[5]]))
    }

    /// Brings the header up to date after `change` entries came or went.
    #[inline]
    fn note(&mut self, change: isize) {
        let total =
            u32::try_from(self.bytes.len()).expect("the types keep listpacks far below 4 GB");
        self.bytes[..4].copy_from_slice(&total.to_le_bytes());
        let count = match self.noted_count() {
            // Redis: once past the counter, the number is noted again only when someone counts.
            COUNT_UNKNOWN => COUNT_UNKNOWN,
            count => count.saturating_add_signed(change).min(COUNT_UNKNOWN),
        };
        self.bytes[4..HEADER].copy_from_slice(&(count as u16).to_le_bytes());
    }
}

impl Default for ListPack {
    fn default() -> ListPack {
        ListPack::new()
    }
}

/// Walks from either end.
#[derive(Clone)]
pub struct Iter<'a> {
    list: &'a ListPack,
    front: usize,
    back: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        if self.front >= self.back {
            return None;
        }
        let (entry, size) = entry::decode(&self.list.bytes[self.front..]);
        self.front += size;
        Some(entry)
    }
}

impl DoubleEndedIterator for Iter<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        self.back -= entry::size_before(&self.list.bytes[..self.back]);
        Some(entry::decode(&self.list.bytes[self.back..]).0)
    }
}

/// As `Iter`, with the list: its entries as text.
pub struct IntoIter {
    list: Rc<ListPack>,
    front: usize,
    back: usize,
}

impl IntoIter {
    /// Takes a step with what walks a borrowed list.
    fn step(&mut self, step: impl FnOnce(&mut Iter<'_>) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        let mut iter = Iter {
            list: &self.list,
            front: self.front,
            back: self.back,
        };
        let text = step(&mut iter);
        (self.front, self.back) = (iter.front, iter.back);

        text
    }
}

impl Iterator for IntoIter {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.step(|iter| iter.next().map(Entry::to_vec))
    }
}

impl DoubleEndedIterator for IntoIter {
    fn next_back(&mut self) -> Option<Vec<u8>> {
        self.step(|iter| iter.next_back().map(Entry::to_vec))
    }
}

#[cfg(test)]
mod tests;
