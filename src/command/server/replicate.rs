//! SYNC and its like: a replica of Redis's own kind is sent all data, then every effect.
use crate::command::{Action, Args, Error, Reply, Result, Role, SessionContext};

/// SYNC
pub(super) fn sync(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    begin(cx)?;

    Ok(Reply::Sequence(Vec::new()))
}

/// PSYNC replicationid offset
pub(super) fn psync(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    begin(cx)?;
    // Nothing is kept to go on from: each replica gets all data.
    let text = format!("FULLRESYNC {:0<40} 0", cx.facts.run_id);

    Ok(Reply::Status(text.into()))
}

fn begin(cx: &mut SessionContext) -> Result<()> {
    if cx.facts.role == Role::Follower {
        return Err(Error::NO_MASTER_LINK);
    }
    cx.actions.push(Action::Replicate(cx.id));

    Ok(())
}

/// REPLCONF [option value [option value ...]]
pub(super) fn replconf(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if !args.left().is_multiple_of(2) {
        return Err(Error::SYNTAX);
    }
    // Redis: what a replica has applied is told again and again, and never answered.
    if args.take("ACK") {
        return Ok(Reply::Sequence(Vec::new()));
    }

    Ok(Reply::OK)
}
