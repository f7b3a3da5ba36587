//! What goes into a node and what comes out: the whole contract with a driver.
//!
//! A driver hands inputs to `Node::handle` with the present time and then performs what `Node::poll` answers,
//! until `None`. It decides nothing. Times are milliseconds of the Unix epoch.
use crate::command::Reply;
pub use crate::log::BlockKey;

/// When a write is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// When the leader has applied it.
    Memory,
    /// When its transaction is complete; a strict transaction a second follows.
    #[default]
    Everysec,
    /// When its strict transaction is complete.
    Always,
}

/// The door to storage: IndexedDB in a page, files in Node.js, a map in the simulator.
///
/// Each operation is one transaction, and the driver runs one at a time in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageOp {
    /// Opens the database, and where it has no identity yet gives it `candidate`. Answers `Identity`.
    Open { candidate: [u8; 16] },
    /// Adds a block where its key is free: one `add`, then `commit`. Answers `Done`, or `Exists`.
    Add {
        key: BlockKey,
        bytes: Vec<u8>,
        strict: bool,
    },
    /// Adds a block where its key is free, strictly, and looks at once what stands there and behind it. Answers
    /// `Blocks`: the block, and a second one where it is not the greatest; or `Exists`.
    Seal { key: BlockKey, bytes: Vec<u8> },
    /// Blocks from `from` on, in order of keys, until about `bytes_max` are read. Answers `Blocks`.
    Read { from: BlockKey, bytes_max: usize },
    /// The keys of all blocks, in order. Answers `Keys`.
    Keys,
    /// Deletes the blocks of these keys; absent ones are no error. Answers `Done`.
    Delete { keys: Vec<BlockKey> },
    /// Stores pieces of a snapshot that follow one another; `index` is the first one's. Answers `Done`.
    AddPieces {
        snapshot: [u8; 16],
        index: u32,
        pieces: Vec<Vec<u8>>,
        strict: bool,
    },
    /// Answers `Piece`.
    ReadPiece { snapshot: [u8; 16], index: u32 },
    /// Deletes every piece of a snapshot that is not in the list and whose id, read as bytes from left to right,
    /// is smaller than the greatest in the list: ids grow with time, and a node that slept may not touch what
    /// was begun after it. Answers `Done`.
    KeepPieces { snapshots: Vec<[u8; 16]> },
    /// Deletes every piece of one snapshot. Answers `Done`.
    DropPieces { snapshot: [u8; 16] },
    /// Closes the connection; `Open` opens it again. Answers `Done`.
    Close,
}

/// What storage answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageReply {
    Done,
    Identity([u8; 16]),
    Blocks(Vec<(BlockKey, Vec<u8>)>),
    Keys(Vec<BlockKey>),
    Piece(Option<Vec<u8>>),
}

/// Why storage did not do it. In all cases nothing of the operation has happened, but for `Unknown`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageError {
    /// The block's key is taken.
    Exists,
    /// No room.
    Quota,
    /// The connection is gone; a new `Open` may bring it back.
    Lost,
    /// There is no storage here (private mode): the node goes on in memory, loudly.
    Unavailable(String),
    /// Whether it happened is not known; reading tells.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A message of another node, as it arrived: hostile until checked.
    Received(Vec<u8>),
    Stored {
        id: u64,
        result: Result<StorageReply, StorageError>,
    },
    LockGranted,
    /// Another node has taken the lock away, or it could not be had.
    LockLost,
    /// The time last set has come, or any other good moment.
    Timer,
    Visible(bool),
    /// The page is going or being frozen: commit, release, close. `Return` may follow.
    Leave,
    /// As `Leave`, for good: ends with `Closed`.
    Close,
    /// The page is back.
    Return,
    /// Storage was closed or deleted under us.
    StorageClosed,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// The answer to a call that `Node::call` left pending.
    Reply {
        call: u64,
        reply: Reply,
    },
    /// Something for a session that did not ask: a message, an invalidation.
    Push {
        session: u64,
        reply: Reply,
    },
    /// To all other nodes.
    Send(Vec<u8>),
    Store {
        id: u64,
        op: StorageOp,
    },
    /// Ask for the lock and wait for it, for ever.
    RequestLock,
    /// Take the lock from whoever holds it, now; a request of this node that waits is dropped.
    StealLock,
    /// Give the lock up, or stop waiting for it.
    ReleaseLock,
    /// `Timer` is wanted at this time, or in the next task where that is now; replaces the one before.
    SetTimer {
        at_ms: u64,
    },
    Event(Event),
    CloseSession(u64),
    /// The node has ended; close everything.
    Closed,
}

/// What a page may want to know; becomes `db.on(name)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    Leader {
        epoch: u64,
    },
    Follower {
        epoch: u64,
    },
    /// Storage is full: a write was refused.
    Quota,
    /// A key's time was past (on the leader) or the leader said so.
    Expired {
        db: usize,
        key: Box<[u8]>,
    },
    /// Storage cannot be used; `sentence` says why. Data lives in memory alone.
    MemoryOnly {
        sentence: String,
    },
    /// Damaged bytes were found in storage and left aside.
    Corrupt {
        sentence: String,
    },
    /// Storage was cleared under us: reported, never silently begun anew.
    Cleared,
    /// Another build writes a format or speaks a protocol that this one does not know.
    Incompatible {
        sentence: String,
    },
    /// The writer may go on after BUSY.
    Drained,
}

/// What `Node::call` answers at once.
#[derive(Clone, Debug, PartialEq)]
pub enum Called {
    Reply(Reply),
    /// The reply comes as `Output::Reply` with this number.
    Pending(u64),
}
