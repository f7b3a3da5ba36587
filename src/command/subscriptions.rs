//! Who listens to which channel and pattern.
use std::collections::{BTreeMap, BTreeSet};

use super::Reply;
use crate::base::glob;

type Listeners = BTreeMap<Box<[u8]>, BTreeSet<u64>>;

/// Sessions by what they listen to.
#[derive(Debug, Default)]
pub struct Subscriptions {
    pub channels: Listeners,
    pub patterns: Listeners,
}

impl Subscriptions {
    pub fn subscribe(&mut self, session: u64, channel: &[u8]) {
        self.channels
            .entry(channel.into())
            .or_default()
            .insert(session);
    }

    pub fn subscribe_pattern(&mut self, session: u64, pattern: &[u8]) {
        self.patterns
            .entry(pattern.into())
            .or_default()
            .insert(session);
    }

    pub fn unsubscribe(&mut self, session: u64, channel: &[u8]) {
        leave(&mut self.channels, session, channel);
    }

    pub fn unsubscribe_pattern(&mut self, session: u64, pattern: &[u8]) {
        leave(&mut self.patterns, session, pattern);
    }

    /// The pushes that `message` on `channel` makes, and for whom.
    pub fn deliveries(&self, channel: &[u8], message: &[u8]) -> Vec<(u64, Reply)> {
        let direct = self
            .channels
            .get(channel)
            .into_iter()
            .flatten()
            .map(|session| {
                let words = [&b"message"[..], channel, message];
                (*session, Reply::Push(words.map(Reply::bulk).into()))
            });
        let matching = self
            .patterns
            .iter()
            .filter(|(pattern, _)| glob::matches(pattern, channel));
        let by_pattern = matching.flat_map(|(pattern, sessions)| {
            sessions.iter().map(move |session| {
                let words = [&b"pmessage"[..], &**pattern, channel, message];
                (*session, Reply::Push(words.map(Reply::bulk).into()))
            })
        });

        direct.chain(by_pattern).collect()
    }
}

fn leave(listeners: &mut Listeners, session: u64, name: &[u8]) {
    if let Some(sessions) = listeners.get_mut(name) {
        sessions.remove(&session);
        if sessions.is_empty() {
            listeners.remove(name);
        }
    }
}
