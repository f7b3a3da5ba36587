//! What a simulator wants to know of a node after each input, without the strings of `Status`.
use super::{Leaving, Node, Phase};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Opening,
    Following,
    Claiming,
    Leading,
    Away,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    pub stand: Stand,
    pub ready: bool,
    /// What it holds is about to be read anew.
    pub spoiled: bool,
    pub epoch: u64,
    pub seq: u64,
    pub committed_seq: u64,
    /// Calls that wait for a leader.
    pub waiting_calls: usize,
    pub incompatible: bool,
    pub cleared: bool,
    /// It is going, and waits for storage.
    pub leaving: bool,
    /// Of the database that it has opened, and knows again.
    pub identity: Option<[u8; 16]>,
}

impl Node {
    pub fn glance(&self) -> Glance {
        Glance {
            stand: match self.phase {
                Phase::Opening | Phase::Recovering(_) => Stand::Opening,
                Phase::Following => Stand::Following,
                Phase::Claiming(_) => Stand::Claiming,
                Phase::Leading(_) => Stand::Leading,
                Phase::Left | Phase::Closed => Stand::Away,
            },
            ready: self.ready,
            spoiled: self.spoiled,
            epoch: self.position.next.epoch,
            seq: self.engine.seq(),
            committed_seq: self.committed_seq(),
            waiting_calls: self.outbox.len(),
            incompatible: self.incompatible,
            cleared: self.storage.is_cleared(),
            leaving: self.leaving != Leaving::No,
            identity: self.storage.identity,
        }
    }
}
