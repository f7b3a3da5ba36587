//! One client's state, and all clients'.
use crate::base::sorted::{SortedMap, SortedSet};

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
    /// A command in the queue may need memory.
    pub grows: bool,
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
    /// `ip:port` of the client, and of the side that it called.
    pub address: String,
    pub local_address: String,
    pub created_ms: u64,
    pub active_ms: u64,
    /// The name of the row last called, in upper case.
    pub last_command: &'static str,
    pub multi: Option<Multi>,
    pub watches: Vec<Watch>,
    pub channels: SortedSet<Box<[u8]>>,
    pub patterns: SortedSet<Box<[u8]>>,
    pub shard_channels: SortedSet<Box<[u8]>>,
    /// Is told of every command.
    pub monitor: bool,
    pub reply_mode: ReplyMode,
    /// To be closed once the reply is out (QUIT, CLIENT KILL).
    pub closing: bool,
    pub no_evict: bool,
    /// A call of it waits for the end of a CLIENT PAUSE.
    pub postponed: bool,
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
    pub all: SortedMap<u64, Session>,
    pub last_id: u64,
    /// Whether a session has called MONITOR.
    pub any_monitor: bool,
    /// Whether a session has ever called CLIENT REPLY.
    pub any_quiet: bool,
    pause: Option<Pause>,
}

/// Redis's CLIENT PAUSE.
#[derive(Clone, Copy, Debug)]
struct Pause {
    until_ms: u64,
    writes_only: bool,
}

impl Sessions {
    /// Redis: a second pause can make the first one longer and stricter, never shorter or laxer.
    pub fn pause(&mut self, until_ms: u64, writes_only: bool) {
        let old = self.pause.unwrap_or(Pause {
            until_ms,
            writes_only,
        });
        self.pause = Some(Pause {
            until_ms: until_ms.max(old.until_ms),
            writes_only: writes_only && old.writes_only,
        });
    }

    pub fn is_paused(&self) -> bool {
        self.pause.is_some()
    }

    pub fn unpause(&mut self) {
        self.pause = None;
    }

    /// Until when commands (`write`: those that write) are to wait.
    pub fn paused_until(&mut self, now_ms: u64, write: bool) -> Option<u64> {
        if self.pause.is_some_and(|pause| pause.until_ms <= now_ms) {
            self.pause = None;
        }
        let pause = self.pause.filter(|pause| write || !pause.writes_only);

        pause.map(|pause| pause.until_ms)
    }

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
