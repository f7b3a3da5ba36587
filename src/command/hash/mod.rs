//! Hashes: the family's table.
mod increment;
mod read;
#[cfg(test)]
mod tests;

use increment::{hincrby, hincrbyfloat};
use read::{hexists, hget, hgetall, hkeys, hlen, hmget, hrandfield, hscan, hstrlen, hvals};

use super::row::*;
use super::{Args, Error, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Hash, Limits};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name            arity              keys         flags       handler       usage
    write("HSET",         Arity::AtLeast(4), Keys::At(1), FAST_GROWS, hset,         "key field value [field value ...]"),
    write("HMSET",        Arity::AtLeast(4), Keys::At(1), FAST_GROWS, hmset,        "key field value [field value ...]"),
    write("HSETNX",       Arity::Exactly(4), Keys::At(1), FAST_GROWS, hsetnx,       "key field value"),
    read ("HGET",         Arity::Exactly(3), Keys::At(1), FAST,       hget,         "key field"),
    read ("HMGET",        Arity::AtLeast(3), Keys::At(1), FAST,       hmget,        "key field [field ...]"),
    read ("HGETALL",      Arity::Exactly(2), Keys::At(1), SLOW,       hgetall,      "key"),
    write("HDEL",         Arity::AtLeast(3), Keys::At(1), FAST,       hdel,         "key field [field ...]"),
    read ("HLEN",         Arity::Exactly(2), Keys::At(1), FAST,       hlen,         "key"),
    read ("HSTRLEN",      Arity::Exactly(3), Keys::At(1), FAST,       hstrlen,      "key field"),
    read ("HEXISTS",      Arity::Exactly(3), Keys::At(1), FAST,       hexists,      "key field"),
    read ("HKEYS",        Arity::Exactly(2), Keys::At(1), SLOW,       hkeys,        "key"),
    read ("HVALS",        Arity::Exactly(2), Keys::At(1), SLOW,       hvals,        "key"),
    write("HINCRBY",      Arity::Exactly(4), Keys::At(1), FAST_GROWS, hincrby,      "key field increment"),
    write("HINCRBYFLOAT", Arity::Exactly(4), Keys::At(1), FAST_GROWS, hincrbyfloat, "key field increment"),
    read ("HRANDFIELD",   Arity::AtLeast(2), Keys::At(1), SLOW,       hrandfield,   "key [count [WITHVALUES]]"),
    read ("HSCAN",        Arity::AtLeast(3), Keys::At(1), SLOW,       hscan,        "key cursor [MATCH pattern] [COUNT count]"),
];

/// HSET key field value [field value ...]
fn hset(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set_all(cx, args, "hset").map(Reply::count)
}

/// HMSET key field value [field value ...]
fn hmset(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set_all(cx, args, "hmset").map(|_| Reply::OK)
}

/// Sets every pair; answers how many fields are new.
fn set_all(cx: &mut WriteContext, mut args: Args, name: &str) -> Result<usize> {
    let key = args.bytes();
    let (pairs, rest) = args.rest().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Error::wrong_arity(name));
    }

    let created = cx.keys.update(key, "hset", |hash: &mut Hash, limits| {
        let created = pairs
            .iter()
            .filter(|[field, value]| hash.insert(field, value, limits))
            .count();
        // Redis: a pair counts as a change even where it changes nothing.
        (created, Changed(pairs.len()))
    })?;

    Ok(created)
}

/// HSETNX key field value
fn hsetnx(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, field, value) = (args.bytes(), args.bytes(), args.bytes());

    let set = cx.keys.update(key, "hset", |hash: &mut Hash, limits| {
        let absent = !hash.contains(field);
        if absent {
            hash.insert(field, value, limits);
        }
        (absent, Changed(absent.into()))
    })?;

    Ok(Reply::flag(set))
}

/// HDEL key field [field ...]
fn hdel(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, fields) = (args.bytes(), args.rest());

    let removed = cx.keys.modify(key, "hdel", |hash: &mut Hash, _: &Limits| {
        let removed = fields.iter().filter(|field| hash.remove(field)).count();
        (removed, Changed(removed))
    })?;

    Ok(Reply::count(removed.unwrap_or(0)))
}
