//! A small listpack in fewer bytes, for where it is kept and not looked into.
//!
//! An entry is that of the listpack without its back length; but
//! - `0x00..=0x3f` is a whole number,
//! - `0x40..=0x5f` is text of 5 to 36 characters of the first alphabet, `0x60..=0x7f` of the second, in 6 bits each,
//! - whole numbers from 64 to 127 are kept as greater ones.
//!
//! Nothing here comes from outside: what is read was written by `encode`.
use super::entry::{back_length, layout};
use super::{COUNT_UNKNOWN, END, HEADER, ListPack};

const NUMBER_END: u8 = 0x40;
const TEXT_MIN: usize = 5;
const TEXT_MAX: usize = 36;
/// Where the heads of an alphabet's text begin.
const TEXT: [u8; 2] = [0x40, 0x60];
const TEXT_END: u8 = 0x80;
/// Redis: the form of 13 bits, here of a number from 64 to 127.
const NUMBER_13: u8 = 0xc0;

/// Words, keys, numbers, URLs, JSON without capitals; and identifiers of all kinds.
const ALPHABETS: [&[u8; 64]; 2] = [
    b"abcdefghijklmnopqrstuvwxyz0123456789 :-_./,\"'{}[]()=&?@#+%*;!<>|",
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
];
const CODES: [[u8; 256]; 2] = [codes(ALPHABETS[0]), codes(ALPHABETS[1])];
/// Of a byte that is not in the alphabet.
const NO_CODE: u8 = 0x80;

const fn codes(alphabet: &[u8; 64]) -> [u8; 256] {
    let mut codes = [NO_CODE; 256];
    let mut code = 0;
    while code < 64 {
        codes[alphabet[code] as usize] = code as u8;
        code += 1;
    }

    codes
}

/// The entries of `list` in no more than `max` bytes.
pub fn encode(list: &ListPack, max: usize) -> Option<Vec<u8>> {
    // Nothing becomes shorter than half: a number of two bytes.
    if list.bytes.len() > HEADER + 1 + 2 * max {
        return None;
    }
    let mut out = Vec::with_capacity(max.min(list.bytes.len()));
    let mut rest = &list.bytes[HEADER..];
    while rest[0] != END {
        let (head, data) = layout(rest).expect("the bytes were checked when they came in");
        let (entry, behind) = rest.split_at(head + data);
        rest = &behind[back_length(entry.len()).len..];
        match entry[0] {
            first @ NUMBER_END..TEXT_END => out.extend_from_slice(&[NUMBER_13, first]),
            _ if !(head == 1 && is_text(entry[0]) && pack(&entry[1..], &mut out)) => {
                out.extend_from_slice(entry);
            }
            _ => {}
        }
        if out.len() > max {
            return None;
        }
    }

    Some(out)
}

/// The list that was encoded.
pub fn decode(dense: &[u8]) -> ListPack {
    let mut bytes = Vec::with_capacity(HEADER + 1 + dense.len() * 3 / 2);
    bytes.resize(HEADER, 0);
    let (mut rest, mut count) = (dense, 0);
    while let Some(first) = rest.first() {
        let start = bytes.len();
        rest = match *first {
            NUMBER_END..TEXT_END => unpack(rest, &mut bytes),
            NUMBER_13 if (NUMBER_END..TEXT_END).contains(&rest[1]) => {
                bytes.push(rest[1]);
                &rest[2..]
            }
            _ => {
                let (head, data) = layout(rest).expect("it was encoded here");
                bytes.extend_from_slice(&rest[..head + data]);
                &rest[head + data..]
            }
        };
        let back = back_length(bytes.len() - start);
        bytes.extend_from_slice(back.get());
        count += 1;
    }
    bytes.push(END);
    let total = bytes.len() as u32;
    bytes[..4].copy_from_slice(&total.to_le_bytes());
    bytes[4..HEADER].copy_from_slice(&(count.min(COUNT_UNKNOWN) as u16).to_le_bytes());

    ListPack { bytes }
}

/// Whether an entry's first byte is that of text with its length.
fn is_text(first: u8) -> bool {
    (0x80..0xc0).contains(&first)
}

/// Writes text in 6 bits a character where one of the alphabets has it.
fn pack(text: &[u8], out: &mut Vec<u8>) -> bool {
    if !(TEXT_MIN..=TEXT_MAX).contains(&text.len()) {
        return false;
    }
    for (head, codes) in TEXT.iter().zip(&CODES) {
        let mut packed = [0; packed_len(TEXT_MAX) + 4];
        let (fours, rest) = text.as_chunks::<4>();
        // Filled up with what both alphabets have.
        let mut last = *b"aaaa";
        last[..rest.len()].copy_from_slice(rest);
        let (mut seen, mut at) = (0, 0);
        for four in fours.iter().chain([&last]) {
            let [a, b, c, d] = four.map(|byte| u32::from(codes[usize::from(byte)]));
            seen |= a | b | c | d;
            let bits = a | b << 6 | c << 12 | d << 18;
            // Room for what is behind the text as well: it is overwritten, or left out.
            packed[at..at + 4].copy_from_slice(&bits.to_le_bytes());
            at += 3;
        }
        if seen & u32::from(NO_CODE) == 0 {
            out.push(head + (text.len() - TEXT_MIN) as u8);
            out.extend_from_slice(&packed[..packed_len(text.len())]);
            return true;
        }
    }

    false
}

/// Writes the text that `dense` begins with as a listpack has it; answers what follows.
fn unpack<'a>(dense: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let second = usize::from(dense[0] >= TEXT[1]);
    let len = usize::from(dense[0] - TEXT[second]) + TEXT_MIN;
    let (packed, rest) = dense[1..].split_at(packed_len(len));
    let alphabet = ALPHABETS[second];
    let mut text = [0; TEXT_MAX];
    let chars = text.as_chunks_mut::<4>().0;
    for (four, few) in chars.iter_mut().zip(packed.chunks(3)) {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(few.get(at).copied().unwrap_or(0)));
        let bits = a | b << 8 | c << 16;
        *four = [0, 6, 12, 18].map(|at| alphabet[(bits >> at & 0x3f) as usize]);
    }
    out.push(0x80 | len as u8);
    out.extend_from_slice(&text[..len]);

    rest
}

const fn packed_len(chars: usize) -> usize {
    (6 * chars).div_ceil(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    fn text(rng: &mut Rng) -> Vec<u8> {
        let from = |rng: &mut Rng, bytes: &[u8], max| -> Vec<u8> {
            (0..rng.index(max))
                .map(|_| bytes[rng.index(bytes.len())])
                .collect()
        };
        match rng.below(8) {
            0 => (rng.below(200) as i64 - 20).to_string().into_bytes(),
            1 => (rng.next_u64() as i64 >> rng.below(64))
                .to_string()
                .into_bytes(),
            2 => from(rng, ALPHABETS[0], 50),
            3 => from(rng, ALPHABETS[1], 50),
            4 => from(rng, &[0, 1, 0x7f, 0x80, 0xff, b'a'], 80),
            5 => vec![b'x'; rng.index(200)],
            6 => format!("field:{}", rng.below(20)).into_bytes(),
            _ => from(rng, b"aZ0:-", 12),
        }
    }

    #[test]
    fn comes_back_as_it_was() {
        let rounds = if cfg!(miri) { 40 } else { 20_000 };
        let mut fitted = 0;
        for seed in 0..rounds {
            let mut rng = Rng::new(seed);
            let mut list = ListPack::new();
            for _ in 0..rng.index(20) {
                list.push_back(&text(&mut rng));
            }
            let max = [60, 255, 1000][rng.index(3)];
            if let Some(dense) = encode(&list, max) {
                assert!(dense.len() <= max);
                assert_eq!(decode(&dense), list);
                fitted += 1;
            }
        }
        assert!(fitted > rounds / 2, "{fitted} fitted");
    }

    #[test]
    fn is_as_short_as_it_says() {
        let len = |texts: &[&str]| {
            let mut list = ListPack::new();
            texts
                .iter()
                .for_each(|text| list.push_back(text.as_bytes()));
            let dense = encode(&list, 255).map(|dense| dense.len());
            assert_eq!(
                dense.map(|_| list.clone()),
                dense.map(|_| decode(&encode(&list, 255).expect("it was short")))
            );
            dense
        };
        assert_eq!(len(&[]), Some(0));
        assert_eq!(
            len(&["0", "63", "64", "127", "128"]),
            Some(1 + 1 + 2 + 2 + 2)
        );
        assert_eq!(
            len(&["abcd", "abcde", "abcdefgh", "ABCDEFGH"]),
            Some(5 + 5 + 7 + 7)
        );
        assert_eq!(len(&["B:cdefgh"]), Some(9));
        assert_eq!(len(&["0123456789abcdef0123-456789abcdef:::"]), Some(28));
        assert_eq!(len(&["0123456789abcdef0123-456789abcdef::::"]), Some(38));
        assert_eq!(len(&["é".repeat(120).as_str()]), Some(242));
        assert_eq!(len(&["é".repeat(127).as_str()]), None);
    }
}
