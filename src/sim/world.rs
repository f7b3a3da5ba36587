//! The world: tabs with nodes, and an agenda of what happens when.
use std::collections::BTreeMap;

use super::check::Checker;
use super::clients::{Client, Write};
use super::database::Database;
use super::lock::{Life, Lock, Request};
use super::{Mutants, Outcome};
use crate::base::rng::Rng;
use crate::node::{Election, Input, Node, StorageOp};

/// When the world begins, in milliseconds of the Unix epoch.
const START_MS: u64 = 1_700_000_000_000;

/// Something that will happen.
#[derive(Clone, Debug)]
pub(super) enum What {
    Input {
        tab: usize,
        life: Life,
        input: Input,
    },
    /// A transaction reaches storage.
    Perform {
        tab: usize,
        life: Life,
        connection: u64,
        id: u64,
        op: StorageOp,
    },
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
    pub held: Vec<Input>,
    pub held_lock: Vec<(Request, Input)>,
    /// Of the lock; what is told of earlier ones is old.
    pub requests: u64,
    pub timers_set: u64,
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
    pub(super) mutants: Mutants,
    pub(super) now_us: u64,
    pub(super) agenda: BTreeMap<(u64, u64), What>,
    pub(super) counter: u64,
    pub(super) tabs: Vec<Tab>,
    pub(super) last_life: Life,
    pub(super) lock: Lock,
    pub(super) database: Database,
    pub(super) stalled_until_us: u64,
    pub(super) clients: Vec<Client>,
    pub(super) history: Vec<Write>,
    pub(super) calls: BTreeMap<(Life, u64), usize>,
    pub(super) check: Checker,
    pub(super) calm: bool,
    pub(super) tracing: bool,
    pub(super) trace: Vec<String>,
}

impl World {
    pub fn new(seed: u64, mutants: Mutants, tracing: bool) -> Self {
        let mut rng = Rng::new(seed);
        // Rules about seals are for those who sleep.
        let sleepy = mutants.no_seal_check || mutants.cut_seals;
        let weather = Weather::draw(&mut rng, sleepy);
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
        self.agenda
            .insert((self.now_us + delay_us, self.counter), what);
    }

    pub(super) fn note(&mut self, line: impl FnOnce() -> String) {
        if self.tracing {
            let ms = (self.now_us - START_MS * 1000) as f64 / 1000.0;
            self.trace.push(format!("{ms:10.3} {}", line()));
        }
    }

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
            let Some(entry) = self.agenda.first_entry() else {
                break;
            };
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
            What::Perform {
                tab,
                life,
                connection,
                id,
                op,
            } => {
                self.perform(tab, life, connection, id, op);
            }
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
            What::Client(client) => self.client_acts(client),
            What::Fault => self.fault(),
            What::Wake { tab, life } => self.wake(tab, life),
            What::Load { tab } => self.load(tab),
            What::Room => self.database.full = false,
        }
    }
}
