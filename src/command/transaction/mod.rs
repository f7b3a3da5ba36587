//! MULTI, EXEC, WATCH: the family's table.
use super::row::*;
use super::{Args, Error, Multi, Reply, Result, SessionContext};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //       name       arity                keys                   flags                          handler         usage
    session("MULTI",    Arity::Exactly(1),   Keys::None,            BASIC,                         multi,          ""),
    engine ("EXEC",     Arity::Exactly(1),   Keys::None,            EXEC,                          Special::Exec,  ""),
    session("DISCARD",  Arity::Exactly(1),   Keys::None,            BASIC,                         discard,        ""),
    engine ("WATCH",    Arity::AtLeast(2),   Keys::Range(1, -1, 1), BASIC,                         Special::Watch, "key [key ...]"),
    session("UNWATCH",  Arity::Exactly(1),   Keys::None,            BASIC,                         unwatch,        ""),
];

const OPEN: Flags = Flags::NO_SCRIPT.and(Flags::LOADING).and(Flags::STALE);
const EXEC: Flags = OPEN.and(Flags::SKIP_SLOWLOG);
const BASIC: Flags = OPEN.and(Flags::ALLOW_BUSY).and(Flags::FAST);

/// MULTI
fn multi(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let session = cx.session();
    if session.multi.is_some() {
        return Err(Error::MULTI_NESTED);
    }
    session.multi = Some(Multi::default());

    Ok(Reply::OK)
}

/// DISCARD
fn discard(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    if cx.session().multi.take().is_none() {
        return Err(Error::DISCARD_WITHOUT_MULTI);
    }

    unwatch(cx, args)
}

/// UNWATCH
fn unwatch(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    cx.unwatch_all();

    Ok(Reply::OK)
}
