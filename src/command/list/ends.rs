//! What happens at the two ends: pushing, popping, moving from list to list.
use super::end;
use crate::command::{Args, Error, Reply, Result, WriteContext};
use crate::keyspace::{Changed, EventClass};
use crate::value::{End, Limits, List};

/// LPUSH key element [element ...]
pub(super) fn lpush(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    push(cx, args, End::Head)
}

/// RPUSH key element [element ...]
pub(super) fn rpush(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    push(cx, args, End::Tail)
}

/// LPUSHX key element [element ...]
pub(super) fn lpushx(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    push_existing(cx, args, End::Head)
}

/// RPUSHX key element [element ...]
pub(super) fn rpushx(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    push_existing(cx, args, End::Tail)
}

/// LPOP key [count]
pub(super) fn lpop(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    pop(cx, args, End::Head)
}

/// RPOP key [count]
pub(super) fn rpop(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    pop(cx, args, End::Tail)
}

/// LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count]
pub(super) fn lmpop(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let keys = args.counted(Error::NUMKEYS, Error::SYNTAX)?;
    let end = end(&mut args)?;
    let mut count = 1;
    if args.take("COUNT") {
        count = args.int_in(1..=i64::MAX, Error::COUNT)?;
    }
    args.end()?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);

    for key in keys {
        if cx.keys.view().peek::<&List>(key)?.is_none() {
            continue;
        }
        let take = |list: &mut List, _: &Limits| {
            let taken = take(list, end, count);
            let changed = Changed(taken.len());
            (taken, changed)
        };
        let taken = cx.keys.modify(key, pop_event(end), take)?;
        let taken = taken.expect("looked up above");

        let (db, taken_len) = (cx.keys.db(), taken.len().to_string());
        let pop: &[u8] = if end == End::Head { b"LPOP" } else { b"RPOP" };
        cx.effects.add(db, &[pop, key, taken_len.as_bytes()]);
        return Ok(Reply::Array(vec![Reply::bulk(*key), Reply::Array(taken)]));
    }

    Ok(Reply::NullArray)
}

/// LMOVE source destination LEFT | RIGHT LEFT | RIGHT
pub(super) fn lmove(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (source, destination) = (args.bytes(), args.bytes());
    let (from, to) = (end(&mut args)?, end(&mut args)?);

    move_element(cx, source, destination, from, to)
}

/// RPOPLPUSH source destination
pub(super) fn rpoplpush(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (source, destination) = (args.bytes(), args.bytes());

    move_element(cx, source, destination, End::Tail, End::Head)
}

fn push(cx: &mut WriteContext, mut args: Args, end: End) -> Result<Reply> {
    let (key, elements) = (args.bytes(), args.rest());

    let push = |list: &mut List, limits: &Limits| push_all(list, end, elements, limits);
    let len = cx.keys.update(key, push_event(end), push)?;

    Ok(Reply::count(len))
}

fn push_existing(cx: &mut WriteContext, mut args: Args, end: End) -> Result<Reply> {
    let (key, elements) = (args.bytes(), args.rest());

    let push = |list: &mut List, limits: &Limits| push_all(list, end, elements, limits);
    let len = cx.keys.modify(key, push_event(end), push)?;

    Ok(Reply::count(len.unwrap_or(0)))
}

/// Answers the length that the list then has.
fn push_all(list: &mut List, end: End, elements: &[&[u8]], limits: &Limits) -> (usize, Changed) {
    for element in elements {
        list.push(end, element, limits);
    }

    (list.len(), Changed(elements.len()))
}

fn pop(cx: &mut WriteContext, mut args: Args, end: End) -> Result<Reply> {
    let name = if end == End::Head { "lpop" } else { "rpop" };
    if args.left() > 2 {
        return Err(Error::wrong_arity(name));
    }
    let key = args.bytes();
    let count = (!args.is_done()).then(|| args.count()).transpose()?;

    let take = |list: &mut List, _: &Limits| {
        let taken = take(list, end, count.unwrap_or(1));
        let changed = Changed(taken.len());
        (taken, changed)
    };
    let taken: Option<Vec<Reply>> = cx.keys.modify(key, pop_event(end), take)?;

    Ok(match (taken, count) {
        (Some(taken), Some(_)) => Reply::Array(taken),
        (None, Some(_)) => Reply::NullArray,
        (taken, None) => taken
            .and_then(|mut taken| taken.pop())
            .unwrap_or(Reply::Null),
    })
}

/// Takes up to `count` elements, that nearest to the end first.
fn take(list: &mut List, end: End, count: usize) -> Vec<Reply> {
    let count = count.min(list.len());
    let start = match end {
        End::Head => 0,
        End::Tail => list.len() - count,
    };
    let mut taken: Vec<Reply> = list.range(start, count).map(Reply::bulk).collect();
    if end == End::Tail {
        taken.reverse();
    }
    list.remove_range(start, count);

    taken
}

fn move_element(
    cx: &mut WriteContext,
    source: &[u8],
    destination: &[u8],
    from: End,
    to: End,
) -> Result<Reply> {
    let view = cx.keys.view();
    let Some(list) = view.peek::<&List>(source)? else {
        return Ok(Reply::Null);
    };
    view.peek::<&List>(destination)?;
    let first = if from == End::Head { 0 } else { list.len() - 1 };
    let element = list.get(first).expect("no list is empty").into_owned();

    if source == destination {
        let rotate = |list: &mut List, limits: &Limits| {
            list.pop(from);
            list.push(to, &element, limits);
            ((), Changed(1))
        };
        cx.keys.modify(source, push_event(to), rotate)?;
        cx.keys
            .note_event(EventClass::LIST, pop_event(from), source);
    } else {
        // Redis: the destination's event comes first.
        let push = |list: &mut List, limits: &Limits| {
            list.push(to, &element, limits);
            ((), Changed(1))
        };
        cx.keys.update(destination, push_event(to), push)?;
        let pop = |list: &mut List, _: &Limits| (list.pop(from), Changed(1));
        cx.keys.modify(source, pop_event(from), pop)?;
    }

    Ok(Reply::Bulk(element))
}

fn push_event(end: End) -> &'static str {
    match end {
        End::Head => "lpush",
        End::Tail => "rpush",
    }
}

fn pop_event(end: End) -> &'static str {
    match end {
        End::Head => "lpop",
        End::Tail => "rpop",
    }
}
