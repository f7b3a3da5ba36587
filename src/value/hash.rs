//! Fields and their values, each a byte string.
//!
//! Few and short ones are packed, in the order in which they came; else they stand in a hash table.
//! Invariant: a packed hash is within the limits that its last change was given.
use std::borrow::Cow;

use super::Limits;
use super::structure::either::Either;
use super::structure::listpack::{Entry, ListPack};
use super::structure::pairs::Pairs;
use super::structure::sample;
use super::structure::table::Table;
use crate::base::rng::Rng;

/// Redis: a listpack grows to this size and no further, whatever the settings.
const PACKED_BYTES_MAX: usize = 1 << 30;

/// A field and its value.
pub type FieldValue<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

#[derive(Clone, Debug)]
pub struct Hash {
    encoding: Encoding,
}

#[derive(Clone, Debug)]
enum Encoding {
    Packed(ListPack),
    Table(Box<Table>),
}

impl Default for Hash {
    fn default() -> Self {
        Hash {
            encoding: Encoding::Packed(ListPack::new()),
        }
    }
}

impl Hash {
    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Packed(_) => "listpack",
            Encoding::Table(_) => "hashtable",
        }
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(list) => list.memory_bytes(),
            Encoding::Table(table) => table.memory_bytes(),
        }
    }

    /// Drops about `items` of what is in a hash that is not to be used again; answers whether something is left.
    pub(super) fn discard(&mut self, items: usize) -> bool {
        match &mut self.encoding {
            Encoding::Packed(_) => false,
            Encoding::Table(table) => table.discard(items),
        }
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(list) => list.len() / 2,
            Encoding::Table(table) => table.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, field: &[u8]) -> Option<Cow<'_, [u8]>> {
        match &self.encoding {
            Encoding::Packed(list) => {
                let position = list.next(list.find(field, 2)?)?;
                Some(list.entry(position).text())
            }
            Encoding::Table(table) => table.get(field).map(Cow::Borrowed),
        }
    }

    pub fn contains(&self, field: &[u8]) -> bool {
        match &self.encoding {
            Encoding::Packed(list) => list.find(field, 2).is_some(),
            Encoding::Table(table) => table.contains(field),
        }
    }

    /// Gives `field` this value; answers whether it is new.
    pub fn insert(&mut self, field: &[u8], value: &[u8], limits: &Limits) -> bool {
        if let Encoding::Packed(list) = &self.encoding {
            let bytes = list.bytes_len() + field.len() + value.len();
            let long = field.len().max(value.len()) > limits.hash_max_listpack_value;
            if long || bytes > PACKED_BYTES_MAX {
                self.unpack(limits);
            }
        }
        let new = match &mut self.encoding {
            Encoding::Packed(list) => insert_packed(list, field, value),
            Encoding::Table(table) => table.insert(field, value),
        };
        let packed = matches!(self.encoding, Encoding::Packed(_));
        if packed && self.len() > limits.hash_max_listpack_entries {
            self.unpack(limits);
        }

        new
    }

    /// Answers whether the field was there.
    pub fn remove(&mut self, field: &[u8]) -> bool {
        match &mut self.encoding {
            Encoding::Packed(list) => {
                let found = list.find(field, 2);
                found.is_some_and(|position| list.remove_at(position, 2) > 0)
            }
            Encoding::Table(table) => table.remove(field).is_some(),
        }
    }

    /// Fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = FieldValue<'_>> {
        self.iter_from(0)
    }

    /// As `iter`, from a position on.
    pub fn iter_from(&self, position: usize) -> impl Iterator<Item = FieldValue<'_>> {
        match &self.encoding {
            Encoding::Packed(list) => {
                let texts = |(field, value): (_, _)| both(field, value);
                Either::Left(Pairs::of(list).skip(position).map(texts))
            }
            Encoding::Table(table) => {
                let pairs = (position..table.len()).filter_map(|position| table.at(position));
                Either::Right(pairs.map(|(field, value)| borrowed(field, value)))
            }
        }
    }

    /// One step of a scan: shows the fields behind `cursor`, answers the next one, 0 at the end.
    pub fn scan(&self, cursor: u64, mut show: impl FnMut(&[u8], &[u8])) -> u64 {
        match &self.encoding {
            // Redis: what is packed is few, and shown at once whatever the cursor.
            Encoding::Packed(_) => {
                self.iter().for_each(|(field, value)| show(&field, &value));
                0
            }
            Encoding::Table(table) => table.scan(cursor, |field, value| show(field, value)),
        }
    }

    /// `count` random draws, of which some may be the same field; none from an empty hash.
    pub fn random(&self, count: usize, rng: &mut Rng) -> Vec<FieldValue<'_>> {
        if self.is_empty() {
            return Vec::new();
        }
        match &self.encoding {
            Encoding::Packed(_) => {
                let all: Vec<_> = self.iter().collect();
                let draw = |_| all[rng.index(all.len())].clone();
                (0..count).map(draw).collect()
            }
            Encoding::Table(table) => {
                let draw = |_| {
                    table
                        .random(rng)
                        .map(|(field, value)| borrowed(field, value))
                };
                (0..count).filter_map(draw).collect()
            }
        }
    }

    /// `count` different random fields, or all there are.
    pub fn random_distinct(&self, count: usize, rng: &mut Rng) -> Vec<FieldValue<'_>> {
        let drawn = sample::distinct(self.len(), count, rng);
        match &self.encoding {
            Encoding::Packed(_) => {
                let all: Vec<_> = self.iter().collect();
                drawn
                    .iter()
                    .map(|position| all[*position].clone())
                    .collect()
            }
            Encoding::Table(table) => {
                let at = |position: &usize| {
                    table
                        .at(*position)
                        .map(|(field, value)| borrowed(field, value))
                };
                drawn.iter().filter_map(at).collect()
            }
        }
    }

    /// The bytes of a packed hash, as RDB and DUMP hold them.
    pub fn as_listpack_bytes(&self) -> Option<&[u8]> {
        match &self.encoding {
            Encoding::Packed(list) => Some(list.as_bytes()),
            Encoding::Table(_) => None,
        }
    }

    /// Takes what `as_listpack_bytes` gave, or a file holds; `None` unless all of it is valid.
    pub fn from_listpack_bytes(bytes: &[u8], limits: &Limits) -> Option<Self> {
        let list = ListPack::from_bytes(bytes)?;
        let mut seen = Table::new(limits.seed);
        let distinct = Pairs::of(&list).all(|(field, _)| seen.insert(&field.text(), &[]));
        if !distinct || !list.len().is_multiple_of(2) {
            return None;
        }
        let mut hash = Hash {
            encoding: Encoding::Packed(list),
        };
        if hash.len() > limits.hash_max_listpack_entries {
            hash.unpack(limits);
        }

        Some(hash)
    }

    pub(super) fn as_pack(&self) -> Option<&ListPack> {
        match &self.encoding {
            Encoding::Packed(list) => Some(list),
            Encoding::Table(_) => None,
        }
    }

    /// What `as_pack` answered of a hash.
    pub(super) fn from_pack(list: ListPack) -> Self {
        Hash {
            encoding: Encoding::Packed(list),
        }
    }

    /// Redis: a hash that has become a table stays one.
    fn unpack(&mut self, limits: &Limits) {
        let mut table = Table::new(limits.seed);
        for (field, value) in self.iter() {
            table.insert(&field, &value);
        }
        self.encoding = Encoding::Table(Box::new(table));
    }
}

fn insert_packed(list: &mut ListPack, field: &[u8], value: &[u8]) -> bool {
    if let Some(position) = list.find(field, 2) {
        let position = list.next(position).expect("entries come in pairs");
        list.replace_at(position, value);
        return false;
    }
    list.push_back(field);
    list.push_back(value);

    true
}

fn both<'a>(field: Entry<'a>, value: Entry<'a>) -> FieldValue<'a> {
    (field.text(), value.text())
}

fn borrowed<'a>(field: &'a [u8], value: &'a [u8]) -> FieldValue<'a> {
    (Cow::Borrowed(field), Cow::Borrowed(value))
}

#[cfg(test)]
mod tests;
