//! Writing a snapshot, in slices over a walk of the keyspace or at once.
use std::collections::VecDeque;

use super::{Aux, SIGNATURE, aux, opcode};
use crate::base::crc::crc64;
use crate::base::xxh64::xxh64;
use crate::keyspace::{DATABASES, Keyspace, Walked};
use crate::value::rdb::{self, element_count};
use crate::value::{Value, ValueRef};

/// All pieces are of this size but the last. Browser: a page stands still while it hands one to storage, for four
/// milliseconds where it is of 1 MiB.
pub const PIECE_BYTES: usize = 256 << 10;

/// To look for repetitions in shorter strings takes half of the time of an image, and saves a few bytes.
const COMPRESSED_FROM: usize = 64;

/// Slots of a table walked between two looks at the budget.
const SLOTS: usize = 8;

/// What a key costs beside its bytes, and that many slots.
const KEY_WORK: u64 = 64;
const SLOTS_WORK: u64 = 32;

/// A collection of so many bytes is written in parts.
const LONG_BYTES: usize = 16 << 10;
/// Elements written between two looks at the budget. A list's are its nodes, of 8 KiB.
const ELEMENTS: usize = 4;
const ELEMENT_WORK: u64 = 16;

/// What a snapshot's manifest must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub pieces: u32,
    pub bytes: u64,
    /// As `Sum::Xxh64` has it.
    pub xxh64: u64,
}

/// Writes the image of a keyspace slice by slice while the keyspace goes on changing.
pub struct SnapshotWriter {
    file: File,
    /// A collection of which the first elements have been written.
    part: Option<Part>,
    /// Keys that the walk has shown and that are written behind it.
    waiting: VecDeque<Waiting>,
    walking: bool,
    pieces: VecDeque<Vec<u8>>,
    summary: Summary,
    ended: bool,
}

/// A clone, which shares all that is not changed meanwhile.
struct Part {
    value: Value,
    next: usize,
    count: usize,
}

struct Waiting {
    db: usize,
    key: Box<[u8]>,
    value: Value,
    expires_at_ms: Option<u64>,
}

impl From<Walked<'_>> for Waiting {
    fn from(walked: Walked) -> Self {
        Waiting {
            db: walked.db,
            key: walked.key.into(),
            value: walked.value.to_owned(),
            expires_at_ms: walked.expires_at_ms,
        }
    }
}

impl SnapshotWriter {
    /// Begins a walk of the keyspace, of which there is one at a time: the image is that of this instant.
    pub fn begin(keyspace: &mut Keyspace, aux: &Aux) -> Self {
        keyspace.walk_begin();
        SnapshotWriter {
            file: File::begin(keyspace, aux, None),
            part: None,
            waiting: VecDeque::new(),
            walking: true,
            pieces: VecDeque::new(),
            summary: Summary {
                pieces: 0,
                bytes: 0,
                xxh64: 0,
            },
            ended: false,
        }
    }

    /// Writes until the work comes to about `budget`, or one string where that is more; answers whether the
    /// image goes on. Work is counted in what bytes cost: each key costs some beside its own.
    pub fn step(&mut self, keyspace: &mut Keyspace, budget: usize) -> bool {
        if self.ended {
            return false;
        }
        let mut going = true;
        let start = self.file.written();
        let mut extra = 0;
        while going && (self.file.written() - start).saturating_add(extra) < budget as u64 {
            if let Some(part) = self.part.take() {
                extra += ELEMENTS as u64 * ELEMENT_WORK;
                self.part = self.write_part(keyspace, part);
            } else if let Some(next) = self.waiting.pop_front() {
                self.write_waiting(keyspace, next);
            } else if self.walking {
                extra += SLOTS_WORK;
                self.walk(keyspace, &mut extra);
            } else {
                going = false;
            }
        }
        if !going {
            self.file.end();
            self.ended = true;
        }
        self.cut();

        going
    }

    fn walk(&mut self, keyspace: &mut Keyspace, extra: &mut u64) {
        let (file, waiting) = (&mut self.file, &mut self.waiting);
        self.walking = keyspace.walk_step(SLOTS, |walked| {
            *extra += KEY_WORK;
            let long = walked.bytes >= LONG_BYTES && element_count(walked.value).is_some();
            if long || !waiting.is_empty() {
                waiting.push_back(walked.into());
            } else {
                file.entry(walked.db, walked.key, walked.value, walked.expires_at_ms);
            }
        });
    }

    fn write_waiting(&mut self, keyspace: &mut Keyspace, next: Waiting) {
        let value = next.value.as_ref();
        self.file
            .head(next.db, &next.key, value, next.expires_at_ms);
        match element_count(value) {
            None => {
                self.file.writer.value(value);
                keyspace.bury(next.value);
            }
            Some(count) => {
                self.file.writer.length(count as u64);
                let (value, next) = (next.value, 0);
                self.part = Some(Part { value, next, count });
            }
        }
    }

    /// Answers what is left of it.
    fn write_part(&mut self, keyspace: &mut Keyspace, mut part: Part) -> Option<Part> {
        let end = part.count.min(part.next + ELEMENTS);
        let value = part.value.as_ref();
        self.file.writer.elements(value, part.next..end);
        part.next = end;
        if end < part.count {
            return Some(part);
        }
        keyspace.bury(part.value);

        None
    }

    /// Gives the image up. What it alone still holds of a long value is dropped in slices.
    pub fn abort(self, keyspace: &mut Keyspace) {
        let part = self.part.map(|part| part.value);
        let waiting = self.waiting.into_iter().map(|waiting| waiting.value);
        part.into_iter()
            .chain(waiting)
            .for_each(|value| keyspace.bury(value));
        keyspace.walk_abort();
    }

    /// A piece that is complete, in order; the last one comes once `step` has answered that nothing follows.
    pub fn next_piece(&mut self) -> Option<Vec<u8>> {
        self.pieces.pop_front()
    }

    /// Pieces that are complete and were not handed out yet.
    pub fn waiting_pieces(&self) -> usize {
        self.pieces.len()
    }

    /// What the manifest must say; `None` until the image is complete.
    pub fn summary(&self) -> Option<Summary> {
        self.ended.then_some(self.summary)
    }

    fn cut(&mut self) {
        let bytes = self.file.writer.bytes().len();
        if bytes < PIECE_BYTES && !self.ended {
            return;
        }
        let bytes = self.file.take();
        let (whole, rest) = bytes.as_chunks::<PIECE_BYTES>();
        whole.iter().for_each(|piece| self.push(piece));
        if self.ended && !rest.is_empty() {
            self.push(rest);
        } else {
            self.file.put_back(rest);
        }
    }

    fn push(&mut self, piece: &[u8]) {
        self.summary.pieces += 1;
        self.summary.bytes += piece.len() as u64;
        self.summary.xxh64 = xxh64(self.summary.xxh64, piece);
        self.pieces.push_back(piece.to_vec());
    }
}

/// A whole file. Keys that are hidden because they are due are no part of it.
pub fn save(keyspace: &Keyspace, aux: &Aux) -> Vec<u8> {
    let mut file = File::begin(keyspace, aux, Some(0));
    for db in 0..DATABASES {
        for (key, entry) in keyspace.keys(db).iter() {
            file.entry(db, key, entry.value(), entry.expires_at_ms());
        }
    }
    file.end();

    file.writer.take()
}

/// The file under way.
struct File {
    writer: rdb::Writer,
    db: Option<usize>,
    /// Keys and expiring keys of each database at the beginning: a hint for the reader, given once.
    sizes: [Option<(usize, usize)>; DATABASES],
    /// Bytes already taken from the writer.
    taken: u64,
    /// Of what was taken and of so many of the writer's bytes. A file without one ends with 0.
    crc: Option<u64>,
    checked: usize,
}

impl File {
    fn begin(keyspace: &Keyspace, aux: &Aux, crc: Option<u64>) -> Self {
        let size = |db| Some((keyspace.keys(db).len(), keyspace.keys(db).expiring()));
        let mut file = File {
            writer: rdb::Writer::compressing_from(COMPRESSED_FROM),
            db: None,
            sizes: std::array::from_fn(size),
            taken: 0,
            crc,
            checked: 0,
        };
        file.writer.raw(SIGNATURE);
        file.writer.raw(format!("{:04}", rdb::VERSION).as_bytes());
        file.aux("redis-ver", "7.0.15");
        file.aux("redis-bits", "64");
        let fields = [
            (aux::CTIME, aux.time_ms / 1000),
            (aux::USED_MEM, aux.used_bytes),
            (aux::SEQ, aux.seq),
            (aux::EPOCH, aux.epoch),
        ];
        for (name, number) in fields {
            file.aux(name, &number.to_string());
        }

        file
    }

    fn aux(&mut self, name: &str, text: &str) {
        self.writer.byte(opcode::AUX);
        self.writer.string(name.as_bytes());
        self.writer.string(text.as_bytes());
    }

    fn entry(&mut self, db: usize, key: &[u8], value: ValueRef, expires_at_ms: Option<u64>) {
        self.head(db, key, value, expires_at_ms);
        self.writer.value(value);
    }

    /// All of an entry but its value.
    fn head(&mut self, db: usize, key: &[u8], value: ValueRef, expires_at_ms: Option<u64>) {
        if self.db != Some(db) {
            self.select(db);
        }
        if matches!(value, ValueRef::Json(_)) {
            self.aux(aux::JSON, "1");
        }
        if let Some(at) = expires_at_ms {
            self.writer.byte(opcode::EXPIRES_MS);
            self.writer.raw(&at.to_le_bytes());
        }
        self.writer.byte(rdb::type_byte(value));
        self.writer.string(key);
    }

    /// A walk may come back to a database, so this may be written more than once for one.
    fn select(&mut self, db: usize) {
        self.db = Some(db);
        self.writer.byte(opcode::SELECT_DB);
        self.writer.length(db as u64);
        if let Some((keys, expiring)) = self.sizes[db].take() {
            self.writer.byte(opcode::RESIZE_DB);
            self.writer.length(keys as u64);
            self.writer.length(expiring as u64);
        }
    }

    fn end(&mut self) {
        self.writer.byte(opcode::END);
        self.check();
        let crc = self.crc.unwrap_or(0);
        self.writer.raw(&crc.to_le_bytes());
    }

    /// Brings the checksum up to what has been written.
    fn check(&mut self) {
        let bytes = self.writer.bytes();
        if let Some(crc) = &mut self.crc {
            *crc = crc64(*crc, &bytes[self.checked..]);
        }
        self.checked = bytes.len();
    }

    /// Takes what has been written.
    fn take(&mut self) -> Vec<u8> {
        self.check();
        let bytes = self.writer.take();
        self.checked = 0;
        self.taken += bytes.len() as u64;

        bytes
    }

    /// Puts back the end of what was taken.
    fn put_back(&mut self, rest: &[u8]) {
        self.writer.raw(rest);
        self.checked = rest.len();
        self.taken -= rest.len() as u64;
    }

    fn written(&self) -> u64 {
        self.taken + self.writer.bytes().len() as u64
    }
}
