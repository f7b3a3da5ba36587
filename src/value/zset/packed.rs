//! A sorted set in one listpack: member, score, member, score, in order.
//!
//! Redis: a whole score is kept as a number, so the sign of `-0` is lost here and nowhere else.
//! Invariant: pairs are in order, members distinct, scores are numbers.
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::Scored;
use crate::base::number;
use crate::value::Limits;
use crate::value::structure::listpack::{Entry, ListPack, Position};
use crate::value::structure::pairs::Pairs;
use crate::value::structure::table::Table;

/// Redis: a listpack grows to this size and no further, whatever the settings.
const BYTES_MAX: usize = 1 << 30;
/// Redis: whole scores up to here, either way, are written as integers.
const WHOLE_MAX: f64 = (1u64 << 62) as f64;

#[derive(Clone, Debug, Default)]
pub(super) struct Packed {
    list: ListPack,
}

impl Packed {
    pub fn len(&self) -> usize {
        self.list.len() / 2
    }

    pub fn memory_bytes(&self) -> usize {
        self.list.memory_bytes()
    }

    pub fn as_pack(&self) -> &ListPack {
        &self.list
    }

    /// What `as_pack` answered.
    pub fn from_pack(list: ListPack) -> Self {
        Packed { list }
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.list.as_bytes()
    }

    /// Takes bytes that nobody has checked.
    pub fn from_bytes(bytes: &[u8], seed: u64) -> Option<Self> {
        let list = ListPack::from_bytes(bytes)?;
        let mut seen = Table::new(seed);
        let mut before: Option<Scored> = None;
        let mut pairs = Pairs::of(&list);
        let valid = pairs.all(|(member, score)| {
            let Some(score) = parse(score) else {
                return false;
            };
            let pair = (member.text(), score);
            let in_order = before.as_ref().is_none_or(|before| precedes(before, &pair));
            let new = seen.insert(&pair.0, &[]);
            before = Some(pair);
            in_order && new
        });

        (valid && list.len().is_multiple_of(2)).then_some(Packed { list })
    }

    /// Whether one more member, this one, keeps to the limits.
    pub fn admits(&self, member: &[u8], limits: &Limits) -> bool {
        self.len() < limits.zset_max_listpack_entries
            && member.len() <= limits.zset_max_listpack_value
            && self.list.bytes_len() + member.len() <= BYTES_MAX
    }

    pub fn score(&self, member: &[u8]) -> Option<f64> {
        self.find(member).map(|(_, score)| score)
    }

    pub fn rank(&self, member: &[u8]) -> Option<usize> {
        Pairs::of(&self.list).position(|(held, _)| held.is(member))
    }

    pub fn insert(&mut self, member: &[u8], score: f64) {
        if let Some((position, old)) = self.find(member) {
            if old == score {
                return;
            }
            self.list.remove_at(position, 2);
        }
        let pair = (member.into(), score);
        let rank = self.count_while(|held, score| precedes(&(held.text(), score), &pair));
        match self.list.seek(2 * rank) {
            None => self.push(member, score),
            Some(position) => {
                self.list.insert_at(position, text(score).as_bytes());
                self.list.insert_at(position, member);
            }
        }
    }

    /// Adds a member that comes after all others.
    pub fn push(&mut self, member: &[u8], score: f64) {
        self.list.push_back(member);
        self.list.push_back(text(score).as_bytes());
    }

    pub fn remove(&mut self, member: &[u8]) -> Option<f64> {
        let (position, score) = self.find(member)?;
        self.list.remove_at(position, 2);

        Some(score)
    }

    pub fn remove_ranks(&mut self, ranks: &Range<usize>) {
        self.list.remove(2 * ranks.start, 2 * ranks.len());
    }

    /// The members of a range of ranks.
    pub fn range(&self, ranks: Range<usize>) -> Vec<Scored<'_>> {
        let pairs = Pairs::from(&self.list, ranks.start);
        let pairs = pairs.into_iter().flatten().take(ranks.len());

        pairs
            .map(|(member, score)| (member.text(), checked(score)))
            .collect()
    }

    /// Members and scores as they are kept.
    pub fn texts(&self) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
        Pairs::of(&self.list).map(|(member, score)| (member.text(), score.text()))
    }

    /// How many members at the beginning `holds` is true for.
    pub fn count_while(&self, mut holds: impl FnMut(Entry, f64) -> bool) -> usize {
        Pairs::of(&self.list)
            .take_while(|(member, score)| holds(*member, checked(*score)))
            .count()
    }

    fn find(&self, member: &[u8]) -> Option<(Position, f64)> {
        let position = self.list.find(member, 2)?;
        let score = self.list.next(position)?;

        Some((position, checked(self.list.entry(score))))
    }
}

/// By score, then by bytes.
fn precedes(a: &Scored, b: &Scored) -> bool {
    let by_score = a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal);

    by_score.then_with(|| a.0.cmp(&b.0)) == Ordering::Less
}

fn checked(score: Entry) -> f64 {
    parse(score).expect("scores were checked when they came in")
}

fn parse(score: Entry) -> Option<f64> {
    match score {
        Entry::Int(score) => Some(score as f64),
        Entry::Bytes(text) => {
            let score = number::read_f64(text)?;
            (!score.is_nan()).then_some(score)
        }
    }
}

/// A score as Redis puts it into a listpack.
fn text(score: f64) -> String {
    if score.fract() == 0.0 && score.abs() <= WHOLE_MAX {
        number::format_i64(score as i64)
    } else {
        number::format_f64(score)
    }
}
