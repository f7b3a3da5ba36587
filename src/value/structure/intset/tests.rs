use std::collections::BTreeSet;

use super::*;
use crate::base::hex;
use crate::base::rng::Rng;

#[test]
fn agrees_with_a_set() {
    let mut rng = Rng::new(3);
    for width in [8, 16, 33, 64] {
        let (mut set, mut model) = (IntSet::new(), BTreeSet::new());
        for step in 0..4000 {
            let value = (rng.next_u64() as i64) >> (64 - width);
            let value = if step % 2 == 0 { value % 50 } else { value };
            if rng.below(3) > 0 {
                assert_eq!(set.insert(value), model.insert(value));
            } else {
                assert_eq!(set.remove(value), model.remove(&value));
            }
            assert_eq!(set.contains(value), model.contains(&value));
            assert_eq!(set.len(), model.len());
        }
        assert!(
            set.iter().eq(model.iter().copied())
                && set.iter().rev().eq(model.iter().rev().copied())
        );
        assert_eq!(IntSet::from_bytes(set.as_bytes()).as_ref(), Some(&set));
    }
}

/// The set's numbers in the order of insertion, and its image in a DUMP of redis-server 7.0.15.
#[test]
fn images_of_the_real_server() {
    for line in include_str!("images.txt").lines() {
        let (values, image) = line.split_once(' ').expect(line);
        let mut set = IntSet::new();
        for value in values.split(',') {
            set.insert(value.parse().expect(line));
        }
        assert_eq!(hex::encode(set.as_bytes()), image);
    }
}

#[test]
fn refuses_bad_images() {
    let good = "0200000002000000".to_owned() + "ffff0100";
    let bytes = |text: &str| hex::decode(text.as_bytes()).expect("hex");
    assert!(IntSet::from_bytes(&bytes(&good)).is_some());
    for bad in [
        "",
        "02000000",
        "0200000000000000",
        "02000000020000000100ffff",
        "020000000200000001000100",
        "020000000200000001",
        "0300000001000000010203",
        "0200000001000000ffff0100",
        "08000000ffffffff01",
        "ff00000001000000010000000000000000",
        "0200010002000000ffff0100",
    ] {
        assert_eq!(IntSet::from_bytes(&bytes(bad)), None, "{bad}");
    }
}
