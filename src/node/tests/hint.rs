//! Recovery that begins at the newest snapshot.
use super::*;
use crate::node::hint::{HINT, Hint};

/// Two snapshots with records before, between and behind them.
fn saved_twice() -> Alone {
    let mut alone = Alone::start(Store::default(), options(1));
    for word in ["a", "b"] {
        alone = alone.again();
        let session = alone.node.open_session(0);
        for i in 0..5 {
            alone.call(session, &format!("SET {word}{i} {i}"));
        }
        assert_eq!(alone.act(Action::Save), Reply::OK);
        alone.call(session, &format!("SET {word} behind"));
    }

    alone
}

fn hint_of(store: &mut Store) -> &mut Vec<u8> {
    store.pieces.get_mut(&(HINT, 0)).expect("there is a hint")
}

/// Whether all is there after a restart, and what was told of damage.
fn restarted(alone: Alone) -> (Alone, bool) {
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.node.status(0).role, "leader");
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(12));
    let told = |event: &Event| matches!(event, Event::Corrupt { .. });
    let is_told = alone.events.iter().any(told);

    (alone, is_told)
}

#[test]
fn the_log_before_the_newest_snapshot_is_read_only_where_that_is_damaged() {
    let mut alone = saved_twice();
    let hint = Hint::from_bytes(hint_of(&mut alone.store)).expect("it is whole");
    let before = alone.store.blocks.range(..hint.from).next_back();
    let at = *before.expect("there is a log before it").0;
    let block = alone.store.blocks.get(&at).cloned().expect("it is there");
    alone.store.blocks.insert(at, block[1..].to_vec());
    let (mut alone, is_told) = restarted(alone);
    assert!(!is_told, "what need not be read was");
    alone.store.blocks.insert(at, block);
    let of_newest = (hint.snapshot, 0);
    alone.store.pieces.get_mut(&of_newest).expect("it is there")[40] ^= 1;
    let (_, is_told) = restarted(alone);
    assert!(is_told, "the older one and its log made it good");
}

#[test]
fn a_hint_that_does_not_hold_is_nothing() {
    let mut hints = vec![Vec::new()];
    let whole = Hint::from_bytes(hint_of(&mut saved_twice().store)).expect("it is whole");
    let next = |key: BlockKey| key.next();
    hints.push(
        Hint {
            from: next(whole.at),
            ..whole
        }
        .to_bytes(),
    );
    hints.push(
        Hint {
            at: next(whole.at),
            ..whole
        }
        .to_bytes(),
    );
    hints.push(
        Hint {
            snapshot: [9; 16],
            ..whole
        }
        .to_bytes(),
    );
    let far = BlockKey { epoch: 900, n: 0 };
    hints.push(
        Hint {
            from: far,
            at: far,
            ..whole
        }
        .to_bytes(),
    );
    let mut damaged = whole.to_bytes();
    damaged[20] ^= 1;
    hints.push(damaged);
    for hint in hints {
        let mut alone = saved_twice();
        *hint_of(&mut alone.store) = hint;
        let (_, is_told) = restarted(alone);
        assert!(!is_told);
    }
}

#[test]
fn an_old_hint_leads_to_the_newest_snapshot_all_the_same() {
    let mut alone = saved_twice();
    let old = hint_of(&mut alone.store).clone();
    assert_eq!(alone.act(Action::Save), Reply::OK);
    assert_ne!(*hint_of(&mut alone.store), old);
    *hint_of(&mut alone.store) = old;
    let newest = alone.node.snapshots.known.last().cloned();
    let (alone, is_told) = restarted(alone);
    assert!(!is_told);
    assert_eq!(alone.node.snapshots.known.last().cloned(), newest);
}
