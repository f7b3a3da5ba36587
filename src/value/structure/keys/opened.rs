//! Small collections that were changed lately: they stand in boxes for a while, so that what is changed again and again
//! is not made dense each time.
//! Invariant: every record here is in use, its value in a box.
#![allow(unsafe_code)]
use std::collections::VecDeque;

use super::Table;
use super::payload::Payload;
use super::record::Record;

/// So many stay open.
const OPEN: usize = 32;
/// No more than these are opened: while nothing may move, none is closed.
const OPEN_MAX: usize = 1024;
/// Closed at once, at most.
const SLICE: usize = 64;

#[derive(Debug)]
pub(super) struct Opened {
    /// In the order in which they were opened.
    records: VecDeque<Record>,
}

impl Opened {
    pub const fn new() -> Self {
        Opened {
            records: VecDeque::new(),
        }
    }

    pub fn has_room(&self) -> bool {
        self.records.len() < OPEN_MAX
    }

    pub fn push(&mut self, record: Record) {
        self.records.push_back(record);
    }

    /// The record's box is taken out.
    pub fn forget(&mut self, record: Record) {
        self.records.retain(|opened| *opened != record);
    }

    /// The record, with its box, has moved.
    pub fn rename(&mut self, old: Record, new: Record) {
        if let Some(record) = self.records.iter_mut().find(|record| **record == old) {
            *record = new;
        }
    }

    fn pop(&mut self) -> Option<Record> {
        if self.records.len() > OPEN {
            self.records.pop_front()
        } else {
            None
        }
    }
}

impl Table {
    /// Makes some of what was opened long ago dense again. Records move: not while somebody walks over them.
    #[inline]
    pub fn close_opened(&mut self) {
        for _ in 0..SLICE {
            let Some(record) = self.opened.pop() else {
                return;
            };
            self.close(record);
        }
    }

    fn close(&mut self, record: Record) {
        // SAFETY: by the invariant it has a box, and the table is borrowed for changes.
        let Some(payload) = Payload::dense(unsafe { record.boxed_mut() }) else {
            return;
        };
        // SAFETY: the record is in use.
        let key = unsafe { record.key() };
        let Some(mut place) = self.find(self.hash(key), key) else {
            return;
        };
        // SAFETY: its value is boxed, and it is written anew.
        drop(unsafe { self.unbox(record) });
        self.rewrite(&mut place, record.expires(), payload);
    }
}
