//! Loading many keys of which each is known to be new.
use super::entry::Entry;
use super::{NewValue, Table};

/// Records that are put into their chains together.
const LOADED_AT_ONCE: usize = 64;

impl Table {
    /// Puts in a key that is not there, without looking for it. It is found once `link_loaded` was called.
    pub fn load(&mut self, key: &[u8], value: NewValue, expires_at_ms: u64) -> Entry<'_> {
        let at = self.write_new(key, value, expires_at_ms);
        self.unlinked.push((self.hash(key), at));
        if self.unlinked.len() == LOADED_AT_ONCE {
            self.link_loaded();
        }

        self.entry(at)
    }

    /// Chains are all over the memory: where many records are put into theirs at once, the processor need not wait
    /// for one to look at the next.
    pub fn link_loaded(&mut self) {
        let mut unlinked = std::mem::take(&mut self.unlinked);
        for (hash, at) in unlinked.drain(..) {
            self.link(self.buckets.of(hash), at);
        }
        self.unlinked = unlinked;
    }
}
