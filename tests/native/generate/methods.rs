//! src/ts/methods.generated.ts: the options of commands and the signatures of their methods.
use std::collections::BTreeMap;

use kilat::command::{Arity, Command};

use super::forms::{self, Form};
use super::manual::Entry;
use super::options;

const TEMPLATE: &str = include_str!("methods.template.ts");

/// The file. `methods` has the rows of each method by its name.
pub fn file(methods: &BTreeMap<String, Vec<&Command>>, manual: &BTreeMap<String, Entry>) -> String {
    let mut types = String::new();
    for row in methods.values().flatten() {
        if let Some(fields) = options::fields(row) {
            let (name, command) = (options::name(row), row.name.replace('|', " "));
            types += &format!("\n/** Options of {command}. */\nexport type {name} = {fields};\n");
        }
    }
    let all: Vec<String> = methods
        .iter()
        .map(|(name, rows)| method(name, rows, manual))
        .collect();

    TEMPLATE
        .replace("OPTIONS\n", &format!("{}\n", types.trim_start()))
        .replace("METHODS", &all.join("\n"))
}

fn method(name: &str, rows: &[&Command], manual: &BTreeMap<String, Entry>) -> String {
    let mut text = String::new();
    for row in rows {
        let entry = &manual[row.name];
        let doc = doc(row, entry);
        for form in forms::forms(row, entry) {
            text += &format!("{doc}  {};\n", signature(name, row, &form));
        }
    }
    // DEBUG reads subcommands itself that have no rows.
    let reads_itself = |row: &&Command| !row.name.contains('|') && row.arity == Arity::AtLeast(2);
    if rows.len() > 1 && rows.iter().any(reads_itself) {
        text += &format!("  {name}(...words: Words[]): Write<M, Reply>;\n");
    }

    text
}

/// `zadd<K extends KeyOf<S, 'zset'>>(key: K, ...words: Plain[]): Write<M, number>`
pub fn signature(name: &str, row: &Command, form: &Form) -> String {
    let generics = match &form.generics[..] {
        [] => String::new(),
        generics => format!("<{}>", generics.join(", ")),
    };
    let sub = row
        .name
        .split_once('|')
        .map(|(_, sub)| format!("subcommand: '{sub}'"));
    let params: Vec<String> = sub.into_iter().chain(form.params.iter().cloned()).collect();

    format!("{name}{generics}({}): {}", params.join(", "), form.answer)
}

fn doc(row: &Command, entry: &Entry) -> String {
    let since = match &entry.since {
        Some(version) => format!("Since Redis {version}."),
        None => "Not one of Redis's commands.".to_owned(),
    };

    format!(
        "  /**\n   * `{}`\n   *\n   * {}\n   *\n   * {}. {since}\n   */\n",
        syntax(row),
        entry.summary,
        entry.complexity,
    )
}

pub fn syntax(row: &Command) -> String {
    format!("{} {}", row.name.replace('|', " "), row.usage)
        .trim_end()
        .to_owned()
}
