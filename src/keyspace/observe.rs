//! Observed keys: which of them have changed since somebody asked, and which keys a tracked read has looked at.
//!
//! For listeners outside the engine: a key that nobody observes costs a look-up in an empty table. What is told is
//! that a key was touched, not what it held: who hears of it reads it.
use std::cell::{Cell, RefCell};

use super::{DATABASES, Keyspace};
use crate::base::glob;
use crate::value::Table;

/// What became of an observed key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is there.
    Set,
    /// It is gone.
    Deleted,
    /// It is gone, and its time was past when it went.
    Expired,
    /// Any key of the database may have changed: it was flushed, swapped, or read anew.
    All,
}

/// What observers name: a key, or a pattern with `*`, `?`, `[...]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observable {
    Key,
    Pattern,
}

/// What is kept of a touched key.
const TOUCHED: &[u8] = b"";
const EXPIRED: &[u8] = b"x";

/// A power of two.
const MARKS: usize = 1 << 16;

#[derive(Debug, Default)]
pub(super) struct Observed {
    /// By database; empty where no key of any is observed.
    keys: Vec<Table>,
    /// How many of them have a mark, by the mark: most keys that nobody observes are known by it.
    marks: Vec<u32>,
    patterns: Vec<(usize, Box<[u8]>)>,
    /// Touched keys by database; each with `EXPIRED` where the last touch was its expiry.
    touched: Vec<(usize, Table)>,
    /// Databases of which any key may have changed, a bit each.
    all: u16,
}

/// A cheap hash of database, length, and the first and last bytes of a key.
fn mark(db: usize, key: &[u8]) -> usize {
    let ends = key.iter().take(4).chain(key.iter().rev().take(6));
    let mixed = ends.fold((db << 16) ^ key.len(), |mixed, byte| {
        mixed.wrapping_mul(31) ^ usize::from(*byte)
    });

    (mixed ^ (mixed >> 16)) % MARKS
}

impl Observed {
    fn is_idle(&self) -> bool {
        self.keys.is_empty() && self.patterns.is_empty()
    }

    fn observes(&self, db: usize, key: &[u8]) -> bool {
        let pattern = |(of, pattern): &(usize, Box<[u8]>)| *of == db && glob::matches(pattern, key);

        let marked = self.marks.get(mark(db, key)).is_some_and(|n| *n > 0);

        marked && self.keys[db].contains(key) || self.patterns.iter().any(pattern)
    }

    #[inline]
    pub(super) fn touch(&mut self, db: usize, key: &[u8]) {
        if !self.is_idle() {
            self.note(db, key, false);
        }
    }

    /// The key went because its time was past.
    pub(super) fn expire(&mut self, db: usize, key: &[u8]) {
        if !self.is_idle() {
            self.note(db, key, true);
        }
    }

    fn note(&mut self, db: usize, key: &[u8], expired: bool) {
        if !self.observes(db, key) {
            return;
        }
        let place = self.touched.iter().position(|(of, _)| *of == db);
        let place = place.unwrap_or_else(|| {
            self.touched.push((db, Table::new(0)));
            self.touched.len() - 1
        });
        let mark = if expired { EXPIRED } else { TOUCHED };
        self.touched[place].1.insert(key, mark);
    }

    pub(super) fn touch_all(&mut self, db: usize) {
        if !self.is_idle() {
            self.all |= 1 << db;
        }
    }
}

/// The keys that a read has looked at.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    on: Cell<bool>,
    seen: RefCell<Looked>,
}

/// What reads have looked at since tracking began.
#[derive(Debug, Default)]
pub struct Looked {
    pub keys: Vec<(usize, Box<[u8]>)>,
    /// Databases whose keys were counted or enumerated, a bit each.
    pub databases: u16,
}

impl Tracked {
    #[inline]
    pub(super) fn key(&self, db: usize, key: &[u8]) {
        if self.on.get() {
            self.seen.borrow_mut().keys.push((db, key.into()));
        }
    }

    #[inline]
    pub(super) fn database(&self, db: usize) {
        if self.on.get() {
            self.seen.borrow_mut().databases |= 1 << db;
        }
    }
}

impl Keyspace {
    /// Begins to observe what `name` stands for; a second time changes nothing.
    pub fn observe(&mut self, what: Observable, db: usize, name: &[u8]) {
        let observed = &mut self.watches.observed;
        match what {
            Observable::Key => {
                if observed.keys.is_empty() {
                    let table = |_| Table::new(self.limits.seed);
                    observed.keys = (0..DATABASES).map(table).collect();
                }
                if observed.keys[db].insert(name, &[]) {
                    observed.marks.resize(MARKS, 0);
                    observed.marks[mark(db, name)] += 1;
                }
            }
            Observable::Pattern => {
                let pattern = (db, Box::from(name));
                if !observed.patterns.contains(&pattern) {
                    observed.patterns.push(pattern);
                }
            }
        }
    }

    /// Ends what `observe` began.
    pub fn unobserve(&mut self, what: Observable, db: usize, name: &[u8]) {
        let observed = &mut self.watches.observed;
        match what {
            Observable::Key => {
                let keys = observed.keys.get_mut(db);
                if keys.is_some_and(|keys| keys.remove(name).is_some()) {
                    observed.marks[mark(db, name)] -= 1;
                }
                if observed.keys.iter().all(Table::is_empty) {
                    observed.keys = Vec::new();
                    observed.marks = Vec::new();
                }
            }
            Observable::Pattern => {
                observed
                    .patterns
                    .retain(|(of, pattern)| *of != db || **pattern != *name);
            }
        }
    }

    /// Whether an observed key was touched since `take_changed`.
    pub fn has_changed(&self) -> bool {
        !self.watches.observed.touched.is_empty() || self.watches.observed.all != 0
    }

    /// Calls `each` for what was touched since the last time, and forgets it; `Fate::All` has no key.
    pub fn take_changed(&mut self, mut each: impl FnMut(usize, &[u8], Fate)) {
        let all = std::mem::take(&mut self.watches.observed.all);
        let touched = std::mem::take(&mut self.watches.observed.touched);
        for db in (0..DATABASES).filter(|db| all & (1 << db) != 0) {
            each(db, b"", Fate::All);
        }
        for (db, keys) in &touched {
            for (key, mark) in keys.iter() {
                let fate = match (self.keys(*db).contains(key), mark == EXPIRED) {
                    (true, _) => Fate::Set,
                    (false, true) => Fate::Expired,
                    (false, false) => Fate::Deleted,
                };
                each(*db, key, fate);
            }
        }
    }

    /// The observers of `old` are this one's from now on, and any key may have changed.
    pub fn take_observers(&mut self, old: &mut Keyspace) {
        self.watches.observed = std::mem::take(&mut old.watches.observed);
        self.watches.versions = std::mem::take(&mut old.watches.versions);
        self.touch_versions();
        for db in 0..DATABASES {
            self.watches.observed.touch_all(db);
        }
    }

    /// Notes from now on, or no longer, what reads look at.
    pub fn track(&self, on: bool) {
        self.tracked.on.set(on);
    }

    /// What reads have looked at since the last time.
    pub fn take_looked(&self) -> Looked {
        self.tracked.seen.take()
    }
}
