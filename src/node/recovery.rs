//! From what storage holds to the data: the log is read to its end, the newest snapshot that is whole is loaded,
//! what it lacks is applied. The log before that snapshot is passed over where a hint names it and all that is read
//! then is whole; at the first thing that is not, it begins anew and reads all.
//!
//! Every byte is checked. What is damaged is left aside and told, never half-applied. A hole in the log with
//! greater keys behind it, or a piece that is gone, means that a cut has overtaken the reading: it begins anew. A cut
//! takes what is before the hole first, and the pieces of what is not the newest: what is met again is damage.
use super::hint::{HINT, Hint};
use super::log_size::LogSize;
use super::replay::Replay;
use super::snapshots::Published;
use super::{BlockKey, Position, StorageOp, StorageReply};
use crate::command::{Role, Settings};
use crate::engine::Engine;
use crate::keyspace::Keyspace;
use crate::log::snapshot::SnapshotReader;
use crate::log::{BlockError, Body, Manifest, Opened, Records};
use crate::replica::Answered;

const READ_BYTES: usize = 4 << 20;

/// What the log and snapshots came to.
pub(super) struct Recovered {
    pub keyspace: Keyspace,
    pub seq: u64,
    pub position: Position,
    pub answered: Answered,
    pub snapshots: Vec<Published>,
    /// Of the log behind the newest snapshot.
    pub log: LogSize,
    /// A sentence for each damage.
    pub damage: Vec<String>,
    /// A newer build has written here: from there on nothing was applied.
    pub newer: Option<String>,
    /// There are blocks of another database.
    pub foreign: bool,
    /// What was acknowledged is gone: no snapshot is whole and the log before it was cut, or a block that others
    /// build on is damaged.
    pub lost: bool,
    /// The greatest block cannot be read: it may have been a seal.
    pub tail_is_damaged: bool,
}

impl Recovered {
    /// Of a log that was never written to.
    fn nothing(settings: &Settings) -> Recovered {
        Recovered {
            keyspace: Keyspace::new(settings.limits),
            seq: 0,
            position: Position::default(),
            answered: Answered::default(),
            snapshots: Vec::new(),
            log: LogSize::default(),
            damage: Vec::new(),
            newer: None,
            foreign: false,
            lost: false,
            tail_is_damaged: false,
        }
    }
}

pub(super) enum Step {
    Again,
    Done(Box<Recovered>),
}

pub(super) enum Entry {
    Records(Records),
    /// A seal, or what publishes a snapshot.
    Other(Body),
    Damaged,
    Newer,
    Foreign,
}

pub(super) struct Item {
    pub key: BlockKey,
    pub entry: Entry,
    bytes: usize,
}

enum Stage {
    Hint,
    Log,
    /// Pieces of the snapshot that the item of this index publishes.
    Pieces {
        item: usize,
        index: u32,
        reader: Box<SnapshotReader>,
    },
}

pub(super) struct Recovery {
    stage: Stage,
    /// The log is read from there on.
    hint: Option<Hint>,
    read_from: BlockKey,
    items: Vec<Item>,
    damage: Vec<String>,
    /// Snapshots behind this item are damaged.
    candidates: usize,
    /// The block before the first hole that the last attempt met.
    hole: Option<BlockKey>,
    /// Snapshots that earlier attempts missed a piece of.
    missed: Vec<[u8; 16]>,
}

impl Recovery {
    pub fn new() -> Self {
        Recovery {
            stage: Stage::Hint,
            hint: None,
            read_from: BlockKey::default(),
            items: Vec::new(),
            damage: Vec::new(),
            candidates: 0,
            hole: None,
            missed: Vec::new(),
        }
    }

    /// What it wants of storage.
    pub fn op(&self) -> StorageOp {
        match &self.stage {
            Stage::Hint => StorageOp::ReadPiece {
                snapshot: HINT,
                index: 0,
            },
            Stage::Log => StorageOp::Read {
                from: self.read_from,
                bytes_max: READ_BYTES,
            },
            Stage::Pieces { item, index, .. } => {
                let manifest = self.manifest(*item).expect("pieces are read of a snapshot");
                StorageOp::ReadPiece {
                    snapshot: manifest.id,
                    index: *index,
                }
            }
        }
    }

    pub fn feed(&mut self, reply: StorageReply, identity: [u8; 16], settings: &Settings) -> Step {
        match reply {
            StorageReply::Blocks(blocks) if blocks.is_empty() => {
                if self.hint.is_some_and(|hint| !self.bears_out(hint)) {
                    return self.anew();
                }
                if let Some(hole) = self.hole() {
                    if self.hole.replace(hole) != Some(hole) {
                        return self.anew();
                    }
                    self.damage.push("A block of the log is missing.".into());
                }
                if self.items.is_empty() && self.damage.is_empty() {
                    return Step::Done(Box::new(Recovered::nothing(settings)));
                }
                self.candidates = self.items.len();
                self.next_snapshot(settings)
            }
            StorageReply::Blocks(blocks) => {
                for (key, bytes) in blocks {
                    self.add(key, bytes, identity);
                }
                Step::Again
            }
            StorageReply::Piece(piece) if matches!(self.stage, Stage::Hint) => {
                self.stage = Stage::Log;
                self.hint = piece.and_then(|bytes| Hint::from_bytes(&bytes));
                self.read_from = self.hint.map_or(BlockKey::default(), |hint| hint.from);
                Step::Again
            }
            StorageReply::Piece(piece) => self.piece(piece, settings),
            _ => Step::Again,
        }
    }

    fn add(&mut self, key: BlockKey, bytes: Vec<u8>, identity: [u8; 16]) {
        let len = bytes.len();
        let entry = match Opened::from_bytes(identity, key, bytes) {
            Ok(Opened::Records(records)) => Entry::Records(records),
            Ok(Opened::Other(body)) => Entry::Other(body),
            Err(BlockError::Version(_)) => Entry::Newer,
            Err(BlockError::Foreign) => Entry::Foreign,
            Err(_) => Entry::Damaged,
        };
        self.read_from = key.next();
        self.items.push(Item {
            key,
            entry,
            bytes: len,
        });
    }

    /// Whether the log, read from there on, is whole and names that snapshot.
    fn bears_out(&self, hint: Hint) -> bool {
        let is_whole = |item: &Item| matches!(item.entry, Entry::Records(_) | Entry::Other(_));
        let at = self.items.iter().position(|item| item.key == hint.at);
        let named = at.and_then(|item| self.manifest(item));

        self.items.first().is_some_and(|item| item.key == hint.from)
            && named.is_some_and(|manifest| manifest.id == hint.snapshot)
            && self.items.iter().all(is_whole)
            && self.hole().is_none()
    }

    /// From the log's beginning, whatever the hint says.
    fn anew(&mut self) -> Step {
        *self = Recovery {
            stage: Stage::Log,
            hole: self.hole,
            missed: std::mem::take(&mut self.missed),
            ..Recovery::new()
        };

        Step::Again
    }

    /// The first item that a cut has left: seals before it stand alone.
    fn first_whole(&self) -> usize {
        let seal = |item: &Item| matches!(item.entry, Entry::Other(Body::Seal { .. }));

        self.items.iter().position(|item| !seal(item)).unwrap_or(0)
    }

    /// The block behind which keys do not follow one another.
    fn hole(&self) -> Option<BlockKey> {
        let items = &self.items[self.first_whole()..];
        let mut holes = items.windows(2).filter(|pair| {
            let expected = match &pair[0].entry {
                Entry::Other(body) => follower_of(pair[0].key, body),
                // What a newer build wrote cannot be read: no hole is seen behind it.
                Entry::Newer => pair[1].key,
                // A damaged seal cannot tell: the next epoch's first block may follow it.
                _ if pair[1].key.n == 0 => pair[1].key,
                _ => pair[0].key.next(),
            };
            pair[1].key != expected
        });

        holes.next().map(|pair| pair[0].key)
    }

    fn manifest(&self, item: usize) -> Option<&Manifest> {
        match &self.items.get(item)?.entry {
            Entry::Other(Body::Snapshot(manifest)) => Some(manifest),
            _ => None,
        }
    }

    /// Goes on to the newest snapshot that was not tried yet.
    fn next_snapshot(&mut self, settings: &Settings) -> Step {
        let found = (0..self.candidates)
            .rev()
            .find_map(|item| Some((item, self.manifest(item)?)));
        let Some((item, manifest)) = found else {
            return self.done(None, settings);
        };
        let (bytes, sum, pieces) = (manifest.bytes, manifest.sum, manifest.pieces);
        self.candidates = item;
        self.stage = Stage::Pieces {
            item,
            index: 0,
            reader: Box::new(SnapshotReader::of_own(settings.limits, bytes, sum)),
        };
        if pieces == 0 {
            return self.loaded(settings);
        }

        Step::Again
    }

    fn piece(&mut self, piece: Option<Vec<u8>>, settings: &Settings) -> Step {
        let Stage::Pieces {
            item,
            index,
            reader,
        } = &mut self.stage
        else {
            return Step::Again;
        };
        let item = *item;
        let read = piece.as_deref().map(|piece| reader.push(piece));
        *index += 1;
        let index = *index;
        match read {
            None if self.hint.is_some() || self.misses(item) => self.anew(),
            Some(Ok(()))
                if self
                    .manifest(item)
                    .is_some_and(|manifest| manifest.pieces > index) =>
            {
                Step::Again
            }
            Some(Ok(())) => self.loaded(settings),
            None => self.damaged_snapshot("a piece is missing", settings),
            Some(Err(error)) => self.damaged_snapshot(&error.to_string(), settings),
        }
    }

    /// Whether it is the first time that a piece of this snapshot is missing.
    fn misses(&mut self, item: usize) -> bool {
        let id = self.manifest(item).map(|manifest| manifest.id);
        let first = id.filter(|id| !self.missed.contains(id));
        self.missed.extend(first);

        first.is_some()
    }

    fn damaged_snapshot(&mut self, why: &str, settings: &Settings) -> Step {
        if self.hint.is_some() {
            return self.anew();
        }
        self.damage
            .push(format!("A snapshot was left aside: {why}."));
        self.stage = Stage::Log;

        self.next_snapshot(settings)
    }

    fn loaded(&mut self, settings: &Settings) -> Step {
        let Stage::Pieces { item, reader, .. } = std::mem::replace(&mut self.stage, Stage::Log)
        else {
            return Step::Again;
        };
        match reader.finish() {
            Err(error) => self.damaged_snapshot(&error.to_string(), settings),
            Ok(loaded) => {
                let sum = self.manifest(item).map(|manifest| manifest.sum);
                if Some(loaded.sum) != sum {
                    return self.damaged_snapshot("its checksum is another", settings);
                }
                self.done(Some((item, loaded.keyspace)), settings)
            }
        }
    }

    /// Applies what the snapshot lacks.
    fn done(&mut self, snapshot: Option<(usize, Keyspace)>, settings: &Settings) -> Step {
        let mut engine = Engine::new(settings.limits.seed, settings.clone());
        engine.set_role(Role::Follower);
        let (mut base_seq, mut base_epoch) = (0, 0);
        if let Some((item, keyspace)) = snapshot {
            let manifest = self.manifest(item);
            base_epoch = manifest.map_or(0, |manifest| manifest.epoch);
            base_seq = manifest.map_or(0, |manifest| manifest.seq);
            engine.load(keyspace, base_seq);
        }
        let damage = std::mem::take(&mut self.damage);
        let mut replay = Replay::new(engine, base_epoch, damage);
        let first = self.first_whole();
        for item in &self.items[first..] {
            replay.item(item);
            if replay.newer.is_some() {
                break;
            }
        }
        let position = self.items.last().map_or(Position::default(), |item| {
            let next = match &item.entry {
                Entry::Other(body) => follower_of(item.key, body),
                _ => item.key.next(),
            };
            Position {
                next,
                read_from: item.key.next(),
            }
        });
        let tail_is_damaged = self
            .items
            .last()
            .is_some_and(|item| matches!(item.entry, Entry::Damaged | Entry::Foreign));

        Step::Done(Box::new(Recovered {
            position,
            log: self.log_behind(first, base_seq),
            tail_is_damaged,
            snapshots: self.published(),
            ..replay.end()
        }))
    }

    /// Of what is behind a snapshot that holds all up to `seq`.
    fn log_behind(&self, first: usize, seq: u64) -> LogSize {
        let (mut log, mut last_seq) = (LogSize::default(), 0);
        for item in &self.items[first..] {
            log.add(item.key, last_seq, item.bytes);
            if let Entry::Records(records) = &item.entry {
                last_seq = last_seq.max(records.last_seq);
            }
        }
        let before = log.behind(seq).map_or(0, |(_, bytes)| bytes);
        log.cut(before);

        log
    }

    /// The snapshots that the log names, each with the first block that it does not hold all of.
    fn published(&self) -> Vec<Published> {
        let manifests = (0..self.items.len()).filter_map(|item| Some((item, self.manifest(item)?)));
        let lacks = |item: &Item, seq: u64| match &item.entry {
            // They are in order.
            Entry::Records(records) => records.last_seq > seq,
            Entry::Other(_) => false,
            _ => true,
        };
        let first = self.first_whole();
        let published = manifests.map(|(at, manifest)| {
            let before = self.items[first..=at]
                .iter()
                .find(|item| lacks(item, manifest.seq));
            Published {
                id: manifest.id,
                from: before.map_or(self.items[at].key, |item| item.key),
            }
        });
        let mut all: Vec<Published> = published.collect();

        all.split_off(all.len().saturating_sub(2))
    }
}

/// The key behind a block.
pub(super) fn follower_of(key: BlockKey, body: &Body) -> BlockKey {
    match body {
        Body::Seal { next_epoch, .. } => BlockKey {
            epoch: *next_epoch,
            n: 0,
        },
        _ => key.next(),
    }
}
