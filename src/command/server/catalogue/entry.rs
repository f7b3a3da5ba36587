//! COMMAND INFO's reply for one command.
use super::Entry;
use super::specs::{KEY_FLAGS, NOTES, TIPS};
use crate::command::Reply;
use crate::command::row::{Command, Keys};

/// The value of the table's line that lists `name`.
fn listed(table: &[(&'static str, &str)], name: &str) -> Option<&'static str> {
    let line = table
        .iter()
        .find(|(_, names)| names.split(' ').any(|listed| listed == name));

    line.map(|(value, _)| *value)
}

/// The flags of each key specification of a command that has keys.
pub(in crate::command::server) fn key_flags(entry: Entry) -> Vec<Vec<&'static str>> {
    let default = if entry.is_read() {
        "RO access"
    } else {
        "RW update"
    };
    let flags = listed(KEY_FLAGS, entry.name).unwrap_or(default);

    flags
        .split('|')
        .map(|flags| flags.split(' ').collect())
        .collect()
}

/// COMMAND INFO's ten fields.
pub(in crate::command::server) fn describe(entry: Entry) -> Reply {
    let statuses = |names: Vec<&'static str>| names.into_iter().map(Reply::status).collect();
    let (first, last, step) = entry.key_range();
    let categories = entry.categories().into_iter();
    let categories = categories.map(|name| Reply::Status(format!("@{name}").into()));
    let tips = listed(TIPS, entry.name).map_or(Vec::new(), |tips| tips.split(',').collect());

    Reply::Array(vec![
        Reply::bulk(entry.lower_name()),
        Reply::Int(entry.arity()),
        Reply::Set(statuses(entry.flag_names())),
        Reply::Int(first),
        Reply::Int(last),
        Reply::Int(step),
        Reply::Set(categories.collect()),
        Reply::Set(tips.into_iter().map(Reply::bulk).collect()),
        Reply::Set(entry.row.map_or(Vec::new(), |row| key_specs(entry, row))),
        match entry.subcommands() {
            none if none.is_empty() => Reply::Set(Vec::new()),
            some => Reply::Array(some.into_iter().map(describe).collect()),
        },
    ])
}

fn key_specs(entry: Entry, row: &Command) -> Vec<Reply> {
    let flags = key_flags(entry);
    let range = |last, step| Find::Range { last, step };
    let specs: Vec<(Option<usize>, Find)> = match row.keys {
        Keys::None => Vec::new(),
        Keys::At(at) => vec![(Some(at), range(0, 1))],
        // A source and a destination are two specifications.
        Keys::Range(first, last, _) if flags.len() == 2 && last > 0 => {
            vec![(Some(first), range(0, 1)), (Some(first + 1), range(0, 1))]
        }
        Keys::Range(first, last, step) if flags.len() == 2 => {
            vec![
                (Some(first), range(0, 1)),
                (Some(first + 1), range(last as i64, step as i64)),
            ]
        }
        Keys::Range(first, last, step) => {
            let last = if last < 0 {
                last as i64
            } else {
                last as i64 - first as i64
            };
            vec![(Some(first), range(last, step as i64))]
        }
        Keys::Counted(at) => vec![(Some(at), Find::Counted)],
        Keys::StoreCounted(to, at) => {
            vec![(Some(to), range(0, 1)), (Some(at), Find::Counted)]
        }
        Keys::Custom(_) => vec![
            (Some(1), range(0, 1)),
            (None, Find::Unknown),
            (None, Find::Unknown),
        ],
    };

    specs
        .into_iter()
        .zip(flags)
        .enumerate()
        .map(|(nth, ((at, find), flags))| {
            let mut fields = key_spec(flags, at, find);
            let of = |note: &&(&str, usize, &str)| note.0 == entry.name && note.1 == nth;
            if let Some((_, _, text)) = NOTES.iter().find(of) {
                fields.insert(0, (Reply::bulk("notes"), Reply::bulk(*text)));
            }
            Reply::Map(fields)
        })
        .collect()
}

enum Find {
    Range { last: i64, step: i64 },
    Counted,
    Unknown,
}

fn key_spec(flags: Vec<&'static str>, at: Option<usize>, find: Find) -> Vec<(Reply, Reply)> {
    let pair = |name: &str, value: Reply| (Reply::bulk(name), value);
    let kind = |kind: &str, spec: Vec<(Reply, Reply)>| {
        Reply::Map(vec![
            pair("type", Reply::bulk(kind)),
            pair("spec", Reply::Map(spec)),
        ])
    };
    let begin = match at {
        Some(at) => kind("index", vec![pair("index", Reply::count(at))]),
        None => kind("unknown", Vec::new()),
    };
    let find = match find {
        Find::Range { last, step } => kind(
            "range",
            vec![
                pair("lastkey", Reply::Int(last)),
                pair("keystep", Reply::Int(step)),
                pair("limit", Reply::Int(0)),
            ],
        ),
        Find::Counted => kind(
            "keynum",
            vec![
                pair("keynumidx", Reply::Int(0)),
                pair("firstkey", Reply::Int(1)),
                pair("keystep", Reply::Int(1)),
            ],
        ),
        Find::Unknown => kind("unknown", Vec::new()),
    };
    let flags = flags.into_iter().map(Reply::status).collect();

    vec![
        pair("flags", Reply::Set(flags)),
        pair("begin_search", begin),
        pair("find_keys", find),
    ]
}
