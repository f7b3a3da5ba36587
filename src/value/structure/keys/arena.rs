//! Memory in slots of 16 to 544 bytes, in steps of 8, addressed by u32.
//!
//! A slot is cut from a page of slots of its size; a page goes back to the allocator with the last of its slots. So a
//! slot costs no header, all of them are freed at once with the arena, and nothing here is ever moved or copied.
//! Knows nothing of what is in a slot, but that the first two bytes of a freed one are its own.
#![allow(unsafe_code)]
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

/// The unit of slots, and what they are aligned to.
pub const GRANULE: usize = 8;
/// Granules of the largest slot.
pub const GRANULES_MAX: usize = 68;
/// A handle is page and granule in one number: so many bits are the granule's.
const GRANULE_BITS: u32 = 13;
/// A page with its allocator's header comes to no more than 64 KiB.
const PAGE_BYTES_MAX: usize = (1 << 16) - 64;
/// The first page of a size; each further one is twice as large.
const PAGE_BYTES_MIN: usize = 1 << 10;
const SLOTS_MIN: usize = 4;
const NO_PAGE: u32 = u32::MAX;

/// Where a slot is, plus one; 0 is none.
pub type Handle = u32;

#[derive(Debug)]
struct Page {
    /// Of a slot; 0 where the page is vacant.
    granules: u16,
    slots: u16,
    /// Slots handed out so far, those freed since included.
    used: u16,
    live: u16,
    /// The slot freed last, plus one.
    free: u16,
    /// Neighbours in the row of pages of this size that have room.
    before: u32,
    after: u32,
}

#[derive(Debug)]
pub struct Arena {
    pages: Vec<Page>,
    /// Where each page begins; dangling where it is vacant.
    bases: Vec<NonNull<u8>>,
    vacant: Vec<u32>,
    /// By granules: the first page with room, and how many pages there are.
    open: [u32; GRANULES_MAX + 1],
    count: [u32; GRANULES_MAX + 1],
    live_granules: usize,
}

impl Arena {
    pub const fn new() -> Self {
        Arena {
            pages: Vec::new(),
            bases: Vec::new(),
            vacant: Vec::new(),
            open: [NO_PAGE; GRANULES_MAX + 1],
            count: [0; GRANULES_MAX + 1],
            live_granules: 0,
        }
    }

    /// Bytes of the slots in use.
    pub fn live_bytes(&self) -> usize {
        self.live_granules * GRANULE
    }

    /// A slot of so many granules. Its bytes are not set.
    pub fn take(&mut self, granules: usize) -> Handle {
        assert!(
            (2..=GRANULES_MAX).contains(&granules),
            "no slot is so large"
        );
        if self.open[granules] == NO_PAGE {
            self.add_page(granules);
        }
        let number = self.open[granules];
        let base = self.bases[number as usize];
        let page = &mut self.pages[number as usize];
        let slot = match page.free {
            0 => {
                page.used += 1;
                page.used - 1
            }
            free => {
                let offset = usize::from(free - 1) * granules * GRANULE;
                // SAFETY: the slot is one of the page's `slots`, so it lies inside the page's allocation, aligned to
                // 8; it was freed, and `give_back` wrote its first two bytes.
                page.free = unsafe { base.add(offset).cast::<u16>().read() };
                free - 1
            }
        };
        page.live += 1;
        let full = page.live == page.slots;
        if full {
            self.close(number);
        }
        self.live_granules += granules;

        (number << GRANULE_BITS | (usize::from(slot) * granules) as u32) + 1
    }

    /// Takes a slot back.
    ///
    /// # Safety
    ///
    /// `handle` is from `take`, was not given back since, and nothing refers to the slot any more.
    pub unsafe fn give_back(&mut self, handle: Handle) {
        let (number, granule) = split(handle);
        let page = &mut self.pages[number as usize];
        let granules = usize::from(page.granules);
        let slot = granule / granules;
        let at = self.bases[number as usize];
        // SAFETY: the caller's slot lies inside the page, is aligned to 8, and is the arena's from now on.
        unsafe { at.add(granule * GRANULE).cast::<u16>().write(page.free) };
        page.free = slot as u16 + 1;
        page.live -= 1;
        self.live_granules -= granules;
        if page.live + 1 == page.slots {
            self.link(number);
        } else if page.live == 0 && self.has_another_open(number) {
            self.close(number);
            self.drop_page(number);
        }
    }

    /// Where a slot begins: aligned to 8, and its own as far as its size goes, until it is given back.
    ///
    /// # Safety
    ///
    /// The slot was not given back.
    #[inline]
    pub unsafe fn at(&self, handle: Handle) -> NonNull<u8> {
        let (number, granule) = split(handle);
        debug_assert!(granule < self.granules_of(number));
        // SAFETY: a handle is made by `take` and `slot_from` alone, of a page and a granule inside of it; the page
        // stays where it is while one of its slots is in use.
        unsafe { self.bases[number as usize].add(granule * GRANULE) }
    }

    fn granules_of(&self, number: u32) -> usize {
        let page = &self.pages[number as usize];

        usize::from(page.granules) * usize::from(page.slots)
    }

    /// The next slot of a page in use, at or behind this place, that was ever handed out; and the place behind it.
    #[inline]
    pub fn slot_from(&self, mut at: Spot) -> Option<(Handle, Spot)> {
        while let Some(page) = self.pages.get(at.page as usize) {
            if at.slot < page.used {
                let granule = usize::from(at.slot) * usize::from(page.granules);
                let handle = (at.page << GRANULE_BITS | granule as u32) + 1;
                at.slot += 1;
                return Some((handle, at));
            }
            at = Spot {
                page: at.page + 1,
                slot: 0,
            };
        }

        None
    }

    fn add_page(&mut self, granules: usize) {
        let slot_bytes = granules * GRANULE;
        let doublings = self.count[granules].min(6);
        let wanted = (PAGE_BYTES_MIN << doublings).max(SLOTS_MIN * slot_bytes);
        let slots = wanted.min(PAGE_BYTES_MAX) / slot_bytes;
        let layout = page_layout(slots * granules);
        // SAFETY: the layout's size is not 0.
        let base = unsafe { alloc(layout) };
        let Some(base) = NonNull::new(base) else {
            handle_alloc_error(layout)
        };
        let page = Page {
            granules: granules as u16,
            slots: slots as u16,
            used: 0,
            live: 0,
            free: 0,
            before: NO_PAGE,
            after: NO_PAGE,
        };
        let number = if let Some(number) = self.vacant.pop() {
            self.pages[number as usize] = page;
            self.bases[number as usize] = base;
            number
        } else {
            assert!(
                self.pages.len() < 1 << (32 - GRANULE_BITS),
                "an arena is addressed by u32"
            );
            self.pages.push(page);
            self.bases.push(base);
            self.pages.len() as u32 - 1
        };
        self.count[granules] += 1;
        self.link(number);
    }

    fn drop_page(&mut self, number: u32) {
        let page = &mut self.pages[number as usize];
        let granules = usize::from(page.granules);
        let layout = page_layout(usize::from(page.slots) * granules);
        (page.granules, page.slots, page.used) = (0, 0, 0);
        let base = std::mem::replace(&mut self.bases[number as usize], NonNull::dangling());
        // SAFETY: the page was allocated with this layout by `add_page`, and is known to nobody from here on.
        unsafe { dealloc(base.as_ptr(), layout) };
        self.count[granules] -= 1;
        self.vacant.push(number);
    }

    /// Drops the last page, whatever is in it; false where there is none.
    ///
    /// # Safety
    ///
    /// Nothing refers to its slots any more, and no other method is called from here on.
    pub unsafe fn pop_page(&mut self) -> bool {
        let (Some(page), Some(base)) = (self.pages.pop(), self.bases.pop()) else {
            return false;
        };
        if page.granules != 0 {
            let granules = usize::from(page.granules);
            self.live_granules -= granules * usize::from(page.live);
            let layout = page_layout(usize::from(page.slots) * granules);
            // SAFETY: as in `drop_page`.
            unsafe { dealloc(base.as_ptr(), layout) };
        }

        true
    }

    /// An empty page is kept where it is the only one that has room: a size that comes and goes costs no allocation.
    fn has_another_open(&self, number: u32) -> bool {
        let page = &self.pages[number as usize];

        page.before != NO_PAGE || page.after != NO_PAGE
    }

    /// Puts a page at the head of the row of those with room.
    fn link(&mut self, number: u32) {
        let granules = usize::from(self.pages[number as usize].granules);
        let head = std::mem::replace(&mut self.open[granules], number);
        if head != NO_PAGE {
            self.pages[head as usize].before = number;
        }
        let page = &mut self.pages[number as usize];
        (page.before, page.after) = (NO_PAGE, head);
    }

    /// Takes a page out of that row.
    fn close(&mut self, number: u32) {
        let page = &mut self.pages[number as usize];
        let granules = usize::from(page.granules);
        let before = std::mem::replace(&mut page.before, NO_PAGE);
        let after = std::mem::replace(&mut page.after, NO_PAGE);
        if before == NO_PAGE {
            self.open[granules] = after;
        } else {
            self.pages[before as usize].after = after;
        }
        if after != NO_PAGE {
            self.pages[after as usize].before = before;
        }
    }

    /// Bytes of the list of pages.
    pub fn table_bytes(&self) -> usize {
        self.pages.capacity() * size_of::<Page>()
            + self.bases.capacity() * size_of::<NonNull<u8>>()
            + self.vacant.capacity() * size_of::<u32>()
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        // SAFETY: whoever owned the arena has nothing left to refer to it.
        while unsafe { self.pop_page() } {}
    }
}

/// A place in the order of an arena's slots. What is taken later may be before or behind it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spot {
    page: u32,
    slot: u16,
}

#[inline]
fn split(handle: Handle) -> (u32, usize) {
    let place = handle - 1;

    (
        place >> GRANULE_BITS,
        place as usize & ((1 << GRANULE_BITS) - 1),
    )
}

fn page_layout(granules: usize) -> Layout {
    Layout::from_size_align(granules * GRANULE, GRANULE).expect("a page is smaller than memory")
}

#[cfg(test)]
mod tests;
