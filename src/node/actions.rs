//! What commands ask of the node: SAVE, DEBUG RELOAD, SHUTDOWN, FAILOVER, and import.
use super::{BlockKey, Called, Error, Leaving, Node, Output, Phase, Position, place};
use crate::command::{Action, Failover, Reply, Role};
use crate::log::snapshot::{Due, load};
use crate::replica::{Answered, Gap, Message, NodeId, Place};

/// So long the lead may take to come to a node that wants to import.
const IMPORT_MS: u64 = 5000;
/// No block is there: who asks for it asks for all data.
const EVERYTHING: Place = (0, u64::MAX);

impl Node {
    /// Does what a command asked for; `call` waits for it.
    pub(super) fn act(&mut self, action: Action, call: Option<u64>) {
        let done = |node: &mut Node| {
            call.into_iter()
                .for_each(|call| node.reply(call, Reply::OK));
        };
        match action {
            Action::Save => self.save(call),
            Action::SaveInBackground => {
                self.save(None);
                done(self);
            }
            Action::Reload => {
                let reply = self.reload();
                call.into_iter()
                    .for_each(|call| self.reply(call, reply.clone()));
            }
            Action::ReplayLog => self.replay_log(call),
            Action::Sleep(ms) => {
                let due = call.map(|call| (self.now_ms + ms, call));
                self.waiting.asleep.extend(due);
            }
            Action::Close(session) => {
                self.outputs.push_back(Output::CloseSession(session));
                done(self);
            }
            Action::Replicate(session) => self.replicate_to(session),
            Action::Shutdown { save } => {
                if save && call.is_some() && self.leads() && !self.storage.is_none() {
                    self.waiting.shutdown = call;
                    self.save(call);
                } else {
                    self.leave(Leaving::ForGood);
                }
            }
            Action::Failover(wanted) => {
                self.fail_over(wanted);
                match self.leads() {
                    true => self.waiting.failover.extend(call),
                    false => done(self),
                }
            }
            Action::AbortFailover => {
                self.take_back_lead();
                done(self);
            }
            Action::Wait(wait) => self.begin_wait(wait, call),
        }
    }

    fn fail_over(&mut self, wanted: Failover) {
        let able = self
            .peers
            .values()
            .filter(|(info, _)| info.able && !info.leads);
        let best = able.max_by_key(|(info, heard_ms)| (info.visible, *heard_ms));
        let to = wanted.to.or(best.map(|(info, _)| info.id));
        self.timers.failover = wanted.timeout_ms.map(|ms| (self.now_ms + ms, wanted.force));
        self.hand_over(to);
    }

    /// A FAILOVER that is not done in time is taken back, or with FORCE the lead is given up as it is.
    pub(super) fn end_failover_if_late(&mut self) {
        let Some((at_ms, force)) = self.timers.failover else {
            return;
        };
        if self.handing_over.is_none() {
            self.timers.failover = None;
        } else if self.now_ms >= at_ms && force {
            self.timers.failover = None;
            self.release_lock();
            self.lead_is_over();
        } else if self.now_ms >= at_ms {
            self.take_back_lead();
        }
    }

    fn take_back_lead(&mut self) {
        self.timers.failover = None;
        if self.handing_over.take().is_some() && self.leads() && !self.stepping_down {
            self.engine.set_role(Role::Leader);
            for call in std::mem::take(&mut self.waiting.failover) {
                self.reply(call, Reply::OK);
            }
            self.run_outbox();
        }
    }

    /// DEBUG RELOAD: the data through its own file format and back.
    fn reload(&mut self) -> Reply {
        self.snapshots_abort();
        let bytes = self.export();
        let limits = self.engine.settings().limits;
        match load(&bytes, limits, Due::Keep) {
            Ok(loaded) => {
                let seq = self.engine.seq();
                self.engine.load(loaded.keyspace, seq);
                Reply::OK
            }
            Err(error) => Error::bad_import(&error.to_string()).into(),
        }
    }

    /// DEBUG LOADAOF: the data once more from storage.
    fn replay_log(&mut self, call: Option<u64>) {
        if self.storage.is_none() || !self.storage.is_open() {
            let reply = self.reload();
            call.into_iter()
                .for_each(|call| self.reply(call, reply.clone()));
            return;
        }
        self.waiting.reload.extend(call);
        self.reload_if_committed();
    }

    /// Once all is durable the lead is laid down, and claimed anew after the data has been read.
    pub(super) fn reload_if_committed(&mut self) {
        // The lead went to another after all: this node will not come to it, and has its data.
        if self.waiting.reloading && matches!(self.phase, Phase::Following) && !self.spoiled {
            self.reloaded();
        }
        let wanted = !self.waiting.reload.is_empty() && !self.waiting.reloading;
        if !wanted || self.is_recovering() {
            return;
        }
        if let Some(leader) = self.leader() {
            leader.settle();
            if !leader.is_settled() {
                return;
            }
            self.step_down(&Error::NOT_COMMITTED);
        }
        self.waiting.reloading = true;
        self.spoil();
    }

    /// The data is there again.
    pub(super) fn reloaded(&mut self) {
        if self.has_lock() && !self.leads() && !self.somebody_leads() {
            return;
        }
        self.end_reload(&Reply::OK);
    }

    /// Answers who waits for the data to be read anew.
    pub(super) fn end_reload(&mut self, reply: &Reply) {
        self.waiting.reloading = false;
        for call in std::mem::take(&mut self.waiting.reload) {
            self.reply(call, reply.clone());
        }
    }

    /// Replaces all data by a `dump.rdb`. Corrupt bytes are an error and change nothing.
    ///
    /// A follower asks for the lead first, and imports once it has it.
    pub fn import(&mut self, now_ms: u64, bytes: &[u8]) -> Called {
        self.settle(now_ms);
        self.now_ms = now_ms;
        let called = self.begin_import(bytes);
        self.finish();

        called
    }

    fn begin_import(&mut self, bytes: &[u8]) -> Called {
        if matches!(self.phase, Phase::Closed) || self.leaving == Leaving::ForGood {
            return Called::Reply(Error::CLOSED.into());
        }
        if let Some(error) = self.unreadable() {
            return Called::Reply(error.into());
        }
        if self.waiting.import.is_some() || self.snapshots.is_saving() && !self.leads() {
            return Called::Reply(Error::BUSY.into());
        }
        let limits = self.engine.settings().limits;
        let loaded = match load(
            bytes,
            limits,
            Due::Drop {
                now_ms: self.now_ms,
            },
        ) {
            Ok(loaded) => loaded,
            Err(error) => return Called::Reply(Error::bad_import(&error.to_string()).into()),
        };
        let call = self.new_call();
        if self.leads() && !self.stepping_down && self.handing_over.is_none() {
            self.replace_all(loaded.keyspace, call);
        } else {
            self.waiting.import = Some((call, bytes.to_vec()));
            self.timers.import_ms = self.now_ms;
            self.ask_for_lead();
        }

        Called::Pending(call)
    }

    /// The leader is to hand over to this node.
    pub(super) fn ask_for_lead(&mut self) {
        let leader = self.follower.leader();
        let epoch = leader.map_or(self.epoch(), |leader| leader.epoch);
        let from = self.id;
        if self.is_able() || self.storage.is_none() {
            self.send(&Message::WantLead { epoch, from });
        }
    }

    /// An import that waited for the lead.
    pub(super) fn import_if_leading(&mut self) {
        let late = self.now_ms >= self.timers.import_ms + IMPORT_MS;
        if !self.leads() && !late {
            return;
        }
        let Some((call, bytes)) = self.waiting.import.take() else {
            return;
        };
        let limits = self.engine.settings().limits;
        match load(
            &bytes,
            limits,
            Due::Drop {
                now_ms: self.now_ms,
            },
        ) {
            Ok(loaded) if self.leads() => self.replace_all(loaded.keyspace, call),
            _ => self.reply(call, Error::NEEDS_LEAD.into()),
        }
    }

    /// Where there is no storage to read it from, the leader is asked for everything.
    pub(super) fn ask_for_image(&mut self) {
        if self.storage.is_none() && self.follower.gap(self.now_ms) == Gap::Ask {
            let (from, at) = (self.id, EVERYTHING);
            self.send(&Message::Ask { from, at });
        }
    }

    /// Sends all data to a node that has no storage to read it from.
    pub(super) fn send_image(&mut self, to: u64) {
        let bytes = self.export();
        let (epoch, seq, from) = (self.epoch(), self.engine.seq(), self.id);
        let next = place(self.position.next);
        self.send(&Message::Image {
            epoch,
            from,
            to,
            next,
            seq,
            index: 0,
            last: true,
            bytes,
        });
    }

    /// Takes all data of the leader `from` in place of what is here, where that is older or of another leader.
    pub(super) fn take_image(&mut self, from: NodeId, next: BlockKey, seq: u64, bytes: &[u8]) {
        let follows = matches!(self.phase, Phase::Following) && self.storage.is_none();
        let leads = self.follower.leader().is_some_and(|seen| seen.id == from);
        let other = self.spoiled || self.reign != from;
        if !follows || !leads || !(other || next > self.position.next) {
            return;
        }
        let limits = self.engine.settings().limits;
        if let Ok(loaded) = load(bytes, limits, Due::Keep) {
            self.engine.load(loaded.keyspace, seq);
            self.engine.set_role(Role::Follower);
            self.position = Position {
                next,
                read_from: next,
            };
            self.reign = from;
            self.spoiled = false;
            // Whose calls the data came of it does not tell, and what was known may be of another past.
            self.answered = Answered::default();
            self.answered.set_horizon_seq(seq);
            self.follower.read_to_end();
            self.absorb(None);
            self.release_held_replies();
        }
    }
}
