//! The keys that expire: a heap of four branches by time.
//!
//! Each record knows its place in it, so a key that goes, or expires at another time, is found without a search, and
//! no key is copied. Invariant: no time is smaller than that of its parent, and the record of each place names it.
use super::arena::Handle;
use crate::value::structure::slab::Slab;

const BRANCHES: u32 = 4;

#[derive(Debug)]
pub struct Due {
    times: Slab<u64, 12>,
    handles: Slab<Handle, 12>,
}

impl Due {
    pub const fn new() -> Self {
        Due {
            times: Slab::new(),
            handles: Slab::new(),
        }
    }

    pub fn len(&self) -> u32 {
        self.times.len()
    }

    #[inline]
    pub fn time(&self, place: u32) -> u64 {
        *self.times.get(place)
    }

    pub fn handle(&self, place: u32) -> Handle {
        *self.handles.get(place)
    }

    pub fn set_handle(&mut self, place: u32, handle: Handle) {
        *self.handles.get_mut(place) = handle;
    }

    pub fn memory_bytes(&self) -> usize {
        self.times.memory_bytes() + self.handles.memory_bytes()
    }

    /// Adds a key; `moved` is told of each key that has a new place.
    pub fn push(&mut self, time: u64, handle: Handle, moved: impl FnMut(Handle, u32)) {
        let place = self.times.push(time);
        self.handles.push(handle);
        self.rise(place, time, handle, moved);
    }

    /// Changes the time at a place.
    pub fn set_time(&mut self, place: u32, time: u64, moved: impl FnMut(Handle, u32)) {
        let handle = self.handle(place);
        if time < self.time(place) {
            self.rise(place, time, handle, moved);
        } else {
            self.sink(place, time, handle, moved);
        }
    }

    /// Takes the key at a place out.
    pub fn remove(&mut self, place: u32, moved: impl FnMut(Handle, u32)) {
        let last = self.times.pop().zip(self.handles.pop());
        let (time, handle) = last.expect("a place is one of those filled");
        if place == self.len() {
            return;
        }
        if time < self.time(place) {
            self.rise(place, time, handle, moved);
        } else {
            self.sink(place, time, handle, moved);
        }
    }

    /// Fills a place, or one nearer to the root: keys later than this one make room.
    fn rise(
        &mut self,
        mut place: u32,
        time: u64,
        handle: Handle,
        mut moved: impl FnMut(Handle, u32),
    ) {
        while place > 0 {
            let parent = (place - 1) / BRANCHES;
            if self.time(parent) <= time {
                break;
            }
            self.put(place, self.time(parent), self.handle(parent), &mut moved);
            place = parent;
        }
        self.put(place, time, handle, &mut moved);
    }

    /// Fills a place, or one farther from the root: keys earlier than this one move up.
    fn sink(
        &mut self,
        mut place: u32,
        time: u64,
        handle: Handle,
        mut moved: impl FnMut(Handle, u32),
    ) {
        loop {
            let first = place.saturating_mul(BRANCHES).saturating_add(1);
            let end = first.saturating_add(BRANCHES).min(self.len());
            let earliest = (first..end).min_by_key(|child| self.time(*child));
            let Some(child) = earliest.filter(|child| self.time(*child) < time) else {
                break;
            };
            self.put(place, self.time(child), self.handle(child), &mut moved);
            place = child;
        }
        self.put(place, time, handle, &mut moved);
    }

    fn put(&mut self, place: u32, time: u64, handle: Handle, moved: &mut impl FnMut(Handle, u32)) {
        *self.times.get_mut(place) = time;
        *self.handles.get_mut(place) = handle;
        moved(handle, place);
    }
}
