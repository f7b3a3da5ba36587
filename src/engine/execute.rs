//! One call of one session, from its words to its reply.
use super::{Engine, Outcome, Output, Request};
use crate::command::{
    Args, Command, Effects, Error, Handler, ReadContext, Reply, ReplyMode, Result, Role,
    SessionContext, Special, WriteContext, find,
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

/// What runs at once between MULTI and EXEC instead of being queued.
const NOT_QUEUED: &[&str] = &["EXEC", "DISCARD", "MULTI", "WATCH", "QUIT", "RESET"];

impl Engine {
    /// Runs a call for session `id`.
    pub fn execute(&mut self, now_ms: u64, id: u64, argv: &[&[u8]]) -> Outcome {
        debug_assert!(
            self.outputs.is_empty(),
            "outputs are polled before the next call"
        );
        self.begin(now_ms);
        let outcome = match self.admit(id, argv) {
            Ok(Some(command)) => self.dispatch(id, command, argv),
            Ok(None) => Outcome::Reply(Reply::QUEUED),
            Err(error) => Outcome::Reply(error.into()),
        };
        if let Outcome::Reply(Reply::Error(error)) = &outcome {
            self.stats.count_error(error.code());
        }

        self.filter_reply(id, outcome)
    }

    /// Time goes on: what is due goes first.
    pub(super) fn begin(&mut self, now_ms: u64) {
        self.keyspace.set_now(now_ms);
        self.expire_slice();
        self.keyspace.set_version(self.seq + 1);
    }

    /// Checks a call; queues it after MULTI and answers `None`.
    fn admit(&mut self, id: u64, argv: &[&[u8]]) -> Result<Option<&'static Command>> {
        let now_ms = self.keyspace.now_ms();
        let session = self
            .sessions
            .all
            .get_mut(&id)
            .expect("the caller's session is open");
        session.active_ms = now_ms;
        let command = find(argv).and_then(|command| {
            let arity = || Error::wrong_arity(&command.lower_name());
            if command.takes(argv.len()) {
                Ok(command)
            } else {
                Err(arity())
            }
        });
        let command = match command {
            Ok(command) => command,
            Err(error) => {
                if let Some(multi) = &mut session.multi {
                    multi.failed = true;
                }
                return Err(error);
            }
        };
        session.last_command = command.name;
        if session.in_push_mode() && !IN_PUSH_MODE.contains(&command.name) {
            return Err(Error::only_in_push_mode(&command.lower_name()));
        }
        if let Some(multi) = &mut session.multi
            && !NOT_QUEUED.contains(&command.name)
        {
            if command.flags.has(crate::command::Flags::NO_MULTI) {
                multi.failed = true;
                return Err(Error::NOT_IN_MULTI);
            }
            multi
                .queue
                .push(argv.iter().map(|word| Box::from(*word)).collect());
            return Ok(None);
        }

        Ok(Some(command))
    }

    fn dispatch(&mut self, id: u64, command: &'static Command, argv: &[&[u8]]) -> Outcome {
        match command.handler {
            Handler::Engine(Special::Exec) => return self.exec(id),
            Handler::Engine(Special::Watch) => return Outcome::Reply(self.watch(id, argv)),
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
        let reply = self.run(id, command, argv);
        let effects = std::mem::take(&mut self.pending);
        self.finish_write(effects);

        match self.waiting.take() {
            Some(action) => Outcome::Wait(action),
            None => Outcome::Reply(reply),
        }
    }

    /// Finds and runs a command whatever its session's state; effects gather in `pending`.
    pub(super) fn run_one(&mut self, id: u64, argv: &[&[u8]]) -> Reply {
        match find(argv) {
            Ok(command) if command.takes(argv.len()) => self.run(id, command, argv),
            Ok(command) => Error::wrong_arity(&command.lower_name()).into(),
            Err(error) => error.into(),
        }
    }

    fn run(&mut self, id: u64, command: &'static Command, argv: &[&[u8]]) -> Reply {
        let args = Args::new(argv, command.name_words());
        let db = self.sessions.all[&id].db;
        let result = match command.handler {
            Handler::Read(handler) => {
                let context = ReadContext {
                    keys: self.keyspace.keys(db),
                    settings: &self.settings,
                    rng: &self.rng,
                };
                handler(&context, args)
            }
            Handler::Write(handler) => self.run_write(db, handler, args),
            Handler::Session(handler) => self.run_session(id, handler, args),
            Handler::Engine(_) => Err(Error::NOT_IN_MULTI),
        };
        self.stats.commands += 1;
        let calls = self.stats.calls.entry(command.name).or_default();
        calls.calls += 1;
        calls.failed += u64::from(result.is_err());

        result.unwrap_or_else(Reply::Error)
    }

    fn run_write(
        &mut self,
        db: usize,
        handler: fn(&mut WriteContext, Args) -> Result<Reply>,
        args: Args,
    ) -> Result<Reply> {
        let dirty = self.keyspace.dirty();
        let mut effects = Effects::default();
        let mut context = WriteContext {
            keys: self.keyspace.keys_mut(db),
            settings: &self.settings,
            rng: &self.rng,
            effects: &mut effects,
            published: &mut self.published,
            subscriptions: &self.subscriptions,
        };
        let result = handler(&mut context, args);
        // What fell due under the command's hands was removed before it changed anything.
        for (db, key) in self.keyspace.take_expired() {
            self.pending.push(crate::command::Effect {
                db,
                argv: vec![Box::from(&b"DEL"[..]), key],
            });
        }
        let changed = self.keyspace.dirty() != dirty;
        self.pending
            .extend(effects.finish(db, args.whole(), changed));

        result
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
        self.keyspace.set_events_wanted(self.settings.events);
        let push = |(session, reply)| Output::Push { session, reply };
        self.outputs.extend(pushes.into_iter().map(push));
        self.outputs.extend(actions.into_iter().map(Output::Action));

        result
    }

    /// Obeys CLIENT REPLY.
    fn filter_reply(&mut self, id: u64, outcome: Outcome) -> Outcome {
        let Some(session) = self.sessions.all.get_mut(&id) else {
            return outcome;
        };
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
}
