//! A stable sort whose one body serves all types: std's is made anew for each, of up to 20 kB.
use std::cmp::Ordering;

/// Sorts by `compare`; what is equal stays in its order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order = order_of(items.len(), &mut |a, b| {
        compare(&items[a as usize], &items[b as usize]) == Ordering::Greater
    });
    // Each cycle of places is walked once.
    for first in 0..order.len() {
        let mut at = first;
        loop {
            let from = order[at] as usize;
            order[at] = at as u32;
            if from == first {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key that costs nothing to make.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The places of `len` items in their order, at most 2^32 of them: runs are merged, twice as long each time.
#[inline(never)]
fn order_of(len: usize, is_after: &mut dyn FnMut(u32, u32) -> bool) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    let mut merged = Vec::with_capacity(len);
    let mut width = 1;
    while width < len {
        merged.clear();
        for run in order.chunks(2 * width) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            while let (&[a, ref left_rest @ ..], &[b, ref right_rest @ ..]) = (left, right) {
                if is_after(a, b) {
                    merged.push(b);
                    right = right_rest;
                } else {
                    merged.push(a);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }

    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn it_sorts_as_std_does() {
        let mut rng = Rng::new(7);
        for len in (0..70).chain([1000, 1023, 1024, 1025]) {
            for range in [2, 10, 1 << 40] {
                let items = (0..len).map(|i| (rng.below(range), i, format!("{i}")));
                let mut sorted: Vec<_> = items.collect();
                let mut expected = sorted.clone();
                expected.sort_by_key(|item| item.0);
                sort_by_key(&mut sorted, |item| item.0);
                assert_eq!(sorted, expected);
                expected.sort_by_key(|item| std::cmp::Reverse(item.0));
                sort_by(&mut sorted, |a, b| b.0.cmp(&a.0));
                assert_eq!(sorted, expected);
            }
        }
    }
}
