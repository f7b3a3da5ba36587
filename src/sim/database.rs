//! IndexedDB, simulated: one map that all tabs share, transactions that are single steps.
use std::collections::BTreeMap;

use super::lock::Life;
use super::world::{What, World};
use crate::node::{BlockKey, Input, StorageError, StorageOp, StorageReply};

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
}

impl World {
    pub(super) fn store(&mut self, tab: usize, life: Life, id: u64, op: StorageOp) {
        if self.tracing {
            let shown: String = format!("{op:?}").chars().take(110).collect();
            self.note(|| format!("tab {tab}: store {id} {shown}"));
        }
        if let StorageOp::Open { .. } = op {
            self.counter += 1;
            self.tabs[tab].connection = self.counter;
        }
        let connection = self.tabs[tab].connection;
        let mut delay_us = 100 + self.rng.below(self.weather.storage_us);
        if self.calm {
            return self.later(
                delay_us,
                What::Perform {
                    tab,
                    life,
                    connection,
                    id,
                    op,
                },
            );
        }
        let now_ms = self.now_ms();
        let node = self.tabs[tab].node.as_ref();
        let claims = node.is_some_and(|node| node.status(now_ms).role == "claiming");
        let hangs = claims && self.rng.below(1000) < self.weather.aimed_at_claims;
        let struck = self.rng.below(1000) < self.weather.aimed;
        // What was begun at a bad moment may be done long after.
        if self.rng.below(200) == 0 || (struck && !claims) {
            delay_us += self.rng.below(300_000);
        }
        self.later(
            delay_us,
            What::Perform {
                tab,
                life,
                connection,
                id,
                op,
            },
        );
        if hangs {
            self.hang(tab);
        } else if struck {
            self.strike(tab);
        }
    }

    pub(super) fn perform(
        &mut self,
        tab: usize,
        life: Life,
        connection: u64,
        id: u64,
        op: StorageOp,
    ) {
        if self.now_us < self.stalled_until_us {
            let delay_us = self.stalled_until_us - self.now_us + self.rng.below(1000);
            return self.later(
                delay_us,
                What::Perform {
                    tab,
                    life,
                    connection,
                    id,
                    op,
                },
            );
        }
        let at = &self.tabs[tab];
        let alive = at.life == life && at.node.is_some();
        // What was under way when its page died may or may not be done.
        if !alive && self.rng.below(2) == 0 {
            return;
        }
        let stale = alive && at.connection != connection;
        let (drawn, done) = (self.rng.below(10_000), self.rng.below(2) == 0);
        let (unknown, lost) = (self.weather.unknown, self.weather.lost);
        let closes = op == StorageOp::Close;
        let result = if stale || (!self.calm && drawn < lost && !closes) {
            if done {
                drop(self.database.perform(op));
            }
            Err(StorageError::Lost)
        } else if !self.calm && drawn < lost + unknown && !closes {
            if done {
                drop(self.database.perform(op));
            }
            Err(StorageError::Unknown("aborted".into()))
        } else {
            self.database.perform(op)
        };
        let delay_us = 50 + self.rng.below(self.weather.storage_us);
        let input = Input::Stored { id, result };
        self.later(delay_us, What::Input { tab, life, input });
    }

    pub(super) fn close_connection(&mut self, tab: usize) {
        self.tabs[tab].connection = 0;
    }
}
