//! Runs the simulator over many seeds, on all cores: what `npm run sim` starts.
//!
//!     sim --seeds N [--first S] [--trace]     ends in `sim: N seeds, H simulated hours, V violations`
//!     sim --mutants [--seeds N]               ends in `mutants: N of N caught`
#![allow(clippy::disallowed_methods)]
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use kilat::sim::{self, Mutants, Outcome, World};

/// Violations that are told in full; of the others, a line.
const REPORTS_MAX: usize = 3;
/// A mutant must be caught within so many seconds.
const MUTANT_S: u64 = 60;

struct Options {
    seeds: u64,
    first: u64,
    threads: usize,
    trace: bool,
    mutants: bool,
}

impl Options {
    fn read() -> Result<Options, String> {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let mut options = Options {
            seeds: 0,
            first: 1,
            threads: cores,
            trace: false,
            mutants: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || {
                let word = words.next().unwrap_or_default();
                word.parse::<u64>()
                    .map_err(|_| format!("not a number: {word:?}"))
            };
            match word.as_str() {
                "--seeds" => options.seeds = number()?,
                "--first" => options.first = number()?,
                "--threads" => options.threads = number()?.max(1) as usize,
                "--trace" => options.trace = true,
                "--mutants" => options.mutants = true,
                _ => return Err(format!("unknown option {word:?}")),
            }
        }
        if options.seeds == 0 {
            options.seeds = if options.mutants { 1_000_000 } else { 1000 };
        }

        Ok(options)
    }
}

/// Sums over outcomes.
#[derive(Default)]
struct Sum {
    seeds: u64,
    violations: usize,
    storm_ms: u64,
    simulated_ms: u64,
    acknowledged: usize,
    reigns: usize,
    snapshots: usize,
    undecided: usize,
    events: usize,
    struck: BTreeMap<String, usize>,
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.violations += usize::from(outcome.violation.is_some());
        self.storm_ms += outcome.storm_ms;
        self.simulated_ms += outcome.simulated_ms;
        self.acknowledged += outcome.acknowledged;
        self.reigns += outcome.reigns;
        self.snapshots += outcome.snapshots;
        self.undecided += outcome.undecided;
        self.events += outcome.events;
        for (what, times) in &outcome.struck {
            *self.struck.entry(what.clone()).or_default() += times;
        }
    }

    fn print(&self, seconds: f64) {
        let hours = self.simulated_ms as f64 / 3_600_000.0;
        let storm_hours = self.storm_ms as f64 / 3_600_000.0;
        let struck = |aimed: bool| {
            let chosen = self
                .struck
                .iter()
                .filter(|(what, _)| what.starts_with("at ") == aimed);
            let words: Vec<String> = chosen
                .map(|(what, times)| format!("{what} {times}"))
                .collect();
            words.join(", ")
        };
        let faults: usize = self
            .struck
            .iter()
            .filter(|(what, _)| !what.starts_with("at "))
            .map(|(_, times)| times)
            .sum();
        println!("faults: {}", struck(false));
        println!("aimed: {}", struck(true));
        println!(
            "{} events, {} writes acknowledged, {} reigns, {} snapshots, {} histories undecided",
            self.events, self.acknowledged, self.reigns, self.snapshots, self.undecided
        );
        println!(
            "{storm_hours:.1} hours of storm with a fault every {:.1} s; {:.0} simulated hours a minute ({seconds:.0} s)",
            self.storm_ms as f64 / 1000.0 / faults.max(1) as f64,
            hours * 60.0 / seconds
        );
        println!(
            "sim: {} seeds, {hours:.1} simulated hours, {} violations",
            self.seeds, self.violations
        );
    }
}

fn main() -> ExitCode {
    let options = match Options::read() {
        Ok(options) => options,
        Err(error) => {
            eprintln!(
                "{error}\nusage: sim [--seeds N] [--first S] [--threads T] [--trace] [--mutants]"
            );
            return ExitCode::from(2);
        }
    };
    if options.mutants {
        return run_mutants(&options);
    }
    if options.trace {
        let outcome = World::new(options.first, Mutants::default(), true).run();
        println!(
            "{}{}",
            outcome.trace,
            outcome.violation.as_deref().unwrap_or("no violation")
        );
        return ExitCode::from(u8::from(outcome.violation.is_some()));
    }
    let began = Instant::now();
    let sum = Mutex::new(Sum::default());
    each_seed(&options, |seed| {
        let outcome = sim::run(seed, Mutants::default());
        let mut sum = sum.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        sum.add(&outcome);
        if let Some(violation) = &outcome.violation {
            println!("seed {seed}: {violation}");
            if sum.violations <= REPORTS_MAX {
                print!("{}", outcome.report);
                println!("replay: npm run sim -- --seeds 1 --first {seed} [--trace]\n");
            }
        }
        true
    });
    let sum = sum
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    sum.print(began.elapsed().as_secs_f64());

    ExitCode::from(u8::from(sum.violations > 0))
}

/// Runs every seed on some thread, until `run` answers `false`.
fn each_seed(options: &Options, run: impl Fn(u64) -> bool + Sync) {
    let next = AtomicU64::new(options.first);
    let stop = AtomicBool::new(false);
    let end = options.first + options.seeds;
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        return;
                    }
                    if !run(seed) {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
}

fn run_mutants(options: &Options) -> ExitCode {
    let mutants = sim::mutants();
    let mut caught = 0;
    for (name, mutant) in &mutants {
        let (began, tried, found) = (Instant::now(), AtomicU64::new(0), Mutex::new(None));
        each_seed(options, |seed| {
            tried.fetch_add(1, Ordering::Relaxed);
            let outcome = World::new(seed, *mutant, false).run();
            let Some(violation) = outcome.violation else {
                return began.elapsed().as_secs() < MUTANT_S;
            };
            let mut found = found
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner());
            found.get_or_insert((seed, violation));
            false
        });
        let (seconds, tried) = (began.elapsed().as_secs_f64(), tried.into_inner());
        match found
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
        {
            Some((seed, violation)) => {
                caught += 1;
                let line = violation.lines().next().unwrap_or_default();
                println!("{name}: caught in {seconds:.1} s, seed {seed} ({tried} tried): {line}");
            }
            None => println!("{name}: not caught in {seconds:.1} s, {tried} seeds"),
        }
    }
    println!("mutants: {caught} of {} caught", mutants.len());

    ExitCode::from(u8::from(caught < mutants.len()))
}
