//! The structures that the data types share and that nobody else knows.
pub mod dict;
mod slab;
