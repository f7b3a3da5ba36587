//! IndexedDB, simulated: one map that all tabs share, transactions that are single steps.
use std::collections::BTreeMap;

use crate::node::{BlockKey, StorageError, StorageOp, StorageReply};

#[derive(Default)]
pub struct Database {
    identity: Option<[u8; 16]>,
    blocks: BTreeMap<BlockKey, Vec<u8>>,
    pieces: BTreeMap<([u8; 16], u32), Vec<u8>>,
    /// There is no room.
    pub full: bool,
    /// Blocks overwrite one another: the world of a mutant.
    pub puts: bool,
    pub snapshots: usize,
}

impl Database {
    /// One transaction.
    pub fn perform(&mut self, op: StorageOp) -> Result<StorageReply, StorageError> {
        match op {
            StorageOp::Open { candidate } => {
                let identity = *self.identity.get_or_insert(candidate);
                return Ok(StorageReply::Identity(identity));
            }
            // As measured: small records find room for a while longer.
            StorageOp::Add { bytes, .. } if self.full && bytes.len() > 100 => {
                return Err(StorageError::Quota);
            }
            StorageOp::AddPiece { .. } if self.full => return Err(StorageError::Quota),
            StorageOp::Add { key, .. } if !self.puts && self.blocks.contains_key(&key) => {
                return Err(StorageError::Exists);
            }
            StorageOp::Add { key, bytes, .. } => {
                self.blocks.insert(key, bytes);
            }
            StorageOp::Read { from, bytes_max } => {
                let mut bytes = 0;
                let found = self.blocks.range(from..).take_while(|(_, block)| {
                    let more = bytes < bytes_max;
                    bytes += block.len();
                    more
                });
                let found = found.map(|(key, block)| (*key, block.clone()));
                return Ok(StorageReply::Blocks(found.collect()));
            }
            StorageOp::Keys => {
                return Ok(StorageReply::Keys(self.blocks.keys().copied().collect()));
            }
            StorageOp::Delete { keys } => {
                for key in keys {
                    self.blocks.remove(&key);
                }
            }
            StorageOp::AddPiece {
                snapshot,
                index,
                bytes,
            } => {
                self.pieces.insert((snapshot, index), bytes);
            }
            StorageOp::ReadPiece { snapshot, index } => {
                let piece = self.pieces.get(&(snapshot, index)).cloned();
                return Ok(StorageReply::Piece(piece));
            }
            StorageOp::KeepPieces { snapshots } => {
                let newest = snapshots.iter().max().copied().unwrap_or_default();
                self.pieces
                    .retain(|(id, _), _| *id >= newest || snapshots.contains(id));
                self.snapshots += 1;
            }
            StorageOp::Close => {}
        }

        Ok(StorageReply::Done)
    }

    /// The keys, for a trace.
    pub fn summary(&self) -> String {
        let keys: Vec<String> = self
            .blocks
            .keys()
            .map(|key| format!("{}.{}", key.epoch, key.n))
            .collect();

        keys.join(" ")
    }
}
