//! The smallest parts of the format, read from bytes that nobody has checked.
use std::borrow::Cow;

use super::{RdbError, STRING_MAX, lzf};

/// A length, or the number of a string's special form.
enum Length {
    Plain(u64),
    Special(u8),
}

/// Reads on from a place in some bytes.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    /// How many bytes have been read.
    #[inline]
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    #[inline]
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], RdbError> {
        if count > self.left() {
            let missing = count - self.left();
            return Err(RdbError::Truncated { missing });
        }
        let taken = &self.bytes[self.at..self.at + count];
        self.at += count;

        Ok(taken)
    }

    #[inline]
    pub fn byte(&mut self) -> Result<u8, RdbError> {
        self.take(1).map(|bytes| bytes[0])
    }

    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], RdbError> {
        let bytes = self.take(N)?;

        Ok(*bytes
            .first_chunk()
            .expect("take answers as many as asked for"))
    }

    /// A length or number.
    #[inline]
    pub fn length(&mut self) -> Result<u64, RdbError> {
        match self.length_or_special()? {
            Length::Plain(length) => Ok(length),
            Length::Special(_) => Err(RdbError::Corrupt("a special form instead of a length")),
        }
    }

    /// How many elements follow, each of at least `bytes_min` bytes: no more than there can be.
    pub fn count(&mut self, bytes_min: usize) -> Result<usize, RdbError> {
        let count = self.length()?;
        let needed = count.checked_mul(bytes_min as u64);
        let needed = needed.and_then(|needed| usize::try_from(needed).ok());
        let Some(needed) = needed else {
            return Err(RdbError::Corrupt("more elements than memory can hold"));
        };
        if needed > self.left() {
            let missing = needed - self.left();
            return Err(RdbError::Truncated { missing });
        }

        Ok(count as usize)
    }

    /// A string in any of its forms.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, [u8]>, RdbError> {
        let int = |int: i64| Ok(Cow::Owned(int.to_string().into_bytes()));
        match self.length_or_special()? {
            Length::Plain(length) => self.take(string_len(length)?).map(Cow::Borrowed),
            Length::Special(0) => int(i8::from_le_bytes(self.array()?).into()),
            Length::Special(1) => int(i16::from_le_bytes(self.array()?).into()),
            Length::Special(2) => int(i32::from_le_bytes(self.array()?).into()),
            Length::Special(3) => self.compressed().map(Cow::Owned),
            Length::Special(_) => Err(RdbError::Corrupt("an unknown form of string")),
        }
    }

    fn compressed(&mut self) -> Result<Vec<u8>, RdbError> {
        let compressed_len = string_len(self.length()?)?;
        let len = string_len(self.length()?)?;
        let data = self.take(compressed_len)?;

        lzf::decompress(data, len).ok_or(RdbError::Corrupt("a compressed string"))
    }

    /// A double in binary.
    pub fn double(&mut self) -> Result<f64, RdbError> {
        self.array().map(f64::from_le_bytes)
    }

    #[inline]
    fn length_or_special(&mut self) -> Result<Length, RdbError> {
        let first = self.byte()?;
        let low = first & 0x3f;
        match first {
            0x00..=0x3f => Ok(Length::Plain(low.into())),
            0x40..=0x7f => Ok(Length::Plain(
                u16::from_be_bytes([low, self.byte()?]).into(),
            )),
            0x80 => Ok(Length::Plain(u32::from_be_bytes(self.array()?).into())),
            0x81 => Ok(Length::Plain(u64::from_be_bytes(self.array()?))),
            0xc0..=0xff => Ok(Length::Special(low)),
            _ => Err(RdbError::Corrupt("an unknown form of length")),
        }
    }
}

fn string_len(length: u64) -> Result<usize, RdbError> {
    match usize::try_from(length) {
        Ok(length) if length <= STRING_MAX => Ok(length),
        _ => Err(RdbError::Corrupt("a string longer than 512 MB")),
    }
}
