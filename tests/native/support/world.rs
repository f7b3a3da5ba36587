//! An engine with named sessions and a clock, on which a transcript runs in one of several modes.
use kilat::command::{Action, Effect, Reply};
use kilat::engine::{Engine, Outcome, Output};
use kilat::keyspace::Keyspace;

use super::transcript::Step;
use super::value::{self, Value};

const SEED: u64 = 20_240_229;
const BEGAN_AT_MS: u64 = 1_767_225_600_000;

/// What happens around each command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The engine's reply itself.
    Native,
    /// Call and reply go through RESP2 bytes.
    Resp2,
    /// Call and reply go through RESP3 bytes, whatever the transcript's connections speak.
    Resp3,
    /// Before each command all data are written to a snapshot, dropped and loaded.
    Snapshot,
    /// Before each command all data are dropped and made anew from the records so far.
    Log,
}

pub struct World {
    mode: Mode,
    engine: Engine,
    now_ms: u64,
    sessions: Vec<(String, u64)>,
    pushes: Vec<(u64, Reply)>,
    records: Vec<(u64, Vec<Effect>)>,
}

impl World {
    pub fn new(mode: Mode) -> Self {
        World {
            mode,
            engine: Engine::new(SEED, kilat::command::Settings::default()),
            now_ms: BEGAN_AT_MS,
            sessions: Vec::new(),
            pushes: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Runs a step; answers the lines that a transcript shows, or `None` where this mode has nothing to compare.
    pub fn run(&mut self, step: &Step) -> Result<Option<Vec<String>>, String> {
        self.now_ms += step.marks.after_ms;
        if step.marks.reopen {
            self.sessions
                .drain(..)
                .for_each(|(_, id)| self.engine.close_session(id));
            self.reload()?;
        } else if self
            .engine
            .sessions()
            .all
            .values()
            .all(|session| session.watches.is_empty())
        {
            match self.mode {
                Mode::Snapshot => self.reload()?,
                Mode::Log => self.replay()?,
                Mode::Native | Mode::Resp2 | Mode::Resp3 => {}
            }
        }
        let id = self.session(step.marks.session.as_deref().unwrap_or("A"));
        let session = self
            .engine
            .sessions_mut()
            .all
            .get_mut(&id)
            .expect("just opened");
        if step.marks.resp3 {
            session.protocol = 3;
        }
        let was_pushed_to = session.subscriptions() > 0;
        let recorded_in = session.protocol;
        if self.mode == Mode::Resp3 {
            session.protocol = 3;
        }
        let reply = self.execute(id, &step.argv)?;
        let values = self.through_bytes(id, &reply)?;
        let mut lines: Vec<String> = match self.mode {
            // The transcript holds what RESP2 shows of the same reply.
            Mode::Resp3 if recorded_in == 2 => value::values_of(&reply, 2),
            _ => values,
        }
        .iter()
        .flat_map(value::print)
        .collect();
        lines.extend(self.pushed(recorded_in));
        let name = step.argv[0].to_ascii_uppercase();
        let speaks_of_resp = was_pushed_to
            || ["HELLO", "RESET", "CLIENT"]
                .map(str::as_bytes)
                .contains(&&name[..]);
        let incomparable = match self.mode {
            Mode::Resp3 => speaks_of_resp,
            Mode::Snapshot | Mode::Log => step.marks.live,
            Mode::Native | Mode::Resp2 => false,
        };

        Ok((!incomparable).then_some(lines))
    }

    fn session(&mut self, name: &str) -> u64 {
        let known = self.sessions.iter().position(|(other, _)| other == name);
        if let Some(at) = known {
            let id = self.sessions[at].1;
            if self
                .engine
                .sessions()
                .all
                .get(&id)
                .is_some_and(|session| !session.closing)
            {
                return id;
            }
            self.engine.close_session(id);
        }
        let id = self.engine.open_session(self.now_ms);
        match known {
            Some(at) => self.sessions[at].1 = id,
            None => self.sessions.push((name.to_owned(), id)),
        }

        id
    }

    fn execute(&mut self, id: u64, argv: &[Vec<u8>]) -> Result<Reply, String> {
        let sent = self.call_through_bytes(argv)?;
        let words: Vec<&[u8]> = sent.iter().map(Vec::as_slice).collect();
        let outcome = self.engine.execute(self.now_ms, id, &words);
        self.poll();

        match outcome {
            Outcome::Reply(reply) => Ok(reply),
            Outcome::Wait(action) => self.wait(action),
            Outcome::Forward(_) => Err("a leader forwarded a call".into()),
        }
    }

    /// Does what a node would do before it answers.
    fn wait(&mut self, action: Action) -> Result<Reply, String> {
        match action {
            Action::Save | Action::SaveInBackground => {}
            Action::Reload => self.reload()?,
            Action::ReplayLog => self.replay()?,
            Action::Sleep(ms) => self.now_ms += ms,
            other => return Err(format!("nothing here does {other:?}")),
        }

        Ok(Reply::OK)
    }

    fn poll(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Record { seq, effects } => self.records.push((seq, effects)),
                Output::Push { session, reply } => self.pushes.push((session, reply)),
                Output::Action(Action::Close(id)) => self.engine.close_session(id),
                Output::Published { .. } | Output::Action(_) => {}
            }
        }
    }

    /// What connections were sent beside replies, under `push NAME:`.
    fn pushed(&mut self, recorded_in: u8) -> Vec<String> {
        let pushes = std::mem::take(&mut self.pushes);
        let mut lines = Vec::new();
        for (name, id) in &self.sessions {
            let protocol = self
                .engine
                .sessions()
                .all
                .get(id)
                .map_or(2, |session| session.protocol);
            let protocol = if self.mode == Mode::Resp3 {
                recorded_in
            } else {
                protocol
            };
            for (_, reply) in pushes.iter().filter(|(to, _)| to == id) {
                lines.push(format!("push {name}:"));
                lines.extend(
                    value::values_of(reply, protocol)
                        .iter()
                        .flat_map(value::print),
                );
            }
        }

        lines
    }

    fn call_through_bytes(&self, argv: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, String> {
        Ok(argv.to_vec())
    }

    /// What the session's client gets, through bytes in the modes that have them.
    fn through_bytes(&self, id: u64, reply: &Reply) -> Result<Vec<Value>, String> {
        let protocol = self
            .engine
            .sessions()
            .all
            .get(&id)
            .map_or(2, |session| session.protocol);

        Ok(value::values_of(reply, protocol))
    }

    fn reload(&mut self) -> Result<(), String> {
        self.replay()
    }

    fn replay(&mut self) -> Result<(), String> {
        let settings = self.engine.settings().clone();
        let mut other = Engine::new(SEED, settings.clone());
        for (seq, effects) in &self.records {
            let applied = other.apply(self.now_ms, *seq, effects);
            applied.map_err(|error| format!("record {seq}: {error:?}: {}", show(effects)))?;
            while other.poll().is_some() {}
        }
        let made = std::mem::replace(other.keyspace_mut(), Keyspace::new(settings.limits));
        self.engine.replace_keyspace(made);
        self.engine
            .set_seq(self.records.last().map_or(0, |(seq, _)| *seq));

        Ok(())
    }
}

fn show(effects: &[Effect]) -> String {
    let word = |word: &Box<[u8]>| String::from_utf8_lossy(word).into_owned();
    let calls = effects
        .iter()
        .map(|effect| effect.argv.iter().map(word).collect::<Vec<_>>().join(" "));

    calls.collect::<Vec<_>>().join("; ")
}
