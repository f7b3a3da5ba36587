//! Strings: the family's table.
mod count;
mod get;
mod lcs;
pub(super) mod options;
mod set;
#[cfg(test)]
mod tests;

use count::{decr, decrby, incr, incrby, incrbyfloat};
use get::{get, getdel, getex, getrange, mget, strlen, substr};
use lcs::lcs;
use set::{append, getset, mset, msetnx, psetex, set, setex, setnx, setrange};

pub(super) use set::{expiry, holds};

use super::row::*;
use super::{Args, Error, Reply, Result};

const ONE: Keys = Keys::At(1);

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name           arity              keys                   flags       handler      usage
    read ("GET",         Arity::Exactly(2), ONE,                   FAST,       get,         "key"),
    write("SET",         Arity::AtLeast(3), ONE,                   GROWS,      set,         SET),
    write("SETNX",       Arity::Exactly(3), ONE,                   FAST_GROWS, setnx,       "key value"),
    write("SETEX",       Arity::Exactly(4), ONE,                   GROWS,      setex,       "key seconds value"),
    write("PSETEX",      Arity::Exactly(4), ONE,                   GROWS,      psetex,      "key milliseconds value"),
    write("GETSET",      Arity::Exactly(3), ONE,                   FAST_GROWS, getset,      "key value"),
    write("GETDEL",      Arity::Exactly(2), ONE,                   FAST,       getdel,      "key"),
    write("GETEX",       Arity::AtLeast(2), ONE,                   FAST,       getex,       GETEX),
    read ("MGET",        Arity::AtLeast(2), Keys::Range(1, -1, 1), FAST,       mget,        "key [key ...]"),
    write("MSET",        Arity::AtLeast(3), Keys::Range(1, -1, 2), GROWS,      mset,        "key value [key value ...]"),
    write("MSETNX",      Arity::AtLeast(3), Keys::Range(1, -1, 2), GROWS,      msetnx,      "key value [key value ...]"),
    write("APPEND",      Arity::Exactly(3), ONE,                   FAST_GROWS, append,      "key value"),
    read ("STRLEN",      Arity::Exactly(2), ONE,                   FAST,       strlen,      "key"),
    write("SETRANGE",    Arity::Exactly(4), ONE,                   GROWS,      setrange,    "key offset value"),
    read ("GETRANGE",    Arity::Exactly(4), ONE,                   SLOW,       getrange,    "key start end"),
    read ("SUBSTR",      Arity::Exactly(4), ONE,                   SLOW,       substr,      "key start end"),
    write("INCR",        Arity::Exactly(2), ONE,                   FAST_GROWS, incr,        "key"),
    write("DECR",        Arity::Exactly(2), ONE,                   FAST_GROWS, decr,        "key"),
    write("INCRBY",      Arity::Exactly(3), ONE,                   FAST_GROWS, incrby,      "key increment"),
    write("DECRBY",      Arity::Exactly(3), ONE,                   FAST_GROWS, decrby,      "key decrement"),
    write("INCRBYFLOAT", Arity::Exactly(3), ONE,                   FAST_GROWS, incrbyfloat, "key increment"),
    read ("LCS",         Arity::AtLeast(3), Keys::Range(1, 2, 1),  SLOW,       lcs,         "key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]"),
];

const SET: &str = "key value [NX | XX] [GET] [EX seconds | PX milliseconds | \
    EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]";
const GETEX: &str = "key [EX seconds | PX milliseconds | EXAT unix-time-seconds | \
    PXAT unix-time-milliseconds | PERSIST]";
