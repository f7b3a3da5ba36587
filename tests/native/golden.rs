//! Golden files: what others rely on changes only on purpose. `UPDATE=1 cargo test` refreshes them.
use kilat::command::{self, Arity, Command, Flags, Handler, Keys};

use crate::support::files::check_golden;

#[rustfmt::skip]
const FLAGS: &[(Flags, &str)] = &[
    (Flags::FAST, "fast"), (Flags::GROWS, "grows"), (Flags::ADMIN, "admin"), (Flags::PUBSUB, "pubsub"),
    (Flags::NO_SCRIPT, "noscript"), (Flags::NO_MULTI, "no_multi"), (Flags::LOADING, "loading"),
    (Flags::STALE, "stale"), (Flags::SKIP_MONITOR, "skip_monitor"), (Flags::SKIP_SLOWLOG, "skip_slowlog"),
    (Flags::NO_AUTH, "no_auth"), (Flags::BLOCKING, "blocking"), (Flags::ALLOW_BUSY, "allow_busy"),
    (Flags::DANGEROUS, "dangerous"), (Flags::MOVABLE, "movable"), (Flags::KILAT, "kilat"),
];

#[test]
fn the_command_table() {
    let mut rows: Vec<&Command> = command::all().collect();
    rows.sort_by_key(|row| row.name);
    let lines: Vec<String> = rows.into_iter().map(line).collect();

    check_golden(
        "tests/golden/commands.txt",
        &format!("{}\n", lines.join("\n")),
    );
}

#[test]
fn names_are_unique_and_tables_ordered_by_family() {
    let mut names: Vec<&str> = command::all().map(|row| row.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();

    assert_eq!(names.len(), count, "two rows bear one name");
}

fn line(row: &Command) -> String {
    let kind = match row.handler {
        Handler::Read(_) => "read",
        Handler::Write(_) => "write",
        Handler::Session(_) => "session",
        Handler::Engine(_) => "engine",
    };
    let arity = match row.arity {
        Arity::Exactly(words) => format!("{words}"),
        Arity::AtLeast(words) => format!("-{words}"),
    };
    let keys = match row.keys {
        Keys::None => "none".to_owned(),
        Keys::At(at) => format!("{at}"),
        Keys::Range(first, last, step) => format!("{first}..{last}/{step}"),
        Keys::Counted(at) => format!("count@{at}"),
        Keys::StoreCounted(to, at) => format!("{to}+count@{at}"),
        Keys::Custom(_) => "custom".to_owned(),
    };
    let names = FLAGS
        .iter()
        .filter(|(flag, _)| row.flags.has(*flag))
        .map(|(_, name)| *name);
    let flags = names.collect::<Vec<_>>().join(",");
    let group = command::group_of(row);

    format!(
        "{} | {group} | {kind} | {arity} | {keys} | {flags} | {}",
        row.name, row.usage
    )
}
