//! src/command/manual.txt, read: what the table does not say of a command.
use std::collections::BTreeMap;
use std::path::Path;

use kilat::command;

use crate::support::files;

pub struct Entry {
    /// None: not one of Redis's commands.
    pub since: Option<String>,
    pub complexity: String,
    pub summary: String,
    /// The answer, without conditions that do not hold.
    pub answer: String,
    /// What is answered instead where an option or argument is given; the first that is holds.
    pub conditions: Vec<(String, String)>,
    /// It comes later though no key is written.
    pub later: bool,
    /// It is an array of as many as were asked for, each of them `answer`.
    pub each: bool,
}

pub fn read() -> BTreeMap<String, Entry> {
    let text = files::read(Path::new("src/command/manual.txt"));
    let blocks = text.split("\n\n").skip(1);

    blocks.map(entry).collect()
}

fn entry(block: &str) -> (String, Entry) {
    let lines: Vec<&str> = block.trim_end().lines().collect();
    let [head, summary, answer] = lines[..] else {
        panic!("three lines are wanted: {block}");
    };
    let mut head = head.splitn(3, ' ');
    let mut next = || head.next().expect("name, version, complexity").to_owned();
    let (name, since, complexity) = (next(), next(), next());
    let answer = answer.trim().strip_prefix("= ").expect("an answer");
    let (later, answer) = match answer.strip_prefix("later ") {
        Some(answer) => (true, answer),
        None => (false, answer),
    };
    let (each, answer) = match answer.strip_prefix("each ") {
        Some(answer) => (true, answer),
        None => (false, answer),
    };
    let mut parts: Vec<&str> = answer.split(" : ").collect();
    let otherwise = parts.pop().expect("there is one at least").to_owned();
    let condition = |part: &str| {
        let (answer, condition) = part.split_once(" ? ").expect("a condition");
        (condition.to_owned(), answer.to_owned())
    };

    (
        name,
        Entry {
            since: (since != "-").then_some(since),
            complexity,
            summary: summary.trim().to_owned(),
            answer: otherwise,
            conditions: parts.into_iter().map(condition).collect(),
            later,
            each,
        },
    )
}

#[test]
fn every_command_has_an_entry() {
    let entries = read();
    let names: Vec<&str> = command::all().map(|row| row.name).collect();
    let missing: Vec<&&str> = names
        .iter()
        .filter(|name| !entries.contains_key(**name))
        .collect();
    let extra: Vec<&String> = entries
        .keys()
        .filter(|name| !names.contains(&name.as_str()))
        .collect();

    assert!(
        missing.is_empty() && extra.is_empty(),
        "src/command/manual.txt lacks {missing:?} and has no command for {extra:?}"
    );
}
