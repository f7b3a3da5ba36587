//! Sets: the family's table.
//!
//! `members` asks and changes single members, `chance` draws them, `combine` makes one of several.
mod chance;
mod combine;
mod members;

use super::row::*;
use chance::{spop, srandmember};
use combine::{sdiff, sdiffstore, sinter, sintercard, sinterstore, sunion, sunionstore};
use members::{sadd, scard, sismember, smembers, smismember, smove, srem, sscan};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name           arity              keys                   flags          handler      usage
    write("SADD",        Arity::AtLeast(3), Keys::At(1),           FAST_GROWS,    sadd,        "key member [member ...]"),
    write("SREM",        Arity::AtLeast(3), Keys::At(1),           FAST,          srem,        "key member [member ...]"),
    write("SMOVE",       Arity::Exactly(4), Keys::Range(1, 2, 1),  FAST,          smove,       "source destination member"),
    read ("SISMEMBER",   Arity::Exactly(3), Keys::At(1),           FAST,          sismember,   "key member"),
    read ("SMISMEMBER",  Arity::AtLeast(3), Keys::At(1),           FAST,          smismember,  "key member [member ...]"),
    read ("SCARD",       Arity::Exactly(2), Keys::At(1),           FAST,          scard,       "key"),
    read ("SMEMBERS",    Arity::Exactly(2), Keys::At(1),           SLOW,          smembers,    "key"),
    read ("SSCAN",       Arity::AtLeast(3), Keys::At(1),           SLOW,          sscan,       "key cursor [MATCH pattern] [COUNT count]"),
    write("SPOP",        Arity::AtLeast(2), Keys::At(1),           FAST,          spop,        "key [count]"),
    read ("SRANDMEMBER", Arity::AtLeast(2), Keys::At(1),           SLOW,          srandmember, "key [count]"),
    read ("SINTER",      Arity::AtLeast(2), Keys::Range(1, -1, 1), SLOW,          sinter,      "key [key ...]"),
    read ("SINTERCARD",  Arity::AtLeast(3), Keys::Counted(1),      Flags::MOVABLE, sintercard, "numkeys key [key ...] [LIMIT limit]"),
    write("SINTERSTORE", Arity::AtLeast(3), Keys::Range(1, -1, 1), GROWS,         sinterstore, "destination key [key ...]"),
    read ("SUNION",      Arity::AtLeast(2), Keys::Range(1, -1, 1), SLOW,          sunion,      "key [key ...]"),
    write("SUNIONSTORE", Arity::AtLeast(3), Keys::Range(1, -1, 1), GROWS,         sunionstore, "destination key [key ...]"),
    read ("SDIFF",       Arity::AtLeast(2), Keys::Range(1, -1, 1), SLOW,          sdiff,       "key [key ...]"),
    write("SDIFFSTORE",  Arity::AtLeast(3), Keys::Range(1, -1, 1), GROWS,         sdiffstore,  "destination key [key ...]"),
];

#[cfg(test)]
mod tests;
