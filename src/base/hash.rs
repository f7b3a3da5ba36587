//! SipHash-1-3 (Aumasson, Bernstein; the 1-3 variant as in Rust's std): a keyed hash that hostile
//! keys cannot flood, made of 64-bit additions, rotations and xors only, which wasm has as single
//! instructions. The same seed and bytes give the same hash on every target.

/// Hashes `bytes` under `seed`.
pub fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = State::new(seed, seed ^ 0x9e37_79b9_7f4a_7c15);
    let (words, tail) = bytes.as_chunks::<8>();
    for word in words {
        state.absorb(u64::from_le_bytes(*word));
    }

    let tail = match bytes.last_chunk::<8>() {
        _ if tail.is_empty() => 0,
        // The last eight bytes, without those that are absorbed.
        Some(end) => u64::from_le_bytes(*end) >> (64 - 8 * tail.len()),
        None => {
            let byte_before = |value, byte: &u8| value << 8 | u64::from(*byte);
            tail.iter().rev().fold(0, byte_before)
        }
    };
    state.absorb((bytes.len() as u64) << 56 | tail);
    state.finish()
}

struct State {
    v0: u64,
    v1: u64,
    v2: u64,
    v3: u64,
}

impl State {
    #[inline]
    fn new(k0: u64, k1: u64) -> State {
        State {
            v0: k0 ^ 0x736f_6d65_7073_6575,
            v1: k1 ^ 0x646f_7261_6e64_6f6d,
            v2: k0 ^ 0x6c79_6765_6e65_7261,
            v3: k1 ^ 0x7465_6462_7974_6573,
        }
    }

    #[inline]
    fn absorb(&mut self, word: u64) {
        self.v3 ^= word;
        self.round();
        self.v0 ^= word;
    }

    #[inline]
    fn finish(mut self) -> u64 {
        self.v2 ^= 0xff;
        self.round();
        self.round();
        self.round();
        self.v0 ^ self.v1 ^ self.v2 ^ self.v3
    }

    #[inline]
    fn round(&mut self) {
        self.v0 = self.v0.wrapping_add(self.v1);
        self.v2 = self.v2.wrapping_add(self.v3);
        self.v1 = self.v1.rotate_left(13) ^ self.v0;
        self.v3 = self.v3.rotate_left(16) ^ self.v2;
        self.v0 = self.v0.rotate_left(32);
        self.v2 = self.v2.wrapping_add(self.v1);
        self.v0 = self.v0.wrapping_add(self.v3);
        self.v1 = self.v1.rotate_left(17) ^ self.v2;
        self.v3 = self.v3.rotate_left(21) ^ self.v0;
        self.v2 = self.v2.rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_std() {
        // std's default hasher is SipHash-1-3 with both keys 0.
        use std::hash::Hasher;
        #[allow(clippy::disallowed_types)]
        let std_hash = |bytes: &[u8]| {
            let mut hasher = std::collections::hash_map::DefaultHasher::new();
            hasher.write(bytes);
            hasher.finish()
        };
        let bytes: Vec<u8> = (0..64).collect();
        let by_words = |mut state: State, len: usize| {
            let (words, tail) = bytes[..len].as_chunks::<8>();
            words
                .iter()
                .for_each(|word| state.absorb(u64::from_le_bytes(*word)));
            let mut last = [0; 8];
            last[..tail.len()].copy_from_slice(tail);
            last[7] = len as u8;
            state.absorb(u64::from_le_bytes(last));
            state.finish()
        };
        for len in 0..64 {
            assert_eq!(by_words(State::new(0, 0), len), std_hash(&bytes[..len]));
            let seeded = State::new(5, 5 ^ 0x9e37_79b9_7f4a_7c15);
            assert_eq!(by_words(seeded, len), hash(5, &bytes[..len]));
        }
    }

    #[test]
    fn every_byte_the_length_and_the_seed_count() {
        let mut seen = std::collections::BTreeSet::new();
        for len in 0..40 {
            assert!(seen.insert(hash(1, &vec![0; len])));
            assert!(seen.insert(hash(2, &vec![0; len])));
            for i in 0..len {
                let mut bytes = vec![0; len];
                bytes[i] = 1;
                assert!(seen.insert(hash(1, &bytes)));
            }
        }
    }
}
