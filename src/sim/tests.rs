//! The protocol in a few worlds; `npm run sim` runs many more, and breaks each rule once.
use super::*;

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
