//! Layer 4: what nodes say to one another and what each makes of it.
//!
//! Knows no channel, no lock, no clock, no engine: times, ids and bytes come in, decisions go out.
pub mod answer;
mod answered;
mod election;
mod follower;
mod leader;
pub mod message;
mod outbox;
#[cfg(test)]
mod tests;
mod wire;

pub use answered::{Answered, Done, Known, REPLY_BYTES_MAX};
pub use election::{Claim, Look, Progress, Watch};
pub use follower::{Follower, Gap, Seen};
pub use leader::{Ack, Leader, To, UnderWay};
pub use message::{Info, Message, NodeId, Place, Unreadable, VERSION};
pub use outbox::{Heard, Outbox, Waiting};
pub use wire::Malformed;
