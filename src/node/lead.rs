//! Leading: batches to storage, then to followers, then the answers.
use super::storage::Job;
use super::{Event, Lock, Node, Phase, StorageError, StorageOp, StorageReply, key, place};
use crate::command::{Effect, Error, Published, Reply};
use crate::engine::Output as EngineOutput;
use crate::log::{Block, Body, Record};
use crate::replica::message::Answer;
use crate::replica::{Ack, Claim, Done, Known, Message, NodeId, To, UnderWay, answer};

/// Whose call a record comes of, and what it was answered.
pub(super) struct Cause {
    pub from: NodeId,
    pub number: u64,
    pub reply: Vec<u8>,
}

impl Node {
    /// Takes what the engine has put out. Records go to the open batch; the last one bears the cause.
    pub(super) fn absorb(&mut self, cause: Option<Cause>) {
        let mut last: Option<(u64, Vec<Effect>)> = None;
        let mut published = Vec::new();
        let mut actions = Vec::new();
        while let Some(output) = self.engine.poll() {
            match output {
                EngineOutput::Record { seq, effects } => {
                    if let Some((seq, effects)) = last.replace((seq, effects)) {
                        self.append(seq, effects, None);
                    }
                }
                EngineOutput::Push { session, reply } => {
                    self.outputs
                        .push_back(super::Output::Push { session, reply });
                }
                EngineOutput::Published(message) => published.push(message),
                EngineOutput::Expired { db, key } => self.event(Event::Expired { db, key }),
                EngineOutput::Action(action) => actions.push(action),
            }
        }
        if let Some((seq, effects)) = last {
            self.append(seq, effects, cause);
        }
        for message in published {
            self.publish(message);
        }
        for action in actions {
            self.act(action, None);
        }
    }

    fn append(&mut self, seq: u64, effects: Vec<Effect>, cause: Option<Cause>) {
        let now_ms = self.now_ms;
        let Phase::Leading(leader) = &mut self.phase else {
            debug_assert!(false, "only a leader makes records");
            return;
        };
        self.replicas.note(seq, &effects);
        let sizes = effects.iter().map(|effect| effect.argv.as_bytes().len());
        let bytes = 56 + sizes.sum::<usize>();
        let (origin, request, reply) = match cause {
            Some(cause) if cause.reply.len() <= crate::replica::REPLY_BYTES_MAX => {
                (cause.from, cause.number, cause.reply)
            }
            Some(cause) => (cause.from, cause.number, Vec::new()),
            None => (0, 0, Vec::new()),
        };
        let record = Record {
            seq,
            epoch: leader.epoch,
            time_ms: now_ms,
            origin,
            request,
            reply: reply.into(),
            effects,
        };
        leader.append(now_ms, seq, record, bytes);
    }

    /// Hands a message on, once what it came with is committed.
    fn publish(&mut self, published: Published) {
        match &mut self.phase {
            Phase::Leading(leader) => leader.publish(published),
            _ => {
                let epoch = self.epoch();
                let items = vec![published];
                self.send(&Message::Published { epoch, items });
            }
        }
    }

    /// Whoever waits until all that is here is committed waits here; a wait that is over ends with the input. With
    /// `proof`, until it is proven too that this node leads now.
    pub(super) fn wait_for_commit(&mut self, to: To<Reply>, strict: bool, proof: bool) {
        let (seq, now_ms) = (self.engine.seq(), self.now_ms);
        let proof = proof && !self.storage.is_none();
        if let Some(leader) = self.leader() {
            leader.want_strict(now_ms, seq);
            let proof = if proof { leader.next_proof() } else { 0 };
            let ack = Ack {
                seq,
                proof,
                strict,
                to,
            };
            leader.wait(now_ms, ack);
        }
    }

    pub(super) fn pump_leading(&mut self) {
        self.release_acks();
        let now_ms = self.now_ms;
        if self.is_making_room() {
            return self.pump_cut();
        }
        let Phase::Leading(leader) = &mut self.phase else {
            return;
        };
        if leader.under_way.is_some() {
            // The connection came back: did the commit happen?
            return self.pump_doubt();
        }
        if self.stepping_down {
            return self.pump_proof();
        }
        self.look_for_room();
        let Phase::Leading(leader) = &mut self.phase else {
            return;
        };
        let wants = leader.wants_commit(now_ms) || leader.wants_proof();
        let snapshot_waits = self.snapshots.wants_storage(leader.committed_seq);
        if !wants || (snapshot_waits && self.snapshots.take_turn()) {
            self.pump_snapshot();
        }
        let Phase::Leading(leader) = &mut self.phase else {
            return;
        };
        // A slice of a snapshot may leave storage free.
        if !self.storage.is_busy() && leader.wants_commit(now_ms) {
            let (records, strict) = leader.take_batch(now_ms);
            let last_seq = records
                .last()
                .map_or(leader.committed_seq, |record| record.seq);
            self.commit(Body::Records(records), last_seq, strict);
        }
        self.pump_proof();
    }

    /// Writes one block in the next place.
    pub(super) fn commit(&mut self, body: Body, last_seq: u64, strict: bool) {
        let at = self.position.next;
        let bytes = self.block(body);
        let since_ms = self.now_ms;
        let memory = self.storage.is_none();
        let Some(leader) = self.leader() else { return };
        let (at_place, in_doubt) = (place(at), false);
        let block = bytes.clone();
        let under_way = UnderWay {
            at: at_place,
            bytes: block,
            last_seq,
            strict,
            since_ms,
            in_doubt,
        };
        leader.begin(under_way);
        if memory {
            return self.committed();
        }
        #[cfg(any(test, feature = "sim"))]
        if self.options.mutants.ack_early {
            self.acknowledge_early(last_seq);
        }
        self.store(
            Job::Commit,
            StorageOp::Add {
                key: at,
                bytes,
                strict,
            },
        );
    }

    #[cfg(any(test, feature = "sim"))]
    fn acknowledge_early(&mut self, last_seq: u64) {
        if let Some(leader) = self.leader() {
            leader.committed_seq = last_seq;
        }
        self.release_acks();
        self.send_answers();
    }

    /// Somebody hears of records from now on.
    pub(super) fn begin_recording(&mut self) {
        if !self.engine.is_recording() {
            self.pass_unrecorded();
            self.engine.set_recording(true);
        }
    }

    /// What was done without records takes one place in the log, like a block that nobody holds.
    fn pass_unrecorded(&mut self) {
        let seq = self.engine.seq();
        let at = self.position.next;
        let Some(leader) = self.leader().filter(|leader| leader.committed_seq < seq) else {
            return;
        };
        leader.pass(seq);
        self.advance(at, &Body::Records(Vec::new()));
    }

    /// Without storage a batch is committed when it is closed.
    #[inline(never)]
    pub(super) fn pump_memory(&mut self) {
        self.claim_if_held(Claim::Read);
        if !self.engine.is_recording() {
            self.pass_unrecorded();
        }
        loop {
            self.release_acks();
            let now_ms = self.now_ms;
            let Phase::Leading(leader) = &mut self.phase else {
                return;
            };
            if !leader.wants_commit(now_ms) {
                return;
            }
            let (records, _) = leader.take_batch(now_ms);
            let last_seq = records
                .last()
                .map_or(leader.committed_seq, |record| record.seq);
            self.commit(Body::Records(records), last_seq, true);
        }
    }

    #[inline(never)]
    pub(super) fn commit_stored(&mut self, result: Result<StorageReply, StorageError>) {
        #[cfg(any(test, feature = "sim"))]
        if self.options.mutants.put_instead_of_add && result == Err(StorageError::Exists) {
            return self.committed();
        }
        if result == Err(StorageError::Quota) && self.make_room() {
            // The same batch once more, when there is some.
            return;
        }
        let Phase::Leading(leader) = &mut self.phase else {
            return;
        };
        let in_doubt = leader
            .under_way
            .as_ref()
            .is_some_and(|under_way| under_way.in_doubt);
        match result {
            Ok(_) => self.committed(),
            // The first attempt may have been done after all: reading tells.
            Err(StorageError::Exists) if in_doubt => {}
            Err(StorageError::Exists) => {
                leader.under_way = None;
                self.overtaken();
            }
            Err(StorageError::Quota) => {
                leader.under_way = None;
                self.storage_is_full();
                self.step_down(&Error::QUOTA);
                self.spoil();
            }
            Err(StorageError::Unknown(_)) => self.doubt(),
            Err(_) => {
                self.doubt();
                self.storage_failed();
            }
        }
    }

    /// Storage had no room: writes are refused until there is some, reads go on.
    #[inline(never)]
    pub(super) fn storage_is_full(&mut self) {
        if !self.storage.is_full() {
            self.event(Event::Quota);
            self.storage.set_full(self.now_ms);
            self.snapshots.urgent = true;
        }
        self.refuse_all(&Error::QUOTA);
    }

    /// The commit under way is done: to the followers first, then to whoever waited.
    pub(super) fn committed(&mut self) {
        let now_ms = self.now_ms;
        let peers = self.peers.len();
        let Some(leader) = self.leader() else { return };
        leader.set_peers(peers);
        let (epoch, before) = (leader.epoch, leader.committed_seq);
        let Some(done) = leader.done(now_ms) else {
            return;
        };
        let at = key(done.at);
        self.snapshots.log.add(at, before, done.bytes.len());
        self.advance(at, &Body::Records(Vec::new()));
        // A copy to nobody is a quarter of the time that large values take. Whoever comes says Hello, hears where the
        // log ends, and asks for what it lacks.
        if !self.is_alone {
            let blocks = vec![(done.at, done.bytes)];
            self.send(&Message::Blocks {
                epoch,
                to: None,
                blocks,
            });
        }
        self.snapshot_committed(at);
        // What was written although there is no room made the data smaller: so does a snapshot what is stored.
        self.snapshots.urgent |= self.storage.is_full();
        self.release_acks();
        self.snapshot_if_due();
        self.end_if_done();
    }

    /// Answers everybody whose wait is over.
    pub(super) fn release_acks(&mut self) {
        let Some(leader) = self.leader() else { return };
        let epoch = leader.epoch;
        let items = leader.take_published();
        let acks = leader.take_acks();
        self.send_to_replicas();
        if !items.is_empty() {
            self.publish_to_replicas(&items);
            self.send(&Message::Published { epoch, items });
        }
        for ack in acks {
            match ack.to {
                To::Call { call, reply } => self.reply(call, reply),
                To::Node { id, number } => {
                    self.answered.proven(id, number);
                    self.answer_known(id, number);
                }
            }
        }
    }

    /// Answers a call of another node (or an old one of our own) from memory.
    pub(super) fn answer_known(&mut self, to: NodeId, number: u64) {
        if let Known::Done(done) = self.answered.look_up(to, number, None) {
            self.answer_done(to, number, done);
        }
    }

    pub(super) fn answer_done(&mut self, to: NodeId, number: u64, done: Done) {
        let gone = || answer::encode(&Error::INDETERMINATE.into());
        let reply = done.reply.unwrap_or_else(gone);
        self.answer(to, number, done.seq, reply);
    }

    pub(super) fn answer(&mut self, to: NodeId, number: u64, seq: u64, reply: Vec<u8>) {
        if to == self.id {
            self.answered_here(number, &reply);
        } else {
            self.answers
                .or_default(to)
                .push(Answer { number, seq, reply });
        }
    }

    /// Sends what was gathered, one message to each node.
    pub(super) fn send_answers(&mut self) {
        let epoch = self.epoch();
        for (to, items) in std::mem::take(&mut self.answers).into_rows() {
            self.send(&Message::Answers { epoch, to, items });
        }
    }

    /// A place for `committed` blocks in the memory of one that came late.
    pub(super) fn asked_for_blocks(&mut self, from: NodeId, at: (u64, u64)) {
        const MESSAGE_BYTES: usize = 2 << 20;
        let memory = self.storage.is_none();
        let next = place(self.position.next);
        let Phase::Leading(leader) = &self.phase else {
            return;
        };
        let epoch = leader.epoch;
        if at >= next {
            return;
        }
        match leader.held_from(at, MESSAGE_BYTES) {
            Some(blocks) => self.send(&Message::Blocks {
                epoch,
                to: Some(from),
                blocks,
            }),
            None if memory => self.send_image(from),
            None => self.send(&Message::Unheld {
                epoch,
                to: from,
                at,
            }),
        }
    }

    pub(super) fn has_lock(&self) -> bool {
        self.lock == Lock::Held
    }

    /// For tests of the log's bytes.
    pub fn describe_block(&self, at: super::BlockKey, bytes: &[u8]) -> String {
        let block = Block::from_bytes(self.storage.identity.unwrap_or_default(), at, bytes);

        format!("{block:?}")
    }
}
