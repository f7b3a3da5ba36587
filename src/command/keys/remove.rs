//! Commands that remove keys.
use super::{Args, Error, Reply, Result};
use crate::command::WriteContext;
use crate::keyspace::DATABASES;

/// DEL key [key ...]
pub fn del(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let keys = args.rest();

    let mut removed: Vec<&[u8]> = vec![b"DEL"];
    for key in keys {
        if cx.keys.delete(key, "del") {
            removed.push(key);
        }
    }
    if removed.len() > 1 {
        cx.effects.add(cx.keys.db(), &removed);
    }

    Ok(Reply::count(removed.len() - 1))
}

/// UNLINK key [key ...]
pub fn unlink(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    del(cx, args)
}

/// FLUSHDB [ASYNC | SYNC]
pub fn flushdb(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    take_mode(&mut args)?;

    let db = cx.keys.db();
    if cx.keys.space().flush_database(db) > 0 {
        cx.effects.add(db, &[b"FLUSHDB"]);
    }

    Ok(Reply::OK)
}

/// FLUSHALL [ASYNC | SYNC]
pub fn flushall(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    take_mode(&mut args)?;

    let space = cx.keys.space();
    let removed: usize = (0..DATABASES).map(|db| space.flush_database(db)).sum();
    if removed > 0 {
        cx.effects.add(cx.keys.db(), &[b"FLUSHALL"]);
    }

    Ok(Reply::OK)
}

/// Redis: only one thread or two, which is no difference here.
fn take_mode(args: &mut Args) -> Result<()> {
    if args.left() > 1 {
        return Err(Error::SYNTAX);
    }
    let _known = args.take("ASYNC") || args.take("SYNC");

    args.end()
}
