//! Which keys are due, in order of time.
//!
//! The index is exact: it holds each key that has an expiry once, under its present time.
use std::collections::BTreeSet;

use super::{Authority, EventClass, Keyspace};
use crate::base::rng::Rng;

#[derive(Debug, Default)]
pub(super) struct Expiry {
    by_time: BTreeSet<(u64, Box<[u8]>)>,
}

impl Expiry {
    /// Notes that `key`'s time changes; 0 stands for none.
    pub(super) fn change(&mut self, key: &[u8], from_ms: u64, to_ms: u64) {
        if from_ms == to_ms {
            return;
        }
        if from_ms != 0 {
            self.by_time.remove(&(from_ms, Box::from(key)));
        }
        if to_ms != 0 {
            self.by_time.insert((to_ms, Box::from(key)));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.by_time.len()
    }

    /// Mean of what is left to live, in milliseconds; 0 where no key expires.
    pub(super) fn mean_ttl_ms(&self, now_ms: u64) -> u64 {
        // A sample, as Redis does: the whole index would make INFO linear.
        let sample = self.by_time.iter().take(20);
        let (sum, n) = sample.fold((0, 0), |(sum, n), (at, _)| {
            (sum + at.saturating_sub(now_ms), n + 1)
        });

        sum.checked_div(n).unwrap_or(0)
    }

    /// A key whose time is near one drawn between the first and the last.
    pub(super) fn near(&self, rng: &mut Rng) -> Option<&[u8]> {
        let (first, last) = (self.by_time.first()?.0, self.by_time.last()?.0);
        let from = (first + rng.below(last - first + 1), Box::default());

        self.by_time.range(from..).next().map(|(_, key)| &**key)
    }

    pub(super) fn first(&self) -> Option<(u64, &[u8])> {
        self.by_time.first().map(|(at, key)| (*at, &**key))
    }
}

impl Keyspace {
    /// Removes at most `limit` keys whose time is past; answers how many. Leaders only.
    pub fn expire_due(&mut self, limit: usize) -> usize {
        if self.authority != Authority::Leader {
            return 0;
        }
        let mut removed = 0;
        for db in 0..self.databases.len() {
            while removed < limit {
                let Some((at, key)) = self.databases[db].expiry.first() else {
                    break;
                };
                if at >= self.now_ms {
                    break;
                }
                let key: Box<[u8]> = key.into();
                self.purge(db, &key);
                removed += 1;
            }
        }

        removed
    }

    /// When the next key falls due, in milliseconds of the Unix epoch.
    pub fn next_due_ms(&self) -> Option<u64> {
        let firsts = self
            .databases
            .iter()
            .filter_map(|database| database.expiry.first());

        firsts.map(|(at, _)| at).min()
    }

    /// Removes `key` where its time is past and this keyspace decides; notes it for log and followers.
    pub fn purge(&mut self, db: usize, key: &[u8]) {
        // Where no key expires, none need be looked up.
        if self.authority != Authority::Leader || self.databases[db].expiry.len() == 0 {
            return;
        }
        let due = self.databases[db]
            .table
            .get(key)
            .is_some_and(|entry| self.is_due(entry));
        if due {
            self.take_entry(db, key);
            self.stats.expired += 1;
            self.expired.push((db, key.into()));
            self.note_event(EventClass::EXPIRED, "expired", db, key);
        }
    }
}
