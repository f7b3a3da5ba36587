//! The buckets of a hash table: a power of two of 4-byte links, in segments that are made when their
//! first link is written and that clones share until it is changed. So neither a table of millions
//! of buckets nor a clone of it is made in one go.
use std::rc::Rc;

use super::{allocated_if_any, allocated_shared};

const BITS: u32 = 12;
const SEGMENT: usize = 1 << BITS;

/// The index of what is linked to plus one; 0 is the end of a chain.
pub type Link = u32;

#[derive(Clone, Debug, Default)]
pub struct Buckets {
    segments: Vec<Option<Rc<[Link]>>>,
    len: usize,
    made: usize,
}

impl Buckets {
    /// None.
    pub const fn new() -> Buckets {
        Buckets {
            segments: Vec::new(),
            len: 0,
            made: 0,
        }
    }

    /// `len` empty ones, which must be a power of two.
    pub fn empty(len: usize) -> Buckets {
        assert!(len.is_power_of_two(), "a hash is cut by a mask");

        Buckets {
            segments: vec![None; len.div_ceil(SEGMENT)],
            len,
            made: 0,
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bucket of a hash.
    #[inline]
    pub fn of(&self, hash: u32) -> usize {
        hash as usize & (self.len - 1)
    }

    #[inline]
    pub fn get(&self, bucket: usize) -> Link {
        match &self.segments[bucket >> BITS] {
            Some(links) => links[bucket % SEGMENT],
            None => 0,
        }
    }

    #[inline]
    pub fn set(&mut self, bucket: usize, link: Link) {
        let segment = &mut self.segments[bucket >> BITS];
        if segment.is_none() {
            if link == 0 {
                return;
            }
            self.made += 1;
            *segment = Some(std::iter::repeat_n(0, self.len.min(SEGMENT)).collect());
        }
        if let Some(links) = segment {
            Rc::make_mut(links)[bucket % SEGMENT] = link;
        }
    }

    pub fn memory_bytes(&self) -> usize {
        let segment = allocated_shared(self.len.min(SEGMENT) * size_of::<Link>());

        self.made * segment
            + allocated_if_any(self.segments.capacity() * size_of::<Option<Rc<[Link]>>>())
    }
}
