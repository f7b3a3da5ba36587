//! Transactions of the nodes: on their way to storage, done or not, and answered.
use super::trace::{Weight, show_op};
use super::weather::{Builds, Moment};
use super::world::{Sleep, Transaction, What, World};
use crate::node::{Input, Stand, StorageError, StorageOp};

/// Where a block's bytes tell what kind it is, and the kind of one that publishes a snapshot.
const KIND_AT: usize = 9;
const SNAPSHOT: u8 = 2;

impl World {
    pub(super) fn store(&mut self, tab: usize, id: u64, op: StorageOp) {
        self.note(Weight::Step, || {
            format!("tab {tab}: store {id}: {}", show_op(&op))
        });
        if let StorageOp::Open { .. } = op {
            self.counter += 1;
            self.tabs[tab].connection = self.counter;
            self.tabs[tab].opened = self.counter;
        }
        let (life, connection) = (self.tabs[tab].life, self.tabs[tab].connection);
        let mut delay_us = 100 + self.rng.below(self.weather.storage_us);
        if !self.calm {
            let struck = self
                .moment(tab, &op)
                .is_some_and(|moment| self.aim_at(moment, tab));
            let at = &self.tabs[tab];
            let asleep = at.life == life && at.sleep != Sleep::Awake;
            if asleep && struck && self.rng.below(2) == 0 {
                // It fell asleep just before: what it meant to do comes when it wakes.
                delay_us += at.wakes_us.saturating_sub(self.now_us);
            } else if struck || self.rng.below(200) == 0 {
                // What was begun at a bad moment may be done long after.
                delay_us += self.rng.below(300_000);
            }
        }
        let transaction = Transaction {
            tab,
            life,
            connection,
            id,
            op,
        };
        self.later(delay_us, What::Perform(Box::new(transaction)));
    }

    /// Which point of the protocol it is that this is asked of storage.
    fn moment(&self, tab: usize, op: &StorageOp) -> Option<Moment> {
        let stand = self.tabs[tab].node.as_ref()?.glance().stand;
        let moment = match (stand, op) {
            (Stand::Claiming, StorageOp::Seal { .. }) => Moment::BetweenReadAndSeal,
            (Stand::Claiming, StorageOp::Read { .. }) => Moment::ReadingTheLog,
            (Stand::Leading, StorageOp::Add { bytes, .. }) => match bytes.get(KIND_AT) {
                Some(&SNAPSHOT) => Moment::Publishing,
                _ => Moment::Committing,
            },
            (Stand::Following, StorageOp::Read { .. }) => Moment::CatchingUp,
            (Stand::Opening, StorageOp::Read { .. } | StorageOp::ReadPiece { .. }) => {
                Moment::Recovering
            }
            (_, StorageOp::AddPieces { .. }) => Moment::InSnapshot,
            (_, StorageOp::Keys) => Moment::BetweenPublishAndCut,
            (_, StorageOp::Delete { .. } | StorageOp::KeepPieces { .. }) => Moment::InCut,
            (_, StorageOp::Open { .. }) => Moment::Opening,
            _ => return None,
        };

        Some(moment)
    }

    pub(super) fn perform(&mut self, transaction: Transaction) {
        if self.now_us < self.stalled_until_us {
            let delay_us = self.stalled_until_us - self.now_us + self.rng.below(1000);
            return self.later(delay_us, What::Perform(Box::new(transaction)));
        }
        let (tab, life) = (transaction.tab, transaction.life);
        let at = &self.tabs[tab];
        let alive = at.life == life && at.node.is_some();
        // What was under way when its page died may or may not be done; not on a connection that was closed before.
        let closed = self.closed.contains(&transaction.connection);
        if !alive && (closed || self.rng.below(2) == 0) {
            return;
        }
        let Transaction {
            connection, id, op, ..
        } = transaction;
        let newer = at.newer || self.weather.builds != Builds::OtherFormat;
        let stale = alive && at.connection != connection;
        // A connection of before storage was cleared reaches nothing.
        let cleared = connection < self.check.cleared_at;
        let (drawn, done) = (self.rng.below(10_000), self.rng.below(2) == 0);
        // What was under way on a closed connection was done before another was opened, or never.
        let done = done && !cleared && !(stale && at.opened != connection);
        let (unknown, lost) = (self.weather.unknown, self.weather.lost);
        let closes = op == StorageOp::Close;
        let moment = self.moment(tab, &op);
        let result = if cleared || stale || (!self.calm && drawn < lost && !closes) {
            if done {
                drop(self.database.perform(op, newer));
            }
            Err(StorageError::Lost)
        } else if self.weather.private && !closes {
            Err(StorageError::Unavailable("a private window".into()))
        } else if !self.calm && drawn < lost + unknown && !closes {
            if done {
                drop(self.database.perform(op, newer));
            }
            Err(StorageError::Unknown("aborted".into()))
        } else {
            self.database.perform(op, newer)
        };
        if result.is_ok() && alive {
            match moment {
                Some(Moment::Committing) => self.aim(Moment::BetweenCommitAndReply, tab),
                Some(Moment::BetweenReadAndSeal) => self.aim(Moment::BetweenSealAndLead, tab),
                _ => {}
            }
        }
        let delay_us = 50 + self.rng.below(self.weather.storage_us);
        let input = Input::Stored { id, result };
        self.later(delay_us, What::Input { tab, life, input });
    }
}
