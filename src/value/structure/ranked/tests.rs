use std::collections::BTreeMap;

use super::*;

fn sorted(model: &BTreeMap<Vec<u8>, f64>) -> Vec<(&[u8], f64)> {
    let mut all: Vec<_> = model
        .iter()
        .map(|(member, score)| (&**member, *score))
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    all
}

#[test]
fn agrees_with_a_sorted_vec() {
    for (seed, scores) in [(1, 1), (2, 10), (3, 1_000_000)] {
        let mut rng = Rng::new(seed);
        let (mut set, mut model) = (Ranked::new(seed), BTreeMap::new());
        for step in 0..15_000u64 {
            let inserts = [9, 5, 2][(step / 5000) as usize];
            let member = format!("member:{}", rng.below(3000)).into_bytes();
            let score = rng.below(scores) as f64 / 4.0 - 2.0;
            if rng.below(10) < inserts {
                assert_eq!(set.insert(&member, score), model.insert(member, score));
            } else if rng.below(4) == 0 && set.len() > 0 {
                let rank = rng.index(set.len());
                let expected = set
                    .by_rank(rank)
                    .map(|(member, score)| (member.to_vec(), score));
                let removed = set.remove_rank(rank);
                let (member, score) = expected.expect("the rank is in the set");
                assert_eq!(removed, Some(score));
                assert_eq!(model.remove(&member), Some(score));
            } else {
                assert_eq!(set.remove(&member), model.remove(&member));
                assert_eq!(set.rank(&member), None);
            }
            if step % 250 != 0 {
                continue;
            }
            let all = sorted(&model);
            assert!(
                set.iter().eq(all.iter().copied())
                    && set.iter().rev().eq(all.iter().rev().copied())
            );
            for (rank, (member, score)) in all.iter().enumerate().step_by(17) {
                assert_eq!(
                    (set.rank(member), set.score(member)),
                    (Some(rank), Some(*score))
                );
                assert_eq!(set.by_rank(rank), Some((*member, *score)));
            }
            let bound = rng.below(scores) as f64 / 4.0 - 2.0;
            let below = all.iter().filter(|(_, score)| *score < bound).count();
            let up_to = all.iter().filter(|(_, score)| *score <= bound).count();
            assert_eq!(set.rank_by_score(|score| score < bound), below);
            assert_eq!(set.rank_by_score(|score| score <= bound), up_to);
            assert!(
                set.range(below..up_to)
                    .eq(all[below..up_to].iter().copied())
            );
            if scores == 1 {
                let before = all
                    .iter()
                    .filter(|(member, _)| *member < &b"member:2"[..])
                    .count();
                assert_eq!(set.rank_by_member(|member| member < b"member:2"), before);
            }
        }
        assert!(set.len() > 0);
    }
}

#[test]
fn special_scores() {
    let mut set = Ranked::new(1);
    set.insert(b"zero", -0.0);
    assert_eq!(
        set.insert(b"zero", 0.0).map(f64::to_bits),
        Some((-0.0f64).to_bits())
    );
    assert_eq!(
        set.score(b"zero").map(f64::to_bits),
        Some((-0.0f64).to_bits())
    );
    set.insert(b"a", 0.0);
    set.insert(b"top", f64::INFINITY);
    set.insert(b"low", f64::NEG_INFINITY);
    let order: Vec<_> = set.iter().map(|(member, _)| member).collect();
    assert_eq!(order, [&b"low"[..], b"a", b"zero", b"top"]);
    assert_eq!(size_of::<Item>(), 12);
}
