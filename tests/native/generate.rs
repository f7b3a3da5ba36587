//! The TypeScript that is derived from the command table: one typed method per command, and the table itself.
//! `UPDATE=1 cargo test` refreshes it.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kilat::command::{self, Arity, Command, Handler, Keys};

use crate::support::files::{self, check_golden};

/// What commands answer, `T` being how strings come out. Everything else is `Reply`. What begins with `Promise`
/// is answered later though the command writes no key.
#[rustfmt::skip]
const ANSWERS: &[(&str, &str)] = &[
    ("'OK'", "MSET SETEX PSETEX RENAME LTRIM LSET FLUSHALL FLUSHDB SWAPDB RESTORE SELECT AUTH CONFIG|SET \
        CONFIG|RESETSTAT CONFIG|REWRITE CLIENT|SETNAME CLIENT|REPLY CLIENT|PAUSE CLIENT|UNPAUSE CLIENT|TRACKING \
        CLIENT|CACHING CLIENT|NO-EVICT"),
    ("'OK' | null", "JSON.SET"),
    ("Promise<'OK'>", "SAVE DEBUG DEBUG|POPULATE FAILOVER"),
    ("string", "TYPE INFO ECHO PING BGSAVE BGREWRITEAOF CLIENT|LIST CLIENT|INFO OBJECT|ENCODING"),
    ("string | null", "CLIENT|GETNAME"),
    ("number", "APPEND STRLEN SETRANGE INCR DECR INCRBY DECRBY SETNX MSETNX DEL UNLINK EXISTS TOUCH EXPIRE PEXPIRE \
        EXPIREAT PEXPIREAT TTL PTTL EXPIRETIME PEXPIRETIME PERSIST MOVE COPY RENAMENX DBSIZE OBJECT|REFCOUNT \
        OBJECT|IDLETIME OBJECT|FREQ LPUSH RPUSH LPUSHX RPUSHX LLEN LREM LINSERT SADD SREM SCARD SISMEMBER SMOVE \
        SINTERSTORE SUNIONSTORE SDIFFSTORE SINTERCARD HSET HSETNX HDEL HEXISTS HLEN HINCRBY HSTRLEN ZCARD ZCOUNT \
        ZLEXCOUNT ZREM ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREMRANGEBYLEX ZRANGESTORE ZUNIONSTORE ZINTERSTORE \
        ZDIFFSTORE ZINTERCARD PUBLISH SPUBLISH COMMAND|COUNT LASTSAVE CLIENT|ID CLIENT|KILL CLIENT|UNBLOCK \
        CLIENT|GETREDIR MEMORY|USAGE PUBSUB|NUMPAT WAIT"),
    ("number | null", "ZSCORE ZRANK ZREVRANK"),
    ("number | number[] | null", "LPOS"),
    ("number | null | 'OK'", "ZADD"),
    ("(number | null)[]", "ZMSCORE"),
    ("number[]", "SMISMEMBER"),
    ("T", "GETRANGE SUBSTR INCRBYFLOAT HINCRBYFLOAT"),
    ("T | null", "GETSET GETDEL GETEX GET HGET LINDEX LMOVE RPOPLPUSH RANDOMKEY DUMP"),
    ("T | T[] | null", "LPOP RPOP SPOP SRANDMEMBER HRANDFIELD"),
    ("T[]", "KEYS LRANGE SMEMBERS SINTER SUNION SDIFF HKEYS HVALS ZRANGEBYLEX ZREVRANGEBYLEX"),
    ("(T | null)[]", "MGET HMGET SORT_RO"),
    ("Record<string, T>", "HGETALL"),
    ("Record<string, string>", "CONFIG|GET"),
    ("Record<string, number>", "PUBSUB|NUMSUB PUBSUB|SHARDNUMSUB"),
    ("string[]", "PUBSUB|CHANNELS PUBSUB|SHARDCHANNELS COMMAND|LIST COMMAND|GETKEYS TIME"),
    ("[cursor: string, items: T[]]", "SCAN SSCAN HSCAN ZSCAN"),
    ("'OK' | Reply", "HMSET"),
    ("number | (T | null)[]", "SORT"),
];

/// Commands whose methods src/ts/kilat.ts writes by hand, or that a shared session must not run.
const WITHOUT_METHOD: &[&str] = &[
    "GET",
    "SET",
    "MULTI",
    "EXEC",
    "DISCARD",
    "WATCH",
    "UNWATCH",
    "HELLO",
    "RESET",
    "QUIT",
    "MONITOR",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "PSUBSCRIBE",
    "PUNSUBSCRIBE",
    "SSUBSCRIBE",
    "SUNSUBSCRIBE",
    "SELECT",
    "SHUTDOWN",
];

#[test]
fn typed_methods() {
    check_golden("src/ts/commands.generated.ts", &generate());
}

#[test]
fn the_table_in_the_readme() {
    const BEGIN: &str = "<!-- commands -->\n";
    const END: &str = "<!-- /commands -->";
    let readme = files::read(Path::new("README.md"));
    let (before, rest) = readme.split_once(BEGIN).expect("the README has the place");
    let (_, after) = rest.split_once(END).expect("the place has an end");
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in command::all() {
        let names = groups.entry(command::group_of(row)).or_default();
        names.push(row.name.replace('|', " "));
    }
    let line = |(group, mut names): (&str, Vec<String>)| {
        names.sort();
        format!("| {group} | {} | `{}` |\n", names.len(), names.join("` `"))
    };
    let count = command::all().count();
    let lines: String = groups.into_iter().map(line).collect();
    let table = format!("| group | {count} in all | |\n| --- | --- | --- |\n{lines}");

    check_golden("README.md", &format!("{before}{BEGIN}{table}{END}{after}"));
}

#[test]
fn every_answer_is_named_once() {
    let names: Vec<&str> = ANSWERS
        .iter()
        .flat_map(|(_, names)| names.split_whitespace())
        .collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    let twice: Vec<&&str> = distinct
        .iter()
        .filter(|name| names.iter().filter(|n| n == name).count() > 1)
        .collect();

    assert!(twice.is_empty(), "named twice: {twice:?}");
}

fn generate() -> String {
    let mut rows: Vec<&Command> = command::all().collect();
    rows.sort_by_key(|row| row.name);
    let mut methods: BTreeMap<String, Vec<&Command>> = BTreeMap::new();
    for row in &rows {
        methods.entry(method_name(row)).or_default().push(row);
    }
    methods.retain(|_, rows| !WITHOUT_METHOD.contains(&container(rows[0])));

    let table: Vec<String> = rows.iter().map(|row| table_line(row)).collect();
    let methods: Vec<String> = methods
        .iter()
        .map(|(name, rows)| method(name, rows))
        .collect();
    TEMPLATE
        .replace("TABLE", &table.join("\n"))
        .replace("METHODS", &methods.join("\n\n"))
}

const TEMPLATE: &str = "\
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
TABLE
};

/** One method per command; `T` is how strings come out. */
export abstract class Commands<T = string> extends Caller {
METHODS
}
";

fn container(row: &Command) -> &str {
    row.name.split('|').next().unwrap()
}

fn kind(row: &Command) -> &'static str {
    match row.handler {
        Handler::Read(_) => "read",
        Handler::Write(_) => "write",
        Handler::Session(_) => "session",
        Handler::Engine(_) => "engine",
    }
}

fn table_line(row: &Command) -> String {
    let arity = match row.arity {
        Arity::Exactly(words) => format!("{words}"),
        Arity::AtLeast(words) => format!("-{words}"),
    };
    let keys = match row.keys {
        Keys::At(at) => format!("[{at}, {at}, 1]"),
        Keys::Range(first, last, step) => format!("[{first}, {last}, {step}]"),
        _ => "null".to_owned(),
    };

    format!(
        "  '{}': {{ group: '{}', kind: '{}', arity: {arity}, keys: {keys}, usage: {} }},",
        row.name,
        command::group_of(row),
        kind(row),
        quote(row.usage),
    )
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Redis's word in lower case; a dot cannot stand in it.
fn method_name(row: &Command) -> String {
    container(row).to_ascii_lowercase().replace(['.', '-'], "")
}

fn answer(row: &Command) -> (String, bool) {
    let named = |(_, names): &&(&str, &str)| names.split_whitespace().any(|name| name == row.name);
    let answer = ANSWERS
        .iter()
        .find(named)
        .map_or("Reply", |(answer, _)| answer);
    let later = row.is_write() || answer.starts_with("Promise");
    let inner = answer
        .strip_prefix("Promise<")
        .and_then(|it| it.strip_suffix('>'))
        .unwrap_or(answer);

    (
        if later {
            format!("Promise<{inner}>")
        } else {
            inner.to_owned()
        },
        later,
    )
}

fn method(name: &str, rows: &[&Command]) -> String {
    if rows.iter().all(|row| !row.name.contains('|')) {
        let row = rows[0];
        let (parameters, words) = parameters(row.usage);
        let (answer, later) = answer(row);
        let run = if later { "write" } else { "read" };
        return format!(
            "  /** {} */\n  {name}({parameters}): {answer} {{\n    return this.{run}(['{}'{words}]) as {answer};\n  }}",
            syntax(row),
            row.name,
        );
    }
    let upper = container(rows[0]);
    let overload = |row: &&Command| {
        let (answer, _) = answer(row);
        match row.name.split_once('|') {
            Some((_, sub)) => {
                let (parameters, _) = parameters(row.usage);
                let rest = if parameters.is_empty() {
                    String::new()
                } else {
                    format!(", {parameters}")
                };
                format!(
                    "  /** {} */\n  {name}(subcommand: '{sub}'{rest}): {answer};",
                    syntax(row)
                )
            }
            None => {
                let parameters = parameters(row.usage).0;
                format!(
                    "  /** {} */\n  {name}({parameters}): {answer};",
                    syntax(row)
                )
            }
        }
    };
    let overloads: Vec<String> = rows.iter().map(overload).collect();
    let later: Vec<String> = rows
        .iter()
        .filter(|row| answer(row).1)
        .map(|row| format!("'{}'", row.name.split_once('|').map_or("", |(_, sub)| sub)))
        .collect();
    let all_later = rows.iter().all(|row| answer(row).1) || upper == "DEBUG";
    let body = if all_later {
        format!("return this.write(['{upper}', ...words]);")
    } else if later.is_empty() {
        format!("return this.read(['{upper}', ...words]);")
    } else {
        format!(
            "const later = [{}].includes(String(words[0]).toUpperCase());\n    \
             return later ? this.write(['{upper}', ...words]) : this.read(['{upper}', ...words]);",
            later.join(", ")
        )
    };

    format!(
        "{}\n  /** {upper} */\n  {name}(...words: Words[]): unknown;\n  {name}(...words: Words[]): unknown {{\n    {body}\n  }}",
        overloads.join("\n"),
    )
}

fn syntax(row: &Command) -> String {
    format!("{} {}", row.name.replace('|', " "), row.usage)
        .trim_end()
        .replace("*/", "* /")
}

/// The parameters of a method, and how they follow the name among the words. What must be given stands by name
/// up to the first choice or repetition; the rest is Redis's words.
fn parameters(usage: &str) -> (String, String) {
    const KEYS: &[&str] = &[
        "key",
        "key1",
        "key2",
        "source",
        "destination",
        "newkey",
        "dst",
        "src",
    ];
    let mut named: Vec<(String, &str)> = Vec::new();
    let mut rest = false;
    let tokens: Vec<&str> = usage.split_whitespace().collect();
    let repeats = usage.contains("...");
    // A repetition that begins with the first word repeats all of them: MSET's may be an object.
    let first = tokens.first().copied().unwrap_or_default();
    let repeats_all = repeats && usage.contains(&format!("[{first} "));
    for (index, token) in tokens.iter().enumerate() {
        let is_plain = token.starts_with(|first: char| first.is_ascii_lowercase())
            && token
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let next = tokens.get(index + 1).copied().unwrap_or_default();
        if !is_plain || next == "|" || repeats_all || (repeats && index > 0) {
            rest = true;
            break;
        }
        let kind = if KEYS.contains(token) { "Key" } else { "Word" };
        named.push((camel(token), kind));
    }
    let typed = named.iter().map(|(name, kind)| format!("{name}: {kind}"));
    let mut parameters: Vec<String> = typed.collect();
    let mut words: String = named.iter().map(|(name, _)| format!(", {name}")).collect();
    if rest {
        parameters.push("...words: Words[]".to_owned());
        words.push_str(", ...words");
    }

    (parameters.join(", "), words)
}

fn camel(token: &str) -> String {
    let mut parts = token.split(['-', '_']);
    let first = parts.next().unwrap_or_default().to_owned();
    let upper = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
    let name: String = std::iter::once(first).chain(parts.map(upper)).collect();

    if matches!(name.as_str(), "function" | "new" | "default") {
        format!("{name}Name")
    } else {
        name
    }
}
