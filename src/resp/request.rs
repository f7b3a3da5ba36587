//! Calls out of a stream of bytes, as they come.
use std::ops::Range;

use super::split_words;
use crate::base::number;

/// Redis: PROTO_INLINE_MAX_SIZE, the longest line.
const LINE_MAX: usize = 64 << 10;

/// Words that most calls do not exceed: these need no allocation.
const FEW: usize = 8;

/// What the client sent is no call. The answer is its text as an error; then the connection is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    TooBigInline,
    TooBigCount,
    TooBigBulkCount,
    MultibulkLength,
    BulkLength,
    Unbalanced,
    /// A byte where a `$` was due.
    ExpectedDollar(u8),
}

impl ProtocolError {
    /// The error reply, from its code on.
    pub fn text(&self) -> String {
        let what = match self {
            ProtocolError::TooBigInline => "too big inline request",
            ProtocolError::TooBigCount => "too big mbulk count string",
            ProtocolError::TooBigBulkCount => "too big bulk count string",
            ProtocolError::MultibulkLength => "invalid multibulk length",
            ProtocolError::BulkLength => "invalid bulk length",
            ProtocolError::Unbalanced => "unbalanced quotes in request",
            ProtocolError::ExpectedDollar(byte) => {
                let got = match byte {
                    b'\r' | b'\n' => ' ',
                    other => char::from(*other),
                };
                return format!("ERR Protocol error: expected '$', got '{got}'");
            }
        };

        format!("ERR Protocol error: {what}")
    }
}

/// A buffer of what one client sent, and how far it has been read.
///
/// `feed` bytes, then `next` until it answers `false`; after each `true`, `with_words` has one call.
#[derive(Debug, Default)]
pub struct Requests {
    buffer: Vec<u8>,
    /// Where the call that is being read begins.
    start: usize,
    /// What has been read of it, in bytes behind `start`.
    read: usize,
    /// Words that are still to come of a multibulk call.
    missing: usize,
    /// The length of the word being read.
    bulk: Option<usize>,
    /// The words read so far, behind `start`.
    ranges: Vec<Range<usize>>,
    /// The words of an inline call: their quotes are undone, so they stand apart.
    inline: Vec<Vec<u8>>,
    complete: bool,
}

impl Requests {
    /// Takes what arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.complete {
            self.begin();
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes that wait to be understood.
    pub fn pending(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// All that has not been read: another buffer may go on with it.
    pub fn rest(&self) -> &[u8] {
        let read = if self.complete { self.read } else { 0 };

        &self.buffer[self.start + read..]
    }

    /// Reads one call; `false` where it is not all there. `bulk_max` is the longest word allowed. An empty
    /// call is skipped, as Redis does.
    pub fn next(&mut self, bulk_max: usize) -> Result<bool, ProtocolError> {
        loop {
            if self.complete {
                self.begin();
            }
            if self.missing == 0 {
                match self.buffer.get(self.start) {
                    None => return Ok(false),
                    Some(b'*') => {
                        if !self.begin_multibulk()? {
                            return Ok(false);
                        }
                    }
                    Some(_) => {
                        if !self.read_inline()? {
                            return Ok(false);
                        }
                    }
                }
            }
            while self.missing > 0 {
                if !self.read_word(bulk_max)? {
                    return Ok(false);
                }
            }
            self.complete = true;
            if !self.ranges.is_empty() || !self.inline.is_empty() {
                return Ok(true);
            }
        }
    }

    /// The words of the call that `next` has read.
    pub fn words(&self) -> Vec<&[u8]> {
        self.with_words(<[&[u8]]>::to_vec)
    }

    /// Gives `run` the words of the call that `next` has read.
    pub fn with_words<'a, T>(&'a self, run: impl FnOnce(&[&'a [u8]]) -> T) -> T {
        let call = &self.buffer[self.start..];
        let ranges = self
            .ranges
            .iter()
            .map(|range| &call[range.start..range.end]);
        let mut few = [&[][..]; FEW];
        let many: Vec<&[u8]>;
        let words = if !self.inline.is_empty() {
            many = self.inline.iter().map(Vec::as_slice).collect();
            &many[..]
        } else if ranges.len() > FEW {
            many = ranges.collect();
            &many[..]
        } else {
            let count = ranges.len();
            few.iter_mut()
                .zip(ranges)
                .for_each(|(place, word)| *place = word);
            &few[..count]
        };

        run(words)
    }

    /// Leaves the call that `next` has read for the next time.
    pub fn unread(&mut self) {
        self.read = 0;
        self.ranges.clear();
        self.inline.clear();
        self.complete = false;
    }

    /// Leaves the call that was read behind.
    fn begin(&mut self) {
        self.start += self.read;
        self.read = 0;
        self.ranges.clear();
        self.inline.clear();
        self.complete = false;
    }

    /// The line at the reading place, up to its `\r`; `None` where it has not ended yet.
    fn line(&self, too_long: ProtocolError) -> Result<Option<&[u8]>, ProtocolError> {
        let rest = &self.buffer[self.start + self.read..];
        match rest.iter().position(|byte| *byte == b'\r') {
            // Redis takes whatever follows the `\r` for the `\n`, but waits until it is there.
            Some(end) if end + 1 < rest.len() => Ok(Some(&rest[..end])),
            Some(_) => Ok(None),
            None if rest.len() > LINE_MAX => Err(too_long),
            None => Ok(None),
        }
    }

    fn begin_multibulk(&mut self) -> Result<bool, ProtocolError> {
        let Some(line) = self.line(ProtocolError::TooBigCount)? else {
            return Ok(false);
        };
        let count = number::parse_i64(&line[1..]).filter(|count| *count <= i64::from(i32::MAX));
        let count = count.ok_or(ProtocolError::MultibulkLength)?;
        self.read += line.len() + 2;
        self.missing = usize::try_from(count).unwrap_or(0);

        Ok(true)
    }

    fn read_word(&mut self, bulk_max: usize) -> Result<bool, ProtocolError> {
        let length = match self.bulk {
            Some(length) => length,
            None => {
                let Some(line) = self.line(ProtocolError::TooBigBulkCount)? else {
                    return Ok(false);
                };
                match line.first() {
                    Some(b'$') => {}
                    other => {
                        return Err(ProtocolError::ExpectedDollar(*other.unwrap_or(&b'\r')));
                    }
                }
                let length = number::parse_i64(&line[1..]);
                let length = length.and_then(|length| usize::try_from(length).ok());
                let length = length.filter(|length| *length <= bulk_max);
                let length = length.ok_or(ProtocolError::BulkLength)?;
                self.read += line.len() + 2;
                self.bulk = Some(length);
                length
            }
        };
        let end = self.read + length;
        if self.pending() < end + 2 {
            return Ok(false);
        }
        self.ranges.push(self.read..end);
        self.read = end + 2;
        self.bulk = None;
        self.missing -= 1;

        Ok(true)
    }

    fn read_inline(&mut self) -> Result<bool, ProtocolError> {
        let rest = &self.buffer[self.start..];
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            if rest.len() > LINE_MAX {
                return Err(ProtocolError::TooBigInline);
            }
            return Ok(false);
        };
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        self.inline = split_words(line).map_err(|_| ProtocolError::Unbalanced)?;
        self.read = end + 1;

        Ok(true)
    }
}
