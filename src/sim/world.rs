//! The world: tabs with nodes, and an agenda of what happens when.
use std::collections::BTreeMap;

use super::check::Checker;
use super::clients::{Client, Step, Write, counted, fate, next_step};
use super::database::Database;
use super::lock::{Life, Lock, Request, Told};
use super::{Mutants, Outcome};
use crate::base::rng::Rng;
use crate::command::Reply;
use crate::node::{
    Called, Election, Event, Input, Node, NodeOptions, Output, StorageError, StorageOp,
};

/// When the world begins, in milliseconds of the Unix epoch.
const START_MS: u64 = 1_700_000_000_000;

/// Something that will happen.
#[derive(Clone, Debug)]
pub(super) enum What {
    Input { tab: usize, life: Life, input: Input },
    /// A transaction reaches storage.
    Perform { tab: usize, life: Life, connection: u64, id: u64, op: StorageOp },
    Lock { tab: usize, request: Request, input: Input },
    Timer { tab: usize, life: Life, set: u64 },
    Client(usize),
    Fault,
    Wake { tab: usize, life: Life },
    Load { tab: usize },
    Room,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sleep {
    Awake,
    /// Its thread does nothing at all.
    Hung,
    /// Messages are answered; timers and storage stand still.
    Frozen,
}

pub(super) struct Tab {
    pub life: Life,
    pub node: Option<Node>,
    pub sleep: Sleep,
    pub away: bool,
    held: Vec<Input>,
    held_lock: Vec<(Request, Input)>,
    /// Of the lock; what is told of earlier ones is old.
    requests: u64,
    timers_set: u64,
    pub connection: u64,
}

/// What kind of world it is.
#[derive(Clone, Debug)]
pub(super) struct Weather {
    pub tabs: usize,
    pub election: Election,
    pub run_ms: u64,
    /// Per ten thousand messages.
    pub dropped: u64,
    pub doubled: u64,
    pub delay_us: u64,
    /// Per ten thousand transactions.
    pub unknown: u64,
    pub lost: u64,
    pub storage_us: u64,
    /// Mean time between faults.
    pub fault_ms: u64,
    /// Per thousand transactions: a fault at just that moment.
    pub aimed: u64,
    /// The same for a claimant, which then hangs.
    pub aimed_at_claims: u64,
    pub sleep_ms: u64,
    pub snapshot_after_bytes: usize,
}

pub struct World {
    pub(super) seed: u64,
    pub(super) rng: Rng,
    pub(super) weather: Weather,
    mutants: Mutants,
    pub(super) now_us: u64,
    agenda: BTreeMap<(u64, u64), What>,
    counter: u64,
    pub(super) tabs: Vec<Tab>,
    last_life: Life,
    pub(super) lock: Lock,
    pub(super) database: Database,
    pub(super) stalled_until_us: u64,
    pub(super) clients: Vec<Client>,
    pub(super) history: Vec<Write>,
    pub(super) calls: BTreeMap<(Life, u64), usize>,
    pub(super) check: Checker,
    pub(super) calm: bool,
    tracing: bool,
    trace: Vec<String>,
}

impl World {
    pub fn new(seed: u64, mutants: Mutants, tracing: bool) -> Self {
        let mut rng = Rng::new(seed);
        let weather = Weather::draw(&mut rng);
        let mut lock = Lock::default();
        lock.absent = weather.election == Election::Lease;
        let mut database = Database::default();
        database.puts = mutants.put_instead_of_add;
        let mut world = World {
            seed,
            weather,
            mutants,
            rng,
            now_us: START_MS * 1000,
            agenda: BTreeMap::new(),
            counter: 0,
            tabs: Vec::new(),
            last_life: 0,
            lock,
            database,
            stalled_until_us: 0,
            clients: Vec::new(),
            history: Vec::new(),
            calls: BTreeMap::new(),
            check: Checker::default(),
            calm: false,
            tracing,
            trace: Vec::new(),
        };
        for tab in 0..world.weather.tabs {
            world.tabs.push(Tab {
                life: 0,
                node: None,
                sleep: Sleep::Awake,
                away: false,
                held: Vec::new(),
                held_lock: Vec::new(),
                requests: 0,
                timers_set: 0,
                connection: 0,
            });
            let delay = world.rng.below(50_000);
            world.later(delay, What::Load { tab });
        }
        world.later(1_000_000, What::Fault);

        world
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.now_us / 1000
    }

    pub(super) fn later(&mut self, delay_us: u64, what: What) {
        self.counter += 1;
        self.agenda.insert((self.now_us + delay_us, self.counter), what);
    }

    pub(super) fn note(&mut self, line: impl FnOnce() -> String) {
        if self.tracing {
            let ms = (self.now_us - START_MS * 1000) as f64 / 1000.0;
            self.trace.push(format!("{ms:10.3} {}", line()));
        }
    }

    /// Runs to the end of the storm, then to rest, and judges.
    pub fn run(mut self) -> Outcome {
        let end_us = self.now_us + self.weather.run_ms * 1000;
        self.go_until(end_us);
        if self.check.violation.is_none() {
            self.calm_down();
            let rest_us = self.now_us + 40_000_000;
            self.go_until(rest_us);
            self.judge_at_rest();
        }
        let simulated_ms = self.now_ms() - START_MS;

        Outcome {
            seed: self.seed,
            reigns: self.check.reigns(),
            violation: self.check.violation,
            simulated_ms,
            acknowledged: self.check.acknowledged,
            snapshots: self.database.snapshots,
            trace: self.trace,
        }
    }

    fn go_until(&mut self, end_us: u64) {
        while self.check.violation.is_none() {
            let Some(entry) = self.agenda.first_entry() else { break };
            if entry.key().0 > end_us {
                break;
            }
            let ((at_us, _), what) = entry.remove_entry();
            self.now_us = at_us;
            self.happen(what);
        }
        self.now_us = self.now_us.max(end_us);
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Input { tab, life, input } => self.input(tab, life, input),
            What::Perform { tab, life, connection, id, op } => {
                self.perform(tab, life, connection, id, op);
            }
            What::Lock { tab, request, input } => self.lock_tells(tab, request, input),
            What::Timer { tab, life, set } => {
                if self.tabs[tab].timers_set == set {
                    self.input(tab, life, Input::Timer);
                }
            }
            What::Client(client) => self.client_acts(client),
            What::Fault => self.fault(),
            What::Wake { tab, life } => self.wake(tab, life),
            What::Load { tab } => self.load(tab),
            What::Room => self.database.full = false,
        }
    }

    /// A page is loaded: a new node begins.
    fn load(&mut self, tab: usize) {
        if self.tabs[tab].node.is_some() {
            return;
        }
        self.last_life += 1;
        let life = self.last_life;
        let mut origin = [0; 16];
        origin[..8].copy_from_slice(&life.to_le_bytes());
        let options = NodeOptions {
            name: "sim".into(),
            origin,
            seed: self.rng.next_u64(),
            election: self.weather.election,
            snapshot_after_bytes: self.weather.snapshot_after_bytes,
            visible: self.rng.below(2) == 0,
            mutants: self.mutants,
            ..NodeOptions::default()
        };
        self.note(|| format!("tab {tab}: life {life} begins"));
        let node = Node::new(self.now_ms(), options);
        let at = &mut self.tabs[tab];
        at.life = life;
        at.node = Some(node);
        at.sleep = Sleep::Awake;
        at.away = false;
        at.held.clear();
        at.held_lock.clear();
        at.connection = 0;
        for _ in 0..1 + self.rng.below(2) {
            let now_ms = self.now_ms();
            let Some(node) = &mut self.tabs[tab].node else { return };
            let session = node.open_session(now_ms);
            let client = self.clients.len();
            self.clients.push(Client {
                life,
                session,
                under_way: None,
                written: BTreeMap::new(),
                read: BTreeMap::new(),
            });
            self.later(20_000, What::Client(client));
        }
        self.perform_outputs(tab);
    }

    pub(super) fn tab_of(&self, life: Life) -> Option<usize> {
        self.tabs.iter().position(|tab| tab.life == life && tab.node.is_some())
    }

    /// Something reaches a node, if its page is awake.
    pub(super) fn input(&mut self, tab: usize, life: Life, input: Input) {
        let now_ms = self.now_ms();
        let at = &mut self.tabs[tab];
        if at.life != life {
            return;
        }
        let Some(node) = &mut at.node else { return };
        let asleep = match at.sleep {
            Sleep::Awake => false,
            Sleep::Hung => true,
            Sleep::Frozen => !matches!(input, Input::Received(_)),
        };
        if asleep {
            return at.held.push(input);
        }
        if self.tracing && !matches!(input, Input::Timer | Input::Received(_)) {
            let shown: String = format!("{input:?}").chars().take(150).collect();
            self.note(|| format!("tab {tab}: <- {shown}"));
        }
        let Some(node) = &mut self.tabs[tab].node else { return };
        node.handle(now_ms, input);
        self.perform_outputs(tab);
    }

    fn wake(&mut self, tab: usize, life: Life) {
        let at = &mut self.tabs[tab];
        if at.life != life || at.sleep == Sleep::Awake {
            return;
        }
        at.sleep = Sleep::Awake;
        let mut held = std::mem::take(&mut at.held);
        self.note(|| format!("tab {tab}: wakes"));
        // What comes by different ways comes in any order.
        if self.rng.below(2) == 0 {
            held.reverse();
        }
        for (request, input) in std::mem::take(&mut self.tabs[tab].held_lock) {
            // As measured: who was robbed of the lock hears of it 4 to 16 ms after it wakes.
            let delay_us = 4000 + self.rng.below(12_000);
            self.later(delay_us, What::Lock { tab, request, input });
        }
        for input in held {
            self.input(tab, life, input);
        }
        self.input(tab, life, Input::Timer);
    }

    fn lock_tells(&mut self, tab: usize, request: Request, input: Input) {
        let at = &mut self.tabs[tab];
        if at.sleep != Sleep::Awake {
            at.held_lock.push((request, input));
        } else if request == (at.life, at.requests) {
            self.input(tab, request.0, input);
        }
    }

    fn lock_request(&mut self, tab: usize) -> Request {
        let at = &mut self.tabs[tab];
        at.requests += 1;

        (at.life, at.requests)
    }

    /// Does what a node wants done.
    pub(super) fn perform_outputs(&mut self, tab: usize) {
        let life = self.tabs[tab].life;
        while let Some(output) = self.tabs[tab].node.as_mut().and_then(Node::poll) {
            match output {
                Output::Reply { call, reply } => self.replied(life, call, &reply),
                Output::Send(bytes) => self.send(tab, &bytes),
                Output::Store { id, op } => self.store(tab, life, id, op),
                Output::RequestLock => {
                    let request = self.lock_request(tab);
                    let told = self.lock.request(request);
                    self.tell(told);
                }
                Output::StealLock => {
                    self.note(|| format!("tab {tab}: steals the lock"));
                    let request = self.lock_request(tab);
                    let told = self.lock.steal(request);
                    self.tell(told);
                }
                Output::ReleaseLock => {
                    self.note(|| format!("tab {tab}: releases the lock"));
                    self.lock_request(tab);
                    let told = self.lock.release(life);
                    self.tell(told);
                }
                Output::SetTimer { at_ms } => {
                    let delay_us = (at_ms * 1000).saturating_sub(self.now_us).max(1000);
                    self.tabs[tab].timers_set += 1;
                    let set = self.tabs[tab].timers_set;
                    self.later(delay_us, What::Timer { tab, life, set });
                }
                Output::Event(event) => self.told_event(tab, event),
                Output::Push { .. } | Output::CloseSession(_) => {}
                Output::Closed => {
                    self.tabs[tab].node = None;
                    let told = self.lock.release(life);
                    self.tell(told);
                    let delay_us = self.rng.below(2_000_000);
                    self.later(delay_us, What::Load { tab });
                }
            }
        }
        self.check_tab(tab);
    }

    fn told_event(&mut self, tab: usize, event: Event) {
        let life = self.tabs[tab].life;
        self.note(|| format!("tab {tab}: ** {event:?}"));
        match event {
            Event::Leader { epoch } => self.check.leads(epoch, life),
            Event::Corrupt { sentence } => {
                self.check.fail(format!("tab {tab} found damage: {sentence}"));
            }
            Event::Incompatible { .. } | Event::Cleared | Event::MemoryOnly { .. } => {
                self.check.fail(format!("tab {tab} says {event:?}"));
            }
            _ => {}
        }
    }

    pub(super) fn tell(&mut self, told: Vec<Told>) {
        for told in told {
            let (request, input) = match told {
                Told::Granted(request) => (request, Input::LockGranted),
                Told::Lost(request) => (request, Input::LockLost),
            };
            if let Some(tab) = self.tab_of(request.0) {
                let delay_us = 500 + self.rng.below(3000);
                self.later(delay_us, What::Lock { tab, request, input });
            }
        }
    }

    fn send(&mut self, from: usize, bytes: &[u8]) {
        if self.tracing {
            let message = crate::replica::Message::decode(bytes);
            let shown: String = format!("{message:?}").chars().take(160).collect();
            self.note(|| format!("tab {from}: says {shown}"));
        }
        for tab in 0..self.tabs.len() {
            if tab == from || self.tabs[tab].node.is_none() {
                continue;
            }
            let mut copies = 1;
            if !self.calm {
                copies -= u64::from(self.rng.below(10_000) < self.weather.dropped);
                copies += u64::from(self.rng.below(10_000) < self.weather.doubled);
            }
            for copy in 0..copies {
                // A copy may come long after.
                let span = if copy > 0 { 3_000_000 } else { self.weather.delay_us };
                let delay_us = 100 + self.rng.below(span);
                let (life, bytes) = (self.tabs[tab].life, bytes.to_vec());
                let input = Input::Received(bytes);
                self.later(delay_us, What::Input { tab, life, input });
            }
        }
    }

    fn store(&mut self, tab: usize, life: Life, id: u64, op: StorageOp) {
        if self.tracing {
            let shown: String = format!("{op:?}").chars().take(110).collect();
            self.note(|| format!("tab {tab}: store {id} {shown}"));
        }
        if let StorageOp::Open { .. } = op {
            self.counter += 1;
            self.tabs[tab].connection = self.counter;
        }
        let connection = self.tabs[tab].connection;
        let mut delay_us = 100 + self.rng.below(self.weather.storage_us);
        if self.calm {
            return self.later(delay_us, What::Perform { tab, life, connection, id, op });
        }
        let now_ms = self.now_ms();
        let node = self.tabs[tab].node.as_ref();
        let claims = node.is_some_and(|node| node.status(now_ms).role == "claiming");
        let hangs = claims && self.rng.below(1000) < self.weather.aimed_at_claims;
        let struck = self.rng.below(1000) < self.weather.aimed;
        // What was begun at a bad moment may be done long after.
        if self.rng.below(200) == 0 || (struck && !claims) {
            delay_us += self.rng.below(300_000);
        }
        self.later(delay_us, What::Perform { tab, life, connection, id, op });
        if hangs {
            self.hang(tab);
        } else if struck {
            self.strike(tab);
        }
    }

    fn perform(&mut self, tab: usize, life: Life, connection: u64, id: u64, op: StorageOp) {
        if self.now_us < self.stalled_until_us {
            let delay_us = self.stalled_until_us - self.now_us + self.rng.below(1000);
            return self.later(delay_us, What::Perform { tab, life, connection, id, op });
        }
        let at = &self.tabs[tab];
        let alive = at.life == life && at.node.is_some();
        // What was under way when its page died may or may not be done.
        if !alive && self.rng.below(2) == 0 {
            return;
        }
        let stale = alive && at.connection != connection;
        let (drawn, done) = (self.rng.below(10_000), self.rng.below(2) == 0);
        let (unknown, lost) = (self.weather.unknown, self.weather.lost);
        let closes = op == StorageOp::Close;
        let result = if stale || (!self.calm && drawn < lost && !closes) {
            if done {
                drop(self.database.perform(op));
            }
            Err(StorageError::Lost)
        } else if !self.calm && drawn < lost + unknown && !closes {
            if done {
                drop(self.database.perform(op));
            }
            Err(StorageError::Unknown("aborted".into()))
        } else {
            self.database.perform(op)
        };
        let delay_us = 50 + self.rng.below(self.weather.storage_us);
        let input = Input::Stored { id, result };
        self.later(delay_us, What::Input { tab, life, input });
    }

    fn client_acts(&mut self, index: usize) {
        let client = &self.clients[index];
        let Some(tab) = self.tab_of(client.life) else { return };
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
            Step::Write { calls, write } => self.client_writes(index, tab, calls, write),
        }
    }

    fn call(&mut self, tab: usize, session: u64, write: &Write, words: &[String]) -> Called {
        let argv: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        let now_ms = self.now_ms();
        let Some(node) = &mut self.tabs[tab].node else {
            return Called::Reply(Reply::Null);
        };

        node.call(now_ms, session, Some(write.level), &argv)
    }

    fn client_writes(&mut self, index: usize, tab: usize, calls: Vec<Vec<String>>, write: Write) {
        let number = self.history.len();
        let (life, session) = (self.clients[index].life, self.clients[index].session);
        self.note(|| format!("tab {tab}: client {index} writes {calls:?} at {:?}", write.level));
        self.clients[index].under_way = Some(number);
        self.history.push(write.clone());
        for words in &calls {
            let called = self.call(tab, session, &write, words);
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

    fn replied(&mut self, life: Life, call: u64, reply: &Reply) {
        let Some(index) = self.calls.remove(&(life, call)) else { return };
        if let Some(number) = self.clients[index].under_way {
            self.settle(index, number, reply);
        }
    }

    /// A client has its answer.
    fn settle(&mut self, index: usize, number: usize, reply: &Reply) {
        self.note(|| format!("client {index} was answered {reply:?} for write {number}"));
        self.clients[index].under_way = None;
        let write = &mut self.history[number];
        write.fate = fate(reply);
        write.counted = counted(reply).filter(|_| write.counter.is_some());
        self.after_settling(index, number);
    }

    pub(super) fn close_connection(&mut self, tab: usize) {
        self.tabs[tab].connection = 0;
    }

    /// For the checker: a read that is answered at once.
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
