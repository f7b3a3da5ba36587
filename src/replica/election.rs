//! When to take the lead: the steps of a claim, and the watch over a leader that may have stopped.
//!
//! Nothing is elected here by messages or time alone: the watch only says when to take the lock, and the claim
//! counts once its seal is the greatest key of all.
use super::message::{NodeId, Place};
use crate::base::rng::Rng;
use crate::base::sorted::SortedMap;

/// A caller that has waited so long asks whether the leader works.
const PING_MS: u64 = 1000;
/// Without progress for so long, the lead is taken.
const STEAL_MS: u64 = 3000;
/// After a theft that brought nothing, up to so much longer; twice as much with each one more. All tabs hear of a
/// leader at once: without chance they would take the lead from one another in step, and none would have time to work.
const SPREAD_MS: u64 = 500;
/// Doublings of the spread.
const SPREAD_DOUBLINGS_MAX: u32 = 3;
/// A leader that says it has nothing to do while calls wait for so long does not understand them: an older build.
const UNHEARD_MS: u64 = 5000;
/// Between two looks.
const LOOK_MS: u64 = 500;
/// A look that comes so late was slept through, and says nothing about anybody else.
const SLEPT_MS: u64 = 1500;

/// Where a claim is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Claim {
    /// Reading the log to its end.
    #[default]
    Read,
    /// The seal is to be added.
    Seal,
    /// It is being added, and looked whether it is the greatest key.
    Sealing { at: Place, seal: Vec<u8> },
    /// Storage had no room or did not answer: again at this time.
    Wait { until_ms: u64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Nothing,
    /// Ask the leader, and send again what may be lost.
    Ping,
    /// It works, and has done nothing for us: ask it for the lead.
    AskForLead,
    /// It does not work: take the lock.
    Steal,
}

/// What a leader has told of its progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub epoch: u64,
    pub committed_seq: u64,
    pub steps: u64,
}

/// The watch over the leader, kept while calls wait for it.
#[derive(Debug, Default)]
pub struct Watch {
    /// Since when calls wait without a sign of work.
    since_ms: Option<u64>,
    /// Since when they wait without one being answered.
    unheard_since_ms: u64,
    looked_ms: u64,
    pinged_ms: u64,
    /// Thefts since something was last done for us, and the patience before the next one beyond the usual.
    thefts: u32,
    spread_ms: u64,
    /// What each node told last: two that stand still in different places are no progress.
    seen: SortedMap<NodeId, Progress>,
}

impl Watch {
    /// `waiting`: calls wait for a leader. `stuck`: this node could not lead now, its own storage does not answer.
    pub fn look(&mut self, now_ms: u64, waiting: bool, stuck: bool, rng: &mut Rng) -> Look {
        let slept = now_ms >= self.looked_ms + SLEPT_MS;
        self.looked_ms = now_ms;
        if !waiting {
            self.since_ms = None;
            self.seen.clear();
            self.calm();
            return Look::Nothing;
        }
        let since_ms = match self.since_ms {
            Some(since_ms) if !slept => since_ms,
            _ => {
                self.since_ms = Some(now_ms);
                self.unheard_since_ms = now_ms;
                now_ms
            }
        };
        if now_ms >= since_ms + STEAL_MS + self.spread_ms && !stuck {
            self.since_ms = Some(now_ms);
            self.spread_ms = rng.below(SPREAD_MS << self.thefts.min(SPREAD_DOUBLINGS_MAX));
            self.thefts += 1;
            return Look::Steal;
        }
        if now_ms >= self.unheard_since_ms + UNHEARD_MS {
            self.unheard_since_ms = now_ms;
            return Look::AskForLead;
        }
        if now_ms >= since_ms.max(self.pinged_ms) + PING_MS {
            self.pinged_ms = now_ms;
            return Look::Ping;
        }

        Look::Nothing
    }

    /// Something was done for us.
    pub fn answered(&mut self, now_ms: u64) {
        self.calm();
        self.progress(now_ms);
    }

    /// Somebody leads who did not before.
    pub fn progress(&mut self, now_ms: u64) {
        self.unheard_since_ms = now_ms;
        self.works(now_ms);
    }

    fn calm(&mut self) {
        self.thefts = 0;
        self.spread_ms = 0;
    }

    fn works(&mut self, now_ms: u64) {
        self.since_ms = self.since_ms.map(|_| now_ms);
    }

    /// A pong: is it another place than the last time, or is there nothing that it should do?
    pub fn pong(&mut self, now_ms: u64, from: NodeId, told: Progress, pending_ms: u64) {
        let before = self.seen.insert(from, told);
        if before != Some(told) || pending_ms == 0 {
            self.works(now_ms);
        }
    }

    pub fn due_ms(&self) -> Option<u64> {
        self.since_ms.map(|_| self.looked_ms + LOOK_MS)
    }
}
