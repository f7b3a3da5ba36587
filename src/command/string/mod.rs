//! Strings: the family's table.
use super::row::*;
use super::{Args, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::ExpirySetting;
use crate::value::{Str, Typed};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name   arity              keys         flags  handler usage
    read ("GET", Arity::Exactly(2), Keys::At(1), FAST,  get,    "key"),
    write("SET", Arity::AtLeast(3), Keys::At(1), GROWS, set,    "key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]"),
];

/// GET key
fn get(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let value: Option<&Str> = cx.keys.read(key)?;

    Ok(Reply::bulk_or_null(value.map(|value| value.bytes())))
}

/// SET key value
fn set(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, value) = (args.bytes(), args.bytes());
    args.end()?;

    cx.keys.set(
        key,
        "set",
        Str::from_bytes(value).into_value(),
        ExpirySetting::Clear,
    );

    Ok(Reply::OK)
}
