//! One value in Redis's serialized form (RDB version 10), as DUMP, RESTORE and snapshots carry it.
//!
//! Written as Redis 7.0 writes it; read in every form that Redis 7.0 reads for the types built here.
//! Bytes to be read are hostile: lengths are checked, nothing is allocated that the input does not pay
//! for, and what is read is a valid value or an error. Knows values; knows no keys, no files.
pub(super) mod lzf;
mod read;
mod reader;
#[cfg(test)]
mod tests;
mod writer;
mod ziplist;

pub use kind::STRING;
pub use read::read_value;
pub use reader::Reader;
pub use writer::{Writer, element_count, type_byte};

use super::{Limits, Value, ValueRef};
use crate::base::crc::crc64;

/// The version of the format that is written, and the newest that is read.
pub const VERSION: u16 = 10;

/// Redis: `proto-max-bulk-len`; no string may be longer.
pub(crate) const STRING_MAX: usize = 512 << 20;

/// Version and checksum behind a DUMP payload.
const FOOTER: usize = 10;

/// Why bytes are no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RdbError {
    /// The bytes end too early: at least so many are missing.
    Truncated { missing: usize },
    /// The bytes break the format or one of a type's rules.
    Corrupt(&'static str),
    /// A collection without elements. Redis: skipped in a file, refused by RESTORE.
    Empty,
    /// No type of value has this number.
    UnknownType(u8),
    /// A type that Redis has and kilat has not.
    Unsupported(&'static str),
    /// Written by a newer version.
    Version(u16),
    /// The checksum is another.
    Checksum,
}

impl std::fmt::Display for RdbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RdbError::Truncated { missing } => write!(f, "at least {missing} bytes are missing"),
            RdbError::Corrupt(what) => write!(f, "corrupt: {what}"),
            RdbError::Empty => write!(f, "a collection without elements"),
            RdbError::UnknownType(number) => write!(f, "unknown type of value {number}"),
            RdbError::Unsupported(what) => write!(f, "{what} are not supported"),
            RdbError::Version(version) => write!(f, "unknown version {version} of the RDB format"),
            RdbError::Checksum => write!(f, "wrong checksum"),
        }
    }
}

/// The numbers of the types of values.
mod kind {
    pub const STRING: u8 = 0;
    pub const LIST: u8 = 1;
    pub const SET: u8 = 2;
    pub const ZSET: u8 = 3;
    pub const HASH: u8 = 4;
    pub const ZSET_2: u8 = 5;
    pub const MODULE: u8 = 6;
    pub const MODULE_2: u8 = 7;
    pub const HASH_ZIPMAP: u8 = 9;
    pub const LIST_ZIPLIST: u8 = 10;
    pub const SET_INTSET: u8 = 11;
    pub const ZSET_ZIPLIST: u8 = 12;
    pub const HASH_ZIPLIST: u8 = 13;
    pub const LIST_QUICKLIST: u8 = 14;
    pub const STREAM_LISTPACKS: u8 = 15;
    pub const HASH_LISTPACK: u8 = 16;
    pub const ZSET_LISTPACK: u8 = 17;
    pub const LIST_QUICKLIST_2: u8 = 18;
    pub const STREAM_LISTPACKS_2: u8 = 19;
}

/// What DUMP answers: type, value, version, checksum. A JSON document becomes the string of its text.
pub fn dump(value: ValueRef) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(type_byte(value));
    writer.value(value);
    let mut bytes = writer.take();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    let checksum = crc64(0, &bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());

    bytes
}

/// The value that a DUMP payload holds. `Version` and `Checksum` are what RESTORE answers with "DUMP payload
/// version or checksum are wrong", all else with "Bad data format".
pub fn restore(payload: &[u8], limits: &Limits) -> Result<Value, RdbError> {
    let checked = payload.len().checked_sub(8).ok_or(RdbError::Checksum)?;
    let end = payload
        .len()
        .checked_sub(FOOTER)
        .ok_or(RdbError::Checksum)?;
    let version = u16::from_le_bytes([payload[end], payload[end + 1]]);
    if version > VERSION {
        return Err(RdbError::Version(version));
    }
    if crc64(0, &payload[..checked]).to_le_bytes() != payload[checked..] {
        return Err(RdbError::Checksum);
    }
    let mut reader = Reader::new(&payload[..end]);
    let kind = reader.byte()?;
    let value = read_value(kind, &mut reader, limits)?;
    if reader.left() > 0 {
        return Err(RdbError::Corrupt("bytes behind the value"));
    }

    Ok(value)
}
