//! What is no key any more, and too large to be dropped at once: it is dropped in slices.
use super::Keyspace;
use crate::value::Value;
use crate::value::keys::{self, Table};

/// A value of fewer bytes is dropped at once.
const LARGE_BYTES: usize = 32 << 10;
/// A table of fewer keys is dropped at once.
const LARGE_TABLE: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Remains {
    values: Vec<Value>,
    tables: Vec<keys::Remains>,
}

impl Keyspace {
    /// Drops a value, later where it is large.
    pub fn bury(&mut self, value: Value) {
        if value.memory_bytes() >= LARGE_BYTES {
            self.remains.values.push(value);
        }
    }

    pub(super) fn bury_table(&mut self, table: Table) {
        if table.len() >= LARGE_TABLE || table.memory_bytes() >= LARGE_BYTES {
            self.remains.tables.push(table.into());
        }
    }

    /// Whether something waits to be dropped.
    pub fn has_remains(&self) -> bool {
        !self.remains.values.is_empty() || !self.remains.tables.is_empty()
    }

    /// Drops about so many keys, members or elements of what waits for it.
    pub fn drop_remains(&mut self, items: usize) {
        let Remains { values, tables } = &mut self.remains;
        if let Some(value) = values.last_mut() {
            if !value.discard(items) {
                values.pop();
            }
        } else if let Some(table) = tables.last_mut() {
            let large = |value: &Value| value.memory_bytes() >= LARGE_BYTES;
            let left = table.discard(items, |value| values.extend(Some(value).filter(large)));
            if !left {
                tables.pop();
            }
        }
    }
}
