use super::*;
use crate::keyspace::{Changed, ExpirySetting};
use crate::value::{Limits, Str, Typed};

const KEYS: usize = 1000;

/// `KEYS` keys, each written a second after the one before; every other one expires, the later the later.
fn filled(policy: Policy) -> Keyspace {
    let mut keyspace = Keyspace::new(Limits::default());
    keyspace.set_eviction(Eviction {
        policy,
        ..Eviction::default()
    });
    for i in 0..KEYS {
        let now_ms = 1_000_000 + i as u64 * 1000;
        keyspace.set_now(now_ms);
        let expiry = match i % 2 {
            0 => ExpirySetting::Clear,
            _ => ExpirySetting::At(1_000_000_000 + i as u64),
        };
        let value = Str::from_bytes(b"value").into_value();
        keyspace
            .keys_mut(i % 2)
            .set(name(i).as_bytes(), "set", value, expiry);
    }

    keyspace
}

fn name(i: usize) -> String {
    format!("key:{i}")
}

/// Numbers of the keys that go, in order.
fn evicted(keyspace: &mut Keyspace, n: usize) -> Vec<usize> {
    let mut rng = Rng::new(7);
    let number = |(_, key): (usize, Box<[u8]>)| {
        let text = String::from_utf8_lossy(&key).into_owned();
        text["key:".len()..].parse().expect("a number")
    };

    (0..n)
        .map_while(|_| keyspace.evict(&mut rng).map(number))
        .collect()
}

/// How many of the numbers are among the first `n`.
fn among(numbers: &[usize], n: usize) -> usize {
    numbers.iter().filter(|i| **i < n).count()
}

#[test]
fn lru_lets_the_longest_unused_go() {
    let mut keyspace = filled(Policy::AllKeysLru);
    // A read counts: the oldest become the youngest.
    for i in 0..100 {
        assert!(keyspace.keys(i % 2).value(name(i).as_bytes()).is_some());
    }
    let gone = evicted(&mut keyspace, 200);
    assert_eq!(among(&gone, 100), 0, "{gone:?}");
    assert!(among(&gone, 500) > 190, "{gone:?}");
    assert_eq!(keyspace.stats.evicted, 200);
    assert_eq!(keyspace.keys(0).len() + keyspace.keys(1).len(), KEYS - 200);
}

#[test]
fn volatile_policies_touch_no_key_without_expiry() {
    for policy in [
        Policy::VolatileLru,
        Policy::VolatileLfu,
        Policy::VolatileRandom,
        Policy::VolatileTtl,
    ] {
        let mut keyspace = filled(policy);
        let gone = evicted(&mut keyspace, KEYS);
        assert_eq!(gone.len(), KEYS / 2, "{policy:?}");
        assert!(gone.iter().all(|i| i % 2 == 1), "{policy:?}");
        assert_eq!(keyspace.keys(0).len(), KEYS / 2);
    }
}

#[test]
fn ttl_lets_go_what_would_go_soonest() {
    let gone = evicted(&mut filled(Policy::VolatileTtl), 100);
    assert!(among(&gone, 400) > 90, "{gone:?}");
}

#[test]
fn lfu_counts_with_the_logarithm_and_forgets_with_time() {
    let mut keyspace = filled(Policy::AllKeysLfu);
    for _ in 0..10_000 {
        assert!(keyspace.keys(0).value(b"key:0").is_some());
    }
    let entry = keyspace.keys(0).entry(b"key:0").expect("it is there");
    let frequency = keyspace.frequency(entry);
    // Redis: about 10 after 100 accesses and 18 after 1,000; 10,000 come to about 50.
    assert!((35..75).contains(&frequency), "{frequency}");
    let gone = evicted(&mut keyspace, 500);
    assert!(!gone.contains(&0), "what is used most stays");
    keyspace.set_now(keyspace.now_ms() + 5 * 60_000);
    let entry = keyspace.keys(0).entry(b"key:0").expect("it is there");
    assert_eq!(keyspace.frequency(entry), frequency - 5);
}

#[test]
fn random_policies_let_any_go_and_none_lets_none() {
    let gone = evicted(&mut filled(Policy::AllKeysRandom), KEYS + 1);
    assert_eq!(gone.len(), KEYS);
    assert!(evicted(&mut filled(Policy::NoEviction), 1).is_empty());
}

#[test]
fn few_keys_that_expire_are_found_among_many() {
    let mut keyspace = filled(Policy::AllKeysLru);
    for i in (3..KEYS).step_by(2) {
        keyspace
            .keys_mut(1)
            .set_expiry(name(i).as_bytes(), "persist", None);
    }
    keyspace.set_eviction(Eviction {
        policy: Policy::VolatileLru,
        ..Eviction::default()
    });
    assert_eq!(evicted(&mut keyspace, 2), [1]);
}

#[test]
fn writing_counts_as_an_access_and_keeps_the_counter() {
    let mut keyspace = filled(Policy::AllKeysLfu);
    let frequency = |keyspace: &Keyspace| {
        let entry = keyspace.keys(0).entry(b"key:0").expect("it is there");
        keyspace.frequency(entry)
    };
    keyspace.set_eviction(Eviction {
        policy: Policy::AllKeysLfu,
        log_factor: 0,
        decay_minutes: 0,
        ..Eviction::default()
    });
    let before = frequency(&keyspace);
    let value = Str::from_bytes(b"other").into_value();
    let mut keys = keyspace.keys_mut(0);
    keys.set(b"key:0", "set", value, ExpirySetting::Clear);
    assert_eq!(frequency(&keyspace), before + 1);
    let append = |value: &mut Str, _: &Limits| (value.append(b"more"), Changed(1));
    let changed = keyspace.keys_mut(0).update(b"key:0", "append", append);
    assert_eq!((changed, frequency(&keyspace)), (Ok(9), before + 2));
    keyspace.keys_mut(0).remove(b"key:0", "del");
    let value = Str::from_bytes(b"new").into_value();
    let mut keys = keyspace.keys_mut(0);
    keys.set(b"key:0", "set", value, ExpirySetting::Clear);
    assert_eq!(frequency(&keyspace), 5);
}
