//! WATCH: how often each watched key was touched.
use super::Keyspace;
use super::observe::Observed;
use super::versions::Versions;
use crate::base::sorted::SortedMap;

#[derive(Debug, Default)]
struct Watched {
    watchers: usize,
    touches: u64,
}

#[derive(Debug, Default)]
pub(super) struct Watches {
    keys: SortedMap<(usize, Box<[u8]>), Watched>,
    pub(super) observed: Observed,
    pub(super) versions: Versions,
}

impl Watches {
    pub(super) fn touch(&mut self, db: usize, key: &[u8]) {
        self.observed.touch(db, key);
        self.versions.touch(db, key);
        if self.keys.is_empty() {
            return;
        }
        if let Some(watched) = self.keys.get_mut(&(db, Box::from(key))) {
            watched.touches += 1;
        }
    }

    /// The keys watched in either of two databases.
    pub(super) fn keys_of(&self, a: usize, b: usize) -> Vec<Box<[u8]>> {
        let of = |((db, _), _): &(&(usize, Box<[u8]>), &Watched)| *db == a || *db == b;

        self.keys
            .iter()
            .filter(of)
            .map(|((_, key), _)| key.clone())
            .collect()
    }

    /// Touches the watched keys of database `db` that `concerned` answers for.
    pub(super) fn touch_database(&mut self, db: usize, concerned: impl Fn(&[u8]) -> bool) {
        self.observed.touch_all(db);
        self.versions.touch_all();
        for ((of, key), watched) in self.keys.iter_mut() {
            watched.touches += u64::from(*of == db && concerned(key));
        }
    }
}

impl Keyspace {
    /// Begins to count touches of `key`; answers the count so far. A key already due is gone before.
    pub fn watch(&mut self, db: usize, key: &[u8]) -> u64 {
        self.purge(db, key);
        let watched = self.watches.keys.or_default((db, key.into()));
        watched.watchers += 1;

        watched.touches
    }

    /// Ends one `watch`.
    pub fn unwatch(&mut self, db: usize, key: &[u8]) {
        let name = (db, Box::from(key));
        if let Some(watched) = self.watches.keys.get_mut(&name) {
            watched.watchers -= 1;
            if watched.watchers == 0 {
                self.watches.keys.remove(&name);
            }
        }
    }

    /// Touches counted for a watched key; what fell due since counts as touched.
    pub fn touches(&mut self, db: usize, key: &[u8]) -> u64 {
        self.purge(db, key);
        let watched = self.watches.keys.get(&(db, Box::from(key)));

        watched.map_or(0, |watched| watched.touches)
    }
}
