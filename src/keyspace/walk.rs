//! A walk over all keys in slices, that sees them as they were when it began.
//!
//! Copy on write by key: what is about to change before the walk has passed it is copied first
//! (`preserve`); a key made since then is no part of the image; a flushed database is kept until walked.
//!
//! A key bears the mark of the last walk that has its image, or had no need of it. Marks come round, so all keys are
//! given the same one before a mark that was not walked to the end could be taken for a new one.
use super::{Database, Entry, Keyspace};
use crate::value::keys::Cursor;
use crate::value::{Value, ValueRef};

/// Walks given up one after the other, after which all keys are marked anew.
const UNFINISHED_MAX: u8 = 250;

/// A key as it was when the walk began.
#[derive(Debug)]
pub struct Walked<'a> {
    pub db: usize,
    pub key: &'a [u8],
    pub value: ValueRef<'a>,
    pub expires_at_ms: Option<u64>,
    /// About what it takes of memory.
    pub bytes: usize,
}

#[derive(Debug)]
struct Copied {
    db: usize,
    key: Box<[u8]>,
    value: Value,
    expires_at_ms: Option<u64>,
}

/// What is left to be walked of a database, by the number that it had at the beginning.
struct Pass {
    db: usize,
    id: u64,
    cursor: Cursor,
    flushed: Option<Database>,
}

pub(super) struct Walk {
    passes: Vec<Pass>,
    copies: Vec<Copied>,
}

impl Walk {
    /// Answers the database where it is not to be walked any more.
    pub(super) fn keep_flushed(&mut self, database: Database) -> Option<Database> {
        match self.passes.iter_mut().find(|pass| pass.id == database.id) {
            Some(pass) => {
                pass.flushed = Some(database);
                None
            }
            None => Some(database),
        }
    }

    /// Copies an entry of the database called `id`, where it has not been seen yet; `mark` is the walk's.
    pub(super) fn preserve(&mut self, id: u64, entry: Entry, mark: u8) {
        if entry.mark() == mark {
            return;
        }
        let Some(pass) = self.passes.iter().find(|pass| pass.id == id) else {
            return;
        };
        entry.set_mark(mark);
        self.copies.push(Copied {
            db: pass.db,
            key: entry.key().into(),
            value: entry.with_value(|value| value.to_owned()),
            expires_at_ms: entry.expires_at_ms(),
        });
    }
}

impl Keyspace {
    /// Begins a walk; one at a time.
    pub fn walk_begin(&mut self) {
        assert!(self.walk.is_none(), "one walk at a time");
        if self.walks_unfinished == UNFINISHED_MAX {
            self.mark_all();
        }
        self.walks_unfinished += 1;
        self.walk_mark = self.walk_mark.wrapping_add(1);
        let numbered = self.databases.iter().enumerate().rev();
        let filled = numbered.filter(|(_, database)| !database.table.is_empty());
        let pass = |(db, database): (usize, &Database)| Pass {
            db,
            id: database.id,
            cursor: Cursor::default(),
            flushed: None,
        };
        self.walk = Some(Walk {
            passes: filled.map(pass).collect(),
            copies: Vec::new(),
        });
    }

    /// Calls `each` for what about `slots` slots of a table hold; answers whether the walk goes on. Keys come in no
    /// fixed order, each once, with the number that their database had at the beginning.
    pub fn walk_step(&mut self, slots: usize, mut each: impl FnMut(Walked<'_>)) -> bool {
        let Some(mut walk) = self.walk.take() else {
            return false;
        };
        for copied in walk.copies.drain(..) {
            each(Walked {
                db: copied.db,
                key: &copied.key,
                value: copied.value.as_ref(),
                expires_at_ms: copied.expires_at_ms,
                bytes: copied.value.memory_bytes(),
            });
            self.bury(copied.value);
        }
        let Some(pass) = walk.passes.last_mut() else {
            self.walks_unfinished = 0;
            return false;
        };
        let standing = || self.databases.iter().find(|one| one.id == pass.id);
        let database = pass.flushed.as_ref().or_else(standing);
        let table = &database.expect("a flushed one is kept").table;
        let going = table.walk(&mut pass.cursor, slots, |entry| {
            if entry.mark() != self.walk_mark {
                entry.set_mark(self.walk_mark);
                entry.with_value(|value| {
                    each(Walked {
                        db: pass.db,
                        key: entry.key(),
                        value,
                        expires_at_ms: entry.expires_at_ms(),
                        bytes: entry.memory_bytes(),
                    });
                });
            }
        });
        let done = if going { None } else { walk.passes.pop() };
        if let Some(flushed) = done.and_then(|pass| pass.flushed) {
            self.bury_table(flushed.table);
        }
        if walk.passes.is_empty() {
            self.walks_unfinished = 0;
        } else {
            self.walk = Some(walk);
        }

        self.walk.is_some()
    }

    pub fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    /// Gives a walk up.
    pub fn walk_abort(&mut self) {
        let Some(walk) = self.walk.take() else { return };
        let flushed = walk.passes.into_iter().filter_map(|pass| pass.flushed);
        flushed.for_each(|database| self.bury_table(database.table));
        let copies = walk.copies.into_iter();
        copies.for_each(|copied| self.bury(copied.value));
    }

    fn mark_all(&mut self) {
        for entry in self.databases.iter().flat_map(|one| one.table.iter()) {
            entry.set_mark(self.walk_mark);
        }
        self.walks_unfinished = 0;
    }
}
