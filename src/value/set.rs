//! Unordered distinct byte strings: an `IntSet` as long as all are integers and not many, packed in a
//! listpack while few and short, then a table.
//!
//! Redis: only insertion converts, and never back. Packed sets came with Redis 7.2; the commands are
//! those of 7.0, to which such a set is a hashtable, so that is what it is called. Members have
//! positions that hold until the set changes.
use std::borrow::Cow;

use super::Limits;
use super::structure::either::Either;
use super::structure::intset::IntSet;
use super::structure::listpack::ListPack;
use super::structure::sample;
use super::structure::table::Table;
use crate::base::number;
use crate::base::rng::Rng;

/// Redis: an intset's own bound, whatever the setting says.
const INTSET_MAX: usize = 1 << 30;
/// Redis: taking out all but this fraction is done by picking those that stay.
const POP_BY_KEEPING: usize = 5;

/// Redis 7.2: `set-max-listpack-entries` and `set-max-listpack-value`.
const PACKED_MAX: usize = 128;
const PACKED_VALUE_MAX: usize = 64;

#[derive(Clone, Debug)]
enum Encoding {
    Ints(IntSet),
    Packed(ListPack),
    Table(Box<Table>),
}

#[derive(Clone, Debug)]
pub struct Set {
    encoding: Encoding,
}

impl Default for Set {
    fn default() -> Self {
        Set {
            encoding: Encoding::Ints(IntSet::new()),
        }
    }
}

impl Set {
    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Ints(_) => "intset",
            Encoding::Packed(_) | Encoding::Table(_) => "hashtable",
        }
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        match &self.encoding {
            Encoding::Ints(ints) => ints.memory_bytes(),
            Encoding::Packed(list) => list.memory_bytes(),
            Encoding::Table(table) => table.memory_bytes(),
        }
    }

    /// Drops about `items` of what is in a set that is not to be used again; answers whether something is left.
    pub(super) fn discard(&mut self, items: usize) -> bool {
        match &mut self.encoding {
            Encoding::Ints(_) | Encoding::Packed(_) => false,
            Encoding::Table(table) => table.discard(items),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        match &self.encoding {
            Encoding::Ints(ints) => ints.len(),
            Encoding::Packed(list) => list.len(),
            Encoding::Table(table) => table.len(),
        }
    }

    pub fn contains(&self, member: &[u8]) -> bool {
        match &self.encoding {
            Encoding::Ints(ints) => {
                number::parse_i64(member).is_some_and(|value| ints.contains(value))
            }
            Encoding::Packed(list) => list.find(member, 1).is_some(),
            Encoding::Table(table) => table.contains(member),
        }
    }

    /// All members; integers in ascending order, others in none.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, [u8]>> {
        self.iter_from(0)
    }

    /// As `iter`, from a position on.
    pub fn iter_from(&self, position: usize) -> impl Iterator<Item = Cow<'_, [u8]>> {
        match &self.encoding {
            Encoding::Packed(list) => {
                Either::Left(list.iter().skip(position).map(|entry| entry.text()))
            }
            _ => Either::Right((position..self.len()).map(|position| self.member(position))),
        }
    }

    /// One step of an SSCAN: shows the members behind `cursor`, answers the next one, 0 at the end.
    pub fn scan(&self, cursor: u64, mut show: impl FnMut(Cow<'_, [u8]>)) -> u64 {
        match &self.encoding {
            Encoding::Ints(_) | Encoding::Packed(_) => {
                self.iter().for_each(show);
                0
            }
            Encoding::Table(table) => table.scan(cursor, |member, _| show(Cow::Borrowed(member))),
        }
    }

    fn member(&self, position: usize) -> Cow<'_, [u8]> {
        let member = match &self.encoding {
            Encoding::Ints(ints) => ints.get(position).map(|value| text(value).into()),
            Encoding::Packed(list) => list.get(position).map(|entry| entry.text()),
            Encoding::Table(table) => table.at(position).map(|(member, _)| Cow::Borrowed(member)),
        };

        member.expect("the position is below the length")
    }
}

/// By chance: each member as likely as any other.
impl Set {
    pub fn random(&self, rng: &mut Rng) -> Option<Cow<'_, [u8]>> {
        (!self.is_empty()).then(|| self.member(rng.index(self.len())))
    }

    /// `count` different members, or all that there are.
    pub fn sample(&self, count: usize, rng: &mut Rng) -> Vec<Cow<'_, [u8]>> {
        if count >= self.len() {
            return self.iter().collect();
        }
        let chosen = sample::distinct(self.len(), count, rng);

        chosen.into_iter().map(|at| self.member(at)).collect()
    }

    /// Takes `count` members out, or all that there are.
    pub fn pop(&mut self, count: usize, limits: &Limits, rng: &mut Rng) -> Vec<Vec<u8>> {
        let remaining = self.len().saturating_sub(count);
        if remaining == 0 {
            let all = std::mem::take(self);
            return all.iter().map(Cow::into_owned).collect();
        }
        // Redis: what is left is then a set made anew, which may be an intset again.
        if remaining.saturating_mul(POP_BY_KEEPING) <= count {
            let mut kept = Set::default();
            for member in self.sample(remaining, rng) {
                kept.insert(&member, limits);
            }
            let old = std::mem::replace(self, kept);
            let is_out = |member: &Cow<'_, [u8]>| !self.contains(member);
            return old.iter().filter(is_out).map(Cow::into_owned).collect();
        }

        (0..count).map(|_| self.pop_one(rng)).collect()
    }

    fn pop_one(&mut self, rng: &mut Rng) -> Vec<u8> {
        let position = rng.index(self.len());
        match &mut self.encoding {
            Encoding::Ints(ints) => {
                let value = ints.get(position).expect("drawn below the length");
                ints.remove(value);
                text(value)
            }
            Encoding::Packed(list) => {
                let at = list.seek(position).expect("drawn below the length");
                let member = list.entry(at).to_vec();
                list.remove_at(at, 1);
                member
            }
            Encoding::Table(table) => {
                let taken = table.remove_at(position);
                taken.expect("drawn below the length").key().to_vec()
            }
        }
    }
}

/// Changes.
impl Set {
    /// Whether `member` is new.
    pub fn insert(&mut self, member: &[u8], limits: &Limits) -> bool {
        if let Encoding::Ints(ints) = &mut self.encoding {
            if let Some(value) = number::parse_i64(member) {
                let is_new = ints.insert(value);
                if ints.len() > limits.set_max_intset_entries.min(INTSET_MAX) {
                    self.leave_intset(0, limits);
                }
                return is_new;
            }
            self.leave_intset(member.len(), limits);
        }
        if let Encoding::Packed(list) = &mut self.encoding {
            if list.find(member, 1).is_some() {
                return false;
            }
            if list.len() < PACKED_MAX && member.len() <= PACKED_VALUE_MAX {
                list.push_back(member);
                return true;
            }
            self.encoding = self.to_table(limits);
        }
        match &mut self.encoding {
            Encoding::Table(table) => table.insert(member, &[]),
            _ => unreachable!("just made a table"),
        }
    }

    /// Whether `member` was there.
    pub fn remove(&mut self, member: &[u8]) -> bool {
        match &mut self.encoding {
            Encoding::Ints(ints) => {
                number::parse_i64(member).is_some_and(|value| ints.remove(value))
            }
            Encoding::Packed(list) => {
                let found = list.find(member, 1);
                found.is_some_and(|position| list.remove_at(position, 1) > 0)
            }
            Encoding::Table(table) => table.remove(member).is_some(),
        }
    }

    pub(super) fn as_pack(&self) -> Option<&ListPack> {
        match &self.encoding {
            Encoding::Packed(list) => Some(list),
            _ => None,
        }
    }

    /// What `as_pack` answered of a set.
    pub(super) fn from_pack(list: ListPack) -> Self {
        Set {
            encoding: Encoding::Packed(list),
        }
    }

    /// Integers become members like others, and one of `next` bytes is to come.
    fn leave_intset(&mut self, next: usize, limits: &Limits) {
        if self.len() >= PACKED_MAX || next > PACKED_VALUE_MAX {
            self.encoding = self.to_table(limits);
            return;
        }
        let mut list = ListPack::new();
        for member in self.iter() {
            list.push_back(&member);
        }
        self.encoding = Encoding::Packed(list);
    }

    fn to_table(&self, limits: &Limits) -> Encoding {
        let mut table = Table::new(limits.seed);
        for member in self.iter() {
            table.insert(&member, &[]);
        }

        Encoding::Table(Box::new(table))
    }
}

/// For RDB and DUMP.
impl Set {
    /// The intset's image; `None` where members are to be written one by one.
    pub fn as_intset_bytes(&self) -> Option<&[u8]> {
        match &self.encoding {
            Encoding::Ints(ints) => Some(ints.as_bytes()),
            _ => None,
        }
    }

    /// The set of an intset's image; `None` unless it is valid and not empty.
    pub fn from_intset_bytes(bytes: &[u8], limits: &Limits) -> Option<Set> {
        let mut set = Set {
            encoding: Encoding::Ints(IntSet::from_bytes(bytes)?),
        };
        if set.len() > limits.set_max_intset_entries {
            set.leave_intset(0, limits);
        }

        Some(set)
    }
}

fn text(value: i64) -> Vec<u8> {
    number::format_i64(value).into_bytes()
}

#[cfg(test)]
mod tests;
