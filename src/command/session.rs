//! One client's state, and all clients'.
use std::collections::{BTreeMap, BTreeSet};

/// A key under WATCH.
#[derive(Clone, Debug)]
pub struct Watch {
    pub db: usize,
    pub key: Box<[u8]>,
    /// `Keyspace::touches` when the watch began.
    pub touches: u64,
    /// Whether the key was there, and the seq that this node stood at: what another node can check.
    pub existed: bool,
    pub seq: u64,
}

/// The commands queued since MULTI.
#[derive(Clone, Debug, Default)]
pub struct Multi {
    pub queue: Vec<Vec<Box<[u8]>>>,
    /// A command was refused: EXEC will be too.
    pub failed: bool,
}

/// Redis's CLIENT REPLY.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplyMode {
    #[default]
    On,
    Off,
    /// The reply to the next command is left out.
    SkipNext,
    Skip,
}

#[derive(Clone, Debug, Default)]
pub struct Session {
    pub id: u64,
    pub db: usize,
    /// 2 or 3.
    pub protocol: u8,
    pub name: Box<[u8]>,
    pub address: String,
    pub created_ms: u64,
    pub active_ms: u64,
    /// The name of the row last called, in upper case.
    pub last_command: &'static str,
    pub multi: Option<Multi>,
    pub watches: Vec<Watch>,
    pub channels: BTreeSet<Box<[u8]>>,
    pub patterns: BTreeSet<Box<[u8]>>,
    pub shard_channels: BTreeSet<Box<[u8]>>,
    /// Is told of every command.
    pub monitor: bool,
    pub reply_mode: ReplyMode,
    /// To be closed once the reply is out (QUIT, CLIENT KILL).
    pub closing: bool,
    pub no_evict: bool,
}

impl Session {
    /// Subscribed, and on RESP2: only a few commands are allowed.
    pub fn in_push_mode(&self) -> bool {
        self.protocol == 2 && self.subscriptions() > 0
    }

    pub fn subscriptions(&self) -> usize {
        self.channels.len() + self.patterns.len() + self.shard_channels.len()
    }
}

/// All sessions of this node, by id.
#[derive(Debug, Default)]
pub struct Sessions {
    pub all: BTreeMap<u64, Session>,
    pub last_id: u64,
}

impl Sessions {
    pub fn open(&mut self, now_ms: u64) -> u64 {
        self.last_id += 1;
        let session = Session {
            id: self.last_id,
            protocol: 2,
            created_ms: now_ms,
            active_ms: now_ms,
            ..Session::default()
        };
        self.all.insert(self.last_id, session);

        self.last_id
    }
}
