//! What clients do: one call after the other, every write with a token of its own.
use std::collections::BTreeMap;

use super::history::{Deed, Fate, Write, token};
use super::lock::Life;
use super::trace::Weight;
use super::world::{Sleep, What, World};
use crate::base::rng::Rng;
use crate::command::Reply;
use crate::node::{Called, Level};

pub(super) const LOGS: [&str; 3] = ["log0", "log1", "log2"];
pub(super) const LISTS: [&str; 2] = ["list0", "list1"];
pub(super) const COUNTERS: [&str; 2] = ["counter0", "counter1"];
pub(super) const TALLIES: [&str; 2] = ["tally0", "tally1"];
pub(super) const RAISED: &str = "raised";
pub(super) const REGISTERS: [&str; 2] = ["register0", "register1"];
pub(super) const ACCOUNTS: [&str; 3] = ["account0", "account1", "account2"];
/// What may be lost has a key of its own.
pub(super) const LOSSY: &str = "lossy";

/// A client: one session of one life.
#[derive(Debug)]
pub(super) struct Client {
    pub life: Life,
    pub session: u64,
    /// The write under way, by its number in the history.
    pub under_way: Option<usize>,
    /// Writes that it was told were done and has not seen in what it read.
    pub unseen: Vec<(&'static str, usize)>,
    /// What it last read on a follower, by key.
    pub read: BTreeMap<&'static str, Vec<u8>>,
}

impl Client {
    pub fn new(life: Life, session: u64) -> Client {
        Client {
            life,
            session,
            under_way: None,
            unseen: Vec::new(),
            read: BTreeMap::new(),
        }
    }
}

fn any(rng: &mut Rng, keys: &[&'static str]) -> &'static str {
    keys[rng.index(keys.len())]
}

fn draw_deed(rng: &mut Rng, level: Level) -> Deed {
    if level == Level::Memory {
        return Deed::Append(LOSSY);
    }
    match rng.below(20) {
        0..=3 => Deed::Append(any(rng, &LOGS)),
        6..=8 => Deed::Counted {
            key: any(rng, &LOGS),
            counter: any(rng, &COUNTERS),
        },
        9 | 10 => Deed::Push(any(rng, &LISTS)),
        11 | 12 => Deed::Tally(any(rng, &TALLIES)),
        13 => Deed::Raise(RAISED),
        14 | 15 => Deed::Swap(any(rng, &REGISTERS)),
        16 => Deed::Take(any(rng, &REGISTERS)),
        4 | 5 | 17 => Deed::Look(any(rng, &REGISTERS)),
        18 => Deed::Transfer,
        _ => Deed::Fleeting,
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_string).collect()
}

impl World {
    /// Each client acts again and again, as long as its page is there.
    pub(super) fn client_goes_on(&mut self, index: usize) {
        if self.calm || self.tab_of(self.clients[index].life).is_none() {
            return;
        }
        let mut pause_us = 1000 + self.rng.below(self.weather.pause_us);
        if self.rng.below(6) == 0 {
            pause_us = 10;
        }
        self.later(pause_us, What::Client(index));
        self.client_acts(index);
    }

    pub(super) fn client_acts(&mut self, index: usize) {
        let Some(tab) = self.tab_of(self.clients[index].life) else {
            return;
        };
        let awake = self.tabs[tab].sleep == Sleep::Awake && !self.tabs[tab].away;
        if !awake {
            return;
        }
        if self.clients[index].under_way.is_some() {
            return self.check_patience(index, tab);
        }
        if self.rng.below(5) == 0 {
            return self.client_reads(index, tab);
        }
        if self.rng.below(200) == 0 {
            return self.operate(index, tab);
        }
        let level = match self.rng.below(10) {
            0 => Level::Memory,
            1 => Level::Always,
            _ => Level::Everysec,
        };
        let deed = draw_deed(&mut self.rng, level);
        self.client_writes(index, tab, deed, level);
    }

    /// What an operator does. Whatever the answer is, there must be one: some time, where no storm lasts.
    fn operate(&mut self, index: usize, tab: usize) {
        let lines = [
            "SAVE",
            "BGSAVE",
            "FAILOVER",
            "DEBUG RELOAD",
            "DEBUG LOADAOF",
        ];
        let line = lines[self.rng.index(lines.len())];
        self.note(Weight::Event, || format!("tab {tab}: {line}"));
        let (life, session) = (self.clients[index].life, self.clients[index].session);
        if let Some(Called::Pending(call)) = self.call(tab, session, Level::Everysec, &words(line))
        {
            self.operated.insert((life, call), line);
        }
        self.perform_outputs(tab);
    }

    /// `None` where the node is gone.
    fn call(&mut self, tab: usize, session: u64, level: Level, words: &[String]) -> Option<Called> {
        let argv: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        let now_ms = self.clock(tab);
        let node = self.tabs[tab].node.as_mut()?;

        Some(node.call(now_ms, session, Some(level), &argv))
    }

    fn client_writes(&mut self, index: usize, tab: usize, deed: Deed, level: Level) {
        let number = self.history.len();
        let (life, session) = (self.clients[index].life, self.clients[index].session);
        let Some(calls) = self.calls_for(deed, number, tab, session) else {
            return;
        };
        self.note(Weight::Step, || {
            let calls: Vec<String> = calls.iter().map(|words| words.join(" ")).collect();
            format!(
                "tab {tab}: client {index} writes {} at {level:?}",
                calls.join("; ")
            )
        });
        self.clients[index].under_way = Some(number);
        let place = match deed {
            Deed::Raise(_) => calls[1][2].parse().ok(),
            _ => None,
        };
        self.history.push(Write {
            deed,
            level,
            fate: Fate::Pending,
            invoked_us: self.now_us,
            answered_us: u64::MAX,
            place,
            before: None,
        });
        for (position, words) in calls.iter().enumerate() {
            match self.call(tab, session, level, words) {
                // A refusal before EXEC ends the transaction too: EXEC tells.
                Some(Called::Reply(reply)) if position + 1 == calls.len() => {
                    self.settle(index, number, &reply);
                }
                Some(Called::Reply(_)) => {}
                Some(Called::Pending(call)) => {
                    self.calls.insert((life, call), index);
                }
                // The page died while its client was at work.
                None => return self.orphan(life),
            }
            self.perform_outputs(tab);
        }
    }

    fn calls_for(
        &mut self,
        deed: Deed,
        number: usize,
        tab: usize,
        session: u64,
    ) -> Option<Vec<Vec<String>>> {
        let token = token(number);
        let lines = match deed {
            Deed::Append(key) => vec![format!("APPEND {key} {token}")],
            Deed::Push(key) => vec![format!("RPUSH {key} {token}")],
            Deed::Counted { key, counter } => vec![
                "MULTI".into(),
                format!("INCR {counter}"),
                format!("APPEND {key} {token}"),
                "EXEC".into(),
            ],
            Deed::Tally(key) => vec![format!("INCR {key}")],
            Deed::Raise(key) => {
                self.read(tab, session, &[b"WATCH", key.as_bytes()])?;
                let value = match self.read(tab, session, &[b"GET", key.as_bytes()])? {
                    Reply::Bulk(text) => String::from_utf8_lossy(&text).parse().unwrap_or(0),
                    Reply::Null => 0,
                    _ => return None,
                };
                vec![
                    "MULTI".into(),
                    format!("SET {key} {}", value + 1),
                    "EXEC".into(),
                ]
            }
            Deed::Swap(key) => vec![format!("SET {key} {token} GET")],
            Deed::Take(key) => vec![format!("GETDEL {key}")],
            Deed::Look(key) => vec![format!("GETEX {key}")],
            Deed::Transfer => {
                let from = self.rng.index(ACCOUNTS.len());
                let to = (from + 1 + self.rng.index(ACCOUNTS.len() - 1)) % ACCOUNTS.len();
                let amount = 1 + self.rng.below(9);
                if self.rng.below(2) == 0 {
                    self.read(tab, session, &[b"WATCH", ACCOUNTS[from].as_bytes()])?;
                }
                vec![
                    "MULTI".into(),
                    format!("DECRBY {} {amount}", ACCOUNTS[from]),
                    format!("INCRBY {} {amount}", ACCOUNTS[to]),
                    "EXEC".into(),
                ]
            }
            Deed::Fleeting => vec![format!("SET seen{} {token} PX 300", number % 3)],
        };

        Some(lines.iter().map(|line| words(line)).collect())
    }

    pub(super) fn replied(&mut self, life: Life, call: u64, reply: &Reply) {
        self.operated.remove(&(life, call));
        let Some(index) = self.calls.remove(&(life, call)) else {
            return;
        };
        if let Some(number) = self.clients[index].under_way {
            self.settle(index, number, reply);
        }
    }

    /// A call that is answered at once.
    pub(super) fn read(&mut self, tab: usize, session: u64, words: &[&[u8]]) -> Option<Reply> {
        let now_ms = self.clock(tab);
        let node = self.tabs[tab].node.as_mut()?;
        let called = node.call(now_ms, session, None, words);
        self.perform_outputs(tab);
        match called {
            Called::Reply(reply) => Some(reply),
            Called::Pending(_) => {
                self.check
                    .fail("a read was not answered at once".into(), Vec::new());
                None
            }
        }
    }
}
