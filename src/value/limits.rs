//! Where one encoding gives way to the next: the settings that CONFIG knows, handed to every change.

/// Bounds of the packed encodings, and the seed that hash tables are made with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub hash_max_listpack_entries: usize,
    pub hash_max_listpack_value: usize,
    pub set_max_intset_entries: usize,
    pub zset_max_listpack_entries: usize,
    pub zset_max_listpack_value: usize,
    /// Positive: entries of a list node. Negative: -1 to -5 for 4, 8, 16, 32, 64 KiB of a node.
    pub list_max_listpack_size: i64,
    pub list_compress_depth: usize,
    /// Bytes from which a list element gets a node of its own (DEBUG QUICKLIST-PACKED-THRESHOLD).
    pub list_packed_threshold: usize,
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            hash_max_listpack_entries: 512,
            hash_max_listpack_value: 64,
            set_max_intset_entries: 512,
            zset_max_listpack_entries: 128,
            zset_max_listpack_value: 64,
            list_max_listpack_size: -2,
            list_compress_depth: 0,
            list_packed_threshold: 1 << 30,
            seed: 0,
        }
    }
}
