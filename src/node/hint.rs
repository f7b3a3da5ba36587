//! Where the newest snapshot is: recovery begins there, and passes over the log before it.
//!
//! It is no more than a hint. It may be old, damaged or not there: what it says holds only where the log says it too,
//! and all is read where it does not. It stands among the pieces, where older builds delete it unread.
use super::BlockKey;
use crate::base::crc::crc64;
use crate::base::wire::Cursor;

/// In place of a snapshot's id: greater than that of the ballast, smaller than all others. `HINT` in src/ts/early.ts.
pub const HINT: [u8; 16] = 1u128.to_be_bytes();

const VERSION: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    pub snapshot: [u8; 16],
    pub pieces: u32,
    /// The first block that the snapshot does not hold all of, or one before it.
    pub from: BlockKey,
    /// The block that publishes it.
    pub at: BlockKey,
}

impl Hint {
    pub fn to_bytes(self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.snapshot);
        let keys = [self.from, self.at];
        let numbers = keys.iter().flat_map(|key| [key.epoch, key.n]);
        for number in numbers.chain([u64::from(self.pieces)]) {
            out.extend_from_slice(&number.to_le_bytes());
        }
        let checksum = crc64(0, &out);
        out.extend_from_slice(&checksum.to_le_bytes());

        out
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Hint> {
        let (checked, checksum) = bytes.split_last_chunk()?;
        let mut cursor = Cursor::new(checked);
        if crc64(0, checked) != u64::from_le_bytes(*checksum) || cursor.byte()? != VERSION {
            return None;
        }
        let snapshot = cursor.array()?;
        let mut number = || cursor.array().map(u64::from_le_bytes);
        let mut key = || {
            Some(BlockKey {
                epoch: number()?,
                n: number()?,
            })
        };
        let (from, at) = (key()?, key()?);
        let pieces = u32::try_from(number()?).ok()?;

        cursor.is_empty().then_some(Hint {
            snapshot,
            pieces,
            from,
            at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_and_damage_is_seen() {
        let key = |epoch, n| BlockKey { epoch, n };
        let hint = Hint {
            snapshot: [7; 16],
            pieces: 3,
            from: key(5, 1 << 40),
            at: key(5, (1 << 40) + 2),
        };
        let bytes = hint.to_bytes();
        assert_eq!(Hint::from_bytes(&bytes), Some(hint));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Hint::from_bytes(&damaged), None, "bit {bit}");
        }
        for cut in 0..bytes.len() {
            assert_eq!(Hint::from_bytes(&bytes[..cut]), None);
        }
    }
}
