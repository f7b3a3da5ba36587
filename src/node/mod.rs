//! Layer 5: the sans-IO whole. Joins engine, log and replica; performs nothing.
mod io;

pub use io::{
    BlockKey, Called, Event, Input, Level, Output, StorageError, StorageOp, StorageReply,
};
