//! Commands that give a key another name, another database, a twin.
use super::{Args, Error, Reply, Result};
use crate::base::number;
use crate::command::WriteContext;
use crate::keyspace::{DATABASES, EventClass, ExpirySetting, KeysMut};
use crate::value::{Value, ValueRef};

/// RENAME key newkey
pub fn rename(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, new) = (args.bytes(), args.bytes());
    if !cx.keys.view().contains(key) {
        return Err(Error::NO_SUCH_KEY);
    }

    if key != new {
        rename_to(&mut cx.keys, key, new);
    }

    Ok(Reply::OK)
}

/// RENAMENX key newkey
pub fn renamenx(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, new) = (args.bytes(), args.bytes());
    if !cx.keys.view().contains(key) {
        return Err(Error::NO_SUCH_KEY);
    }

    let free = !cx.keys.view().contains(new);
    if free {
        rename_to(&mut cx.keys, key, new);
        cx.effects.add(cx.keys.db(), &[b"RENAME", key, new]);
    }

    Ok(Reply::flag(free))
}

fn rename_to(keys: &mut KeysMut, key: &[u8], new: &[u8]) {
    let Some((value, expires_at_ms)) = keys.remove(key, "") else {
        return;
    };
    put(keys, new, value, setting(expires_at_ms));
    keys.note_event(EventClass::GENERIC, "rename_from", key);
    keys.note_event(EventClass::GENERIC, "rename_to", new);
}

/// MOVE key db
pub fn r#move(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, to) = (args.bytes(), args.db()?);
    let from = cx.keys.db();
    if from == to {
        return Err(Error::SAME_OBJECT);
    }

    let view = cx.keys.view();
    if !view.contains(key) || view.in_db(to).contains(key) {
        return Ok(Reply::Int(0));
    }
    if let Some((value, expires_at_ms)) = cx.keys.remove(key, "") {
        put(&mut cx.keys.in_db(to), key, value, setting(expires_at_ms));
        cx.keys.note_event(EventClass::GENERIC, "move_from", key);
        let mut there = cx.keys.in_db(to);
        there.note_event(EventClass::GENERIC, "move_to", key);
    }

    Ok(Reply::Int(1))
}

/// COPY source destination [DB destination-db] [REPLACE]
pub fn copy(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (source, destination) = (args.bytes(), args.bytes());
    let (mut to, mut replace) = (cx.keys.db(), false);
    while !args.is_done() {
        if args.take("REPLACE") {
            replace = true;
        } else if args.take("DB") {
            to = args.db()?;
        } else {
            return Err(Error::SYNTAX);
        }
    }
    if to == cx.keys.db() && source == destination {
        return Err(Error::SAME_OBJECT);
    }

    let view = cx.keys.view();
    let value: Option<Value> = view.value(source).map(ValueRef::to_owned);
    let taken = view.in_db(to).contains(destination);
    let (Some(value), true) = (value, replace || !taken) else {
        return Ok(Reply::Int(0));
    };
    let expiry = setting(view.expires_at_ms(source));
    let mut there = cx.keys.in_db(to);
    put(&mut there, destination, value, expiry);
    there.note_event(EventClass::GENERIC, "copy_to", destination);

    Ok(Reply::Int(1))
}

/// Redis: what stands at `key` is deleted before, so the key counts as new in any case.
pub fn put(keys: &mut KeysMut, key: &[u8], value: Value, expiry: ExpirySetting) {
    if keys.view().contains(key) {
        keys.note_event(EventClass::NEW, "new", key);
    }
    keys.set(key, "", value, expiry);
}

fn setting(expires_at_ms: Option<u64>) -> ExpirySetting {
    expires_at_ms.map_or(ExpirySetting::Clear, ExpirySetting::At)
}

/// SWAPDB index1 index2
pub fn swapdb(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (first, second) = (args.bytes(), args.bytes());
    let first = number::parse_i64(first).and_then(|db| i32::try_from(db).ok());
    let first = first.ok_or(Error::FIRST_DB)?;
    let second = number::parse_i64(second).and_then(|db| i32::try_from(db).ok());
    let second = second.ok_or(Error::SECOND_DB)?;
    let db = |db: i32| usize::try_from(db).ok().filter(|db| *db < DATABASES);
    let (first, second) = db(first).zip(db(second)).ok_or(Error::DB_RANGE)?;

    if first != second {
        cx.keys.space().swap_databases(first, second);
    }

    Ok(Reply::OK)
}
