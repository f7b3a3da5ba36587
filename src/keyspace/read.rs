//! The first door: reading. What is due is absent.
use super::{Authority, Entry, EventClass, Keyspace, WrongType};
use crate::base::rng::Rng;
use crate::value::{Kind, Limits, Readable, ValueRef};

/// The keys of one database, to be read.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub(super) space: &'a Keyspace,
    pub(super) db: usize,
}

impl<'a> Keys<'a> {
    /// The value of `key` as an `R`; counts as an access.
    #[inline]
    pub fn read<R: Readable<'a>>(self, key: &[u8]) -> Result<Option<R>, WrongType> {
        match self.value(key) {
            None => Ok(None),
            Some(value) => R::of(value).map(Some).ok_or(WrongType),
        }
    }

    /// The value of `key` whatever its type; counts as an access.
    pub fn value(self, key: &[u8]) -> Option<ValueRef<'a>> {
        let entry = self.look(key)?;
        self.space.evictor.count_access(entry, self.space.times);

        Some(entry.value())
    }

    /// As `value`, handed to `read`, and nothing of it kept: for whoever reads many.
    pub fn with_value<R>(self, key: &[u8], read: impl FnOnce(ValueRef<'_>) -> R) -> Option<R> {
        let entry = self.look(key)?;
        self.space.evictor.count_access(entry, self.space.times);

        Some(entry.with_value(read))
    }

    /// Counts a read of what `Keyspace::stored` has found, as `value` does.
    pub fn count_read(self, entry: Entry) {
        self.space.stats.hits.set(self.space.stats.hits.get() + 1);
        self.space.evictor.count_access(entry, self.space.times);
    }

    /// What is known of `key`; counted as a hit or a miss, but not as an access.
    #[inline]
    pub fn look(self, key: &[u8]) -> Option<Entry<'a>> {
        let entry = self.entry(key);
        self.count(key, entry.is_some());

        entry
    }

    fn count(self, key: &[u8], hit: bool) {
        let stats = &self.space.stats;
        if hit {
            stats.hits.set(stats.hits.get() + 1);
        } else {
            stats.misses.set(stats.misses.get() + 1);
            self.space
                .note_event(EventClass::KEY_MISS, "keymiss", self.db, key);
        }
    }

    /// What is known of `key`; no access is counted.
    pub fn entry(self, key: &[u8]) -> Option<Entry<'a>> {
        self.space.tracked.key(self.db, key);
        let entry = self.space.databases[self.db].table.get(key)?;

        (!self.space.is_due(entry)).then_some(entry)
    }

    /// As `read`, but no access is counted: for writes that look before they change.
    pub fn peek<R: Readable<'a>>(self, key: &[u8]) -> Result<Option<R>, WrongType> {
        match self.entry(key) {
            None => Ok(None),
            Some(entry) => R::of(entry.value()).map(Some).ok_or(WrongType),
        }
    }

    #[inline]
    pub fn contains(self, key: &[u8]) -> bool {
        self.entry(key).is_some()
    }

    pub fn kind(self, key: &[u8]) -> Option<Kind> {
        self.entry(key).map(|entry| entry.kind())
    }

    /// When `key` will go, in milliseconds of the Unix epoch.
    pub fn expires_at_ms(self, key: &[u8]) -> Option<u64> {
        self.entry(key)?.expires_at_ms()
    }

    /// How long no command has read or written it.
    pub fn idle_ms(self, entry: Entry) -> u64 {
        self.space.idle_ms(entry)
    }

    /// Keys in the table, those due but not yet removed included, as DBSIZE counts.
    pub fn len(self) -> usize {
        self.space.tracked.database(self.db);
        self.space.databases[self.db].table.len()
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Keys that have an expiry.
    pub fn expiring(self) -> usize {
        self.space.tracked.database(self.db);
        self.space.databases[self.db].table.expiring()
    }

    /// Mean time to live of a sample of the keys that expire, in milliseconds.
    pub fn mean_ttl_ms(self) -> u64 {
        // A sample, as Redis does: all of them would make INFO linear.
        let sample = self.space.databases[self.db].table.due_sample(20);
        let (sum, n) = sample.fold((0u64, 0), |(sum, n), at| {
            (
                sum.saturating_add(at.saturating_sub(self.space.times.now_ms)),
                n + 1,
            )
        });

        sum.checked_div(n).unwrap_or(0)
    }

    /// One step of a SCAN: calls `each` for the keys behind `cursor`, answers the next one, 0 at the end.
    pub fn scan(self, cursor: u64, mut each: impl FnMut(&[u8], Entry)) -> u64 {
        self.space.tracked.database(self.db);
        self.space.databases[self.db].table.scan(cursor, |entry| {
            if !self.space.is_due(entry) {
                each(entry.key(), entry);
            }
        })
    }

    /// Every key, in no order.
    pub fn iter(self) -> impl Iterator<Item = (&'a [u8], Entry<'a>)> {
        self.space.tracked.database(self.db);
        let table = &self.space.databases[self.db].table;

        table
            .iter()
            .filter(move |entry| !self.space.is_due(*entry))
            .map(|entry| (entry.key(), entry))
    }

    /// Some key; `None` where the database is empty or, as with Redis, 100 tries met only due ones.
    pub fn random(self, rng: &mut Rng) -> Option<&'a [u8]> {
        self.space.tracked.database(self.db);
        let table = &self.space.databases[self.db].table;
        for _ in 0..100 {
            let entry = table.random(rng)?;
            if !self.space.is_due(entry) {
                return Some(entry.key());
            }
        }

        None
    }

    pub fn now_ms(self) -> u64 {
        self.space.times.now_ms
    }

    pub fn limits(self) -> &'a Limits {
        &self.space.limits
    }

    /// The number of this database.
    pub fn db(self) -> usize {
        self.db
    }

    /// Another database of the same keyspace.
    pub fn in_db(self, db: usize) -> Keys<'a> {
        self.space.keys(db)
    }

    pub fn space(self) -> &'a Keyspace {
        self.space
    }
}

impl Keyspace {
    /// What the table holds for `key`, due or not.
    pub fn stored(&self, db: usize, key: &[u8]) -> Option<Entry<'_>> {
        self.tracked.key(db, key);
        self.databases.get(db)?.table.get(key)
    }

    /// Redis: a key is due when its time is past, not when it is reached.
    #[inline]
    pub(super) fn is_due(&self, entry: Entry) -> bool {
        let is_past = |at| self.times.now_ms > at;

        entry.expires_at_ms().is_some_and(is_past) && self.authority != Authority::Applying
    }
}
