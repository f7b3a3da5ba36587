//! The lock, and the claim: read to the end, seal and check.
use super::recovery::follower_of;
use super::storage::Job;
use super::{
    Election, Event, Leaving, Lock, Node, Output, Phase, Position, StorageError, StorageOp,
    StorageReply, key, place,
};
use crate::command::{Error, Role};
use crate::log::{Block, Body};
use crate::replica::{Claim, Leader, Message};

/// Until storage that was full or silent is tried again.
const AGAIN_MS: u64 = 500;
/// Without a lock: so long a leader must have been silent.
const LEASE_MS: u64 = 3000;
/// Without storage: so long to hear of somebody who has some, or leads.
const GRACE_MS: u64 = 100;
/// Without storage: so often one that leads is asked whether it still does.
const ASK_MS: u64 = 1000;

impl Node {
    pub(super) fn lock_granted(&mut self) {
        if self.lock == Lock::None || self.leaving != Leaving::No {
            self.outputs.push_back(Output::ReleaseLock);
            self.lock = Lock::None;
            return;
        }
        self.lock = Lock::Held;
        self.timers.lock_held_ms = self.now_ms;
        if self.storage.is_none() {
            self.timers.asked_ms = self.now_ms;
            self.send(&Message::Hello(self.info()));
        }
        self.claim_if_held(Claim::Read);
    }

    /// Claims where the lock is held and there is nothing else to be done first. `first`: `Read`, or `Seal` where the
    /// log was read to its end just now. A place that is taken, or stands in a log that is over, is found then too.
    pub(super) fn claim_if_held(&mut self, first: Claim) {
        let elsewhere = self.timers.handed_ms.is_some() || self.leaving != Leaving::No;
        if self.lock != Lock::Held || elsewhere || !matches!(self.phase, Phase::Following) {
            return;
        }
        if self.incompatible || self.bereft || self.storage.is_cleared() {
            return self.release_lock();
        }
        if self.options.election == Election::Lease && !self.has_been_handed() {
            if !self.lease_is_over() {
                return;
            }
            if self.epoch() > 0 {
                // Whoever led is frozen perhaps, or has handed the lead to one that is.
                self.timers.stolen_ms = Some(self.now_ms);
            }
        }
        if self.storage.is_none() {
            return self.lead_in_memory();
        }
        if self.spoiled {
            return self.recover();
        }
        self.phase = Phase::Claiming(first);
    }

    /// Without a lock: another has claimed meanwhile, and will let itself be heard. Several claim at once where they
    /// have waited for the same silence; each would take the lead from the one before.
    pub(super) fn claim_later(&mut self) {
        self.timers.lock_held_ms = self.now_ms;
        self.phase = Phase::Following;
        self.follower.read();
    }

    /// Without a lock: whether the reign that was read last ended by being handed to this node.
    pub(super) fn has_been_handed(&self) -> bool {
        self.handed_epoch > 0 && self.handed_epoch == self.epoch()
    }

    /// Without a lock everybody is granted it: only silence tells that nobody leads.
    fn lease_is_over(&self) -> bool {
        let heard_ms = self.follower.leader().map_or(0, |leader| leader.heard_ms);
        let since_ms = heard_ms.max(self.timers.lock_held_ms);

        self.now_ms >= since_ms + LEASE_MS + self.id % 500
    }

    /// Where all live in memory, the one with the lock leads; one that has storage is better.
    #[inline(never)]
    fn lead_in_memory(&mut self) {
        let storage = self.peers.values().any(|(info, _)| info.able);
        let grace_ms = if self.options.shared { GRACE_MS } else { 0 };
        if storage || self.now_ms < self.timers.lock_held_ms + grace_ms || self.is_led() {
            return;
        }
        let at = self.position.next;
        let next_epoch = at.epoch + 1;
        let mut token = [0; 16];
        token[..8].copy_from_slice(&self.id.to_le_bytes());
        let seal = self.block(Body::Seal { next_epoch, token });
        self.reign = self.id;
        // There is nothing to read it anew from: what is here counts.
        self.spoiled = false;
        self.lead(next_epoch, at, seal);
    }

    /// Without storage nothing seals a leader off: one that still lets itself be heard after the lock has come here
    /// leads, whatever the lock may mean by it.
    fn is_led(&mut self) -> bool {
        let granted_ms = self.timers.lock_held_ms;
        let Some(heard_ms) = self.follower.leader().map(|leader| leader.heard_ms) else {
            return false;
        };
        if heard_ms < granted_ms || self.now_ms >= heard_ms + LEASE_MS {
            return false;
        }
        if self.now_ms >= self.timers.asked_ms + ASK_MS {
            self.timers.asked_ms = self.now_ms;
            self.send(&Message::Hello(self.info()));
        }

        true
    }

    pub(super) fn pump_claim(&mut self) {
        if self.is_making_room() {
            return self.pump_cut();
        }
        let Phase::Claiming(claim) = &self.phase else {
            return;
        };
        match claim {
            Claim::Wait { until_ms } if self.now_ms < *until_ms => {}
            // Storage was lost on the way: what became of the seal, reading tells.
            Claim::Wait { .. } | Claim::Sealing { .. } => {
                self.phase = Phase::Claiming(Claim::Read);
                self.pump_claim();
            }
            Claim::Read => self.read_on(),
            Claim::Seal => self.seal(),
        }
    }

    fn seal(&mut self) {
        let mut token = [0; 16];
        token[..8].copy_from_slice(&self.id.to_le_bytes());
        token[8..].copy_from_slice(&self.rng.next_u64().to_le_bytes());
        let next_epoch = self.epoch() + 1;
        let bytes = self.block(Body::Seal { next_epoch, token });
        let at = self.position.next;
        #[cfg(any(test, feature = "sim"))]
        if self.options.mutants.no_seal {
            return self.lead(next_epoch, at, bytes);
        }
        self.phase = Phase::Claiming(Claim::Sealing {
            at: place(at),
            seal: bytes.clone(),
        });
        self.store(Job::Seal, StorageOp::Seal { key: at, bytes });
    }

    pub(super) fn seal_stored(&mut self, result: Result<StorageReply, StorageError>) {
        let wait = Claim::Wait {
            until_ms: self.now_ms + AGAIN_MS,
        };
        let Phase::Claiming(claim) = &mut self.phase else {
            return;
        };
        match result {
            Ok(StorageReply::Blocks(blocks)) => self.sealed(&blocks),
            // Somebody was first: its block is read, and the end is looked for again.
            Err(StorageError::Exists) => *claim = Claim::Read,
            Err(StorageError::Quota) => {
                *claim = wait;
                if self.make_room() {
                    self.phase = Phase::Claiming(Claim::Read);
                } else {
                    self.storage_is_full();
                }
            }
            Err(StorageError::Unknown(_)) | Ok(_) => *claim = wait,
            Err(_) => {
                *claim = Claim::Read;
                self.storage_failed();
            }
        }
    }

    /// The claim counts where the seal is the greatest key of all.
    fn sealed(&mut self, blocks: &[(crate::log::BlockKey, Vec<u8>)]) {
        let Phase::Claiming(Claim::Sealing { at, seal }) = &mut self.phase else {
            return;
        };
        let at = key(*at);
        let greatest = matches!(blocks, [(key, bytes)] if *key == at && bytes == seal);
        #[cfg(any(test, feature = "sim"))]
        let greatest = greatest || self.options.mutants.no_seal_check;
        let goes_on = greatest && self.lock == Lock::Held && self.leaving == Leaving::No;
        if goes_on && std::mem::take(&mut self.tail_is_damaged) {
            // Whoever leads by a seal that nobody can read any more would write next behind this one.
            let next_epoch = at.epoch + 1;
            let token = [0; 16];
            self.advance(at, &Body::Seal { next_epoch, token });
            self.phase = Phase::Claiming(Claim::Read);
        } else if goes_on {
            let seal = std::mem::take(seal);
            self.lead(at.epoch + 1, at, seal);
        } else if self.lock == Lock::Held {
            // Void: this place belongs to a time that is over.
            self.recover();
        } else {
            self.phase = Phase::Following;
            self.follower.read();
        }
    }

    /// From now on this node leads `epoch`; its seal stands at `at`.
    fn lead(&mut self, epoch: u64, at: crate::log::BlockKey, seal: Vec<u8>) {
        let mut leader = Leader::new(self.now_ms, epoch, self.engine.seq());
        leader.hold(place(at), seal.clone());
        self.phase = Phase::Leading(Box::new(leader));
        let next = crate::log::BlockKey { epoch, n: 0 };
        self.position = Position {
            next,
            read_from: next,
        };
        self.engine.set_role(Role::Leader);
        self.follower = crate::replica::Follower::default();
        for (info, _) in self.peers.values_mut() {
            info.leads = false;
        }
        self.stepping_down = false;
        self.handing_over = None;
        self.event(Event::Leader { epoch });
        self.send(&Message::Announce(self.info()));
        let blocks = vec![(place(at), seal)];
        self.send(&Message::Blocks {
            epoch,
            to: None,
            blocks,
        });
        self.reloaded();
        self.release_held_replies();
        self.snapshots.batches_first();
        self.run_outbox();
        self.import_if_leading();
        self.snapshot_if_due();
    }

    /// Runs the calls that were meant for another leader.
    pub(super) fn run_outbox(&mut self) {
        for number in self.outbox.numbers() {
            let asked = self.outbox.run(number);
            asked
                .into_iter()
                .for_each(|asked| self.run_asked(self.id, &asked));
        }
    }

    /// The lock is gone: a commit under way is waited for, nothing new is begun.
    #[inline(never)]
    pub(super) fn lock_lost(&mut self) {
        self.lock = Lock::None;
        self.timers.handed_ms = None;
        self.lead_is_over();
        self.ask_for_lock();
    }

    /// Another leads or may: what was begun, or needs no more than a proof, is waited for; nothing new is begun.
    pub(super) fn lead_is_over(&mut self) {
        match &self.phase {
            Phase::Leading(leader) if leader.under_way.is_some() || leader.wants_proof() => {
                self.stepping_down = true;
                self.engine.set_role(Role::Follower);
                self.snapshots_abort();
            }
            Phase::Leading(_) => self.step_down(&Error::NOT_COMMITTED),
            Phase::Claiming(_) if self.storage.job() != Some(Job::Seal) => {
                self.phase = Phase::Following;
                self.follower.read();
            }
            _ => {}
        }
    }

    /// A block of this node's at its present place.
    pub(super) fn block(&self, body: Body) -> Vec<u8> {
        Block {
            database: self.database(),
            key: self.position.next,
            body,
        }
        .to_bytes()
    }

    /// What all blocks of this log bear. Without storage there is no other log than that of a reign.
    pub(super) fn database(&self) -> [u8; 16] {
        let mut reign = [0; 16];
        reign[..8].copy_from_slice(&self.reign.to_le_bytes());

        self.storage.identity.unwrap_or(reign)
    }

    /// The log goes on behind a block.
    pub(super) fn advance(&mut self, at: crate::log::BlockKey, body: &Body) {
        self.position = Position {
            next: follower_of(at, body),
            read_from: at.next(),
        };
    }
}
