//! The protocol in a few worlds; `npm run sim` runs many more, and breaks each rule once.
use super::world::Transaction;
use super::*;
use crate::node::{BlockKey, StorageOp, StorageReply};

#[test]
fn sim_no_world_breaks_a_promise() {
    let mut acknowledged = 0;
    for seed in 1..=40 {
        let outcome = run(seed, Mutants::default());
        let violation = outcome.violation.as_deref();
        assert!(
            violation.is_none(),
            "seed {seed}: {violation:?}\n{}",
            outcome.report
        );
        acknowledged += outcome.acknowledged;
    }
    assert!(acknowledged > 10_000, "{acknowledged}");
}

#[test]
fn sim_a_seed_replays_its_run() {
    let runs = [(); 2].map(|()| World::new(9, Mutants::default(), true).run());
    assert_eq!(runs[0].trace, runs[1].trace);
    assert!(runs[0].trace.lines().count() > 1000);
}

#[test]
fn sim_a_violation_tells_what_led_to_it() {
    let (_, mutant) = mutants()
        .into_iter()
        .find(|(name, _)| *name == "ack-early")
        .unwrap();
    let found = (1..200)
        .map(|seed| run(seed, mutant))
        .find(|outcome| outcome.violation.is_some());
    let report = found.unwrap().report;
    for part in ["Weather {", "Leader { epoch:", "was answered"] {
        assert!(report.contains(part), "{part}\n{report}");
    }
}

#[test]
fn sim_nothing_is_done_on_a_connection_after_another_was_opened() {
    let mut world = World::new(1, Mutants::default(), false);
    world.load(0);
    let life = world.tabs[0].life;
    let mut written = |connection: u64, opened: u64| {
        // The newer one is closed as well.
        (world.tabs[0].connection, world.tabs[0].opened) = (0, opened);
        let key = BlockKey {
            epoch: connection,
            n: 0,
        };
        for id in 0..50 {
            let bytes = Vec::new();
            let strict = false;
            let op = StorageOp::Add { key, bytes, strict };
            world.perform(Transaction {
                tab: 0,
                life,
                connection,
                id,
                op,
            });
        }
        let (from, bytes_max) = (key, 1);
        let read = world
            .database
            .perform(StorageOp::Read { from, bytes_max }, false);
        read != Ok(StorageReply::Blocks(Vec::new()))
    };
    assert!(!written(6, 7));
    assert!(written(5, 5));
}
