//! Eviction: which key goes when memory is short.
//!
//! Redis's policies and its way of finding a victim: a few keys are drawn at random, and the best of them
//! and of earlier draws, kept in a pool of 16, goes. Access is counted as Redis does: a time for LRU, and for
//! LFU a counter that grows with the logarithm of the accesses and shrinks with time. Redis: "Key eviction"
//! in its documentation.
use std::cell::Cell;

use super::{Entry, EventClass, Keyspace};
use crate::base::rng::Rng;

/// Candidates kept from draw to draw.
const POOL: usize = 16;

/// What goes first; the values of `maxmemory-policy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    #[default]
    NoEviction,
    AllKeysLru,
    AllKeysLfu,
    AllKeysRandom,
    VolatileLru,
    VolatileLfu,
    VolatileRandom,
    VolatileTtl,
}

impl Policy {
    /// The policy of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "noeviction" => Policy::NoEviction,
            "allkeys-lru" => Policy::AllKeysLru,
            "allkeys-lfu" => Policy::AllKeysLfu,
            "allkeys-random" => Policy::AllKeysRandom,
            "volatile-lru" => Policy::VolatileLru,
            "volatile-lfu" => Policy::VolatileLfu,
            "volatile-random" => Policy::VolatileRandom,
            "volatile-ttl" => Policy::VolatileTtl,
            _ => return None,
        })
    }

    pub fn is_lfu(self) -> bool {
        matches!(self, Policy::AllKeysLfu | Policy::VolatileLfu)
    }

    fn is_volatile(self) -> bool {
        use Policy::{VolatileLfu, VolatileLru, VolatileRandom, VolatileTtl};

        matches!(
            self,
            VolatileLru | VolatileLfu | VolatileRandom | VolatileTtl
        )
    }
}

/// How eviction and the counting of accesses go about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eviction {
    pub policy: Policy,
    /// Keys drawn at a time (maxmemory-samples).
    pub samples: usize,
    /// The greater, the more accesses a counter takes to its end (lfu-log-factor).
    pub log_factor: u32,
    /// Minutes after which a counter is one less; 0: it never is (lfu-decay-time).
    pub decay_minutes: u64,
}

impl Default for Eviction {
    fn default() -> Self {
        Eviction {
            policy: Policy::NoEviction,
            samples: 5,
            log_factor: 10,
            decay_minutes: 1,
        }
    }
}

#[derive(Debug)]
struct Candidate {
    /// The greatest goes first.
    score: u64,
    db: usize,
    key: Box<[u8]>,
}

/// What eviction remembers.
#[derive(Debug, Default)]
pub(super) struct Evictor {
    pub(super) settings: Eviction,
    /// In ascending order.
    pool: Vec<Candidate>,
    /// Randomness of the counters: reads count too, and change nothing else.
    dice: Cell<u64>,
}

impl Evictor {
    /// Uniform in 0..2^32; xorshift64* (Vigna).
    pub(super) fn roll(&self) -> u64 {
        let mut x = self.dice.get() | 1;
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.dice.set(x);

        x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }

    fn keep(&mut self, candidate: Candidate) {
        let known = |one: &Candidate| one.db == candidate.db && one.key == candidate.key;
        self.pool.retain(|one| !known(one));
        let place = self.pool.partition_point(|one| one.score < candidate.score);
        self.pool.insert(place, candidate);
        if self.pool.len() > POOL {
            self.pool.remove(0);
        }
    }
}

impl Keyspace {
    pub fn eviction(&self) -> Eviction {
        self.evictor.settings
    }

    pub fn set_eviction(&mut self, settings: Eviction) {
        if settings.policy != self.evictor.settings.policy {
            self.evictor.pool.clear();
        }
        self.evictor.settings = settings;
        let counts = self.counts_accesses();
        self.watches.versions.tell_accesses(counts);
    }

    /// Whether what goes first depends on when and how often keys were read.
    pub fn counts_accesses(&self) -> bool {
        use Policy::{AllKeysLfu, AllKeysLru, VolatileLfu, VolatileLru};

        matches!(
            self.evictor.settings.policy,
            AllKeysLru | AllKeysLfu | VolatileLru | VolatileLfu
        )
    }

    /// Removes the key that the policy lets go, notes the event `evicted`, and answers which it was. `None` where the
    /// policy lets none go.
    pub fn evict(&mut self, rng: &mut Rng) -> Option<(usize, Box<[u8]>)> {
        use Policy::{AllKeysRandom, NoEviction, VolatileRandom};
        let (db, key) = match self.evictor.settings.policy {
            NoEviction => return None,
            AllKeysRandom | VolatileRandom => self.any_victim(rng)?,
            _ => self.best_victim(rng)?,
        };
        let (value, _) = self.take_entry(db, &key)?;
        self.bury(value);
        self.dirty += 1;
        self.stats.evicted += 1;
        self.note_event(EventClass::EVICTED, "evicted", db, &key);

        Some((db, key))
    }

    fn any_victim(&self, rng: &mut Rng) -> Option<(usize, Box<[u8]>)> {
        let begin = rng.index(self.databases.len());
        let all = (0..self.databases.len()).map(|i| (begin + i) % self.databases.len());

        all.filter_map(|db| Some((db, Box::from(self.draw(db, rng)?.key()))))
            .next()
    }

    fn best_victim(&mut self, rng: &mut Rng) -> Option<(usize, Box<[u8]>)> {
        loop {
            for db in 0..self.databases.len() {
                for _ in 0..self.evictor.settings.samples {
                    let Some(entry) = self.draw(db, rng) else {
                        break;
                    };
                    let (score, key) = (self.score(entry), Box::from(entry.key()));
                    self.evictor.keep(Candidate { score, db, key });
                }
            }
            if self.evictor.pool.is_empty() {
                return None;
            }
            // What was drawn earlier may have gone, or lost its expiry.
            while let Some(Candidate { db, key, .. }) = self.evictor.pool.pop() {
                let entry = self.databases[db].table.get(&key);
                if entry.is_some_and(|entry| self.may_go(entry)) {
                    return Some((db, key));
                }
            }
        }
    }

    fn may_go(&self, entry: Entry) -> bool {
        !self.evictor.settings.policy.is_volatile() || entry.expires_at_ms().is_some()
    }

    fn score(&self, entry: Entry) -> u64 {
        match self.evictor.settings.policy {
            Policy::AllKeysLfu | Policy::VolatileLfu => u64::from(u8::MAX - self.frequency(entry)),
            Policy::VolatileTtl => u64::MAX - entry.expires_at_ms().unwrap_or(0),
            _ => self.idle_ms(entry),
        }
    }

    /// Some key that may go.
    fn draw(&self, db: usize, rng: &mut Rng) -> Option<Entry<'_>> {
        let table = &self.databases[db].table;
        if self.evictor.settings.policy.is_volatile() {
            table.random_due(rng)
        } else {
            table.random(rng)
        }
    }
}

#[cfg(test)]
mod tests;
