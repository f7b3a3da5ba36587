//! The second and third door: changing and removing.
use std::cell::Cell;

use super::evict::FREQUENCY_OF_NEW;
use super::{Entry, Event, EventClass, Keys, Keyspace, WrongType};
use crate::value::{Kind, Limits, Typed, Value};

/// How many changes a closure made, as Redis's `dirty` counts them; 0: the key is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed(pub usize);

/// What becomes of the expiry when a key is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpirySetting {
    Clear,
    Keep,
    /// Milliseconds of the Unix epoch.
    At(u64),
}

/// The keys of one database, to be changed. Read through `view`.
pub struct KeysMut<'a> {
    pub(super) space: &'a mut Keyspace,
    pub(super) db: usize,
}

impl KeysMut<'_> {
    /// The same database, to be read.
    pub fn view(&self) -> Keys<'_> {
        self.space.keys(self.db)
    }

    /// Hands the `K` at `key` to `change`, made anew where absent. Afterwards: what is empty is removed
    /// (event `del`), and where something changed the version moves on and `event` is noted.
    pub fn update<K: Typed, R>(
        &mut self,
        key: &[u8],
        event: &'static str,
        change: impl FnOnce(&mut K, &Limits) -> (R, Changed),
    ) -> Result<R, WrongType> {
        self.try_update(key, event, |value, limits| Ok(change(value, limits)))
    }

    /// As `update`, for a change that may fail on what it finds; then it must have changed nothing.
    pub fn try_update<K: Typed, R, E: From<WrongType>>(
        &mut self,
        key: &[u8],
        event: &'static str,
        change: impl FnOnce(&mut K, &Limits) -> Result<(R, Changed), E>,
    ) -> Result<R, E> {
        self.space.purge(self.db, key);
        if self.space.databases[self.db].table.contains(key) {
            return self.change_existing(key, event, change);
        }

        let mut value = K::default();
        let (answer, Changed(changes)) = change(&mut value, &self.space.limits)?;
        let value = value.into_value();
        if !value.is_empty() && changes > 0 {
            self.space.insert_entry(self.db, key, value, 0);
            self.space.note_event(EventClass::NEW, "new", self.db, key);
            self.space
                .note_change(changes, K::KIND, event, self.db, key);
        }

        Ok(answer)
    }

    /// As `update`, but absent stays absent and is answered by `None`.
    pub fn modify<K: Typed, R>(
        &mut self,
        key: &[u8],
        event: &'static str,
        change: impl FnOnce(&mut K, &Limits) -> (R, Changed),
    ) -> Result<Option<R>, WrongType> {
        self.space.purge(self.db, key);
        if !self.space.databases[self.db].table.contains(key) {
            return Ok(None);
        }
        let change = |value: &mut K, limits: &Limits| Ok::<_, WrongType>(change(value, limits));

        self.change_existing(key, event, change).map(Some)
    }

    fn change_existing<K: Typed, R, E: From<WrongType>>(
        &mut self,
        key: &[u8],
        event: &'static str,
        change: impl FnOnce(&mut K, &Limits) -> Result<(R, Changed), E>,
    ) -> Result<R, E> {
        let (space, db) = (&mut *self.space, self.db);
        space.preserve(db, key);
        let database = &mut space.databases[db];
        let entry = database
            .table
            .get_mut(key)
            .expect("the caller looked it up");
        let before = entry.value.memory_bytes();
        let value = K::of_mut(&mut entry.value).ok_or(WrongType)?;
        let result = change(value, &space.limits);
        database.bytes = database.bytes + entry.value.memory_bytes() - before;
        entry.accessed_ms.set(space.now_ms);
        if matches!(&result, Ok((_, changed)) if changed.0 > 0) {
            entry.version = space.version;
        }
        let empty = entry.value.is_empty();
        let (answer, Changed(changes)) = result?;
        if changes > 0 {
            space.note_change(changes, K::KIND, event, db, key);
        }
        if empty {
            space.take_entry(db, key);
            space.note_event(EventClass::GENERIC, "del", db, key);
        }

        Ok(answer)
    }

    /// Puts `value` at `key`, whatever was there; an empty collection only removes the key.
    pub fn set(&mut self, key: &[u8], event: &'static str, value: Value, expiry: ExpirySetting) {
        self.space.purge(self.db, key);
        let kind = value.kind();
        let old = self.space.take_entry(self.db, key);
        let expires_at_ms = match expiry {
            ExpirySetting::Clear => 0,
            ExpirySetting::Keep => old.as_ref().map_or(0, |entry| entry.expires_at_ms),
            ExpirySetting::At(at) => at,
        };
        if value.is_empty() {
            if old.is_some() {
                self.space.dirty += 1;
                self.space
                    .note_event(EventClass::GENERIC, "del", self.db, key);
            }
            return;
        }
        self.space.insert_entry(self.db, key, value, expires_at_ms);
        if old.is_none() {
            self.space.note_event(EventClass::NEW, "new", self.db, key);
        }
        self.space.note_change(1, kind, event, self.db, key);
    }

    /// Removes `key`, notes `event`, answers what it held and when it would have expired.
    pub fn remove(&mut self, key: &[u8], event: &'static str) -> Option<(Value, Option<u64>)> {
        self.space.purge(self.db, key);
        let entry = self.space.take_entry(self.db, key)?;
        self.space.dirty += 1;
        self.space
            .note_event(EventClass::GENERIC, event, self.db, key);
        let expires_at_ms = entry.expires_at_ms();

        Some((entry.value, expires_at_ms))
    }

    /// Sets or clears the time at which `key` goes; answers whether the key is there. `event` is noted.
    pub fn set_expiry(&mut self, key: &[u8], event: &'static str, at_ms: Option<u64>) -> bool {
        let (space, db) = (&mut *self.space, self.db);
        space.purge(db, key);
        space.preserve(db, key);
        let database = &mut space.databases[db];
        let Some(entry) = database.table.get_mut(key) else {
            return false;
        };
        let at_ms = at_ms.unwrap_or(0);
        database.expiry.change(key, entry.expires_at_ms, at_ms);
        entry.expires_at_ms = at_ms;
        entry.version = space.version;
        space.watches.touch(db, key);
        space.dirty += 1;
        space.note_event(EventClass::GENERIC, event, db, key);

        true
    }

    /// Removes `key` if it is due: what a write reads must be there for whoever replays it, or not.
    pub fn purge(&mut self, key: &[u8]) {
        self.space.purge(self.db, key);
    }

    /// Notes an event beside the one that the door notes.
    pub fn note_event(&mut self, class: EventClass, name: &'static str, key: &[u8]) {
        self.space.note_event(class, name, self.db, key);
    }

    /// Counts changes that no door has seen.
    pub fn count_changes(&mut self, changes: u64) {
        self.space.dirty += changes;
    }

    /// Another database of the same keyspace.
    pub fn in_db(&mut self, db: usize) -> KeysMut<'_> {
        self.space.keys_mut(db)
    }

    pub fn db(&self) -> usize {
        self.db
    }

    pub fn space(&mut self) -> &mut Keyspace {
        self.space
    }
}

impl Keyspace {
    fn insert_entry(&mut self, db: usize, key: &[u8], value: Value, expires_at_ms: u64) {
        let entry = Entry {
            value,
            expires_at_ms,
            version: self.version,
            accessed_ms: Cell::new(self.now_ms),
            frequency: Cell::new(FREQUENCY_OF_NEW),
            // A key made during a walk is no part of its image.
            walked: Cell::new(self.walk_generation),
        };
        let database = &mut self.databases[db];
        database.bytes += entry.bytes(key);
        database.expiry.change(key, 0, expires_at_ms);
        database.table.insert(key, entry);
        self.watches.touch(db, key);
    }

    pub(super) fn take_entry(&mut self, db: usize, key: &[u8]) -> Option<Entry> {
        self.preserve(db, key);
        let database = &mut self.databases[db];
        let (key, entry) = database.table.remove(key)?;
        database.bytes -= entry.bytes(&key);
        database.expiry.change(&key, entry.expires_at_ms, 0);
        self.watches.touch(db, &key);
        if entry.expires_at_ms != 0 && self.now_ms > entry.expires_at_ms {
            self.watches.observed.expire(db, &key);
        }

        Some(entry)
    }

    fn note_change(
        &mut self,
        changes: usize,
        kind: Kind,
        event: &'static str,
        db: usize,
        key: &[u8],
    ) {
        self.dirty += changes as u64;
        self.watches.touch(db, key);
        let class = match kind {
            Kind::String => EventClass::STRING,
            Kind::List => EventClass::LIST,
            Kind::Set => EventClass::SET,
            Kind::ZSet => EventClass::ZSET,
            Kind::Hash => EventClass::HASH,
            Kind::Json => EventClass::MODULE,
        };
        self.note_event(class, event, db, key);
    }

    /// Notes an event where its class is wanted; an empty name is none.
    pub(super) fn note_event(&self, class: EventClass, name: &'static str, db: usize, key: &[u8]) {
        if self.events_wanted.has(class) && !name.is_empty() {
            self.events.borrow_mut().push(Event {
                class,
                name,
                db,
                key: key.into(),
            });
        }
    }
}
