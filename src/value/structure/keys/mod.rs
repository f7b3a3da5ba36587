//! The table of a database: from keys to values, with what the keyspace knows of each.
//!
//! One record in an arena holds all of a small key (`record`), a bucket is 4 bytes, and no step is long however many
//! keys there are: the table grows by a bucket at a time. Invariants: a record in use is linked from exactly one
//! chain, that of its hash, but for those that are being loaded; the places of those that expire and the records name
//! one another. No record outlives the table, and none is given back while an `Entry` of it lives: `Entry` borrows the
//! table.
#![allow(unsafe_code)]
mod arena;
mod buckets;
mod due;
mod entry;
mod growth;
mod loaded;
mod opened;
mod payload;
mod record;
mod remains;
mod views;

use std::cell::RefCell;

use arena::{Arena, GRANULE, Handle, Spot};
use buckets::Buckets;
use due::Due;
pub use entry::{Entry, EntryMut, Lookup, Vacant};
use opened::Opened;
use payload::Payload;
use record::{Record, granules};
pub use remains::Remains;
use views::Views;

use super::super::{NewValue, Value};
use super::allocated;
use crate::base::equal::equal;
use crate::base::hash;
use crate::base::rng::Rng;

/// `random` looks no deeper into a chain; longer ones do not come about.
const DEPTH: usize = 16;

#[derive(Debug)]
pub struct Table {
    seed: u64,
    buckets: Buckets,
    arena: Arena,
    due: Due,
    len: usize,
    /// Boxes of values and long keys: how many, and their bytes.
    boxes: usize,
    boxed_bytes: usize,
    /// Bounded and soon dropped, so not counted as memory.
    views: RefCell<Views>,
    opened: Opened,
    /// Records that were loaded and are in no chain yet, with their hashes.
    unlinked: Vec<(u32, Handle)>,
}

/// Where a record is linked from: the record before it, or 0 for the bucket.
#[derive(Clone, Copy, Debug)]
struct Place {
    bucket: u32,
    before: Handle,
    at: Handle,
}

/// How far a walk has come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor(Spot);

impl Table {
    pub const fn new(seed: u64) -> Self {
        Table {
            seed,
            buckets: Buckets::new(),
            arena: Arena::new(),
            due: Due::new(),
            len: 0,
            boxes: 0,
            boxed_bytes: 0,
            views: RefCell::new(Views::new()),
            opened: Opened::new(),
            unlinked: Vec::new(),
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keys that expire.
    pub fn expiring(&self) -> usize {
        self.due.len() as usize
    }

    /// Bytes taken by keys, values and the table. O(1).
    #[inline]
    pub fn memory_bytes(&self) -> usize {
        self.arena.live_bytes()
            + self.arena.table_bytes()
            + self.buckets.memory_bytes()
            + self.due.memory_bytes()
            + self.boxed_bytes
    }

    pub fn contains(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<Entry<'_>> {
        self.find(self.hash(key), key)
            .map(|place| self.entry(place.at))
    }

    /// The entry of a key, to be changed, or the place for it.
    #[inline]
    pub fn lookup(&mut self, key: &[u8]) -> Lookup<'_> {
        let hash = self.hash(key);
        match self.find(hash, key) {
            Some(place) => Lookup::Found(EntryMut { table: self, place }),
            None => Lookup::Absent(Vacant { table: self, hash }),
        }
    }

    #[inline]
    pub fn get_mut(&mut self, key: &[u8]) -> Option<EntryMut<'_>> {
        match self.lookup(key) {
            Lookup::Found(entry) => Some(entry),
            Lookup::Absent(_) => None,
        }
    }

    /// Shows the keys of one bucket and answers the cursor for the next call, 0 at the end. Whatever is there from
    /// the first call to the last is shown, some of it perhaps twice.
    pub fn scan(&self, cursor: u64, mut show: impl FnMut(Entry<'_>)) -> u64 {
        if self.is_empty() {
            return 0;
        }
        let (bucket, next) = self.buckets.next(cursor);
        let mut handle = self.buckets.first(bucket);
        while handle != 0 {
            let entry = self.entry(handle);
            handle = entry.record.next();
            show(entry);
        }

        next
    }

    /// Every key, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut at = Spot::default();
        std::iter::from_fn(move || {
            loop {
                let (handle, behind) = self.arena.slot_from(at)?;
                at = behind;
                if !self.record(handle).is_free() {
                    return Some(self.entry(handle));
                }
            }
        })
    }

    /// Shows the next keys in the order of memory, for a look at so many slots; answers whether more follow. What was
    /// written since the walk began is met or not.
    pub fn walk(&self, cursor: &mut Cursor, slots: usize, mut show: impl FnMut(Entry<'_>)) -> bool {
        for _ in 0..slots {
            let Some((handle, behind)) = self.arena.slot_from(cursor.0) else {
                return false;
            };
            cursor.0 = behind;
            if !self.record(handle).is_free() {
                show(self.entry(handle));
            }
        }

        true
    }

    /// Some key, each as likely as any other.
    pub fn random(&self, rng: &mut Rng) -> Option<Entry<'_>> {
        if self.is_empty() {
            return None;
        }
        // Every place of a bucket's chain is as likely; most are empty, and another is drawn.
        loop {
            let bucket = rng.index(self.buckets.len() as usize) as u32;
            let mut handle = self.buckets.first(bucket);
            if handle == 0 {
                continue;
            }
            for _ in 0..rng.index(DEPTH) {
                if handle == 0 {
                    break;
                }
                handle = self.record(handle).next();
            }
            if handle != 0 {
                return Some(self.entry(handle));
            }
        }
    }

    /// The key that expires first.
    pub fn first_due(&self) -> Option<Entry<'_>> {
        self.due_at(0)
    }

    /// When that is, in milliseconds of the Unix epoch.
    #[inline]
    pub fn first_due_ms(&self) -> Option<u64> {
        (self.due.len() > 0).then(|| self.due.time(0))
    }

    /// Some key that expires, each as likely as any other.
    pub fn random_due(&self, rng: &mut Rng) -> Option<Entry<'_>> {
        (self.due.len() > 0)
            .then(|| rng.index(self.due.len() as usize) as u32)
            .and_then(|place| self.due_at(place))
    }

    /// When about `count` of the keys that expire do, in milliseconds of the Unix epoch: from all over the table.
    pub fn due_sample(&self, count: u32) -> impl Iterator<Item = u64> {
        let step = self.due.len().div_ceil(count).max(1);

        (0..self.due.len())
            .step_by(step as usize)
            .map(|place| self.due.time(place))
    }

    fn due_at(&self, place: u32) -> Option<Entry<'_>> {
        (place < self.due.len()).then(|| self.entry(self.due.handle(place)))
    }

    #[inline]
    fn hash(&self, key: &[u8]) -> u32 {
        hash::hash(self.seed, key) as u32
    }

    #[inline]
    fn record(&self, handle: Handle) -> Record {
        // SAFETY: handles come from buckets, chains and places of expiry, which name records in use alone, or from
        // the arena's order of slots handed out, all of which were written.
        unsafe { Record::new(self.arena.at(handle)) }
    }

    #[inline]
    fn entry(&self, handle: Handle) -> Entry<'_> {
        Entry {
            record: self.record(handle),
            table: self,
        }
    }

    fn find(&self, hash: u32, key: &[u8]) -> Option<Place> {
        if self.len == 0 {
            return None;
        }
        let bucket = self.buckets.of(hash);
        let (mut before, mut at) = (0, self.buckets.first(bucket));
        while at != 0 {
            let record = self.record(at);
            // SAFETY: the record is in use, and the table is borrowed meanwhile.
            if equal(unsafe { record.key() }, key) {
                return Some(Place { bucket, before, at });
            }
            (before, at) = (at, record.next());
        }

        None
    }

    fn add(&mut self, hash: u32, key: &[u8], value: NewValue, expires_at_ms: u64) -> Place {
        let at = self.write_new(key, value, expires_at_ms);
        let bucket = self.buckets.of(hash);
        self.link(bucket, at);

        Place {
            bucket,
            before: 0,
            at,
        }
    }

    #[inline]
    fn link(&mut self, bucket: u32, at: Handle) {
        self.record(at).set_next(self.buckets.first(bucket));
        self.buckets.set_first(bucket, at);
    }

    /// A record that is in no chain yet.
    #[inline]
    fn write_new(&mut self, key: &[u8], value: NewValue, expires_at_ms: u64) -> Handle {
        self.grow();
        let expires = expires_at_ms != 0;
        let payload = self.payload(value);
        let at = self.arena.take(granules(key, expires, &payload));
        let record = self.record_of_new(at);
        // SAFETY: the slot was taken for these very sizes, just now.
        unsafe { record.write(key, expires, payload) };
        self.count_box(record.key_box_bytes());
        self.len += 1;
        if expires {
            self.push_due(expires_at_ms, at);
        }

        at
    }

    fn record_of_new(&self, handle: Handle) -> Record {
        // SAFETY: the arena has just handed the slot out; the caller writes it.
        unsafe { Record::new(self.arena.at(handle)) }
    }

    /// Takes a record out; answers its value.
    fn take(&mut self, place: Place) -> Value {
        let record = self.record(place.at);
        self.relink(place, record.next());
        if record.expires() {
            self.remove_due(record.due());
        }
        let boxed = self.empty(record);
        let value = match (boxed, record.dense_kind()) {
            (Some(value), _) => value,
            (None, Some(kind)) => {
                let shown = self.views.get_mut().take(record);
                // SAFETY: the record is in use, and its value dense.
                shown.map_or_else(|| unsafe { record.open(kind) }, |value| *value)
            }
            // SAFETY: the record is in use, and what it shows is copied before it is freed.
            (None, None) => unsafe { record.value() }.to_owned(),
        };
        self.free(place.at, record);
        self.len -= 1;
        self.shrink();

        value
    }

    /// Takes the boxed value out of a record that is to be freed, and drops its key's box.
    fn empty(&mut self, record: Record) -> Option<Value> {
        self.uncount_box(record.key_box_bytes());
        // SAFETY: the record is in use and about to be freed; nobody else has a reference, the table being borrowed
        // for changes.
        unsafe {
            record.drop_key();
            record.is_boxed().then(|| self.unbox(record))
        }
    }

    /// # Safety
    ///
    /// The record's value is boxed, and the record is to be written anew or freed.
    unsafe fn unbox(&mut self, record: Record) -> Value {
        self.opened.forget(record);
        // SAFETY: the caller's word.
        let value = *unsafe { record.take_boxed() };
        self.uncount_box(value_bytes(&value));

        value
    }

    fn free(&mut self, handle: Handle, record: Record) {
        self.forget(record);
        record.set_free();
        // SAFETY: no bucket, chain or place of expiry names the record any more.
        unsafe { self.arena.give_back(handle) };
    }

    /// The value as it is written; what gets a box is counted.
    fn payload<'v>(&mut self, value: NewValue<'v>) -> Payload<'v> {
        let payload = Payload::from(value);
        if let Payload::Boxed(value) = &payload {
            self.count_box(value_bytes(value));
        }

        payload
    }

    fn count_box(&mut self, bytes: usize) {
        if bytes > 0 {
            self.boxes += 1;
            self.boxed_bytes += bytes;
        }
    }

    fn uncount_box(&mut self, bytes: usize) {
        if bytes > 0 {
            self.boxes -= 1;
            self.boxed_bytes -= bytes;
        }
    }

    /// Gives a record another value, and another slot where this one does not fit or it is to expire or not to.
    /// The place of expiry is the caller's to make or remove. A boxed value was taken out before.
    fn rewrite(&mut self, place: &mut Place, expires: bool, payload: Payload) {
        let old = self.record(place.at);
        let granules = old.granules_with(expires, payload.len());
        if granules == old.granules() && expires == old.expires() {
            self.forget(old);
            // SAFETY: the slot is as large as is needed; the table is borrowed for changes, so nobody has a
            // reference; the caller took out what was boxed.
            unsafe { old.write_value(payload) };
            return;
        }
        let at = self.arena.take(granules);
        let new = self.record_of_new(at);
        // SAFETY: the new slot was taken for these sizes.
        unsafe {
            new.copy_from(old, expires);
            new.write_value(payload);
        }
        self.replace(place, old, at);
    }

    /// As `rewrite`, with the value that it has.
    fn set_expires(&mut self, place: &mut Place, expires: bool) {
        let old = self.record(place.at);
        let at = self.arena.take(old.granules_with(expires, old.value_len()));
        let new = self.record_of_new(at);
        // SAFETY: the new slot was taken for these sizes.
        unsafe {
            new.copy_from(old, expires);
            new.copy_value_from(old);
        }
        self.replace(place, old, at);
    }

    /// Puts a record's copy into its place.
    fn replace(&mut self, place: &mut Place, old: Record, at: Handle) {
        self.relink(*place, at);
        let new = self.record(at);
        if new.expires() && old.expires() {
            self.due.set_handle(new.due(), at);
        }
        if new.is_boxed() {
            self.opened.rename(old, new);
        }
        self.free(place.at, old);
        place.at = at;
    }

    fn relink(&mut self, place: Place, to: Handle) {
        if place.before == 0 {
            self.buckets.set_first(place.bucket, to);
        } else {
            self.record(place.before).set_next(to);
        }
    }

    fn push_due(&mut self, at_ms: u64, handle: Handle) {
        let arena = &self.arena;
        self.due.push(at_ms, handle, |handle, place| {
            due_record(arena, handle).set_due(place);
        });
    }

    fn remove_due(&mut self, place: u32) {
        let arena = &self.arena;
        self.due.remove(place, |handle, place| {
            due_record(arena, handle).set_due(place);
        });
    }

    fn set_due_time(&mut self, place: u32, at_ms: u64) {
        let arena = &self.arena;
        self.due.set_time(place, at_ms, |handle, place| {
            due_record(arena, handle).set_due(place);
        });
    }
}

fn due_record(arena: &Arena, handle: Handle) -> Record {
    // SAFETY: a place of expiry names a record in use.
    unsafe { Record::new(arena.at(handle)) }
}

/// Bytes of a boxed value and all that it has.
fn value_bytes(value: &Value) -> usize {
    allocated(size_of::<Value>()) + value.memory_bytes()
}

/// Bytes of a record with what it owns and its share of the buckets.
fn entry_bytes(record: Record, boxed: Option<&Value>) -> usize {
    let boxes = boxed.map_or(0, value_bytes) + record.key_box_bytes();
    let share = size_of::<Handle>() * growth::LOAD.1 as usize / growth::LOAD.0 as usize;
    let due = usize::from(record.expires()) * (size_of::<u64>() + size_of::<Handle>());

    record.granules() * GRANULE + share + due + boxes
}

#[cfg(test)]
mod tests;
