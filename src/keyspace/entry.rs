//! What the table holds for a key.
use std::cell::Cell;

use crate::value::Value;

/// A value with what the keyspace knows of it.
#[derive(Debug)]
pub struct Entry {
    pub(super) value: Value,
    /// Milliseconds of the Unix epoch; 0 stands for none.
    pub(super) expires_at_ms: u64,
    /// The seq of the record that changed the key last.
    pub(super) version: u64,
    pub(super) accessed_ms: Cell<u64>,
    pub(super) frequency: Cell<u8>,
    /// The last walk that has its image.
    pub(super) walked: Cell<u32>,
}

impl Entry {
    pub fn value(&self) -> &Value {
        &self.value
    }

    pub fn expires_at_ms(&self) -> Option<u64> {
        (self.expires_at_ms != 0).then_some(self.expires_at_ms)
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    /// When a command last read or wrote it; 0 where it was loaded and not touched since.
    pub fn accessed_ms(&self) -> u64 {
        self.accessed_ms.get()
    }

    /// Redis's logarithmic access counter (LFU).
    pub fn frequency(&self) -> u8 {
        self.frequency.get()
    }

    /// Sets both access statistics, as RESTORE's IDLETIME and FREQ do.
    pub fn set_access(&self, accessed_ms: u64, frequency: u8) {
        self.accessed_ms.set(accessed_ms);
        self.frequency.set(frequency);
    }

    pub(super) fn bytes(&self, key: &[u8]) -> usize {
        key.len() + self.value.memory_bytes()
    }
}
