//! What is derived from the command table and checked in: the table and the methods in TypeScript, the command
//! reference, the list in the README. `UPDATE=1 cargo test` refreshes it.
mod forms;
mod grammar;
mod manual;
mod methods;
mod options;
mod reference;

use std::collections::BTreeMap;
use std::path::Path;

use kilat::command::{self, Arity, Command, Handler, Keys};

use crate::support::files::{self, check_golden};

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
fn the_table_in_typescript() {
    check_golden("src/ts/commands.generated.ts", &table());
}

#[test]
fn typed_methods() {
    let manual = manual::read();

    check_golden(
        "src/ts/methods.generated.ts",
        &methods::file(&methods_by_name(), &manual),
    );
}

#[test]
fn the_command_reference() {
    let pages = reference::pages(&manual::read());
    for (path, text) in &pages {
        check_golden(path, text);
    }
    let there = files::below("docs/commands", ".md");
    let strangers: Vec<_> = there
        .iter()
        .filter(|path| !pages.contains_key(&*path.to_string_lossy()))
        .collect();
    assert!(strangers.is_empty(), "no group of commands: {strangers:?}");
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
        format!(
            "| [{group}](docs/commands/{group}.md) | {} | `{}` |\n",
            names.len(),
            names.join("` `")
        )
    };
    let count = command::all().count();
    let lines: String = groups.into_iter().map(line).collect();
    let table = format!("| group | {count} in all | |\n| --- | --- | --- |\n{lines}");

    check_golden("README.md", &format!("{before}{BEGIN}{table}{END}{after}"));
}

/// The rows of each method, by its name. Those of a container are answered in one way.
fn methods_by_name() -> BTreeMap<String, Vec<&'static Command>> {
    let mut rows: Vec<&Command> = command::all().collect();
    rows.sort_by_key(|row| row.name);
    let mut methods: BTreeMap<String, Vec<&Command>> = BTreeMap::new();
    for row in rows {
        if !is_without_method(row) {
            methods.entry(method_name(row)).or_default().push(row);
        }
    }

    methods
}

#[test]
fn subcommands_are_answered_alike() {
    let manual = manual::read();
    let later = |row: &&Command| row.is_write() || manual[row.name].later;
    for (name, rows) in methods_by_name() {
        assert!(
            rows.iter().all(later) || !rows.iter().any(later),
            "{name}: at once or later?"
        );
    }
}

const TEMPLATE: &str = include_str!("commands.template.ts");

/// A letter for each group.
const GROUPS: &[(&str, char)] = &[
    ("string", 's'),
    ("generic", 'g'),
    ("list", 'l'),
    ("set", 'S'),
    ("hash", 'h'),
    ("sorted-set", 'z'),
    ("json", 'j'),
    ("pubsub", 'p'),
    ("transactions", 't'),
    ("connection", 'c'),
    ("server", 'v'),
];

fn table() -> String {
    let mut rows: Vec<&Command> = command::all().collect();
    rows.sort_by_key(|row| row.name);
    let manual = manual::read();
    let lines: String = rows
        .iter()
        .map(|row| table_line(row, manual[row.name].later))
        .collect();
    let letters: Vec<String> = GROUPS
        .iter()
        .map(|(name, letter)| format!("{letter}: '{name}'"))
        .collect();

    TEMPLATE
        .replace("TABLE", &lines)
        .replace("LETTERS", &letters.join(", "))
}

fn is_without_method(row: &Command) -> bool {
    WITHOUT_METHOD.contains(&container(row))
}

fn container(row: &Command) -> &str {
    row.name.split('|').next().unwrap()
}

/// `ZADD zw-4:1 key [NX | XX] ...`
fn table_line(row: &Command, later: bool) -> String {
    let arity = match row.arity {
        Arity::Exactly(words) => format!("{words}"),
        Arity::AtLeast(words) => format!("-{words}"),
    };
    let keys = match row.keys {
        Keys::At(at) => format!("{at}"),
        Keys::Range(first, last, step) => format!("{first},{last},{step}"),
        _ => String::new(),
    };
    let group = GROUPS
        .iter()
        .find(|(name, _)| *name == command::group_of(row));
    let (_, group) = group.expect("every group has a letter");
    let kind = match row.handler {
        Handler::Read(_) => 'r',
        Handler::Write(_) => 'w',
        Handler::Session(_) if later => 'l',
        Handler::Session(_) => 's',
        Handler::Engine(_) => 'e',
    };
    let without = if is_without_method(row) { "-" } else { "" };
    let line = format!(
        "{} {without}{group}{kind}{arity}:{keys} {}",
        row.name, row.usage
    );

    format!("{}\n", line.trim_end())
}

/// Redis's word in lower case; a dot cannot stand in it.
fn method_name(row: &Command) -> String {
    container(row).to_ascii_lowercase().replace(['.', '-'], "")
}
