//! The BroadcastChannel, simulated: messages come late, twice, in another order, or never.
use super::trace::{Weight, show_message};
use super::weather::{Builds, Moment};
use super::world::{What, World};
use crate::node::Input;

/// Where the protocol's version stands in a message, and where its kind.
const VERSION_AT: usize = 1;
const KIND_AT: usize = 2;
/// A copy comes so late at most.
const STALE_US: u64 = 60_000_000;

impl World {
    pub(super) fn send(&mut self, from: usize, bytes: Vec<u8>) {
        self.note(Weight::Chatter, || {
            format!("tab {from}: says {}", show_message(&bytes))
        });
        if !self.weather.aims.is_empty() && !self.calm {
            let moment = moment(&bytes);
            moment.into_iter().for_each(|moment| self.aim(moment, from));
        }
        if self.now_us < self.tabs[from].deaf_until_us {
            return;
        }
        for tab in 0..self.tabs.len() {
            if tab != from && self.tabs[tab].node.is_some() {
                self.send_to(from, tab, &bytes);
            }
        }
    }

    fn send_to(&mut self, from: usize, tab: usize, bytes: &[u8]) {
        let mut copies = 1;
        if !self.calm {
            copies -= u64::from(self.rng.below(10_000) < self.weather.dropped);
            copies += u64::from(self.rng.below(10_000) < self.weather.doubled);
        }
        for copy in 0..copies {
            // A copy may come long after.
            let span_us = match copy {
                0 => self.weather.delay_us,
                _ if self.rng.below(100) < self.weather.stale => STALE_US,
                _ => 3_000_000,
            };
            let delay_us = 100 + self.rng.below(span_us);
            if self.now_us + delay_us < self.tabs[tab].deaf_until_us {
                continue;
            }
            let mut bytes = bytes.to_vec();
            let foreign = self.tabs[from].newer != self.tabs[tab].newer;
            if foreign && self.weather.builds != Builds::Same {
                bytes[VERSION_AT] ^= 0x40;
            }
            let life = self.tabs[tab].life;
            let input = Input::Received(bytes);
            self.later(delay_us, What::Input { tab, life, input });
        }
    }
}

/// Which point of the protocol it is that this is said.
fn moment(message: &[u8]) -> Option<Moment> {
    match message.get(KIND_AT)? {
        3 => Some(Moment::Replying),
        5 => Some(Moment::CatchingUp),
        11 => Some(Moment::HandingOver),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::Message;

    #[test]
    fn moments_are_told_by_the_kind_of_a_message() {
        let (epoch, to, from) = (1, 2, 3);
        let at = (1, 2);
        let items = Vec::new();
        let told = [
            (Message::Answers { epoch, to, items }, Moment::Replying),
            (Message::Ask { from, at }, Moment::CatchingUp),
            (Message::HandOver { epoch, to }, Moment::HandingOver),
        ];
        for (message, expected) in told {
            assert_eq!(moment(&message.encode()), Some(expected));
        }
        assert_eq!(moment(&Message::Leaving { from }.encode()), None);
    }
}
