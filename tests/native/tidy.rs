//! What review would have to say again and again: sizes, layers, banned names, a transcript for every row.
use std::collections::BTreeSet;
use std::path::Path;

use kilat::command;

use crate::support::{files, transcript};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const CODE_COLUMNS_MAX: usize = 100;
const COMMENT_COLUMNS_MAX: usize = 120;

/// What a module may import, as `src/lib.rs` draws it.
#[rustfmt::skip]
const LAYERS: &[(&str, &[&str])] = &[
    ("base",     &[]),
    ("value",    &["base"]),
    ("keyspace", &["base", "value"]),
    ("command",  &["base", "value", "keyspace"]),
    ("resp",     &["base", "command"]),
    ("engine",   &["base", "value", "keyspace", "command"]),
    ("log",      &["base", "value", "keyspace", "command"]),
    ("replica",  &["base", "value", "keyspace", "command"]),
    ("node",     &["base", "value", "keyspace", "command", "engine", "log", "replica"]),
    ("sim",      &["base", "value", "keyspace", "command", "engine", "log", "replica", "resp", "node"]),
    ("browser",  &["base", "value", "keyspace", "command", "engine", "log", "replica", "resp", "node"]),
];

/// Crates of the web, and the only place that may name them.
const WEB_CRATES: &[(&str, &str)] = &[
    ("wasm_bindgen", "src/browser/"),
    ("wasm_bindgen_futures", "src/browser/"),
    ("js_sys", "src/browser/"),
    ("web_sys", "src/browser/"),
    ("serde_wasm_bindgen", "src/browser/"),
    ("indexed_db_futures", "src/browser/storage"),
];

/// Constants that TypeScript repeats: its file, the name in both, the file that it repeats.
const REPEATED: &[(&str, &str, &str)] = &[
    ("src/ts/early.ts", "PREFIX", "src/browser/storage.rs"),
    ("src/ts/early.ts", "STORES", "src/browser/storage.rs"),
    ("src/ts/early.ts", "META", "src/browser/storage.rs"),
    ("src/ts/early.ts", "IDENTITY", "src/browser/storage.rs"),
    ("src/ts/instance.ts", "OK", "src/browser/bindings.rs"),
    ("src/ts/instance.ts", "OK_LATER", "src/browser/bindings.rs"),
    ("src/ts/instance.ts", "SETS", "src/browser/bindings.rs"),
];

fn complain(what: &str, complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{what}:\n{}", complaints.join("\n"));
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|part| {
        ["tests", "tests.rs"]
            .iter()
            .any(|name| part.as_os_str() == *name)
    })
}

/// The lines before the tests at a file's end.
fn product_lines(text: &str) -> Vec<&str> {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]" || !text.contains("mod tests {"))
        .collect()
}

fn rust_files() -> Vec<(String, String)> {
    let paths = files::below("src", ".rs");
    let product = paths.iter().filter(|path| !is_test_file(path));

    product
        .map(|path| (path.to_string_lossy().into_owned(), files::read(path)))
        .collect()
}

#[test]
fn files_are_short() {
    let mut complaints = Vec::new();
    for (path, text) in rust_files() {
        let lines = product_lines(&text).len();
        if lines > FILE_LINES_MAX {
            complaints.push(format!("{path}: {lines} lines"));
        }
    }
    for path in ["src/ts", "www/src"]
        .iter()
        .flat_map(|folder| files::below(folder, ".ts"))
    {
        let path = path.to_string_lossy().into_owned();
        let lines = files::read(Path::new(&path)).lines().count();
        if lines > FILE_LINES_MAX && !path.contains("generated") {
            complaints.push(format!("{path}: {lines} lines"));
        }
    }
    complain("files longer than 500 lines", complaints);
}

#[test]
fn functions_are_short() {
    let mut complaints = Vec::new();
    for (path, text) in rust_files() {
        let lines = product_lines(&text);
        for (start, line) in lines.iter().enumerate() {
            if !is_function(line) || line.ends_with('}') || line.ends_with(';') {
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            let length = lines[start..]
                .iter()
                .position(|line| *line == end)
                .unwrap_or(0)
                + 1;
            if length > FUNCTION_LINES_MAX {
                complaints.push(format!("{path}:{}: {length} lines", start + 1));
            }
        }
    }
    complain("functions longer than 70 lines", complaints);
}

fn is_function(line: &str) -> bool {
    let code = line.trim_start();

    code.split("fn ").next().is_some_and(|before| {
        code.contains("fn ")
            && before.split_whitespace().all(|word| {
                word.starts_with("pub") || ["const", "async", "in", "super)"].contains(&word)
            })
    })
}

#[test]
fn lines_are_short() {
    let mut complaints = Vec::new();
    for path in files::below("src", ".rs")
        .iter()
        .chain(&files::below("tests/native", ".rs"))
    {
        let mut is_table = false;
        for (index, line) in files::read(path).lines().enumerate() {
            // A table is laid out by hand: a row, however long, is a line.
            is_table = line.contains("#[rustfmt::skip]") || (is_table && !line.starts_with("];"));
            // A text that goes on over lines is what it is.
            let is_text = line.contains('"') || line.ends_with('\\');
            let is_comment = line.trim_start().starts_with("//");
            let columns_max = if is_comment {
                COMMENT_COLUMNS_MAX
            } else {
                CODE_COLUMNS_MAX
            };
            if line.chars().count() > columns_max && !is_table && !is_text {
                complaints.push(format!("{}:{}", path.display(), index + 1));
            }
        }
    }
    complain("lines too long", complaints);
}

#[test]
fn modules_import_only_what_stands_below() {
    let mut complaints = Vec::new();
    for (path, text) in rust_files() {
        let module = path
            .trim_start_matches("src/")
            .split(['/', '.'])
            .next()
            .unwrap_or_default();
        if module == "lib" {
            continue;
        }
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            complaints.push(format!("{path}: {module} has no layer"));
            continue;
        };
        for (index, line) in product_lines(&text).iter().enumerate() {
            for named in modules_named(line) {
                if named != module && !below.contains(&named) {
                    complaints.push(format!("{path}:{}: {module} names {named}", index + 1));
                }
            }
        }
    }
    complain("imports against the layers", complaints);
}

/// The modules that a line of code names as `crate::module`.
fn modules_named(line: &str) -> Vec<&str> {
    if line.trim_start().starts_with("//") {
        return Vec::new();
    }
    let word = |rest: &str| {
        rest.find(|char: char| !char.is_alphanumeric() && char != '_')
            .unwrap_or(rest.len())
    };
    let mut named = Vec::new();
    for (_, rest) in line
        .match_indices("crate::")
        .map(|(at, found)| line.split_at(at + found.len()))
    {
        match rest.strip_prefix('{') {
            Some(group) => named.extend(group.split(", ").map(|part| &part[..word(part)])),
            None => named.push(&rest[..word(rest)]),
        }
    }
    named.retain(|name| name.chars().next().is_some_and(char::is_lowercase));

    named
}

#[test]
fn only_the_browser_names_the_web() {
    let mut complaints = Vec::new();
    for (path, text) in rust_files() {
        for (name, place) in WEB_CRATES {
            let is_named = |line: &&str| {
                !line.trim_start().starts_with("//")
                    && (line.contains(&format!("{name}::"))
                        || line.contains(&format!("use {name};")))
            };
            if !path.starts_with(place) && text.lines().any(|line| is_named(&line)) {
                complaints.push(format!("{path} names {name}"));
            }
        }
    }
    complain("crates of the web outside their place", complaints);
}

#[test]
fn what_typescript_repeats_is_the_same() {
    let mut complaints = Vec::new();
    for (path, name, source) in REPEATED {
        let value_in = |path: &str| {
            let text = files::read(&files::root().join(path));
            let begins = format!("const {name}");
            let line = text.lines().find(|line| {
                line.strip_prefix(&begins)
                    .is_some_and(|rest| rest.starts_with([':', ' ']))
            });
            let value = line
                .and_then(|line| line.rsplit_once(" = "))
                .map(|(_, value)| value);
            // The two languages differ in quotes alone.
            value.map(|value| {
                value
                    .trim_end_matches(";")
                    .trim_end_matches(" as const")
                    .replace('\'', "\"")
            })
        };
        let (repeated, original) = (value_in(path), value_in(source));
        if repeated.is_none() || repeated != original {
            complaints.push(format!(
                "{name}: {repeated:?} in {path}, {original:?} in {source}"
            ));
        }
    }
    complain("constants that are not what they repeat", complaints);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut complaints = Vec::new();
    let places = [
        ("src", ".rs"),
        ("src", ".ts"),
        ("tests", ".rs"),
        ("scripts", ".mjs"),
        ("www/src", ".ts"),
    ];
    for path in places
        .iter()
        .flat_map(|(folder, ending)| files::below(folder, ending))
    {
        for (index, line) in files::read(&path).lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                complaints.push(format!("{}:{}", path.display(), index + 1));
            }
        }
    }
    complain("things left for later", complaints);
}

#[test]
fn modules_say_what_they_are() {
    let mut complaints = Vec::new();
    for (path, text) in rust_files() {
        // A drawing of bytes is as long as it must be.
        let lines: Vec<&str> = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        let words = lines.split(|line| line.starts_with("//! ```")).step_by(2);
        let head: usize = words.map(<[&str]>::len).sum();
        if head == 0 {
            complaints.push(format!("{path}: no `//!`"));
        } else if head > 10 && path != "src/lib.rs" {
            complaints.push(format!("{path}: {head} lines of `//!`"));
        }
    }
    complain("module heads", complaints);
}

/// `config-get.txt`, or `config.txt`, calls CONFIG GET.
#[test]
fn every_row_has_a_transcript() {
    let mut called: BTreeSet<(String, &str)> = BTreeSet::new();
    for transcript in transcript::all() {
        let stem = transcript
            .path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for step in &transcript.steps {
            let words: Vec<&[u8]> = step.argv.iter().map(Vec::as_slice).collect();
            if let Ok(row) = command::find(&words) {
                called.insert((stem.clone(), row.name));
            }
        }
    }
    let is_called = |row: &command::Command| {
        let name = row.lower_name();
        let container = name.split('|').next().unwrap_or_default();
        [name.replace('|', "-"), container.to_owned()]
            .into_iter()
            .any(|stem| called.contains(&(stem, row.name)))
    };
    let rows = command::all().filter(|row| !is_called(row));
    let complaints = rows
        .map(|row| {
            let file = row.lower_name().replace('|', "-");
            format!(
                "tests/transcripts/{}/{file}.txt does not call it",
                command::group_of(row)
            )
        })
        .collect();
    complain("rows without a transcript", complaints);
}
