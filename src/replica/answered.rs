//! What was asked and answered, by node and number: a call that is asked again is not run again.
//!
//! Filled from records, so every node that has read the log has it, and pruned by what the callers say they have.
//! Its size is bounded; `horizon_seq` tells from which seq on it is complete.
use super::message::NodeId;
use crate::base::sorted::SortedMap;

/// Bytes that the memory may hold.
const BYTES_MAX: usize = 16 << 20;
/// What an entry costs beside its reply.
const ENTRY_BYTES: usize = 64;
/// A longer reply is not remembered: whoever asks again hears that it was done, not what came of it.
pub const REPLY_BYTES_MAX: usize = 64 << 10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Of its record, or where the node stood when it changed nothing.
    pub seq: u64,
    /// `None`: too long to be remembered.
    pub reply: Option<Vec<u8>>,
    /// It has no record, and whether it was run by a true leader is not known yet.
    pub waits: bool,
}

#[derive(Debug, Default)]
struct Caller {
    answered_below: u64,
    /// What it asked below this and is not in `done` was forgotten for want of room.
    forgotten_below: u64,
    done: SortedMap<u64, Done>,
    latest_seq: u64,
}

#[derive(Debug, Default)]
pub struct Answered {
    callers: SortedMap<NodeId, Caller>,
    bytes: usize,
    horizon_seq: u64,
}

/// What is known of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was run.
    Done(Done),
    /// Its caller has had the answer: nobody waits.
    Forgotten,
    /// It was not run.
    No,
    /// The memory of that time is gone.
    Unknown,
}

impl Answered {
    /// `since_seq`: where the caller stood when it first asked, where it asks again.
    pub fn look_up(&self, from: NodeId, number: u64, since_seq: Option<u64>) -> Known {
        let caller = self.callers.get(&from);
        if let Some(caller) = caller {
            if let Some(done) = caller.done.get(&number) {
                return Known::Done(done.clone());
            }
            if number < caller.answered_below {
                return Known::Forgotten;
            }
            if number < caller.forgotten_below {
                return Known::Unknown;
            }
        }
        if since_seq.is_some_and(|seq| seq < self.horizon_seq) {
            return Known::Unknown;
        }

        Known::No
    }

    pub fn note(&mut self, from: NodeId, number: u64, seq: u64, reply: Option<Vec<u8>>) {
        let reply = reply.filter(|reply| reply.len() <= REPLY_BYTES_MAX);
        let caller = self.callers.or_default(from);
        if number < caller.answered_below {
            return;
        }
        caller.latest_seq = caller.latest_seq.max(seq);
        self.bytes += cost(&reply);
        let done = Done {
            seq,
            reply,
            waits: false,
        };
        if let Some(before) = caller.done.insert(number, done) {
            self.bytes -= cost(&before.reply);
        }
        while self.bytes > BYTES_MAX {
            self.forget_oldest();
        }
    }

    /// What was just noted is not to be told before it is proven.
    pub fn wait(&mut self, from: NodeId, number: u64) {
        if let Some(done) = self.done(from, number) {
            done.waits = true;
        }
    }

    /// It may be told from now on.
    pub fn proven(&mut self, from: NodeId, number: u64) {
        if let Some(done) = self.done(from, number) {
            done.waits = false;
        }
    }

    /// It was never proven, and will not be: run by another leader it may come to something else.
    pub fn disproven(&mut self, from: NodeId, number: u64) {
        let Some(caller) = self.callers.get_mut(&from) else {
            return;
        };
        if caller.done.get(&number).is_some_and(|done| done.waits)
            && let Some(done) = caller.done.remove(&number)
        {
            self.bytes -= cost(&done.reply);
        }
    }

    fn done(&mut self, from: NodeId, number: u64) -> Option<&mut Done> {
        self.callers.get_mut(&from)?.done.get_mut(&number)
    }

    /// The caller has its answers to all numbers below.
    pub fn prune(&mut self, from: NodeId, answered_below: u64) {
        let Some(caller) = self.callers.get_mut(&from) else {
            let caller = Caller {
                answered_below,
                ..Caller::default()
            };
            self.callers.insert(from, caller);
            return;
        };
        caller.answered_below = caller.answered_below.max(answered_below);
        let below = |(number, _): (&u64, &Done)| *number < caller.answered_below;
        while caller.done.first_key_value().is_some_and(below) {
            if let Some((_, done)) = caller.done.pop_first() {
                self.bytes -= cost(&done.reply);
            }
        }
    }

    /// Forgets the caller that has done nothing for longest. That it once asked is remembered: a copy of an old
    /// call that comes late is not run once more.
    fn forget_oldest(&mut self) {
        let oldest = self
            .callers
            .iter()
            .filter(|(_, caller)| !caller.done.is_empty());
        let Some((id, latest)) = oldest
            .map(|(id, caller)| (*id, caller.latest_seq))
            .min_by_key(|(_, seq)| *seq)
        else {
            return;
        };
        self.horizon_seq = self.horizon_seq.max(latest);
        let Some(caller) = self.callers.get_mut(&id) else {
            return;
        };
        let done = std::mem::take(&mut caller.done);
        let last = done.last_key_value().map_or(0, |(number, _)| number + 1);
        caller.forgotten_below = caller.forgotten_below.max(last);
        self.bytes -= done.values().map(|done| cost(&done.reply)).sum::<usize>();
    }

    /// Everything, for a snapshot's block.
    pub fn entries(&self) -> impl Iterator<Item = (NodeId, u64, &Done)> {
        self.callers.iter().flat_map(|(id, caller)| {
            caller
                .done
                .iter()
                .map(move |(number, done)| (*id, *number, done))
        })
    }

    pub fn horizon_seq(&self) -> u64 {
        self.horizon_seq
    }

    /// Nothing is known of what was before `seq`.
    pub fn set_horizon_seq(&mut self, seq: u64) {
        self.horizon_seq = self.horizon_seq.max(seq);
    }
}

fn cost(reply: &Option<Vec<u8>>) -> usize {
    ENTRY_BYTES + reply.as_ref().map_or(0, Vec::len)
}
