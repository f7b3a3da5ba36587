// Generated from the command table and src/command/manual.txt (tests/native/generate/): UPDATE=1 cargo test. Do not edit.
import type { Has, If, Many, OneOf, Read, With, Write } from './answer.js';
import type { Reply } from './reply.js';
import type {
  Element, FieldGiven, FieldKey, FieldName, Fields, FieldsFor, FieldValue, HashOf, Item, KeyOf, KeyType, Strings,
} from './schema.js';
import type { Key, Num, Plain, Word, Words } from './words.js';

/** Where the longest common subsequence of two strings lies: positions in both, and lengths if asked for. */
export interface LcsMatches {
  matches: [first: [start: number, end: number], second: [start: number, end: number], length?: number][];
  len: number;
}
/** Options of BGSAVE. */
export type BgsaveOptions = { SCHEDULE?: boolean };

/** Options of CLIENT LIST. */
export type ClientListOptions = { TYPE?: 'NORMAL' | 'MASTER' | 'REPLICA' | 'PUBSUB'; /** client-id [client-id ...] */ ID?: readonly number[] };

/** Options of CLIENT PAUSE. */
export type ClientPauseOptions = OneOf<{ WRITE: boolean; ALL: boolean }>;

/** Options of CLIENT TRACKING. */
export type ClientTrackingOptions = { /** client-id */ REDIRECT?: number; /** prefix [prefix ...] */ PREFIX?: Key | readonly Key[]; BCAST?: boolean; OPTIN?: boolean; OPTOUT?: boolean; NOLOOP?: boolean };

/** Options of CLIENT UNBLOCK. */
export type ClientUnblockOptions = OneOf<{ TIMEOUT: boolean; ERROR: boolean }>;

/** Options of COMMAND LIST. */
export type CommandListOptions = { FILTERBY?: readonly ['MODULE', Word] | readonly ['ACLCAT', Word] | readonly ['PATTERN', Word] };

/** Options of COPY. */
export type CopyOptions = { /** destination-db */ DB?: number; REPLACE?: boolean };

/** Options of EXPIRE. */
export type ExpireOptions = OneOf<{ NX: boolean; XX: boolean; GT: boolean; LT: boolean }>;

/** Options of EXPIREAT. */
export type ExpireatOptions = OneOf<{ NX: boolean; XX: boolean; GT: boolean; LT: boolean }>;

/** Options of FAILOVER. */
export type FailoverOptions = { /** host port */ TO?: readonly [host: Word, port: number]; FORCE?: boolean; ABORT?: boolean; /** milliseconds */ TIMEOUT?: number };

/** Options of FLUSHALL. */
export type FlushallOptions = OneOf<{ ASYNC: boolean; SYNC: boolean }>;

/** Options of FLUSHDB. */
export type FlushdbOptions = OneOf<{ ASYNC: boolean; SYNC: boolean }>;

/** Options of FUNCTION FLUSH. */
export type FunctionFlushOptions = OneOf<{ ASYNC: boolean; SYNC: boolean }>;

/** Options of GETEX. */
export type GetexOptions = OneOf<{ /** seconds */ EX: number; /** milliseconds */ PX: number; /** unix-time-seconds */ EXAT: number | Date; /** unix-time-milliseconds */ PXAT: number | Date; PERSIST: boolean }>;

/** Options of HRANDFIELD. */
export type HrandfieldOptions = { WITHVALUES?: boolean };

/** Options of HSCAN. */
export type HscanOptions = { /** pattern */ MATCH?: Key; /** count */ COUNT?: number };

/** Options of JSON.SET. */
export type JsonSetOptions = OneOf<{ NX: boolean; XX: boolean }> & OneOf<{ /** seconds */ EX: number; /** milliseconds */ PX: number; /** unix-time-seconds */ EXAT: number | Date; /** unix-time-milliseconds */ PXAT: number | Date; KEEPTTL: boolean }>;

/** Options of LCS. */
export type LcsOptions = { LEN?: boolean; IDX?: boolean; /** len */ MINMATCHLEN?: number; WITHMATCHLEN?: boolean };

/** Options of LMPOP. */
export type LmpopOptions = { /** count */ COUNT?: number };

/** Options of LOLWUT. */
export type LolwutOptions = { /** version */ VERSION?: Word };

/** Options of LPOS. */
export type LposOptions = { /** rank */ RANK?: number; /** num-matches */ COUNT?: number; /** len */ MAXLEN?: number };

/** Options of MEMORY USAGE. */
export type MemoryUsageOptions = { /** count */ SAMPLES?: number };

/** Options of PEXPIRE. */
export type PexpireOptions = OneOf<{ NX: boolean; XX: boolean; GT: boolean; LT: boolean }>;

/** Options of PEXPIREAT. */
export type PexpireatOptions = OneOf<{ NX: boolean; XX: boolean; GT: boolean; LT: boolean }>;

/** Options of RESTORE. */
export type RestoreOptions = { REPLACE?: boolean; ABSTTL?: boolean; /** seconds */ IDLETIME?: number; /** frequency */ FREQ?: number };

/** Options of SCAN. */
export type ScanOptions = { /** pattern */ MATCH?: Key; /** count */ COUNT?: number; /** type */ TYPE?: Exclude<KeyType, 'none'> };

/** Options of SINTERCARD. */
export type SintercardOptions = { /** limit */ LIMIT?: number };

/** Options of SORT. */
export type SortOptions = OneOf<{ ASC: boolean; DESC: boolean }> & { /** pattern */ BY?: Key; /** offset count */ LIMIT?: readonly [offset: number, count: number]; /** pattern [pattern ...] */ GET?: Key | readonly Key[]; ALPHA?: boolean; /** destination */ STORE?: Key };

/** Options of SORT_RO. */
export type SortRoOptions = OneOf<{ ASC: boolean; DESC: boolean }> & { /** pattern */ BY?: Key; /** offset count */ LIMIT?: readonly [offset: number, count: number]; /** pattern [pattern ...] */ GET?: Key | readonly Key[]; ALPHA?: boolean };

/** Options of SSCAN. */
export type SscanOptions = { /** pattern */ MATCH?: Key; /** count */ COUNT?: number };

/** Options of ZADD. */
export type ZaddOptions = OneOf<{ NX: boolean; XX: boolean }> & OneOf<{ GT: boolean; LT: boolean }> & { CH?: boolean; INCR?: boolean };

/** Options of ZDIFF. */
export type ZdiffOptions = { WITHSCORES?: boolean };

/** Options of ZINTER. */
export type ZinterOptions = { /** weight [weight ...] */ WEIGHTS?: readonly number[]; AGGREGATE?: 'SUM' | 'MIN' | 'MAX'; WITHSCORES?: boolean };

/** Options of ZINTERCARD. */
export type ZintercardOptions = { /** limit */ LIMIT?: number };

/** Options of ZINTERSTORE. */
export type ZinterstoreOptions = { /** weight [weight ...] */ WEIGHTS?: readonly number[]; AGGREGATE?: 'SUM' | 'MIN' | 'MAX' };

/** Options of ZMPOP. */
export type ZmpopOptions = { /** count */ COUNT?: number };

/** Options of ZRANDMEMBER. */
export type ZrandmemberOptions = { WITHSCORES?: boolean };

/** Options of ZRANGE. */
export type ZrangeOptions = OneOf<{ BYSCORE: boolean; BYLEX: boolean }> & { REV?: boolean; /** offset count */ LIMIT?: readonly [offset: number, count: number]; WITHSCORES?: boolean } & ({ LIMIT?: undefined } | { BYSCORE: true } | { BYLEX: true });

/** Options of ZRANGEBYLEX. */
export type ZrangebylexOptions = { /** offset count */ LIMIT?: readonly [offset: number, count: number] };

/** Options of ZRANGEBYSCORE. */
export type ZrangebyscoreOptions = { WITHSCORES?: boolean; /** offset count */ LIMIT?: readonly [offset: number, count: number] };

/** Options of ZRANGESTORE. */
export type ZrangestoreOptions = OneOf<{ BYSCORE: boolean; BYLEX: boolean }> & { REV?: boolean; /** offset count */ LIMIT?: readonly [offset: number, count: number] } & ({ LIMIT?: undefined } | { BYSCORE: true } | { BYLEX: true });

/** Options of ZREVRANGE. */
export type ZrevrangeOptions = { WITHSCORES?: boolean };

/** Options of ZREVRANGEBYLEX. */
export type ZrevrangebylexOptions = { /** offset count */ LIMIT?: readonly [offset: number, count: number] };

/** Options of ZREVRANGEBYSCORE. */
export type ZrevrangebyscoreOptions = { WITHSCORES?: boolean; /** offset count */ LIMIT?: readonly [offset: number, count: number] };

/** Options of ZSCAN. */
export type ZscanOptions = { /** pattern */ MATCH?: Key; /** count */ COUNT?: number };

/** Options of ZUNION. */
export type ZunionOptions = { /** weight [weight ...] */ WEIGHTS?: readonly number[]; AGGREGATE?: 'SUM' | 'MIN' | 'MAX'; WITHSCORES?: boolean };

/** Options of ZUNIONSTORE. */
export type ZunionstoreOptions = { /** weight [weight ...] */ WEIGHTS?: readonly number[]; AGGREGATE?: 'SUM' | 'MIN' | 'MAX' };

/**
 * One method per command. `T` is how strings come out, `M` how answers reach the caller, `S` the schema of the keys.
 */
export interface Methods<T, M, S> {
  /**
   * `ACL CAT [category]`
   *
   * Lists the categories of commands, or the commands of one.
   *
   * O(N) of the categories or commands. Since Redis 6.0.0.
   */
  acl(subcommand: 'CAT', category?: Word): Read<M, string[]>;
  /**
   * `ACL GENPASS [bits]`
   *
   * Answers a random password of that many bits, as hexadecimal digits.
   *
   * O(1). Since Redis 6.0.0.
   */
  acl(subcommand: 'GENPASS', bits?: Num): Read<M, string>;
  /**
   * `ACL GETUSER username`
   *
   * Answers the rules of a user: there is `default` alone.
   *
   * O(1). Since Redis 6.0.0.
   */
  acl(subcommand: 'GETUSER', username: Word): Read<M, Record<string, Reply> | null>;
  /**
   * `ACL HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 6.0.0.
   */
  acl(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `ACL LIST`
   *
   * Lists the users as rules.
   *
   * O(1). Since Redis 6.0.0.
   */
  acl(subcommand: 'LIST'): Read<M, string[]>;
  /**
   * `ACL USERS`
   *
   * Lists the names of the users.
   *
   * O(1). Since Redis 6.0.0.
   */
  acl(subcommand: 'USERS'): Read<M, string[]>;
  /**
   * `ACL WHOAMI`
   *
   * Answers the user's name.
   *
   * O(1). Since Redis 6.0.0.
   */
  acl(subcommand: 'WHOAMI'): Read<M, string>;

  /**
   * `APPEND key value`
   *
   * Appends to a string, which is made if it is not there. Answers the new length in bytes.
   *
   * O(1), amortized. Since Redis 2.0.0.
   */
  append(key: KeyOf<S, 'text'>, value: Word): Write<M, number>;

  /**
   * `AUTH [username] password`
   *
   * Checks a password against `requirepass`.
   *
   * O(1). Since Redis 1.0.0.
   */
  auth(...words: Words[]): Read<M, 'OK'>;

  /**
   * `BGREWRITEAOF`
   *
   * Asks for a snapshot that replaces the log before it.
   *
   * O(1). Since Redis 1.0.0.
   */
  bgrewriteaof(): Read<M, string>;

  /**
   * `BGSAVE [SCHEDULE]`
   *
   * Asks for a snapshot; it is taken in slices, beside other work.
   *
   * O(1). Since Redis 1.0.0.
   */
  bgsave(options?: BgsaveOptions): Read<M, string>;
  /**
   * `BGSAVE [SCHEDULE]`
   *
   * Asks for a snapshot; it is taken in slices, beside other work.
   *
   * O(1). Since Redis 1.0.0.
   */
  bgsave(...words: Plain[]): Read<M, string>;

  /**
   * `CLIENT CACHING YES | NO`
   *
   * Says whether the keys of the next call are tracked, under OPTIN or OPTOUT.
   *
   * O(1). Since Redis 6.0.0.
   */
  client(subcommand: 'CACHING', mode: 'YES' | 'NO'): Read<M, 'OK'>;
  /**
   * `CLIENT GETNAME`
   *
   * Answers the session's name.
   *
   * O(1). Since Redis 2.6.9.
   */
  client(subcommand: 'GETNAME'): Read<M, string | null>;
  /**
   * `CLIENT GETREDIR`
   *
   * Answers the session that tracking's messages go to, or -1.
   *
   * O(1). Since Redis 6.0.0.
   */
  client(subcommand: 'GETREDIR'): Read<M, number>;
  /**
   * `CLIENT HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 5.0.0.
   */
  client(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `CLIENT ID`
   *
   * Answers the session's number.
   *
   * O(1). Since Redis 5.0.0.
   */
  client(subcommand: 'ID'): Read<M, number>;
  /**
   * `CLIENT INFO`
   *
   * Describes the session in one line.
   *
   * O(1). Since Redis 6.2.0.
   */
  client(subcommand: 'INFO'): Read<M, string>;
  /**
   * `CLIENT KILL old-format | new-format`
   *
   * Ends sessions, by address or by what they are.
   *
   * O(N) of the sessions. Since Redis 2.4.0.
   */
  client(subcommand: 'KILL', ...words: Words[]): Read<M, number | 'OK'>;
  /**
   * `CLIENT LIST [TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]]`
   *
   * Describes all sessions, a line each.
   *
   * O(N) of the sessions. Since Redis 2.4.0.
   */
  client(subcommand: 'LIST', options?: ClientListOptions): Read<M, string>;
  /**
   * `CLIENT LIST [TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID client-id [client-id ...]]`
   *
   * Describes all sessions, a line each.
   *
   * O(N) of the sessions. Since Redis 2.4.0.
   */
  client(subcommand: 'LIST', ...words: Plain[]): Read<M, string>;
  /**
   * `CLIENT NO-EVICT ON | OFF`
   *
   * Accepted for compatibility.
   *
   * O(1). Since Redis 7.0.0.
   */
  client(subcommand: 'NO-EVICT', mode: 'ON' | 'OFF'): Read<M, 'OK'>;
  /**
   * `CLIENT PAUSE timeout [WRITE | ALL]`
   *
   * Holds back calls, or writes alone, for that many milliseconds.
   *
   * O(1). Since Redis 3.0.0.
   */
  client(subcommand: 'PAUSE', timeout: Num, options?: ClientPauseOptions): Read<M, 'OK'>;
  /**
   * `CLIENT PAUSE timeout [WRITE | ALL]`
   *
   * Holds back calls, or writes alone, for that many milliseconds.
   *
   * O(1). Since Redis 3.0.0.
   */
  client(subcommand: 'PAUSE', timeout: Num, ...words: Plain[]): Read<M, 'OK'>;
  /**
   * `CLIENT REPLY ON | OFF | SKIP`
   *
   * Switches a session's replies off and on.
   *
   * O(1). Since Redis 3.2.0.
   */
  client(subcommand: 'REPLY', mode: 'ON' | 'OFF' | 'SKIP'): Read<M, 'OK'>;
  /**
   * `CLIENT SETNAME connection-name`
   *
   * Names the session.
   *
   * O(1). Since Redis 2.6.9.
   */
  client(subcommand: 'SETNAME', connectionName: Word): Read<M, 'OK'>;
  /**
   * `CLIENT TRACKING ON | OFF [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]`
   *
   * Tells the session when keys change that it has read, or keys with a prefix.
   *
   * O(1). Since Redis 6.0.0.
   */
  client(subcommand: 'TRACKING', mode: 'ON' | 'OFF', options?: ClientTrackingOptions): Read<M, 'OK'>;
  /**
   * `CLIENT TRACKING ON | OFF [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]`
   *
   * Tells the session when keys change that it has read, or keys with a prefix.
   *
   * O(1). Since Redis 6.0.0.
   */
  client(subcommand: 'TRACKING', mode: 'ON' | 'OFF', ...words: Plain[]): Read<M, 'OK'>;
  /**
   * `CLIENT TRACKINGINFO`
   *
   * Answers how keys are tracked for the session.
   *
   * O(1). Since Redis 6.2.0.
   */
  client(subcommand: 'TRACKINGINFO'): Read<M, Record<string, Reply>>;
  /**
   * `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`
   *
   * Ends another session's wait.
   *
   * O(1). Since Redis 5.0.0.
   */
  client(subcommand: 'UNBLOCK', clientId: Num, options?: ClientUnblockOptions): Read<M, number>;
  /**
   * `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`
   *
   * Ends another session's wait.
   *
   * O(1). Since Redis 5.0.0.
   */
  client(subcommand: 'UNBLOCK', clientId: Num, ...words: Plain[]): Read<M, number>;
  /**
   * `CLIENT UNPAUSE`
   *
   * Ends a pause.
   *
   * O(1). Since Redis 6.2.0.
   */
  client(subcommand: 'UNPAUSE'): Read<M, 'OK'>;

  /**
   * `COMMAND`
   *
   * Describes all commands.
   *
   * O(N) of the commands. Since Redis 2.8.13.
   */
  command(): Read<M, Reply[]>;
  /**
   * `COMMAND COUNT`
   *
   * Answers how many commands there are.
   *
   * O(1). Since Redis 2.8.13.
   */
  command(subcommand: 'COUNT'): Read<M, number>;
  /**
   * `COMMAND DOCS [command-name [command-name ...]]`
   *
   * Answers syntax and group of commands.
   *
   * O(N) of the commands asked for. Since Redis 7.0.0.
   */
  command(subcommand: 'DOCS', ...commandNames: Many<Word>): Read<M, Record<string, Reply>>;
  /**
   * `COMMAND GETKEYS command [arg [arg ...]]`
   *
   * Answers which words of a call are keys.
   *
   * O(N) of the words. Since Redis 2.8.13.
   */
  command(subcommand: 'GETKEYS', command: Word, ...args: Many<Word>): Read<M, string[]>;
  /**
   * `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`
   *
   * Answers which words of a call are keys, and what the call does with them.
   *
   * O(N) of the words. Since Redis 7.0.0.
   */
  command(subcommand: 'GETKEYSANDFLAGS', command: Word, ...args: Many<Word>): Read<M, [key: string, flags: string[]][]>;
  /**
   * `COMMAND HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 5.0.0.
   */
  command(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `COMMAND INFO [command-name [command-name ...]]`
   *
   * Describes commands.
   *
   * O(N) of the commands asked for. Since Redis 2.8.13.
   */
  command(subcommand: 'INFO', ...commandNames: Many<Word>): Read<M, Reply[]>;
  /**
   * `COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]`
   *
   * Lists the names of commands, all or those that match.
   *
   * O(N) of the commands. Since Redis 7.0.0.
   */
  command(subcommand: 'LIST', options?: CommandListOptions): Read<M, string[]>;
  /**
   * `COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]`
   *
   * Lists the names of commands, all or those that match.
   *
   * O(N) of the commands. Since Redis 7.0.0.
   */
  command(subcommand: 'LIST', ...words: Plain[]): Read<M, string[]>;

  /**
   * `CONFIG GET parameter [parameter ...]`
   *
   * Answers settings whose names match.
   *
   * O(N) of the settings. Since Redis 2.0.0.
   */
  config(subcommand: 'GET', ...parameters: Many<Word>): Read<M, Record<string, string>>;
  /**
   * `CONFIG HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 5.0.0.
   */
  config(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `CONFIG RESETSTAT`
   *
   * Sets INFO's counters to zero.
   *
   * O(1). Since Redis 2.0.0.
   */
  config(subcommand: 'RESETSTAT'): Read<M, 'OK'>;
  /**
   * `CONFIG REWRITE`
   *
   * An error: there is no configuration file.
   *
   * O(1). Since Redis 2.8.0.
   */
  config(subcommand: 'REWRITE'): Read<M, Reply>;
  /**
   * `CONFIG SET parameter value [parameter value ...]`
   *
   * Changes settings: all of them, or none if one is wrong.
   *
   * O(N) of the settings given. Since Redis 2.0.0.
   */
  config(subcommand: 'SET', values: Fields): Read<M, 'OK'>;
  /**
   * `CONFIG SET parameter value [parameter value ...]`
   *
   * Changes settings: all of them, or none if one is wrong.
   *
   * O(N) of the settings given. Since Redis 2.0.0.
   */
  config(subcommand: 'SET', ...words: Plain[]): Read<M, 'OK'>;

  /**
   * `COPY source destination [DB destination-db] [REPLACE]`
   *
   * Copies a value and its time to live to another key.
   *
   * O(N) of the value's size. Since Redis 6.2.0.
   */
  copy(source: KeyOf<S>, destination: KeyOf<S>, options?: CopyOptions): Write<M, number>;
  /**
   * `COPY source destination [DB destination-db] [REPLACE]`
   *
   * Copies a value and its time to live to another key.
   *
   * O(N) of the value's size. Since Redis 6.2.0.
   */
  copy(source: KeyOf<S>, destination: KeyOf<S>, ...words: Plain[]): Write<M, number>;

  /**
   * `DBSIZE`
   *
   * Answers how many keys the database has.
   *
   * O(1). Since Redis 1.0.0.
   */
  dbsize(): Read<M, number>;

  /**
   * `DEBUG`
   *
   * For tests of the engine.
   *
   * as the subcommand. Since Redis 1.0.0.
   */
  debug(): Write<M, 'OK'>;
  /**
   * `DEBUG POPULATE count [prefix] [size]`
   *
   * Makes that many keys, for tests.
   *
   * O(N) of the keys. Not one of Redis's commands.
   */
  debug(subcommand: 'POPULATE', count: Num, prefix?: Word, size?: Word): Write<M, 'OK'>;
  debug(...words: Words[]): Write<M, Reply>;

  /**
   * `DECR key`
   *
   * Takes one from a number. A key that is not there counts as 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  decr(key: KeyOf<S, 'text' | 'json'>): Write<M, number>;

  /**
   * `DECRBY key decrement`
   *
   * Takes an integer from a number.
   *
   * O(1). Since Redis 1.0.0.
   */
  decrby(key: KeyOf<S, 'text' | 'json'>, decrement: Num): Write<M, number>;

  /**
   * `DEL key [key ...]`
   *
   * Removes keys. Answers how many were there.
   *
   * O(N) of the keys, and of the elements of each that is no string. Since Redis 1.0.0.
   */
  del(...keys: Many<KeyOf<S>>): Write<M, number>;

  /**
   * `DUMP key`
   *
   * Answers a value serialized, for RESTORE. Ask `db.bytes`: the bytes are no text.
   *
   * O(N) of the value's size. Since Redis 2.6.0.
   */
  dump(key: KeyOf<S>): Read<M, T | null>;

  /**
   * `ECHO message`
   *
   * Answers the message.
   *
   * O(1). Since Redis 1.0.0.
   */
  echo(message: Word): Read<M, string>;

  /**
   * `EXISTS key [key ...]`
   *
   * Answers how many of the keys are there; one named twice counts twice.
   *
   * O(N) of the keys. Since Redis 1.0.0.
   */
  exists(...keys: Many<KeyOf<S>>): Read<M, number>;

  /**
   * `EXPIRE key seconds [NX | XX | GT | LT]`
   *
   * Gives a key a time to live in seconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  expire(key: KeyOf<S>, seconds: Num, options?: ExpireOptions): Write<M, number>;
  /**
   * `EXPIRE key seconds [NX | XX | GT | LT]`
   *
   * Gives a key a time to live in seconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  expire(key: KeyOf<S>, seconds: Num, ...words: Plain[]): Write<M, number>;

  /**
   * `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`
   *
   * Lets a key end at a time, in Unix seconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 1.2.0.
   */
  expireat(key: KeyOf<S>, unixTimeSeconds: Num | Date, options?: ExpireatOptions): Write<M, number>;
  /**
   * `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`
   *
   * Lets a key end at a time, in Unix seconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 1.2.0.
   */
  expireat(key: KeyOf<S>, unixTimeSeconds: Num | Date, ...words: Plain[]): Write<M, number>;

  /**
   * `EXPIRETIME key`
   *
   * Answers when a key ends, in Unix seconds: -1 for never, -2 if it is not there.
   *
   * O(1). Since Redis 7.0.0.
   */
  expiretime(key: KeyOf<S>): Read<M, number>;

  /**
   * `FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]`
   *
   * Hands the lead to another tab.
   *
   * O(N) of what is to be committed. Since Redis 6.2.0.
   */
  failover(options?: FailoverOptions): Write<M, 'OK'>;
  /**
   * `FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]`
   *
   * Hands the lead to another tab.
   *
   * O(N) of what is to be committed. Since Redis 6.2.0.
   */
  failover(...words: Plain[]): Write<M, 'OK'>;

  /**
   * `FLUSHALL [ASYNC | SYNC]`
   *
   * Removes all keys of all databases.
   *
   * O(N) of the keys, in slices. Since Redis 1.0.0.
   */
  flushall(options?: FlushallOptions): Write<M, 'OK'>;
  /**
   * `FLUSHALL [ASYNC | SYNC]`
   *
   * Removes all keys of all databases.
   *
   * O(N) of the keys, in slices. Since Redis 1.0.0.
   */
  flushall(...words: Plain[]): Write<M, 'OK'>;

  /**
   * `FLUSHDB [ASYNC | SYNC]`
   *
   * Removes all keys of this database.
   *
   * O(N) of the keys, in slices. Since Redis 1.0.0.
   */
  flushdb(options?: FlushdbOptions): Write<M, 'OK'>;
  /**
   * `FLUSHDB [ASYNC | SYNC]`
   *
   * Removes all keys of this database.
   *
   * O(N) of the keys, in slices. Since Redis 1.0.0.
   */
  flushdb(...words: Plain[]): Write<M, 'OK'>;

  /**
   * `FUNCTION FLUSH [ASYNC | SYNC]`
   *
   * Accepted for compatibility: there are no functions.
   *
   * O(1). Since Redis 7.0.0.
   */
  function(subcommand: 'FLUSH', options?: FunctionFlushOptions): Write<M, 'OK'>;
  /**
   * `FUNCTION FLUSH [ASYNC | SYNC]`
   *
   * Accepted for compatibility: there are no functions.
   *
   * O(1). Since Redis 7.0.0.
   */
  function(subcommand: 'FLUSH', ...words: Plain[]): Write<M, 'OK'>;

  /**
   * `GETDEL key`
   *
   * Answers a string and removes it.
   *
   * O(1). Since Redis 6.2.0.
   */
  getdel(key: KeyOf<S, 'text'>): Write<M, T | null>;

  /**
   * `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`
   *
   * Answers a string and changes its time to live.
   *
   * O(1). Since Redis 6.2.0.
   */
  getex(key: KeyOf<S, 'text' | 'json'>, options?: GetexOptions): Write<M, T | null>;
  /**
   * `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`
   *
   * Answers a string and changes its time to live.
   *
   * O(1). Since Redis 6.2.0.
   */
  getex(key: KeyOf<S, 'text' | 'json'>, ...words: Plain[]): Write<M, T | null>;

  /**
   * `GETRANGE key start end`
   *
   * Answers a part of a string, by the positions of its first and last byte; -1 is the last one.
   *
   * O(N) of the bytes answered. Since Redis 2.4.0.
   */
  getrange(key: KeyOf<S, 'text'>, start: Num, end: Num): Read<M, T>;

  /**
   * `GETSET key value`
   *
   * Sets a string and answers the one before.
   *
   * O(1). Since Redis 1.0.0.
   */
  getset(key: KeyOf<S, 'text'>, value: Word): Write<M, T | null>;

  /**
   * `HDEL key field [field ...]`
   *
   * Removes fields of a hash. Answers how many were there.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hdel<K extends KeyOf<S, 'hash'>>(key: K, ...fields: Many<FieldName<S, K>>): Write<M, number>;

  /**
   * `HEXISTS key field`
   *
   * Answers 1 if the hash has the field, else 0.
   *
   * O(1). Since Redis 2.0.0.
   */
  hexists<K extends KeyOf<S, 'hash'>>(key: K, field: FieldName<S, K>): Read<M, number>;

  /**
   * `HGET key field`
   *
   * Answers the value of a field.
   *
   * O(1). Since Redis 2.0.0.
   */
  hget<K extends KeyOf<S, 'hash'>, F extends FieldName<S, K>>(key: K, field: F): Read<M, FieldValue<T, S, K, F> | null>;

  /**
   * `HGETALL key`
   *
   * Answers all fields and values, as an object without a prototype: empty if there is no hash.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hgetall<K extends KeyOf<S, 'hash'>>(key: K): Read<M, HashOf<T, S, K>>;

  /**
   * `HINCRBY key field increment`
   *
   * Adds an integer to the number in a field.
   *
   * O(1). Since Redis 2.0.0.
   */
  hincrby<K extends KeyOf<S, 'hash'>>(key: K, field: FieldName<S, K>, increment: Num): Write<M, number>;

  /**
   * `HINCRBYFLOAT key field increment`
   *
   * Adds to the number in a field. Answers the sum as text.
   *
   * O(1). Since Redis 2.6.0.
   */
  hincrbyfloat<K extends KeyOf<S, 'hash'>>(key: K, field: FieldName<S, K>, increment: Num): Write<M, T>;

  /**
   * `HKEYS key`
   *
   * Answers the names of all fields.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hkeys<K extends KeyOf<S, 'hash'>>(key: K): Read<M, FieldKey<T, S, K>[]>;

  /**
   * `HLEN key`
   *
   * Answers how many fields a hash has.
   *
   * O(1). Since Redis 2.0.0.
   */
  hlen(key: KeyOf<S, 'hash'>): Read<M, number>;

  /**
   * `HMGET key field [field ...]`
   *
   * Answers the values of fields, null for those that are not there.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hmget<K extends KeyOf<S, 'hash'>, const Xs extends readonly (FieldName<S, K>)[]>(key: K, ...fields: Xs): Read<M, { -readonly [I in keyof Xs]: FieldValue<T, S, K, Xs[I]> | null }>;
  /**
   * `HMGET key field [field ...]`
   *
   * Answers the values of fields, null for those that are not there.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hmget<K extends KeyOf<S, 'hash'>, const Xs extends readonly (FieldName<S, K>)[]>(key: K, fields: Xs): Read<M, { -readonly [I in keyof Xs]: FieldValue<T, S, K, Xs[I]> | null }>;

  /**
   * `HMSET key field value [field value ...]`
   *
   * Sets fields of a hash: HSET does the same and says how many are new.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hmset<K extends KeyOf<S, 'hash'>>(key: K, fields: FieldsFor<S, K>): Write<M, 'OK'>;
  /**
   * `HMSET key field value [field value ...]`
   *
   * Sets fields of a hash: HSET does the same and says how many are new.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hmset<K extends KeyOf<S, 'hash'>>(key: K, ...words: Plain[]): Write<M, 'OK'>;

  /**
   * `HRANDFIELD key [count [WITHVALUES]]`
   *
   * Answers a field by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the fields answered. Since Redis 6.2.0.
   */
  hrandfield<K extends KeyOf<S, 'hash'>>(key: K): Read<M, FieldKey<T, S, K> | null>;
  /**
   * `HRANDFIELD key [count [WITHVALUES]]`
   *
   * Answers a field by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the fields answered. Since Redis 6.2.0.
   */
  hrandfield<K extends KeyOf<S, 'hash'>, WITHVALUES extends boolean = false>(key: K, count: Num, options?: With<HrandfieldOptions, { WITHVALUES?: WITHVALUES }>): Read<M, If<WITHVALUES, [field: FieldKey<T, S, K>, value: FieldValue<T, S, K>][], FieldKey<T, S, K>[]>>;
  /**
   * `HRANDFIELD key [count [WITHVALUES]]`
   *
   * Answers a field by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the fields answered. Since Redis 6.2.0.
   */
  hrandfield<K extends KeyOf<S, 'hash'>, W extends readonly Plain[]>(key: K, count: Num, ...words: W): Read<M, If<Has<W, 'WITHVALUES'>, [field: FieldKey<T, S, K>, value: FieldValue<T, S, K>][], FieldKey<T, S, K>[]>>;

  /**
   * `HSCAN key cursor [MATCH pattern] [COUNT count]`
   *
   * Walks the fields of a hash: field, value, field, value. `db.hscanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  hscan(key: KeyOf<S, 'hash'>, cursor: Num, options?: HscanOptions): Read<M, [cursor: string, fieldsAndValues: T[]]>;
  /**
   * `HSCAN key cursor [MATCH pattern] [COUNT count]`
   *
   * Walks the fields of a hash: field, value, field, value. `db.hscanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  hscan(key: KeyOf<S, 'hash'>, cursor: Num, ...words: Plain[]): Read<M, [cursor: string, fieldsAndValues: T[]]>;

  /**
   * `HSET key field value [field value ...]`
   *
   * Sets fields of a hash, which is made if it is not there. Answers how many are new.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hset<K extends KeyOf<S, 'hash'>>(key: K, fields: FieldsFor<S, K>): Write<M, number>;
  /**
   * `HSET key field value [field value ...]`
   *
   * Sets fields of a hash, which is made if it is not there. Answers how many are new.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hset<K extends KeyOf<S, 'hash'>>(key: K, ...words: Plain[]): Write<M, number>;

  /**
   * `HSETNX key field value`
   *
   * Sets a field if it is not there. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 2.0.0.
   */
  hsetnx<K extends KeyOf<S, 'hash'>, F extends FieldName<S, K>>(key: K, field: F, value: FieldGiven<S, K, F>): Write<M, number>;

  /**
   * `HSTRLEN key field`
   *
   * Answers the length in bytes of the value of a field.
   *
   * O(1). Since Redis 3.2.0.
   */
  hstrlen<K extends KeyOf<S, 'hash'>>(key: K, field: FieldName<S, K>): Read<M, number>;

  /**
   * `HVALS key`
   *
   * Answers the values of all fields.
   *
   * O(N) of the fields. Since Redis 2.0.0.
   */
  hvals<K extends KeyOf<S, 'hash'>>(key: K): Read<M, FieldValue<T, S, K>[]>;

  /**
   * `INCR key`
   *
   * Adds one to a number. A key that is not there counts as 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  incr(key: KeyOf<S, 'text' | 'json'>): Write<M, number>;

  /**
   * `INCRBY key increment`
   *
   * Adds an integer to a number.
   *
   * O(1). Since Redis 1.0.0.
   */
  incrby(key: KeyOf<S, 'text' | 'json'>, increment: Num): Write<M, number>;

  /**
   * `INCRBYFLOAT key increment`
   *
   * Adds to a number. Answers the sum as text.
   *
   * O(1). Since Redis 2.6.0.
   */
  incrbyfloat(key: KeyOf<S, 'text' | 'json'>, increment: Num): Write<M, T>;

  /**
   * `INFO [section [section ...]]`
   *
   * Describes the node, in sections of `name:value` lines.
   *
   * O(1). Since Redis 1.0.0.
   */
  info(...sections: Many<Word>): Read<M, string>;

  /**
   * `JSON.DEL key [path]`
   *
   * Removes what lies at a path of a JSON value, or all of it. Answers how many values were removed.
   *
   * O(N) of the value's size. Not one of Redis's commands.
   */
  jsondel(key: KeyOf<S, 'json'>, path?: Word): Write<M, number>;

  /**
   * `JSON.FORGET key [path]`
   *
   * As JSON.DEL.
   *
   * O(N) of the value's size. Not one of Redis's commands.
   */
  jsonforget(key: KeyOf<S, 'json'>, path?: Word): Write<M, number>;

  /**
   * `JSON.GET key [path [path ...]]`
   *
   * Answers JSON text: of the value, of all that lies at a path, or of an object of paths. `db.get` answers the value itself.
   *
   * O(N) of the value's size. Not one of Redis's commands.
   */
  jsonget(key: KeyOf<S, 'json'>, ...paths: Many<Word>): Read<M, T | null>;

  /**
   * `JSON.MERGE key path value`
   *
   * Merges a patch into a JSON value (RFC 7386). `db.update` does it with a value that is not text.
   *
   * O(N) of the value's size. Not one of Redis's commands.
   */
  jsonmerge(key: KeyOf<S, 'json'>, path: Word, value: Word): Write<M, 'OK' | null>;

  /**
   * `JSON.SET key path value [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`
   *
   * Sets what lies at a path of a JSON value, from JSON text. `db.set` sets a value that is not text.
   *
   * O(N) of the value's size. Not one of Redis's commands.
   */
  jsonset(key: KeyOf<S, 'json'>, path: Word, value: Word, options?: JsonSetOptions): Write<M, 'OK' | null>;
  /**
   * `JSON.SET key path value [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`
   *
   * Sets what lies at a path of a JSON value, from JSON text. `db.set` sets a value that is not text.
   *
   * O(N) of the value's size. Not one of Redis's commands.
   */
  jsonset(key: KeyOf<S, 'json'>, path: Word, value: Word, ...words: Plain[]): Write<M, 'OK' | null>;

  /**
   * `JSON.TYPE key [path]`
   *
   * Answers the JSON type of the value, or of all that lies at a path.
   *
   * O(N) of the values at the path. Not one of Redis's commands.
   */
  jsontype(key: KeyOf<S, 'json'>, path?: Word): Read<M, string | string[] | null>;

  /**
   * `KEYS pattern`
   *
   * Answers all keys that match a pattern. `db.scanIterator` does it in slices.
   *
   * O(N) of all keys. Since Redis 1.0.0.
   */
  keys(pattern: Word): Read<M, T[]>;

  /**
   * `LASTSAVE`
   *
   * Answers when the last snapshot was taken, in Unix seconds.
   *
   * O(1). Since Redis 1.0.0.
   */
  lastsave(): Read<M, number>;

  /**
   * `LATENCY DOCTOR`
   *
   * Describes slow events.
   *
   * O(1). Since Redis 2.8.13.
   */
  latency(subcommand: 'DOCTOR'): Read<M, string>;
  /**
   * `LATENCY GRAPH event`
   *
   * Draws an event's times.
   *
   * O(1). Since Redis 2.8.13.
   */
  latency(subcommand: 'GRAPH', event: Word): Read<M, string>;
  /**
   * `LATENCY HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 2.8.13.
   */
  latency(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `LATENCY HISTOGRAM [command [command ...]]`
   *
   * Answers how long commands took.
   *
   * O(N) of the commands. Since Redis 7.0.0.
   */
  latency(subcommand: 'HISTOGRAM', ...commands: Many<Word>): Read<M, Record<string, Reply>>;
  /**
   * `LATENCY HISTORY event`
   *
   * Answers an event's times.
   *
   * O(1). Since Redis 2.8.13.
   */
  latency(subcommand: 'HISTORY', event: Word): Read<M, [unixTimeSeconds: number, milliseconds: number][]>;
  /**
   * `LATENCY LATEST`
   *
   * Answers each event's last time.
   *
   * O(1). Since Redis 2.8.13.
   */
  latency(subcommand: 'LATEST'): Read<M, Reply[]>;
  /**
   * `LATENCY RESET [event [event ...]]`
   *
   * Forgets events.
   *
   * O(1). Since Redis 2.8.13.
   */
  latency(subcommand: 'RESET', ...events: Many<Word>): Read<M, number>;

  /**
   * `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]`
   *
   * Answers the longest common subsequence of two strings, its length, or where it lies.
   *
   * O(N*M) of the lengths. Since Redis 7.0.0.
   */
  lcs<IDX extends boolean = false, LEN extends boolean = false>(key1: KeyOf<S, 'text'>, key2: KeyOf<S, 'text'>, options?: With<LcsOptions, { IDX?: IDX; LEN?: LEN }>): Read<M, If<IDX, LcsMatches, If<LEN, number, T>>>;
  /**
   * `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]`
   *
   * Answers the longest common subsequence of two strings, its length, or where it lies.
   *
   * O(N*M) of the lengths. Since Redis 7.0.0.
   */
  lcs<W extends readonly Plain[]>(key1: KeyOf<S, 'text'>, key2: KeyOf<S, 'text'>, ...words: W): Read<M, If<Has<W, 'IDX'>, LcsMatches, If<Has<W, 'LEN'>, number, T>>>;

  /**
   * `LINDEX key index`
   *
   * Answers the element at a position; -1 is the last one.
   *
   * O(N) of the elements passed. Since Redis 1.0.0.
   */
  lindex<K extends KeyOf<S, 'list'>>(key: K, index: Num): Read<M, Element<T, S, K> | null>;

  /**
   * `LINSERT key BEFORE | AFTER pivot element`
   *
   * Inserts before or after the first element that is equal. Answers the new length, -1 if there is none, 0 if there is no list.
   *
   * O(N) of the elements passed. Since Redis 2.2.0.
   */
  linsert<K extends KeyOf<S, 'list'>>(key: K, where: 'BEFORE' | 'AFTER', pivot: Item<S, K>, element: Item<S, K>): Write<M, number>;

  /**
   * `LLEN key`
   *
   * Answers the length of a list.
   *
   * O(1). Since Redis 1.0.0.
   */
  llen(key: KeyOf<S, 'list'>): Read<M, number>;

  /**
   * `LMOVE source destination LEFT | RIGHT LEFT | RIGHT`
   *
   * Takes an element off one end of a list and puts it on an end of another.
   *
   * O(1). Since Redis 6.2.0.
   */
  lmove<K extends KeyOf<S, 'list'>>(source: K, destination: K, from: 'LEFT' | 'RIGHT', to: 'LEFT' | 'RIGHT'): Write<M, Element<T, S, K> | null>;

  /**
   * `LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count]`
   *
   * Takes elements off the first of several lists that has any.
   *
   * O(N) of the elements answered. Since Redis 7.0.0.
   */
  lmpop<K extends KeyOf<S, 'list'>>(keys: readonly K[], from: 'LEFT' | 'RIGHT', options?: LmpopOptions): Write<M, [key: T, elements: Element<T, S, K>[]] | null>;
  /**
   * `LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count]`
   *
   * Takes elements off the first of several lists that has any.
   *
   * O(N) of the elements answered. Since Redis 7.0.0.
   */
  lmpop<K extends KeyOf<S, 'list'>>(numkeys: Num, ...words: Plain[]): Write<M, [key: T, elements: Element<T, S, K>[]] | null>;

  /**
   * `LOLWUT [VERSION version]`
   *
   * Answers the version.
   *
   * O(1). Since Redis 5.0.0.
   */
  lolwut(options?: LolwutOptions): Read<M, string>;
  /**
   * `LOLWUT [VERSION version]`
   *
   * Answers the version.
   *
   * O(1). Since Redis 5.0.0.
   */
  lolwut(...words: Plain[]): Read<M, string>;

  /**
   * `LPOP key [count]`
   *
   * Takes the first element off a list, or several.
   *
   * O(N) of the elements answered. Since Redis 1.0.0.
   */
  lpop<K extends KeyOf<S, 'list'>>(key: K): Write<M, Element<T, S, K> | null>;
  /**
   * `LPOP key [count]`
   *
   * Takes the first element off a list, or several.
   *
   * O(N) of the elements answered. Since Redis 1.0.0.
   */
  lpop<K extends KeyOf<S, 'list'>>(key: K, count: Num): Write<M, Element<T, S, K>[] | null>;

  /**
   * `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`
   *
   * Answers where an element stands, or with COUNT all its places (0: all there are).
   *
   * O(N) of the elements passed. Since Redis 6.0.6.
   */
  lpos<K extends KeyOf<S, 'list'>, COUNT extends number | false = false>(key: K, element: Item<S, K>, options?: With<LposOptions, { COUNT?: COUNT }>): Read<M, If<COUNT, number[], number | null>>;
  /**
   * `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`
   *
   * Answers where an element stands, or with COUNT all its places (0: all there are).
   *
   * O(N) of the elements passed. Since Redis 6.0.6.
   */
  lpos<K extends KeyOf<S, 'list'>, W extends readonly Plain[]>(key: K, element: Item<S, K>, ...words: W): Read<M, If<Has<W, 'COUNT'>, number[], number | null>>;

  /**
   * `LPUSH key element [element ...]`
   *
   * Puts elements before a list, one after the other. Answers the new length.
   *
   * O(N) of the elements. Since Redis 1.0.0.
   */
  lpush<K extends KeyOf<S, 'list'>>(key: K, ...elements: Many<Item<S, K>>): Write<M, number>;

  /**
   * `LPUSHX key element [element ...]`
   *
   * As LPUSH, if the list is there.
   *
   * O(N) of the elements. Since Redis 2.2.0.
   */
  lpushx<K extends KeyOf<S, 'list'>>(key: K, ...elements: Many<Item<S, K>>): Write<M, number>;

  /**
   * `LRANGE key start stop`
   *
   * Answers elements by first and last position; -1 is the last one.
   *
   * O(N) of the elements passed and answered. Since Redis 1.0.0.
   */
  lrange<K extends KeyOf<S, 'list'>>(key: K, start: Num, stop: Num): Read<M, Element<T, S, K>[]>;

  /**
   * `LREM key count element`
   *
   * Removes elements that are equal: so many from the front, from the back (negative), or all (0). Answers how many.
   *
   * O(N) of the list. Since Redis 1.0.0.
   */
  lrem<K extends KeyOf<S, 'list'>>(key: K, count: Num, element: Item<S, K>): Write<M, number>;

  /**
   * `LSET key index element`
   *
   * Sets the element at a position.
   *
   * O(N) of the elements passed. Since Redis 1.0.0.
   */
  lset<K extends KeyOf<S, 'list'>>(key: K, index: Num, element: Item<S, K>): Write<M, 'OK'>;

  /**
   * `LTRIM key start stop`
   *
   * Removes all elements but those from first to last position.
   *
   * O(N) of the elements removed. Since Redis 1.0.0.
   */
  ltrim(key: KeyOf<S, 'list'>, start: Num, stop: Num): Write<M, 'OK'>;

  /**
   * `MEMORY DOCTOR`
   *
   * Says whether anything is wrong with memory.
   *
   * O(1). Since Redis 4.0.0.
   */
  memory(subcommand: 'DOCTOR'): Read<M, string>;
  /**
   * `MEMORY HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 4.0.0.
   */
  memory(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `MEMORY MALLOC-STATS`
   *
   * Accepted for compatibility.
   *
   * O(1). Since Redis 4.0.0.
   */
  memory(subcommand: 'MALLOC-STATS'): Read<M, string>;
  /**
   * `MEMORY PURGE`
   *
   * Accepted for compatibility.
   *
   * O(1). Since Redis 4.0.0.
   */
  memory(subcommand: 'PURGE'): Read<M, 'OK'>;
  /**
   * `MEMORY STATS`
   *
   * Answers what memory is used for.
   *
   * O(1). Since Redis 4.0.0.
   */
  memory(subcommand: 'STATS'): Read<M, Record<string, Reply>>;
  /**
   * `MEMORY USAGE key [SAMPLES count]`
   *
   * Answers how many bytes a key takes.
   *
   * O(N) of the samples. Since Redis 4.0.0.
   */
  memory(subcommand: 'USAGE', key: KeyOf<S>, options?: MemoryUsageOptions): Read<M, number | null>;
  /**
   * `MEMORY USAGE key [SAMPLES count]`
   *
   * Answers how many bytes a key takes.
   *
   * O(N) of the samples. Since Redis 4.0.0.
   */
  memory(subcommand: 'USAGE', key: KeyOf<S>, ...words: Plain[]): Read<M, number | null>;

  /**
   * `MGET key [key ...]`
   *
   * Answers strings, null where there is none. `db.getMany` answers JSON values too.
   *
   * O(N) of the keys. Since Redis 1.0.0.
   */
  mget<const Xs extends readonly (KeyOf<S, 'text' | 'json'>)[]>(...keys: Xs): Read<M, { -readonly [I in keyof Xs]: T | null }>;
  /**
   * `MGET key [key ...]`
   *
   * Answers strings, null where there is none. `db.getMany` answers JSON values too.
   *
   * O(N) of the keys. Since Redis 1.0.0.
   */
  mget<const Xs extends readonly (KeyOf<S, 'text' | 'json'>)[]>(keys: Xs): Read<M, { -readonly [I in keyof Xs]: T | null }>;

  /**
   * `MOVE key db`
   *
   * Moves a key to another database.
   *
   * O(1). Since Redis 1.0.0.
   */
  move(key: KeyOf<S>, db: Num): Write<M, number>;

  /**
   * `MSET key value [key value ...]`
   *
   * Sets several strings at once.
   *
   * O(N) of the keys. Since Redis 1.0.1.
   */
  mset(values: Strings<S>): Write<M, 'OK'>;
  /**
   * `MSET key value [key value ...]`
   *
   * Sets several strings at once.
   *
   * O(N) of the keys. Since Redis 1.0.1.
   */
  mset(...words: Plain[]): Write<M, 'OK'>;

  /**
   * `MSETNX key value [key value ...]`
   *
   * Sets several strings if none of the keys is there. Answers 1 where it did, else 0.
   *
   * O(N) of the keys. Since Redis 1.0.1.
   */
  msetnx(values: Strings<S>): Write<M, number>;
  /**
   * `MSETNX key value [key value ...]`
   *
   * Sets several strings if none of the keys is there. Answers 1 where it did, else 0.
   *
   * O(N) of the keys. Since Redis 1.0.1.
   */
  msetnx(...words: Plain[]): Write<M, number>;

  /**
   * `OBJECT ENCODING key`
   *
   * Answers how a value is stored.
   *
   * O(1). Since Redis 2.2.3.
   */
  object(subcommand: 'ENCODING', key: KeyOf<S>): Read<M, string | null>;
  /**
   * `OBJECT FREQ key`
   *
   * Answers how often a key is used, under an LFU policy.
   *
   * O(1). Since Redis 4.0.0.
   */
  object(subcommand: 'FREQ', key: KeyOf<S>): Read<M, number | null>;
  /**
   * `OBJECT HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 6.2.0.
   */
  object(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `OBJECT IDLETIME key`
   *
   * Answers the seconds since a key was used.
   *
   * O(1). Since Redis 2.2.3.
   */
  object(subcommand: 'IDLETIME', key: KeyOf<S>): Read<M, number | null>;
  /**
   * `OBJECT REFCOUNT key`
   *
   * Accepted for compatibility.
   *
   * O(1). Since Redis 2.2.3.
   */
  object(subcommand: 'REFCOUNT', key: KeyOf<S>): Read<M, number | null>;

  /**
   * `PERSIST key`
   *
   * Takes a key's time to live away. Answers 1 where it had one, else 0.
   *
   * O(1). Since Redis 2.2.0.
   */
  persist(key: KeyOf<S>): Write<M, number>;

  /**
   * `PEXPIRE key milliseconds [NX | XX | GT | LT]`
   *
   * Gives a key a time to live in milliseconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 2.6.0.
   */
  pexpire(key: KeyOf<S>, milliseconds: Num, options?: PexpireOptions): Write<M, number>;
  /**
   * `PEXPIRE key milliseconds [NX | XX | GT | LT]`
   *
   * Gives a key a time to live in milliseconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 2.6.0.
   */
  pexpire(key: KeyOf<S>, milliseconds: Num, ...words: Plain[]): Write<M, number>;

  /**
   * `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`
   *
   * Lets a key end at a time, in Unix milliseconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 2.6.0.
   */
  pexpireat(key: KeyOf<S>, unixTimeMilliseconds: Num | Date, options?: PexpireatOptions): Write<M, number>;
  /**
   * `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`
   *
   * Lets a key end at a time, in Unix milliseconds. Answers 1 where it was set, else 0.
   *
   * O(1). Since Redis 2.6.0.
   */
  pexpireat(key: KeyOf<S>, unixTimeMilliseconds: Num | Date, ...words: Plain[]): Write<M, number>;

  /**
   * `PEXPIRETIME key`
   *
   * Answers when a key ends, in Unix milliseconds: -1 for never, -2 if it is not there.
   *
   * O(1). Since Redis 7.0.0.
   */
  pexpiretime(key: KeyOf<S>): Read<M, number>;

  /**
   * `PING [message]`
   *
   * Answers PONG, or the message.
   *
   * O(1). Since Redis 1.0.0.
   */
  ping(message?: Word): Read<M, string>;

  /**
   * `PSETEX key milliseconds value`
   *
   * Sets a string with a time to live in milliseconds.
   *
   * O(1). Since Redis 2.6.0.
   */
  psetex(key: KeyOf<S, 'text'>, milliseconds: Num, value: Word): Write<M, 'OK'>;

  /**
   * `PSYNC replicationid offset`
   *
   * Speaks Redis's replication, to `kilat serve`.
   *
   * O(1). Since Redis 2.8.0.
   */
  psync(replicationid: Word, offset: Num): Read<M, Reply>;

  /**
   * `PTTL key`
   *
   * Answers a key's time to live in milliseconds: -1 for none, -2 if it is not there.
   *
   * O(1). Since Redis 2.6.0.
   */
  pttl(key: KeyOf<S>): Read<M, number>;

  /**
   * `PUBLISH channel message`
   *
   * Sends a message to all tabs. Answers how many heard it here.
   *
   * O(N) of the listeners. Since Redis 2.0.0.
   */
  publish(channel: Word, message: Word): Write<M, number>;

  /**
   * `PUBSUB CHANNELS [pattern]`
   *
   * Lists channels that somebody hears.
   *
   * O(N) of the channels. Since Redis 2.8.0.
   */
  pubsub(subcommand: 'CHANNELS', pattern?: Word): Read<M, string[]>;
  /**
   * `PUBSUB HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 6.2.0.
   */
  pubsub(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `PUBSUB NUMPAT`
   *
   * Answers how many patterns are listened to.
   *
   * O(1). Since Redis 2.8.0.
   */
  pubsub(subcommand: 'NUMPAT'): Read<M, number>;
  /**
   * `PUBSUB NUMSUB [channel [channel ...]]`
   *
   * Answers how many hear each channel: channel, count, channel, count.
   *
   * O(N) of the channels. Since Redis 2.8.0.
   */
  pubsub(subcommand: 'NUMSUB', ...channels: Many<Word>): Read<M, (string | number)[]>;
  /**
   * `PUBSUB SHARDCHANNELS [pattern]`
   *
   * As PUBSUB CHANNELS, of shard channels.
   *
   * O(N) of the channels. Since Redis 7.0.0.
   */
  pubsub(subcommand: 'SHARDCHANNELS', pattern?: Word): Read<M, string[]>;
  /**
   * `PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]`
   *
   * As PUBSUB NUMSUB, of shard channels.
   *
   * O(N) of the channels. Since Redis 7.0.0.
   */
  pubsub(subcommand: 'SHARDNUMSUB', ...shardchannels: Many<Word>): Read<M, (string | number)[]>;

  /**
   * `RANDOMKEY`
   *
   * Answers a key by chance.
   *
   * O(1). Since Redis 1.0.0.
   */
  randomkey(): Read<M, T | null>;

  /**
   * `RENAME key newkey`
   *
   * Renames a key, over one that may be there.
   *
   * O(1). Since Redis 1.0.0.
   */
  rename(key: KeyOf<S>, newkey: KeyOf<S>): Write<M, 'OK'>;

  /**
   * `RENAMENX key newkey`
   *
   * Renames a key if the new name is free. Answers 1 where it did, else 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  renamenx(key: KeyOf<S>, newkey: KeyOf<S>): Write<M, number>;

  /**
   * `REPLCONF`
   *
   * Speaks Redis's replication, to `kilat serve`.
   *
   * O(1). Since Redis 3.0.0.
   */
  replconf(): Read<M, Reply>;

  /**
   * `REPLICAOF host port`
   *
   * `NO ONE` is accepted; tabs find their leader by themselves.
   *
   * O(1). Since Redis 5.0.0.
   */
  replicaof(host: Word, port: Num): Read<M, 'OK'>;

  /**
   * `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`
   *
   * Makes a key of what DUMP has answered. A ttl of 0: none.
   *
   * O(N) of the value's size. Since Redis 2.6.0.
   */
  restore(key: KeyOf<S>, ttl: Num, serializedValue: Word, options?: RestoreOptions): Write<M, 'OK'>;
  /**
   * `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`
   *
   * Makes a key of what DUMP has answered. A ttl of 0: none.
   *
   * O(N) of the value's size. Since Redis 2.6.0.
   */
  restore(key: KeyOf<S>, ttl: Num, serializedValue: Word, ...words: Plain[]): Write<M, 'OK'>;

  /**
   * `ROLE`
   *
   * Answers whether this node leads.
   *
   * O(1). Since Redis 2.8.12.
   */
  role(): Read<M, Reply[]>;

  /**
   * `RPOP key [count]`
   *
   * Takes the last element off a list, or several.
   *
   * O(N) of the elements answered. Since Redis 1.0.0.
   */
  rpop<K extends KeyOf<S, 'list'>>(key: K): Write<M, Element<T, S, K> | null>;
  /**
   * `RPOP key [count]`
   *
   * Takes the last element off a list, or several.
   *
   * O(N) of the elements answered. Since Redis 1.0.0.
   */
  rpop<K extends KeyOf<S, 'list'>>(key: K, count: Num): Write<M, Element<T, S, K>[] | null>;

  /**
   * `RPOPLPUSH source destination`
   *
   * Takes the last element off a list and puts it before another: LMOVE RIGHT LEFT.
   *
   * O(1). Since Redis 1.2.0.
   */
  rpoplpush<K extends KeyOf<S, 'list'>>(source: K, destination: K): Write<M, Element<T, S, K> | null>;

  /**
   * `RPUSH key element [element ...]`
   *
   * Puts elements behind a list. Answers the new length.
   *
   * O(N) of the elements. Since Redis 1.0.0.
   */
  rpush<K extends KeyOf<S, 'list'>>(key: K, ...elements: Many<Item<S, K>>): Write<M, number>;

  /**
   * `RPUSHX key element [element ...]`
   *
   * As RPUSH, if the list is there.
   *
   * O(N) of the elements. Since Redis 2.2.0.
   */
  rpushx<K extends KeyOf<S, 'list'>>(key: K, ...elements: Many<Item<S, K>>): Write<M, number>;

  /**
   * `SADD key member [member ...]`
   *
   * Adds members to a set. Answers how many are new.
   *
   * O(N) of the members. Since Redis 1.0.0.
   */
  sadd<K extends KeyOf<S, 'set'>>(key: K, ...members: Many<Item<S, K>>): Write<M, number>;

  /**
   * `SAVE`
   *
   * Takes a snapshot and answers when it is stored.
   *
   * O(N) of all data, in slices. Since Redis 1.0.0.
   */
  save(): Write<M, 'OK'>;

  /**
   * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`
   *
   * Walks the keys: go on with the cursor until it is "0". `db.scanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  scan(cursor: Num, options?: ScanOptions): Read<M, [cursor: string, keys: T[]]>;
  /**
   * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`
   *
   * Walks the keys: go on with the cursor until it is "0". `db.scanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  scan(cursor: Num, ...words: Plain[]): Read<M, [cursor: string, keys: T[]]>;

  /**
   * `SCARD key`
   *
   * Answers how many members a set has.
   *
   * O(1). Since Redis 1.0.0.
   */
  scard(key: KeyOf<S, 'set'>): Read<M, number>;

  /**
   * `SDIFF key [key ...]`
   *
   * Answers the members of the first set that are in none of the others.
   *
   * O(N) of all members. Since Redis 1.0.0.
   */
  sdiff<K extends KeyOf<S, 'set'>>(...keys: Many<K>): Read<M, Element<T, S, K>[]>;

  /**
   * `SDIFFSTORE destination key [key ...]`
   *
   * As SDIFF, stored as a set. Answers its size.
   *
   * O(N) of all members. Since Redis 1.0.0.
   */
  sdiffstore(destination: KeyOf<S, 'set'>, ...keys: Many<KeyOf<S, 'set'>>): Write<M, number>;

  /**
   * `SETEX key seconds value`
   *
   * Sets a string with a time to live in seconds.
   *
   * O(1). Since Redis 2.0.0.
   */
  setex(key: KeyOf<S, 'text'>, seconds: Num, value: Word): Write<M, 'OK'>;

  /**
   * `SETNX key value`
   *
   * Sets a string if the key is not there. Answers 1 where it did, else 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  setnx(key: KeyOf<S, 'text'>, value: Word): Write<M, number>;

  /**
   * `SETRANGE key offset value`
   *
   * Overwrites a part of a string from a byte on, with zeros in a gap. Answers the new length.
   *
   * O(N) of the value's length. Since Redis 2.2.0.
   */
  setrange(key: KeyOf<S, 'text'>, offset: Num, value: Word): Write<M, number>;

  /**
   * `SINTER key [key ...]`
   *
   * Answers the members that are in all sets.
   *
   * O(N*M) of the smallest set and the number of sets. Since Redis 1.0.0.
   */
  sinter<K extends KeyOf<S, 'set'>>(...keys: Many<K>): Read<M, Element<T, S, K>[]>;

  /**
   * `SINTERCARD numkeys key [key ...] [LIMIT limit]`
   *
   * Answers how many members are in all sets, and stops counting at LIMIT.
   *
   * O(N*M) of the smallest set and the number of sets. Since Redis 7.0.0.
   */
  sintercard(keys: readonly KeyOf<S, 'set'>[], options?: SintercardOptions): Read<M, number>;
  /**
   * `SINTERCARD numkeys key [key ...] [LIMIT limit]`
   *
   * Answers how many members are in all sets, and stops counting at LIMIT.
   *
   * O(N*M) of the smallest set and the number of sets. Since Redis 7.0.0.
   */
  sintercard(numkeys: Num, ...words: Plain[]): Read<M, number>;

  /**
   * `SINTERSTORE destination key [key ...]`
   *
   * As SINTER, stored as a set. Answers its size.
   *
   * O(N*M) of the smallest set and the number of sets. Since Redis 1.0.0.
   */
  sinterstore(destination: KeyOf<S, 'set'>, ...keys: Many<KeyOf<S, 'set'>>): Write<M, number>;

  /**
   * `SISMEMBER key member`
   *
   * Answers 1 if it is a member, else 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  sismember<K extends KeyOf<S, 'set'>>(key: K, member: Item<S, K>): Read<M, number>;

  /**
   * `SLAVEOF host port`
   *
   * As REPLICAOF.
   *
   * O(1). Since Redis 1.0.0.
   */
  slaveof(host: Word, port: Num): Read<M, 'OK'>;

  /**
   * `SLOWLOG GET [count]`
   *
   * Answers the calls that took longest lately.
   *
   * O(N) of the entries. Since Redis 2.2.12.
   */
  slowlog(subcommand: 'GET', count?: Num): Read<M, Reply[]>;
  /**
   * `SLOWLOG HELP`
   *
   * Lists the subcommands.
   *
   * O(1). Since Redis 6.2.0.
   */
  slowlog(subcommand: 'HELP'): Read<M, string[]>;
  /**
   * `SLOWLOG LEN`
   *
   * Answers how many slow calls are kept.
   *
   * O(1). Since Redis 2.2.12.
   */
  slowlog(subcommand: 'LEN'): Read<M, number>;
  /**
   * `SLOWLOG RESET`
   *
   * Forgets the slow calls.
   *
   * O(N) of the entries. Since Redis 2.2.12.
   */
  slowlog(subcommand: 'RESET'): Read<M, 'OK'>;

  /**
   * `SMEMBERS key`
   *
   * Answers all members of a set.
   *
   * O(N) of the members. Since Redis 1.0.0.
   */
  smembers<K extends KeyOf<S, 'set'>>(key: K): Read<M, Element<T, S, K>[]>;

  /**
   * `SMISMEMBER key member [member ...]`
   *
   * Answers 1 or 0 for each.
   *
   * O(N) of the members. Since Redis 6.2.0.
   */
  smismember<K extends KeyOf<S, 'set'>, const Xs extends readonly (Item<S, K>)[]>(key: K, ...members: Xs): Read<M, { -readonly [I in keyof Xs]: number }>;
  /**
   * `SMISMEMBER key member [member ...]`
   *
   * Answers 1 or 0 for each.
   *
   * O(N) of the members. Since Redis 6.2.0.
   */
  smismember<K extends KeyOf<S, 'set'>, const Xs extends readonly (Item<S, K>)[]>(key: K, members: Xs): Read<M, { -readonly [I in keyof Xs]: number }>;

  /**
   * `SMOVE source destination member`
   *
   * Moves a member from one set to another. Answers 1 where it was there, else 0.
   *
   * O(1). Since Redis 1.0.0.
   */
  smove<K extends KeyOf<S, 'set'>>(source: K, destination: K, member: Item<S, K>): Write<M, number>;

  /**
   * `SORT key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]`
   *
   * Answers the elements of a list, set or sorted set in order, by themselves or by other keys, or stores them as a list.
   *
   * O(N+M*log(M)) of all elements and those answered. Since Redis 1.0.0.
   */
  sort<STORE extends Key | false = false>(key: KeyOf<S, 'list' | 'set' | 'zset'>, options?: With<SortOptions, { STORE?: STORE }>): Write<M, If<STORE, number, (T | null)[]>>;
  /**
   * `SORT key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]`
   *
   * Answers the elements of a list, set or sorted set in order, by themselves or by other keys, or stores them as a list.
   *
   * O(N+M*log(M)) of all elements and those answered. Since Redis 1.0.0.
   */
  sort<W extends readonly Plain[]>(key: KeyOf<S, 'list' | 'set' | 'zset'>, ...words: W): Write<M, If<Has<W, 'STORE'>, number, (T | null)[]>>;

  /**
   * `SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]`
   *
   * As SORT, without STORE: it reads in every tab.
   *
   * O(N+M*log(M)) of all elements and those answered. Since Redis 7.0.0.
   */
  sort_ro(key: KeyOf<S, 'list' | 'set' | 'zset'>, options?: SortRoOptions): Read<M, (T | null)[]>;
  /**
   * `SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]`
   *
   * As SORT, without STORE: it reads in every tab.
   *
   * O(N+M*log(M)) of all elements and those answered. Since Redis 7.0.0.
   */
  sort_ro(key: KeyOf<S, 'list' | 'set' | 'zset'>, ...words: Plain[]): Read<M, (T | null)[]>;

  /**
   * `SPOP key [count]`
   *
   * Takes a member by chance, or several.
   *
   * O(N) of the members answered. Since Redis 1.0.0.
   */
  spop<K extends KeyOf<S, 'set'>>(key: K): Write<M, Element<T, S, K> | null>;
  /**
   * `SPOP key [count]`
   *
   * Takes a member by chance, or several.
   *
   * O(N) of the members answered. Since Redis 1.0.0.
   */
  spop<K extends KeyOf<S, 'set'>>(key: K, count: Num): Write<M, Element<T, S, K>[]>;

  /**
   * `SPUBLISH shardchannel message`
   *
   * Sends a message to a shard channel.
   *
   * O(N) of the listeners. Since Redis 7.0.0.
   */
  spublish(shardchannel: Word, message: Word): Write<M, number>;

  /**
   * `SRANDMEMBER key [count]`
   *
   * Answers a member by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the members answered. Since Redis 1.0.0.
   */
  srandmember<K extends KeyOf<S, 'set'>>(key: K): Read<M, Element<T, S, K> | null>;
  /**
   * `SRANDMEMBER key [count]`
   *
   * Answers a member by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the members answered. Since Redis 1.0.0.
   */
  srandmember<K extends KeyOf<S, 'set'>>(key: K, count: Num): Read<M, Element<T, S, K>[]>;

  /**
   * `SREM key member [member ...]`
   *
   * Removes members of a set. Answers how many were there.
   *
   * O(N) of the members. Since Redis 1.0.0.
   */
  srem<K extends KeyOf<S, 'set'>>(key: K, ...members: Many<Item<S, K>>): Write<M, number>;

  /**
   * `SSCAN key cursor [MATCH pattern] [COUNT count]`
   *
   * Walks the members of a set. `db.sscanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  sscan<K extends KeyOf<S, 'set'>>(key: K, cursor: Num, options?: SscanOptions): Read<M, [cursor: string, members: Element<T, S, K>[]]>;
  /**
   * `SSCAN key cursor [MATCH pattern] [COUNT count]`
   *
   * Walks the members of a set. `db.sscanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  sscan<K extends KeyOf<S, 'set'>>(key: K, cursor: Num, ...words: Plain[]): Read<M, [cursor: string, members: Element<T, S, K>[]]>;

  /**
   * `STRLEN key`
   *
   * Answers the length of a string in bytes.
   *
   * O(1). Since Redis 2.2.0.
   */
  strlen(key: KeyOf<S, 'text'>): Read<M, number>;

  /**
   * `SUBSTR key start end`
   *
   * As GETRANGE.
   *
   * O(N) of the bytes answered. Since Redis 1.0.0.
   */
  substr(key: KeyOf<S, 'text'>, start: Num, end: Num): Read<M, T>;

  /**
   * `SUNION key [key ...]`
   *
   * Answers the members that are in any of the sets.
   *
   * O(N) of all members. Since Redis 1.0.0.
   */
  sunion<K extends KeyOf<S, 'set'>>(...keys: Many<K>): Read<M, Element<T, S, K>[]>;

  /**
   * `SUNIONSTORE destination key [key ...]`
   *
   * As SUNION, stored as a set. Answers its size.
   *
   * O(N) of all members. Since Redis 1.0.0.
   */
  sunionstore(destination: KeyOf<S, 'set'>, ...keys: Many<KeyOf<S, 'set'>>): Write<M, number>;

  /**
   * `SWAPDB index1 index2`
   *
   * Exchanges two databases.
   *
   * O(1). Since Redis 4.0.0.
   */
  swapdb(index1: Num, index2: Num): Write<M, 'OK'>;

  /**
   * `SYNC`
   *
   * Speaks Redis's replication, to `kilat serve`.
   *
   * O(1). Since Redis 1.0.0.
   */
  sync(): Read<M, Reply>;

  /**
   * `TIME`
   *
   * Answers the time: Unix seconds, and microseconds.
   *
   * O(1). Since Redis 2.6.0.
   */
  time(): Read<M, [seconds: string, microseconds: string]>;

  /**
   * `TOUCH key [key ...]`
   *
   * Marks keys as used. Answers how many are there.
   *
   * O(N) of the keys. Since Redis 3.2.1.
   */
  touch(...keys: Many<KeyOf<S>>): Read<M, number>;

  /**
   * `TTL key`
   *
   * Answers a key's time to live in seconds: -1 for none, -2 if it is not there.
   *
   * O(1). Since Redis 1.0.0.
   */
  ttl(key: KeyOf<S>): Read<M, number>;

  /**
   * `TYPE key`
   *
   * Answers what a key holds.
   *
   * O(1). Since Redis 1.0.0.
   */
  type(key: KeyOf<S>): Read<M, KeyType>;

  /**
   * `UNLINK key [key ...]`
   *
   * Removes keys, and frees large values later, in slices. Answers how many were there.
   *
   * O(N) of the keys. Since Redis 4.0.0.
   */
  unlink(...keys: Many<KeyOf<S>>): Write<M, number>;

  /**
   * `WAIT numreplicas timeout`
   *
   * Waits until so many other tabs have what was written, and answers how many have it: on the leader alone. What is acknowledged is stored without it.
   *
   * O(1). Since Redis 3.0.0.
   */
  wait(numreplicas: Num, timeout: Num): Write<M, number>;

  /**
   * `WAITAOF numlocal numreplicas timeout`
   *
   * Waits until what was written would outlive the machine too, and answers whether it would (1 or 0) and how many other tabs have it: on the leader alone.
   *
   * O(1). Since Redis 7.2.0.
   */
  waitaof(numlocal: Num, numreplicas: Num, timeout: Num): Write<M, number[]>;

  /**
   * `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`
   *
   * Adds members with their scores, or changes the scores of those that are there. Answers how many are new, with CH how many are new or changed, with INCR the new score.
   *
   * O(log(N)) for each member. Since Redis 1.2.0.
   */
  zadd<K extends KeyOf<S, 'zset'>, INCR extends boolean = false>(key: K, options: With<ZaddOptions, { INCR?: INCR }>, ...members: (readonly [score: Num, member: Item<S, K>])[]): Write<M, If<INCR, number | null, number>>;
  /**
   * `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`
   *
   * Adds members with their scores, or changes the scores of those that are there. Answers how many are new, with CH how many are new or changed, with INCR the new score.
   *
   * O(log(N)) for each member. Since Redis 1.2.0.
   */
  zadd<K extends KeyOf<S, 'zset'>>(key: K, ...members: (readonly [score: Num, member: Item<S, K>])[]): Write<M, number>;
  /**
   * `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`
   *
   * Adds members with their scores, or changes the scores of those that are there. Answers how many are new, with CH how many are new or changed, with INCR the new score.
   *
   * O(log(N)) for each member. Since Redis 1.2.0.
   */
  zadd<K extends KeyOf<S, 'zset'>, W extends readonly Plain[]>(key: K, ...words: W): Write<M, If<Has<W, 'INCR'>, number | null, number>>;

  /**
   * `ZCARD key`
   *
   * Answers how many members a sorted set has.
   *
   * O(1). Since Redis 1.2.0.
   */
  zcard(key: KeyOf<S, 'zset'>): Read<M, number>;

  /**
   * `ZCOUNT key min max`
   *
   * Answers how many members have scores from min to max; `(1` leaves 1 out.
   *
   * O(log(N)). Since Redis 2.0.0.
   */
  zcount(key: KeyOf<S, 'zset'>, min: Num, max: Num): Read<M, number>;

  /**
   * `ZDIFF numkeys key [key ...] [WITHSCORES]`
   *
   * Answers the members of the first set that are in none of the others.
   *
   * O(N*log(N)) of all members. Since Redis 6.2.0.
   */
  zdiff<K extends KeyOf<S, 'zset' | 'set'>, WITHSCORES extends boolean = false>(keys: readonly K[], options?: With<ZdiffOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZDIFF numkeys key [key ...] [WITHSCORES]`
   *
   * Answers the members of the first set that are in none of the others.
   *
   * O(N*log(N)) of all members. Since Redis 6.2.0.
   */
  zdiff<K extends KeyOf<S, 'zset' | 'set'>, W extends readonly Plain[]>(numkeys: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZDIFFSTORE destination numkeys key [key ...]`
   *
   * As ZDIFF, stored as a sorted set. Answers its size.
   *
   * O(N*log(N)) of all members. Since Redis 6.2.0.
   */
  zdiffstore(destination: KeyOf<S, 'zset'>, keys: readonly KeyOf<S, 'zset' | 'set'>[]): Write<M, number>;
  /**
   * `ZDIFFSTORE destination numkeys key [key ...]`
   *
   * As ZDIFF, stored as a sorted set. Answers its size.
   *
   * O(N*log(N)) of all members. Since Redis 6.2.0.
   */
  zdiffstore(destination: KeyOf<S, 'zset'>, numkeys: Num, ...words: Plain[]): Write<M, number>;

  /**
   * `ZINCRBY key increment member`
   *
   * Adds to a member's score. Answers the new score.
   *
   * O(log(N)). Since Redis 1.2.0.
   */
  zincrby<K extends KeyOf<S, 'zset'>>(key: K, increment: Num, member: Item<S, K>): Write<M, number>;

  /**
   * `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]`
   *
   * Answers the members that are in all sets, with their scores combined.
   *
   * O(N*K+M*log(M)) of the smallest set, the sets, and the result. Since Redis 6.2.0.
   */
  zinter<K extends KeyOf<S, 'zset' | 'set'>, WITHSCORES extends boolean = false>(keys: readonly K[], options?: With<ZinterOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]`
   *
   * Answers the members that are in all sets, with their scores combined.
   *
   * O(N*K+M*log(M)) of the smallest set, the sets, and the result. Since Redis 6.2.0.
   */
  zinter<K extends KeyOf<S, 'zset' | 'set'>, W extends readonly Plain[]>(numkeys: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZINTERCARD numkeys key [key ...] [LIMIT limit]`
   *
   * Answers how many members are in all sets, and stops counting at LIMIT.
   *
   * O(N*K) of the smallest set and the number of sets. Since Redis 7.0.0.
   */
  zintercard(keys: readonly KeyOf<S, 'zset' | 'set'>[], options?: ZintercardOptions): Read<M, number>;
  /**
   * `ZINTERCARD numkeys key [key ...] [LIMIT limit]`
   *
   * Answers how many members are in all sets, and stops counting at LIMIT.
   *
   * O(N*K) of the smallest set and the number of sets. Since Redis 7.0.0.
   */
  zintercard(numkeys: Num, ...words: Plain[]): Read<M, number>;

  /**
   * `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]`
   *
   * As ZINTER, stored as a sorted set. Answers its size.
   *
   * O(N*K+M*log(M)) of the smallest set, the sets, and the result. Since Redis 2.0.0.
   */
  zinterstore(destination: KeyOf<S, 'zset'>, keys: readonly KeyOf<S, 'zset' | 'set'>[], options?: ZinterstoreOptions): Write<M, number>;
  /**
   * `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]`
   *
   * As ZINTER, stored as a sorted set. Answers its size.
   *
   * O(N*K+M*log(M)) of the smallest set, the sets, and the result. Since Redis 2.0.0.
   */
  zinterstore(destination: KeyOf<S, 'zset'>, numkeys: Num, ...words: Plain[]): Write<M, number>;

  /**
   * `ZLEXCOUNT key min max`
   *
   * Answers how many members of equal score lie between two texts: `[a`, `(b`, `-`, `+`.
   *
   * O(log(N)). Since Redis 2.8.9.
   */
  zlexcount(key: KeyOf<S, 'zset'>, min: Num, max: Num): Read<M, number>;

  /**
   * `ZMPOP numkeys key [key ...] MIN | MAX [COUNT count]`
   *
   * Takes the least or the greatest members off the first of several sorted sets that has any.
   *
   * O(K+M*log(N)) of the sets and the members answered. Since Redis 7.0.0.
   */
  zmpop<K extends KeyOf<S, 'zset'>>(keys: readonly K[], from: 'MIN' | 'MAX', options?: ZmpopOptions): Write<M, [key: T, members: [member: Element<T, S, K>, score: number][]] | null>;
  /**
   * `ZMPOP numkeys key [key ...] MIN | MAX [COUNT count]`
   *
   * Takes the least or the greatest members off the first of several sorted sets that has any.
   *
   * O(K+M*log(N)) of the sets and the members answered. Since Redis 7.0.0.
   */
  zmpop<K extends KeyOf<S, 'zset'>>(numkeys: Num, ...words: Plain[]): Write<M, [key: T, members: [member: Element<T, S, K>, score: number][]] | null>;

  /**
   * `ZMSCORE key member [member ...]`
   *
   * Answers the scores of members, null for those that are not there.
   *
   * O(N) of the members. Since Redis 6.2.0.
   */
  zmscore<K extends KeyOf<S, 'zset'>, const Xs extends readonly (Item<S, K>)[]>(key: K, ...members: Xs): Read<M, { -readonly [I in keyof Xs]: number | null }>;
  /**
   * `ZMSCORE key member [member ...]`
   *
   * Answers the scores of members, null for those that are not there.
   *
   * O(N) of the members. Since Redis 6.2.0.
   */
  zmscore<K extends KeyOf<S, 'zset'>, const Xs extends readonly (Item<S, K>)[]>(key: K, members: Xs): Read<M, { -readonly [I in keyof Xs]: number | null }>;

  /**
   * `ZPOPMAX key [count]`
   *
   * Takes the member with the greatest score, or several.
   *
   * O(M*log(N)) of the members answered. Since Redis 5.0.0.
   */
  zpopmax<K extends KeyOf<S, 'zset'>>(key: K): Write<M, [member: Element<T, S, K>, score: number] | []>;
  /**
   * `ZPOPMAX key [count]`
   *
   * Takes the member with the greatest score, or several.
   *
   * O(M*log(N)) of the members answered. Since Redis 5.0.0.
   */
  zpopmax<K extends KeyOf<S, 'zset'>>(key: K, count: Num): Write<M, [member: Element<T, S, K>, score: number][]>;

  /**
   * `ZPOPMIN key [count]`
   *
   * Takes the member with the least score, or several.
   *
   * O(M*log(N)) of the members answered. Since Redis 5.0.0.
   */
  zpopmin<K extends KeyOf<S, 'zset'>>(key: K): Write<M, [member: Element<T, S, K>, score: number] | []>;
  /**
   * `ZPOPMIN key [count]`
   *
   * Takes the member with the least score, or several.
   *
   * O(M*log(N)) of the members answered. Since Redis 5.0.0.
   */
  zpopmin<K extends KeyOf<S, 'zset'>>(key: K, count: Num): Write<M, [member: Element<T, S, K>, score: number][]>;

  /**
   * `ZRANDMEMBER key [count [WITHSCORES]]`
   *
   * Answers a member by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the members answered. Since Redis 6.2.0.
   */
  zrandmember<K extends KeyOf<S, 'zset'>>(key: K): Read<M, Element<T, S, K> | null>;
  /**
   * `ZRANDMEMBER key [count [WITHSCORES]]`
   *
   * Answers a member by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the members answered. Since Redis 6.2.0.
   */
  zrandmember<K extends KeyOf<S, 'zset'>, WITHSCORES extends boolean = false>(key: K, count: Num, options?: With<ZrandmemberOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZRANDMEMBER key [count [WITHSCORES]]`
   *
   * Answers a member by chance, or several: different ones, or with a negative count maybe the same.
   *
   * O(N) of the members answered. Since Redis 6.2.0.
   */
  zrandmember<K extends KeyOf<S, 'zset'>, W extends readonly Plain[]>(key: K, count: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`
   *
   * Answers members in order: by first and last rank (-1 is the last), by score, or by text.
   *
   * O(log(N)+M) of the members answered. Since Redis 1.2.0.
   */
  zrange<K extends KeyOf<S, 'zset'>, WITHSCORES extends boolean = false>(key: K, start: Num, stop: Num, options?: With<ZrangeOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`
   *
   * Answers members in order: by first and last rank (-1 is the last), by score, or by text.
   *
   * O(log(N)+M) of the members answered. Since Redis 1.2.0.
   */
  zrange<K extends KeyOf<S, 'zset'>, W extends readonly Plain[]>(key: K, start: Num, stop: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZRANGEBYLEX key min max [LIMIT offset count]`
   *
   * Answers members of equal score between two texts: `[a`, `(b`, `-`, `+`.
   *
   * O(log(N)+M) of the members answered. Since Redis 2.8.9.
   */
  zrangebylex<K extends KeyOf<S, 'zset'>>(key: K, min: Num, max: Num, options?: ZrangebylexOptions): Read<M, Element<T, S, K>[]>;
  /**
   * `ZRANGEBYLEX key min max [LIMIT offset count]`
   *
   * Answers members of equal score between two texts: `[a`, `(b`, `-`, `+`.
   *
   * O(log(N)+M) of the members answered. Since Redis 2.8.9.
   */
  zrangebylex<K extends KeyOf<S, 'zset'>>(key: K, min: Num, max: Num, ...words: Plain[]): Read<M, Element<T, S, K>[]>;

  /**
   * `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`
   *
   * Answers members with scores from min to max; `(1` leaves 1 out.
   *
   * O(log(N)+M) of the members answered. Since Redis 1.0.5.
   */
  zrangebyscore<K extends KeyOf<S, 'zset'>, WITHSCORES extends boolean = false>(key: K, min: Num, max: Num, options?: With<ZrangebyscoreOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`
   *
   * Answers members with scores from min to max; `(1` leaves 1 out.
   *
   * O(log(N)+M) of the members answered. Since Redis 1.0.5.
   */
  zrangebyscore<K extends KeyOf<S, 'zset'>, W extends readonly Plain[]>(key: K, min: Num, max: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`
   *
   * As ZRANGE, stored as a sorted set. Answers its size.
   *
   * O(log(N)+M) of the members stored. Since Redis 6.2.0.
   */
  zrangestore(dst: KeyOf<S, 'zset'>, src: KeyOf<S, 'zset'>, min: Num, max: Num, options?: ZrangestoreOptions): Write<M, number>;
  /**
   * `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`
   *
   * As ZRANGE, stored as a sorted set. Answers its size.
   *
   * O(log(N)+M) of the members stored. Since Redis 6.2.0.
   */
  zrangestore(dst: KeyOf<S, 'zset'>, src: KeyOf<S, 'zset'>, min: Num, max: Num, ...words: Plain[]): Write<M, number>;

  /**
   * `ZRANK key member`
   *
   * Answers a member's rank from the least score on, 0 first.
   *
   * O(log(N)). Since Redis 2.0.0.
   */
  zrank<K extends KeyOf<S, 'zset'>>(key: K, member: Item<S, K>): Read<M, number | null>;

  /**
   * `ZREM key member [member ...]`
   *
   * Removes members. Answers how many were there.
   *
   * O(log(N)) for each member. Since Redis 1.2.0.
   */
  zrem<K extends KeyOf<S, 'zset'>>(key: K, ...members: Many<Item<S, K>>): Write<M, number>;

  /**
   * `ZREMRANGEBYLEX key min max`
   *
   * Removes members of equal score between two texts. Answers how many.
   *
   * O(log(N)+M) of the members removed. Since Redis 2.8.9.
   */
  zremrangebylex(key: KeyOf<S, 'zset'>, min: Num, max: Num): Write<M, number>;

  /**
   * `ZREMRANGEBYRANK key start stop`
   *
   * Removes members by first and last rank. Answers how many.
   *
   * O(log(N)+M) of the members removed. Since Redis 2.0.0.
   */
  zremrangebyrank(key: KeyOf<S, 'zset'>, start: Num, stop: Num): Write<M, number>;

  /**
   * `ZREMRANGEBYSCORE key min max`
   *
   * Removes members with scores from min to max. Answers how many.
   *
   * O(log(N)+M) of the members removed. Since Redis 1.2.0.
   */
  zremrangebyscore(key: KeyOf<S, 'zset'>, min: Num, max: Num): Write<M, number>;

  /**
   * `ZREVRANGE key start stop [WITHSCORES]`
   *
   * As ZRANGE, from the greatest score on.
   *
   * O(log(N)+M) of the members answered. Since Redis 1.2.0.
   */
  zrevrange<K extends KeyOf<S, 'zset'>, WITHSCORES extends boolean = false>(key: K, start: Num, stop: Num, options?: With<ZrevrangeOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZREVRANGE key start stop [WITHSCORES]`
   *
   * As ZRANGE, from the greatest score on.
   *
   * O(log(N)+M) of the members answered. Since Redis 1.2.0.
   */
  zrevrange<K extends KeyOf<S, 'zset'>, W extends readonly Plain[]>(key: K, start: Num, stop: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZREVRANGEBYLEX key max min [LIMIT offset count]`
   *
   * As ZRANGEBYLEX, backwards: max first.
   *
   * O(log(N)+M) of the members answered. Since Redis 2.8.9.
   */
  zrevrangebylex<K extends KeyOf<S, 'zset'>>(key: K, max: Num, min: Num, options?: ZrevrangebylexOptions): Read<M, Element<T, S, K>[]>;
  /**
   * `ZREVRANGEBYLEX key max min [LIMIT offset count]`
   *
   * As ZRANGEBYLEX, backwards: max first.
   *
   * O(log(N)+M) of the members answered. Since Redis 2.8.9.
   */
  zrevrangebylex<K extends KeyOf<S, 'zset'>>(key: K, max: Num, min: Num, ...words: Plain[]): Read<M, Element<T, S, K>[]>;

  /**
   * `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`
   *
   * As ZRANGEBYSCORE, backwards: max first.
   *
   * O(log(N)+M) of the members answered. Since Redis 2.2.0.
   */
  zrevrangebyscore<K extends KeyOf<S, 'zset'>, WITHSCORES extends boolean = false>(key: K, max: Num, min: Num, options?: With<ZrevrangebyscoreOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`
   *
   * As ZRANGEBYSCORE, backwards: max first.
   *
   * O(log(N)+M) of the members answered. Since Redis 2.2.0.
   */
  zrevrangebyscore<K extends KeyOf<S, 'zset'>, W extends readonly Plain[]>(key: K, max: Num, min: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZREVRANK key member`
   *
   * Answers a member's rank from the greatest score on, 0 first.
   *
   * O(log(N)). Since Redis 2.0.0.
   */
  zrevrank<K extends KeyOf<S, 'zset'>>(key: K, member: Item<S, K>): Read<M, number | null>;

  /**
   * `ZSCAN key cursor [MATCH pattern] [COUNT count]`
   *
   * Walks the members of a sorted set: member, score, member, score. `db.zscanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  zscan(key: KeyOf<S, 'zset'>, cursor: Num, options?: ZscanOptions): Read<M, [cursor: string, membersAndScores: T[]]>;
  /**
   * `ZSCAN key cursor [MATCH pattern] [COUNT count]`
   *
   * Walks the members of a sorted set: member, score, member, score. `db.zscanIterator` does it to the end.
   *
   * O(1) a call, O(N) for all. Since Redis 2.8.0.
   */
  zscan(key: KeyOf<S, 'zset'>, cursor: Num, ...words: Plain[]): Read<M, [cursor: string, membersAndScores: T[]]>;

  /**
   * `ZSCORE key member`
   *
   * Answers a member's score.
   *
   * O(1). Since Redis 1.2.0.
   */
  zscore<K extends KeyOf<S, 'zset'>>(key: K, member: Item<S, K>): Read<M, number | null>;

  /**
   * `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]`
   *
   * Answers the members that are in any of the sets, with their scores combined.
   *
   * O(N+M*log(M)) of all members and the result. Since Redis 6.2.0.
   */
  zunion<K extends KeyOf<S, 'zset' | 'set'>, WITHSCORES extends boolean = false>(keys: readonly K[], options?: With<ZunionOptions, { WITHSCORES?: WITHSCORES }>): Read<M, If<WITHSCORES, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;
  /**
   * `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES]`
   *
   * Answers the members that are in any of the sets, with their scores combined.
   *
   * O(N+M*log(M)) of all members and the result. Since Redis 6.2.0.
   */
  zunion<K extends KeyOf<S, 'zset' | 'set'>, W extends readonly Plain[]>(numkeys: Num, ...words: W): Read<M, If<Has<W, 'WITHSCORES'>, [member: Element<T, S, K>, score: number][], Element<T, S, K>[]>>;

  /**
   * `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]`
   *
   * As ZUNION, stored as a sorted set. Answers its size.
   *
   * O(N+M*log(M)) of all members and the result. Since Redis 2.0.0.
   */
  zunionstore(destination: KeyOf<S, 'zset'>, keys: readonly KeyOf<S, 'zset' | 'set'>[], options?: ZunionstoreOptions): Write<M, number>;
  /**
   * `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]`
   *
   * As ZUNION, stored as a sorted set. Answers its size.
   *
   * O(N+M*log(M)) of all members and the result. Since Redis 2.0.0.
   */
  zunionstore(destination: KeyOf<S, 'zset'>, numkeys: Num, ...words: Plain[]): Write<M, number>;
}
