//! So many calls of one operation after a fixed beginning, for callgrind: `count OPERATION CALLS`. Two runs that
//! differ in CALLS alone differ by the instructions of those calls.
use kilat_bench::{Machine, calls};

/// Calls that are fed at once.
const PIPELINE: u64 = 100;

/// Any time: it stands still.
const NOW_MS: u64 = 1_700_000_000_000;

fn main() {
    let mut args = std::env::args().skip(1);
    let operation = args.next().expect("count OPERATION CALLS");
    let count: u64 = args
        .next()
        .and_then(|count| count.parse().ok())
        .expect("count OPERATION CALLS");
    let mut machine = Machine::new(1);
    let mut client = machine.connect(NOW_MS);
    let mut out = Vec::new();
    let fill = if operation == "get" {
        "set"
    } else {
        &operation
    };
    // Made before, and as many for every count: what making them takes is in both runs.
    let made = |operation: &str| -> Vec<Vec<u8>> {
        (0..100)
            .map(|i| calls(operation, i * PIPELINE, PIPELINE))
            .collect()
    };
    let (filling, pieces) = (made(fill), made(&operation));
    let mut run = |piece: &[u8]| {
        out.clear();
        machine.feed(NOW_MS, &mut client, piece, &mut out);
        assert!(!out.starts_with(b"-"), "an error was answered");
    };
    for piece in &filling {
        run(piece);
    }
    for i in 0..count / PIPELINE {
        run(&pieces[usize::try_from(i).expect("small") % pieces.len()]);
    }
}
