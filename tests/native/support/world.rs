//! An engine with named sessions and a clock, on which a transcript runs in one of several modes.
use std::collections::BTreeSet;

use kilat::command::{Action, Effect, Reply};
use kilat::engine::{Engine, Outcome, Output};
use kilat::keyspace::Keyspace;
use kilat::log::snapshot::{Aux, Due, SnapshotReader, SnapshotWriter};
use kilat::resp::{Requests, encode};

use super::transcript::Step;
use super::value::{self, Value};

const SEED: u64 = 20_240_229;
const SLICE_BYTES: usize = 512;
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

impl Mode {
    fn has_bytes(self) -> bool {
        matches!(self, Mode::Resp2 | Mode::Resp3)
    }
}

pub struct World {
    mode: Mode,
    engine: Engine,
    now_ms: u64,
    sessions: Vec<(String, u64)>,
    pushes: Vec<(u64, Reply)>,
    records: Vec<(u64, Vec<Effect>)>,
    /// Sessions that spoke RESP3 when the transcript was recorded.
    recorded_in_resp3: BTreeSet<u64>,
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
            recorded_in_resp3: BTreeSet::new(),
        }
    }

    /// Runs a step; answers the lines that a transcript shows, or `None` where this mode has nothing to compare.
    pub fn run(&mut self, step: &Step) -> Result<Option<Vec<String>>, String> {
        self.now_ms += step.marks.after_ms;
        self.restore(step)?;
        let id = self.session(step.marks.session.as_deref().unwrap_or("A"));
        if step.marks.resp3 {
            self.recorded_in_resp3.insert(id);
        }
        let mode = self.mode;
        let session = self.engine.sessions_mut().all.get_mut(&id);
        let session = session.expect("the session is open");
        if step.marks.resp3 || mode == Mode::Resp3 {
            session.protocol = 3;
        }
        let was_subscribed = session.subscriptions() > 0;

        let reply = self.execute(id, &step.argv)?;
        let mut values = self.through_bytes(id, &reply)?;
        self.note_protocol(id, &step.argv);
        if mode == Mode::Resp3 {
            // The transcript holds what RESP2 shows of the same reply.
            values = value::values_of(&reply, self.recorded_protocol(id));
        }
        let mut lines: Vec<String> = values.iter().flat_map(value::print).collect();
        lines.extend(self.pushed());

        let is_comparable = match mode {
            Mode::Resp3 => !was_subscribed && !speaks_of_protocol(&step.argv),
            Mode::Snapshot | Mode::Log => !step.marks.live,
            Mode::Native | Mode::Resp2 => true,
        };

        Ok(is_comparable.then_some(lines))
    }

    /// What the mode, or `reopen`, has done before a command. Watched keys would count as touched.
    fn restore(&mut self, step: &Step) -> Result<(), String> {
        if step.marks.reopen {
            for (_, id) in std::mem::take(&mut self.sessions) {
                self.engine.close_session(id);
            }
            return self.reload();
        }
        let sessions = &self.engine.sessions().all;
        if sessions.values().any(|session| !session.watches.is_empty()) {
            return Ok(());
        }
        match self.mode {
            Mode::Snapshot => self.reload(),
            Mode::Log => self.replay(),
            Mode::Native | Mode::Resp2 | Mode::Resp3 => Ok(()),
        }
    }

    /// HELLO and RESET change what a connection was recorded in.
    fn note_protocol(&mut self, id: u64, argv: &[Vec<u8>]) {
        let is = |at: usize, word: &[u8]| {
            argv.get(at)
                .is_some_and(|given| given.eq_ignore_ascii_case(word))
        };
        if is(0, b"HELLO") && is(1, b"3") {
            self.recorded_in_resp3.insert(id);
        } else if is(0, b"RESET") || (is(0, b"HELLO") && is(1, b"2")) {
            self.recorded_in_resp3.remove(&id);
        }
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
            Action::Wait(_) => return Ok(Reply::Int(0)),
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
                Output::Published { .. } | Output::Expired { .. } | Output::Action(_) => {}
            }
        }
    }

    /// What connections were sent beside replies, under `push NAME:`.
    fn pushed(&mut self) -> Vec<String> {
        let pushes = std::mem::take(&mut self.pushes);
        let mut lines = Vec::new();
        for (name, id) in &self.sessions {
            let protocol = match self.mode {
                Mode::Resp3 => self.recorded_protocol(*id),
                _ => self.protocol(*id),
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

    /// The words of a call, read from bytes in the modes that have them.
    fn call_through_bytes(&self, argv: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, String> {
        if !self.mode.has_bytes() {
            return Ok(argv.to_vec());
        }
        let mut bytes = format!("*{}\r\n", argv.len()).into_bytes();
        for word in argv {
            bytes.extend(format!("${}\r\n", word.len()).into_bytes());
            bytes.extend(word.iter().chain(b"\r\n"));
        }
        let mut requests = Requests::default();
        let (front, back) = bytes.split_at(bytes.len() / 2);
        requests.feed(front);
        let early = requests.next(usize::MAX).map_err(|error| error.text())?;
        assert!(!early, "half a call was taken for a whole one");
        requests.feed(back);
        let whole = requests.next(usize::MAX).map_err(|error| error.text())?;
        assert!(whole, "a whole call was not taken for one");

        Ok(requests.words().iter().map(|word| word.to_vec()).collect())
    }

    /// What the session's client gets, through bytes in the modes that have them.
    fn through_bytes(&self, id: u64, reply: &Reply) -> Result<Vec<Value>, String> {
        let protocol = self.protocol(id);
        let direct = value::values_of(reply, protocol);
        if !self.mode.has_bytes() {
            return Ok(direct);
        }
        let mut bytes = Vec::new();
        encode(reply, protocol, &mut bytes);
        let values = value::values_in(&bytes)?;
        if values != direct {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return Err(format!(
                "RESP{protocol} {text:?} is not what was replied: {reply:?}"
            ));
        }

        Ok(values)
    }

    fn recorded_protocol(&self, id: u64) -> u8 {
        if self.recorded_in_resp3.contains(&id) {
            3
        } else {
            2
        }
    }

    fn protocol(&self, id: u64) -> u8 {
        self.engine
            .sessions()
            .all
            .get(&id)
            .map_or(2, |session| session.protocol)
    }

    /// Writes a snapshot as a node does, in slices and pieces, and loads it.
    fn reload(&mut self) -> Result<(), String> {
        let aux = Aux {
            time_ms: self.now_ms,
            seq: self.engine.seq(),
            ..Aux::default()
        };
        let keyspace = self.engine.keyspace_mut();
        let limits = *keyspace.limits();
        let mut writer = SnapshotWriter::begin(keyspace, &aux);
        let mut reader = SnapshotReader::new(limits, Due::Keep);
        let mut goes_on = true;
        while goes_on {
            goes_on = writer.step(keyspace, SLICE_BYTES);
            while let Some(piece) = writer.next_piece() {
                reader.push(&piece).map_err(|error| format!("{error:?}"))?;
            }
        }
        let loaded = reader.finish().map_err(|error| format!("{error:?}"))?;
        if loaded.aux.seq != aux.seq {
            return Err(format!("seq {} came back as {}", aux.seq, loaded.aux.seq));
        }
        self.engine.replace_keyspace(loaded.keyspace);
        self.engine.set_seq(aux.seq);

        Ok(())
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

/// Its answer tells of the connection's protocol.
fn speaks_of_protocol(argv: &[Vec<u8>]) -> bool {
    let names = [&b"HELLO"[..], b"RESET", b"CLIENT"];

    names.iter().any(|name| argv[0].eq_ignore_ascii_case(name))
}

fn show(effects: &[Effect]) -> String {
    let word = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
    let calls = effects
        .iter()
        .map(|effect| effect.argv.iter().map(word).collect::<Vec<_>>().join(" "));

    calls.collect::<Vec<_>>().join("; ")
}
