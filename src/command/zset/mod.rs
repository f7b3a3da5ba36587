//! Sorted sets: the family's table.
mod add;
mod bounds;
mod combine;
mod pop;
mod range;
mod read;
mod remove;
#[cfg(test)]
mod tests;

use add::{zadd, zincrby};
use combine::{zdiff, zdiffstore, zinter, zintercard, zinterstore, zunion, zunionstore};
use pop::{zmpop, zpopmax, zpopmin};
use range::{
    zrange, zrangebylex, zrangebyscore, zrangestore, zrevrange, zrevrangebylex, zrevrangebyscore,
};
use read::{zcard, zcount, zlexcount, zmscore, zrandmember, zrank, zrevrank, zscan, zscore};
use remove::{zrem, zremrangebylex, zremrangebyrank, zremrangebyscore};

use super::Reply;
use super::row::*;

const MOVABLE: Flags = Flags::MOVABLE;
const GROWS_MOVABLE: Flags = GROWS.and(Flags::MOVABLE);

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name                arity              keys                      flags          handler           usage
    write("ZADD",             Arity::AtLeast(4), Keys::At(1),              FAST_GROWS,    zadd,             "key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]"),
    write("ZINCRBY",          Arity::Exactly(4), Keys::At(1),              FAST_GROWS,    zincrby,          "key increment member"),
    write("ZREM",             Arity::AtLeast(3), Keys::At(1),              FAST,          zrem,             "key member [member ...]"),
    write("ZREMRANGEBYSCORE", Arity::Exactly(4), Keys::At(1),              SLOW,          zremrangebyscore, "key min max"),
    write("ZREMRANGEBYRANK",  Arity::Exactly(4), Keys::At(1),              SLOW,          zremrangebyrank,  "key start stop"),
    write("ZREMRANGEBYLEX",   Arity::Exactly(4), Keys::At(1),              SLOW,          zremrangebylex,   "key min max"),
    write("ZUNIONSTORE",      Arity::AtLeast(4), Keys::StoreCounted(1, 2), GROWS_MOVABLE, zunionstore,      "destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]"),
    write("ZINTERSTORE",      Arity::AtLeast(4), Keys::StoreCounted(1, 2), GROWS_MOVABLE, zinterstore,      "destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]"),
    write("ZDIFFSTORE",       Arity::AtLeast(4), Keys::StoreCounted(1, 2), GROWS_MOVABLE, zdiffstore,       "destination numkeys key [key ...]"),
    read ("ZUNION",           Arity::AtLeast(3), Keys::Counted(1),         MOVABLE,       zunion,           "numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]"),
    read ("ZINTER",           Arity::AtLeast(3), Keys::Counted(1),         MOVABLE,       zinter,           "numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]"),
    read ("ZINTERCARD",       Arity::AtLeast(3), Keys::Counted(1),         MOVABLE,       zintercard,       "numkeys key [key ...] [LIMIT limit]"),
    read ("ZDIFF",            Arity::AtLeast(3), Keys::Counted(1),         MOVABLE,       zdiff,            "numkeys key [key ...] [WITHSCORES]"),
    read ("ZRANGE",           Arity::AtLeast(4), Keys::At(1),              SLOW,          zrange,           "key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]"),
    write("ZRANGESTORE",      Arity::AtLeast(5), Keys::Range(1, 2, 1),     GROWS,         zrangestore,      "dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]"),
    read ("ZRANGEBYSCORE",    Arity::AtLeast(4), Keys::At(1),              SLOW,          zrangebyscore,    "key min max [WITHSCORES] [LIMIT offset count]"),
    read ("ZREVRANGEBYSCORE", Arity::AtLeast(4), Keys::At(1),              SLOW,          zrevrangebyscore, "key max min [WITHSCORES] [LIMIT offset count]"),
    read ("ZRANGEBYLEX",      Arity::AtLeast(4), Keys::At(1),              SLOW,          zrangebylex,      "key min max [LIMIT offset count]"),
    read ("ZREVRANGEBYLEX",   Arity::AtLeast(4), Keys::At(1),              SLOW,          zrevrangebylex,   "key max min [LIMIT offset count]"),
    read ("ZREVRANGE",        Arity::AtLeast(4), Keys::At(1),              SLOW,          zrevrange,        "key start stop [WITHSCORES]"),
    read ("ZCARD",            Arity::Exactly(2), Keys::At(1),              FAST,          zcard,            "key"),
    read ("ZSCORE",           Arity::Exactly(3), Keys::At(1),              FAST,          zscore,           "key member"),
    read ("ZMSCORE",          Arity::AtLeast(3), Keys::At(1),              FAST,          zmscore,          "key member [member ...]"),
    read ("ZRANK",            Arity::Exactly(3), Keys::At(1),              FAST,          zrank,            "key member"),
    read ("ZREVRANK",         Arity::Exactly(3), Keys::At(1),              FAST,          zrevrank,         "key member"),
    read ("ZCOUNT",           Arity::Exactly(4), Keys::At(1),              FAST,          zcount,           "key min max"),
    read ("ZLEXCOUNT",        Arity::Exactly(4), Keys::At(1),              FAST,          zlexcount,        "key min max"),
    write("ZPOPMIN",          Arity::AtLeast(2), Keys::At(1),              FAST,          zpopmin,          "key [count]"),
    write("ZPOPMAX",          Arity::AtLeast(2), Keys::At(1),              FAST,          zpopmax,          "key [count]"),
    write("ZMPOP",            Arity::AtLeast(4), Keys::Counted(1),         MOVABLE,       zmpop,            "numkeys key [key ...] MIN | MAX [COUNT count]"),
    read ("ZRANDMEMBER",      Arity::AtLeast(2), Keys::At(1),              SLOW,          zrandmember,      "key [count [WITHSCORES]]"),
    read ("ZSCAN",            Arity::AtLeast(3), Keys::At(1),              SLOW,          zscan,            "key cursor [MATCH pattern] [COUNT count]"),
];

/// Whether replies hold scores beside members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scores {
    Shown,
    Hidden,
}

/// Members as a reply.
fn members<M: Into<Vec<u8>>>(found: impl IntoIterator<Item = (M, f64)>, scores: Scores) -> Reply {
    let found = found.into_iter();
    match scores {
        Scores::Shown => Reply::Pairs(found.map(scored).collect()),
        Scores::Hidden => Reply::bulks(found.map(|(member, _)| member)),
    }
}

fn scored((member, score): (impl Into<Vec<u8>>, f64)) -> (Reply, Reply) {
    (Reply::bulk(member), Reply::Double(score))
}
