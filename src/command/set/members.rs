//! Single members of one set, and all of them.
use crate::command::scan;
use crate::command::{Args, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Limits, Set};

/// SADD key member [member ...]
pub(super) fn sadd(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, members) = (args.bytes(), args.rest());

    let add = |set: &mut Set, limits: &Limits| {
        let is_new = |member: &&&[u8]| set.insert(member, limits);
        let added = members.iter().filter(is_new).count();
        (added, Changed(added))
    };
    let added = cx.keys.update(key, "sadd", add)?;

    Ok(Reply::count(added))
}

/// SREM key member [member ...]
pub(super) fn srem(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, members) = (args.bytes(), args.rest());

    let remove = |set: &mut Set, _: &Limits| {
        let was_there = |member: &&&[u8]| set.remove(member);
        let removed = members.iter().filter(was_there).count();
        (removed, Changed(removed))
    };
    let removed = cx.keys.modify(key, "srem", remove)?;

    Ok(Reply::count(removed.unwrap_or(0)))
}

/// SMOVE source destination member
pub(super) fn smove(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (source, destination, member) = (args.bytes(), args.bytes(), args.bytes());
    let view = cx.keys.view();
    let Some(set) = view.peek::<&Set>(source)? else {
        return Ok(Reply::Int(0));
    };
    view.peek::<&Set>(destination)?;
    let is_there = set.contains(member);

    if is_there && source != destination {
        let remove = |set: &mut Set, _: &Limits| (set.remove(member), Changed(1));
        cx.keys.modify(source, "srem", remove)?;
        let add = |set: &mut Set, limits: &Limits| {
            let added = set.insert(member, limits);
            ((), Changed(usize::from(added)))
        };
        cx.keys.update(destination, "sadd", add)?;
    }

    Ok(Reply::flag(is_there))
}

/// SISMEMBER key member
pub(super) fn sismember(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, member) = (args.bytes(), args.bytes());

    let set: Option<&Set> = cx.keys.read(key)?;

    Ok(Reply::flag(set.is_some_and(|set| set.contains(member))))
}

/// SMISMEMBER key member [member ...]
pub(super) fn smismember(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (key, members) = (args.bytes(), args.rest());

    let set: Option<&Set> = cx.keys.read(key)?;

    let is_member = |member: &&[u8]| Reply::flag(set.is_some_and(|set| set.contains(member)));
    Ok(Reply::Array(members.iter().map(is_member).collect()))
}

/// SCARD key
pub(super) fn scard(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let set: Option<&Set> = cx.keys.read(key)?;

    Ok(Reply::count(set.map_or(0, Set::len)))
}

/// SMEMBERS key
pub(super) fn smembers(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();

    let set: Option<&Set> = cx.keys.read(key)?;

    let members = set.into_iter().flat_map(Set::iter);
    Ok(Reply::Set(members.map(Reply::bulk).collect()))
}

/// SSCAN key cursor [MATCH pattern] [COUNT count]
pub(super) fn sscan(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let cursor = scan::cursor(&mut args)?;
    // Redis: where there is no set, the options are not looked at.
    let Some(set) = cx.keys.read::<&Set>(key)? else {
        return Ok(scan::scan_reply(0, Vec::new()));
    };

    scan::scan_within(cursor, args, &|cursor, show| {
        set.scan(cursor, |member| show(&member, None))
    })
}
