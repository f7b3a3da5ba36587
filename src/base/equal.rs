//! Whether two keys are the same.

/// As `==`, without a call: WebAssembly has no instruction for it, and its library compares byte by byte. Two words,
/// which overlap, cover any length up to twice theirs.
#[inline]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && match a.len() {
            4..=8 => ends::<4>(a) == ends::<4>(b),
            9..=16 => ends::<8>(a) == ends::<8>(b),
            17..=32 => ends::<16>(a) == ends::<16>(b),
            _ => a == b,
        }
}

#[inline(always)]
fn ends<const N: usize>(bytes: &[u8]) -> Option<(u128, u128)> {
    let word = |chunk: &[u8; N]| {
        let mut all = [0; 16];
        all[..N].copy_from_slice(chunk);
        u128::from_le_bytes(all)
    };

    Some((word(bytes.first_chunk()?), word(bytes.last_chunk()?)))
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn any_other_byte_makes_another() {
        for len in 0..70 {
            let a: Vec<u8> = (0..len).collect();
            assert!(equal(&a, &a.clone()));
            for at in 0..a.len() {
                let mut b = a.clone();
                b[at] ^= 0x80;
                assert!(!equal(&a, &b), "byte {at} of {len}");
                assert!(!equal(&a[..at], &a), "{at} bytes of {len}");
            }
        }
    }
}
