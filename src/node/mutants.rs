//! The rule of one transaction at a time, broken: a batch goes to storage though the one before is under way.
//!
//! What it takes to break the other rules stands where they are kept.
use super::storage::Job;
use super::{Error, Node, Phase, StorageError, StorageReply};
use crate::log::Body;
use crate::replica::Message;

impl Node {
    /// Does not wait for the commit under way.
    pub(super) fn pump_ahead(&mut self) {
        let commits = self.storage.job() == Some(Job::Commit);
        if !self.options.mutants.many_in_flight || !commits || self.stepping_down {
            return;
        }
        let (now_ms, id) = (self.now_ms, self.storage.under_way_id());
        let Phase::Leading(leader) = &mut self.phase else {
            return;
        };
        if leader.batch_is_empty() {
            return;
        }
        let (Some(under_way), Some(id)) = (leader.under_way.take(), id) else {
            return;
        };
        let (records, strict) = leader.take_batch(now_ms);
        let last_seq = records.last().map_or(under_way.last_seq, |last| last.seq);
        self.ahead.push((id, under_way));
        self.storage.forget();
        let at = self.position.next;
        self.advance(at, &Body::Records(Vec::new()));
        self.commit(Body::Records(records), last_seq, strict);
    }

    /// Whether it was one of those that were not waited for.
    pub(super) fn stored_ahead(
        &mut self,
        id: u64,
        result: &Result<StorageReply, StorageError>,
    ) -> bool {
        let Some(found) = self.ahead.iter().position(|(of, _)| *of == id) else {
            return false;
        };
        let (_, done) = self.ahead.remove(found);
        if result.is_err() {
            self.step_down(&Error::NOT_COMMITTED);
            self.spoil();
        } else if let Some(leader) = self.leader() {
            leader.committed_seq = leader.committed_seq.max(done.last_seq);
            let epoch = leader.epoch;
            let blocks = vec![(done.at, done.bytes)];
            self.send(&Message::Blocks {
                epoch,
                to: None,
                blocks,
            });
            self.release_acks();
        }

        true
    }
}
