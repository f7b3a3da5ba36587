//! Several sets made one: intersection, union, difference, answered or stored.
use std::borrow::Cow;
use std::cmp::Reverse;

use crate::base::sort::sort_by_key;
use crate::command::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::{ExpirySetting, Keys};
use crate::value::{Limits, Set, Typed};

/// SINTER key [key ...]
pub(super) fn sinter(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let sets = read_all(cx.keys, args.rest())?;

    Ok(Reply::Set(intersection(&sets).map(Reply::bulk).collect()))
}

/// SINTERCARD numkeys key [key ...] [LIMIT limit]
pub(super) fn sintercard(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let keys = args.counted(Error::NUMKEYS, Error::TOO_MANY_KEYS)?;
    let mut limit = 0;
    while !args.is_done() {
        if !args.take("LIMIT") {
            return Err(Error::SYNTAX);
        }
        limit = args.int_in(0..=i64::MAX, Error::LIMIT_NEGATIVE)?;
    }
    let limit = match limit {
        0 => usize::MAX,
        limit => usize::try_from(limit).unwrap_or(usize::MAX),
    };

    let sets = read_all(cx.keys, keys)?;

    Ok(Reply::count(intersection(&sets).take(limit).count()))
}

/// SINTERSTORE destination key [key ...]
pub(super) fn sinterstore(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (destination, keys) = (args.bytes(), args.rest());
    let view = cx.keys.view();
    let mut result = Set::default();
    for member in intersection(&read_all(view, keys)?) {
        result.insert(&member, view.limits());
    }

    Ok(store(cx, destination, "sinterstore", result))
}

/// SUNION key [key ...]
pub(super) fn sunion(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let sets = read_all(cx.keys, args.rest())?;

    Ok(all_of(&union(&sets, cx.keys.limits())))
}

/// SUNIONSTORE destination key [key ...]
pub(super) fn sunionstore(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (destination, keys) = (args.bytes(), args.rest());
    let view = cx.keys.view();
    let result = union(&read_all(view, keys)?, view.limits());

    Ok(store(cx, destination, "sunionstore", result))
}

/// SDIFF key [key ...]
pub(super) fn sdiff(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let sets = read_all(cx.keys, args.rest())?;

    Ok(all_of(&difference(&sets, cx.keys.limits())))
}

/// SDIFFSTORE destination key [key ...]
pub(super) fn sdiffstore(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (destination, keys) = (args.bytes(), args.rest());
    let view = cx.keys.view();
    let result = difference(&read_all(view, keys)?, view.limits());

    Ok(store(cx, destination, "sdiffstore", result))
}

fn read_all<'a>(view: Keys<'a>, keys: &[&[u8]]) -> Result<Vec<Option<&'a Set>>> {
    keys.iter()
        .map(|key| view.read(key).map_err(Error::from))
        .collect()
}

/// Walks the smallest set and asks the others, the small ones first.
fn intersection<'a>(sets: &[Option<&'a Set>]) -> impl Iterator<Item = Cow<'a, [u8]>> {
    let mut present: Vec<&Set> = sets.iter().flatten().copied().collect();
    sort_by_key(&mut present, |set| set.len());
    // What is absent is empty, and so is what it has in common with others.
    let smallest = present.first().copied();
    let smallest = smallest.filter(|_| present.len() == sets.len());
    present.retain(|set| !smallest.is_some_and(|smallest| std::ptr::eq(*set, smallest)));
    let is_in_all = move |member: &Cow<'_, [u8]>| present.iter().all(|set| set.contains(member));

    smallest.into_iter().flat_map(Set::iter).filter(is_in_all)
}

fn union(sets: &[Option<&Set>], limits: &Limits) -> Set {
    let mut result = Set::default();
    for member in sets.iter().flatten().flat_map(|set| set.iter()) {
        result.insert(&member, limits);
    }

    result
}

/// What the first set alone has. Redis's two ways: asking all others for each of its members, or
/// taking the members of all others out of a copy; whichever is likely to be less work.
fn difference(sets: &[Option<&Set>], limits: &Limits) -> Set {
    let mut result = Set::default();
    let Some((Some(first), others)) = sets.split_first() else {
        return result;
    };
    let mut others: Vec<&Set> = others.iter().flatten().copied().collect();
    if others.iter().any(|set| std::ptr::eq(*set, *first)) {
        return result;
    }
    // Asking does less where members are in common: it is given an advantage.
    let asking = first.len() * (others.len() + 1) / 2;
    let taking = first.len() + others.iter().map(|set| set.len()).sum::<usize>();
    if asking <= taking {
        // The largest is the likeliest to have a member.
        sort_by_key(&mut others, |set| Reverse(set.len()));
        for member in first.iter() {
            if !others.iter().any(|set| set.contains(&member)) {
                result.insert(&member, limits);
            }
        }
        return result;
    }

    for member in first.iter() {
        result.insert(&member, limits);
    }
    for other in others {
        for member in other.iter() {
            result.remove(&member);
        }
        if result.is_empty() {
            break;
        }
    }

    result
}

fn all_of(set: &Set) -> Reply {
    Reply::Set(set.iter().map(Reply::bulk).collect())
}

fn store(cx: &mut WriteContext, key: &[u8], event: &'static str, result: Set) -> Reply {
    let len = result.len();
    cx.keys
        .set(key, event, result.into_value(), ExpirySetting::Clear);

    Reply::count(len)
}
