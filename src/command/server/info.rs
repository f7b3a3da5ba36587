//! INFO: sections of fields. What means nothing here and is asked for by nobody is left out.
use std::fmt::Display;

use super::config;
use crate::base::number::format_bytes;
use crate::command::{
    Args, CallStats, REDIS_VERSION, Reply, Result, Role, ServerStats, SessionContext, spell,
};
use crate::keyspace::DATABASES;

type Fields = Vec<(String, String)>;

/// INFO [section [section ...]]
pub(super) fn info(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let wanted: Vec<String> = args
        .rest()
        .iter()
        .map(|word| String::from_utf8_lossy(word).to_ascii_lowercase())
        .collect();
    let asked = |name: &str| wanted.iter().any(|word| word == name);
    let everything = asked("all") || asked("everything");
    let default = wanted.is_empty() || asked("default");

    let mut text = String::new();
    for section in SECTIONS {
        let in_sort = everything || (default && section.in_default);
        if !in_sort && !asked(&section.name.to_ascii_lowercase()) {
            continue;
        }
        if !text.is_empty() {
            text += "\r\n";
        }
        text += &format!("# {}\r\n", section.name);
        for (name, value) in (section.fields)(cx) {
            text += &format!("{name}:{value}\r\n");
        }
    }

    Ok(Reply::Verbatim("txt", text))
}

struct Section {
    name: &'static str,
    in_default: bool,
    fields: fn(&SessionContext) -> Fields,
}

const fn section(
    name: &'static str,
    in_default: bool,
    fields: fn(&SessionContext) -> Fields,
) -> Section {
    Section {
        name,
        in_default,
        fields,
    }
}

const SECTIONS: &[Section] = &[
    section("Server", true, server),
    section("Clients", true, clients),
    section("Memory", true, memory),
    section("Persistence", true, persistence),
    section("Stats", true, stats),
    section("Replication", true, replication),
    section("CPU", true, cpu),
    section("Modules", true, |_| Fields::new()),
    section("Commandstats", false, command_stats),
    section("Errorstats", true, error_stats),
    section("Latencystats", false, |_| Fields::new()),
    section("Cluster", true, cluster),
    section("Keyspace", true, keyspace),
];

/// Fields out of names and whatever can be shown.
macro_rules! fields {
    ($($name:literal: $value:expr),* $(,)?) => {
        fields(&[$(($name, &$value)),*])
    };
}

fn fields(shown: &[(&str, &dyn Display)]) -> Fields {
    let text = |(name, value): &(&str, &dyn Display)| ((*name).to_owned(), value.to_string());

    shown.iter().map(text).collect()
}

fn server(cx: &SessionContext) -> Fields {
    let uptime = cx.keyspace.now_ms().saturating_sub(cx.facts.started_ms) / 1000;
    fields! {
        "redis_version": REDIS_VERSION,
        "redis_git_sha1": "00000000",
        "redis_git_dirty": 0,
        "redis_build_id": 0,
        "redis_mode": "standalone",
        "os": std::env::consts::ARCH,
        "arch_bits": usize::BITS,
        "monotonic_clock": "driver",
        "multiplexing_api": "driver",
        "process_id": 1,
        "process_supervised": "no",
        "run_id": cx.facts.run_id,
        "tcp_port": cx.facts.tcp_port,
        "server_time_usec": cx.keyspace.now_ms().saturating_mul(1000),
        "uptime_in_seconds": uptime,
        "uptime_in_days": uptime / 86400,
        "hz": config::value(cx.settings, cx.facts, "hz"),
        "configured_hz": config::value(cx.settings, cx.facts, "hz"),
        "lru_clock": cx.keyspace.now_ms() / 1000 % (1 << 24),
        "executable": "kilat",
        "config_file": "",
        "io_threads_active": 0,
        "kilat_version": env!("CARGO_PKG_VERSION"),
        "kilat_database": cx.facts.database_name,
        "kilat_epoch": cx.facts.epoch,
    }
}

fn clients(cx: &SessionContext) -> Fields {
    fields! {
        "connected_clients": cx.sessions.all.len(),
        "cluster_connections": 0,
        "maxclients": config::value(cx.settings, cx.facts, "maxclients"),
        "client_recent_max_input_buffer": 0,
        "client_recent_max_output_buffer": 0,
        "blocked_clients": cx.sessions.all.values().filter(|session| session.postponed).count(),
        "tracking_clients": 0,
        "clients_in_timeout_table": 0,
    }
}

fn memory(cx: &SessionContext) -> Fields {
    let data = cx.keyspace.bytes();
    let used = cx.facts.heap_bytes.max(data);
    let maxmemory = config::value(cx.settings, cx.facts, "maxmemory");
    fields! {
        "used_memory": used,
        "used_memory_human": format_bytes(used as u64),
        "used_memory_rss": used,
        "used_memory_rss_human": format_bytes(used as u64),
        "used_memory_peak": used,
        "used_memory_peak_human": format_bytes(used as u64),
        "used_memory_peak_perc": "100.00%",
        "used_memory_overhead": used - data,
        "used_memory_startup": 0,
        "used_memory_dataset": data,
        "used_memory_lua": 0,
        "used_memory_scripts": 0,
        "number_of_cached_scripts": 0,
        "number_of_functions": 0,
        "number_of_libraries": 0,
        "maxmemory": maxmemory,
        "maxmemory_human": format_bytes(maxmemory.parse().unwrap_or(0)),
        "maxmemory_policy": config::value(cx.settings, cx.facts, "maxmemory-policy"),
        "mem_fragmentation_ratio": "1.00",
        "mem_fragmentation_bytes": 0,
        "mem_not_counted_for_evict": 0,
        "mem_replication_backlog": 0,
        "mem_clients_slaves": 0,
        "mem_clients_normal": 0,
        "mem_aof_buffer": 0,
        "mem_allocator": "kilat",
        "active_defrag_running": 0,
        "lazyfree_pending_objects": 0,
        "lazyfreed_objects": 0,
    }
}

fn persistence(cx: &SessionContext) -> Fields {
    let status = if cx.facts.last_save_failed {
        "err"
    } else {
        "ok"
    };
    fields! {
        "loading": 0,
        "async_loading": 0,
        "rdb_changes_since_last_save": cx.facts.changes_since_save,
        "rdb_bgsave_in_progress": u8::from(cx.facts.saving),
        "rdb_last_save_time": cx.facts.last_save_ms / 1000,
        "rdb_last_bgsave_status": status,
        "rdb_last_bgsave_time_sec": -1,
        "rdb_current_bgsave_time_sec": -1,
        "rdb_last_cow_size": 0,
        "aof_enabled": u8::from(config::value(cx.settings, cx.facts, "appendonly") == "yes"),
        "aof_rewrite_in_progress": 0,
        "aof_rewrite_scheduled": 0,
        "aof_last_rewrite_time_sec": -1,
        "aof_current_rewrite_time_sec": -1,
        "aof_last_bgrewrite_status": "ok",
        "aof_last_write_status": "ok",
        "aof_last_cow_size": 0,
    }
}

fn stats(cx: &SessionContext) -> Fields {
    fields! {
        "total_connections_received": cx.stats.connections,
        "total_commands_processed": cx.stats.commands,
        "instantaneous_ops_per_sec": 0,
        "total_net_input_bytes": 0,
        "total_net_output_bytes": 0,
        "rejected_connections": 0,
        "sync_full": 0,
        "sync_partial_ok": 0,
        "sync_partial_err": 0,
        "expired_keys": cx.keyspace.stats.expired,
        "expired_stale_perc": "0.00",
        "expired_time_cap_reached_count": 0,
        "evicted_keys": cx.keyspace.stats.evicted,
        "evicted_clients": 0,
        "keyspace_hits": cx.keyspace.stats.hits.get(),
        "keyspace_misses": cx.keyspace.stats.misses.get(),
        "pubsub_channels": cx.subscriptions.channels.len(),
        "pubsub_patterns": cx.subscriptions.patterns.len(),
        "pubsubshard_channels": cx.subscriptions.shard_channels.len(),
        "migrate_cached_sockets": 0,
        "latest_fork_usec": 0,
        "total_forks": 0,
        "tracking_total_keys": 0,
        "tracking_total_items": 0,
        "tracking_total_prefixes": 0,
        "unexpected_error_replies": 0,
        "total_error_replies": cx.stats.error_replies,
        "dump_payload_sanitizations": 0,
        "total_reads_processed": cx.stats.commands,
        "total_writes_processed": cx.stats.commands,
    }
}

fn replication(cx: &SessionContext) -> Fields {
    let seq = cx.facts.committed_seq;
    let mut all = match cx.facts.role {
        Role::Leader => fields! { "role": "master" },
        Role::Follower => fields! {
            "role": "slave",
            "master_host": cx.facts.leader.map(spell).unwrap_or_default(),
            "master_port": 0,
            "master_link_status": if cx.facts.leader.is_some() { "up" } else { "down" },
            "slave_repl_offset": seq,
            "slave_read_only": 1,
        },
    };
    let failover = match cx.facts.failing_over {
        true => "failover-in-progress",
        false => "no-failover",
    };
    all.extend(fields! { "connected_slaves": cx.facts.followers });
    if cx.facts.role == Role::Leader {
        let now_ms = cx.keyspace.now_ms();
        for (i, tab) in cx.facts.tabs.iter().enumerate() {
            let lag = now_ms.saturating_sub(tab.heard_ms) / 1000;
            let (id, seq) = (spell(tab.id), tab.seq);
            let told = format!("ip={id},port=0,state=online,offset={seq},lag={lag}");
            all.push((format!("slave{i}"), told));
        }
    }
    all.extend(fields! {
        "master_failover_state": failover,
        "master_replid": cx.facts.run_id,
        "master_replid2": "0".repeat(40),
        "master_repl_offset": seq,
        "second_repl_offset": -1,
        "repl_backlog_active": 0,
        "repl_backlog_size": config::value(cx.settings, cx.facts, "repl-backlog-size"),
        "repl_backlog_first_byte_offset": 0,
        "repl_backlog_histlen": 0,
    });

    all
}

fn cpu(_: &SessionContext) -> Fields {
    fields! {
        "used_cpu_sys": "0.000000",
        "used_cpu_user": "0.000000",
        "used_cpu_sys_children": "0.000000",
        "used_cpu_user_children": "0.000000",
    }
}

fn command_stats(cx: &SessionContext) -> Fields {
    let stats: &ServerStats = cx.stats;
    let seen = stats
        .calls()
        .filter(|(_, stats)| *stats != CallStats::default());

    seen.map(|(command, stats)| {
        let CallStats {
            calls,
            rejected,
            failed,
        } = stats;
        (
            format!("cmdstat_{}", command.lower_name()),
            format!(
                "calls={calls},usec=0,usec_per_call=0.00,rejected_calls={rejected},\
                 failed_calls={failed}"
            ),
        )
    })
    .collect()
}

fn error_stats(cx: &SessionContext) -> Fields {
    let each =
        |(code, count): (&String, &u64)| (format!("errorstat_{code}"), format!("count={count}"));

    cx.stats.errors.iter().map(each).collect()
}

fn cluster(_: &SessionContext) -> Fields {
    fields! { "cluster_enabled": 0 }
}

fn keyspace(cx: &SessionContext) -> Fields {
    let mut all = Fields::new();
    for db in 0..DATABASES {
        let keys = cx.keyspace.keys(db);
        if !keys.is_empty() {
            let (count, expiring, ttl) = (keys.len(), keys.expiring(), keys.mean_ttl_ms());
            all.push((
                format!("db{db}"),
                format!("keys={count},expires={expiring},avg_ttl={ttl}"),
            ));
        }
    }

    all
}
