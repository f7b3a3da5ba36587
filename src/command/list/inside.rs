//! What lies between the ends: elements by place and by value.
use std::ops::Range;

use crate::command::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::{Changed, EventClass};
use crate::value::{End, Limits, List, Side};

/// LLEN key
pub(super) fn llen(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let list: Option<&List> = cx.keys.read(key)?;

    Ok(Reply::count(list.map_or(0, List::len)))
}

/// LINDEX key index
pub(super) fn lindex(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    // Redis: where there is no list, the index is not looked at.
    let Some(list) = cx.keys.read::<&List>(key)? else {
        return Ok(Reply::Null);
    };
    let index = args.int()?;

    let element = list.place(index).and_then(|place| list.get(place));

    Ok(Reply::bulk_or_null(element))
}

/// LRANGE key start stop
pub(super) fn lrange(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let (start, stop) = (args.int()?, args.int()?);

    let Some(list) = cx.keys.read::<&List>(key)? else {
        return Ok(Reply::Array(Vec::new()));
    };
    let range = clamp(start, stop, list.len());

    Ok(Reply::bulks(list.range(range.start, range.len())))
}

/// LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]
pub(super) fn lpos(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, element) = (args.bytes(), args.bytes());
    let (mut rank, mut count, mut scan_max) = (1, None, 0);
    while !args.is_done() {
        if args.take("RANK") {
            rank = args.int()?;
            if rank == 0 {
                return Err(Error::RANK_ZERO);
            }
        } else if args.take("COUNT") {
            count = Some(args.int_in(0..=i64::MAX, Error::COUNT_NEGATIVE)?);
        } else if args.take("MAXLEN") {
            scan_max = args.int_in(0..=i64::MAX, Error::MAXLEN_NEGATIVE)?;
        } else {
            return Err(Error::SYNTAX);
        }
    }
    let from = if rank < 0 { End::Tail } else { End::Head };
    let skip = at_most(rank.unsigned_abs() - 1);
    // Zero stands for no bound, of both.
    let bound = |n: i64| {
        if n == 0 {
            usize::MAX
        } else {
            at_most(n.unsigned_abs())
        }
    };

    let list: Option<&List> = cx.keys.read(key)?;
    let found = list.map(|list| list.find(element, from, bound(scan_max)).skip(skip));

    Ok(match count {
        Some(count) => {
            let places = found.into_iter().flatten().take(bound(count));
            Reply::Array(places.map(Reply::count).collect())
        }
        None => found
            .and_then(|mut places| places.next())
            .map_or(Reply::Null, Reply::count),
    })
}

/// LSET key index element
pub(super) fn lset(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    // Redis: where there is no list, the index is not looked at.
    if cx.keys.view().peek::<&List>(key)?.is_none() {
        return Err(Error::NO_SUCH_KEY);
    }
    let (index, element) = (args.int()?, args.bytes());

    cx.keys.try_update(key, "lset", |list: &mut List, limits| {
        let place = list.place(index).ok_or(Error::OUT_OF_RANGE)?;
        list.set(place, element, limits);
        Ok::<_, Error>(((), Changed(1)))
    })?;

    Ok(Reply::OK)
}

/// LINSERT key BEFORE | AFTER pivot element
pub(super) fn linsert(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let side = if args.take("BEFORE") {
        Side::Before
    } else if args.take("AFTER") {
        Side::After
    } else {
        return Err(Error::SYNTAX);
    };
    let (pivot, element) = (args.bytes(), args.bytes());

    let insert = |list: &mut List, limits: &Limits| {
        let Some(place) = list.find(pivot, End::Head, usize::MAX).next() else {
            return (Reply::Int(-1), Changed(0));
        };
        list.insert(place, side, element, limits);
        (Reply::count(list.len()), Changed(1))
    };
    let reply = cx.keys.modify(key, "linsert", insert)?;

    Ok(reply.unwrap_or(Reply::Int(0)))
}

/// LREM key count element
pub(super) fn lrem(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let (count, element) = (args.int()?, args.bytes());
    let from = if count < 0 { End::Tail } else { End::Head };
    let limit = match count {
        0 => usize::MAX,
        count => at_most(count.unsigned_abs()),
    };

    let remove = |list: &mut List, _: &Limits| {
        let removed = list.remove_matches(element, from, limit);
        (removed, Changed(removed))
    };
    let removed = cx.keys.modify(key, "lrem", remove)?;

    Ok(Reply::count(removed.unwrap_or(0)))
}

/// LTRIM key start stop
pub(super) fn ltrim(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let (start, stop) = (args.int()?, args.int()?);

    let trim = |list: &mut List, _: &Limits| {
        let kept = clamp(start, stop, list.len());
        let removed = list.remove_range(kept.end, usize::MAX) + list.remove_range(0, kept.start);
        (removed, Changed(removed))
    };
    let removed = cx.keys.modify(key, "ltrim", trim)?;
    if removed == Some(0) {
        // Redis: the event comes even where nothing was to be trimmed.
        cx.keys.note_event(EventClass::LIST, "ltrim", key);
    }

    Ok(Reply::OK)
}

/// The places from `start` to `stop`, Redis's indices, of a list of `len` elements.
fn clamp(start: i64, stop: i64, len: usize) -> Range<usize> {
    let from_head = |index: i64| {
        if index < 0 {
            index.saturating_add(len as i64)
        } else {
            index
        }
    };
    let (start, stop) = (from_head(start).max(0), from_head(stop));
    if start > stop || start >= len as i64 {
        return 0..0;
    }

    at_most(start.unsigned_abs())..at_most(stop.unsigned_abs()).saturating_add(1).min(len)
}

fn at_most(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
