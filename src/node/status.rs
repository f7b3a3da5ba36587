//! What `status()` tells.
use super::{Level, Node, Phase};

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
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
    /// Records that this node knows of and has not.
    pub lag: u64,
    /// `memory`, `everysec` or `always`.
    pub level: &'static str,
    pub visible: bool,
    /// The leader's id, where one is known.
    pub leader: Option<String>,
    /// The other nodes, as far as they were heard of.
    pub peers: Vec<Peer>,
    /// `open`, `opening`, `memory`, `lost`, `cleared`, `full`, `incompatible` or
    /// `damaged`.
    pub storage: &'static str,
    pub pending_bytes: usize,
    /// Calls that wait for an answer.
    pub waiting_calls: usize,
    /// What keys and values take: INFO's `used_memory_dataset`.
    pub data_bytes: usize,
    pub saving: bool,
    pub last_save_ms: u64,
    pub log_bytes: usize,
    pub protocol: u8,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
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

impl Node {
    pub fn status(&self, _now_ms: u64) -> Status {
        let committed_seq = self.committed_seq();
        let next = (self.position.next.epoch, self.position.next.n);
        let newest = self
            .peers
            .values()
            .map(|(info, _)| info.seq)
            .max()
            .unwrap_or(0);
        let peer = |(info, heard_ms): &(crate::replica::Info, u64)| Peer {
            id: hex(info.id),
            leads: info.leads,
            epoch: info.epoch,
            seq: info.seq,
            lag: newest.max(committed_seq).saturating_sub(info.seq),
            visible: info.visible,
            heard_ms: *heard_ms,
        };
        let leader = self.leader_id();

        Status {
            name: self.options.name.clone(),
            id: hex(self.id),
            role: self.role_name(),
            ready: self.ready,
            epoch: next.0,
            seq: self.engine.seq(),
            committed_seq,
            lag: newest.saturating_sub(committed_seq),
            level: match self.options.level {
                Level::Memory => "memory",
                Level::Everysec => "everysec",
                Level::Always => "always",
            },
            visible: self.visible,
            leader: leader.map(hex),
            peers: self.peers.values().map(peer).collect(),
            storage: if self.incompatible {
                "incompatible"
            } else if self.bereft {
                "damaged"
            } else {
                self.storage.name()
            },
            pending_bytes: self.pending_bytes(),
            waiting_calls: self.outbox.len(),
            data_bytes: self.engine.keyspace().bytes(),
            saving: self.snapshots.is_saving(),
            last_save_ms: self.snapshots.last_save_ms,
            log_bytes: self.snapshots.log.bytes(),
            protocol: crate::replica::VERSION,
        }
    }

    /// Who leads, as far as is known.
    pub fn leader_id(&self) -> Option<u64> {
        match self.leads() {
            true => Some(self.id),
            false => self.follower.leader().map(|leader| leader.id),
        }
    }

    fn role_name(&self) -> &'static str {
        match self.phase {
            Phase::Opening | Phase::Recovering(_) => "opening",
            Phase::Following => "follower",
            Phase::Claiming(_) => "claiming",
            Phase::Leading(_) => "leader",
            Phase::Left => "left",
            Phase::Closed => "closed",
        }
    }
}

fn hex(id: u64) -> String {
    format!("{id:016x}")
}
