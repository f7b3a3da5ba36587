use crate::command::trial::Trial;
use crate::keyspace::Authority;

fn at(now_ms: u64) -> Trial {
    let mut trial = Trial::new();
    trial.keyspace.set_now(now_ms);

    trial
}

#[test]
fn what_is_logged_depends_on_the_data_alone() {
    let mut trial = at(1_000_000);
    for (line, effect) in [
        ("SET k v", "SET k v"),
        ("SET k v NX", ""),
        ("SET k v XX GET", "SET k v"),
        ("SET n v NX", "SET n v"),
        ("SET k v EX 100", "SET k v PXAT 1100000"),
        ("SET k w KEEPTTL GET", "SET k w KEEPTTL"),
        ("SET k v PXAT 1234567 XX", "SET k v PXAT 1234567"),
        ("SETEX k 2 v", "SET k v PXAT 1002000"),
        ("PSETEX k 2 v", "SET k v PXAT 1000002"),
        ("SETNX k v", ""),
        ("SETNX m 1", "SET m 1"),
        ("GETSET k v", "SET k v"),
        ("GETEX k", ""),
        ("GETEX k EX 5", "PEXPIREAT k 1005000"),
        ("GETEX k PERSIST", "PERSIST k"),
        ("GETEX k PERSIST", ""),
        ("GETEX k EXAT 5", "DEL k"),
        ("GETDEL m", "DEL m"),
        ("GETDEL m", ""),
        ("INCRBYFLOAT f 1.5", "SET f 1.5 KEEPTTL"),
        ("INCR i", "INCR i"),
        ("MSET a 1 b 2", "MSET a 1 b 2"),
        ("MSETNX a 1 c 2", ""),
        ("APPEND a 1", "APPEND a 1"),
        ("SETRANGE a 1 xy", "SETRANGE a 1 xy"),
        ("SETRANGE none 1 ", ""),
    ] {
        trial.run(line);
        let effects: Vec<&str> = [effect].into_iter().filter(|one| !one.is_empty()).collect();
        assert_eq!(trial.effects, effects, "{line}");
        assert_eq!(trial.changes > 0, !effects.is_empty(), "{line}");
    }
}

#[test]
fn events_bear_the_names_of_redis() {
    let mut trial = at(1_000_000);
    for (line, events) in [
        ("SET k v", &["new", "set"][..]),
        ("SET k v EX 9", &["set", "expire"]),
        ("GETEX k PERSIST", &["persist"]),
        ("GETEX k PXAT 1", &["del"]),
        ("GET k", &["keymiss"]),
        ("APPEND k v", &["new", "append"]),
        ("SETRANGE k 0 1", &["setrange"]),
        ("INCRBYFLOAT k 1", &["incrbyfloat"]),
        ("DECR k", &["incrby"]),
        ("GETDEL k", &["del"]),
    ] {
        trial.run(line);
        assert_eq!(trial.events, events, "{line}");
    }
}

#[test]
fn a_record_of_another_time_sets_what_it_says() {
    let mut trial = at(1_000_000);
    trial.keyspace.set_authority(Authority::Applying);
    trial.run("SET k v PXAT 5");
    trial.run("PEXPIREAT k 7");
    assert_eq!(trial.keyspace.keys(0).expires_at_ms(b"k"), Some(7));
}

#[test]
fn an_index_far_outside_is_no_overflow() {
    let mut trial = Trial::new();
    trial.run("SET k abc");
    for (start, end, part) in [
        (i64::MIN, i64::MAX, "abc"),
        (i64::MIN, i64::MIN, "a"),
        (i64::MAX, i64::MAX, ""),
        (-1, i64::MIN, ""),
        (-2, -2, "b"),
    ] {
        let reply = trial.run(&format!("GETRANGE k {start} {end}"));
        assert_eq!(reply, super::Reply::bulk(part), "{start} {end}");
    }
}
