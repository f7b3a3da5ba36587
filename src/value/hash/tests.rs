use std::collections::BTreeMap;

use super::*;

fn limits(entries: usize, value: usize) -> Limits {
    Limits {
        hash_max_listpack_entries: entries,
        hash_max_listpack_value: value,
        seed: 3,
        ..Limits::default()
    }
}

fn sorted(hash: &Hash) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let owned = |(field, value): (Cow<[u8]>, Cow<[u8]>)| (field.into_owned(), value.into_owned());

    hash.iter().map(owned).collect()
}

#[test]
fn agrees_with_a_map() {
    for seed in 0..8 {
        let mut rng = Rng::new(seed);
        let limits = limits([0, 16, 64, 10_000][seed as usize % 4], 20);
        let (mut hash, mut model) = (Hash::default(), BTreeMap::new());
        for step in 0..3000 {
            let field = match rng.below(3) {
                0 => rng.below(60).to_string().into_bytes(),
                _ => format!("field:{}", rng.below(60)).into_bytes(),
            };
            // Now and then something too long to be packed, but only late.
            let long = if step > 2000 && rng.below(50) == 0 {
                21
            } else {
                0
            };
            let value = [rng.below(1 << 40).to_string().as_bytes(), &vec![b'x'; long]].concat();
            match rng.below(3) {
                0 => assert_eq!(hash.remove(&field), model.remove(&field).is_some()),
                _ => {
                    let new = hash.insert(&field, &value, &limits);
                    assert_eq!(new, model.insert(field.clone(), value).is_none());
                }
            }
            assert_eq!(
                hash.get(&field).as_deref(),
                model.get(&field).map(|value| &**value)
            );
            assert_eq!(hash.contains(&field), model.contains_key(&field));
            assert_eq!(
                (hash.len(), hash.is_empty()),
                (model.len(), model.is_empty())
            );
            if step % 100 == 0 {
                assert_eq!(sorted(&hash), model);
                let mut shown = BTreeMap::new();
                let mut cursor = 0;
                loop {
                    cursor = hash.scan(cursor, |field, value| {
                        shown.insert(field.to_vec(), value.to_vec());
                    });
                    if cursor == 0 {
                        break;
                    }
                }
                assert_eq!(shown, model);
                for (field, value) in hash.random(20, &mut rng) {
                    assert_eq!(model.get(&*field).map(|value| &**value), Some(&*value));
                }
                let drawn = hash.random_distinct(20, &mut rng);
                let distinct: BTreeMap<_, _> = drawn.iter().cloned().collect();
                assert_eq!(
                    (drawn.len(), distinct.len()),
                    (20.min(model.len()), drawn.len())
                );
            }
        }
    }
}

#[test]
fn packed_until_a_limit() {
    let limits = limits(3, 5);
    let mut hash = Hash::default();
    for field in ["b", "a", "c"] {
        hash.insert(field.as_bytes(), b"12345", &limits);
        assert_eq!(hash.encoding(), "listpack");
    }
    let order: Vec<_> = hash.iter().map(|(field, _)| field.into_owned()).collect();
    assert_eq!(order, [b"b", b"a", b"c"]);
    let mut long = hash.clone();
    assert!(!long.insert(b"a", b"123456", &limits));
    assert_eq!(long.encoding(), "hashtable");
    assert!(hash.insert(b"d", b"1", &limits));
    assert_eq!(hash.encoding(), "hashtable");
    hash.remove(b"a");
    assert_eq!((hash.encoding(), hash.len()), ("hashtable", 3));
}

#[test]
fn memory_is_given_back() {
    let limits = limits(0, 0);
    let mut hash = Hash::default();
    hash.insert(b"stays", b"", &limits);
    let before = hash.memory_bytes();
    hash.insert(b"goes", &[1; 1000], &limits);
    assert!(hash.memory_bytes() >= before + 1000);
    hash.insert(b"goes", &[1; 10], &limits);
    hash.remove(b"goes");
    assert_eq!(hash.memory_bytes(), before);
}

#[test]
fn hostile_listpacks() {
    let limits = limits(2, 5);
    let from = |entries: &[&[u8]]| {
        let mut list = ListPack::new();
        entries.iter().for_each(|entry| list.push_back(entry));
        Hash::from_listpack_bytes(list.as_bytes(), &limits)
    };
    assert!(from(&[b"a", b"1", b"b"]).is_none());
    assert!(from(&[b"a", b"1", b"a", b"2"]).is_none());
    assert!(from(&[b"7", b"1", b"7", b"2"]).is_none());
    let packed = from(&[b"a", b"1", b"b", b"1"]).expect("valid");
    assert_eq!((packed.encoding(), packed.len()), ("listpack", 2));
    let bytes = packed.as_listpack_bytes().expect("packed");
    assert!(Hash::from_listpack_bytes(bytes, &limits).is_some());
    assert!(Hash::from_listpack_bytes(&bytes[1..], &limits).is_none());
    let table = from(&[b"a", b"1", b"b", b"2", b"c", b"3"]).expect("valid");
    assert_eq!(
        (table.encoding(), table.get(b"c").as_deref()),
        ("hashtable", Some(&b"3"[..]))
    );
    assert!(table.as_listpack_bytes().is_none());
}
