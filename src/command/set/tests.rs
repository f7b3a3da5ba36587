use crate::command::Reply;
use crate::command::trial::Trial;

fn members(reply: Reply) -> Vec<String> {
    let (Reply::Set(items) | Reply::Array(items)) = reply else {
        unreachable!("members are asked for")
    };
    let text = |item| match item {
        Reply::Bulk(bytes) => String::from_utf8(bytes).expect("text"),
        _ => unreachable!("members are bulk strings"),
    };

    items.into_iter().map(text).collect()
}

#[test]
fn what_chance_decided_is_logged() {
    let mut trial = Trial::new();
    trial.run("SADD s a b c d e f");
    let popped = members(trial.run("SPOP s 2"));
    assert_eq!(trial.effects, [format!("SREM s {}", popped.join(" "))]);
    assert_eq!(trial.events, ["spop"]);
    trial.run("SPOP s 0");
    assert!(trial.effects.is_empty() && trial.events.is_empty());
    trial.run("SPOP s");
    assert!(trial.effects[0].starts_with("SREM s "));
    trial.run("SPOP s 100");
    assert_eq!(trial.effects, ["DEL s"]);
    assert_eq!(trial.events, ["spop", "del"]);
    trial.run("SPOP s");
    assert!(trial.effects.is_empty());
}

#[test]
fn what_changes_nothing_is_not_logged() {
    let mut trial = Trial::new();
    trial.run("SADD s a b");
    for line in [
        "SADD s a",
        "SREM s nope",
        "SMOVE s t nope",
        "SMOVE s s a",
        "SINTERSTORE none s nope",
    ] {
        trial.run(line);
        assert!(trial.effects.is_empty(), "{line}");
        assert_eq!(trial.changes, 0, "{line}");
    }
}

#[test]
fn both_ways_to_a_difference_agree() {
    let mut trial = Trial::new();
    for i in 0..200 {
        trial.run(&format!("SADD first {i}"));
        if i % 3 == 0 {
            trial.run(&format!("SADD other:{} {i}", i % 10));
        }
    }
    // Few others: each is asked. Many: their members are taken out of a copy.
    let others: Vec<String> = (0..10).map(|i| format!("other:{i}")).collect();
    trial.run(&format!("SUNIONSTORE union {}", others.join(" ")));
    let asked = members(trial.run("SDIFF first union"));
    let taken = members(trial.run(&format!("SDIFF first {}", others.join(" "))));
    assert_eq!(asked.len(), 133);
    assert_eq!(asked, taken);
}

#[test]
fn more_draws_than_a_page_can_hold_are_refused() {
    let mut trial = Trial::new();
    trial.run("SADD s a");
    for count in ["-9223372036854775807", "-9223372036854775808"] {
        let reply = trial.run(&format!("SRANDMEMBER s {count}"));
        assert!(matches!(reply, Reply::Error(error) if error.text().contains("out of range")));
    }
    assert_eq!(members(trial.run("SRANDMEMBER s -1000")).len(), 1000);
}
