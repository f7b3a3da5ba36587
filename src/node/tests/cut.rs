//! What a snapshot makes needless is deleted, and nothing else is.
use super::*;

#[test]
fn the_log_is_cut_behind_two_snapshots_and_seals_stay() {
    let mut alone = Alone::start(Store::default(), options(1));
    for round in 0..4 {
        let session = alone.node.open_session(0);
        for i in 0..20 {
            assert_eq!(
                alone.call(session, &format!("SET k{round}:{i} v")),
                Reply::OK
            );
        }
        assert_eq!(alone.act(Action::Save), Reply::OK);
        alone = alone.again();
    }
    // Two snapshots, the hint and the ballast.
    assert_eq!(alone.store.pieces.len(), 4);
    assert!(
        alone.store.blocks.len() < 60,
        "{}",
        alone.store.blocks.len()
    );
    assert!(
        alone
            .store
            .blocks
            .contains_key(&BlockKey { epoch: 0, n: 0 })
    );
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(80));
}

/// Twenty writes, and a snapshot of them.
fn save_some(alone: &mut Alone) {
    let session = alone.node.open_session(0);
    for i in 0..20 {
        assert_eq!(alone.call(session, &format!("SET k{i} v")), Reply::OK);
    }
    assert_eq!(alone.act(Action::Save), Reply::OK);
}

/// What is left of the log before the older snapshot that is kept.
fn left_before(alone: &Alone) -> Vec<BlockKey> {
    let to = alone.node.snapshots.known[0].from;

    alone
        .store
        .blocks
        .range(..to)
        .map(|(key, _)| *key)
        .collect()
}

#[test]
fn keys_are_listed_for_the_first_cut_of_a_reign_alone() {
    let seal = |epoch, n| BlockKey { epoch, n };
    let mut alone = Alone::start(Store::default(), options(1));
    for _ in 0..2 {
        save_some(&mut alone);
    }
    for _ in 0..4 {
        save_some(&mut alone);
        assert_eq!(left_before(&alone), [seal(0, 0)]);
        assert_eq!(alone.store.listed, 1);
    }
    let (last, _) = alone.store.blocks.last_key_value().expect("there is a log");
    let end = last.next();
    let mut alone = alone.again();
    for round in 0..4 {
        save_some(&mut alone);
        // The first cut ends in the reign before: from there on there is a seal.
        let seals = [seal(0, 0), end];
        assert_eq!(left_before(&alone), seals[..if round == 0 { 1 } else { 2 }]);
        assert_eq!(alone.store.listed, if round == 0 { 2 } else { 3 });
    }
}
