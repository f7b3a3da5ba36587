//! Calls and replies out of bytes: how bytes are cut on their way makes no difference, and a reply that was read is
//! written as what reads the same.
#![no_main]
use kilat::resp::{BETWEEN_NODES, ProtocolError, Requests, decode, encode};
use libfuzzer_sys::fuzz_target;

const BULK_MAX: usize = 1 << 16;

fuzz_target!(|data: &[u8]| {
    let Some((cut, bytes)) = data.split_first() else {
        return;
    };
    requests_are_the_same_however_cut(*cut, bytes);
    a_reply_is_written_as_it_was_read(bytes);
});

/// All calls, and the error that ends them.
type Calls = (Vec<Vec<Vec<u8>>>, Option<ProtocolError>);

fn calls<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Calls {
    let (mut requests, mut calls) = (Requests::default(), Vec::new());
    for part in parts {
        requests.feed(part);
        loop {
            match requests.next(BULK_MAX) {
                Ok(false) => break,
                Ok(true) => calls.push(requests.words().iter().map(|word| word.to_vec()).collect()),
                Err(error) => return (calls, Some(error)),
            }
        }
    }

    (calls, None)
}

fn requests_are_the_same_however_cut(cut: u8, bytes: &[u8]) {
    let whole = calls(std::iter::once(bytes));
    let (first, second) = bytes.split_at(usize::from(cut) % (bytes.len() + 1));
    assert_eq!(calls([first, second].into_iter()), whole, "in two parts");
    let step = usize::from(cut % 7) + 1;
    assert_eq!(calls(bytes.chunks(step)), whole, "in parts of {step}");
}

fn a_reply_is_written_as_it_was_read(bytes: &[u8]) {
    let Ok(Some((reply, read))) = decode(bytes) else {
        return;
    };
    assert!(read <= bytes.len());
    let written = |reply| {
        let mut out = Vec::new();
        encode(reply, BETWEEN_NODES, &mut out);
        out
    };
    // As bytes: NaN is not equal to itself.
    let once = written(&reply);
    let Ok(Some((again, read))) = decode(&once) else {
        unreachable!("{reply:?} is not read from {once:?}");
    };
    assert_eq!(read, once.len());
    assert_eq!(written(&again), once);
    for protocol in [2, 3] {
        encode(&reply, protocol, &mut Vec::new());
    }
}
