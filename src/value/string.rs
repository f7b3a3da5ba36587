//! A byte string; one that is an integer's text is kept as the integer.
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
        let encoding = match number::parse_i64(bytes) {
            Some(int) => Encoding::Int(int),
            None if bytes.len() <= EMBEDDED_MAX => Encoding::Embedded(bytes.into()),
            None => Encoding::Raw(bytes.to_vec()),
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
            Encoding::Int(int) => Cow::Owned(int.to_string().into_bytes()),
            Encoding::Embedded(bytes) => Cow::Borrowed(bytes),
            Encoding::Raw(bytes) => Cow::Borrowed(bytes),
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
