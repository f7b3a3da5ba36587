//! Members drawn by chance. What is logged is what chance decided.
use crate::command::random::{self, Draw};
use crate::command::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Limits, Set};

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
    let draw = (!args.is_done())
        .then(|| random::draw(&mut args))
        .transpose()?;

    let set: Option<&Set> = cx.keys.read(key)?;
    let rng = &mut *cx.rng.borrow_mut();

    Ok(match (set, draw) {
        (None, None) => Reply::Null,
        (None, Some(_)) => Reply::Array(Vec::new()),
        (Some(set), None) => Reply::bulk_or_null(set.random(rng)),
        (Some(set), Some(draw)) => match draw.bounded()? {
            Draw::Distinct(count) => Reply::bulks(set.sample(count, rng)),
            Draw::Repeated(count) => {
                let one = |_| Reply::bulk_or_null(set.random(rng));
                Reply::Array((0..count).map(one).collect())
            }
        },
    })
}
