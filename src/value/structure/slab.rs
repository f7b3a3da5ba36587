//! A dense row of slots, addressed by u32, in chunks of fixed size: growth copies nothing but the
//! first chunk, so no push is slow, and a short row takes no more than it needs. Invariant: all
//! chunks but the last are full.

/// A chunk has 2 to the power of `BITS` slots.
#[derive(Clone, Debug)]
pub struct Slab<T, const BITS: u32 = 9> {
    chunks: Vec<Vec<T>>,
    len: u32,
}

impl<T, const BITS: u32> Slab<T, BITS> {
    const CHUNK: usize = 1 << BITS;

    pub const fn new() -> Self {
        Slab {
            chunks: Vec::new(),
            len: 0,
        }
    }

    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    #[inline]
    pub fn get(&self, index: u32) -> &T {
        &self.chunks[(index >> BITS) as usize][index as usize % Self::CHUNK]
    }

    #[inline]
    pub fn get_mut(&mut self, index: u32) -> &mut T {
        &mut self.chunks[(index >> BITS) as usize][index as usize % Self::CHUNK]
    }

    pub fn push(&mut self, item: T) -> u32 {
        let index = self.len;
        assert!(index < u32::MAX - 1, "a slab is addressed by u32");
        if (index as usize).is_multiple_of(Self::CHUNK) {
            // Only the first chunk may stay small for ever, so only it starts small.
            let capacity = if index == 0 { 0 } else { Self::CHUNK };
            self.chunks.push(Vec::with_capacity(capacity));
        }
        self.chunks
            .last_mut()
            .expect("a chunk was pushed at each boundary")
            .push(item);
        self.len += 1;
        index
    }

    pub fn pop(&mut self) -> Option<T> {
        let item = self.chunks.last_mut()?.pop();
        self.len -= 1;
        if (self.len as usize).is_multiple_of(Self::CHUNK) {
            self.chunks.pop();
        }
        item
    }

    pub fn memory_bytes(&self) -> usize {
        let slots: usize = self.chunks.iter().take(1).map(Vec::capacity).sum::<usize>()
            + self.chunks.len().saturating_sub(1) * Self::CHUNK;
        slots * size_of::<T>() + self.chunks.capacity() * size_of::<Vec<T>>()
    }
}
