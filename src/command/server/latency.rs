//! SLOWLOG and LATENCY: no machine reads a clock while it runs a command, so both stay empty.
use crate::command::{Args, Error, Reply, Result, SessionContext};

/// SLOWLOG GET [count]
pub(super) fn slowlog_get(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if !args.is_done() && !args.int().is_ok_and(|count| count >= -1) {
        return Err(Error::SLOWLOG_COUNT);
    }
    args.end()
        .map_err(|_| Error::subcommand_syntax(args.whole()[1], "SLOWLOG"))?;

    Ok(Reply::Array(Vec::new()))
}

/// SLOWLOG LEN
pub(super) fn slowlog_len(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Int(0))
}

/// SLOWLOG RESET
pub(super) fn slowlog_reset(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::OK)
}

/// SLOWLOG HELP
pub(super) fn slowlog_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "SLOWLOG",
        &[
            "GET [<count>]",
            "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
            "    Entries are made of:",
            "    id, timestamp, time in microseconds, arguments array, client IP and port,",
            "    client name",
            "LEN",
            "    Return the length of the slowlog.",
            "RESET",
            "    Reset the slowlog.",
        ],
    ))
}

/// LATENCY LATEST, HISTORY event
pub(super) fn latency_none(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Array(Vec::new()))
}

/// LATENCY HISTOGRAM [command ...]
pub(super) fn latency_histogram(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Map(Vec::new()))
}

/// LATENCY GRAPH event
pub(super) fn latency_graph(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    Err(Error::no_samples(args.bytes()))
}

/// LATENCY RESET [event ...]
pub(super) fn latency_reset(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Int(0))
}

/// LATENCY DOCTOR
pub(super) fn latency_doctor(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Verbatim(
        "txt",
        "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You \
         may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable it. If \
         we weren't in a deep space mission I'd suggest to take a look at \
         https://redis.io/topics/latency-monitor.\n"
            .into(),
    ))
}

/// LATENCY HELP
pub(super) fn latency_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "LATENCY",
        &[
            "DOCTOR",
            "    Return a human readable latency analysis report.",
            "GRAPH <event>",
            "    Return an ASCII latency graph for the <event> class.",
            "HISTORY <event>",
            "    Return time-latency samples for the <event> class.",
            "LATEST",
            "    Return the latest latency samples for all events.",
            "RESET [<event> ...]",
            "    Reset latency data of one or more <event> classes.",
            "    (default: reset all data for all event classes)",
            "HISTOGRAM [COMMAND ...]",
            HISTOGRAM,
            "    If no commands are specified then all histograms are replied.",
        ],
    ))
}

const HISTOGRAM: &str = "    Return a cumulative distribution of latencies in the format of a \
                         histogram for the specified command names.";
