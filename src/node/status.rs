//! What `status()` tells.
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    pub name: String,
    /// This node, in hexadecimal.
    pub id: String,
    /// `opening`, `follower`, `claiming`, `leader`, `left` or `closed`.
    pub role: &'static str,
    /// The data is there to be read.
    pub ready: bool,
    pub epoch: u64,
    pub seq: u64,
    pub committed_seq: u64,
    /// Blocks that this node knows of and has not.
    pub lag: u64,
    /// `memory`, `everysec` or `always`.
    pub level: &'static str,
    pub visible: bool,
    /// The leader's id, where one is known.
    pub leader: Option<String>,
    /// The other nodes, as far as they were heard of.
    pub peers: Vec<Peer>,
    /// `open`, `opening`, `memory`, `lost`, `cleared`, `full` or `incompatible`.
    pub storage: &'static str,
    pub pending_bytes: usize,
    /// Calls that wait for an answer.
    pub waiting_calls: usize,
    pub saving: bool,
    pub last_save_ms: u64,
    pub log_bytes: usize,
    pub protocol: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    pub id: String,
    pub leads: bool,
    pub epoch: u64,
    pub seq: u64,
    /// Records that it has not yet, as far as is known.
    pub lag: u64,
    pub visible: bool,
    pub heard_ms: u64,
}
