//! OBJECT: what is known of a value's form and use. None of it counts as an access.
use super::{Args, Error, Reply, Result};
use crate::command::{ReadContext, SessionContext};
use crate::value::ValueRef;

/// Redis: integers below this are shared by all keys, and a shared object's count stands still.
const SHARED_INTEGERS: i64 = 10_000;

/// OBJECT ENCODING key
pub fn object_encoding(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let entry = cx.keys.entry(key);

    Ok(Reply::bulk_or_null(
        entry.map(|entry| entry.value().encoding()),
    ))
}

/// OBJECT REFCOUNT key
pub fn object_refcount(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let Some(entry) = cx.keys.entry(key) else {
        return Ok(Reply::Null);
    };
    let shared = match entry.value() {
        ValueRef::String(value) => {
            let small = value
                .int()
                .is_some_and(|int| (0..SHARED_INTEGERS).contains(&int));
            small && value.encoding() == "int"
        }
        _ => false,
    };

    Ok(Reply::Int(if shared { i64::from(i32::MAX) } else { 1 }))
}

/// OBJECT IDLETIME key
pub fn object_idletime(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let Some(entry) = cx.keys.entry(key) else {
        return Ok(Reply::Null);
    };
    if cx.settings.eviction.policy.is_lfu() {
        return Err(Error::LFU);
    }
    let idle_ms = cx.keys.idle_ms(entry);

    Ok(Reply::Int((idle_ms / 1000).cast_signed()))
}

/// OBJECT FREQ key
pub fn object_freq(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let Some(entry) = cx.keys.entry(key) else {
        return Ok(Reply::Null);
    };
    if !cx.settings.eviction.policy.is_lfu() {
        return Err(Error::NOT_LFU);
    }

    Ok(Reply::Int(cx.keys.space().frequency(entry).into()))
}

/// OBJECT HELP
pub fn object_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    let lines = [
        "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "ENCODING <key>",
        "    Return the kind of internal representation used in order to store the value",
        "    associated with a <key>.",
        "FREQ <key>",
        "    Return the access frequency index of the <key>. The returned integer is",
        "    proportional to the logarithm of the recent access frequency of the key.",
        "IDLETIME <key>",
        "    Return the idle time of the <key>, that is the approximated number of",
        "    seconds elapsed since the last access to the key.",
        "REFCOUNT <key>",
        "    Return the number of references of the value associated with the specified",
        "    <key>.",
        "HELP",
        "    Prints this help.",
    ];

    Ok(Reply::Array(lines.map(Reply::status).into()))
}
