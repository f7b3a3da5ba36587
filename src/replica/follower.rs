//! What a follower knows of its leader, and how it gets what it missed.
//!
//! A follower holds only what is committed. It asks the leader first, because a read of storage can hold writers
//! up; what the leader no longer has, or an answer that does not come, sends it to storage.
use super::message::{NodeId, Place};

/// So long the leader has to answer before storage is read.
const ASK_MS: u64 = 300;
/// A leader that was not heard for so long may be none: those that are there let themselves be heard far more often.
const SILENT_MS: u64 = 15_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub id: NodeId,
    pub epoch: u64,
    pub heard_ms: u64,
}

/// How far it is with what it missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CatchUp {
    #[default]
    Level,
    Asked {
        at_ms: u64,
    },
    /// From storage, to its end.
    Reading,
}

/// What is to be done about a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    Ask,
    Wait,
}

#[derive(Debug, Default)]
pub struct Follower {
    leader: Option<Seen>,
    catch_up: CatchUp,
    /// The next block of the leader, as far as it has told.
    told: Place,
}

impl Follower {
    pub fn leader(&self) -> Option<Seen> {
        self.leader
    }

    /// A leader has spoken. Answers whether it is one that was not known. One of an older epoch is listened to where
    /// the newer one has long been silent: it may be the newer that is of the past, of a database that was cleared. Of
    /// two in one epoch, as there may be where nothing is stored, the greater id counts.
    pub fn heard(&mut self, now_ms: u64, id: NodeId, epoch: u64) -> bool {
        let known = self
            .leader
            .is_some_and(|seen| seen.id == id && seen.epoch == epoch);
        let silent = |seen: Seen| now_ms > seen.heard_ms + SILENT_MS;
        let counts = |seen: Seen| (seen.epoch, seen.id) <= (epoch, id) || silent(seen);
        if self.leader.is_none_or(counts) {
            self.leader = Some(Seen {
                id,
                epoch,
                heard_ms: now_ms,
            });
        }

        !known
    }

    /// The leader is gone.
    pub fn lost(&mut self, id: NodeId) {
        self.leader = self.leader.filter(|seen| seen.id != id);
    }

    /// It says that it does not lead, or not any more.
    pub fn resigned(&mut self, id: NodeId, epoch: u64) {
        self.leader = self
            .leader
            .filter(|seen| seen.id != id || seen.epoch > epoch);
    }

    pub fn forget_leader(&mut self) {
        self.leader = None;
    }

    /// The leader's next block is `at`: those before it are there to be had.
    pub fn told(&mut self, at: Place) {
        self.told = self.told.max(at);
    }

    /// Whether blocks are missing at `next`.
    pub fn is_behind(&self, next: Place) -> bool {
        self.told > next
    }

    /// Something is missing: what to do.
    pub fn gap(&mut self, now_ms: u64) -> Gap {
        match self.catch_up {
            CatchUp::Level if self.leader.is_some() => {
                self.catch_up = CatchUp::Asked { at_ms: now_ms };
                Gap::Ask
            }
            CatchUp::Level => {
                self.catch_up = CatchUp::Reading;
                Gap::Wait
            }
            CatchUp::Asked { .. } | CatchUp::Reading => Gap::Wait,
        }
    }

    /// The leader has not what is missing.
    pub fn unheld(&mut self) {
        if matches!(self.catch_up, CatchUp::Asked { .. }) {
            self.catch_up = CatchUp::Reading;
        }
    }

    /// Blocks were applied up to `next`: is that all?
    pub fn advanced(&mut self, now_ms: u64, next: Place) -> Option<Gap> {
        if !self.is_behind(next) {
            if matches!(self.catch_up, CatchUp::Asked { .. }) {
                self.catch_up = CatchUp::Level;
            }
            return None;
        }
        if let CatchUp::Asked { at_ms } = &mut self.catch_up {
            *at_ms = now_ms;
            return Some(Gap::Ask);
        }

        None
    }

    pub fn is_reading(&self) -> bool {
        self.catch_up == CatchUp::Reading
    }

    /// Storage was read to its end.
    pub fn read_to_end(&mut self) {
        self.catch_up = CatchUp::Level;
        // A leader may have told of blocks that a later reign's log does not have.
        self.told = Place::default();
    }

    /// Storage is to be read whatever the leader has.
    pub fn read(&mut self) {
        self.catch_up = CatchUp::Reading;
    }

    pub fn due_ms(&self) -> Option<u64> {
        match self.catch_up {
            CatchUp::Asked { at_ms } => Some(at_ms + ASK_MS),
            _ => None,
        }
    }

    pub fn tick(&mut self, now_ms: u64) {
        if self.due_ms().is_some_and(|at_ms| now_ms >= at_ms) {
            self.catch_up = CatchUp::Reading;
        }
    }
}
