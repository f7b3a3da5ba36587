//! A call as TypeScript writes it into linear memory: `[u32 words] ([u32 length] [bytes])*`, little-endian; and
//! SETs that it leaves there without a call: `[u32 end] ([u16 key's length] [u16 value's length] [key] [value])*`.
use std::cell::RefCell;

/// Words that most calls do not exceed: these need no allocation.
const FEW: usize = 16;

/// Bytes of SETs that are taken together, their head included: as in src/ts/instance.ts.
const SETS_BYTES: usize = 16 << 10;
/// Of `[u32 end]`.
const SETS_HEAD: usize = 4;

thread_local! {
    static ARGUMENTS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static SETS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where SETs may be left that cross with the next call, or when the turn ends. The end is 0 while none may be.
pub fn sets() -> *const u8 {
    SETS.with_borrow_mut(|sets| {
        sets.resize(SETS_BYTES, 0);
        sets.as_ptr()
    })
}

/// From now on SETs may be left.
pub fn begin_sets() {
    SETS.with_borrow_mut(|sets| set_end(sets, SETS_HEAD));
}

/// No more may be left, and `run` gets those that were, if any.
pub fn end_sets(run: impl FnOnce(Pairs<'_>)) {
    SETS.with_borrow_mut(|sets| {
        let end = sets.first_chunk().map_or(0, |end| u32::from_le_bytes(*end));
        if end == 0 {
            return;
        }
        set_end(sets, 0);
        if end as usize > SETS_HEAD {
            run(Pairs(sets.get(SETS_HEAD..end as usize).unwrap_or_default()));
        }
    });
}

fn set_end(sets: &mut [u8], end: usize) {
    if let Some(head) = sets.first_chunk_mut() {
        *head = (end as u32).to_le_bytes();
    }
}

/// Keys and values of SETs.
pub struct Pairs<'a>(&'a [u8]);

impl<'a> Iterator for Pairs<'a> {
    type Item = [&'a [u8]; 2];

    fn next(&mut self) -> Option<Self::Item> {
        let (lengths, rest) = self.0.split_first_chunk::<4>()?;
        let [a, b, c, d] = *lengths;
        let (key, rest) = rest.split_at_checked(u16::from_le_bytes([a, b]).into())?;
        let (value, rest) = rest.split_at_checked(u16::from_le_bytes([c, d]).into())?;
        self.0 = rest;

        Some([key, value])
    }
}

/// Makes room for `length` bytes of arguments and answers where. A large buffer is given back when a small
/// one is asked for.
/// Null where there is no memory for them.
pub fn reserve(length: usize) -> *const u8 {
    ARGUMENTS.with_borrow_mut(|buffer| {
        buffer.clear();
        if buffer.capacity() > 1 << 20 {
            buffer.shrink_to(length);
        }
        if buffer.try_reserve_exact(length).is_err() {
            return std::ptr::null();
        }
        buffer.resize(length, 0);
        buffer.as_ptr()
    })
}

/// Gives `run` the bytes that were written.
pub fn with_arguments<T>(length: usize, run: impl FnOnce(&[u8]) -> T) -> T {
    ARGUMENTS.with_borrow(|buffer| run(buffer.get(..length).unwrap_or_default()))
}

/// Reads one call off `bytes` and gives its words to `run`. `None` where it is cut short, which only a bug in
/// TypeScript can do.
pub fn take_call<'a, T>(bytes: &mut &'a [u8], run: impl FnOnce(&[&'a [u8]]) -> T) -> Option<T> {
    let count = take_u32(bytes)? as usize;
    let mut next = || -> Option<&'a [u8]> {
        let length = take_u32(bytes)?;
        let (word, rest) = bytes.split_at_checked(length as usize)?;
        *bytes = rest;
        Some(word)
    };
    let mut few = [&[][..]; FEW];
    let many: Vec<&[u8]>;
    let words = if count > FEW {
        many = (0..count).map(|_| next()).collect::<Option<_>>()?;
        &many[..]
    } else {
        for word in &mut few[..count] {
            *word = next()?;
        }
        &few[..count]
    };

    Some(run(words))
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;

    Some(u32::from_le_bytes(*head))
}

/// Bytes of linear memory.
pub fn heap_bytes() -> usize {
    const PAGE_BYTES: usize = 1 << 16;

    std::arch::wasm32::memory_size::<0>() * PAGE_BYTES
}
