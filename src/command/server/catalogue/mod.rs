//! What is known of a command from its row: COMMAND's and ACL's view of the table.
mod entry;
mod specs;
#[cfg(test)]
mod tests;

pub(super) use entry::{describe, key_flags};

use crate::base::sort::sort_by_key;
use crate::command::row::{Arity, Command, Flags, Handler, Keys};
use crate::command::{all, group_of};

/// A command as COMMAND shows it: a row, or a container with the rows of its subcommands.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// In lower case only when shown.
    pub name: &'static str,
    pub row: Option<&'static Command>,
}

/// Every command, containers before their subcommands, in order of names; `inside` of a container only those.
pub(super) fn entries(inside: Option<&str>) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    for row in all() {
        let (name, sub) = match row.name.split_once('|') {
            Some((container, _)) => (container, true),
            None => (row.name, false),
        };
        match inside {
            // DEBUG's subcommands are rows only where they write: Redis has none.
            Some(container) if container == name && sub && name != "DEBUG" => found.push(Entry {
                name: row.name,
                row: Some(row),
            }),
            Some(_) => {}
            None => {
                let own = (!sub).then_some(row);
                match found.iter_mut().find(|entry| entry.name == name) {
                    Some(entry) => entry.row = entry.row.or(own),
                    None => found.push(Entry { name, row: own }),
                }
            }
        }
    }
    sort_by_key(&mut found, |entry| entry.name);

    found
}

/// The entry named `name`, or `container|sub`, in whatever case.
pub(super) fn lookup(name: &[u8]) -> Option<Entry> {
    let name = String::from_utf8_lossy(name).to_ascii_uppercase();
    let inside = name.split_once('|').map(|(container, _)| container);

    entries(inside).into_iter().find(|entry| entry.name == name)
}

impl Entry {
    pub fn lower_name(self) -> String {
        self.name.to_ascii_lowercase()
    }

    pub fn subcommands(self) -> Vec<Entry> {
        if self.name.contains('|') {
            Vec::new()
        } else {
            entries(Some(self.name))
        }
    }

    /// Redis's number: negative where more words may follow.
    pub fn arity(self) -> i64 {
        match self.row.map(|row| row.arity) {
            Some(Arity::Exactly(words)) => words as i64,
            Some(Arity::AtLeast(words)) => -(words as i64),
            None => -2,
        }
    }

    pub fn is_read(self) -> bool {
        self.row
            .is_some_and(|row| matches!(row.handler, Handler::Read(_)))
    }

    /// Redis: PUBLISH and DEBUG write no keys, whatever their rows must be here.
    pub fn is_write(self) -> bool {
        let writes = |row: &Command| row.is_write() && !row.flags.has(Flags::PUBSUB);

        self.row.is_some_and(writes)
    }

    pub fn flag_names(self) -> Vec<&'static str> {
        let has = |flag: Flags| self.row.is_some_and(|row| row.flags.has(flag));
        let mut names = Vec::new();
        let mut add = |set: bool, name: &'static str| {
            if set {
                names.push(name);
            }
        };
        add(self.is_write(), "write");
        add(self.is_read(), "readonly");
        for (flag, name) in FLAG_NAMES {
            add(has(*flag), name);
        }

        names
    }

    /// First, last and step of the keys, as old clients know them.
    pub fn key_range(self) -> (i64, i64, i64) {
        let custom_first = |row: &Command| match row.name {
            "SORT" | "SORT_RO" => (1, 1, 1),
            _ => (0, 0, 0),
        };
        let Some(row) = self.row else {
            return (0, 0, 0);
        };
        match row.keys {
            Keys::None | Keys::Counted(_) => (0, 0, 0),
            Keys::At(at) | Keys::StoreCounted(at, _) => (at as i64, at as i64, 1),
            Keys::Range(first, last, step) => (first as i64, last as i64, step as i64),
            Keys::Custom(_) => custom_first(row),
        }
    }

    /// ACL categories, without their `@`.
    pub fn categories(self) -> Vec<&'static str> {
        let has = |flag: Flags| self.row.is_some_and(|row| row.flags.has(flag));
        let own = self.own_categories();
        let implied = |category: &str| match category {
            "write" => self.is_write(),
            "read" => self.is_read(),
            "admin" => has(Flags::ADMIN) || ["LASTSAVE", "ROLE"].contains(&self.name),
            "dangerous" => has(Flags::ADMIN) || has(Flags::DANGEROUS),
            "pubsub" => has(Flags::PUBSUB),
            "fast" => has(Flags::FAST),
            "slow" => !has(Flags::FAST),
            "blocking" => has(Flags::BLOCKING),
            _ => false,
        };

        CATEGORIES
            .iter()
            .copied()
            .filter(|category| implied(category) || own.contains(category))
            .collect()
    }

    fn own_categories(self) -> &'static [&'static str] {
        let Some(row) = self.row else {
            return &[];
        };
        match (row.name, group_of(row)) {
            ("SORT" | "SORT_RO", _) => &["set", "sortedset", "list"],
            ("WAIT", _) => &["connection"],
            ("DBSIZE" | "FLUSHALL" | "FLUSHDB" | "SWAPDB", _) => &["keyspace"],
            (name, _) if name == "COMMAND" || name.starts_with("COMMAND|") => &["connection"],
            (name, _) if name.starts_with("FUNCTION|") => &["scripting"],
            (_, "generic") => &["keyspace"],
            (_, "string") => &["string"],
            (_, "list") => &["list"],
            (_, "set") => &["set"],
            (_, "hash") => &["hash"],
            (_, "sorted-set") => &["sortedset"],
            (_, "connection") => &["connection"],
            (_, "transactions") => &["transaction"],
            _ => &[],
        }
    }
}

/// In the order in which Redis shows them.
const FLAG_NAMES: &[(Flags, &str)] = &[
    (Flags::GROWS, "denyoom"),
    (Flags::ADMIN, "admin"),
    (Flags::PUBSUB, "pubsub"),
    (Flags::NO_SCRIPT, "noscript"),
    (Flags::BLOCKING, "blocking"),
    (Flags::LOADING, "loading"),
    (Flags::STALE, "stale"),
    (Flags::SKIP_MONITOR, "skip_monitor"),
    (Flags::SKIP_SLOWLOG, "skip_slowlog"),
    (Flags::FAST, "fast"),
    (Flags::NO_AUTH, "no_auth"),
    (Flags::NO_ASYNC_LOADING, "no_async_loading"),
    (Flags::NO_MULTI, "no_multi"),
    (Flags::MOVABLE, "movablekeys"),
    (Flags::ALLOW_BUSY, "allow_busy"),
];

/// All ACL categories, in Redis's order.
pub(super) const CATEGORIES: &[&str] = &[
    "keyspace",
    "read",
    "write",
    "set",
    "sortedset",
    "list",
    "hash",
    "string",
    "bitmap",
    "hyperloglog",
    "geo",
    "stream",
    "pubsub",
    "admin",
    "fast",
    "slow",
    "blocking",
    "dangerous",
    "connection",
    "transaction",
    "scripting",
];
