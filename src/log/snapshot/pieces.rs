//! Reading a snapshot that comes in pieces.
use super::reader::Parser;
use super::{Due, LoadError, Loaded, Sum};
use crate::base::xxh64::xxh64;
use crate::value::Limits;

/// Reads a file that comes in pieces of any size.
pub struct SnapshotReader {
    parser: Parser,
    /// Not yet read: the beginning of something that goes on in pieces to come.
    rest: Vec<u8>,
    /// Trying is worth while from so many bytes on.
    wanted: usize,
    /// Of the pieces, where it is that which their manifest tells.
    xxh64: Option<u64>,
}

impl SnapshotReader {
    pub fn new(limits: Limits, due: Due) -> Self {
        SnapshotReader {
            parser: Parser::new(limits, due),
            rest: Vec::new(),
            wanted: 0,
            xxh64: None,
        }
    }

    /// Reads what a `SnapshotWriter` has written, `bytes` in all, which are to come to `sum`: whether a key is there
    /// twice is not looked at, and the data are nothing where the caller finds that they have come to another.
    pub fn of_own(limits: Limits, bytes: u64, sum: Sum) -> Self {
        let mut reader = SnapshotReader::new(limits, Due::Keep);
        reader.parser.own_bytes = Some(bytes);
        if let Sum::Xxh64(_) = sum {
            (reader.xxh64, reader.parser.crc) = (Some(0), None);
        }

        reader
    }

    pub fn push(&mut self, piece: &[u8]) -> Result<(), LoadError> {
        if let Some(sum) = &mut self.xxh64 {
            *sum = xxh64(*sum, piece);
        }
        self.rest.extend_from_slice(piece);
        if self.rest.len() < self.wanted {
            return Ok(());
        }
        let (read, missing) = self.parser.feed(&self.rest)?;
        self.rest.drain(..read);
        if self.parser.ended && !self.rest.is_empty() {
            return Err(LoadError::Trailing);
        }
        // A value of many elements is read again from its beginning: twice as many bytes each time.
        let len = self.rest.len();
        self.wanted = len.saturating_add(missing.max(len));

        Ok(())
    }

    pub fn finish(mut self) -> Result<Loaded, LoadError> {
        let (read, _) = self.parser.feed(&self.rest)?;
        if self.parser.ended && read < self.rest.len() {
            return Err(LoadError::Trailing);
        }
        let loaded = self.parser.finish()?;
        let sum = self.xxh64.map_or(loaded.sum, Sum::Xxh64);

        Ok(Loaded { sum, ..loaded })
    }
}
