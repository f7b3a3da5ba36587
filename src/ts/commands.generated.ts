// Generated from the command table (tests/native/generate.rs): UPDATE=1 cargo test. Do not edit.
import { Caller } from './caller.js';
import type { Reply } from './reply.js';
import type { Key, Word, Words } from './words.js';

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

/** All commands by name, those of subcommands as `CONFIG|GET`. */
export const COMMANDS: { readonly [name: string]: CommandRow | undefined } = {
  'ACL|CAT': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[category]' },
  'ACL|GENPASS': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[bits]' },
  'ACL|GETUSER': { group: 'server', kind: 'session', arity: 3, keys: null, usage: 'username' },
  'ACL|HELP': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'ACL|LIST': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'ACL|USERS': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'ACL|WHOAMI': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'APPEND': { group: 'string', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key value' },
  'AUTH': { group: 'connection', kind: 'session', arity: -2, keys: null, usage: '[username] password' },
  'BGREWRITEAOF': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'BGSAVE': { group: 'server', kind: 'session', arity: -1, keys: null, usage: '[SCHEDULE]' },
  'CLIENT|CACHING': { group: 'connection', kind: 'session', arity: 3, keys: null, usage: 'YES | NO' },
  'CLIENT|GETNAME': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'CLIENT|GETREDIR': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'CLIENT|HELP': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'CLIENT|ID': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'CLIENT|INFO': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'CLIENT|KILL': { group: 'connection', kind: 'session', arity: -3, keys: null, usage: 'old-format | new-format' },
  'CLIENT|LIST': { group: 'connection', kind: 'session', arity: -2, keys: null, usage: '[TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]]' },
  'CLIENT|NO-EVICT': { group: 'connection', kind: 'session', arity: 3, keys: null, usage: 'ON | OFF' },
  'CLIENT|PAUSE': { group: 'connection', kind: 'session', arity: -3, keys: null, usage: 'timeout [WRITE | ALL]' },
  'CLIENT|REPLY': { group: 'connection', kind: 'session', arity: 3, keys: null, usage: 'ON | OFF | SKIP' },
  'CLIENT|SETNAME': { group: 'connection', kind: 'session', arity: 3, keys: null, usage: 'connection-name' },
  'CLIENT|TRACKING': { group: 'connection', kind: 'session', arity: -3, keys: null, usage: 'ON | OFF [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]' },
  'CLIENT|TRACKINGINFO': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'CLIENT|UNBLOCK': { group: 'connection', kind: 'session', arity: -3, keys: null, usage: 'client-id [TIMEOUT | ERROR]' },
  'CLIENT|UNPAUSE': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: '' },
  'COMMAND': { group: 'server', kind: 'session', arity: -1, keys: null, usage: '' },
  'COMMAND|COUNT': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'COMMAND|DOCS': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[command-name [command-name ...]]' },
  'COMMAND|GETKEYS': { group: 'server', kind: 'session', arity: -4, keys: null, usage: 'command [arg [arg ...]]' },
  'COMMAND|GETKEYSANDFLAGS': { group: 'server', kind: 'session', arity: -4, keys: null, usage: 'command [arg [arg ...]]' },
  'COMMAND|HELP': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'COMMAND|INFO': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[command-name [command-name ...]]' },
  'COMMAND|LIST': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]' },
  'CONFIG|GET': { group: 'server', kind: 'session', arity: -3, keys: null, usage: 'parameter [parameter ...]' },
  'CONFIG|HELP': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'CONFIG|RESETSTAT': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'CONFIG|REWRITE': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'CONFIG|SET': { group: 'server', kind: 'session', arity: -4, keys: null, usage: 'parameter value [parameter value ...]' },
  'COPY': { group: 'generic', kind: 'write', arity: -3, keys: [1, 2, 1], usage: 'source destination [DB destination-db] [REPLACE]' },
  'DBSIZE': { group: 'generic', kind: 'read', arity: 1, keys: null, usage: '' },
  'DEBUG': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '' },
  'DEBUG|POPULATE': { group: 'server', kind: 'write', arity: -2, keys: null, usage: 'count [prefix] [size]' },
  'DECR': { group: 'string', kind: 'write', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'DECRBY': { group: 'string', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key decrement' },
  'DEL': { group: 'generic', kind: 'write', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'DISCARD': { group: 'transactions', kind: 'session', arity: 1, keys: null, usage: '' },
  'DUMP': { group: 'generic', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'ECHO': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: 'message' },
  'EXEC': { group: 'transactions', kind: 'engine', arity: 1, keys: null, usage: '' },
  'EXISTS': { group: 'generic', kind: 'read', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'EXPIRE': { group: 'generic', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key seconds [NX | XX | GT | LT]' },
  'EXPIREAT': { group: 'generic', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key unix-time-seconds [NX | XX | GT | LT]' },
  'EXPIRETIME': { group: 'generic', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'FAILOVER': { group: 'server', kind: 'session', arity: -1, keys: null, usage: '[TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]' },
  'FLUSHALL': { group: 'generic', kind: 'write', arity: -1, keys: null, usage: '[ASYNC | SYNC]' },
  'FLUSHDB': { group: 'generic', kind: 'write', arity: -1, keys: null, usage: '[ASYNC | SYNC]' },
  'FUNCTION|FLUSH': { group: 'server', kind: 'write', arity: -2, keys: null, usage: '[ASYNC | SYNC]' },
  'GET': { group: 'string', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'GETDEL': { group: 'string', kind: 'write', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'GETEX': { group: 'string', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]' },
  'GETRANGE': { group: 'string', kind: 'read', arity: 4, keys: [1, 1, 1], usage: 'key start end' },
  'GETSET': { group: 'string', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key value' },
  'HDEL': { group: 'hash', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key field [field ...]' },
  'HELLO': { group: 'connection', kind: 'session', arity: -1, keys: null, usage: '[protover [AUTH username password] [SETNAME clientname]]' },
  'HEXISTS': { group: 'hash', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key field' },
  'HGET': { group: 'hash', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key field' },
  'HGETALL': { group: 'hash', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'HINCRBY': { group: 'hash', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key field increment' },
  'HINCRBYFLOAT': { group: 'hash', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key field increment' },
  'HKEYS': { group: 'hash', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'HLEN': { group: 'hash', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'HMGET': { group: 'hash', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key field [field ...]' },
  'HMSET': { group: 'hash', kind: 'write', arity: -4, keys: [1, 1, 1], usage: 'key field value [field value ...]' },
  'HRANDFIELD': { group: 'hash', kind: 'read', arity: -2, keys: [1, 1, 1], usage: 'key [count [WITHVALUES]]' },
  'HSCAN': { group: 'hash', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key cursor [MATCH pattern] [COUNT count]' },
  'HSET': { group: 'hash', kind: 'write', arity: -4, keys: [1, 1, 1], usage: 'key field value [field value ...]' },
  'HSETNX': { group: 'hash', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key field value' },
  'HSTRLEN': { group: 'hash', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key field' },
  'HVALS': { group: 'hash', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'INCR': { group: 'string', kind: 'write', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'INCRBY': { group: 'string', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key increment' },
  'INCRBYFLOAT': { group: 'string', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key increment' },
  'INFO': { group: 'server', kind: 'session', arity: -1, keys: null, usage: '[section [section ...]]' },
  'JSON.DEL': { group: 'json', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [path]' },
  'JSON.FORGET': { group: 'json', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [path]' },
  'JSON.GET': { group: 'json', kind: 'read', arity: -2, keys: [1, 1, 1], usage: 'key [path [path ...]]' },
  'JSON.MERGE': { group: 'json', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key path value' },
  'JSON.SET': { group: 'json', kind: 'write', arity: -4, keys: [1, 1, 1], usage: 'key path value [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]' },
  'JSON.TYPE': { group: 'json', kind: 'read', arity: -2, keys: [1, 1, 1], usage: 'key [path]' },
  'KEYS': { group: 'generic', kind: 'read', arity: 2, keys: null, usage: 'pattern' },
  'LASTSAVE': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'LATENCY|DOCTOR': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'LATENCY|GRAPH': { group: 'server', kind: 'session', arity: 3, keys: null, usage: 'event' },
  'LATENCY|HELP': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'LATENCY|HISTOGRAM': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[command [command ...]]' },
  'LATENCY|HISTORY': { group: 'server', kind: 'session', arity: 3, keys: null, usage: 'event' },
  'LATENCY|LATEST': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'LATENCY|RESET': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[event [event ...]]' },
  'LCS': { group: 'string', kind: 'read', arity: -3, keys: [1, 2, 1], usage: 'key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]' },
  'LINDEX': { group: 'list', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key index' },
  'LINSERT': { group: 'list', kind: 'write', arity: 5, keys: [1, 1, 1], usage: 'key BEFORE | AFTER pivot element' },
  'LLEN': { group: 'list', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'LMOVE': { group: 'list', kind: 'write', arity: 5, keys: [1, 2, 1], usage: 'source destination LEFT | RIGHT LEFT | RIGHT' },
  'LMPOP': { group: 'list', kind: 'write', arity: -4, keys: null, usage: 'numkeys key [key ...] LEFT | RIGHT [COUNT count]' },
  'LOLWUT': { group: 'server', kind: 'read', arity: -1, keys: null, usage: '[VERSION version]' },
  'LPOP': { group: 'list', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [count]' },
  'LPOS': { group: 'list', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key element [RANK rank] [COUNT num-matches] [MAXLEN len]' },
  'LPUSH': { group: 'list', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key element [element ...]' },
  'LPUSHX': { group: 'list', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key element [element ...]' },
  'LRANGE': { group: 'list', kind: 'read', arity: 4, keys: [1, 1, 1], usage: 'key start stop' },
  'LREM': { group: 'list', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key count element' },
  'LSET': { group: 'list', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key index element' },
  'LTRIM': { group: 'list', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key start stop' },
  'MEMORY|DOCTOR': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'MEMORY|HELP': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'MEMORY|MALLOC-STATS': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'MEMORY|PURGE': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'MEMORY|STATS': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'MEMORY|USAGE': { group: 'server', kind: 'read', arity: -3, keys: [2, 2, 1], usage: 'key [SAMPLES count]' },
  'MGET': { group: 'string', kind: 'read', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'MONITOR': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'MOVE': { group: 'generic', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key db' },
  'MSET': { group: 'string', kind: 'write', arity: -3, keys: [1, -1, 2], usage: 'key value [key value ...]' },
  'MSETNX': { group: 'string', kind: 'write', arity: -3, keys: [1, -1, 2], usage: 'key value [key value ...]' },
  'MULTI': { group: 'transactions', kind: 'session', arity: 1, keys: null, usage: '' },
  'OBJECT|ENCODING': { group: 'generic', kind: 'read', arity: 3, keys: [2, 2, 1], usage: 'key' },
  'OBJECT|FREQ': { group: 'generic', kind: 'read', arity: 3, keys: [2, 2, 1], usage: 'key' },
  'OBJECT|HELP': { group: 'generic', kind: 'session', arity: 2, keys: null, usage: '' },
  'OBJECT|IDLETIME': { group: 'generic', kind: 'read', arity: 3, keys: [2, 2, 1], usage: 'key' },
  'OBJECT|REFCOUNT': { group: 'generic', kind: 'read', arity: 3, keys: [2, 2, 1], usage: 'key' },
  'PERSIST': { group: 'generic', kind: 'write', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'PEXPIRE': { group: 'generic', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key milliseconds [NX | XX | GT | LT]' },
  'PEXPIREAT': { group: 'generic', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key unix-time-milliseconds [NX | XX | GT | LT]' },
  'PEXPIRETIME': { group: 'generic', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'PING': { group: 'connection', kind: 'session', arity: -1, keys: null, usage: '[message]' },
  'PSETEX': { group: 'string', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key milliseconds value' },
  'PSUBSCRIBE': { group: 'pubsub', kind: 'session', arity: -2, keys: null, usage: 'pattern [pattern ...]' },
  'PSYNC': { group: 'server', kind: 'session', arity: -3, keys: null, usage: 'replicationid offset' },
  'PTTL': { group: 'generic', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'PUBLISH': { group: 'pubsub', kind: 'write', arity: 3, keys: null, usage: 'channel message' },
  'PUBSUB|CHANNELS': { group: 'pubsub', kind: 'session', arity: -2, keys: null, usage: '[pattern]' },
  'PUBSUB|HELP': { group: 'pubsub', kind: 'session', arity: 2, keys: null, usage: '' },
  'PUBSUB|NUMPAT': { group: 'pubsub', kind: 'session', arity: 2, keys: null, usage: '' },
  'PUBSUB|NUMSUB': { group: 'pubsub', kind: 'session', arity: -2, keys: null, usage: '[channel [channel ...]]' },
  'PUBSUB|SHARDCHANNELS': { group: 'pubsub', kind: 'session', arity: -2, keys: null, usage: '[pattern]' },
  'PUBSUB|SHARDNUMSUB': { group: 'pubsub', kind: 'session', arity: -2, keys: null, usage: '[shardchannel [shardchannel ...]]' },
  'PUNSUBSCRIBE': { group: 'pubsub', kind: 'session', arity: -1, keys: null, usage: '[pattern [pattern ...]]' },
  'QUIT': { group: 'connection', kind: 'session', arity: -1, keys: null, usage: '' },
  'RANDOMKEY': { group: 'generic', kind: 'read', arity: 1, keys: null, usage: '' },
  'RENAME': { group: 'generic', kind: 'write', arity: 3, keys: [1, 2, 1], usage: 'key newkey' },
  'RENAMENX': { group: 'generic', kind: 'write', arity: 3, keys: [1, 2, 1], usage: 'key newkey' },
  'REPLCONF': { group: 'server', kind: 'session', arity: -1, keys: null, usage: '' },
  'REPLICAOF': { group: 'server', kind: 'session', arity: 3, keys: null, usage: 'host port' },
  'RESET': { group: 'connection', kind: 'session', arity: 1, keys: null, usage: '' },
  'RESTORE': { group: 'generic', kind: 'write', arity: -4, keys: [1, 1, 1], usage: 'key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]' },
  'ROLE': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'RPOP': { group: 'list', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [count]' },
  'RPOPLPUSH': { group: 'list', kind: 'write', arity: 3, keys: [1, 2, 1], usage: 'source destination' },
  'RPUSH': { group: 'list', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key element [element ...]' },
  'RPUSHX': { group: 'list', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key element [element ...]' },
  'SADD': { group: 'set', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key member [member ...]' },
  'SAVE': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'SCAN': { group: 'generic', kind: 'read', arity: -2, keys: null, usage: 'cursor [MATCH pattern] [COUNT count] [TYPE type]' },
  'SCARD': { group: 'set', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'SDIFF': { group: 'set', kind: 'read', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'SDIFFSTORE': { group: 'set', kind: 'write', arity: -3, keys: [1, -1, 1], usage: 'destination key [key ...]' },
  'SELECT': { group: 'connection', kind: 'session', arity: 2, keys: null, usage: 'index' },
  'SET': { group: 'string', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]' },
  'SETEX': { group: 'string', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key seconds value' },
  'SETNX': { group: 'string', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'key value' },
  'SETRANGE': { group: 'string', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key offset value' },
  'SHUTDOWN': { group: 'server', kind: 'session', arity: -1, keys: null, usage: '[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]' },
  'SINTER': { group: 'set', kind: 'read', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'SINTERCARD': { group: 'set', kind: 'read', arity: -3, keys: null, usage: 'numkeys key [key ...] [LIMIT limit]' },
  'SINTERSTORE': { group: 'set', kind: 'write', arity: -3, keys: [1, -1, 1], usage: 'destination key [key ...]' },
  'SISMEMBER': { group: 'set', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key member' },
  'SLAVEOF': { group: 'server', kind: 'session', arity: 3, keys: null, usage: 'host port' },
  'SLOWLOG|GET': { group: 'server', kind: 'session', arity: -2, keys: null, usage: '[count]' },
  'SLOWLOG|HELP': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'SLOWLOG|LEN': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'SLOWLOG|RESET': { group: 'server', kind: 'session', arity: 2, keys: null, usage: '' },
  'SMEMBERS': { group: 'set', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'SMISMEMBER': { group: 'set', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key member [member ...]' },
  'SMOVE': { group: 'set', kind: 'write', arity: 4, keys: [1, 2, 1], usage: 'source destination member' },
  'SORT': { group: 'generic', kind: 'write', arity: -2, keys: null, usage: 'key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]' },
  'SORT_RO': { group: 'generic', kind: 'read', arity: -2, keys: [1, 1, 1], usage: 'key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]' },
  'SPOP': { group: 'set', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [count]' },
  'SPUBLISH': { group: 'pubsub', kind: 'write', arity: 3, keys: [1, 1, 1], usage: 'shardchannel message' },
  'SRANDMEMBER': { group: 'set', kind: 'read', arity: -2, keys: [1, 1, 1], usage: 'key [count]' },
  'SREM': { group: 'set', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key member [member ...]' },
  'SSCAN': { group: 'set', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key cursor [MATCH pattern] [COUNT count]' },
  'SSUBSCRIBE': { group: 'pubsub', kind: 'session', arity: -2, keys: [1, -1, 1], usage: 'shardchannel [shardchannel ...]' },
  'STRLEN': { group: 'string', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'SUBSCRIBE': { group: 'pubsub', kind: 'session', arity: -2, keys: null, usage: 'channel [channel ...]' },
  'SUBSTR': { group: 'string', kind: 'read', arity: 4, keys: [1, 1, 1], usage: 'key start end' },
  'SUNION': { group: 'set', kind: 'read', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'SUNIONSTORE': { group: 'set', kind: 'write', arity: -3, keys: [1, -1, 1], usage: 'destination key [key ...]' },
  'SUNSUBSCRIBE': { group: 'pubsub', kind: 'session', arity: -1, keys: [1, -1, 1], usage: '[shardchannel [shardchannel ...]]' },
  'SWAPDB': { group: 'generic', kind: 'write', arity: 3, keys: null, usage: 'index1 index2' },
  'SYNC': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'TIME': { group: 'server', kind: 'session', arity: 1, keys: null, usage: '' },
  'TOUCH': { group: 'generic', kind: 'read', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'TTL': { group: 'generic', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'TYPE': { group: 'generic', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'UNLINK': { group: 'generic', kind: 'write', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'UNSUBSCRIBE': { group: 'pubsub', kind: 'session', arity: -1, keys: null, usage: '[channel [channel ...]]' },
  'UNWATCH': { group: 'transactions', kind: 'session', arity: 1, keys: null, usage: '' },
  'WAIT': { group: 'generic', kind: 'session', arity: 3, keys: null, usage: 'numreplicas timeout' },
  'WATCH': { group: 'transactions', kind: 'engine', arity: -2, keys: [1, -1, 1], usage: 'key [key ...]' },
  'ZADD': { group: 'sorted-set', kind: 'write', arity: -4, keys: [1, 1, 1], usage: 'key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]' },
  'ZCARD': { group: 'sorted-set', kind: 'read', arity: 2, keys: [1, 1, 1], usage: 'key' },
  'ZCOUNT': { group: 'sorted-set', kind: 'read', arity: 4, keys: [1, 1, 1], usage: 'key min max' },
  'ZDIFF': { group: 'sorted-set', kind: 'read', arity: -3, keys: null, usage: 'numkeys key [key ...] [WITHSCORES]' },
  'ZDIFFSTORE': { group: 'sorted-set', kind: 'write', arity: -4, keys: null, usage: 'destination numkeys key [key ...]' },
  'ZINCRBY': { group: 'sorted-set', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key increment member' },
  'ZINTER': { group: 'sorted-set', kind: 'read', arity: -3, keys: null, usage: 'numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]' },
  'ZINTERCARD': { group: 'sorted-set', kind: 'read', arity: -3, keys: null, usage: 'numkeys key [key ...] [LIMIT limit]' },
  'ZINTERSTORE': { group: 'sorted-set', kind: 'write', arity: -4, keys: null, usage: 'destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]' },
  'ZLEXCOUNT': { group: 'sorted-set', kind: 'read', arity: 4, keys: [1, 1, 1], usage: 'key min max' },
  'ZMPOP': { group: 'sorted-set', kind: 'write', arity: -4, keys: null, usage: 'numkeys key [key ...] MIN | MAX [COUNT count]' },
  'ZMSCORE': { group: 'sorted-set', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key member [member ...]' },
  'ZPOPMAX': { group: 'sorted-set', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [count]' },
  'ZPOPMIN': { group: 'sorted-set', kind: 'write', arity: -2, keys: [1, 1, 1], usage: 'key [count]' },
  'ZRANDMEMBER': { group: 'sorted-set', kind: 'read', arity: -2, keys: [1, 1, 1], usage: 'key [count [WITHSCORES]]' },
  'ZRANGE': { group: 'sorted-set', kind: 'read', arity: -4, keys: [1, 1, 1], usage: 'key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]' },
  'ZRANGEBYLEX': { group: 'sorted-set', kind: 'read', arity: -4, keys: [1, 1, 1], usage: 'key min max [LIMIT offset count]' },
  'ZRANGEBYSCORE': { group: 'sorted-set', kind: 'read', arity: -4, keys: [1, 1, 1], usage: 'key min max [WITHSCORES] [LIMIT offset count]' },
  'ZRANGESTORE': { group: 'sorted-set', kind: 'write', arity: -5, keys: [1, 2, 1], usage: 'dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]' },
  'ZRANK': { group: 'sorted-set', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key member' },
  'ZREM': { group: 'sorted-set', kind: 'write', arity: -3, keys: [1, 1, 1], usage: 'key member [member ...]' },
  'ZREMRANGEBYLEX': { group: 'sorted-set', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key min max' },
  'ZREMRANGEBYRANK': { group: 'sorted-set', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key start stop' },
  'ZREMRANGEBYSCORE': { group: 'sorted-set', kind: 'write', arity: 4, keys: [1, 1, 1], usage: 'key min max' },
  'ZREVRANGE': { group: 'sorted-set', kind: 'read', arity: -4, keys: [1, 1, 1], usage: 'key start stop [WITHSCORES]' },
  'ZREVRANGEBYLEX': { group: 'sorted-set', kind: 'read', arity: -4, keys: [1, 1, 1], usage: 'key max min [LIMIT offset count]' },
  'ZREVRANGEBYSCORE': { group: 'sorted-set', kind: 'read', arity: -4, keys: [1, 1, 1], usage: 'key max min [WITHSCORES] [LIMIT offset count]' },
  'ZREVRANK': { group: 'sorted-set', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key member' },
  'ZSCAN': { group: 'sorted-set', kind: 'read', arity: -3, keys: [1, 1, 1], usage: 'key cursor [MATCH pattern] [COUNT count]' },
  'ZSCORE': { group: 'sorted-set', kind: 'read', arity: 3, keys: [1, 1, 1], usage: 'key member' },
  'ZUNION': { group: 'sorted-set', kind: 'read', arity: -3, keys: null, usage: 'numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]' },
  'ZUNIONSTORE': { group: 'sorted-set', kind: 'write', arity: -4, keys: null, usage: 'destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]' },
};

/** One method per command; `T` is how strings come out. */
export abstract class Commands<T = string> extends Caller {
  /** ACL CAT [category] */
  acl(subcommand: 'CAT', ...words: Words[]): Reply;
  /** ACL GENPASS [bits] */
  acl(subcommand: 'GENPASS', ...words: Words[]): Reply;
  /** ACL GETUSER username */
  acl(subcommand: 'GETUSER', username: Word): Reply;
  /** ACL HELP */
  acl(subcommand: 'HELP'): Reply;
  /** ACL LIST */
  acl(subcommand: 'LIST'): Reply;
  /** ACL USERS */
  acl(subcommand: 'USERS'): Reply;
  /** ACL WHOAMI */
  acl(subcommand: 'WHOAMI'): Reply;
  /** ACL */
  acl(...words: Words[]): unknown;
  acl(...words: Words[]): unknown {
    return this.read(['ACL', ...words]);
  }

  /** APPEND key value */
  append(key: Key, value: Word): Promise<number> {
    return this.write(['APPEND', key, value]) as Promise<number>;
  }

  /** AUTH [username] password */
  auth(...words: Words[]): 'OK' {
    return this.read(['AUTH', ...words]) as 'OK';
  }

  /** BGREWRITEAOF */
  bgrewriteaof(): string {
    return this.read(['BGREWRITEAOF']) as string;
  }

  /** BGSAVE [SCHEDULE] */
  bgsave(...words: Words[]): string {
    return this.read(['BGSAVE', ...words]) as string;
  }

  /** CLIENT CACHING YES | NO */
  client(subcommand: 'CACHING', ...words: Words[]): 'OK';
  /** CLIENT GETNAME */
  client(subcommand: 'GETNAME'): string | null;
  /** CLIENT GETREDIR */
  client(subcommand: 'GETREDIR'): number;
  /** CLIENT HELP */
  client(subcommand: 'HELP'): Reply;
  /** CLIENT ID */
  client(subcommand: 'ID'): number;
  /** CLIENT INFO */
  client(subcommand: 'INFO'): string;
  /** CLIENT KILL old-format | new-format */
  client(subcommand: 'KILL', ...words: Words[]): number;
  /** CLIENT LIST [TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]] */
  client(subcommand: 'LIST', ...words: Words[]): string;
  /** CLIENT NO-EVICT ON | OFF */
  client(subcommand: 'NO-EVICT', ...words: Words[]): 'OK';
  /** CLIENT PAUSE timeout [WRITE | ALL] */
  client(subcommand: 'PAUSE', timeout: Word, ...words: Words[]): 'OK';
  /** CLIENT REPLY ON | OFF | SKIP */
  client(subcommand: 'REPLY', ...words: Words[]): 'OK';
  /** CLIENT SETNAME connection-name */
  client(subcommand: 'SETNAME', connectionName: Word): 'OK';
  /** CLIENT TRACKING ON | OFF [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP] */
  client(subcommand: 'TRACKING', ...words: Words[]): 'OK';
  /** CLIENT TRACKINGINFO */
  client(subcommand: 'TRACKINGINFO'): Reply;
  /** CLIENT UNBLOCK client-id [TIMEOUT | ERROR] */
  client(subcommand: 'UNBLOCK', clientId: Word, ...words: Words[]): number;
  /** CLIENT UNPAUSE */
  client(subcommand: 'UNPAUSE'): 'OK';
  /** CLIENT */
  client(...words: Words[]): unknown;
  client(...words: Words[]): unknown {
    return this.read(['CLIENT', ...words]);
  }

  /** COMMAND */
  command(): Reply;
  /** COMMAND COUNT */
  command(subcommand: 'COUNT'): number;
  /** COMMAND DOCS [command-name [command-name ...]] */
  command(subcommand: 'DOCS', ...words: Words[]): Reply;
  /** COMMAND GETKEYS command [arg [arg ...]] */
  command(subcommand: 'GETKEYS', command: Word, ...words: Words[]): string[];
  /** COMMAND GETKEYSANDFLAGS command [arg [arg ...]] */
  command(subcommand: 'GETKEYSANDFLAGS', command: Word, ...words: Words[]): Reply;
  /** COMMAND HELP */
  command(subcommand: 'HELP'): Reply;
  /** COMMAND INFO [command-name [command-name ...]] */
  command(subcommand: 'INFO', ...words: Words[]): Reply;
  /** COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern] */
  command(subcommand: 'LIST', ...words: Words[]): string[];
  /** COMMAND */
  command(...words: Words[]): unknown;
  command(...words: Words[]): unknown {
    return this.read(['COMMAND', ...words]);
  }

  /** CONFIG GET parameter [parameter ...] */
  config(subcommand: 'GET', ...words: Words[]): Record<string, string>;
  /** CONFIG HELP */
  config(subcommand: 'HELP'): Reply;
  /** CONFIG RESETSTAT */
  config(subcommand: 'RESETSTAT'): 'OK';
  /** CONFIG REWRITE */
  config(subcommand: 'REWRITE'): 'OK';
  /** CONFIG SET parameter value [parameter value ...] */
  config(subcommand: 'SET', ...words: Words[]): 'OK';
  /** CONFIG */
  config(...words: Words[]): unknown;
  config(...words: Words[]): unknown {
    return this.read(['CONFIG', ...words]);
  }

  /** COPY source destination [DB destination-db] [REPLACE] */
  copy(source: Key, destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['COPY', source, destination, ...words]) as Promise<number>;
  }

  /** DBSIZE */
  dbsize(): number {
    return this.read(['DBSIZE']) as number;
  }

  /** DEBUG */
  debug(): Promise<'OK'>;
  /** DEBUG POPULATE count [prefix] [size] */
  debug(subcommand: 'POPULATE', count: Word, ...words: Words[]): Promise<'OK'>;
  /** DEBUG */
  debug(...words: Words[]): unknown;
  debug(...words: Words[]): unknown {
    return this.write(['DEBUG', ...words]);
  }

  /** DECR key */
  decr(key: Key): Promise<number> {
    return this.write(['DECR', key]) as Promise<number>;
  }

  /** DECRBY key decrement */
  decrby(key: Key, decrement: Word): Promise<number> {
    return this.write(['DECRBY', key, decrement]) as Promise<number>;
  }

  /** DEL key [key ...] */
  del(...words: Words[]): Promise<number> {
    return this.write(['DEL', ...words]) as Promise<number>;
  }

  /** DUMP key */
  dump(key: Key): T | null {
    return this.read(['DUMP', key]) as T | null;
  }

  /** ECHO message */
  echo(message: Word): string {
    return this.read(['ECHO', message]) as string;
  }

  /** EXISTS key [key ...] */
  exists(...words: Words[]): number {
    return this.read(['EXISTS', ...words]) as number;
  }

  /** EXPIRE key seconds [NX | XX | GT | LT] */
  expire(key: Key, seconds: Word, ...words: Words[]): Promise<number> {
    return this.write(['EXPIRE', key, seconds, ...words]) as Promise<number>;
  }

  /** EXPIREAT key unix-time-seconds [NX | XX | GT | LT] */
  expireat(key: Key, unixTimeSeconds: Word, ...words: Words[]): Promise<number> {
    return this.write(['EXPIREAT', key, unixTimeSeconds, ...words]) as Promise<number>;
  }

  /** EXPIRETIME key */
  expiretime(key: Key): number {
    return this.read(['EXPIRETIME', key]) as number;
  }

  /** FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds] */
  failover(...words: Words[]): Promise<'OK'> {
    return this.write(['FAILOVER', ...words]) as Promise<'OK'>;
  }

  /** FLUSHALL [ASYNC | SYNC] */
  flushall(...words: Words[]): Promise<'OK'> {
    return this.write(['FLUSHALL', ...words]) as Promise<'OK'>;
  }

  /** FLUSHDB [ASYNC | SYNC] */
  flushdb(...words: Words[]): Promise<'OK'> {
    return this.write(['FLUSHDB', ...words]) as Promise<'OK'>;
  }

  /** FUNCTION FLUSH [ASYNC | SYNC] */
  function(subcommand: 'FLUSH', ...words: Words[]): Promise<Reply>;
  /** FUNCTION */
  function(...words: Words[]): unknown;
  function(...words: Words[]): unknown {
    return this.write(['FUNCTION', ...words]);
  }

  /** GETDEL key */
  getdel(key: Key): Promise<T | null> {
    return this.write(['GETDEL', key]) as Promise<T | null>;
  }

  /** GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] */
  getex(key: Key, ...words: Words[]): Promise<T | null> {
    return this.write(['GETEX', key, ...words]) as Promise<T | null>;
  }

  /** GETRANGE key start end */
  getrange(key: Key, start: Word, end: Word): T {
    return this.read(['GETRANGE', key, start, end]) as T;
  }

  /** GETSET key value */
  getset(key: Key, value: Word): Promise<T | null> {
    return this.write(['GETSET', key, value]) as Promise<T | null>;
  }

  /** HDEL key field [field ...] */
  hdel(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['HDEL', key, ...words]) as Promise<number>;
  }

  /** HEXISTS key field */
  hexists(key: Key, field: Word): number {
    return this.read(['HEXISTS', key, field]) as number;
  }

  /** HGET key field */
  hget(key: Key, field: Word): T | null {
    return this.read(['HGET', key, field]) as T | null;
  }

  /** HGETALL key */
  hgetall(key: Key): Record<string, T> {
    return this.read(['HGETALL', key]) as Record<string, T>;
  }

  /** HINCRBY key field increment */
  hincrby(key: Key, field: Word, increment: Word): Promise<number> {
    return this.write(['HINCRBY', key, field, increment]) as Promise<number>;
  }

  /** HINCRBYFLOAT key field increment */
  hincrbyfloat(key: Key, field: Word, increment: Word): Promise<T> {
    return this.write(['HINCRBYFLOAT', key, field, increment]) as Promise<T>;
  }

  /** HKEYS key */
  hkeys(key: Key): T[] {
    return this.read(['HKEYS', key]) as T[];
  }

  /** HLEN key */
  hlen(key: Key): number {
    return this.read(['HLEN', key]) as number;
  }

  /** HMGET key field [field ...] */
  hmget(key: Key, ...words: Words[]): (T | null)[] {
    return this.read(['HMGET', key, ...words]) as (T | null)[];
  }

  /** HMSET key field value [field value ...] */
  hmset(key: Key, ...words: Words[]): Promise<'OK' | Reply> {
    return this.write(['HMSET', key, ...words]) as Promise<'OK' | Reply>;
  }

  /** HRANDFIELD key [count [WITHVALUES]] */
  hrandfield(key: Key, ...words: Words[]): T | T[] | null {
    return this.read(['HRANDFIELD', key, ...words]) as T | T[] | null;
  }

  /** HSCAN key cursor [MATCH pattern] [COUNT count] */
  hscan(key: Key, cursor: Word, ...words: Words[]): [cursor: string, items: T[]] {
    return this.read(['HSCAN', key, cursor, ...words]) as [cursor: string, items: T[]];
  }

  /** HSET key field value [field value ...] */
  hset(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['HSET', key, ...words]) as Promise<number>;
  }

  /** HSETNX key field value */
  hsetnx(key: Key, field: Word, value: Word): Promise<number> {
    return this.write(['HSETNX', key, field, value]) as Promise<number>;
  }

  /** HSTRLEN key field */
  hstrlen(key: Key, field: Word): number {
    return this.read(['HSTRLEN', key, field]) as number;
  }

  /** HVALS key */
  hvals(key: Key): T[] {
    return this.read(['HVALS', key]) as T[];
  }

  /** INCR key */
  incr(key: Key): Promise<number> {
    return this.write(['INCR', key]) as Promise<number>;
  }

  /** INCRBY key increment */
  incrby(key: Key, increment: Word): Promise<number> {
    return this.write(['INCRBY', key, increment]) as Promise<number>;
  }

  /** INCRBYFLOAT key increment */
  incrbyfloat(key: Key, increment: Word): Promise<T> {
    return this.write(['INCRBYFLOAT', key, increment]) as Promise<T>;
  }

  /** INFO [section [section ...]] */
  info(...words: Words[]): string {
    return this.read(['INFO', ...words]) as string;
  }

  /** JSON.DEL key [path] */
  jsondel(key: Key, ...words: Words[]): Promise<Reply> {
    return this.write(['JSON.DEL', key, ...words]) as Promise<Reply>;
  }

  /** JSON.FORGET key [path] */
  jsonforget(key: Key, ...words: Words[]): Promise<Reply> {
    return this.write(['JSON.FORGET', key, ...words]) as Promise<Reply>;
  }

  /** JSON.GET key [path [path ...]] */
  jsonget(key: Key, ...words: Words[]): Reply {
    return this.read(['JSON.GET', key, ...words]) as Reply;
  }

  /** JSON.MERGE key path value */
  jsonmerge(key: Key, path: Word, value: Word): Promise<Reply> {
    return this.write(['JSON.MERGE', key, path, value]) as Promise<Reply>;
  }

  /** JSON.SET key path value [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] */
  jsonset(key: Key, path: Word, value: Word, ...words: Words[]): Promise<'OK' | null> {
    return this.write(['JSON.SET', key, path, value, ...words]) as Promise<'OK' | null>;
  }

  /** JSON.TYPE key [path] */
  jsontype(key: Key, ...words: Words[]): Reply {
    return this.read(['JSON.TYPE', key, ...words]) as Reply;
  }

  /** KEYS pattern */
  keys(pattern: Word): T[] {
    return this.read(['KEYS', pattern]) as T[];
  }

  /** LASTSAVE */
  lastsave(): number {
    return this.read(['LASTSAVE']) as number;
  }

  /** LATENCY DOCTOR */
  latency(subcommand: 'DOCTOR'): Reply;
  /** LATENCY GRAPH event */
  latency(subcommand: 'GRAPH', event: Word): Reply;
  /** LATENCY HELP */
  latency(subcommand: 'HELP'): Reply;
  /** LATENCY HISTOGRAM [command [command ...]] */
  latency(subcommand: 'HISTOGRAM', ...words: Words[]): Reply;
  /** LATENCY HISTORY event */
  latency(subcommand: 'HISTORY', event: Word): Reply;
  /** LATENCY LATEST */
  latency(subcommand: 'LATEST'): Reply;
  /** LATENCY RESET [event [event ...]] */
  latency(subcommand: 'RESET', ...words: Words[]): Reply;
  /** LATENCY */
  latency(...words: Words[]): unknown;
  latency(...words: Words[]): unknown {
    return this.read(['LATENCY', ...words]);
  }

  /** LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN] */
  lcs(key1: Key, key2: Key, ...words: Words[]): Reply {
    return this.read(['LCS', key1, key2, ...words]) as Reply;
  }

  /** LINDEX key index */
  lindex(key: Key, index: Word): T | null {
    return this.read(['LINDEX', key, index]) as T | null;
  }

  /** LINSERT key BEFORE | AFTER pivot element */
  linsert(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['LINSERT', key, ...words]) as Promise<number>;
  }

  /** LLEN key */
  llen(key: Key): number {
    return this.read(['LLEN', key]) as number;
  }

  /** LMOVE source destination LEFT | RIGHT LEFT | RIGHT */
  lmove(source: Key, destination: Key, ...words: Words[]): Promise<T | null> {
    return this.write(['LMOVE', source, destination, ...words]) as Promise<T | null>;
  }

  /** LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count] */
  lmpop(numkeys: Word, ...words: Words[]): Promise<Reply> {
    return this.write(['LMPOP', numkeys, ...words]) as Promise<Reply>;
  }

  /** LOLWUT [VERSION version] */
  lolwut(...words: Words[]): Reply {
    return this.read(['LOLWUT', ...words]) as Reply;
  }

  /** LPOP key [count] */
  lpop(key: Key, ...words: Words[]): Promise<T | T[] | null> {
    return this.write(['LPOP', key, ...words]) as Promise<T | T[] | null>;
  }

  /** LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len] */
  lpos(key: Key, element: Word, ...words: Words[]): number | number[] | null {
    return this.read(['LPOS', key, element, ...words]) as number | number[] | null;
  }

  /** LPUSH key element [element ...] */
  lpush(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['LPUSH', key, ...words]) as Promise<number>;
  }

  /** LPUSHX key element [element ...] */
  lpushx(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['LPUSHX', key, ...words]) as Promise<number>;
  }

  /** LRANGE key start stop */
  lrange(key: Key, start: Word, stop: Word): T[] {
    return this.read(['LRANGE', key, start, stop]) as T[];
  }

  /** LREM key count element */
  lrem(key: Key, count: Word, element: Word): Promise<number> {
    return this.write(['LREM', key, count, element]) as Promise<number>;
  }

  /** LSET key index element */
  lset(key: Key, index: Word, element: Word): Promise<'OK'> {
    return this.write(['LSET', key, index, element]) as Promise<'OK'>;
  }

  /** LTRIM key start stop */
  ltrim(key: Key, start: Word, stop: Word): Promise<'OK'> {
    return this.write(['LTRIM', key, start, stop]) as Promise<'OK'>;
  }

  /** MEMORY DOCTOR */
  memory(subcommand: 'DOCTOR'): Reply;
  /** MEMORY HELP */
  memory(subcommand: 'HELP'): Reply;
  /** MEMORY MALLOC-STATS */
  memory(subcommand: 'MALLOC-STATS'): Reply;
  /** MEMORY PURGE */
  memory(subcommand: 'PURGE'): Reply;
  /** MEMORY STATS */
  memory(subcommand: 'STATS'): Reply;
  /** MEMORY USAGE key [SAMPLES count] */
  memory(subcommand: 'USAGE', key: Key, ...words: Words[]): number;
  /** MEMORY */
  memory(...words: Words[]): unknown;
  memory(...words: Words[]): unknown {
    return this.read(['MEMORY', ...words]);
  }

  /** MGET key [key ...] */
  mget(...words: Words[]): (T | null)[] {
    return this.read(['MGET', ...words]) as (T | null)[];
  }

  /** MOVE key db */
  move(key: Key, db: Word): Promise<number> {
    return this.write(['MOVE', key, db]) as Promise<number>;
  }

  /** MSET key value [key value ...] */
  mset(...words: Words[]): Promise<'OK'> {
    return this.write(['MSET', ...words]) as Promise<'OK'>;
  }

  /** MSETNX key value [key value ...] */
  msetnx(...words: Words[]): Promise<number> {
    return this.write(['MSETNX', ...words]) as Promise<number>;
  }

  /** OBJECT ENCODING key */
  object(subcommand: 'ENCODING', key: Key): string;
  /** OBJECT FREQ key */
  object(subcommand: 'FREQ', key: Key): number;
  /** OBJECT HELP */
  object(subcommand: 'HELP'): Reply;
  /** OBJECT IDLETIME key */
  object(subcommand: 'IDLETIME', key: Key): number;
  /** OBJECT REFCOUNT key */
  object(subcommand: 'REFCOUNT', key: Key): number;
  /** OBJECT */
  object(...words: Words[]): unknown;
  object(...words: Words[]): unknown {
    return this.read(['OBJECT', ...words]);
  }

  /** PERSIST key */
  persist(key: Key): Promise<number> {
    return this.write(['PERSIST', key]) as Promise<number>;
  }

  /** PEXPIRE key milliseconds [NX | XX | GT | LT] */
  pexpire(key: Key, milliseconds: Word, ...words: Words[]): Promise<number> {
    return this.write(['PEXPIRE', key, milliseconds, ...words]) as Promise<number>;
  }

  /** PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] */
  pexpireat(key: Key, unixTimeMilliseconds: Word, ...words: Words[]): Promise<number> {
    return this.write(['PEXPIREAT', key, unixTimeMilliseconds, ...words]) as Promise<number>;
  }

  /** PEXPIRETIME key */
  pexpiretime(key: Key): number {
    return this.read(['PEXPIRETIME', key]) as number;
  }

  /** PING [message] */
  ping(...words: Words[]): string {
    return this.read(['PING', ...words]) as string;
  }

  /** PSETEX key milliseconds value */
  psetex(key: Key, milliseconds: Word, value: Word): Promise<'OK'> {
    return this.write(['PSETEX', key, milliseconds, value]) as Promise<'OK'>;
  }

  /** PSYNC replicationid offset */
  psync(replicationid: Word, offset: Word): Reply {
    return this.read(['PSYNC', replicationid, offset]) as Reply;
  }

  /** PTTL key */
  pttl(key: Key): number {
    return this.read(['PTTL', key]) as number;
  }

  /** PUBLISH channel message */
  publish(channel: Word, message: Word): Promise<number> {
    return this.write(['PUBLISH', channel, message]) as Promise<number>;
  }

  /** PUBSUB CHANNELS [pattern] */
  pubsub(subcommand: 'CHANNELS', ...words: Words[]): string[];
  /** PUBSUB HELP */
  pubsub(subcommand: 'HELP'): Reply;
  /** PUBSUB NUMPAT */
  pubsub(subcommand: 'NUMPAT'): number;
  /** PUBSUB NUMSUB [channel [channel ...]] */
  pubsub(subcommand: 'NUMSUB', ...words: Words[]): Record<string, number>;
  /** PUBSUB SHARDCHANNELS [pattern] */
  pubsub(subcommand: 'SHARDCHANNELS', ...words: Words[]): string[];
  /** PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]] */
  pubsub(subcommand: 'SHARDNUMSUB', ...words: Words[]): Record<string, number>;
  /** PUBSUB */
  pubsub(...words: Words[]): unknown;
  pubsub(...words: Words[]): unknown {
    return this.read(['PUBSUB', ...words]);
  }

  /** RANDOMKEY */
  randomkey(): T | null {
    return this.read(['RANDOMKEY']) as T | null;
  }

  /** RENAME key newkey */
  rename(key: Key, newkey: Key): Promise<'OK'> {
    return this.write(['RENAME', key, newkey]) as Promise<'OK'>;
  }

  /** RENAMENX key newkey */
  renamenx(key: Key, newkey: Key): Promise<number> {
    return this.write(['RENAMENX', key, newkey]) as Promise<number>;
  }

  /** REPLCONF */
  replconf(): Reply {
    return this.read(['REPLCONF']) as Reply;
  }

  /** REPLICAOF host port */
  replicaof(host: Word, port: Word): Reply {
    return this.read(['REPLICAOF', host, port]) as Reply;
  }

  /** RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency] */
  restore(key: Key, ttl: Word, serializedValue: Word, ...words: Words[]): Promise<'OK'> {
    return this.write(['RESTORE', key, ttl, serializedValue, ...words]) as Promise<'OK'>;
  }

  /** ROLE */
  role(): Reply {
    return this.read(['ROLE']) as Reply;
  }

  /** RPOP key [count] */
  rpop(key: Key, ...words: Words[]): Promise<T | T[] | null> {
    return this.write(['RPOP', key, ...words]) as Promise<T | T[] | null>;
  }

  /** RPOPLPUSH source destination */
  rpoplpush(source: Key, destination: Key): Promise<T | null> {
    return this.write(['RPOPLPUSH', source, destination]) as Promise<T | null>;
  }

  /** RPUSH key element [element ...] */
  rpush(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['RPUSH', key, ...words]) as Promise<number>;
  }

  /** RPUSHX key element [element ...] */
  rpushx(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['RPUSHX', key, ...words]) as Promise<number>;
  }

  /** SADD key member [member ...] */
  sadd(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['SADD', key, ...words]) as Promise<number>;
  }

  /** SAVE */
  save(): Promise<'OK'> {
    return this.write(['SAVE']) as Promise<'OK'>;
  }

  /** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
  scan(cursor: Word, ...words: Words[]): [cursor: string, items: T[]] {
    return this.read(['SCAN', cursor, ...words]) as [cursor: string, items: T[]];
  }

  /** SCARD key */
  scard(key: Key): number {
    return this.read(['SCARD', key]) as number;
  }

  /** SDIFF key [key ...] */
  sdiff(...words: Words[]): T[] {
    return this.read(['SDIFF', ...words]) as T[];
  }

  /** SDIFFSTORE destination key [key ...] */
  sdiffstore(destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['SDIFFSTORE', destination, ...words]) as Promise<number>;
  }

  /** SETEX key seconds value */
  setex(key: Key, seconds: Word, value: Word): Promise<'OK'> {
    return this.write(['SETEX', key, seconds, value]) as Promise<'OK'>;
  }

  /** SETNX key value */
  setnx(key: Key, value: Word): Promise<number> {
    return this.write(['SETNX', key, value]) as Promise<number>;
  }

  /** SETRANGE key offset value */
  setrange(key: Key, offset: Word, value: Word): Promise<number> {
    return this.write(['SETRANGE', key, offset, value]) as Promise<number>;
  }

  /** SINTER key [key ...] */
  sinter(...words: Words[]): T[] {
    return this.read(['SINTER', ...words]) as T[];
  }

  /** SINTERCARD numkeys key [key ...] [LIMIT limit] */
  sintercard(numkeys: Word, ...words: Words[]): number {
    return this.read(['SINTERCARD', numkeys, ...words]) as number;
  }

  /** SINTERSTORE destination key [key ...] */
  sinterstore(destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['SINTERSTORE', destination, ...words]) as Promise<number>;
  }

  /** SISMEMBER key member */
  sismember(key: Key, member: Word): number {
    return this.read(['SISMEMBER', key, member]) as number;
  }

  /** SLAVEOF host port */
  slaveof(host: Word, port: Word): Reply {
    return this.read(['SLAVEOF', host, port]) as Reply;
  }

  /** SLOWLOG GET [count] */
  slowlog(subcommand: 'GET', ...words: Words[]): Reply;
  /** SLOWLOG HELP */
  slowlog(subcommand: 'HELP'): Reply;
  /** SLOWLOG LEN */
  slowlog(subcommand: 'LEN'): Reply;
  /** SLOWLOG RESET */
  slowlog(subcommand: 'RESET'): Reply;
  /** SLOWLOG */
  slowlog(...words: Words[]): unknown;
  slowlog(...words: Words[]): unknown {
    return this.read(['SLOWLOG', ...words]);
  }

  /** SMEMBERS key */
  smembers(key: Key): T[] {
    return this.read(['SMEMBERS', key]) as T[];
  }

  /** SMISMEMBER key member [member ...] */
  smismember(key: Key, ...words: Words[]): number[] {
    return this.read(['SMISMEMBER', key, ...words]) as number[];
  }

  /** SMOVE source destination member */
  smove(source: Key, destination: Key, member: Word): Promise<number> {
    return this.write(['SMOVE', source, destination, member]) as Promise<number>;
  }

  /** SORT key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] [STORE destination] */
  sort(key: Key, ...words: Words[]): Promise<number | (T | null)[]> {
    return this.write(['SORT', key, ...words]) as Promise<number | (T | null)[]>;
  }

  /** SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] */
  sort_ro(key: Key, ...words: Words[]): (T | null)[] {
    return this.read(['SORT_RO', key, ...words]) as (T | null)[];
  }

  /** SPOP key [count] */
  spop(key: Key, ...words: Words[]): Promise<T | T[] | null> {
    return this.write(['SPOP', key, ...words]) as Promise<T | T[] | null>;
  }

  /** SPUBLISH shardchannel message */
  spublish(shardchannel: Word, message: Word): Promise<number> {
    return this.write(['SPUBLISH', shardchannel, message]) as Promise<number>;
  }

  /** SRANDMEMBER key [count] */
  srandmember(key: Key, ...words: Words[]): T | T[] | null {
    return this.read(['SRANDMEMBER', key, ...words]) as T | T[] | null;
  }

  /** SREM key member [member ...] */
  srem(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['SREM', key, ...words]) as Promise<number>;
  }

  /** SSCAN key cursor [MATCH pattern] [COUNT count] */
  sscan(key: Key, cursor: Word, ...words: Words[]): [cursor: string, items: T[]] {
    return this.read(['SSCAN', key, cursor, ...words]) as [cursor: string, items: T[]];
  }

  /** STRLEN key */
  strlen(key: Key): number {
    return this.read(['STRLEN', key]) as number;
  }

  /** SUBSTR key start end */
  substr(key: Key, start: Word, end: Word): T {
    return this.read(['SUBSTR', key, start, end]) as T;
  }

  /** SUNION key [key ...] */
  sunion(...words: Words[]): T[] {
    return this.read(['SUNION', ...words]) as T[];
  }

  /** SUNIONSTORE destination key [key ...] */
  sunionstore(destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['SUNIONSTORE', destination, ...words]) as Promise<number>;
  }

  /** SWAPDB index1 index2 */
  swapdb(index1: Word, index2: Word): Promise<'OK'> {
    return this.write(['SWAPDB', index1, index2]) as Promise<'OK'>;
  }

  /** SYNC */
  sync(): Reply {
    return this.read(['SYNC']) as Reply;
  }

  /** TIME */
  time(): string[] {
    return this.read(['TIME']) as string[];
  }

  /** TOUCH key [key ...] */
  touch(...words: Words[]): number {
    return this.read(['TOUCH', ...words]) as number;
  }

  /** TTL key */
  ttl(key: Key): number {
    return this.read(['TTL', key]) as number;
  }

  /** TYPE key */
  type(key: Key): string {
    return this.read(['TYPE', key]) as string;
  }

  /** UNLINK key [key ...] */
  unlink(...words: Words[]): Promise<number> {
    return this.write(['UNLINK', ...words]) as Promise<number>;
  }

  /** WAIT numreplicas timeout */
  wait(numreplicas: Word, timeout: Word): number {
    return this.read(['WAIT', numreplicas, timeout]) as number;
  }

  /** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...] */
  zadd(key: Key, ...words: Words[]): Promise<number | null | 'OK'> {
    return this.write(['ZADD', key, ...words]) as Promise<number | null | 'OK'>;
  }

  /** ZCARD key */
  zcard(key: Key): number {
    return this.read(['ZCARD', key]) as number;
  }

  /** ZCOUNT key min max */
  zcount(key: Key, min: Word, max: Word): number {
    return this.read(['ZCOUNT', key, min, max]) as number;
  }

  /** ZDIFF numkeys key [key ...] [WITHSCORES] */
  zdiff(numkeys: Word, ...words: Words[]): Reply {
    return this.read(['ZDIFF', numkeys, ...words]) as Reply;
  }

  /** ZDIFFSTORE destination numkeys key [key ...] */
  zdiffstore(destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['ZDIFFSTORE', destination, ...words]) as Promise<number>;
  }

  /** ZINCRBY key increment member */
  zincrby(key: Key, increment: Word, member: Word): Promise<Reply> {
    return this.write(['ZINCRBY', key, increment, member]) as Promise<Reply>;
  }

  /** ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
  zinter(numkeys: Word, ...words: Words[]): Reply {
    return this.read(['ZINTER', numkeys, ...words]) as Reply;
  }

  /** ZINTERCARD numkeys key [key ...] [LIMIT limit] */
  zintercard(numkeys: Word, ...words: Words[]): number {
    return this.read(['ZINTERCARD', numkeys, ...words]) as number;
  }

  /** ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] */
  zinterstore(destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['ZINTERSTORE', destination, ...words]) as Promise<number>;
  }

  /** ZLEXCOUNT key min max */
  zlexcount(key: Key, min: Word, max: Word): number {
    return this.read(['ZLEXCOUNT', key, min, max]) as number;
  }

  /** ZMPOP numkeys key [key ...] MIN | MAX [COUNT count] */
  zmpop(numkeys: Word, ...words: Words[]): Promise<Reply> {
    return this.write(['ZMPOP', numkeys, ...words]) as Promise<Reply>;
  }

  /** ZMSCORE key member [member ...] */
  zmscore(key: Key, ...words: Words[]): (number | null)[] {
    return this.read(['ZMSCORE', key, ...words]) as (number | null)[];
  }

  /** ZPOPMAX key [count] */
  zpopmax(key: Key, ...words: Words[]): Promise<Reply> {
    return this.write(['ZPOPMAX', key, ...words]) as Promise<Reply>;
  }

  /** ZPOPMIN key [count] */
  zpopmin(key: Key, ...words: Words[]): Promise<Reply> {
    return this.write(['ZPOPMIN', key, ...words]) as Promise<Reply>;
  }

  /** ZRANDMEMBER key [count [WITHSCORES]] */
  zrandmember(key: Key, ...words: Words[]): Reply {
    return this.read(['ZRANDMEMBER', key, ...words]) as Reply;
  }

  /** ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES] */
  zrange(key: Key, start: Word, stop: Word, ...words: Words[]): Reply {
    return this.read(['ZRANGE', key, start, stop, ...words]) as Reply;
  }

  /** ZRANGEBYLEX key min max [LIMIT offset count] */
  zrangebylex(key: Key, min: Word, max: Word, ...words: Words[]): T[] {
    return this.read(['ZRANGEBYLEX', key, min, max, ...words]) as T[];
  }

  /** ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count] */
  zrangebyscore(key: Key, min: Word, max: Word, ...words: Words[]): Reply {
    return this.read(['ZRANGEBYSCORE', key, min, max, ...words]) as Reply;
  }

  /** ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] */
  zrangestore(dst: Key, src: Key, min: Word, max: Word, ...words: Words[]): Promise<number> {
    return this.write(['ZRANGESTORE', dst, src, min, max, ...words]) as Promise<number>;
  }

  /** ZRANK key member */
  zrank(key: Key, member: Word): number | null {
    return this.read(['ZRANK', key, member]) as number | null;
  }

  /** ZREM key member [member ...] */
  zrem(key: Key, ...words: Words[]): Promise<number> {
    return this.write(['ZREM', key, ...words]) as Promise<number>;
  }

  /** ZREMRANGEBYLEX key min max */
  zremrangebylex(key: Key, min: Word, max: Word): Promise<number> {
    return this.write(['ZREMRANGEBYLEX', key, min, max]) as Promise<number>;
  }

  /** ZREMRANGEBYRANK key start stop */
  zremrangebyrank(key: Key, start: Word, stop: Word): Promise<number> {
    return this.write(['ZREMRANGEBYRANK', key, start, stop]) as Promise<number>;
  }

  /** ZREMRANGEBYSCORE key min max */
  zremrangebyscore(key: Key, min: Word, max: Word): Promise<number> {
    return this.write(['ZREMRANGEBYSCORE', key, min, max]) as Promise<number>;
  }

  /** ZREVRANGE key start stop [WITHSCORES] */
  zrevrange(key: Key, start: Word, stop: Word, ...words: Words[]): Reply {
    return this.read(['ZREVRANGE', key, start, stop, ...words]) as Reply;
  }

  /** ZREVRANGEBYLEX key max min [LIMIT offset count] */
  zrevrangebylex(key: Key, max: Word, min: Word, ...words: Words[]): T[] {
    return this.read(['ZREVRANGEBYLEX', key, max, min, ...words]) as T[];
  }

  /** ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count] */
  zrevrangebyscore(key: Key, max: Word, min: Word, ...words: Words[]): Reply {
    return this.read(['ZREVRANGEBYSCORE', key, max, min, ...words]) as Reply;
  }

  /** ZREVRANK key member */
  zrevrank(key: Key, member: Word): number | null {
    return this.read(['ZREVRANK', key, member]) as number | null;
  }

  /** ZSCAN key cursor [MATCH pattern] [COUNT count] */
  zscan(key: Key, cursor: Word, ...words: Words[]): [cursor: string, items: T[]] {
    return this.read(['ZSCAN', key, cursor, ...words]) as [cursor: string, items: T[]];
  }

  /** ZSCORE key member */
  zscore(key: Key, member: Word): number | null {
    return this.read(['ZSCORE', key, member]) as number | null;
  }

  /** ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
  zunion(numkeys: Word, ...words: Words[]): Reply {
    return this.read(['ZUNION', numkeys, ...words]) as Reply;
  }

  /** ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] */
  zunionstore(destination: Key, ...words: Words[]): Promise<number> {
    return this.write(['ZUNIONSTORE', destination, ...words]) as Promise<number>;
  }
}
