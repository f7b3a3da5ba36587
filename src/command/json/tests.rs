use crate::command::trial::Trial;

#[test]
fn what_is_logged_depends_on_the_data_alone() {
    let mut trial = Trial::new();
    trial.keyspace.set_now(1_000_000);
    for (line, effect) in [
        (r#"JSON.SET k $ {"a":1}"#, r#"JSON.SET k $ {"a":1}"#),
        ("JSON.SET k $ 1 NX", ""),
        ("JSON.SET k $.a 2 XX EX 5", "JSON.SET k $.a 2 PXAT 1005000"),
        ("JSON.SET k $.a 3", "JSON.SET k $.a 3"),
        ("JSON.SET k $.x.y 3", ""),
        (r#"JSON.MERGE k $ {"b":1}"#, r#"JSON.MERGE k $ {"b":1}"#),
        ("JSON.MERGE k $.none null", ""),
        ("JSON.DEL k $.none", ""),
        ("JSON.DEL k $.b", "JSON.DEL k $.b"),
        ("JSON.SET k $ 5 KEEPTTL", "JSON.SET k $ 5 KEEPTTL"),
        ("INCR k", "INCR k"),
        ("INCRBYFLOAT k 0.5", "JSON.SET k $ 6.5 KEEPTTL"),
        ("JSON.FORGET k", "JSON.FORGET k"),
        ("JSON.FORGET k", ""),
    ] {
        trial.run(line);
        let effects: Vec<&str> = [effect].into_iter().filter(|one| !one.is_empty()).collect();
        assert_eq!(trial.effects, effects, "{line}");
        assert_eq!(trial.changes > 0, !effects.is_empty(), "{line}");
    }
}

#[test]
fn events_say_what_was_done() {
    let mut trial = Trial::new();
    for (line, events) in [
        ("JSON.SET k $ {}", &["new", "json.set"][..]),
        ("JSON.SET k $.a 1 EX 5", &["json.set", "expire"]),
        ("JSON.MERGE k $ {}", &["json.merge"]),
        ("JSON.DEL k $.a", &["json.del"]),
        ("JSON.DEL k", &["del"]),
    ] {
        trial.run(line);
        assert_eq!(trial.events, events, "{line}");
    }
}
