//! Dropping a table, at once or in slices.
#![allow(unsafe_code)]
use super::arena::Spot;
use super::buckets::Buckets;
use super::due::Due;
use super::opened::Opened;
use super::{Table, Value};

/// A page costs about as much to drop as so many keys cost to look at.
const PAGE_WORK: usize = 8;

impl Drop for Table {
    fn drop(&mut self) {
        let mut at = Spot::default();
        self.drop_boxes(&mut at, usize::MAX, drop);
    }
}

impl Table {
    /// Empties records from `at` on, as long as any has a box; answers how many of `slots` are left to be looked at.
    fn drop_boxes(&mut self, at: &mut Spot, slots: usize, mut bury: impl FnMut(Value)) -> usize {
        let mut left = slots;
        while left > 0 && self.boxes > 0 {
            let Some((handle, behind)) = self.arena.slot_from(*at) else {
                break;
            };
            *at = behind;
            left -= 1;
            let record = self.record(handle);
            if !record.is_free() {
                self.empty(record).into_iter().for_each(&mut bury);
                record.set_free();
            }
        }

        left
    }
}

/// A table that is nothing but to be dropped, in slices.
#[derive(Debug)]
pub struct Remains {
    pub(super) table: Table,
    seen: Spot,
}

impl From<Table> for Remains {
    fn from(mut table: Table) -> Self {
        (table.buckets, table.due) = (Buckets::new(), Due::new());
        (table.opened, table.unlinked) = (Opened::new(), Vec::new());
        Remains {
            table,
            seen: Spot::default(),
        }
    }
}

impl Remains {
    /// Drops about `slots` keys. A value with a box of its own is handed to `bury`; answers whether something is left.
    pub fn discard(&mut self, slots: usize, bury: impl FnMut(Value)) -> bool {
        let left = self.table.drop_boxes(&mut self.seen, slots, bury);
        // A page is about as much work as a few keys.
        for _ in 0..left.div_ceil(PAGE_WORK) {
            // SAFETY: there are no boxes left, so nothing looks at a slot any more, now or when the table is dropped.
            if !unsafe { self.table.arena.pop_page() } {
                return false;
            }
        }

        true
    }

    pub fn memory_bytes(&self) -> usize {
        self.table.memory_bytes()
    }
}
