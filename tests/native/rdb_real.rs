//! Files and payloads exchanged with a real redis-server: the same commands give the same digest here and there,
//! its files load here and ours load there.
use kilat::base::hex;
use kilat::base::rng::Rng;
use kilat::command::{Reply, Settings};
use kilat::engine::{Engine, Outcome};
use kilat::keyspace::Keyspace;
use kilat::log::snapshot::{Aux, Due, load, save};
use kilat::value::{Limits, digest_value, rdb};

use crate::support::redis::Redis;

const NOW_MS: u64 = 1_767_225_600_000;

/// RDB's types whose elements are written in the order of a hash table.
const HASHED: [u8; 2] = [2, 4];

type Call = Vec<Vec<u8>>;

fn call(words: &[&str]) -> Call {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn number(rng: &mut Rng) -> String {
    (rng.next_u64().cast_signed() >> rng.below(64)).to_string()
}

fn word(rng: &mut Rng, len_max: usize) -> Vec<u8> {
    let len = rng.index(len_max) + 1;
    match rng.below(4) {
        0 => number(rng).into_bytes(),
        1 => (0..len).map(|_| b'a' + rng.below(2) as u8).collect(),
        2 => b"0123456789abcdef"
            .iter()
            .cycle()
            .take(len)
            .copied()
            .collect(),
        _ => (0..len).map(|_| rng.next_u64() as u8).collect(),
    }
}

/// No score is -0: Redis itself turns it into 0 whenever it packs a sorted set.
fn score(rng: &mut Rng) -> String {
    match rng.below(5) {
        0 => "inf".into(),
        1 => "-inf".into(),
        2 => format!("{}", rng.below(5)),
        3 => format!("{:e}", rng.next_u64() as f64),
        _ => format!("{}", rng.next_u64() as f64 / 7e15),
    }
}

/// A call that fills `key` with something of a type that `round` names.
fn fill(rng: &mut Rng, round: u64, key: &str) -> Call {
    let many = if rng.below(3) == 0 { 700 } else { 20 };
    let count = 1 + rng.index(many);
    let len_max = if rng.below(5) == 0 { 3_000 } else { 40 };
    let mut argv = call(&[
        ["SET", "RPUSH", "SADD", "SADD", "ZADD", "HSET"][round as usize % 6],
        key,
    ]);
    match round % 6 {
        0 => argv.push(word(rng, 8 * len_max)),
        1 | 2 => (0..count).for_each(|_| argv.push(word(rng, len_max))),
        3 => (0..count).for_each(|_| argv.push(number(rng).into_bytes())),
        4 => {
            for _ in 0..count {
                argv.push(score(rng).into_bytes());
                argv.push(word(rng, len_max));
            }
        }
        _ => (0..2 * count).for_each(|_| argv.push(word(rng, len_max))),
    }

    argv
}

/// Calls that make keys of all types and encodings in several databases, and change some of them.
fn calls(rng: &mut Rng, keys: u64) -> Vec<Call> {
    let mut calls = Vec::new();
    for round in 0..keys {
        if round % 50 == 0 {
            calls.push(call(&["SELECT", &rng.below(4).to_string()]));
        }
        let key = format!("key:{round}");
        calls.push(fill(rng, round, &key));
        match (round % 6, rng.below(4)) {
            (0, 0) => calls.push(call(&["APPEND", &key, "tail"])),
            (1, 0) => calls.push(call(&["LPUSH", &key, "head", "1"])),
            (1, 1) => calls.push(call(&["LTRIM", &key, "3", "-2"])),
            (4, 0) => calls.push(call(&["ZREMRANGEBYRANK", &key, "2", "400"])),
            (_, 2) => calls.push(call(&[
                "PEXPIREAT",
                &key,
                &(4_000_000_000_000 + round).to_string(),
            ])),
            _ => {}
        }
    }

    calls
}

/// An engine with one session.
struct Kilat {
    engine: Engine,
    session: u64,
}

impl Kilat {
    fn new() -> Self {
        let mut engine = Engine::new(1, Settings::default());
        let session = engine.open_session(NOW_MS);
        Kilat { engine, session }
    }

    fn call(&mut self, argv: &Call) -> Reply {
        if argv[0] == b"SELECT" {
            let db = String::from_utf8_lossy(&argv[1]).parse().unwrap();
            self.engine
                .sessions_mut()
                .all
                .get_mut(&self.session)
                .unwrap()
                .db = db;
            return Reply::OK;
        }
        let argv: Vec<&[u8]> = argv.iter().map(|word| &word[..]).collect();
        let outcome = self.engine.execute(NOW_MS, self.session, &argv);
        while self.engine.poll().is_some() {}
        match outcome {
            Outcome::Reply(reply) => reply,
            other => panic!("{other:?}"),
        }
    }
}

fn redis_call(redis: &mut Redis, argv: &Call) -> Reply {
    redis.call(&argv.iter().map(|word| &word[..]).collect::<Vec<_>>())
}

/// Runs the same calls on both.
fn run(redis: &mut Redis, kilat: &mut Kilat, calls: &[Call]) {
    for argv in calls {
        let (theirs, ours) = (redis_call(redis, argv), kilat.call(argv));
        let name = String::from_utf8_lossy(&argv[0]);
        assert!(!matches!(theirs, Reply::Error(_)), "{name}: {theirs:?}");
        assert_eq!(ours, theirs, "{name} {}", String::from_utf8_lossy(&argv[1]));
    }
}

/// Compares key by key, so that a failure names one.
fn compare(redis: &mut Redis, keyspace: &Keyspace) {
    for db in 0..4 {
        redis.call(&[b"SELECT", db.to_string().as_bytes()]);
        let keys = keyspace.keys(db);
        assert_eq!(redis.call(&[b"DBSIZE"]), Reply::count(keys.len()));
        for (key, entry) in keys.iter() {
            let name = String::from_utf8_lossy(key).into_owned();
            let ours = digest_value(entry.value(), entry.expires_at_ms().is_some());
            let theirs = redis.call(&[b"DEBUG", b"DIGEST-VALUE", key]);
            let ours = Reply::Array(vec![Reply::Status(hex::encode(&ours).into())]);
            assert_eq!(ours, theirs, "{name} of database {db}");
            let theirs = redis.call(&[b"OBJECT", b"ENCODING", key]);
            let ours = Reply::bulk(entry.value().encoding());
            assert_eq!(ours, theirs, "{name} of database {db}");
        }
    }
    assert_eq!(hex::encode(&keyspace.digest()), redis.digest());
}

#[test]
fn files_go_both_ways() {
    let Some(mut redis) = Redis::start("files", None) else {
        return;
    };
    let mut kilat = Kilat::new();
    run(&mut redis, &mut kilat, &calls(&mut Rng::new(1), 400));
    compare(&mut redis, kilat.engine.keyspace());

    let theirs = redis.save();
    let loaded = load(&theirs, Limits::default(), Due::Drop { now_ms: NOW_MS }).unwrap();
    assert_eq!(hex::encode(&loaded.keyspace.digest()), redis.digest());
    let ours = save(
        kilat.engine.keyspace(),
        &Aux {
            time_ms: NOW_MS,
            ..Aux::default()
        },
    );
    let mut second = Redis::start("files-second", Some(&ours)).unwrap();
    assert_eq!(second.digest(), redis.digest());
    compare(&mut second, &loaded.keyspace);
}

#[test]
fn files_of_unusual_settings_load() {
    let Some(mut redis) = Redis::start("settings", None) else {
        return;
    };
    for (name, value) in [
        ("list-max-listpack-size", "3"),
        ("list-compress-depth", "1"),
        ("hash-max-listpack-entries", "5"),
        ("zset-max-listpack-value", "8"),
        ("set-max-intset-entries", "4"),
        ("rdbcompression", "no"),
        ("maxmemory-policy", "allkeys-lfu"),
    ] {
        assert_eq!(
            redis.call(&[b"CONFIG", b"SET", name.as_bytes(), value.as_bytes()]),
            Reply::OK
        );
    }
    redis.call(&[b"DEBUG", b"QUICKLIST-PACKED-THRESHOLD", b"2000b"]);
    for argv in calls(&mut Rng::new(2), 120) {
        redis_call(&mut redis, &argv);
    }
    let library = b"#!lua name=one\nredis.register_function('f', function() return 1 end)";
    redis.call(&[b"FUNCTION", b"LOAD", library]);
    let limits = Limits {
        hash_max_listpack_entries: 5,
        zset_max_listpack_value: 8,
        set_max_intset_entries: 4,
        ..Limits::default()
    };
    let loaded = load(&redis.save(), limits, Due::Drop { now_ms: NOW_MS }).unwrap();
    // Some encodings change when Redis loads its own file.
    assert_eq!(redis.call(&[b"DEBUG", b"RELOAD"]), Reply::OK);
    compare(&mut redis, &loaded.keyspace);
    assert_eq!(loaded.skipped, 1);
}

#[test]
fn payloads_go_both_ways() {
    let Some(mut redis) = Redis::start("payloads", None) else {
        return;
    };
    let (mut rng, limits) = (Rng::new(3), Limits::default());
    let (mut ordered, mut same) = (0, 0);
    for round in 0..120 {
        redis_call(&mut redis, &fill(&mut rng, round, "theirs"));
        let Reply::Bulk(payload) = redis.call(&[b"DUMP", b"theirs"]) else {
            panic!("no payload");
        };
        let value = rdb::restore(&payload, &limits).unwrap();
        let ours = rdb::dump(value.as_ref());
        if !HASHED.contains(&payload[0]) {
            ordered += 1;
            same += u32::from(ours == payload);
        }
        let version = u16::from_le_bytes([ours[ours.len() - 10], ours[ours.len() - 9]]);
        assert_eq!((version, ours[0]), (10, payload[0]));
        assert_eq!(redis.call(&[b"RESTORE", b"ours", b"0", &ours]), Reply::OK);
        let theirs = redis.call(&[b"DEBUG", b"DIGEST-VALUE", b"theirs", b"ours"]);
        let digest = Reply::Status(hex::encode(&digest_value(value.as_ref(), false)).into());
        assert_eq!(
            theirs,
            Reply::Array(vec![digest.clone(), digest]),
            "round {round}"
        );
        redis.call(&[b"FLUSHALL"]);
    }
    // Redis does not clear what it compresses with, so now and then it finds a repetition more.
    assert!(
        ordered > 80 && same * 10 >= ordered * 9,
        "{same} of {ordered} are the same bytes"
    );
}

#[test]
fn a_json_document_is_a_string_there_and_a_document_here() {
    let Some(mut redis) = Redis::start("json", None) else {
        return;
    };
    let mut kilat = Kilat::new();
    let text = r#"{"b":[1,0.1,1e300,null],"a":"é"}"#;
    assert_eq!(kilat.call(&call(&["JSON.SET", "j", "$", text])), Reply::OK);
    let ours = save(kilat.engine.keyspace(), &Aux::default());
    let mut second = Redis::start("json-second", Some(&ours)).unwrap();
    let Reply::Bulk(there) = second.call(&[b"GET", b"j"]) else {
        panic!("not a string");
    };
    let parsed: serde_json::Value = serde_json::from_slice(&there).unwrap();
    assert_eq!(
        parsed,
        serde_json::from_str::<serde_json::Value>(text).unwrap()
    );
    assert_eq!(
        hex::encode(&kilat.engine.keyspace().digest()),
        second.digest()
    );
    let back = load(&ours, Limits::default(), Due::Keep).unwrap();
    assert_eq!(
        back.keyspace
            .keys(0)
            .entry(b"j")
            .unwrap()
            .value()
            .encoding(),
        "json"
    );
    let plain = load(&second.save(), Limits::default(), Due::Keep).unwrap();
    assert_eq!(plain.keyspace.digest(), back.keyspace.digest());
    redis.call(&[b"FLUSHALL"]);
}
