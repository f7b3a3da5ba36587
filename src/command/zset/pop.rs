//! ZPOPMIN, ZPOPMAX and ZMPOP.
use super::scored;
use crate::command::{Args, Error, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Limits, ZSet};

/// The end that is taken from.
#[derive(Clone, Copy)]
enum End {
    Min,
    Max,
}

/// ZPOPMIN key [count]
pub(super) fn zpopmin(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    pop_from_one(cx, args, End::Min)
}

/// ZPOPMAX key [count]
pub(super) fn zpopmax(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    pop_from_one(cx, args, End::Max)
}

fn pop_from_one(cx: &mut WriteContext, mut args: Args, end: End) -> Result<Reply> {
    let key = args.bytes();
    if args.left() > 1 {
        return Err(Error::SYNTAX);
    }
    let count = match args.is_done() {
        true => None,
        false => Some(args.count()?),
    };

    let popped = end.pop(cx, key, count.unwrap_or(1))?;

    let pairs = popped.into_iter().map(scored);
    Ok(match count {
        Some(_) => Reply::Pairs(pairs.collect()),
        // Redis: without a count the member and its score are not put into a pair, on RESP3 too.
        None => Reply::Array(pairs.flat_map(<[Reply; 2]>::from).collect()),
    })
}

/// ZMPOP numkeys key [key ...] MIN | MAX [COUNT count]
pub(super) fn zmpop(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let numkeys = args.int_in(1..=i64::MAX, Error::NUMKEYS)?;
    let numkeys = usize::try_from(numkeys).unwrap_or(usize::MAX);
    let (keys, options) = args.rest().split_at_checked(numkeys).ok_or(Error::SYNTAX)?;
    let (end, count) = End::parse(Args::new(options, 0))?;

    for key in keys {
        if cx.keys.view().peek::<&ZSet>(key)?.is_none() {
            continue;
        }
        let popped = end.pop(cx, key, count)?;
        let (db, taken) = (cx.keys.db(), popped.len().to_string());
        cx.effects
            .add(db, &[end.command().as_bytes(), key, taken.as_bytes()]);
        let pair = |pair| Reply::Array(<[Reply; 2]>::from(scored(pair)).into());
        let pairs = Reply::Array(popped.into_iter().map(pair).collect());
        return Ok(Reply::Array(vec![Reply::bulk(*key), pairs]));
    }

    Ok(Reply::NullArray)
}

impl End {
    /// `MIN | MAX [COUNT count]`
    fn parse(mut args: Args) -> Result<(Self, usize)> {
        let end = if args.take("MIN") {
            End::Min
        } else if args.take("MAX") {
            End::Max
        } else {
            return Err(Error::SYNTAX);
        };
        let mut count = 1;
        if args.left() > 1 && args.take("COUNT") {
            count = args.int_in(1..=i64::MAX, Error::COUNT)?;
        }
        args.end()?;

        Ok((end, usize::try_from(count).unwrap_or(usize::MAX)))
    }

    fn command(self) -> &'static str {
        match self {
            End::Min => "ZPOPMIN",
            End::Max => "ZPOPMAX",
        }
    }

    /// Removes up to `count` members; none where the key is absent.
    fn pop(self, cx: &mut WriteContext, key: &[u8], count: usize) -> Result<Vec<(Vec<u8>, f64)>> {
        let event = match self {
            End::Min => "zpopmin",
            End::Max => "zpopmax",
        };
        let pop = |zset: &mut ZSet| match self {
            End::Min => zset.pop_first(),
            End::Max => zset.pop_last(),
        };
        let popped = cx.keys.modify(key, event, |zset: &mut ZSet, _: &Limits| {
            let popped: Vec<_> = (0..count).map_while(|_| pop(zset)).collect();
            let changes = Changed(popped.len());
            (popped, changes)
        })?;

        Ok(popped.unwrap_or_default())
    }
}
