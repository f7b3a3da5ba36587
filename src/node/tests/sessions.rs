//! Sessions of a follower: transactions, watches and subscriptions, served by one leader and then by the next.
use super::together::Together;
use super::*;

/// The leader dies from one moment to the next; its lock goes on.
fn kill_leader(tabs: &mut Together) {
    let leader = tabs.leader();
    tabs.deaf.push(leader);
    tabs.perform(leader, Output::ReleaseLock);
    tabs.pass(500);
}

#[test]
fn what_is_about_the_session_is_run_in_it_whoever_runs_the_transaction() {
    let mut tabs = Together::new(2, true);
    for tab in [0, 1] {
        let session = tabs.nodes[tab].open_session(0);
        tabs.call(tab, session, "HELLO 3");
        for line in [
            "MULTI",
            "SET a 1",
            "CLIENT SETNAME me",
            "SELECT 3",
            "SET a 3",
            "SUBSCRIBE news",
            "CLIENT GETNAME",
            "PUBLISH news hello",
        ] {
            tabs.call(tab, session, line);
        }
        let Reply::Array(replies) = tabs.call(tab, session, "EXEC") else {
            panic!("it was run")
        };
        assert_eq!(replies[0], Reply::OK);
        assert_eq!(replies[1..4], [Reply::OK, Reply::OK, Reply::OK]);
        let confirmation = vec![Reply::bulk("subscribe"), Reply::bulk("news"), Reply::Int(1)];
        assert_eq!(replies[4], Reply::Push(confirmation), "tab {tab}");
        assert_eq!(replies[5], Reply::bulk("me"));
        assert_eq!(tabs.call(tab, session, "CLIENT GETNAME"), Reply::bulk("me"));
        assert_eq!(tabs.call(tab, session, "GET a"), Reply::bulk("3"));
        assert_eq!(tabs.call(tab, session, "SELECT 0"), Reply::OK);
        assert_eq!(tabs.call(tab, session, "GET a"), Reply::bulk("1"));
        tabs.pushes.clear();
        tabs.once(1 - tab, "PUBLISH news again");
        let heard = tabs.pushes.iter().filter(|(to, _)| *to == tab).count();
        assert_eq!(heard, 1, "tab {tab}");
        tabs.call(tab, session, "UNSUBSCRIBE news");
    }
    // An aborted transaction leaves the session as it was.
    let session = tabs.nodes[1].open_session(0);
    for line in ["WATCH w", "MULTI", "SELECT 5", "SET w 1"] {
        tabs.call(1, session, line);
    }
    tabs.once(0, "SET w 0");
    assert_eq!(tabs.call(1, session, "EXEC"), Reply::NullArray);
    assert_eq!(tabs.call(1, session, "GET w"), Reply::bulk("0"));
}

#[test]
fn a_session_goes_on_with_the_next_leader() {
    let mut tabs = Together::new(3, true);
    let (watching, listening) = (tabs.nodes[2].open_session(0), tabs.nodes[2].open_session(0));
    tabs.once(0, "SET a 1");
    tabs.call(2, listening, "PSUBSCRIBE n*");
    for line in ["WATCH a", "MULTI", "INCR a"] {
        tabs.call(2, watching, line);
    }
    kill_leader(&mut tabs);
    assert_eq!(tabs.roles()[1..], ["leader", "follower"]);
    let done = Reply::Array(vec![Reply::Int(2)]);
    assert_eq!(tabs.call(2, watching, "EXEC"), done);
    tabs.pushes.clear();
    tabs.once(1, "PUBLISH news hello");
    assert_eq!(tabs.pushes.len(), 1);
    // A watch that another write has touched under the old leader fails under the new one.
    for line in ["WATCH a", "MULTI", "INCR a"] {
        tabs.call(2, watching, line);
    }
    tabs.once(1, "SET a 7");
    tabs.open(3);
    kill_leader(&mut tabs);
    assert_eq!(tabs.call(2, watching, "EXEC"), Reply::NullArray);
    assert_eq!(tabs.once(2, "GET a"), Reply::bulk("7"));
}
