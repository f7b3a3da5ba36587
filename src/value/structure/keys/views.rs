//! Values that records hold in a dense form, as they are read.
//!
//! A record is decoded when it is read, and what comes of it is kept until it is written, freed, or another one takes
//! its place. A value displaced is dropped when the table is next borrowed for changes: until then it may be in use.
//! Invariant: every pointer here is that of a box taken apart, and stands in one place.
#![allow(unsafe_code)]
use std::ptr::NonNull;

use super::Table;
use super::record::Record;
use crate::value::{Kind, Value};

/// How many are kept, each in a place of its own by its record's address.
const PLACES: usize = 32;

/// An owned value that may be referred to while it is moved about here.
#[derive(Debug)]
struct Shown(NonNull<Value>);

impl Shown {
    fn new(value: Box<Value>) -> Self {
        Shown(NonNull::from(Box::leak(value)))
    }

    fn into_box(self) -> Box<Value> {
        // SAFETY: `new` took the box apart, and forgetting `self` leaves no other owner.
        let value = unsafe { Box::from_raw(self.0.as_ptr()) };
        std::mem::forget(self);

        value
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // SAFETY: as in `into_box`; whoever drops it sees to it that nobody refers to the value.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

#[derive(Debug)]
pub(super) struct Views {
    /// Empty until the first one is kept.
    places: Vec<Option<(usize, Shown)>>,
    displaced: Vec<Shown>,
}

impl Views {
    pub const fn new() -> Self {
        Views {
            places: Vec::new(),
            displaced: Vec::new(),
        }
    }

    /// The value of a record, decoded by `open` where it is not here. It stays where it is until `forget`, `take` or
    /// `settle`.
    pub fn show(&mut self, record: Record, open: impl FnOnce() -> Value) -> NonNull<Value> {
        let (at, place) = place_of(record);
        if let Some(Some((shown, value))) = self.places.get(place)
            && *shown == at
        {
            return value.0;
        }
        let value = Shown::new(Box::new(open()));
        let shown = value.0;
        let displaced = self.put(at, place, value);
        self.displaced.extend(displaced);

        shown
    }

    fn put(&mut self, at: usize, place: usize, value: Shown) -> Option<Shown> {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, || None);
        }

        self.places[place].replace((at, value)).map(|(_, old)| old)
    }

    /// Takes out the value of a record that is to be written or freed. Nobody refers to any value here.
    pub fn take(&mut self, record: Record) -> Option<Box<Value>> {
        let (at, place) = place_of(record);
        let held = self.places.get_mut(place)?;

        held.take_if(|(shown, _)| *shown == at)
            .map(|(_, value)| value.into_box())
    }

    /// Drops what was displaced. Nobody refers to any value here.
    pub fn settle(&mut self) {
        self.displaced.clear();
    }
}

impl Table {
    /// Drops what only reads had need of: between calls.
    #[inline]
    pub fn settle(&mut self) {
        self.views.get_mut().settle();
    }

    /// The dense value of a record, decoded.
    #[cold]
    pub(super) fn show(&self, record: Record, kind: Kind) -> &Value {
        // SAFETY: the record is in use, and its value dense.
        let open = || unsafe { record.open(kind) };
        let shown = self.views.borrow_mut().show(record, open);
        // SAFETY: what is shown is dropped, or taken to be changed, by methods that borrow the table for changes alone.
        unsafe { shown.as_ref() }
    }

    /// What is shown of the record is not what it holds any more.
    pub(super) fn forget(&mut self, record: Record) {
        if record.dense_kind().is_some() {
            self.views.get_mut().take(record);
        }
    }
}

fn place_of(record: Record) -> (usize, usize) {
    let at = record.address();

    (at, (at >> 3).wrapping_mul(0x9e37_79b1) >> 16 & (PLACES - 1))
}
