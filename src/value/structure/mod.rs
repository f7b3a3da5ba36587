//! The structures that the data types share and that nobody else knows.
mod buckets;
pub mod either;
pub mod intset;
pub mod keys;
pub mod listpack;
mod pair;
pub mod pairs;
pub mod ranked;
pub mod sample;
mod segments;
mod sequence;
mod slab;
pub mod table;

/// dlmalloc, which Rust has in wasm, adds a word to each allocation and hands out multiples of two words.
const ALLOCATION_HEADER: usize = 4;

/// What an allocation of this many bytes takes of wasm's memory.
pub fn allocated(bytes: usize) -> usize {
    (bytes + ALLOCATION_HEADER).next_multiple_of(8).max(16)
}

/// Room for `more` bytes, and an eighth beyond where they do not fit: doubling, as `Vec` does by itself, would leave
/// the many small ones half empty.
fn make_room(bytes: &mut Vec<u8>, more: usize) {
    let needed = bytes.len() + more;
    if needed > bytes.capacity() {
        let room = allocated(needed + needed / 8) - ALLOCATION_HEADER;
        bytes.reserve_exact(room - bytes.len());
    }
}

/// As `allocated`, of a slice that is shared and counted.
fn allocated_shared(bytes: usize) -> usize {
    allocated(2 * size_of::<usize>() + bytes)
}

/// As `allocated`, of what allocates nothing while it is empty.
fn allocated_if_any(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { allocated(bytes) }
}
