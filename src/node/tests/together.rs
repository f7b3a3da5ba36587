//! A few nodes in a perfect world: what the simulator's storms do not show by themselves.
use std::collections::VecDeque;

use super::*;
use crate::command::Failover;
use crate::log::{Block, Body};

/// Makes of a message's bytes what another build would have sent.
type Alter = fn(&mut [u8]);

pub(super) struct Together {
    pub nodes: Vec<Node>,
    pub store: Store,
    pub has_storage: bool,
    pub now_ms: u64,
    pub queue: VecDeque<(usize, Input)>,
    pub holder: Option<usize>,
    pub waiting: VecDeque<usize>,
    /// What becomes of the messages of a tab.
    pub altered: Option<(usize, Alter)>,
    /// Its blocks are of a format that is not known yet.
    pub newer_blocks: bool,
    /// Tabs whose messages are lost.
    pub silent: Vec<usize>,
    /// How often each tab has read blocks or pieces.
    reads: BTreeMap<usize, usize>,
    /// Tabs that hang: nothing reaches them.
    pub deaf: Vec<usize>,
    /// The tab whose storage stands still, and what it was asked.
    pub stalled: Option<usize>,
    pub held: Vec<(u64, StorageOp)>,
    pub replies: BTreeMap<(usize, u64), Reply>,
    pub events: Vec<(usize, Event)>,
    pub pushes: Vec<(usize, Reply)>,
}

impl Together {
    pub fn new(tabs: u8, has_storage: bool) -> Together {
        let mut together = Together {
            nodes: Vec::new(),
            store: Store::default(),
            has_storage,
            now_ms: 1_000_000,
            queue: VecDeque::new(),
            holder: None,
            waiting: VecDeque::new(),
            altered: None,
            newer_blocks: false,
            silent: Vec::new(),
            reads: BTreeMap::new(),
            deaf: Vec::new(),
            stalled: None,
            held: Vec::new(),
            replies: BTreeMap::new(),
            events: Vec::new(),
            pushes: Vec::new(),
        };
        for tab in 0..tabs {
            together.open(tab);
        }

        together
    }

    pub fn open(&mut self, tab: u8) {
        self.nodes.push(Node::new(self.now_ms, options(tab + 1)));
        self.settle();
        self.pass(300);
    }

    /// Time passes, in steps of 50 ms.
    pub fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 50 {
            self.now_ms += 50;
            for tab in 0..self.nodes.len() {
                if !self.deaf.contains(&tab) {
                    self.nodes[tab].tick(self.now_ms);
                }
            }
            self.settle();
        }
    }

    pub fn settle(&mut self) {
        while self.step() {}
    }

    /// Performs what the nodes want, then hands on one input; answers whether there was one.
    pub fn step(&mut self) -> bool {
        for tab in 0..self.nodes.len() {
            if self.deaf.contains(&tab) {
                continue;
            }
            while let Some(output) = self.nodes[tab].poll() {
                self.perform(tab, output);
            }
        }
        let Some((tab, input)) = self.queue.pop_front() else {
            return false;
        };
        if !self.deaf.contains(&tab) {
            self.nodes[tab].handle(self.now_ms, input);
        }

        true
    }

    pub fn grant(&mut self) {
        if self.holder.is_none() {
            self.holder = self.waiting.pop_front();
            self.queue
                .extend(self.holder.map(|tab| (tab, Input::LockGranted)));
        }
    }

    pub fn perform(&mut self, tab: usize, output: Output) {
        match output {
            Output::Store { id, op } if self.stalled == Some(tab) => self.held.push((id, op)),
            Output::Store { id, mut op } => {
                if matches!(op, StorageOp::Read { .. } | StorageOp::ReadPiece { .. }) {
                    *self.reads.entry(tab).or_default() += 1;
                }
                if let (true, StorageOp::Add { bytes, .. }) = (self.newer_blocks, &mut op) {
                    make_newer(bytes);
                }
                let why = StorageError::Unavailable("private".into());
                let result = if self.has_storage {
                    self.store.perform(op)
                } else {
                    Err(why)
                };
                self.queue.push_back((tab, Input::Stored { id, result }));
            }
            Output::Send(_) if self.silent.contains(&tab) => {}
            Output::Send(mut bytes) => {
                if let Some((of, alter)) = self.altered
                    && of == tab
                {
                    alter(&mut bytes);
                }
                for to in (0..self.nodes.len()).filter(|to| *to != tab) {
                    self.queue.push_back((to, Input::Received(bytes.clone())));
                }
            }
            Output::RequestLock => {
                self.waiting.push_back(tab);
                self.grant();
            }
            Output::StealLock => {
                self.waiting.retain(|waiting| *waiting != tab);
                let robbed = self.holder.replace(tab);
                self.queue.extend(robbed.map(|tab| (tab, Input::LockLost)));
                self.queue.push_back((tab, Input::LockGranted));
            }
            Output::ReleaseLock => {
                self.waiting.retain(|waiting| *waiting != tab);
                self.holder = self.holder.filter(|holder| *holder != tab);
                self.grant();
            }
            Output::Reply { call, reply } => {
                self.replies.insert((tab, call), reply);
            }
            Output::Event(event) => self.events.push((tab, event)),
            Output::Push { reply, .. } => self.pushes.push((tab, reply)),
            _ => {}
        }
    }

    /// Storage works again: what stood still is done now.
    pub fn go_on(&mut self) {
        let tab = self.stalled.take().expect("a tab's storage stands still");
        for (id, op) in std::mem::take(&mut self.held) {
            self.perform(tab, Output::Store { id, op });
        }
        self.settle();
    }

    /// The lock goes to another tab as if it were stolen.
    pub fn steal(&mut self, tab: usize) {
        self.perform(tab, Output::StealLock);
        self.settle();
    }

    /// A call that is left to itself.
    pub fn begin(&mut self, tab: usize, session: u64, line: &str) -> u64 {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let called = self.nodes[tab].call(self.now_ms, session, None, &words);
        self.settle();
        match called {
            Called::Pending(call) => call,
            Called::Reply(reply) => panic!("{line} was answered at once: {reply:?}"),
        }
    }

    pub fn call(&mut self, tab: usize, session: u64, line: &str) -> Reply {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let called = self.nodes[tab].call(self.now_ms, session, None, &words);
        self.answer(tab, called)
    }

    pub fn answer(&mut self, tab: usize, called: Called) -> Reply {
        self.settle();
        match called {
            Called::Reply(reply) => reply,
            Called::Pending(call) => {
                self.pass(400);
                self.replies.remove(&(tab, call)).expect("it was answered")
            }
        }
    }

    /// A call in a session of its own.
    pub fn once(&mut self, tab: usize, line: &str) -> Reply {
        let session = self.nodes[tab].open_session(self.now_ms);
        let reply = self.call(tab, session, line);
        self.nodes[tab].close_session(session);

        reply
    }

    /// How often a tab has read storage since this was last asked.
    pub fn read_by(&mut self, tab: usize) -> usize {
        self.reads.remove(&tab).unwrap_or(0)
    }

    /// The tab that leads and can be heard.
    pub fn leader(&self) -> usize {
        let leads = |tab: &usize| self.roles()[*tab] == "leader" && !self.deaf.contains(tab);

        (0..self.nodes.len()).find(leads).expect("one leads")
    }

    pub fn roles(&self) -> Vec<&'static str> {
        self.nodes
            .iter()
            .map(|node| node.status(self.now_ms).role)
            .collect()
    }
}

/// The block is of a later version of the format.
fn make_newer(bytes: &mut [u8]) {
    // The version stands behind the magic, the checksum at the end.
    bytes[8] = 99;
    let end = bytes.len() - 8;
    let checksum = crate::base::crc::crc64(0, &bytes[..end]).to_le_bytes();
    bytes[end..].copy_from_slice(&checksum);
}

pub(super) fn code(reply: &Reply) -> &str {
    match reply {
        Reply::Error(error) => error.code(),
        _ => "",
    }
}

#[test]
fn a_write_in_any_tab_is_seen_in_all() {
    let mut tabs = Together::new(3, true);
    assert_eq!(tabs.roles(), ["leader", "follower", "follower"]);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, &format!("SET key{tab} {tab}")), Reply::OK);
    }
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "DBSIZE"), Reply::Int(3));
    }
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "INCR n"), Reply::Int(tab as i64 + 1));
    }
}

#[test]
fn transactions_and_watches_work_across_tabs() {
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[1].open_session(0);
    for round in 0..2 {
        assert_eq!(tabs.call(1, session, "WATCH a"), Reply::OK);
        if round == 1 {
            tabs.once(0, "SET a other");
        }
        tabs.call(1, session, "MULTI");
        tabs.call(1, session, "SET a mine");
        let reply = tabs.call(1, session, "EXEC");
        let done = Reply::Array(vec![Reply::OK]);
        assert_eq!(reply, if round == 0 { done } else { Reply::NullArray });
    }
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"other"));
}

#[test]
fn messages_to_subscribers_reach_all_tabs() {
    let mut tabs = Together::new(3, true);
    for tab in 0..3 {
        let session = tabs.nodes[tab].open_session(0);
        tabs.call(tab, session, "SUBSCRIBE news");
    }
    tabs.pushes.clear();
    tabs.once(1, "PUBLISH news hello");
    tabs.pass(100);
    let heard: Vec<usize> = tabs.pushes.iter().map(|(tab, _)| *tab).collect();
    assert_eq!(heard.len(), 3, "{:?}", tabs.pushes);
}

#[test]
fn failover_and_closing_hand_the_lead_on() {
    let mut tabs = Together::new(3, true);
    tabs.once(0, "SET a 1");
    let call = tabs.nodes[0].new_call();
    tabs.nodes[0].act(Action::Failover(Failover::default()), Some(call));
    tabs.nodes[0].finish();
    tabs.settle();
    tabs.pass(100);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::OK));
    assert_eq!(
        tabs.roles()
            .iter()
            .filter(|role| **role == "leader")
            .count(),
        1
    );
    assert_ne!(tabs.roles()[0], "leader");
    let leader = tabs
        .roles()
        .iter()
        .position(|role| *role == "leader")
        .expect("one leads");
    tabs.nodes[leader].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    tabs.pass(100);
    assert_eq!(
        tabs.roles()
            .iter()
            .filter(|role| **role == "leader")
            .count(),
        1
    );
    assert_eq!(tabs.once(0, "INCR a"), Reply::Int(2));
}

#[test]
fn a_hidden_leader_hands_over_to_a_visible_follower() {
    let mut tabs = Together::new(2, true);
    tabs.nodes[0].handle(tabs.now_ms, Input::Visible(false));
    tabs.settle();
    tabs.pass(100);
    assert_eq!(tabs.roles(), ["leader", "follower"], "a glance elsewhere");
    tabs.pass(400);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
    // And it stays there when both are hidden.
    tabs.nodes[1].handle(tabs.now_ms, Input::Visible(false));
    tabs.settle();
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
}

#[test]
fn a_follower_imports_once_it_leads_and_all_have_it() {
    let mut tabs = Together::new(3, true);
    tabs.once(0, "SET a 1");
    let image = tabs.nodes[0].export();
    tabs.once(1, "SET b 2");
    let called = tabs.nodes[2].import(tabs.now_ms, &image);
    assert_eq!(tabs.answer(2, called), Reply::OK);
    tabs.pass(100);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "DBSIZE"), Reply::Int(1), "tab {tab}");
    }
    assert_eq!(tabs.once(0, "SET c 3"), Reply::OK);
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(2));
}

#[test]
fn without_storage_all_live_in_memory_and_say_so() {
    let mut tabs = Together::new(2, false);
    assert_eq!(tabs.roles(), ["leader", "follower"]);
    let told = |event: &&(usize, Event)| matches!(event.1, Event::MemoryOnly { .. });
    assert_eq!(tabs.events.iter().filter(told).count(), 2);
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
    assert_eq!(tabs.once(0, "GET a"), Reply::bulk(*b"1"));
    // One that comes later is given all there is.
    tabs.open(7);
    tabs.pass(6000);
    assert_eq!(tabs.once(2, "GET a"), Reply::bulk(*b"1"));
    let image = tabs.nodes[0].export();
    tabs.once(2, "SET b 2");
    let called = tabs.nodes[0].import(tabs.now_ms, &image);
    assert_eq!(tabs.answer(0, called), Reply::OK);
    tabs.pass(6000);
    assert_eq!(tabs.once(2, "DBSIZE"), Reply::Int(1));
    // The leader goes, the data stays.
    tabs.nodes[0].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    tabs.pass(500);
    assert_eq!(tabs.once(2, "INCR a"), Reply::Int(2));
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"2"));
}

#[test]
fn a_node_alone_in_memory_makes_no_records_until_somebody_is_heard() {
    let mut tabs = Together::new(1, false);
    let place = |tabs: &Together| tabs.nodes[0].position.next;
    assert!(!tabs.nodes[0].engine.is_recording());
    let before = place(&tabs);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    assert_eq!(tabs.once(0, "INCR a"), Reply::Int(2));
    assert!(place(&tabs) > before, "who was here before has missed it");
    assert_eq!(tabs.nodes[0].committed_seq(), 2);
    // All there is, and from then on what changes.
    tabs.open(7);
    tabs.pass(6000);
    assert!(tabs.nodes[0].engine.is_recording());
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"2"));
    assert_eq!(tabs.once(0, "APPEND a 5"), Reply::Int(2));
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"25"));
    assert_eq!(tabs.once(1, "DEL a"), Reply::Int(1));
    assert_eq!(tabs.once(0, "GET a"), Reply::Null);
}

#[test]
fn storage_cleared_under_us_is_told_and_nothing_begins_anew() {
    let mut tabs = Together::new(2, true);
    tabs.once(0, "SET a 1");
    tabs.store = Store::default();
    for tab in 0..2 {
        tabs.nodes[tab].handle(tabs.now_ms, Input::StorageClosed);
    }
    tabs.settle();
    tabs.pass(500);
    assert_eq!(
        tabs.events
            .iter()
            .filter(|(_, event)| *event == Event::Cleared)
            .count(),
        2
    );
    for tab in 0..2 {
        assert_eq!(tabs.once(tab, "GET a"), Reply::bulk(*b"1"));
        assert_eq!(code(&tabs.once(tab, "SET a 2")), "MISCONF");
    }
    assert!(tabs.store.blocks.is_empty());
}

#[test]
fn what_a_newer_build_has_written_is_not_touched() {
    let mut tabs = Together::new(1, true);
    tabs.once(0, "SET a 1");
    let (key, bytes) = tabs
        .store
        .blocks
        .last_key_value()
        .expect("there are blocks");
    let (key, mut bytes) = (key.next(), bytes.clone());
    make_newer(&mut bytes);
    tabs.store.blocks.insert(key, bytes);
    let store = std::mem::take(&mut tabs.store);
    let mut tabs = Together::new(0, true);
    tabs.store = store;
    tabs.open(0);
    let told = |event: &(usize, Event)| matches!(event.1, Event::Incompatible { .. });
    assert!(tabs.events.iter().any(told));
    assert_eq!(tabs.once(0, "GET a"), Reply::bulk(*b"1"));
    assert_eq!(code(&tabs.once(0, "SET a 2")), "MISCONF");
    assert_eq!(tabs.holder, None);
}

#[test]
fn a_call_asked_again_after_the_leader_died_is_answered_from_the_log() {
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[1].open_session(0);
    let called = tabs.nodes[1].call(tabs.now_ms, session, None, &[b"INCR", b"n"]);
    // The request arrives, the block is written, and the leader dies before it says a word.
    let mut requests = Vec::new();
    while let Some(output) = tabs.nodes[1].poll() {
        if let Output::Send(bytes) = output {
            requests.push(bytes);
        }
    }
    for bytes in requests {
        tabs.nodes[0].handle(tabs.now_ms, Input::Received(bytes));
    }
    while let Some(output) = tabs.nodes[0].poll() {
        if let Output::Store { op, .. } = output {
            assert_eq!(tabs.store.perform(op), Ok(StorageReply::Done));
        }
    }
    let dead = tabs.nodes.remove(0);
    let identity = dead.storage.identity.expect("it was open");
    let (key, bytes) = tabs.store.blocks.last_key_value().expect("there is one");
    let block = Block::from_bytes(identity, *key, bytes).expect("it is whole");
    assert!(matches!(block.body, Body::Records(records) if records[0].request == 1));
    tabs.holder = Some(0);
    tabs.queue.clear();
    tabs.queue.push_back((0, Input::LockGranted));
    let Called::Pending(call) = called else {
        panic!("a follower asks")
    };
    tabs.settle();
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(1)));
    assert_eq!(tabs.once(0, "GET n"), Reply::bulk(*b"1"));
}
