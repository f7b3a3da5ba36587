//! Where nothing is stored: what keeps tabs together is their word alone.
use super::together::Together;
use super::*;

/// Tabs that live in memory, each of which is granted the lock.
fn without_lock(count: u8) -> Together {
    let mut tabs = Together::new(0, false);
    for tab in 0..count {
        tabs.holder = None;
        let options = NodeOptions {
            election: Election::Lease,
            ..options(tab + 1)
        };
        tabs.nodes.push(Node::new(tabs.now_ms, options));
        tabs.settle();
    }

    tabs
}

#[test]
fn two_leaders_of_one_epoch_become_one() {
    let mut tabs = without_lock(3);
    tabs.silent = vec![0, 1, 2];
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["leader"; 3]);
    for tab in 0..3 {
        assert_eq!(tabs.nodes[tab].epoch(), 1);
        // As many records in each, and of one length: only who wrote them tells them apart.
        assert_eq!(tabs.once(tab, &format!("SET a {tab}")), Reply::OK);
    }
    tabs.silent.clear();
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "GET a"), Reply::bulk("2"), "tab {tab}");
    }
    assert_eq!(tabs.once(0, "SET b 1"), Reply::OK);
    tabs.pass(100);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "DBSIZE"), Reply::Int(2), "tab {tab}");
    }
}

#[test]
fn who_followed_another_leader_of_that_epoch_takes_what_the_present_one_has() {
    let mut tabs = Together::new(2, false);
    assert_eq!(tabs.once(0, "SET a 0"), Reply::OK);
    // Tab 1 leads the same epoch next, of which tab 0 knows its own past alone.
    let (epoch, of_0) = (tabs.nodes[0].epoch(), tabs.nodes[0].reign);
    tabs.deaf.push(0);
    tabs.nodes[1].position = Position::default();
    tabs.nodes[1].reign = 0;
    tabs.steal(1);
    tabs.pass(4000);
    assert_eq!(tabs.roles()[1], "leader");
    assert_eq!(tabs.nodes[1].epoch(), epoch);
    assert_eq!(tabs.once(1, "SET b 1"), Reply::OK);
    tabs.deaf.clear();
    tabs.nodes[0].handle(tabs.now_ms, Input::LockLost);
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
    assert_ne!(tabs.nodes[0].reign, of_0);
    assert_eq!(tabs.once(0, "GET b"), Reply::bulk("1"));
}

#[test]
fn who_is_granted_the_lock_while_it_goes_away_follows_when_it_is_back() {
    let mut tabs = Together::new(2, false);
    tabs.nodes[0].handle(tabs.now_ms, Input::Leave);
    tabs.settle();
    assert_eq!(tabs.nodes[1].lock, Lock::Held);
    tabs.now_ms += 200;
    tabs.nodes[1].handle(tabs.now_ms, Input::Leave);
    tabs.settle();
    assert!(!tabs.nodes[1].spoiled);
    tabs.nodes[0].handle(tabs.now_ms, Input::Return);
    tabs.pass(500);
    tabs.nodes[1].handle(tabs.now_ms, Input::Return);
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["leader", "follower"]);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    tabs.pass(100);
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk("1"));
}

#[test]
fn the_lock_alone_does_not_make_a_second_leader() {
    let mut tabs = Together::new(2, false);
    // The service of locks has begun anew, and nobody was told that a lock is lost.
    tabs.queue.push_back((1, Input::LockGranted));
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["leader", "follower"]);
    // When the other is silent, it counts.
    tabs.deaf.push(0);
    tabs.pass(4000);
    assert_eq!(tabs.roles(), ["leader", "leader"]);
    tabs.deaf.clear();
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
}

#[test]
fn who_shares_with_nobody_waits_for_nobody() {
    for shared in [true, false] {
        let mut tabs = Together::new(0, false);
        let options = NodeOptions {
            shared,
            ..options(1)
        };
        tabs.nodes.push(Node::new(tabs.now_ms, options));
        tabs.settle();
        let role = if shared { "follower" } else { "leader" };
        assert_eq!(tabs.roles(), [role], "shared: {shared}");
        tabs.pass(200);
        assert_eq!(tabs.roles(), ["leader"]);
    }
}
