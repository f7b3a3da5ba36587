//! The server itself: the family's table.
mod acl;
mod catalogue;
mod command;
mod config;
mod debug;
mod info;
mod latency;
mod memory;
mod replicate;
mod replication;

use super::row::*;
use super::{
    Action, Args, Error, REDIS_VERSION, ReadContext, Reply, Result, SessionContext, WriteContext,
};
use acl::*;
use command::*;
use config::*;
use debug::*;
use info::*;
use latency::*;
use memory::*;
use replicate::*;
use replication::*;

const BASIC: Flags = Flags::LOADING.and(Flags::STALE);
const BASIC_FAST: Flags = BASIC.and(FAST);
const ACL: Flags = BASIC.and(Flags::NO_SCRIPT);
const ADMIN_OPEN: Flags = BASIC.and(Flags::ADMIN);
const ADMIN: Flags = ADMIN_OPEN.and(Flags::NO_SCRIPT);
const SAVING: Flags = Flags::ADMIN
    .and(Flags::NO_SCRIPT)
    .and(Flags::NO_ASYNC_LOADING);
const SAVE: Flags = SAVING.and(Flags::NO_MULTI);
const REPLICA: Flags = SAVING.and(Flags::STALE);
const REPLCONF: Flags = ADMIN.and(Flags::ALLOW_BUSY);
const SYNC: Flags = SAVING.and(Flags::NO_MULTI);
const SHUTDOWN: Flags = ADMIN.and(Flags::NO_MULTI).and(Flags::ALLOW_BUSY);
const INFO: Flags = BASIC.and(Flags::DANGEROUS);
const POPULATE: Flags = ADMIN.and(Flags::KILAT);
const FAILOVER: Flags = Flags::ADMIN.and(Flags::NO_SCRIPT).and(Flags::STALE);
const LASTSAVE: Flags = BASIC_FAST.and(Flags::DANGEROUS);
const ROLE: Flags = LASTSAVE.and(Flags::NO_SCRIPT);

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //       name                       arity              keys         flags             handler                   usage
    session("BGREWRITEAOF",             Arity::Exactly(1), Keys::None,  SAVING,           bgrewriteaof,             ""),
    session("BGSAVE",                   Arity::AtLeast(1), Keys::None,  SAVING,           bgsave,                   "[SCHEDULE]"),
    session("LASTSAVE",                 Arity::Exactly(1), Keys::None,  LASTSAVE,         lastsave,                 ""),
    session("SAVE",                     Arity::Exactly(1), Keys::None,  SAVE,             save,                     ""),
    session("SHUTDOWN",                 Arity::AtLeast(1), Keys::None,  SHUTDOWN,         shutdown,                 "[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]"),
    session("ACL|CAT",                  Arity::AtLeast(2), Keys::None,  ACL,              acl_cat,                  "[category]"),
    session("ACL|GENPASS",              Arity::AtLeast(2), Keys::None,  ACL,              acl_genpass,              "[bits]"),
    session("ACL|GETUSER",              Arity::Exactly(3), Keys::None,  ADMIN,            acl_getuser,              "username"),
    session("ACL|HELP",                 Arity::Exactly(2), Keys::None,  BASIC,            acl_help,                 ""),
    session("ACL|LIST",                 Arity::Exactly(2), Keys::None,  ADMIN,            acl_list,                 ""),
    session("ACL|USERS",                Arity::Exactly(2), Keys::None,  ADMIN,            acl_users,                ""),
    session("ACL|WHOAMI",               Arity::Exactly(2), Keys::None,  ACL,              acl_whoami,               ""),
    session("COMMAND",                  Arity::AtLeast(1), Keys::None,  BASIC,            command,                  ""),
    session("COMMAND|COUNT",            Arity::Exactly(2), Keys::None,  BASIC,            command_count,            ""),
    session("COMMAND|DOCS",             Arity::AtLeast(2), Keys::None,  BASIC,            command_docs,             "[command-name [command-name ...]]"),
    session("COMMAND|GETKEYS",          Arity::AtLeast(4), Keys::None,  BASIC,            command_getkeys,          "command [arg [arg ...]]"),
    session("COMMAND|GETKEYSANDFLAGS",  Arity::AtLeast(4), Keys::None,  BASIC,            command_getkeysandflags,  "command [arg [arg ...]]"),
    session("COMMAND|HELP",             Arity::Exactly(2), Keys::None,  BASIC,            command_help,             ""),
    session("COMMAND|INFO",             Arity::AtLeast(2), Keys::None,  BASIC,            command_info,             "[command-name [command-name ...]]"),
    session("COMMAND|LIST",             Arity::AtLeast(2), Keys::None,  BASIC,            command_list,             "[FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]"),
    session("CONFIG|GET",               Arity::AtLeast(3), Keys::None,  ADMIN,            config_get,               "parameter [parameter ...]"),
    session("CONFIG|HELP",              Arity::Exactly(2), Keys::None,  BASIC,            config_help,              ""),
    session("CONFIG|RESETSTAT",         Arity::Exactly(2), Keys::None,  ADMIN,            config_resetstat,         ""),
    session("CONFIG|REWRITE",           Arity::Exactly(2), Keys::None,  ADMIN,            config_rewrite,           ""),
    session("CONFIG|SET",               Arity::AtLeast(4), Keys::None,  ADMIN,            config_set,               "parameter value [parameter value ...]"),
    session("DEBUG",                    Arity::AtLeast(2), Keys::None,  ADMIN,            debug,                    ""),
    write  ("DEBUG|POPULATE",           Arity::AtLeast(2), Keys::None,  POPULATE,         debug_populate,           "count [prefix] [size]"),
    session("FAILOVER",                 Arity::AtLeast(1), Keys::None,  FAILOVER,         failover,                 "[TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]"),
    write  ("FUNCTION|FLUSH",           Arity::AtLeast(2), Keys::None,  Flags::NO_SCRIPT, function_flush,           "[ASYNC | SYNC]"),
    session("INFO",                     Arity::AtLeast(1), Keys::None,  INFO,             info,                     "[section [section ...]]"),
    session("LATENCY|DOCTOR",           Arity::Exactly(2), Keys::None,  ADMIN,            latency_doctor,           ""),
    session("LATENCY|GRAPH",            Arity::Exactly(3), Keys::None,  ADMIN,            latency_graph,            "event"),
    session("LATENCY|HELP",             Arity::Exactly(2), Keys::None,  BASIC,            latency_help,             ""),
    session("LATENCY|HISTOGRAM",        Arity::AtLeast(2), Keys::None,  ADMIN,            latency_histogram,        "[command [command ...]]"),
    session("LATENCY|HISTORY",          Arity::Exactly(3), Keys::None,  ADMIN,            latency_none,             "event"),
    session("LATENCY|LATEST",           Arity::Exactly(2), Keys::None,  ADMIN,            latency_none,             ""),
    session("LATENCY|RESET",            Arity::AtLeast(2), Keys::None,  ADMIN,            latency_reset,            "[event [event ...]]"),
    read   ("LOLWUT",                   Arity::AtLeast(1), Keys::None,  FAST,             lolwut,                   "[VERSION version]"),
    session("MEMORY|DOCTOR",            Arity::Exactly(2), Keys::None,  SLOW,             memory_doctor,            ""),
    session("MEMORY|HELP",              Arity::Exactly(2), Keys::None,  BASIC,            memory_help,              ""),
    session("MEMORY|MALLOC-STATS",      Arity::Exactly(2), Keys::None,  SLOW,             memory_malloc_stats,      ""),
    session("MEMORY|PURGE",             Arity::Exactly(2), Keys::None,  SLOW,             memory_purge,             ""),
    session("MEMORY|STATS",             Arity::Exactly(2), Keys::None,  SLOW,             memory_stats,             ""),
    read   ("MEMORY|USAGE",             Arity::AtLeast(3), Keys::At(2), SLOW,             memory_usage,             "key [SAMPLES count]"),
    session("MONITOR",                  Arity::Exactly(1), Keys::None,  ADMIN,            monitor,                  ""),
    session("REPLICAOF",                Arity::Exactly(3), Keys::None,  REPLICA,          replicaof,                "host port"),
    session("ROLE",                     Arity::Exactly(1), Keys::None,  ROLE,             role,                     ""),
    session("PSYNC",                    Arity::AtLeast(3), Keys::None,  SYNC,             psync,                    "replicationid offset"),
    session("REPLCONF",                 Arity::AtLeast(1), Keys::None,  REPLCONF,         replconf,                 ""),
    session("SYNC",                     Arity::Exactly(1), Keys::None,  SYNC,             sync,                     ""),
    session("SLAVEOF",                  Arity::Exactly(3), Keys::None,  REPLICA,          replicaof,                "host port"),
    session("SLOWLOG|GET",              Arity::AtLeast(2), Keys::None,  ADMIN_OPEN,       slowlog_get,              "[count]"),
    session("SLOWLOG|HELP",             Arity::Exactly(2), Keys::None,  BASIC,            slowlog_help,             ""),
    session("SLOWLOG|LEN",              Arity::Exactly(2), Keys::None,  ADMIN_OPEN,       slowlog_len,              ""),
    session("SLOWLOG|RESET",            Arity::Exactly(2), Keys::None,  ADMIN_OPEN,       slowlog_reset,            ""),
    session("TIME",                     Arity::Exactly(1), Keys::None,  BASIC_FAST,       time,                     ""),
];

/// BGREWRITEAOF
fn bgrewriteaof(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    cx.actions.push(Action::SaveInBackground);

    Ok(Reply::status(
        "Background append only file rewriting started",
    ))
}

/// BGSAVE [SCHEDULE]
fn bgsave(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let _ = args.take("SCHEDULE");
    args.end()?;

    if cx.facts.saving {
        return Err(Error::SAVING);
    }
    cx.actions.push(Action::SaveInBackground);

    Ok(Reply::status("Background saving started"))
}

/// FUNCTION FLUSH [ASYNC | SYNC]
fn function_flush(_: &mut WriteContext, mut args: Args) -> Result<Reply> {
    if args.left() > 1 {
        return Err(Error::subcommand_syntax(args.whole()[1], "FUNCTION"));
    }
    if !args.is_done() && !args.take("ASYNC") && !args.take("SYNC") {
        return Err(Error::FUNCTION_FLUSH);
    }

    Ok(Reply::OK)
}

/// LASTSAVE
fn lastsave(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(int(cx.facts.last_save_ms / 1000))
}

fn int(value: u64) -> Reply {
    Reply::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// LOLWUT [VERSION version]
fn lolwut(_: &ReadContext, mut args: Args) -> Result<Reply> {
    if args.left() > 1 && args.take("VERSION") {
        args.int()?;
    }

    Ok(Reply::Verbatim(
        "txt",
        format!("Redis ver. {REDIS_VERSION}\n"),
    ))
}

/// MONITOR
fn monitor(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    cx.session().monitor = true;
    cx.sessions.any_monitor = true;

    Ok(Reply::OK)
}

/// SAVE
fn save(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    if cx.facts.saving {
        return Err(Error::SAVING);
    }
    *cx.waiting = Some(Action::Save);

    Ok(Reply::OK)
}

/// SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]
fn shutdown(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let (mut save, mut no_save, mut abort, mut others) = (false, false, false, false);
    while !args.is_done() {
        if args.take("SAVE") {
            save = true;
        } else if args.take("NOSAVE") {
            no_save = true;
        } else if args.take("ABORT") {
            abort = true;
        } else if args.take("NOW") || args.take("FORCE") {
            others = true;
        } else {
            return Err(Error::SYNTAX);
        }
    }
    if (save && no_save) || (abort && (save || no_save || others)) {
        return Err(Error::SYNTAX);
    }
    if abort {
        return Err(Error::NO_SHUTDOWN);
    }
    *cx.waiting = Some(Action::Shutdown { save: !no_save });

    Ok(Reply::OK)
}

/// TIME
fn time(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let now_ms = cx.keyspace.now_ms();
    let words = [now_ms / 1000, now_ms % 1000 * 1000];

    Ok(Reply::bulks(words.map(|word| word.to_string())))
}
