//! A walk over all keys in slices, that sees them as they were when it began.
//!
//! Copy on write by key: what is about to change before the walk has passed it is copied first
//! (`preserve`); a key made since then is no part of the image; a flushed database is kept until walked.
use super::{Database, Keyspace};
use crate::value::Value;

/// A key as it was when the walk began.
#[derive(Debug)]
pub struct Walked<'a> {
    pub db: usize,
    pub key: &'a [u8],
    pub value: &'a Value,
    pub expires_at_ms: Option<u64>,
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
    cursor: u64,
    flushed: Option<Database>,
}

pub(super) struct Walk {
    passes: Vec<Pass>,
    copies: Vec<Copied>,
}

impl Walk {
    pub(super) fn keep_flushed(&mut self, database: Database) {
        if let Some(pass) = self.passes.iter_mut().find(|pass| pass.id == database.id) {
            pass.flushed = Some(database);
        }
    }
}

impl Keyspace {
    /// Begins a walk; one at a time.
    pub fn walk_begin(&mut self) {
        assert!(self.walk.is_none(), "one walk at a time");
        self.walk_generation = self.walk_generation.wrapping_add(1);
        let numbered = self.databases.iter().enumerate().rev();
        let filled = numbered.filter(|(_, database)| !database.table.is_empty());
        let pass = |(db, database): (usize, &Database)| Pass {
            db,
            id: database.id,
            cursor: 0,
            flushed: None,
        };
        self.walk = Some(Walk {
            passes: filled.map(pass).collect(),
            copies: Vec::new(),
        });
    }

    /// Calls `each` for the keys of about `buckets` buckets; answers whether the walk goes on. Keys come
    /// in no fixed order, each once, with the number that their database had at the beginning.
    pub fn walk_step(&mut self, buckets: usize, mut each: impl FnMut(Walked<'_>)) -> bool {
        let Some(mut walk) = self.walk.take() else {
            return false;
        };
        for Copied {
            db,
            key,
            value,
            expires_at_ms,
        } in &walk.copies
        {
            each(Walked {
                db: *db,
                key,
                value,
                expires_at_ms: *expires_at_ms,
            });
        }
        walk.copies.clear();
        for _ in 0..buckets {
            let Some(pass) = walk.passes.last_mut() else {
                break;
            };
            let standing = || {
                self.databases
                    .iter()
                    .find(|database| database.id == pass.id)
            };
            let database = pass
                .flushed
                .as_ref()
                .or_else(standing)
                .expect("a flushed one is kept");
            pass.cursor = database.table.scan(pass.cursor, |key, entry| {
                if entry.walked.replace(self.walk_generation) != self.walk_generation {
                    let expires_at_ms = entry.expires_at_ms();
                    each(Walked {
                        db: pass.db,
                        key,
                        value: &entry.value,
                        expires_at_ms,
                    });
                }
            });
            if pass.cursor == 0 {
                walk.passes.pop();
            }
        }
        if !walk.passes.is_empty() {
            self.walk = Some(walk);
        }

        self.walk.is_some()
    }

    pub fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    /// Gives a walk up.
    pub fn walk_abort(&mut self) {
        self.walk = None;
    }

    /// Copies `key` for the walk under way, where it has not been seen yet.
    pub(super) fn preserve(&mut self, db: usize, key: &[u8]) {
        let Some(walk) = &mut self.walk else { return };
        let database = &self.databases[db];
        let Some(pass) = walk.passes.iter().find(|pass| pass.id == database.id) else {
            return;
        };
        let Some(entry) = database.table.get(key) else {
            return;
        };
        if entry.walked.replace(self.walk_generation) != self.walk_generation {
            walk.copies.push(Copied {
                db: pass.db,
                key: key.into(),
                value: entry.value.clone(),
                expires_at_ms: entry.expires_at_ms(),
            });
        }
    }
}
