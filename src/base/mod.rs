//! Layer 0: numbers, globs, random numbers, time, checksums. Depends on nothing in this crate.
