//! What a handler is given: all that it may touch.
use std::cell::RefCell;

use super::{
    Effects, Facts, Published, Reply, ServerStats, Session, Sessions, Settings, Subscriptions,
    Topic,
};
use crate::base::rng::Rng;
use crate::keyspace::{Keys, KeysMut, Keyspace};

/// For commands that only read keys.
pub struct ReadContext<'a> {
    pub keys: Keys<'a>,
    pub settings: &'a Settings,
    pub rng: &'a RefCell<Rng>,
}

/// For commands that may change keys.
pub struct WriteContext<'a> {
    pub keys: KeysMut<'a>,
    pub settings: &'a Settings,
    pub rng: &'a RefCell<Rng>,
    pub effects: &'a mut Effects,
    /// Messages to be delivered.
    pub published: &'a mut Vec<Published>,
    pub subscriptions: &'a Subscriptions,
}

/// For commands about the session, the node or all of it.
pub struct SessionContext<'a> {
    /// The caller's id in `sessions`.
    pub id: u64,
    pub sessions: &'a mut Sessions,
    pub subscriptions: &'a mut Subscriptions,
    pub settings: &'a mut Settings,
    pub facts: &'a Facts,
    pub stats: &'a mut ServerStats,
    pub keyspace: &'a mut Keyspace,
    pub rng: &'a RefCell<Rng>,
    /// Replies to other sessions, out of band.
    pub pushes: &'a mut Vec<(u64, Reply)>,
    /// What the node is to do.
    pub actions: &'a mut Vec<Action>,
    /// What the node is to do before the call is answered; the handler's reply is then left aside.
    pub waiting: &'a mut Option<Action>,
}

impl SessionContext<'_> {
    pub fn session(&mut self) -> &mut Session {
        self.sessions
            .all
            .get_mut(&self.id)
            .expect("the caller's session is open")
    }

    /// Ends the caller's watches.
    pub fn unwatch_all(&mut self) {
        for watch in std::mem::take(&mut self.session().watches) {
            self.keyspace.unwatch(watch.db, &watch.key);
        }
    }

    /// Ends the caller's subscriptions.
    pub fn unsubscribe_all(&mut self) {
        for topic in Topic::ALL {
            for name in std::mem::take(topic.of(self.session())).iter() {
                self.subscriptions.unsubscribe(self.id, topic, name);
            }
        }
    }

    /// The keys of the caller's database.
    pub fn keys(&self) -> Keys<'_> {
        self.keyspace.keys(self.sessions.all[&self.id].db)
    }
}

/// What only the node can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Write a snapshot and answer when it is published.
    Save,
    /// Write a snapshot in the background.
    SaveInBackground,
    /// Write a snapshot, drop everything and load it again (DEBUG RELOAD).
    Reload,
    /// Drop everything and replay snapshot and log (DEBUG LOADAOF).
    ReplayLog,
    /// Answer after this many milliseconds and do nothing else meanwhile (DEBUG SLEEP).
    Sleep(u64),
    /// Close this session.
    Close(u64),
    /// Send this session all data, then every effect.
    Replicate(u64),
    /// End the node; with or without a snapshot.
    Shutdown { save: bool },
    /// Hand the lead to another node.
    Failover(Failover),
    /// Take a FAILOVER back that is not done yet.
    AbortFailover,
    /// Answer once followers have what was written so far.
    Wait(Wait),
}

/// Redis's FAILOVER.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failover {
    /// The node to lead next; whoever is fit where it is `None`.
    pub to: Option<u64>,
    /// What is not done by then is taken back, or with `force` given up.
    pub timeout_ms: Option<u64>,
    pub force: bool,
}

/// Redis's WAIT and WAITAOF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub followers: usize,
    /// 0: for ever.
    pub timeout_ms: u64,
    /// WAITAOF: whether storage must have it beyond a crash of the machine.
    pub durable: Option<bool>,
}
