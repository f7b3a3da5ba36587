use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::value::{End, Limits, List, Str, StrRef, Typed, ValueRef};

type Model = BTreeMap<Vec<u8>, (Vec<u8>, u64)>;

fn key(n: u64) -> Vec<u8> {
    let name = format!("key:{n}");
    // Some are longer than what a record holds.
    let times = if n.is_multiple_of(17) { 60 } else { 1 };

    name.repeat(times).into_bytes()
}

/// An integer, a short string, a long one, or a list.
fn value(rng: &mut Rng) -> Value {
    match rng.below(5) {
        0 => Str::from_int(rng.below(u64::MAX).cast_signed() >> rng.below(64)).into_value(),
        1 => Str::from_text(&vec![b'x'; rng.index(400)]).into_value(),
        2 => {
            let mut list = List::default();
            list.push(End::Tail, b"element", &Limits::default());
            list.into_value()
        }
        _ => Str::from_text(&vec![b'y'; rng.index(40)]).into_value(),
    }
}

/// A value's encoding and contents.
fn image(value: ValueRef) -> Vec<u8> {
    let mut image = value.encoding().as_bytes().to_vec();
    match value {
        ValueRef::String(text) => image.extend_from_slice(&text.bytes()),
        ValueRef::List(list) => list.iter().for_each(|item| image.extend_from_slice(&item)),
        _ => unreachable!("there are no others here"),
    }

    image
}

fn check(table: &Table, model: &Model) {
    assert_eq!(table.len(), model.len());
    for (key, (value, at)) in model {
        let entry = table.get(key).expect("it is in the model");
        assert_eq!(entry.key(), &**key);
        assert_eq!(&image(entry.value()), value);
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
    let mut lists = 0;
    for i in 0..keys {
        let value = value(&mut rng);
        lists += usize::from(matches!(value, Value::List(_)));
        if let Lookup::Absent(vacant) = table.lookup(&key(i)) {
            vacant.insert(&key(i), value.into(), i % 3);
        }
    }
    let mut remains = Remains::from(table);
    let (mut slices, mut buried) = (0, 0);
    while remains.discard(100, |value| {
        buried += usize::from(matches!(value, Value::List(_)))
    }) {
        slices += 1;
    }
    assert!(slices >= keys / 100);
    assert_eq!(buried, lists);
    assert_eq!(
        remains.memory_bytes(),
        remains.table.arena.table_bytes() + size_of_empty()
    );
}

fn size_of_empty() -> usize {
    let empty = Table::new(0);

    empty.memory_bytes() - empty.arena.table_bytes()
}
