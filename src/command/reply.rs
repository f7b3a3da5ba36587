//! What a command answers, before RESP2 or RESP3 gives it a form.
use std::borrow::Cow;

use super::Error;

/// A reply. The kinds are RESP3's; `resp` folds them for RESP2 as Redis does.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// `+OK` and other simple strings.
    Status(Cow<'static, str>),
    Error(Error),
    Int(i64),
    Double(f64),
    Bool(bool),
    /// The absence of a string: `$-1` in RESP2.
    Null,
    /// The absence of an array: `*-1` in RESP2.
    NullArray,
    Bulk(Vec<u8>),
    /// A text with a three-letter format (`txt`): a bulk string in RESP2.
    Verbatim(&'static str, String),
    Array(Vec<Reply>),
    /// A set: an array in RESP2.
    Set(Vec<Reply>),
    /// A map: a flat array in RESP2.
    Map(Vec<(Reply, Reply)>),
    /// Pairs: an array of two-element arrays in RESP3, a flat array in RESP2 (ZRANGE WITHSCORES).
    Pairs(Vec<(Reply, Reply)>),
    /// Out of band: an array in RESP2.
    Push(Vec<Reply>),
    /// Several replies to one call (SUBSCRIBE), or none.
    Sequence(Vec<Reply>),
    /// A reply with something beside it that only RESP3 shows.
    Attributed(Vec<(Reply, Reply)>, Box<Reply>),
    /// A file on its way to a replica: a bulk string without the line break at its end.
    File(Vec<u8>),
}

impl Reply {
    pub const OK: Reply = Reply::Status(Cow::Borrowed("OK"));
    pub const QUEUED: Reply = Reply::Status(Cow::Borrowed("QUEUED"));

    #[inline]
    pub fn status(text: &'static str) -> Reply {
        Reply::Status(Cow::Borrowed(text))
    }

    #[inline]
    pub fn bulk(bytes: impl Into<Vec<u8>>) -> Reply {
        Reply::Bulk(bytes.into())
    }

    /// A bulk string, or null.
    #[inline]
    pub fn bulk_or_null(bytes: Option<impl Into<Vec<u8>>>) -> Reply {
        bytes.map_or(Reply::Null, Reply::bulk)
    }

    /// 1 or 0.
    #[inline]
    pub fn flag(set: bool) -> Reply {
        Reply::Int(i64::from(set))
    }

    /// A number of things.
    #[inline]
    pub fn count(count: usize) -> Reply {
        Reply::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// What `container HELP` answers: Redis frames every such text alike.
    pub fn help(container: &str, lines: &[&'static str]) -> Reply {
        let title = format!("{container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        let end = ["HELP", "    Prints this help."];
        let lines = lines.iter().chain(&end).map(|line| Reply::status(line));

        Reply::Array(
            std::iter::once(Reply::Status(title.into()))
                .chain(lines)
                .collect(),
        )
    }

    /// An array of bulk strings.
    pub fn bulks<T: Into<Vec<u8>>>(items: impl IntoIterator<Item = T>) -> Reply {
        Reply::Array(items.into_iter().map(Reply::bulk).collect())
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Reply {
        Reply::Error(error)
    }
}
