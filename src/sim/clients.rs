//! What clients do and what they were told: every write bears a token of its own.
use std::collections::BTreeMap;

use super::lock::Life;
use crate::base::rng::Rng;
use crate::command::Reply;
use crate::node::Level;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Pending,
    Acknowledged,
    /// It was not done, and the client was told so.
    Refused,
    /// Nobody knows: the client died, or was told just that.
    Unknown,
}

/// One write of a client.
#[derive(Clone, Debug)]
pub struct Write {
    pub token: String,
    pub key: String,
    pub counter: Option<String>,
    /// The counter's value that it was told.
    pub counted: Option<i64>,
    pub level: Level,
    pub fate: Fate,
}

/// A client: one session of one life, one call after the other.
#[derive(Debug)]
pub struct Client {
    pub life: Life,
    pub session: u64,
    /// The write under way, by its number in the history.
    pub under_way: Option<usize>,
    /// Tokens that it was told were written, by key.
    pub written: BTreeMap<String, Vec<String>>,
    /// What it last read on a follower, by key.
    pub read: BTreeMap<String, Vec<u8>>,
}

/// What a client does next.
#[derive(Clone, Debug)]
pub enum Step {
    Read {
        key: String,
    },
    /// Calls, the last of which is answered with the write's fate.
    Write {
        calls: Vec<Vec<String>>,
        write: Write,
    },
}

pub fn next_step(rng: &mut Rng, number: usize, levels: bool) -> Step {
    let key = format!("log{}", rng.below(2));
    if rng.below(5) == 0 {
        return Step::Read { key };
    }
    let words = |line: &str| line.split(' ').map(str::to_string).collect::<Vec<_>>();
    let token = format!("<{number}>");
    let level = match rng.below(10) {
        0 if levels => Level::Memory,
        1 => Level::Always,
        _ => Level::Everysec,
    };
    // What may be lost has a key of its own.
    let key = if level == Level::Memory {
        "lossy".to_string()
    } else {
        key
    };
    let counter = format!("counter{}", rng.below(2));
    let (calls, counter) = match rng.below(8) {
        0 | 1 if level != Level::Memory => {
            let calls = vec![
                words("MULTI"),
                words(&format!("INCR {counter}")),
                words(&format!("APPEND {key} {token}")),
                words("EXEC"),
            ];
            (calls, Some(counter))
        }
        2 => (
            vec![words(&format!("SET seen{} {token} PX 300", rng.below(3)))],
            None,
        ),
        _ => (vec![words(&format!("APPEND {key} {token}"))], None),
    };
    let key = if calls[0][0] == "SET" {
        String::new()
    } else {
        key
    };

    Step::Write {
        calls,
        write: Write {
            token,
            key,
            counter,
            counted: None,
            level,
            fate: Fate::Pending,
        },
    }
}

/// What a reply means for the write it answers.
pub fn fate(reply: &Reply) -> Fate {
    match reply {
        Reply::Error(error) if error.code() == "INDETERMINATE" => Fate::Unknown,
        Reply::Error(_) | Reply::NullArray => Fate::Refused,
        _ => Fate::Acknowledged,
    }
}

/// The counter's value in the reply of a transaction.
pub fn counted(reply: &Reply) -> Option<i64> {
    match reply {
        Reply::Array(replies) => match replies.first() {
            Some(Reply::Int(value)) => Some(*value),
            _ => None,
        },
        _ => None,
    }
}
