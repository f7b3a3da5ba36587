//! The protocol in many worlds, and each of its rules broken once.
use super::*;

fn report(outcome: &Outcome) -> String {
    let from = outcome.trace.len().saturating_sub(400);
    let what = outcome.violation.as_deref().unwrap_or("no violation");

    format!(
        "seed {}: {what}\n{}",
        outcome.seed,
        outcome.trace[from..].join("\n")
    )
}

#[test]
fn sim_no_world_breaks_a_promise() {
    let mut acknowledged = 0;
    for seed in 1..=300 {
        let outcome = run(seed, Mutants::default());
        assert!(outcome.violation.is_none(), "{}", report(&outcome));
        acknowledged += outcome.acknowledged;
    }
    assert!(acknowledged > 10_000, "{acknowledged}");
}

#[test]
fn sim_a_seed_replays_its_run() {
    let runs = [(); 2].map(|()| World::new(9, Mutants::default(), true).run());
    assert_eq!(runs[0].trace, runs[1].trace);
    assert!(runs[0].trace.len() > 1000);
}

#[test]
fn sim_every_broken_rule_is_noticed() {
    for (name, mutants) in mutants() {
        let caught =
            (1..=1000).any(|seed| World::new(seed, mutants, false).run().violation.is_some());
        assert!(caught, "{name} went unnoticed");
    }
}
