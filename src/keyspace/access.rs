//! When a key was last read or written, and how often: one word of its record.
//!
//! As in Redis: 24 bits of seconds, which come round after 194 days, and the 8 bits of the LFU counter.
use super::evict::Evictor;
use super::{Entry, Keyspace};

/// Redis: LFU_INIT_VAL, so that a new key is not the first to go.
const FREQUENCY_OF_NEW: u8 = 5;
const SECONDS_MAX: u32 = (1 << 24) - 1;
/// A time so little ahead of the clock is one of a clock that was set back.
const AHEAD: u32 = 24 * 60 * 60;

/// 0 stands for a time that is not known.
fn seconds(ms: u64) -> u32 {
    let seconds = (ms / 1000) as u32 & SECONDS_MAX;

    if ms == 0 { 0 } else { seconds.max(1) }
}

fn word(seconds: u32, frequency: u8) -> u32 {
    seconds << 8 | u32::from(frequency)
}

/// What the time is, in milliseconds of the Unix epoch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    pub now_ms: u64,
    /// The first time told: what was loaded before counts as accessed then.
    pub begun_ms: u64,
}

impl Times {
    /// The word of a key that is new now.
    pub fn access_of_new(self) -> u32 {
        word(seconds(self.now_ms), FREQUENCY_OF_NEW)
    }

    /// How long no command has read or written it, to the second.
    pub fn idle_ms(self, entry: Entry) -> u64 {
        let accessed = match entry.access() >> 8 {
            0 => seconds(self.begun_ms),
            known => known,
        };
        let idle = seconds(self.now_ms).wrapping_sub(accessed) & SECONDS_MAX;

        if idle > SECONDS_MAX - AHEAD {
            0
        } else {
            u64::from(idle) * 1000
        }
    }
}

impl Evictor {
    /// The entry is read or written.
    #[inline]
    pub(super) fn count_access(&self, entry: Entry, times: Times) {
        let counter = if self.settings.policy.is_lfu() {
            self.counted(entry, times)
        } else {
            entry.access() as u8
        };
        let access = word(seconds(times.now_ms), counter);
        if access != entry.access() {
            entry.set_access(access);
        }
    }

    /// The counter after one more access.
    fn counted(&self, entry: Entry, times: Times) -> u8 {
        let counter = self.frequency(entry, times);
        let above = u64::from(counter.saturating_sub(FREQUENCY_OF_NEW));
        let odds = above * u64::from(self.settings.log_factor) + 1;
        let grows = self.roll() * odds < 1 << 32;

        counter.saturating_add(u8::from(grows))
    }

    pub(super) fn frequency(&self, entry: Entry, times: Times) -> u8 {
        let minutes = times.idle_ms(entry) / 60_000;
        let periods = minutes
            .checked_div(self.settings.decay_minutes)
            .unwrap_or(0);

        (entry.access() as u8).saturating_sub(periods.try_into().unwrap_or(u8::MAX))
    }
}

impl Keyspace {
    /// Redis's logarithmic access counter (LFU) as of now.
    pub fn frequency(&self, entry: Entry) -> u8 {
        self.evictor.frequency(entry, self.times)
    }

    /// How long no command has read or written it, to the second; what was only loaded counts as accessed when
    /// loading began.
    pub fn idle_ms(&self, entry: Entry) -> u64 {
        self.times.idle_ms(entry)
    }

    /// Sets when it was accessed, 0 where that is not known, and how often; as RESTORE's IDLETIME and FREQ do.
    pub fn set_access(&self, entry: Entry, accessed_ms: u64, frequency: Option<u8>) {
        let frequency = frequency.unwrap_or(entry.access() as u8);
        entry.set_access(word(seconds(accessed_ms), frequency));
    }
}
