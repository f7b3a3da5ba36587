//! MEMORY: what keys and the engine take.
use crate::command::{Args, Error, ReadContext, Reply, Result, SessionContext};
use crate::keyspace::DATABASES;

/// MEMORY USAGE key [SAMPLES count]
pub(super) fn memory_usage(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    while !args.is_done() {
        if !args.take("SAMPLES") {
            return Err(Error::SYNTAX);
        }
        if args.int()? < 0 {
            return Err(Error::SYNTAX);
        }
    }

    let entry = cx.keys.entry(key);

    Ok(entry.map_or(Reply::Null, |entry| Reply::count(entry.memory_bytes())))
}

/// MEMORY STATS
pub(super) fn memory_stats(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let data = cx.keyspace.bytes();
    let total = cx.facts.heap_bytes.max(data);
    let keys: usize = (0..DATABASES).map(|db| cx.keyspace.keys(db).len()).sum();
    let pair = |name: &str, value: usize| (Reply::bulk(name), Reply::count(value));
    let share = |part: usize| {
        let share = if total == 0 {
            0.0
        } else {
            part as f64 * 100.0 / total as f64
        };
        Reply::Double(share)
    };

    Ok(Reply::Map(vec![
        pair("peak.allocated", total),
        pair("total.allocated", total),
        pair("startup.allocated", 0),
        pair("replication.backlog", 0),
        pair("clients.slaves", 0),
        pair("clients.normal", 0),
        pair("cluster.links", 0),
        pair("aof.buffer", 0),
        pair("lua.caches", 0),
        pair("functions.caches", 0),
        pair("overhead.total", total - data),
        pair("keys.count", keys),
        pair("keys.bytes-per-key", data.checked_div(keys).unwrap_or(0)),
        pair("dataset.bytes", data),
        (Reply::bulk("dataset.percentage"), share(data)),
        (Reply::bulk("peak.percentage"), share(total)),
    ]))
}

/// MEMORY DOCTOR
pub(super) fn memory_doctor(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Verbatim(
        "txt",
        "Sam, I detected no issues: memory is the page's.".into(),
    ))
}

/// MEMORY MALLOC-STATS
pub(super) fn memory_malloc_stats(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::bulk("Stats not supported for the current allocator"))
}

/// MEMORY PURGE
pub(super) fn memory_purge(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::OK)
}

/// MEMORY HELP
pub(super) fn memory_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "MEMORY",
        &[
            "DOCTOR",
            "    Return memory problems reports.",
            "MALLOC-STATS",
            "    Return internal statistics report from the memory allocator.",
            "PURGE",
            "    Attempt to purge dirty pages for reclamation by the allocator.",
            "STATS",
            "    Return information about the memory usage of the server.",
            "USAGE <key> [SAMPLES <count>]",
            "    Return memory in bytes used by <key> and its value. Nested values are",
            "    sampled up to <count> times (default: 5, 0 means sample all).",
        ],
    ))
}
