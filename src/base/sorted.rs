//! Maps and sets in the order of their keys: rows in chunks, a B-tree of two levels. std's, of which each type has its
//! own, of up to 10 kB, were a twentieth of the wasm.
use std::borrow::Borrow;
use std::ops::Index;

/// Rows of a chunk, at most: what one insertion or removal may move.
const CHUNK_ROWS: usize = 32;

/// Looks up, inserts and removes in the time of two binary searches and a move inside a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V> {
    /// None is empty.
    chunks: Vec<Vec<(K, V)>>,
    len: usize,
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    pub fn new() -> Self {
        SortedMap::default()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The chunk that a key belongs to, and its place there, or the one where it would be.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        // What is first is asked for most: a page's own session, the call that has waited longest.
        let first = self.chunks.first().and_then(|rows| rows.first());
        if first.is_some_and(|row| row.0.borrow() == key) {
            return (0, Ok(0));
        }
        let begins_before =
            |rows: &Vec<(K, V)>| rows.first().is_some_and(|row| row.0.borrow() <= key);
        let chunk = self.chunks.partition_point(begins_before).saturating_sub(1);
        let rows = self.chunks.get(chunk).map_or(&[][..], Vec::as_slice);

        (chunk, rows.binary_search_by(|row| row.0.borrow().cmp(key)))
    }

    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (chunk, found) = self.find(key);

        Some(&self.chunks.get(chunk)?.get(found.ok()?)?.1)
    }

    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (chunk, found) = self.find(key);

        Some(&mut self.chunks.get_mut(chunk)?.get_mut(found.ok()?)?.1)
    }

    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).1.is_ok()
    }

    /// Answers what the key had before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (chunk, found) = self.find(&key);
        match found {
            Ok(at) => Some(std::mem::replace(&mut self.chunks[chunk][at].1, value)),
            Err(at) => {
                self.put(chunk, at, (key, value));
                None
            }
        }
    }

    /// The key's value, which is the default one where it had none.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let (chunk, found) = self.find(&key);
        let (chunk, at) = match found {
            Ok(at) => (chunk, at),
            Err(at) => self.put(chunk, at, (key, V::default())),
        };

        &mut self.chunks[chunk][at].1
    }

    /// Answers where the row stands now.
    fn put(&mut self, mut chunk: usize, mut at: usize, row: (K, V)) -> (usize, usize) {
        self.len += 1;
        if self.chunks.is_empty() {
            self.chunks.push(Vec::new());
        }
        if self.chunks[chunk].len() == CHUNK_ROWS {
            // Keys that grow leave full chunks behind.
            let kept = if at == CHUNK_ROWS {
                CHUNK_ROWS
            } else {
                CHUNK_ROWS / 2
            };
            let rest = self.chunks[chunk].split_off(kept);
            self.chunks.insert(chunk + 1, rest);
            if at >= kept {
                (chunk, at) = (chunk + 1, at - kept);
            }
        }
        self.chunks[chunk].insert(at, row);

        (chunk, at)
    }

    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (chunk, found) = self.find(key);

        Some(self.take(chunk, found.ok()?).1)
    }

    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (self.len > 0).then(|| self.take(0, 0))
    }

    fn take(&mut self, chunk: usize, at: usize) -> (K, V) {
        self.len -= 1;
        let rows = &mut self.chunks[chunk];
        let row = rows.remove(at);
        if rows.is_empty() {
            self.chunks.remove(chunk);
        }

        row
    }

    pub fn clear(&mut self) {
        *self = SortedMap::default();
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for rows in &mut self.chunks {
            rows.retain_mut(|(key, value)| keep(key, value));
        }
        self.chunks.retain(|rows| !rows.is_empty());
        self.len = self.chunks.iter().map(Vec::len).sum();
    }

    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        let (key, value) = self.chunks.last()?.last()?;

        Some((key, value))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.chunks
            .iter()
            .flatten()
            .map(|(key, value)| (key, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        let rows = self.chunks.iter_mut().flatten();

        rows.map(|(key, value)| (&*key, value))
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, value)| value)
    }

    /// The rows themselves, in order.
    pub fn into_rows(self) -> impl Iterator<Item = (K, V)> {
        self.chunks.into_iter().flatten()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key)
            .expect("whoever indexes knows that it is there")
    }
}

/// As `SortedMap`, of keys alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedSet<K>(SortedMap<K, ()>);

impl<K> Default for SortedSet<K> {
    fn default() -> Self {
        SortedSet(SortedMap::default())
    }
}

impl<K: Ord> SortedSet<K> {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is new.
    pub fn insert(&mut self, key: K) -> bool {
        self.0.insert(key, ()).is_none()
    }

    /// Whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.remove(key).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::base::rng::Rng;

    fn agree(own: &SortedMap<u64, u64>, std: &BTreeMap<u64, u64>) {
        assert!(own.iter().eq(std), "{own:?} beside {std:?}");
        assert_eq!(own.len(), std.len());
        assert_eq!(own.first_key_value(), std.first_key_value());
        assert_eq!(own.last_key_value(), std.last_key_value());
        assert!(
            own.chunks
                .iter()
                .all(|rows| (1..=CHUNK_ROWS).contains(&rows.len()))
        );
    }

    #[test]
    fn does_what_a_map_of_std_does() {
        let mut rng = Rng::new(3);
        let (mut own, mut std) = (SortedMap::new(), BTreeMap::new());
        for step in 0..10_000 {
            let (key, value) = (rng.index(700) as u64, rng.index(1000) as u64);
            // It grows, and later it shrinks.
            match rng.index(if step < 5000 { 6 } else { 12 }) {
                0..3 => assert_eq!(own.insert(key, value), std.insert(key, value)),
                3 => assert_eq!(own.or_default(key), std.entry(key).or_default()),
                4 => assert_eq!(own.get_mut(&key), std.get_mut(&key)),
                5 if step % 50 == 0 => {
                    own.retain(|key, _| key % 7 != value % 7);
                    std.retain(|key, _| key % 7 != value % 7);
                }
                6 => assert_eq!(own.pop_first(), std.pop_first()),
                _ => assert_eq!(own.remove(&key), std.remove(&key)),
            }
            assert_eq!(own.get(&key), std.get(&key));
            assert_eq!(own.contains_key(&key), std.contains_key(&key));
            if step % 100 == 0 {
                agree(&own, &std);
            }
        }
        assert!(own.into_rows().eq(std));
    }

    #[test]
    fn keys_that_grow_fill_their_chunks_and_leave_at_the_front() {
        let (mut own, mut std) = (SortedMap::new(), BTreeMap::new());
        for key in 0..1000 {
            own.insert(key, key);
            std.insert(key, key);
        }
        assert_eq!(own.chunks.len(), 1000usize.div_ceil(CHUNK_ROWS));
        for key in 0..999 {
            assert_eq!(own.remove(&key), Some(key));
            std.remove(&key);
            agree(&own, &std);
        }
    }

    #[test]
    fn a_set_has_each_key_once_and_knows_it_by_what_it_borrows() {
        let mut set: SortedSet<Box<[u8]>> = SortedSet::default();
        assert!(set.insert(Box::from(&b"b"[..])) && set.insert(Box::from(&b"a"[..])));
        assert!(!set.insert(Box::from(&b"b"[..])));
        assert!(set.iter().map(|key| &**key).eq([&b"a"[..], b"b"]));
        assert!(set.remove(&b"a"[..]) && !set.remove(&b"a"[..]));
        assert_eq!(set.len(), 1);
    }
}
