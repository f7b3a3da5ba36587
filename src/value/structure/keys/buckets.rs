//! The buckets of a hash table that grows by one bucket at a time (linear hashing; Litwin, 1980).
//!
//! With n buckets, m of them the largest power of two, a hash belongs to its bucket of 2m where there is one already,
//! else to its bucket of m. So growing splits one bucket in two and nothing else moves, whatever the size; shrinking
//! joins two. A cursor of `next` counts up from the highest bit, as Redis's SCAN does: it has passed the same hashes
//! whatever the number of buckets was and will be.
use super::arena::Handle;
use crate::value::structure::slab::Slab;

#[derive(Debug)]
pub struct Buckets {
    /// The first of each chain; 0 where it is empty.
    first: Slab<Handle, 14>,
    /// Of the largest power of two that is not above the number of buckets.
    mask: u32,
}

impl Buckets {
    pub const fn new() -> Self {
        Buckets {
            first: Slab::new(),
            mask: 0,
        }
    }

    pub fn len(&self) -> u32 {
        self.first.len()
    }

    pub fn memory_bytes(&self) -> usize {
        self.first.memory_bytes()
    }

    #[inline]
    pub fn first(&self, bucket: u32) -> Handle {
        *self.first.get(bucket)
    }

    #[inline]
    pub fn set_first(&mut self, bucket: u32, handle: Handle) {
        *self.first.get_mut(bucket) = handle;
    }

    /// The bucket of a hash; there must be one.
    #[inline]
    pub fn of(&self, hash: u32) -> u32 {
        let bucket = hash & (self.mask << 1 | 1);

        if bucket < self.len() {
            bucket
        } else {
            hash & self.mask
        }
    }

    /// Adds an empty bucket; answers which one shares its keys with it, if any.
    pub fn grow(&mut self) -> Option<u32> {
        let new = self.first.push(0);
        if new == 0 {
            return None;
        }
        let shares = new & self.mask;
        if new == self.mask << 1 | 1 {
            self.mask = new;
        }

        Some(shares)
    }

    /// Adds empty buckets until there are so many; all are empty.
    pub fn grow_to(&mut self, len: u64) {
        while u64::from(self.len()) < len {
            self.first.push(0);
        }
        self.mask = self.len().checked_ilog2().map_or(0, |bits| (1 << bits) - 1);
    }

    /// Removes the last bucket; answers its chain and the bucket that it belongs to now, where one is left.
    pub fn shrink(&mut self) -> Option<(Handle, u32)> {
        let chain = self.first.pop()?;
        let len = self.len();
        if len == 0 {
            return None;
        }
        if len == self.mask {
            self.mask >>= 1;
        }

        Some((chain, len & self.mask))
    }

    /// The bucket at a cursor, and the cursor behind it; 0 at the end.
    pub fn next(&self, cursor: u64) -> (u32, u64) {
        let small = cursor as u32 & self.mask;
        let is_split = small + self.mask + 1 < self.len();
        let mask = if is_split {
            self.mask << 1 | 1
        } else {
            self.mask
        };

        (cursor as u32 & mask, step(cursor, u64::from(mask)))
    }
}

/// Counts the masked bits of a cursor up from their highest one.
fn step(cursor: u64, mask: u64) -> u64 {
    (cursor | !mask)
        .reverse_bits()
        .wrapping_add(1)
        .reverse_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_meets_what_stays_however_the_table_changes() {
        let hashes: Vec<u32> = (0..if cfg!(miri) { 50 } else { 500u32 })
            .map(|i| i.wrapping_mul(0x9e37_79b9))
            .collect();
        for [from, to] in [[7, 300], [300, 7], [64, 128], [128, 64], [1, 1000]] {
            let mut buckets = Buckets::new();
            while buckets.len() < from {
                buckets.grow();
            }
            let mut seen = vec![0; hashes.len()];
            let mut cursor = 0;
            loop {
                let (bucket, next) = buckets.next(cursor);
                for (i, hash) in hashes.iter().enumerate() {
                    seen[i] += usize::from(buckets.of(*hash) == bucket);
                }
                cursor = next;
                if cursor == 0 {
                    break;
                }
                for _ in 0..7 {
                    if buckets.len() < to {
                        buckets.grow();
                    } else if buckets.len() > to {
                        buckets.shrink();
                    }
                }
            }
            assert!(seen.iter().all(|times| *times > 0), "{from} to {to}");
            // Only buckets joined behind the cursor's back are shown again.
            assert!(
                to < from || seen.iter().all(|times| *times == 1),
                "{from} to {to}"
            );
        }
    }
}
