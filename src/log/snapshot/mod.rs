//! A snapshot: all keys as they were at one instant, in Redis's own file format (RDB version 10).
//!
//! A `dump.rdb` of a real server loads here and ours loads there. What only kilat knows stands in AUX
//! fields, which Redis passes over: `kilat-seq` and `kilat-epoch` at the head, and `kilat-json` before a
//! key whose string is the text of a JSON document. What a node stores bears no checksum of its own: its manifest does.
mod pieces;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use pieces::SnapshotReader;
pub use reader::{Due, LoadError, Loaded, load};
pub use writer::{PIECE_BYTES, SnapshotWriter, Summary, save};

/// What the bytes of an image come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// CRC-64 of all but the last eight, which are that: of a file, and of what builds before version 2 of the log's
    /// format have stored.
    Crc64(u64),
    /// XXH64 of all pieces, each with that of those before as its seed.
    Xxh64(u64),
}

/// What the head of a file says beside the data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aux {
    /// When it was written, in milliseconds of the Unix epoch; the file keeps whole seconds.
    pub time_ms: u64,
    /// Memory that the data took.
    pub used_bytes: u64,
    /// The last record that the image holds, and its epoch; 0 in a file of Redis.
    pub seq: u64,
    pub epoch: u64,
}

const SIGNATURE: &[u8; 5] = b"REDIS";

mod aux {
    pub const CTIME: &str = "ctime";
    pub const USED_MEM: &str = "used-mem";
    pub const SEQ: &str = "kilat-seq";
    pub const EPOCH: &str = "kilat-epoch";
    pub const JSON: &str = "kilat-json";
}

/// What stands where the number of a value's type could stand.
mod opcode {
    pub const FUNCTION: u8 = 245;
    pub const FUNCTION_PRE_RELEASE: u8 = 246;
    pub const MODULE_AUX: u8 = 247;
    pub const IDLE: u8 = 248;
    pub const FREQUENCY: u8 = 249;
    pub const AUX: u8 = 250;
    pub const RESIZE_DB: u8 = 251;
    pub const EXPIRES_MS: u8 = 252;
    pub const EXPIRES_S: u8 = 253;
    pub const SELECT_DB: u8 = 254;
    pub const END: u8 = 255;
}
