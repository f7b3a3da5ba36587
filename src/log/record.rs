//! A record: what one call changed, and whose call it was. In the log, and in messages to followers.
//!
//! ```text
//! length of what follows up to the checksum   number
//! version = 1                                 u8
//! seq, epoch, time_ms, origin, request        number each
//! reply                                       byte string
//! count of effects                            number
//!   db, count of words                        number each
//!   words                                     byte string each
//! CRC-64 of all before                        u64, little-endian
//! ```
//!
//! Numbers and byte strings are those of `base::wire`. Bytes that are not wholly valid are no record.
use crate::base::crc::crc64;
use crate::base::wire::{Cursor, number_len, put_bytes, put_number};
use crate::command::{Effect, Words};

const VERSION: u8 = 1;
const CHECKSUM: usize = 8;

/// What one call changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Position in the log: counts from 1 without gaps, through all epochs.
    pub seq: u64,
    pub epoch: u64,
    /// When the leader ran the call, in milliseconds of the Unix epoch.
    pub time_ms: u64,
    /// The node whose call it was, and that node's number for the call; 0 for the leader's own doing.
    pub origin: u64,
    pub request: u64,
    /// What the call was answered, in the form nodes use between them: a call repeated is not run again.
    /// Empty where nobody may repeat it.
    pub reply: Box<[u8]>,
    pub effects: Vec<Effect>,
}

/// Why bytes are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// Not wholly there, or damaged.
    Corrupt,
    /// Whole, but written by a newer build.
    Version(u8),
}

impl Record {
    /// Appends the record's bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let body_len = self.body_len();
        out.reserve(number_len(body_len as u64) + body_len + CHECKSUM);
        put_number(out, body_len as u64);
        out.push(VERSION);
        self.numbers()
            .into_iter()
            .for_each(|number| put_number(out, number));
        put_bytes(out, &self.reply);
        put_number(out, self.effects.len() as u64);
        for effect in &self.effects {
            put_number(out, effect.db as u64);
            out.extend_from_slice(effect.argv.as_bytes());
        }
        let checksum = crc64(0, &out[start..]);
        out.extend_from_slice(&checksum.to_le_bytes());
    }

    fn numbers(&self) -> [u64; 5] {
        [
            self.seq,
            self.epoch,
            self.time_ms,
            self.origin,
            self.request,
        ]
    }

    /// What `write` writes between the length and the checksum.
    fn body_len(&self) -> usize {
        let effect_len =
            |effect: &Effect| number_len(effect.db as u64) + effect.argv.as_bytes().len();
        let effects = self.effects.iter().map(effect_len).sum::<usize>();
        let (reply, count) = (self.reply.len(), self.effects.len());
        let numbers = self.numbers().map(number_len).iter().sum::<usize>();

        1 + numbers + number_len(reply as u64) + reply + number_len(count as u64) + effects
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);

        out
    }

    /// Reads the record that `cursor` stands at.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Record, RecordError> {
        let mut ahead = cursor.clone();
        ahead.bytes().ok_or(RecordError::Corrupt)?;
        let (checked, _) = cursor
            .rest()
            .split_at(cursor.rest().len() - ahead.rest().len());
        let checksum = ahead.array::<CHECKSUM>().ok_or(RecordError::Corrupt)?;
        if crc64(0, checked).to_le_bytes() != checksum {
            return Err(RecordError::Corrupt);
        }

        Outline::read(cursor)?.to_record()
    }
}

/// A record of which nothing has been copied: its effects are still bytes.
#[derive(Clone, Debug)]
pub struct Outline<'a> {
    pub seq: u64,
    pub epoch: u64,
    pub time_ms: u64,
    pub origin: u64,
    pub request: u64,
    pub reply: &'a [u8],
    effects: Cursor<'a>,
}

impl<'a> Outline<'a> {
    /// Reads the record that `cursor` stands at, of whose bytes a checksum around it tells that they are right.
    pub fn read(cursor: &mut Cursor<'a>) -> Result<Outline<'a>, RecordError> {
        read_outline(read_body(cursor)?).ok_or(RecordError::Corrupt)
    }

    /// Passes over such a record; answers its seq and origin.
    pub fn skip(cursor: &mut Cursor<'a>) -> Result<(u64, u64), RecordError> {
        let mut body = read_body(cursor)?;
        let mut number = || body.number().ok_or(RecordError::Corrupt);
        let seq = number()?;
        // Its epoch and time.
        let _ = (number()?, number()?);

        Ok((seq, number()?))
    }

    pub fn effects(&self) -> Result<Vec<Effect>, RecordError> {
        let mut effects = self.effects.clone();
        let read = (0..effects.count().unwrap_or_default()).map(|_| read_effect(&mut effects));

        read.collect::<Option<_>>().ok_or(RecordError::Corrupt)
    }

    pub fn to_record(&self) -> Result<Record, RecordError> {
        Ok(Record {
            seq: self.seq,
            epoch: self.epoch,
            time_ms: self.time_ms,
            origin: self.origin,
            request: self.request,
            reply: self.reply.into(),
            effects: self.effects()?,
        })
    }
}

fn read_body<'a>(cursor: &mut Cursor<'a>) -> Result<Cursor<'a>, RecordError> {
    let body = cursor.bytes().ok_or(RecordError::Corrupt)?;
    cursor.array::<CHECKSUM>().ok_or(RecordError::Corrupt)?;
    let mut body = Cursor::new(body);

    match body.byte().ok_or(RecordError::Corrupt)? {
        VERSION => Ok(body),
        version => Err(RecordError::Version(version)),
    }
}

fn read_outline(mut body: Cursor<'_>) -> Option<Outline<'_>> {
    let outline = Outline {
        seq: body.number()?,
        epoch: body.number()?,
        time_ms: body.number()?,
        origin: body.number()?,
        request: body.number()?,
        reply: body.bytes()?,
        effects: body.clone(),
    };
    for _ in 0..body.count()? {
        read_db(&mut body)?;
        for _ in 0..body.count()? {
            body.bytes()?;
        }
    }

    body.is_empty().then_some(outline)
}

fn read_effect(body: &mut Cursor<'_>) -> Option<Effect> {
    let db = read_db(body)?;
    Some(Effect {
        db,
        argv: Words::read(body)?,
    })
}

fn read_db(body: &mut Cursor<'_>) -> Option<usize> {
    let db = usize::try_from(body.number()?).ok()?;

    (db < crate::keyspace::DATABASES).then_some(db)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn records_come_back() {
        let mut rng = Rng::new(1);
        let records: Vec<Record> = (1..300).map(|seq| samples::record(&mut rng, seq)).collect();
        let mut bytes = Vec::new();
        records.iter().for_each(|record| record.write(&mut bytes));
        let mut cursor = Cursor::new(&bytes);
        for record in &records {
            assert_eq!(Record::read(&mut cursor).as_ref(), Ok(record));
        }
        assert!(cursor.is_empty());
    }

    #[test]
    fn damage_is_seen() {
        let mut rng = Rng::new(2);
        for seq in 1..40 {
            let bytes = samples::record(&mut rng, seq).to_bytes();
            for bit in 0..bytes.len() * 8 {
                let mut damaged = bytes.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                assert!(
                    Record::read(&mut Cursor::new(&damaged)).is_err(),
                    "bit {bit}"
                );
            }
            for cut in 0..bytes.len() {
                let cut = &bytes[..cut];
                assert_eq!(
                    Record::read(&mut Cursor::new(cut)),
                    Err(RecordError::Corrupt)
                );
            }
        }
    }

    #[test]
    fn what_a_valid_checksum_covers_is_checked_too() {
        let mut rng = Rng::new(3);
        for _ in 0..20_000 {
            let mut body: Vec<u8> = (0..rng.index(30)).map(|_| rng.below(6) as u8).collect();
            body.insert(0, VERSION);
            let mut bytes = Vec::new();
            put_bytes(&mut bytes, &body);
            let checksum = crc64(0, &bytes);
            bytes.extend_from_slice(&checksum.to_le_bytes());
            if let Ok(record) = Record::read(&mut Cursor::new(&bytes)) {
                assert_eq!(record.to_bytes(), bytes, "a record has one form");
            }
        }
    }

    #[test]
    fn a_newer_version_is_told_from_damage() {
        let mut bytes = Vec::new();
        put_bytes(&mut bytes, b"\x02what a later build writes");
        let checksum = crc64(0, &bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        assert_eq!(
            Record::read(&mut Cursor::new(&bytes)),
            Err(RecordError::Version(2))
        );
    }
}
