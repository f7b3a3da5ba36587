//! Snapshots: taken in slices, published by one block, and then the log before the older one is cut.
//!
//! An id grows with epoch and time, so that a node that slept deletes nothing that is newer than its own.
use super::cut::{Ballast, Cut, Purpose};
use super::hint::Hint;
use super::log_size::LogSize;
use super::storage::Job;
use super::{BlockKey, Error, Node, Phase, StorageOp};
use crate::command::{Reply, Role};
use crate::keyspace::Keyspace;
use crate::log::snapshot::{Aux, SnapshotWriter, Sum};
use crate::log::{Body, Manifest};

/// Work in a slice, as `SnapshotWriter::step` counts it: a millisecond or so, after which the page has its turn.
const SLICE: usize = 128 << 10;
/// Pieces in one transaction, at most: the page stands still while they are handed to storage.
const PIECES_STORED: usize = 2;
/// Slices wait where so many pieces wait for storage.
const PIECES_WAITING: usize = 4;
/// Batches that are committed between two transactions of a snapshot, where there are so many.
const BATCHES_BETWEEN: u32 = 4;
/// After a failure.
const AGAIN_MS: u64 = 30_000;

/// A snapshot that the log names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    pub id: [u8; 16],
    /// The first block that it does not hold all of, or one before it.
    pub from: BlockKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Writing,
    /// All pieces are durable.
    Ready,
    Publishing(BlockKey),
}

struct Saving {
    id: [u8; 16],
    writer: SnapshotWriter,
    /// An import: the data that takes the place of all there is.
    import: Option<Keyspace>,
    from: BlockKey,
    /// Of the log that it replaces.
    log_bytes: usize,
    seq: u64,
    epoch: u64,
    index: u32,
    stage: Stage,
    /// It is to make room: the older one does not stay.
    urgent: bool,
    calls: Vec<u64>,
}

impl Saving {
    /// For one transaction.
    fn take_pieces(&mut self) -> Vec<Vec<u8>> {
        let mut pieces = Vec::new();
        while pieces.len() < PIECES_STORED
            && let Some(piece) = self.writer.next_piece()
        {
            pieces.push(piece);
        }

        pieces
    }
}

#[derive(Default)]
pub(super) struct Snapshots {
    /// The last two, the older one first.
    pub known: Vec<Published>,
    saving: Option<Saving>,
    /// Of the newest, where this node has published it.
    pub hint: Option<Hint>,
    pub cut: Option<Cut>,
    /// Of the log before it, only seals are left.
    pub cut_to: Option<BlockKey>,
    pub ballast: Ballast,
    /// Calls that wait for the end of the cut: storage may have something to do with what was published.
    pub saved: Vec<u64>,
    turn: u32,
    last_stamp: u64,
    pub not_before_ms: u64,
    /// Calls of a snapshot that found no room and is begun again.
    pub saving_again: Vec<u64>,
    /// Room had to be made: a snapshot makes more.
    pub urgent: bool,
    /// That there was no room for a snapshot has been told.
    pub told_full: bool,
    /// One that found no room: its pieces are to go.
    pub left: Option<[u8; 16]>,
    /// The older one of two has been given up.
    pub lean: bool,
    /// Of the log behind the newest.
    pub log: LogSize,
    /// There is damage that a new snapshot makes good.
    pub damaged: bool,
    pub last_save_ms: u64,
    pub last_seq: u64,
    pub last_failed: bool,
}

impl Snapshots {
    pub fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    pub fn recovered(&mut self, known: Vec<Published>, log: LogSize) {
        self.known = known;
        self.log = log;
        self.cut = None;
        self.cut_to = None;
        self.lean = false;
    }

    pub fn is_idle(&self) -> bool {
        self.saving.is_none() && self.cut.is_none()
    }

    pub fn saving_id(&self) -> Option<[u8; 16]> {
        self.saving.as_ref().map(|saving| saving.id)
    }

    /// Those who wait for a snapshot that can be begun again: an import cannot.
    pub fn calls_of_saving(&mut self) -> Option<Vec<u64>> {
        let saving = self
            .saving
            .as_mut()
            .filter(|saving| saving.import.is_none())?;

        Some(std::mem::take(&mut saving.calls))
    }

    /// Only the newest one is kept, with the log from there on. Damage speaks against it: the older may be all.
    pub fn give_up_older(&mut self) -> bool {
        let Some(newest) = self.known.pop() else {
            return false;
        };
        self.known.push(newest);
        if self.lean || self.damaged {
            return false;
        }
        self.known.drain(..self.known.len() - 1);
        self.lean = true;

        true
    }

    /// Another node has published one, which holds all up to `seq`.
    pub fn saw(&mut self, id: [u8; 16], seq: u64) {
        let before = self.known.last().map(|before| before.from);
        let unknown = (before.unwrap_or_default(), 0);
        let (from, log_bytes) = self.log.behind(seq).unwrap_or(unknown);
        self.publish(Published { id, from }, log_bytes);
    }

    /// What was written while it was, is behind it.
    fn publish(&mut self, published: Published, log_bytes: usize) {
        self.known.push(published);
        let surplus = self.known.len().saturating_sub(2);
        self.known.drain(..surplus);
        self.log.cut(log_bytes);
        self.lean = false;
    }

    /// A slice is to be made, whatever storage does.
    pub fn wants_slice(&self) -> bool {
        let wants = |saving: &Saving| {
            let waiting = saving.writer.waiting_pieces();
            saving.writer.summary().is_none() && waiting < PIECES_WAITING
        };

        self.saving.as_ref().is_some_and(wants)
    }

    /// Whether there is something to do for storage.
    pub fn wants_storage(&self, committed_seq: u64) -> bool {
        let saving = self
            .saving
            .as_ref()
            .is_some_and(|saving| match saving.stage {
                Stage::Writing => {
                    saving.writer.waiting_pieces() > 0 || saving.writer.summary().is_some()
                }
                Stage::Ready => saving.import.is_none() && committed_seq >= saving.seq,
                Stage::Publishing(_) => false,
            });

        saving || self.cut.is_some()
    }

    /// A new leader has calls that have waited: they come before what a snapshot or a cut wants.
    pub fn batches_first(&mut self) {
        self.turn = 0;
    }

    /// Batches and snapshots take turns: a piece takes storage about as long as a few batches.
    pub fn take_turn(&mut self) -> bool {
        self.turn = (self.turn + 1) % (BATCHES_BETWEEN + 1);

        self.turn == 0
    }
}

impl Node {
    /// Begins a snapshot of what there is; `call` is answered once it is published.
    pub(super) fn save(&mut self, call: Option<u64>) {
        if self.storage.is_none() || !self.leads() {
            // What a follower holds is durable already.
            self.snapshots.last_save_ms = self.now_ms;
            call.into_iter()
                .for_each(|call| self.reply(call, Reply::OK));
            return;
        }
        if let Some(saving) = &mut self.snapshots.saving {
            saving.calls.extend(call);
            return;
        }
        let seq = self.engine.seq();
        let aux = self.aux(seq);
        let keyspace = self.engine.keyspace_mut();
        keyspace.walk_abort();
        let writer = SnapshotWriter::begin(keyspace, &aux);
        let calls = std::mem::take(&mut self.snapshots.saving_again);
        self.begin_saving(writer, None, seq, calls.into_iter().chain(call).collect());
        let bytes = self.engine.keyspace().bytes();
        if bytes > self.options.snapshot_after_bytes && self.snapshots.give_up_older() {
            // Three images at once would be three times the data, without the log.
            self.begin_cut(Purpose::Begun, self.first_step());
        }
    }

    fn aux(&self, seq: u64) -> Aux {
        let used_bytes = self.engine.keyspace().bytes() as u64;

        Aux {
            time_ms: self.now_ms,
            used_bytes,
            seq,
            epoch: self.epoch(),
        }
    }

    fn begin_saving(
        &mut self,
        writer: SnapshotWriter,
        import: Option<Keyspace>,
        seq: u64,
        calls: Vec<u64>,
    ) {
        let urgent = std::mem::take(&mut self.snapshots.urgent);
        let stamp = self.now_ms.max(self.snapshots.last_stamp + 1);
        self.snapshots.last_stamp = stamp;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.epoch().to_be_bytes());
        id[8..].copy_from_slice(&stamp.to_be_bytes());
        self.snapshots.saving = Some(Saving {
            id,
            writer,
            import,
            // The block under way, if there is one, holds nothing newer: this is early enough.
            from: self.position.next,
            log_bytes: self.snapshots.log.bytes(),
            seq,
            epoch: self.epoch(),
            index: 0,
            stage: Stage::Writing,
            urgent,
            calls,
        });
    }

    /// The log has outgrown the data, or holds damage.
    pub(super) fn snapshot_if_due(&mut self) {
        let snapshots = &self.snapshots;
        // Two images, and the log of two generations: storage holds three times the data, with
        // something left for what is written until the older gives way.
        let bytes_max = self
            .options
            .snapshot_after_bytes
            .max(self.engine.keyspace().bytes() / 16 * 7);
        let due = snapshots.log.bytes() > bytes_max || snapshots.damaged || snapshots.urgent;
        let fit = self.leads() && !self.stepping_down && self.handing_over.is_none();
        if fit && !due && snapshots.is_idle() && snapshots.log.bytes() > self.options.ballast_bytes
        {
            self.keep_ballast();
        }
        let snapshots = &self.snapshots;
        if due && snapshots.is_idle() && fit && self.now_ms >= snapshots.not_before_ms {
            self.save(None);
        }
    }

    pub(super) fn pump_snapshot(&mut self) {
        if self.snapshots.cut.is_some() {
            return self.pump_cut();
        }
        let Some(saving) = &mut self.snapshots.saving else {
            return;
        };
        if saving.stage == Stage::Writing {
            let pieces = saving.take_pieces();
            if !pieces.is_empty() {
                let (snapshot, index) = (saving.id, saving.index);
                saving.index += pieces.len() as u32;
                let op = StorageOp::AddPieces {
                    snapshot,
                    index,
                    pieces,
                    strict: true,
                };
                return self.store(Job::Snapshot, op);
            }
            if saving.writer.summary().is_none() {
                return;
            }
            saving.stage = Stage::Ready;
        }
        self.publish_snapshot();
    }

    /// The next slice, when a timer has brought a task of its own for it: what is written meanwhile waits for storage.
    pub(super) fn slice_snapshot(&mut self) {
        if !self.leads() || !self.snapshots.wants_slice() {
            return;
        }
        if let Some(saving) = &mut self.snapshots.saving {
            let keyspace = saving.import.as_mut().unwrap_or(self.engine.keyspace_mut());
            saving.writer.step(keyspace, SLICE);
        }
    }

    /// One block names the snapshot, and from then on it counts.
    fn publish_snapshot(&mut self) {
        let committed_seq = self.committed_seq();
        let uncommitted = self.leader().is_some_and(|leader| leader.has_uncommitted());
        let next = self.position.next;
        let Some(saving) = &mut self.snapshots.saving else {
            return;
        };
        if saving.stage != Stage::Ready {
            return;
        }
        if saving.import.is_some() && uncommitted {
            // What was written before comes before; what comes from now on waits.
            return self.engine.set_role(Role::Follower);
        }
        if committed_seq < saving.seq && saving.import.is_none() {
            return;
        }
        let Some(summary) = saving.writer.summary() else {
            return;
        };
        saving.stage = Stage::Publishing(next);
        let import = saving.import.take();
        let importing = import.is_some();
        if let Some(keyspace) = import {
            saving.seq = self.engine.seq() + 1;
            saving.from = next;
            saving.log_bytes = self.snapshots.log.bytes();
            self.engine.load(keyspace, saving.seq);
        }
        let manifest = Manifest {
            id: saving.id,
            pieces: summary.pieces,
            bytes: summary.bytes,
            seq: saving.seq,
            epoch: saving.epoch,
            sum: Sum::Xxh64(summary.xxh64),
        };
        let last_seq = committed_seq.max(if importing { saving.seq } else { 0 });
        if importing {
            self.engine.set_role(Role::Leader);
            self.leader()
                .into_iter()
                .for_each(|leader| leader.skip_to(last_seq));
        }
        self.commit(Body::Snapshot(manifest), last_seq, true);
        if importing {
            self.let_replicas_go();
            self.run_outbox();
        }
    }

    /// A block is committed: was it the one that publishes?
    pub(super) fn snapshot_committed(&mut self, at: BlockKey) {
        let publishing = |saving: &mut Saving| saving.stage == Stage::Publishing(at);
        let Some(saving) = self.snapshots.saving.take_if(publishing) else {
            return;
        };
        let published = Published {
            id: saving.id,
            from: saving.from,
        };
        self.snapshots.publish(published, saving.log_bytes);
        self.snapshots.hint = Some(Hint {
            snapshot: saving.id,
            pieces: saving.index,
            from: saving.from,
            at,
        });
        self.snapshots.damaged = false;
        self.snapshots.told_full = false;
        self.snapshots.last_failed = false;
        self.snapshots.last_save_ms = self.now_ms;
        self.snapshots.last_seq = saving.seq;
        if saving.urgent {
            self.snapshots.give_up_older();
        }
        if !self.storage.is_none() {
            self.begin_cut(Purpose::Published, self.first_step());
        }
        self.snapshots.saved.extend(saving.calls);
    }

    /// Gives up what is not published yet.
    pub(super) fn snapshots_abort(&mut self) {
        self.snapshots_fail(&Error::SAVE_FAILED);
    }

    pub(super) fn snapshots_fail(&mut self, error: &Error) {
        self.snapshots.cut = None;
        for call in std::mem::take(&mut self.snapshots.saving_again) {
            self.reply(call, error.clone().into());
        }
        let Some(saving) = self.snapshots.saving.take() else {
            return;
        };
        saving.writer.abort(self.engine.keyspace_mut());
        self.snapshots.last_failed = true;
        self.snapshots.not_before_ms = self.now_ms + AGAIN_MS;
        for call in saving.calls {
            self.reply(call, error.clone().into());
        }
        if saving.import.is_some() && self.leads() && !self.stepping_down {
            self.engine.set_role(Role::Leader);
            self.run_outbox();
        }
    }

    /// All data as a `dump.rdb`.
    pub fn export(&mut self) -> Vec<u8> {
        let aux = self.aux(self.engine.seq());

        crate::log::snapshot::save(self.engine.keyspace(), &aux)
    }

    /// Begins to replace all data by `keyspace`.
    pub(super) fn replace_all(&mut self, keyspace: Keyspace, call: u64) {
        if self.snapshots.saving.is_some() {
            self.snapshots_abort();
        }
        let seq = self.engine.seq();
        let aux = self.aux(seq);
        let mut keyspace = keyspace;
        let writer = SnapshotWriter::begin(&mut keyspace, &aux);
        self.begin_saving(writer, Some(keyspace), seq, vec![call]);
        if self.storage.is_none() {
            self.replace_in_memory();
        }
    }

    /// Without storage nothing is written: the block alone tells the others to ask for the image.
    fn replace_in_memory(&mut self) {
        self.pump_memory();
        let Some(saving) = &mut self.snapshots.saving else {
            return;
        };
        if let Some(keyspace) = &mut saving.import {
            while saving.writer.step(keyspace, usize::MAX) {}
        }
        saving.stage = Stage::Ready;
        self.publish_snapshot();
    }

    pub(super) fn is_recovering(&self) -> bool {
        matches!(self.phase, Phase::Recovering(_))
    }
}
