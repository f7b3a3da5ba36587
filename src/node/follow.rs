//! Following: blocks of the leader, from messages or from storage, in their order and without a gap.
use super::recovery::Step;
use super::storage::Job;
use super::{
    BlockKey, Election, Event, Node, Phase, StorageError, StorageOp, StorageReply, key, place,
};
use crate::command::Effect;
use crate::engine::ApplyError;
use crate::keyspace::Keyspace;
use crate::log::{Block, BlockError, Body, Record};
use crate::replica::{Claim, Gap, Message, Place};

const READ_BYTES: usize = 4 << 20;

/// What became of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applied {
    Yes,
    /// It is older than what is here.
    Old,
    /// Others must come first.
    Gap,
    /// All must be read anew: a snapshot that replaces the data, damage, or a log that was cut.
    Anew,
    /// A newer build's.
    Newer,
}

impl Node {
    pub(super) fn pump_following(&mut self) {
        if self.follower.is_reading() && !self.spoiled {
            self.read_on();
        } else if self.spoiled {
            self.recover();
            self.pump_recovery();
        }
    }

    /// Reads the log from where this node stands.
    pub(super) fn read_on(&mut self) {
        let from = self.position.read_from;
        self.store(
            Job::Read,
            StorageOp::Read {
                from,
                bytes_max: READ_BYTES,
            },
        );
    }

    #[inline(never)]
    pub(super) fn read_stored(&mut self, result: Result<StorageReply, StorageError>) {
        let blocks = match result {
            Ok(StorageReply::Blocks(blocks)) => blocks,
            Err(StorageError::Lost) => return self.storage_failed(),
            _ => return,
        };
        if !matches!(self.phase, Phase::Following | Phase::Claiming(_)) {
            return;
        }
        if blocks.is_empty() {
            self.follower.read_to_end();
            let (epoch, since_ms) = (self.epoch(), self.storage.asked_ms);
            self.outbox.log_ends_in(epoch, since_ms);
            if let Phase::Claiming(claim) = &mut self.phase {
                *claim = Claim::Seal;
            }
            return;
        }
        let epoch = self.epoch();
        for (key, bytes) in blocks {
            match self.apply_block(key, &bytes) {
                Applied::Yes | Applied::Old => {}
                Applied::Gap | Applied::Anew => return self.recover(),
                Applied::Newer => return self.is_outdated("A newer build of kilat writes here."),
            }
        }
        let claims = matches!(self.phase, Phase::Claiming(_));
        let another = self.epoch() > epoch && !self.has_been_handed();
        if claims && another && self.options.election == Election::Lease {
            self.claim_later();
        }
        self.release_held_replies();
    }

    /// Applies the block that `bytes`, found at `at`, are.
    pub(super) fn apply_block(&mut self, at: BlockKey, bytes: &[u8]) -> Applied {
        let next = self.position.next;
        if at < next {
            // Something where there must be nothing: a stray seal was taken for a true one.
            let stray = at >= self.position.read_from && at.epoch < next.epoch;
            return if stray { Applied::Anew } else { Applied::Old };
        }
        #[cfg(any(test, feature = "sim"))]
        let next = if self.options.mutants.no_gap_check {
            at
        } else {
            next
        };
        if at > next {
            return Applied::Gap;
        }
        let block = match Block::from_bytes(self.database(), at, bytes) {
            Ok(block) => block,
            Err(BlockError::Version(_)) => return Applied::Newer,
            Err(_) => return Applied::Anew,
        };
        let before = self.engine.seq();
        self.snapshots.log.add(at, before, bytes.len());
        match &block.body {
            Body::Records(records) => {
                for record in records {
                    match self.apply_record(record) {
                        Applied::Yes | Applied::Old => {}
                        other => return other,
                    }
                }
            }
            Body::Snapshot(manifest) if manifest.seq > self.engine.seq() => return Applied::Anew,
            Body::Snapshot(manifest) => {
                // Somebody leads who knew better, or was told to go on.
                self.bereft = false;
                self.snapshots.saw(manifest.id, manifest.seq);
                self.snapshots.last_save_ms = time_of(manifest.id);
                self.snapshots.last_seq = manifest.seq;
            }
            Body::Seal { token, .. } if self.storage.is_none() => self.reign = leader_of(*token),
            Body::Seal { .. } => {}
        }
        self.advance(at, &block.body);

        Applied::Yes
    }

    fn apply_record(&mut self, record: &Record) -> Applied {
        let seq = self.engine.seq();
        // What does not continue what is here belongs to another past: a tail that was read here and cut elsewhere.
        #[cfg(any(test, feature = "sim"))]
        let seq = if self.options.mutants.no_gap_check && record.seq > seq {
            record.seq - 1
        } else {
            seq
        };
        if record.seq != seq + 1 {
            return Applied::Anew;
        }
        self.tell_expired(record);
        if let Err(error) = self
            .engine
            .apply(record.time_ms, record.seq, &record.effects)
        {
            self.is_outdated(&match error {
                ApplyError::NoRoom => "There is no memory here for what was written.".into(),
                error => format!("A record is not understood: {error:?}"),
            });
            return Applied::Newer;
        }
        if record.origin != 0 {
            let reply = (!record.reply.is_empty()).then(|| record.reply.to_vec());
            self.answered
                .note(record.origin, record.request, record.seq, reply);
        }
        self.absorb(None);

        Applied::Yes
    }

    /// What the leader removes because it is due.
    fn tell_expired(&mut self, record: &Record) {
        let due = |effect: &Effect| {
            let mut words = effect.argv.iter();
            let (Some(b"DEL"), Some(key), None) = (words.next(), words.next(), words.next()) else {
                return None;
            };
            let entry = self.engine.keyspace().stored(effect.db, key)?;
            let due = entry.expires_at_ms()? < record.time_ms;
            due.then(|| Event::Expired {
                db: effect.db,
                key: key.into(),
            })
        };
        let events: Vec<Event> = record.effects.iter().filter_map(due).collect();
        events.into_iter().for_each(|event| self.event(event));
    }

    /// A newer build writes: reads go on from what is here, and this node does not lead.
    #[inline(never)]
    pub(super) fn is_outdated(&mut self, sentence: &str) {
        if !std::mem::replace(&mut self.incompatible, true) {
            self.event(Event::Incompatible {
                sentence: sentence.into(),
            });
        }
        self.phase = Phase::Following;
        self.follower.read_to_end();
        self.release_lock();
        self.release_held_replies();
    }

    pub(super) fn pump_recovery(&mut self) {
        if let Phase::Recovering(recovery) = &self.phase {
            let op = recovery.op();
            self.store(Job::Recover, op);
        }
    }

    pub(super) fn recover_stored(&mut self, result: Result<StorageReply, StorageError>) {
        let identity = self.storage.identity.unwrap_or_default();
        let Phase::Recovering(recovery) = &mut self.phase else {
            return;
        };
        let reply = match result {
            Ok(reply) => reply,
            Err(StorageError::Unknown(_)) => return,
            Err(_) => return self.storage_failed(),
        };
        let Step::Done(recovered) = recovery.feed(reply, identity, self.engine.settings()) else {
            return;
        };
        self.phase = Phase::Following;
        let lacks = recovered.newer.is_some() && recovered.seq < self.committed_seq();
        if let Some(sentence) = &recovered.newer
            && self.ready
            && !self.is_doubtful()
            && lacks
        {
            // What is here is more than what can still be read.
            self.spoiled = false;
            self.is_outdated(sentence);
            self.tell_rejected();
            return self.reloaded();
        }
        // Nothing, or less than was shown here, is no past to read from; and a build that was once too old stays so.
        let nothing = recovered.newer.is_some() && recovered.seq == 0;
        self.ready = !lacks && !nothing && (self.ready || !self.incompatible);
        self.spoiled = false;
        self.follower.read_to_end();
        let keyspace = match self.ready {
            true => recovered.keyspace,
            false => Keyspace::new(self.engine.settings().limits),
        };
        self.engine.replace_keyspace(keyspace);
        self.engine.set_seq(recovered.seq);
        self.absorb(None);
        self.position = recovered.position;
        self.answered = recovered.answered;
        if let Some(newest) = recovered.snapshots.last() {
            self.snapshots.last_save_ms = time_of(newest.id);
        }
        self.snapshots.recovered(recovered.snapshots, recovered.log);
        for sentence in recovered.damage {
            self.snapshots.damaged = true;
            self.event(Event::Corrupt { sentence });
        }
        self.bereft = recovered.lost && !self.options.discard_lost;
        self.tail_is_damaged = recovered.tail_is_damaged;
        if self.bereft {
            self.release_lock();
        }
        if recovered.foreign {
            self.event(Event::Cleared);
        }
        self.event(Event::Follower {
            epoch: self.epoch(),
        });
        if let Some(sentence) = recovered.newer {
            self.is_outdated(&sentence);
        }
        self.send(&Message::Hello(self.info()));
        self.tell_rejected();
        self.release_held_replies();
        self.reloaded();
        self.claim_if_held(Claim::Seal);
    }

    /// Blocks that came in a message.
    pub(super) fn received_blocks(&mut self, blocks: &[(Place, Vec<u8>)]) {
        if !matches!(self.phase, Phase::Following) || self.spoiled || self.incompatible {
            return;
        }
        for (at, bytes) in blocks {
            match self.apply_block(key(*at), bytes) {
                Applied::Yes | Applied::Old => {}
                Applied::Gap => {
                    self.follower.told(place(key(*at).next()));
                    break;
                }
                Applied::Anew => {
                    self.spoil();
                    break;
                }
                Applied::Newer => return self.is_outdated("A newer build of kilat leads."),
            }
        }
        self.catch_up();
        self.release_held_replies();
    }

    /// Asks for what is missing.
    pub(super) fn catch_up(&mut self) {
        if !matches!(self.phase, Phase::Following) || self.incompatible {
            return;
        }
        if self.spoiled {
            return self.ask_for_image();
        }
        let next = place(self.position.next);
        let gap = match self.follower.advanced(self.now_ms, next) {
            Some(gap) => gap,
            None if self.follower.is_behind(next) => self.follower.gap(self.now_ms),
            None => return,
        };
        if gap == Gap::Ask {
            self.send(&Message::Ask {
                from: self.id,
                at: next,
            });
        }
    }
}

/// Who leads behind a seal of a log that no storage holds.
fn leader_of(token: [u8; 16]) -> u64 {
    let (id, _) = token.split_at(8);

    id.try_into().map_or(0, u64::from_le_bytes)
}

/// When a snapshot was begun: the second half of its id.
fn time_of(id: [u8; 16]) -> u64 {
    id.last_chunk().map_or(0, |time| u64::from_be_bytes(*time))
}
