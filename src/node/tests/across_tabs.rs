//! What users of several tabs see.
use super::together::{Together, code};
use super::*;
use crate::command::Failover;
use crate::log::{Block, Body, make_newer};

#[test]
fn a_write_in_any_tab_is_seen_in_all() {
    let mut tabs = Together::new(3, true);
    assert_eq!(tabs.roles(), ["leader", "follower", "follower"]);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, &format!("SET key{tab} {tab}")), Reply::OK);
    }
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "DBSIZE"), Reply::Int(3));
    }
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "INCR n"), Reply::Int(tab as i64 + 1));
    }
}

#[test]
fn transactions_and_watches_work_across_tabs() {
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[1].open_session(0);
    for round in 0..2 {
        assert_eq!(tabs.call(1, session, "WATCH a"), Reply::OK);
        if round == 1 {
            tabs.once(0, "SET a other");
        }
        tabs.call(1, session, "MULTI");
        tabs.call(1, session, "SET a mine");
        let reply = tabs.call(1, session, "EXEC");
        let done = Reply::Array(vec![Reply::OK]);
        assert_eq!(reply, if round == 0 { done } else { Reply::NullArray });
    }
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"other"));
}

#[test]
fn messages_to_subscribers_reach_all_tabs() {
    let mut tabs = Together::new(3, true);
    for tab in 0..3 {
        let session = tabs.nodes[tab].open_session(0);
        tabs.call(tab, session, "SUBSCRIBE news");
    }
    tabs.pushes.clear();
    tabs.once(1, "PUBLISH news hello");
    tabs.pass(100);
    let heard: Vec<usize> = tabs.pushes.iter().map(|(tab, _)| *tab).collect();
    assert_eq!(heard.len(), 3, "{:?}", tabs.pushes);
}

#[test]
fn failover_and_closing_hand_the_lead_on() {
    let mut tabs = Together::new(3, true);
    tabs.once(0, "SET a 1");
    let call = tabs.nodes[0].new_call();
    tabs.nodes[0].act(Action::Failover(Failover::default()), Some(call));
    tabs.nodes[0].finish();
    tabs.settle();
    tabs.pass(100);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::OK));
    assert_eq!(
        tabs.roles()
            .iter()
            .filter(|role| **role == "leader")
            .count(),
        1
    );
    assert_ne!(tabs.roles()[0], "leader");
    let leader = tabs
        .roles()
        .iter()
        .position(|role| *role == "leader")
        .expect("one leads");
    tabs.nodes[leader].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    tabs.pass(100);
    assert_eq!(
        tabs.roles()
            .iter()
            .filter(|role| **role == "leader")
            .count(),
        1
    );
    assert_eq!(tabs.once(0, "INCR a"), Reply::Int(2));
}

#[test]
fn a_hidden_leader_hands_over_to_a_visible_follower() {
    let mut tabs = Together::new(2, true);
    tabs.nodes[0].handle(tabs.now_ms, Input::Visible(false));
    tabs.settle();
    tabs.pass(100);
    assert_eq!(tabs.roles(), ["leader", "follower"], "a glance elsewhere");
    tabs.pass(400);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
    // And it stays there when both are hidden.
    tabs.nodes[1].handle(tabs.now_ms, Input::Visible(false));
    tabs.settle();
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
}

#[test]
fn a_follower_imports_once_it_leads_and_all_have_it() {
    let mut tabs = Together::new(3, true);
    tabs.once(0, "SET a 1");
    let image = tabs.nodes[0].export();
    tabs.once(1, "SET b 2");
    let called = tabs.nodes[2].import(tabs.now_ms, &image);
    assert_eq!(tabs.answer(2, called), Reply::OK);
    tabs.pass(100);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "DBSIZE"), Reply::Int(1), "tab {tab}");
    }
    assert_eq!(tabs.once(0, "SET c 3"), Reply::OK);
    assert_eq!(tabs.once(1, "DBSIZE"), Reply::Int(2));
}

#[test]
fn without_storage_all_live_in_memory_and_say_so() {
    let mut tabs = Together::new(2, false);
    assert_eq!(tabs.roles(), ["leader", "follower"]);
    let told = |event: &&(usize, Event)| matches!(event.1, Event::MemoryOnly { .. });
    assert_eq!(tabs.events.iter().filter(told).count(), 2);
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
    assert_eq!(tabs.once(0, "GET a"), Reply::bulk(*b"1"));
    // One that comes later is given all there is.
    tabs.open(7);
    tabs.pass(6000);
    assert_eq!(tabs.once(2, "GET a"), Reply::bulk(*b"1"));
    let image = tabs.nodes[0].export();
    tabs.once(2, "SET b 2");
    let called = tabs.nodes[0].import(tabs.now_ms, &image);
    assert_eq!(tabs.answer(0, called), Reply::OK);
    tabs.pass(6000);
    assert_eq!(tabs.once(2, "DBSIZE"), Reply::Int(1));
    // The leader goes, the data stays.
    tabs.nodes[0].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    tabs.pass(500);
    assert_eq!(tabs.once(2, "INCR a"), Reply::Int(2));
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"2"));
}

#[test]
fn a_node_alone_in_memory_makes_no_records_until_somebody_is_heard() {
    let mut tabs = Together::new(1, false);
    let place = |tabs: &Together| tabs.nodes[0].position.next;
    assert!(!tabs.nodes[0].engine.is_recording());
    let before = place(&tabs);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    assert_eq!(tabs.once(0, "INCR a"), Reply::Int(2));
    assert!(place(&tabs) > before, "who was here before has missed it");
    assert_eq!(tabs.nodes[0].committed_seq(), 2);
    // All there is, and from then on what changes.
    tabs.open(7);
    tabs.pass(6000);
    assert!(tabs.nodes[0].engine.is_recording());
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"2"));
    assert_eq!(tabs.once(0, "APPEND a 5"), Reply::Int(2));
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk(*b"25"));
    assert_eq!(tabs.once(1, "DEL a"), Reply::Int(1));
    assert_eq!(tabs.once(0, "GET a"), Reply::Null);
}

#[test]
fn storage_cleared_under_us_is_told_and_nothing_begins_anew() {
    let mut tabs = Together::new(2, true);
    tabs.once(0, "SET a 1");
    tabs.store = Store::default();
    for tab in 0..2 {
        tabs.nodes[tab].handle(tabs.now_ms, Input::StorageClosed);
    }
    tabs.settle();
    tabs.pass(500);
    assert_eq!(
        tabs.events
            .iter()
            .filter(|(_, event)| *event == Event::Cleared)
            .count(),
        2
    );
    for tab in 0..2 {
        assert_eq!(tabs.once(tab, "GET a"), Reply::bulk(*b"1"));
        assert_eq!(code(&tabs.once(tab, "SET a 2")), "MISCONF");
    }
    assert!(tabs.store.blocks.is_empty());
}

#[test]
fn what_a_newer_build_has_written_is_not_touched() {
    let mut tabs = Together::new(1, true);
    tabs.once(0, "SET a 1");
    let (key, bytes) = tabs
        .store
        .blocks
        .last_key_value()
        .expect("there are blocks");
    let (key, mut bytes) = (key.next(), bytes.clone());
    make_newer(&mut bytes);
    tabs.store.blocks.insert(key, bytes);
    let store = std::mem::take(&mut tabs.store);
    let mut tabs = Together::new(0, true);
    tabs.store = store;
    tabs.open(0);
    let told = |event: &(usize, Event)| matches!(event.1, Event::Incompatible { .. });
    assert!(tabs.events.iter().any(told));
    assert_eq!(tabs.once(0, "GET a"), Reply::bulk(*b"1"));
    assert_eq!(code(&tabs.once(0, "SET a 2")), "MISCONF");
    assert_eq!(tabs.holder, None);
}

#[test]
fn a_call_asked_again_after_the_leader_died_is_answered_from_the_log() {
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[1].open_session(0);
    let called = tabs.nodes[1].call(tabs.now_ms, session, None, &[b"INCR", b"n"]);
    // The request arrives, the block is written, and the leader dies before it says a word.
    let mut requests = Vec::new();
    while let Some(output) = tabs.nodes[1].poll() {
        if let Output::Send(bytes) = output {
            requests.push(bytes);
        }
    }
    for bytes in requests {
        tabs.nodes[0].handle(tabs.now_ms, Input::Received(bytes));
    }
    while let Some(output) = tabs.nodes[0].poll() {
        if let Output::Store { op, .. } = output {
            assert_eq!(tabs.store.perform(op), Ok(StorageReply::Done));
        }
    }
    let dead = tabs.nodes.remove(0);
    let identity = dead.storage.identity.expect("it was open");
    let (key, bytes) = tabs.store.blocks.last_key_value().expect("there is one");
    let block = Block::from_bytes(identity, *key, bytes).expect("it is whole");
    assert!(matches!(block.body, Body::Records(records) if records[0].request == 1));
    tabs.holder = Some(0);
    tabs.queue.clear();
    tabs.queue.push_back((0, Input::LockGranted));
    let Called::Pending(call) = called else {
        panic!("a follower asks")
    };
    tabs.settle();
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(1)));
    assert_eq!(tabs.once(0, "GET n"), Reply::bulk(*b"1"));
}
