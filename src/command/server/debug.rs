//! DEBUG: what tests ask for. The container reads its subcommands itself, as Redis's does.
use super::config::parse_memory;
use crate::base::hex;
use crate::command::{Action, Args, Error, Reply, Result, SessionContext, WriteContext};
use crate::keyspace::ExpirySetting;
use crate::value::{Str, StrRef, Typed, digest_value, rdb};

/// Bytes of a DUMP beside the value: its type, version and checksum.
const DUMP_FRAME: usize = 11;

/// DEBUG subcommand [arg ...]
pub(super) fn debug(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let sub = args.bytes();
    let left = args.left();
    match (sub.to_ascii_uppercase().as_slice(), left) {
        (b"HELP", 0) => Ok(Reply::help("DEBUG", HELP)),
        (b"SLEEP", 1) => {
            // Redis: what is no number is 0.
            let seconds = args.float().unwrap_or(0.0);
            *cx.waiting = Some(Action::Sleep((seconds * 1000.0) as u64));
            Ok(Reply::OK)
        }
        (b"RELOAD", _) => {
            *cx.waiting = Some(Action::Reload);
            Ok(Reply::OK)
        }
        (b"LOADAOF", 0) => {
            *cx.waiting = Some(Action::ReplayLog);
            Ok(Reply::OK)
        }
        (b"SET-ACTIVE-EXPIRE", 1) => {
            cx.settings.active_expire = args.bytes() != b"0";
            Ok(Reply::OK)
        }
        (b"QUICKLIST-PACKED-THRESHOLD", 1) => packed_threshold(cx, args.bytes()),
        (b"DIGEST", 0) => {
            let digest = hex::encode(&cx.keyspace.digest());
            Ok(Reply::Status(digest.into()))
        }
        (b"DIGEST-VALUE", _) => Ok(digest_values(cx, args)),
        (b"PROTOCOL", 1) => protocol(args.bytes()),
        (b"OBJECT", 1 | 2) => object(cx, args.bytes()),
        (b"SDSLEN", 1) => sds_length(cx, args.bytes()),
        (b"ERROR", 1) => Err(Error::received(
            String::from_utf8_lossy(args.bytes()).into(),
        )),
        (b"HTSTATS", 1 | 2) => {
            let db = args.db()?;
            let keys = cx.keyspace.keys(db).len();
            let text =
                format!("[Dictionary HT]\nHash table 0 stats (main hash table):\n keys: {keys}\n");
            Ok(Reply::Verbatim("txt", text))
        }
        (
            b"PAUSE-CRON"
            | b"SET-DISABLE-DENY-SCRIPTS"
            | b"LOG"
            | b"STRUCTSIZE"
            | b"CLIENT-EVICTION",
            _,
        ) => Ok(Reply::OK),
        (b"REPLYBUFFER", 2) | (b"CHANGE-REPL-ID", 0) => Ok(Reply::OK),
        _ => Err(Error::subcommand_syntax(sub, "DEBUG")),
    }
}

/// DEBUG POPULATE count [prefix] [size]
pub(super) fn debug_populate(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    if args.is_done() {
        return Err(Error::subcommand_syntax(args.whole()[1], "DEBUG"));
    }
    let count = args.int().ok().filter(|count| *count >= 0);
    let count = count.ok_or(Error::NOT_POSITIVE)?;
    let prefix = if args.is_done() { b"key" } else { args.bytes() };
    let size = match args.peek() {
        None => None,
        Some(_) => Some(usize::try_from(args.int()?).map_err(|_| Error::NOT_INTEGER)?),
    };

    for at in 0..count {
        let key = [prefix, format!(":{at}").as_bytes()].concat();
        if cx.keys.view().contains(&key) {
            continue;
        }
        let mut value = format!("value:{at}").into_bytes();
        if let Some(size) = size {
            value.resize(size, 0);
        }
        cx.effects.add(cx.keys.db(), &[b"SET", &key, &value]);
        let value = Str::from_bytes(&value).into_value();
        cx.keys.set(&key, "", value, ExpirySetting::Clear);
    }

    Ok(Reply::OK)
}

fn packed_threshold(cx: &mut SessionContext, word: &[u8]) -> Result<Reply> {
    let bytes = parse_memory(&String::from_utf8_lossy(word)).ok_or(Error::PACKED_THRESHOLD)?;
    // Redis: slightly below 4 GB, whatever the text says.
    if bytes > (1 << 32) - (1 << 20) {
        return Err(Error::PACKED_THRESHOLD);
    }
    let standard = crate::value::Limits::default().list_packed_threshold;
    cx.settings.limits.list_packed_threshold = match bytes {
        0 => standard,
        bytes => usize::try_from(bytes).unwrap_or(usize::MAX),
    };

    Ok(Reply::OK)
}

/// A sample of each kind of reply.
#[expect(clippy::approx_constant, reason = "Redis answers 3.141")]
fn protocol(kind: &[u8]) -> Result<Reply> {
    let numbers = || (0..3).map(Reply::Int).collect();
    Ok(match kind.to_ascii_lowercase().as_slice() {
        b"string" => Reply::bulk("Hello World"),
        b"integer" => Reply::Int(12345),
        b"double" => Reply::Double(3.141),
        b"null" => Reply::Null,
        b"array" => Reply::Array(numbers()),
        b"set" => Reply::Set(numbers()),
        b"map" => {
            let pair = |at| (Reply::Int(at), Reply::Bool(at == 1));
            Reply::Map((0..3).map(pair).collect())
        }
        b"push" => Reply::Push(
            std::iter::once(Reply::bulk("server-cpu-usage"))
                .chain(std::iter::once(Reply::Int(42)))
                .collect(),
        ),
        b"verbatim" => Reply::Verbatim("txt", "This is a verbatim\nstring".into()),
        b"true" => Reply::Bool(true),
        b"false" => Reply::Bool(false),
        b"attrib" => Reply::Attributed(
            vec![(
                Reply::bulk("key-popularity"),
                Reply::Array(vec![Reply::bulk("key:123"), Reply::Int(90)]),
            )],
            Box::new(Reply::bulk("Some real reply following the attribute")),
        ),
        b"bignum" => Reply::bulk("1234567999999999999999999999999999999"),
        _ => return Err(Error::DEBUG_PROTOCOL),
    })
}

fn digest_values(cx: &mut SessionContext, mut args: Args) -> Reply {
    let keys = cx.keys();
    let digest = |key: &&[u8]| {
        let entry = keys.entry(key);
        let digest = entry.map_or([0; 20], |entry| {
            digest_value(entry.value(), entry.expires_at_ms().is_some())
        });
        Reply::Status(hex::encode(&digest).into())
    };

    Reply::Array(args.rest().iter().map(digest).collect())
}

fn object(cx: &mut SessionContext, key: &[u8]) -> Result<Reply> {
    let entry = cx.keys().entry(key).ok_or(Error::NO_SUCH_KEY)?;
    let idle = cx.keys().idle_ms(entry) / 1000;
    let lru = entry.access() >> 8;
    let encoding = entry.value().encoding();
    let length = rdb::dump(entry.value()).len() - DUMP_FRAME;
    let text = format!(
        "Value at:0x0 refcount:1 encoding:{encoding} serializedlength:{length} lru:{lru} \
         lru_seconds_idle:{idle}"
    );

    Ok(Reply::Status(text.into()))
}

fn sds_length(cx: &mut SessionContext, key: &[u8]) -> Result<Reply> {
    let value: StrRef = cx.keys().read(key)?.ok_or(Error::NO_SUCH_KEY)?;
    let (key, value) = (key.len(), value.bytes().len());

    Ok(Reply::Status(
        format!(
            "key_sds_len:{key}, key_sds_avail:0, key_zmalloc: {key}, val_sds_len:{value}, \
             val_sds_avail:0, val_zmalloc: {value}"
        )
        .into(),
    ))
}

const HELP: &[&str] = &[
    "DIGEST",
    "    Output a hex signature representing the current DB content.",
    "DIGEST-VALUE <key> [<key> ...]",
    "    Output a hex signature of the values of all the specified keys.",
    "ERROR <string>",
    "    Return a Redis protocol error with <string> as message. Useful for clients",
    "    unit tests to simulate Redis errors.",
    "HTSTATS <dbid>",
    "    Return hash table statistics of the specified Redis database.",
    "LOADAOF",
    "    Drop the data and load it again from snapshot and log.",
    "OBJECT <key>",
    "    Show low level info about `key` and associated value.",
    "POPULATE <count> [<prefix>] [<size>]",
    "    Create <count> string keys named key:<num>. If <prefix> is specified then",
    "    it is used instead of the 'key' prefix.",
    "PROTOCOL <type>",
    "    Reply with a test value of the specified type. <type> can be: string,",
    "    integer, double, null, array, set, map, push, verbatim, true, false, bignum.",
    "QUICKLIST-PACKED-THRESHOLD <size>",
    "    Sets the threshold for elements to be inserted as plain vs packed nodes.",
    "RELOAD",
    "    Save a snapshot, drop the data and load it again.",
    "SET-ACTIVE-EXPIRE <0|1>",
    "    Setting it to 0 disables expiring keys in background when they are not",
    "    accessed (otherwise the Redis behavior).",
    "SLEEP <seconds>",
    "    Stop the server for <seconds>. Decimals allowed.",
];
