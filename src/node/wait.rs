//! WAIT and WAITAOF: who else has what was written, and whether it would outlive the machine.
//!
//! Followers are asked, and only what they tell counts. All tabs share one storage: what is durable there is so for
//! every follower that has the record.
use super::Node;
use crate::command::{Error, Reply, Wait};
use crate::replica::Message;

/// Between two questions.
const ASK_MS: u64 = 200;

#[derive(Debug)]
pub(super) struct Waiter {
    call: u64,
    seq: u64,
    wait: Wait,
    due_ms: Option<u64>,
    ask_ms: u64,
}

impl Node {
    pub(super) fn begin_wait(&mut self, wait: Wait, call: Option<u64>) {
        let Some(call) = call else { return };
        let (seq, now_ms) = (self.engine.seq(), self.now_ms);
        if let (Some(_), Some(leader)) = (wait.durable, self.leader()) {
            leader.make_durable(seq);
        }
        self.waiting.followers.push(Waiter {
            call,
            seq,
            wait,
            due_ms: (wait.timeout_ms > 0).then(|| now_ms.saturating_add(wait.timeout_ms)),
            ask_ms: now_ms,
        });
    }

    /// Answers waits that are over, and asks the followers for the others.
    pub(super) fn tell_waiters(&mut self) {
        if self.waiting.followers.is_empty() {
            return;
        }
        let (now_ms, committed_seq) = (self.now_ms, self.committed_seq());
        let has_storage = !self.storage.is_none();
        let durable_seq = self.leader().map(|leader| leader.durable_seq());
        let mut asks = false;
        for mut waiter in std::mem::take(&mut self.waiting.followers) {
            let Some(durable_seq) = durable_seq else {
                self.reply(waiter.call, Error::ROLE_CHANGED.into());
                continue;
            };
            let is_durable = has_storage && durable_seq >= waiter.seq;
            let counts =
                committed_seq >= waiter.seq && (waiter.wait.durable.is_none() || is_durable);
            let count = if counts {
                self.followers_at(waiter.seq)
            } else {
                0
            };
            let done =
                count >= waiter.wait.followers && (waiter.wait.durable != Some(true) || is_durable);
            if done || waiter.due_ms.is_some_and(|due_ms| now_ms >= due_ms) {
                let reply = match waiter.wait.durable {
                    None => Reply::count(count),
                    Some(_) => {
                        Reply::Array(vec![Reply::Int(is_durable.into()), Reply::count(count)])
                    }
                };
                self.reply(waiter.call, reply);
                continue;
            }
            if counts && now_ms >= waiter.ask_ms {
                asks = true;
                waiter.ask_ms = now_ms + ASK_MS;
            }
            self.waiting.followers.push(waiter);
        }
        if asks {
            self.send(&Message::Hello(self.info()));
        }
    }

    fn followers_at(&self, seq: u64) -> usize {
        let epoch = self.epoch();
        let peers = self.peers.values().map(|(info, _)| info);

        peers
            .filter(|info| !info.leads && info.epoch == epoch && info.seq >= seq)
            .count()
    }

    pub(super) fn waiters_due_ms(&self) -> Option<u64> {
        let waiters = self.waiting.followers.iter();

        waiters
            .map(|waiter| waiter.due_ms.unwrap_or(u64::MAX).min(waiter.ask_ms))
            .min()
    }
}
