//! How many buckets a table has: with each key that comes or goes, a few more or fewer.
#![allow(unsafe_code)]
use super::Table;
use super::arena::Arena;
use super::buckets::Buckets;

const BUCKETS_MIN: u32 = 4;
/// Keys for so many buckets, at most: 3 in 4.
pub(super) const LOAD: (u64, u64) = (3, 4);
/// Fewer than one key in so many buckets, and the table shrinks by as many buckets with each key that goes.
const SPARSE: u64 = 4;

impl Table {
    /// Makes room for one key more.
    pub(super) fn grow(&mut self) {
        let wanted = (self.len as u64 + 1) * LOAD.1 / LOAD.0;
        while u64::from(self.buckets.len()) < wanted.max(u64::from(BUCKETS_MIN)) {
            self.split();
        }
    }

    /// Makes room for so many keys in a table that has none yet: then none of them moves while they come.
    pub fn reserve(&mut self, keys: u32) {
        if self.len == 0 {
            self.buckets.grow_to(u64::from(keys) * LOAD.1 / LOAD.0);
        }
    }

    /// One more bucket: about a key moves.
    fn split(&mut self) {
        let Some(bucket) = self.buckets.grow() else {
            return;
        };
        let mut at = self.buckets.first(bucket);
        self.buckets.set_first(bucket, 0);
        while at != 0 {
            let record = self.record(at);
            // SAFETY: the record is in use.
            let bucket = self.buckets.of(self.hash(unsafe { record.key() }));
            let next = record.next();
            record.set_next(self.buckets.first(bucket));
            self.buckets.set_first(bucket, at);
            at = next;
        }
    }

    pub(super) fn shrink(&mut self) {
        if self.len == 0 {
            (self.buckets, self.arena) = (Buckets::new(), Arena::new());
            return;
        }
        for _ in 0..SPARSE {
            let buckets = self.buckets.len();
            if buckets <= BUCKETS_MIN || self.len as u64 * SPARSE >= u64::from(buckets) {
                return;
            }
            let Some((chain, bucket)) = self.buckets.shrink() else {
                return;
            };
            if chain == 0 {
                continue;
            }
            let mut last = self.record(chain);
            while last.next() != 0 {
                last = self.record(last.next());
            }
            last.set_next(self.buckets.first(bucket));
            self.buckets.set_first(bucket, chain);
        }
    }
}
