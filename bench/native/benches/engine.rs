//! A hundred calls in one piece of RESP, through the decoder, the engine and the encoder: `cargo bench`.
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kilat_bench::{KEYS, Machine, OPERATIONS, calls};

const PIPELINE: u64 = 100;
const NOW_MS: u64 = 1_700_000_000_000;

fn engine(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(PIPELINE));
    for operation in OPERATIONS {
        let mut machine = Machine::new(1);
        let mut client = machine.connect(NOW_MS);
        let mut out = Vec::new();
        let fill = if *operation == "get" {
            "set"
        } else {
            *operation
        };
        for from in (0..KEYS).step_by(100) {
            out.clear();
            machine.feed(NOW_MS, &mut client, &calls(fill, from, PIPELINE), &mut out);
        }
        let pieces: Vec<Vec<u8>> = (0..1000)
            .map(|i| calls(operation, i * PIPELINE, PIPELINE))
            .collect();
        let mut at = 0;
        group.bench_function(*operation, |bencher| {
            bencher.iter(|| {
                out.clear();
                machine.feed(NOW_MS, &mut client, &pieces[at], &mut out);
                at = (at + 1) % pieces.len();
            });
        });
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
