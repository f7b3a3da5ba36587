//! A hash table from bytes to `V`, whose every operation is short however large it is: entries stay
//! in a slab, tables hold 4-byte links to them, and growing or shrinking moves a bucket or so per
//! later change, as in Redis. `scan` is Redis's reverse-binary cursor, which survives resizing.
//! Invariants: the slab is dense (so positions are uniform to draw from); an entry is linked from
//! exactly one bucket; while rehashing, the buckets of the old table below `moved` are empty and
//! new entries go to the new table.

use super::slab::Slab;
use crate::base::hash;
use crate::base::rng::Rng;

const BUCKETS_MIN: usize = 4;
/// Empty buckets passed over for each one moved, as in Redis: a sparse table must not make a step
/// long.
const EMPTY_PER_STEP: usize = 10;
/// A table less full than one entry in this many buckets shrinks.
const SPARSE: usize = 10;

/// The index of an entry plus one; 0 is the end of a chain.
type Link = u32;

#[derive(Clone, Debug)]
pub struct Dict<V> {
    entries: Slab<Entry<V>>,
    table: Vec<Link>,
    /// The table that entries are moving to; empty unless rehashing.
    new_table: Vec<Link>,
    /// While rehashing, the first bucket of `table` not moved yet.
    moved: usize,
    seed: u64,
    key_bytes: usize,
}

#[derive(Clone, Debug)]
struct Entry<V> {
    next: Link,
    hash: u32,
    key: Box<[u8]>,
    value: V,
}

/// Where the link to an entry is written.
enum Place {
    Bucket { in_new: bool, bucket: usize },
    After(Link),
}

impl<V> Dict<V> {
    pub const fn new(seed: u64) -> Dict<V> {
        Dict {
            entries: Slab::new(),
            table: Vec::new(),
            new_table: Vec::new(),
            moved: 0,
            seed,
            key_bytes: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.entries.len() as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The buckets of both tables.
    pub fn buckets(&self) -> usize {
        self.table.len() + self.new_table.len()
    }

    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>() + self.entries.memory_bytes() + 4 * self.buckets() + self.key_bytes
    }

    pub fn contains(&self, key: &[u8]) -> bool {
        self.position(self.hash(key), key).is_some()
    }

    pub fn get(&self, key: &[u8]) -> Option<&V> {
        self.get_key_value(key).map(|(_, value)| value)
    }

    pub fn get_key_value(&self, key: &[u8]) -> Option<(&[u8], &V)> {
        self.position(self.hash(key), key)
            .map(|index| self.pair(index))
    }

    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        self.rehash_for(1);
        self.position(self.hash(key), key)
            .map(|index| &mut self.entries.get_mut(index).value)
    }

    /// Sets `key` to `value` and returns what it was before.
    pub fn insert(&mut self, key: &[u8], value: V) -> Option<V> {
        self.rehash_for(1);
        let hash = self.hash(key);
        if let Some(index) = self.position(hash, key) {
            return Some(std::mem::replace(
                &mut self.entries.get_mut(index).value,
                value,
            ));
        }
        self.add(hash, key.into(), value);
        None
    }

    /// The value of `key`, made by `make` if it is absent; and whether it was absent.
    pub fn get_or_insert_with(&mut self, key: &[u8], make: impl FnOnce() -> V) -> (&mut V, bool) {
        self.rehash_for(1);
        let hash = self.hash(key);
        let found = self.position(hash, key);
        let index = found.unwrap_or_else(|| self.add(hash, key.into(), make()));
        (&mut self.entries.get_mut(index).value, found.is_none())
    }

    pub fn remove(&mut self, key: &[u8]) -> Option<(Box<[u8]>, V)> {
        self.rehash_for(1);
        let (hash, key) = (self.hash(key), Some(key));
        let (place, index) = self.find(hash, |_, entry| Some(&*entry.key) == key)?;
        Some(self.take(place, index))
    }

    /// Removes the entry that `at` shows at `position`.
    pub fn remove_at(&mut self, position: usize) -> Option<(Box<[u8]>, V)> {
        if position >= self.len() {
            return None;
        }
        let hash = self.entries.get(position as u32).hash;
        let (place, index) = self.find(hash, |index, _| index == position as u32)?;
        Some(self.take(place, index))
    }

    pub fn clear(&mut self) {
        *self = Dict::new(self.seed);
    }

    /// Drops up to `n` entries of a dict that is not to be used again, for a deletion in slices;
    /// false when nothing is left.
    pub fn discard(&mut self, n: usize) -> bool {
        (self.table, self.new_table, self.moved) = (Vec::new(), Vec::new(), 0);
        (0..n).all(|_| self.entries.pop().is_some()) && !self.is_empty()
    }

    /// All pairs, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &V)> {
        self.entries.iter().map(|entry| (&*entry.key, &entry.value))
    }

    /// The pair at a position of `iter`; positions move whenever an entry is removed.
    pub fn at(&self, position: usize) -> Option<(&[u8], &V)> {
        (position < self.len()).then(|| self.pair(position as u32))
    }

    /// A pair, each as likely as any other.
    pub fn random(&self, rng: &mut Rng) -> Option<(&[u8], &V)> {
        (!self.is_empty()).then(|| self.pair(rng.index(self.len()) as u32))
    }

    /// Shows one bucket (while rehashing, those of both tables that belong together) and returns
    /// the cursor for the next call, 0 at the end. Whatever is present from the first call to the
    /// last is shown, some of it perhaps twice, even if the table is resized in between.
    pub fn scan(&self, mut cursor: u64, mut show: impl FnMut(&[u8], &V)) -> u64 {
        if self.is_empty() {
            return 0;
        }
        let (mut small, mut large) = (&self.table, &self.new_table);
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
        if self.new_table.is_empty() {
            return false;
        }
        let mut empty_left = steps.saturating_mul(EMPTY_PER_STEP);
        let mut steps_left = steps;
        while steps_left > 0 && self.moved < self.table.len() {
            let mut link = std::mem::take(&mut self.table[self.moved]);
            self.moved += 1;
            if link == 0 {
                empty_left -= 1;
                if empty_left == 0 {
                    break;
                }
                continue;
            }
            steps_left -= 1;
            while link != 0 {
                let entry = self.entries.get_mut(link - 1);
                let bucket = entry.hash as usize & (self.new_table.len() - 1);
                let next = std::mem::replace(&mut entry.next, self.new_table[bucket]);
                self.new_table[bucket] = link;
                link = next;
            }
        }
        if self.moved == self.table.len() {
            self.table = std::mem::take(&mut self.new_table);
            self.moved = 0;
        }
        !self.new_table.is_empty()
    }

    fn hash(&self, key: &[u8]) -> u32 {
        hash::hash(self.seed, key) as u32
    }

    fn pair(&self, index: u32) -> (&[u8], &V) {
        let entry = self.entries.get(index);
        (&entry.key, &entry.value)
    }

    #[inline]
    fn position(&self, hash: u32, key: &[u8]) -> Option<u32> {
        for table in [&self.table, &self.new_table] {
            if table.is_empty() {
                break;
            }
            let mut link = table[hash as usize & (table.len() - 1)];
            while link != 0 {
                let entry = self.entries.get(link - 1);
                if entry.hash == hash && *entry.key == *key {
                    return Some(link - 1);
                }
                link = entry.next;
            }
        }
        None
    }

    /// The entry of this hash that `is_it` recognizes, and what links to it.
    fn find(&self, hash: u32, is_it: impl Fn(u32, &Entry<V>) -> bool) -> Option<(Place, u32)> {
        for (in_new, table) in [(false, &self.table), (true, &self.new_table)] {
            if table.is_empty() {
                break;
            }
            let bucket = hash as usize & (table.len() - 1);
            let (mut place, mut link) = (Place::Bucket { in_new, bucket }, table[bucket]);
            while link != 0 {
                let entry = self.entries.get(link - 1);
                if entry.hash == hash && is_it(link - 1, entry) {
                    return Some((place, link - 1));
                }
                (place, link) = (Place::After(link), entry.next);
            }
        }
        None
    }

    fn relink(&mut self, place: &Place, link: Link) {
        match *place {
            Place::Bucket {
                in_new: false,
                bucket,
            } => self.table[bucket] = link,
            Place::Bucket {
                in_new: true,
                bucket,
            } => self.new_table[bucket] = link,
            Place::After(before) => self.entries.get_mut(before - 1).next = link,
        }
    }

    fn add(&mut self, hash: u32, key: Box<[u8]>, value: V) -> u32 {
        if self.table.is_empty() {
            self.table = vec![0; BUCKETS_MIN];
        } else if self.new_table.is_empty() && self.len() >= self.table.len() {
            self.resize(self.len() + 1);
        }
        self.key_bytes += key.len();
        let table = if self.new_table.is_empty() {
            &mut self.table
        } else {
            &mut self.new_table
        };
        let bucket = hash as usize & (table.len() - 1);
        let index = self.entries.push(Entry {
            next: table[bucket],
            hash,
            key,
            value,
        });
        table[bucket] = index + 1;
        index
    }

    fn take(&mut self, place: Place, index: u32) -> (Box<[u8]>, V) {
        let next = self.entries.get(index).next;
        self.relink(&place, next);
        let last = self.entries.len() - 1;
        if index != last {
            let hash = self.entries.get(last).hash;
            let found = self.find(hash, |index, _| index == last);
            let (place, _) = found.expect("every entry in the slab is linked");
            self.relink(&place, index + 1);
        }
        let entry = self.entries.swap_remove(index);
        self.key_bytes -= entry.key.len();

        let sparse = self.len() * SPARSE < self.table.len();
        if sparse && self.new_table.is_empty() && self.table.len() > BUCKETS_MIN {
            self.resize(self.len());
        }
        (entry.key, entry.value)
    }

    fn resize(&mut self, entries: usize) {
        self.new_table = vec![0; entries.next_power_of_two().max(BUCKETS_MIN)];
        self.moved = 0;
    }

    fn show_bucket(&self, table: &[Link], cursor: u64, show: &mut impl FnMut(&[u8], &V)) {
        let mut link = table[(cursor & mask(table)) as usize];
        while link != 0 {
            let entry = self.entries.get(link - 1);
            show(&entry.key, &entry.value);
            link = entry.next;
        }
    }
}

fn mask(table: &[Link]) -> u64 {
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
