//! Members drawn by chance. What is logged is what chance decided.
use crate::command::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Limits, Set};

/// Redis answers a negative count of any size, until the memory or the connection gives out.
const REPEATED_MAX: u64 = 1 << 24;

/// SPOP key [count]
pub(super) fn spop(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    if args.left() > 2 {
        return Err(Error::SYNTAX);
    }
    let key = args.bytes();
    let count = (!args.is_done()).then(|| args.count()).transpose()?;

    let rng = &mut *cx.rng.borrow_mut();
    let pop = |set: &mut Set, limits: &Limits| {
        let popped = set.pop(count.unwrap_or(1), limits, rng);
        let changed = Changed(popped.len());
        ((popped, set.is_empty()), changed)
    };
    let (popped, is_emptied) = cx.keys.modify(key, "spop", pop)?.unwrap_or_default();

    let db = cx.keys.db();
    if is_emptied {
        cx.effects.add(db, &[b"DEL", key]);
    } else if !popped.is_empty() {
        let members = popped.iter().map(Vec::as_slice);
        let words: Vec<&[u8]> = [&b"SREM"[..], key].into_iter().chain(members).collect();
        cx.effects.add(db, &words);
    }
    let mut popped = popped.into_iter().map(Reply::Bulk);

    Ok(match count {
        Some(_) => Reply::Set(popped.collect()),
        None => popped.next().unwrap_or(Reply::Null),
    })
}

/// SRANDMEMBER key [count]
pub(super) fn srandmember(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    if args.left() > 2 {
        return Err(Error::SYNTAX);
    }
    let key = args.bytes();
    let count = (!args.is_done()).then(|| args.int()).transpose()?;
    if count == Some(i64::MIN) {
        return Err(Error::not_between(-i64::MAX, i64::MAX));
    }

    let set: Option<&Set> = cx.keys.read(key)?;
    let rng = &mut *cx.rng.borrow_mut();

    Ok(match (set, count) {
        (None, None) => Reply::Null,
        (None, Some(_)) => Reply::Array(Vec::new()),
        (Some(set), None) => Reply::bulk_or_null(set.random(rng)),
        (Some(set), Some(count)) if count < 0 => {
            let repeated = count.unsigned_abs();
            if repeated > REPEATED_MAX {
                return Err(Error::not_between(-i64::MAX, i64::MAX));
            }
            let draw = |_| Reply::bulk_or_null(set.random(rng));
            Reply::Array((0..repeated).map(draw).collect())
        }
        (Some(set), Some(count)) => {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            Reply::bulks(set.sample(count, rng))
        }
    })
}
