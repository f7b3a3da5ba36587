//! The forms in which a method can be called, as TypeScript has them.
//!
//! The type parameters of the methods: `T` is how strings come out, `M` how answers reach the caller, `S` the schema
//! of the keys, `K` the key given, `W` the words given; an option that changes the answer is one of its own name.
use kilat::command::{self, Command};

use super::grammar::{self, Choice, Grammar, Param};
use super::manual::Entry;
use super::options::{self, value_type};

/// One signature.
#[derive(Default)]
pub struct Form {
    pub generics: Vec<String>,
    pub params: Vec<String>,
    pub answer: String,
    /// The answer in the manual's short names, where no option is given.
    pub plain_answer: String,
}

/// Names of arguments that are keys.
const KEYS: &[&str] = &[
    "key",
    "key1",
    "key2",
    "source",
    "destination",
    "newkey",
    "dst",
    "src",
];

/// Commands that read strings and JSON values alike.
#[rustfmt::skip]
const TEXT_AND_JSON: &[&str] = &[
    "GET", "SET", "MGET", "GETEX", "INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY",
];

pub struct Shape<'a> {
    row: &'a Command,
    entry: &'a Entry,
    grammar: Grammar<'a>,
    /// Its keys are a type parameter, because the answer or another argument depends on them.
    named_key: bool,
    named_field: bool,
}

/// All forms of a command, the most typed first; the last may take plain words.
pub fn forms(row: &Command, entry: &Entry) -> Vec<Form> {
    let Some(grammar) = grammar::read(row.usage) else {
        return vec![words_only(row, entry)];
    };
    let all = std::iter::once(&entry.answer).chain(entry.conditions.iter().map(|(_, it)| it));
    let answers: Vec<&str> = all.flat_map(|answer| tokens(answer)).collect();
    let mut shape = Shape {
        row,
        entry,
        grammar,
        named_key: false,
        named_field: false,
    };
    let has = |name: &str| answers.contains(&name);
    shape.named_key = ["E", "FN", "FV", "HV", "H"].iter().any(|name| has(name))
        || shape
            .grammar
            .params
            .iter()
            .any(|param| shape.takes_part(param));
    shape.named_field = (has("FV") && !entry.each) || row.name == "HSETNX";

    if entry.each {
        return vec![shape.each_form("..."), shape.each_form("")];
    }

    shape.all()
}

/// The names in a type.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '\'')
}

/// A type with its names replaced.
pub fn map_names(text: &str, replace: impl Fn(&str) -> String) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'';
    let mut mapped = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let after = &rest[start..];
        let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
        mapped.push_str(&rest[..start]);
        mapped.push_str(&replace(&after[..end]));
        rest = &after[end..];
    }

    mapped + rest
}

fn words_only(row: &Command, entry: &Entry) -> Form {
    Form {
        generics: Vec::new(),
        params: vec!["...words: Words[]".to_owned()],
        answer: settle(row, entry, &entry.answer),
        plain_answer: entry.answer.clone(),
    }
}

/// The answer as it reaches the caller.
fn settle(row: &Command, entry: &Entry, answer: &str) -> String {
    let how = if row.is_write() || entry.later {
        "Write"
    } else {
        "Read"
    };

    format!("{how}<M, {answer}>")
}

impl<'a> Shape<'a> {
    fn all(&self) -> Vec<Form> {
        let params = &self.grammar.params;
        let mut forms = Vec::new();
        let maybe = params
            .iter()
            .position(|param| matches!(param, Param::Maybe(_)));
        let options = params.iter().position(|param| *param == Param::Options);
        match (maybe, options) {
            (Some(at), _) if self.condition(params[at].name()).is_some() || options.is_some() => {
                forms.push(self.form(&params[..at], &[]));
                forms.push(self.form(params, &[params[at].name()]));
            }
            (None, Some(at)) if at + 1 < params.len() => {
                forms.push(self.form(params, &[]));
                let without: Vec<Param> = params
                    .iter()
                    .filter(|it| **it != Param::Options)
                    .cloned()
                    .collect();
                forms.push(self.form(&without, &[]));
            }
            _ => forms.push(self.form(params, &[])),
        }
        let from = params
            .iter()
            .position(|param| matches!(param, Param::Options | Param::Pairs(..) | Param::Keys));
        forms.extend(from.map(|at| self.words_form(at)));

        forms
    }

    fn condition(&self, name: &str) -> Option<&str> {
        let found = self
            .entry
            .conditions
            .iter()
            .find(|(condition, _)| condition == name);

        found.map(|(_, answer)| answer.as_str())
    }

    fn option(&self, name: &str) -> Option<&Choice<'a>> {
        self.grammar
            .options
            .iter()
            .flatten()
            .find(|option| option.name == name)
    }

    /// A form with these parameters; `given` are the optional arguments that stand among them.
    fn form(&self, params: &[Param], given: &[&str]) -> Form {
        let mut form = Form::default();
        self.name_generics(&mut form);
        let has_options = params.contains(&Param::Options);
        let conditions: Vec<&str> = self
            .entry
            .conditions
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let flags: Vec<&Choice> = conditions
            .iter()
            .filter(|_| has_options)
            .filter_map(|name| self.option(name))
            .collect();
        for flag in &flags {
            let kind = value_type(&flag.value);
            let kind = if kind == "boolean" {
                kind
            } else {
                format!("{kind} | false")
            };
            form.generics
                .push(format!("{} extends {kind} = false", flag.name));
        }
        for (index, param) in params.iter().enumerate() {
            let is_last = index + 1 == params.len();
            let text = match param {
                Param::Options => self.options_param(&flags, is_last),
                Param::Maybe(name) if given.contains(name) => {
                    format!("{}: {}", camel(name), self.kind(name))
                }
                param => self.param(param, index),
            };
            form.params.push(text);
        }
        let holds = |name: &str| {
            flags
                .iter()
                .find(|flag| flag.name == name)
                .map(|flag| flag.name.to_owned())
        };
        form.answer = self.answer(given, holds);
        form.plain_answer = self.plain_answer(given);

        form
    }

    /// A form whose answer has as many parts as are asked for, one after the other (`...`) or in an array.
    fn each_form(&self, spread: &str) -> Form {
        let mut form = Form::default();
        self.name_generics(&mut form);
        for (index, param) in self.grammar.params.iter().enumerate() {
            if let Param::Many(name) = param {
                let kind = self.kind(name);
                form.generics
                    .push(format!("const Xs extends readonly ({kind})[]"));
                form.params
                    .push(format!("{spread}{}: Xs", plural(&camel(name))));
            } else {
                form.params.push(self.param(param, index));
            }
        }
        let one = self.spell(&self.entry.answer).replace("K, F>", "K, Xs[I]>");
        let all = format!("{{ -readonly [I in keyof Xs]: {one} }}");
        form.answer = settle(self.row, self.entry, &all);
        form.plain_answer = self.entry.answer.clone();

        form
    }

    fn options_param(&self, flags: &[&Choice], is_last: bool) -> String {
        let name = options::name(self.row);
        let mark = if is_last { "?" } else { "" };
        let named: Vec<String> = flags
            .iter()
            .map(|flag| format!("{0}?: {0}", flag.name))
            .collect();
        if named.is_empty() {
            return format!("options{mark}: {name}");
        }

        format!("options{mark}: With<{name}, {{ {} }}>", named.join("; "))
    }

    /// From the parameter at `at` on, Redis's own words.
    fn words_form(&self, at: usize) -> Form {
        let mut form = Form::default();
        let params = &self.grammar.params[..at];
        self.name_generics(&mut form);
        let mut given = Vec::new();
        for (index, param) in params.iter().enumerate() {
            if let Param::Maybe(name) = param {
                given.push(*name);
                form.params
                    .push(format!("{}: {}", camel(name), self.kind(name)));
            } else {
                form.params.push(self.param(param, index));
            }
        }
        if self.grammar.params[at] == Param::Keys {
            form.params.push("numkeys: Num".to_owned());
        }
        let holds = |name: &str| self.option(name).map(|_| format!("Has<W, '{name}'>"));
        form.answer = self.answer(&given, holds);
        form.plain_answer = self.plain_answer(&given);
        if form.answer.contains("Has<W") {
            form.generics.push("W extends readonly Plain[]".to_owned());
            form.params.push("...words: W".to_owned());
        } else {
            form.params.push("...words: Plain[]".to_owned());
        }

        form
    }

    /// The answer, where `given` arguments are there and `holds` tells by which type an option is known to be.
    fn answer(&self, given: &[&str], holds: impl Fn(&str) -> Option<String>) -> String {
        let mut answer = self.spell(&self.entry.answer);
        for (condition, instead) in self.entry.conditions.iter().rev() {
            if given.contains(&condition.as_str()) {
                answer = self.spell(instead);
            } else if let Some(known) = holds(condition) {
                answer = format!("If<{known}, {}, {answer}>", self.spell(instead));
            }
        }

        settle(self.row, self.entry, &answer)
    }

    fn plain_answer(&self, given: &[&str]) -> String {
        let mut conditions = self.entry.conditions.iter();
        let found = conditions.find(|(condition, _)| given.contains(&condition.as_str()));

        found
            .map_or(&self.entry.answer, |(_, answer)| answer)
            .clone()
    }

    /// The short names of an answer, written out.
    fn spell(&self, answer: &str) -> String {
        let names = [
            ("E", "Element<T, S, K>"),
            ("FN", "FieldKey<T, S, K>"),
            ("FV", "FieldValue<T, S, K, F>"),
            ("HV", "FieldValue<T, S, K>"),
            ("H", "HashOf<T, S, K>"),
        ];
        let long = |name: &str| {
            let found = names.iter().find(|(short, _)| *short == name);
            found.map_or(name, |(_, long)| long).to_owned()
        };

        map_names(answer, long)
    }

    fn name_generics(&self, form: &mut Form) {
        if self.named_key {
            form.generics
                .push(format!("K extends {}", self.key_kind("key")));
        }
        if self.named_field {
            form.generics.push("F extends FieldName<S, K>".to_owned());
        }
    }

    fn param(&self, param: &Param, index: usize) -> String {
        match param {
            Param::One(name) => format!("{}: {}", camel(name), self.kind(name)),
            Param::Maybe(name) => format!("{}?: {}", camel(name), self.kind(name)),
            Param::Choice(words) => {
                let literals: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                format!(
                    "{}: {}",
                    self.choice_name(words, index),
                    literals.join(" | ")
                )
            }
            Param::Keys => format!("keys: readonly {}[]", self.key("key")),
            Param::Many(name) | Param::MaybeMany(name) => {
                format!("...{}: Many<{}>", plural(&camel(name)), self.kind(name))
            }
            Param::Pairs("score", "member") => {
                "...members: (readonly [score: Num, member: Item<S, K>])[]".to_owned()
            }
            Param::Pairs("field", _) => "fields: FieldsFor<S, K>".to_owned(),
            Param::Pairs("key", _) => "values: Strings<S>".to_owned(),
            Param::Pairs(..) => "values: Fields".to_owned(),
            Param::Options => unreachable!("options are no plain parameter"),
        }
    }

    fn choice_name(&self, words: &[&str], index: usize) -> &'static str {
        let others = self
            .grammar
            .params
            .iter()
            .filter(|param| matches!(param, Param::Choice(_)))
            .count();
        let is_first = index == 0 || !matches!(self.grammar.params[index - 1], Param::Choice(_));
        match (others, is_first) {
            (2, true) => "from",
            (2, false) => "to",
            _ if words == ["BEFORE", "AFTER"] => "where",
            _ if words[0] == "LEFT" || words[0] == "MIN" => "from",
            _ => "mode",
        }
    }

    /// Whether an argument's type depends on the key.
    fn takes_part(&self, param: &Param) -> bool {
        let depends = |name: &str| self.kind(name).contains("<S, K");
        match param {
            Param::One(name) | Param::Maybe(name) | Param::Many(name) | Param::MaybeMany(name) => {
                depends(name)
            }
            Param::Pairs(first, _) => matches!(*first, "score" | "field"),
            _ => false,
        }
    }

    /// The type of an argument.
    fn kind(&self, name: &str) -> String {
        let group = command::group_of(self.row);
        match (group, name) {
            (_, name) if KEYS.contains(&name) => self.key(name),
            ("set" | "sorted-set", "member") | ("list", "element" | "pivot") => {
                "Item<S, K>".to_owned()
            }
            ("hash", "field") if self.named_field => "F".to_owned(),
            ("hash", "field") => "FieldName<S, K>".to_owned(),
            ("hash", "value") if self.named_field => "FieldGiven<S, K, F>".to_owned(),
            (_, name) if name.starts_with("unix-time") => "Num | Date".to_owned(),
            (_, name) if options::NUMBERS.contains(&name) => "Num".to_owned(),
            _ => "Word".to_owned(),
        }
    }

    /// The type of a key. A destination may be of another kind than what goes in.
    fn key(&self, name: &str) -> String {
        let is_other = matches!(name, "destination" | "dst") && self.row.name.ends_with("STORE");
        if self.named_key && !is_other {
            return "K".to_owned();
        }

        self.key_kind(name)
    }

    fn key_kind(&self, name: &str) -> String {
        let of = |kinds: &str| format!("KeyOf<S, {kinds}>");
        let combines = ["ZUNION", "ZINTER", "ZDIFF"]
            .iter()
            .any(|start| self.row.name.starts_with(start));
        match command::group_of(self.row) {
            "string" if TEXT_AND_JSON.contains(&self.row.name) => of("'text' | 'json'"),
            "string" => of("'text'"),
            "list" => of("'list'"),
            "set" => of("'set'"),
            "hash" => of("'hash'"),
            "sorted-set" if combines && name == "key" => of("'zset' | 'set'"),
            "sorted-set" => of("'zset'"),
            "json" => of("'json'"),
            _ if self.row.name.starts_with("SORT") => of("'list' | 'set' | 'zset'"),
            _ => "KeyOf<S>".to_owned(),
        }
    }
}

impl<'a> Param<'a> {
    fn name(&self) -> &'a str {
        match self {
            Param::One(name) | Param::Maybe(name) | Param::Many(name) | Param::MaybeMany(name) => {
                name
            }
            _ => "",
        }
    }
}

pub fn camel(token: &str) -> String {
    let mut parts = token.split(['-', '_']);
    let first = parts.next().unwrap_or_default().to_owned();
    let upper = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
    let name: String = std::iter::once(first).chain(parts.map(upper)).collect();

    if matches!(name.as_str(), "function" | "new" | "default") {
        format!("{name}Name")
    } else {
        name
    }
}

fn plural(name: &str) -> String {
    format!("{name}s")
}
