//! Lists: the family's table.
//!
//! `ends` pushes, pops and moves; `inside` reads and edits what lies between.
mod ends;
mod inside;

use super::row::*;
use super::{Args, Error, Result};
use crate::value::End;
use ends::{lmove, lmpop, lpop, lpush, lpushx, rpop, rpoplpush, rpush, rpushx};
use inside::{lindex, linsert, llen, lpos, lrange, lrem, lset, ltrim};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name         arity              keys                  flags         handler    usage
    write("LPUSH",     Arity::AtLeast(3), Keys::At(1),          FAST_GROWS,   lpush,     "key element [element ...]"),
    write("RPUSH",     Arity::AtLeast(3), Keys::At(1),          FAST_GROWS,   rpush,     "key element [element ...]"),
    write("LPUSHX",    Arity::AtLeast(3), Keys::At(1),          FAST_GROWS,   lpushx,    "key element [element ...]"),
    write("RPUSHX",    Arity::AtLeast(3), Keys::At(1),          FAST_GROWS,   rpushx,    "key element [element ...]"),
    write("LPOP",      Arity::AtLeast(2), Keys::At(1),          FAST,         lpop,      "key [count]"),
    write("RPOP",      Arity::AtLeast(2), Keys::At(1),          FAST,         rpop,      "key [count]"),
    write("LMPOP",     Arity::AtLeast(4), Keys::Counted(1),     MOVABLE,      lmpop,     "numkeys key [key ...] LEFT | RIGHT [COUNT count]"),
    write("LMOVE",     Arity::Exactly(5), Keys::Range(1, 2, 1), GROWS,        lmove,     "source destination LEFT | RIGHT LEFT | RIGHT"),
    write("RPOPLPUSH", Arity::Exactly(3), Keys::Range(1, 2, 1), GROWS,        rpoplpush, "source destination"),
    read ("LLEN",      Arity::Exactly(2), Keys::At(1),          FAST,         llen,      "key"),
    read ("LINDEX",    Arity::Exactly(3), Keys::At(1),          SLOW,         lindex,    "key index"),
    read ("LRANGE",    Arity::Exactly(4), Keys::At(1),          SLOW,         lrange,    "key start stop"),
    read ("LPOS",      Arity::AtLeast(3), Keys::At(1),          SLOW,         lpos,      "key element [RANK rank] [COUNT num-matches] [MAXLEN len]"),
    write("LSET",      Arity::Exactly(4), Keys::At(1),          GROWS,        lset,      "key index element"),
    write("LINSERT",   Arity::Exactly(5), Keys::At(1),          GROWS,        linsert,   "key BEFORE | AFTER pivot element"),
    write("LREM",      Arity::Exactly(4), Keys::At(1),          SLOW,         lrem,      "key count element"),
    write("LTRIM",     Arity::Exactly(4), Keys::At(1),          SLOW,         ltrim,     "key start stop"),
];

/// COMMAND shows no fixed positions of keys.
const MOVABLE: Flags = Flags::MOVABLE;

/// LEFT | RIGHT
fn end(args: &mut Args) -> Result<End> {
    if args.take("LEFT") {
        Ok(End::Head)
    } else if args.take("RIGHT") {
        Ok(End::Tail)
    } else {
        Err(Error::SYNTAX)
    }
}

#[cfg(test)]
mod tests;
