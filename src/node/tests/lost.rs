//! The lead is lost with writes that are not committed: they are undone, and nobody is told what is not so.
use super::together::{Together, code};
use super::*;

/// Tab 0 leads and has counted `n` up twice without a commit, when tab 1 takes the lead.
fn overtaken(first: &str) -> (Together, u64, [u64; 2]) {
    let mut tabs = Together::new(2, true);
    assert_eq!(tabs.once(0, "SET log -"), Reply::OK);
    let session = tabs.nodes[0].open_session(0);
    tabs.stalled = Some(0);
    let first = tabs.begin(0, session, first);
    let second = tabs.begin(0, session, "INCR n");
    tabs.steal(1);
    assert_eq!(tabs.roles()[1], "leader");

    (tabs, session, [first, second])
}

/// A commit is under way, or a snapshot's piece and none.
const FIRST: [&str; 2] = ["INCR n", "SAVE"];

#[test]
fn what_an_overtaken_leader_wrote_elsewhere_is_seen_once_it_is_told() {
    for first in FIRST {
        let (mut tabs, session, calls) = overtaken(first);
        // The new leader counts on from where the old one was before; its seqs mean other records.
        let call = tabs.begin(0, session, "APPEND log x");
        tabs.pass(300);
        assert_eq!(tabs.replies.get(&(0, call)), None, "{first}");
        tabs.go_on();
        tabs.pass(300);
        assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(2)));
        assert_eq!(tabs.call(0, session, "GET log"), Reply::bulk(*b"-x"));
        assert_eq!(code(&tabs.replies[&(0, calls[1])]), "TRYAGAIN");
        assert_eq!(tabs.call(0, session, "GET n"), Reply::Null);
    }
}

#[test]
fn a_rejected_write_is_undone_before_its_caller_hears_of_it() {
    for first in FIRST {
        let (mut tabs, session, calls) = overtaken(first);
        assert_ne!(tabs.call(0, session, "GET n"), Reply::Null);
        assert_eq!(tabs.replies.get(&(0, calls[1])), None);
        tabs.go_on();
        assert_eq!(code(&tabs.replies[&(0, calls[1])]), "TRYAGAIN");
        assert_eq!(tabs.call(0, session, "GET n"), Reply::Null);
    }
}

#[test]
fn a_watch_on_what_is_undone_fails() {
    for first in FIRST {
        let (mut tabs, session, _) = overtaken(first);
        // Tab 1 writes the key with a seq that tab 0 had counted past.
        assert_eq!(tabs.once(1, "SET n 7"), Reply::OK);
        tabs.call(0, session, "WATCH n");
        tabs.call(0, session, "MULTI");
        tabs.call(0, session, "SET n 8");
        let words: [&[u8]; 1] = [b"EXEC"];
        let called = tabs.nodes[0].call(tabs.now_ms, session, None, &words);
        tabs.go_on();
        assert_eq!(tabs.answer(0, called), Reply::NullArray, "{first}");
        assert_eq!(tabs.once(1, "GET n"), Reply::bulk(*b"7"));
    }
}

#[test]
fn a_refusal_for_want_of_room_comes_when_the_write_is_undone() {
    let mut tabs = Together::new(1, true);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    let session = tabs.nodes[0].open_session(0);
    tabs.store.quota = true;
    let words: [&[u8]; 3] = [b"SET", b"a", b"2"];
    let called = tabs.nodes[0].call(tabs.now_ms, session, None, &words);
    let Called::Pending(call) = called else {
        panic!("it is not committed")
    };
    // Each step is looked at: never is the write refused and yet there.
    while tabs.step() {
        if let Some(reply) = tabs.replies.get(&(0, call)) {
            assert_eq!(code(reply), "QUOTA");
            let read = tabs.nodes[0].call(tabs.now_ms, session, None, &[b"GET", b"a"]);
            assert_eq!(read, Called::Reply(Reply::bulk(*b"1")));
        }
    }
    assert!(tabs.replies.contains_key(&(0, call)));
}
