use crate::command::trial::Trial;
use crate::command::{Error, Reply};

#[test]
fn effects_and_events() {
    let mut trial = Trial::new();
    let mut check = |line: &str, effects: &[&str], events: &[&str], changes: u64| {
        let reply = trial.run(line);
        assert_eq!(trial.effects, effects, "{line}");
        assert_eq!(trial.events, events, "{line}");
        assert_eq!(trial.changes, changes, "{line}");
        reply
    };
    check("HSET h a 1 b 2", &["HSET h a 1 b 2"], &["new", "hset"], 2);
    check("HSET h a 1", &["HSET h a 1"], &["hset"], 1);
    check("HSETNX h a 2", &[], &[], 0);
    check("HSETNX h c 2", &["HSETNX h c 2"], &["hset"], 1);
    check("HINCRBY h a 3", &["HINCRBY h a 3"], &["hincrby"], 1);
    check(
        "HINCRBYFLOAT h a 0.1",
        &["HSET h a 4.1"],
        &["hincrbyfloat"],
        1,
    );
    check("HDEL h x", &[], &[], 0);
    check("HDEL h a x b", &["HDEL h a x b"], &["hdel"], 2);
    check("HDEL h c", &["HDEL h c"], &["hdel", "del"], 1);
    check("HDEL h c", &[], &[], 0);
}

#[test]
fn what_fails_leaves_no_key_behind() {
    let mut trial = Trial::new();
    assert_eq!(trial.run("HINCRBY h a x"), Error::NOT_INTEGER.into());
    assert_eq!(trial.run("HINCRBYFLOAT h a inf"), Error::NOT_FINITE.into());
    let odd = trial.run("HMSET h a 1 b");
    assert_eq!(odd, Error::wrong_arity("hmset").into());
    assert_eq!(trial.keyspace.keys(0).len(), 0);
    trial.run("HSET h a x big 9223372036854775807");
    let failed = trial.run("HINCRBY h a 1");
    assert_eq!(failed, Error::HASH_VALUE_NOT_INTEGER.into());
    assert_eq!(trial.run("HINCRBY h big 1"), Error::OVERFLOW.into());
    assert!(trial.effects.is_empty() && trial.events.is_empty());
}

#[test]
fn random_counts_are_bounded() {
    let mut trial = Trial::new();
    trial.run("HSET h a 1");
    let refused = Reply::Error(Error::VALUE_OUT_OF_RANGE);
    assert_eq!(trial.run("HRANDFIELD h -9223372036854775807"), refused);
    assert_eq!(
        trial.run("HRANDFIELD h 5000000000000000000 WITHVALUES"),
        refused
    );
    let Reply::Array(drawn) = trial.run("HRANDFIELD h -1000") else {
        unreachable!("an array");
    };
    assert_eq!(drawn.len(), 1000);
}
