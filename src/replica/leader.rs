//! What a leader holds: the open batch, the commit under way, who is to be answered when, what was committed last.
//!
//! One commit is under way at a time and what comes meanwhile makes the next batch. Nothing is sent or answered
//! before it is committed, but for calls that asked for no more than memory. A call that changed nothing has no
//! record to tell whether this node still led when it was run: it waits for the next commit, or for a proof, which is a
//! look at the log's next place that finds it vacant.
use std::collections::VecDeque;

use super::message::{NodeId, Place};
use crate::command::Published;

/// Committed blocks kept for followers that missed some.
const HELD_BYTES: usize = 8 << 20;
/// The same where no follower is known: one that opens reads storage first, and has said by then that it is there.
const HELD_ALONE_BYTES: usize = 64 << 10;
/// So long after what it makes durable a strict commit begins, at the latest.
const STRICT_MS: u64 = 1000;
/// A batch is cut here: blocks are messages too.
const BATCH_BYTES: usize = 4 << 20;

/// Who waits for a commit.
#[derive(Clone, Debug, PartialEq)]
pub enum To<R> {
    /// A call of this node.
    Call { call: u64, reply: R },
    /// A call of another node, or one that this node once meant for another leader.
    Node { id: NodeId, number: u64 },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Ack<R> {
    pub seq: u64,
    /// The commit or proof that must be done too: `Leader::next_proof`, or 0 for none.
    pub proof: u64,
    /// Only a strict commit will do.
    pub strict: bool,
    pub to: To<R>,
}

/// The batch that is being committed.
#[derive(Clone, Debug)]
pub struct UnderWay {
    pub at: Place,
    pub bytes: Vec<u8>,
    pub last_seq: u64,
    pub strict: bool,
    pub since_ms: u64,
    /// Whether it may or may not have happened.
    pub in_doubt: bool,
}

#[derive(Debug)]
pub struct Leader<T, R> {
    pub epoch: u64,
    batch: VecDeque<(T, usize)>,
    batch_bytes: usize,
    batch_since_ms: u64,
    last_seq: u64,
    strict_seq: u64,
    pub under_way: Option<UnderWay>,
    acks: VecDeque<Ack<R>>,
    /// Since when somebody waits.
    acks_since_ms: u64,
    /// Commits and proofs that were begun.
    begun: u64,
    /// The last of them that succeeded: when it was begun, this node led.
    proven: u64,
    /// The proof that is wanted though nobody waits for one.
    look: u64,
    /// `begun` when this was last asked for.
    looked: u64,
    pub committed_seq: u64,
    durable_seq: u64,
    /// Since when there is something that a strict commit should follow.
    wants_strict_ms: Option<u64>,
    held: VecDeque<(Place, Vec<u8>)>,
    held_bytes: usize,
    held_bytes_max: usize,
    /// Messages to be handed on once the seq that they came with is committed.
    published: VecDeque<(u64, Published)>,
    published_bytes: usize,
}

impl<T, R> Leader<T, R> {
    pub fn new(now_ms: u64, epoch: u64, seq: u64) -> Self {
        Leader {
            epoch,
            batch: VecDeque::new(),
            batch_bytes: 0,
            batch_since_ms: 0,
            last_seq: seq,
            strict_seq: seq,
            under_way: None,
            acks: VecDeque::new(),
            acks_since_ms: now_ms,
            begun: 0,
            proven: 0,
            look: 0,
            looked: 0,
            committed_seq: seq,
            durable_seq: seq,
            wants_strict_ms: None,
            held: VecDeque::new(),
            held_bytes: 0,
            held_bytes_max: HELD_BYTES,
            published: VecDeque::new(),
            published_bytes: 0,
        }
    }

    /// Appends a record to the open batch.
    pub fn append(&mut self, now_ms: u64, seq: u64, record: T, bytes: usize) {
        if self.batch.is_empty() {
            self.batch_since_ms = now_ms;
        }
        self.batch.push_back((record, bytes));
        self.batch_bytes += bytes;
        self.last_seq = seq;
    }

    /// A seq that no record has: an import takes one.
    pub fn skip_to(&mut self, seq: u64) {
        self.last_seq = seq;
    }

    /// All up to `seq` is committed without a record, for nobody was to hear of it. Who asks for it later is sent an
    /// image of all data.
    pub fn pass(&mut self, seq: u64) {
        self.begin_proof();
        self.proven();
        self.last_seq = seq;
        self.committed_seq = seq;
        self.durable_seq = seq;
        self.wants_strict_ms = None;
        self.held.clear();
        self.held_bytes = 0;
    }

    pub fn wait(&mut self, now_ms: u64, ack: Ack<R>) {
        if ack.strict {
            self.strict_seq = self.strict_seq.max(ack.seq);
        }
        if self.acks.is_empty() {
            self.acks_since_ms = now_ms;
        }
        self.acks.push_back(ack);
    }

    /// What proves that this node leads now: the next commit or proof that is begun.
    pub fn next_proof(&self) -> u64 {
        self.begun + 1
    }

    /// Whether somebody waits for nothing else than a proof.
    pub fn wants_proof(&self) -> bool {
        let waits = |ack: &Ack<R>| ack.proof > self.proven && ack.seq <= self.reached(ack);
        let wanted = self.look > self.proven || self.acks.front().is_some_and(waits);

        self.under_way.is_none() && wanted
    }

    /// Where nothing was begun since the last time, a proof is: one that has nothing to commit is to learn of its end.
    pub fn look(&mut self, now_ms: u64) {
        if self.begun == self.looked {
            self.look = self.next_proof();
            if self.acks.is_empty() {
                self.acks_since_ms = now_ms;
            }
        }
        self.looked = self.begun;
    }

    pub fn begin_proof(&mut self) {
        self.begun += 1;
    }

    /// The commit or proof that was begun last has succeeded.
    pub fn proven(&mut self) {
        self.proven = self.begun;
    }

    /// Up to where all is as safe as `ack` asks for.
    fn reached(&self, ack: &Ack<R>) -> u64 {
        if ack.strict {
            self.durable_seq
        } else {
            self.committed_seq
        }
    }

    pub fn publish(&mut self, published: Published) {
        self.published_bytes += weight(&published);
        self.published.push_back((self.last_seq, published));
    }

    /// A strict commit is to follow within a second, if there is anything up to `seq` that none has made durable.
    pub fn want_strict(&mut self, now_ms: u64, seq: u64) {
        if seq > self.durable_seq {
            self.wants_strict_ms.get_or_insert(now_ms);
        }
    }

    /// The reign ends on purpose: what was committed is made durable first, for nobody may come to do so.
    pub fn settle(&mut self) {
        if self.wants_strict_ms.is_some() {
            self.strict_seq = self.last_seq;
        }
    }

    /// Somebody waits until `seq` is durable.
    pub fn make_durable(&mut self, seq: u64) {
        self.strict_seq = self.strict_seq.max(seq);
    }

    pub fn durable_seq(&self) -> u64 {
        self.durable_seq
    }

    /// Nothing is under way or waits for a strict commit or a proof.
    pub fn is_settled(&self) -> bool {
        !self.has_uncommitted() && self.strict_seq <= self.durable_seq && !self.wants_proof()
    }

    /// When a strict commit is due although nobody waits for it.
    pub fn strict_due_ms(&self) -> Option<u64> {
        let since_ms = self.wants_strict_ms?;

        (self.durable_seq < self.last_seq).then_some(since_ms + STRICT_MS)
    }

    /// Whether there is something to commit now.
    pub fn wants_commit(&self, now_ms: u64) -> bool {
        let strict_waits = self.strict_seq > self.durable_seq;
        let strict_due = self.strict_due_ms().is_some_and(|at_ms| now_ms >= at_ms);

        self.under_way.is_none() && (!self.batch.is_empty() || strict_waits || strict_due)
    }

    /// The next batch, and whether it is to be strict. It may be empty: a strict commit of its own.
    pub fn take_batch(&mut self, now_ms: u64) -> (Vec<T>, bool) {
        let mut records = Vec::new();
        let mut bytes = 0;
        while let Some((record, size)) = self.batch.pop_front() {
            bytes += size;
            records.push(record);
            if bytes >= BATCH_BYTES {
                break;
            }
        }
        self.batch_bytes -= bytes;
        let due = |since_ms| now_ms >= since_ms + STRICT_MS;
        let strict = self.strict_seq > self.durable_seq || self.wants_strict_ms.is_some_and(due);

        (records, strict)
    }

    pub fn begin(&mut self, under_way: UnderWay) {
        self.begun += 1;
        self.under_way = Some(under_way);
    }

    /// The commit under way is done. What it frees is in `take_acks` and `take_published`.
    pub fn done(&mut self, now_ms: u64) -> Option<UnderWay> {
        let done = self.under_way.take()?;
        self.proven();
        self.committed_seq = self.committed_seq.max(done.last_seq);
        if done.strict {
            self.durable_seq = self.committed_seq;
            // What is left has come since this commit was begun.
            self.wants_strict_ms = self
                .wants_strict_ms
                .filter(|_| !self.batch.is_empty())
                .map(|_| done.since_ms);
        }
        if !self.batch.is_empty() {
            self.batch_since_ms = now_ms;
        }
        // A copy that is not kept would only split the memory that the next batch needs.
        if done.bytes.len() <= self.held_bytes_max {
            self.hold(done.at, done.bytes.clone());
        } else {
            (self.held, self.held_bytes) = (VecDeque::new(), 0);
        }

        Some(done)
    }

    /// So many other nodes are known: how much of what was committed is kept for them.
    pub fn set_peers(&mut self, known: usize) {
        self.held_bytes_max = match known {
            0 => HELD_ALONE_BYTES,
            _ => HELD_BYTES,
        };
    }

    /// Keeps a committed block for followers.
    pub fn hold(&mut self, at: Place, mut bytes: Vec<u8>) {
        // A block grew by doubling while it was written.
        bytes.shrink_to_fit();
        self.held_bytes += bytes.len();
        self.held.push_back((at, bytes));
        while self.held_bytes > self.held_bytes_max && self.held.len() > 1 {
            if let Some((_, bytes)) = self.held.pop_front() {
                self.held_bytes -= bytes.len();
            }
        }
    }

    /// The blocks held from `at` on, about `bytes_max` of them; `None` where older ones are wanted.
    pub fn held_from(&self, at: Place, bytes_max: usize) -> Option<Vec<(Place, Vec<u8>)>> {
        let first = self.held.iter().position(|(place, _)| *place == at)?;
        let mut bytes = 0;
        let within = |(_, block): &&(Place, Vec<u8>)| {
            let more = bytes < bytes_max;
            bytes += block.len();
            more
        };
        let blocks = self.held.iter().skip(first).take_while(within);

        Some(blocks.cloned().collect())
    }

    /// Those whose wait is over.
    pub fn take_acks(&mut self) -> Vec<Ack<R>> {
        let mut over = Vec::new();
        // Acks come in order of seq; a strict one holds back those behind it no longer than its own commit.
        while let Some(ack) = self.acks.front() {
            if ack.seq > self.reached(ack) || ack.proof > self.proven {
                break;
            }
            over.extend(self.acks.pop_front());
        }

        over
    }

    /// Messages that may be handed on now.
    pub fn take_published(&mut self) -> Vec<Published> {
        let committed = |(seq, _): &&(u64, Published)| *seq <= self.committed_seq;
        let ready = self.published.iter().take_while(committed).count();

        let ready = self.published.drain(..ready).map(|(_, it)| it);
        let ready: Vec<Published> = ready.collect();
        self.published_bytes -= ready.iter().map(weight).sum::<usize>();

        ready
    }

    /// Everybody who still waits.
    pub fn drain_acks(&mut self) -> Vec<Ack<R>> {
        self.acks.drain(..).collect()
    }

    /// Whether something is applied and not committed, or somebody waits.
    pub fn has_uncommitted(&self) -> bool {
        self.under_way.is_some() || !self.batch.is_empty() || self.last_seq > self.committed_seq
    }

    pub fn batch_is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Bytes that wait for a commit.
    pub fn pending_bytes(&self) -> usize {
        self.batch_bytes
            + self.published_bytes
            + self
                .under_way
                .as_ref()
                .map_or(0, |under_way| under_way.bytes.len())
    }

    /// How long the oldest commit or proof has been pending, in milliseconds; 0 for none.
    pub fn pending_ms(&self, now_ms: u64) -> u64 {
        let since = match &self.under_way {
            Some(under_way) => under_way.since_ms,
            None if !self.batch.is_empty() => self.batch_since_ms,
            None if self.wants_proof() => self.acks_since_ms,
            None => return 0,
        };

        now_ms.saturating_sub(since).max(1)
    }
}

/// What a message that waits costs.
fn weight(published: &Published) -> usize {
    64 + published.channel.len() + published.message.len()
}
