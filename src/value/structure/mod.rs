//! The structures that the data types share and that nobody else knows.
pub mod dict;
pub mod intset;
pub mod listpack;
pub mod ranked;
mod sequence;
mod slab;
