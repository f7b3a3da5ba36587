//! The calls of this node that a leader is to run, until they are answered.
//!
//! Exactly once is half of it here: the number stays, however often and to however many leaders the call is sent.
use std::collections::BTreeMap;

use super::message::Asked;

/// Bytes of calls in one message.
const MESSAGE_BYTES: usize = 256 << 10;
/// Calls in one message.
const MESSAGE_CALLS: usize = 500;
/// Unanswered that long, a call is sent again.
const AGAIN_MS: u64 = 1000;

#[derive(Clone, Debug)]
pub struct Waiting<T> {
    pub asked: Asked,
    /// What the node does with the answer.
    pub to: T,
    /// The epoch it was last sent in, and when.
    sent: Option<(u64, u64)>,
    bytes: usize,
    since_ms: u64,
}

#[derive(Debug)]
pub struct Outbox<T> {
    last_number: u64,
    waiting: BTreeMap<u64, Waiting<T>>,
    /// Not yet sent in the present epoch.
    unsent: usize,
    bytes: usize,
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Outbox {
            last_number: 0,
            waiting: BTreeMap::new(),
            unsent: 0,
            bytes: 0,
        }
    }
}

impl<T: Clone> Outbox<T> {
    /// Keeps a call; `asked.number` is given here.
    pub fn put(&mut self, now_ms: u64, mut asked: Asked, to: T) -> u64 {
        self.last_number += 1;
        asked.number = self.last_number;
        let words = asked.commands.iter().flatten();
        let bytes = 64 + words.map(|word| word.len() + 8).sum::<usize>();
        self.bytes += bytes;
        self.unsent += 1;
        let waiting = Waiting {
            asked,
            to,
            sent: None,
            bytes,
            since_ms: now_ms,
        };
        self.waiting.insert(self.last_number, waiting);

        self.last_number
    }

    /// A number for a call that this node runs itself.
    pub fn number(&mut self) -> u64 {
        self.last_number += 1;

        self.last_number
    }

    pub fn take(&mut self, number: u64) -> Option<Waiting<T>> {
        let waiting = self.waiting.remove(&number)?;
        self.bytes -= waiting.bytes;
        self.unsent -= usize::from(waiting.sent.is_none());

        Some(waiting)
    }

    pub fn get(&self, number: u64) -> Option<&Waiting<T>> {
        self.waiting.get(&number)
    }

    /// What is to be sent to the leader of `epoch` now: what it was never sent, and what has waited long since.
    /// One message; call until empty. Few wait for many: while something is under way, what comes gathers.
    pub fn due(&mut self, now_ms: u64, epoch: u64) -> Vec<Asked> {
        let under_way = self.waiting.len() - self.unsent;
        let gathered = self.unsent >= MESSAGE_CALLS || self.bytes >= MESSAGE_BYTES;
        let flush = under_way == 0 || gathered;
        let mut items = Vec::new();
        let mut bytes = 0;
        for waiting in self.waiting.values_mut() {
            let due = match waiting.sent {
                None => flush || now_ms >= waiting.since_ms + AGAIN_MS,
                Some((sent_epoch, at_ms)) => sent_epoch < epoch || now_ms >= at_ms + AGAIN_MS,
            };
            if !due {
                continue;
            }
            self.unsent -= usize::from(waiting.sent.is_none());
            waiting.sent = Some((epoch, now_ms));
            bytes += waiting.bytes;
            items.push(waiting.asked.clone());
            // From now on it may have been run: whoever is asked again must know of that time.
            waiting.asked.again = true;
            if items.len() >= MESSAGE_CALLS || bytes >= MESSAGE_BYTES {
                break;
            }
        }

        items
    }

    /// Every number below has been answered.
    pub fn answered_below(&self) -> u64 {
        let first = self.waiting.first_key_value();

        first.map_or(self.last_number + 1, |(number, _)| *number)
    }

    pub fn numbers(&self) -> Vec<u64> {
        self.waiting.keys().copied().collect()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }
}
