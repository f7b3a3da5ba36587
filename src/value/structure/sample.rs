//! Draws of positions, for the commands that answer random members.
use crate::base::rng::Rng;
use crate::base::sort::sort_by_key;

/// Below this share of the whole, drawing again what was drawn already costs less than a pass.
const DENSE: usize = 3;

/// `count` different positions below `len`, or all of them; in ascending order, every choice as likely as
/// any other.
pub fn distinct(len: usize, count: usize, rng: &mut Rng) -> Vec<usize> {
    let mut left = count.min(len);
    if left > len / DENSE {
        let mut drawn = Vec::with_capacity(left);
        for position in 0..len {
            // Knuth's selection sampling: taken with the chance that it is among those still needed.
            if rng.index(len - position) < left {
                drawn.push(position);
                left -= 1;
            }
        }
        return drawn;
    }
    let mut drawn = Vec::with_capacity(left);
    while drawn.len() < left {
        drawn.extend((drawn.len()..left).map(|_| rng.index(len)));
        sort_by_key(&mut drawn, |position| *position);
        drawn.dedup();
    }

    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_position_is_as_likely() {
        let mut rng = Rng::new(5);
        for count in [2, 7] {
            let mut hits = [0usize; 10];
            for _ in 0..10_000 {
                let drawn = distinct(10, count, &mut rng);
                assert!(drawn.len() == count && drawn.is_sorted_by(|a, b| a < b));
                drawn.iter().for_each(|position| hits[*position] += 1);
            }
            let expected = 1000 * count;
            assert!(hits.iter().all(|n| n.abs_diff(expected) < 200), "{hits:?}");
        }
        assert_eq!(distinct(3, 9, &mut rng), [0, 1, 2]);
        assert!(distinct(0, 2, &mut rng).is_empty());
    }
}
