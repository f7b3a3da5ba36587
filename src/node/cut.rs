//! After a snapshot: what it has made needless is deleted, and a ballast is kept for hard times.
//!
//! Everything deleted here is older than a snapshot of this node's own: even done far too late it harms nothing.
use super::storage::Job;
use super::{BlockKey, Event, Node, StorageError, StorageOp, StorageReply};
use crate::command::Reply;

/// Keys deleted in one transaction.
const CUT_KEYS: usize = 500;
/// Its room is what a snapshot is written into when there is none left.
const BALLAST_BYTES: usize = 1 << 20;
/// Smaller than every snapshot's id.
const BALLAST: [u8; 16] = [0; 16];

/// What is left to be done.
#[derive(Debug)]
pub(in crate::node) enum Cut {
    Keys,
    Delete(Vec<BlockKey>),
    Pieces,
    Ballast,
    /// There is no room: the ballast goes.
    Drop,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::node) enum Ballast {
    /// Perhaps there is one of an earlier reign.
    #[default]
    Unknown,
    There,
    Gone,
}

impl Node {
    /// A published snapshot is all that it will be.
    pub(super) fn answer_saved(&mut self) {
        self.snapshots.cut = None;
        for call in std::mem::take(&mut self.snapshots.saved) {
            self.reply(call, Reply::OK);
        }
        self.shut_down_if_saved();
    }

    pub(super) fn pump_cut(&mut self) {
        let op = match &mut self.snapshots.cut {
            Some(Cut::Keys) => StorageOp::Keys,
            Some(Cut::Delete(keys)) => {
                let keys = keys.drain(..keys.len().min(CUT_KEYS)).collect();
                StorageOp::Delete { keys }
            }
            Some(Cut::Pieces) => {
                let known = self.snapshots.known.iter().map(|known| known.id);
                let snapshots = std::iter::once(BALLAST).chain(known).collect();
                StorageOp::KeepPieces { snapshots }
            }
            Some(Cut::Drop) => {
                let snapshots = self.snapshots.known.iter().map(|known| known.id).collect();
                StorageOp::KeepPieces { snapshots }
            }
            Some(Cut::Ballast) => {
                // Random: what can be compressed holds no room.
                let word = |_| self.rng.next_u64().to_le_bytes();
                let bytes = (0..BALLAST_BYTES / 8).flat_map(word).collect();
                StorageOp::AddPiece { snapshot: BALLAST, index: 0, bytes }
            }
            None => return,
        };
        self.store(Job::Snapshot, op);
    }

    /// What may go: blocks before the older snapshot, but never a seal.
    fn cut_keys(&self, keys: &[BlockKey]) -> Vec<BlockKey> {
        let [older, _] = &self.snapshots.known[..] else {
            return Vec::new();
        };
        // An epoch that another follows ends with its seal.
        let is_seal = |pair: &[BlockKey]| pair.len() == 2 && pair[1].epoch > pair[0].epoch;
        #[cfg(any(test, feature = "sim"))]
        let is_seal = |pair: &[BlockKey]| is_seal(pair) && !self.options.mutants.cut_seals;
        let before = keys
            .windows(2)
            .filter(|pair| pair[0] < older.from && !is_seal(pair));

        before.map(|pair| pair[0]).collect()
    }

    pub(super) fn snapshot_stored(&mut self, result: Result<StorageReply, StorageError>) {
        match result {
            Ok(StorageReply::Keys(keys)) if matches!(self.snapshots.cut, Some(Cut::Keys)) => {
                let keys = self.cut_keys(&keys);
                self.snapshots.cut = Some(Cut::Delete(keys));
                self.cut_on();
            }
            Ok(_) => self.cut_on(),
            Err(StorageError::Quota) => self.no_room(),
            Err(StorageError::Lost) => {
                self.snapshots_abort();
                self.storage_failed();
            }
            Err(_) => self.snapshots_abort(),
        }
    }

    fn cut_on(&mut self) {
        match &self.snapshots.cut {
            Some(Cut::Delete(keys)) if keys.is_empty() => self.snapshots.cut = Some(Cut::Pieces),
            Some(Cut::Pieces) => {
                self.answer_saved();
                if self.snapshots.ballast != Ballast::There {
                    self.snapshots.cut = Some(Cut::Ballast);
                }
            }
            Some(Cut::Ballast) => {
                self.snapshots.cut = None;
                self.snapshots.ballast = Ballast::There;
            }
            Some(Cut::Drop) => {
                self.snapshots.cut = None;
                self.snapshots.ballast = Ballast::Gone;
                self.snapshots.not_before_ms = self.now_ms;
                self.snapshot_if_due();
            }
            _ => {}
        }
    }

    /// A snapshot found no room: once, the ballast makes some.
    fn no_room(&mut self) {
        if matches!(self.snapshots.cut, Some(Cut::Ballast)) {
            // There is no room for it, and nobody needs to hear of that.
            self.snapshots.cut = None;
            self.snapshots.ballast = Ballast::Gone;
            return;
        }
        if !self.storage.is_full(self.now_ms) {
            self.event(Event::Quota);
        }
        self.snapshots_abort();
        self.make_room();
    }

    /// Room for a snapshot, which makes more: the log that it replaces goes.
    pub(super) fn make_room(&mut self) {
        if self.leads() && self.snapshots.ballast != Ballast::Gone {
            self.snapshots.cut = Some(Cut::Drop);
        }
    }
}
