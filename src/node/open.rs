//! Opening storage, and being away: from the first moment to the last.
use super::recovery::Recovery;
use super::storage::Job;
use super::{Event, Leaving, Lock, Node, Output, Phase, StorageError, StorageOp, StorageReply};
use crate::command::{Error, Role};
use crate::replica::{Claim, Follower, Leader, Message};

impl Node {
    /// Gives storage its next operation, if there is one.
    pub(super) fn pump(&mut self) {
        #[cfg(any(test, feature = "sim"))]
        self.pump_ahead();
        if self.storage.is_busy() || self.storage.is_cleared() {
            return;
        }
        if self.storage.is_none() {
            return self.pump_memory();
        }
        if !self.storage.is_open() {
            let due = self
                .storage
                .again_ms()
                .is_some_and(|at_ms| self.now_ms >= at_ms);
            let wanted = !matches!(self.phase, Phase::Left | Phase::Closed);
            if due && wanted {
                let mut candidate = [0; 16];
                let halves = [self.rng.next_u64(), self.rng.next_u64()];
                for (bytes, half) in candidate.chunks_mut(8).zip(halves) {
                    bytes.copy_from_slice(&half.to_le_bytes());
                }
                self.store(Job::Open, StorageOp::Open { candidate });
            }
            return;
        }
        match &self.phase {
            Phase::Opening | Phase::Left | Phase::Closed => {}
            Phase::Recovering(_) => self.pump_recovery(),
            Phase::Following => self.pump_following(),
            Phase::Claiming(_) => self.pump_claim(),
            Phase::Leading(_) => self.pump_leading(),
        }
    }

    pub(super) fn opened(&mut self, result: Result<StorageReply, StorageError>) {
        let identity = match result {
            Ok(StorageReply::Identity(identity)) => identity,
            Err(StorageError::Unavailable(why)) if self.storage.identity.is_none() => {
                return self.live_in_memory(why);
            }
            _ => return self.storage_failed(),
        };
        #[cfg(any(test, feature = "sim"))]
        let identity = match self.options.mutants.no_identity {
            true => [0; 16],
            false => identity,
        };
        if self.storage.identity.is_some_and(|known| known != identity) {
            return self.storage_cleared();
        }
        self.storage.identity = Some(identity);
        self.storage.set_open();
        match &mut self.phase {
            Phase::Opening => self.recover(),
            Phase::Recovering(recovery) => **recovery = Recovery::new(),
            Phase::Following if self.spoiled => self.recover(),
            // What was missed meanwhile is in storage.
            Phase::Following => self.follower.read(),
            Phase::Claiming(claim) => *claim = Claim::Read,
            Phase::Leading(_) | Phase::Left | Phase::Closed => {}
        }
        self.ask_for_lock();
    }

    /// Reads everything anew; what is there is served meanwhile.
    pub(super) fn recover(&mut self) {
        self.engine.set_role(Role::Follower);
        self.phase = Phase::Recovering(Box::new(Recovery::new()));
    }

    #[inline(never)]
    fn live_in_memory(&mut self, why: String) {
        self.storage.set_none();
        self.timers.lock_held_ms = self.now_ms;
        // Records are for storage and for other nodes: here is none, and none has been heard of.
        self.engine.set_recording(!self.is_alone);
        self.phase = Phase::Following;
        self.ready = true;
        self.spoiled = false;
        let sentence = format!("There is no storage here ({why}): data lives in memory alone.");
        self.event(Event::MemoryOnly { sentence });
        self.event(Event::Follower { epoch: 0 });
        self.send(&Message::Hello(self.info()));
        self.ask_for_lock();
    }

    /// A healthy node waits for the lock as long as it runs, and while it opens: where nobody leads, that is one wait
    /// less. Nodes that are ready stand before it.
    pub(super) fn ask_for_lock(&mut self) {
        let opening = matches!(self.phase, Phase::Opening) && !self.storage.is_lost();
        let fit = self.storage.is_open() || self.storage.is_none() || opening;
        let sound = !self.incompatible && !self.bereft;
        let here = self.leaving == Leaving::No && sound;
        let there = opening || matches!(self.phase, Phase::Following | Phase::Recovering(_));
        if fit && here && there && self.lock == Lock::None {
            self.lock = Lock::Asked;
            self.outputs.push_back(Output::RequestLock);
        }
    }

    pub(super) fn release_lock(&mut self) {
        if self.lock != Lock::None {
            self.lock = Lock::None;
            self.outputs.push_back(Output::ReleaseLock);
        }
    }

    /// Another database is where ours was: it is told, and never begun anew silently.
    #[inline(never)]
    fn storage_cleared(&mut self) {
        self.storage.set_cleared();
        self.event(Event::Cleared);
        self.give_up(&Error::STORAGE_CLEARED);
        // The leader's storage is the same: it will not answer what waits here.
        self.refuse_all(&Error::STORAGE_CLEARED);
    }

    /// Lost for good: reads go on, and another node may have more luck.
    pub(super) fn storage_lost(&mut self) {
        self.give_up(&Error::STORAGE_GONE);
    }

    fn give_up(&mut self, error: &Error) {
        if self.leads() {
            self.step_down(error);
        }
        if matches!(self.phase, Phase::Claiming(_) | Phase::Leading(_)) {
            self.phase = Phase::Following;
        }
        self.release_lock();
        // It will not be undone: there is nothing to read it anew from.
        self.tell_rejected();
        if !self.somebody_leads() {
            self.refuse_all(error);
        }
        self.end_reload(&error.clone().into());
    }

    /// The page is going, for now or for good.
    #[inline(never)]
    pub(super) fn leave(&mut self, leaving: Leaving) {
        let closes = self.leaving == Leaving::ForGood;
        if matches!(self.phase, Phase::Closed) || closes || self.leaving == leaving {
            return;
        }
        let gone = matches!(self.phase, Phase::Left);
        self.leaving = leaving;
        if leaving == Leaving::ForGood {
            self.refuse_all(&Error::CLOSED);
        }
        self.snapshots_abort();
        if gone {
            return self.closed();
        }
        // The batch goes to storage before the lock goes to another node.
        self.leader().into_iter().for_each(Leader::settle);
        self.pump();
        self.release_lock();
        self.send(&Message::Leaving { from: self.id });
        self.leave_if_done();
    }

    /// Leaves once nothing is left to commit.
    pub(super) fn leave_if_done(&mut self) {
        if self.leaving == Leaving::No || self.storage.job() == Some(Job::Close) {
            return;
        }
        if self.leader().is_some_and(|leader| !leader.is_settled()) {
            return;
        }
        if self.leads() {
            self.step_down(&Error::NOT_COMMITTED);
        }
        if matches!(self.phase, Phase::Opening | Phase::Recovering(_)) {
            self.spoil();
        }
        self.tell_rejected();
        self.phase = Phase::Left;
        self.storage.forget();
        if self.storage.is_open() {
            self.store(Job::Close, StorageOp::Close);
        } else {
            self.closed();
        }
    }

    pub(super) fn closed(&mut self) {
        if !self.storage.is_none() && !self.storage.is_cleared() {
            self.storage.set_closed(self.now_ms);
        }
        if self.leaving == Leaving::ForGood && !matches!(self.phase, Phase::Closed) {
            self.phase = Phase::Closed;
            self.outputs.push_back(Output::Closed);
        }
    }

    /// The page is back: a follower again.
    #[inline(never)]
    pub(super) fn come_back(&mut self) {
        if self.leaving != Leaving::ForNow {
            return;
        }
        self.leaving = Leaving::No;
        if !matches!(self.phase, Phase::Left) {
            // The last batch is still under way: go on from there as a leader that has lost its lock.
            return self.lock_lost();
        }
        self.storage.forget();
        self.follower = Follower::default();
        if self.storage.is_none() {
            self.phase = Phase::Following;
            self.ask_for_lock();
        } else if self.storage.is_cleared() {
            self.phase = Phase::Following;
        } else {
            self.storage.set_closed(self.now_ms);
            self.phase = if self.ready {
                Phase::Following
            } else {
                Phase::Opening
            };
        }
        self.send(&Message::Hello(self.info()));
    }

    /// Storage was closed under us: what is there is looked at before anything is written.
    #[inline(never)]
    pub(super) fn storage_closed(&mut self) {
        if !self.storage.is_open() {
            return;
        }
        let job = self.storage.job();
        self.storage.forget();
        self.storage.set_closed(self.now_ms);
        match job {
            Some(Job::Commit | Job::Doubt) => self.doubt(),
            Some(Job::Snapshot) => self.snapshots_abort(),
            Some(Job::Close) => self.closed(),
            _ => {}
        }
    }
}
