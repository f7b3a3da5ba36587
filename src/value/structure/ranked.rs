//! Members with scores, ordered by score and then by member: a table finds the member, a sequence of
//! 12-byte items keeps the order and knows the ranks. Members are kept once, in the table; an item
//! names its member by position there. Invariant: each position of the table is named by exactly one
//! item, with the same score. Scores are never NaN.

use std::ops::Range;

use super::sequence::Sequence;
use super::table::Table;
use crate::base::rng::Rng;

#[derive(Clone, Debug)]
pub struct Ranked {
    scores: Table,
    order: Sequence<Item>,
}

/// The score is kept as bytes: with the alignment of an f64 the item would take 16 bytes.
#[derive(Clone, Copy, Debug)]
struct Item {
    score: [u8; 8],
    position: u32,
}

impl Item {
    fn new(score: f64, position: u32) -> Item {
        Item {
            score: score.to_ne_bytes(),
            position,
        }
    }

    fn score(self) -> f64 {
        f64::from_ne_bytes(self.score)
    }
}

impl Ranked {
    pub const fn new(seed: u64) -> Ranked {
        Ranked {
            scores: Table::new(seed),
            order: Sequence::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.scores.len()
    }

    pub fn memory_bytes(&self) -> usize {
        self.scores.memory_bytes() + self.order.memory_bytes()
    }

    /// Drops up to `n` members of a set that is not to be used again, for a deletion in slices;
    /// false when nothing is left.
    pub fn discard(&mut self, n: usize) -> bool {
        self.order.discard(n) || self.scores.discard(n)
    }

    pub fn score(&self, member: &[u8]) -> Option<f64> {
        self.scores.get(member).map(score_of)
    }

    /// Gives `member` this score and returns the one it had. Redis: a score that is equal (0 and
    /// -0) is left alone.
    pub fn insert(&mut self, member: &[u8], score: f64) -> Option<f64> {
        assert!(!score.is_nan(), "the callers refuse NaN");
        let Some(old) = self.score(member) else {
            let rank = self.rank_before(score, member);
            self.scores.insert(member, &score.to_ne_bytes());
            self.order
                .insert(rank, Item::new(score, self.scores.len() as u32 - 1));
            return None;
        };
        if old != score {
            let mut item = self.order.remove(self.rank_before(old, member));
            item.score = score.to_ne_bytes();
            self.order.insert(self.rank_before(score, member), item);
            self.scores.insert(member, &score.to_ne_bytes());
        }
        Some(old)
    }

    /// Removes `member` and returns the score it had.
    pub fn remove(&mut self, member: &[u8]) -> Option<f64> {
        let score = self.score(member)?;
        self.remove_rank(self.rank_before(score, member))
    }

    /// Removes the member of this rank and returns its score.
    pub fn remove_rank(&mut self, rank: usize) -> Option<f64> {
        self.order.get(rank)?;
        let item = self.order.remove(rank);
        // The table moves its last member into the gap: the item of that one must follow.
        let last = self.scores.len() - 1;
        if item.position as usize != last {
            let (member, score) = self
                .scores
                .at(last)
                .expect("the last position is in the table");
            let score = score_of(score);
            let rank = self.rank_before(score, member);
            self.order.set(rank, Item::new(score, item.position));
        }
        self.scores.remove_at(item.position as usize);

        Some(item.score())
    }

    /// How many members come before this one.
    pub fn rank(&self, member: &[u8]) -> Option<usize> {
        self.score(member)
            .map(|score| self.rank_before(score, member))
    }

    pub fn by_rank(&self, rank: usize) -> Option<(&[u8], f64)> {
        self.order.get(rank).map(|item| self.pair(item))
    }

    /// The rank of the first member whose score `before` denies; it must hold for low scores only.
    pub fn rank_by_score(&self, before: impl Fn(f64) -> bool) -> usize {
        self.order.partition_point(|item| before(item.score()))
    }

    /// The rank of the first member that `before` denies; it must hold for a beginning of the order
    /// only, as it does for small members where all scores are equal.
    pub fn rank_by_member(&self, before: impl Fn(&[u8]) -> bool) -> usize {
        self.order
            .partition_point(|item| before(self.pair(*item).0))
    }

    /// The members of a range of ranks in order, or in reverse by `rev()`; what is past the end is
    /// left out.
    pub fn range(&self, ranks: Range<usize>) -> impl DoubleEndedIterator<Item = (&[u8], f64)> {
        self.order.range(ranks).map(|item| self.pair(item))
    }

    /// All members in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], f64)> {
        self.range(0..self.len())
    }

    /// A member, each as likely as any other.
    pub fn random(&self, rng: &mut Rng) -> Option<(&[u8], f64)> {
        self.scores
            .random(rng)
            .map(|(member, score)| (member, score_of(score)))
    }

    /// See `Table::scan`.
    pub fn scan(&self, cursor: u64, mut show: impl FnMut(&[u8], f64)) -> u64 {
        self.scores
            .scan(cursor, |member, score| show(member, score_of(score)))
    }

    #[inline]
    fn rank_before(&self, score: f64, member: &[u8]) -> usize {
        self.order.partition_point(|item| {
            let own = item.score();
            own < score || own == score && self.pair(*item).0 < member
        })
    }

    #[inline]
    fn pair(&self, item: Item) -> (&[u8], f64) {
        let (member, _) = self
            .scores
            .at(item.position as usize)
            .expect("items name positions");
        (member, item.score())
    }
}

/// The score that the table keeps for a member.
fn score_of(bytes: &[u8]) -> f64 {
    f64::from_ne_bytes(bytes.try_into().expect("a score is eight bytes"))
}

#[cfg(test)]
mod tests;
