//! Commands that answer a string or a part of it.
use super::options::{Grammar, Options, is_past};
use super::{Args, Error, Reply, Result};
use crate::command::{ReadContext, WriteContext};
use crate::keyspace::Keys;
use crate::value::{StrRef, ValueRef};

/// GET key
pub fn get(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    match cx.keys.value(key) {
        None => Ok(Reply::Null),
        Some(value) => text(value).ok_or(Error::WRONG_TYPE),
    }
}

/// MGET key [key ...]
pub fn mget(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let keys = args.rest().iter();

    let value = |key: &&[u8]| cx.keys.value(key).and_then(text).unwrap_or(Reply::Null);

    Ok(Reply::Array(keys.map(value).collect()))
}

/// What GET answers: a string, or a JSON document's text.
fn text(value: ValueRef) -> Option<Reply> {
    match value {
        ValueRef::String(value) => Some(Reply::bulk(value.bytes())),
        ValueRef::Json(value) => Some(Reply::bulk(value.text())),
        _ => None,
    }
}

/// The string at `key` as a reply, null where there is none.
pub fn old_value(keys: Keys, key: &[u8]) -> Result<Reply> {
    let value: Option<StrRef> = keys.read(key)?;

    Ok(Reply::bulk_or_null(value.map(StrRef::bytes)))
}

/// STRLEN key
pub fn strlen(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let value: Option<StrRef> = cx.keys.read(key)?;

    Ok(Reply::count(value.map_or(0, StrRef::len)))
}

/// GETRANGE key start end
pub fn getrange(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, start, end) = (args.bytes(), args.int()?, args.int()?);

    let value: Option<StrRef> = cx.keys.read(key)?;

    let bytes = value.map(StrRef::bytes).unwrap_or_default();
    Ok(Reply::bulk(part(&bytes, start, end)))
}

/// SUBSTR key start end
pub fn substr(cx: &ReadContext, args: Args) -> Result<Reply> {
    getrange(cx, args)
}

/// From `start` to `end`, both included; negative ones count from the end.
fn part(bytes: &[u8], start: i64, end: i64) -> &[u8] {
    if start < 0 && end < 0 && start > end {
        return &[];
    }
    let len = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let from_end = |at: i64| {
        if at < 0 {
            at.saturating_add(len).max(0)
        } else {
            at
        }
    };
    let (start, end) = (from_end(start), from_end(end).min(len - 1));
    if start > end {
        return &[];
    }

    &bytes[start as usize..=end as usize]
}

/// GETDEL key
pub fn getdel(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let old = old_value(cx.keys.view(), key)?;
    if cx.keys.delete(key, "del") {
        cx.effects.add(cx.keys.db(), &[b"DEL", key]);
    }

    Ok(old)
}

/// GETEX key [EX seconds | PX milliseconds | EXAT time | PXAT time | PERSIST]
pub fn getex(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let options = Options::parse(&mut args, Grammar::GetEx)?;
    let old = old_value(cx.keys.view(), key)?;
    if old == Reply::Null {
        return Ok(old);
    }
    let expire = options.expire;
    let now_ms = cx.keys.view().now_ms();
    let at_ms = expire
        .map(|expire| expire.at_ms(now_ms, "getex"))
        .transpose()?;

    let db = cx.keys.db();
    if let (Some(expire), Some(at_ms)) = (expire, at_ms) {
        if expire.is_absolute() && is_past(&mut cx.keys, at_ms.cast_signed()) {
            cx.keys.delete(key, "del");
            cx.effects.add(db, &[b"DEL", key]);
        } else {
            cx.keys.set_expiry(key, "expire", Some(at_ms));
            let at = at_ms.to_string();
            cx.effects.add(db, &[b"PEXPIREAT", key, at.as_bytes()]);
        }
    } else if options.persist && cx.keys.view().expires_at_ms(key).is_some() {
        cx.keys.set_expiry(key, "persist", None);
        cx.effects.add(db, &[b"PERSIST", key]);
    }

    Ok(old)
}
