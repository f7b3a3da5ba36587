//! Sessions that move from one node to another.
use super::*;

/// A node with the same data, that another one's sessions have moved to.
fn moved(from: &mut Alone) -> Alone {
    let mut to = Alone::start(Store::default(), options(2));
    let id = to.node.open_session(0);
    to.call(id, "SET k v");
    to.node.close_session(id);
    while to.node.engine().seq() < from.node.engine().seq() {
        let id = to.node.open_session(0);
        to.call(id, "INCR seq");
        to.node.close_session(id);
    }
    let carried = from.node.carry_sessions();
    to.node.adopt_sessions(to.now_ms, &carried);

    to
}

#[test]
fn sessions_move_with_all_that_they_have_begun() {
    let mut old = Alone::start(Store::default(), options(1));
    let [chain, watch, listener] = [(); 3].map(|()| old.node.open_session(0));
    for (id, line) in [
        (chain, "CLIENT SETNAME chain"),
        (chain, "SELECT 3"),
        (watch, "SET k v"),
        (watch, "WATCH k absent"),
        (chain, "MULTI"),
        (chain, "SET in three"),
        (listener, "SUBSCRIBE a"),
        (listener, "PSUBSCRIBE b*"),
    ] {
        old.call(id, line);
    }
    let mut new = moved(&mut old);
    assert_eq!(new.call(chain, "EXEC"), Reply::Array(vec![Reply::OK]));
    assert_eq!(new.call(chain, "GET in"), Reply::bulk("three"));
    assert_eq!(new.call(chain, "CLIENT GETNAME"), Reply::bulk("chain"));
    new.call(watch, "MULTI");
    assert_eq!(new.call(watch, "EXEC"), Reply::Array(vec![]));
    let other = new.node.open_session(0);
    assert!(other > listener, "ids are not used again");
    assert_eq!(new.call(other, "PUBLISH a hi"), Reply::Int(1));
    assert_eq!(new.call(other, "PUBLISH bc hi"), Reply::Int(1));
}

#[test]
fn what_was_touched_before_or_after_the_move_breaks_a_transaction() {
    for (before, after) in [("SET k w", "PING"), ("PING", "SET k w"), ("DEL k", "PING")] {
        let mut old = Alone::start(Store::default(), options(1));
        let id = old.node.open_session(0);
        old.call(id, "SET k v");
        old.call(id, "WATCH k");
        old.call(id, before);
        let mut new = moved(&mut old);
        new.call(id, after);
        new.call(id, "MULTI");
        assert_eq!(new.call(id, "EXEC"), Reply::NullArray, "{before}, {after}");
    }
}
