//! Memory that is not the engine's to count: what the allocator can still give. A call that needs more is refused
//! before it has changed anything, for an allocation that fails would take the node with it.
use super::Engine;
use crate::command::{Command, Flags};

/// Bytes that a call makes of each of its own: the value, the effect, its record, the block, a message.
const COPIES: usize = 6;

/// The same of each byte of a key that it reads or rewrites whole: a reply of small elements is larger than they are.
const COPIES_OF_KEY: usize = 8;

/// Keys below this are covered by what is kept in reserve.
const LARGE: usize = 1 << 20;

/// FAST in Redis's table, and yet they copy all that is there.
const COPYING: &[&str] = &["APPEND", "GET", "MGET"];

/// Asks the allocator.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Whether so much is taken that it is worth asking.
    pub is_scarce: fn() -> bool,
    /// Whether so many bytes can be had, and a reserve beside them.
    pub has: fn(usize) -> bool,
    /// The same, the reserve included.
    pub has_with_reserve: fn(usize) -> bool,
}

impl Default for Room {
    fn default() -> Self {
        Room {
            is_scarce: || false,
            has: |_| true,
            has_with_reserve: |_| true,
        }
    }
}

impl Engine {
    /// Memory without end, unless told otherwise.
    pub fn set_room(&mut self, room: Room) {
        self.room = room;
    }

    /// Whether `bytes` can be had, and be copied on their way.
    pub fn has_room(&self, bytes: usize) -> bool {
        !(self.room.is_scarce)() || (self.room.has)(bytes.saturating_mul(COPIES))
    }

    /// Whether there is memory for a call. What makes the data smaller always has it; what reads may take the reserve.
    pub(super) fn has_room_for(&self, db: usize, command: &Command, argv: &[&[u8]]) -> bool {
        let grows = command.flags.has(Flags::GROWS);
        if !(self.room.is_scarce)() || command.is_write() && !grows {
            return true;
        }
        let mut wanted: usize = 0;
        if !command.flags.has(Flags::FAST) || COPYING.contains(&command.name) {
            for at in command.key_positions(argv) {
                let entry = self
                    .keyspace
                    .stored(db, argv.get(at).copied().unwrap_or_default());
                let bytes = entry.map_or(0, |entry| entry.memory_bytes());
                if bytes >= LARGE {
                    wanted = wanted.saturating_add(bytes.saturating_mul(COPIES_OF_KEY));
                }
            }
        }
        if !grows {
            return wanted == 0 || (self.room.has_with_reserve)(wanted);
        }
        let given: usize = argv.iter().map(|word| word.len()).sum();

        (self.room.has)(wanted.saturating_add(given.saturating_mul(COPIES)))
    }

    /// What `judge` says of what is wanted. Where it says no, what was deleted may be all that is missing: it is
    /// freed at once, and judged again.
    pub(super) fn fits(&mut self, mut judge: impl FnMut(&Self) -> bool) -> bool {
        if judge(self) {
            return true;
        }
        if !self.has_idle_work() {
            return false;
        }
        self.drop_all_remains();

        judge(self)
    }

    /// The same for the commands of a transaction.
    pub(super) fn has_room_for_all(&self, commands: &[Vec<Box<[u8]>>]) -> bool {
        let words = || commands.iter().flatten().map(|word| word.len());

        self.has_room(words().sum())
    }
}
