//! What clients do and what they were told: every write bears a token of its own.
use std::collections::BTreeMap;

use super::lock::Life;
use super::world::{Sleep, What, World};
use crate::base::rng::Rng;
use crate::command::Reply;
use crate::node::{Called, Level};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Pending,
    Acknowledged,
    /// It was not done, and the client was told so.
    Refused,
    /// Nobody knows: the client died, or was told just that.
    Unknown,
}

/// One write of a client.
#[derive(Clone, Debug)]
pub struct Write {
    pub token: String,
    pub key: String,
    pub counter: Option<String>,
    /// The counter's value that it was told.
    pub counted: Option<i64>,
    pub level: Level,
    pub fate: Fate,
}

/// A client: one session of one life, one call after the other.
#[derive(Debug)]
pub struct Client {
    pub life: Life,
    pub session: u64,
    /// The write under way, by its number in the history.
    pub under_way: Option<usize>,
    /// Tokens that it was told were written, by key.
    pub written: BTreeMap<String, Vec<String>>,
    /// What it last read on a follower, by key.
    pub read: BTreeMap<String, Vec<u8>>,
}

/// What a client does next.
#[derive(Clone, Debug)]
pub enum Step {
    Read {
        key: String,
    },
    /// What an operator does; its answer is nobody's concern.
    Operate {
        words: Vec<String>,
    },
    /// Calls, the last of which is answered with the write's fate.
    Write {
        calls: Vec<Vec<String>>,
        write: Write,
    },
}

pub fn next_step(rng: &mut Rng, number: usize, levels: bool) -> Step {
    let key = format!("log{}", rng.below(2));
    if rng.below(5) == 0 {
        return Step::Read { key };
    }
    let words = |line: &str| line.split(' ').map(str::to_string).collect::<Vec<_>>();
    if rng.below(150) == 0 {
        let lines = [
            "SAVE",
            "BGSAVE",
            "FAILOVER",
            "DEBUG RELOAD",
            "DEBUG LOADAOF",
        ];
        return Step::Operate {
            words: words(lines[rng.index(lines.len())]),
        };
    }
    let token = format!("<{number}>");
    let level = match rng.below(10) {
        0 if levels => Level::Memory,
        1 => Level::Always,
        _ => Level::Everysec,
    };
    // What may be lost has a key of its own.
    let key = if level == Level::Memory {
        "lossy".to_string()
    } else {
        key
    };
    let counter = format!("counter{}", rng.below(2));
    let (calls, counter) = match rng.below(8) {
        0 | 1 if level != Level::Memory => {
            let calls = vec![
                words("MULTI"),
                words(&format!("INCR {counter}")),
                words(&format!("APPEND {key} {token}")),
                words("EXEC"),
            ];
            (calls, Some(counter))
        }
        2 => (
            vec![words(&format!("SET seen{} {token} PX 300", rng.below(3)))],
            None,
        ),
        _ => (vec![words(&format!("APPEND {key} {token}"))], None),
    };
    let key = if calls[0][0] == "SET" {
        String::new()
    } else {
        key
    };

    Step::Write {
        calls,
        write: Write {
            token,
            key,
            counter,
            counted: None,
            level,
            fate: Fate::Pending,
        },
    }
}

/// What a reply means for the write it answers.
pub fn fate(reply: &Reply) -> Fate {
    match reply {
        Reply::Error(error) if error.code() == "INDETERMINATE" => Fate::Unknown,
        Reply::Error(_) | Reply::NullArray => Fate::Refused,
        _ => Fate::Acknowledged,
    }
}

/// The counter's value in the reply of a transaction.
pub fn counted(reply: &Reply) -> Option<i64> {
    match reply {
        Reply::Array(replies) => match replies.first() {
            Some(Reply::Int(value)) => Some(*value),
            _ => None,
        },
        _ => None,
    }
}

impl World {
    pub(super) fn client_acts(&mut self, index: usize) {
        let client = &self.clients[index];
        let Some(tab) = self.tab_of(client.life) else {
            return;
        };
        let mut pause_us = 1000 + self.rng.below(60_000);
        if self.rng.below(6) == 0 {
            pause_us = 10;
        }
        if !self.calm {
            self.later(pause_us, What::Client(index));
        }
        let awake = self.tabs[tab].sleep == Sleep::Awake && !self.tabs[tab].away;
        if !awake || self.clients[index].under_way.is_some() || self.calm {
            return;
        }
        match next_step(&mut self.rng, self.history.len(), true) {
            Step::Read { key } => self.client_reads(index, tab, &key),
            Step::Operate { words } => {
                self.note(|| format!("tab {tab}: {words:?}"));
                let session = self.clients[index].session;
                self.call(tab, session, Level::Everysec, &words);
                self.perform_outputs(tab);
            }
            Step::Write { calls, write } => self.client_writes(index, tab, calls, write),
        }
    }

    pub(super) fn call(
        &mut self,
        tab: usize,
        session: u64,
        level: Level,
        words: &[String],
    ) -> Called {
        let argv: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        let now_ms = self.now_ms();
        let Some(node) = &mut self.tabs[tab].node else {
            return Called::Reply(Reply::Null);
        };

        node.call(now_ms, session, Some(level), &argv)
    }

    pub(super) fn client_writes(
        &mut self,
        index: usize,
        tab: usize,
        calls: Vec<Vec<String>>,
        write: Write,
    ) {
        let number = self.history.len();
        let (life, session) = (self.clients[index].life, self.clients[index].session);
        self.note(|| {
            format!(
                "tab {tab}: client {index} writes {calls:?} at {:?}",
                write.level
            )
        });
        self.clients[index].under_way = Some(number);
        self.history.push(write.clone());
        for words in &calls {
            let called = self.call(tab, session, write.level, words);
            match called {
                Called::Reply(reply) => {
                    let last = words == &calls[calls.len() - 1];
                    // A refusal before EXEC ends the transaction too: EXEC tells.
                    if last {
                        self.settle(index, number, &reply);
                    }
                }
                Called::Pending(call) => {
                    self.calls.insert((life, call), index);
                }
            }
            self.perform_outputs(tab);
        }
    }

    pub(super) fn replied(&mut self, life: Life, call: u64, reply: &Reply) {
        let Some(index) = self.calls.remove(&(life, call)) else {
            return;
        };
        if let Some(number) = self.clients[index].under_way {
            self.settle(index, number, reply);
        }
    }

    pub(super) fn settle(&mut self, index: usize, number: usize, reply: &Reply) {
        self.note(|| format!("client {index} was answered {reply:?} for write {number}"));
        self.clients[index].under_way = None;
        let write = &mut self.history[number];
        write.fate = fate(reply);
        write.counted = counted(reply).filter(|_| write.counter.is_some());
        self.after_settling(index, number);
    }

    pub(super) fn read(&mut self, tab: usize, session: u64, words: &[&[u8]]) -> Option<Reply> {
        let now_ms = self.now_ms();
        let node = self.tabs[tab].node.as_mut()?;
        let called = node.call(now_ms, session, None, words);
        self.perform_outputs(tab);
        match called {
            Called::Reply(reply) => Some(reply),
            Called::Pending(_) => {
                self.check.fail("a read was not answered at once".into());
                None
            }
        }
    }
}
