//! Our rows against the facts of Redis's commands, where the file of facts lies beside the repository.
use kilat::command::{self, Arity, Command, Flags, Handler, Keys};
use serde_json::Value;

use crate::support::files;

const FACTS: &str = "../shared/redis/commands.json";

/// The flags that are facts, by their names there.
#[rustfmt::skip]
const FLAGS: &[(&str, Flags)] = &[
    ("FAST", Flags::FAST), ("DENYOOM", Flags::GROWS), ("ADMIN", Flags::ADMIN), ("PUBSUB", Flags::PUBSUB),
    ("NOSCRIPT", Flags::NO_SCRIPT), ("LOADING", Flags::LOADING), ("STALE", Flags::STALE),
];

/// The facts are of a later version: ZRANK took WITHSCORE in 7.2, WAIT came to be allowed in scripts,
/// COMMAND GETKEYS takes commands without arguments.
const CHANGED_SINCE: &[&str] = &[
    "ZRANK",
    "ZREVRANK",
    "WAIT",
    "COMMAND|GETKEYS",
    "COMMAND|GETKEYSANDFLAGS",
];

#[test]
fn rows_agree_with_the_facts() {
    let Ok(text) = std::fs::read_to_string(files::root().join(FACTS)) else {
        println!("left out: {FACTS} is not there");
        return;
    };
    let facts: Value = serde_json::from_str(&text).unwrap();
    let ours = |row: &&Command| row.flags.has(Flags::KILAT) || CHANGED_SINCE.contains(&row.name);
    let rows = command::all().filter(|row| !ours(row));
    let complaints: Vec<String> = rows.flat_map(|row| compare(row, &facts)).collect();
    assert!(
        complaints.is_empty(),
        "rows differ from the facts:\n{}",
        complaints.join("\n")
    );
}

fn compare(row: &Command, facts: &Value) -> Vec<String> {
    let facts = &facts[row.name.replace('|', " ")];
    if facts.is_null() {
        return vec![format!("{}: not a command of Redis", row.name)];
    }
    let mut complaints = Vec::new();
    let arity = match row.arity {
        Arity::Exactly(words) => words as i64,
        Arity::AtLeast(words) => -(words as i64),
    };
    if facts["arity"] != arity {
        complaints.push(format!(
            "{}: arity {arity}, not {}",
            row.name, facts["arity"]
        ));
    }
    let has = |flag: &str| {
        let flags = facts["command_flags"].as_array();
        flags.is_some_and(|flags| flags.iter().any(|name| name == flag))
    };
    for (name, flag) in FLAGS {
        if has(name) != row.flags.has(*flag) {
            complaints.push(format!("{}: {name} is {} there", row.name, has(name)));
        }
    }
    // PUBLISH goes the way of writes and changes no key.
    let writes = matches!(row.handler, Handler::Write(_)) && !row.flags.has(Flags::PUBSUB);
    if has("WRITE") != writes {
        complaints.push(format!("{}: WRITE is {} there", row.name, has("WRITE")));
    }
    let first = &facts["key_specs"][0]["begin_search"]["index"]["pos"];
    let own = match row.keys {
        Keys::None => Value::Null,
        Keys::Custom(_) => return complaints,
        Keys::At(at) | Keys::Range(at, ..) | Keys::Counted(at) | Keys::StoreCounted(at, _) => {
            Value::from(at)
        }
    };
    if *first != own {
        complaints.push(format!("{}: first key {own}, not {first}", row.name));
    }

    complaints
}
