//! DUMP and RESTORE: a value as bytes that Redis reads too.
use super::copy::put;
use super::{Args, Error, Reply, Result};
use crate::command::string::options::is_past;
use crate::command::{ReadContext, WriteContext};
use crate::keyspace::{EventClass, ExpirySetting};
use crate::value::rdb::{self, RdbError};

/// DUMP key
pub fn dump(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let value = cx.keys.value(key);

    Ok(Reply::bulk_or_null(value.map(rdb::dump)))
}

#[derive(Default)]
struct Options {
    replace: bool,
    absolute: bool,
    idle_s: Option<u64>,
    frequency: Option<u8>,
}

/// RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]
pub fn restore(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, ttl, payload) = (args.bytes(), args.bytes(), args.bytes());
    let mut given = args;
    let options = parse(&mut args)?;
    if !options.replace && cx.keys.view().contains(key) {
        return Err(Error::BUSY_KEY);
    }
    let ttl = crate::base::number::parse_i64(ttl).ok_or(Error::NOT_INTEGER)?;
    let ttl = u64::try_from(ttl).map_err(|_| Error::INVALID_TTL)?;
    let value = rdb::restore(payload, cx.keys.view().limits()).map_err(|error| match error {
        RdbError::Version(_) | RdbError::Checksum => Error::BAD_PAYLOAD,
        _ => Error::BAD_DATA,
    })?;

    let (db, now_ms) = (cx.keys.db(), cx.keys.view().now_ms());
    let base = if options.absolute { 0 } else { now_ms };
    let at_ms = ttl.saturating_add(base).cast_signed();
    if ttl != 0 && is_past(&mut cx.keys, at_ms) {
        if cx.keys.delete(key, "del") {
            cx.effects.add(db, &[b"DEL", key]);
        }
        return Ok(Reply::OK);
    }
    let expiry = match ttl {
        0 => ExpirySetting::Clear,
        _ => ExpirySetting::At(at_ms.cast_unsigned()),
    };
    put(&mut cx.keys, key, value, expiry);
    cx.keys.note_event(EventClass::GENERIC, "restore", key);
    if let Some(entry) = cx.keys.view().entry(key) {
        let idle_ms = options.idle_s.unwrap_or(0).saturating_mul(1000);
        let accessed_ms = now_ms.saturating_sub(idle_ms);
        let space = cx.keys.view().space();
        space.set_access(entry, accessed_ms, options.frequency);
    }
    let at = if ttl == 0 { 0 } else { at_ms }.to_string();
    let mut words: Vec<&[u8]> = vec![b"RESTORE", key, at.as_bytes(), payload];
    words.extend(given.rest());
    words.extend((!options.absolute).then_some(&b"ABSTTL"[..]));
    cx.effects.add(db, &words);

    Ok(Reply::OK)
}

fn parse(args: &mut Args) -> Result<Options> {
    let mut options = Options::default();
    while !args.is_done() {
        if args.take("REPLACE") {
            options.replace = true;
        } else if args.take("ABSTTL") {
            options.absolute = true;
        } else if options.frequency.is_none() && args.left() > 1 && args.take("IDLETIME") {
            let idle = u64::try_from(args.int()?);
            options.idle_s = Some(idle.map_err(|_| Error::INVALID_IDLETIME)?);
        } else if options.idle_s.is_none() && args.left() > 1 && args.take("FREQ") {
            let frequency = u8::try_from(args.int()?);
            options.frequency = Some(frequency.map_err(|_| Error::INVALID_FREQ)?);
        } else {
            return Err(Error::SYNTAX);
        }
    }

    Ok(options)
}
