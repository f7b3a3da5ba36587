//! Layer 4: records, blocks, snapshots. Knows bytes, not storage: what to read and write when is `node`'s.
//!
//! The log is a row of blocks, each what one transaction committed, under keys that are written once. All
//! bytes are hostile until length, version and checksum have been checked.
mod block;
mod record;
#[cfg(test)]
mod samples;
pub mod snapshot;

#[cfg(any(test, feature = "sim"))]
pub use block::make_newer;
pub use block::{Block, BlockError, BlockKey, Body, Manifest, Opened, Records};
pub use record::{Outline, Record, RecordError};
