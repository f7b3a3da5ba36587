//! The commands that only read one sorted set, ranges aside.
use super::{Scores, bounds, members};
use crate::command::random::{self, Draw};
use crate::command::scan;
use crate::command::{Args, ReadContext, Reply, Result};
use crate::value::ZSet;

/// ZCARD key
pub(super) fn zcard(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let zset: Option<&ZSet> = cx.keys.read(key)?;

    Ok(Reply::count(zset.map_or(0, ZSet::len)))
}

/// ZSCORE key member
pub(super) fn zscore(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, member) = (args.bytes(), args.bytes());

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let score = zset.and_then(|zset| zset.score(member));

    Ok(score.map_or(Reply::Null, Reply::Double))
}

/// ZMSCORE key member [member ...]
pub(super) fn zmscore(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, wanted) = (args.bytes(), args.rest());

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let score = |member: &&[u8]| {
        let score = zset.and_then(|zset| zset.score(member));
        score.map_or(Reply::Null, Reply::Double)
    };

    Ok(Reply::Array(wanted.iter().map(score).collect()))
}

/// ZRANK key member
pub(super) fn zrank(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, member) = (args.bytes(), args.bytes());

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let rank = zset.and_then(|zset| zset.rank(member));

    Ok(rank.map_or(Reply::Null, Reply::count))
}

/// ZREVRANK key member
pub(super) fn zrevrank(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, member) = (args.bytes(), args.bytes());

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let rank = zset.and_then(|zset| Some(zset.len() - 1 - zset.rank(member)?));

    Ok(rank.map_or(Reply::Null, Reply::count))
}

/// ZCOUNT key min max
pub(super) fn zcount(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let range = bounds::scores(args.bytes(), args.bytes())?;

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let ranks = zset.map_or(0..0, |zset| zset.ranks_by_score(&range));

    Ok(Reply::count(ranks.len()))
}

/// ZLEXCOUNT key min max
pub(super) fn zlexcount(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let range = bounds::members(args.bytes(), args.bytes())?;

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let ranks = zset.map_or(0..0, |zset| zset.ranks_by_lex(&range));

    Ok(Reply::count(ranks.len()))
}

/// ZRANDMEMBER key [count [WITHSCORES]]
pub(super) fn zrandmember(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let counted = match args.is_done() {
        true => None,
        false => Some(random::draw_with(&mut args, "WITHSCORES")?),
    };

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let mut rng = cx.rng.borrow_mut();
    let Some((draw, with_scores)) = counted else {
        let drawn = zset.and_then(|zset| zset.random(1, &mut rng).pop());
        return Ok(Reply::bulk_or_null(drawn.map(|(member, _)| member)));
    };
    let drawn = match (zset, draw.bounded()?) {
        (None, _) => Vec::new(),
        (Some(zset), Draw::Distinct(count)) => zset.random_distinct(count, &mut rng),
        (Some(zset), Draw::Repeated(count)) => zset.random(count, &mut rng),
    };

    Ok(match with_scores {
        true => members(drawn, Scores::Shown),
        false => members(drawn, Scores::Hidden),
    })
}

/// ZSCAN key cursor [MATCH pattern] [COUNT count]
pub(super) fn zscan(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, cursor) = (args.bytes(), scan::cursor(&mut args)?);
    // Redis: the options of a scan of nothing are not looked at.
    let Some(zset) = cx.keys.read::<&ZSet>(key)? else {
        return Ok(scan::scan_reply(0, Vec::new()));
    };

    scan::scan_within(cursor, args, &|cursor, show| {
        zset.scan(cursor, |member, score| show(member, Some(score)))
    })
}
