use super::*;
use crate::base::hex;

/// What KEYS of redis-server 7.0.15 answered: the keys, then each pattern with the set of its
/// matches as bits.
#[test]
fn answers_of_the_real_server() {
    let bytes = |text: &str| hex::decode(text.trim_matches('-').as_bytes()).expect(text);
    let mut lines = include_str!("keys.txt").lines();
    let keys: Vec<_> = lines
        .next()
        .expect("a line of keys")
        .split(' ')
        .map(bytes)
        .collect();
    for line in lines {
        let (pattern, matched) = line.split_once(' ').expect(line);
        let (pattern, matched) = (
            bytes(pattern),
            u64::from_str_radix(matched, 16).expect(line),
        );
        for (i, key) in keys.iter().enumerate() {
            let expected = matched >> i & 1 == 1;
            assert_eq!(
                matches(&pattern, key),
                expected,
                "{} {}",
                pattern.escape_ascii(),
                key.escape_ascii()
            );
        }
    }
}

#[test]
fn ends_and_case() {
    assert!(matches(b"", b"") && matches(b"a***", b"a") && matches(b"*", b"a"));
    assert!(
        !matches(b"*", b"") && !matches(b"", b"a") && !matches(b"a", b"") && !matches(b"a*?", b"a")
    );
    assert!(matches_nocase(b"HE[K-M]*", b"hello") && matches_nocase(b"[A]", b"a"));
    assert!(!matches_nocase(b"[\\A]", b"a") && !matches(b"A", b"a"));
}

#[test]
fn many_stars_stay_fast() {
    let text = b"a".repeat(20_000);
    assert!(matches(&b"a*".repeat(20_000), &text));
    assert!(!matches(&[b"*a".repeat(40), b"b".to_vec()].concat(), &text));
}
