use super::*;
use crate::command::{Error, Words};

const START_MS: u64 = 1_000_000;

/// Runs the words of `line` and answers the effects logged with it.
fn run(engine: &mut Engine, now_ms: u64, id: u64, line: &str) -> Vec<String> {
    let argv: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
    engine.execute(now_ms, id, &argv);
    let mut logged = Vec::new();
    while let Some(output) = engine.poll() {
        if let Output::Record { effects, .. } = output {
            logged.extend(effects.iter().map(|effect| effect.argv.to_line()));
        }
    }

    logged
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

/// Runs the words of `line` and answers what it comes to; other outputs are dropped.
fn call(engine: &mut Engine, id: u64, line: &str) -> Outcome {
    let argv: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
    let outcome = engine.execute(START_MS, id, &argv);
    while engine.poll().is_some() {}

    outcome
}

/// As `call`, for what is answered at once, as RESP2.
fn answer(engine: &mut Engine, id: u64, line: &str) -> String {
    let Outcome::Reply(reply) = call(engine, id, line) else {
        panic!("{line} is not answered at once");
    };
    let mut bytes = Vec::new();
    crate::resp::encode(&reply, 2, &mut bytes);

    String::from_utf8_lossy(&bytes).replace("\r\n", " ")
}

#[test]
fn a_follower_reads_by_itself_and_forwards_what_writes() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    engine.set_role(Role::Follower);

    assert_eq!(answer(&mut engine, id, "GET k"), "$-1 ");
    let Outcome::Forward(request) = call(&mut engine, id, "SET k v") else {
        panic!("a write is the leader's");
    };
    assert!(!request.transaction);
    for line in ["SELECT 3", "MULTI", "GET k", "DBSIZE"] {
        answer(&mut engine, id, line);
    }
    assert_eq!(answer(&mut engine, id, "EXEC"), "*2 $-1 :0 ");

    for line in ["WATCH k", "MULTI", "SELECT 4", "INCR k"] {
        answer(&mut engine, id, line);
    }
    let Outcome::Forward(request) = call(&mut engine, id, "EXEC") else {
        panic!("a transaction that writes is the leader's");
    };
    assert!(request.transaction);
    assert_eq!((request.db, request.commands.len()), (3, 2));
    assert_eq!(request.preconditions.len(), 1);
    // What is about the session is done once the leader has run the rest.
    assert_eq!(engine.sessions().all[&id].db, 3);
    let mut reply = Reply::Array(vec![Reply::Null, Reply::Int(1)]);
    engine.complete(START_MS, id, &request.commands, &mut reply);
    assert_eq!(reply, Reply::Array(vec![Reply::OK, Reply::Int(1)]));
    assert_eq!(
        engine.sessions().all[&id].db,
        4,
        "what SELECT leaves behind"
    );
}

#[test]
fn a_request_runs_only_where_its_keys_are_as_they_were_seen() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    answer(&mut engine, id, "SET k 1");
    let mut request = Request {
        protocol: 2,
        transaction: true,
        commands: vec![vec![Box::from(&b"INCR"[..]), Box::from(&b"k"[..])]],
        preconditions: vec![Precondition {
            db: 0,
            key: Box::from(&b"k"[..]),
            existed: true,
            seq: engine.seq(),
        }],
        ..Request::default()
    };
    let ran = Reply::Array(vec![Reply::Int(2)]);
    assert_eq!(engine.execute_request(START_MS, &request), ran);
    assert_eq!(engine.execute_request(START_MS, &request), Reply::NullArray);
    request.preconditions[0].seq = engine.seq();
    request.preconditions[0].existed = false;
    assert_eq!(engine.execute_request(START_MS, &request), Reply::NullArray);
    assert_eq!(engine.sessions().all.len(), 1, "its session is gone");
}

#[test]
fn what_is_full_takes_no_more() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    answer(&mut engine, id, "SET k v");
    for line in ["MULTI", "SET k w"] {
        answer(&mut engine, id, line);
    }
    let other = engine.open_session(START_MS);
    answer(&mut engine, other, "CONFIG SET maxmemory 1");
    let oom = "OOM command not allowed when used memory > 'maxmemory'. ";
    assert_eq!(answer(&mut engine, other, "SET k w"), format!("-{oom}"));
    let aborted = format!("-EXECABORT Transaction discarded because of: {oom}");
    assert_eq!(answer(&mut engine, id, "EXEC"), aborted);
    assert_eq!(answer(&mut engine, id, "GET k"), "$1 v ");
    assert_eq!(answer(&mut engine, id, "DEL k"), ":1 ");
}

#[test]
fn pushes_go_out_where_replies_are_off() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    assert_eq!(answer(&mut engine, id, "CLIENT REPLY OFF"), "");
    assert_eq!(answer(&mut engine, id, "PING"), "");
    assert_eq!(
        answer(&mut engine, id, "SUBSCRIBE a"),
        "*3 $9 subscribe $1 a :1 "
    );
    let other = engine.open_session(START_MS);
    let argv: [&[u8]; 3] = [b"PUBLISH", b"a", b"hi"];
    engine.execute(START_MS, other, &argv);
    let pushed = std::iter::from_fn(|| engine.poll());
    let pushed =
        pushed.filter(|output| matches!(output, Output::Push { session, .. } if *session == id));
    assert_eq!(pushed.count(), 1);
}

#[test]
fn a_pause_holds_writes_back_until_its_end() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    answer(&mut engine, id, "CLIENT PAUSE 100 WRITE");
    let write: [&[u8]; 3] = [b"SET", b"k", b"v"];
    let read: [&[u8]; 2] = [b"GET", b"k"];
    let end = Some(START_MS + 100);
    assert_eq!(engine.paused_until(START_MS + 99, id, &write), end);
    assert_eq!(engine.paused_until(START_MS + 99, id, &read), None);
    assert_eq!(engine.paused_until(START_MS + 100, id, &write), None);
}

#[test]
fn a_watched_key_that_a_reload_keeps_away_is_not_touched() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    answer(&mut engine, id, "WATCH absent");
    engine.replace_keyspace(Keyspace::new(engine.settings().limits));
    for line in ["MULTI", "PING"] {
        answer(&mut engine, id, line);
    }
    assert_eq!(answer(&mut engine, id, "EXEC"), "*1 +PONG ");

    for line in ["SET k v", "WATCH k"] {
        answer(&mut engine, id, line);
    }
    engine.replace_keyspace(Keyspace::new(engine.settings().limits));
    for line in ["MULTI", "PING"] {
        answer(&mut engine, id, line);
    }
    assert_eq!(answer(&mut engine, id, "EXEC"), "*-1 ");
}

#[test]
fn memory_is_held_by_eviction_and_followers_hear_of_it() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    let value = "v".repeat(100);
    for i in 0..100 {
        run(
            &mut engine,
            START_MS + i,
            id,
            &format!("SET key:{i} {value}"),
        );
    }
    let limit = engine.keyspace().bytes();
    call(&mut engine, id, &format!("CONFIG SET maxmemory {limit}"));
    call(&mut engine, id, "CONFIG SET maxmemory-policy allkeys-lru");
    let mut deleted = 0;
    for i in 100..300 {
        let logged = run(
            &mut engine,
            START_MS + i,
            id,
            &format!("SET key:{i} {value}"),
        );
        assert_eq!(logged.last(), Some(&format!("SET key:{i} {value}")));
        deleted += logged
            .iter()
            .filter(|line| line.starts_with("DEL key:"))
            .count();
    }
    assert!(engine.keyspace().bytes() <= limit + 500);
    assert_eq!(engine.keyspace().keys(0).len(), 300 - deleted);
    assert!(deleted > 150, "{deleted}");
    // Nothing that may go is left: growing is refused, and what is there is served.
    call(&mut engine, id, "CONFIG SET maxmemory-policy volatile-lru");
    call(&mut engine, id, "CONFIG SET maxmemory 1");
    assert!(answer(&mut engine, id, "SET a b").starts_with("-OOM"));
    assert_eq!(answer(&mut engine, id, "EXISTS key:299"), ":1 ");
}

#[test]
fn sets_that_are_run_together_are_one_record() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    let found = crate::command::find_place(&[b"SET"]).expect("a row");
    let pairs: [[&[u8]; 2]; 3] = [[b"a", b"1"], [b"b", b"x"], [b"a", b"2"]];
    let seq = engine.seq();

    assert!(engine.takes_sets(id, 1000));
    engine.execute_sets(START_MS, id, found, pairs.into_iter());

    let records: Vec<Output> = std::iter::from_fn(|| engine.poll()).collect();
    let [Output::Record { seq: of, effects }] = &records[..] else {
        unreachable!("one record, not {records:?}");
    };
    let lines: Vec<String> = effects.iter().map(|effect| effect.argv.to_line()).collect();
    assert_eq!(
        (*of, lines.join(", ")),
        (seq + 1, "SET a 1, SET b x, SET a 2".into())
    );
    assert_eq!(answer(&mut engine, id, "MGET a b"), "*2 $1 2 $1 x ");
    assert_eq!(engine.stats().commands, 4);
}

#[test]
fn sets_are_not_run_together_where_one_might_be_answered_otherwise() {
    let sets: [(&str, &[&str]); 6] = [
        ("queued", &["MULTI"]),
        ("told", &["MONITOR"]),
        ("silent", &["CLIENT REPLY OFF"]),
        ("paused", &["CLIENT PAUSE 1000 WRITE"]),
        ("refused", &["CONFIG SET min-replicas-to-write 1"]),
        ("full", &["SET k v", "CONFIG SET maxmemory 1100"]),
    ];
    for (why, lines) in sets {
        let mut engine = Engine::new(1, Settings::default());
        let id = engine.open_session(START_MS);
        assert!(engine.takes_sets(id, 1000));
        for line in lines {
            call(&mut engine, id, line);
        }
        assert!(!engine.takes_sets(id, 1000), "{why}");
    }
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    engine.set_role(Role::Follower);
    assert!(!engine.takes_sets(id, 1000));
    assert!(!engine.takes_sets(id + 1, 1000));
}

/// There is memory for what `has` says.
fn scarce(has: fn(usize) -> bool) -> Room {
    Room {
        is_scarce: || true,
        has,
        has_with_reserve: has,
    }
}

thread_local! {
    /// How often it was asked whether there is memory.
    static ASKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[test]
fn where_memory_ends_what_was_deleted_is_freed_before_a_call_is_refused() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    let other = engine.open_session(START_MS);
    let words: Vec<String> = (0..100_000).map(|n| format!("some member {n}")).collect();
    // There is none until it is asked for a second time.
    let second = |_| ASKED.replace(ASKED.get() + 1) > 0;
    let delete = |engine: &mut Engine| {
        engine.set_room(Room::default());
        answer(engine, other, &format!("SADD set {}", words.join(" ")));
        answer(engine, other, "UNLINK set");
        assert!(engine.has_idle_work());
        ASKED.set(0);
        engine.set_room(scarce(second));
    };
    let set = || {
        vec![
            b"SET".as_slice().into(),
            b"k".as_slice().into(),
            b"v".as_slice().into(),
        ]
    };
    delete(&mut engine);
    assert_eq!(answer(&mut engine, id, "SET k v"), "+OK ");
    assert!(!engine.has_idle_work());
    answer(&mut engine, id, "MULTI");
    answer(&mut engine, id, "SET k v");
    delete(&mut engine);
    assert_eq!(answer(&mut engine, id, "EXEC"), "*1 +OK ");
    for transaction in [false, true] {
        delete(&mut engine);
        let asked = Request {
            commands: vec![set()],
            transaction,
            ..Request::default()
        };
        let reply = engine.execute_request(START_MS, &asked);
        assert!(!matches!(reply, Reply::Error(_)), "{reply:?}");
        while engine.poll().is_some() {}
    }
    delete(&mut engine);
    let effect = Effect {
        db: 0,
        argv: Words::new(&[b"SET".as_slice(), b"k", b"v"]),
    };
    assert_eq!(engine.apply(START_MS, engine.seq() + 1, &[effect]), Ok(()));
}

#[test]
fn where_memory_ends_calls_are_refused_that_need_more() {
    let mut engine = Engine::new(1, Settings::default());
    let id = engine.open_session(START_MS);
    let oom = "-OOM command not allowed when used memory > 'maxmemory'. ";
    let large = "x".repeat(2 << 20);
    let set = |key: &'static str| format!("SET {key} {large}");
    answer(&mut engine, id, &set("large"));
    answer(&mut engine, id, "RPUSH list a b");
    for line in ["MULTI", "SET k v"] {
        answer(&mut engine, id, line);
    }
    answer(&mut engine, id, &format!("SET k {}", "x".repeat(1000)));
    engine.set_room(scarce(|bytes| bytes <= 1 << 10));
    let aborted = format!("-EXECABORT Transaction discarded because of: {}", &oom[1..]);
    assert_eq!(answer(&mut engine, id, "EXEC"), aborted);
    let taken = [("SET small v", "+OK "), ("LPUSH list c", ":3 ")];
    let answered = [("STRLEN large", ":2097152 "), ("TYPE large", "+string ")];
    for (line, reply) in taken.into_iter().chain(answered) {
        assert_eq!(answer(&mut engine, id, line), reply, "{line}");
    }
    let refused = [
        "APPEND large x",
        "GET large",
        "GETRANGE large 0 -1",
        "COPY large b",
    ];
    for line in refused.into_iter().chain([set("other").as_str()]) {
        assert_eq!(answer(&mut engine, id, line), oom, "{:.20}", line);
    }
    // What another node asks for too, and what a leader has written.
    let asked = Request {
        commands: vec![vec![
            b"SET".as_slice().into(),
            b"k".as_slice().into(),
            large.as_bytes().into(),
        ]],
        ..Request::default()
    };
    let reply = engine.execute_request(START_MS, &asked);
    assert_eq!(reply, Error::OUT_OF_MEMORY.into());
    let effect = Effect {
        db: 0,
        argv: Words::new(&[b"SET".as_slice(), b"k", large.as_bytes()]),
    };
    let applied = engine.apply(START_MS, engine.seq() + 1, &[effect]);
    assert_eq!(applied, Err(ApplyError::NoRoom));
    while engine.poll().is_some() {}
    // What goes makes room.
    assert_eq!(answer(&mut engine, id, "DEL large"), ":1 ");
    engine.set_room(scarce(|bytes| bytes <= 64 << 20));
    assert_eq!(answer(&mut engine, id, &set("other")), "+OK ");
}
