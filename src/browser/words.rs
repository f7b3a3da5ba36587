//! A call as TypeScript writes it into linear memory: `[u32 words] ([u32 length] [bytes])*`, little-endian.
use std::cell::RefCell;

/// Words that most calls do not exceed: these need no allocation.
const FEW: usize = 16;

thread_local! {
    static ARGUMENTS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for `length` bytes of arguments and answers where. A large buffer is given back when a small
/// one is asked for.
pub fn reserve(length: usize) -> *const u8 {
    ARGUMENTS.with_borrow_mut(|buffer| {
        buffer.clear();
        if buffer.capacity() > 1 << 20 {
            buffer.shrink_to(length);
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
    if count > FEW {
        let words = (0..count).map(|_| next()).collect::<Option<Vec<_>>>()?;
        return Some(run(&words));
    }
    let mut words = [&[][..]; FEW];
    for word in &mut words[..count] {
        *word = next()?;
    }

    Some(run(&words[..count]))
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
