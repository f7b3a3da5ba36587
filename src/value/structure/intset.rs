//! A sorted set of whole numbers, kept in Redis's own bytes: the width in bytes and the count as
//! u32, then the numbers, all little-endian. Every number takes as much as the widest ever inserted
//! needed (2, 4 or 8 bytes). Invariant: the bytes are always a valid image, numbers ascending.

use super::{allocated, make_room};

const HEADER: usize = 8;

#[derive(Clone, Debug, PartialEq)]
pub struct IntSet {
    bytes: Vec<u8>,
}

impl IntSet {
    pub fn new() -> IntSet {
        IntSet {
            bytes: vec![2, 0, 0, 0, 0, 0, 0, 0],
        }
    }

    /// Takes an image as RDB and DUMP hold it; None unless it is valid and not empty.
    pub fn from_bytes(bytes: &[u8]) -> Option<IntSet> {
        let (width, rest) = bytes.split_first_chunk::<4>()?;
        let (count, body) = rest.split_first_chunk::<4>()?;
        let (width, count) = (u32::from_le_bytes(*width), u32::from_le_bytes(*count));
        let fits = matches!(width, 2 | 4 | 8)
            && count > 0
            && body.len() as u64 == u64::from(width) * u64::from(count);
        let set = fits.then(|| IntSet {
            bytes: bytes.to_vec(),
        })?;
        set.iter().is_sorted_by(|a, b| a < b).then_some(set)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn len(&self) -> usize {
        (self.bytes.len() - HEADER) / self.width()
    }

    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>() + allocated(self.bytes.capacity())
    }

    /// The number at a place in ascending order.
    pub fn get(&self, index: usize) -> Option<i64> {
        (index < self.len()).then(|| self.at(index))
    }

    pub fn contains(&self, value: i64) -> bool {
        self.search(value).is_ok()
    }

    /// Whether `value` is new.
    pub fn insert(&mut self, value: i64) -> bool {
        let Err(index) = self.search(value) else {
            return false;
        };
        if width_of(value) > self.width() {
            self.widen(width_of(value));
        }
        let width = self.width();
        let at = HEADER + index * width;
        make_room(&mut self.bytes, width);
        self.bytes
            .splice(at..at, value.to_le_bytes().into_iter().take(width));
        self.note_len();
        true
    }

    /// Whether `value` was there.
    pub fn remove(&mut self, value: i64) -> bool {
        let Ok(index) = self.search(value) else {
            return false;
        };
        let at = HEADER + index * self.width();
        self.bytes.drain(at..at + self.width());
        self.note_len();
        true
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator {
        (0..self.len()).map(|index| self.at(index))
    }

    fn width(&self) -> usize {
        usize::from(self.bytes[0])
    }

    fn at(&self, index: usize) -> i64 {
        let (width, at) = (self.width(), HEADER + index * self.width());
        let bytes = &self.bytes[at..at + width];
        let negative = bytes[width - 1] & 0x80 != 0;
        let mut wide = if negative { [0xff; 8] } else { [0; 8] };
        wide[..width].copy_from_slice(bytes);
        i64::from_le_bytes(wide)
    }

    /// The place of `value`, or where it would be.
    fn search(&self, value: i64) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.at(middle).cmp(&value) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    fn widen(&mut self, width: usize) {
        let mut bytes = Vec::with_capacity(HEADER + (self.len() + 1) * width);
        bytes.extend_from_slice(&(width as u32).to_le_bytes());
        bytes.extend_from_slice(&self.bytes[4..HEADER]);
        self.iter()
            .for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()[..width]));
        self.bytes = bytes;
    }

    fn note_len(&mut self) {
        let len = self.len() as u32;
        self.bytes[4..HEADER].copy_from_slice(&len.to_le_bytes());
    }
}

impl Default for IntSet {
    fn default() -> IntSet {
        IntSet::new()
    }
}

fn width_of(value: i64) -> usize {
    if i16::try_from(value).is_ok() {
        2
    } else if i32::try_from(value).is_ok() {
        4
    } else {
        8
    }
}

#[cfg(test)]
mod tests;
