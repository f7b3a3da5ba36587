use crate::command::trial::Trial;
use crate::keyspace::Authority;

fn trial() -> Trial {
    let mut trial = Trial::new();
    trial.keyspace.set_now(1_000_000);
    trial.run("MSET a 1 b 2");

    trial
}

#[test]
fn what_is_logged_depends_on_the_data_alone() {
    let mut trial = trial();
    for (line, effect) in [
        ("EXPIRE a 10", "PEXPIREAT a 1010000"),
        ("EXPIRE a 20 GT", "PEXPIREAT a 1020000"),
        ("EXPIRE a 10 GT", ""),
        ("PEXPIRE none 10", ""),
        ("EXPIREAT a 2000", "PEXPIREAT a 2000000"),
        ("PERSIST a", "PERSIST a"),
        ("PERSIST a", ""),
        ("PEXPIRE a -1", "DEL a"),
        ("DEL a none b", "DEL b"),
        ("DEL a", ""),
        ("SET a 1", "SET a 1"),
        ("RENAMENX a c", "RENAME a c"),
        ("RENAMENX c c", ""),
        ("COPY c d", "COPY c d"),
        ("COPY c d", ""),
        ("MOVE c 1", "MOVE c 1"),
        ("SWAPDB 0 0", ""),
        ("SORT d STORE l", "RPUSH l 1"),
        ("SORT none STORE l", "DEL l"),
        ("SORT none STORE l", ""),
        ("FLUSHDB", "FLUSHDB"),
        ("FLUSHDB ASYNC", ""),
        ("FLUSHALL", "FLUSHALL"),
        ("FLUSHALL", ""),
    ] {
        if line.starts_with("SORT d") {
            trial.run("DEL d");
            trial.run("RPUSH d 1");
        }
        trial.run(line);
        let effects: Vec<&str> = [effect].into_iter().filter(|one| !one.is_empty()).collect();
        assert_eq!(trial.effects, effects, "{line}");
        assert_eq!(trial.changes > 0, !effects.is_empty(), "{line}");
    }
}

#[test]
fn restore_logs_an_absolute_time() {
    let mut trial = trial();
    let payload = crate::value::rdb::dump(trial.keyspace.keys(0).value(b"a").expect("set"));
    trial.run_words(&[b"RESTORE", b"new", b"500", &payload, b"FREQ", b"7"]);
    let effect = &trial.effects[0];
    assert!(effect.starts_with("RESTORE new 1000500 "), "{effect}");
    assert!(effect.ends_with(" ABSTTL"), "{effect}");
    assert!(!effect.contains("REPLACE"), "{effect}");
    assert_eq!(trial.events, ["new", "restore"]);
    trial.run_words(&[b"RESTORE", b"new", b"5", &payload, b"REPLACE", b"ABSTTL"]);
    assert_eq!(trial.effects, ["DEL new"]);
    assert_eq!(trial.events, ["del"]);
    trial.keyspace.set_authority(Authority::Applying);
    trial.run_words(&[b"RESTORE", b"new", b"5", &payload, b"REPLACE", b"ABSTTL"]);
    assert_eq!(trial.keyspace.keys(0).expires_at_ms(b"new"), Some(5));
}

#[test]
fn sort_stores_what_only_it_has_seen() {
    let mut trial = trial();
    trial.run("RPUSH l 2 1");
    trial.run("SET w_1 x PXAT 1000001");
    trial.run("SORT l GET w_* STORE a");
    assert_eq!(trial.effects, ["DEL a", "RPUSH a x "]);
    assert_eq!(
        (trial.changes, &trial.events[..]),
        (2, &["keymiss", "sortstore"][..])
    );
}

#[test]
fn events_bear_the_names_of_redis() {
    let mut trial = trial();
    for (line, events) in [
        ("EXPIRE a 10", &["expire"][..]),
        ("PERSIST a", &["persist"]),
        ("RENAME a c", &["new", "rename_from", "rename_to"]),
        ("RENAME b c", &["new", "rename_from", "rename_to"]),
        ("COPY c d", &["new", "copy_to"]),
        ("COPY c d REPLACE", &["new", "copy_to"]),
        ("MOVE c 1", &["new", "move_from", "move_to"]),
        ("UNLINK d", &["del"]),
        ("TTL d", &["keymiss"]),
        ("OBJECT ENCODING d", &[]),
    ] {
        trial.run(line);
        assert_eq!(trial.events, events, "{line}");
    }
}

#[test]
fn the_keys_of_sort_are_its_source_and_its_last_destination() {
    for (line, keys) in [
        ("SORT l", &[1][..]),
        ("SORT l BY STORE GET STORE LIMIT STORE STORE", &[1]),
        ("SORT l STORE a DESC store b", &[1, 6]),
        ("SORT l STORE", &[1]),
    ] {
        let argv: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let row = crate::command::find(&argv).expect("a command");
        assert_eq!(row.key_positions(&argv), keys, "{line}");
    }
}
