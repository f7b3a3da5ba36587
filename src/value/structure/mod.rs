//! The structures that the data types share and that nobody else knows.
pub mod dict;
pub mod either;
pub mod intset;
pub mod listpack;
pub mod pairs;
pub mod ranked;
pub mod sample;
mod sequence;
mod slab;
