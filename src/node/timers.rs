//! Everything that waits for a time.
use super::{Election, Node, Output, Phase};
use crate::command::Reply;
use crate::replica::{Look, Message};

/// So often a follower lets itself be heard, and hears whether it missed something.
const BEAT_MS: u64 = 5000;
/// The same where leases elect: a leader must be heard in time.
const LEASE_BEAT_MS: u64 = 1000;
/// So long a node handed the lead may take to fetch it.
const HAND_OVER_MS: u64 = 1000;
/// A node that was not heard for so long is gone.
const PEER_MS: u64 = 120_000;

#[derive(Debug, Default)]
pub(super) struct Timers {
    set_ms: Option<u64>,
    beat_ms: u64,
    pub lock_held_ms: u64,
    /// When it was last asked whether somebody leads.
    pub asked_ms: u64,
    pub handing_over_ms: u64,
    /// The lead was handed to a certain node, and not yet fetched.
    pub handed_ms: Option<u64>,
    /// When a FAILOVER is late, and whether it is then forced.
    pub failover: Option<(u64, bool)>,
    /// Since when the page is hidden.
    pub hidden_ms: u64,
    /// When this node last took the lead from one that did not work.
    pub stolen_ms: Option<u64>,
    pub told_of_version: bool,
    /// When a newer build last spoke.
    pub newer_heard_ms: Option<u64>,
    /// Since when an import waits for the lead.
    pub import_ms: u64,
}

impl Node {
    /// The one that was set last, unless the driver had another reason: it is set anew, even for the same time.
    pub(super) fn timer_came(&mut self) {
        self.timers.set_ms = None;
        self.slice_snapshot();
    }

    /// What is due by now.
    pub(super) fn tick_timers(&mut self) {
        if matches!(self.phase, Phase::Left | Phase::Closed) {
            return;
        }
        let now_ms = self.now_ms;
        if self.leads()
            && self
                .engine
                .next_tick_ms()
                .is_some_and(|at_ms| now_ms >= at_ms)
        {
            self.engine.tick(now_ms);
            self.absorb(None);
        }
        if self.engine.has_idle_work() {
            self.engine.idle();
        }
        self.follower.tick(now_ms);
        if self.storage.is_none() && self.follower.is_reading() {
            // There is nothing to be read: the next beat asks again.
            self.follower.read_to_end();
        }
        self.wake_sleepers();
        if self
            .timers
            .handed_ms
            .is_some_and(|at_ms| now_ms >= at_ms + HAND_OVER_MS)
        {
            self.hand_over_failed();
        }
        self.beat();
        self.end_failover_if_late();
        self.yield_if_hidden();
        self.import_if_leading();
        self.leave_if_done();
    }

    fn beat_interval_ms(&self) -> u64 {
        match self.options.election {
            Election::Lock => BEAT_MS,
            Election::Lease => LEASE_BEAT_MS,
        }
    }

    /// A follower asks how the leader is: what it missed comes to light, and all know of one another.
    fn beat(&mut self) {
        let now_ms = self.now_ms;
        if now_ms < self.timers.beat_ms + self.beat_interval_ms() {
            return;
        }
        self.timers.beat_ms = now_ms;
        self.peers
            .retain(|_, (_, heard_ms)| now_ms < *heard_ms + PEER_MS);
        self.tell_of_peers();
        self.ping_replicas();
        if self.leads() {
            // One that was overtaken while its messages were lost hears of it: neither is asked by a follower.
            self.send(&Message::Announce(self.info()));
            // One that has nothing to commit learns from storage that it is overtaken, or that all was cleared.
            if !self.storage.is_none() {
                self.leader()
                    .into_iter()
                    .for_each(|leader| leader.look(now_ms));
            }
        } else if self.ready || self.incompatible {
            self.ping();
        }
    }

    fn ping(&mut self) {
        self.nonce += 1;
        let (info, nonce) = (self.info(), self.nonce);
        self.send(&Message::Ping { info, nonce });
    }

    /// Calls wait: does the leader work?
    pub(super) fn watch_leader(&mut self) {
        let waiting = !self.outbox.is_empty() && !self.leads();
        let stuck = self.storage.is_stuck(self.now_ms);
        let look = self.watch.look(self.now_ms, waiting, stuck, &mut self.rng);
        match look {
            Look::Nothing => {}
            Look::Ping => self.ping(),
            Look::AskForLead => self.ask_for_lead(),
            Look::Steal => self.steal(),
        }
    }

    fn wake_sleepers(&mut self) {
        let now_ms = self.now_ms;
        let (over, asleep) = self
            .waiting
            .asleep
            .iter()
            .partition(|(at_ms, _)| now_ms >= *at_ms);
        self.waiting.asleep = asleep;
        let over: Vec<(u64, u64)> = over;
        for (_, call) in over {
            self.reply(call, Reply::OK);
        }
    }

    /// Asks the driver for `Timer` when the next thing is due.
    pub(super) fn set_timer(&mut self) {
        let now_ms = self.now_ms;
        if matches!(self.phase, Phase::Left | Phase::Closed) {
            return;
        }
        let timers = &self.timers;
        let asleep = self.waiting.asleep.iter().map(|(at_ms, _)| *at_ms);
        let import_ms = timers.import_ms + 5000;
        let again_ms = self.storage.again_ms().filter(|_| !self.storage.is_busy());
        let due = [
            Some(timers.beat_ms + self.beat_interval_ms()),
            asleep.min(),
            timers.handed_ms.map(|at_ms| at_ms + HAND_OVER_MS),
            timers.failover.map(|(at_ms, _)| at_ms),
            self.waiters_due_ms(),
            self.paused_due_ms(),
            self.hidden_due_ms(),
            self.follower.due_ms(),
            self.watch.due_ms(),
            self.waiting.import.as_ref().map(|_| import_ms),
            self.engine.has_idle_work().then_some(now_ms),
            again_ms,
            self.phase_due_ms(),
        ];
        // What is overdue waits for storage, or is done by the next input: not at once, for ever.
        let due_ms = due.into_iter().flatten().min();
        let slice_ms = (self.leads() && self.snapshots.wants_slice()).then_some(now_ms);
        let at_ms = slice_ms.or(due_ms.map(|at_ms| at_ms.max(now_ms + 1)));
        if let Some(at_ms) = at_ms
            && self.timers.set_ms != Some(at_ms)
        {
            self.timers.set_ms = Some(at_ms);
            self.outputs.push_back(Output::SetTimer { at_ms });
        }
    }

    /// When what the node is about is due.
    fn phase_due_ms(&self) -> Option<u64> {
        let now_ms = self.now_ms;
        match &self.phase {
            Phase::Leading(leader) => {
                let is_free = !self.storage.is_busy();
                let stored = [self.storage.look_ms(), leader.strict_due_ms()];
                let all = stored.into_iter().filter(|_| is_free);
                all.chain([self.engine.next_tick_ms()]).flatten().min()
            }
            Phase::Claiming(crate::replica::Claim::Wait { until_ms }) => Some(*until_ms),
            Phase::Following if self.has_lock() => Some(now_ms + 100),
            _ => None,
        }
    }

    /// INFO, ROLE and LASTSAVE read these.
    pub(super) fn update_facts(&mut self) {
        let (epoch, committed_seq) = (self.epoch(), self.committed_seq());
        let leader = match self.somebody_leads() {
            true => self.follower.leader().map(|leader| leader.id),
            false => None,
        };
        let (failing_over, stored) = (self.handing_over.is_some(), !self.storage.is_none());
        let tabs = if self.leads() { self.peers.len() } else { 0 };
        let followers = tabs + self.replicas.len();
        let saving = self.snapshots.is_saving();
        let facts = self.engine.facts_mut();
        facts.epoch = epoch;
        facts.committed_seq = committed_seq;
        facts.followers = followers;
        facts.leader = leader;
        facts.failing_over = failing_over;
        facts.stored = stored;
        facts.saving = saving;
        // Redis: until the first one it is the time of the start.
        facts.last_save_ms = match self.snapshots.last_save_ms {
            0 => facts.started_ms,
            at_ms => at_ms,
        };
        facts.last_save_failed = self.snapshots.last_failed;
        facts.changes_since_save = committed_seq.saturating_sub(self.snapshots.last_seq);
    }
}
