//! docs/commands/: the command reference, a page for each group.
use std::collections::BTreeMap;
use std::path::Path;

use kilat::command::{self, Arity, Command};

use super::forms::{self, Form};
use super::manual::Entry;
use super::methods;
use super::options;
use crate::support::files;

const INTRODUCTION: &str = include_str!("reference.template.md");

/// Lines of an example, at most; it ends where a reply does.
const EXAMPLE_LINES: usize = 14;

/// What stands in place of a generated method.
const BY_HAND: &[(&str, &str)] = &[
    ("GET", "db.get<V>(key: Key): V | null"),
    (
        "SET",
        "db.set(key: Key, value: V, options?: SetOptions): Promise<'OK'>\n\
         // with NX or XX: 'OK' | null; with GET: string | null",
    ),
    ("SELECT", "db.select(index: number): 'OK'"),
    ("MULTI", "db.multi(): Chain"),
    ("EXEC", "db.multi().exec(): Promise<Reply[]>"),
    (
        "WATCH",
        "db.update<V>(key: Key, change: (old: V | null) => V): Promise<V>",
    ),
    (
        "SUBSCRIBE",
        "db.subscribe(channel: string, listener: (message: string, channel: string) => void): () => void",
    ),
    (
        "PSUBSCRIBE",
        "db.subscribe(pattern: string, listener: (message: string, channel: string) => void): () => void",
    ),
];

/// All pages by their paths.
pub fn pages(manual: &BTreeMap<String, Entry>) -> BTreeMap<String, String> {
    let mut groups: BTreeMap<&str, Vec<&Command>> = BTreeMap::new();
    for row in command::all() {
        groups.entry(command::group_of(row)).or_default().push(row);
    }
    let mut pages = BTreeMap::new();
    let mut contents = String::new();
    for (group, mut rows) in groups {
        rows.sort_by_key(|row| row.name);
        let sections: Vec<String> = rows.iter().map(|row| section(row, manual)).collect();
        let head = format!(
            "<!-- Generated: UPDATE=1 cargo test. Do not edit. -->\n# Commands: {}\n\n\
             What the words in the signatures mean stands [before the groups](README.md).\n\n",
            title(group)
        );
        pages.insert(
            format!("docs/commands/{group}.md"),
            head + &sections.join("\n"),
        );
        contents += &format!(
            "## {}\n\n| command | |\n| --- | --- |\n",
            capital(&title(group))
        );
        for row in rows {
            let name = row.name.replace('|', " ");
            let summary = manual[row.name].summary.replace('|', "\\|");
            let anchor = name.to_ascii_lowercase().replace(' ', "-").replace('.', "");
            contents += &format!("| [{name}]({group}.md#{anchor}) | {summary} |\n");
        }
        contents.push('\n');
    }
    let index = INTRODUCTION.replace("CONTENTS", contents.trim_end());
    pages.insert("docs/commands/README.md".to_owned(), index);

    pages
}

fn title(group: &str) -> String {
    match group {
        "generic" => "keys".to_owned(),
        "pubsub" => "channels".to_owned(),
        "json" => "JSON".to_owned(),
        "connection" | "server" | "transactions" => group.to_owned(),
        group => format!("{}s", group.replace('-', " ")).replace("hashs", "hashes"),
    }
}

fn capital(text: &str) -> String {
    text[..1].to_ascii_uppercase() + &text[1..]
}

fn section(row: &Command, manual: &BTreeMap<String, Entry>) -> String {
    let entry = &manual[row.name];
    let name = row.name.replace('|', " ");
    let since = match &entry.since {
        Some(version) => format!("Redis has it since {version}."),
        None => "Not one of Redis's commands.".to_owned(),
    };
    let whence = if row.is_write() {
        "Writes, in the leading tab."
    } else {
        "Answered in every tab."
    };

    format!(
        "## {name}\n\n`{}`\n\n{}\n\nComplexity: {}. {whence} {since}\n\n```ts signature\n{}\n```\n{}",
        methods::syntax(row),
        entry.summary,
        entry.complexity,
        signatures(row, entry),
        example(row),
    )
}

fn signatures(row: &Command, entry: &Entry) -> String {
    if let Some((_, text)) = BY_HAND.iter().find(|(name, _)| *name == row.name) {
        return (*text).to_owned();
    }
    if super::is_without_method(row) {
        let name = row.name;
        let words = if row.arity == Arity::Exactly(1) {
            ""
        } else {
            ", ...words: Words[]"
        };
        return format!("db.openSession().call('{name}'{words}): ReplyTree");
    }
    let method = super::method_name(row);
    let mut lines: Vec<String> = forms::forms(row, entry)
        .iter()
        .map(|form| signature(&method, row, entry, form))
        .collect();
    let fields = options::fields(row);
    for (condition, answer) in &entry.conditions {
        // An optional argument has a signature of its own.
        if condition.starts_with(|first: char| first.is_ascii_uppercase()) {
            let answer = settle(row, entry, &shown(answer));
            lines.push(format!("// with {condition}: {answer}"));
        }
    }
    if let Some(fields) = fields {
        lines.push(format!("type {} = {fields}", options::name(row)));
    }

    lines.join("\n")
}

fn signature(method: &str, row: &Command, entry: &Entry, form: &Form) -> String {
    let sub = row.name.split_once('|').map(|(_, sub)| format!("'{sub}'"));
    let params = form.params.iter().map(|param| shown(param));
    let params: Vec<String> = sub.into_iter().chain(params).collect();
    let answer = settle(row, entry, &shown(&form.plain_answer));

    format!("db.{method}({}): {answer}", params.join(", "))
}

fn settle(row: &Command, entry: &Entry, answer: &str) -> String {
    let answer = match (entry.each, answer.contains(' ')) {
        (false, _) => answer.to_owned(),
        (true, true) => format!("({answer})[]"),
        (true, false) => format!("{answer}[]"),
    };
    if row.is_write() || entry.later {
        format!("Promise<{answer}>")
    } else {
        answer
    }
}

/// A type as it is without a schema and for text.
fn shown(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(start) = text.find("KeyOf<") {
        let end = text[start..].find('>').expect("it is closed") + start;
        text.replace_range(start..=end, "Key");
    }
    // Options that change the answer are named below.
    if let Some((before, after)) = text.split_once("With<") {
        let name = after.split(',').next().unwrap_or(after);
        text = format!("{before}{name}");
    }
    let names = [
        ("Item<S, K>", "Word"),
        ("FieldName<S, K>", "Word"),
        ("FieldGiven<S, K, F>", "Word"),
        ("FieldsFor<S, K>", "Fields"),
        ("Strings<S>", "Fields"),
        ("keys: Xs", "keys: Key[]"),
        (": Xs", ": Word[]"),
        (": W", ": Plain[]"),
    ];
    for (long, short) in names {
        let is_whole = long != ": W" || text.ends_with(long);
        if is_whole {
            text = text.replace(long, short);
        }
    }
    let word = |word: &str| match word {
        "K" => "Key".to_owned(),
        "F" => "Word".to_owned(),
        "T" | "E" | "FN" | "FV" | "HV" => "string".to_owned(),
        "H" => "Record<string, string>".to_owned(),
        word => word.to_owned(),
    };

    forms::map_names(&text, word)
}

/// The first calls of the transcript.
fn example(row: &Command) -> String {
    let file = row.name.to_ascii_lowercase().replace('|', "-");
    let path = format!("tests/transcripts/{}/{file}.txt", command::group_of(row));
    let text = files::read(Path::new(&path));
    let calls: Vec<&str> = text
        .split("\n> ")
        .skip(1)
        .map(|call| call.trim_end())
        .collect();
    let mut lines: Vec<String> = Vec::new();
    for call in calls {
        let (call, is_last) = match call.split_once("\n#") {
            Some((call, _)) => (call, true),
            None => (call, false),
        };
        let (line, reply) = call.split_once('\n').unwrap_or((call, ""));
        let line = line.split("   #:").next().unwrap_or(line);
        let reply = reply.trim_end();
        let size = 1 + reply.lines().count();
        if !lines.is_empty() && lines.len() + size > EXAMPLE_LINES {
            break;
        }
        lines.push(format!("> {line}"));
        lines.extend(reply.lines().take(EXAMPLE_LINES * 2).map(str::to_owned));
        if reply.lines().count() > EXAMPLE_LINES * 2 {
            lines.push("...".to_owned());
        }
        if is_last && lines.len() > EXAMPLE_LINES / 2 {
            break;
        }
    }

    format!("\n```text\n{}\n```\n", lines.join("\n"))
}
