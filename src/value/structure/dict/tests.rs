use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn key(n: u64) -> Vec<u8> {
    format!("key:{n}").into_bytes()
}

fn check(dict: &Dict<u64>, model: &BTreeMap<Vec<u8>, u64>) {
    assert_eq!(dict.len(), model.len());
    let all: BTreeMap<Vec<u8>, u64> = dict.iter().map(|(k, v)| (k.to_vec(), *v)).collect();
    assert_eq!(&all, model);
    assert!(model.iter().all(|(k, v)| dict.get(k) == Some(v)));
    let mut scanned = BTreeSet::new();
    let mut cursor = 0;
    loop {
        cursor = dict.scan(cursor, |k, _| assert!(scanned.insert(k.to_vec())));
        if cursor == 0 {
            break;
        }
    }
    assert!(scanned.iter().eq(model.keys()));
    assert_eq!(dict.key_bytes, model.keys().map(Vec::len).sum::<usize>());
}

#[test]
fn agrees_with_a_map() {
    for seed in 0..4 {
        let mut rng = Rng::new(seed);
        let (mut dict, mut model) = (Dict::new(seed), BTreeMap::new());
        // Grow, shrink, grow: the odds of an insertion change with the phase.
        for step in 0..20_000u64 {
            let inserts = [9, 2, 6, 0][(step / 5000) as usize];
            let key = key(rng.below(2000));
            if rng.below(10) < inserts {
                match rng.below(3) {
                    0 => {
                        let (value, is_new) = dict.get_or_insert_with(&key, || step);
                        assert_eq!(is_new, !model.contains_key(&key));
                        assert_eq!(value, model.entry(key).or_insert(step));
                    }
                    _ => assert_eq!(dict.insert(&key, step), model.insert(key, step)),
                }
            } else if rng.below(3) == 0 && !dict.is_empty() {
                let (key, value) = dict.remove_at(rng.index(dict.len())).expect("in range");
                assert_eq!(model.remove(&*key), Some(value));
            } else {
                assert_eq!(
                    dict.remove(&key),
                    model.remove_entry(&key).map(|(k, v)| (k.into(), v))
                );
                assert_eq!(dict.get_mut(&key), None);
            }
            if step % 97 == 0 {
                check(&dict, &model);
            }
        }
        while dict.rehash_for(100) {}
        check(&dict, &model);
        assert!(
            dict.buckets() <= BUCKETS_MIN.max(SPARSE * 2 * dict.len()),
            "it has shrunk"
        );
    }
}

#[test]
fn scan_shows_all_that_stays() {
    let mut rng = Rng::new(5);
    for round in 0..60u64 {
        let mut dict = Dict::new(round);
        let stable = rng.below(300);
        for n in 0..stable {
            dict.insert(&key(n), n);
        }
        let extra = stable + rng.below(3000);
        if round % 2 == 0 {
            for n in stable..extra {
                dict.insert(&key(n), n);
            }
        }
        let (mut seen, mut cursor, mut calls) = (BTreeSet::new(), 0, 0);
        loop {
            cursor = dict.scan(cursor, |_, n| {
                seen.insert(*n);
            });
            calls += 1;
            assert!(calls < 100_000, "a scan ends");
            if cursor == 0 {
                break;
            }
            for _ in 0..rng.below(20) {
                let n = stable + rng.below(extra - stable + 1);
                if round % 2 == 0 {
                    dict.remove(&key(n));
                } else {
                    dict.insert(&key(n), n);
                }
            }
        }
        assert!((0..stable).all(|n| seen.contains(&n)), "round {round}");
    }
}

#[test]
fn random_is_even() {
    let mut dict = Dict::new(1);
    for n in 0..20 {
        dict.insert(&key(n), n as usize);
    }
    let (mut rng, mut counts) = (Rng::new(2), [0; 20]);
    for _ in 0..20_000 {
        counts[*dict.random(&mut rng).expect("not empty").1] += 1;
    }
    assert!(
        counts.iter().all(|count| (800..1200).contains(count)),
        "{counts:?}"
    );
    dict.clear();
    assert!(dict.random(&mut rng).is_none() && dict.scan(0, |_, _| ()) == 0 && dict.buckets() == 0);
}

#[test]
fn discard_takes_slices() {
    let mut dict = Dict::new(1);
    for n in 0..2500 {
        dict.insert(&key(n), n);
    }
    let mut slices = 1;
    while dict.discard(1000) {
        slices += 1;
    }
    assert_eq!((slices, dict.len()), (3, 0));
}
