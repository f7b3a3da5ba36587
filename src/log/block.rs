//! A block: one entry of the log as storage keeps it, under its key.
//!
//! ```text
//! "kilatlog"                  8 bytes
//! format version              u8: 1; 2 for a snapshot summed up by XXH64, which builds of version 1 cannot check
//! kind                        u8: 0 records, 1 seal, 2 snapshot
//! database                    16 bytes
//! epoch, n                    number each: the block's key
//! records:  count             number, then the records
//! seal:     next epoch        number, then the token's 16 bytes
//! snapshot: id                16 bytes, then pieces, bytes, seq, epoch as numbers and the sum as u64
//! CRC-64 of all before        u64, little-endian
//! ```
use super::record::{Outline, Record, RecordError};
use super::snapshot::Sum;
use crate::base::crc::crc64;
use crate::base::wire::{Cursor, put_number};

const MAGIC: &[u8; 8] = b"kilatlog";
/// Room for most blocks.
const BLOCK_BYTES: usize = 128;
const VERSION: u8 = 2;
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

impl Body {
    /// The first version of the format that has it.
    fn version(&self) -> u8 {
        match self {
            Body::Snapshot(manifest) if matches!(manifest.sum, Sum::Xxh64(_)) => 2,
            _ => 1,
        }
    }
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
    /// Of the pieces' bytes.
    pub sum: Sum,
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
        let mut out = Vec::with_capacity(BLOCK_BYTES);
        out.extend_from_slice(MAGIC);
        out.push(self.body.version());
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
                    sum: Sum::Crc64(sum) | Sum::Xxh64(sum),
                } = manifest;
                out.extend_from_slice(id);
                for number in [u64::from(*pieces), *bytes, *seq, *epoch] {
                    put_number(&mut out, number);
                }
                out.extend_from_slice(&sum.to_le_bytes());
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
        let (version, kind, mut cursor) = read_head(database, key, bytes)?;
        let body = match kind {
            0 => {
                let count = cursor.count().ok_or(BlockError::Corrupt)?;
                let records = (0..count).map(|_| Outline::read(&mut cursor)?.to_record());
                Body::Records(records.collect::<Result<_, _>>()?)
            }
            kind => read_body(version, kind, &mut cursor)?,
        };
        if !cursor.is_empty() {
            return Err(BlockError::Corrupt);
        }

        Ok(Block {
            database,
            key,
            body,
        })
    }
}

/// A block of which no record has been copied.
#[derive(Clone, Debug)]
pub enum Opened {
    Records(Records),
    /// `Body::Records` is none of these.
    Other(Body),
}

/// The records of a block whose checksum is right, as bytes: each is read when it is wanted.
#[derive(Clone, Debug)]
pub struct Records {
    bytes: Vec<u8>,
    begin: usize,
    count: usize,
    /// Of the last one; 0 where there is none.
    pub last_seq: u64,
    /// Some are of calls that came from another node.
    pub has_origins: bool,
}

impl Records {
    pub fn iter(&self) -> impl Iterator<Item = Outline<'_>> {
        let mut cursor = Cursor::new(&self.bytes[self.begin..]);

        (0..self.count).map_while(move |_| Outline::read(&mut cursor).ok())
    }
}

impl Opened {
    /// As `Block::from_bytes`, but what a record's effects are is not looked at.
    pub fn from_bytes(
        database: [u8; 16],
        key: BlockKey,
        bytes: Vec<u8>,
    ) -> Result<Opened, BlockError> {
        let (version, kind, mut cursor) = read_head(database, key, &bytes)?;
        if kind != 0 {
            let body = read_body(version, kind, &mut cursor)?;
            let whole = cursor.is_empty().then_some(Opened::Other(body));
            return whole.ok_or(BlockError::Corrupt);
        }
        let count = cursor.count().ok_or(BlockError::Corrupt)?;
        let begin = bytes.len() - CHECKSUM - cursor.rest().len();
        let (mut last_seq, mut has_origins) = (0, false);
        for _ in 0..count {
            let (seq, origin) = Outline::skip(&mut cursor)?;
            last_seq = seq;
            has_origins |= origin != 0;
        }
        if !cursor.is_empty() {
            return Err(BlockError::Corrupt);
        }

        Ok(Opened::Records(Records {
            bytes,
            begin,
            count,
            last_seq,
            has_origins,
        }))
    }
}

/// The block as it would be in a version of the format that is not known yet.
#[cfg(any(test, feature = "sim"))]
pub fn make_newer(block: &mut [u8]) {
    let Some((checked, checksum)) = block.split_last_chunk_mut::<CHECKSUM>() else {
        return;
    };
    if let Some(version) = checked.get_mut(MAGIC.len()) {
        *version = VERSION + 1;
    }
    *checksum = crc64(0, checked).to_le_bytes();
}

/// Checks all that blocks have in common; answers version and kind, and a cursor at what is the kind's own.
fn read_head(
    database: [u8; 16],
    key: BlockKey,
    bytes: &[u8],
) -> Result<(u8, u8, Cursor<'_>), BlockError> {
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
    if !(1..=VERSION).contains(&version) {
        return Err(BlockError::Version(version));
    }
    let head = |cursor: &mut Cursor<'_>| {
        let (kind, database) = (cursor.byte()?, cursor.array()?);
        let key = BlockKey {
            epoch: cursor.number()?,
            n: cursor.number()?,
        };
        Some((kind, database, key))
    };
    let (kind, found_in, found_at) = head(&mut cursor).ok_or(BlockError::Corrupt)?;
    if found_in != database || found_at != key {
        return Err(BlockError::Foreign);
    }

    Ok((version, kind, cursor))
}

/// The body of a block that holds no records.
fn read_body(version: u8, kind: u8, cursor: &mut Cursor<'_>) -> Result<Body, BlockError> {
    let body = match kind {
        1 => read_seal(cursor),
        2 => read_manifest(version, cursor).map(Body::Snapshot),
        _ => None,
    };

    body.ok_or(BlockError::Corrupt)
}

fn read_seal(cursor: &mut Cursor<'_>) -> Option<Body> {
    Some(Body::Seal {
        next_epoch: cursor.number()?,
        token: cursor.array()?,
    })
}

fn read_manifest(version: u8, cursor: &mut Cursor<'_>) -> Option<Manifest> {
    Some(Manifest {
        id: cursor.array()?,
        pieces: u32::try_from(cursor.number()?).ok()?,
        bytes: cursor.number()?,
        seq: cursor.number()?,
        epoch: cursor.number()?,
        sum: match (version, u64::from_le_bytes(cursor.array()?)) {
            (1, sum) => Sum::Crc64(sum),
            (_, sum) => Sum::Xxh64(sum),
        },
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
    fn a_block_that_is_opened_says_the_same() {
        let mut rng = Rng::new(3);
        for round in 0..60 {
            let block = samples::block(&mut rng, DATABASE, round);
            let (key, bytes) = (block.key, block.to_bytes());
            let opened = Opened::from_bytes(DATABASE, key, bytes.clone());
            match (opened, block.body) {
                (Ok(Opened::Records(opened)), Body::Records(records)) => {
                    let last = records.last().map_or(0, |record| record.seq);
                    assert_eq!(opened.last_seq, last);
                    let has_origins = records.iter().any(|record| record.origin != 0);
                    assert_eq!(opened.has_origins, has_origins);
                    let read = opened.iter().map(|outline| outline.to_record());
                    assert_eq!(read.collect::<Result<Vec<_>, _>>(), Ok(records));
                }
                (Ok(Opened::Other(body)), expected) => assert_eq!(body, expected),
                (opened, body) => unreachable!("{opened:?} in place of {body:?}"),
            }
            for cut in 0..bytes.len() {
                let cut = Opened::from_bytes(DATABASE, key, bytes[..cut].to_vec());
                assert_eq!(cut.err(), Some(BlockError::Corrupt));
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
