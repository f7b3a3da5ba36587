//! What linear memory can still hold. Nothing tells how much that is: memory ends at 4 GiB or where the device says so,
//! and what was freed in between may be in pieces. So the allocator is asked, and what it gives is given back to it.
use std::cell::Cell;
use std::hint::black_box;

use super::words::heap_bytes;
use crate::engine::Room;

/// Below this much linear memory, no device is at its end: nobody is asked.
const PLENTY_BYTES: usize = 512 << 20;

/// Kept free beside what a call wants: for what it needs by the way, and for what is done to store it. Some of it in
/// one piece, for a block of many records; the rest where there are holes.
const RESERVE_BYTES: usize = 32 << 20;
const WHOLE_BYTES: usize = 8 << 20;
const HOLE_BYTES: usize = 256 << 10;

/// What the smallest call takes of it.
const CALL_BYTES: usize = 4 << 10;

pub const ROOM: Room = Room {
    is_scarce,
    has,
    has_with_reserve: |bytes| can_allocate(&mut Vec::new(), bytes, bytes / 4),
};

pub const NO_ROOM: &str = "OOM there is no memory for it";

/// Memory that has grown grows on by this part of it, and by no more than so many bytes.
const AHEAD_PART: usize = 32;
const AHEAD_MAX_BYTES: usize = 4 << 20;

thread_local! {
    /// Of the reserve, what calls may take before the allocator is asked again.
    static ASSURED: Cell<usize> = const { Cell::new(0) };
    /// Linear memory when `grow_ahead` last looked.
    static SEEN_BYTES: Cell<usize> = const { Cell::new(0) };
}

/// The allocator grows memory by what it lacks, mostly a page. V8 makes a new buffer each time, and counts the old one
/// as garbage of the whole memory's length: it collects again and again, for milliseconds, with hardly anything to
/// collect.
pub fn grow_ahead() {
    let bytes = heap_bytes();
    if bytes == SEEN_BYTES.get() {
        return;
    }
    let mut ahead = Vec::<u8>::new();
    let wanted = (bytes / AHEAD_PART).min(AHEAD_MAX_BYTES);
    if ahead.try_reserve_exact(wanted).is_ok() {
        drop(black_box(ahead));
    }
    SEEN_BYTES.set(heap_bytes());
}

fn is_scarce() -> bool {
    heap_bytes() > PLENTY_BYTES
}

/// Whether `bytes` can be had, and the reserve beside them.
pub fn has(bytes: usize) -> bool {
    let wanted = bytes.saturating_add(CALL_BYTES);
    if let Some(left) = ASSURED.get().checked_sub(wanted) {
        ASSURED.set(left);
        return true;
    }
    let held = &mut Vec::new();
    let has = can_allocate(held, WHOLE_BYTES, WHOLE_BYTES)
        && can_allocate(held, wanted, wanted / 6)
        && can_allocate(held, RESERVE_BYTES - WHOLE_BYTES, HOLE_BYTES);
    ASSURED.set(if has { RESERVE_BYTES / 2 } else { 0 });

    has
}

/// Whether what is this long can be handed out.
pub fn has_room_to_copy(length: usize) -> bool {
    length < RESERVE_BYTES / 4 || !is_scarce() || (ROOM.has_with_reserve)(length.saturating_mul(2))
}

/// Whether the allocator has so many bytes beside what is `held`, in pieces.
fn can_allocate(held: &mut Vec<Vec<u8>>, bytes: usize, piece: usize) -> bool {
    let piece = piece.max(HOLE_BYTES);
    let mut left = bytes;
    while left > 0 {
        let mut taken = Vec::new();
        if taken.try_reserve_exact(left.min(piece)).is_err() {
            return false;
        }
        // An allocation that nobody looks at may be left out by the compiler.
        held.push(black_box(taken));
        left -= left.min(piece);
    }

    true
}
