use std::collections::BTreeMap;

use super::*;
use crate::value::{Readable, Set, Str, StrRef, Typed};

fn set(keyspace: &mut Keyspace, db: usize, key: &str, text: &str, expiry: ExpirySetting) {
    let value = Str::from_bytes(text.as_bytes()).into_value();
    keyspace
        .keys_mut(db)
        .set(key.as_bytes(), "set", value, expiry);
}

fn text(keyspace: &Keyspace, db: usize, key: &str) -> Option<String> {
    let value = keyspace
        .keys(db)
        .read::<StrRef>(key.as_bytes())
        .expect("a string");
    value.map(|value| String::from_utf8(value.bytes().into_owned()).expect("text"))
}

#[test]
fn what_is_due_is_hidden_and_then_removed_by_the_leader_alone() {
    let mut keyspace = Keyspace::new(Limits::default());
    keyspace.set_now(1_000);
    set(&mut keyspace, 0, "a", "1", ExpirySetting::At(1_500));
    keyspace.set_authority(Authority::Follower);
    keyspace.set_now(1_501);
    assert_eq!(text(&keyspace, 0, "a"), None);
    assert_eq!(keyspace.expire_due(10), 0);
    assert_eq!(keyspace.keys(0).len(), 1);
    keyspace.set_authority(Authority::Leader);
    assert_eq!(keyspace.expire_due(10), 1);
    assert_eq!(keyspace.take_expired(), vec![(0, Box::from(&b"a"[..]))]);
    assert_eq!(keyspace.keys(0).len(), 0);
}

#[test]
fn a_walk_sees_one_instant() {
    let mut keyspace = Keyspace::new(Limits::default());
    let mut expected = BTreeMap::new();
    for i in 0..1_000 {
        let (db, key) = (i % 3, format!("key:{i}"));
        set(
            &mut keyspace,
            db,
            &key,
            &format!("old:{i}"),
            ExpirySetting::Clear,
        );
        expected.insert((db, key), format!("old:{i}"));
    }
    keyspace.walk_begin();
    let mut seen = BTreeMap::new();
    let mut step = 0;
    loop {
        step += 1;
        let going = keyspace.walk_step(7, |walked| {
            let value = StrRef::of(walked.value)
                .expect("a string")
                .bytes()
                .into_owned();
            let key = String::from_utf8(walked.key.to_vec()).expect("text");
            let value = String::from_utf8(value).expect("text");
            assert_eq!(seen.insert((walked.db, key), value), None, "each key once");
        });
        if !going {
            break;
        }
        let (old, new) = (format!("key:{}", step * 13 % 1_000), format!("new:{step}"));
        set(
            &mut keyspace,
            step * 13 % 1_000 % 3,
            &old,
            "changed",
            ExpirySetting::Clear,
        );
        set(&mut keyspace, 1, &new, "new", ExpirySetting::Clear);
        let gone = step * 29 % 1_000;
        keyspace
            .keys_mut(gone % 3)
            .remove(format!("key:{gone}").as_bytes(), "del");
        match step {
            20 => keyspace.swap_databases(0, 1),
            40 => {
                keyspace.flush_database(0);
            }
            _ => {}
        }
    }
    assert!(step > 40, "the walk was too short to be disturbed");
    assert_eq!(seen, expected);
}

#[test]
fn a_watched_key_is_touched_by_each_door() {
    let mut keyspace = Keyspace::new(Limits::default());
    let mut last = keyspace.watch(0, b"k");
    let mut touched = |keyspace: &mut Keyspace| {
        let now = keyspace.touches(0, b"k");
        let moved = now != last;
        last = now;
        moved
    };
    set(&mut keyspace, 0, "other", "1", ExpirySetting::Clear);
    assert!(!touched(&mut keyspace));
    set(&mut keyspace, 0, "k", "1", ExpirySetting::Clear);
    assert!(touched(&mut keyspace));
    keyspace.keys_mut(0).set_expiry(b"k", "expire", Some(5_000));
    assert!(touched(&mut keyspace));
    keyspace.set_now(6_000);
    assert!(touched(&mut keyspace));
    set(&mut keyspace, 0, "k", "1", ExpirySetting::Clear);
    assert!(touched(&mut keyspace));
    keyspace.flush_database(0);
    assert!(touched(&mut keyspace));
}

/// What is observed and has changed since the last time, as text.
fn changed(keyspace: &mut Keyspace) -> Vec<String> {
    let mut seen = Vec::new();
    keyspace.take_changed(|db, key, fate| {
        seen.push(format!("{db} {} {fate:?}", String::from_utf8_lossy(key)));
    });
    seen.sort();

    seen
}

#[test]
fn observed_keys_are_told_once_with_what_became_of_them() {
    let mut keyspace = Keyspace::new(Limits::default());
    set(&mut keyspace, 0, "k", "1", ExpirySetting::Clear);
    keyspace.observe(Observable::Key, 0, b"k");
    keyspace.observe(Observable::Pattern, 3, b"user:*");
    assert!(!keyspace.has_changed());
    set(&mut keyspace, 0, "k", "2", ExpirySetting::Clear);
    set(&mut keyspace, 0, "k", "3", ExpirySetting::At(5_000));
    set(&mut keyspace, 1, "k", "1", ExpirySetting::Clear);
    set(&mut keyspace, 3, "user:1", "1", ExpirySetting::Clear);
    keyspace.keys_mut(3).remove(b"user:1", "del");
    set(&mut keyspace, 3, "use", "1", ExpirySetting::Clear);
    assert_eq!(changed(&mut keyspace), ["0 k Set", "3 user:1 Deleted"]);
    keyspace.set_now(6_000);
    keyspace.expire_due(10);
    assert_eq!(changed(&mut keyspace), ["0 k Expired"]);
    keyspace.flush_database(3);
    assert_eq!(changed(&mut keyspace), ["3  All"]);
    keyspace.unobserve(Observable::Key, 0, b"k");
    keyspace.unobserve(Observable::Pattern, 3, b"user:*");
    set(&mut keyspace, 0, "k", "1", ExpirySetting::Clear);
    keyspace.flush_database(3);
    assert!(!keyspace.has_changed());
}

#[test]
fn a_tracked_read_is_known_by_what_it_looked_at() {
    let mut keyspace = Keyspace::new(Limits::default());
    set(&mut keyspace, 0, "there", "1", ExpirySetting::Clear);
    let _ = keyspace.keys(0).contains(b"unseen");
    keyspace.track(true);
    let _ = keyspace.keys(0).read::<StrRef>(b"there");
    let _ = keyspace.keys(2).contains(b"absent");
    let _ = keyspace.keys(5).len();
    keyspace.track(false);
    let _ = keyspace.keys(0).contains(b"unseen");
    let looked = keyspace.take_looked();
    let keys: Vec<(usize, &[u8])> = looked.keys.iter().map(|(db, key)| (*db, &**key)).collect();
    assert_eq!(keys, [(0, &b"there"[..]), (2, &b"absent"[..])]);
    assert_eq!(looked.databases, 1 << 5);
}

#[test]
fn a_version_is_never_told_as_older_than_it_is() {
    let mut keyspace = Keyspace::new(Limits::default());
    for version in [7, (1 << 32) - 1, 1 << 32, (1 << 32) + 9, (5 << 32) + 3] {
        keyspace.set_version(version);
        set(&mut keyspace, 0, "k", "1", ExpirySetting::Clear);
        for later in [0, 1, 1000, (1 << 32) - 1] {
            keyspace.set_version(version + later);
            let entry = keyspace.keys(0).entry(b"k").expect("it is there");
            assert_eq!(keyspace.version_of(entry), version);
        }
        keyspace.set_version(version + (1 << 32));
        let entry = keyspace.keys(0).entry(b"k").expect("it is there");
        assert_eq!(keyspace.version_of(entry), version + (1 << 32));
    }
}

#[test]
fn walks_given_up_leave_no_mark_that_hides_a_key() {
    let mut keyspace = Keyspace::new(Limits::default());
    for i in 0..20 {
        let key = format!("key:{i}");
        set(&mut keyspace, 0, &key, "1", ExpirySetting::Clear);
    }
    // More than there are marks, each having met some of the keys.
    for _ in 0..600 {
        keyspace.walk_begin();
        keyspace.walk_step(7, |_| {});
        keyspace.walk_abort();
        keyspace.walk_begin();
        let mut seen = 0;
        while keyspace.walk_step(9, |_| seen += 1) && seen < 15 {}
        keyspace.walk_abort();
        assert!(seen >= 15);
    }
    keyspace.walk_begin();
    let mut seen = 0;
    while keyspace.walk_step(7, |_| seen += 1) {}
    assert_eq!(seen, 20);
}

#[test]
fn what_is_large_is_dropped_in_slices() {
    let mut keyspace = Keyspace::new(Limits::default());
    let fill = |set: &mut Set, limits: &Limits| {
        for i in 0..20_000 {
            set.insert(format!("member:{i}").as_bytes(), limits);
        }
        ((), Changed(1))
    };
    assert_eq!(keyspace.keys_mut(0).update(b"big", "sadd", fill), Ok(()));
    assert_eq!(keyspace.keys_mut(1).update(b"big", "sadd", fill), Ok(()));
    let empty = Keyspace::new(Limits::default()).bytes();
    assert!(keyspace.keys_mut(0).delete(b"big", "del"));
    assert_eq!(keyspace.flush_database(1), 1);
    assert_eq!(keyspace.bytes(), empty);
    let mut slices = 0;
    while keyspace.has_remains() {
        keyspace.drop_remains(1000);
        slices += 1;
    }
    assert!(slices >= 40, "{slices}");
}
