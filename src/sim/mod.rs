//! Layer 6: a simulated world that drives nodes, with everything in it that goes wrong in browsers.
//!
//! The nodes are the production code. A seed determines a run wholly: its weather (`weather`: which faults, how often,
//! aimed at which moments of the protocol), its clients (`clients`) and every delay. First a storm, then a calm in
//! which all must come to rest. `check` looks on during the run, `rest` judges at its end what is there against what
//! was told (`history`, `linear`). A violation is run again with its `trace`. Nothing here reads a clock.
mod channel;
mod check;
mod clients;
mod database;
mod faults;
mod history;
mod linear;
mod lock;
mod mutants;
mod rest;
mod tabs;
#[cfg(test)]
mod tests;
mod trace;
mod transactions;
mod verdict;
mod weather;
mod world;

use std::collections::BTreeMap;

pub use crate::node::Mutants;
pub use mutants::mutants;
pub use world::World;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seed: u64,
    pub violation: Option<String>,
    /// Until the calm; and with it.
    pub storm_ms: u64,
    pub simulated_ms: u64,
    pub acknowledged: usize,
    pub reigns: usize,
    pub snapshots: usize,
    /// Histories of registers whose check was given up.
    pub undecided: usize,
    /// What happened in the world, in number.
    pub events: usize,
    /// How often each fault struck, and at which moments.
    pub struck: BTreeMap<String, usize>,
    /// The lines about the violation; and all lines. Empty without a trace.
    pub report: String,
    pub trace: String,
}

/// Runs one seed. A violation is run again with its trace.
pub fn run(seed: u64, mutants: Mutants) -> Outcome {
    let outcome = World::new(seed, mutants, false).run();
    if outcome.violation.is_none() {
        return outcome;
    }

    World::new(seed, mutants, true).run()
}
