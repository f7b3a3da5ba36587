//! What was written and what its clients were told: the memory that the verdict rests on.
use super::trace::Weight;
use super::world::World;
use crate::command::Reply;
use crate::node::Level;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Pending,
    Acknowledged,
    /// It was not done, and the client was told so.
    Refused,
    /// Nobody knows: the client died, or was told just that; or a calamity excuses its loss.
    Unknown,
}

/// What a write does, and to which keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// APPEND of the token, answered with the length.
    Append(&'static str),
    /// RPUSH of the token, answered with the length.
    Push(&'static str),
    /// MULTI, INCR of the counter, APPEND of the token, EXEC: the counter counts the tokens.
    Counted {
        key: &'static str,
        counter: &'static str,
    },
    /// INCR, answered with the value.
    Tally(&'static str),
    /// WATCH, GET n, MULTI, SET n + 1, EXEC.
    Raise(&'static str),
    /// SET of the token, answered with the token before.
    Swap(&'static str),
    /// GETDEL, answered with the token.
    Take(&'static str),
    /// GETEX, which the leader runs: a read of what is newest.
    Look(&'static str),
    /// MULTI, DECRBY, INCRBY, EXEC between two accounts, which are watched.
    Transfer,
    /// SET of a key that is soon past.
    Fleeting,
}

/// One write of a client.
#[derive(Clone, Debug)]
pub(super) struct Write {
    pub deed: Deed,
    pub level: Level,
    pub fate: Fate,
    pub invoked_us: u64,
    /// When its client heard.
    pub answered_us: u64,
    /// The length, value or counter that it was told: its place in the order of its key.
    pub place: Option<i64>,
    /// The token that it was told was there before.
    pub before: Option<Option<usize>>,
}

impl Write {
    /// It must be there in the end.
    pub fn counts(&self) -> bool {
        self.fate == Fate::Acknowledged && self.level != Level::Memory
    }
}

/// A token is the number of its write: `<12>`.
pub(super) fn token(number: usize) -> String {
    format!("<{number}>")
}

/// The numbers of the tokens in a text, in order.
pub(super) fn tokens(text: &[u8]) -> Vec<usize> {
    let parts = text.split(|byte| *byte == b'<').skip(1);
    let number = |part: &[u8]| {
        let digits = part.strip_suffix(b">")?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    };

    parts.filter_map(number).collect()
}

fn fate(reply: &Reply) -> Fate {
    match reply {
        Reply::Error(error) if error.code() == "INDETERMINATE" => Fate::Unknown,
        Reply::Error(_) | Reply::NullArray => Fate::Refused,
        _ => Fate::Acknowledged,
    }
}

fn int(reply: &Reply) -> Option<i64> {
    match reply {
        Reply::Int(value) => Some(*value),
        _ => None,
    }
}

impl World {
    pub(super) fn settle(&mut self, index: usize, number: usize, reply: &Reply) {
        self.note(Weight::Event, || {
            format!(
                "client {index} was answered {reply:?} for {}",
                token(number)
            )
        });
        self.clients[index].under_way = None;
        let now_us = self.now_us;
        let cleared_us = self.check.cleared_us;
        let write = &mut self.history[number];
        write.fate = match fate(reply) {
            // It may have been done in the database that is gone.
            Fate::Acknowledged if write.invoked_us < cleared_us => Fate::Unknown,
            fate => fate,
        };
        if write.fate != Fate::Unknown {
            write.answered_us = now_us;
        }
        match (write.deed, reply) {
            (Deed::Append(_) | Deed::Push(_) | Deed::Tally(_), reply) => write.place = int(reply),
            (Deed::Counted { .. }, Reply::Array(replies)) => {
                write.place = replies.first().and_then(int);
            }
            (Deed::Swap(_) | Deed::Take(_) | Deed::Look(_), Reply::Bulk(before)) => {
                write.before = Some(tokens(before).first().copied());
            }
            (Deed::Swap(_) | Deed::Take(_) | Deed::Look(_), Reply::Null) => {
                write.before = Some(None);
            }
            _ => {}
        }
        if !self.history[number].counts() {
            return;
        }
        self.check.acknowledged += 1;
        if let Deed::Append(key) | Deed::Counted { key, .. } = self.history[number].deed {
            self.clients[index].unseen.push((key, number));
        }
    }

    /// Relaxed writes acknowledged since `from_us` may be lost: the machine died.
    pub(super) fn excuse_relaxed(&mut self, from_us: u64) {
        for write in &mut self.history {
            if write.fate == Fate::Acknowledged
                && write.level != Level::Always
                && write.answered_us >= from_us
            {
                write.fate = Fate::Unknown;
            }
        }
    }

    /// Everything that was acknowledged may be lost.
    pub(super) fn excuse_all(&mut self) {
        for write in &mut self.history {
            if write.fate == Fate::Acknowledged {
                write.fate = Fate::Unknown;
            }
        }
    }
}
