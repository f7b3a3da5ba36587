//! What the node knows and INFO, ROLE and LASTSAVE tell.

/// What this node is among its siblings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Leader,
    Follower,
}

/// Written by the node, read by session commands.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub role: Role,
    pub run_id: String,
    pub epoch: u64,
    pub committed_seq: u64,
    pub followers: usize,
    pub started_ms: u64,
    pub last_save_ms: u64,
    pub changes_since_save: u64,
    pub saving: bool,
    pub last_save_failed: bool,
    /// Bytes of the allocator, 0 where it does not tell.
    pub heap_bytes: usize,
    pub tcp_port: u16,
    pub database_name: String,
}
