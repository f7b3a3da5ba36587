//! Keyspace events: what PUBLISH tells to `__keyspace@db__:key` and `__keyevent@db__:event`.
use std::ops::BitOr;

/// A set of event classes; the letters of `notify-keyspace-events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventClass(pub u16);

impl EventClass {
    pub const NONE: EventClass = EventClass(0);
    pub const GENERIC: EventClass = EventClass(1 << 2);
    pub const STRING: EventClass = EventClass(1 << 3);
    pub const LIST: EventClass = EventClass(1 << 4);
    pub const SET: EventClass = EventClass(1 << 5);
    pub const HASH: EventClass = EventClass(1 << 6);
    pub const ZSET: EventClass = EventClass(1 << 7);
    pub const EXPIRED: EventClass = EventClass(1 << 8);
    pub const EVICTED: EventClass = EventClass(1 << 9);
    pub const STREAM: EventClass = EventClass(1 << 10);
    pub const KEY_MISS: EventClass = EventClass(1 << 11);
    pub const MODULE: EventClass = EventClass(1 << 13);
    pub const NEW: EventClass = EventClass(1 << 14);

    pub fn has(self, class: EventClass) -> bool {
        self.0 & class.0 != 0
    }
}

impl BitOr for EventClass {
    type Output = EventClass;

    fn bitor(self, other: EventClass) -> EventClass {
        EventClass(self.0 | other.0)
    }
}

/// Something happened to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub class: EventClass,
    pub name: &'static str,
    pub db: usize,
    pub key: Box<[u8]>,
}
