//! Seeded records, blocks, values and keyspaces for tests.
use super::block::{Block, BlockKey, Body, Manifest};
use super::record::Record;
use super::snapshot::Sum;
use crate::base::rng::Rng;
use crate::command::{Effect, Words};
use crate::keyspace::{ExpirySetting, Keyspace};
use crate::value::{End, Hash, Json, Limits, List, Set, Str, Typed, Value, ZSet};

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
    let effect = |rng: &mut Rng| {
        let db = rng.index(16);
        let words: Vec<_> = (0..rng.index(4)).map(|_| bytes(rng, 20)).collect();
        let words: Vec<&[u8]> = words.iter().map(|word| &**word).collect();
        let argv = Words::new(&words);
        Effect { db, argv }
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
            sum: match round % 2 {
                0 => Sum::Crc64(rng.next_u64()),
                _ => Sum::Xxh64(rng.next_u64()),
            },
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

/// A string of some alphabet: numbers, repetitive text, or any bytes.
fn word(rng: &mut Rng, len_max: usize) -> Vec<u8> {
    match rng.below(4) {
        0 => (rng.next_u64().cast_signed() >> rng.below(64))
            .to_string()
            .into_bytes(),
        1 => (0..rng.index(len_max))
            .map(|_| b'a' + rng.below(2) as u8)
            .collect(),
        _ => bytes(rng, len_max).into_vec(),
    }
}

/// A value of each type and encoding in turn.
pub fn value(rng: &mut Rng, round: u64, limits: &Limits) -> Value {
    let many = if round.is_multiple_of(2) { 4 } else { 300 };
    let count = 1 + rng.index(many);
    let len_max = if rng.below(4) == 0 { 200 } else { 20 };
    match round % 7 {
        0 => Str::from_bytes(&word(rng, 10 * len_max)).into_value(),
        1 => {
            let mut list = List::default();
            (0..count).for_each(|_| list.push(End::Tail, &word(rng, 5 * len_max), limits));
            list.into_value()
        }
        2 => {
            let mut set = Set::default();
            for _ in 0..count {
                set.insert(&word(rng, len_max), limits);
            }
            set.into_value()
        }
        3 => {
            let mut set = Set::default();
            let int = |rng: &mut Rng| (rng.next_u64().cast_signed() >> rng.below(64)).to_string();
            for _ in 0..count {
                set.insert(int(rng).as_bytes(), limits);
            }
            set.into_value()
        }
        4 => {
            let mut zset = ZSet::default();
            for _ in 0..count {
                let score = match rng.below(5) {
                    0 => f64::INFINITY,
                    1 => -0.5,
                    2 => rng.below(10) as f64,
                    _ => rng.next_u64() as f64 / 3e10,
                };
                zset.insert(&word(rng, len_max), score, limits);
            }
            zset.into_value()
        }
        5 => {
            let mut hash = Hash::default();
            for _ in 0..count {
                hash.insert(&word(rng, len_max), &word(rng, len_max), limits);
            }
            hash.into_value()
        }
        _ => Json::new(serde_json::json!({"n": rng.below(1000) as f64 / 7.0, "a": [null, "é"]}))
            .into_value(),
    }
}

/// Gives a keyspace this many keys of all types, some of which expire.
pub fn fill(keyspace: &mut Keyspace, rng: &mut Rng, keys: u64) {
    let limits = *keyspace.limits();
    for round in 0..keys {
        let value = value(rng, round, &limits);
        let expiry = match rng.below(3) {
            0 => ExpirySetting::At(1 + rng.below(1 << 42)),
            _ => ExpirySetting::Clear,
        };
        let key = [&word(rng, 30)[..], format!(":{round}").as_bytes()].concat();
        keyspace.keys_mut(rng.index(4)).set(&key, "", value, expiry);
    }
}
