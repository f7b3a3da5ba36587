//! HINCRBY and HINCRBYFLOAT.
use crate::base::long_double::LongDouble;
use crate::base::number;
use crate::command::{Args, Error, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Hash, Limits};

/// HINCRBY key field increment
pub(super) fn hincrby(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, field, increment) = (args.bytes(), args.bytes(), args.int()?);

    let increase = |hash: &mut Hash, limits: &Limits| {
        let value = match hash.get(field) {
            Some(value) => number::parse_i64(&value).ok_or(Error::HASH_VALUE_NOT_INTEGER)?,
            None => 0,
        };
        let value = value.checked_add(increment).ok_or(Error::OVERFLOW)?;
        hash.insert(field, number::format_i64(value).as_bytes(), limits);
        Ok::<_, Error>((value, Changed(1)))
    };
    let value = cx.keys.try_update(key, "hincrby", increase)?;

    Ok(Reply::Int(value))
}

/// HINCRBYFLOAT key field increment
pub(super) fn hincrbyfloat(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, field, increment) = (args.bytes(), args.bytes(), args.bytes());
    let increment = LongDouble::parse(increment).ok_or(Error::NOT_FLOAT)?;
    if !increment.is_finite() {
        return Err(Error::NOT_FINITE);
    }

    let increase = |hash: &mut Hash, limits: &Limits| {
        let value = match hash.get(field) {
            Some(value) => LongDouble::parse(&value).ok_or(Error::HASH_VALUE_NOT_FLOAT)?,
            None => LongDouble::from_i64(0),
        };
        let value = value + increment;
        if !value.is_finite() {
            return Err(Error::WOULD_BE_NOT_FINITE);
        }
        let text = value.to_human();
        hash.insert(field, text.as_bytes(), limits);
        Ok((text, Changed(1)))
    };
    let text = cx.keys.try_update(key, "hincrbyfloat", increase)?;
    // The text, not the sum, is what other builds must agree on.
    let db = cx.keys.db();
    cx.effects.add(db, &[b"HSET", key, field, text.as_bytes()]);

    Ok(Reply::bulk(text))
}
