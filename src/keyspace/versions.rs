//! Version words: what a copy of a value outside the engine is proven fresh by.
//!
//! Every change of a key moves on the word at the key's hash, and what may concern any key moves on all of them. A
//! copy whose word is what it was when the copy was made is fresh, but for its time to live: a key that is due is
//! gone before anybody takes it out of the table. Keys that share a word make each other's copies look old, no more.
use super::Keyspace;

/// A power of two. 64 KB, which a program pays that keeps copies.
const WORDS: usize = 1 << 14;

/// The word that says whether accesses are worth telling (`tells_accesses`); no key's.
const ACCESSES: usize = 0;

#[derive(Debug, Default)]
pub(super) struct Versions {
    /// Empty until somebody wants them. Never reallocated after that: readers hold its address.
    words: Vec<u32>,
}

/// The place of a key's word: a multiplicative hash. Who makes keys collide makes copies look old, no more.
fn place(db: usize, key: &[u8]) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let (words, tail) = key.as_chunks::<8>();
    let begun = mix(db as u64, key.len() as u64);
    let hash = words
        .iter()
        .fold(begun, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let hash = tail
        .iter()
        .fold(hash, |hash, byte| mix(hash, (*byte).into()));
    let place = (hash >> 40) as usize % WORDS;

    place.max(ACCESSES + 1)
}

impl Versions {
    #[inline]
    pub(super) fn touch(&mut self, db: usize, key: &[u8]) {
        if !self.words.is_empty() {
            self.move_on(db, key);
        }
    }

    fn move_on(&mut self, db: usize, key: &[u8]) {
        let word = &mut self.words[place(db, key)];
        *word = word.wrapping_add(1);
    }

    pub(super) fn touch_all(&mut self) {
        for word in self.words.iter_mut().skip(ACCESSES + 1) {
            *word = word.wrapping_add(1);
        }
    }

    /// Copies that were made before it was so are old: what a hit has to do is known to them.
    pub(super) fn tell_accesses(&mut self, wanted: bool) {
        let wanted = u32::from(wanted);
        if let Some(word) = self.words.get_mut(ACCESSES)
            && *word != wanted
        {
            *word = wanted;
            self.touch_all();
        }
    }
}

impl Keyspace {
    /// The words, from now on counted. The first one is no key's: 1 where evicting goes by accesses, so that those
    /// that a copy answers should be told (TOUCH); otherwise 0. They stay where they are as long as the engine lives.
    pub fn versions(&mut self) -> &[u32] {
        if self.watches.versions.words.is_empty() {
            self.watches.versions.words = vec![0; WORDS];
            let counts = self.counts_accesses();
            self.watches.versions.tell_accesses(counts);
        }

        &self.watches.versions.words
    }

    /// Which word is the key's.
    pub fn version_place(&self, db: usize, key: &[u8]) -> usize {
        place(db, key)
    }

    /// Every copy is old: what a key stands for is another thing from now on.
    pub fn touch_versions(&mut self) {
        self.watches.versions.touch_all();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Authority, Eviction, ExpirySetting, Policy};
    use super::*;
    use crate::value::{Limits, Value};

    fn text(bytes: &[u8]) -> Value {
        Value::String(crate::value::Str::from_bytes(bytes))
    }

    /// A keyspace with the key `a`, its words counted.
    fn with_key(expiry: ExpirySetting) -> Keyspace {
        let mut space = Keyspace::new(Limits::default());
        space.set_now(1000);
        space.versions();
        space.keys_mut(0).set(b"a", "set", text(b"1"), expiry);

        space
    }

    #[test]
    fn every_change_of_a_key_moves_its_word_on() {
        type Change = fn(&mut Keyspace);
        let changes: [(&str, Change); 9] = [
            ("set", |space| {
                let value = text(b"2");
                space
                    .keys_mut(0)
                    .set(b"a", "set", value, ExpirySetting::Keep);
            }),
            ("remove", |space| {
                space.keys_mut(0).remove(b"a", "del");
            }),
            ("expire", |space| {
                space.keys_mut(0).set_expiry(b"a", "expire", Some(5000));
            }),
            ("fall due", |space| {
                space.set_now(9000);
                assert_eq!(space.expire_due(10), 1);
            }),
            ("flush", |space| {
                space.flush_database(0);
            }),
            ("swap", |space| space.swap_databases(0, 1)),
            ("replace", |space| {
                let mut fresh = Keyspace::new(Limits::default());
                fresh.take_observers(space);
                *space = fresh;
            }),
            ("evict", |space| {
                space.set_eviction(Eviction {
                    policy: Policy::AllKeysLru,
                    ..Eviction::default()
                });
                let mut rng = crate::base::rng::Rng::new(1);
                assert!(space.evict(&mut rng).is_some());
            }),
            ("apply", |space| {
                space.set_authority(Authority::Applying);
                space.keys_mut(0).remove(b"a", "del");
            }),
        ];
        for (name, change) in changes {
            let mut space = with_key(ExpirySetting::At(2000));
            let place = space.version_place(0, b"a");
            let before = space.versions()[place];
            let address = space.versions().as_ptr();

            change(&mut space);

            assert_ne!(space.versions()[place], before, "{name}");
            assert_eq!(space.versions().as_ptr(), address, "{name}");
        }
    }

    #[test]
    fn what_changes_nothing_moves_no_word() {
        let mut space = with_key(ExpirySetting::Clear);
        let before = space.versions().to_vec();

        space.keys_mut(0).remove(b"none", "del");
        space.keys(0).value(b"a");

        assert_eq!(space.versions(), before);
    }

    #[test]
    fn accesses_are_wanted_where_eviction_goes_by_them() {
        let mut space = with_key(ExpirySetting::Clear);
        assert_eq!(space.versions()[ACCESSES], 0);
        let place = space.version_place(0, b"a");
        let mut before = space.versions()[place];
        for (policy, wanted) in [(Policy::VolatileLfu, 1), (Policy::AllKeysRandom, 0)] {
            space.set_eviction(Eviction {
                policy,
                ..Eviction::default()
            });
            assert_eq!(space.versions()[ACCESSES], wanted);
            assert_ne!(space.versions()[place], before, "copies are made anew");
            before = space.versions()[place];
            space.set_eviction(space.eviction());
            assert_eq!(space.versions()[place], before, "nothing has changed");
        }
    }

    #[test]
    fn keys_that_are_alike_have_words_of_their_own() {
        let places: std::collections::BTreeSet<usize> = (0..1000_u32)
            .map(|n| place(0, format!("user:{n:06}:name").as_bytes()))
            .collect();

        // As many as chance leaves: 1000 draws out of 16384.
        assert!(places.len() > 950, "{}", places.len());
    }
}
