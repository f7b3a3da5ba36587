//! ZREM and the commands that remove ranges.
use std::ops::Range;

use super::bounds;
use crate::command::{Args, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Limits, ZSet};

/// ZREM key member [member ...]
pub(super) fn zrem(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, members) = (args.bytes(), args.rest());

    let removed = cx.keys.modify(key, "zrem", |zset: &mut ZSet, _: &Limits| {
        let removed = members
            .iter()
            .filter(|member| zset.remove(member).is_some())
            .count();
        (removed, Changed(removed))
    })?;

    Ok(Reply::count(removed.unwrap_or(0)))
}

/// ZREMRANGEBYRANK key start stop
pub(super) fn zremrangebyrank(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, start, stop) = (args.bytes(), args.int()?, args.int()?);

    remove(cx, key, "zremrangebyrank", |zset| {
        bounds::ranks(start, stop, zset.len())
    })
}

/// ZREMRANGEBYSCORE key min max
pub(super) fn zremrangebyscore(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let range = bounds::scores(args.bytes(), args.bytes())?;

    remove(cx, key, "zremrangebyscore", |zset| {
        zset.ranks_by_score(&range)
    })
}

/// ZREMRANGEBYLEX key min max
pub(super) fn zremrangebylex(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let range = bounds::members(args.bytes(), args.bytes())?;

    remove(cx, key, "zremrangebylex", |zset| zset.ranks_by_lex(&range))
}

fn remove(
    cx: &mut WriteContext,
    key: &[u8],
    event: &'static str,
    ranks: impl FnOnce(&ZSet) -> Range<usize>,
) -> Result<Reply> {
    let removed = cx.keys.modify(key, event, |zset: &mut ZSet, _: &Limits| {
        let ranks = ranks(zset);
        let removed = zset.remove_ranks(ranks);
        (removed, Changed(removed))
    })?;

    Ok(Reply::count(removed.unwrap_or(0)))
}
