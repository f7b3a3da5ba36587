//! Members with scores, in the order of score and then of bytes; each place in it is a rank.
//!
//! Few and short ones are packed in order; else a table finds the member and a tree its rank.
//! Invariants: scores are never NaN; what is packed is within the limits of its last change.
mod packed;
mod range;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use packed::Packed;
pub use range::{LexBound, LexRange, ScoreRange};

use super::Limits;
use super::structure::either::Either;
use super::structure::listpack::ListPack;
use super::structure::ranked::Ranked;
use super::structure::sample;
use crate::base::number;
use crate::base::rng::Rng;

/// A member and its score.
pub type Scored<'a> = (Cow<'a, [u8]>, f64);

#[derive(Clone, Debug)]
pub struct ZSet {
    encoding: Encoding,
}

#[derive(Clone, Debug)]
enum Encoding {
    Packed(Packed),
    Indexed(Box<Ranked>),
}

impl Default for ZSet {
    fn default() -> Self {
        ZSet {
            encoding: Encoding::Packed(Packed::default()),
        }
    }
}

impl ZSet {
    /// An empty set that is not packed, for many members; `pack` if they should be few.
    /// Redis: on the way through a listpack, `-0` would lose its sign.
    pub fn unpacked(limits: &Limits) -> Self {
        ZSet {
            encoding: Encoding::Indexed(Box::new(Ranked::new(limits.seed))),
        }
    }

    /// Packs a set that keeps to the limits.
    pub fn pack(&mut self, limits: &Limits) {
        let Encoding::Indexed(ranked) = &self.encoding else {
            return;
        };
        if ranked.len() > limits.zset_max_listpack_entries {
            return;
        }
        let mut packed = Packed::default();
        for (member, score) in ranked.iter() {
            if !packed.admits(member, limits) {
                return;
            }
            packed.push(member, score);
        }
        self.encoding = Encoding::Packed(packed);
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Packed(_) => "listpack",
            Encoding::Indexed(_) => "skiplist",
        }
    }

    /// Drops about `items` of what is in a set that is not to be used again; answers whether something is left.
    pub(super) fn discard(&mut self, items: usize) -> bool {
        match &mut self.encoding {
            Encoding::Packed(_) => false,
            Encoding::Indexed(ranked) => ranked.discard(items),
        }
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(packed) => packed.memory_bytes(),
            Encoding::Indexed(ranked) => ranked.memory_bytes(),
        }
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(packed) => packed.len(),
            Encoding::Indexed(ranked) => ranked.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn score(&self, member: &[u8]) -> Option<f64> {
        match &self.encoding {
            Encoding::Packed(packed) => packed.score(member),
            Encoding::Indexed(ranked) => ranked.score(member),
        }
    }

    /// How many members come before this one.
    pub fn rank(&self, member: &[u8]) -> Option<usize> {
        match &self.encoding {
            Encoding::Packed(packed) => packed.rank(member),
            Encoding::Indexed(ranked) => ranked.rank(member),
        }
    }

    /// Gives `member` this score, which must not be NaN; answers the one that it had.
    pub fn insert(&mut self, member: &[u8], score: f64, limits: &Limits) -> Option<f64> {
        if let Encoding::Packed(packed) = &mut self.encoding {
            let old = packed.score(member);
            if old.is_some() || packed.admits(member, limits) {
                packed.insert(member, score);
                return old;
            }
        }

        self.index(limits).insert(member, score)
    }

    /// Removes `member`; answers the score that it had.
    pub fn remove(&mut self, member: &[u8]) -> Option<f64> {
        match &mut self.encoding {
            Encoding::Packed(packed) => packed.remove(member),
            Encoding::Indexed(ranked) => ranked.remove(member),
        }
    }

    /// Removes the members of a range of ranks; answers how many there were.
    pub fn remove_ranks(&mut self, ranks: Range<usize>) -> usize {
        let ranks = ranks.start..ranks.end.min(self.len());
        match &mut self.encoding {
            Encoding::Packed(packed) => packed.remove_ranks(&ranks),
            Encoding::Indexed(ranked) => ranks.clone().for_each(|_| {
                ranked.remove_rank(ranks.start);
            }),
        }

        ranks.len()
    }

    /// Removes the member with the lowest score.
    pub fn pop_first(&mut self) -> Option<(Vec<u8>, f64)> {
        self.pop(0)
    }

    /// Removes the member with the highest score.
    pub fn pop_last(&mut self) -> Option<(Vec<u8>, f64)> {
        self.pop(self.len().checked_sub(1)?)
    }

    fn pop(&mut self, rank: usize) -> Option<(Vec<u8>, f64)> {
        let (member, score) = self.range(rank..rank + 1).next()?;
        let member = member.into_owned();
        self.remove_ranks(rank..rank + 1);

        Some((member, score))
    }

    /// The members of a range of ranks, from either end; what is past the end is left out.
    pub fn range(&self, ranks: Range<usize>) -> impl DoubleEndedIterator<Item = Scored<'_>> {
        match &self.encoding {
            Encoding::Packed(packed) => Either::Left(packed.range(ranks).into_iter()),
            Encoding::Indexed(ranked) => Either::Right(ranked.range(ranks).map(borrowed)),
        }
    }

    /// All members in order, from either end.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Scored<'_>> {
        self.range(0..self.len())
    }

    /// The ranks of the members whose scores are in `range`.
    pub fn ranks_by_score(&self, range: &ScoreRange) -> Range<usize> {
        let (below, up_to) = (
            |score| range.is_after(score),
            |score| range.ends_after(score),
        );
        match &self.encoding {
            Encoding::Packed(packed) => ordered(
                packed.count_while(|_, score| below(score)),
                packed.count_while(|_, score| up_to(score)),
            ),
            Encoding::Indexed(ranked) => {
                ordered(ranked.rank_by_score(below), ranked.rank_by_score(up_to))
            }
        }
    }

    /// The ranks of the members that are in `range`; it means nothing where scores differ.
    pub fn ranks_by_lex(&self, range: &LexRange) -> Range<usize> {
        let below = |member: &[u8]| range.is_after(member);
        let up_to = |member: &[u8]| range.ends_after(member);
        match &self.encoding {
            Encoding::Packed(packed) => ordered(
                packed.count_while(|member, _| below(&member.text())),
                packed.count_while(|member, _| up_to(&member.text())),
            ),
            Encoding::Indexed(ranked) => {
                ordered(ranked.rank_by_member(below), ranked.rank_by_member(up_to))
            }
        }
    }

    /// One step of a scan: shows the members behind `cursor` with their scores as text, answers the
    /// next cursor, 0 at the end. Redis: what is packed is shown at once, a score as it is kept.
    pub fn scan(&self, cursor: u64, mut show: impl FnMut(&[u8], &[u8])) -> u64 {
        match &self.encoding {
            Encoding::Packed(packed) => {
                packed
                    .texts()
                    .for_each(|(member, score)| show(&member, &score));
                0
            }
            Encoding::Indexed(ranked) => ranked.scan(cursor, |member, score| {
                show(member, number::format_f64(score).as_bytes());
            }),
        }
    }

    /// `count` random draws, of which some may be the same member; none from an empty set.
    pub fn random(&self, count: usize, rng: &mut Rng) -> Vec<Scored<'_>> {
        match &self.encoding {
            Encoding::Packed(packed) => {
                let all = packed.range(0..usize::MAX);
                let draw = |_| (!all.is_empty()).then(|| all[rng.index(all.len())].clone());
                (0..count).map_while(draw).collect()
            }
            Encoding::Indexed(ranked) => {
                let draw = |_| ranked.random(rng).map(borrowed);
                (0..count).map_while(draw).collect()
            }
        }
    }

    /// `count` different random members, or all there are.
    pub fn random_distinct(&self, count: usize, rng: &mut Rng) -> Vec<Scored<'_>> {
        let drawn = sample::distinct(self.len(), count, rng);
        match &self.encoding {
            Encoding::Packed(packed) => {
                let all = packed.range(0..usize::MAX);
                drawn.iter().map(|rank| all[*rank].clone()).collect()
            }
            Encoding::Indexed(ranked) => {
                let at = |rank: &usize| ranked.by_rank(*rank).map(borrowed);
                drawn.iter().filter_map(at).collect()
            }
        }
    }

    /// The bytes of a packed set, as RDB and DUMP hold them.
    pub fn as_listpack_bytes(&self) -> Option<&[u8]> {
        match &self.encoding {
            Encoding::Packed(packed) => Some(packed.as_bytes()),
            Encoding::Indexed(_) => None,
        }
    }

    /// Takes what `as_listpack_bytes` gave, or a file holds; `None` unless all of it is valid.
    pub fn from_listpack_bytes(bytes: &[u8], limits: &Limits) -> Option<Self> {
        let packed = Packed::from_bytes(bytes, limits.seed)?;
        let mut zset = ZSet {
            encoding: Encoding::Packed(packed),
        };
        if zset.len() > limits.zset_max_listpack_entries {
            zset.index(limits);
        }

        Some(zset)
    }

    pub(super) fn as_pack(&self) -> Option<&ListPack> {
        match &self.encoding {
            Encoding::Packed(packed) => Some(packed.as_pack()),
            Encoding::Indexed(_) => None,
        }
    }

    /// What `as_pack` answered of a set.
    pub(super) fn from_pack(list: ListPack) -> Self {
        ZSet {
            encoding: Encoding::Packed(Packed::from_pack(list)),
        }
    }

    /// The index, made where there is none. Redis: a set that has it keeps it.
    fn index(&mut self, limits: &Limits) -> &mut Ranked {
        if let Encoding::Packed(packed) = &self.encoding {
            let mut ranked = Ranked::new(limits.seed);
            for (member, score) in packed.range(0..usize::MAX) {
                ranked.insert(&member, score);
            }
            self.encoding = Encoding::Indexed(Box::new(ranked));
        }
        match &mut self.encoding {
            Encoding::Indexed(ranked) => ranked,
            Encoding::Packed(_) => unreachable!("indexed above"),
        }
    }
}

fn borrowed((member, score): (&[u8], f64)) -> Scored<'_> {
    (Cow::Borrowed(member), score)
}

/// A range whose end does not come before its start.
fn ordered(start: usize, end: usize) -> Range<usize> {
    start..end.max(start)
}
