//! Rows against what COMMAND of redis-server 7.0.15 says.
use std::collections::BTreeMap;

use super::*;
use crate::command::row::Flags;

const GOLDEN: &str = include_str!("../../../../tests/golden/commands-7.0.15.txt");

fn sorted(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    if names.is_empty() {
        "-".into()
    } else {
        names.join(",")
    }
}

/// What a line of the golden file says, made of ours: all but tips.
fn facts(entry: Entry) -> String {
    let (first, last, step) = entry.key_range();
    let has_keys = entry.row.is_some_and(|row| !matches!(row.keys, Keys::None));
    let flags: Vec<String> = match has_keys {
        true => key_flags(entry)
            .into_iter()
            .map(|flags| flags.join("+"))
            .collect(),
        false => vec!["-".into()],
    };

    format!(
        "{} {} {first}:{last}:{step} {} {}",
        entry.arity(),
        sorted(entry.flag_names()),
        sorted(entry.categories()),
        flags.join("|")
    )
}

#[test]
fn rows_are_what_redis_says() {
    let golden: BTreeMap<&str, String> = GOLDEN
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            (words[0], words[1..6].join(" "))
        })
        .collect();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for container in entries(None) {
        for entry in std::iter::once(container).chain(container.subcommands()) {
            let is_ours = |row: &Command| row.flags.has(Flags::KILAT);
            if entry.row.is_some_and(is_ours) {
                continue;
            }
            compared += 1;
            match golden.get(entry.name) {
                Some(said) if *said == facts(entry) => {}
                Some(said) => wrong.push(format!(
                    "{}\n  is   {}\n  not  {said}",
                    entry.name,
                    facts(entry)
                )),
                None => wrong.push(format!("{} is no command of Redis", entry.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 150, "only {compared} rows were found");
}
