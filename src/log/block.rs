//! A block: one entry of the log as storage keeps it, under its key.
//!
//! ```text
//! "kilatlog"                  8 bytes
//! format version = 1          u8
//! kind                        u8: 0 records, 1 seal, 2 snapshot
//! database                    16 bytes
//! epoch, n                    number each: the block's key
//! records:  count             number, then the records
//! seal:     next epoch        number, then the token's 16 bytes
//! snapshot: id                16 bytes, then pieces, bytes, seq, epoch as numbers and CRC-64 as u64
//! CRC-64 of all before        u64, little-endian
//! ```
use super::record::{Record, RecordError};
use crate::base::crc::crc64;
use crate::base::wire::{Cursor, put_number};

const MAGIC: &[u8; 8] = b"kilatlog";
const VERSION: u8 = 1;
const CHECKSUM: usize = 8;

/// The place of a block in the log: epochs in order, n from 0 without gaps in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey {
    pub epoch: u64,
    pub n: u64,
}

impl BlockKey {
    /// Where the same epoch's next block goes.
    pub fn next(self) -> BlockKey {
        BlockKey {
            n: self.n + 1,
            ..self
        }
    }
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The identity of the database that it was written for.
    pub database: [u8; 16],
    pub key: BlockKey,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// What one transaction committed.
    Records(Vec<Record>),
    /// The end of the key's epoch: who wrote it leads `next_epoch`.
    Seal { next_epoch: u64, token: [u8; 16] },
    /// A snapshot is whole: publishes it.
    Snapshot(Manifest),
}

/// What is to be known of a snapshot before its pieces are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub id: [u8; 16],
    pub pieces: u32,
    /// Of all pieces together.
    pub bytes: u64,
    /// The last record that the image holds, and that record's epoch.
    pub seq: u64,
    pub epoch: u64,
    /// Of all pieces' bytes, as `base::crc` has it.
    pub crc: u64,
}

/// Why bytes are no block of this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockError {
    /// Not wholly there, or damaged.
    Corrupt,
    /// Whole, but written by a newer build.
    Version(u8),
    /// Whole, but written for another database or another place.
    Foreign,
}

impl From<RecordError> for BlockError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Version(version) => BlockError::Version(version),
            RecordError::Corrupt => BlockError::Corrupt,
        }
    }
}

impl Block {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(VERSION);
        out.push(match self.body {
            Body::Records(_) => 0,
            Body::Seal { .. } => 1,
            Body::Snapshot(_) => 2,
        });
        out.extend_from_slice(&self.database);
        put_number(&mut out, self.key.epoch);
        put_number(&mut out, self.key.n);
        match &self.body {
            Body::Records(records) => {
                put_number(&mut out, records.len() as u64);
                records.iter().for_each(|record| record.write(&mut out));
            }
            Body::Seal { next_epoch, token } => {
                put_number(&mut out, *next_epoch);
                out.extend_from_slice(token);
            }
            Body::Snapshot(manifest) => {
                let Manifest {
                    id,
                    pieces,
                    bytes,
                    seq,
                    epoch,
                    crc,
                } = manifest;
                out.extend_from_slice(id);
                for number in [u64::from(*pieces), *bytes, *seq, *epoch] {
                    put_number(&mut out, number);
                }
                out.extend_from_slice(&crc.to_le_bytes());
            }
        }
        let checksum = crc64(0, &out);
        out.extend_from_slice(&checksum.to_le_bytes());

        out
    }

    /// The block that `bytes`, found at `key` in `database`, are.
    pub fn from_bytes(
        database: [u8; 16],
        key: BlockKey,
        bytes: &[u8],
    ) -> Result<Block, BlockError> {
        let checked = bytes
            .len()
            .checked_sub(CHECKSUM)
            .ok_or(BlockError::Corrupt)?;
        let (checked, checksum) = bytes.split_at(checked);
        if crc64(0, checked).to_le_bytes() != checksum {
            return Err(BlockError::Corrupt);
        }
        let mut cursor = Cursor::new(checked);
        if cursor.array().as_ref() != Some(MAGIC) {
            return Err(BlockError::Corrupt);
        }
        let version = cursor.byte().ok_or(BlockError::Corrupt)?;
        if version != VERSION {
            return Err(BlockError::Version(version));
        }
        let block = read_block(&mut cursor)?;
        if !cursor.is_empty() {
            return Err(BlockError::Corrupt);
        }
        if block.database != database || block.key != key {
            return Err(BlockError::Foreign);
        }

        Ok(block)
    }
}

fn read_block(cursor: &mut Cursor<'_>) -> Result<Block, BlockError> {
    let head = |cursor: &mut Cursor<'_>| {
        let (kind, database) = (cursor.byte()?, cursor.array()?);
        let key = BlockKey {
            epoch: cursor.number()?,
            n: cursor.number()?,
        };
        Some((kind, database, key))
    };
    let (kind, database, key) = head(cursor).ok_or(BlockError::Corrupt)?;
    let body = match kind {
        0 => {
            let count = cursor.count().ok_or(BlockError::Corrupt)?;
            let records = (0..count).map(|_| Record::read(cursor));
            Body::Records(records.collect::<Result<_, _>>()?)
        }
        1 => read_seal(cursor).ok_or(BlockError::Corrupt)?,
        2 => read_manifest(cursor)
            .map(Body::Snapshot)
            .ok_or(BlockError::Corrupt)?,
        _ => return Err(BlockError::Corrupt),
    };

    Ok(Block {
        database,
        key,
        body,
    })
}

fn read_seal(cursor: &mut Cursor<'_>) -> Option<Body> {
    Some(Body::Seal {
        next_epoch: cursor.number()?,
        token: cursor.array()?,
    })
}

fn read_manifest(cursor: &mut Cursor<'_>) -> Option<Manifest> {
    Some(Manifest {
        id: cursor.array()?,
        pieces: u32::try_from(cursor.number()?).ok()?,
        bytes: cursor.number()?,
        seq: cursor.number()?,
        epoch: cursor.number()?,
        crc: u64::from_le_bytes(cursor.array()?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::base::rng::Rng;

    const DATABASE: [u8; 16] = *b"sixteen bytes ..";

    #[test]
    fn blocks_come_back_and_damage_is_seen() {
        let mut rng = Rng::new(1);
        for round in 0..60 {
            let block = samples::block(&mut rng, DATABASE, round);
            let (key, bytes) = (block.key, block.to_bytes());
            assert_eq!(Block::from_bytes(DATABASE, key, &bytes), Ok(block));
            for bit in 0..bytes.len() * 8 {
                let mut damaged = bytes.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                let damaged = Block::from_bytes(DATABASE, key, &damaged);
                assert_eq!(damaged, Err(BlockError::Corrupt), "bit {bit}");
            }
            for cut in 0..bytes.len() {
                let cut = Block::from_bytes(DATABASE, key, &bytes[..cut]);
                assert_eq!(cut, Err(BlockError::Corrupt));
            }
        }
    }

    #[test]
    fn a_block_of_elsewhere_is_foreign() {
        let mut rng = Rng::new(2);
        let block = samples::block(&mut rng, DATABASE, 0);
        let bytes = block.to_bytes();
        let foreign = Err(BlockError::Foreign);
        assert_eq!(Block::from_bytes([0; 16], block.key, &bytes), foreign);
        assert_eq!(
            Block::from_bytes(DATABASE, block.key.next(), &bytes),
            foreign
        );
    }
}
