//! Removing what is due, in order of time.
use super::{Authority, EventClass, Keyspace};

impl Keyspace {
    /// Removes at most `limit` keys whose time is past; answers how many. Leaders only.
    pub fn expire_due(&mut self, limit: usize) -> usize {
        if self.authority != Authority::Leader {
            return 0;
        }
        let mut removed = 0;
        for db in 0..self.used {
            while removed < limit {
                let first = self.databases[db].table.first_due();
                let Some(entry) = first.filter(|entry| self.is_due(*entry)) else {
                    break;
                };
                let key: Box<[u8]> = entry.key().into();
                self.expire(db, &key);
                removed += 1;
            }
        }

        removed
    }

    /// When the next key falls due, in milliseconds of the Unix epoch.
    pub fn next_due_ms(&self) -> Option<u64> {
        let firsts = self.databases[..self.used]
            .iter()
            .filter_map(|database| database.table.first_due_ms());

        firsts.min()
    }

    /// What expires before this goes when it is met: nothing, unless this keyspace decides.
    #[inline]
    pub(super) fn goes_before_ms(&self) -> u64 {
        match self.authority {
            Authority::Leader => self.times.now_ms,
            Authority::Follower | Authority::Applying => 0,
        }
    }

    /// Removes `key` where its time is past and this keyspace decides; notes it for log and followers.
    pub fn purge(&mut self, db: usize, key: &[u8]) {
        let table = &self.databases[db].table;
        // Where no key is due, none need be looked up.
        let goes_before = self.goes_before_ms();
        if table.first_due_ms().is_none_or(|at| at >= goes_before) {
            return;
        }
        let expires_at_ms = table.get(key).and_then(|entry| entry.expires_at_ms());
        if expires_at_ms.is_some_and(|at| at < goes_before) {
            self.expire(db, key);
        }
    }

    /// Removes a key that is due.
    pub(super) fn expire(&mut self, db: usize, key: &[u8]) {
        if let Some((value, _)) = self.take_entry(db, key) {
            self.bury(value);
        }
        self.stats.expired += 1;
        self.expired.push((db, key.into()));
        self.note_event(EventClass::EXPIRED, "expired", db, key);
    }
}
