//! When a key goes: set, asked, taken back.
use super::{Args, Error, Reply, Result};
use crate::command::string::options::is_past;
use crate::command::{ReadContext, WriteContext};

/// What a time counts, and from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    milliseconds_each: i64,
    relative: bool,
}

/// NX, XX, GT, LT.
#[derive(Clone, Copy, Debug, Default)]
struct Conditions {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
}

impl Conditions {
    fn parse(args: &mut Args) -> Result<Conditions> {
        let mut given = Conditions::default();
        while let Some(word) = args.peek() {
            if args.take("NX") {
                given.nx = true;
            } else if args.take("XX") {
                given.xx = true;
            } else if args.take("GT") {
                given.gt = true;
            } else if args.take("LT") {
                given.lt = true;
            } else {
                return Err(Error::unsupported_option(word));
            }
        }
        if given.nx && (given.xx || given.gt || given.lt) {
            return Err(Error::EXPIRE_NX_AND_OTHERS);
        }
        if given.gt && given.lt {
            return Err(Error::EXPIRE_GT_AND_LT);
        }

        Ok(given)
    }

    /// Whether a key that goes at `old` may go at `new`. One that never goes counts as going last.
    fn allow(self, old: Option<i64>, new: i64) -> bool {
        !(self.nx && old.is_some()
            || self.xx && old.is_none()
            || self.gt && old.is_none_or(|old| new <= old)
            || self.lt && old.is_some_and(|old| new >= old))
    }
}

/// EXPIRE key seconds [NX | XX | GT | LT]
pub fn expire(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set(cx, args, clock(1000, true), "expire")
}

/// PEXPIRE key milliseconds [NX | XX | GT | LT]
pub fn pexpire(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set(cx, args, clock(1, true), "pexpire")
}

/// EXPIREAT key unix-time-seconds [NX | XX | GT | LT]
pub fn expireat(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set(cx, args, clock(1000, false), "expireat")
}

/// PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]
pub fn pexpireat(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    set(cx, args, clock(1, false), "pexpireat")
}

fn clock(milliseconds_each: i64, relative: bool) -> Clock {
    Clock {
        milliseconds_each,
        relative,
    }
}

fn set(cx: &mut WriteContext, mut args: Args, clock: Clock, command: &str) -> Result<Reply> {
    let (key, time) = (args.bytes(), args.bytes());
    let conditions = Conditions::parse(&mut args)?;
    let invalid = || Error::invalid_expire(command);
    let time = crate::base::number::parse_i64(time).ok_or(Error::NOT_INTEGER)?;
    let time = time
        .checked_mul(clock.milliseconds_each)
        .ok_or_else(invalid)?;
    let now_ms = cx.keys.view().now_ms().cast_signed();
    let base = if clock.relative { now_ms } else { 0 };
    let at_ms = time.checked_add(base).ok_or_else(invalid)?;

    let db = cx.keys.db();
    let Some(entry) = cx.keys.view().entry(key) else {
        return Ok(Reply::Int(0));
    };
    if !conditions.allow(entry.expires_at_ms().map(u64::cast_signed), at_ms) {
        return Ok(Reply::Int(0));
    }
    if is_past(&mut cx.keys, at_ms) {
        cx.keys.delete(key, "del");
        cx.effects.add(db, &[b"DEL", key]);
    } else {
        // 0 would mean that the key never goes.
        let at_ms = u64::try_from(at_ms).unwrap_or(0).max(1);
        cx.keys.set_expiry(key, "expire", Some(at_ms));
        let at = at_ms.to_string();
        cx.effects.add(db, &[b"PEXPIREAT", key, at.as_bytes()]);
    }

    Ok(Reply::Int(1))
}

/// PERSIST key
pub fn persist(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let expires = cx.keys.view().expires_at_ms(key).is_some();
    if expires {
        cx.keys.set_expiry(key, "persist", None);
    }

    Ok(Reply::flag(expires))
}

/// TTL key
pub fn ttl(cx: &ReadContext, args: Args) -> Result<Reply> {
    get(cx, args, clock(1000, true))
}

/// PTTL key
pub fn pttl(cx: &ReadContext, args: Args) -> Result<Reply> {
    get(cx, args, clock(1, true))
}

/// EXPIRETIME key
pub fn expiretime(cx: &ReadContext, args: Args) -> Result<Reply> {
    get(cx, args, clock(1000, false))
}

/// PEXPIRETIME key
pub fn pexpiretime(cx: &ReadContext, args: Args) -> Result<Reply> {
    get(cx, args, clock(1, false))
}

/// -2: there is no such key; -1: it never goes.
fn get(cx: &ReadContext, mut args: Args, clock: Clock) -> Result<Reply> {
    let key = args.bytes();

    let Some(entry) = cx.keys.look(key) else {
        return Ok(Reply::Int(-2));
    };
    let Some(at_ms) = entry.expires_at_ms() else {
        return Ok(Reply::Int(-1));
    };
    let base = if clock.relative { cx.keys.now_ms() } else { 0 };
    let left_ms = at_ms.saturating_sub(base);

    // Redis: seconds are rounded, not cut.
    let each = clock.milliseconds_each.cast_unsigned();
    Ok(Reply::Int(
        (left_ms.saturating_add(each / 2) / each).cast_signed(),
    ))
}
