use std::collections::BTreeMap;
use std::ops::Bound;

use super::*;
use crate::value::structure::listpack::ListPack;

fn limits(entries: usize, value: usize) -> Limits {
    Limits {
        zset_max_listpack_entries: entries,
        zset_max_listpack_value: value,
        seed: 3,
        ..Limits::default()
    }
}

type Model = BTreeMap<Vec<u8>, f64>;

fn sorted(model: &Model) -> Vec<(Vec<u8>, f64)> {
    let mut all: Vec<_> = model.iter().map(|(m, s)| (m.clone(), *s)).collect();
    all.sort_by(|a, b| a.1.partial_cmp(&b.1).expect("no NaN").then(a.0.cmp(&b.0)));

    all
}

fn owned<'a>(members: impl Iterator<Item = Scored<'a>>) -> Vec<(Vec<u8>, f64)> {
    members
        .map(|(member, score)| (member.into_owned(), score))
        .collect()
}

fn any_score(rng: &mut Rng, distinct: u64) -> f64 {
    match rng.below(40) {
        0 => f64::INFINITY,
        1 => f64::NEG_INFINITY,
        2 => 1e300,
        3 => 1e17,
        _ => rng.below(distinct) as f64 / 4.0 - 5.0,
    }
}

fn check_ranges(zset: &ZSet, model: &Model, rng: &mut Rng) {
    let all = sorted(model);
    assert_eq!(owned(zset.iter()), all);
    let mut reversed = owned(zset.iter().rev());
    reversed.reverse();
    assert_eq!(reversed, all);
    for _ in 0..20 {
        let (a, b) = (rng.index(all.len() + 2), rng.index(all.len() + 2));
        let expected = all.get(a..b.min(all.len())).unwrap_or_default();
        assert_eq!(owned(zset.range(a..b)), expected);

        let (low, high) = (any_score(rng, 40), any_score(rng, 40));
        let (min, max) = match rng.below(2) {
            0 => (Bound::Included(low), Bound::Excluded(high)),
            _ => (Bound::Excluded(low), Bound::Included(high)),
        };
        let ranks = zset.ranks_by_score(&ScoreRange { min, max });
        let inside = |(_, score): &&(_, f64)| {
            let above = match min {
                Bound::Included(min) => *score >= min,
                _ => *score > low,
            };
            above
                && match max {
                    Bound::Included(max) => *score <= max,
                    _ => *score < high,
                }
        };
        let expected: Vec<_> = all.iter().filter(inside).cloned().collect();
        assert_eq!(ranks.len(), expected.len());
        assert_eq!(owned(zset.range(ranks)), expected);
    }
    for (rank, (member, score)) in all.iter().enumerate() {
        assert_eq!(zset.rank(member), Some(rank));
        assert_eq!(zset.score(member), Some(*score));
    }
    for (member, score) in zset.random(20, rng) {
        assert_eq!(model.get(&*member), Some(&score));
    }
    let drawn: Model = owned(zset.random_distinct(20, rng).into_iter())
        .into_iter()
        .collect();
    assert_eq!(drawn.len(), 20.min(all.len()));
    let (mut cursor, mut shown) = (0, Model::new());
    loop {
        cursor = zset.scan(cursor, |member, score| {
            let score = number::parse_f64(score).expect("a number");
            shown.insert(member.to_vec(), score);
        });
        if cursor == 0 {
            break;
        }
    }
    assert_eq!(&shown, model);
}

#[test]
fn agrees_with_a_sorted_map() {
    for seed in 0..8 {
        let mut rng = Rng::new(seed);
        let limits = limits([0, 16, 64, 10_000][seed as usize % 4], 20);
        let (mut zset, mut model) = (ZSet::default(), Model::new());
        for step in 0..4000 {
            let long = step > 2500 && rng.below(60) == 0;
            let member = match rng.below(3) {
                0 => rng.below(60).to_string().into_bytes(),
                1 if long => format!("a member too long to pack {}", rng.below(9)).into_bytes(),
                _ => format!("member:{}", rng.below(60)).into_bytes(),
            };
            match rng.below(12) {
                0 => {
                    let popped = (zset.pop_first(), sorted(&model).first().cloned());
                    assert_eq!(popped.0, popped.1);
                    popped.1.map(|(member, _)| model.remove(&member));
                }
                1 => {
                    let popped = (zset.pop_last(), sorted(&model).last().cloned());
                    assert_eq!(popped.0, popped.1);
                    popped.1.map(|(member, _)| model.remove(&member));
                }
                2 if rng.below(4) == 0 => {
                    let (all, start) = (sorted(&model), rng.index(model.len() + 1));
                    let removed = zset.remove_ranks(start..start + 3);
                    assert_eq!(removed, 3.min(all.len() - start));
                    for (member, _) in all.iter().skip(start).take(3) {
                        model.remove(member);
                    }
                }
                3 | 4 => assert_eq!(zset.remove(&member), model.remove(&member)),
                _ => {
                    let score = any_score(&mut rng, 40);
                    let old = zset.insert(&member, score, &limits);
                    assert_eq!(old, model.insert(member.clone(), score));
                }
            }
            assert_eq!(zset.score(&member), model.get(&member).copied());
            assert_eq!(zset.len(), model.len());
            if step % 200 == 0 {
                check_ranges(&zset, &model, &mut rng);
            }
        }
    }
}

#[test]
fn ranges_of_members() {
    let names: Vec<String> = (0..40).map(|i| format!("m{:02}", 2 * i)).collect();
    for entries in [0, 128] {
        let mut zset = ZSet::default();
        for name in &names {
            zset.insert(name.as_bytes(), 1.0, &limits(entries, 64));
        }
        let found = |min, max| {
            let ranks = zset.ranks_by_lex(&LexRange { min, max });
            (ranks.start, ranks.end)
        };
        use LexBound::{Excluded, Highest, Included, Lowest};
        assert_eq!(found(Lowest, Highest), (0, 40));
        assert_eq!(found(Included(b"m10"), Included(b"m20")), (5, 11));
        assert_eq!(found(Excluded(b"m10"), Excluded(b"m20")), (6, 10));
        assert_eq!(found(Excluded(b"m09"), Included(b"m11")), (5, 6));
        assert_eq!(found(Included(b"m20"), Included(b"m10")), (10, 10));
        assert_eq!(found(Excluded(b"m10"), Excluded(b"m10")), (6, 6));
        assert!(
            zset.ranks_by_lex(&LexRange {
                min: Highest,
                max: Lowest
            })
            .is_empty()
        );
        assert!(
            zset.ranks_by_lex(&LexRange {
                min: Lowest,
                max: Lowest
            })
            .is_empty()
        );
        assert!(
            zset.ranks_by_lex(&LexRange {
                min: Highest,
                max: Highest
            })
            .is_empty()
        );
    }
}

#[test]
fn packed_until_a_limit() {
    let limits = limits(3, 5);
    let mut zset = ZSet::default();
    for (member, score) in [("b", 2.0), ("a", 2.0), ("12345", 1.0)] {
        zset.insert(member.as_bytes(), score, &limits);
        assert_eq!(zset.encoding(), "listpack");
    }
    let mut long = zset.clone();
    long.remove(b"a");
    long.insert(b"123456", 0.0, &limits);
    assert_eq!(long.encoding(), "skiplist");
    assert_eq!(zset.insert(b"a", 3.0, &limits), Some(2.0));
    assert_eq!(zset.encoding(), "listpack");
    zset.insert(b"c", 1.0, &limits);
    assert_eq!(zset.encoding(), "skiplist");
    zset.remove_ranks(0..3);
    assert_eq!((zset.encoding(), zset.len()), ("skiplist", 1));
}

#[test]
fn scores_as_they_are_packed() {
    let limits = limits(100, 64);
    let mut zset = ZSet::default();
    let scores = [
        ("zero", -0.0, "0"),
        ("tenth", 0.1, "0.10000000000000001"),
        ("large", 1e17, "100000000000000000"),
        ("larger", 1e19, "1e+19"),
        ("inf", f64::INFINITY, "inf"),
        ("-inf", f64::NEG_INFINITY, "-inf"),
        ("tiny", 5e-324, "4.9406564584124654e-324"),
    ];
    for (member, score, _) in scores {
        zset.insert(member.as_bytes(), score, &limits);
    }
    let mut shown = BTreeMap::new();
    zset.scan(0, |member, score| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        shown.insert(text(member), text(score));
    });
    for (member, score, text) in scores {
        assert_eq!(shown[member], text);
        assert_eq!(zset.score(member.as_bytes()), Some(score));
    }
}

#[test]
fn packed_when_few() {
    let few = limits(2, 5);
    let mut zset = ZSet::unpacked(&few);
    zset.insert(b"b", -0.0, &few);
    zset.insert(b"a", 7.5, &few);
    assert_eq!(
        zset.score(b"b").map(f64::to_bits),
        Some((-0.0f64).to_bits())
    );
    let (mut long, mut many) = (zset.clone(), zset.clone());
    long.insert(b"123456", 1.0, &limits(9, 9));
    many.insert(b"c", 1.0, &few);
    for zset in [&mut long, &mut many] {
        zset.pack(&few);
        assert_eq!((zset.encoding(), zset.len()), ("skiplist", 3));
    }
    let before = owned(zset.iter());
    zset.pack(&few);
    assert_eq!((zset.encoding(), owned(zset.iter())), ("listpack", before));
}

#[test]
fn hostile_listpacks() {
    let limits = limits(2, 5);
    let from = |entries: &[&str]| {
        let mut list = ListPack::new();
        entries
            .iter()
            .for_each(|entry| list.push_back(entry.as_bytes()));
        ZSet::from_listpack_bytes(list.as_bytes(), &limits)
    };
    for wrong in [
        &["a", "1", "b"][..],
        &["a", "1", "a", "2"],
        &["a", "2", "b", "1"],
        &["b", "1", "a", "1"],
        &["a", "nan"],
        &["a", "x"],
        &["a", ""],
    ] {
        assert!(from(wrong).is_none(), "{wrong:?}");
    }
    let packed = from(&["b", "-inf", "a", "1.5"]).expect("valid");
    assert_eq!((packed.encoding(), packed.len()), ("listpack", 2));
    let bytes = packed.as_listpack_bytes().expect("packed");
    assert!(ZSet::from_listpack_bytes(bytes, &limits).is_some());
    assert!(ZSet::from_listpack_bytes(&bytes[1..], &limits).is_none());
    let indexed = from(&["a", "1", "b", "1", "c", "1e+100"]).expect("valid");
    assert_eq!(
        (indexed.encoding(), indexed.score(b"c")),
        ("skiplist", Some(1e100))
    );
    assert!(indexed.as_listpack_bytes().is_none());
}
