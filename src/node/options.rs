//! What a node is told when it is made.
use super::Level;
use crate::command::Settings;
use crate::engine::Room;

/// Who elects, where several nodes share a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Election {
    /// The lock says who should try: whoever is granted it claims at once.
    #[default]
    Lock,
    /// There is no lock (the driver grants it to all): a node claims when no leader has answered for a while.
    Lease,
}

#[derive(Clone, Debug)]
pub struct NodeOptions {
    /// The database.
    pub name: String,
    /// Drawn anew for each node: names it to the others.
    pub origin: [u8; 16],
    /// Seeds hash tables and random choices.
    pub seed: u64,
    /// When a write is acknowledged, unless its call says otherwise.
    pub level: Level,
    /// Writes beyond so many bytes that wait are refused with BUSY.
    pub pending_bytes_max: usize,
    /// The log may grow to this, or to nearly half the size of the data, before a snapshot is taken.
    pub snapshot_after_bytes: usize,
    /// So much noise holds room for a batch, or for a snapshot's first piece, for when there is none left.
    pub ballast_bytes: usize,
    pub settings: Settings,
    pub visible: bool,
    pub election: Election,
    /// Others may have the database too.
    pub shared: bool,
    /// Where what was acknowledged is gone from storage: go on from what is left.
    pub discard_lost: bool,
    pub tcp_port: u16,
    pub room: Room,
    #[cfg(any(test, feature = "sim"))]
    pub mutants: Mutants,
}

impl Default for NodeOptions {
    fn default() -> Self {
        NodeOptions {
            name: String::new(),
            origin: [0; 16],
            seed: 0,
            level: Level::default(),
            pending_bytes_max: 64 << 20,
            snapshot_after_bytes: 2 << 20,
            ballast_bytes: 1 << 20,
            settings: Settings::default(),
            visible: true,
            election: Election::default(),
            shared: true,
            discard_lost: false,
            tcp_port: 0,
            room: Room::default(),
            #[cfg(any(test, feature = "sim"))]
            mutants: Mutants::default(),
        }
    }
}

/// Rules broken on purpose: the simulator must notice each.
#[cfg(any(test, feature = "sim"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mutants {
    /// A claimant leads without looking whether its seal is the greatest key.
    pub no_seal_check: bool,
    /// A cut takes the seals along.
    pub cut_seals: bool,
    /// A write is acknowledged when it is sent to storage.
    pub ack_early: bool,
    /// A key that is taken counts as written (the world's storage overwrites it).
    pub put_instead_of_add: bool,
    /// A call asked again is run again.
    pub no_dedupe: bool,
    /// A claimant leads without having sealed anything.
    pub no_seal: bool,
    /// A batch is sent to storage though the one before is under way.
    pub many_in_flight: bool,
    /// A follower applies what comes, whatever is missing before it.
    pub no_gap_check: bool,
    /// A leader that answers counts as one that works.
    pub no_progress_check: bool,
    /// Databases are not told apart.
    pub no_identity: bool,
    /// What changed nothing is answered from memory, whoever may lead by now.
    pub no_proof: bool,
}
