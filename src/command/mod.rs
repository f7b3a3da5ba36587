//! Layer 3: the commands. What a command is, the list of families, and how one is found.
//!
//! A family's table stands at the top of its file. Everything else that is known of a command (typed methods,
//! COMMAND's answer, the README's table, completion) is derived from its row.
//! To add a command: a row and a handler in its family's file, and a transcript.
mod args;
mod connection;
mod context;
mod effect;
mod error;
mod facts;
mod hash;
mod json;
mod keys;
mod list;
mod pubsub;
mod random;
mod reply;
mod row;
mod scan;
mod server;
mod session;
mod set;
mod settings;
mod sort;
mod stats;
mod string;
mod subscriptions;
mod transaction;
#[cfg(test)]
mod trial;
mod zset;

pub use args::Args;
pub use context::{Action, Failover, ReadContext, SessionContext, Wait, WriteContext};
pub use effect::{Effect, Effects, Words};
pub use error::{Error, Result};
pub use facts::{Facts, Role, Tab, spell};
pub use reply::Reply;
pub use row::{Arity, Command, Flags, Found, Handler, Keys, Special};
pub use session::{Multi, ReplyMode, Session, Sessions, Watch};
pub use settings::Settings;
pub use stats::{CallStats, ServerStats};
pub use subscriptions::{Published, Subscriptions, Topic};

/// The version of Redis whose commands, answers and errors these are.
pub const REDIS_VERSION: &str = "7.0.15";

/// Commands that belong together; the name is COMMAND DOCS' group.
pub struct Family {
    pub group: &'static str,
    pub commands: &'static [Command],
}

/// Every family. An explicit list: self-registration breaks linking and order.
#[rustfmt::skip]
pub const FAMILIES: &[Family] = &[
    Family { group: "string",       commands: string::COMMANDS },
    Family { group: "generic",      commands: keys::COMMANDS },
    Family { group: "generic",      commands: sort::COMMANDS },
    Family { group: "list",         commands: list::COMMANDS },
    Family { group: "set",          commands: set::COMMANDS },
    Family { group: "hash",         commands: hash::COMMANDS },
    Family { group: "sorted-set",   commands: zset::COMMANDS },
    Family { group: "json",         commands: json::COMMANDS },
    Family { group: "pubsub",       commands: pubsub::COMMANDS },
    Family { group: "transactions", commands: transaction::COMMANDS },
    Family { group: "connection",   commands: connection::COMMANDS },
    Family { group: "server",       commands: server::COMMANDS },
];

/// All rows, those of subcommands (`CONFIG|GET`) included, in the order of the tables.
pub fn all() -> impl Iterator<Item = &'static Command> {
    FAMILIES.iter().flat_map(|family| family.commands)
}

/// The group of a row.
pub fn group_of(command: &Command) -> &'static str {
    let has = |family: &&Family| family.commands.iter().any(|row| row.name == command.name);

    FAMILIES.iter().find(has).map_or("", |family| family.group)
}

/// The row for `argv`, or why there is none, in Redis's words.
pub fn find(argv: &[&[u8]]) -> Result<&'static Command> {
    row::find(argv).map(|found| found.command)
}

/// As `find`, with the row's place in the index of all rows, by which calls are counted.
pub fn find_place(argv: &[&[u8]]) -> Result<Found> {
    row::find(argv)
}
