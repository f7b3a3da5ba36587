//! CONFIG: every parameter of Redis 7.0. Those that mean something here are `Settings`' own fields; the
//! others are kept and shown, so that what asks for them is answered.
mod events;
mod kind;
mod parameters;
#[cfg(test)]
mod tests;

pub(super) use kind::parse_memory;
use parameters::{Change, PARAMETERS, Parameter};

use crate::base::glob;
use crate::command::{Args, Error, Facts, Reply, Result, ServerStats, SessionContext, Settings};
use crate::keyspace::Policy;

/// CONFIG GET parameter [parameter ...]
pub(super) fn config_get(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let mut shown: Vec<(Reply, Reply)> = Vec::new();
    let mut names: Vec<&[u8]> = Vec::new();
    for pattern in args.rest() {
        let exact = !pattern.iter().any(|byte| b"[*?".contains(byte));
        for parameter in PARAMETERS {
            let both = [parameter.name, parameter.alias];
            for name in both.into_iter().filter(|name| !name.is_empty()) {
                let found = if exact {
                    name.as_bytes().eq_ignore_ascii_case(pattern)
                } else {
                    parameter.change != Change::Hidden
                        && glob::matches_nocase(pattern, name.as_bytes())
                };
                // Redis: a name is shown as it was asked for.
                let name = if exact { pattern } else { name.as_bytes() };
                if found && !names.contains(&name) {
                    names.push(name);
                    let value = value_of(cx.settings, cx.facts, parameter);
                    shown.push((Reply::bulk(name), Reply::bulk(value)));
                }
            }
        }
    }

    Ok(Reply::Map(shown))
}

/// CONFIG SET parameter value [parameter value ...]
pub(super) fn config_set(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if args.left() % 2 == 1 {
        return Err(Error::SYNTAX);
    }
    let mut changes: Vec<(&Parameter, &[u8])> = Vec::new();
    let mut names: Vec<&[u8]> = Vec::new();
    for pair in args.rest().chunks(2) {
        let parameter = lookup(pair[0]).ok_or_else(|| Error::unknown_parameter(pair[0]))?;
        match parameter.change {
            Change::Free | Change::Hidden => {}
            Change::Fixed => return Err(Error::config_set(pair[0], "can't set immutable config")),
            Change::Protected => {
                return Err(Error::config_set(pair[0], "can't set protected config"));
            }
        }
        // Redis: a parameter's two names do not count as one.
        if names.iter().any(|name| name.eq_ignore_ascii_case(pair[0])) {
            return Err(Error::config_set(pair[0], "duplicate parameter"));
        }
        names.push(pair[0]);
        changes.push((parameter, pair[1]));
    }
    let mut settings = cx.settings.clone();
    for (parameter, value) in changes {
        let old = value_of(&settings, cx.facts, parameter);
        let value = parameter
            .kind
            .accept(&String::from_utf8_lossy(value), &old)
            .map_err(|why| Error::config_set(parameter.name.as_bytes(), &why))?;
        if parameter.name == "port" && value != old {
            return Err(Error::config_set(
                b"port",
                "Unable to listen on this port. Check server logs.",
            ));
        }
        apply(&mut settings, parameter, value);
    }

    *cx.settings = settings;

    Ok(Reply::OK)
}

/// CONFIG RESETSTAT
pub(super) fn config_resetstat(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    *cx.stats = ServerStats::default();
    cx.keyspace.stats = Default::default();

    Ok(Reply::OK)
}

/// CONFIG REWRITE
pub(super) fn config_rewrite(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Err(Error::NO_CONFIG_FILE)
}

/// CONFIG HELP
pub(super) fn config_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "CONFIG",
        &[
            "GET <pattern>",
            "    Return parameters matching the glob-like <pattern> and their values.",
            "SET <directive> <value>",
            "    Set the configuration <directive> to <value>.",
            "RESETSTAT",
            "    Reset statistics reported by the INFO command.",
            "REWRITE",
            "    Rewrite the configuration file.",
        ],
    ))
}

fn lookup(name: &[u8]) -> Option<&'static Parameter> {
    let is = |own: &str| !own.is_empty() && own.as_bytes().eq_ignore_ascii_case(name);

    PARAMETERS
        .iter()
        .find(|parameter| is(parameter.name) || is(parameter.alias))
}

/// The value of the parameter of this name, for INFO and others.
pub(super) fn value(settings: &Settings, facts: &Facts, name: &str) -> String {
    lookup(name.as_bytes()).map_or(String::new(), |found| value_of(settings, facts, found))
}

fn value_of(settings: &Settings, facts: &Facts, parameter: &Parameter) -> String {
    let limits = &settings.limits;
    let size = match parameter.name {
        "port" => usize::from(facts.tcp_port),
        "list-compress-depth" => limits.list_compress_depth,
        "hash-max-listpack-entries" => limits.hash_max_listpack_entries,
        "hash-max-listpack-value" => limits.hash_max_listpack_value,
        "set-max-intset-entries" => limits.set_max_intset_entries,
        "zset-max-listpack-entries" => limits.zset_max_listpack_entries,
        "zset-max-listpack-value" => limits.zset_max_listpack_value,
        "proto-max-bulk-len" => settings.max_bulk_bytes,
        "maxmemory" => settings.maxmemory_bytes,
        "min-replicas-to-write" => settings.min_followers,
        "list-max-listpack-size" => return limits.list_max_listpack_size.to_string(),
        "notify-keyspace-events" => {
            return events::show(events::Wanted {
                classes: settings.events,
                keyspace_channel: settings.keyspace_channel,
                keyevent_channel: settings.keyevent_channel,
            });
        }
        name => {
            let kept = settings.other.iter().find(|(other, _)| *other == name);
            return kept.map_or_else(|| parameter.default.into(), |(_, value)| value.clone());
        }
    };

    size.to_string()
}

/// `value` has been accepted.
fn apply(settings: &mut Settings, parameter: &Parameter, value: String) {
    // A number past what this machine's pointers count is as good as the greatest that they do.
    let size = value.parse::<usize>().unwrap_or(usize::MAX);
    let limits = &mut settings.limits;
    match parameter.name {
        "list-max-listpack-size" => limits.list_max_listpack_size = value.parse().unwrap_or(-2),
        "list-compress-depth" => limits.list_compress_depth = size,
        "hash-max-listpack-entries" => limits.hash_max_listpack_entries = size,
        "hash-max-listpack-value" => limits.hash_max_listpack_value = size,
        "set-max-intset-entries" => limits.set_max_intset_entries = size,
        "zset-max-listpack-entries" => limits.zset_max_listpack_entries = size,
        "zset-max-listpack-value" => limits.zset_max_listpack_value = size,
        "proto-max-bulk-len" => settings.max_bulk_bytes = size,
        "maxmemory" => settings.maxmemory_bytes = size,
        "min-replicas-to-write" => settings.min_followers = size,
        "notify-keyspace-events" => {
            let wanted = events::parse(&value).expect("it has been accepted");
            settings.keyspace_channel = wanted.keyspace_channel;
            settings.keyevent_channel = wanted.keyevent_channel;
            settings.events = wanted.classes;
        }
        name => {
            let eviction = &mut settings.eviction;
            match name {
                "maxmemory-policy" => eviction.policy = Policy::named(&value).unwrap_or_default(),
                "maxmemory-samples" => eviction.samples = size,
                "lfu-log-factor" => eviction.log_factor = value.parse().unwrap_or(u32::MAX),
                "lfu-decay-time" => eviction.decay_minutes = value.parse().unwrap_or(u64::MAX),
                _ => {}
            }
            settings.other.retain(|(other, _)| *other != name);
            settings.other.push((name, value));
        }
    }
}
