//! Layer 4: one deterministic machine that runs commands for sessions.
//!
//! `execute` answers a call; what else comes of it waits in `poll` until `None`. The same calls with the same
//! times and seed give the same replies and records. Knows commands and keys; knows no log, no other node.
mod apply;
mod carry;
mod evict;
mod execute;
mod monitor;
mod publish;
mod request;
mod room;
#[cfg(test)]
mod tests;
mod transaction;

use std::cell::RefCell;
use std::collections::VecDeque;

pub use apply::ApplyError;
pub use request::{Precondition, Request};
pub use room::Room;

use crate::base::rng::Rng;
use crate::command::{
    Action, Effect, Effects, Facts, Published, Reply, Role, ServerStats, Sessions, Settings,
    Subscriptions, Topic,
};
use crate::keyspace::{Authority, Keys, Keyspace};

/// Due keys removed before one command, at most: more would stop the page.
const EXPIRE_SLICE: usize = 200;
/// Members and elements dropped before one command and in one idle moment, at most, of what is no key any more.
const DROP_SLICE: usize = 200;
const IDLE_DROP_SLICE: usize = 2000;

/// What a call comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Reply(Reply),
    /// A write at a follower: the leader is to run it and its answer is the reply.
    Forward(Request),
    /// The node answers when it has done this.
    Wait(Action),
}

/// What a call brought about beside its reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// What changed, to be logged and sent to followers. `seq` counts records without gaps.
    Record {
        seq: u64,
        effects: Vec<Effect>,
    },
    /// A reply to a session that did not ask, or asked long ago.
    Push {
        session: u64,
        reply: Reply,
    },
    /// A message that this node's subscribers have and other nodes' are to be given.
    Published(Published),
    /// A key's time was past, and it is gone; its DEL is in a record.
    Expired {
        db: usize,
        key: Box<[u8]>,
    },
    Action(Action),
}

/// The engine: keys, sessions, settings.
pub struct Engine {
    keyspace: Keyspace,
    sessions: Sessions,
    subscriptions: Subscriptions,
    settings: Settings,
    facts: Facts,
    stats: ServerStats,
    rng: RefCell<Rng>,
    seq: u64,
    outputs: VecDeque<Output>,
    published: Vec<Published>,
    /// Of the write under way.
    effects: Effects,
    /// The data was past its limit when the call under way began, whatever was evicted.
    is_over: bool,
    /// The policy let no more keys go, and it was not enough.
    out_of_room: bool,
    room: Room,
    /// What a session command wants done before it is answered.
    waiting: Option<Action>,
}

impl Engine {
    /// An empty leader. `seed` determines every hash table and random choice.
    pub fn new(seed: u64, mut settings: Settings) -> Self {
        settings.limits.seed = seed;
        Engine {
            keyspace: Keyspace::new(settings.limits),
            sessions: Sessions::default(),
            subscriptions: Subscriptions::default(),
            settings,
            facts: Facts::default(),
            stats: ServerStats::default(),
            rng: RefCell::new(Rng::new(seed)),
            seq: 0,
            outputs: VecDeque::new(),
            published: Vec::new(),
            effects: Effects::default(),
            is_over: false,
            out_of_room: false,
            room: Room::default(),
            waiting: None,
        }
    }

    /// Opens a session on database 0, RESP2.
    pub fn open_session(&mut self, now_ms: u64) -> u64 {
        self.stats.connections += 1;

        self.sessions.open(now_ms)
    }

    /// Ends a session: its watches and subscriptions go with it.
    pub fn close_session(&mut self, id: u64) {
        self.unwatch_all(id);
        let Some(mut session) = self.sessions.all.remove(&id) else {
            return;
        };
        for topic in Topic::ALL {
            for name in topic.of(&mut session).iter() {
                self.subscriptions.unsubscribe(id, topic, name);
            }
        }
    }

    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub fn sessions_mut(&mut self) -> &mut Sessions {
        &mut self.sessions
    }

    pub fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    pub fn keyspace(&self) -> &Keyspace {
        &self.keyspace
    }

    /// For loading and walking; commands go through `execute`.
    pub fn keyspace_mut(&mut self) -> &mut Keyspace {
        &mut self.keyspace
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    /// Whether records are made of what changes: they are until told otherwise. `seq` goes on without them.
    pub fn set_recording(&mut self, records: bool) {
        self.effects.set_heard(records);
    }

    pub fn is_recording(&self) -> bool {
        self.effects.is_heard()
    }

    pub fn stats(&self) -> &ServerStats {
        &self.stats
    }

    /// The number of the last record made or applied.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// After a snapshot was loaded.
    pub fn set_seq(&mut self, seq: u64) {
        self.seq = seq;
        self.keyspace.set_version(seq);
    }

    /// Takes the data of a snapshot, which is as it was at `seq`.
    pub fn load(&mut self, mut keyspace: Keyspace, seq: u64) {
        keyspace.set_loaded_version(seq);
        self.replace_keyspace(keyspace);
        self.set_seq(seq);
    }

    pub fn role(&self) -> Role {
        self.facts.role
    }

    /// Leaders write and remove what is due; followers forward writes and hide what is due.
    pub fn set_role(&mut self, role: Role) {
        self.facts.role = role;
        self.keyspace.set_authority(match role {
            Role::Leader => Authority::Leader,
            Role::Follower => Authority::Follower,
        });
    }

    /// Replaces all data, as after a reload. Sessions and settings stay; watched keys count as touched.
    pub fn replace_keyspace(&mut self, mut keyspace: Keyspace) {
        keyspace.set_now(self.keyspace.now_ms());
        keyspace.set_authority(self.keyspace.authority());
        keyspace.set_events_wanted(self.settings.events);
        *keyspace.limits_mut() = self.settings.limits;
        keyspace.set_eviction(self.settings.eviction);
        for session in self.sessions.all.values_mut() {
            for watch in &mut session.watches {
                let old = self.keyspace.keys(watch.db);
                let there = |keys: Keys<'_>| keys.contains(&watch.key);
                let touched = there(old) || there(keyspace.keys(watch.db));
                let so_far = self.keyspace.touches(watch.db, &watch.key);
                let begun = keyspace.watch(watch.db, &watch.key);
                // What was touched before stays so.
                if touched || so_far != watch.touches {
                    watch.touches = begun.wrapping_sub(1);
                } else {
                    watch.touches = begun;
                }
            }
        }
        keyspace.take_observers(&mut self.keyspace);
        keyspace.stats = std::mem::take(&mut self.keyspace.stats);
        self.keyspace = keyspace;
    }

    /// What is left to be done; call until `None` after every other call.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When the engine wants `tick`, in milliseconds of the Unix epoch.
    pub fn next_tick_ms(&self) -> Option<u64> {
        let leads = self.role() == Role::Leader && self.settings.active_expire;

        // A key is due when its time is past, not when it is reached.
        leads
            .then(|| self.keyspace.next_due_ms())
            .flatten()
            .map(|at| at + 1)
    }

    /// Removes a slice of what is due.
    pub fn tick(&mut self, now_ms: u64) {
        self.keyspace.set_now(now_ms);
        self.expire_slice();
    }

    /// Whether there is something to do that can wait: `idle` does a slice of it.
    pub fn has_idle_work(&self) -> bool {
        self.keyspace.has_remains()
    }

    /// For a moment when nothing else is to be done; takes well below a millisecond.
    pub fn idle(&mut self) {
        self.keyspace.drop_remains(IDLE_DROP_SLICE);
    }

    /// All of it, however long that takes.
    pub(super) fn drop_all_remains(&mut self) {
        while self.has_idle_work() {
            self.idle();
        }
    }

    /// Everything that is due must be gone before the next command runs, within a bound.
    fn expire_slice(&mut self) {
        if self.settings.active_expire && self.keyspace.next_due_ms().is_some() {
            self.keyspace.set_version(self.seq + 1);
            self.keyspace.expire_due(EXPIRE_SLICE);
            self.finish_write();
        }
    }

    /// A DEL for each key removed because it was due, at its place among the effects.
    #[inline]
    fn log_expired(&mut self) {
        if !self.keyspace.has_expired() {
            return;
        }
        for (db, key) in self.keyspace.take_expired() {
            self.effects.add_removed(db, &key);
            self.outputs.push_back(Output::Expired { db, key });
        }
    }

    /// Turns what was changed into a record, deletions of due keys first, and delivers events and messages.
    fn finish_write(&mut self) {
        self.effects.rewind();
        self.log_expired();
        if let Some(effects) = self.effects.take() {
            self.seq += 1;
            if self.effects.is_heard() {
                let seq = self.seq;
                self.outputs.push_back(Output::Record { seq, effects });
            }
        }
        if self.keyspace.has_events() {
            self.publish_events();
        }
        if !self.published.is_empty() {
            self.deliver_published();
        }
    }
}
