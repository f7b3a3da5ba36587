//! Connections: the family's table, and what a session says of itself.
mod client;

use super::row::*;
use super::{Args, Error, Reply, ReplyMode, Result, Role, SessionContext};
use crate::base::number;
use client::*;

const BASIC: Flags = Flags::LOADING.and(Flags::STALE);
const CLIENT: Flags = BASIC.and(Flags::NO_SCRIPT);
const CLIENT_ADMIN: Flags = CLIENT.and(Flags::ADMIN);
const OPEN: Flags = CLIENT
    .and(Flags::FAST)
    .and(Flags::NO_AUTH)
    .and(Flags::ALLOW_BUSY);

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //       name                   arity              keys        flags                  handler              usage
    session("PING",                 Arity::AtLeast(1), Keys::None, FAST,                  ping,                "[message]"),
    session("ECHO",                 Arity::Exactly(2), Keys::None, BASIC.and(FAST),       echo,                "message"),
    session("SELECT",               Arity::Exactly(2), Keys::None, BASIC.and(FAST),       select,              "index"),
    session("HELLO",                Arity::AtLeast(1), Keys::None, OPEN,                  hello,               "[protover [AUTH username password] [SETNAME clientname]]"),
    session("AUTH",                 Arity::AtLeast(2), Keys::None, OPEN,                  auth,                "[username] password"),
    session("QUIT",                 Arity::AtLeast(1), Keys::None, OPEN,                  quit,                ""),
    session("RESET",                Arity::Exactly(1), Keys::None, OPEN,                  reset,               ""),
    session("CLIENT|CACHING",       Arity::Exactly(3), Keys::None, CLIENT,                client_caching,      "YES | NO"),
    session("CLIENT|GETNAME",       Arity::Exactly(2), Keys::None, CLIENT,                client_getname,      ""),
    session("CLIENT|GETREDIR",      Arity::Exactly(2), Keys::None, CLIENT,                client_getredir,     ""),
    session("CLIENT|HELP",          Arity::Exactly(2), Keys::None, BASIC,                 client_help,         ""),
    session("CLIENT|ID",            Arity::Exactly(2), Keys::None, CLIENT,                client_id,           ""),
    session("CLIENT|INFO",          Arity::Exactly(2), Keys::None, CLIENT,                client_info,         ""),
    session("CLIENT|KILL",          Arity::AtLeast(3), Keys::None, CLIENT_ADMIN,          client_kill,         "old-format | new-format"),
    session("CLIENT|LIST",          Arity::AtLeast(2), Keys::None, CLIENT_ADMIN,          client_list,         "[TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]]"),
    session("CLIENT|NO-EVICT",      Arity::Exactly(3), Keys::None, CLIENT_ADMIN,          client_no_evict,     "ON | OFF"),
    session("CLIENT|PAUSE",         Arity::AtLeast(3), Keys::None, CLIENT_ADMIN,          client_pause,        "timeout [WRITE | ALL]"),
    session("CLIENT|REPLY",         Arity::Exactly(3), Keys::None, CLIENT,                client_reply,        "ON | OFF | SKIP"),
    session("CLIENT|SETNAME",       Arity::Exactly(3), Keys::None, CLIENT,                client_setname,      "connection-name"),
    session("CLIENT|TRACKING",      Arity::AtLeast(3), Keys::None, CLIENT,                client_tracking,     "ON | OFF [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]"),
    session("CLIENT|TRACKINGINFO",  Arity::Exactly(2), Keys::None, CLIENT,                client_trackinginfo, ""),
    session("CLIENT|UNBLOCK",       Arity::AtLeast(3), Keys::None, CLIENT_ADMIN,          client_unblock,      "client-id [TIMEOUT | ERROR]"),
    session("CLIENT|UNPAUSE",       Arity::Exactly(2), Keys::None, CLIENT_ADMIN,          client_unpause,      ""),
];

/// PING [message]
fn ping(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if args.left() > 1 {
        return Err(Error::wrong_arity("ping"));
    }
    let message = args.peek();

    if cx.session().in_push_mode() {
        let words = [&b"pong"[..], message.unwrap_or_default()];
        return Ok(Reply::bulks(words));
    }

    Ok(message.map_or(Reply::status("PONG"), |_| Reply::bulk(args.bytes())))
}

/// ECHO message
fn echo(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    Ok(Reply::bulk(args.bytes()))
}

/// SELECT index
fn select(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    cx.session().db = args.db()?;
    cx.keyspace.touch_versions();

    Ok(Reply::OK)
}

/// HELLO [protover [AUTH username password] [SETNAME clientname]]
fn hello(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let mut protocol = None;
    if !args.is_done() {
        let word = number::parse_i64(args.bytes()).ok_or(Error::PROTOCOL_NOT_INTEGER)?;
        let version = u8::try_from(word)
            .ok()
            .filter(|version| [2, 3].contains(version));
        protocol = Some(version.ok_or(Error::NO_PROTOCOL)?);
    }
    while !args.is_done() {
        if args.left() > 2 && args.take("AUTH") {
            let (user, _) = (args.bytes(), args.bytes());
            authenticate(user)?;
        } else if args.left() > 1 && args.take("SETNAME") {
            set_name(cx.session(), args.bytes())?;
        } else {
            return Err(Error::hello_option(args.bytes()));
        }
    }

    let role = match cx.facts.role {
        Role::Leader => "master",
        Role::Follower => "replica",
    };
    let session = cx.session();
    session.protocol = protocol.unwrap_or(session.protocol);
    let id = i64::try_from(session.id).unwrap_or(i64::MAX);
    let pair = |name: &str, value: Reply| (Reply::bulk(name), value);

    Ok(Reply::Map(vec![
        pair("server", Reply::bulk("redis")),
        pair("version", Reply::bulk(super::REDIS_VERSION)),
        pair("proto", Reply::Int(i64::from(session.protocol))),
        pair("id", Reply::Int(id)),
        pair("mode", Reply::bulk("standalone")),
        pair("role", Reply::bulk(role)),
        pair("modules", Reply::Array(Vec::new())),
    ]))
}

/// There is one user, `default`, and no password is asked of it.
fn authenticate(user: &[u8]) -> Result<()> {
    if user == b"default" {
        Ok(())
    } else {
        Err(Error::WRONG_PASSWORD)
    }
}

/// AUTH [username] password
fn auth(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    match args.left() {
        1 => Err(Error::NO_PASSWORD_SET),
        2 => authenticate(args.bytes()).map(|()| Reply::OK),
        _ => Err(Error::SYNTAX),
    }
}

/// QUIT
fn quit(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    cx.session().closing = true;

    Ok(Reply::OK)
}

/// RESET
fn reset(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    cx.unwatch_all();
    cx.unsubscribe_all();
    let session = cx.session();
    session.multi = None;
    session.db = 0;
    session.protocol = 2;
    session.name = Box::default();
    session.reply_mode = ReplyMode::On;
    session.monitor = false;
    session.no_evict = false;
    cx.keyspace.touch_versions();

    Ok(Reply::status("RESET"))
}
