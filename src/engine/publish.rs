//! Messages and keyspace events, to this node's subscribers and as outputs for other nodes'.
use super::{Engine, Output};
use crate::command::Published;

impl Engine {
    /// Delivers a message to this node's subscribers; answers how many there were.
    pub fn deliver(&mut self, published: &Published) -> usize {
        let (channel, message) = (&published.channel, &published.message);
        let deliveries = if published.sharded {
            self.subscriptions.shard_deliveries(channel, message)
        } else {
            self.subscriptions.deliveries(channel, message)
        };
        let count = deliveries.len();
        for (session, reply) in deliveries {
            self.outputs.push_back(Output::Push { session, reply });
        }

        count
    }

    /// Delivers what PUBLISH left, and hands it on to other nodes.
    pub(super) fn deliver_published(&mut self) {
        for published in std::mem::take(&mut self.published) {
            self.deliver(&published);
            self.outputs.push_back(Output::Published(published));
        }
    }

    /// Every node tells its own subscribers of the events that it sees: they are not handed on.
    pub(super) fn publish_events(&mut self) {
        for event in self.keyspace.take_events() {
            let db = event.db;
            if self.settings.keyspace_channel {
                let channel = [format!("__keyspace@{db}__:").as_bytes(), &event.key].concat();
                self.deliver(&Published {
                    channel: channel.into(),
                    message: Box::from(event.name.as_bytes()),
                    sharded: false,
                });
            }
            if self.settings.keyevent_channel {
                let channel = format!("__keyevent@{db}__:{}", event.name);
                self.deliver(&Published {
                    channel: Box::from(channel.as_bytes()),
                    message: event.key,
                    sharded: false,
                });
            }
        }
    }
}
