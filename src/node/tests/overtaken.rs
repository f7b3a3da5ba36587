//! A leader that others have sealed off while it slept, and what it says before it knows.
use super::together::{Together, code};
use super::*;

/// Tab 1 takes the lead, sets `a` to 1, and neither tab 0 that led nor tab 2 hears of it.
fn overtaken() -> Together {
    let mut tabs = Together::new(3, true);
    assert_eq!(tabs.roles()[0], "leader");
    tabs.deaf.extend([0, 2]);
    tabs.steal(1);
    tabs.pass(100);
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
    tabs.deaf.clear();
    tabs.silent = vec![1];
    assert_eq!(tabs.roles(), ["leader", "leader", "follower"]);

    tabs
}

#[test]
fn what_changes_nothing_is_not_answered_by_a_leader_of_the_past() {
    for line in ["GETEX a", "DEL a", "GETDEL a", "SET a 2 XX"] {
        let mut tabs = overtaken();
        let reply = tabs.once(0, line);
        assert_eq!(code(&reply), "TRYAGAIN", "{line}: {reply:?}");
        tabs.silent.clear();
        tabs.pass(6000);
        assert_eq!(tabs.once(0, "GETEX a"), Reply::bulk("1"));
    }
}

#[test]
fn nor_is_a_transaction_that_changes_nothing() {
    let mut tabs = overtaken();
    let session = tabs.nodes[0].open_session(0);
    for line in ["WATCH a", "MULTI", "GET a"] {
        tabs.call(0, session, line);
    }
    assert_eq!(code(&tabs.call(0, session, "EXEC")), "TRYAGAIN");
}

#[test]
fn nor_does_it_answer_others_that_way() {
    let mut tabs = overtaken();
    let session = tabs.nodes[2].open_session(0);
    let call = tabs.begin(2, session, "GETEX a");
    tabs.silent.clear();
    tabs.pass(3000);
    assert_eq!(tabs.replies.get(&(2, call)), Some(&Reply::bulk("1")));
}

#[test]
fn one_read_answers_all_that_changed_nothing_and_memory_needs_none() {
    let mut tabs = Together::new(1, true);
    let session = tabs.nodes[0].open_session(0);
    let call = |tabs: &mut Together, level| {
        tabs.nodes[0].call(tabs.now_ms, session, level, &[b"DEL", b"a"])
    };
    tabs.read_by(0);
    let at_once = call(&mut tabs, Some(Level::Memory));
    assert_eq!(at_once, Called::Reply(Reply::Int(0)));
    assert_eq!(tabs.read_by(0), 0);
    // The first is looked at at once, those that come meanwhile together.
    let calls: Vec<Called> = (0..5).map(|_| call(&mut tabs, None)).collect();
    assert!(tabs.replies.is_empty());
    for called in calls {
        assert_eq!(tabs.answer(0, called), Reply::Int(0));
    }
    assert_eq!(tabs.read_by(0), 2);
    // A commit that is begun after it says as much.
    let del = call(&mut tabs, None);
    let set = tabs.nodes[0].call(tabs.now_ms, session, None, &[b"SET", b"b", b"1"]);
    let again = call(&mut tabs, None);
    for (called, reply) in [
        (del, Reply::Int(0)),
        (set, Reply::OK),
        (again, Reply::Int(0)),
    ] {
        assert_eq!(tabs.answer(0, called), reply);
    }
    assert_eq!(tabs.read_by(0), 1);
}

#[test]
fn a_reign_ends_when_its_last_answer_is_proven() {
    let ends: [fn(&mut Together); 3] = [
        |tabs| tabs.nodes[0].handle(tabs.now_ms, Input::LockLost),
        |tabs| tabs.nodes[0].handle(tabs.now_ms, Input::Leave),
        |tabs| tabs.nodes[0].hand_over(None),
    ];
    for end in ends {
        let mut tabs = Together::new(2, true);
        tabs.stalled = Some(0);
        let session = tabs.nodes[0].open_session(0);
        let call = tabs.begin(0, session, "DEL a");
        end(&mut tabs);
        assert_eq!(tabs.roles()[0], "leader");
        tabs.go_on();
        assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(0)));
        assert_ne!(tabs.roles()[0], "leader");
    }
}

#[test]
fn what_another_leader_may_have_done_is_not_refused() {
    let mut tabs = Together::new(2, true);
    // Tab 1 claims, and sleeps before it hears that its seal is the last of all.
    tabs.stalled = Some(1);
    tabs.steal(1);
    let sealed = loop {
        let (id, op) = tabs.held.pop().expect("it claims");
        let seals = matches!(op, StorageOp::Seal { .. });
        let result = tabs.store.perform(op);
        if seals {
            break Input::Stored { id, result };
        }
        tabs.queue.push_back((1, Input::Stored { id, result }));
        tabs.settle();
    };
    // Tab 0 leads after it, and does what tab 1 asks for, but its answer is lost.
    tabs.deaf.push(1);
    tabs.steal(0);
    tabs.pass(100);
    assert_eq!(tabs.roles()[0], "leader");
    tabs.deaf.clear();
    tabs.silent = vec![0];
    let announce = crate::replica::Message::Announce(tabs.nodes[0].info());
    tabs.nodes[1].handle(tabs.now_ms, Input::Received(announce.encode()));
    let session = tabs.nodes[1].open_session(0);
    let call = tabs.begin(1, session, "INCR n");
    assert_eq!(tabs.once(0, "GET n"), Reply::bulk("1"));
    // It wakes with the word of that time, and has known of no room in storage.
    tabs.silent.clear();
    tabs.nodes[1].storage.set_full(tabs.now_ms);
    tabs.nodes[1].handle(tabs.now_ms, sealed);
    assert_eq!(tabs.roles()[1], "leader");
    tabs.go_on();
    tabs.pass(3000);
    assert_eq!(tabs.replies.get(&(1, call)), Some(&Reply::Int(1)));
}

#[test]
fn a_leader_of_the_past_does_not_refuse_what_a_later_one_has_done() {
    let mut tabs = Together::new(3, true);
    // Tab 2 reads nothing more; what it asks of tab 0 is long under way.
    tabs.stalled = Some(2);
    let session = tabs.nodes[2].open_session(0);
    let called = tabs.nodes[2].call(tabs.now_ms, session, None, &[b"INCR", b"n"]);
    let Called::Pending(call) = called else {
        panic!("a follower asks")
    };
    let mut asked = Vec::new();
    while let Some(output) = tabs.nodes[2].poll() {
        asked.extend(match output {
            Output::Send(bytes) => Some(bytes),
            _ => None,
        });
    }
    // Tab 1 leads then and does it; its answer is lost, and it hangs.
    tabs.deaf.push(0);
    tabs.silent.push(1);
    tabs.steal(1);
    let announce = |tabs: &Together, tab: usize| {
        let info = tabs.nodes[tab].info();
        Input::Received(crate::replica::Message::Announce(info).encode())
    };
    let said = announce(&tabs, 1);
    tabs.nodes[2].handle(tabs.now_ms, said);
    tabs.pass(100);
    assert_eq!(tabs.once(1, "GET n"), Reply::bulk("1"));
    tabs.deaf.push(1);
    tabs.nodes[2].steal();
    tabs.settle();
    assert_eq!(
        tabs.nodes[2].follower.leader(),
        None,
        "it has stolen the lock"
    );
    // Tab 0 wakes, has known of no room in storage, and hears what it was asked.
    tabs.deaf.clear();
    let said = announce(&tabs, 0);
    tabs.nodes[2].handle(tabs.now_ms, said);
    tabs.deaf.push(0);
    tabs.settle();
    tabs.deaf.clear();
    tabs.nodes[0].storage.set_full(tabs.now_ms);
    for bytes in asked {
        tabs.nodes[0].handle(tabs.now_ms, Input::Received(bytes));
    }
    tabs.settle();
    assert_eq!(tabs.replies.get(&(2, call)), None);
    tabs.go_on();
    tabs.pass(3000);
    assert_eq!(tabs.replies.get(&(2, call)), Some(&Reply::Int(1)));
}

#[test]
fn a_leader_that_has_nothing_to_do_notices_that_storage_was_cleared() {
    let mut tabs = Together::new(1, true);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    tabs.pass(2000);
    tabs.store = Store::default();
    // Its connection reaches nothing any more; the world of this test tells it so.
    tabs.stalled = Some(0);
    tabs.pass(12_000);
    tabs.lose_storage(0);
    tabs.pass(500);
    assert!(tabs.events.contains(&(0, Event::Cleared)));
}

#[test]
fn a_leader_that_has_nothing_to_do_notices_that_it_is_overtaken() {
    let mut tabs = overtaken();
    tabs.silent = vec![0, 1, 2];
    tabs.pass(12_000);
    assert_eq!(tabs.roles(), ["follower", "leader", "follower"]);
}

#[test]
fn who_is_going_is_not_handed_the_lead() {
    let mut tabs = Together::new(2, true);
    // It goes once it has heard of storage, and that may be long.
    tabs.stalled = Some(0);
    let session = tabs.nodes[0].open_session(0);
    tabs.begin(0, session, "DEL a");
    tabs.nodes[0].handle(tabs.now_ms, Input::Close);
    tabs.pass(300);
    assert_eq!(tabs.roles(), ["leader", "leader"]);
    tabs.nodes[1].handle(tabs.now_ms, Input::Visible(false));
    tabs.pass(20_000);
    assert_eq!(tabs.roles()[1], "leader");
    assert_eq!(tabs.once(1, "SET a 1"), Reply::OK);
}
