//! The commands that only read hashes.
use crate::command::random::{self, Draw};
use crate::command::scan;
use crate::command::{Args, ReadContext, Reply, Result};
use crate::value::{FieldValue, Hash};

/// HGET key field
pub(super) fn hget(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, field) = (args.bytes(), args.bytes());

    let hash: Option<&Hash> = cx.keys.read(key)?;

    Ok(Reply::bulk_or_null(hash.and_then(|hash| hash.get(field))))
}

/// HMGET key field [field ...]
pub(super) fn hmget(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, fields) = (args.bytes(), args.rest());

    let hash: Option<&Hash> = cx.keys.read(key)?;
    let get = |field: &&[u8]| Reply::bulk_or_null(hash.and_then(|hash| hash.get(field)));

    Ok(Reply::Array(fields.iter().map(get).collect()))
}

/// HGETALL key
pub(super) fn hgetall(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let hash: Option<&Hash> = cx.keys.read(key)?;
    let pairs = hash.into_iter().flat_map(Hash::iter);

    Ok(Reply::Map(pairs.map(both).collect()))
}

/// HKEYS key
pub(super) fn hkeys(cx: &ReadContext, args: Args) -> Result<Reply> {
    halves(cx, args, |(field, _)| Reply::bulk(field))
}

/// HVALS key
pub(super) fn hvals(cx: &ReadContext, args: Args) -> Result<Reply> {
    halves(cx, args, |(_, value)| Reply::bulk(value))
}

fn halves(cx: &ReadContext, mut args: Args, half: fn(FieldValue) -> Reply) -> Result<Reply> {
    let key = args.bytes();

    let hash: Option<&Hash> = cx.keys.read(key)?;
    let pairs = hash.into_iter().flat_map(Hash::iter);

    Ok(Reply::Array(pairs.map(half).collect()))
}

/// HLEN key
pub(super) fn hlen(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let hash: Option<&Hash> = cx.keys.read(key)?;

    Ok(Reply::count(hash.map_or(0, Hash::len)))
}

/// HSTRLEN key field
pub(super) fn hstrlen(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, field) = (args.bytes(), args.bytes());

    let hash: Option<&Hash> = cx.keys.read(key)?;
    let value = hash.and_then(|hash| hash.get(field));

    Ok(Reply::count(value.map_or(0, |value| value.len())))
}

/// HEXISTS key field
pub(super) fn hexists(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, field) = (args.bytes(), args.bytes());

    let hash: Option<&Hash> = cx.keys.read(key)?;

    Ok(Reply::flag(hash.is_some_and(|hash| hash.contains(field))))
}

/// HRANDFIELD key [count [WITHVALUES]]
pub(super) fn hrandfield(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let counted = match args.is_done() {
        true => None,
        false => Some(random::draw_with(&mut args, "WITHVALUES")?),
    };

    let hash: Option<&Hash> = cx.keys.read(key)?;
    let mut rng = cx.rng.borrow_mut();
    let Some((draw, with_values)) = counted else {
        let drawn = hash.and_then(|hash| hash.random(1, &mut rng).pop());
        return Ok(Reply::bulk_or_null(drawn.map(|(field, _)| field)));
    };
    let drawn = match (hash, draw.bounded()?) {
        (None, _) => Vec::new(),
        (Some(hash), Draw::Distinct(count)) => hash.random_distinct(count, &mut rng),
        (Some(hash), Draw::Repeated(count)) => hash.random(count, &mut rng),
    };

    let drawn = drawn.into_iter();
    Ok(match with_values {
        true => Reply::Pairs(drawn.map(both).collect()),
        false => Reply::bulks(drawn.map(|(field, _)| field)),
    })
}

/// HSCAN key cursor [MATCH pattern] [COUNT count]
pub(super) fn hscan(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, cursor) = (args.bytes(), scan::cursor(&mut args)?);
    // Redis: the options of a scan of nothing are not looked at.
    let Some(hash) = cx.keys.read::<&Hash>(key)? else {
        return Ok(scan::scan_reply(0, Vec::new()));
    };

    scan::scan_within(cursor, args, &|cursor, show| {
        hash.scan(cursor, |field, value| show(field, Some(value)))
    })
}

fn both((field, value): FieldValue) -> (Reply, Reply) {
    (Reply::bulk(field), Reply::bulk(value))
}
