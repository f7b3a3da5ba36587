//! CLIENT: a session about itself and about the others of this node.
use crate::base::number;
use crate::command::{Action, Args, Error, Reply, ReplyMode, Result, Session, SessionContext};

/// What CLIENT LIST and KILL call a type of client. Kilat has no masters and replicas among its sessions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ClientType {
    Normal,
    Master,
    Replica,
    PubSub,
}

fn parse_type(word: &[u8]) -> Result<ClientType> {
    match word.to_ascii_lowercase().as_slice() {
        b"normal" => Ok(ClientType::Normal),
        b"master" => Ok(ClientType::Master),
        b"slave" | b"replica" => Ok(ClientType::Replica),
        b"pubsub" => Ok(ClientType::PubSub),
        _ => Err(Error::unknown_client_type(word)),
    }
}

fn type_of(session: &Session) -> ClientType {
    if session.subscriptions() > 0 {
        ClientType::PubSub
    } else {
        ClientType::Normal
    }
}

/// Sets the session's name; an empty one removes it.
pub(super) fn set_name(session: &mut Session, name: &[u8]) -> Result<()> {
    if !name.iter().all(u8::is_ascii_graphic) {
        return Err(Error::CLIENT_NAME);
    }
    session.name = name.into();

    Ok(())
}

/// The bytes of a call as a client sends it.
fn call_bytes(args: Args) -> usize {
    let digits = |number: usize| number.to_string().len();
    let word = |word: &&[u8]| 1 + digits(word.len()) + 2 + word.len() + 2;
    let words = args.whole();

    1 + digits(words.len()) + 2 + words.iter().map(word).sum::<usize>()
}

/// The line that CLIENT LIST shows of a session.
fn describe(session: &Session, now_ms: u64, call: usize) -> String {
    let mut flags = String::new();
    let mut flag = |set: bool, letter: char| {
        if set {
            flags.push(letter);
        }
    };
    flag(session.monitor, 'O');
    flag(session.subscriptions() > 0, 'P');
    flag(session.multi.is_some(), 'x');
    flag(session.closing, 'c');
    flag(session.no_evict, 'e');
    if flags.is_empty() {
        flags.push('N');
    }
    let seconds = |since_ms: u64| now_ms.saturating_sub(since_ms) / 1000;
    let queued = session.multi.as_ref().map(|multi| multi.queue.len());
    let command = match session.last_command {
        "" => "NULL".into(),
        name => name.to_ascii_lowercase(),
    };

    format!(
        "id={} addr={} laddr={} fd=-1 name={} age={} idle={} flags={flags} db={} sub={} psub={} \
         ssub={} multi={} qbuf={call} qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 \
         tot-mem=0 events=r cmd={command} user=default redir=-1 resp={}",
        session.id,
        session.address,
        session.local_address,
        String::from_utf8_lossy(&session.name),
        seconds(session.created_ms),
        seconds(session.active_ms),
        session.db,
        session.channels.len(),
        session.patterns.len(),
        session.shard_channels.len(),
        queued.map_or(-1, |queued| i64::try_from(queued).unwrap_or(i64::MAX)),
        session.protocol,
    )
}

/// CLIENT CACHING YES | NO
pub(super) fn client_caching(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Err(Error::CACHING_WITHOUT_TRACKING)
}

/// CLIENT GETNAME
pub(super) fn client_getname(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    let name = &cx.session().name;

    Ok(Reply::bulk_or_null((!name.is_empty()).then_some(&**name)))
}

/// CLIENT GETREDIR
pub(super) fn client_getredir(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Int(-1))
}

/// CLIENT ID
pub(super) fn client_id(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Int(i64::try_from(cx.id).unwrap_or(i64::MAX)))
}

/// CLIENT INFO
pub(super) fn client_info(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    let now_ms = cx.keyspace.now_ms();

    Ok(Reply::Verbatim(
        "txt",
        describe(cx.session(), now_ms, call_bytes(args)) + "\n",
    ))
}

/// CLIENT LIST [TYPE type] [ID id ...]
pub(super) fn client_list(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let mut wanted = None;
    let mut ids = None;
    if args.left() == 2 && args.take("TYPE") {
        wanted = Some(parse_type(args.bytes())?);
    } else if args.left() > 1 && args.take("ID") {
        let id = |word: &&[u8]| number::parse_i64(word).ok_or(Error::CLIENT_ID);
        ids = Some(args.rest().iter().map(id).collect::<Result<Vec<i64>>>()?);
    }
    args.end()?;

    let now_ms = cx.keyspace.now_ms();
    let sessions = &cx.sessions.all;
    let found: Vec<&Session> = match ids {
        Some(ids) => ids
            .iter()
            .filter_map(|id| sessions.get(&u64::try_from(*id).ok()?))
            .collect(),
        None => sessions
            .values()
            .filter(|session| wanted.is_none_or(|wanted| wanted == type_of(session)))
            .collect(),
    };
    let lines = found.iter().map(|session| {
        let call = match session.id == cx.id {
            true => call_bytes(args),
            false => 0,
        };
        describe(session, now_ms, call) + "\n"
    });

    Ok(Reply::Verbatim("txt", lines.collect()))
}

/// Which sessions CLIENT KILL means.
struct Victims<'a> {
    id: Option<u64>,
    wanted: Option<ClientType>,
    address: Option<&'a [u8]>,
    local_address: Option<&'a [u8]>,
    skip_me: bool,
}

impl Victims<'_> {
    fn include(&self, session: &Session, me: u64) -> bool {
        self.id.is_none_or(|id| id == session.id)
            && self.wanted.is_none_or(|wanted| wanted == type_of(session))
            && self
                .address
                .is_none_or(|address| address == session.address.as_bytes())
            && self
                .local_address
                .is_none_or(|address| address == session.local_address.as_bytes())
            && !(self.skip_me && session.id == me)
    }
}

fn parse_victims<'a>(args: &mut Args<'a>) -> Result<Victims<'a>> {
    let mut victims = Victims {
        id: None,
        wanted: None,
        address: None,
        local_address: None,
        skip_me: true,
    };
    while !args.is_done() {
        if args.left() < 2 {
            return Err(Error::SYNTAX);
        } else if args.take("ID") {
            let id = number::parse_i64(args.bytes()).and_then(|id| u64::try_from(id).ok());
            victims.id = Some(id.filter(|id| *id > 0).ok_or(Error::CLIENT_ID_RANGE)?);
        } else if args.take("TYPE") {
            victims.wanted = Some(parse_type(args.bytes())?);
        } else if args.take("ADDR") {
            victims.address = Some(args.bytes());
        } else if args.take("LADDR") {
            victims.local_address = Some(args.bytes());
        } else if args.take("USER") {
            let user = args.bytes();
            if user != b"default" {
                return Err(Error::no_such_user(user));
            }
        } else if args.take("SKIPME") {
            victims.skip_me = match args.bytes().to_ascii_lowercase().as_slice() {
                b"yes" => true,
                b"no" => false,
                _ => return Err(Error::SYNTAX),
            };
        } else {
            return Err(Error::SYNTAX);
        }
    }

    Ok(victims)
}

/// CLIENT KILL addr | option value [option value ...]
pub(super) fn client_kill(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let old_form = args.left() == 1;
    let victims = if old_form {
        Victims {
            id: None,
            wanted: None,
            address: Some(args.bytes()),
            local_address: None,
            skip_me: false,
        }
    } else {
        parse_victims(&mut args)?
    };

    let me = cx.id;
    let mut killed = 0;
    for session in cx.sessions.all.values_mut() {
        if victims.include(session, me) && !session.closing {
            killed += 1;
            // Its own reply goes out before the caller is closed.
            session.closing = true;
            if session.id != me {
                cx.actions.push(Action::Close(session.id));
            }
        }
    }

    match (old_form, killed) {
        (true, 0) => Err(Error::NO_SUCH_CLIENT),
        (true, _) => Ok(Reply::OK),
        (false, killed) => Ok(Reply::count(killed)),
    }
}

/// CLIENT NO-EVICT ON | OFF
pub(super) fn client_no_evict(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    cx.session().no_evict = on_or_off(args.bytes())?;

    Ok(Reply::OK)
}

fn on_or_off(word: &[u8]) -> Result<bool> {
    match word.to_ascii_lowercase().as_slice() {
        b"on" => Ok(true),
        b"off" => Ok(false),
        _ => Err(Error::SYNTAX),
    }
}

/// CLIENT PAUSE timeout [WRITE | ALL]
pub(super) fn client_pause(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let timeout = args.bytes();
    let writes_only = match args.peek() {
        None => false,
        Some(_) if args.take("ALL") => false,
        Some(_) if args.take("WRITE") => true,
        Some(_) => return Err(Error::PAUSE_MODE),
    };
    let timeout = number::parse_i64(timeout).ok_or(Error::TIMEOUT_NOT_INTEGER)?;
    let timeout = u64::try_from(timeout).map_err(|_| Error::TIMEOUT_NEGATIVE)?;

    let until_ms = cx.keyspace.now_ms().saturating_add(timeout);
    cx.sessions.pause(until_ms, writes_only);

    Ok(Reply::OK)
}

/// CLIENT UNPAUSE
pub(super) fn client_unpause(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    cx.sessions.unpause();

    Ok(Reply::OK)
}

/// CLIENT REPLY ON | OFF | SKIP
pub(super) fn client_reply(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    cx.sessions.any_quiet = true;
    let session = cx.session();
    session.reply_mode = match args.bytes().to_ascii_lowercase().as_slice() {
        b"on" => {
            session.reply_mode = ReplyMode::On;
            return Ok(Reply::OK);
        }
        b"off" => ReplyMode::Off,
        b"skip" if session.reply_mode == ReplyMode::Off => ReplyMode::Off,
        b"skip" => ReplyMode::SkipNext,
        _ => return Err(Error::SYNTAX),
    };

    Ok(Reply::Sequence(Vec::new()))
}

/// CLIENT SETNAME connection-name
pub(super) fn client_setname(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    set_name(cx.session(), args.bytes())?;

    Ok(Reply::OK)
}

/// CLIENT TRACKING ON | OFF [option ...]
pub(super) fn client_tracking(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if on_or_off(args.bytes())? {
        return Err(Error::NO_TRACKING);
    }

    Ok(Reply::OK)
}

/// CLIENT TRACKINGINFO
pub(super) fn client_trackinginfo(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::Map(vec![
        (Reply::bulk("flags"), Reply::Set(vec![Reply::bulk("off")])),
        (Reply::bulk("redirect"), Reply::Int(-1)),
        (Reply::bulk("prefixes"), Reply::Array(Vec::new())),
    ]))
}

/// CLIENT UNBLOCK client-id [TIMEOUT | ERROR]
pub(super) fn client_unblock(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let id = args.bytes();
    if !args.is_done() && !args.take("TIMEOUT") && !args.take("ERROR") {
        return Err(Error::UNBLOCK_REASON);
    }
    number::parse_i64(id).ok_or(Error::NOT_INTEGER)?;

    // No command blocks yet.
    Ok(Reply::Int(0))
}

/// CLIENT HELP
pub(super) fn client_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help("CLIENT", HELP))
}

const HELP: &[&str] = &[
    "CACHING (YES|NO)",
    "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.",
    "GETREDIR",
    "    Return the client ID we are redirecting to when tracking is enabled.",
    "GETNAME",
    "    Return the name of the current connection.",
    "ID",
    "    Return the ID of the current connection.",
    "INFO",
    "    Return information about the current client connection.",
    "KILL <ip:port>",
    "    Kill connection made from <ip:port>.",
    "KILL <option> <value> [<option> <value> [...]]",
    "    Kill connections. Options are:",
    "    * ADDR (<ip:port>|<unixsocket>:0)",
    "      Kill connections made from the specified address",
    "    * LADDR (<ip:port>|<unixsocket>:0)",
    "      Kill connections made to specified local address",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "      Kill connections by type.",
    "    * USER <username>",
    "      Kill connections authenticated by <username>.",
    "    * SKIPME (YES|NO)",
    "      Skip killing current connection (default: yes).",
    "LIST [options ...]",
    "    Return information about client connections. Options:",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "      Return clients of specified type.",
    "UNPAUSE",
    "    Stop the current client pause, resuming traffic.",
    "PAUSE <timeout> [WRITE|ALL]",
    "    Suspend all, or just write, clients for <timeout> milliseconds.",
    "REPLY (ON|OFF|SKIP)",
    "    Control the replies sent to the current connection.",
    "SETNAME <name>",
    "    Assign the name <name> to the current connection.",
    "UNBLOCK <clientid> [TIMEOUT|ERROR]",
    "    Unblock the specified blocked client.",
    "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
    "         [OPTIN] [OPTOUT] [NOLOOP]",
    "    Control server assisted client side caching.",
    "TRACKINGINFO",
    "    Report tracking status for the current connection.",
    "NO-EVICT (ON|OFF)",
    "    Protect current client connection from eviction.",
];
