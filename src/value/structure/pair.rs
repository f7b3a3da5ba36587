//! Two byte strings in one allocation behind a thin pointer: a field with its value, a member with its
//! score, a member with nothing. `key length | value length | key | value`, the lengths as LEB128.
//! Invariant: the allocation is exactly as long as its lengths say.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::slice;

use super::allocated;

/// The longest LEB128 of a u32.
const LENGTH_MAX: usize = 5;

#[derive(Debug)]
pub struct Pair {
    at: NonNull<u8>,
}

/// Where the strings lie.
#[derive(Clone, Copy)]
struct Extent {
    head: usize,
    key: usize,
    value: usize,
}

impl Extent {
    fn total(self) -> usize {
        self.head + self.key + self.value
    }
}

impl Pair {
    pub fn new(key: &[u8], value: &[u8]) -> Pair {
        let head = length_size(key.len()) + length_size(value.len());
        let mut bytes = Vec::with_capacity(head + key.len() + value.len());
        push_length(&mut bytes, key.len());
        push_length(&mut bytes, value.len());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
        let bytes: *mut [u8] = Box::into_raw(bytes.into_boxed_slice());
        let at = NonNull::new(bytes.cast::<u8>()).expect("a box is never null");

        Pair { at }
    }

    #[inline]
    pub fn key(&self) -> &[u8] {
        let extent = self.extent();
        // SAFETY: by the invariant the allocation holds `head + key` bytes and more; it lives as long
        // as `self`, and changes only through `&mut self`.
        unsafe { slice::from_raw_parts(self.at.as_ptr().add(extent.head), extent.key) }
    }

    #[inline]
    pub fn value(&self) -> &[u8] {
        let extent = self.extent();
        let start = extent.head + extent.key;
        // SAFETY: as for `key`: the value ends where the allocation does.
        unsafe { slice::from_raw_parts(self.at.as_ptr().add(start), extent.value) }
    }

    #[inline]
    pub fn both(&self) -> (&[u8], &[u8]) {
        let extent = self.extent();
        // SAFETY: as for `key` and `value`: the one follows the other.
        let bytes = unsafe {
            slice::from_raw_parts(self.at.as_ptr().add(extent.head), extent.key + extent.value)
        };

        bytes.split_at(extent.key)
    }

    /// In place where the length is the same.
    pub fn set_value(&mut self, value: &[u8]) {
        let extent = self.extent();
        if value.len() != extent.value {
            *self = Pair::new(self.key(), value);
            return;
        }
        let start = extent.head + extent.key;
        // SAFETY: as for `value`, and `&mut self` is the only way to it.
        let old = unsafe { slice::from_raw_parts_mut(self.at.as_ptr().add(start), extent.value) };
        old.copy_from_slice(value);
    }

    /// What it takes of memory, its pointer not counted.
    pub fn memory_bytes(&self) -> usize {
        allocated(self.extent().total())
    }

    #[inline]
    fn extent(&self) -> Extent {
        // SAFETY: by the invariant the allocation begins with two lengths, so two bytes at least.
        let (first, second) = unsafe { (*self.at.as_ptr(), *self.at.as_ptr().add(1)) };
        if (first | second) < 0x80 {
            return Extent {
                head: 2,
                key: usize::from(first),
                value: usize::from(second),
            };
        }
        self.long_extent()
    }

    #[cold]
    fn long_extent(&self) -> Extent {
        let (key, key_size) = self.length(0);
        let (value, value_size) = self.length(key_size);

        Extent {
            head: key_size + value_size,
            key,
            value,
        }
    }

    /// The length that begins at an offset, which must be that of one of the two, and its size.
    fn length(&self, offset: usize) -> (usize, usize) {
        let (mut length, mut size) = (0, 0);
        while size < LENGTH_MAX {
            // SAFETY: a length that `new` has written ends at a byte below 0x80, and all bytes up to
            // it lie in the allocation.
            let byte = unsafe { *self.at.as_ptr().add(offset + size) };
            length |= usize::from(byte & 0x7f) << (7 * size);
            size += 1;
            if byte < 0x80 {
                break;
            }
        }

        (length, size)
    }
}

impl Clone for Pair {
    fn clone(&self) -> Pair {
        Pair::new(self.key(), self.value())
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let bytes = std::ptr::slice_from_raw_parts_mut(self.at.as_ptr(), self.extent().total());
        // SAFETY: `new` took it out of a box of exactly this length, and nobody uses it any more.
        drop(unsafe { Box::from_raw(bytes) });
    }
}

fn length_size(length: usize) -> usize {
    let bits = usize::BITS - length.leading_zeros();

    (bits.div_ceil(7) as usize).max(1)
}

fn push_length(bytes: &mut Vec<u8>, length: usize) {
    assert!(u32::try_from(length).is_ok(), "lengths are below 4 GiB");
    let mut rest = length;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_it_was_given() {
        for key in [0, 1, 127, 128, 16_383, 16_384, 70_000] {
            for value in [0, 1, 127, 128, 20_000] {
                let (key, value) = (vec![b'k'; key], vec![b'v'; value]);
                let mut pair = Pair::new(&key, &value);
                assert_eq!(pair.both(), (&*key, &*value));
                assert_eq!(pair.clone().both(), (&*key, &*value));
                pair.set_value(&vec![b'w'; value.len()]);
                assert_eq!(pair.both(), (&*key, &*vec![b'w'; value.len()]));
                pair.set_value(b"another");
                assert_eq!(pair.both(), (&*key, &b"another"[..]));
            }
        }
    }
}
