//! Commands of all kinds over few keys: whatever they are, a snapshot holds the same data afterwards, and so does who
//! applied the records.
#![no_main]
use kilat::command::{Action, Arity, Command, Effect, Keys, Settings};
use kilat::engine::{Engine, Outcome, Output};
use kilat::log::snapshot::{Aux, Due, load, save};
use kilat::resp::split_words;
use libfuzzer_sys::fuzz_target;

const SEED: u64 = 1;
const BEGAN_AT_MS: u64 = 1_767_225_600_000;
const COMMANDS_MAX: usize = 200;
const KEYS: &[&str] = &["a", "b", "c", "d"];
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "0", "1", "2", "3", "-1", "-2", "5", "10", "64", "100", "1000", "5000", "a", "b", "c", "", "*", "$", "$.a", "$.b[0]",
    "1.5", "-0.25", "1e300", "inf", "-inf", "nan", "(1", "(b", "[a", "[b", "-", "+", "9223372036854775807",
    "-9223372036854775808", "9223372036854775806", "2147483648", "-4294967296", "1767225600500", "1767225601",
    "{\"a\":1,\"b\":[1,2,{\"c\":null}]}", "[1,2.5,\"x\",true]", "\"text\"", "12345678901234567890",
    "a rather long word of more than sixty-four bytes, past what a listpack of a hash takes",
    "k*_?", "listpack", "BYLEX", "foo", "\u{0}\u{ff}", "yes", "no", "0.1", "u8", "#1",
];
/// Not about data, or done by the node alone, or what no record tells of.
#[rustfmt::skip]
const LEFT_OUT: &[&str] = &[
    "CONFIG|SET", "DEBUG", "FAILOVER", "MONITOR", "PSYNC", "REPLICAOF", "SHUTDOWN", "SLAVEOF", "SYNC",
];

fuzz_target!(|data: &[u8]| {
    let Some((how, data)) = data.split_first() else {
        return;
    };
    let mut world = World::new(how & 1 == 1);
    if how & 2 == 2 {
        lines(&mut world, data);
    } else {
        choices(&mut world, data);
    }
    world.check();
});

fn is_left_out(row: &Command) -> bool {
    LEFT_OUT.iter().any(|name| row.name.starts_with(name))
}

/// A command each line, as in a transcript.
fn lines(world: &mut World, data: &[u8]) {
    for line in data.split(|byte| *byte == b'\n').take(COMMANDS_MAX) {
        let Ok(argv) = split_words(line) else {
            continue;
        };
        let words: Vec<&[u8]> = argv.iter().map(Vec::as_slice).collect();
        let row = (!words.is_empty()).then(|| kilat::command::find(&words));
        let is_known = matches!(row, Some(Ok(row)) if !is_left_out(row));
        if is_known && !words.iter().any(|word| is_large(word)) {
            world.call(0, &argv);
        }
    }
}

/// A number that Redis would make so many bytes or elements of, if asked to.
fn is_large(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();

    (6..13).contains(&digits)
}

/// A byte chooses a command, others its words.
fn choices(world: &mut World, data: &[u8]) {
    let rows: Vec<&Command> = kilat::command::all()
        .filter(|row| !is_left_out(row))
        .collect();
    let mut bytes = Bytes(data);
    for _ in 0..COMMANDS_MAX {
        if bytes.0.is_empty() {
            break;
        }
        let row = rows[usize::from(bytes.next()) % rows.len()];
        let how = bytes.next();
        world.now_ms += [0, 0, 0, 1, 500, 5_000, 0, 0][usize::from(how & 7)];
        let argv = words(row, how >> 4, &mut bytes);
        world.call(usize::from(how >> 3 & 1), &argv);
    }
}

/// What decides; zeros without end behind its own.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;

        *first
    }
}

/// A call of `row`: keys where its keys stand, elsewhere the words of its syntax, values, or a few bytes.
fn words(row: &Command, more: u8, bytes: &mut Bytes) -> Vec<Vec<u8>> {
    let mut argv: Vec<Vec<u8>> = row.name.split('|').map(Vec::from).collect();
    let count = match row.arity {
        Arity::Exactly(count) => count,
        Arity::AtLeast(least) => least + usize::from(more % 8),
    };
    let options: Vec<&str> = row
        .usage
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() > 1 && *word == word.to_ascii_uppercase())
        .collect();
    while argv.len() < count {
        let chosen = bytes.next();
        let at = usize::from(chosen >> 2);
        let word = if is_key(row.keys, argv.len()) {
            KEYS[at % KEYS.len()].into()
        } else {
            match chosen & 3 {
                0 if !options.is_empty() => options[at % options.len()].into(),
                3 if at < 32 => (0..at).map(|_| bytes.next()).collect(),
                3 => KEYS[at % KEYS.len()].into(),
                _ => WORDS[at % WORDS.len()].into(),
            }
        };
        argv.push(word);
    }

    argv
}

fn is_key(keys: Keys, at: usize) -> bool {
    match keys {
        Keys::At(key) => at == key,
        Keys::Range(first, last, step) => {
            let last = usize::try_from(last).unwrap_or(usize::MAX);
            (first..=last).contains(&at) && (at - first).is_multiple_of(step.max(1))
        }
        Keys::StoreCounted(to, _) => at == to,
        Keys::Counted(_) | Keys::None | Keys::Custom(_) => false,
    }
}

struct World {
    engine: Engine,
    settings: Settings,
    now_ms: u64,
    sessions: [u64; 2],
    records: Vec<(u64, Vec<Effect>)>,
}

impl World {
    fn new(is_small: bool) -> World {
        let mut settings = Settings::default();
        if is_small {
            // A few elements are many.
            settings.limits.hash_max_listpack_entries = 3;
            settings.limits.set_max_intset_entries = 3;
            settings.limits.zset_max_listpack_entries = 3;
            settings.limits.list_max_listpack_size = 3;
            settings.limits.list_packed_threshold = 32;
        }
        let mut engine = Engine::new(SEED, settings.clone());
        let sessions = [(); 2].map(|()| engine.open_session(BEGAN_AT_MS));

        World {
            engine,
            settings,
            now_ms: BEGAN_AT_MS,
            sessions,
            records: Vec::new(),
        }
    }

    fn call(&mut self, session: usize, argv: &[Vec<u8>]) {
        let words: Vec<&[u8]> = argv.iter().map(Vec::as_slice).collect();
        let outcome = self
            .engine
            .execute(self.now_ms, self.sessions[session], &words);
        if let Outcome::Wait(Action::Sleep(ms)) = outcome {
            self.now_ms += ms % 10_000;
        }
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Record { seq, effects } => self.records.push((seq, effects)),
                Output::Action(Action::Close(id)) => self.engine.close_session(id),
                _ => {}
            }
        }
        for id in &mut self.sessions {
            let open = self
                .engine
                .sessions()
                .all
                .get(id)
                .filter(|session| !session.closing);
            if open.is_none() {
                self.engine.close_session(*id);
                *id = self.engine.open_session(self.now_ms);
            }
        }
    }

    fn check(&self) {
        let keyspace = self.engine.keyspace();
        let digest = keyspace.digest();
        let loaded = load(
            &save(keyspace, &Aux::default()),
            self.settings.limits,
            Due::Keep,
        );
        let loaded = loaded.unwrap_or_else(|error| unreachable!("no snapshot: {error}"));
        assert_eq!(loaded.keyspace.digest(), digest, "of a snapshot");
        for db in 0..kilat::keyspace::DATABASES {
            let keys = keyspace.keys(db);
            assert_eq!(keys.len(), keys.iter().count());
            let expiring = keys
                .iter()
                .filter(|(_, entry)| entry.expires_at_ms().is_some());
            assert_eq!(keys.expiring(), expiring.count());
            assert_eq!(keys.len(), loaded.keyspace.keys(db).len());
        }

        let mut other = Engine::new(SEED, self.settings.clone());
        for (seq, effects) in &self.records {
            if let Err(error) = other.apply(self.now_ms, *seq, effects) {
                unreachable!("record {seq} of {effects:?}: {error:?}");
            }
            while other.poll().is_some() {}
        }
        assert_eq!(other.keyspace().digest(), digest, "of the records");
    }
}
