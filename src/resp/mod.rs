//! Codec between bytes and calls or replies: RESP2, RESP3, and inline calls.
//!
//! Knows `base` and `command::Reply` only. Bytes are hostile: every length is checked against a limit before
//! anything is made of it, and nothing is allocated for what has only been announced.
mod decode;
mod encode;
mod inline;
mod request;
#[cfg(test)]
mod tests;

pub use decode::{DecodeError, decode};
pub use encode::{BETWEEN_NODES, encode};
pub use inline::{Unbalanced, split_words};
pub use request::{ProtocolError, Requests};
