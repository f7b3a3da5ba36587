//! The protocol clause by clause, in a world that does only what a test wants: levels, exactly once, catching up,
//! taking the lead from one that does not answer, leaving and coming back, a writer faster than its storage.
use super::together::{Together, code};
use super::*;

fn call_at(tabs: &mut Together, tab: usize, level: Level, line: &str) -> Called {
    let session = tabs.nodes[tab].open_session(0);
    let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
    let called = tabs.nodes[tab].call(tabs.now_ms, session, Some(level), &words);
    tabs.settle();

    called
}

fn is_answered(tabs: &Together, tab: usize, called: &Called) -> bool {
    match called {
        Called::Reply(_) => true,
        Called::Pending(call) => tabs.replies.contains_key(&(tab, *call)),
    }
}

#[test]
fn each_level_is_acknowledged_when_it_says() {
    for tab in 0..2 {
        let mut tabs = Together::new(2, true);
        tabs.pass(2000);
        tabs.stalled = Some(0);
        let first = call_at(&mut tabs, tab, Level::Everysec, "SET a 1");
        let memory = call_at(&mut tabs, tab, Level::Memory, "SET b 1");
        tabs.pass(1100);
        assert!(is_answered(&tabs, tab, &memory), "tab {tab}");
        assert!(!is_answered(&tabs, tab, &first), "tab {tab}");
        tabs.go_on();
        assert!(is_answered(&tabs, tab, &first), "tab {tab}");
        // Two writes within a second of a strict commit: only `always` is worth another one.
        call_at(&mut tabs, tab, Level::Always, "SET c 1");
        let strict = tabs.store.strict;
        let everysec = call_at(&mut tabs, tab, Level::Everysec, "SET c 2");
        assert!(is_answered(&tabs, tab, &everysec));
        assert_eq!(tabs.store.strict, strict, "tab {tab}");
        let always = call_at(&mut tabs, tab, Level::Always, "SET c 3");
        assert!(is_answered(&tabs, tab, &always));
        assert_eq!(tabs.store.strict, strict + 1, "tab {tab}");
    }
}

#[test]
fn a_database_has_a_level_of_its_own() {
    for (level, strict) in [(Level::Memory, 0), (Level::Everysec, 0), (Level::Always, 1)] {
        let options = NodeOptions {
            level,
            ..options(1)
        };
        let mut alone = Alone::start(Store::default(), options);
        let session = alone.node.open_session(0);
        alone.call(session, "SET a 1");
        alone.now_ms += 10;
        let before = alone.store.strict;
        let called = alone
            .node
            .call(alone.now_ms, session, None, &[b"SET", b"a", b"2"]);
        assert_eq!(called == Called::Reply(Reply::OK), level == Level::Memory);
        alone.settle();
        assert_eq!(alone.store.strict - before, strict, "{level:?}");
        assert_eq!(
            alone.node.status(0).level,
            ["memory", "everysec", "always"][level as usize]
        );
    }
}

#[test]
fn a_request_that_comes_twice_is_run_once_and_its_reply_kept_until_it_is_acknowledged() {
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[1].open_session(0);
    // The leader's answers are lost: the call is asked again and again.
    tabs.silent.push(0);
    let call = tabs.begin(1, session, "INCR n");
    tabs.pass(1500);
    assert_eq!(tabs.replies.get(&(1, call)), None);
    tabs.silent.clear();
    tabs.pass(1000);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(1)));
    assert_eq!(tabs.once(0, "GET n"), Reply::bulk("1"));
    let id = tabs.nodes[1].id;
    let known = |tabs: &Together, number| tabs.nodes[0].answered.look_up(id, number, None);
    assert!(matches!(known(&tabs, 1), crate::replica::Known::Done(_)));
    // The next call says that the answer has come.
    assert_eq!(tabs.call(1, session, "INCR n"), Reply::Int(2));
    assert_eq!(known(&tabs, 1), crate::replica::Known::Forgotten);
}

/// Tab 1 misses `blocks` blocks, after which `before` is done at the leader, and then hears again.
fn missed(blocks: usize, size: usize, saves: usize) -> Together {
    let mut tabs = Together::new(2, true);
    tabs.deaf.push(1);
    let session = tabs.nodes[0].open_session(0);
    for i in 0..blocks {
        let value = "v".repeat(size);
        assert_eq!(
            tabs.call(0, session, &format!("SET key{i} {value}")),
            Reply::OK
        );
    }
    for _ in 0..saves {
        assert_eq!(tabs.call(0, session, "SAVE"), Reply::OK);
        tabs.call(0, session, "INCR saves");
    }
    tabs.deaf.clear();
    tabs.read_by(1);
    tabs.pass(6000);
    let (leader, follower) = (tabs.nodes[0].status(0), tabs.nodes[1].status(0));
    assert_eq!(leader.seq, follower.seq);
    assert_eq!(follower.role, "follower");

    tabs
}

#[test]
fn what_the_leader_holds_is_asked_of_it() {
    let mut tabs = missed(20, 10, 0);
    assert_eq!(tabs.read_by(1), 0, "storage was left alone");
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(20));
}

#[test]
fn what_the_leader_holds_no_more_is_read_from_the_log() {
    // More than the 8 MB that a leader holds.
    let mut tabs = missed(20, 600_000, 0);
    assert!(tabs.read_by(1) > 0);
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(20));
}

#[test]
fn what_the_log_has_no_more_is_read_from_the_snapshot() {
    let mut tabs = missed(20, 600_000, 3);
    assert!(tabs.read_by(1) > 0);
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(21));
    assert!(!tabs.store.blocks.contains_key(&BlockKey { epoch: 1, n: 0 }));
}

#[test]
fn a_leader_that_does_not_answer_is_robbed_and_fenced() {
    let mut tabs = Together::new(2, true);
    assert_eq!(tabs.once(1, "INCR n"), Reply::Int(1));
    tabs.deaf.push(0);
    let session = tabs.nodes[1].open_session(0);
    let call = tabs.begin(1, session, "INCR n");
    tabs.pass(2500);
    assert_eq!(tabs.roles()[1], "follower", "three seconds are given");
    tabs.pass(2000);
    assert_eq!(tabs.roles()[1], "leader");
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(2)));
    // It wakes, thinks that it leads, and writes.
    tabs.deaf.clear();
    let session = tabs.nodes[0].open_session(0);
    let words: [&[u8]; 2] = [b"INCR", b"n"];
    let called = tabs.nodes[0].call(tabs.now_ms, session, None, &words);
    tabs.settle();
    tabs.pass(500);
    let Called::Pending(call) = called else {
        panic!("it waits for its commit")
    };
    let reply = &tabs.replies[&(0, call)];
    assert!(
        *reply == Reply::Int(3) || code(reply) == "TRYAGAIN",
        "{reply:?}"
    );
    let n = if *reply == Reply::Int(3) { "3" } else { "2" };
    for tab in 0..2 {
        assert_eq!(tabs.once(tab, "GET n"), Reply::bulk(n));
    }
    assert_eq!(tabs.roles(), ["follower", "leader"]);
}

#[test]
fn who_leaves_commits_and_lets_go_and_comes_back_as_a_follower() {
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[0].open_session(0);
    // The page goes with a batch under way and another one open.
    let mut calls = Vec::new();
    for value in [b"1", b"2"] {
        let words: [&[u8]; 3] = [b"SET", b"a", value];
        match tabs.nodes[0].call(tabs.now_ms, session, None, &words) {
            Called::Pending(call) => calls.push(call),
            Called::Reply(reply) => panic!("{reply:?}"),
        }
    }
    tabs.nodes[0].handle(tabs.now_ms, Input::Leave);
    tabs.settle();
    assert_eq!(tabs.nodes[0].status(0).role, "left");
    assert_eq!(tabs.replies.get(&(0, calls[0])), Some(&Reply::OK));
    // What came behind it is written, or its caller is told that it is not.
    let second = tabs.replies[&(0, calls[1])].clone();
    let a = if second == Reply::OK { "2" } else { "1" };
    assert!(second == Reply::OK || code(&second) == "TRYAGAIN");
    tabs.pass(300);
    assert_eq!(tabs.roles()[1], "leader");
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(a));
    assert_eq!(tabs.once(1, "SET a 3"), Reply::OK);
    // Out of the back-forward cache.
    tabs.nodes[0].handle(tabs.now_ms, Input::Return);
    tabs.settle();
    tabs.pass(300);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
    assert_eq!(tabs.call(0, session, "GET a"), Reply::bulk("3"));
    assert_eq!(tabs.call(0, session, "SET a 4"), Reply::OK);
}

#[test]
fn a_waiter_that_leaves_is_no_obstacle_and_its_calls_are_answered_when_it_is_back() {
    let mut tabs = Together::new(3, true);
    let session = tabs.nodes[1].open_session(0);
    tabs.stalled = Some(0);
    let call = tabs.begin(1, session, "INCR n");
    tabs.nodes[1].handle(tabs.now_ms, Input::Leave);
    tabs.settle();
    assert!(
        !tabs.waiting.contains(&1),
        "a page in the cache queues for nothing"
    );
    tabs.go_on();
    tabs.nodes[0].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    tabs.pass(300);
    assert_eq!(tabs.roles()[2], "leader");
    tabs.nodes[1].handle(tabs.now_ms, Input::Return);
    tabs.settle();
    tabs.pass(2000);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(1)));
    assert_eq!(tabs.once(2, "GET n"), Reply::bulk("1"));
}

#[test]
fn a_writer_faster_than_its_storage_meets_busy_and_memory_is_bounded() {
    for (tab, line) in [(0, "SET"), (1, "SET"), (0, "PUBLISH")] {
        let mut tabs = Together::new(2, true);
        tabs.stalled = Some(0);
        let session = tabs.nodes[tab].open_session(0);
        let first = tabs.nodes[0].open_session(0);
        tabs.begin(0, first, "SET begun 1");
        let value = vec![b'v'; 1 << 20];
        let mut busy = 0;
        for i in 0..100 {
            let key = format!("key{i}");
            let words: [&[u8]; 3] = [line.as_bytes(), key.as_bytes(), &value];
            let called = tabs.nodes[tab].call(tabs.now_ms, session, None, &words);
            if let Called::Reply(reply @ Reply::Error(_)) = &called {
                assert_eq!(code(reply), "BUSY");
                busy += 1;
            }
            tabs.settle();
        }
        assert!((30..40).contains(&busy), "{line} in tab {tab}: {busy}");
        for node in &tabs.nodes {
            assert!(node.status(0).pending_bytes <= 66 << 20);
        }
        // Reads go on, and once half of it is written it is told.
        assert_eq!(tabs.once(tab, "GET none"), Reply::Null);
        tabs.go_on();
        tabs.pass(3000);
        assert!(tabs.events.contains(&(tab, Event::Drained)));
        assert_eq!(tabs.once(tab, "SET after 1"), Reply::OK);
    }
}

#[test]
fn a_leader_that_has_heard_of_nobody_tells_nobody_of_its_blocks_and_who_comes_lacks_none() {
    let mut tabs = Together::new(1, true);
    let before = tabs.sent.clone();
    for i in 0..10 {
        assert_eq!(tabs.once(0, &format!("SET k{i} v")), Reply::OK);
    }
    assert_eq!(tabs.sent, before);
    // What is written after another has read the log, and before it is heard, is in no message.
    tabs.nodes.push(Node::new(tabs.now_ms, options(2)));
    let session = tabs.nodes[0].open_session(0);
    let mut written = 10;
    while tabs.nodes[0].status(0).peers.is_empty() {
        let line = format!("SET k{written} v");
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        tabs.nodes[0].call(tabs.now_ms, session, None, &words);
        written += 1;
        assert!(tabs.step());
    }
    assert!(written > 12, "{written}");
    tabs.settle();
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(written));
    assert_eq!(tabs.once(0, "SET one more"), Reply::OK);
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(written + 1));
}
