//! Messages of other nodes: who may say what, and what is done about it.
use super::{Election, Event, Lock, Node, Output, Phase, key, place};
use crate::command::{Error, Tab};
use crate::replica::message::Answer;
use crate::replica::{Claim, Heard, Info, Message, Progress, Seen, Unreadable};

/// So long a leader stays when its page is hidden.
const HIDDEN_MS: u64 = 300;
/// The same where it has taken the lead from one that did not work: that one may be visible, answer, and be frozen.
const STOLEN_MS: u64 = 30_000;
/// A newer build that was heard since is at work: it is heard at each beat.
const NEWER_MS: u64 = 12_000;

impl Node {
    #[inline(never)]
    pub(super) fn received(&mut self, bytes: &[u8]) {
        if matches!(self.phase, Phase::Left | Phase::Closed) {
            return;
        }
        self.is_alone = false;
        self.begin_recording();
        match Message::decode(bytes) {
            Ok(message) => self.take_message(message),
            Err(Unreadable::Version(version)) => self.foreign_version(version),
            Err(Unreadable::Malformed) => {}
        }
    }

    /// A newer build is at work in another tab: told once. What it said may be in storage too, in a form that is
    /// understood here.
    fn foreign_version(&mut self, version: u8) {
        self.timers.newer_heard_ms = Some(self.now_ms);
        if matches!(self.phase, Phase::Following) && !self.incompatible && !self.storage.is_none() {
            self.follower.read();
        }
        if !std::mem::replace(&mut self.timers.told_of_version, true) {
            let sentence =
                format!("Another tab is of a newer build: it speaks protocol {version}.");
            self.event(Event::Incompatible { sentence });
        }
    }

    fn take_message(&mut self, message: Message) {
        match message {
            Message::Hello(info) => {
                self.meet(&info);
                let own = self.info();
                self.send(&Message::Announce(own));
            }
            Message::Announce(info) => self.meet(&info),
            Message::Requests {
                epoch,
                from,
                answered_below,
                items,
            } => {
                self.answered.prune(from, answered_below);
                if self.runs_for_others(epoch) {
                    items.iter().for_each(|asked| self.run_asked(from, asked));
                }
            }
            Message::Answers { epoch, to, items } if to == self.id => {
                self.take_answers(epoch, items);
            }
            Message::Ping { info, nonce } => {
                self.meet(&info);
                self.pong(&info, nonce);
            }
            Message::Pong {
                info,
                to,
                pending_ms,
                steps,
                ..
            } => {
                self.meet(&info);
                if to == self.id {
                    self.take_pong(&info, pending_ms, steps);
                }
            }
            Message::Published { epoch, items } if epoch >= self.known_epoch() => {
                for published in &items {
                    self.engine.deliver(published);
                }
                self.absorb(None);
            }
            Message::Leaving { from } => {
                self.peers.remove(&from);
                self.tell_of_peers();
                self.follower.lost(from);
            }
            Message::HandOver { epoch, to } if to == self.id => self.take_over(epoch),
            Message::WantLead { epoch, from } => {
                if self.runs_for_others(epoch) {
                    self.hand_over(Some(from));
                }
            }
            other => self.take_data(other),
        }
    }

    /// Messages that carry data, or ask for it.
    fn take_data(&mut self, message: Message) {
        let (own_id, known_epoch) = (self.id, self.known_epoch());
        match message {
            Message::Blocks { epoch, to, blocks }
                if to.is_none_or(|to| to == own_id) && epoch >= known_epoch =>
            {
                self.received_blocks(&blocks);
            }
            Message::Ask { from, at } => self.asked_for_blocks(from, at),
            Message::Unheld { epoch, to, at }
                if to == own_id && epoch >= known_epoch && at == place(self.position.next) =>
            {
                self.follower.unheld();
            }
            Message::Image {
                epoch,
                from,
                to,
                next,
                seq,
                bytes,
                ..
            } if to == own_id && epoch >= known_epoch => {
                self.take_image(from, key(next), seq, &bytes);
            }
            // Meant for another node, or said by a reign that is over.
            _ => {}
        }
    }

    /// The newest epoch that this node has heard of.
    fn known_epoch(&self) -> u64 {
        let heard = self.follower.leader().map_or(0, |leader| leader.epoch);

        heard.max(self.epoch())
    }

    fn runs_for_others(&self, epoch: u64) -> bool {
        let going = self.stepping_down || self.handing_over.is_some();

        self.leads() && !going && epoch == self.epoch()
    }

    /// Notes what a node says of itself.
    fn meet(&mut self, info: &Info) {
        if info.id == self.id {
            return;
        }
        self.peers.insert(info.id, (info.clone(), self.now_ms));
        self.tell_of_peers();
        if self.leads() && info.epoch > self.epoch() {
            // Somebody has read our seal: nothing that we write will ever be committed.
            self.give_way();
        } else if self.leads() && info.leads && self.storage.is_none() {
            // Nothing but their word tells them which of them leads: of one epoch, the greater id.
            if (info.epoch, info.id) > (self.epoch(), self.id) {
                self.give_way();
            } else {
                self.send(&Message::Announce(self.info()));
            }
        }
        if info.leads {
            self.meet_leader(info);
        } else if self.storage.is_none() {
            self.follower.resigned(info.id, info.epoch);
        }
        // Who has no storage gives way to one who has.
        if info.able && self.storage.is_none() {
            if self.leads() {
                self.step_down(&Error::NOT_COMMITTED);
            }
            self.release_lock();
        }
    }

    fn give_way(&mut self) {
        self.lead_is_over();
        self.doubt_lock();
        // Where there is no lock, the other has its turn first.
        self.timers.lock_held_ms = self.now_ms;
    }

    /// INFO, ROLE and FAILOVER read these.
    pub(super) fn tell_of_peers(&mut self) {
        let follows = self.peers.values().filter(|(info, _)| !info.leads);
        let tab = |(info, heard_ms): &(Info, u64)| Tab {
            id: info.id,
            seq: info.seq,
            heard_ms: *heard_ms,
        };
        let tabs = &mut self.engine.facts_mut().tabs;
        tabs.clear();
        tabs.extend(follows.map(tab));
    }

    fn meet_leader(&mut self, info: &Info) {
        if info.epoch < self.epoch() {
            // Either its reign is over and it does not know, or storage was cleared and this node does not.
            return self.follower.read();
        }
        if self.leads() {
            return;
        }
        if self.follower.heard(self.now_ms, info.id, info.epoch) {
            self.watch.progress(self.now_ms);
        }
        let follows = self
            .follower
            .leader()
            .is_some_and(|seen| seen.id == info.id);
        if self.storage.is_none() && follows && info.epoch == self.epoch() && info.id != self.reign
        {
            // Another led that epoch too, and this node has followed that one.
            self.spoil();
        }
        self.follower.told(info.next);
        self.catch_up();
    }

    /// Whether there is a leader to whom calls can go.
    pub(super) fn somebody_leads(&self) -> bool {
        let recent = |heard_ms: u64| self.now_ms < heard_ms + 5000;

        !self.leads()
            && self
                .follower
                .leader()
                .is_some_and(|leader| recent(leader.heard_ms))
    }

    fn pong(&mut self, info: &Info, nonce: u64) {
        let pending_ms = match &self.phase {
            Phase::Leading(leader) => leader.pending_ms(self.now_ms),
            // Whoever holds the lock and does not lead is on the way to it: its steps tell how fast.
            Phase::Claiming(_) => 1,
            _ if self.lock == Lock::Held && self.options.election == Election::Lock => 1,
            _ => return,
        };
        let (to, steps, info) = (info.id, self.storage.steps, self.info());
        self.send(&Message::Pong {
            info,
            to,
            nonce,
            pending_ms,
            steps,
        });
    }

    fn take_pong(&mut self, info: &Info, pending_ms: u64, steps: u64) {
        let other = |leader: Seen| leader.id != info.id;
        if info.leads && self.follower.leader().is_some_and(other) {
            // A leader that is overtaken and does not know it: nothing of what waits here is its to do.
            return;
        }
        let told = Progress {
            epoch: info.epoch,
            committed_seq: info.seq,
            steps,
        };
        let idle = info.leads && pending_ms == 0;
        #[cfg(any(test, feature = "sim"))]
        let idle = idle || self.options.mutants.no_progress_check;
        self.watch.pong(
            self.now_ms,
            info.id,
            told,
            if idle { 0 } else { pending_ms.max(1) },
        );
    }

    fn take_answers(&mut self, epoch: u64, items: Vec<Answer>) {
        if epoch < self.known_epoch() {
            return;
        }
        let epochs_rise = !self.storage.is_none();
        for item in items {
            match self.outbox.answered(item.number, epoch, epochs_rise) {
                Heard::Final => self.held_answers.push((epoch, item)),
                Heard::Unasked => {}
                // Storage tells which of the two leads, or that neither does.
                Heard::Outdated => {
                    self.follower.read();
                    continue;
                }
            }
            self.watch.answered(self.now_ms);
        }
        self.release_held_replies();
    }

    /// Answers whose records have been applied: what was written in this tab is seen in this tab. Records of a newer
    /// build never are.
    pub(super) fn release_held_replies(&mut self) {
        // Not the engine's seq: a leader that was overtaken has counted further than what is committed.
        let seq = self.committed_seq();
        let held = std::mem::take(&mut self.held_answers);
        for (epoch, answer) in held {
            // Who cannot read the leader's records will never have applied them. Nor will who has come to a later reign
            // without them: where nothing is stored they are gone with the leader, or storage was damaged.
            let in_memory = self.storage.is_none() && self.leads();
            let gone = self.incompatible || in_memory || self.epoch() > epoch;
            if answer.seq <= seq || gone {
                self.answered_here(answer.number, &answer.reply);
            } else {
                self.held_answers.push((epoch, answer));
            }
        }
    }

    #[inline(never)]
    pub(super) fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
        self.timers.hidden_ms = self.now_ms;
        self.send(&Message::Announce(self.info()));
    }

    /// When a leader that is hidden has been so for long enough.
    pub(super) fn hidden_due_ms(&self) -> Option<u64> {
        let due_ms = self.yields_ms();

        (self.leads() && !self.visible && self.now_ms < due_ms).then_some(due_ms)
    }

    fn yields_ms(&self) -> u64 {
        let stolen_ms = self.timers.stolen_ms.map_or(0, |at_ms| at_ms + STOLEN_MS);

        stolen_ms.max(self.timers.hidden_ms + HIDDEN_MS)
    }

    /// A hidden leader hands over to a visible follower: a hidden page may be slowed down or frozen. Not at once: who
    /// glances at another window comes back.
    pub(super) fn yield_if_hidden(&mut self) {
        if self.now_ms < self.yields_ms()
            || self.visible
            || !self.leads()
            || self.stepping_down
            || self.handing_over.is_some()
        {
            return;
        }
        let recent = |heard_ms: &u64| self.now_ms < heard_ms + 10_000;
        let fit = |info: &Info| info.visible && info.able && !info.leads;
        let mut peers = self.peers.values();
        let to = peers.find(|(info, heard)| fit(info) && recent(heard));
        if let Some(to) = to.map(|(info, _)| info.id) {
            drop(peers);
            self.hand_over(Some(to));
        }
    }

    /// The leader does nothing. A node that is too old to lead in its place can only say so.
    pub(super) fn steal(&mut self) {
        if self.incompatible {
            self.follower.forget_leader();
            return self.refuse_all(&Error::INCOMPATIBLE);
        }
        if self.newer_leads() {
            // It would take the lead back, and so on: the older build gives way.
            return self.refuse_all(&Error::INCOMPATIBLE);
        }
        let is_lease = self.options.election == Election::Lease;
        let fit = self.is_able() && !self.spoiled && matches!(self.phase, Phase::Following);
        if !fit || (self.lock == Lock::Held && !is_lease) {
            return;
        }
        // Handed back at once, it would be in vain.
        self.timers.stolen_ms = Some(self.now_ms);
        self.follower.forget_leader();
        if is_lease {
            // There is no lock to take: a leader that answers and does not work is sealed off.
            self.phase = Phase::Claiming(Claim::Read);
        } else {
            self.lock = Lock::Asked;
            self.outputs.push_back(Output::StealLock);
        }
    }

    /// A newer build is at work, and nobody leads whom this node understands.
    fn newer_leads(&self) -> bool {
        let heard = |at_ms: u64| self.now_ms < at_ms + NEWER_MS;
        let understood = self
            .follower
            .leader()
            .is_some_and(|leader| leader.epoch >= self.epoch());

        self.timers.newer_heard_ms.is_some_and(heard) && !understood
    }
}
