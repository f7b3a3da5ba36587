//! Eviction before a command, where memory is short and a policy lets keys go.
use super::Engine;
use crate::command::Role;
use crate::keyspace::Policy;

/// Keys evicted before one command, at most: more would stop the page.
const SLICE: usize = 100;

/// Beyond this data is refused or evicted whatever `maxmemory` says: 32-bit memory ends at 4 GiB, and there an
/// allocation that fails would take the node with it. The rest is for the largest value with its record, and the log.
const DATA_MAX: usize = if cfg!(target_pointer_width = "32") {
    3 << 30
} else {
    isize::MAX as usize
};

impl Engine {
    /// Leaders only: followers take what their leader took, and hear of what it evicts.
    pub(super) fn evict_slice(&mut self) {
        self.out_of_room = false;
        self.is_over = self.is_over_limit(0);
        if !self.is_over || self.settings.eviction.policy == Policy::NoEviction {
            return;
        }
        self.evict_until(SLICE, |engine| !engine.is_over_limit(0));
        self.is_over = self.is_over_limit(0);
    }

    /// Evicts by the policy until a `share`th of the bytes is gone, but no more than `most` keys; a record tells of
    /// them. For want of room elsewhere. Answers how many went: none where the policy lets none go.
    pub fn evict_share(&mut self, now_ms: u64, share: usize, most: usize) -> usize {
        self.keyspace.set_now(now_ms);
        let bytes = self.keyspace.bytes();
        let wanted = bytes - bytes / share.max(1);

        self.evict_until(most, |engine| engine.keyspace.bytes() <= wanted)
    }

    /// Evicts by the policy, up to `most` keys, until there is `enough`; a record tells of them. Answers how many went.
    fn evict_until(&mut self, most: usize, enough: impl Fn(&Engine) -> bool) -> usize {
        self.keyspace.set_version(self.seq + 1);
        let mut gone = 0;
        self.effects.begin();
        while gone < most && !enough(self) {
            let Some((db, key)) = self.keyspace.evict(&mut self.rng.borrow_mut()) else {
                self.out_of_room = true;
                break;
            };
            self.effects.add(db, &[b"DEL", &key]);
            gone += 1;
        }
        self.finish_write();

        gone
    }

    /// Whether the data is, with so many bytes more, past the limit that holds for it.
    pub(super) fn is_over_limit(&self, more: usize) -> bool {
        let limit = match self.settings.maxmemory_bytes {
            0 => DATA_MAX,
            limit => limit.min(DATA_MAX),
        };

        self.role() == Role::Leader && self.keyspace.bytes() + more > limit
    }

    /// Whether the data was past `maxmemory` when the call began, and nothing could be done about it. Redis: while
    /// eviction is under way commands go on.
    pub(super) fn is_full(&self) -> bool {
        let evicts = self.settings.eviction.policy != Policy::NoEviction;

        self.is_over && (!evicts || self.out_of_room)
    }
}
