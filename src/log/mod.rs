//! Layer 4: records, snapshots, recovery. Knows bytes, not storage.
