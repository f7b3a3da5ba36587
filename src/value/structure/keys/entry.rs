//! A key of the table, to be read or changed, and the place for one that is not there.
#![allow(unsafe_code)]
use super::payload::Payload;
use super::record::Record;
use super::{Place, Table, entry_bytes, value_bytes};
use crate::value::{Kind, NewValue, Value, ValueRef};

/// A key with its value and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub(super) record: Record,
    pub(super) table: &'a Table,
}

impl<'a> Entry<'a> {
    #[inline]
    pub fn key(self) -> &'a [u8] {
        // SAFETY: the record is in use, and the table is borrowed for `'a`.
        unsafe { self.record.key() }
    }

    #[inline]
    pub fn value(self) -> ValueRef<'a> {
        if let Some(kind) = self.record.dense_kind() {
            return self.table.show(self.record, kind).as_ref();
        }
        // SAFETY: as in `key`; the value is not dense.
        unsafe { self.record.value() }
    }

    /// Hands the value to `read`. Nothing of it is kept afterwards: for whoever reads many.
    pub fn with_value<R>(self, read: impl FnOnce(ValueRef<'_>) -> R) -> R {
        let kind = self.record.dense_kind();
        // SAFETY: the record is in use, and its value dense.
        let opened = kind.map(|kind| unsafe { self.record.open(kind) });

        read(opened.as_ref().map_or_else(|| self.value(), Value::as_ref))
    }

    #[inline]
    pub fn kind(self) -> Kind {
        let dense = self.record.dense_kind();

        dense.unwrap_or_else(|| self.value().kind())
    }

    /// Milliseconds of the Unix epoch.
    #[inline]
    pub fn expires_at_ms(self) -> Option<u64> {
        self.record
            .expires()
            .then(|| self.table.due.time(self.record.due()))
    }

    /// The number last set, 0 for a new key.
    pub fn version(self) -> u32 {
        self.record.version()
    }

    /// As `set_access`.
    pub fn set_version(self, version: u32) {
        self.record.set_version(version);
    }

    /// The word last set, 0 for a new key.
    pub fn access(self) -> u32 {
        self.record.access()
    }

    /// Known of a key however the table is borrowed, as if it were a `Cell`.
    pub fn set_access(self, access: u32) {
        self.record.set_access(access);
    }

    /// The number last set, 0 for a new key.
    pub fn mark(self) -> u8 {
        self.record.mark()
    }

    /// As `set_access`.
    pub fn set_mark(self, mark: u8) {
        self.record.set_mark(mark);
    }

    /// Bytes taken by key, value, and their share of the table. O(1).
    pub fn memory_bytes(self) -> usize {
        let record = self.record;
        // SAFETY: as in `key`; the form is looked at first.
        let boxed = record
            .is_boxed()
            .then(|| unsafe { &*std::ptr::from_ref(record.boxed_mut()) });

        entry_bytes(record, boxed)
    }
}

/// What `lookup` finds.
pub enum Lookup<'a> {
    Found(EntryMut<'a>),
    Absent(Vacant<'a>),
}

/// The place for a key that is not in the table.
pub struct Vacant<'a> {
    pub(super) table: &'a mut Table,
    pub(super) hash: u32,
}

impl<'a> Vacant<'a> {
    /// Adds the key that was looked up; 0 milliseconds stand for no expiry.
    pub fn insert(self, key: &[u8], value: NewValue, expires_at_ms: u64) -> Entry<'a> {
        let place = self.table.add(self.hash, key, value, expires_at_ms);

        self.table.entry(place.at)
    }
}

/// A value while it is changed.
enum Held<'v> {
    /// And its bytes before.
    Boxed {
        value: &'v mut Value,
        bytes: usize,
    },
    Dense(Box<Value>),
    Short(Value),
}

impl Held<'_> {
    fn value(&mut self) -> &mut Value {
        match self {
            Held::Boxed { value, .. } => value,
            Held::Dense(value) => value,
            Held::Short(value) => value,
        }
    }
}

/// A key of the table, to be changed.
pub struct EntryMut<'a> {
    pub(super) table: &'a mut Table,
    pub(super) place: Place,
}

impl EntryMut<'_> {
    #[inline]
    pub fn entry(&self) -> Entry<'_> {
        self.table.entry(self.place.at)
    }

    /// Sets value and expiry; 0 milliseconds stand for none. Answers the old value where dropping it may take long.
    pub fn replace(&mut self, value: NewValue, expires_at_ms: u64) -> Option<Value> {
        let record = self.table.record(self.place.at);
        // SAFETY: the form is looked at first, and the record is written below.
        let old = record
            .is_boxed()
            .then(|| unsafe { self.table.unbox(record) });
        let payload = self.table.payload(value);
        let expires = expires_at_ms != 0;
        match (record.expires(), expires) {
            (true, false) => self.table.remove_due(record.due()),
            (true, true) => self.table.set_due_time(record.due(), expires_at_ms),
            (false, _) => {}
        }
        let expired = record.expires();
        self.table.rewrite(&mut self.place, expires, payload);
        if expires && !expired {
            self.table.push_due(expires_at_ms, self.place.at);
        }

        old
    }

    /// Sets when the key expires, in milliseconds of the Unix epoch; 0 stands for never.
    pub fn set_expiry(&mut self, at_ms: u64) {
        let record = self.table.record(self.place.at);
        match (record.expires(), at_ms != 0) {
            (true, true) => self.table.set_due_time(record.due(), at_ms),
            (true, false) => {
                self.table.remove_due(record.due());
                self.table.set_expires(&mut self.place, false);
            }
            (false, true) => {
                self.table.set_expires(&mut self.place, true);
                self.table.push_due(at_ms, self.place.at);
            }
            (false, false) => {}
        }
    }

    /// Hands the value to `change`, and keeps what it left.
    pub fn change<R>(&mut self, change: impl FnOnce(&mut Value) -> R) -> R {
        let mut held = self.open();
        // Called in one place: it is another one for each command, and often large.
        let answer = change(held.value());
        self.close(held);

        answer
    }

    fn open<'v>(&mut self) -> Held<'v> {
        let record = self.table.record(self.place.at);
        if record.is_boxed() {
            // SAFETY: the form was looked at, and the table is borrowed for changes until `change` has closed it.
            let value = unsafe { record.boxed_mut() };
            let bytes = value_bytes(value);
            return Held::Boxed { value, bytes };
        }
        let Some(kind) = record.dense_kind() else {
            return Held::Short(self.entry().value().to_owned());
        };
        let shown = self.table.views.get_mut().take(record);

        // SAFETY: the record is in use, and its value dense.
        Held::Dense(shown.unwrap_or_else(|| Box::new(unsafe { record.open(kind) })))
    }

    fn close(&mut self, held: Held<'_>) {
        let expires = self.table.record(self.place.at).expires();
        match held {
            Held::Boxed { value, bytes } => {
                self.table.boxed_bytes = self.table.boxed_bytes + value_bytes(value) - bytes;
            }
            Held::Short(value) => {
                let payload = self.table.payload(value.into());
                self.table.rewrite(&mut self.place, expires, payload);
            }
            Held::Dense(value) => {
                let is_opened = self.table.opened.has_room();
                let dense = (!is_opened).then(|| Payload::dense(&value)).flatten();
                let payload = dense.unwrap_or_else(|| {
                    self.table.count_box(value_bytes(&value));
                    Payload::Boxed(value)
                });
                self.table.rewrite(&mut self.place, expires, payload);
                if is_opened {
                    self.table.opened.push(self.table.record(self.place.at));
                }
            }
        }
    }

    /// Removes the key; answers its value.
    pub fn remove(self) -> Value {
        self.table.take(self.place)
    }
}
