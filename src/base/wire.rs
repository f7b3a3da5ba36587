//! Numbers and byte strings as our own formats hold them: numbers in groups of seven bits, the lowest
//! first, all but the last marked by the high bit; byte strings behind their length. Reading is total.

/// Appends a number.
pub fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// How many bytes a number takes.
pub fn number_len(number: u64) -> usize {
    (64 - (number | 1).leading_zeros()).div_ceil(7) as usize
}

/// Appends a byte string.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads on from a place in bytes that nobody has checked. `None`: they do not hold what was asked for.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Cursor { rest: bytes }
    }

    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;

        Some(taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;

        Some(*taken)
    }

    /// A number in its one shortest form.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let group = u64::from(byte & 0x7f);
            if group << shift >> shift != group || (byte == 0 && shift > 0) {
                return None;
            }
            number |= group << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }

        None
    }

    /// How many things follow, each of at least one byte: no more than there can be.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;

        (count <= self.rest.len()).then_some(count)
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.count()?;

        self.take(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_have_one_form() {
        for number in [
            0,
            1,
            127,
            128,
            16383,
            16384,
            u64::from(u32::MAX),
            u64::MAX - 1,
            u64::MAX,
        ] {
            let mut out = Vec::new();
            put_number(&mut out, number);
            assert_eq!(out.len(), number_len(number));
            let mut cursor = Cursor::new(&out);
            assert_eq!(cursor.number(), Some(number));
            assert!(cursor.is_empty());
            assert_eq!(Cursor::new(&out[..out.len() - 1]).number(), None);
        }
        for bad in [
            &b"\x80\x00"[..],
            &[0xff; 10],
            &[0xff; 20],
            &b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"[..],
        ] {
            assert_eq!(Cursor::new(bad).number(), None, "{bad:?}");
        }
    }

    #[test]
    fn a_count_larger_than_what_is_left_is_refused() {
        let mut out = Vec::new();
        put_bytes(&mut out, b"four");
        assert_eq!(Cursor::new(&out).bytes(), Some(&b"four"[..]));
        assert_eq!(Cursor::new(&out[..4]).bytes(), None);
        assert_eq!(Cursor::new(b"\xff\xff\xff\xff\x0fabc").count(), None);
    }
}
