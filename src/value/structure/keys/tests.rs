use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::value::{End, Hash, Limits, List, Set, Str, StrRef, Typed, ValueRef, ZSet};

type Model = BTreeMap<Vec<u8>, (Vec<u8>, u64)>;

fn key(n: u64) -> Vec<u8> {
    let name = format!("key:{n}");
    // Some are longer than what a record holds.
    let times = if n.is_multiple_of(17) { 60 } else { 1 };

    name.repeat(times).into_bytes()
}

/// An integer, a short string, a long one, or a collection of a few or of more members.
fn value(rng: &mut Rng) -> Value {
    match rng.below(8) {
        0 => Str::from_int(rng.below(u64::MAX).cast_signed() >> rng.below(64)).into_value(),
        1 => Str::from_text(&vec![b'x'; rng.index(400)]).into_value(),
        2..6 => collection(rng),
        _ => Str::from_text(&vec![b'y'; rng.index(40)]).into_value(),
    }
}

fn collection(rng: &mut Rng) -> Value {
    let limits = Limits::default();
    let most = [3, 12, 40][rng.index(3)];
    let (members, kind) = (1 + rng.index(most), rng.below(4));
    let mut texts = (0..members).map(|i| match rng.below(3) {
        0 => format!("member:{i}").into_bytes(),
        1 => format!("Member Number {i}!").into_bytes(),
        _ => i.to_string().into_bytes(),
    });
    match kind {
        0 => {
            let mut list = List::default();
            texts.for_each(|text| list.push(End::Tail, &text, &limits));
            list.into_value()
        }
        1 => {
            let mut set = Set::default();
            texts.all(|text| set.insert(&text, &limits));
            set.into_value()
        }
        2 => {
            let mut zset = ZSet::default();
            for (score, text) in texts.enumerate() {
                zset.insert(&text, score as f64 * 1.5, &limits);
            }
            zset.into_value()
        }
        _ => {
            let mut hash = Hash::default();
            texts.all(|text| hash.insert(&text, b"its value", &limits));
            hash.into_value()
        }
    }
}

/// A value's encoding and contents.
fn image(value: ValueRef) -> Vec<u8> {
    let mut image = value.encoding().as_bytes().to_vec();
    match value {
        ValueRef::String(text) => image.extend_from_slice(&text.bytes()),
        ValueRef::List(list) => list.iter().for_each(|item| image.extend_from_slice(&item)),
        ValueRef::Set(set) => set
            .iter()
            .for_each(|member| image.extend_from_slice(&member)),
        ValueRef::ZSet(zset) => zset.iter().for_each(|(member, score)| {
            image.extend_from_slice(&member);
            image.extend_from_slice(&score.to_le_bytes());
        }),
        ValueRef::Hash(hash) => hash.iter().for_each(|(field, value)| {
            image.extend_from_slice(&field);
            image.extend_from_slice(&value);
        }),
        ValueRef::Json(_) => unreachable!("there are no documents here"),
    }

    image
}

fn check(table: &Table, model: &Model) {
    assert_eq!(table.len(), model.len());
    for (key, (value, at)) in model {
        let entry = table.get(key).expect("it is in the model");
        assert_eq!(entry.key(), &**key);
        assert_eq!(&image(entry.value()), value);
        assert_eq!(&entry.with_value(image), value);
        assert_eq!(entry.kind(), entry.value().kind());
        assert_eq!(entry.expires_at_ms().unwrap_or(0), *at);
    }
    let all: BTreeSet<&[u8]> = table.iter().map(Entry::key).collect();
    assert_eq!(all.len(), table.iter().count());
    assert!(all.into_iter().eq(model.keys().map(|key| &**key)));
    let (mut scanned, mut cursor) = (BTreeSet::new(), 0);
    loop {
        cursor = table.scan(cursor, |entry| {
            assert!(scanned.insert(entry.key().to_vec()))
        });
        if cursor == 0 {
            break;
        }
    }
    assert!(scanned.iter().eq(model.keys()));
    let times = model.values().filter(|(_, at)| *at != 0);
    assert_eq!(table.expiring(), times.clone().count());
    assert_eq!(table.first_due_ms(), times.map(|(_, at)| *at).min());
    let boxed = table.iter().filter(|entry| entry.record.is_boxed());
    // SAFETY: the form is looked at, and nobody changes the table meanwhile.
    let bytes = boxed.map(|entry| value_bytes(unsafe { entry.record.boxed_mut() }));
    let boxes: usize = bytes.sum();
    let keys = model.keys().filter(|key| key.len() > record::INLINE_MAX);
    let keys: usize = keys.map(|key| allocated(key.len())).sum();
    assert_eq!(table.boxed_bytes, boxes + keys);
}

#[test]
fn agrees_with_a_map() {
    let (seeds, steps, keys) = if cfg!(miri) {
        (1, 400, 40)
    } else {
        (3, 20_000, 2000)
    };
    for seed in 0..seeds {
        let mut rng = Rng::new(seed);
        let (mut table, mut model) = (Table::new(seed), Model::new());
        for step in 0..steps {
            // Grow, shrink, grow, shrink: the odds of an insertion change with the phase.
            let inserts = [9, 2, 6, 0][(step * 4 / steps) as usize];
            if rng.below(20) == 0 {
                table.settle();
                table.close_opened();
            }
            let key = key(rng.below(keys));
            let at = rng.below(3).min(1) * rng.below(1000);
            match table.lookup(&key) {
                Lookup::Absent(vacant) => {
                    assert!(!model.contains_key(&key));
                    if rng.below(10) < inserts {
                        let value = value(&mut rng);
                        model.insert(key.clone(), (image(value.as_ref()), at));
                        vacant.insert(&key, value.into(), at);
                    }
                }
                Lookup::Found(mut found) => match rng.below(10) {
                    0..3 => {
                        let value = value(&mut rng);
                        let old = model.insert(key, (image(value.as_ref()), at));
                        assert_eq!(old.map(|old| old.0), Some(image(found.entry().value())));
                        found.replace(value.into(), at);
                    }
                    3..5 => {
                        found.set_expiry(at);
                        model.get_mut(&key).expect("it is there").1 = at;
                    }
                    5 => {
                        let other = value(&mut rng);
                        found.change(|value| *value = other.clone());
                        if rng.below(2) == 0 {
                            found.set_expiry(at);
                            model.get_mut(&key).expect("it is there").1 = at;
                        }
                        model.get_mut(&key).expect("it is there").0 = image(other.as_ref());
                    }
                    draw if draw >= inserts => {
                        let removed = found.remove();
                        let known = model.remove(&key).expect("it is there");
                        assert_eq!(image(removed.as_ref()), known.0);
                    }
                    _ => {}
                },
            }
            if step % (steps / 40) == 0 {
                check(&table, &model);
            }
        }
        check(&table, &model);
    }
}

#[test]
fn what_is_known_of_a_key_stays_when_its_value_moves() {
    let mut table = Table::new(0);
    let Lookup::Absent(vacant) = table.lookup(b"k") else {
        unreachable!("nothing is there");
    };
    let entry = vacant.insert(b"k", StrRef::Int(7).into(), 0);
    entry.set_version(1);
    entry.set_access(2);
    entry.set_mark(3);
    let known = |table: &Table| {
        let entry = table.get(b"k").expect("it is there");
        (entry.version(), entry.access(), entry.mark())
    };
    let mut found = table.get_mut(b"k").expect("it is there");
    found.set_expiry(99);
    found.change(|value| *value = Str::from_text(&[b'x'; 100]).into_value());
    assert_eq!(known(&table), (1, 2, 3));
    let mut found = table.get_mut(b"k").expect("it is there");
    found.replace(Str::from_text(&[b'x'; 1000]).into_value().into(), 0);
    assert_eq!(known(&table), (1, 2, 3));
}

#[test]
fn keys_are_drawn_evenly() {
    let mut table = Table::new(1);
    for i in 0..10u64 {
        if let Lookup::Absent(vacant) = table.lookup(&key(i)) {
            vacant.insert(&key(i), StrRef::Int(i.cast_signed()).into(), i);
        }
    }
    let mut rng = Rng::new(9);
    let (mut any, mut due) = ([0usize; 10], [0usize; 10]);
    let draws = if cfg!(miri) { 100 } else { 20_000 };
    for _ in 0..draws {
        let number = |entry: Entry| match entry.value() {
            ValueRef::String(StrRef::Int(i)) => i as usize,
            _ => unreachable!("all are integers"),
        };
        any[number(table.random(&mut rng).expect("not empty"))] += 1;
        due[number(table.random_due(&mut rng).expect("not empty"))] += 1;
    }
    if !cfg!(miri) {
        assert!(any.iter().all(|n| n.abs_diff(2000) < 250), "{any:?}");
        assert!(
            due[0] == 0 && due[1..].iter().all(|n| n.abs_diff(2222) < 250),
            "{due:?}"
        );
    }
}

#[test]
fn remains_are_dropped_in_slices() {
    let mut table = Table::new(1);
    let keys = if cfg!(miri) { 200 } else { 5_000 };
    let mut rng = Rng::new(2);
    for i in 0..keys {
        let value = value(&mut rng);
        if let Lookup::Absent(vacant) = table.lookup(&key(i)) {
            vacant.insert(&key(i), value.into(), i % 3);
        }
    }
    let boxed = table.iter().filter(|entry| entry.record.is_boxed()).count();
    let mut remains = Remains::from(table);
    let (mut slices, mut buried) = (0, 0);
    while remains.discard(100, |_| buried += 1) {
        slices += 1;
    }
    assert!(slices >= keys / 100);
    assert!(boxed > 0);
    assert_eq!(buried, boxed);
    assert_eq!(
        remains.memory_bytes(),
        remains.table.arena.table_bytes() + size_of_empty()
    );
}

fn size_of_empty() -> usize {
    let empty = Table::new(0);

    empty.memory_bytes() - empty.arena.table_bytes()
}

fn small_hash(i: usize) -> Value {
    let mut hash = Hash::default();
    hash.insert(
        b"field",
        format!("value {i}").as_bytes(),
        &Limits::default(),
    );
    hash.into_value()
}

#[test]
fn small_collections_stand_in_the_record_and_may_be_read_all_at_once() {
    let mut table = Table::new(1);
    let keys = if cfg!(miri) { 100 } else { 1000 };
    for i in 0..keys {
        match table.lookup(&key(i)) {
            Lookup::Absent(vacant) => {
                vacant.insert(&key(i), small_hash(i as usize).into(), 0);
            }
            Lookup::Found(_) => unreachable!("it is new"),
        }
    }
    let longs = (0..keys)
        .filter(|i| key(*i).len() > record::INLINE_MAX)
        .count();
    assert_eq!(table.boxes, longs);
    let shown: Vec<_> = (0..keys)
        .map(|i| table.get(&key(i)).expect("it is there").value())
        .collect();
    let again: Vec<_> = (0..keys)
        .map(|i| table.get(&key(i)).expect("it is there").value())
        .collect();
    for (i, (one, other)) in shown.into_iter().zip(again).enumerate() {
        assert_eq!(image(one), image(small_hash(i).as_ref()));
        assert_eq!(image(one), image(other));
    }
    table.settle();
    assert_eq!(
        image(table.get(&key(0)).expect("it is there").value()),
        image(small_hash(0).as_ref())
    );
}

#[test]
fn what_is_read_is_what_was_written_last() {
    let mut table = Table::new(1);
    let mut held = Hash::default();
    if let Lookup::Absent(vacant) = table.lookup(b"key") {
        held.insert(b"field:0", b"0", &Limits::default());
        vacant.insert(b"key", held.clone().into_value().into(), 0);
    }
    // It grows until it needs a box, and shrinks.
    for i in 0..60 {
        let shown = table.get(b"key").expect("it is there").value();
        assert_eq!(image(shown), image(ValueRef::Hash(&held)));
        let change = |hash: &mut Hash| match i {
            0..40 => hash.insert(
                format!("field:{i}").as_bytes(),
                b"some value",
                &Limits::default(),
            ),
            _ => hash.remove(format!("field:{}", i - 40).as_bytes()),
        };
        change(&mut held);
        let mut found = table.get_mut(b"key").expect("it is there");
        found.change(|value| change(Hash::of_mut(value).expect("it is one")));
    }
    let removed = table.get_mut(b"key").expect("it is there").remove();
    assert_eq!(image(removed.as_ref()), image(ValueRef::Hash(&held)));
    assert_eq!(
        (table.boxes, table.boxed_bytes, table.arena.live_bytes()),
        (0, 0, 0)
    );
}

#[test]
fn what_was_changed_stays_open_until_others_were() {
    let mut table = Table::new(1);
    let count = if cfg!(miri) { 50 } else { 200 };
    for i in 0..count {
        if let Lookup::Absent(vacant) = table.lookup(&key(i)) {
            vacant.insert(&key(i), small_hash(i as usize).into(), i % 2);
        }
    }
    let bytes = table.memory_bytes();
    let open = |table: &Table| table.iter().filter(|entry| entry.record.is_boxed()).count();
    for i in 0..count {
        let mut found = table.get_mut(&key(i)).expect("it is there");
        found.change(|value| *value = small_hash(7));
        assert!(found.entry().record.is_boxed());
        found.set_expiry(i % 3);
        table.close_opened();
        assert!(open(&table) <= 32);
    }
    for i in 0..count {
        let entry = table.get(&key(i)).expect("it is there");
        assert_eq!(image(entry.value()), image(small_hash(7).as_ref()));
        assert_eq!(entry.expires_at_ms().unwrap_or(0), i % 3);
    }
    assert_eq!(open(&table), 32);
    for i in (0..count).rev() {
        table.get_mut(&key(i)).expect("it is there").remove();
    }
    table.close_opened();
    assert_eq!((table.boxes, table.arena.live_bytes()), (0, 0));
    assert!(table.memory_bytes() < bytes);
}
