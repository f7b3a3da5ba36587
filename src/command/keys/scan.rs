//! Commands that go through all keys of a database.
use super::{Args, Reply, Result};
use crate::base::glob;
use crate::command::ReadContext;
use crate::command::scan::{ScanOptions, cursor, scan_reply};

/// KEYS pattern
pub fn keys(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let pattern = args.bytes();

    // Redis: `*` alone is every key, even the empty one, which it does not match.
    let all = pattern == b"*";
    let keys = cx.keys.iter().map(|(key, _)| key);

    Ok(Reply::bulks(
        keys.filter(|key| all || glob::matches(pattern, key)),
    ))
}

/// SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
pub fn scan(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let cursor = cursor(&mut args)?;
    let options = ScanOptions::parse_with_type(args)?;

    // COUNT counts what was looked at, not what was found.
    let mut items = Vec::new();
    let cursor = options.walk(cursor, &mut |cursor| {
        let mut looked = 0;
        let next = cx.keys.scan(cursor, |key, entry| {
            looked += 1;
            let kind = entry.kind().name().as_bytes();
            let wanted = options
                .kind
                .is_none_or(|name| name.eq_ignore_ascii_case(kind));
            if wanted && options.admits(key) {
                items.push(Reply::bulk(key));
            }
        });
        (next, looked)
    });

    Ok(scan_reply(cursor, items))
}

/// RANDOMKEY
pub fn randomkey(cx: &ReadContext, _: Args) -> Result<Reply> {
    let key = cx.keys.random(&mut cx.rng.borrow_mut());

    Ok(Reply::bulk_or_null(key))
}

/// DBSIZE
pub fn dbsize(cx: &ReadContext, _: Args) -> Result<Reply> {
    Ok(Reply::count(cx.keys.len()))
}
