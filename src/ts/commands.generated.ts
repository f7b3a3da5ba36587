// Generated from the command table (tests/native/generate/): UPDATE=1 cargo test. Do not edit.
import { Caller } from './caller.js';
import type { Now } from './answer.js';
import type { Methods } from './methods.generated.js';
import type { Untyped } from './schema.js';

/** What is known of a command. */
export interface CommandRow {
  group: string;
  kind: 'read' | 'write' | 'session' | 'engine';
  /** Words of a call, the name counted; negative: at least. */
  arity: number;
  /** Where keys stand among the words; null where there are none, or the call itself tells. */
  keys: readonly [first: number, last: number, step: number] | null;
  usage: string;
}

const GROUPS: Record<string, string> = { s: 'string', g: 'generic', l: 'list', S: 'set', h: 'hash', z: 'sorted-set', j: 'json', p: 'pubsub', t: 'transactions', c: 'connection', v: 'server' };
const KINDS: Record<string, CommandRow['kind']> = { r: 'read', w: 'write', s: 'session', l: 'session', e: 'engine' };

/** Commands that have a method, and whether they answer later. */
const methods = /* @__PURE__ */ new Map<string, boolean>();

/** All commands by name, those of subcommands as `CONFIG|GET`. */
export const COMMANDS: { readonly [name: string]: CommandRow | undefined } = /* @__PURE__ */ readTable(`
ACL|CAT vs-2: [category]
ACL|GENPASS vs-2: [bits]
ACL|GETUSER vs3: username
ACL|HELP vs2:
ACL|LIST vs2:
ACL|USERS vs2:
ACL|WHOAMI vs2:
APPEND sw3:1 key value
AUTH cs-2: [username] password
BGREWRITEAOF vs1:
BGSAVE vs-1: [SCHEDULE]
CLIENT|CACHING cs3: YES | NO
CLIENT|GETNAME cs2:
CLIENT|GETREDIR cs2:
CLIENT|HELP cs2:
CLIENT|ID cs2:
CLIENT|INFO cs2:
CLIENT|KILL cs-3: old-format | new-format
CLIENT|LIST cs-2: [TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]]
CLIENT|NO-EVICT cs3: ON | OFF
CLIENT|PAUSE cs-3: timeout [WRITE | ALL]
CLIENT|REPLY cs3: ON | OFF | SKIP
CLIENT|SETNAME cs3: connection-name
CLIENT|TRACKING cs-3: ON | OFF [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]
CLIENT|TRACKINGINFO cs2:
CLIENT|UNBLOCK cs-3: client-id [TIMEOUT | ERROR]
CLIENT|UNPAUSE cs2:
COMMAND vs-1:
COMMAND|COUNT vs2:
COMMAND|DOCS vs-2: [command-name [command-name ...]]
COMMAND|GETKEYS vs-4: command [arg [arg ...]]
COMMAND|GETKEYSANDFLAGS vs-4: command [arg [arg ...]]
COMMAND|HELP vs2:
COMMAND|INFO vs-2: [command-name [command-name ...]]
COMMAND|LIST vs-2: [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]
CONFIG|GET vs-3: parameter [parameter ...]
CONFIG|HELP vs2:
CONFIG|RESETSTAT vs2:
CONFIG|REWRITE vs2:
CONFIG|SET vs-4: parameter value [parameter value ...]
COPY gw-3:1,2,1 source destination [DB destination-db] [REPLACE]
DBSIZE gr1:
DEBUG vl-2:
DEBUG|POPULATE vw-2: count [prefix] [size]
DECR sw2:1 key
DECRBY sw3:1 key decrement
DEL gw-2:1,-1,1 key [key ...]
DISCARD -ts1:
DUMP gr2:1 key
ECHO cs2: message
EXEC -te1:
EXISTS gr-2:1,-1,1 key [key ...]
EXPIRE gw-3:1 key seconds [NX | XX | GT | LT]
EXPIREAT gw-3:1 key unix-time-seconds [NX | XX | GT | LT]
EXPIRETIME gr2:1 key
FAILOVER vl-1: [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]
FLUSHALL gw-1: [ASYNC | SYNC]
FLUSHDB gw-1: [ASYNC | SYNC]
FUNCTION|FLUSH vw-2: [ASYNC | SYNC]
GET -sr2:1 key
GETDEL sw2:1 key
GETEX sw-2:1 key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]
GETRANGE sr4:1 key start end
GETSET sw3:1 key value
HDEL hw-3:1 key field [field ...]
HELLO -cs-1: [protover [AUTH username password] [SETNAME clientname]]
HEXISTS hr3:1 key field
HGET hr3:1 key field
HGETALL hr2:1 key
HINCRBY hw4:1 key field increment
HINCRBYFLOAT hw4:1 key field increment
HKEYS hr2:1 key
HLEN hr2:1 key
HMGET hr-3:1 key field [field ...]
HMSET hw-4:1 key field value [field value ...]
HRANDFIELD hr-2:1 key [count [WITHVALUES]]
HSCAN hr-3:1 key cursor [MATCH pattern] [COUNT count]
HSET hw-4:1 key field value [field value ...]
HSETNX hw4:1 key field value
HSTRLEN hr3:1 key field
HVALS hr2:1 key
INCR sw2:1 key
INCRBY sw3:1 key increment
INCRBYFLOAT sw3:1 key increment
INFO vs-1: [section [section ...]]
JSON.DEL jw-2:1 key [path]
JSON.FORGET jw-2:1 key [path]
JSON.GET jr-2:1 key [path [path ...]]
JSON.MERGE jw4:1 key path value
JSON.SET jw-4:1 key path value [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]
JSON.TYPE jr-2:1 key [path]
KEYS gr2: pattern
LASTSAVE vs1:
LATENCY|DOCTOR vs2:
LATENCY|GRAPH vs3: event
LATENCY|HELP vs2:
LATENCY|HISTOGRAM vs-2: [command [command ...]]
LATENCY|HISTORY vs3: event
LATENCY|LATEST vs2:
LATENCY|RESET vs-2: [event [event ...]]
LCS sr-3:1,2,1 key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]
LINDEX lr3:1 key index
LINSERT lw5:1 key BEFORE | AFTER pivot element
LLEN lr2:1 key
LMOVE lw5:1,2,1 source destination LEFT | RIGHT LEFT | RIGHT
LMPOP lw-4: numkeys key [key ...] LEFT | RIGHT [COUNT count]
LOLWUT vr-1: [VERSION version]
LPOP lw-2:1 key [count]
LPOS lr-3:1 key element [RANK rank] [COUNT num-matches] [MAXLEN len]
LPUSH lw-3:1 key element [element ...]
LPUSHX lw-3:1 key element [element ...]
LRANGE lr4:1 key start stop
LREM lw4:1 key count element
LSET lw4:1 key index element
LTRIM lw4:1 key start stop
MEMORY|DOCTOR vs2:
MEMORY|HELP vs2:
MEMORY|MALLOC-STATS vs2:
MEMORY|PURGE vs2:
MEMORY|STATS vs2:
MEMORY|USAGE vr-3:2 key [SAMPLES count]
MGET sr-2:1,-1,1 key [key ...]
MONITOR -vs1:
MOVE gw3:1 key db
MSET sw-3:1,-1,2 key value [key value ...]
MSETNX sw-3:1,-1,2 key value [key value ...]
MULTI -ts1:
OBJECT|ENCODING gr3:2 key
OBJECT|FREQ gr3:2 key
OBJECT|HELP gs2:
OBJECT|IDLETIME gr3:2 key
OBJECT|REFCOUNT gr3:2 key
PERSIST gw2:1 key
PEXPIRE gw-3:1 key milliseconds [NX | XX | GT | LT]
PEXPIREAT gw-3:1 key unix-time-milliseconds [NX | XX | GT | LT]
PEXPIRETIME gr2:1 key
PING cs-1: [message]
PSETEX sw4:1 key milliseconds value
PSUBSCRIBE -ps-2: pattern [pattern ...]
PSYNC vs-3: replicationid offset
PTTL gr2:1 key
PUBLISH pw3: channel message
PUBSUB|CHANNELS ps-2: [pattern]
PUBSUB|HELP ps2:
PUBSUB|NUMPAT ps2:
PUBSUB|NUMSUB ps-2: [channel [channel ...]]
PUBSUB|SHARDCHANNELS ps-2: [pattern]
PUBSUB|SHARDNUMSUB ps-2: [shardchannel [shardchannel ...]]
PUNSUBSCRIBE -ps-1: [pattern [pattern ...]]
QUIT -cs-1:
RANDOMKEY gr1:
RENAME gw3:1,2,1 key newkey
RENAMENX gw3:1,2,1 key newkey
REPLCONF vs-1:
REPLICAOF vs3: host port
RESET -cs1:
RESTORE gw-4:1 key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]
ROLE vs1:
RPOP lw-2:1 key [count]
RPOPLPUSH lw3:1,2,1 source destination
RPUSH lw-3:1 key element [element ...]
RPUSHX lw-3:1 key element [element ...]
SADD Sw-3:1 key member [member ...]
SAVE vl1:
SCAN gr-2: cursor [MATCH pattern] [COUNT count] [TYPE type]
SCARD Sr2:1 key
SDIFF Sr-2:1,-1,1 key [key ...]
SDIFFSTORE Sw-3:1,-1,1 destination key [key ...]
SELECT -cs2: index
SET -sw-3:1 key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]
SETEX sw4:1 key seconds value
SETNX sw3:1 key value
SETRANGE sw4:1 key offset value
SHUTDOWN -vs-1: [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]
SINTER Sr-2:1,-1,1 key [key ...]
SINTERCARD Sr-3: numkeys key [key ...] [LIMIT limit]
SINTERSTORE Sw-3:1,-1,1 destination key [key ...]
SISMEMBER Sr3:1 key member
SLAVEOF vs3: host port
SLOWLOG|GET vs-2: [count]
SLOWLOG|HELP vs2:
SLOWLOG|LEN vs2:
SLOWLOG|RESET vs2:
SMEMBERS Sr2:1 key
SMISMEMBER Sr-3:1 key member [member ...]
SMOVE Sw4:1,2,1 source destination member
SORT gw-2: key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]
SORT_RO gr-2:1 key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]
SPOP Sw-2:1 key [count]
SPUBLISH pw3:1 shardchannel message
SRANDMEMBER Sr-2:1 key [count]
SREM Sw-3:1 key member [member ...]
SSCAN Sr-3:1 key cursor [MATCH pattern] [COUNT count]
SSUBSCRIBE -ps-2:1,-1,1 shardchannel [shardchannel ...]
STRLEN sr2:1 key
SUBSCRIBE -ps-2: channel [channel ...]
SUBSTR sr4:1 key start end
SUNION Sr-2:1,-1,1 key [key ...]
SUNIONSTORE Sw-3:1,-1,1 destination key [key ...]
SUNSUBSCRIBE -ps-1:1,-1,1 [shardchannel [shardchannel ...]]
SWAPDB gw3: index1 index2
SYNC vs1:
TIME vs1:
TOUCH gr-2:1,-1,1 key [key ...]
TTL gr2:1 key
TYPE gr2:1 key
UNLINK gw-2:1,-1,1 key [key ...]
UNSUBSCRIBE -ps-1: [channel [channel ...]]
UNWATCH -ts1:
WAIT gl3: numreplicas timeout
WAITAOF gl4: numlocal numreplicas timeout
WATCH -te-2:1,-1,1 key [key ...]
ZADD zw-4:1 key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]
ZCARD zr2:1 key
ZCOUNT zr4:1 key min max
ZDIFF zr-3: numkeys key [key ...] [WITHSCORES]
ZDIFFSTORE zw-4: destination numkeys key [key ...]
ZINCRBY zw4:1 key increment member
ZINTER zr-3: numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]
ZINTERCARD zr-3: numkeys key [key ...] [LIMIT limit]
ZINTERSTORE zw-4: destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]
ZLEXCOUNT zr4:1 key min max
ZMPOP zw-4: numkeys key [key ...] MIN | MAX [COUNT count]
ZMSCORE zr-3:1 key member [member ...]
ZPOPMAX zw-2:1 key [count]
ZPOPMIN zw-2:1 key [count]
ZRANDMEMBER zr-2:1 key [count [WITHSCORES]]
ZRANGE zr-4:1 key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
ZRANGEBYLEX zr-4:1 key min max [LIMIT offset count]
ZRANGEBYSCORE zr-4:1 key min max [WITHSCORES] [LIMIT offset count]
ZRANGESTORE zw-5:1,2,1 dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]
ZRANK zr3:1 key member
ZREM zw-3:1 key member [member ...]
ZREMRANGEBYLEX zw4:1 key min max
ZREMRANGEBYRANK zw4:1 key start stop
ZREMRANGEBYSCORE zw4:1 key min max
ZREVRANGE zr-4:1 key start stop [WITHSCORES]
ZREVRANGEBYLEX zr-4:1 key max min [LIMIT offset count]
ZREVRANGEBYSCORE zr-4:1 key max min [WITHSCORES] [LIMIT offset count]
ZREVRANK zr3:1 key member
ZSCAN zr-3:1 key cursor [MATCH pattern] [COUNT count]
ZSCORE zr3:1 key member
ZUNION zr-3: numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]
ZUNIONSTORE zw-4: destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]
`);

/**
 * A line: the name, letters of the group and the kind (`l`: a session's, answered later; `-` before them: no method of
 * its own), the arity, `:`, where keys stand, the usage.
 */
function readTable(table: string): Record<string, CommandRow> {
  const rows: Record<string, CommandRow> = {};
  for (const [, name, own, group, kind, arity, keys, usage] of table.matchAll(/(\S+) (-?)(.)(.)(.*?):(\S*) ?(.*)\n/g)) {
    const [first, last = first!, step = 1] = keys!.split(',').map(Number);
    rows[name!] = {
      group: GROUPS[group!]!,
      kind: KINDS[kind!]!,
      arity: Number(arity),
      keys: keys ? [first!, last, step] : null,
      usage: usage!,
    };
    if (!own) methods.set(name!.split('|')[0]!, kind === 'w' || kind === 'l');
  }
  return rows;
}

/** One method per command; `T` is how strings come out, `S` the schema of the keys. */
export interface Commands<T = string, S = Untyped> extends Caller, Methods<T, Now, S> {}
export const Commands = /* @__PURE__ */ withMethods(COMMANDS) as abstract new <T = string, S = Untyped>() => Commands<T, S>;

/** With one word or two the compiler makes one list instead of two. */
function callOf(command: string, words: unknown[]): unknown[] {
  return words.length === 1 ? [command, words[0]] : words.length === 2 ? [command, words[0], words[1]] : [command, ...words];
}

/** The class, once the table has been read. */
function withMethods(_table: unknown): unknown {
  abstract class Commands extends Caller {}
  const prototype = Commands.prototype as unknown as Record<string, (...words: unknown[]) => unknown>;
  for (const [command, later] of methods) {
    prototype[command.toLowerCase().replace(/[.-]/g, '')] = later
      ? function (this: Caller, ...words) { return this.write(callOf(command, words)); }
      : function (this: Caller, ...words) { return this.read(callOf(command, words)); };
  }
  return Commands;
}
