//! One entry of a listpack: its bytes, and what is read from them.

use std::borrow::Cow;

use crate::base::number;

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    Int(i64),
    Bytes(&'a [u8]),
}

impl<'a> Entry<'a> {
    /// The entry as the text that was put in.
    pub fn text(self) -> Cow<'a, [u8]> {
        match self {
            Entry::Int(_) => Cow::Owned(self.to_vec()),
            Entry::Bytes(bytes) => Cow::Borrowed(bytes),
        }
    }

    /// The entry as the text that was put in.
    pub fn to_vec(self) -> Vec<u8> {
        let mut text = Vec::new();
        self.write_to(&mut text);
        text
    }

    pub fn write_to(self, out: &mut Vec<u8>) {
        match self {
            Entry::Int(value) => number::write_i64(out, value),
            Entry::Bytes(bytes) => out.extend_from_slice(bytes),
        }
    }

    /// Whether this is the entry that `value` would be kept as.
    #[inline]
    pub fn is(self, value: &[u8]) -> bool {
        match self {
            Entry::Int(held) => number::parse_i64(value) == Some(held),
            Entry::Bytes(held) => held == value,
        }
    }
}

/// An entry as it is to be written: its first bytes, which are all of a number, the text, and the back length.
pub(super) struct Encoded<'a> {
    head: Few,
    text: &'a [u8],
    back: Few,
}

/// A few bytes, in place.
#[derive(Clone, Copy, Default)]
pub(super) struct Few {
    bytes: [u8; 9],
    pub(super) len: usize,
}

impl Few {
    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        self.bytes[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    #[inline]
    pub(super) fn get(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl<'a> Encoded<'a> {
    #[inline]
    pub fn new(value: &'a [u8]) -> Self {
        let (head, text) = match number::parse_i64(value) {
            Some(number) => (head_of_int(number), &value[..0]),
            None => (head_of_text(value.len()), value),
        };

        Encoded {
            head,
            text,
            back: back_length(head.len + text.len()),
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.head.len + self.text.len() + self.back.len
    }

    /// Fills `out`, which has its length.
    #[inline]
    pub fn write(&self, out: &mut [u8]) {
        let (head, rest) = out.split_at_mut(self.head.len);
        let (text, back) = rest.split_at_mut(self.text.len());
        head.copy_from_slice(self.head.get());
        text.copy_from_slice(self.text);
        back.copy_from_slice(self.back.get());
    }
}

#[inline]
fn head_of_int(value: i64) -> Few {
    let mut head = Few::default();
    let bytes = value.to_le_bytes();
    let width = match value {
        0..=127 => {
            head.push(&bytes[..1]);
            return head;
        }
        -4096..=4095 => {
            head.push(&[0xc0 | (bytes[1] & 0x1f), bytes[0]]);
            return head;
        }
        -0x8000..=0x7fff => 2,
        -0x80_0000..=0x7f_ffff => 3,
        -0x8000_0000..=0x7fff_ffff => 4,
        _ => 8,
    };
    head.push(&[if width == 8 { 0xf4 } else { 0xef + width as u8 }]);
    head.push(&bytes[..width]);

    head
}

#[inline]
fn head_of_text(len: usize) -> Few {
    let mut head = Few::default();
    match len {
        0..64 => head.push(&[0x80 | len as u8]),
        64..4096 => head.push(&[0xe0 | (len >> 8) as u8, len as u8]),
        _ => {
            head.push(&[0xf0]);
            head.push(&(len as u32).to_le_bytes());
        }
    }

    head
}

/// The bytes that the back length of `len` takes. Redis: the largest number of each width already
/// takes one more.
#[inline]
fn back_length_size(len: usize) -> usize {
    match len {
        0..=127 => 1,
        128..16383 => 2,
        16383..2097151 => 3,
        2097151..268435455 => 4,
        _ => 5,
    }
}

/// Groups of 7 bits, highest first, all but the first marked: read from the end, an unmarked one is
/// the last.
#[inline]
pub(super) fn back_length(len: usize) -> Few {
    let mut bytes = Few::default();
    let size = back_length_size(len);
    for group in (0..size).rev() {
        let mark = if group == size - 1 { 0 } else { 0x80 };
        bytes.push(&[(len >> (7 * group)) as u8 & 0x7f | mark]);
    }

    bytes
}

/// The whole size of the entry that ends where `bytes` does.
#[inline]
pub(super) fn size_before(bytes: &[u8]) -> usize {
    let mut len = 0;
    for (group, byte) in bytes.iter().rev().enumerate() {
        len |= usize::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    len + back_length_size(len)
}

/// The entry that valid bytes begin with, and its whole size.
#[inline]
pub(super) fn decode(bytes: &[u8]) -> (Entry<'_>, usize) {
    let (head, data) = layout(bytes).expect("the bytes were checked when they came in");
    let body = &bytes[head..head + data];
    let entry = match bytes[0] {
        first @ 0..=0x7f => Entry::Int(i64::from(first)),
        // The lowest five bits of the first byte are the highest of the number, its sign among
        // them.
        first @ 0xc0..=0xdf => Entry::Int(i64::from(first) << 59 >> 51 | i64::from(body[0])),
        0xf1..=0xf4 => Entry::Int(signed(body)),
        _ => Entry::Bytes(body),
    };
    (entry, head + data + back_length_size(head + data))
}

#[inline]
fn signed(bytes: &[u8]) -> i64 {
    let mut wide = [0; 8];
    wide[8 - bytes.len()..].copy_from_slice(bytes);
    i64::from_le_bytes(wide) >> (64 - 8 * bytes.len())
}

/// The sizes of an entry's encoding and of its data; None if the first bytes are no encoding.
#[inline]
pub(super) fn layout(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    Some(match first {
        0..=0x7f => (1, 0),
        0x80..=0xbf => (1, usize::from(first & 0x3f)),
        0xc0..=0xdf => (1, 1),
        0xe0..=0xef => (
            2,
            usize::from(first & 0xf) << 8 | usize::from(*bytes.get(1)?),
        ),
        0xf0 => (
            5,
            u32::from_le_bytes(*bytes.get(1..)?.first_chunk()?) as usize,
        ),
        0xf1..=0xf3 => (1, usize::from(first - 0xef)),
        0xf4 => (1, 8),
        _ => return None,
    })
}

/// The whole size of the entry that hostile bytes begin with; None unless all of it is there and
/// its two lengths agree.
pub(super) fn checked_size(bytes: &[u8]) -> Option<usize> {
    let (head, data) = layout(bytes)?;
    let len = head.checked_add(data)?;
    let size = len.checked_add(back_length_size(len))?;
    (bytes.get(len..size)? == back_length(len).get()).then_some(size)
}
