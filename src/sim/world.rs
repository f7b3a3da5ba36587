//! The world: tabs with nodes, and an agenda of what happens when.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::check::Checker;
use super::clients::Client;
use super::database::Database;
use super::history::Write;
use super::lock::{Life, Lock, Request};
use super::trace::{Trace, Weight};
use super::weather::Weather;
use super::{Mutants, Outcome};
use crate::base::rng::Rng;
use crate::node::{Input, Node, StorageOp};

/// When the world begins, in milliseconds of the Unix epoch.
const START_MS: u64 = 1_700_000_000_000;
/// So long after the storm all must be at rest.
const REST_MS: u64 = 60_000;

/// Of an entry in the agenda.
const SLOT_BITS: u32 = 24;
const SLOT_MASK: u128 = (1 << SLOT_BITS) - 1;

/// Something that will happen.
#[derive(Debug)]
pub(super) enum What {
    Input {
        tab: usize,
        life: Life,
        input: Input,
    },
    /// A transaction reaches storage.
    Perform(Box<Transaction>),
    Lock {
        tab: usize,
        request: Request,
        input: Input,
    },
    Timer {
        tab: usize,
        life: Life,
        set: u64,
    },
    Client(usize),
    Fault,
    Wake {
        tab: usize,
        life: Life,
    },
    Load {
        tab: usize,
    },
    Room,
    StrangerGoes,
    LockWorks,
}

#[derive(Debug)]
pub(super) struct Transaction {
    pub tab: usize,
    pub life: Life,
    pub connection: u64,
    pub id: u64,
    pub op: StorageOp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sleep {
    Awake,
    /// Its thread does nothing at all.
    Hung,
    /// Messages are answered; timers and storage stand still.
    Frozen,
    /// In the back-forward cache: a message evicts it.
    Cached,
}

pub(super) struct Tab {
    pub life: Life,
    pub node: Option<Node>,
    pub sleep: Sleep,
    pub wakes_us: u64,
    pub away: bool,
    pub visible: bool,
    /// A newer build than the others.
    pub newer: bool,
    pub held: Vec<Input>,
    pub held_lock: Vec<(Request, Input)>,
    /// Of the lock; what is told of earlier ones is old.
    pub requests: u64,
    pub timers_set: u64,
    /// What its last timer was set to.
    pub timer_ms: u64,
    /// To storage, or 0; and the last one that it has opened.
    pub connection: u64,
    pub opened: u64,
    /// What its clock shows beyond the world's.
    pub ahead_ms: i64,
    /// Messages before do not reach it.
    pub deaf_until_us: u64,
}

impl Tab {
    pub fn empty() -> Tab {
        Tab {
            life: 0,
            node: None,
            sleep: Sleep::Awake,
            wakes_us: 0,
            away: false,
            visible: true,
            newer: false,
            held: Vec::new(),
            held_lock: Vec::new(),
            requests: 0,
            timers_set: 0,
            timer_ms: u64::MAX,
            connection: 0,
            opened: 0,
            ahead_ms: 0,
            deaf_until_us: 0,
        }
    }
}

pub struct World {
    pub(super) seed: u64,
    pub(super) rng: Rng,
    pub(super) weather: Weather,
    pub(super) mutants: Mutants,
    pub(super) now_us: u64,
    /// When, in which order, and the slot of what happens: `entry`.
    agenda: BinaryHeap<Reverse<u128>>,
    slots: Vec<Option<What>>,
    free: Vec<usize>,
    pub(super) counter: u64,
    pub(super) tabs: Vec<Tab>,
    pub(super) last_life: Life,
    /// What a page that is loaded now finds the clock to be beyond the world's.
    pub(super) clock_ms: i64,
    pub(super) lock: Lock,
    pub(super) database: Database,
    /// Connections that were closed under their pages.
    pub(super) closed: BTreeSet<u64>,
    pub(super) stalled_until_us: u64,
    /// Nothing but sleep has befallen anybody since.
    pub(super) quiet_since_us: u64,
    pub(super) clients: Vec<Client>,
    pub(super) history: Vec<Write>,
    pub(super) calls: BTreeMap<(Life, u64), usize>,
    /// Calls of operators that wait.
    pub(super) operated: BTreeMap<(Life, u64), &'static str>,
    pub(super) check: Checker,
    pub(super) calm: bool,
    pub(super) trace: Trace,
    pub(super) struck: BTreeMap<String, usize>,
    events: usize,
}

/// One number, which compares as the time and then the order do.
fn entry(at_us: u64, order: u64, slot: usize) -> u128 {
    debug_assert!(order < 1 << (64 - SLOT_BITS) && slot < 1 << SLOT_BITS);

    u128::from(at_us) << 64 | u128::from(order) << SLOT_BITS | slot as u128
}

impl World {
    pub fn new(seed: u64, mutants: Mutants, tracing: bool) -> Self {
        let mut rng = Rng::new(seed);
        let weather = Weather::draw(&mut rng);
        let mut world = World {
            seed,
            weather,
            mutants,
            rng,
            now_us: 0,
            agenda: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            counter: 0,
            tabs: Vec::new(),
            last_life: 0,
            clock_ms: 0,
            lock: Lock::default(),
            database: Database::default(),
            closed: BTreeSet::new(),
            stalled_until_us: 0,
            quiet_since_us: 0,
            clients: Vec::new(),
            history: Vec::new(),
            calls: BTreeMap::new(),
            operated: BTreeMap::new(),
            check: Checker::default(),
            calm: false,
            trace: Trace::default(),
            struck: BTreeMap::new(),
            events: 0,
        };
        world.lock.service = world.weather.lock;
        world.database.puts = mutants.put_instead_of_add;
        world.database.mortal = world.weather.is_mortal();
        world.trace.on = tracing;
        for tab in 0..world.weather.tabs {
            world.tabs.push(Tab::empty());
            let delay_us = world.rng.below(50_000);
            world.later(delay_us, What::Load { tab });
        }
        world.later(1_000_000, What::Fault);

        world
    }

    /// What the clock of a tab shows, in milliseconds of the Unix epoch.
    pub(super) fn clock(&self, tab: usize) -> u64 {
        let world_ms = START_MS + self.now_us / 1000;

        world_ms.saturating_add_signed(self.tabs[tab].ahead_ms)
    }

    pub(super) fn later(&mut self, delay_us: u64, what: What) {
        self.counter += 1;
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot] = Some(what);
                slot
            }
            None => {
                self.slots.push(Some(what));
                self.slots.len() - 1
            }
        };
        let at_us = self.now_us + delay_us;
        let entry = entry(at_us, self.counter, slot);
        self.agenda.push(Reverse(entry));
    }

    /// Takes what is under way to storage out of the agenda: it will not happen.
    pub(super) fn drop_transactions(&mut self) {
        for slot in &mut self.slots {
            if matches!(slot, Some(What::Perform(_))) {
                *slot = None;
            }
        }
    }

    pub(super) fn note(&mut self, weight: Weight, line: impl FnOnce() -> String) {
        self.trace.note(self.now_us, weight, line);
    }

    pub fn run(mut self) -> Outcome {
        let weather = self.weather.clone();
        self.note(Weight::Event, || format!("{weather:?}"));
        let storm_us = self.weather.run_ms * 1000;
        self.go_until(storm_us);
        let storm_ms = self.now_us / 1000;
        if self.check.violation.is_none() {
            self.calm_down();
            self.go_to_rest();
            self.judge_at_rest();
        }

        self.outcome(storm_ms)
    }

    fn outcome(self, storm_ms: u64) -> Outcome {
        let report = match &self.check.violation {
            Some(_) if self.trace.on => self.trace.excerpt(&self.check.about),
            _ => String::new(),
        };

        Outcome {
            seed: self.seed,
            reigns: self.check.reigns,
            violation: self.check.violation,
            storm_ms,
            simulated_ms: self.now_us / 1000,
            acknowledged: self.check.acknowledged,
            undecided: self.check.undecided,
            snapshots: self.database.snapshots,
            events: self.events,
            struck: self.struck,
            report,
            trace: self.trace.whole(),
        }
    }

    /// The calm lasts until everybody is at rest, twice in a row.
    fn go_to_rest(&mut self) {
        let end_us = self.now_us + REST_MS * 1000;
        let mut rested = 0;
        while rested < 2 && self.now_us < end_us && self.check.violation.is_none() {
            let until_us = self.now_us + 1_000_000;
            self.go_until(until_us);
            rested = if self.is_at_rest() { rested + 1 } else { 0 };
        }
    }

    fn go_until(&mut self, end_us: u64) {
        while self.check.violation.is_none() {
            let Some(Reverse(entry)) = self.agenda.peek().copied() else {
                break;
            };
            let at_us = (entry >> 64) as u64;
            if at_us > end_us {
                break;
            }
            let slot = (entry & SLOT_MASK) as usize;
            self.agenda.pop();
            self.free.push(slot);
            self.now_us = at_us;
            if let Some(what) = self.slots[slot].take() {
                self.events += 1;
                self.happen(what);
            }
        }
        self.now_us = self.now_us.max(end_us);
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Input { tab, life, input } => self.input(tab, life, input),
            What::Perform(transaction) => self.perform(*transaction),
            What::Lock {
                tab,
                request,
                input,
            } => self.lock_tells(tab, request, input),
            What::Timer { tab, life, set } => {
                if self.tabs[tab].timers_set == set {
                    self.input(tab, life, Input::Timer);
                }
            }
            What::Client(client) => self.client_goes_on(client),
            What::Fault => self.fault(),
            What::Wake { tab, life } => self.wake(tab, life),
            What::Load { tab } => self.load(tab),
            What::Room => self.database.room = super::database::Room::Enough,
            What::StrangerGoes => {
                let told = self.lock.stranger_goes();
                self.tell(told);
            }
            What::LockWorks => self.lock_works(),
        }
    }
}
