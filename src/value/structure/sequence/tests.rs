use super::*;
use crate::base::rng::Rng;

impl Node<u64> {
    /// Checks what each node says of its children; returns its depth.
    fn check(&self) -> usize {
        match self {
            Node::Leaf(items) => {
                assert!(items.len() <= FULL);
                1
            }
            Node::Inner(children) => {
                assert!(!children.is_empty() && children.len() <= FULL);
                let depth = children[0].node.check();
                for child in children {
                    assert_eq!(child.node.check(), depth);
                    assert!(child.count > 0 && child.count == child.node.count());
                    assert_eq!(child.first, child.node.first());
                }
                depth + 1
            }
        }
    }
}

fn check(row: &Sequence<u64>, model: &[u64]) {
    row.root.check();
    assert_eq!(row.len, model.len());
    assert!(row.range(0..model.len()).eq(model.iter().copied()));
    assert!(
        row.range(0..usize::MAX)
            .rev()
            .eq(model.iter().rev().copied())
    );
}

#[test]
fn agrees_with_a_vec() {
    let mut rng = Rng::new(1);
    let (mut row, mut model) = (Sequence::new(), Vec::new());
    for step in 0..60_000u64 {
        let inserts = [10, 5, 2, 10, 0, 10][(step / 10_000) as usize];
        let at = match step % 3 {
            0 => model.len(),
            1 if step % 2 == 0 => 0,
            _ => rng.index(model.len() + 1),
        };
        if rng.below(10) < inserts {
            row.insert(at, step);
            model.insert(at, step);
        } else if at < model.len() {
            assert_eq!(row.remove(at), model.remove(at));
        }
        if at < model.len() {
            row.set(at, step);
            model[at] = step;
        }
        assert_eq!(row.get(at), model.get(at).copied());
        if step % 500 == 0 {
            check(&row, &model);
            let (from, to) = (rng.index(model.len() + 1), rng.index(model.len() + 1));
            let expected = model.get(from..to).unwrap_or_default();
            assert!(row.range(from..to).eq(expected.iter().copied()));
            assert!(row.range(from..to).rev().eq(expected.iter().rev().copied()));
        }
    }
    check(&row, &model);
    // From both ends at once, until they meet.
    let mut iter = row.range(3..model.len() - 5);
    let mut expected = model[3..model.len() - 5].iter().copied();
    while expected.len() > 0 {
        assert_eq!(iter.len(), expected.len());
        if rng.below(2) == 0 {
            assert_eq!(iter.next(), expected.next());
        } else {
            assert_eq!(iter.next_back(), expected.next_back());
        }
    }
    assert_eq!((iter.next(), iter.next_back()), (None, None));
    while row.len > 0 {
        row.remove(rng.index(row.len));
    }
    check(&row, &[]);
}

#[test]
fn finds_where_a_predicate_turns() {
    for len in [0, 1, 63, 64, 65, 200, 5000] {
        let mut row = Sequence::new();
        (0..len).for_each(|n| row.insert(n as usize, n));
        for turn in (0..=len).step_by(7).chain([len]) {
            assert_eq!(row.partition_point(|n| *n < turn), turn as usize);
        }
    }
}

#[test]
fn items_in_order_fill_their_leaves() {
    let mut row = Sequence::new();
    (0..64 * 64).for_each(|n| row.insert(n as usize, n));
    let Node::Inner(children) = &row.root else {
        unreachable!("too many for a leaf")
    };
    assert!(children.iter().all(|child| child.count == 64));
}
