//! Commands that count: strings that are numbers, and JSON documents that are.
use super::{Args, Error, Reply, Result};
use crate::base::long_double::LongDouble;
use crate::base::number;
use crate::command::WriteContext;
use crate::keyspace::{Changed, ExpirySetting};
use crate::value::{Json, Kind, Str, StrRef, Typed};

/// INCR key
pub fn incr(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    add(cx, key, 1)
}

/// DECR key
pub fn decr(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    add(cx, key, -1)
}

/// INCRBY key increment
pub fn incrby(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, by) = (args.bytes(), args.int()?);

    add(cx, key, by)
}

/// DECRBY key decrement
pub fn decrby(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, by) = (args.bytes(), args.int()?);
    let by = by.checked_neg().ok_or(Error::DECREMENT_OVERFLOW)?;

    add(cx, key, by)
}

fn add(cx: &mut WriteContext, key: &[u8], by: i64) -> Result<Reply> {
    let sum = |old: Option<i64>| {
        let old = old.ok_or(Error::NOT_INTEGER)?;
        old.checked_add(by).ok_or(Error::OVERFLOW)
    };
    let changed = |sum: &Result<i64>| Changed(sum.is_ok().into());
    let mut found = cx.keys.modify(key, "incrby", |value: &mut Str, _| {
        let sum = sum(value.int());
        if let Ok(sum) = sum {
            *value = Str::from_int(sum);
        }
        let changed = changed(&sum);
        (sum, changed)
    });
    // Most counters are strings: the others cost a second look.
    if found.is_err() {
        found = cx.keys.modify(key, "incrby", |value: &mut Json, _| {
            let sum = sum(value.document().as_i64());
            if let Ok(sum) = sum {
                *value = Json::new(sum.into());
            }
            let changed = changed(&sum);
            (sum, changed)
        });
    }
    // The key's absence is a zero, which no default of the type is.
    let sum = found?.unwrap_or_else(|| {
        let value = StrRef::Int(by);
        cx.keys.set(key, "incrby", value, ExpirySetting::Clear);
        Ok(by)
    })?;

    Ok(Reply::Int(sum))
}

/// INCRBYFLOAT key increment
pub fn incrbyfloat(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, by) = (args.bytes(), args.bytes());
    let sum = |old: &[u8]| {
        let old = LongDouble::parse(old).ok_or(Error::NOT_FLOAT)?;
        let sum = old + LongDouble::parse(by).ok_or(Error::NOT_FLOAT)?;
        match sum.is_finite() {
            true => Ok(sum.to_human()),
            false => Err(Error::WOULD_BE_NOT_FINITE),
        }
    };

    // The effect is the sum: how it was rounded must not matter to another build.
    let db = cx.keys.db();
    if cx.keys.view().kind(key) == Some(Kind::Json) {
        let text = cx
            .keys
            .try_update(key, "incrbyfloat", |value: &mut Json, _| {
                let old = value.document().is_number().then(|| value.text());
                let text = sum(old.ok_or(Error::NOT_FLOAT)?.as_bytes())?;
                *value = json_number(&text)?;
                Ok::<_, Error>((value.text().to_owned(), Changed(1)))
            })?;
        let words: [&[u8]; 5] = [b"JSON.SET", key, b"$", text.as_bytes(), b"KEEPTTL"];
        cx.effects.add(db, &words);
        return Ok(Reply::bulk(text));
    }
    let text = match cx.keys.view().contains(key) {
        true => cx
            .keys
            .try_update(key, "incrbyfloat", |value: &mut Str, _| {
                let text = sum(&value.bytes())?;
                *value = Str::from_text(text.as_bytes());
                Ok::<_, Error>((text, Changed(1)))
            })?,
        false => {
            let text = sum(b"0")?;
            let value = Str::from_text(text.as_bytes()).into_value();
            cx.keys.set(key, "incrbyfloat", value, ExpirySetting::Clear);
            text
        }
    };
    cx.effects
        .add(db, &[b"SET", key, text.as_bytes(), b"KEEPTTL"]);

    Ok(Reply::bulk(text))
}

/// A sum as a document: an integer where it is one.
fn json_number(text: &str) -> Result<Json> {
    if let Some(int) = number::parse_i64(text.as_bytes()) {
        return Ok(Json::new(int.into()));
    }
    let float = number::parse_f64(text.as_bytes()).and_then(serde_json::Number::from_f64);

    float
        .map(|float| Json::new(float.into()))
        .ok_or(Error::WOULD_BE_NOT_FINITE)
}
