//! The end of a reign: wanted, or found out.
use super::storage::Job;
use super::{
    Election, Error, Event, Lock, Node, Output, Phase, StorageError, StorageOp, StorageReply, key,
};
use crate::command::Role;
use crate::replica::{Leader, Message, NodeId, To};

impl Node {
    /// Stops leading. What was not committed is rejected with `error`, and its traces go.
    #[inline(never)]
    pub(super) fn step_down(&mut self, error: &Error) {
        let Phase::Leading(leader) = std::mem::replace(&mut self.phase, Phase::Following) else {
            return;
        };
        let mut leader = *leader;
        if leader.has_uncommitted() {
            self.sound_seq = leader.committed_seq;
            self.spoiled = true;
        }
        let in_doubt = leader
            .under_way
            .as_ref()
            .map(|under_way| under_way.last_seq);
        for ack in leader.drain_acks() {
            let doubtful = in_doubt.is_some_and(|last_seq| ack.seq <= last_seq);
            match ack.to {
                To::Call { call, .. } if doubtful => {
                    self.rejected.push((call, Error::INDETERMINATE));
                }
                To::Call { call, .. } => self.rejected.push((call, error.clone())),
                // Calls of other nodes, and those meant for other leaders once, are asked again by their callers.
                To::Node { id, number } => self.answered.disproven(id, number),
            }
        }
        self.stepping_down = false;
        self.handing_over = None;
        self.timers.failover = None;
        self.answers.clear();
        self.snapshots_abort();
        self.let_replicas_go();
        self.engine.set_role(Role::Follower);
        self.event(Event::Follower {
            epoch: self.epoch(),
        });
        for call in std::mem::take(&mut self.waiting.failover) {
            self.reply(call, crate::command::Reply::OK);
        }
        if !self.spoiled || self.storage.is_none() {
            self.tell_rejected();
        }
        if !self.spoiled {
            self.follower.read();
        }
    }

    /// A commit's outcome is not known: it is looked for before anything else is written.
    pub(super) fn doubt(&mut self) {
        if let Some(under_way) = self.leader().and_then(|leader| leader.under_way.as_mut()) {
            under_way.in_doubt = true;
        }
    }

    pub(super) fn pump_doubt(&mut self) {
        let under_way = self.leader().and_then(|leader| leader.under_way.as_ref());
        if let Some(at) = under_way.map(|under_way| key(under_way.at)) {
            self.store(
                Job::Doubt,
                StorageOp::Read {
                    from: at,
                    bytes_max: 1,
                },
            );
        }
    }

    #[inline(never)]
    pub(super) fn doubt_stored(&mut self, result: Result<StorageReply, StorageError>) {
        let blocks = match result {
            Ok(StorageReply::Blocks(blocks)) => blocks,
            Err(StorageError::Unknown(_)) => return,
            _ => return self.storage_failed(),
        };
        let stepping_down = self.stepping_down;
        let Some(leader) = self.leader() else { return };
        let Some(under_way) = leader.under_way.as_mut() else {
            return;
        };
        let at = key(under_way.at);
        match blocks.first() {
            Some((found, bytes)) if *found == at && *bytes == under_way.bytes => {
                under_way.in_doubt = false;
                self.committed();
            }
            // Something of the same epoch comes behind it: it was there, and a cut took it along.
            Some((found, _)) if found.epoch == at.epoch && found.n > at.n => {
                under_way.in_doubt = false;
                self.committed();
            }
            None if !stepping_down => {
                // It did not happen, and nobody else was here.
                let (key, bytes) = (at, under_way.bytes.clone());
                let strict = under_way.strict;
                self.store(Job::Commit, StorageOp::Add { key, bytes, strict });
            }
            _ => {
                leader.under_way = None;
                self.overtaken();
            }
        }
    }

    /// Another node's block is where ours should be.
    pub(super) fn overtaken(&mut self) {
        self.step_down(&Error::NOT_COMMITTED);
        self.spoil();
        self.doubt_lock();
        self.leave_if_done();
    }

    /// Another leads although this node thinks that the lock is its own: it asks for it anew, and lock and storage
    /// agree in the end.
    pub(super) fn doubt_lock(&mut self) {
        if self.options.election == Election::Lock {
            self.release_lock();
        }
    }

    /// Hands the lead over on purpose, to a certain node or to whoever waits first.
    pub(super) fn hand_over(&mut self, to: Option<NodeId>) {
        if self.leads() && self.handing_over.is_none() && self.leaving == super::Leaving::No {
            self.handing_over = Some(to);
            self.timers.handing_over_ms = self.now_ms;
            // Writes from now on wait for the next leader.
            self.engine.set_role(Role::Follower);
            self.snapshots_abort();
            self.leader().into_iter().for_each(Leader::settle);
            self.hand_over_if_done();
        }
    }

    /// The batch is finished: the lock may go.
    pub(super) fn hand_over_if_done(&mut self) {
        let Some(to) = self.handing_over else { return };
        let Phase::Leading(leader) = &self.phase else {
            return;
        };
        if !leader.is_settled() {
            return;
        }
        let epoch = leader.epoch;
        self.step_down(&Error::NOT_COMMITTED);
        match to {
            Some(to) if self.lock == Lock::Held => {
                self.timers.handed_ms = Some(self.now_ms);
                self.send(&Message::HandOver { epoch, to });
            }
            _ => self.release_lock(),
        }
    }

    /// The one it was handed to did not take it: whoever waits may.
    #[inline(never)]
    pub(super) fn hand_over_failed(&mut self) {
        self.timers.handed_ms = None;
        self.release_lock();
    }

    /// The leader is done and means this node.
    pub(super) fn take_over(&mut self, epoch: u64) {
        if self.options.election == Election::Lease {
            // It may be claiming in vain: it goes on once it has read that reign to its end.
            self.handed_epoch = epoch;
            return;
        }
        let fit = matches!(self.phase, Phase::Following) && self.is_able();
        if fit && epoch >= self.epoch() && self.lock != Lock::Held {
            self.lock = Lock::Asked;
            self.outputs.push_back(Output::StealLock);
        }
    }
}
