//! Layer 2: sixteen databases of keys, their expiry and their versions.
//!
//! Three doors lead to a key: `Keys::read`, `KeysMut::update` (with its variants), `KeysMut::remove`.
//! Behind them Redis's most repeated lines exist once: the check of the type, creation of what is absent,
//! removal of what is left empty, versions for WATCH, events, hiding of what is due, images for snapshots.
//! Knows values and time as a number; knows no command, no reply, no clock.
mod access;
mod digest;
mod event;
mod evict;
mod expiry;
mod observe;
mod read;
mod remains;
#[cfg(test)]
mod tests;
mod update;
mod versions;
mod walk;
mod watch;

use std::cell::{Cell, RefCell};

use access::Times;
pub use event::{Event, EventClass};
use evict::Evictor;
pub use evict::{Eviction, Policy};
use observe::Tracked;
pub use observe::{Fate, Looked, Observable};
pub use read::Keys;
use remains::Remains;
pub use update::{Changed, ExpirySetting, KeysMut};
use walk::Walk;
pub use walk::Walked;
use watch::Watches;

use crate::value::Limits;
pub use crate::value::keys::Entry;
use crate::value::keys::Table;

/// Databases that SELECT knows.
pub const DATABASES: usize = 16;

/// The key holds another type than the door was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongType;

/// Who may remove what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// This keyspace decides: due keys are removed and reported in `take_expired`.
    Leader,
    /// Due keys are hidden from reads and stay until the leader's record removes them.
    Follower,
    /// A leader's record is being applied: what it names is there, due or not.
    Applying,
}

/// Counters that INFO shows.
#[derive(Debug, Default)]
pub struct Stats {
    pub hits: Cell<u64>,
    pub misses: Cell<u64>,
    pub expired: u64,
    pub evicted: u64,
}

struct Database {
    /// Never reused: a walk recognises a database by it, wherever SWAPDB has put it.
    id: u64,
    table: Table,
}

/// All databases.
pub struct Keyspace {
    databases: Vec<Database>,
    /// Databases from this one on were never written: what looks into all of them need not look there.
    used: usize,
    next_id: u64,
    limits: Limits,
    times: Times,
    version: u64,
    /// What was loaded counts as changed at this version: a snapshot does not tell when it was.
    loaded_version: u64,
    authority: Authority,
    dirty: u64,
    events_wanted: EventClass,
    /// A cell: a read that misses is an event too.
    events: RefCell<Vec<Event>>,
    expired: Vec<(usize, Box<[u8]>)>,
    watches: Watches,
    tracked: Tracked,
    evictor: Evictor,
    walk: Option<Walk>,
    walk_mark: u8,
    /// Walks since one was last walked to its end, itself included.
    walks_unfinished: u8,
    remains: Remains,
    pub stats: Stats,
}

impl Keyspace {
    /// Empty databases. `limits.seed` seeds every hash table.
    pub fn new(limits: Limits) -> Self {
        let mut keyspace = Keyspace {
            databases: Vec::new(),
            used: 0,
            next_id: 0,
            limits,
            times: Times::default(),
            version: 0,
            loaded_version: 0,
            authority: Authority::Leader,
            dirty: 0,
            events_wanted: EventClass::NONE,
            events: RefCell::default(),
            expired: Vec::new(),
            watches: Watches::default(),
            tracked: Tracked::default(),
            evictor: Evictor::default(),
            walk: None,
            walk_mark: 0,
            walks_unfinished: 0,
            remains: Remains::default(),
            stats: Stats::default(),
        };
        for _ in 0..DATABASES {
            let database = keyspace.new_database();
            keyspace.databases.push(database);
        }

        keyspace
    }

    fn new_database(&mut self) -> Database {
        self.next_id += 1;
        Database {
            id: self.next_id,
            table: Table::new(self.limits.seed),
        }
    }

    /// The keys of database `db`, to be read.
    pub fn keys(&self, db: usize) -> Keys<'_> {
        assert!(db < DATABASES, "database out of range");
        Keys { space: self, db }
    }

    /// The keys of database `db`, to be changed.
    pub fn keys_mut(&mut self, db: usize) -> KeysMut<'_> {
        assert!(db < DATABASES, "database out of range");
        self.used = self.used.max(db + 1);
        KeysMut { space: self, db }
    }

    pub fn now_ms(&self) -> u64 {
        self.times.now_ms
    }

    /// Time as of now, in milliseconds of the Unix epoch.
    pub fn set_now(&mut self, now_ms: u64) {
        self.times.now_ms = now_ms;
        for database in &mut self.databases[..self.used] {
            database.table.settle();
            // A walk would miss what moves.
            if self.walk.is_none() {
                database.table.close_opened();
            }
        }
        if self.times.begun_ms == 0 {
            self.times.begun_ms = now_ms;
        }
    }

    pub fn authority(&self) -> Authority {
        self.authority
    }

    pub fn set_authority(&mut self, authority: Authority) {
        self.authority = authority;
    }

    /// The number that keys changed from now on carry as their version: the seq of the record under way.
    pub fn set_version(&mut self, version: u64) {
        self.version = version;
    }

    /// All keys were loaded as they were at this version.
    pub fn set_loaded_version(&mut self, version: u64) {
        self.loaded_version = version;
    }

    /// When a key last changed, or a later version where nobody knows: of a version only the low 32 bits are kept, and
    /// it is taken for the last one that ends in them.
    pub fn version_of(&self, entry: Entry) -> u64 {
        let low = u64::from(entry.version());
        let latest = self.version & !u64::from(u32::MAX) | low;
        let version = if latest > self.version {
            latest.checked_sub(1 << 32).unwrap_or(latest)
        } else {
            latest
        };

        version.max(self.loaded_version)
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub fn limits_mut(&mut self) -> &mut Limits {
        &mut self.limits
    }

    /// Changes since the keyspace was made; Redis's `dirty`.
    pub fn dirty(&self) -> u64 {
        self.dirty
    }

    /// Which events are collected; none by default.
    pub fn set_events_wanted(&mut self, classes: EventClass) {
        self.events_wanted = classes;
    }

    #[inline]
    pub fn has_events(&self) -> bool {
        !self.events.borrow().is_empty()
    }

    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }

    /// Whether `take_expired` has something to take.
    #[inline]
    pub fn has_expired(&self) -> bool {
        !self.expired.is_empty()
    }

    /// The due keys removed since the last call, in order: each is a DEL for log and followers.
    pub fn take_expired(&mut self) -> Vec<(usize, Box<[u8]>)> {
        std::mem::take(&mut self.expired)
    }

    /// Exchanges two databases. Keys watched in either count as changed where one of them has the key.
    pub fn swap_databases(&mut self, a: usize, b: usize) {
        // What is due is no key any more: neither before nor after.
        for key in self.watches.keys_of(a, b) {
            self.purge(a, &key);
            self.purge(b, &key);
        }
        self.databases.swap(a, b);
        self.used = self.used.max(a.max(b) + 1);
        let mut watches = std::mem::take(&mut self.watches);
        let concerned = |key: &[u8]| self.keys(a).contains(key) || self.keys(b).contains(key);
        watches.touch_database(a, concerned);
        watches.touch_database(b, concerned);
        self.watches = watches;
        self.dirty += 1;
    }

    /// Removes every key of database `db`; answers how many there were.
    pub fn flush_database(&mut self, db: usize) -> usize {
        let mut watches = std::mem::take(&mut self.watches);
        watches.touch_database(db, |key| self.keys(db).contains(key));
        self.watches = watches;
        let fresh = self.new_database();
        let old = std::mem::replace(&mut self.databases[db], fresh);
        let removed = old.table.len();
        self.dirty += removed as u64;
        let old = match &mut self.walk {
            Some(walk) => walk.keep_flushed(old),
            None => Some(old),
        };
        if let Some(old) = old {
            self.bury_table(old.table);
        }

        removed
    }

    /// Bytes of all keys and values with their tables, as accounted by the doors.
    pub fn bytes(&self) -> usize {
        let filled = self.databases[..self.used]
            .iter()
            .filter(|database| !database.table.is_empty());

        filled.map(|database| database.table.memory_bytes()).sum()
    }
}
