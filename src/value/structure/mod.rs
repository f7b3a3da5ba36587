//! The structures that the data types share and that nobody else knows.
mod buckets;
pub mod dict;
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

/// What an allocation of this many bytes takes of wasm's memory: dlmalloc, which Rust has there, adds a
/// word to each and hands out multiples of two words.
pub fn allocated(bytes: usize) -> usize {
    (bytes + 4).next_multiple_of(8).max(16)
}

/// As `allocated`, of a slice that is shared and counted.
fn allocated_shared(bytes: usize) -> usize {
    allocated(2 * size_of::<usize>() + bytes)
}

/// As `allocated`, of what allocates nothing while it is empty.
fn allocated_if_any(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { allocated(bytes) }
}
