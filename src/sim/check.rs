//! The checkers: what must hold at every moment, and what must hold at rest.
use std::collections::{BTreeMap, BTreeSet};

use super::clients::Fate;
use super::lock::Life;
use super::world::World;
use crate::base::hash::hash;
use crate::command::Reply;
use crate::node::{Level, Node};
use crate::value::{Value, rdb};

#[derive(Default)]
pub(super) struct Checker {
    pub violation: Option<String>,
    pub acknowledged: usize,
    leaders: BTreeMap<u64, Life>,
    /// The data at each committed seq.
    digests: BTreeMap<u64, (u64, Life)>,
    /// The committed seq that each life has shown.
    shown: BTreeMap<Life, u64>,
}

impl Checker {
    /// Only the first counts: what follows may be its consequence.
    pub fn fail(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    pub fn leads(&mut self, epoch: u64, life: Life) {
        let leader = *self.leaders.entry(epoch).or_insert(life);
        if leader != life {
            self.fail(format!("lives {leader} and {life} both lead epoch {epoch}"));
        }
    }

    pub fn reigns(&self) -> usize {
        self.leaders.len()
    }
}

/// All keys and values, in an order of their own.
fn digest(node: &Node) -> u64 {
    let keyspace = node.engine().keyspace();
    let mut entries: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for (key, entry) in keyspace.keys(0).iter() {
        // Keys with a time to live are hidden by clocks, not by records.
        if entry.expires_at_ms().is_none() {
            let value = match entry.value() {
                Value::String(string) => string.bytes().into_owned(),
                other => rdb::dump(other),
            };
            entries.push((key.to_vec(), value));
        }
    }
    entries.sort();
    let parts = entries.iter().flat_map(|(key, value)| [key, value]);

    parts.fold(0, |digest, bytes| hash(digest, bytes))
}

impl World {
    /// What must hold of a node at any moment.
    pub(super) fn check_tab(&mut self, tab: usize) {
        let (now_ms, life) = (self.now_ms(), self.tabs[tab].life);
        let Some(node) = &self.tabs[tab].node else {
            return;
        };
        let status = node.status(now_ms);
        if !status.ready || !matches!(status.role, "follower" | "leader") {
            return;
        }
        let leads = status.role == "leader";
        let committed = if leads {
            status.committed_seq
        } else {
            status.seq
        };
        if !leads && node.is_spoiled() {
            return;
        }
        let shown = self.check.shown.entry(life).or_default();
        if committed < *shown {
            let before = *shown;
            self.check
                .fail(format!("tab {tab} went back from {before} to {committed}"));
            return;
        }
        // Now and then: it costs more than all the rest.
        let news = committed > *shown && committed % 8 == 0;
        *shown = committed;
        if news && status.seq == committed {
            let digest = digest(node);
            let (known, whose) = *self
                .check
                .digests
                .entry(committed)
                .or_insert((digest, life));
            if known != digest {
                let sentence = format!("lives {whose} and {life} differ at seq {committed}");
                self.check.fail(sentence);
            }
        }
    }

    pub(super) fn client_reads(&mut self, index: usize, tab: usize, key: &str) {
        let session = self.clients[index].session;
        let Some(reply) = self.read(tab, session, &[b"GET", key.as_bytes()]) else {
            return;
        };
        let text = match reply {
            Reply::Bulk(text) => text,
            Reply::Null => Vec::new(),
            // Before the data is there.
            _ => return,
        };
        let Some(node) = &self.tabs[tab].node else {
            return;
        };
        // What a leader reads may be undone, and is not compared.
        let settled = node.status(self.now_ms()).role == "follower" && !node.is_spoiled();
        let shown = String::from_utf8_lossy(&text).into_owned();
        let client = &mut self.clients[index];
        let written = client.written.get(key);
        let lacks = |token: &&String| !shown.contains(token.as_str());
        if let Some(token) = written.into_iter().flatten().find(lacks) {
            let what = format!("client {index} in tab {tab} does not see its own {token} in {key}");
            return self.check.fail(what);
        }
        let before = client.read.get(key).cloned().unwrap_or_default();
        if settled {
            client.read.insert(key.into(), text.clone());
        }
        if !text.starts_with(&before) {
            self.check.fail(format!(
                "client {index} in tab {tab} read {key} back in time"
            ));
        }
    }

    pub(super) fn after_settling(&mut self, index: usize, number: usize) {
        let write = &self.history[number];
        if write.fate != Fate::Acknowledged || write.level == Level::Memory {
            return;
        }
        self.check.acknowledged += 1;
        if !write.key.is_empty() {
            let (key, token) = (write.key.clone(), write.token.clone());
            self.clients[index]
                .written
                .entry(key)
                .or_default()
                .push(token);
        }
    }

    /// The storm is over and nothing is under way: what is there is judged.
    pub(super) fn judge_at_rest(&mut self) {
        if self.check.violation.is_some() {
            return;
        }
        let now_ms = self.now_ms();
        let nodes: Vec<&Node> = self
            .tabs
            .iter()
            .filter_map(|tab| tab.node.as_ref())
            .collect();
        let states: Vec<_> = nodes.iter().map(|node| node.status(now_ms)).collect();
        let leaders: Vec<_> = states
            .iter()
            .filter(|status| status.role == "leader")
            .collect();
        let fail = |what: String| {
            let shown: Vec<String> = states
                .iter()
                .map(|state| {
                    let (role, epoch, seq) = (state.role, state.epoch, state.seq);
                    format!("{role} {epoch}/{seq} storage {}", state.storage)
                })
                .collect();
            Some(format!("{what}: {}", shown.join(", ")))
        };
        let violation = match &leaders[..] {
            [leader] => {
                let level = |state: &&crate::node::Status| {
                    state.seq == leader.seq && state.committed_seq == leader.committed_seq
                };
                let all = states
                    .iter()
                    .all(|state| level(&state) && state.waiting_calls == 0);
                let digests: BTreeSet<u64> = nodes.iter().map(|node| digest(node)).collect();
                if !all || leader.seq != leader.committed_seq {
                    fail("the nodes did not come to rest".into())
                } else if digests.len() > 1 {
                    fail("the nodes differ at rest".into())
                } else {
                    None
                }
            }
            leaders => fail(format!("there are {} leaders at rest", leaders.len())),
        };
        if let Some(violation) = violation {
            return self.check.fail(violation);
        }
        self.judge_history();
    }

    fn judge_history(&mut self) {
        let Some(tab) = self.tabs.iter().position(|tab| tab.node.is_some()) else {
            return;
        };
        let now_ms = self.now_ms();
        let mut texts = BTreeMap::new();
        let Some(node) = &mut self.tabs[tab].node else {
            return;
        };
        let session = node.open_session(now_ms);
        for key in ["log0", "log1", "lossy", "counter0", "counter1"] {
            let reply = self.read(tab, session, &[b"GET", key.as_bytes()]);
            let text = match reply {
                Some(Reply::Bulk(text)) => String::from_utf8_lossy(&text).into_owned(),
                _ => String::new(),
            };
            texts.insert(key, text);
        }
        let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for number in 0..self.history.len() {
            let write = self.history[number].clone();
            if write.fate == Fate::Pending {
                let what = format!("write {number} was never answered");
                return self.check.fail(what);
            }
            if let (Some(counter), Some(value)) = (&write.counter, write.counted)
                && !told.insert((counter.clone(), value))
            {
                return self
                    .check
                    .fail(format!("two clients were told {value} of {counter}"));
            }
            let Some(text) = texts.get(write.key.as_str()) else {
                continue;
            };
            let times = text.matches(&write.token).count();
            let acknowledged = write.fate == Fate::Acknowledged && write.level != Level::Memory;
            let wrong = match write.fate {
                _ if times > 1 => Some("took effect twice"),
                Fate::Acknowledged if acknowledged && times == 0 => Some("was lost"),
                Fate::Refused if times > 0 => Some("was refused and done"),
                _ => None,
            };
            if let Some(wrong) = wrong {
                let (token, key) = (&write.token, &write.key);
                return self.check.fail(format!("write {token} of {key} {wrong}"));
            }
            if let Some(counter) = write.counter {
                // A transaction is done as a whole.
                let count = counts.entry(counter).or_default();
                count.0 += times as i64;
                count.1 += 1;
            }
        }
        for (counter, (done, _)) in counts {
            let value: i64 = texts[counter.as_str()].parse().unwrap_or(0);
            if value != done {
                let what = format!("{counter} is {value} after {done} transactions");
                return self.check.fail(what);
            }
        }
    }
}
