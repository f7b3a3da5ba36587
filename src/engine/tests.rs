use super::*;

const START_MS: u64 = 1_000_000;

/// Runs the words of `line` and answers the effects logged with it.
fn run(engine: &mut Engine, now_ms: u64, id: u64, line: &str) -> Vec<String> {
    let argv: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
    engine.execute(now_ms, id, &argv);
    let mut logged = Vec::new();
    while let Some(output) = engine.poll() {
        if let Output::Record { effects, .. } = output {
            let line = |effect: &Effect| effect.argv.join(&b' ');
            logged.extend(effects.iter().map(line));
        }
    }
    let text = |line| String::from_utf8(line).expect("text");

    logged.into_iter().map(text).collect()
}

#[test]
fn a_read_removes_what_is_due_among_its_keys() {
    let mut engine = Engine::new(1, Settings::default());
    engine.settings.active_expire = false;
    let id = engine.open_session(START_MS);
    for key in ["a", "b", "c"] {
        run(&mut engine, START_MS, id, &format!("PSETEX {key} 10 v"));
    }
    let late = START_MS + 11;
    assert_eq!(run(&mut engine, late, id, "DBSIZE"), [""; 0]);
    assert_eq!(run(&mut engine, late, id, "MGET a b"), ["DEL a", "DEL b"]);
    assert_eq!(engine.keyspace().keys(0).len(), 1);

    engine.set_role(Role::Follower);
    assert_eq!(run(&mut engine, late, id, "GET c"), [""; 0]);
    assert_eq!(engine.keyspace().keys(0).len(), 1);
}

#[test]
fn what_a_transaction_sets_and_lets_go_is_logged_in_that_order() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    for line in ["MULTI", "SET k v PXAT 5", "GET k", "SET k w"] {
        run(&mut engine, START_MS, id, line);
    }
    assert_eq!(
        run(&mut engine, START_MS, id, "EXEC"),
        ["SET k v PXAT 5", "DEL k", "SET k w"]
    );
}
