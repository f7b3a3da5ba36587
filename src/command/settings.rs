//! The settings that CONFIG reads and writes.
use crate::keyspace::{EventClass, Eviction};
use crate::value::Limits;

/// What commands obey. Parameters that only exist for CONFIG GET live in `server/config`.
#[derive(Clone, Debug)]
pub struct Settings {
    pub limits: Limits,
    pub events: EventClass,
    /// Redis's K and E of notify-keyspace-events.
    pub keyspace_channel: bool,
    pub keyevent_channel: bool,
    pub active_expire: bool,
    pub max_bulk_bytes: usize,
    pub eviction: Eviction,
    /// Nodes that must follow, or no write is taken (min-replicas-to-write).
    pub min_followers: usize,
    /// Bytes of keys and values past which no command may take more; 0 for no limit.
    pub maxmemory_bytes: usize,
    /// Every other parameter, by name: kept, shown, without effect.
    pub other: Vec<(&'static str, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            limits: Limits::default(),
            events: EventClass::NONE,
            keyspace_channel: false,
            keyevent_channel: false,
            active_expire: true,
            max_bulk_bytes: 512 << 20,
            eviction: Eviction::default(),
            min_followers: 0,
            maxmemory_bytes: 0,
            other: Vec::new(),
        }
    }
}
