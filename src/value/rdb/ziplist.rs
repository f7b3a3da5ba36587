//! The two packed forms of older versions, which are only read: ziplist (before 7.0) and zipmap (before 2.6).
use std::borrow::Cow;

const HEADER: usize = 10;
const END: u8 = 0xff;
const COUNT_UNKNOWN: usize = 0xffff;
const BIG: u8 = 254;

/// The entries of a ziplist, numbers as their text; `None` unless every byte of it is valid.
///
/// `total u32 | offset of the last entry u32 | count u16 (65535: count them) | entry... | 0xFF`; an entry
/// begins with the size of the one before it. All little-endian but for lengths of strings.
pub(super) fn entries(bytes: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let total = u32::from_le_bytes(*bytes.first_chunk()?) as usize;
    let last = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?) as usize;
    let count = usize::from(u16::from_le_bytes(*bytes.get(8..)?.first_chunk()?));
    if total != bytes.len() {
        return None;
    }
    let mut entries = Vec::new();
    let (mut at, mut before, mut start) = (HEADER, 0, None);
    while *bytes.get(at)? != END {
        let (size_before, head) = match bytes[at] {
            BIG => (
                u32::from_le_bytes(*bytes.get(at + 1..)?.first_chunk()?) as usize,
                5,
            ),
            size => (size.into(), 1),
        };
        if size_before != before {
            return None;
        }
        let (entry, size) = entry(bytes.get(at + head..)?)?;
        entries.push(entry);
        start = Some(at);
        before = head + size;
        at += before;
    }
    let valid = at + 1 == bytes.len()
        && start.is_none_or(|start| start == last)
        && (count == entries.len() || count == COUNT_UNKNOWN);

    valid.then_some(entries)
}

/// The entry that `bytes` begin with, and its size.
fn entry(bytes: &[u8]) -> Option<(Cow<'_, [u8]>, usize)> {
    let first = *bytes.first()?;
    let (head, len): (usize, usize) = match first {
        0x00..=0x3f => (1, usize::from(first)),
        0x40..=0x7f => (
            2,
            usize::from(first & 0x3f) << 8 | usize::from(*bytes.get(1)?),
        ),
        0x80 => (
            5,
            u32::from_be_bytes(*bytes.get(1..)?.first_chunk()?) as usize,
        ),
        0xf1..=0xfd => {
            let text = (first - 0xf1).to_string().into_bytes();
            return Some((Cow::Owned(text), 1));
        }
        0xc0 => return int(bytes, 2),
        0xd0 => return int(bytes, 4),
        0xe0 => return int(bytes, 8),
        0xf0 => return int(bytes, 3),
        0xfe => return int(bytes, 1),
        _ => return None,
    };
    let text = bytes.get(head..head.checked_add(len)?)?;

    Some((Cow::Borrowed(text), head + len))
}

fn int(bytes: &[u8], width: usize) -> Option<(Cow<'_, [u8]>, usize)> {
    let mut wide = [0; 8];
    wide[8 - width..].copy_from_slice(bytes.get(1..=width)?);
    let int = i64::from_le_bytes(wide) >> (64 - 8 * width);

    Some((Cow::Owned(int.to_string().into_bytes()), 1 + width))
}

/// Fields and values of a zipmap; `None` unless every byte of it is valid.
///
/// `count u8 (254 and above: count them) | (len | field | len | unused u8 | value | unused bytes)... | 0xFF`;
/// a length is a byte below 254, or 254 and an u32.
pub(super) fn zipmap_pairs(bytes: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let (count, mut rest) = bytes.split_first()?;
    let mut pairs = Vec::new();
    while *rest.first()? != END {
        let (len, tail) = zipmap_length(rest)?;
        let (field, tail) = tail.split_at_checked(len)?;
        let (len, tail) = zipmap_length(tail)?;
        let (unused, tail) = tail.split_first()?;
        let (value, tail) = tail.split_at_checked(len)?;
        rest = tail.get(usize::from(*unused)..)?;
        pairs.push((field, value));
    }
    let valid = rest.len() == 1 && (*count >= BIG || usize::from(*count) == pairs.len());

    valid.then_some(pairs)
}

fn zipmap_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, tail) = bytes.split_first()?;
    match *first {
        END => None,
        BIG => {
            let (len, tail) = tail.split_first_chunk()?;
            Some((u32::from_le_bytes(*len) as usize, tail))
        }
        len => Some((len.into(), tail)),
    }
}
