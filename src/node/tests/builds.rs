//! Two builds of the code in two tabs.
use super::together::{Together, code};
use super::*;
use crate::replica::Message;

/// What a later build would say and write in its own form.
fn newer(bytes: &mut [u8]) {
    if matches!(Message::decode(bytes), Ok(Message::Blocks { .. })) {
        bytes[1] = 99;
    }
}

fn newer_requests(bytes: &mut [u8]) {
    if matches!(Message::decode(bytes), Ok(Message::Requests { .. })) {
        bytes[1] = 99;
    }
}

fn told(tabs: &Together, tab: usize) -> usize {
    let incompatible =
        |(of, event): &&(usize, Event)| *of == tab && matches!(event, Event::Incompatible { .. });

    tabs.events.iter().filter(incompatible).count()
}

#[test]
fn an_older_tab_that_reads_the_log_but_not_the_messages_follows_by_the_log() {
    let mut tabs = Together::new(2, true);
    tabs.altered = Some((0, newer));
    for value in 1..=3 {
        assert_eq!(tabs.once(1, &format!("SET a {value}")), Reply::OK);
        assert_eq!(tabs.once(1, "GET a"), Reply::bulk(value.to_string()));
    }
    assert_eq!(told(&tabs, 1), 1);
    assert_eq!(tabs.nodes[1].status(0).storage, "open");
    // It understands all that is stored, and may lead.
    tabs.deaf.push(0);
    tabs.perform(0, Output::ReleaseLock);
    tabs.pass(500);
    assert_eq!(tabs.once(1, "INCR a"), Reply::Int(4));
}

#[test]
fn an_older_tab_than_its_leader_reads_what_it_has_and_forwards_writes() {
    let mut tabs = Together::new(2, true);
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
    tabs.altered = Some((0, newer));
    tabs.newer_blocks = true;
    assert_eq!(tabs.once(1, "SET a 2"), Reply::OK);
    assert_eq!(tabs.once(1, "INCR a"), Reply::Int(3));
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk("1"));
    assert_eq!(tabs.once(0, "GET a"), Reply::bulk("3"));
    assert_eq!(tabs.nodes[1].status(0).storage, "incompatible");
    assert_eq!(told(&tabs, 1), 2, "of the message, and of the log");
    // It does not lead what it cannot read.
    tabs.deaf.push(0);
    tabs.perform(0, Output::ReleaseLock);
    tabs.pass(6000);
    assert_eq!(tabs.roles()[1], "follower");
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk("1"));
    assert_eq!(code(&tabs.once(1, "SET a 4")), "MISCONF");
}

#[test]
fn a_newer_tab_that_its_leader_does_not_understand_takes_the_lead() {
    let mut tabs = Together::new(2, true);
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
    tabs.altered = Some((1, newer_requests));
    let session = tabs.nodes[1].open_session(0);
    let call = tabs.begin(1, session, "INCR a");
    tabs.pass(6000);
    assert_eq!(tabs.roles(), ["follower", "leader"]);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(2)));
    assert_eq!(told(&tabs, 0), 1);
    assert_eq!(tabs.once(0, "INCR a"), Reply::Int(3));
}

/// Tab 1 is of a newer build and has taken the lead from tab 0, whose last write is not committed; the log is cut up to
/// what tab 1 has written in its own form.
fn cut_by_a_newer_build() -> (Together, u64) {
    let mut tabs = Together::new(2, true);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    let session = tabs.nodes[0].open_session(0);
    tabs.stalled = Some(0);
    let call = tabs.begin(0, session, "SET a 2");
    tabs.steal(1);
    assert_eq!(tabs.roles()[1], "leader");
    tabs.newer_blocks = true;
    for value in 3..=5 {
        assert_eq!(tabs.once(1, &format!("SET a {value}")), Reply::OK);
        assert_eq!(tabs.once(1, "SAVE"), Reply::OK);
    }
    tabs.pass(1000);

    (tabs, call)
}

#[test]
fn a_tab_that_lost_what_it_has_shown_to_a_newer_build_reads_no_older_past() {
    let (mut tabs, call) = cut_by_a_newer_build();
    tabs.go_on();
    tabs.pass(300);
    assert_eq!(code(&tabs.replies[&(0, call)]), "TRYAGAIN");
    assert!(!tabs.nodes[0].status(0).ready);
    assert_eq!(tabs.nodes[0].status(0).storage, "incompatible");
    for line in ["GET a", "DBSIZE", "KEYS *"] {
        let reply = tabs.once(0, line);
        assert_eq!(reply, Error::UNREADABLE.into(), "{line}");
    }
    let session = tabs.nodes[0].open_session(0);
    tabs.call(0, session, "MULTI");
    assert_eq!(tabs.call(0, session, "EXEC"), Error::UNREADABLE.into());
    // It goes on to know who leads, and what the leader runs is true.
    tabs.pass(30_000);
    assert_eq!(tabs.once(0, "APPEND a x"), Reply::Int(2));
    assert_eq!(tabs.once(0, "GETEX a"), Reply::bulk("5x"));
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk("5x"));
}

#[test]
fn a_tab_that_can_read_nothing_of_what_is_stored_says_so_when_it_opens() {
    let (tabs, _) = cut_by_a_newer_build();
    let store = tabs.store;
    let mut tabs = Together::new(0, true);
    tabs.store = store;
    tabs.open(6);
    assert_eq!(told(&tabs, 0), 1);
    let opened = |(_, event): &(usize, Event)| matches!(event, Event::Follower { .. });
    assert!(tabs.events.iter().any(opened), "nobody waits for ever");
    assert_eq!(tabs.once(0, "GET a"), Error::UNREADABLE.into());
    assert_eq!(code(&tabs.once(0, "SET a 1")), "MISCONF");
    let called = tabs.nodes[0].import(tabs.now_ms, b"");
    assert_eq!(called, Called::Reply(Error::UNREADABLE.into()));
}
