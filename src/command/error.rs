//! Every error text that a client can see, in Redis's words.
use std::borrow::Cow;

use crate::keyspace::WrongType;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error reply: its first word is the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Cow<'static, str>);

impl Error {
    pub const SYNTAX: Error = Error(Cow::Borrowed("ERR syntax error"));
    pub const NOT_INTEGER: Error =
        Error(Cow::Borrowed("ERR value is not an integer or out of range"));
    pub const NOT_POSITIVE: Error =
        Error(Cow::Borrowed("ERR value is out of range, must be positive"));
    pub const TOO_MANY_KEYS: Error = Error(Cow::Borrowed(
        "ERR Number of keys can't be greater than number of args",
    ));
    pub const COUNT_NEGATIVE: Error = Error(Cow::Borrowed("ERR COUNT can't be negative"));
    pub const MAXLEN_NEGATIVE: Error = Error(Cow::Borrowed("ERR MAXLEN can't be negative"));
    pub const RANK_ZERO: Error = Error(Cow::Borrowed(
        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use \
         negative to start from the end of the list",
    ));
    pub const NOT_FLOAT: Error = Error(Cow::Borrowed("ERR value is not a valid float"));
    pub const WRONG_TYPE: Error = Error(Cow::Borrowed(
        "WRONGTYPE Operation against a key holding the wrong kind of value",
    ));
    pub const NO_SUCH_KEY: Error = Error(Cow::Borrowed("ERR no such key"));
    pub const OUT_OF_RANGE: Error = Error(Cow::Borrowed("ERR index out of range"));
    pub const OVERFLOW: Error = Error(Cow::Borrowed("ERR increment or decrement would overflow"));
    pub const DB_RANGE: Error = Error(Cow::Borrowed("ERR DB index is out of range"));
    pub const INVALID_CURSOR: Error = Error(Cow::Borrowed("ERR invalid cursor"));
    pub const TOO_LONG: Error = Error(Cow::Borrowed(
        "ERR string exceeds maximum allowed size (proto-max-bulk-len)",
    ));
    pub const EXEC_ABORT: Error = Error(Cow::Borrowed(
        "EXECABORT Transaction discarded because of previous errors.",
    ));
    pub const EXEC_FULL: Error = Error(Cow::Borrowed(
        "EXECABORT Transaction discarded because of: OOM command not allowed when used memory > \
         'maxmemory'.",
    ));
    pub const NO_REPLICAS: Error = Error(Cow::Borrowed(
        "NOREPLICAS Not enough good replicas to write.",
    ));
    pub const OUT_OF_MEMORY: Error = Error(Cow::Borrowed(
        "OOM command not allowed when used memory > 'maxmemory'.",
    ));
    pub const EXEC_WITHOUT_MULTI: Error = Error(Cow::Borrowed("ERR EXEC without MULTI"));
    pub const DISCARD_WITHOUT_MULTI: Error = Error(Cow::Borrowed("ERR DISCARD without MULTI"));
    pub const MULTI_NESTED: Error = Error(Cow::Borrowed("ERR MULTI calls can not be nested"));
    pub const WATCH_IN_MULTI: Error = Error(Cow::Borrowed("ERR WATCH inside MULTI is not allowed"));

    pub const VALUE_OUT_OF_RANGE: Error = Error(Cow::Borrowed("ERR value is out of range"));
    pub const NUMKEYS: Error = Error(Cow::Borrowed("ERR numkeys should be greater than 0"));
    pub const COUNT: Error = Error(Cow::Borrowed("ERR count should be greater than 0"));
    pub const LIMIT_NEGATIVE: Error = Error(Cow::Borrowed("ERR LIMIT can't be negative"));
    pub const NOT_FINITE: Error = Error(Cow::Borrowed("ERR value is NaN or Infinity"));
    pub const WOULD_BE_NOT_FINITE: Error =
        Error(Cow::Borrowed("ERR increment would produce NaN or Infinity"));
    pub const HASH_VALUE_NOT_INTEGER: Error =
        Error(Cow::Borrowed("ERR hash value is not an integer"));
    pub const HASH_VALUE_NOT_FLOAT: Error = Error(Cow::Borrowed("ERR hash value is not a float"));
    pub const XX_AND_NX: Error = Error(Cow::Borrowed(
        "ERR XX and NX options at the same time are not compatible",
    ));
    pub const GT_LT_NX: Error = Error(Cow::Borrowed(
        "ERR GT, LT, and/or NX options at the same time are not compatible",
    ));
    pub const INCR_PAIR: Error = Error(Cow::Borrowed(
        "ERR INCR option supports a single increment-element pair",
    ));
    pub const SCORE_NAN: Error = Error(Cow::Borrowed("ERR resulting score is not a number (NaN)"));
    pub const RANGE_NOT_FLOAT: Error = Error(Cow::Borrowed("ERR min or max is not a float"));
    pub const RANGE_NOT_LEX: Error =
        Error(Cow::Borrowed("ERR min or max not valid string range item"));
    pub const LIMIT_BY_RANK: Error = Error(Cow::Borrowed(
        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    ));
    pub const SCORES_BY_LEX: Error = Error(Cow::Borrowed(
        "ERR syntax error, WITHSCORES not supported in combination with BYLEX",
    ));
    pub const WEIGHT_NOT_FLOAT: Error = Error(Cow::Borrowed("ERR weight value is not a float"));

    pub const OFFSET_RANGE: Error = Error(Cow::Borrowed("ERR offset is out of range"));
    pub const DECREMENT_OVERFLOW: Error = Error(Cow::Borrowed("ERR decrement would overflow"));
    pub const LCS_NOT_STRINGS: Error = Error(Cow::Borrowed(
        "ERR The specified keys must contain string values",
    ));
    pub const LCS_LEN_AND_IDX: Error = Error(Cow::Borrowed(
        "ERR If you want both the length and indexes, please just use IDX.",
    ));
    pub const LCS_TOO_LONG: Error = Error(Cow::Borrowed(
        "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len",
    ));
    pub const LCS_NO_MEMORY: Error = Error(Cow::Borrowed(
        "ERR Insufficient memory, failed allocating transient memory for LCS",
    ));
    pub const SAME_OBJECT: Error = Error(Cow::Borrowed(
        "ERR source and destination objects are the same",
    ));
    pub const BUSY_KEY: Error = Error(Cow::Borrowed("BUSYKEY Target key name already exists."));
    pub const BAD_PAYLOAD: Error = Error(Cow::Borrowed(
        "ERR DUMP payload version or checksum are wrong",
    ));
    pub const BAD_DATA: Error = Error(Cow::Borrowed("ERR Bad data format"));
    pub const INVALID_TTL: Error = Error(Cow::Borrowed("ERR Invalid TTL value, must be >= 0"));
    pub const INVALID_IDLETIME: Error =
        Error(Cow::Borrowed("ERR Invalid IDLETIME value, must be >= 0"));
    pub const INVALID_FREQ: Error = Error(Cow::Borrowed(
        "ERR Invalid FREQ value, must be >= 0 and <= 255",
    ));
    pub const FIRST_DB: Error = Error(Cow::Borrowed("ERR invalid first DB index"));
    pub const SECOND_DB: Error = Error(Cow::Borrowed("ERR invalid second DB index"));
    pub const EXPIRE_NX_AND_OTHERS: Error = Error(Cow::Borrowed(
        "ERR NX and XX, GT or LT options at the same time are not compatible",
    ));
    pub const EXPIRE_GT_AND_LT: Error = Error(Cow::Borrowed(
        "ERR GT and LT options at the same time are not compatible",
    ));
    pub const LFU: Error = Error(Cow::Borrowed(
        "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when \
         switching between policies at runtime LRU and LFU data will take some time to adjust.",
    ));
    pub const NOT_LFU: Error = Error(Cow::Borrowed(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note \
         that when switching between policies at runtime LRU and LFU data will take some time to \
         adjust.",
    ));
    pub const SORT_NOT_NUMBERS: Error = Error(Cow::Borrowed(
        "ERR One or more scores can't be converted into double",
    ));
    pub const TIMEOUT_NOT_INTEGER: Error = Error(Cow::Borrowed(
        "ERR timeout is not an integer or out of range",
    ));
    pub const TIMEOUT_NEGATIVE: Error = Error(Cow::Borrowed("ERR timeout is negative"));
    pub const WAIT_AT_REPLICA: Error = Error(Cow::Borrowed(
        "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if \
         a replica is configured to be writable (which is not the default) writes to replicas are \
         just local and are not propagated.",
    ));
    pub const WAITAOF_AT_REPLICA: Error = Error(Cow::Borrowed(
        "ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas \
         are just local and are not propagated.",
    ));
    pub const WAITAOF_WITHOUT_LOG: Error = Error(Cow::Borrowed(
        "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.",
    ));
    pub const WAITAOF_LOCAL: Error = Error(Cow::Borrowed(
        "ERR value is out of range, value must between 0 and 1",
    ));
    pub const ROLE_CHANGED: Error = Error(Cow::Borrowed(
        "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    ));
    pub const JSON_NEW_AT_ROOT: Error =
        Error(Cow::Borrowed("ERR new objects must be created at the root"));
    pub const LOADING: Error = Error(Cow::Borrowed(
        "LOADING Redis is loading the dataset in memory",
    ));
    pub const BUSY: Error = Error(Cow::Borrowed(
        "BUSY Too many writes wait for storage: go on after 'drained'",
    ));
    pub const QUOTA: Error = Error(Cow::Borrowed(
        "QUOTA Storage is full: the write was not done",
    ));
    pub const STORAGE_GONE: Error = Error(Cow::Borrowed(
        "MISCONF Storage cannot be written any more: reads go on, writes are refused",
    ));
    pub const STORAGE_CLEARED: Error = Error(Cow::Borrowed(
        "MISCONF Storage was cleared by the browser or the user: reads go on, writes are refused",
    ));
    pub const DATA_LOST: Error = Error(Cow::Borrowed(
        "MISCONF Stored data is damaged and part of it is lost: reads go on from what is whole, writes are \
         refused until the database is opened with recover: 'discard', or destroyed",
    ));
    pub const INCOMPATIBLE: Error = Error(Cow::Borrowed(
        "MISCONF A newer build writes this database: reads go on, writes are refused",
    ));
    pub const UNREADABLE: Error = Error(Cow::Borrowed(
        "MISCONF A newer build has written what this one cannot read: reload the page",
    ));
    pub const INDETERMINATE: Error = Error(Cow::Borrowed(
        "INDETERMINATE The leader is gone and nobody knows whether the write was done",
    ));
    pub const NOT_COMMITTED: Error = Error(Cow::Borrowed(
        "TRYAGAIN The lead was lost before the write was committed: it was not done",
    ));
    pub const CLOSED: Error = Error(Cow::Borrowed("CLOSED The database is closed"));
    pub const SAVE_FAILED: Error = Error(Cow::Borrowed("ERR The snapshot could not be written"));
    pub const ALREADY_SAVING: Error =
        Error(Cow::Borrowed("ERR Background save already in progress"));
    pub const NEEDS_LEAD: Error = Error(Cow::Borrowed(
        "TRYAGAIN This node does not lead: nothing was done",
    ));

    pub const NOT_IN_MULTI: Error = Error(Cow::Borrowed(
        "ERR Command not allowed inside a transaction",
    ));

    pub const NO_CONFIG_FILE: Error = Error(Cow::Borrowed(
        "ERR The server is running without a config file",
    ));
    pub const SAVING: Error = Error(Cow::Borrowed("ERR Background save already in progress"));
    pub const FAILING_OVER: Error = Error(Cow::Borrowed("ERR FAILOVER already in progress."));
    pub const FAILOVER_AT_REPLICA: Error = Error(Cow::Borrowed(
        "ERR FAILOVER is not valid when server is a replica.",
    ));
    pub const FAILOVER_TIMEOUT: Error =
        Error(Cow::Borrowed("ERR FAILOVER timeout must be greater than 0"));
    pub const FAILOVER_FORCE: Error = Error(Cow::Borrowed(
        "ERR FAILOVER with force option requires both a timeout and target HOST and IP.",
    ));
    pub const NO_SUCH_REPLICA: Error = Error(Cow::Borrowed(
        "ERR FAILOVER target HOST and PORT is not a replica.",
    ));
    pub const NO_FAILOVER: Error = Error(Cow::Borrowed("ERR No failover in progress."));
    pub const FUNCTION_FLUSH: Error = Error(Cow::Borrowed(
        "ERR FUNCTION FLUSH only supports SYNC|ASYNC option",
    ));
    pub const PACKED_THRESHOLD: Error = Error(Cow::Borrowed(
        "ERR argument must be a memory value bigger than 1 and smaller than 4gb",
    ));
    pub const DEBUG_PROTOCOL: Error = Error(Cow::Borrowed(
        "ERR Wrong protocol type name. Please use one of the following: \
         string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false",
    ));
    pub const NO_FOLLOWERS: Error =
        Error(Cow::Borrowed("ERR FAILOVER requires connected replicas."));
    pub const NO_MASTER_LINK: Error = Error(Cow::Borrowed(
        "NOMASTERLINK Can't SYNC while not connected with my master",
    ));
    pub const NO_SHUTDOWN: Error = Error(Cow::Borrowed("ERR No shutdown in progress."));
    pub const NO_REPLICAOF: Error = Error(Cow::Borrowed(
        "ERR REPLICAOF is not available: the tabs of one database replicate by themselves",
    ));
    pub const INVALID_COMMAND: Error = Error(Cow::Borrowed("ERR Invalid command specified"));
    pub const NO_KEY_ARGUMENTS: Error =
        Error(Cow::Borrowed("ERR The command has no key arguments"));
    pub const INVALID_ARGUMENT_COUNT: Error = Error(Cow::Borrowed(
        "ERR Invalid number of arguments specified for command",
    ));
    pub const INVALID_ARGUMENTS: Error =
        Error(Cow::Borrowed("ERR Invalid arguments specified for command"));
    pub const GENPASS_BITS: Error = Error(Cow::Borrowed(
        "ERR ACL GENPASS argument must be the number of bits for the output password, a positive \
         number up to 4096",
    ));
    pub const SLOWLOG_COUNT: Error = Error(Cow::Borrowed(
        "ERR count should be greater than or equal to -1",
    ));
    pub const NO_PROTOCOL: Error = Error(Cow::Borrowed("NOPROTO unsupported protocol version"));
    pub const PROTOCOL_NOT_INTEGER: Error = Error(Cow::Borrowed(
        "ERR Protocol version is not an integer or out of range",
    ));
    pub const WRONG_PASSWORD: Error = Error(Cow::Borrowed(
        "WRONGPASS invalid username-password pair or user is disabled.",
    ));
    pub const NO_PASSWORD_SET: Error = Error(Cow::Borrowed(
        "ERR AUTH <password> called without any password configured for the default user. Are you \
         sure your configuration is correct?",
    ));
    pub const CLIENT_NAME: Error = Error(Cow::Borrowed(
        "ERR Client names cannot contain spaces, newlines or special characters.",
    ));
    pub const NO_SUCH_CLIENT: Error = Error(Cow::Borrowed("ERR No such client"));
    pub const CLIENT_ID: Error = Error(Cow::Borrowed("ERR Invalid client ID"));
    pub const CLIENT_ID_RANGE: Error =
        Error(Cow::Borrowed("ERR client-id should be greater than 0"));
    pub const UNBLOCK_REASON: Error = Error(Cow::Borrowed(
        "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR",
    ));
    pub const PAUSE_MODE: Error =
        Error(Cow::Borrowed("ERR CLIENT PAUSE mode must be WRITE or ALL"));
    pub const NO_TRACKING: Error = Error(Cow::Borrowed("ERR CLIENT TRACKING is not available yet"));
    pub const CACHING_WITHOUT_TRACKING: Error = Error(Cow::Borrowed(
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or \
         OPTOUT mode enabled",
    ));

    /// An error whose text arrived from another node.
    pub fn received(text: String) -> Error {
        Error(Cow::Owned(text))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// The first word: ERR, WRONGTYPE and so on.
    pub fn code(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// `name` in lower case, as in `config|get`.
    pub fn wrong_arity(name: &str) -> Error {
        Error(format!("ERR wrong number of arguments for '{name}' command").into())
    }

    /// Redis: the name is cut at 128 bytes, and the arguments shown end there too.
    pub fn unknown_command(name: &[u8], args: &[&[u8]]) -> Error {
        let mut shown = String::new();
        for arg in args {
            if shown.len() >= 128 {
                break;
            }
            let room = 128 - shown.len();
            shown += &format!("'{}' ", printable(&arg[..arg.len().min(room)]));
        }
        let name = printable(&name[..name.len().min(128)]);

        Error(format!("ERR unknown command '{name}', with args beginning with: {shown}").into())
    }

    pub fn unknown_subcommand(sub: &[u8], container: &str) -> Error {
        let sub = printable(&sub[..sub.len().min(128)]);

        Error(format!("ERR unknown subcommand '{sub}'. Try {container} HELP.").into())
    }

    /// Redis's refusal of a number that is one, but out of the bounds that a command sets.
    pub fn not_between(min: i64, max: i64) -> Error {
        Error::err(format!(
            "value is out of range, value must between {min} and {max}"
        ))
    }

    /// What Redis's containers answer to a subcommand whose words they cannot read.
    pub(super) fn subcommand_syntax(sub: &[u8], container: &str) -> Error {
        let sub = printable(&sub[..sub.len().min(128)]);
        let what = "unknown subcommand or wrong number of arguments for";

        Error(format!("ERR {what} '{sub}'. Try {container} HELP.").into())
    }

    /// EXEC itself was refused.
    pub fn exec_aborted(why: &Error) -> Error {
        let why = why.text().strip_prefix("ERR ").unwrap_or(why.text());

        Error(format!("EXECABORT Transaction discarded because of: {why}").into())
    }

    /// What a subscribed RESP2 session may not call.
    pub fn only_in_push_mode(name: &str) -> Error {
        Error(
            format!(
                "ERR Can't execute '{name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / \
                 RESET are allowed in this context"
            )
            .into(),
        )
    }

    pub(super) fn unknown_client_type(name: &[u8]) -> Error {
        Error(format!("ERR Unknown client type '{}'", printable(name)).into())
    }

    pub(super) fn no_such_user(name: &[u8]) -> Error {
        Error(format!("ERR No such user '{}'", printable(name)).into())
    }

    pub(super) fn unknown_category(name: &[u8]) -> Error {
        Error(format!("ERR Unknown category '{}'", printable(name)).into())
    }

    pub(super) fn no_samples(event: &[u8]) -> Error {
        Error(format!("ERR No samples available for event '{}'", printable(event)).into())
    }

    pub(super) fn hello_option(option: &[u8]) -> Error {
        Error(format!("ERR Syntax error in HELLO option '{}'", printable(option)).into())
    }

    pub(super) fn unknown_parameter(name: &[u8]) -> Error {
        let name = printable(name);
        let what = "Unknown option or number of arguments for CONFIG SET";

        Error(format!("ERR {what} - '{name}'").into())
    }

    pub(super) fn config_set(name: &[u8], why: &str) -> Error {
        let name = printable(name);

        Error(
            format!("ERR CONFIG SET failed (possibly related to argument '{name}') - {why}").into(),
        )
    }

    /// `ERR invalid expire time in 'set' command`.
    pub fn invalid_expire(command: &str) -> Error {
        Error(format!("ERR invalid expire time in '{command}' command").into())
    }

    /// `name` in lower case.
    pub fn no_input_key(name: &str) -> Error {
        Error(format!("ERR at least 1 input key is needed for '{name}' command").into())
    }

    /// EXPIRE's refusal of what is no option.
    pub fn unsupported_option(option: &[u8]) -> Error {
        Error::err(format!("Unsupported option {}", printable(option)))
    }

    /// A path of RedisJSON's older form that leads nowhere.
    pub fn json_no_path(path: &[u8]) -> Error {
        Error::err(format!("Path '{}' does not exist", printable(path)))
    }

    /// Why a `dump.rdb` was not imported.
    pub fn bad_import(why: &str) -> Error {
        Error::err(format!("Bad data format: {why}"))
    }

    /// Redis's `ERR <text>` with a text that depends on the call.
    pub(super) fn err(text: impl AsRef<str>) -> Error {
        Error(format!("ERR {}", text.as_ref()).into())
    }
}

/// An error line can hold no line breaks: Redis shows them as spaces.
fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace(['\r', '\n'], " ")
}

impl From<WrongType> for Error {
    fn from(_: WrongType) -> Error {
        Error::WRONG_TYPE
    }
}
