//! A byte string; one that is an integer's text is kept as the integer.
//!
//! Redis names three encodings, and which one a string has depends on how it was made: only a string set
//! as a whole becomes an integer, and one that was changed in place is `raw` from then on.
use std::borrow::Cow;

use crate::base::number;

/// Redis: a string of up to 44 bytes shares one allocation with its header and is named `embstr`.
const EMBEDDED_MAX: usize = 44;

#[derive(Clone, Debug)]
enum Encoding {
    Int(i64),
    Embedded(Box<[u8]>),
    /// Grown in place by APPEND and SETRANGE, whatever its length.
    Raw(Vec<u8>),
}

#[derive(Clone, Debug)]
pub struct Str {
    encoding: Encoding,
}

impl Default for Str {
    fn default() -> Self {
        Str::from_bytes(b"")
    }
}

impl Str {
    /// The string, as an integer where its bytes are exactly an integer's text.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match number::parse_i64(bytes) {
            Some(int) => Str::from_int(int),
            None => Str::from_text(bytes),
        }
    }

    /// The string, as bytes even where they are an integer's text.
    pub fn from_text(bytes: &[u8]) -> Self {
        let encoding = if bytes.len() <= EMBEDDED_MAX {
            Encoding::Embedded(bytes.into())
        } else {
            Encoding::Raw(bytes.to_vec())
        };
        Str { encoding }
    }

    pub fn from_int(int: i64) -> Self {
        Str {
            encoding: Encoding::Int(int),
        }
    }

    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.encoding {
            Encoding::Int(int) => Cow::Owned(number::format_i64(*int).into_bytes()),
            Encoding::Embedded(bytes) => Cow::Borrowed(bytes),
            Encoding::Raw(bytes) => Cow::Borrowed(bytes),
        }
    }

    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The integer that its bytes are the text of.
    pub fn int(&self) -> Option<i64> {
        match &self.encoding {
            Encoding::Int(int) => Some(*int),
            Encoding::Embedded(bytes) => number::parse_i64(bytes),
            Encoding::Raw(bytes) => number::parse_i64(bytes),
        }
    }

    /// Adds `more` at the end; answers the length.
    pub fn append(&mut self, more: &[u8]) -> usize {
        let bytes = self.raw();
        bytes.extend_from_slice(more);

        bytes.len()
    }

    /// Writes `part` from `offset` on, zeros before it where the string ends earlier; answers the length.
    pub fn set_range(&mut self, offset: usize, part: &[u8]) -> usize {
        let bytes = self.raw();
        let end = offset + part.len();
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        bytes[offset..end].copy_from_slice(part);

        bytes.len()
    }

    /// The bytes, to be changed in place.
    fn raw(&mut self) -> &mut Vec<u8> {
        if !matches!(self.encoding, Encoding::Raw(_)) {
            self.encoding = Encoding::Raw(self.bytes().into_owned());
        }
        match &mut self.encoding {
            Encoding::Raw(bytes) => bytes,
            _ => unreachable!("made raw above"),
        }
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Int(_) => "int",
            Encoding::Embedded(_) => "embstr",
            Encoding::Raw(_) => "raw",
        }
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        match &self.encoding {
            Encoding::Int(_) => 0,
            Encoding::Embedded(bytes) => bytes.len(),
            Encoding::Raw(bytes) => bytes.capacity(),
        }
    }
}
