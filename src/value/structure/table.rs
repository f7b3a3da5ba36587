//! A hash table of byte strings with a byte string each, whose every operation is short however
//! large it is: pairs stand in a dense row, buckets hold 4-byte links to them, and growing or
//! shrinking moves a bucket or so per later change, as in Redis. `scan` is Redis's reverse-binary
//! cursor, which survives resizing. A clone shares what neither side changes.
//! Invariants: the row is dense (so positions are uniform to draw from); a pair is linked from
//! exactly one bucket; while rehashing, the buckets of the old table below `moved` are empty and
//! new pairs go to the new table.

use super::buckets::{Buckets, Link};
use super::pair::Pair;
use super::segments::Segments;
use crate::base::equal::equal;
use crate::base::hash;
use crate::base::rng::Rng;

const BUCKETS_MIN: usize = 4;
/// Empty buckets passed over for each one moved, as in Redis: a sparse table must not make a step
/// long.
const EMPTY_PER_STEP: usize = 10;
/// A table less full than one pair in this many buckets shrinks.
const SPARSE: usize = 10;

#[derive(Clone, Debug)]
pub struct Table {
    slots: Segments<Slot>,
    old: Buckets,
    /// The table that pairs are moving to; empty unless rehashing.
    new: Buckets,
    /// While rehashing, the first bucket of `old` not moved yet.
    moved: usize,
    seed: u64,
    pair_bytes: usize,
}

/// The hash is not kept: four bytes less for each pair, and a resizing hashes again.
#[derive(Clone, Debug, Default)]
struct Slot {
    next: Link,
    /// None behind the end of the row only.
    pair: Option<Pair>,
}

impl Slot {
    #[inline]
    fn pair(&self) -> &Pair {
        self.pair.as_ref().expect("what is linked holds a pair")
    }

    #[inline]
    fn both(&self) -> (&[u8], &[u8]) {
        self.pair().both()
    }
}

/// Where the link to a pair is written.
enum Place {
    Old(usize),
    New(usize),
    After(Link),
}

impl Table {
    pub const fn new(seed: u64) -> Table {
        Table {
            slots: Segments::new(),
            old: Buckets::new(),
            new: Buckets::new(),
            moved: 0,
            seed,
            pair_bytes: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.slots.len() as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The buckets of both tables.
    #[cfg(test)]
    fn buckets(&self) -> usize {
        self.old.len() + self.new.len()
    }

    pub fn memory_bytes(&self) -> usize {
        let tables = self.old.memory_bytes() + self.new.memory_bytes();

        size_of::<Self>() + self.slots.memory_bytes() + tables + self.pair_bytes
    }

    pub fn contains(&self, key: &[u8]) -> bool {
        self.position(key).is_some()
    }

    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        self.position(key)
            .map(|index| self.slots.get(index).pair().value())
    }

    /// Gives `key` this value; answers whether it is new.
    pub fn insert(&mut self, key: &[u8], value: &[u8]) -> bool {
        self.rehash_for(1);
        let hash = self.hash(key);
        let Some(index) = self.position_of(hash, key) else {
            self.add(hash, Pair::new(key, value));
            return true;
        };
        let pair = &mut self.slots.get_mut(index).pair;
        let pair = pair.as_mut().expect("what is linked holds a pair");
        self.pair_bytes -= pair.memory_bytes();
        pair.set_value(value);
        self.pair_bytes += pair.memory_bytes();

        false
    }

    pub fn remove(&mut self, key: &[u8]) -> Option<Pair> {
        self.rehash_for(1);
        let hash = self.hash(key);
        let (place, index) = self.find(hash, |_, slot| equal(slot.pair().key(), key))?;

        Some(self.take(place, index))
    }

    /// Removes the pair that `at` shows at `position`.
    pub fn remove_at(&mut self, position: usize) -> Option<Pair> {
        let (key, _) = self.at(position)?;
        let hash = self.hash(key);
        let (place, index) = self.find(hash, |index, _| index == position as u32)?;

        Some(self.take(place, index))
    }

    /// Drops up to `n` pairs of a table that is not to be used again, for a deletion in slices;
    /// false when nothing is left.
    pub fn discard(&mut self, n: usize) -> bool {
        (self.old, self.new, self.moved) = (Buckets::new(), Buckets::new(), 0);

        (0..n).all(|_| self.slots.pop().is_some()) && !self.is_empty()
    }

    /// All pairs, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.slots.iter().map(Slot::both)
    }

    /// The pair at a position of `iter`; positions move whenever one is removed.
    #[inline]
    pub fn at(&self, position: usize) -> Option<(&[u8], &[u8])> {
        (position < self.len()).then(|| self.slots.get(position as u32).both())
    }

    /// A pair, each as likely as any other.
    pub fn random(&self, rng: &mut Rng) -> Option<(&[u8], &[u8])> {
        (!self.is_empty()).then(|| self.slots.get(rng.index(self.len()) as u32).both())
    }

    /// Shows one bucket (while rehashing, those of both tables that belong together) and returns
    /// the cursor for the next call, 0 at the end. Whatever is present from the first call to the
    /// last is shown, some of it perhaps twice, even if the table is resized in between.
    pub fn scan(&self, mut cursor: u64, mut show: impl FnMut(&[u8], &[u8])) -> u64 {
        if self.is_empty() {
            return 0;
        }
        let (mut small, mut large) = (&self.old, &self.new);
        if large.is_empty() {
            self.show_bucket(small, cursor, &mut show);
            return next_cursor(cursor, mask(small));
        }
        if small.len() > large.len() {
            (small, large) = (large, small);
        }
        self.show_bucket(small, cursor, &mut show);
        loop {
            self.show_bucket(large, cursor, &mut show);
            cursor = next_cursor(cursor, mask(large));
            if cursor & (mask(small) ^ mask(large)) == 0 {
                return cursor;
            }
        }
    }

    /// Moves up to `steps` buckets to the new table; false when there is nothing to move.
    pub fn rehash_for(&mut self, steps: usize) -> bool {
        if self.new.is_empty() {
            return false;
        }
        let mut empty_left = steps.saturating_mul(EMPTY_PER_STEP);
        let mut steps_left = steps;
        while steps_left > 0 && self.moved < self.old.len() {
            let link = self.old.get(self.moved);
            self.old.set(self.moved, 0);
            self.moved += 1;
            if link == 0 {
                empty_left -= 1;
                if empty_left == 0 {
                    break;
                }
                continue;
            }
            steps_left -= 1;
            self.move_chain(link);
        }
        if self.moved == self.old.len() {
            self.old = std::mem::take(&mut self.new);
            self.moved = 0;
        }

        !self.new.is_empty()
    }

    fn move_chain(&mut self, mut link: Link) {
        while link != 0 {
            let hash = self.hash(self.slots.get(link - 1).pair().key());
            let bucket = self.new.of(hash);
            let slot = self.slots.get_mut(link - 1);
            let next = std::mem::replace(&mut slot.next, self.new.get(bucket));
            self.new.set(bucket, link);
            link = next;
        }
    }

    fn hash(&self, key: &[u8]) -> u32 {
        hash::hash(self.seed, key) as u32
    }

    fn position(&self, key: &[u8]) -> Option<u32> {
        self.position_of(self.hash(key), key)
    }

    #[inline]
    fn position_of(&self, hash: u32, key: &[u8]) -> Option<u32> {
        for table in [&self.old, &self.new] {
            if table.is_empty() {
                break;
            }
            let mut link = table.get(table.of(hash));
            while link != 0 {
                let slot = self.slots.get(link - 1);
                if equal(slot.pair().key(), key) {
                    return Some(link - 1);
                }
                link = slot.next;
            }
        }

        None
    }

    /// The pair of this hash that `is_it` recognizes, and what links to it.
    fn find(&self, hash: u32, is_it: impl Fn(u32, &Slot) -> bool) -> Option<(Place, u32)> {
        for (is_new, table) in [(false, &self.old), (true, &self.new)] {
            if table.is_empty() {
                break;
            }
            let bucket = table.of(hash);
            let mut place = if is_new {
                Place::New(bucket)
            } else {
                Place::Old(bucket)
            };
            let mut link = table.get(bucket);
            while link != 0 {
                let slot = self.slots.get(link - 1);
                if is_it(link - 1, slot) {
                    return Some((place, link - 1));
                }
                (place, link) = (Place::After(link), slot.next);
            }
        }

        None
    }

    fn relink(&mut self, place: &Place, link: Link) {
        match *place {
            Place::Old(bucket) => self.old.set(bucket, link),
            Place::New(bucket) => self.new.set(bucket, link),
            Place::After(before) => self.slots.get_mut(before - 1).next = link,
        }
    }

    fn add(&mut self, hash: u32, pair: Pair) {
        if self.old.is_empty() {
            self.old = Buckets::empty(BUCKETS_MIN);
        } else if self.new.is_empty() && self.len() >= self.old.len() {
            self.resize(self.len() + 1);
        }
        self.pair_bytes += pair.memory_bytes();
        let table = if self.new.is_empty() {
            &mut self.old
        } else {
            &mut self.new
        };
        let bucket = table.of(hash);
        let slot = Slot {
            next: table.get(bucket),
            pair: Some(pair),
        };
        let index = self.slots.push(slot);
        table.set(bucket, index + 1);
    }

    fn take(&mut self, place: Place, index: u32) -> Pair {
        let next = self.slots.get(index).next;
        self.relink(&place, next);
        let last = self.slots.len() - 1;
        if index != last {
            let hash = self.hash(self.slots.get(last).pair().key());
            let found = self.find(hash, |index, _| index == last);
            let (place, _) = found.expect("every pair in the row is linked");
            self.relink(&place, index + 1);
        }
        let pair = self.slots.swap_remove(index).pair;
        let pair = pair.expect("what is linked holds a pair");
        self.pair_bytes -= pair.memory_bytes();

        let sparse = self.len() * SPARSE < self.old.len();
        if sparse && self.new.is_empty() && self.old.len() > BUCKETS_MIN {
            self.resize(self.len());
        }
        pair
    }

    fn resize(&mut self, pairs: usize) {
        self.new = Buckets::empty(pairs.next_power_of_two().max(BUCKETS_MIN));
        self.moved = 0;
    }

    fn show_bucket(&self, table: &Buckets, cursor: u64, show: &mut impl FnMut(&[u8], &[u8])) {
        let mut link = table.get((cursor & mask(table)) as usize);
        while link != 0 {
            let slot = self.slots.get(link - 1);
            let (key, value) = slot.both();
            show(key, value);
            link = slot.next;
        }
    }
}

fn mask(table: &Buckets) -> u64 {
    table.len() as u64 - 1
}

/// Counts the masked bits of a cursor up from their highest one, so that a bucket's place in the
/// order of the scan does not depend on the size of the table.
fn next_cursor(cursor: u64, mask: u64) -> u64 {
    (cursor | !mask)
        .reverse_bits()
        .wrapping_add(1)
        .reverse_bits()
}

#[cfg(test)]
mod tests;
