use std::collections::{BTreeMap, BTreeSet};

use super::*;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

fn key(n: u64) -> Vec<u8> {
    format!("key:{n}").into_bytes()
}

fn check(table: &Table, model: &Model) {
    assert_eq!(table.len(), model.len());
    let owned = |(key, value): (&[u8], &[u8])| (key.to_vec(), value.to_vec());
    let all: Model = table.iter().map(owned).collect();
    assert_eq!(&all, model);
    assert!(model.iter().all(|(k, v)| table.get(k) == Some(v)));
    let mut scanned = BTreeSet::new();
    let mut cursor = 0;
    loop {
        cursor = table.scan(cursor, |k, _| assert!(scanned.insert(k.to_vec())));
        if cursor == 0 {
            break;
        }
    }
    assert!(scanned.iter().eq(model.keys()));
    let pairs = model.iter().map(|(k, v)| Pair::new(k, v).memory_bytes());
    assert_eq!(table.pair_bytes, pairs.sum::<usize>());
}

#[test]
fn agrees_with_a_map() {
    for seed in 0..4 {
        let mut rng = Rng::new(seed);
        let (mut table, mut model) = (Table::new(seed), Model::new());
        let mut image = (table.clone(), model.clone());
        // Grow, shrink, grow: the odds of an insertion change with the phase.
        for step in 0..20_000u64 {
            let inserts = [9, 2, 6, 0][(step / 5000) as usize];
            let key = key(rng.below(2000));
            if rng.below(10) < inserts {
                let value = vec![b'v'; rng.index(40)];
                let is_new = table.insert(&key, &value);
                assert_eq!(is_new, model.insert(key, value).is_none());
            } else if rng.below(3) == 0 && !table.is_empty() {
                let pair = table.remove_at(rng.index(table.len())).expect("in range");
                let removed = model.remove(pair.key());
                assert_eq!(removed.as_deref(), Some(pair.value()));
            } else {
                let pair = table.remove(&key);
                let value = pair.as_ref().map(Pair::value);
                assert_eq!(value, model.remove(&key).as_deref());
            }
            if step % 97 == 0 {
                check(&table, &model);
            }
            if step % 2503 == 0 {
                check(&image.0, &image.1);
                image = (table.clone(), model.clone());
            }
        }
        while table.rehash_for(100) {}
        check(&table, &model);
        check(&image.0, &image.1);
        let sparse = SPARSE * 2 * table.len();
        assert!(table.buckets() <= BUCKETS_MIN.max(sparse), "it has shrunk");
    }
}

#[test]
fn scan_shows_all_that_stays() {
    let mut rng = Rng::new(5);
    for round in 0..60u64 {
        let mut table = Table::new(round);
        let stable = rng.below(300);
        for n in 0..stable {
            table.insert(&key(n), b"");
        }
        let extra = stable + rng.below(3000);
        if round % 2 == 0 {
            for n in stable..extra {
                table.insert(&key(n), b"");
            }
        }
        let (mut seen, mut cursor, mut calls) = (BTreeSet::new(), 0, 0);
        loop {
            cursor = table.scan(cursor, |key, _| {
                seen.insert(key.to_vec());
            });
            calls += 1;
            assert!(calls < 100_000, "a scan ends");
            if cursor == 0 {
                break;
            }
            for _ in 0..rng.below(20) {
                let n = stable + rng.below(extra - stable + 1);
                if round % 2 == 0 {
                    table.remove(&key(n));
                } else {
                    table.insert(&key(n), b"");
                }
            }
        }
        assert!((0..stable).all(|n| seen.contains(&key(n))), "round {round}");
    }
}

#[test]
fn random_is_even() {
    let mut table = Table::new(1);
    for n in 0..20 {
        table.insert(&key(n), &[n as u8]);
    }
    let (mut rng, mut counts) = (Rng::new(2), [0; 20]);
    for _ in 0..20_000 {
        let (_, value) = table.random(&mut rng).expect("not empty");
        counts[usize::from(value[0])] += 1;
    }
    assert!(
        counts.iter().all(|count| (800..1200).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn discard_takes_slices() {
    let mut table = Table::new(1);
    for n in 0..2500 {
        table.insert(&key(n), b"");
    }
    let mut slices = 1;
    while table.discard(1000) {
        slices += 1;
    }
    assert_eq!((slices, table.len()), (3, 0));
}
