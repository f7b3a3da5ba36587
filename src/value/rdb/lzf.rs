//! LZF (Marc Lehmann), the compression of strings in RDB.
//!
//! A control byte below 32 is followed by so many literals and one; else its upper three bits are a length
//! (7: the next byte adds to it) and the rest with the next byte a distance back, both less what they are
//! at least. The search for repetitions is LibLZF's with Redis's settings, so the bytes come out as there.

use std::cell::RefCell;

const HASH_BITS: u32 = 16;
const DISTANCE_MAX: usize = 1 << 13;
const REPETITION_MAX: usize = (1 << 8) + (1 << 3);
const LITERALS_MAX: usize = 1 << 5;

/// The most that one byte of compressed data can stand for, rounded up.
const EXPANSION_MAX: usize = REPETITION_MAX / 3 + 1;

thread_local! {
    // The table takes 256 KiB, and to clear it for each DUMP or snapshot takes longer than most of them.
    static COMPRESSOR: RefCell<Compressor> = RefCell::default();
}

/// Appends `data` compressed to at most `max` bytes, or answers `None` and leaves `out` as it was.
pub(in crate::value) fn compress(data: &[u8], max: usize, out: &mut Vec<u8>) -> Option<()> {
    COMPRESSOR.with_borrow_mut(|compressor| compressor.compress(data, max, out))
}

/// Finds repetitions through a table of where each three bytes were met last, which it keeps between calls.
pub(in crate::value) struct Compressor {
    /// Of a place in the table: with fewer than LibLZF's, other bytes come out, which mean the same.
    bits: u32,
    /// Places counted over all inputs, so that the table need not be cleared between them.
    table: Vec<u32>,
    /// What the first byte of the next input counts as; 0 stands for no place.
    base: u32,
}

impl Default for Compressor {
    fn default() -> Self {
        Compressor::new(HASH_BITS)
    }
}

impl Compressor {
    /// One with a table of so many bits, 8 to 24; the table is made when it is first needed.
    pub(in crate::value) const fn new(bits: u32) -> Self {
        Compressor {
            bits,
            table: Vec::new(),
            base: 0,
        }
    }

    /// Appends `data` compressed to at most `max` bytes, or answers `None` and leaves `out` as it was.
    pub(in crate::value) fn compress(
        &mut self,
        data: &[u8],
        max: usize,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let Ok(len) = u32::try_from(data.len()) else {
            return None;
        };
        if self.table.is_empty() || self.base.checked_add(len).is_none() {
            self.table.clear();
            self.table.resize(1 << self.bits, 0);
            self.base = 1;
        }
        let start = out.len();
        let done = Run {
            out,
            start,
            max,
            literals: 0,
            bits: self.bits,
        }
        .compress(data, &mut self.table, self.base);
        self.base += len;
        if done.is_none() {
            out.truncate(start);
        }

        done
    }
}

struct Run<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    max: usize,
    /// How many literals follow the control byte that is kept free for them.
    literals: usize,
    bits: u32,
}

impl Run<'_> {
    fn compress(mut self, data: &[u8], table: &mut [u32], base: u32) -> Option<()> {
        self.out.push(0);
        let mut at = 0;
        while at + 2 < data.len() {
            let slot = &mut table[slot_of(data, at, self.bits)];
            let seen = slot.checked_sub(base).map(|seen| seen as usize);
            *slot = base + at as u32;
            // LibLZF: a repetition of what begins at 0 is not looked for.
            let repeated = seen.filter(|seen| {
                *seen > 0 && at - seen <= DISTANCE_MAX && data[*seen..seen + 3] == data[at..at + 3]
            });
            let Some(from) = repeated else {
                self.literal(data[at])?;
                at += 1;
                continue;
            };
            at += self.repetition(data, from, at)?;
            if at + 2 >= data.len() {
                break;
            }
            // LibLZF (VERY_FAST): of a repetition only the last two places are noted.
            for place in [at - 2, at - 1] {
                table[slot_of(data, place, self.bits)] = base + place as u32;
            }
        }
        if self.used() + 3 > self.max {
            return None;
        }
        for byte in &data[at.min(data.len())..] {
            self.push_literal(*byte);
        }
        self.end_literals();

        Some(())
    }

    fn used(&self) -> usize {
        self.out.len() - self.start
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        if self.used() >= self.max {
            return None;
        }
        self.push_literal(byte);

        Some(())
    }

    #[inline]
    fn push_literal(&mut self, byte: u8) {
        self.literals += 1;
        self.out.push(byte);
        if self.literals == LITERALS_MAX {
            self.end_literals();
            self.out.push(0);
        }
    }

    /// Fills in the control byte kept free, or takes it back where no literal came.
    fn end_literals(&mut self) {
        if self.literals == 0 {
            self.out.pop();
            return;
        }
        let control = self.out.len() - self.literals - 1;
        self.out[control] = (self.literals - 1) as u8;
        self.literals = 0;
    }

    /// Writes that the bytes at `at` are those at `from`; answers how many.
    fn repetition(&mut self, data: &[u8], from: usize, at: usize) -> Option<usize> {
        let bound = (data.len() - at - 2).min(REPETITION_MAX);
        // Redis: where there are as many, liblzf compares 19 bytes without a look at the bound.
        let len_max = if bound > 16 { bound.max(19) } else { bound };
        let mut len = 3;
        while len < len_max && data[from + len] == data[at + len] {
            len += 1;
        }
        let undone = usize::from(self.literals == 0);
        if self.used() - undone + 4 >= self.max {
            return None;
        }
        self.end_literals();
        let (distance, length) = (at - from - 1, len - 2);
        let high = (distance >> 8) as u8;
        if length < 7 {
            self.out.push(high | (length << 5) as u8);
        } else {
            self.out
                .extend_from_slice(&[high | 7 << 5, (length - 7) as u8]);
        }
        self.out.extend_from_slice(&[distance as u8, 0]);

        Some(len)
    }
}

#[inline]
fn slot_of(data: &[u8], at: usize, bits: u32) -> usize {
    let [a, b, c] = [data[at], data[at + 1], data[at + 2]].map(u32::from);
    let three = a << 16 | b << 8 | c;

    ((three >> (24 - bits)).wrapping_sub(three.wrapping_mul(5)) & ((1 << bits) - 1)) as usize
}

/// Appends so many bytes from `from` on. What is repeated may reach into what it makes: then it is there as often as
/// its beginning fits in, and each time twice as much is copied.
fn repeat(out: &mut Vec<u8>, from: usize, count: usize) {
    let mut left = count;
    while left > 0 {
        let piece = left.min(out.len() - from);
        out.extend_from_within(from..from + piece);
        left -= piece;
    }
}

/// The `len` bytes that `data` stands for; `None` where it stands for anything else.
pub(in crate::value) fn decompress(data: &[u8], len: usize) -> Option<Vec<u8>> {
    if len > super::STRING_MAX || len / EXPANSION_MAX > data.len() {
        return None;
    }
    let mut out = Vec::with_capacity(len);
    let mut rest = data;
    while let Some((control, tail)) = rest.split_first() {
        let control = usize::from(*control);
        if control < LITERALS_MAX {
            let (literals, tail) = tail.split_at_checked(control + 1)?;
            out.extend_from_slice(literals);
            rest = tail;
        } else {
            let (more, tail) = match control >> 5 {
                7 => tail
                    .split_first()
                    .map(|(more, tail)| (usize::from(*more), tail))?,
                _ => (0, tail),
            };
            let (low, tail) = tail.split_first()?;
            let distance = (control & 0x1f) << 8 | usize::from(*low);
            let from = out.len().checked_sub(distance + 1)?;
            let count = (control >> 5) + more + 2;
            if out.len() + count > len {
                return None;
            }
            repeat(&mut out, from, count);
            rest = tail;
        }
        if out.len() > len {
            return None;
        }
    }

    (out.len() == len).then_some(out)
}
