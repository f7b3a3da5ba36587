//! Keys whatever their type: the family's table.
mod copy;
mod dump;
mod expire;
mod object;
mod remove;
mod scan;
#[cfg(test)]
mod tests;
mod wait;

use copy::{copy, r#move, rename, renamenx, swapdb};
use dump::{dump, restore};
use expire::{expire, expireat, expiretime, persist, pexpire, pexpireat, pexpiretime, pttl, ttl};
use object::{object_encoding, object_freq, object_help, object_idletime, object_refcount};
use remove::{del, flushall, flushdb, unlink};
use scan::{dbsize, keys, randomkey, scan};
use wait::{wait, waitaof};

use super::row::*;
use super::{Args, Error, ReadContext, Reply, Result};

const ONE: Keys = Keys::At(1);
const TWO: Keys = Keys::Range(1, 2, 1);
const EACH: Keys = Keys::Range(1, -1, 1);
const NONE: Keys = Keys::None;

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //      name               arity              keys         flags          handler          usage
    write  ("DEL",             Arity::AtLeast(2), EACH,        SLOW,          del,             "key [key ...]"),
    write  ("UNLINK",          Arity::AtLeast(2), EACH,        FAST,          unlink,          "key [key ...]"),
    read   ("EXISTS",          Arity::AtLeast(2), EACH,        FAST,          exists,          "key [key ...]"),
    read   ("TYPE",            Arity::Exactly(2), ONE,         FAST,          r#type,          "key"),
    write  ("RENAME",          Arity::Exactly(3), TWO,         SLOW,          rename,          "key newkey"),
    write  ("RENAMENX",        Arity::Exactly(3), TWO,         FAST,          renamenx,        "key newkey"),
    write  ("COPY",            Arity::AtLeast(3), TWO,         GROWS,         copy,            "source destination [DB destination-db] [REPLACE]"),
    write  ("MOVE",            Arity::Exactly(3), ONE,         FAST,          r#move,          "key db"),
    read   ("KEYS",            Arity::Exactly(2), NONE,        DANGER,        keys,            "pattern"),
    read   ("SCAN",            Arity::AtLeast(2), NONE,        SLOW,          scan,            "cursor [MATCH pattern] [COUNT count] [TYPE type]"),
    read   ("RANDOMKEY",       Arity::Exactly(1), NONE,        SLOW,          randomkey,       ""),
    read   ("TOUCH",           Arity::AtLeast(2), EACH,        FAST,          touch,           "key [key ...]"),
    read   ("DBSIZE",          Arity::Exactly(1), NONE,        FAST,          dbsize,          ""),
    write  ("FLUSHDB",         Arity::AtLeast(1), NONE,        DANGER,        flushdb,         "[ASYNC | SYNC]"),
    write  ("FLUSHALL",        Arity::AtLeast(1), NONE,        DANGER,        flushall,        "[ASYNC | SYNC]"),
    write  ("SWAPDB",          Arity::Exactly(3), NONE,        DANGER_FAST,   swapdb,          "index1 index2"),
    write  ("EXPIRE",          Arity::AtLeast(3), ONE,         FAST,          expire,          "key seconds [NX | XX | GT | LT]"),
    write  ("PEXPIRE",         Arity::AtLeast(3), ONE,         FAST,          pexpire,         "key milliseconds [NX | XX | GT | LT]"),
    write  ("EXPIREAT",        Arity::AtLeast(3), ONE,         FAST,          expireat,        "key unix-time-seconds [NX | XX | GT | LT]"),
    write  ("PEXPIREAT",       Arity::AtLeast(3), ONE,         FAST,          pexpireat,       "key unix-time-milliseconds [NX | XX | GT | LT]"),
    read   ("TTL",             Arity::Exactly(2), ONE,         FAST,          ttl,             "key"),
    read   ("PTTL",            Arity::Exactly(2), ONE,         FAST,          pttl,            "key"),
    read   ("EXPIRETIME",      Arity::Exactly(2), ONE,         FAST,          expiretime,      "key"),
    read   ("PEXPIRETIME",     Arity::Exactly(2), ONE,         FAST,          pexpiretime,     "key"),
    write  ("PERSIST",         Arity::Exactly(2), ONE,         FAST,          persist,         "key"),
    read   ("OBJECT|ENCODING", Arity::Exactly(3), Keys::At(2), SLOW,          object_encoding, "key"),
    read   ("OBJECT|REFCOUNT", Arity::Exactly(3), Keys::At(2), SLOW,          object_refcount, "key"),
    read   ("OBJECT|IDLETIME", Arity::Exactly(3), Keys::At(2), SLOW,          object_idletime, "key"),
    read   ("OBJECT|FREQ",     Arity::Exactly(3), Keys::At(2), SLOW,          object_freq,     "key"),
    session("OBJECT|HELP",     Arity::Exactly(2), NONE,        LOADING_STALE, object_help,     ""),
    read   ("DUMP",            Arity::Exactly(2), ONE,         SLOW,          dump,            "key"),
    write  ("RESTORE",         Arity::AtLeast(4), ONE,         DANGER_GROWS,  restore,         "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]"),
    session("WAIT",            Arity::Exactly(3), NONE,        Flags::NO_SCRIPT, wait,         "numreplicas timeout"),
    session("WAITAOF",         Arity::Exactly(4), NONE,        NEWER,         waitaof,         "numlocal numreplicas timeout"),
];

/// Of Redis 7.2.
const NEWER: Flags = Flags::NO_SCRIPT.and(Flags::KILAT);
const DANGER: Flags = Flags::DANGEROUS;
const DANGER_FAST: Flags = DANGER.and(FAST);
const DANGER_GROWS: Flags = DANGER.and(GROWS);
const LOADING_STALE: Flags = Flags::LOADING.and(Flags::STALE);

/// EXISTS key [key ...]
fn exists(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let keys = args.rest().iter();

    Ok(Reply::count(
        keys.filter(|key| cx.keys.look(key).is_some()).count(),
    ))
}

/// TYPE key
fn r#type(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let kind = cx.keys.look(key).map(|entry| entry.kind());

    Ok(Reply::status(kind.map_or("none", |kind| kind.name())))
}

/// TOUCH key [key ...]
fn touch(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let keys = args.rest().iter();

    Ok(Reply::count(
        keys.filter(|key| cx.keys.value(key).is_some()).count(),
    ))
}
