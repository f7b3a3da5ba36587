//! What the node knows and INFO, ROLE and LASTSAVE tell.

/// What this node is among its siblings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Leader,
    Follower,
}

/// Another node that follows, as far as it was heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab {
    pub id: u64,
    pub seq: u64,
    pub heard_ms: u64,
}

/// A node's id as `status()` and FAILOVER TO spell it.
pub fn spell(id: u64) -> String {
    format!("{id:016x}")
}

/// Written by the node, read by session commands.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub role: Role,
    pub run_id: String,
    pub epoch: u64,
    pub committed_seq: u64,
    /// Followers of every kind.
    pub followers: usize,
    /// Other tabs, but for the leader.
    pub tabs: Vec<Tab>,
    /// The leader, where it is another tab that was heard of lately.
    pub leader: Option<u64>,
    pub failing_over: bool,
    /// There is storage, and what is committed is in it.
    pub stored: bool,
    pub started_ms: u64,
    pub last_save_ms: u64,
    pub changes_since_save: u64,
    pub saving: bool,
    pub last_save_failed: bool,
    /// Bytes that the allocator has of the system, 0 where it does not tell.
    pub heap_bytes: usize,
    pub tcp_port: u16,
    pub database_name: String,
}
