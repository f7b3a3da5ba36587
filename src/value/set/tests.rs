use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn limits(intset_max: usize) -> Limits {
    Limits {
        set_max_intset_entries: intset_max,
        seed: 7,
        ..Limits::default()
    }
}

fn members(set: &Set) -> BTreeSet<Vec<u8>> {
    let all: Vec<Vec<u8>> = set.iter().map(Cow::into_owned).collect();
    let distinct: BTreeSet<Vec<u8>> = all.iter().cloned().collect();
    assert_eq!(distinct.len(), all.len());

    distinct
}

fn check(set: &Set, model: &BTreeSet<Vec<u8>>) {
    assert_eq!(set.len(), model.len());
    assert_eq!(&members(set), model);
    let mut scanned = BTreeSet::new();
    let mut cursor = 0;
    loop {
        cursor = set.scan(cursor, |member| {
            scanned.insert(member.into_owned());
        });
        if cursor == 0 {
            break;
        }
    }
    assert_eq!(&scanned, model);
    if let Some(bytes) = set.as_intset_bytes()
        && !model.is_empty()
    {
        let again = Set::from_intset_bytes(bytes, &limits(1 << 20)).expect("its own image");
        assert_eq!(&members(&again), model);
    }
}

#[test]
fn agrees_with_a_btree_set() {
    for seed in 0..6 {
        let mut rng = Rng::new(seed);
        let limits = limits([0, 3, 20, 64, 500, 4000][seed as usize]);
        let short = seed == 4;
        // Some seeds never see text and cross from intset to table by length alone.
        let texts = seed % 2 == 0;
        let (mut set, mut model) = (Set::default(), BTreeSet::new());
        for step in 0..4_000 {
            let number = rng.below(if short { 30 } else { 300 }) as i64
                * [1, -40_000, 1 << 40][rng.index(3)];
            let member = match rng.below(2000) {
                0 if texts => b"text".to_vec(),
                1 if texts => format!("0{number}").into_bytes(),
                _ => text(number),
            };
            match rng.below(100) {
                0..60 => assert_eq!(set.insert(&member, &limits), model.insert(member)),
                60..95 => assert_eq!(set.remove(&member), model.remove(&member)),
                95..98 => {
                    let count = rng.index(3 + model.len() / 10);
                    let popped = set.pop(count, &limits, &mut rng);
                    assert_eq!(popped.len(), count.min(model.len()));
                    assert!(popped.iter().all(|member| model.remove(member)));
                }
                98 if rng.below(10) == 0 => {
                    let count = model.len() * 9 / 10;
                    let popped = set.pop(count, &limits, &mut rng);
                    assert_eq!(popped.len(), count);
                    assert!(popped.iter().all(|member| model.remove(member)));
                }
                _ => {
                    let count = rng.index(model.len() + 2);
                    let sample = set.sample(count, &mut rng);
                    assert_eq!(sample.len(), count.min(model.len()));
                    let distinct: BTreeSet<_> = sample.iter().collect();
                    assert_eq!(distinct.len(), sample.len());
                    assert!(sample.iter().all(|member| model.contains(&**member)));
                }
            }
            if step % 50 == 0 {
                check(&set, &model);
            }
        }
        check(&set, &model);
    }
}

#[test]
fn the_encoding_follows_redis() {
    let limits = limits(4);
    let mut set = Set::default();
    for member in ["1", "2", "3", "4"] {
        set.insert(member.as_bytes(), &limits);
    }
    assert_eq!(set.encoding(), "intset");
    assert!(!set.insert(b"4", &limits));
    assert_eq!(set.encoding(), "intset");
    set.insert(b"5", &limits);
    assert_eq!(set.encoding(), "hashtable");
    set.remove(b"5");
    assert_eq!(set.encoding(), "hashtable");
    // What a large pop leaves is a set made anew.
    let mut rng = Rng::new(1);
    for i in 0..100 {
        set.insert(&text(i), &limits);
    }
    set.pop(97, &limits, &mut rng);
    assert_eq!((set.len(), set.encoding()), (3, "intset"));
    set.insert(b"x", &limits);
    assert_eq!((set.len(), set.encoding()), (4, "hashtable"));
}

#[test]
fn packed_while_few_and_short() {
    let is_packed = |set: &Set| matches!(set.encoding, Encoding::Packed(_));
    let mut set = Set::default();
    for n in 0..PACKED_MAX {
        assert!(set.insert(format!("m{n}").as_bytes(), &limits(512)));
    }
    assert!(is_packed(&set) && !set.insert(b"m5", &limits(512)));
    assert!(set.insert(b"one more", &limits(512)) && !is_packed(&set));

    let mut set = Set::default();
    set.insert(&[b'x'; PACKED_VALUE_MAX], &limits(512));
    assert!(is_packed(&set));
    set.insert(&[b'y'; PACKED_VALUE_MAX + 1], &limits(512));
    assert!(!is_packed(&set) && set.len() == 2);
}

#[test]
fn images_from_outside_are_checked() {
    assert!(Set::from_intset_bytes(&[], &limits(10)).is_none());
    assert!(Set::from_intset_bytes(&[2, 0, 0, 0, 1, 0, 0, 0, 5], &limits(10)).is_none());
    let bytes = [2, 0, 0, 0, 2, 0, 0, 0, 5, 0, 6, 0];
    let few = Set::from_intset_bytes(&bytes, &limits(2)).expect("valid");
    let many = Set::from_intset_bytes(&bytes, &limits(1)).expect("valid");
    assert_eq!((few.encoding(), many.encoding()), ("intset", "hashtable"));
    assert_eq!(members(&few), members(&many));
}

/// Chi-square of draws against a uniform distribution; far above 2 per degree means unfair.
fn chi_square_per_degree(counts: &BTreeMap<Vec<u8>, usize>, kinds: usize) -> f64 {
    let total: usize = counts.values().sum();
    let expected = total as f64 / kinds as f64;
    let missing = (kinds - counts.len()) as f64 * expected;
    let off = |count: &usize| (*count as f64 - expected).powi(2) / expected;

    (counts.values().map(off).sum::<f64>() + missing) / (kinds - 1) as f64
}

#[test]
fn chance_is_fair() {
    for intset_max in [512, 0] {
        let limits = limits(intset_max);
        let mut rng = Rng::new(42);
        let mut set = Set::default();
        for i in 0..40 {
            set.insert(&text(i), &limits);
        }
        let mut drawn = BTreeMap::new();
        let mut sampled = BTreeMap::new();
        let mut popped = BTreeMap::new();
        let mut popped_many = BTreeMap::new();
        for _ in 0..4_000 {
            let one = set.random(&mut rng).expect("not empty");
            *drawn.entry(one.into_owned()).or_default() += 1;
            for member in set.sample(7, &mut rng) {
                *sampled.entry(member.into_owned()).or_default() += 1;
            }
            for member in set.clone().pop(3, &limits, &mut rng) {
                *popped.entry(member).or_default() += 1;
            }
            let mut left = set.clone();
            left.pop(37, &limits, &mut rng);
            for member in left.iter() {
                *popped_many.entry(member.into_owned()).or_default() += 1;
            }
        }
        for counts in [drawn, sampled, popped, popped_many] {
            let chi_square = chi_square_per_degree(&counts, 40);
            assert!(chi_square < 2.0, "{chi_square}");
        }
    }
}
