use crate::command::trial::Trial;
use crate::command::{Error, Reply};

#[test]
fn effects_and_events() {
    let mut trial = Trial::new();
    let mut check = |line: &str, effects: &[&str], events: &[&str], changes: u64| {
        trial.run(line);
        assert_eq!(trial.effects, effects, "{line}");
        assert_eq!(trial.events, events, "{line}");
        assert_eq!(trial.changes, changes, "{line}");
    };
    check("ZADD z 1 a 2 b", &["ZADD z 1 a 2 b"], &["new", "zadd"], 2);
    check("ZADD z 1 a 2 b", &[], &[], 0);
    check("ZADD z XX 1 new", &[], &[], 0);
    check("ZADD none XX 1 new", &[], &[], 0);
    check("ZADD z GT 0 a 3 b", &["ZADD z GT 0 a 3 b"], &["zadd"], 1);
    check("ZADD z INCR 0 a", &[], &[], 0);
    check("ZINCRBY z 2 a", &["ZINCRBY z 2 a"], &["zincr"], 1);
    check(
        "ZADD y 1 c 2 d 3 e 4 f",
        &["ZADD y 1 c 2 d 3 e 4 f"],
        &["new", "zadd"],
        4,
    );
    check(
        "ZMPOP 2 none z MAX COUNT 1",
        &["ZPOPMAX z 1"],
        &["zpopmax"],
        1,
    );
    check(
        "ZMPOP 2 z y MIN COUNT 9",
        &["ZPOPMIN z 1"],
        &["zpopmin", "del"],
        1,
    );
    check("ZMPOP 1 z MIN", &[], &[], 0);
    check("ZPOPMIN y", &["ZPOPMIN y"], &["zpopmin"], 1);
    check("ZPOPMIN y 0", &[], &[], 0);
    check(
        "ZRANGESTORE x y 0 1",
        &["ZRANGESTORE x y 0 1"],
        &["new", "zrangestore"],
        1,
    );
    check(
        "ZUNIONSTORE x 2 x y",
        &["ZUNIONSTORE x 2 x y"],
        &["zunionstore"],
        1,
    );
    check(
        "ZINTERSTORE x 2 x none",
        &["ZINTERSTORE x 2 x none"],
        &["keymiss", "del"],
        1,
    );
    check("ZDIFFSTORE x 1 none", &[], &["keymiss"], 0);
    check("ZREM y d nope", &["ZREM y d nope"], &["zrem"], 1);
    let removal = "ZREMRANGEBYSCORE y 0 10";
    check(removal, &[removal], &["zremrangebyscore", "del"], 2);
    check(removal, &[], &[], 0);
}

#[test]
fn what_fails_leaves_no_key_behind() {
    let mut trial = Trial::new();
    trial.run("ZADD z inf a");
    assert_eq!(trial.run("ZINCRBY z -inf a"), Error::SCORE_NAN.into());
    assert_eq!(trial.run("ZADD none 1 a x b"), Error::NOT_FLOAT.into());
    assert!(trial.effects.is_empty() && trial.events.is_empty());
    assert_eq!(trial.keyspace.keys(0).len(), 1);
}

#[test]
fn what_is_due_is_no_input() {
    let mut trial = Trial::new();
    trial.keyspace.set_now(1_000);
    trial.run("ZADD due 1 a");
    trial
        .keyspace
        .keys_mut(0)
        .set_expiry(b"due", "expire", Some(1_500));
    trial.keyspace.set_now(2_000);
    for line in ["ZUNIONSTORE x 1 due", "ZRANGESTORE x due 0 -1"] {
        assert_eq!(trial.run(line), Reply::Int(0));
    }
    let removed = trial.keyspace.take_expired();
    assert_eq!(removed, [(0, Box::from(&b"due"[..]))]);
}
