//! Messages and keyspace events, to this node's subscribers and as outputs for other nodes'.
use super::{Engine, Output};

impl Engine {
    /// Delivers a message to this node's subscribers; answers how many there were.
    pub fn deliver(&mut self, channel: &[u8], message: &[u8]) -> usize {
        let deliveries = self.subscriptions.deliveries(channel, message);
        let count = deliveries.len();
        for (session, reply) in deliveries {
            self.outputs.push_back(Output::Push { session, reply });
        }

        count
    }

    /// Delivers what PUBLISH left, and hands it on to other nodes.
    pub(super) fn deliver_published(&mut self) {
        for (channel, message) in std::mem::take(&mut self.published) {
            self.deliver(&channel, &message);
            self.outputs
                .push_back(Output::Published { channel, message });
        }
    }

    /// Every node tells its own subscribers of the events that it sees: they are not handed on.
    pub(super) fn publish_events(&mut self) {
        for event in self.keyspace.take_events() {
            let db = event.db;
            if self.settings.keyspace_channel {
                let channel = [format!("__keyspace@{db}__:").as_bytes(), &event.key].concat();
                self.deliver(&channel, event.name.as_bytes());
            }
            if self.settings.keyevent_channel {
                let channel = format!("__keyevent@{db}__:{}", event.name);
                self.deliver(channel.as_bytes(), &event.key);
            }
        }
    }
}
