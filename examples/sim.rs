//! Runs the simulator over many seeds: `cargo run --release --features sim --example sim -- --seeds 10000`.
use kilat::sim::{self, Mutants};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let number = |name: &str, default: u64| {
        let at = words.iter().position(|word| word == name);
        let value = at
            .and_then(|at| words.get(at + 1))
            .and_then(|word| word.parse().ok());
        value.unwrap_or(default)
    };
    let (seeds, first) = (number("--seeds", 1000), number("--first", 1));
    if words.iter().any(|word| word == "--mutants") {
        return run_mutants(first, seeds);
    }
    let (mut violations, mut ms, mut acknowledged, mut reigns, mut snapshots) = (0, 0, 0, 0, 0);
    for seed in first..first + seeds {
        let outcome = sim::run(seed, Mutants::default());
        ms += outcome.simulated_ms;
        acknowledged += outcome.acknowledged;
        reigns += outcome.reigns;
        snapshots += outcome.snapshots;
        if let Some(violation) = outcome.violation {
            violations += 1;
            println!("seed {seed}: {violation}");
            if seeds == 1 {
                println!("{}", outcome.trace.join("\n"));
            }
        }
    }
    let hours = ms as f64 / 3_600_000.0;
    println!("{acknowledged} writes acknowledged, {reigns} reigns, {snapshots} snapshots");
    println!("sim: {seeds} seeds, {hours:.1} simulated hours, {violations} violations");
    std::process::exit(i32::from(violations > 0));
}

fn run_mutants(first: u64, seeds: u64) {
    let mut unnoticed = 0;
    for (name, mutants) in sim::mutants() {
        let found = (first..first + seeds).find_map(|seed| {
            let violation = sim::run(seed, mutants).violation?;
            Some((seed, violation))
        });
        match found {
            Some((seed, violation)) => println!("{name}: seed {seed}: {violation}"),
            None => {
                unnoticed += 1;
                println!("{name}: unnoticed in {seeds} seeds");
            }
        }
    }
    std::process::exit(i32::from(unnoticed > 0));
}
