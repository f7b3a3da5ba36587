//! COMMAND: the table of commands, shown.
use super::catalogue::{self, CATEGORIES, Entry};
use crate::base::{glob, number};
use crate::command::{Args, Error, Keys, Reply, Result, SessionContext, find, group_of};

/// COMMAND
pub(super) fn command(_: &mut SessionContext, _: Args) -> Result<Reply> {
    let all = catalogue::entries(None).into_iter();

    Ok(Reply::Array(all.map(catalogue::describe).collect()))
}

/// COMMAND COUNT
pub(super) fn command_count(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::count(catalogue::entries(None).len()))
}

/// COMMAND INFO [command-name ...]
pub(super) fn command_info(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if args.is_done() {
        return command(cx, args);
    }
    let describe = |name: &&[u8]| catalogue::lookup(name).map_or(Reply::Null, catalogue::describe);

    Ok(Reply::Array(args.rest().iter().map(describe).collect()))
}

/// COMMAND DOCS [command-name ...]
pub(super) fn command_docs(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let found: Vec<Entry> = if args.is_done() {
        catalogue::entries(None)
    } else {
        let names = args.rest().iter();
        names.filter_map(|name| catalogue::lookup(name)).collect()
    };

    Ok(Reply::Map(found.into_iter().map(document).collect()))
}

fn document(entry: Entry) -> (Reply, Reply) {
    let subcommands = entry.subcommands();
    let row = entry
        .row
        .or_else(|| subcommands.first().and_then(|sub| sub.row));
    let mut fields = Vec::new();
    if let Some(own) = entry.row {
        let words = format!("{} {}", own.name.replace('|', " "), own.usage);
        fields.push((Reply::bulk("summary"), Reply::bulk(words.trim())));
    }
    let group = row.map_or("", group_of);
    fields.push((Reply::bulk("group"), Reply::bulk(group)));
    if !subcommands.is_empty() {
        let documents = subcommands.into_iter().map(document).collect();
        fields.push((Reply::bulk("subcommands"), Reply::Map(documents)));
    }

    (Reply::bulk(entry.lower_name()), Reply::Map(fields))
}

/// COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]
pub(super) fn command_list(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    type Filter<'a> = Box<dyn Fn(Entry) -> bool + 'a>;
    let filter: Filter = if args.is_done() {
        // Redis: without a filter, subcommands are left out.
        Box::new(|entry| !entry.name.contains('|'))
    } else if !args.take("FILTERBY") || args.left() != 2 {
        return Err(Error::SYNTAX);
    } else if args.take("MODULE") {
        Box::new(|_| false)
    } else if args.take("ACLCAT") {
        let category = String::from_utf8_lossy(args.bytes()).to_ascii_lowercase();
        let known = CATEGORIES.iter().find(|known| **known == category);
        Box::new(move |entry| known.is_some_and(|known| entry.categories().contains(known)))
    } else if args.take("PATTERN") {
        let pattern = args.bytes();
        Box::new(|entry| glob::matches_nocase(pattern, entry.lower_name().as_bytes()))
    } else {
        return Err(Error::SYNTAX);
    };

    let mut names = Vec::new();
    for container in catalogue::entries(None) {
        let all = std::iter::once(container).chain(container.subcommands());
        names.extend(all.filter(|entry| filter(*entry)).map(Entry::lower_name));
    }

    Ok(Reply::bulks(names))
}

/// The keys of a whole call and the flags of each, or why there are none.
fn keys_of<'a>(call: &[&'a [u8]]) -> Result<Vec<(&'a [u8], Vec<&'static str>)>> {
    let row = find(call).map_err(|_| Error::INVALID_COMMAND)?;
    if matches!(row.keys, Keys::None) {
        return Err(Error::NO_KEY_ARGUMENTS);
    }
    if !row.takes(call.len()) {
        return Err(Error::INVALID_ARGUMENT_COUNT);
    }
    if let Keys::Counted(at) | Keys::StoreCounted(_, at) = row.keys {
        let count = call.get(at).and_then(|word| number::parse_i64(word));
        let room = call.len().saturating_sub(at + 1);
        let fits = |count: i64| usize::try_from(count).is_ok_and(|count| count <= room);
        if !count.is_some_and(fits) {
            return Err(Error::INVALID_ARGUMENTS);
        }
    }
    let positions = row.key_positions(call);
    if positions.is_empty() || positions.iter().any(|at| *at >= call.len()) {
        return Err(Error::INVALID_ARGUMENTS);
    }
    let entry = Entry {
        name: row.name,
        row: Some(row),
    };
    let gets = call[3.min(call.len())..]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(b"GET"));
    let flags = match row.name {
        // What SET does to its key depends on its options.
        "SET" if gets => vec![vec!["RW", "access", "update"]],
        "SET" => vec![vec!["OW", "update"]],
        _ => catalogue::key_flags(entry),
    };
    let last = flags.len() - 1;
    let key = |(nth, at): (usize, usize)| (call[at], flags[nth.min(last)].clone());

    Ok(positions.into_iter().enumerate().map(key).collect())
}

/// COMMAND GETKEYS command [arg ...]
pub(super) fn command_getkeys(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let keys = keys_of(args.rest())?;

    Ok(Reply::bulks(keys.into_iter().map(|(key, _)| key)))
}

/// COMMAND GETKEYSANDFLAGS command [arg ...]
pub(super) fn command_getkeysandflags(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let keys = keys_of(args.rest())?;
    let pair = |(key, flags): (&[u8], Vec<&'static str>)| {
        let flags = flags.into_iter().map(Reply::status).collect();
        Reply::Array(vec![Reply::bulk(key), Reply::Set(flags)])
    };

    Ok(Reply::Array(keys.into_iter().map(pair).collect()))
}

/// COMMAND HELP
pub(super) fn command_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "COMMAND",
        &[
            "(no subcommand)",
            "    Return details about all Redis commands.",
            "COUNT",
            "    Return the total number of commands in this Redis server.",
            "LIST",
            "    Return a list of all commands in this Redis server.",
            "INFO [<command-name> ...]",
            "    Return details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "DOCS [<command-name> ...]",
            "    Return documentation details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "GETKEYS <full-command>",
            "    Return the keys from a full Redis command.",
            "GETKEYSANDFLAGS <full-command>",
            "    Return the keys and the access flags from a full Redis command.",
        ],
    ))
}
