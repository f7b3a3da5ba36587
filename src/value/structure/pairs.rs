//! A listpack whose entries belong together by twos: fields and values, members and scores.
use super::listpack::{Entry, Iter, ListPack};

/// Walks the pairs from either end.
#[derive(Clone)]
pub struct Pairs<'a> {
    entries: Iter<'a>,
}

impl<'a> Pairs<'a> {
    /// All pairs of `list`, which must hold an even number of entries.
    pub fn of(list: &'a ListPack) -> Self {
        Pairs {
            entries: list.iter(),
        }
    }

    /// The pairs from the one at `index` on.
    pub fn from(list: &'a ListPack, index: usize) -> Option<Self> {
        let position = list.seek(2 * index)?;

        Some(Pairs {
            entries: list.iter_from(position),
        })
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Entry<'a>, Entry<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.entries.next()?;

        Some((first, self.entries.next()?))
    }
}

impl DoubleEndedIterator for Pairs<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let second = self.entries.next_back()?;

        Some((self.entries.next_back()?, second))
    }
}
