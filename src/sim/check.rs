//! The checkers at work during a run: what must hold at every moment, and what a client may expect.
use std::collections::{BTreeMap, BTreeSet};

use super::clients::{ACCOUNTS, COUNTERS, LISTS, LOGS, RAISED, TALLIES};
use super::history::token;
use super::lock::{Life, Service};
use super::weather::Builds;
use super::world::World;
use crate::base::hash::hash;
use crate::command::Reply;
use crate::node::{Election, Event, Glance, Node, Stand};
use crate::value::{ValueRef, rdb};

/// Where nothing but sleep troubles anybody, a call is answered within this.
const PATIENCE_US: u64 = 20_000_000;
/// Seqs at which data is compared: it costs more than all the rest.
const DIGEST_EVERY: u64 = 16;
/// Tokens that a client remembers until it has seen them.
const UNSEEN_MAX: usize = 20;

#[derive(Default)]
pub(super) struct Checker {
    pub violation: Option<String>,
    /// Words that lines of the trace about the violation hold.
    pub about: Vec<String>,
    pub acknowledged: usize,
    pub undecided: usize,
    pub reigns: usize,
    /// Who led each epoch of each database: one that is cleared makes room for another, which begins at 1 again.
    leaders: BTreeMap<(Option<[u8; 16]>, u64), Life>,
    /// The data at each committed seq.
    digests: BTreeMap<u64, (u64, Life)>,
    /// The committed seq that each life has shown.
    shown: BTreeMap<Life, u64>,
    /// Bytes of storage were changed by a fault.
    pub damaged: bool,
    /// Something is gone altogether: at the log's end it cannot be told from what was never written.
    pub vanished: bool,
    /// A block may be left in part by a power cut.
    torn: bool,
    /// Some node has reported damage.
    pub corrupt: bool,
    /// When storage was last cleared, in the world's count; the last life before that.
    pub cleared_at: u64,
    pub cleared_us: u64,
    cleared_life: Life,
    /// Since when nobody leads whom others follow: what the last one left relaxed stays so.
    pub leaderless_us: Option<u64>,
    /// Lives that knew the database that was cleared, and have not said that it is gone.
    pub unaware: BTreeSet<Life>,
}

impl Checker {
    /// Only the first counts: what follows may be its consequence.
    pub fn fail(&mut self, what: String, about: Vec<String>) {
        if self.violation.is_none() {
            self.violation = Some(what);
            self.about = about;
        }
    }

    pub fn power_was_cut(&mut self, undone: usize) {
        self.digests.clear();
        self.torn |= undone > 0;
    }

    pub fn was_cleared(&mut self, at: u64, last_life: Life, lives: Vec<Life>) {
        self.digests.clear();
        self.cleared_at = at;
        self.cleared_life = last_life;
        self.unaware = lives.into_iter().collect();
    }

    /// Whether it knows a database that was cleared.
    pub fn is_of_before(&self, life: Life) -> bool {
        life <= self.cleared_life
    }
}

/// All keys and values, in whatever order they stand.
pub(super) fn digest(node: &Node) -> u64 {
    let mut sum = 0u64;
    for (key, entry) in node.engine().keyspace().keys(0).iter() {
        // Keys with a time to live are hidden by clocks, not by records.
        if entry.expires_at_ms().is_some() {
            continue;
        }
        let seed = hash(0, key);
        let digest = match entry.value() {
            ValueRef::String(string) => hash(seed, &string.bytes()),
            ValueRef::List(list) => list.iter().fold(seed, |seed, item| hash(seed, &item)),
            other => hash(seed, &rdb::dump(other)),
        };
        sum = sum.wrapping_add(digest);
    }

    sum
}

impl World {
    /// What must hold of a node at any moment.
    pub(super) fn check_tab(&mut self, tab: usize) {
        let life = self.tabs[tab].life;
        let Some(node) = &self.tabs[tab].node else {
            return;
        };
        let glance = node.glance();
        if !glance.ready || !self.is_trusted(life, &glance) {
            return;
        }
        let (committed, seq) = (glance.committed_seq, glance.seq);
        let shown = self.check.shown.entry(life).or_default();
        if committed < *shown {
            let before = *shown;
            let what = format!("tab {tab} went back from record {before} to {committed}");
            return self.check.fail(what, vec![format!("tab {tab}:")]);
        }
        let news = committed > *shown && committed.is_multiple_of(DIGEST_EVERY);
        *shown = committed;
        if news && seq == committed {
            let digest = digest(node);
            let first = self
                .check
                .digests
                .entry(committed)
                .or_insert((digest, life));
            let (known, whose) = *first;
            if known != digest {
                let what = format!("lives {whose} and {life} differ at record {committed}");
                self.check.fail(what, vec![format!("tab {tab}:")]);
            }
        }
    }

    /// Neither is storage damaged nor is there none.
    fn promises_hold(&self) -> bool {
        !self.check.damaged && !self.weather.private
    }

    /// Whether what a node shows is promised to be there and to stay.
    fn is_trusted(&self, life: Life, glance: &Glance) -> bool {
        let stands = match glance.stand {
            Stand::Leading => true,
            Stand::Following => !glance.spoiled,
            _ => false,
        };

        // One that cannot read what a newer build wrote says so, and shows what it could read.
        stands && !glance.incompatible && self.promises_hold() && !self.check.is_of_before(life)
    }

    pub(super) fn check_event(&mut self, tab: usize, life: Life, event: &Event) {
        match event {
            Event::Leader { epoch } => {
                self.check.reigns += 1;
                self.check.leaderless_us = None;
                let node = self.tabs[tab].node.as_ref();
                let database = node.and_then(|node| node.glance().identity);
                let leaders = &mut self.check.leaders;
                let leader = *leaders.entry((database, *epoch)).or_insert(life);
                if leader != life && self.promises_hold() {
                    let what = format!("lives {leader} and {life} both lead epoch {epoch}");
                    self.check.fail(what, vec![format!("epoch: {epoch} ")]);
                }
            }
            Event::Corrupt { .. } => {
                self.check.corrupt = true;
                if !self.check.damaged && !self.check.torn {
                    self.unexpected(tab, event);
                }
            }
            Event::Cleared => {
                self.check.unaware.remove(&life);
                if !self.check.is_of_before(life) {
                    self.unexpected(tab, event);
                }
            }
            Event::Incompatible { .. } if self.weather.builds == Builds::Same => {
                self.unexpected(tab, event);
            }
            Event::MemoryOnly { .. } if !self.weather.private => self.unexpected(tab, event),
            _ => {}
        }
    }

    fn unexpected(&mut self, tab: usize, event: &Event) {
        let what = format!("tab {tab} says {event:?}, without a reason");
        self.check.fail(what, vec![format!("tab {tab}:")]);
    }

    /// A call that waits although at most some other page stands still.
    pub(super) fn check_patience(&mut self, index: usize, tab: usize) {
        let Some(number) = self.clients[index].under_way else {
            return;
        };
        let (at, weather) = (&self.tabs[tab], &self.weather);
        let since_us = self.history[number]
            .invoked_us
            .max(self.quiet_since_us)
            .max(self.stalled_until_us)
            .max(at.deaf_until_us);
        let lock = match weather.election {
            Election::Lock => Service::Honest,
            Election::Lease => Service::Everyone,
        };
        let fair = self.lock.service == lock
            && weather.builds == Builds::Same
            && !weather.private
            && (at.visible || weather.throttle_ms == 0)
            && self.database.room == super::database::Room::Enough
            && !self.check.is_of_before(at.life);
        if fair && self.now_us > since_us + PATIENCE_US {
            let seconds = (self.now_us - since_us) / 1_000_000;
            let token = token(number);
            let what = format!(
                "write {token} of client {index} in tab {tab} has waited {seconds} s, and all but sleepers are well"
            );
            self.check
                .fail(what, vec![token, "wakes".into(), " is ".into()]);
        }
    }

    pub(super) fn client_reads(&mut self, index: usize, tab: usize) {
        match self.rng.below(10) {
            0..=4 => {
                let key = LOGS[self.rng.index(LOGS.len())];
                self.reads_text(index, tab, key);
            }
            5 => {
                let key = LISTS[self.rng.index(LISTS.len())];
                self.reads_list(index, tab, key);
            }
            6 | 7 => {
                let numbers = [&COUNTERS[..], &TALLIES[..], &[RAISED]].concat();
                let key = numbers[self.rng.index(numbers.len())];
                self.reads_number(index, tab, key);
            }
            _ => self.reads_accounts(index, tab),
        }
    }

    /// What a client reads, and whether it may be compared: what a leader reads may be undone.
    fn client_read(&mut self, index: usize, tab: usize, words: &[&[u8]]) -> Option<(Reply, bool)> {
        let session = self.clients[index].session;
        let reply = self.read(tab, session, words)?;
        let glance = self.tabs[tab].node.as_ref()?.glance();
        // Before the data is there.
        if matches!(reply, Reply::Error(_)) {
            return None;
        }
        let settled = glance.stand == Stand::Following && !glance.spoiled;

        Some((reply, settled && self.promises_hold()))
    }

    fn reads_text(&mut self, index: usize, tab: usize, key: &'static str) {
        let Some((reply, settled)) = self.client_read(index, tab, &[b"GET", key.as_bytes()]) else {
            return;
        };
        let text = match reply {
            Reply::Bulk(text) => text,
            _ => Vec::new(),
        };
        let shown = String::from_utf8_lossy(&text).into_owned();
        let glance = self.tabs[tab].node.as_ref().map(Node::glance);
        let readable = glance.is_none_or(|glance| !glance.incompatible);
        let mut unseen = std::mem::take(&mut self.clients[index].unseen);
        // Who still looks at what was cleared may have been answered by those who began anew.
        let trusted =
            readable && self.promises_hold() && !self.check.is_of_before(self.tabs[tab].life);
        for (_, number) in unseen.iter().filter(|(of, _)| *of == key) {
            let token = token(*number);
            if trusted && self.history[*number].counts() && !shown.contains(&token) {
                let what =
                    format!("client {index} in tab {tab} does not see its own {token} in {key}");
                return self.check.fail(what, vec![token, format!("tab {tab}:")]);
            }
        }
        if settled {
            unseen.retain(|(of, _)| *of != key);
        }
        let surplus = unseen.len().saturating_sub(UNSEEN_MAX);
        unseen.drain(..surplus);
        self.clients[index].unseen = unseen;
        self.reads_on(index, tab, key, text, settled);
    }

    /// What is only appended to must begin with what was read before.
    fn reads_on(
        &mut self,
        index: usize,
        tab: usize,
        key: &'static str,
        text: Vec<u8>,
        settled: bool,
    ) {
        let before = self.clients[index].read.get(key);
        let back = before.is_some_and(|before| !text.starts_with(before));
        if back && self.promises_hold() {
            let what = format!("client {index} in tab {tab} read {key} back in time");
            return self.check.fail(what, vec![format!("tab {tab}:")]);
        }
        if settled {
            self.clients[index].read.insert(key, text);
        }
    }

    fn reads_list(&mut self, index: usize, tab: usize, key: &'static str) {
        let words: [&[u8]; 4] = [b"LRANGE", key.as_bytes(), b"0", b"-1"];
        let Some((Reply::Array(items), settled)) = self.client_read(index, tab, &words) else {
            return;
        };
        let bytes = items.iter().flat_map(|item| match item {
            Reply::Bulk(bytes) => bytes.as_slice(),
            _ => &[],
        });
        let text = bytes.copied().collect();
        self.reads_on(index, tab, key, text, settled);
    }

    /// Counters only grow. They are kept as so many strokes, so that they compare as texts do.
    fn reads_number(&mut self, index: usize, tab: usize, key: &'static str) {
        let Some((reply, settled)) = self.client_read(index, tab, &[b"GET", key.as_bytes()]) else {
            return;
        };
        let strokes = match reply {
            Reply::Bulk(text) => String::from_utf8_lossy(&text).parse().unwrap_or(0),
            _ => 0,
        };
        self.reads_on(index, tab, key, vec![b'|'; strokes], settled);
    }

    /// What is moved from one account to another is never seen on the way.
    fn reads_accounts(&mut self, index: usize, tab: usize) {
        let mut words: Vec<&[u8]> = vec![b"MGET"];
        words.extend(ACCOUNTS.iter().map(|key| key.as_bytes()));
        let Some((Reply::Array(items), _)) = self.client_read(index, tab, &words) else {
            return;
        };
        let amount = |item: &Reply| match item {
            Reply::Bulk(text) => String::from_utf8_lossy(text).parse().unwrap_or(0),
            _ => 0i64,
        };
        let sum: i64 = items.iter().map(amount).sum();
        if sum != 0 {
            let what = format!("client {index} in tab {tab} read accounts that sum up to {sum}");
            self.check
                .fail(what, vec![format!("tab {tab}:"), "account".into()]);
        }
    }
}
