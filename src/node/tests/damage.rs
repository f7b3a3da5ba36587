//! Storage that has been damaged: what is whole is kept, what is lost is said, and nobody leads in silence.
use super::recovery::{Recovery, Step};
use super::together::{Together, code};
use super::*;
use crate::log::{Block, Body};

fn spoil(bytes: &mut [u8]) {
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
}

fn told_of_damage(events: &[Event]) -> bool {
    let corrupt = |event: &Event| matches!(event, Event::Corrupt { .. });

    events.iter().any(corrupt)
}

/// Three keys, each in a block of its own; answers the keys of these blocks.
fn three() -> (Alone, Vec<BlockKey>) {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    for key in ["a", "b", "c"] {
        assert_eq!(alone.call(session, &format!("SET {key} {key}")), Reply::OK);
    }
    let keys = alone.store.blocks.keys().copied().skip(1).collect();

    (alone, keys)
}

fn discarding(alone: Alone) -> Alone {
    let options = NodeOptions {
        discard_lost: true,
        ..options(8)
    };

    Alone::start(alone.store, options)
}

/// Refuses writes, reads, deletes nothing; and goes on for good once it is told to.
fn asks_before_it_goes_on(alone: Alone, left: i64) {
    let (blocks, pieces) = (alone.store.blocks.clone(), alone.store.pieces.clone());
    let mut alone = alone.again();
    assert!(told_of_damage(&alone.events));
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(left));
    let refused = alone.call(session, "SET d d");
    assert_eq!(code(&refused), "MISCONF");
    let status = alone.node.status(0);
    assert_eq!((status.role, status.storage), ("follower", "damaged"));
    assert_eq!(
        (&alone.store.blocks, &alone.store.pieces),
        (&blocks, &pieces)
    );

    let mut alone = discarding(alone);
    assert!(told_of_damage(&alone.events));
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "SET d d"), Reply::OK);
    // From then on nobody asks again.
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(left + 1));
    assert_eq!(alone.call(session, "SET e e"), Reply::OK);
}

#[test]
fn without_a_whole_snapshot_and_without_the_log_before_it_the_user_decides() {
    let (mut alone, _) = three();
    let session = alone.node.open_session(0);
    for _ in 0..3 {
        assert_eq!(alone.act(Action::Save), Reply::OK);
        assert_eq!(alone.call(session, "SET c again"), Reply::OK);
    }
    assert!(
        !alone
            .store
            .blocks
            .contains_key(&BlockKey { epoch: 1, n: 0 })
    );
    alone
        .store
        .pieces
        .values_mut()
        .for_each(|piece| spoil(piece));
    asks_before_it_goes_on(alone, 0);
}

#[test]
fn behind_a_hole_in_the_log_the_user_decides() {
    let (mut alone, keys) = three();
    spoil(alone.store.blocks.get_mut(&keys[1]).expect("it is there"));
    asks_before_it_goes_on(alone, 1);
}

#[test]
fn a_torn_end_of_the_log_is_cut_and_told() {
    let (mut alone, keys) = three();
    spoil(alone.store.blocks.get_mut(&keys[2]).expect("it is there"));
    let mut alone = alone.again();
    assert!(told_of_damage(&alone.events));
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(2));
    assert_eq!(alone.call(session, "SET d d"), Reply::OK);
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(3));
    assert_eq!(alone.call(session, "GET d"), Reply::bulk(*b"d"));
}

#[test]
fn a_leader_by_a_seal_that_cannot_be_read_any_more_is_fenced() {
    let mut tabs = Together::new(1, true);
    let seal = BlockKey { epoch: 0, n: 0 };
    assert_eq!(tabs.store.blocks.keys().collect::<Vec<_>>(), [&seal]);
    spoil(tabs.store.blocks.get_mut(&seal).expect("tab 0 leads by it"));
    tabs.open(1);
    let session = tabs.nodes[0].open_session(0);
    tabs.stalled = Some(0);
    let call = tabs.begin(0, session, "SET a old");
    tabs.steal(1);
    assert_eq!(tabs.roles()[1], "leader");
    assert_eq!(tabs.nodes[1].status(0).epoch, 2);
    assert_eq!(tabs.once(1, "SET a new"), Reply::OK);
    tabs.go_on();
    assert_eq!(code(&tabs.replies[&(0, call)]), "TRYAGAIN");
    for tab in 0..2 {
        assert_eq!(tabs.once(tab, "GET a"), Reply::bulk(*b"new"), "tab {tab}");
    }
}

#[test]
fn who_had_read_a_tail_that_was_cut_reads_anew() {
    let mut tabs = Together::new(2, true);
    assert_eq!(tabs.once(0, "SET a 1"), Reply::OK);
    assert_eq!(tabs.once(0, "SET a 2"), Reply::OK);
    let (_, last) = tabs.store.blocks.iter_mut().next_back().expect("there are");
    spoil(last);
    tabs.open(2);
    tabs.steal(2);
    assert_eq!(tabs.roles(), ["follower", "follower", "leader"]);
    assert_eq!(tabs.once(2, "GET a"), Reply::bulk(*b"1"));
    assert_eq!(tabs.once(2, "SET b 1"), Reply::OK);
    tabs.pass(1000);
    for tab in 0..3 {
        assert_eq!(tabs.once(tab, "GET a"), Reply::bulk(*b"1"), "tab {tab}");
        assert_eq!(tabs.once(tab, "GET b"), Reply::bulk(*b"1"), "tab {tab}");
    }
}

#[test]
fn what_was_given_up_stays_away_when_a_snapshot_has_counted_past_it() {
    let (mut alone, keys) = three();
    spoil(alone.store.blocks.get_mut(&keys[1]).expect("it is there"));
    let mut alone = discarding(alone);
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "SET d d"), Reply::OK);
    let before = alone.store.blocks.clone();
    assert_eq!(alone.call(session, "SAVE"), Reply::OK);
    // The node has died before it cut the log: the third record would continue what the snapshot holds.
    alone.store.blocks.extend(before);
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "EXISTS a d"), Reply::Int(2));
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(2));
}

/// Blocks of these numbers, without records.
fn blocks(numbers: std::ops::Range<u64>) -> StorageReply {
    let block = |n| {
        let key = BlockKey { epoch: 0, n };
        let (database, body) = ([0; 16], Body::Records(Vec::new()));
        let block = Block {
            database,
            key,
            body,
        };
        (key, block.to_bytes())
    };

    StorageReply::Blocks(numbers.map(block).collect())
}

#[test]
fn who_reads_more_slowly_than_the_log_is_cut_begins_anew_and_tells_of_no_damage() {
    let settings = crate::command::Settings::default();
    let mut recovery = Recovery::new();
    let mut read = |numbers| recovery.feed(blocks(numbers), [0; 16], &settings);
    for begun in (0..200).step_by(20) {
        // While it slept after the first blocks, those and more were cut.
        for numbers in [begun..begun + 5, begun + 15..begun + 20, 0..0] {
            assert!(matches!(read(numbers), Step::Again));
        }
    }
    for numbers in [200..205, 205..210] {
        assert!(matches!(read(numbers), Step::Again));
    }
    let Step::Done(recovered) = read(0..0) else {
        panic!("it is whole")
    };
    assert!(recovered.damage.is_empty(), "{:?}", recovered.damage);

    // A cut takes what is before the hole first: where that is still there, the hole is none of its.
    let mut recovery = Recovery::new();
    for numbers in [0..5, 7..9, 0..0, 0..5, 7..9] {
        let step = recovery.feed(blocks(numbers), [0; 16], &settings);
        assert!(matches!(step, Step::Again));
    }
    let Step::Done(recovered) = recovery.feed(blocks(0..0), [0; 16], &settings) else {
        panic!("it is read")
    };
    assert_eq!(recovered.damage.len(), 1);
}
