//! A byte string; one that is an integer's text is kept as the integer.
//!
//! Redis names three encodings, and which one a string has depends on how it was made: only a string set
//! as a whole becomes an integer, and one that was changed in place is `raw` from then on.
use std::borrow::Cow;

use super::structure::allocated;
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

/// A string to be read, by its encoding.
#[derive(Clone, Copy, Debug)]
pub enum StrRef<'a> {
    Int(i64),
    Embedded(&'a [u8]),
    Raw(&'a [u8]),
}

impl<'a> StrRef<'a> {
    /// The string set as a whole: an integer where its bytes are exactly an integer's text.
    #[inline]
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        match number::parse_i64(bytes) {
            Some(int) => StrRef::Int(int),
            None if bytes.len() <= EMBEDDED_MAX => StrRef::Embedded(bytes),
            None => StrRef::Raw(bytes),
        }
    }

    #[inline]
    pub fn bytes(self) -> Cow<'a, [u8]> {
        match self {
            StrRef::Int(int) => Cow::Owned(number::format_i64(int).into_bytes()),
            StrRef::Embedded(bytes) | StrRef::Raw(bytes) => Cow::Borrowed(bytes),
        }
    }

    #[inline]
    pub fn len(self) -> usize {
        match self {
            StrRef::Int(int) => {
                let digits = int.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
                digits as usize + usize::from(int < 0)
            }
            StrRef::Embedded(bytes) | StrRef::Raw(bytes) => bytes.len(),
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The integer that its bytes are the text of.
    #[inline]
    pub fn int(self) -> Option<i64> {
        match self {
            StrRef::Int(int) => Some(int),
            StrRef::Embedded(bytes) | StrRef::Raw(bytes) => number::parse_i64(bytes),
        }
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(self) -> &'static str {
        match self {
            StrRef::Int(_) => "int",
            StrRef::Embedded(_) => "embstr",
            StrRef::Raw(_) => "raw",
        }
    }
}

impl From<StrRef<'_>> for Str {
    fn from(text: StrRef) -> Self {
        let encoding = match text {
            StrRef::Int(int) => Encoding::Int(int),
            StrRef::Embedded(bytes) => Encoding::Embedded(bytes.into()),
            StrRef::Raw(bytes) => Encoding::Raw(bytes.to_vec()),
        };
        Str { encoding }
    }
}

impl Default for Str {
    fn default() -> Self {
        Str::from_bytes(b"")
    }
}

impl Str {
    /// The string, as an integer where its bytes are exactly an integer's text.
    #[inline]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        StrRef::from_bytes(bytes).into()
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

    #[inline]
    pub fn as_ref(&self) -> StrRef<'_> {
        match &self.encoding {
            Encoding::Int(int) => StrRef::Int(*int),
            Encoding::Embedded(bytes) => StrRef::Embedded(bytes),
            Encoding::Raw(bytes) => StrRef::Raw(bytes),
        }
    }

    #[inline]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        self.as_ref().bytes()
    }

    pub fn into_bytes(self) -> Vec<u8> {
        match self.encoding {
            Encoding::Int(int) => number::format_i64(int).into_bytes(),
            Encoding::Embedded(bytes) => bytes.into_vec(),
            Encoding::Raw(bytes) => bytes,
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.as_ref().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The integer that its bytes are the text of.
    #[inline]
    pub fn int(&self) -> Option<i64> {
        self.as_ref().int()
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
            self.encoding = Encoding::Raw(std::mem::take(self).into_bytes());
        }
        match &mut self.encoding {
            Encoding::Raw(bytes) => bytes,
            _ => unreachable!("made raw above"),
        }
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        self.as_ref().encoding()
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        match &self.encoding {
            Encoding::Int(_) => 0,
            Encoding::Embedded(bytes) => allocated(bytes.len()),
            Encoding::Raw(bytes) => allocated(bytes.capacity()),
        }
    }
}
