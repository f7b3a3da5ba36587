//! A dense row of slots, addressed by u32, in segments of fixed size. Growth copies nothing but the
//! first segment, so no push is slow, and a short row takes no more than it needs. Clones share
//! their segments until one of them is changed, so a clone is one pointer for each.
//! Invariants: all segments but the last are full; behind the last item of it stand defaults.

use std::rc::Rc;

use super::{allocated_if_any, allocated_shared};

const BITS: u32 = 9;
const SEGMENT: usize = 1 << BITS;
const FIRST_MIN: usize = 4;

#[derive(Clone, Debug)]
pub struct Segments<T> {
    segments: Vec<Rc<[T]>>,
    len: u32,
}

impl<T: Clone + Default> Segments<T> {
    pub const fn new() -> Segments<T> {
        Segments {
            segments: Vec::new(),
            len: 0,
        }
    }

    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    #[inline]
    pub fn get(&self, index: u32) -> &T {
        &self.segments[(index >> BITS) as usize][index as usize % SEGMENT]
    }

    #[inline]
    pub fn get_mut(&mut self, index: u32) -> &mut T {
        let segment = &mut self.segments[(index >> BITS) as usize];

        &mut Rc::make_mut(segment)[index as usize % SEGMENT]
    }

    pub fn push(&mut self, item: T) -> u32 {
        let index = self.len;
        assert!(index < u32::MAX - 1, "segments are addressed by u32");
        let offset = index as usize % SEGMENT;
        if offset == 0 {
            // Only the first segment may stay small for ever, so only it starts small.
            let size = if index == 0 { FIRST_MIN } else { SEGMENT };
            self.segments.push(defaults(size));
        } else if self.segments.len() == 1 && offset == self.segments[0].len() {
            let mut grown = defaults(2 * offset);
            let slots = Rc::make_mut(&mut grown);
            for (to, from) in slots.iter_mut().zip(Rc::make_mut(&mut self.segments[0])) {
                *to = std::mem::take(from);
            }
            self.segments[0] = grown;
        }
        self.len += 1;
        *self.get_mut(index) = item;

        index
    }

    pub fn pop(&mut self) -> Option<T> {
        let last = self.len.checked_sub(1)?;
        let item = std::mem::take(self.get_mut(last));
        self.len = last;
        if (last as usize).is_multiple_of(SEGMENT) {
            self.segments.pop();
        }

        Some(item)
    }

    /// Takes the item at `index` out and moves the last one into its place.
    pub fn swap_remove(&mut self, index: u32) -> T {
        let last = self
            .pop()
            .expect("the index is in the row, so it is not empty");
        if index == self.len {
            return last;
        }

        std::mem::replace(self.get_mut(index), last)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments
            .iter()
            .flat_map(|segment| &**segment)
            .take(self.len as usize)
    }

    pub fn memory_bytes(&self) -> usize {
        let of = |slots: usize| allocated_shared(slots * size_of::<T>());
        let first = self.segments.first().map_or(0, |segment| of(segment.len()));

        first
            + self.segments.len().saturating_sub(1) * of(SEGMENT)
            + allocated_if_any(self.segments.capacity() * size_of::<Rc<[T]>>())
    }
}

fn defaults<T: Clone + Default>(size: usize) -> Rc<[T]> {
    (0..size).map(|_| T::default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_vec_and_leaves_its_clones_alone() {
        let (mut row, mut model) = (Segments::new(), Vec::new());
        for n in 0..3000u32 {
            assert_eq!(row.push(n), n);
            model.push(n);
        }
        let (before, expected) = (row.clone(), model.clone());
        for n in (0..2900).rev().step_by(3) {
            assert_eq!(row.swap_remove(n), model.swap_remove(n as usize));
            *row.get_mut(n / 2) += 1;
            model[n as usize / 2] += 1;
        }
        assert!(row.iter().eq(&model) && row.len() as usize == model.len());
        assert!(before.iter().eq(&expected));
        while row.pop().is_some() {}
        assert!(row.segments.is_empty() && before.iter().eq(&expected));
    }
}
