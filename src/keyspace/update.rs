//! The second and third door: changing and removing. Each looks the key up once, what is due aside.
use super::{Event, EventClass, Keys, Keyspace, WrongType};
use crate::value::keys::Lookup;
use crate::value::{Kind, Limits, NewValue, Typed, Value};

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

impl ExpirySetting {
    /// What it comes to, 0 for none, for a key that expires at `old_ms`.
    #[inline]
    fn at_ms(self, old_ms: Option<u64>) -> u64 {
        match self {
            ExpirySetting::Clear => 0,
            ExpirySetting::Keep => old_ms.unwrap_or(0),
            ExpirySetting::At(at_ms) => at_ms,
        }
    }
}

/// The keys of one database, to be changed. Read through `view`.
pub struct KeysMut<'a> {
    pub(super) space: &'a mut Keyspace,
    pub(super) db: usize,
}

impl KeysMut<'_> {
    /// The same database, to be read.
    #[inline]
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
        let made: fn() -> Value = || K::default().into_value();

        self.change_typed(key, event, Some(made), change)
            .map(|answer| answer.expect("it is made where absent"))
    }

    /// As `update`, but absent stays absent and is answered by `None`.
    pub fn modify<K: Typed, R>(
        &mut self,
        key: &[u8],
        event: &'static str,
        change: impl FnOnce(&mut K, &Limits) -> (R, Changed),
    ) -> Result<Option<R>, WrongType> {
        let change = |value: &mut K, limits: &Limits| Ok::<_, WrongType>(change(value, limits));

        self.change_typed(key, event, None, change)
    }

    /// What is another one for each command: only what must be.
    fn change_typed<K: Typed, R, E: From<WrongType>>(
        &mut self,
        key: &[u8],
        event: &'static str,
        made: Option<fn() -> Value>,
        change: impl FnOnce(&mut K, &Limits) -> Result<(R, Changed), E>,
    ) -> Result<Option<R>, E> {
        let (mut change, mut answer) = (Some(change), Ok(None));
        let mut once = |value: &mut Value, limits: &Limits| {
            let (Some(change), Some(typed)) = (change.take(), K::of_mut(value)) else {
                return Changed(0);
            };
            match change(typed, limits) {
                Ok((found, changed)) => {
                    answer = Ok(Some(found));
                    changed
                }
                Err(error) => {
                    answer = Err(error);
                    Changed(0)
                }
            }
        };
        self.change(key, event, K::KIND, made, &mut once)?;

        answer
    }

    /// Hands the value at `key` to `change`, or what is `made` where there is none.
    fn change(
        &mut self,
        key: &[u8],
        event: &'static str,
        kind: Kind,
        made: Option<fn() -> Value>,
        change: &mut dyn FnMut(&mut Value, &Limits) -> Changed,
    ) -> Result<(), WrongType> {
        let (space, db) = (&mut *self.space, self.db);
        let goes_before = space.goes_before_ms();
        let database = &mut space.databases[db];
        if let Some(mut found) = database.table.get_mut(key) {
            let entry = found.entry();
            if entry.expires_at_ms().is_none_or(|at| at >= goes_before) {
                if entry.kind() != kind {
                    return Err(WrongType);
                }
                if let Some(walk) = &mut space.walk {
                    walk.preserve(database.id, entry, space.walk_mark);
                }
                space.evictor.count_access(entry, space.times);
                let (Changed(changes), empty) =
                    found.change(|value| (change(value, &space.limits), value.is_empty()));
                if changes > 0 {
                    found.entry().set_version(space.version as u32);
                    space.note_change(changes, kind, event, db, key);
                }
                if empty {
                    space.take_entry(db, key);
                    space.note_event(EventClass::GENERIC, "del", db, key);
                }
                return Ok(());
            }
            space.expire(db, key);
        }
        let Some(made) = made else {
            return Ok(());
        };
        let mut value = made();
        let Changed(changes) = change(&mut value, &space.limits);
        if !value.is_empty() && changes > 0 {
            space.put(db, key, value.into(), ExpirySetting::Clear);
            space.note_event(EventClass::NEW, "new", db, key);
            space.note_change(changes, kind, event, db, key);
        }

        Ok(())
    }

    /// Puts `value` at `key`, whatever was there; an empty collection only removes the key.
    pub fn set<'v>(
        &mut self,
        key: &[u8],
        event: &'static str,
        value: impl Into<NewValue<'v>>,
        expiry: ExpirySetting,
    ) {
        let value = value.into();
        let kind = value.kind();
        if value.is_empty() {
            self.delete(key, "del");
            return;
        }
        if self.space.put(self.db, key, value, expiry) {
            self.space.note_event(EventClass::NEW, "new", self.db, key);
        }
        self.space.note_change(1, kind, event, self.db, key);
    }

    /// So many keys are to be put into this database, which is empty.
    pub fn reserve(&mut self, keys: u32) {
        self.space.databases[self.db].table.reserve(keys);
    }

    /// Puts `value`, which is not empty, at a key of a keyspace that is being read: nobody watches it, nothing is
    /// counted as changed. Answers whether the key was free.
    pub fn load<'v>(
        &mut self,
        key: &[u8],
        value: impl Into<NewValue<'v>>,
        expiry: ExpirySetting,
    ) -> bool {
        self.space.put(self.db, key, value.into(), expiry)
    }

    /// As `load`, for a key that is known not to be there: looking for it would be half the time. It is found once
    /// `Keyspace::end_load` was called.
    pub fn load_new<'v>(
        &mut self,
        key: &[u8],
        value: impl Into<NewValue<'v>>,
        expiry: ExpirySetting,
    ) {
        self.space.put_new(self.db, key, value.into(), expiry);
    }

    /// Removes `key` and notes `event`; answers whether it was there. What it held is dropped, in slices if need be.
    pub fn delete(&mut self, key: &[u8], event: &'static str) -> bool {
        let removed = self.remove(key, event);
        let was_there = removed.is_some();
        if let Some((value, _)) = removed {
            self.space.bury(value);
        }

        was_there
    }

    /// Removes `key`, notes `event`, answers what it held and when it would have expired.
    pub fn remove(&mut self, key: &[u8], event: &'static str) -> Option<(Value, Option<u64>)> {
        self.space.purge(self.db, key);
        let removed = self.space.take_entry(self.db, key)?;
        self.space.dirty += 1;
        self.space
            .note_event(EventClass::GENERIC, event, self.db, key);

        Some(removed)
    }

    /// Sets or clears the time at which `key` goes; answers whether the key is there. `event` is noted.
    pub fn set_expiry(&mut self, key: &[u8], event: &'static str, at_ms: Option<u64>) -> bool {
        let (space, db) = (&mut *self.space, self.db);
        space.purge(db, key);
        let database = &mut space.databases[db];
        let Some(mut found) = database.table.get_mut(key) else {
            return false;
        };
        if let Some(walk) = &mut space.walk {
            walk.preserve(database.id, found.entry(), space.walk_mark);
        }
        found.set_expiry(at_ms.unwrap_or(0));
        found.entry().set_version(space.version as u32);
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
    #[inline]
    pub fn note_event(&mut self, class: EventClass, name: &'static str, key: &[u8]) {
        self.space.note_event(class, name, self.db, key);
    }

    /// Counts changes that no door has seen.
    pub fn count_changes(&mut self, changes: u64) {
        self.space.dirty += changes;
    }

    /// Another database of the same keyspace.
    #[inline]
    pub fn in_db(&mut self, db: usize) -> KeysMut<'_> {
        self.space.keys_mut(db)
    }

    #[inline]
    pub fn db(&self) -> usize {
        self.db
    }

    #[inline]
    pub fn space(&mut self) -> &mut Keyspace {
        self.space
    }
}

impl Keyspace {
    /// Writes a key, whatever was there; answers whether it is new. Watchers are not told.
    #[inline]
    fn put(&mut self, db: usize, key: &[u8], value: NewValue, expiry: ExpirySetting) -> bool {
        let goes_before = self.goes_before_ms();
        let database = &mut self.databases[db];
        let vacant = match database.table.lookup(key) {
            Lookup::Absent(vacant) => vacant,
            Lookup::Found(mut found) => {
                let entry = found.entry();
                let expires_at_ms = entry.expires_at_ms();
                if expires_at_ms.is_none_or(|at| at >= goes_before) {
                    if let Some(walk) = &mut self.walk {
                        walk.preserve(database.id, entry, self.walk_mark);
                    }
                    self.evictor.count_access(entry, self.times);
                    let at_ms = expiry.at_ms(expires_at_ms);
                    let old = found.replace(value, at_ms);
                    found.entry().set_version(self.version as u32);
                    old.into_iter().for_each(|old| self.bury(old));
                    return false;
                }
                self.expire(db, key);
                match self.databases[db].table.lookup(key) {
                    Lookup::Absent(vacant) => vacant,
                    Lookup::Found(_) => unreachable!("it is gone"),
                }
            }
        };
        let entry = vacant.insert(key, value, expiry.at_ms(None));
        entry.set_version(self.version as u32);
        entry.set_access(self.times.access_of_new());
        // A key made during a walk is no part of its image.
        entry.set_mark(self.walk_mark);

        true
    }

    /// What `load_new` has put in is there.
    pub fn end_load(&mut self) {
        for database in &mut self.databases {
            database.table.link_loaded();
        }
    }

    fn put_new(&mut self, db: usize, key: &[u8], value: NewValue, expiry: ExpirySetting) {
        let table = &mut self.databases[db].table;
        let entry = table.load(key, value, expiry.at_ms(None));
        entry.set_version(self.version as u32);
        entry.set_access(self.times.access_of_new());
        entry.set_mark(self.walk_mark);
    }

    /// Removes a key and touches it; answers what it held and when it would have expired.
    pub(super) fn take_entry(&mut self, db: usize, key: &[u8]) -> Option<(Value, Option<u64>)> {
        let database = &mut self.databases[db];
        let found = database.table.get_mut(key)?;
        if let Some(walk) = &mut self.walk {
            walk.preserve(database.id, found.entry(), self.walk_mark);
        }
        let expires_at_ms = found.entry().expires_at_ms();
        let value = found.remove();
        self.watches.touch(db, key);
        if expires_at_ms.is_some_and(|at| at < self.times.now_ms) {
            self.watches.observed.expire(db, key);
        }

        Some((value, expires_at_ms))
    }

    #[inline]
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
    #[inline]
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
