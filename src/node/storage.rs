//! The node's side of the storage door: one operation under way at a time, and how well storage is.
use super::{Node, Output, StorageError, StorageOp, StorageReply};

/// What an operation was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    Open,
    Close,
    /// A block or piece for the recovery.
    Recover,
    /// Blocks for a follower that missed some, or for a claimant.
    Read,
    Seal,
    /// A batch, or the block that publishes a snapshot.
    Commit,
    /// Whether a commit happened.
    Doubt,
    /// Whether this node leads.
    Proof,
    /// Something of a snapshot.
    Snapshot,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Health {
    /// Not open; to be opened at this time.
    Closed {
        again_ms: u64,
    },
    Open,
    /// There is none: everything lives in memory.
    None,
    /// Cleared by somebody: what is there now is not ours.
    Cleared,
}

/// What storage has not done by then it may never do: a stopped process may hold it up.
const STUCK_MS: u64 = 1000;
/// Attempts before storage counts as lost for good.
const ATTEMPTS: u32 = 6;
/// Between attempts once it does.
const RARELY_MS: u64 = 5000;
/// So often a storage that was full is asked whether there is room.
const LOOK_MS: u64 = 1000;
/// The first time, sooner.
const FIRST_LOOK_MS: u64 = 100;

#[derive(Debug)]
pub(super) struct Storage {
    health: Health,
    last_id: u64,
    under_way: Option<(u64, Job)>,
    /// When it was last asked for something.
    pub asked_ms: u64,
    pub identity: Option<[u8; 16]>,
    failures: u32,
    /// There was no room for a write, and none was found since: when to look next.
    look_ms: Option<u64>,
    /// What storage has done so far: it moves where the node does.
    pub steps: u64,
}

impl Storage {
    pub fn new(now_ms: u64) -> Self {
        Storage {
            health: Health::Closed { again_ms: now_ms },
            last_id: 0,
            under_way: None,
            asked_ms: now_ms,
            identity: None,
            failures: 0,
            look_ms: None,
            steps: 0,
        }
    }

    pub fn is_open(&self) -> bool {
        self.health == Health::Open
    }

    pub fn is_none(&self) -> bool {
        self.health == Health::None
    }

    pub fn is_cleared(&self) -> bool {
        self.health == Health::Cleared
    }

    /// It failed often: lost for good as far as anybody can tell.
    pub fn is_lost(&self) -> bool {
        matches!(self.health, Health::Closed { .. }) && self.failures >= ATTEMPTS
    }

    pub fn is_busy(&self) -> bool {
        self.under_way.is_some()
    }

    /// It does not answer: a claim would wait for it as long.
    pub fn is_stuck(&self, now_ms: u64) -> bool {
        self.is_busy() && now_ms >= self.asked_ms + STUCK_MS
    }

    pub fn job(&self) -> Option<Job> {
        self.under_way.map(|(_, job)| job)
    }

    #[cfg(any(test, feature = "sim"))]
    pub fn under_way_id(&self) -> Option<u64> {
        self.under_way.map(|(id, _)| id)
    }

    pub fn is_full(&self) -> bool {
        self.look_ms.is_some()
    }

    pub fn set_full(&mut self, now_ms: u64) {
        self.look_ms = Some(now_ms + FIRST_LOOK_MS);
    }

    pub fn set_room(&mut self) {
        self.look_ms = None;
    }

    /// When to look for room.
    pub fn look_ms(&self) -> Option<u64> {
        self.look_ms
    }

    /// Whether it is time to look for room; the next time comes later.
    pub fn take_look(&mut self, now_ms: u64) -> bool {
        let due = self.look_ms.is_some_and(|at_ms| now_ms >= at_ms);
        if due {
            self.look_ms = Some(now_ms + LOOK_MS);
        }

        due
    }

    pub fn set_none(&mut self) {
        self.health = Health::None;
    }

    pub fn set_open(&mut self) {
        self.health = Health::Open;
        self.failures = 0;
    }

    pub fn set_cleared(&mut self) {
        self.health = Health::Cleared;
    }

    /// To be opened at once when it is next needed.
    pub fn set_closed(&mut self, now_ms: u64) {
        self.health = Health::Closed { again_ms: now_ms };
    }

    /// It failed: again later, and ever more rarely.
    pub fn failed(&mut self, now_ms: u64) {
        self.failures += 1;
        let wait = if self.failures > ATTEMPTS {
            RARELY_MS
        } else {
            20 << self.failures
        };
        self.health = Health::Closed {
            again_ms: now_ms + wait,
        };
    }

    /// Forgets what is under way: its answer, should it come, is nobody's.
    pub fn forget(&mut self) {
        self.under_way = None;
    }

    /// When it is to be opened again.
    pub fn again_ms(&self) -> Option<u64> {
        match self.health {
            Health::Closed { again_ms } => Some(again_ms),
            _ => None,
        }
    }

    pub fn name(&self) -> &'static str {
        match self.health {
            Health::Closed { .. } if self.is_lost() => "lost",
            Health::Closed { .. } => "opening",
            Health::Open if self.is_full() => "full",
            Health::Open => "open",
            Health::None => "memory",
            Health::Cleared => "cleared",
        }
    }
}

impl Node {
    /// Gives storage something to do. Nothing else may be under way.
    pub(super) fn store(&mut self, job: Job, op: StorageOp) {
        assert!(!self.storage.is_busy(), "one operation at a time");
        self.storage.last_id += 1;
        let id = self.storage.last_id;
        self.storage.under_way = Some((id, job));
        self.storage.asked_ms = self.now_ms;
        self.outputs.push_back(Output::Store { id, op });
    }

    /// Storage has answered.
    pub(super) fn stored(&mut self, id: u64, result: Result<StorageReply, StorageError>) {
        #[cfg(any(test, feature = "sim"))]
        if self.stored_ahead(id, &result) {
            return;
        }
        let Some((_, job)) = self.storage.under_way.filter(|(awaited, _)| *awaited == id) else {
            return;
        };
        self.storage.under_way = None;
        if result.is_ok() {
            self.storage.steps += 1;
        }
        match job {
            Job::Open => self.opened(result),
            Job::Close => self.closed(),
            Job::Recover => self.recover_stored(result),
            Job::Read => self.read_stored(result),
            Job::Seal => self.seal_stored(result),
            Job::Commit => self.commit_stored(result),
            Job::Doubt => self.doubt_stored(result),
            Job::Proof => self.proof_stored(result),
            Job::Snapshot => self.snapshot_stored(result),
        }
    }

    /// The connection is gone, or an operation's outcome is unknown.
    #[inline(never)]
    pub(super) fn storage_failed(&mut self) {
        self.storage.failed(self.now_ms);
        if self.storage.is_lost() {
            self.storage_lost();
        }
    }
}
