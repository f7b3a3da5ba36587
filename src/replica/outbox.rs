//! The calls of this node that a leader is to run, until they are answered.
//!
//! Exactly once is half of it here: the number stays, however often and to however many leaders the call is sent.
use std::collections::VecDeque;

use super::message::Asked;
use crate::base::sorted::SortedMap;

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
    /// The greatest epoch it was ever sent in: a leader of the past may be heard after a later one.
    latest_epoch: u64,
    /// The answer is here and waits for its records: asked once more, another leader might run it anew.
    answered: bool,
    bytes: usize,
}

/// What an answer is to the call that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The answer: the call is not asked again.
    Final,
    /// It was sent to a later leader too, who may do what the earlier refused: that one's answer counts.
    Outdated,
    /// Nobody waits for it.
    Unasked,
}

#[derive(Debug)]
pub struct Outbox<T> {
    last_number: u64,
    waiting: SortedMap<u64, Waiting<T>>,
    bytes: usize,
    /// Never sent, in order.
    unsent: VecDeque<u64>,
    unsent_bytes: usize,
    unsent_since_ms: u64,
    /// Everything sent was sent in this epoch, and the first is to be sent again at this time.
    epoch: u64,
    again_ms: u64,
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Outbox {
            last_number: 0,
            waiting: SortedMap::new(),
            bytes: 0,
            unsent: VecDeque::new(),
            unsent_bytes: 0,
            unsent_since_ms: 0,
            epoch: 0,
            again_ms: u64::MAX,
        }
    }
}

impl<T> Waiting<T> {
    fn send(&mut self, now_ms: u64, epoch: u64) -> Asked {
        self.sent = Some((epoch, now_ms));
        self.latest_epoch = self.latest_epoch.max(epoch);
        let asked = self.asked.clone();
        // From now on it may have been run: whoever is asked again must know of that time.
        self.asked.again = true;

        asked
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
        if self.unsent.is_empty() {
            self.unsent_since_ms = now_ms;
        }
        self.unsent.push_back(self.last_number);
        self.unsent_bytes += bytes;
        let waiting = Waiting {
            asked,
            to,
            sent: None,
            latest_epoch: 0,
            answered: false,
            bytes,
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
        if waiting.sent.is_none() {
            // Numbers grow: what is taken is found by halving, and mostly stands in front.
            if let Ok(at) = self.unsent.binary_search(&number) {
                self.unsent.remove(at);
            }
            self.unsent_bytes -= waiting.bytes;
        }

        Some(waiting)
    }

    /// Its answer has come from the leader of `epoch`. `epochs_rise`: there is a log, and who leads a later epoch has
    /// sealed the earlier off.
    pub fn answered(&mut self, number: u64, epoch: u64, epochs_rise: bool) -> Heard {
        let Some(waiting) = self.waiting.get_mut(&number) else {
            return Heard::Unasked;
        };
        let sent = match epochs_rise {
            true => Some(waiting.latest_epoch),
            false => waiting.sent.map(|(epoch, _)| epoch),
        };
        if sent.is_some_and(|sent| sent > epoch) {
            return Heard::Outdated;
        }
        waiting.answered = true;

        Heard::Final
    }

    /// The log, read since `since_ms`, ends in `epoch`: a later one that was heard of before is of another log.
    pub fn log_ends_in(&mut self, epoch: u64, since_ms: u64) {
        for waiting in self.waiting.values_mut() {
            if waiting.sent.is_some_and(|(_, at_ms)| at_ms < since_ms) {
                waiting.latest_epoch = waiting.latest_epoch.min(epoch);
            }
        }
    }

    /// A call that this node is about to run itself: as one sent, it may be done from now on.
    pub fn run(&mut self, number: u64) -> Option<Asked> {
        let waiting = self.waiting.get_mut(&number)?;
        if waiting.answered {
            return None;
        }
        let asked = waiting.asked.clone();
        waiting.asked.again = true;

        Some(asked)
    }

    /// What is to be sent to the leader of `epoch` now: what it was never sent, and what has waited long since.
    /// One message; call until empty. Few wait for many: while something is under way, what comes gathers.
    pub fn due(&mut self, now_ms: u64, epoch: u64) -> Vec<Asked> {
        let gathered = self.unsent.len() >= MESSAGE_CALLS || self.unsent_bytes >= MESSAGE_BYTES;
        let first = self.waiting.len() == self.unsent.len();
        let late = now_ms >= self.unsent_since_ms + AGAIN_MS;
        let mut items = Vec::new();
        if first || gathered || late {
            self.take_unsent(now_ms, epoch, &mut items);
        }
        // Looking at all of them is dear: only for another leader, or when the time has come.
        if items.is_empty() && (epoch != self.epoch || now_ms >= self.again_ms) {
            self.take_late(now_ms, epoch, &mut items);
        }

        items
    }

    fn take_unsent(&mut self, now_ms: u64, epoch: u64, items: &mut Vec<Asked>) {
        let mut bytes = 0;
        while items.len() < MESSAGE_CALLS && bytes < MESSAGE_BYTES {
            let Some(number) = self.unsent.pop_front() else {
                break;
            };
            let Some(waiting) = self.waiting.get_mut(&number) else {
                continue;
            };
            bytes += waiting.bytes;
            items.push(waiting.send(now_ms, epoch));
        }
        self.unsent_bytes -= bytes;
        self.unsent_since_ms = now_ms;
        if !items.is_empty() {
            self.again_ms = self.again_ms.min(now_ms + AGAIN_MS);
        }
    }

    fn take_late(&mut self, now_ms: u64, epoch: u64, items: &mut Vec<Asked>) {
        let mut bytes = 0;
        let mut next_ms = u64::MAX;
        for waiting in self.waiting.values_mut() {
            let Some((sent_epoch, at_ms)) = waiting.sent.filter(|_| !waiting.answered) else {
                continue;
            };
            let due = sent_epoch != epoch || now_ms >= at_ms + AGAIN_MS;
            if due && (items.len() >= MESSAGE_CALLS || bytes >= MESSAGE_BYTES) {
                // The rest goes with the next message.
                self.again_ms = now_ms;
                return;
            }
            if due {
                bytes += waiting.bytes;
                items.push(waiting.send(now_ms, epoch));
            }
            next_ms = next_ms.min(waiting.sent.map_or(u64::MAX, |(_, at_ms)| at_ms + AGAIN_MS));
        }
        self.epoch = epoch;
        self.again_ms = next_ms;
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
