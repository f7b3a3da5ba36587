//! The server itself: the family's table.
mod config;
mod debug;
mod info;

use super::row::*;
use super::{Action, Args, Error, Reply, Result, Role, SessionContext, WriteContext};
use config::*;
use debug::*;
use info::*;

const BASIC: Flags = Flags::LOADING.and(Flags::STALE);
const ADMIN: Flags = BASIC.and(Flags::ADMIN).and(Flags::NO_SCRIPT);
const SAVING: Flags = Flags::ADMIN
    .and(Flags::NO_SCRIPT)
    .and(Flags::NO_ASYNC_LOADING);

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //       name                arity              keys        flags                           handler           usage
    session("BGREWRITEAOF",      Arity::Exactly(1), Keys::None, SAVING,                         bgrewriteaof,     ""),
    session("BGSAVE",            Arity::AtLeast(1), Keys::None, SAVING,                         bgsave,           "[SCHEDULE]"),
    session("CONFIG|GET",        Arity::AtLeast(3), Keys::None, ADMIN,                          config_get,       "parameter [parameter ...]"),
    session("CONFIG|HELP",       Arity::Exactly(2), Keys::None, BASIC,                          config_help,      ""),
    session("CONFIG|RESETSTAT",  Arity::Exactly(2), Keys::None, ADMIN,                          config_resetstat, ""),
    session("CONFIG|REWRITE",    Arity::Exactly(2), Keys::None, ADMIN,                          config_rewrite,   ""),
    session("CONFIG|SET",        Arity::AtLeast(4), Keys::None, ADMIN,                          config_set,       "parameter value [parameter value ...]"),
    session("DEBUG",             Arity::AtLeast(2), Keys::None, ADMIN,                          debug,            ""),
    write  ("DEBUG|POPULATE",    Arity::AtLeast(3), Keys::None, ADMIN,                          debug_populate,   ""),
    session("FAILOVER",          Arity::AtLeast(1), Keys::None, FAILOVER,                       failover,         "[TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]"),
    write  ("FUNCTION|FLUSH",    Arity::AtLeast(2), Keys::None, Flags::NO_SCRIPT,               function_flush,   "[ASYNC | SYNC]"),
    session("INFO",              Arity::AtLeast(1), Keys::None, BASIC.and(Flags::DANGEROUS),    info,             "[section [section ...]]"),
    session("LASTSAVE",          Arity::Exactly(1), Keys::None, LASTSAVE,                       lastsave,         ""),
    session("ROLE",              Arity::Exactly(1), Keys::None, ROLE,                           role,             ""),
    session("SAVE",              Arity::Exactly(1), Keys::None, SAVING.and(Flags::NO_MULTI),    save,             ""),
    session("TIME",              Arity::Exactly(1), Keys::None, BASIC.and(FAST),                time,             ""),
];

const FAILOVER: Flags = Flags::ADMIN.and(Flags::NO_SCRIPT).and(Flags::STALE);
const LASTSAVE: Flags = BASIC.and(FAST).and(Flags::DANGEROUS);
const ROLE: Flags = LASTSAVE.and(Flags::NO_SCRIPT);

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

/// FAILOVER
fn failover(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if args.take("ABORT") {
        return Err(Error::NO_FAILOVER);
    }
    cx.actions.push(Action::Failover);

    Ok(Reply::OK)
}

/// FUNCTION FLUSH [ASYNC | SYNC]
fn function_flush(_: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let known = args.is_done() || args.take("ASYNC") || args.take("SYNC");
    if !known || !args.is_done() {
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

/// ROLE
fn role(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let seq = int(cx.facts.committed_seq);

    Ok(Reply::Array(match cx.facts.role {
        Role::Leader => vec![Reply::bulk("master"), seq, Reply::Array(Vec::new())],
        // A follower knows no host and port of its leader.
        Role::Follower => vec![
            Reply::bulk("slave"),
            Reply::bulk(cx.facts.database_name.as_str()),
            Reply::Int(0),
            Reply::bulk("connected"),
            seq,
        ],
    }))
}

/// SAVE
fn save(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    if cx.facts.saving {
        return Err(Error::SAVING);
    }
    *cx.waiting = Some(Action::Save);

    Ok(Reply::OK)
}

/// TIME
fn time(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let now_ms = cx.keyspace.now_ms();
    let words = [now_ms / 1000, now_ms % 1000 * 1000];

    Ok(Reply::bulks(words.map(|word| word.to_string())))
}
