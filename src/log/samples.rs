//! Seeded records and blocks for tests.
use super::block::{Block, BlockKey, Body, Manifest};
use super::record::Record;
use crate::base::rng::Rng;
use crate::command::Effect;

fn bytes(rng: &mut Rng, len_max: usize) -> Box<[u8]> {
    (0..rng.index(len_max))
        .map(|_| rng.next_u64() as u8)
        .collect()
}

fn array(rng: &mut Rng) -> [u8; 16] {
    [(); 16].map(|()| rng.next_u64() as u8)
}

/// A number of any width.
fn number(rng: &mut Rng) -> u64 {
    rng.next_u64() >> rng.below(64)
}

pub fn record(rng: &mut Rng, seq: u64) -> Record {
    let effect = |rng: &mut Rng| Effect {
        db: rng.index(16),
        argv: (0..rng.index(4)).map(|_| bytes(rng, 20)).collect(),
    };
    Record {
        seq,
        epoch: number(rng),
        time_ms: number(rng),
        origin: number(rng),
        request: number(rng),
        reply: bytes(rng, 10),
        effects: (0..rng.index(3)).map(|_| effect(rng)).collect(),
    }
}

pub fn block(rng: &mut Rng, database: [u8; 16], round: u64) -> Block {
    let body = match round % 3 {
        0 => Body::Records((0..rng.below(4)).map(|i| record(rng, round + i)).collect()),
        1 => Body::Seal {
            next_epoch: number(rng),
            token: array(rng),
        },
        _ => Body::Snapshot(Manifest {
            id: array(rng),
            pieces: rng.next_u64() as u32,
            bytes: number(rng),
            seq: number(rng),
            epoch: number(rng),
            crc: rng.next_u64(),
        }),
    };
    let key = BlockKey {
        epoch: number(rng),
        n: number(rng),
    };

    Block {
        database,
        key,
        body,
    }
}
