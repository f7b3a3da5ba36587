//! Commands that set a string as a whole or in part.
use super::get::old_value;
use super::options::{Condition, Expire, Grammar, Options};
use super::{Args, Error, Reply, Result};
use crate::command::WriteContext;
use crate::keyspace::{Authority, Changed, EventClass, ExpirySetting};
use crate::value::{Str, StrRef};

/// SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT time | PXAT time | KEEPTTL]
pub fn set(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, value) = (args.bytes(), args.bytes());
    if args.is_done() {
        put(cx, key, value, ExpirySetting::Clear);
        return Ok(Reply::OK);
    }
    let options = Options::parse(&mut args, Grammar::Set)?;
    let expiry = expiry(cx, &options, "set")?;
    let old = options
        .get
        .then(|| old_value(cx.keys.view(), key))
        .transpose()?;

    let done = holds(cx, key, options.condition);
    if done {
        put(cx, key, value, expiry);
        log(cx, key, value, expiry);
    }

    Ok(old.unwrap_or(if done { Reply::OK } else { Reply::Null }))
}

/// SETNX key value
pub fn setnx(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, value) = (args.bytes(), args.bytes());

    let done = holds(cx, key, Some(Condition::Absent));
    if done {
        put(cx, key, value, ExpirySetting::Clear);
        log(cx, key, value, ExpirySetting::Clear);
    }

    Ok(Reply::flag(done))
}

/// SETEX key seconds value
pub fn setex(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set_with_time(cx, args, "EX", "setex")
}

/// PSETEX key milliseconds value
pub fn psetex(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set_with_time(cx, args, "PX", "psetex")
}

fn set_with_time(
    cx: &mut WriteContext,
    mut args: Args,
    option: &'static str,
    command: &str,
) -> Result<Reply> {
    let (key, time, value) = (args.bytes(), args.bytes(), args.bytes());
    let at_ms = Expire::new(time, option).at_ms(cx.keys.view().now_ms(), command)?;

    put(cx, key, value, ExpirySetting::At(at_ms));
    log(cx, key, value, ExpirySetting::At(at_ms));

    Ok(Reply::OK)
}

/// GETSET key value
pub fn getset(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, value) = (args.bytes(), args.bytes());

    let old = old_value(cx.keys.view(), key)?;
    put(cx, key, value, ExpirySetting::Clear);
    log(cx, key, value, ExpirySetting::Clear);

    Ok(old)
}

/// What becomes of the key's expiry under `options`.
pub fn expiry(cx: &WriteContext, options: &Options, command: &str) -> Result<ExpirySetting> {
    if let Some(expire) = options.expire {
        let at_ms = expire.at_ms(cx.keys.view().now_ms(), command)?;
        return Ok(ExpirySetting::At(at_ms));
    }

    Ok(match options.keep_ttl {
        true => ExpirySetting::Keep,
        false => ExpirySetting::Clear,
    })
}

/// Whether `key` is there or not, as `condition` wants it.
pub fn holds(cx: &WriteContext, key: &[u8], condition: Option<Condition>) -> bool {
    let wanted = condition.map(|condition| condition == Condition::Present);

    wanted.is_none_or(|wanted| cx.keys.view().contains(key) == wanted)
}

fn put(cx: &mut WriteContext, key: &[u8], value: &[u8], expiry: ExpirySetting) {
    cx.keys.set(key, "set", StrRef::from_bytes(value), expiry);
    if matches!(expiry, ExpirySetting::At(_)) {
        cx.keys.note_event(EventClass::GENERIC, "expire", key);
    }
}

/// The effect of a SET, whatever it was called and whatever it depended on.
fn log(cx: &mut WriteContext, key: &[u8], value: &[u8], expiry: ExpirySetting) {
    let db = cx.keys.db();
    match expiry {
        ExpirySetting::Clear => cx.effects.add(db, &[b"SET", key, value]),
        ExpirySetting::Keep => cx.effects.add(db, &[b"SET", key, value, b"KEEPTTL"]),
        ExpirySetting::At(at_ms) => {
            let at = at_ms.to_string();
            cx.effects
                .add(db, &[b"SET", key, value, b"PXAT", at.as_bytes()]);
        }
    }
}

/// MSET key value [key value ...]
pub fn mset(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let pairs = pairs(&mut args, "mset")?;

    for [key, value] in pairs {
        put(cx, key, value, ExpirySetting::Clear);
    }

    Ok(Reply::OK)
}

/// MSETNX key value [key value ...]
pub fn msetnx(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let pairs = pairs(&mut args, "msetnx")?;

    if pairs.iter().any(|[key, _]| cx.keys.view().contains(key)) {
        return Ok(Reply::Int(0));
    }
    for [key, value] in pairs {
        put(cx, key, value, ExpirySetting::Clear);
    }

    Ok(Reply::Int(1))
}

fn pairs<'a>(args: &mut Args<'a>, command: &str) -> Result<&'a [[&'a [u8]; 2]]> {
    match args.rest().as_chunks::<2>() {
        (pairs, []) => Ok(pairs),
        _ => Err(Error::wrong_arity(command)),
    }
}

/// APPEND key value
pub fn append(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, more) = (args.bytes(), args.bytes());
    if !cx.keys.view().contains(key) {
        let value = StrRef::from_bytes(more);
        cx.keys.set(key, "append", value, ExpirySetting::Clear);
        return Ok(Reply::count(more.len()));
    }
    let max = max_len(cx);

    let len = cx.keys.try_update(key, "append", |value: &mut Str, _| {
        check_len(value.len(), more.len(), max)?;
        Ok::<_, Error>((value.append(more), Changed(1)))
    })?;

    Ok(Reply::count(len))
}

/// SETRANGE key offset value
pub fn setrange(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, offset, part) = (args.bytes(), args.int()?, args.bytes());
    if offset < 0 {
        return Err(Error::OFFSET_RANGE);
    }
    // Where memory has fewer addresses, the length is refused below.
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    if part.is_empty() {
        let value: Option<StrRef> = cx.keys.view().read(key)?;
        return Ok(Reply::count(value.map_or(0, StrRef::len)));
    }
    let max = max_len(cx);

    let len = cx.keys.try_update(key, "setrange", |value: &mut Str, _| {
        check_len(offset, part.len(), max)?;
        Ok::<_, Error>((value.set_range(offset, part), Changed(1)))
    })?;

    Ok(Reply::count(len))
}

/// The longest string allowed; what another node has accepted is not refused.
fn max_len(cx: &mut WriteContext) -> usize {
    match cx.keys.space().authority() {
        Authority::Applying => usize::MAX,
        _ => cx.settings.max_bulk_bytes,
    }
}

fn check_len(len: usize, more: usize, max: usize) -> Result<()> {
    match len.checked_add(more) {
        Some(total) if total <= max => Ok(()),
        _ => Err(Error::TOO_LONG),
    }
}
