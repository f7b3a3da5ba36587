//! Layer 6: a simulated world that drives nodes, with everything in it that goes wrong in browsers.
//!
//! The nodes are the production code. A seed determines a run wholly: the same seed gives the same run, and a
//! violation is printed with its seed and what led to it. Nothing here reads a clock.
mod check;
mod clients;
mod database;
mod faults;
mod lock;
mod tabs;
#[cfg(test)]
mod tests;
mod world;

pub use crate::node::Mutants;
pub use world::World;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seed: u64,
    pub violation: Option<String>,
    pub simulated_ms: u64,
    pub acknowledged: usize,
    pub reigns: usize,
    pub snapshots: usize,
    pub trace: Vec<String>,
}

/// Runs one seed. A violation is run again with its trace.
pub fn run(seed: u64, mutants: Mutants) -> Outcome {
    let outcome = World::new(seed, mutants, false).run();
    if outcome.violation.is_none() {
        return outcome;
    }

    World::new(seed, mutants, true).run()
}

/// Every rule broken once, with its name.
pub fn mutants() -> [(&'static str, Mutants); 5] {
    let none = Mutants::default();

    [
        (
            "no-seal-check",
            Mutants {
                no_seal_check: true,
                ..none
            },
        ),
        (
            "cut-seals",
            Mutants {
                cut_seals: true,
                ..none
            },
        ),
        (
            "ack-early",
            Mutants {
                ack_early: true,
                ..none
            },
        ),
        (
            "put-instead-of-add",
            Mutants {
                put_instead_of_add: true,
                ..none
            },
        ),
        (
            "no-dedupe",
            Mutants {
                no_dedupe: true,
                ..none
            },
        ),
    ]
}
