//! One engine behind RESP: bytes in, bytes out, in the thread that asks. No log, no other node, no storage, and no
//! records, as a node that is alone in memory makes none, and redis-server none that writes no log and has no replica.
use std::time::{SystemTime, UNIX_EPOCH};

use kilat::command::Settings;
use kilat::engine::{Engine, Outcome};
use kilat::resp::{Requests, encode};

/// Redis: proto-max-bulk-len.
const BULK_MAX: usize = 512 << 20;

/// The operations of redis-benchmark that are compared.
pub const OPERATIONS: &[&str] = &["set", "get", "incr", "lpush", "zadd"];

/// Keys, and members of the sorted set: as `redis-benchmark -r`.
pub const KEYS: u64 = 100_000;

/// An engine and how far what it was sent has been read, for each client.
pub struct Machine {
    engine: Engine,
}

/// One client of a `Machine`.
pub struct Client {
    id: u64,
    requests: Requests,
}

impl Machine {
    /// An empty engine; the same seed gives the same run.
    pub fn new(seed: u64) -> Self {
        let mut engine = Engine::new(seed, Settings::default());
        engine.set_recording(false);

        Machine { engine }
    }

    /// Opens a session.
    pub fn connect(&mut self, now_ms: u64) -> Client {
        Client {
            id: self.engine.open_session(now_ms),
            requests: Requests::default(),
        }
    }

    /// Ends a session.
    pub fn disconnect(&mut self, client: &Client) {
        self.engine.close_session(client.id);
    }

    /// Runs what has arrived and appends the replies to `out`. Answers `false` where the client is to be closed.
    pub fn feed(
        &mut self,
        now_ms: u64,
        client: &mut Client,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> bool {
        client.requests.feed(bytes);
        loop {
            match client.requests.next(BULK_MAX) {
                Ok(true) => {}
                Ok(false) => return true,
                Err(error) => {
                    out.extend_from_slice(format!("-{}\r\n", error.text()).as_bytes());
                    return false;
                }
            }
            let (engine, id) = (&mut self.engine, client.id);
            let outcome = client.requests.with_words(|words| engine.execute(now_ms, id, words));
            match outcome {
                Outcome::Reply(reply) => encode(&reply, 2, out),
                Outcome::Forward(_) | Outcome::Wait(_) => out.extend_from_slice(b"+OK\r\n"),
            }
            while self.engine.poll().is_some() {}
        }
    }
}

/// Milliseconds since 1970.
#[allow(clippy::disallowed_methods, reason = "a server has a clock")]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);

    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0))
}

/// RESP of `count` calls of an operation, beginning with call number `from`: redis-benchmark's words, keys spread over
/// `KEYS`.
pub fn calls(operation: &str, from: u64, count: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for i in from..from + count {
        let key = i.wrapping_mul(2_654_435_761) % KEYS;
        let words: Vec<String> = match operation {
            "set" => vec!["SET".into(), format!("key:{key:012}"), "x".repeat(26)],
            "get" => vec!["GET".into(), format!("key:{key:012}")],
            "incr" => vec!["INCR".into(), format!("counter:{key:012}")],
            "lpush" => vec!["LPUSH".into(), "mylist".into(), "x".repeat(26)],
            "zadd" => {
                let score = i.wrapping_mul(40_503) % KEYS;
                let member = format!("element:{key:012}");
                vec!["ZADD".into(), "myzset".into(), score.to_string(), member]
            }
            other => unreachable!("no operation is called {other}"),
        };
        bytes.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
        for word in words {
            bytes.extend_from_slice(format!("${}\r\n{word}\r\n", word.len()).as_bytes());
        }
    }

    bytes
}
