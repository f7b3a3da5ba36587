//! What kind of world a seed makes: which faults strike, how often, at which moments.
use super::lock::Service;
use crate::base::rng::Rng;
use crate::node::Election;

/// Everything that goes wrong on its own, beside what befalls single messages and transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The page is closed properly, or reloaded.
    Close,
    Reload,
    /// It is gone from one moment to the next; `Crash`: and soon back.
    Kill,
    Crash,
    /// Its thread does nothing; `Inside`: with a transaction open, which blocks everybody's.
    Hang,
    HangInside,
    /// Messages are answered; timers and storage stand still.
    Freeze,
    FreezeInside,
    /// Into the back-forward cache without notice: it keeps its lock, and a message evicts it.
    Cache,
    /// Away with notice, and back.
    Away,
    /// Every page stands still, and storage: the machine sleeps.
    SleepAll,
    /// The lock is stolen by a stranger; taken by nobody; its service fails.
    Steal,
    LoseLock,
    LockFails,
    /// Storage: full, still, connection closed.
    Fill,
    Stall,
    Disconnect,
    /// The page is shown or hidden.
    Show,
    /// The clock is set forward, by up to an hour.
    Jump,
    /// The machine's clock is set back or forward, by hours.
    SetClock,
    /// Another version of the database is asked for: everybody's connection closes.
    CloseStorage,
    /// All pages die or close, and come back.
    Reopen,
    /// Messages do not come through for a while.
    Deafen,
    /// The machine dies.
    PowerCut,
    /// Storage is cleared by the user or by another page.
    Clear,
    /// Bytes of storage change or vanish.
    Damage,
}

/// A named point of the protocol: faults can be aimed at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    ReadingTheLog,
    BetweenReadAndSeal,
    BetweenSealAndLead,
    BetweenClaimAndAnnounce,
    Committing,
    BetweenCommitAndReply,
    InSnapshot,
    Publishing,
    BetweenPublishAndCut,
    InCut,
    CatchingUp,
    Recovering,
    HandingOver,
    Replying,
    Opening,
}

pub(super) const MOMENTS: [Moment; 15] = [
    Moment::ReadingTheLog,
    Moment::BetweenReadAndSeal,
    Moment::BetweenSealAndLead,
    Moment::BetweenClaimAndAnnounce,
    Moment::Committing,
    Moment::BetweenCommitAndReply,
    Moment::InSnapshot,
    Moment::Publishing,
    Moment::BetweenPublishAndCut,
    Moment::InCut,
    Moment::CatchingUp,
    Moment::Recovering,
    Moment::HandingOver,
    Moment::Replying,
    Moment::Opening,
];

/// What may strike at any time, and how often beside the others.
const RANDOM: [(Fault, u64); 21] = [
    (Fault::Close, 2),
    (Fault::Reload, 2),
    (Fault::Kill, 4),
    (Fault::Crash, 3),
    (Fault::Hang, 5),
    (Fault::HangInside, 2),
    (Fault::Freeze, 4),
    (Fault::FreezeInside, 1),
    (Fault::Cache, 3),
    (Fault::Away, 3),
    (Fault::SleepAll, 1),
    (Fault::Steal, 3),
    (Fault::LoseLock, 2),
    (Fault::LockFails, 2),
    (Fault::Fill, 2),
    (Fault::Stall, 2),
    (Fault::Disconnect, 3),
    (Fault::Show, 3),
    (Fault::Jump, 1),
    (Fault::Reopen, 1),
    (Fault::Deafen, 2),
];

/// What may be aimed at a moment.
const AIMED: [Fault; 12] = [
    Fault::Kill,
    Fault::Kill,
    Fault::Crash,
    Fault::Hang,
    Fault::Hang,
    Fault::HangInside,
    Fault::Freeze,
    Fault::Cache,
    Fault::Steal,
    Fault::Fill,
    Fault::Disconnect,
    Fault::Deafen,
];

/// Which builds run in the tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builds {
    Same,
    /// Two that do not understand one another's messages.
    OtherProtocol,
    /// Two, the newer of which writes blocks that the older one cannot read.
    OtherFormat,
}

#[derive(Clone, Debug)]
pub(super) struct Aim {
    pub moment: Moment,
    pub fault: Fault,
    /// Of a thousand times.
    pub permille: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Weather {
    pub tabs: usize,
    pub election: Election,
    pub lock: Service,
    pub builds: Builds,
    /// No tab has storage.
    pub private: bool,
    pub run_ms: u64,
    /// Per ten thousand messages.
    pub dropped: u64,
    pub doubled: u64,
    /// Of those doubled, in a hundred: those that come up to a minute later.
    pub stale: u64,
    pub delay_us: u64,
    /// Per ten thousand transactions.
    pub unknown: u64,
    pub lost: u64,
    pub storage_us: u64,
    /// Mean time between faults.
    pub fault_ms: u64,
    pub faults: Vec<(Fault, u64)>,
    pub aims: Vec<Aim>,
    pub sleep_ms: u64,
    pub snapshot_after_bytes: usize,
    /// Clocks differ by up to an hour from life to life.
    pub skewed: bool,
    /// Timers of hidden pages come every so many milliseconds.
    pub throttle_ms: u64,
    /// Between two calls of a client, at most.
    pub pause_us: u64,
}

fn any<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    choices[rng.index(choices.len())]
}

impl Weather {
    /// Worlds differ: some are mild in all but one respect.
    pub fn draw(rng: &mut Rng) -> Weather {
        let without_lock = rng.below(8) == 0;
        let mut weather = Weather {
            tabs: any(rng, &[2, 2, 3, 3, 3, 4, 4, 5]),
            election: if without_lock {
                Election::Lease
            } else {
                Election::Lock
            },
            lock: if without_lock {
                Service::Everyone
            } else {
                Service::Honest
            },
            builds: Builds::Same,
            private: false,
            run_ms: any(rng, &[10_000, 20_000, 30_000, 60_000]),
            dropped: any(rng, &[0, 0, 50, 500]),
            doubled: any(rng, &[0, 50, 500]),
            stale: any(rng, &[0, 5, 50]),
            delay_us: any(rng, &[400, 2000, 20_000]),
            unknown: any(rng, &[0, 0, 50, 200]),
            lost: any(rng, &[0, 0, 30]),
            storage_us: any(rng, &[500, 2000, 10_000]),
            fault_ms: any(rng, &[400, 1000, 3000]),
            faults: draw_faults(rng),
            aims: draw_aims(rng),
            sleep_ms: any(rng, &[1000, 6000, 12_000]),
            snapshot_after_bytes: any(rng, &[300, 500, 3000, 1 << 20]),
            skewed: rng.below(4) == 0,
            throttle_ms: any(rng, &[0, 0, 0, 1000, 60_000]),
            pause_us: any(rng, &[30_000, 100_000, 200_000, 300_000]),
        };
        match rng.below(24) {
            0..=2 => weather.sleeping_claimants(),
            3 => weather.long_sleeps(rng),
            4 => weather.crowd(rng),
            5 | 6 => weather.mortal(rng),
            7 => weather.cleared(rng),
            8 => weather.damaged(rng),
            9 => weather.builds = any(rng, &[Builds::OtherProtocol, Builds::OtherFormat]),
            10 if rng.below(3) == 0 => weather.private = true,
            11 => weather.faults.push((Fault::SetClock, 1 + rng.below(4))),
            12 => weather.faults.push((Fault::CloseStorage, 1 + rng.below(4))),
            _ => {}
        }

        weather
    }

    /// Claimants that fall asleep while the log goes on and is cut.
    fn sleeping_claimants(&mut self) {
        self.election = Election::Lock;
        self.lock = Service::Honest;
        self.tabs = 4;
        self.run_ms = 30_000;
        self.sleep_ms = 12_000;
        self.fault_ms = 3000;
        self.snapshot_after_bytes = 300;
        for moment in [
            Moment::ReadingTheLog,
            Moment::BetweenReadAndSeal,
            Moment::BetweenSealAndLead,
        ] {
            self.aims.push(Aim {
                moment,
                fault: Fault::Hang,
                permille: 250,
            });
        }
        self.aims.push(Aim {
            moment: Moment::Committing,
            fault: Fault::Hang,
            permille: 15,
        });
    }

    /// Little happens but that a page stands still for long: somebody must take the lead.
    fn long_sleeps(&mut self, rng: &mut Rng) {
        self.run_ms = 90_000;
        self.fault_ms = 15_000;
        self.sleep_ms = 60_000;
        self.faults = vec![(any(rng, &[Fault::Freeze, Fault::Hang, Fault::Cache]), 1)];
        self.aims.clear();
        (self.lost, self.unknown) = (0, 0);
    }

    fn crowd(&mut self, rng: &mut Rng) {
        self.tabs = 20;
        self.run_ms = any(rng, &[3000, 6000]);
        self.pause_us = 1_000_000;
    }

    /// The machine may die.
    fn mortal(&mut self, rng: &mut Rng) {
        self.faults.push((Fault::PowerCut, 2));
        if rng.below(2) == 0 {
            // Only that: then no more than a second may be lost.
            self.faults = vec![(Fault::PowerCut, 1), (Fault::Kill, 1)];
            self.aims.clear();
            (self.lost, self.unknown) = (0, 0);
        }
    }

    fn cleared(&mut self, rng: &mut Rng) {
        self.faults.push((Fault::Clear, 1 + rng.below(4)));
    }

    fn damaged(&mut self, rng: &mut Rng) {
        self.faults.push((Fault::Damage, 1 + rng.below(4)));
        self.snapshot_after_bytes = any(rng, &[500, 3000, 10_000]);
    }

    pub fn is_mortal(&self) -> bool {
        self.faults
            .iter()
            .any(|(fault, _)| *fault == Fault::PowerCut)
    }

    /// What is promised of a power cut to the second: nothing else delays the strict commits.
    pub fn loses_a_second_at_most(&self) -> bool {
        let mild = |(fault, _): &(Fault, u64)| matches!(fault, Fault::PowerCut | Fault::Kill);

        self.aims.is_empty() && self.faults.iter().all(mild)
    }
}

/// A few faults or all of them.
fn draw_faults(rng: &mut Rng) -> Vec<(Fault, u64)> {
    if rng.below(3) == 0 {
        return RANDOM.to_vec();
    }
    let count = 1 + rng.index(5);

    (0..count).map(|_| any(rng, &RANDOM)).collect()
}

fn draw_aims(rng: &mut Rng) -> Vec<Aim> {
    let count = any(rng, &[0, 1, 2, 4, 8]);

    (0..count)
        .map(|_| {
            let moment = any(rng, &MOMENTS);
            let often = match moment {
                Moment::Committing | Moment::BetweenCommitAndReply | Moment::Replying => {
                    [2, 10, 20]
                }
                Moment::InSnapshot | Moment::CatchingUp | Moment::Recovering => [10, 50, 100],
                _ => [50, 150, 300],
            };
            Aim {
                moment,
                fault: any(rng, &AIMED),
                permille: any(rng, &often),
            }
        })
        .collect()
}
