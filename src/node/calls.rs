//! Calls of this node's sessions, and calls that other nodes ask for.
use super::lead::Cause;
use super::{Called, Caller, Level, Node, Phase};
use crate::command::{Command, Error, Flags, Found, Handler, Reply, Special, find_place};
use crate::engine::{Outcome, Precondition, Request};
use crate::replica::message::{Asked, Seen};
use crate::replica::{Done, Known, Message, NodeId, To, answer};

/// What kind of call it is, as far as the node cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
    /// A message to subscribers: the leader gives it its place among the writes.
    Publish,
    /// EXEC: may hold writes.
    Exec,
    /// Of the session or the node.
    Other,
}

/// What the reply to a call rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rests {
    /// On what is here.
    Memory,
    /// On the records that were there when it was run.
    Records,
    /// On this node's having led when it was run, too.
    Lead,
}

impl Node {
    /// Runs a call of a session, to be acknowledged at `level`, the node's own where it is `None`.
    ///
    /// Reads are answered at once in every role. Until the data is there (`Status::ready`; the first
    /// `Event::Follower` says so) reads and writes are answered with LOADING. Where it stays away because a newer build
    /// has written it, reads are answered with MISCONF and writes go to whoever leads.
    pub fn call(
        &mut self,
        now_ms: u64,
        session: u64,
        level: Option<Level>,
        argv: &[&[u8]],
    ) -> Called {
        self.now_ms = now_ms;
        if let Some(called) = self.postpone(session, level, argv) {
            return called;
        }
        let found = find_place(argv);
        let (kind, seq) = (kind(&found), self.engine.seq());
        if kind == Kind::Other {
            self.settle(now_ms);
        }
        let called = self.run(session, level.unwrap_or(self.options.level), found, argv);
        // A read leaves nothing to be done, and there are many of them.
        if kind != Kind::Read || self.engine.seq() != seq {
            self.finish();
        }

        called
    }

    /// A call whose pause is over.
    pub(super) fn call_now(
        &mut self,
        session: u64,
        level: Option<Level>,
        argv: &[&[u8]],
    ) -> Called {
        if let Some(session) = self.engine.sessions_mut().all.get_mut(&session) {
            session.postponed = false;
        }
        let level = level.unwrap_or(self.options.level);

        self.run(session, level, find_place(argv), argv)
    }

    pub(super) fn run(
        &mut self,
        session: u64,
        level: Level,
        found: Result<Found, Error>,
        argv: &[&[u8]],
    ) -> Called {
        let kind = kind(&found);
        if let Some(error) = self.refusal(kind, &found) {
            self.drop_transaction(session, kind);
            return Called::Reply(error.into());
        }
        let rests = self.rests(kind, session);
        let now_ms = self.now_ms;
        let outcome = self.engine.execute_found(now_ms, session, found, argv);
        self.absorb(None);
        match outcome {
            Outcome::Reply(reply) if reply == Reply::QUEUED => Called::Reply(reply),
            Outcome::Reply(reply) => self.acknowledge(level, rests, reply),
            // What was seen here may be undone: another node cannot tell by a seq whether it was.
            Outcome::Forward(request)
                if !request.preconditions.is_empty() && self.is_doubtful() =>
            {
                Called::Reply(Reply::NullArray)
            }
            Outcome::Forward(request) => self.forward(session, level, request),
            Outcome::Wait(action) => {
                let call = self.new_call();
                self.act(action, Some(call));
                Called::Pending(call)
            }
        }
    }

    /// Why a call is not even tried.
    fn refusal(&self, kind: Kind, found: &Result<Found, Error>) -> Option<Error> {
        if matches!(self.phase, Phase::Closed) || self.leaving == super::Leaving::ForGood {
            return Some(Error::CLOSED);
        }
        if kind == Kind::Other {
            return None;
        }
        let reads = !matches!(kind, Kind::Write | Kind::Publish);
        if let Some(error) = self.unreadable()
            && (reads || !self.incompatible)
        {
            return Some(error);
        }
        if kind == Kind::Read {
            return None;
        }
        if self.storage.is_cleared() {
            return Some(Error::STORAGE_CLEARED);
        }
        if self.storage.is_lost() && !self.somebody_leads() {
            return Some(Error::STORAGE_GONE);
        }
        if self.bereft && !self.somebody_leads() {
            return Some(Error::DATA_LOST);
        }
        if self.incompatible && !self.somebody_leads() {
            return Some(Error::INCOMPATIBLE);
        }
        let leads = self.leads() || (self.has_lock() && !self.somebody_leads());
        if self.storage.is_full() && leads && (kind == Kind::Exec || grows(found)) {
            return Some(Error::QUOTA);
        }

        self.is_busy().then_some(Error::BUSY)
    }

    /// Why nothing can be read: the data is not there yet, or a newer build has written it in a form of its own.
    pub fn unreadable(&self) -> Option<Error> {
        match self.incompatible {
            _ if self.ready => None,
            true => Some(Error::UNREADABLE),
            false => Some(Error::LOADING),
        }
    }

    /// The engine holds what is not committed, and this node does not write any more.
    pub(super) fn is_doubtful(&self) -> bool {
        self.engine.seq() > self.committed_seq()
    }

    /// More waits than may.
    pub(super) fn is_busy(&self) -> bool {
        self.pending_bytes() >= self.options.pending_bytes_max
    }

    pub(super) fn pending_bytes(&self) -> usize {
        let leading = match &self.phase {
            Phase::Leading(leader) => leader.pending_bytes(),
            _ => 0,
        };

        leading + self.outbox.bytes() + self.paused.bytes
    }

    /// After BUSY: tells when half of it is gone.
    pub(super) fn tell_drained(&mut self) {
        let pending_bytes = self.pending_bytes();
        if pending_bytes >= self.options.pending_bytes_max {
            self.was_busy = true;
        } else if self.was_busy && pending_bytes <= self.options.pending_bytes_max / 2 {
            self.was_busy = false;
            self.event(super::Event::Drained);
        }
    }

    /// A refused EXEC ends its transaction as any other would.
    fn drop_transaction(&mut self, session: u64, kind: Kind) {
        if kind == Kind::Exec {
            self.engine.execute(self.now_ms, session, &[b"DISCARD"]);
            self.absorb(None);
        }
    }

    fn rests(&self, kind: Kind, session: u64) -> Rests {
        let on_lead = match kind {
            // A read is answered at once, though keys that were due went before it.
            Kind::Read | Kind::Other => return Rests::Memory,
            Kind::Publish => false,
            Kind::Exec => self.engine.is_for_leader(session),
            Kind::Write => true,
        };
        #[cfg(any(test, feature = "sim"))]
        let on_lead = on_lead && !self.options.mutants.no_proof;
        match on_lead && !self.storage.is_none() {
            true => Rests::Lead,
            false => Rests::Records,
        }
    }

    /// A write that changed nothing may rest on one that is not committed yet, and shows what may be of the past: a
    /// leader learns only from storage that it is overtaken.
    fn acknowledge(&mut self, level: Level, rests: Rests, reply: Reply) -> Called {
        let seq = self.engine.seq();
        let Some(leader) = self.leader() else {
            return Called::Reply(reply);
        };
        let waits = match rests {
            Rests::Memory => false,
            Rests::Records => seq > leader.committed_seq,
            Rests::Lead => true,
        };
        if level == Level::Memory || !waits || self.waits_together(level) {
            return Called::Reply(reply);
        }
        let call = self.new_call();
        let strict = level == Level::Always;
        self.wait_for_commit(To::Call { call, reply }, strict, rests == Rests::Lead);

        Called::Pending(call)
    }

    fn forward(&mut self, session: u64, level: Level, request: Request) -> Called {
        let seen = |seen: Precondition| Seen {
            db: seen.db,
            key: seen.key,
            existed: seen.existed,
            seq: seen.seq,
        };
        let asked = Asked {
            number: 0,
            level: Node::level_number(level),
            again: false,
            since_seq: self.committed_seq(),
            db: request.db,
            protocol: request.protocol,
            transaction: request.transaction,
            commands: request.commands,
            watched: request.preconditions.into_iter().map(seen).collect(),
        };
        let call = self.new_call();
        self.outbox
            .put(self.now_ms, asked, Caller { call, session });

        Called::Pending(call)
    }

    /// Sends what waits to the leader.
    pub(super) fn send_requests(&mut self) {
        let Some(leader) = self.follower.leader() else {
            return;
        };
        if self.leads() || leader.epoch < self.epoch() {
            return;
        }
        loop {
            let items = self.outbox.due(self.now_ms, leader.epoch);
            if items.is_empty() {
                return;
            }
            let answered_below = self.outbox.answered_below();
            let (epoch, from) = (leader.epoch, self.id);
            self.send(&Message::Requests {
                epoch,
                from,
                answered_below,
                items,
            });
        }
    }

    /// Runs a call that `from` asks for, once.
    pub(super) fn run_asked(&mut self, from: NodeId, asked: &Asked) {
        let number = asked.number;
        let indeterminate = || answer::encode(&Error::INDETERMINATE.into());
        let since_seq = asked.again.then_some(asked.since_seq);
        let known = self.answered.look_up(from, number, since_seq);
        #[cfg(any(test, feature = "sim"))]
        let known = match known {
            Known::Done(_) | Known::Unknown if self.options.mutants.no_dedupe => Known::No,
            known => known,
        };
        match known {
            // Whoever waits for a proof is answered then.
            Known::Done(done) if done.waits => return,
            Known::Done(done) => {
                let committed = done.seq <= self.committed_seq();
                return if committed {
                    self.answer_known(from, number);
                } else if asked.level == 0 {
                    // It waits for no record: this one may never be committed.
                    self.answer_done(from, number, Done { seq: 0, ..done });
                };
            }
            Known::Forgotten => return,
            Known::Unknown => return self.answer(from, number, 0, indeterminate()),
            Known::No => {}
        }
        if self.postpone_asked(from, asked) {
            return;
        }
        if let Some(error) = self.refusal_of_asked(from, asked) {
            return self.refuse_asked(from, asked, &error);
        }
        let before = self.engine.seq();
        let reply = self.execute_asked(asked);
        let reply = answer::encode(&reply);
        self.absorb(Some(Cause {
            from,
            number,
            reply: reply.clone(),
        }));
        let seq = self.engine.seq();
        self.answered.note(from, number, seq, Some(reply.clone()));
        if asked.level == 0 {
            return self.answer(from, number, 0, reply);
        }
        let proof = seq == before && self.rests_on_lead(asked);
        if proof {
            self.answered.wait(from, number);
        }
        self.wait_for_commit(To::Node { id: from, number }, asked.level == 2, proof);
        self.release_acks();
    }

    fn rests_on_lead(&self, asked: &Asked) -> bool {
        #[cfg(any(test, feature = "sim"))]
        if self.options.mutants.no_proof {
            return false;
        }
        let publishes = |argv: &Vec<Box<[u8]>>| kind(&find_place(&words(argv))) == Kind::Publish;

        !self.storage.is_none() && !asked.commands.iter().all(publishes)
    }

    /// Remembered: the same call may be under way once more, and must not be run after this. One that was sent to other
    /// leaders too may be done by one of them, whom this node does not know to lead.
    fn refuse_asked(&mut self, from: NodeId, asked: &Asked, error: &Error) {
        let (number, seq) = (asked.number, self.committed_seq());
        let reply = answer::encode(&error.clone().into());
        self.answered.note(from, number, seq, Some(reply.clone()));
        if asked.again && self.rests_on_lead(asked) {
            self.answered.wait(from, number);
            self.wait_for_commit(To::Node { id: from, number }, false, true);
        } else {
            self.answer(from, number, 0, reply);
        }
    }

    fn refusal_of_asked(&self, from: NodeId, asked: &Asked) -> Option<Error> {
        if self.storage.is_full()
            && asked
                .commands
                .iter()
                .any(|argv| grows(&find_place(&words(argv))))
        {
            return Some(Error::QUOTA);
        }
        // What waits here from before this node led counts as pending itself.
        (from != self.id && self.is_busy()).then_some(Error::BUSY)
    }

    fn execute_asked(&mut self, asked: &Asked) -> Reply {
        let seen = |seen: &Seen| Precondition {
            db: seen.db,
            key: seen.key.clone(),
            existed: seen.existed,
            seq: seen.seq,
        };
        let request = Request {
            db: asked.db,
            protocol: asked.protocol,
            transaction: asked.transaction,
            commands: asked.commands.clone(),
            preconditions: asked.watched.iter().map(seen).collect(),
        };

        self.engine.execute_request(self.now_ms, &request)
    }

    /// The answer to a call of this node.
    pub(super) fn answered_here(&mut self, number: u64, reply: &[u8]) {
        let Some(waiting) = self.outbox.take(number) else {
            return;
        };
        let malformed = |_| Reply::from(Error::INDETERMINATE);
        let mut reply = answer::decode(reply).unwrap_or_else(malformed);
        let Caller { call, session } = waiting.to;
        if waiting.asked.transaction {
            let queue = &waiting.asked.commands;
            self.engine
                .complete(self.now_ms, session, queue, &mut reply);
            self.absorb(None);
        }
        self.reply(call, reply);
    }
}

fn words(argv: &[Box<[u8]>]) -> Vec<&[u8]> {
    argv.iter().map(|word| &**word).collect()
}

/// Whether a call may make the data larger: what may not is run even where there is no room.
fn grows(found: &Result<Found, Error>) -> bool {
    let grows = |found: &Found| found.command.flags.has(Flags::GROWS);

    found.as_ref().is_ok_and(grows)
}

/// Whatever the state of its session: a read may be queued, and then is no less a read.
pub(super) fn kind(found: &Result<Found, Error>) -> Kind {
    match found.as_ref().map(|found| found.command) {
        Ok(Command {
            name: "PUBLISH" | "SPUBLISH",
            ..
        }) => Kind::Publish,
        Ok(command) => match command.handler {
            Handler::Engine(Special::Exec) => Kind::Exec,
            Handler::Write(_) => Kind::Write,
            Handler::Read(_) => Kind::Read,
            _ => Kind::Other,
        },
        Err(_) => Kind::Other,
    }
}
