//! One call of one session, from its words to its reply.
use super::{DROP_SLICE, EXPIRE_SLICE, Engine, Outcome, Output, Request};
use crate::command::{
    Args, Command, Error, Flags, Found, Handler, ReadContext, Reply, ReplyMode, Result, Role,
    Session, SessionContext, Special, WriteContext, find_place,
};

/// What a session with subscriptions may call on RESP2.
const IN_PUSH_MODE: &[&str] = &[
    "SUBSCRIBE",
    "SSUBSCRIBE",
    "UNSUBSCRIBE",
    "SUNSUBSCRIBE",
    "PSUBSCRIBE",
    "PUNSUBSCRIBE",
    "PING",
    "QUIT",
    "RESET",
];

/// Reads that name no key and meet many.
const WALKS: &[&str] = &["KEYS", "RANDOMKEY", "SCAN"];

/// What runs at once between MULTI and EXEC instead of being queued.
const NOT_QUEUED: &[&str] = &["EXEC", "DISCARD", "MULTI", "WATCH", "QUIT", "RESET"];

impl Engine {
    /// Runs a call for session `id`.
    pub fn execute(&mut self, now_ms: u64, id: u64, argv: &[&[u8]]) -> Outcome {
        self.execute_found(now_ms, id, find_place(argv), argv)
    }

    /// As `execute`, for a call whose row has been looked up (`find_place`).
    pub fn execute_found(
        &mut self,
        now_ms: u64,
        id: u64,
        found: Result<Found>,
        argv: &[&[u8]],
    ) -> Outcome {
        debug_assert!(
            self.outputs.is_empty(),
            "outputs are polled before the next call"
        );
        self.begin(now_ms);
        let outcome = match self.admit(id, found, argv) {
            Ok(Some(found)) => self.dispatch(id, found, argv),
            Ok(None) => Outcome::Reply(Reply::QUEUED),
            Err(error) => Outcome::Reply(error.into()),
        };
        if let Outcome::Reply(Reply::Error(error)) = &outcome {
            self.stats.count_error(error.code());
        }

        self.filter_reply(id, outcome)
    }

    /// Runs plain SETs (key, value) of a session that `takes_sets`, with nothing in between: one record tells of all.
    /// `found` is the row of SET. Each is answered OK.
    pub fn execute_sets<'a>(
        &mut self,
        now_ms: u64,
        id: u64,
        found: Found,
        pairs: impl Iterator<Item = [&'a [u8]; 2]>,
    ) {
        self.begin(now_ms);
        if let Some(session) = self.sessions.all.get_mut(&id)
            && let Handler::Write(handler) = found.command.handler
        {
            session.active_ms = now_ms;
            let db = session.db;
            let mut calls = 0;
            for [key, value] in pairs {
                self.effects.begin();
                let words = [b"SET".as_slice(), key, value];
                let _ok = self.run_write(db, handler, Args::new(&words, 1));
                calls += 1;
            }
            self.count_calls(found.place, calls, 0);
        }
        self.finish_write();
    }

    /// Whether plain SETs of a session are answered OK, and nothing but OK, as long as they need no more than so many
    /// bytes and nothing else happens.
    pub fn takes_sets(&self, id: u64, bytes: usize) -> bool {
        let takes = |session: &Session| session.multi.is_none() && !session.in_push_mode();

        self.sessions.all.get(&id).is_some_and(takes)
            && self.role() == Role::Leader
            && !self.sessions.any_monitor
            && !self.sessions.any_quiet
            && !self.sessions.is_paused()
            && self.settings.min_followers == 0
            && !self.is_over_limit(bytes)
            && self.has_room(bytes)
    }

    /// Time goes on: what is due goes first.
    pub(super) fn begin(&mut self, now_ms: u64) {
        self.keyspace.set_now(now_ms);
        self.keyspace.drop_remains(DROP_SLICE);
        self.expire_slice();
        self.evict_slice();
        self.keyspace.set_version(self.seq + 1);
    }

    /// Checks a call; queues it after MULTI and answers `None`.
    fn admit(&mut self, id: u64, found: Result<Found>, argv: &[&[u8]]) -> Result<Option<Found>> {
        let mut refusal = None;
        self.fits(|engine| {
            refusal = match &found {
                Ok(found) => engine.refusal(id, *found, argv),
                Err(error) => Some(error.clone()),
            };
            refusal != Some(Error::OUT_OF_MEMORY)
        });
        let now_ms = self.keyspace.now_ms();
        let session = self
            .sessions
            .all
            .get_mut(&id)
            .expect("the caller's session is open");
        session.active_ms = now_ms;
        if let Ok(found) = &found {
            session.last_command = found.command.name;
        }
        if let Some(mut error) = refusal {
            if matches!(&found, Ok(found) if found.command.name == "EXEC") {
                // Redis: an EXEC that is refused ends the transaction all the same.
                session.multi = None;
                error = Error::exec_aborted(&error);
                self.unwatch_all(id);
            } else if let Some(multi) = &mut session.multi {
                multi.failed = true;
            }
            if let Ok(found) = found {
                self.stats.of(found.place).rejected += 1;
            }
            return Err(error);
        }
        let found = found?;
        if let Some(multi) = &mut session.multi
            && !NOT_QUEUED.contains(&found.command.name)
        {
            let words = argv.iter().map(|word| Box::from(*word)).collect();
            multi.queue.push(words);
            multi.grows |= found.command.flags.has(Flags::GROWS);
            return Ok(None);
        }

        Ok(Some(found))
    }

    /// Why a session may not call a command, if so.
    fn refusal(&self, id: u64, found: Found, argv: &[&[u8]]) -> Option<Error> {
        let (command, session) = (found.command, &self.sessions.all[&id]);
        if !command.takes(argv.len()) {
            return Some(Error::wrong_arity(&command.lower_name()));
        }
        let queues = session.multi.is_some() && !NOT_QUEUED.contains(&command.name);
        if session.multi.is_some() && command.flags.has(Flags::NO_MULTI) {
            return Some(Error::NOT_IN_MULTI);
        }
        // Redis: a queue takes memory too, whatever is queued.
        if (queues || command.flags.has(Flags::GROWS)) && self.is_full() {
            return Some(Error::OUT_OF_MEMORY);
        }
        if !self.has_room_for(session.db, command, argv) {
            return Some(Error::OUT_OF_MEMORY);
        }
        let writes = command.is_write() && !command.flags.has(Flags::PUBSUB);
        if writes && !queues && self.lacks_followers() {
            return Some(Error::NO_REPLICAS);
        }
        if session.in_push_mode() && !IN_PUSH_MODE.contains(&command.name) {
            return Some(Error::only_in_push_mode(&command.lower_name()));
        }

        None
    }

    /// Whether fewer nodes follow than min-replicas-to-write asks for.
    pub(super) fn lacks_followers(&self) -> bool {
        self.settings.min_followers > self.facts.followers && self.role() == Role::Leader
    }

    fn dispatch(&mut self, id: u64, found: Found, argv: &[&[u8]]) -> Outcome {
        match found.command.handler {
            Handler::Engine(special) => {
                let outcome = match special {
                    Special::Exec => self.exec(id),
                    Special::Watch => Outcome::Reply(self.watch(id, argv)),
                };
                let failed = matches!(outcome, Outcome::Reply(Reply::Error(_)));
                self.count_calls(found.place, 1, failed.into());
                self.tell_monitors(id, found, argv);
                return outcome;
            }
            Handler::Write(_) if self.role() == Role::Follower => {
                let session = &self.sessions.all[&id];
                return Outcome::Forward(Request {
                    db: session.db,
                    protocol: session.protocol,
                    transaction: false,
                    commands: vec![argv.iter().map(|word| Box::from(*word)).collect()],
                    preconditions: Vec::new(),
                });
            }
            _ => {}
        }
        let reply = self.run(id, found, argv);
        self.finish_write();

        match self.waiting.take() {
            Some(action) => Outcome::Wait(action),
            None => Outcome::Reply(reply),
        }
    }

    fn count_calls(&mut self, place: usize, calls: u64, failed: u64) {
        self.stats.commands += calls;
        let counted = self.stats.of(place);
        counted.calls += calls;
        counted.failed += failed;
    }

    /// Finds and runs a command whatever its session's state; effects gather in `effects`.
    pub(super) fn run_one(&mut self, id: u64, argv: &[&[u8]]) -> Reply {
        match find_place(argv) {
            Ok(found) if found.command.takes(argv.len()) => self.run(id, found, argv),
            Ok(found) => Error::wrong_arity(&found.command.lower_name()).into(),
            Err(error) => error.into(),
        }
    }

    fn run(&mut self, id: u64, found: Found, argv: &[&[u8]]) -> Reply {
        let args = Args::new(argv, found.command.name_words());
        self.effects.begin();
        let result = match found.command.handler {
            Handler::Read(handler) => {
                let db = self.sessions.all[&id].db;
                self.purge_named(db, found.command, argv);
                let context = ReadContext {
                    keys: self.keyspace.keys(db),
                    settings: &self.settings,
                    rng: &self.rng,
                };
                handler(&context, args)
            }
            Handler::Write(handler) => {
                let db = self.sessions.all[&id].db;
                self.run_write(db, handler, args)
            }
            Handler::Session(handler) => self.run_session(id, handler, args),
            Handler::Engine(_) => Err(Error::NOT_IN_MULTI),
        };
        self.count_calls(found.place, 1, result.is_err().into());
        self.tell_monitors(id, found, argv);

        result.unwrap_or_else(Reply::Error)
    }

    fn run_write(
        &mut self,
        db: usize,
        handler: fn(&mut WriteContext, Args) -> Result<Reply>,
        args: Args,
    ) -> Result<Reply> {
        let dirty = self.keyspace.dirty();
        let mut context = WriteContext {
            keys: self.keyspace.keys_mut(db),
            settings: &self.settings,
            rng: &self.rng,
            effects: &mut self.effects,
            published: &mut self.published,
            subscriptions: &self.subscriptions,
        };
        let result = handler(&mut context, args);
        // What fell due under the command's hands was removed before it changed anything.
        self.log_expired();
        let changed = self.keyspace.dirty() != dirty;
        self.effects.end(db, args.whole(), changed);

        result
    }

    /// Redis: a read removes what is due among the keys that it names. There is nothing left to do
    /// unless active expiry is off, or behind.
    fn purge_named(&mut self, db: usize, command: &Command, argv: &[&[u8]]) {
        let due = self.keyspace.next_due_ms();
        if due.is_none_or(|at| at >= self.keyspace.now_ms()) {
            return;
        }
        if WALKS.contains(&command.name) {
            self.keyspace.expire_due(EXPIRE_SLICE);
        }
        for position in command.key_positions(argv) {
            self.keyspace.purge(db, argv[position]);
        }
        self.log_expired();
    }

    fn run_session(
        &mut self,
        id: u64,
        handler: fn(&mut SessionContext, Args) -> Result<Reply>,
        args: Args,
    ) -> Result<Reply> {
        let mut pushes = Vec::new();
        let mut actions = Vec::new();
        let mut context = SessionContext {
            id,
            sessions: &mut self.sessions,
            subscriptions: &mut self.subscriptions,
            settings: &mut self.settings,
            facts: &self.facts,
            stats: &mut self.stats,
            keyspace: &mut self.keyspace,
            rng: &self.rng,
            pushes: &mut pushes,
            actions: &mut actions,
            waiting: &mut self.waiting,
        };
        let result = handler(&mut context, args);
        *self.keyspace.limits_mut() = self.settings.limits;
        self.keyspace.set_eviction(self.settings.eviction);
        self.keyspace.set_events_wanted(self.settings.events);
        let push = |(session, reply)| Output::Push { session, reply };
        self.outputs.extend(pushes.into_iter().map(push));
        self.outputs.extend(actions.into_iter().map(Output::Action));

        result
    }

    /// Obeys CLIENT REPLY. Pushes are no replies.
    fn filter_reply(&mut self, id: u64, outcome: Outcome) -> Outcome {
        if !self.sessions.any_quiet {
            return outcome;
        }
        let Some(session) = self.sessions.all.get_mut(&id) else {
            return outcome;
        };
        let is_push = |reply: &Reply| matches!(reply, Reply::Push(_));
        match &outcome {
            Outcome::Reply(Reply::Push(_)) => return outcome,
            Outcome::Reply(Reply::Sequence(all)) if all.iter().any(is_push) => return outcome,
            _ => {}
        }
        if let Outcome::Reply(Reply::Sequence(replies)) = &outcome
            && replies.iter().any(|reply| matches!(reply, Reply::Push(_)))
        {
            return outcome;
        }
        match session.reply_mode {
            ReplyMode::On => outcome,
            ReplyMode::Off => Outcome::Reply(Reply::Sequence(Vec::new())),
            ReplyMode::SkipNext => {
                session.reply_mode = ReplyMode::Skip;
                Outcome::Reply(Reply::Sequence(Vec::new()))
            }
            ReplyMode::Skip => {
                session.reply_mode = ReplyMode::On;
                Outcome::Reply(Reply::Sequence(Vec::new()))
            }
        }
    }

    /// Until when a CLIENT PAUSE lasts, of whatever kind.
    pub fn pause_ms(&mut self, now_ms: u64) -> Option<u64> {
        self.sessions.paused_until(now_ms, true)
    }

    /// Whether `argv` of session `id` is to wait for the end of a CLIENT PAUSE, and until when.
    pub fn paused_until(&mut self, now_ms: u64, id: u64, argv: &[&[u8]]) -> Option<u64> {
        let write = match (find_place(argv), self.sessions.all.get(&id)) {
            (Ok(found), Some(session)) if found.command.name == "EXEC" => session
                .multi
                .as_ref()
                .is_some_and(super::transaction::has_write),
            (Ok(found), _) => found.command.is_write(),
            (Err(_), _) => false,
        };

        let until_ms = self.sessions.paused_until(now_ms, write);
        if let Some(session) = self.sessions.all.get_mut(&id) {
            session.postponed = until_ms.is_some();
        }

        until_ms
    }
}
