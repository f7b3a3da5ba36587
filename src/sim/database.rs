//! IndexedDB, simulated: one map that all tabs share, transactions that are single steps.
//!
//! Relaxed transactions can be undone by a power cut, last first, back to the last strict one.
use std::collections::{BTreeMap, BTreeSet};

use crate::base::rng::Rng;
use crate::log::make_newer;
use crate::node::{BlockKey, StorageError, StorageOp, StorageReply};

type PieceKey = ([u8; 16], u32);

/// What a relaxed transaction changed: what was there before.
enum Undo {
    Block(BlockKey, Option<Vec<u8>>),
    Piece(PieceKey, Option<Vec<u8>>),
    Identity,
}

/// How a sentence about damage ends where something is gone altogether.
pub const GONE: &str = "gone: true";

/// How much room there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    #[default]
    Enough,
    /// As measured: small records still find some.
    Little,
    None,
}

#[derive(Default)]
pub struct Database {
    pub identity: Option<[u8; 16]>,
    blocks: BTreeMap<BlockKey, Vec<u8>>,
    pieces: BTreeMap<PieceKey, Vec<u8>>,
    pub room: Room,
    /// Blocks overwrite one another: the world of a mutant.
    pub puts: bool,
    pub snapshots: usize,
    /// Power may be cut: what is not durable is kept in mind, transaction by transaction.
    pub mortal: bool,
    fragile: Vec<Vec<Undo>>,
    /// Blocks of a build with a newer format.
    newer: BTreeSet<BlockKey>,
}

impl Database {
    /// One transaction. `newer`: of a build with a newer format.
    pub fn perform(&mut self, op: StorageOp, newer: bool) -> Result<StorageReply, StorageError> {
        match op {
            StorageOp::Open { candidate } => {
                if self.identity.is_none() {
                    self.remember(vec![Undo::Identity]);
                }
                let identity = *self.identity.get_or_insert(candidate);
                return Ok(StorageReply::Identity(identity));
            }
            StorageOp::Add { key, bytes, strict } => return self.add(key, bytes, strict, newer),
            StorageOp::Seal { key, bytes } => {
                self.add(key, bytes, true, newer)?;
                return Ok(StorageReply::Blocks(self.read(key, usize::MAX, newer)));
            }
            StorageOp::Read { from, bytes_max } => {
                return Ok(StorageReply::Blocks(self.read(from, bytes_max, newer)));
            }
            StorageOp::Keys => {
                return Ok(StorageReply::Keys(self.blocks.keys().copied().collect()));
            }
            StorageOp::Delete { keys } => {
                let gone = keys.into_iter().filter_map(|key| {
                    let block = self.blocks.remove(&key)?;
                    Some(Undo::Block(key, Some(block)))
                });
                let undo = gone.collect();
                self.remember(undo);
            }
            StorageOp::AddPieces { .. } if self.room != Room::Enough => {
                return Err(StorageError::Quota);
            }
            StorageOp::AddPieces {
                snapshot,
                index,
                pieces,
                strict,
            } => {
                let keys = (index..).map(|index| (snapshot, index));
                let added = keys.zip(pieces).map(|(key, piece)| {
                    let before = self.pieces.insert(key, piece);
                    Undo::Piece(key, before)
                });
                let undo = added.collect();
                self.remember(undo);
                if strict {
                    self.fragile.clear();
                }
            }
            StorageOp::ReadPiece { snapshot, index } => {
                let piece = self.pieces.get(&(snapshot, index)).cloned();
                return Ok(StorageReply::Piece(piece));
            }
            StorageOp::KeepPieces { snapshots } => self.keep_pieces(&snapshots),
            StorageOp::DropPieces { snapshot } => {
                let of_it = self.pieces.keys().filter(|key| key.0 == snapshot);
                let gone: Vec<PieceKey> = of_it.copied().collect();
                self.remove_pieces(gone);
            }
            StorageOp::Close => {}
        }

        Ok(StorageReply::Done)
    }

    fn add(
        &mut self,
        key: BlockKey,
        bytes: Vec<u8>,
        strict: bool,
        newer: bool,
    ) -> Result<StorageReply, StorageError> {
        if self.room == Room::None || (self.room == Room::Little && bytes.len() > 100) {
            return Err(StorageError::Quota);
        }
        if !self.puts && self.blocks.contains_key(&key) {
            return Err(StorageError::Exists);
        }
        let before = self.blocks.insert(key, bytes);
        if newer {
            self.newer.insert(key);
        }
        self.remember(vec![Undo::Block(key, before)]);
        if strict {
            self.fragile.clear();
        }

        Ok(StorageReply::Done)
    }

    fn read(&self, from: BlockKey, bytes_max: usize, newer: bool) -> Vec<(BlockKey, Vec<u8>)> {
        let mut bytes = 0;
        let found = self.blocks.range(from..).take_while(|(_, block)| {
            let more = bytes < bytes_max;
            bytes += block.len();
            more
        });
        let seen = |(key, block): (&BlockKey, &Vec<u8>)| {
            let mut block = block.clone();
            if !newer && self.newer.contains(key) {
                make_newer(&mut block);
            }
            (*key, block)
        };

        found.map(seen).collect()
    }

    fn keep_pieces(&mut self, snapshots: &[[u8; 16]]) {
        let newest = snapshots.iter().max().copied().unwrap_or_default();
        let gone = |key: &&PieceKey| key.0 < newest && !snapshots.contains(&key.0);
        let gone: Vec<PieceKey> = self.pieces.keys().filter(gone).copied().collect();
        self.remove_pieces(gone);
        self.snapshots += 1;
    }

    fn remove_pieces(&mut self, gone: Vec<PieceKey>) {
        let remove = |key| Undo::Piece(key, self.pieces.remove(&key));
        let undo = gone.into_iter().map(remove).collect();
        self.remember(undo);
    }

    fn remember(&mut self, undo: Vec<Undo>) {
        if self.mortal && !undo.is_empty() {
            self.fragile.push(undo);
        }
    }

    /// The power is cut: of the relaxed transactions since the last strict one, the first few are left. The one
    /// after them may be left in part.
    pub fn cut_power(&mut self, rng: &mut Rng) -> usize {
        let left = rng.index(self.fragile.len() + 1);
        let lost = self.fragile.split_off(left);
        let count = lost.len();
        for (index, transaction) in lost.into_iter().enumerate().rev() {
            for undo in transaction.into_iter().rev() {
                self.undo(undo, index == 0 && rng.below(3) == 0);
            }
        }
        self.fragile.clear();

        count
    }

    fn undo(&mut self, undo: Undo, torn: bool) {
        match undo {
            Undo::Identity => self.identity = None,
            Undo::Block(key, None) => match self.blocks.get_mut(&key) {
                Some(block) if torn => block.truncate(block.len() / 2),
                _ => drop(self.blocks.remove(&key)),
            },
            Undo::Block(key, Some(block)) => drop(self.blocks.insert(key, block)),
            Undo::Piece(key, None) => drop(self.pieces.remove(&key)),
            Undo::Piece(key, Some(piece)) => drop(self.pieces.insert(key, piece)),
        }
    }

    /// Everything is deleted, the identity too.
    pub fn clear(&mut self) {
        self.identity = None;
        self.blocks.clear();
        self.pieces.clear();
        self.fragile.clear();
        self.newer.clear();
    }

    /// Damages or removes a block or piece. Answers which, where there is one.
    pub fn damage(&mut self, rng: &mut Rng) -> Option<String> {
        let gone = rng.below(4) == 0;
        let count = self.blocks.len() + self.pieces.len();
        let chosen = rng.index(count.max(1));
        let flip = |bytes: &mut Vec<u8>, rng: &mut Rng| {
            let at = rng.index(bytes.len().max(1));
            bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 0x40);
        };
        if chosen < self.blocks.len() {
            let key = *self.blocks.keys().nth(chosen)?;
            match gone {
                true => drop(self.blocks.remove(&key)),
                false => flip(self.blocks.get_mut(&key)?, rng),
            }
            return Some(format!("block {}/{}, gone: {gone}", key.epoch, key.n));
        }
        let key = *self.pieces.keys().nth(chosen - self.blocks.len())?;
        match gone {
            true => drop(self.pieces.remove(&key)),
            false => flip(self.pieces.get_mut(&key)?, rng),
        }

        Some(format!("piece {} of a snapshot, gone: {gone}", key.1))
    }
}
