//! Who listens to which channel and pattern.
use super::{Reply, Session};
use crate::base::glob;
use crate::base::sorted::{SortedMap, SortedSet};

type Listeners = SortedMap<Box<[u8]>, SortedSet<u64>>;

/// What a name that is listened to means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Channel,
    Pattern,
    /// A channel of SSUBSCRIBE and SPUBLISH: a world of its own.
    ShardChannel,
}

impl Topic {
    pub const ALL: [Topic; 3] = [Topic::Channel, Topic::Pattern, Topic::ShardChannel];

    /// The names that a session listens to.
    pub fn of(self, session: &mut Session) -> &mut SortedSet<Box<[u8]>> {
        match self {
            Topic::Channel => &mut session.channels,
            Topic::Pattern => &mut session.patterns,
            Topic::ShardChannel => &mut session.shard_channels,
        }
    }
}

/// A message under way to its subscribers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub channel: Box<[u8]>,
    pub message: Box<[u8]>,
    /// By SPUBLISH, for shard channels.
    pub sharded: bool,
}

/// Sessions by what they listen to.
#[derive(Debug, Default)]
pub struct Subscriptions {
    pub channels: Listeners,
    pub patterns: Listeners,
    pub shard_channels: Listeners,
}

impl Subscriptions {
    fn listeners(&mut self, topic: Topic) -> &mut Listeners {
        match topic {
            Topic::Channel => &mut self.channels,
            Topic::Pattern => &mut self.patterns,
            Topic::ShardChannel => &mut self.shard_channels,
        }
    }

    pub fn subscribe(&mut self, session: u64, topic: Topic, name: &[u8]) {
        let listeners = self.listeners(topic);
        listeners.or_default(name.into()).insert(session);
    }

    pub fn unsubscribe(&mut self, session: u64, topic: Topic, name: &[u8]) {
        let listeners = self.listeners(topic);
        if let Some(sessions) = listeners.get_mut(name) {
            sessions.remove(&session);
            if sessions.is_empty() {
                listeners.remove(name);
            }
        }
    }

    /// How many deliveries a message on `channel` makes.
    pub fn receivers(&self, channel: &[u8]) -> usize {
        let direct = self.channels.get(channel).map_or(0, SortedSet::len);
        let matching = self
            .patterns
            .iter()
            .filter(|(pattern, _)| glob::matches(pattern, channel));

        direct + matching.map(|(_, sessions)| sessions.len()).sum::<usize>()
    }

    pub fn shard_receivers(&self, channel: &[u8]) -> usize {
        self.shard_channels.get(channel).map_or(0, SortedSet::len)
    }

    /// The pushes that `message` on `channel` makes, and for whom.
    pub fn deliveries(&self, channel: &[u8], message: &[u8]) -> Vec<(u64, Reply)> {
        let mut deliveries = direct(&self.channels, "message", channel, message);
        let matching = self
            .patterns
            .iter()
            .filter(|(pattern, _)| glob::matches(pattern, channel));
        for (pattern, sessions) in matching {
            let words = [&b"pmessage"[..], pattern, channel, message];
            let push = Reply::Push(words.map(Reply::bulk).into());
            deliveries.extend(sessions.iter().map(|session| (*session, push.clone())));
        }

        deliveries
    }

    /// As `deliveries`, for SPUBLISH.
    pub fn shard_deliveries(&self, channel: &[u8], message: &[u8]) -> Vec<(u64, Reply)> {
        direct(&self.shard_channels, "smessage", channel, message)
    }
}

fn direct(listeners: &Listeners, kind: &str, channel: &[u8], message: &[u8]) -> Vec<(u64, Reply)> {
    let push = || {
        let words = [kind.as_bytes(), channel, message];
        Reply::Push(words.map(Reply::bulk).into())
    };
    let sessions = listeners.get(channel).into_iter();
    let sessions = sessions.flat_map(SortedSet::iter);

    sessions.map(|session| (*session, push())).collect()
}
