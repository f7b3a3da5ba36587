//! WAIT and WAITAOF. In a transaction they wait for nothing and answer how it is.
use crate::command::{Action, Args, Error, Reply, Result, Role, SessionContext, Wait};

fn timeout_ms(args: &mut Args) -> Result<u64> {
    let timeout = args.int_in(i64::MIN..=i64::MAX, Error::TIMEOUT_NOT_INTEGER)?;

    u64::try_from(timeout).map_err(|_| Error::TIMEOUT_NEGATIVE)
}

/// Followers that have all that is committed here, as far as they have told.
fn followers(cx: &SessionContext) -> Reply {
    let seq = cx.facts.committed_seq;

    Reply::count(cx.facts.tabs.iter().filter(|tab| tab.seq >= seq).count())
}

/// WAIT numreplicas timeout
pub(super) fn wait(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if cx.facts.role == Role::Follower {
        return Err(Error::WAIT_AT_REPLICA);
    }
    let wanted = args.int()?;
    let timeout_ms = timeout_ms(&mut args)?;

    if wanted > 0 || cx.facts.followers > 0 {
        *cx.waiting = Some(Action::Wait(Wait {
            followers: usize::try_from(wanted).unwrap_or(0),
            timeout_ms,
            durable: None,
        }));
    }

    Ok(followers(cx))
}

/// WAITAOF numlocal numreplicas timeout
pub(super) fn waitaof(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let local = args.int_in(0..=1, Error::WAITAOF_LOCAL)? == 1;
    let wanted = args.int_in(0..=i64::MAX, Error::NOT_POSITIVE)?;
    let timeout_ms = timeout_ms(&mut args)?;
    if cx.facts.role == Role::Follower {
        return Err(Error::WAITAOF_AT_REPLICA);
    }
    if local && !cx.facts.stored {
        return Err(Error::WAITAOF_WITHOUT_LOG);
    }

    if cx.facts.stored || wanted > 0 {
        *cx.waiting = Some(Action::Wait(Wait {
            followers: usize::try_from(wanted).unwrap_or(usize::MAX),
            timeout_ms,
            durable: Some(local),
        }));
    }

    Ok(Reply::Array(vec![Reply::Int(0), Reply::Int(0)]))
}
