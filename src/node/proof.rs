//! Answers that have no record: who leads is asked of storage before they are told.
//!
//! A leader that was overtaken (hung, and sealed off meanwhile) learns of it from storage alone. Its writes fail
//! there; what it reads from its memory would show a past that others have moved on from. So a call that changed
//! nothing waits for the next commit, or where nothing is to be committed for a proof: one small read of the log's
//! next place, for all that wait. A seal would stand there.
use super::storage::Job;
use super::{Error, Node, StorageError, StorageOp, StorageReply};

impl Node {
    pub(super) fn pump_proof(&mut self) {
        let from = self.position.next;
        if self.storage.is_busy() || !self.leader().is_some_and(|leader| leader.wants_proof()) {
            return;
        }
        self.leader()
            .into_iter()
            .for_each(|leader| leader.begin_proof());
        let bytes_max = 1;
        self.store(Job::Proof, StorageOp::Read { from, bytes_max });
    }

    #[inline(never)]
    pub(super) fn proof_stored(&mut self, result: Result<StorageReply, StorageError>) {
        let blocks = match result {
            Ok(StorageReply::Blocks(blocks)) => blocks,
            Err(StorageError::Unknown(_)) => return,
            _ => return self.storage_failed(),
        };
        let Some(leader) = self.leader() else { return };
        if !blocks.is_empty() {
            return self.overtaken();
        }
        leader.proven();
        self.release_acks();
        self.end_if_done();
    }

    /// A commit or a proof is done: what waited for the last one goes on.
    pub(super) fn end_if_done(&mut self) {
        let waits = self.leader().is_some_and(|leader| leader.wants_proof());
        if self.stepping_down && !waits {
            self.step_down(&Error::NOT_COMMITTED);
        }
        self.hand_over_if_done();
        self.leave_if_done();
    }
}
