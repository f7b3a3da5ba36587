//! Layer 0: numbers, globs, random numbers, hashes, checksums. Depends on nothing in this crate.
mod big;
pub mod crc;
pub mod decimal;
pub mod equal;
pub mod glob;
pub mod hash;
pub mod hex;
pub mod long_double;
pub mod number;
pub mod quote;
pub mod rng;
pub mod sort;
pub mod sorted;
pub mod wire;
pub mod xxh64;
