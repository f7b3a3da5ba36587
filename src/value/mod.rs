//! Layer 1: the data types, one public type each; their encodings are private.
mod structure;

pub use structure::dict::Dict;
