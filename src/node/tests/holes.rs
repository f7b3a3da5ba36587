//! What only storms had shown: each hole of the protocol by itself.
use super::together::{Together, code};
use super::*;
use crate::replica::Message;
use crate::replica::message::Asked;

fn newer(bytes: &mut [u8]) {
    bytes[1] = 99;
}

/// INCR n, the first call of a node that nobody else has heard of.
fn asked(tabs: &Together, again: bool) -> Vec<u8> {
    let asked = Asked {
        number: 1,
        level: 1,
        again,
        since_seq: 0,
        db: 0,
        protocol: 2,
        transaction: false,
        commands: vec![vec![(*b"INCR").into(), (*b"n").into()]],
        watched: Vec::new(),
    };
    let requests = Message::Requests {
        epoch: tabs.nodes[0].epoch(),
        from: 77,
        answered_below: 1,
        items: vec![asked],
    };

    requests.encode()
}

#[test]
fn a_call_whose_record_is_only_in_a_snapshot_is_not_run_again() {
    let mut tabs = Together::new(1, true);
    let bytes = asked(&tabs, false);
    tabs.queue.push_back((0, Input::Received(bytes)));
    tabs.settle();
    for _ in 0..3 {
        assert_eq!(tabs.once(0, "SAVE"), Reply::OK);
    }
    tabs.nodes.clear();
    tabs.queue.clear();
    (tabs.holder, tabs.waiting) = (None, Default::default());
    tabs.open(1);
    assert_eq!(tabs.once(0, "GET n"), Reply::bulk("1"));
    let bytes = asked(&tabs, true);
    tabs.queue.push_back((0, Input::Received(bytes)));
    tabs.settle();
    assert_eq!(tabs.once(0, "GET n"), Reply::bulk("1"));
}

#[test]
fn an_answer_whose_records_died_with_their_leader_is_told_in_the_next_reign() {
    let mut tabs = Together::new(3, false);
    assert_eq!(tabs.roles()[0], "leader");
    let session = tabs.nodes[1].open_session(0);
    let words: [&[u8]; 2] = [b"INCR", b"n"];
    let called = tabs.nodes[1].call(tabs.now_ms, session, None, &words);
    // Its answer arrives, the block that it rests on does not.
    let answer = Message::Answers {
        epoch: tabs.nodes[0].epoch(),
        to: tabs.nodes[1].id,
        items: vec![crate::replica::message::Answer {
            number: 1,
            seq: 1,
            reply: crate::replica::answer::encode(&Reply::Int(1)),
        }],
    };
    while tabs.nodes[1].poll().is_some() {}
    tabs.nodes[1].handle(tabs.now_ms, Input::Received(answer.encode()));
    tabs.nodes[0].handle(tabs.now_ms, Input::Close);
    tabs.steal(2);
    tabs.pass(500);
    assert_eq!(tabs.roles()[2], "leader");
    let Called::Pending(call) = called else {
        panic!("a follower asks")
    };
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(1)));
}

#[test]
fn a_leader_tells_of_itself_and_one_that_is_overtaken_hears_it() {
    let options = |tab| NodeOptions {
        election: Election::Lease,
        ..options(tab)
    };
    let mut tabs = Together::new(0, true);
    tabs.nodes.push(Node::new(tabs.now_ms, options(1)));
    tabs.pass(5000);
    // Everybody is granted the lock, and what the second says first is lost.
    tabs.holder = None;
    tabs.deaf.push(0);
    tabs.nodes.push(Node::new(tabs.now_ms, options(2)));
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["leader", "leader"]);
    tabs.deaf.clear();
    tabs.pass(2500);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
}

/// Tabs that all have the lock, as where there is none.
fn without_a_lock(tabs: u8) -> Together {
    let mut together = Together::new(0, true);
    for tab in 0..tabs {
        let options = NodeOptions {
            election: Election::Lease,
            ..options(tab + 1)
        };
        together.holder = None;
        together.nodes.push(Node::new(together.now_ms, options));
        together.pass(if tab == 0 { 5000 } else { 300 });
    }

    together
}

#[test]
fn without_a_lock_a_hidden_leader_hands_over_to_the_visible_one_that_it_means() {
    let mut tabs = without_a_lock(3);
    assert_eq!(tabs.roles(), ["leader", "follower", "follower"]);
    tabs.nodes[1].handle(tabs.now_ms, Input::Visible(false));
    tabs.nodes[0].handle(tabs.now_ms, Input::Visible(false));
    let mut waited_ms = 0;
    while tabs.roles()[0] == "leader" {
        tabs.pass(50);
        waited_ms += 50;
        assert!(waited_ms < 60_000, "it keeps the lead");
    }
    tabs.pass(100);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
}

#[test]
fn without_a_lock_a_lead_that_is_handed_over_in_vain_is_kept_by_the_next_leader() {
    let mut tabs = without_a_lock(3);
    // Visible, and its storage stands still.
    tabs.stalled = Some(2);
    tabs.nodes[1].handle(tabs.now_ms, Input::Visible(false));
    tabs.nodes[0].handle(tabs.now_ms, Input::Visible(false));
    tabs.pass(8000);
    let (leader, epoch) = (tabs.leader(), tabs.nodes[0].epoch());
    for n in 1..=20 {
        assert_eq!(tabs.once(leader, "INCR n"), Reply::Int(n));
        tabs.pass(600);
    }
    assert_eq!((tabs.leader(), tabs.nodes[0].epoch()), (leader, epoch));
    tabs.go_on();
    tabs.pass(30_000);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
}

#[test]
fn without_a_lock_who_finds_that_another_has_claimed_waits_for_it() {
    let mut tabs = without_a_lock(3);
    let session = tabs.nodes[1].open_session(0);
    assert_eq!(tabs.call(1, session, "SET a 1"), Reply::OK);
    let epoch = tabs.nodes[0].epoch();
    // All is quiet, and both claim in the same moment.
    tabs.nodes[0].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    for tab in [1, 2] {
        tabs.nodes[tab].follower.forget_leader();
        tabs.nodes[tab].phase = Phase::Claiming(crate::replica::Claim::Read);
        tabs.nodes[tab].finish();
    }
    tabs.pass(10_000);
    let leaders = tabs
        .roles()
        .iter()
        .filter(|role| **role == "leader")
        .count();
    assert_eq!(leaders, 1, "{:?}", tabs.roles());
    assert_eq!(tabs.nodes[1].epoch(), epoch + 1);
}

#[test]
fn what_was_answered_is_durable_before_the_lead_is_laid_down_to_read_it_anew() {
    let mut tabs = Together::new(1, true);
    let session = tabs.nodes[0].open_session(0);
    assert_eq!(tabs.call(0, session, "SET a 1"), Reply::OK);
    let strict = tabs.store.strict;
    tabs.events.clear();
    let called = tabs.nodes[0].call(tabs.now_ms, session, None, &[b"DEBUG", b"LOADAOF"]);
    while tabs.roles()[0] == "leader" {
        assert!(tabs.step());
    }
    assert_eq!(tabs.store.strict, strict + 1);
    assert_eq!(tabs.answer(0, called), Reply::OK);
    assert_eq!(tabs.call(0, session, "GET a"), Reply::bulk("1"));
}

/// The first of two tabs leads, is visible and frozen: it answers, and its storage stands still. The other, hidden,
/// takes the lead from it within so many ms, and a call of its own is answered.
fn take_from_a_sleeper(tabs: &mut Together, within_ms: u64) {
    tabs.nodes[1].handle(tabs.now_ms, Input::Visible(false));
    tabs.stalled = Some(0);
    let session = tabs.nodes[1].open_session(0);
    let call = tabs.begin(1, session, "INCR n");
    tabs.pass(within_ms);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(1)));
}

#[test]
fn who_took_the_lead_from_a_sleeper_does_not_hand_it_back_at_once() {
    let mut tabs = Together::new(2, true);
    take_from_a_sleeper(&mut tabs, 5000);
    tabs.pass(20_000);
    assert_eq!(tabs.roles()[1], "leader");
    tabs.go_on();
    tabs.pass(30_000);
    assert_eq!(tabs.roles(), ["leader", "follower"]);
}

#[test]
fn without_a_lock_who_sealed_a_sleeper_off_does_not_hand_the_lead_back_at_once() {
    let mut tabs = without_a_lock(2);
    take_from_a_sleeper(&mut tabs, 6000);
    let epoch = tabs.nodes[1].epoch();
    tabs.pass(20_000);
    assert_eq!((tabs.roles()[1], tabs.nodes[1].epoch()), ("leader", epoch));
    tabs.go_on();
    tabs.pass(30_000);
    assert_eq!(tabs.roles(), ["leader", "follower"]);
}

#[test]
fn who_missed_that_storage_was_cleared_learns_it_of_those_who_began_anew() {
    let mut tabs = Together::new(2, true);
    for _ in 0..3 {
        tabs.nodes[0].handle(tabs.now_ms, Input::Leave);
        tabs.settle();
        tabs.nodes[0].handle(tabs.now_ms, Input::Return);
        tabs.pass(300);
        tabs.steal(0);
        tabs.pass(300);
    }
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
    let before = tabs.nodes[1].epoch();
    tabs.store = Store::default();
    tabs.nodes[0] = Node::new(tabs.now_ms, options(9));
    tabs.waiting.retain(|tab| *tab == 1);
    tabs.settle();
    tabs.steal(0);
    tabs.pass(500);
    assert!(tabs.nodes[0].epoch() < before);
    tabs.events.clear();
    // Its connection reaches nothing any more; the world of this test tells it so.
    let announce = Message::Announce(tabs.nodes[0].info()).encode();
    tabs.stalled = Some(1);
    tabs.nodes[1].handle(tabs.now_ms, Input::Received(announce));
    tabs.settle();
    tabs.lose_storage(1);
    tabs.pass(500);
    assert!(tabs.events.contains(&(1, Event::Cleared)));
}

#[test]
fn a_late_word_of_a_leader_that_is_gone_does_not_hide_the_one_that_is_there() {
    let mut tabs = Together::new(2, true);
    // Of a database that was cleared: its epoch is past all that this one has.
    let late = Message::Announce(crate::replica::Info {
        id: 99,
        leads: true,
        epoch: tabs.nodes[0].epoch() + 5,
        ..tabs.nodes[0].info()
    });
    tabs.nodes[1].handle(tabs.now_ms, Input::Received(late.encode()));
    tabs.settle();
    let session = tabs.nodes[1].open_session(0);
    let call = tabs.begin(1, session, "INCR n");
    tabs.pass(30_000);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(1)));
}

#[test]
fn an_older_build_does_not_take_the_lead_from_a_newer_one_that_is_at_work() {
    let mut tabs = Together::new(2, true);
    tabs.altered = Some((0, newer));
    tabs.nodes[1] = Node::new(tabs.now_ms, options(9));
    tabs.waiting.clear();
    tabs.pass(300);
    for _ in 0..3 {
        let session = tabs.nodes[1].open_session(0);
        assert_eq!(tabs.once(0, "INCR n"), Reply::Int(1));
        let call = tabs.begin(1, session, "SET n 5");
        tabs.pass(6000);
        assert_eq!(tabs.roles(), ["leader", "follower"]);
        assert_eq!(code(&tabs.replies[&(1, call)]), "MISCONF");
        assert_eq!(tabs.once(0, "DEL n"), Reply::Int(1));
    }
    // Once it is silent, the lead is taken.
    tabs.deaf.push(0);
    tabs.pass(13_000);
    let session = tabs.nodes[1].open_session(0);
    let call = tabs.begin(1, session, "SET n 5");
    tabs.pass(6000);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::OK));
}
