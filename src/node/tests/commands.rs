//! FAILOVER, ROLE, INFO, WAIT, WAITAOF, CLIENT PAUSE and LASTSAVE, told in tabs.
use super::together::{Together, code};
use super::*;
use crate::command::spell;

fn info(tabs: &mut Together, tab: usize, field: &str) -> String {
    let Reply::Verbatim(_, text) = tabs.once(tab, "INFO replication") else {
        panic!("INFO is text")
    };
    let prefix = format!("{field}:");
    let line = text.lines().find_map(|line| line.strip_prefix(&prefix));

    line.unwrap_or_default().trim().to_string()
}

#[test]
fn role_and_info_name_the_other_tabs() {
    let mut tabs = Together::new(3, true);
    tabs.once(0, "SET a 1");
    tabs.pass(6000);
    let ids: Vec<String> = tabs.nodes.iter().map(|node| spell(node.id)).collect();
    let follower = |id: &String| Reply::bulks([id.as_str(), "0", "1"]);
    let followers = Reply::Array(ids[1..].iter().map(follower).collect());
    let role = vec![Reply::bulk("master"), Reply::Int(1), followers];
    assert_eq!(tabs.once(0, "ROLE"), Reply::Array(role));
    let role = vec![
        Reply::bulk("slave"),
        Reply::bulk(ids[0].as_str()),
        Reply::Int(0),
        Reply::bulk("connected"),
        Reply::Int(1),
    ];
    assert_eq!(tabs.once(2, "ROLE"), Reply::Array(role));
    assert_eq!(info(&mut tabs, 0, "connected_slaves"), "2");
    let told = info(&mut tabs, 0, "slave0");
    assert!(
        told.starts_with(&format!("ip={},port=0,state=online,offset=1", ids[1])),
        "{told}"
    );
    assert_eq!(info(&mut tabs, 1, "master_host"), ids[0]);
    // A tab that goes is no follower any more.
    tabs.nodes[2].handle(tabs.now_ms, Input::Close);
    tabs.settle();
    assert_eq!(info(&mut tabs, 0, "connected_slaves"), "1");
}

#[test]
fn failover_goes_where_it_is_told_to() {
    let mut tabs = Together::new(3, true);
    let third = spell(tabs.nodes[2].id);
    assert_eq!(code(&tabs.once(1, "FAILOVER")), "ERR");
    assert_eq!(code(&tabs.once(0, "FAILOVER TO nobody 0")), "ERR");
    assert_eq!(code(&tabs.once(0, "FAILOVER ABORT")), "ERR");
    assert_eq!(tabs.once(0, &format!("FAILOVER TO {third} 0")), Reply::OK);
    tabs.pass(300);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
    assert_eq!(tabs.once(0, "INCR a"), Reply::Int(1));
}

#[test]
fn a_failover_that_storage_holds_up_is_taken_back_or_forced() {
    for (words, leader) in [("TIMEOUT 500", 0), ("TO ID 0 FORCE TIMEOUT 500", 1)] {
        let mut tabs = Together::new(2, true);
        let words = words.replace("ID", &spell(tabs.nodes[1].id));
        let session = tabs.nodes[0].open_session(0);
        tabs.stalled = Some(0);
        let first = tabs.begin(0, session, "SET a 1");
        let other = tabs.nodes[0].open_session(0);
        let begun = tabs.nodes[0].call(
            tabs.now_ms,
            other,
            None,
            &format!("FAILOVER {words}")
                .split(' ')
                .map(str::as_bytes)
                .collect::<Vec<_>>(),
        );
        assert_eq!(begun, Called::Reply(Reply::OK));
        assert_eq!(
            info(&mut tabs, 0, "master_failover_state"),
            "failover-in-progress"
        );
        let meanwhile = tabs.begin(0, session, "SET b 2");
        tabs.pass(700);
        tabs.go_on();
        tabs.pass(700);
        assert_eq!(tabs.leader(), leader, "{words}");
        let done = tabs.replies.get(&(0, first)) == Some(&Reply::OK);
        assert_eq!(tabs.once(1, "EXISTS a"), Reply::Int(done.into()), "{words}");
        assert_eq!(
            tabs.replies.get(&(0, meanwhile)),
            Some(&Reply::OK),
            "{words}"
        );
        assert_eq!(info(&mut tabs, 0, "master_failover_state"), "no-failover");
    }
    // By hand it can be taken back before that.
    let mut tabs = Together::new(2, true);
    let session = tabs.nodes[0].open_session(0);
    tabs.stalled = Some(0);
    let first = tabs.begin(0, session, "SET a 1");
    tabs.once(0, "FAILOVER");
    assert_eq!(tabs.once(0, "FAILOVER ABORT"), Reply::OK);
    tabs.go_on();
    assert_eq!(tabs.leader(), 0);
    assert_eq!(tabs.replies.get(&(0, first)), Some(&Reply::OK));
}

#[test]
fn wait_counts_the_tabs_that_have_it() {
    let mut tabs = Together::new(3, true);
    let session = tabs.nodes[0].open_session(0);
    assert_eq!(tabs.call(0, session, "SET a 1"), Reply::OK);
    assert_eq!(tabs.call(0, session, "WAIT 2 0"), Reply::Int(2));
    assert_eq!(code(&tabs.once(1, "WAIT 1 100")), "ERR");
    // One that hangs does not count, and the wait ends with its time.
    tabs.deaf.push(2);
    assert_eq!(tabs.call(0, session, "SET a 2"), Reply::OK);
    let call = tabs.begin(0, session, "WAIT 2 1000");
    tabs.pass(900);
    assert_eq!(tabs.replies.get(&(0, call)), None);
    tabs.pass(200);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(1)));
    // What is not committed nobody has.
    tabs.deaf.clear();
    tabs.pass(6000);
    tabs.stalled = Some(0);
    tabs.begin(0, session, "SET a 3");
    let call = tabs.begin(0, session, "WAIT 1 500");
    tabs.pass(600);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(0)));
    // And who is no leader any more cannot tell.
    let call = tabs.begin(0, session, "WAIT 1 0");
    tabs.steal(1);
    tabs.go_on();
    tabs.pass(300);
    assert_eq!(code(&tabs.replies[&(0, call)]), "UNBLOCKED");
}

#[test]
fn waitaof_waits_for_a_strict_commit() {
    let mut tabs = Together::new(2, true);
    let pair = |local, others| Reply::Array(vec![Reply::Int(local), Reply::Int(others)]);
    let session = tabs.nodes[0].open_session(0);
    tabs.pass(2000);
    let strict = tabs.store.strict;
    assert_eq!(tabs.call(0, session, "SET a 1"), Reply::OK);
    assert_eq!(tabs.call(0, session, "SET a 2"), Reply::OK);
    assert_eq!(tabs.call(0, session, "WAITAOF 1 1 0"), pair(1, 1));
    assert!(tabs.store.strict > strict);
    tabs.stalled = Some(0);
    tabs.begin(0, session, "SET a 3");
    let call = tabs.begin(0, session, "WAITAOF 1 0 300");
    tabs.pass(400);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&pair(0, 0)));
    // Where there is no storage, nothing is durable.
    let mut tabs = Together::new(1, false);
    assert_eq!(code(&tabs.once(0, "WAITAOF 1 0 0")), "ERR");
}

#[test]
fn a_pause_holds_up_the_writes_of_all_tabs_and_keeps_their_order() {
    let mut tabs = Together::new(2, true);
    tabs.once(0, "SET a 0");
    assert_eq!(tabs.once(0, "CLIENT PAUSE 2000 WRITE"), Reply::OK);
    let session = tabs.nodes[0].open_session(0);
    let calls: Vec<u64> = ["APPEND a 1", "APPEND a 2"]
        .map(|line| tabs.begin(0, session, line))
        .into();
    let other = tabs.nodes[1].open_session(0);
    let asked = tabs.begin(1, other, "APPEND a 3");
    tabs.pass(1800);
    assert_eq!(tabs.call(0, session, "GET a"), Reply::bulk("0"));
    assert!(tabs.replies.is_empty());
    tabs.pass(1500);
    assert_eq!(tabs.once(1, "GET a"), Reply::bulk("0123"));
    assert_eq!(tabs.replies.get(&(0, calls[1])), Some(&Reply::Int(3)));
    assert_eq!(tabs.replies.get(&(1, asked)), Some(&Reply::Int(4)));
    assert_eq!(tabs.leader(), 0, "a pause is no reason to take the lead");
    // The end can come sooner.
    tabs.once(0, "CLIENT PAUSE 60000 WRITE");
    let call = tabs.begin(0, session, "APPEND a 4");
    tabs.once(0, "CLIENT UNPAUSE");
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::Int(5)));
    // A pause of everything holds up reads too.
    tabs.once(0, "CLIENT PAUSE 500");
    let call = tabs.begin(0, session, "GET a");
    tabs.pass(600);
    assert_eq!(tabs.replies.get(&(0, call)), Some(&Reply::bulk("01234")));
}

#[test]
fn lastsave_is_known_after_a_restart_and_to_followers() {
    let mut tabs = Together::new(2, true);
    let Reply::Int(started) = tabs.once(0, "LASTSAVE") else {
        panic!("LASTSAVE is a number")
    };
    tabs.pass(10_000);
    tabs.once(0, "SET a 1");
    assert_eq!(tabs.once(0, "SAVE"), Reply::OK);
    let saved = tabs.once(0, "LASTSAVE");
    let later = |at: i64| (started + 10..started + 12).contains(&at);
    assert!(matches!(saved, Reply::Int(at) if later(at)), "{saved:?}");
    assert_eq!(tabs.once(1, "LASTSAVE"), saved);
    tabs.pass(20_000);
    tabs.open(2);
    assert_eq!(tabs.once(2, "LASTSAVE"), saved);
}
