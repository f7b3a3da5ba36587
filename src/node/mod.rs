//! Layer 5: the sans-IO whole. Joins engine, log and replica; performs nothing.
mod io;
mod options;
mod status;

pub use io::{
    BlockKey, Called, Event, Input, Level, Output, StorageError, StorageOp, StorageReply,
};
#[cfg(any(test, feature = "sim"))]
pub use options::Mutants;
pub use options::{Election, NodeOptions};
pub use status::{Peer, Status};

use std::collections::VecDeque;

use crate::engine::{Engine, Outcome};

/// One running kilat.
///
/// After `new` and after each `handle`, `call`, `import` or `close_session` the driver polls until `None`.
pub struct Node {
    options: NodeOptions,
    engine: Engine,
    outputs: VecDeque<Output>,
}

impl Node {
    pub fn new(now_ms: u64, options: NodeOptions) -> Self {
        let mut engine = Engine::new(options.seed, options.settings.clone());
        engine.facts_mut().started_ms = now_ms;
        Node {
            options,
            engine,
            outputs: VecDeque::new(),
        }
    }

    /// Takes an input; what is to be done about it comes out of `poll`.
    pub fn handle(&mut self, _now_ms: u64, _input: Input) {}

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub fn open_session(&mut self, now_ms: u64) -> u64 {
        self.engine.open_session(now_ms)
    }

    pub fn close_session(&mut self, session: u64) {
        self.engine.close_session(session);
    }

    /// Runs a call of a session, to be acknowledged at `level`, the node's own where it is `None`.
    ///
    /// Reads are answered at once in every role. Until the data is there (`Status::ready`; the first
    /// `Event::Follower` says so) all else is answered with LOADING.
    pub fn call(
        &mut self,
        now_ms: u64,
        session: u64,
        _level: Option<Level>,
        argv: &[&[u8]],
    ) -> Called {
        match self.engine.execute(now_ms, session, argv) {
            Outcome::Reply(reply) => {
                while self.engine.poll().is_some() {}
                Called::Reply(reply)
            }
            _ => Called::Pending(0),
        }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// All data as a `dump.rdb`.
    pub fn export(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// Replaces all data by a `dump.rdb`. Corrupt bytes are an error and change nothing.
    pub fn import(&mut self, _now_ms: u64, _bytes: &[u8]) -> Called {
        Called::Reply(crate::command::Reply::OK)
    }

    pub fn status(&self, _now_ms: u64) -> Status {
        Status {
            name: self.options.name.clone(),
            id: String::new(),
            role: "opening",
            ready: false,
            epoch: 0,
            seq: 0,
            committed_seq: 0,
            lag: 0,
            level: "everysec",
            visible: true,
            leader: None,
            peers: Vec::new(),
            storage: "opening",
            pending_bytes: 0,
            waiting_calls: 0,
            saving: false,
            last_save_ms: 0,
            log_bytes: 0,
            protocol: crate::replica::VERSION,
        }
    }
}
