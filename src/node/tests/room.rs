//! Storage that fills up: what can be spared goes first, then writes are refused, and go on by themselves.
use super::*;

const KB: usize = 1 << 10;

/// Bytes that nothing can press.
fn noise(seed: u64, len: usize) -> String {
    let mut rng = Rng::new(seed);

    (0..len)
        .map(|_| (b'!' + rng.below(90) as u8) as char)
        .collect()
}

impl Alone {
    fn wait(&mut self, ms: u64) {
        for _ in 0..ms / 50 {
            self.now_ms += 50;
            self.node.tick(self.now_ms);
            self.settle();
        }
    }

    fn quota_events(&self) -> usize {
        let is_quota = |event: &&Event| **event == Event::Quota;

        self.events.iter().filter(is_quota).count()
    }
}

fn is_quota(reply: &Reply) -> bool {
    matches!(reply, Reply::Error(error) if error.code() == "QUOTA")
}

/// Snapshots only where room must be made.
fn rarely() -> NodeOptions {
    NodeOptions {
        snapshot_after_bytes: 1 << 30,
        ..options(1)
    }
}

#[test]
fn the_ballast_and_a_snapshot_make_room_and_no_write_is_refused() {
    let mut alone = Alone::start(Store::default(), rarely());
    let session = alone.node.open_session(0);
    alone.call(session, "SET a 1");
    assert_eq!(alone.act(Action::Save), Reply::OK);
    let ballast = alone.store.pieces.keys().next().expect("a piece").0;
    assert_eq!(ballast, [0; 16]);
    alone.store.room = Some(4096 * KB);
    for round in 0..200 {
        let value = noise(round, 100 * KB);
        let line = format!("SET k{} {value}", round % 3);
        assert_eq!(alone.call(session, &line), Reply::OK, "round {round}");
    }
    assert_eq!(alone.quota_events(), 0);
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(4));
    let last = noise(199, 100 * KB).into_bytes();
    assert_eq!(alone.call(session, "GET k1"), Reply::bulk(last));
}

#[test]
fn without_room_writes_are_refused_once_told_and_go_on_when_there_is_some() {
    let mut alone = Alone::start(Store::default(), rarely());
    let session = alone.node.open_session(0);
    alone.store.room = Some(2048 * KB);
    let mut stored = 0;
    let refused = loop {
        let line = format!("SET k{stored} {}", noise(stored, 100 * KB));
        match alone.call(session, &line) {
            Reply::Error(error) => break Reply::Error(error),
            _ => stored += 1,
        }
    };
    assert!(is_quota(&refused));
    for _ in 0..5 {
        alone.wait(1000);
        let line = format!("SET more {}", noise(1, 200 * KB));
        assert!(is_quota(&alone.call(session, &line)));
    }
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(stored as i64));
    assert_eq!(alone.quota_events(), 1);
    // What makes the data smaller is run, and the snapshot after it makes room.
    for key in 0..stored {
        assert_eq!(alone.call(session, &format!("DEL k{key}")), Reply::Int(1));
    }
    alone.wait(40_000);
    let line = format!("SET again {}", noise(2, 200 * KB));
    assert_eq!(alone.call(session, &line), Reply::OK);
    assert_eq!(alone.node.status(alone.now_ms).storage, "open");
    assert_eq!(alone.quota_events(), 1);
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(1));
}

/// A node with data, a snapshot of them and the ballast, but no room for another snapshot.
fn nearly_full() -> Alone {
    let mut alone = Alone::start(Store::default(), rarely());
    let session = alone.node.open_session(0);
    let line = format!("SET k {}", noise(1, 500 * KB));
    assert_eq!(alone.call(session, &line), Reply::OK);
    assert_eq!(alone.act(Action::Save), Reply::OK);
    alone.store.room = Some(alone.store.bytes() + 10 * KB);

    alone
}

#[test]
fn shutdown_waits_for_a_snapshot_that_is_begun_again_with_the_room_that_was_made() {
    let mut alone = nearly_full();
    let first = alone.node.snapshots.known.clone();
    let call = alone.begin(Action::Shutdown { save: true });
    alone.wait(2000);
    assert!(alone.closed);
    assert_eq!(alone.replies.get(&call), None);
    let newest = alone.node.snapshots.known.last();
    assert!(newest.is_some() && !first.contains(newest.expect("there is one")));
}

#[test]
fn a_shutdown_whose_snapshot_finds_no_room_is_refused() {
    let mut alone = nearly_full();
    alone.store.quota = true;
    let call = alone.begin(Action::Shutdown { save: true });
    alone.wait(2000);
    assert!(alone.replies.get(&call).is_some_and(is_quota));
    assert!(!alone.closed);
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "EXISTS k"), Reply::Int(1));
}

#[test]
fn where_the_policy_allows_keys_are_evicted_to_make_room() {
    let mut alone = Alone::start(Store::default(), rarely());
    let session = alone.node.open_session(0);
    assert_eq!(
        alone.call(session, "CONFIG SET maxmemory-policy allkeys-lru"),
        Reply::OK
    );
    alone.store.room = Some(2048 * KB);
    let mut refused = 0;
    for i in 0..100 {
        let line = format!("SET k{i} {}", noise(i, 50 * KB));
        while is_quota(&alone.call(session, &line)) {
            refused += 1;
            assert!(refused < 500, "no room is made at k{i}");
            alone.wait(1000);
        }
    }
    assert!(refused > 0, "it was never full");
    assert_eq!(alone.call(session, "EXISTS k99 k0"), Reply::Int(1));
    let Reply::Int(left) = alone.call(session, "DBSIZE") else {
        panic!("a number");
    };
    assert!((10..40).contains(&left), "{left} are left");
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(left));
    let last = noise(99, 50 * KB).into_bytes();
    assert_eq!(alone.call(session, "GET k99"), Reply::bulk(last));
}

#[test]
fn one_value_that_is_too_large_does_not_keep_small_ones_out() {
    let mut alone = Alone::start(Store::default(), rarely());
    let session = alone.node.open_session(0);
    alone.store.room = Some(600 * KB);
    let line = format!("SET large {}", noise(1, 900 * KB));
    assert!(is_quota(&alone.call(session, &line)));
    alone.wait(1000);
    assert_eq!(alone.call(session, "SET small 1"), Reply::OK);
    assert_eq!(alone.quota_events(), 1);
}

#[test]
fn a_takeover_without_room_for_its_seal_waits_and_reads_go_on() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    alone.call(session, "SET a 1");
    alone.store.quota = true;
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.node.status(alone.now_ms).role, "claiming");
    assert_eq!(alone.call(session, "GET a"), Reply::bulk(*b"1"));
    alone.wait(3000);
    assert!(is_quota(&alone.call(session, "SET a 2")));
    alone.store.quota = false;
    alone.wait(1500);
    assert_eq!(alone.call(session, "SET a 3"), Reply::OK);
    assert_eq!(alone.quota_events(), 1);
}

#[test]
fn storage_stays_within_three_times_the_data() {
    let mut alone = Alone::start(
        Store::default(),
        NodeOptions {
            snapshot_after_bytes: 50 * KB,
            ..options(1)
        },
    );
    let session = alone.node.open_session(0);
    for key in 0..10 {
        let value = noise(key, 20 * KB);
        assert_eq!(
            alone.call(session, &format!("SET k{key} {value}")),
            Reply::OK
        );
    }
    let (mut most, mut two) = (0, 0);
    for round in 0..100 {
        let value = noise(round, 20 * KB);
        let key = round % 10;
        assert_eq!(
            alone.call(session, &format!("SET k{key} {value}")),
            Reply::OK
        );
        most = most.max(alone.store.bytes());
        two += usize::from(alone.node.snapshots.known.len() == 2);
    }
    let data = alone.node.engine.keyspace().bytes();
    assert!(most <= 3 * data + (1 << 20), "{most} stored for {data}");
    assert!(two > 60, "two generations were kept {two} times of 100");
}

#[test]
fn who_sees_a_snapshot_published_counts_what_was_written_while_it_was_taken() {
    let mut tabs = super::together::Together::new(2, true);
    for n in 0..50 {
        tabs.once(0, &format!("SET key:{n} {n}"));
    }
    // It is begun, and its first piece is on the way; what is written meanwhile is behind it.
    tabs.stalled = Some(0);
    let call = tabs.nodes[0].new_call();
    tabs.nodes[0].act(Action::Save, Some(call));
    tabs.nodes[0].finish();
    tabs.settle();
    let session = tabs.nodes[0].open_session(0);
    tabs.begin(0, session, &format!("SET big {}", "x".repeat(100_000)));
    tabs.go_on();
    tabs.pass(500);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::OK));
    let size = |node: &Node| (node.snapshots.log.bytes(), node.snapshots.known[0].from);
    let (of_leader, of_follower) = (size(&tabs.nodes[0]), size(&tabs.nodes[1]));
    assert!(of_leader.0 > 100_000, "{of_leader:?}");
    assert_eq!(of_follower, of_leader);
    // And so does who reads it all from storage.
    tabs.open(7);
    let of_newcomer = size(&tabs.nodes[2]);
    assert_eq!(of_newcomer.1, of_leader.1);
    // The block that publishes it may count or not.
    assert!(of_leader.0 - of_newcomer.0 < 2000, "{of_newcomer:?}");
}

/// Writes and saves at any time, storage that answers late or fails, and little room: nobody waits for ever.
#[test]
fn every_call_is_answered_wherever_the_room_ends() {
    for seed in 0..300 {
        let mut rng = Rng::new(seed);
        let small = NodeOptions {
            snapshot_after_bytes: (10 + rng.below(60) as usize) * KB,
            ballast_bytes: (4 + rng.below(30) as usize) * KB,
            ..options(1)
        };
        let mut alone = Alone::start(Store::default(), small);
        let session = alone.node.open_session(0);
        alone.store.room = Some((40 + rng.below(300) as usize) * KB);
        alone.store.flaky = (seed % 2 == 1).then(|| Rng::new(seed));
        let mut calls = Vec::new();
        for step in 0..200 {
            match rng.below(8) {
                0 => {
                    let call = alone.begin(Action::Save);
                    calls.push((call, "SAVE", step));
                }
                1..3 => {
                    let value = noise(seed * 1000 + step, rng.below(30) as usize * KB);
                    let key = format!("k{}", rng.below(6));
                    let words: [&[u8]; 3] = [b"SET", key.as_bytes(), value.as_bytes()];
                    if let Called::Pending(call) =
                        alone.node.call(alone.now_ms, session, None, &words)
                    {
                        calls.push((call, "SET", step));
                    }
                }
                3 => {
                    alone.now_ms += rng.below(300);
                    alone.node.tick(alone.now_ms);
                }
                _ => {
                    alone.perform_one();
                }
            }
        }
        if rng.below(2) == 0 {
            alone.store.room = None;
        }
        alone.store.flaky = None;
        alone.leave_alone(10_000);
        for (call, what, step) in calls {
            assert!(
                alone.replies.contains_key(&call),
                "seed {seed}: {what} of step {step} has no answer"
            );
        }
    }
}

#[test]
fn a_shutdown_waits_for_its_own_snapshot() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    alone.call(session, "SET a 1");
    let call = alone.begin(Action::Save);
    while !alone.replies.contains_key(&call) {
        if !alone.perform_one() {
            alone.now_ms += 1;
            alone.node.tick(alone.now_ms);
        }
    }
    // The cut behind the snapshot before is not over.
    assert!(!alone.node.snapshots.is_idle());
    let words: [&[u8]; 3] = [b"SET", b"b", b"2"];
    alone.node.call(alone.now_ms, session, None, &words);
    alone.begin(Action::Shutdown { save: true });
    alone.settle();
    assert!(alone.closed);
    assert_eq!(alone.node.snapshots.last_seq, 2);
}
