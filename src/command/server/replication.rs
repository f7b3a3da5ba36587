//! Who leads and who follows: FAILOVER, ROLE, REPLICAOF. A node's host is its id (`status().id`), its port 0.
use super::int;
use crate::command::{
    Action, Args, Error, Failover, Reply, Result, Role, SessionContext, Tab, spell,
};

/// FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]
pub(super) fn failover(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let (mut host, mut wanted) = (None, Failover::default());
    if args.left() == 1 && args.take("ABORT") {
        if !cx.facts.failing_over {
            return Err(Error::NO_FAILOVER);
        }
        cx.actions.push(Action::AbortFailover);
        return Ok(Reply::OK);
    }
    while !args.is_done() {
        if args.left() > 1 && wanted.timeout_ms.is_none() && args.take("TIMEOUT") {
            let timeout_ms = u64::try_from(args.int()?).unwrap_or(0);
            wanted.timeout_ms = Some(timeout_ms);
            if timeout_ms == 0 {
                return Err(Error::FAILOVER_TIMEOUT);
            }
        } else if args.left() > 2 && host.is_none() && args.take("TO") {
            host = Some(args.bytes());
            args.int()?;
        } else if !wanted.force && args.take("FORCE") {
            wanted.force = true;
        } else {
            return Err(Error::SYNTAX);
        }
    }
    if cx.facts.failing_over {
        return Err(Error::FAILING_OVER);
    }
    if cx.facts.role == Role::Follower {
        return Err(Error::FAILOVER_AT_REPLICA);
    }
    if cx.facts.followers == 0 {
        return Err(Error::NO_FOLLOWERS);
    }
    if wanted.force && (wanted.timeout_ms.is_none() || host.is_none()) {
        return Err(Error::FAILOVER_FORCE);
    }
    if let Some(host) = host {
        let named = |id: &u64| spell(*id).as_bytes() == host;
        let to = cx.facts.tabs.iter().map(|tab| tab.id).find(named);
        wanted.to = Some(to.ok_or(Error::NO_SUCH_REPLICA)?);
    }
    cx.actions.push(Action::Failover(wanted));

    Ok(Reply::OK)
}

/// REPLICAOF host port
pub(super) fn replicaof(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let no_one = args.take("NO") && args.take("ONE");
    if no_one && cx.facts.role == Role::Leader {
        return Ok(Reply::OK);
    }

    Err(Error::NO_REPLICAOF)
}

/// ROLE
pub(super) fn role(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let seq = int(cx.facts.committed_seq);
    let tab = |tab: &Tab| Reply::bulks([spell(tab.id), "0".into(), tab.seq.to_string()]);

    Ok(Reply::Array(match cx.facts.role {
        Role::Leader => {
            let tabs = cx.facts.tabs.iter().map(tab).collect();
            vec![Reply::bulk("master"), seq, Reply::Array(tabs)]
        }
        Role::Follower => vec![
            Reply::bulk("slave"),
            Reply::bulk(cx.facts.leader.map(spell).unwrap_or_default()),
            Reply::Int(0),
            Reply::bulk(match cx.facts.leader {
                Some(_) => "connected",
                None => "connect",
            }),
            seq,
        ],
    }))
}
