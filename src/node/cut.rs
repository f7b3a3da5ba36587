//! What is deleted: what a snapshot has made needless, and what there is to be given up when there is no room.
//!
//! Everything deleted here is older than a snapshot that this node knows of: even far too late it harms nothing.
//! The ballast is a piece of noise that holds room for the hour in which there is none.
use super::hint::{HINT, Hint};
use super::storage::Job;
use super::{BlockKey, Event, Leaving, Node, StorageError, StorageOp, StorageReply};
use crate::command::{Error, Reply};

/// Of the data, evicted at a time where storage has no room: one part in so many.
const EVICTED_SHARE: usize = 8;
const EVICTED_MAX: usize = 2000;
/// Keys deleted in one transaction.
const CUT_KEYS: usize = 500;
/// Where there is no room for the ballast, one part in so many of it: writes that are small may still find some.
const SMALL_BALLAST_SHARE: usize = 16;
/// Smaller than every snapshot's id.
const BALLAST: [u8; 16] = [0; 16];

/// What it is done for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::node) enum Purpose {
    /// A snapshot is published: what is older than the one before it goes.
    Published,
    /// One is about to be written: the older one of two makes room for it.
    Begun,
    /// There is no room: something is given up.
    Relief,
}

/// What is left to be done.
#[derive(Debug)]
pub(in crate::node) enum Step {
    Keys,
    /// These blocks go; then nothing but seals is left before `to`.
    Delete {
        keys: Vec<BlockKey>,
        to: BlockKey,
    },
    Pieces,
    /// The newest snapshot is told to who recovers.
    Hint,
    /// The ballast is put back, with so many bytes.
    Ballast(usize),
    /// The ballast goes.
    Drop,
    /// Nothing but what the snapshot that found no room has left.
    Left,
}

#[derive(Debug)]
pub(in crate::node) struct Cut {
    pub purpose: Purpose,
    step: Step,
}

impl Cut {
    /// What a published snapshot replaces is still to be deleted.
    fn is_deleting(&self) -> bool {
        self.purpose == Purpose::Published
            && matches!(self.step, Step::Keys | Step::Delete { .. } | Step::Pieces)
    }
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
    /// One that is under way ends with it: what it has not deleted yet, the one behind the next snapshot deletes.
    pub(super) fn begin_cut(&mut self, purpose: Purpose, step: Step) {
        self.snapshots.cut = Some(Cut { purpose, step });
    }

    /// Room is being made: nothing else comes before.
    pub(super) fn is_making_room(&self) -> bool {
        let relieves = |cut: &Cut| cut.purpose == Purpose::Relief;

        self.snapshots.cut.as_ref().is_some_and(relieves)
    }

    #[inline(never)]
    pub(super) fn pump_cut(&mut self) {
        let Some(cut) = &mut self.snapshots.cut else {
            return;
        };
        let relieves = cut.purpose == Purpose::Relief;
        if let Some(snapshot) = self.snapshots.left.filter(|_| relieves) {
            return self.store(Job::Snapshot, StorageOp::DropPieces { snapshot });
        }
        let op = match &mut cut.step {
            Step::Left => return,
            Step::Keys => StorageOp::Keys,
            Step::Delete { keys, .. } => {
                let keys = keys.drain(..keys.len().min(CUT_KEYS)).collect();
                StorageOp::Delete { keys }
            }
            Step::Pieces => {
                let known = self.snapshots.known.iter().map(|known| known.id);
                let snapshots = [BALLAST, HINT].into_iter().chain(known).collect();
                StorageOp::KeepPieces { snapshots }
            }
            Step::Hint => StorageOp::AddPieces {
                snapshot: HINT,
                index: 0,
                pieces: vec![self.snapshots.hint.map_or(Vec::new(), Hint::to_bytes)],
                strict: false,
            },
            Step::Ballast(bytes) => {
                // Random: what can be compressed holds no room.
                let words = *bytes / 8;
                let mut bytes = Vec::with_capacity(*bytes);
                for _ in 0..words {
                    bytes.extend_from_slice(&self.rng.next_u64().to_le_bytes());
                }
                StorageOp::AddPieces {
                    snapshot: BALLAST,
                    index: 0,
                    pieces: vec![bytes],
                    strict: false,
                }
            }
            Step::Drop => StorageOp::DropPieces { snapshot: BALLAST },
        };
        self.store(Job::Snapshot, op);
    }

    /// Where the log that is kept begins; none of it may go yet where there is no such place.
    fn cut_before(&self) -> Option<BlockKey> {
        match &self.snapshots.known[..] {
            // The log before the first of all is the generation before it.
            [_] if !self.snapshots.lean => None,
            known => known.first().map(|oldest| oldest.from),
        }
    }

    /// What a cut begins with. Keys are listed where there may be a seal among them, which is an epoch's last: those
    /// from the last cut on are known if it ended in the epoch in which this one ends.
    pub(super) fn first_step(&self) -> Step {
        let Some(to) = self.cut_before() else {
            return Step::Pieces;
        };
        match self.snapshots.cut_to {
            Some(from) if from >= to => Step::Pieces,
            Some(from) if from.epoch == to.epoch => {
                let key = |n| BlockKey { n, ..to };
                let keys = (from.n..to.n).map(key).collect();
                Step::Delete { keys, to }
            }
            _ => Step::Keys,
        }
    }

    /// What may go: blocks before that place, but never a seal.
    fn cut_keys(&self, keys: &[BlockKey], to: BlockKey) -> Vec<BlockKey> {
        // An epoch that another follows ends with its seal.
        let is_seal = |pair: &[BlockKey]| pair.len() == 2 && pair[1].epoch > pair[0].epoch;
        #[cfg(any(test, feature = "sim"))]
        let is_seal = |pair: &[BlockKey]| is_seal(pair) && !self.options.mutants.cut_seals;
        let before = keys
            .windows(2)
            .filter(|pair| pair[0] < to && !is_seal(pair));

        before.map(|pair| pair[0]).collect()
    }

    #[inline(never)]
    pub(super) fn snapshot_stored(&mut self, result: Result<StorageReply, StorageError>) {
        match result {
            Ok(reply) => self.cut_on(reply),
            Err(StorageError::Quota) => self.no_room_for_snapshot(),
            Err(StorageError::Lost) => {
                self.snapshots_abort();
                self.storage_failed();
            }
            Err(_) => self.snapshots_abort(),
        }
    }

    fn cut_on(&mut self, reply: StorageReply) {
        let Some(Cut { purpose, step }) = self.snapshots.cut.take() else {
            return;
        };
        let left = purpose == Purpose::Relief && self.snapshots.left.take().is_some();
        let next = match (step, reply) {
            (Step::Left, _) => None,
            (step, _) if left => Some(step),
            (Step::Keys, StorageReply::Keys(keys)) => match self.cut_before() {
                Some(to) => {
                    let keys = self.cut_keys(&keys, to);
                    Some(self.delete_on(keys, to))
                }
                None => Some(Step::Pieces),
            },
            (Step::Delete { keys, to }, _) => Some(self.delete_on(keys, to)),
            (Step::Pieces, _) if purpose == Purpose::Published => Some(Step::Hint),
            (Step::Hint, _) => {
                let wanted = self.snapshots.ballast != Ballast::There;
                wanted.then_some(Step::Ballast(self.options.ballast_bytes))
            }
            (Step::Ballast(_), _) => {
                self.snapshots.ballast = Ballast::There;
                self.storage.set_room();
                None
            }
            _ => None,
        };
        match next {
            Some(step) => self.begin_cut(purpose, step),
            None if purpose == Purpose::Relief => self.snapshot_if_due(),
            None => {}
        }
    }

    fn delete_on(&mut self, keys: Vec<BlockKey>, to: BlockKey) -> Step {
        if !keys.is_empty() {
            return Step::Delete { keys, to };
        }
        self.snapshots.cut_to = Some(to);

        Step::Pieces
    }

    /// A published snapshot is all that it will be once what it replaces is deleted, or stays.
    pub(super) fn answer_saved(&mut self) {
        if self.snapshots.cut.as_ref().is_some_and(Cut::is_deleting) {
            return;
        }
        let saved = std::mem::take(&mut self.snapshots.saved);
        let shutdown = self.waiting.shutdown.take_if(|call| saved.contains(call));
        for call in saved.into_iter().filter(|call| Some(*call) != shutdown) {
            self.reply(call, Reply::OK);
        }
        if shutdown.is_some() {
            self.leave(Leaving::ForGood);
        }
    }

    fn no_room_for_snapshot(&mut self) {
        match self.snapshots.cut.take() {
            Some(Cut {
                purpose,
                step: Step::Ballast(bytes),
            }) => {
                self.snapshots.ballast = Ballast::Gone;
                let small = self.options.ballast_bytes / SMALL_BALLAST_SHARE;
                if bytes > small && self.storage.is_full() {
                    self.begin_cut(purpose, Step::Ballast(small));
                } else {
                    self.snapshot_if_due();
                }
            }
            _ => self.give_up_for_room(),
        }
    }

    /// A snapshot found no room: its pieces go, and if something else can go too it is tried again.
    fn give_up_for_room(&mut self) {
        let Some(left) = self.snapshots.saving_id() else {
            // Not even for what makes room.
            return self.snapshots_fail(&Error::QUOTA);
        };
        let again = self.snapshots.calls_of_saving();
        let can_go_on = again.is_some() && self.make_room();
        let relief = self.snapshots.cut.take();
        if can_go_on {
            self.snapshots_fail(&Error::QUOTA);
            self.snapshots.cut = relief;
            self.snapshots.saving_again = again.unwrap_or_default();
            self.snapshots.urgent = true;
            self.snapshots.not_before_ms = self.now_ms;
        } else {
            if !self.storage.is_full() && !std::mem::replace(&mut self.snapshots.told_full, true) {
                self.event(Event::Quota);
            }
            self.snapshots.saving_again = again.unwrap_or_default();
            self.snapshots_fail(&Error::QUOTA);
            self.begin_cut(Purpose::Relief, Step::Left);
        }
        self.snapshots.left = Some(left);
    }

    /// Begins to make room by what can be spared: the ballast, then the older one of two snapshots with its log.
    /// Answers false where nothing can. A snapshot follows, and makes more: the log that it replaces goes.
    ///
    /// What `maxmemory-policy` lets go comes after these: see `look_for_room`.
    pub(super) fn make_room(&mut self) -> bool {
        if self.snapshots.ballast != Ballast::Gone {
            self.snapshots.ballast = Ballast::Gone;
            self.begin_cut(Purpose::Relief, Step::Drop);
        } else if self.snapshots.give_up_older() {
            self.begin_cut(Purpose::Relief, self.first_step());
        } else {
            return false;
        }
        self.snapshots.urgent = true;

        true
    }

    /// Before the first snapshot too, once there is a log to speak of.
    pub(super) fn keep_ballast(&mut self) {
        if self.snapshots.ballast == Ballast::Unknown {
            let bytes = self.options.ballast_bytes;
            self.begin_cut(Purpose::Published, Step::Ballast(bytes));
        }
    }

    /// While storage is full: is there room again? Keys that the policy lets go make some: their deletion is small, and
    /// the snapshot after it is smaller.
    pub(super) fn look_for_room(&mut self) {
        if self.snapshots.is_idle() && self.storage.take_look(self.now_ms) {
            if self.leads()
                && self
                    .engine
                    .evict_share(self.now_ms, EVICTED_SHARE, EVICTED_MAX)
                    > 0
            {
                self.absorb(None);
            }
            let bytes = self.options.ballast_bytes;
            self.begin_cut(Purpose::Relief, Step::Ballast(bytes));
        }
    }
}
