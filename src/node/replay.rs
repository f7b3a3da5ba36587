//! Replaying the log on top of a snapshot: what continues is applied, what is missing is told.
use super::Position;
use super::log_size::LogSize;
use super::recovery::{Entry, Item, Recovered};
use crate::engine::Engine;
use crate::keyspace::Keyspace;
use crate::log::{Body, Outline, Records};
use crate::replica::Answered;

pub(super) struct Replay {
    engine: Engine,
    /// Of the reign that took the snapshot: it held all that was left of the reigns before.
    base_epoch: u64,
    /// The last record that is in it.
    base_seq: u64,
    answered: Answered,
    damage: Vec<String>,
    pub newer: Option<String>,
    foreign: bool,
    first: bool,
    /// There was once as much as this.
    known_seq: u64,
}

impl Replay {
    pub fn new(engine: Engine, base_epoch: u64, damage: Vec<String>) -> Self {
        Replay {
            base_seq: engine.seq(),
            engine,
            base_epoch,
            answered: Answered::default(),
            damage,
            newer: None,
            foreign: false,
            first: true,
            known_seq: 0,
        }
    }

    pub fn item(&mut self, item: &Item) {
        let (epoch, n) = (item.key.epoch, item.key.n);
        let counts = epoch >= self.base_epoch;
        match &item.entry {
            Entry::Records(records) => {
                self.records(records, counts);
                if counts {
                    self.known_seq = self.known_seq.max(records.last_seq);
                }
            }
            Entry::Other(body) => {
                if let (Body::Snapshot(manifest), true) = (body, counts) {
                    self.known_seq = self.known_seq.max(manifest.seq);
                }
            }
            Entry::Damaged if !counts => {}
            Entry::Damaged => {
                let sentence = format!("Block {n} of epoch {epoch} is damaged and was left aside.");
                self.damage.push(sentence);
            }
            Entry::Newer => {
                let sentence = "A newer build of kilat has written to this database.";
                self.newer = Some(sentence.into());
            }
            Entry::Foreign => self.foreign = true,
        }
    }

    /// What a snapshot's reign did not find it has counted past: what is older than that reign (`counts` is false) and
    /// not in the snapshot may seem to continue it.
    fn records(&mut self, records: &Records, counts: bool) {
        let Some(first) = records.iter().next() else {
            return;
        };
        if std::mem::take(&mut self.first) {
            self.answered.set_horizon_seq(first.seq.saturating_sub(1));
        }
        if records.has_origins || records.last_seq > self.engine.seq() {
            let base_seq = self.base_seq;
            let found = |record: &Outline<'_>| counts || record.seq <= base_seq;
            let records = records.iter().filter(found);
            records.for_each(|record| self.record(&record));
        }
    }

    fn record(&mut self, record: &Outline<'_>) {
        let seq = self.engine.seq();
        if record.seq > seq + 1 {
            // What is missing was acknowledged, or decided about once and left behind by a later reign.
            return;
        }
        if record.origin != 0 {
            let reply = (!record.reply.is_empty()).then(|| record.reply.to_vec());
            self.answered
                .note(record.origin, record.request, record.seq, reply);
        }
        if record.seq <= seq {
            return;
        }
        // Behind one that cannot be read, for all that its checksum says, the rest is missing.
        let Ok(effects) = record.effects() else {
            return;
        };
        if let Err(error) = self.engine.apply(record.time_ms, record.seq, &effects) {
            self.newer = Some(format!("A record of the log is not understood: {error:?}."));
        }
        while self.engine.poll().is_some() {}
    }

    pub fn end(mut self) -> Recovered {
        let limits = *self.engine.keyspace().limits();
        let seq = self.engine.seq();
        if self.first {
            // All records are in the snapshot: it does not tell whose calls they came of.
            self.answered.set_horizon_seq(seq);
        }
        let keyspace = std::mem::replace(self.engine.keyspace_mut(), Keyspace::new(limits));
        let lost = self.known_seq > seq && self.newer.is_none();
        if lost {
            let known_seq = self.known_seq;
            let sentence = format!("Records behind {seq} are lost: there were once {known_seq}.");
            self.damage.push(sentence);
        }

        Recovered {
            keyspace,
            seq,
            position: Position::default(),
            answered: self.answered,
            snapshots: Vec::new(),
            log: LogSize::default(),
            damage: self.damage,
            newer: self.newer,
            foreign: self.foreign,
            lost,
            tail_is_damaged: false,
        }
    }
}
