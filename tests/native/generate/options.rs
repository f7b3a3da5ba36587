//! The options of a command as a type of TypeScript.
use kilat::command::Command;

use super::forms::camel;
use super::grammar::{self, Choice, Value};

/// Names of arguments and of options' values that are numbers.
#[rustfmt::skip]
pub const NUMBERS: &[&str] = &[
    "bits", "client-id", "count", "cursor", "db", "decrement", "destination-db", "end", "frequency", "increment", "index",
    "index1", "index2", "len", "limit", "max", "milliseconds", "min", "num-matches", "numlocal", "numreplicas", "offset", "port",
    "rank", "score", "seconds", "start", "stop", "timeout", "ttl", "unix-time-milliseconds", "unix-time-seconds", "weight",
];

/// Options that Redis takes beside others only.
const NEEDS: &[(&str, &str, &[&str])] = &[
    ("ZRANGE", "LIMIT", &["BYSCORE", "BYLEX"]),
    ("ZRANGESTORE", "LIMIT", &["BYSCORE", "BYLEX"]),
];

/// `ZaddOptions`
pub fn name(row: &Command) -> String {
    let lower = row.name.to_ascii_lowercase();
    let parts = lower.split(['|', '.', '-', '_']);
    let upper = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];

    parts.map(upper).collect::<String>() + "Options"
}

/// The type of a command's options; none where it has none.
pub fn fields(row: &Command) -> Option<String> {
    let grammar = grammar::read(row.usage)?;
    let field = |choice: &Choice, mark: &str| {
        let spoken = spoken(&choice.value);
        let note = if spoken.is_empty() {
            String::new()
        } else {
            format!("/** {spoken} */ ")
        };
        format!("{note}{}{mark}: {}", choice.name, value_type(&choice.value))
    };
    let (single, several): (Vec<_>, Vec<_>) =
        grammar.options.iter().partition(|group| group.len() == 1);
    let mut parts: Vec<String> = several
        .iter()
        .map(|group| {
            let fields: Vec<String> = group.iter().map(|choice| field(choice, "")).collect();
            format!("OneOf<{{ {} }}>", fields.join("; "))
        })
        .collect();
    if !single.is_empty() {
        let fields: Vec<String> = single.iter().map(|group| field(&group[0], "?")).collect();
        parts.push(format!("{{ {} }}", fields.join("; ")));
    }
    for (_, option, others) in NEEDS.iter().filter(|(name, ..)| *name == row.name) {
        let given: Vec<String> = others
            .iter()
            .map(|name| format!("{{ {name}: true }}"))
            .collect();
        parts.push(format!(
            "({{ {option}?: undefined }} | {})",
            given.join(" | ")
        ));
    }

    (!parts.is_empty()).then(|| parts.join(" & "))
}

/// What stands behind an option's word, for people.
fn spoken(value: &Value) -> String {
    match value {
        Value::Words(words) => words.join(" "),
        Value::List(word) | Value::Repeated(word) => format!("{word} [{word} ...]"),
        Value::Nothing | Value::Choice(_) => String::new(),
    }
}

pub fn value_type(value: &Value) -> String {
    match value {
        Value::Nothing => "boolean".to_owned(),
        Value::Words(words) if words.len() == 1 => word_type(words[0]).to_owned(),
        Value::Words(words) => {
            let each: Vec<String> = words
                .iter()
                .map(|word| format!("{}: {}", camel(word), word_type(word)))
                .collect();
            format!("readonly [{}]", each.join(", "))
        }
        Value::List(word) => format!("readonly {}[]", word_type(word)),
        Value::Repeated(word) => format!("{0} | readonly {0}[]", word_type(word)),
        Value::Choice(choices) => {
            let one = |words: &Vec<&str>| match words[..] {
                [word] => format!("'{word}'"),
                _ => format!("readonly ['{}', Word]", words[0]),
            };
            choices.iter().map(one).collect::<Vec<_>>().join(" | ")
        }
    }
}

fn word_type(word: &str) -> &'static str {
    match word {
        "unix-time-seconds" | "unix-time-milliseconds" => "number | Date",
        "type" => "Exclude<KeyType, 'none'>",
        "pattern" | "destination" | "prefix" => "Key",
        word if NUMBERS.contains(&word) => "number",
        _ => "Word",
    }
}
