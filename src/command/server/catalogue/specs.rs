//! What COMMAND tells beside the rows: what a command does to each of its keys, and hints for proxies.

/// Flags of the keys by specification, `|` between two, and whose they are. What is not here is `RO access`
/// where the row reads and `RW update` where it writes.
#[rustfmt::skip]
pub(super) const KEY_FLAGS: &[(&str, &str)] = &[
    ("OW insert", "MSETNX SETNX"),
    ("OW update", "MSET PSETEX RESTORE SETEX"),
    ("OW update|RO access",
        "SDIFFSTORE SUNIONSTORE ZDIFFSTORE ZINTERSTORE ZRANGESTORE ZUNIONSTORE"),
    ("RM delete", "DEL UNLINK"),
    ("RO",
        "EXISTS HEXISTS HLEN HSTRLEN LLEN MEMORY|USAGE OBJECT|ENCODING OBJECT|FREQ \
         OBJECT|IDLETIME OBJECT|REFCOUNT SCARD SISMEMBER STRLEN TOUCH TYPE WATCH ZCARD"),
    ("RO access|OW update", "COPY"),
    ("RO access|RO access", "SORT_RO"),
    ("RO access|RO access|OW update", "SORT"),
    ("RW access delete", "GETDEL LMPOP LPOP RPOP SPOP ZMPOP ZPOPMAX ZPOPMIN"),
    ("RW access delete|OW insert", "RENAMENX"),
    ("RW access delete|OW update", "RENAME"),
    ("RW access delete|RW insert", "LMOVE RPOPLPUSH SMOVE"),
    ("RW access update",
        "DECR DECRBY GETEX GETSET HINCRBY HINCRBYFLOAT INCR INCRBY INCRBYFLOAT MOVE ZINCRBY"),
    ("RW access update variable_flags", "SET"),
    ("RW delete", "HDEL LREM LTRIM SREM ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE"),
    ("RW insert", "APPEND HSETNX LINSERT LPUSH LPUSHX RPUSH RPUSHX SADD"),
    ("RW update|RO access", "SINTERSTORE"),
    ("not_key", "SPUBLISH SSUBSCRIBE SUNSUBSCRIBE"),
];

/// Tips, and whose they are.
#[rustfmt::skip]
pub(super) const TIPS: &[(&str, &str)] = &[
    ("nondeterministic_output",
        "CLIENT|INFO CLIENT|LIST DUMP HRANDFIELD HSCAN LASTSAVE OBJECT|ENCODING OBJECT|FREQ \
         OBJECT|IDLETIME OBJECT|REFCOUNT PTTL SPOP SRANDMEMBER SSCAN TIME TTL ZRANDMEMBER ZSCAN"),
    ("nondeterministic_output,request_policy:all_nodes,response_policy:special",
        "LATENCY|DOCTOR LATENCY|GRAPH LATENCY|HISTOGRAM LATENCY|HISTORY LATENCY|LATEST"),
    ("nondeterministic_output,request_policy:all_shards,response_policy:special",
        "INFO MEMORY|DOCTOR MEMORY|MALLOC-STATS MEMORY|STATS"),
    ("nondeterministic_output,request_policy:special", "SCAN"),
    ("nondeterministic_output_order",
        "COMMAND COMMAND|DOCS COMMAND|INFO COMMAND|LIST HGETALL HKEYS HVALS SDIFF SINTER \
         SMEMBERS SUNION"),
    ("request_policy:all_nodes,nondeterministic_output", "SLOWLOG|GET"),
    ("request_policy:all_nodes,response_policy:agg_sum,nondeterministic_output", "SLOWLOG|LEN"),
    ("request_policy:all_nodes,response_policy:all_succeeded",
        "CONFIG|SET LATENCY|RESET SLOWLOG|RESET"),
    ("request_policy:all_shards,nondeterministic_output", "RANDOMKEY"),
    ("request_policy:all_shards,nondeterministic_output_order", "KEYS"),
    ("request_policy:all_shards,response_policy:agg_min", "WAIT"),
    ("request_policy:all_shards,response_policy:agg_sum", "DBSIZE"),
    ("request_policy:all_shards,response_policy:all_succeeded",
        "FLUSHALL FLUSHDB FUNCTION|FLUSH MEMORY|PURGE PING"),
    ("request_policy:multi_shard", "MGET"),
    ("request_policy:multi_shard,response_policy:agg_min", "MSETNX"),
    ("request_policy:multi_shard,response_policy:agg_sum", "DEL EXISTS TOUCH UNLINK"),
    ("request_policy:multi_shard,response_policy:all_succeeded", "MSET"),
];

/// Notes on key specifications: whose, the specification's place, and the text.
pub(super) const NOTES: &[(&str, usize, &str)] = &[
    ("SET", 0, "RW and ACCESS due to the optional `GET` argument"),
    ("SORT", 1, DERIVED),
    (
        "SORT",
        2,
        "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear \
         anywhere in the argument array",
    ),
    ("SORT_RO", 1, DERIVED),
];

const DERIVED: &str = "For the optional BY/GET keyword. It is marked 'unknown' because the key names \
                       derive from the content of the key we sort";
