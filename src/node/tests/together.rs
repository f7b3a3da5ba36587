//! A few nodes in a perfect world: what the simulator's storms do not show by themselves.
use std::collections::VecDeque;

use super::*;
use crate::log::make_newer;

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
    /// Messages that each tab has sent.
    pub sent: BTreeMap<usize, usize>,
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
            sent: BTreeMap::new(),
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
                *self.sent.entry(tab).or_default() += 1;
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

    /// A tab whose storage stands still hears that what it asked for cannot be had any more.
    pub fn lose_storage(&mut self, tab: usize) {
        let (id, _) = self.held.pop().expect("it looks at storage");
        self.stalled = None;
        let result = Err(StorageError::Lost);
        self.queue.push_back((tab, Input::Stored { id, result }));
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

pub(super) fn code(reply: &Reply) -> &str {
    match reply {
        Reply::Error(error) => error.code(),
        _ => "",
    }
}
