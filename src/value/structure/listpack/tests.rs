use super::*;
use crate::base::rng::Rng;
use crate::base::{crc, hex};

fn value(rng: &mut Rng) -> Vec<u8> {
    match rng.below(8) {
        0..3 => {
            let bits = 1 + rng.below(63);
            number::format_i64(rng.next_u64() as i64 >> bits).into_bytes()
        }
        3 => vec![b'x'; rng.index(5000)],
        4 => vec![b'y'; [60, 63, 64, 126, 127, 4095, 4096, 16378, 16379, 16383][rng.index(10)]],
        _ => (0..rng.below(6)).map(|_| b"0123-a"[rng.index(6)]).collect(),
    }
}

fn check(list: &ListPack, model: &[Vec<u8>]) {
    assert_eq!(list.len(), model.len());
    assert!(list.iter().map(Entry::to_vec).eq(model.iter().cloned()));
    assert!(
        list.iter()
            .rev()
            .map(Entry::to_vec)
            .eq(model.iter().rev().cloned())
    );
    assert_eq!(ListPack::from_bytes(list.as_bytes()).as_ref(), Some(list));
}

#[test]
fn agrees_with_a_vec() {
    for seed in 0..6 {
        let mut rng = Rng::new(seed);
        let (mut list, mut model) = (ListPack::new(), Vec::<Vec<u8>>::new());
        for _ in 0..1500 {
            let (new, place) = (value(&mut rng), rng.index(model.len() + 1));
            let (size, there) = (list.bytes_len(), place < model.len());
            match rng.below(8) {
                0 => {
                    list.push_back(&new);
                    assert!(list.bytes_len() > size);
                    model.push(new);
                }
                1 => {
                    list.push_front(&new);
                    model.insert(0, new);
                }
                2 | 3 => {
                    list.insert(place, &new);
                    model.insert(place, new);
                }
                4 => {
                    assert_eq!(list.replace(place, &new), there);
                    if there {
                        model[place] = new;
                    }
                }
                _ => {
                    let count = rng.index(4);
                    let removed = list.remove(place, count);
                    assert_eq!(removed, count.min(model.len() - place));
                    model.drain(place..place + removed);
                }
            }
            check(&list, &model);
            assert_eq!(
                list.get(place).map(Entry::to_vec),
                model.get(place).cloned()
            );
        }
    }
}

#[test]
fn finds_with_a_stride() {
    let mut list = ListPack::new();
    for text in ["a", "1", "1", "a", "-5000", "b", "1", "x"] {
        list.push_back(text.as_bytes());
    }
    let index = |position: Option<Position>| {
        position.map(|position| list.len() - list.iter_from(position).count())
    };
    assert_eq!(index(list.find(b"1", 1)), Some(1));
    assert_eq!(index(list.find(b"1", 2)), Some(2));
    assert_eq!(index(list.find(b"-5000", 2)), Some(4));
    assert_eq!(index(list.find(b"x", 2)), None);
    assert_eq!(index(list.find(b"01", 1)), None);
    let last = list.last().expect("not empty");
    assert_eq!(
        list.prev(last).map(|position| list.entry(position)),
        Some(Entry::Int(1))
    );
    assert_eq!(
        (list.next(last), list.prev(list.first().expect("not empty"))),
        (None, None)
    );
}

#[test]
fn counts_past_the_header() {
    let mut list = ListPack::new();
    (0..65_600).for_each(|_| list.push_back(b"1"));
    assert_eq!(
        (list.len(), &list.as_bytes()[4..6]),
        (65_600, &[0xff, 0xff][..])
    );
    assert_eq!(list.remove(0, 100), 100);
    assert_eq!(
        (list.len(), list.get(65_499), list.get(65_500)),
        (65_500, Some(Entry::Int(1)), None)
    );
}

/// What was put into a hash, field and value in turn, and its image in a DUMP of redis-server
/// 7.0.15: the bytes or, when long, their number and checksum. `*n` stands for a string of n times
/// `z`.
#[test]
fn images_of_the_real_server() {
    for line in include_str!("images.txt").lines() {
        let (values, image) = line.split_once(' ').expect(line);
        let mut list = ListPack::new();
        for value in values.split(',') {
            list.push_back(&match value.strip_prefix('*') {
                Some(count) => vec![b'z'; count.parse().expect(line)],
                None => hex::decode(value.as_bytes()).expect(line),
            });
        }
        let ours = match image.split_once(':') {
            Some(_) => format!(
                "{}:{:016x}",
                list.bytes_len(),
                crc::crc64(0, list.as_bytes())
            ),
            None => hex::encode(list.as_bytes()),
        };
        assert_eq!(ours, image);
        assert_eq!(ListPack::from_bytes(list.as_bytes()).as_ref(), Some(&list));
    }
}

#[test]
fn hostile_bytes() {
    let mut rng = Rng::new(11);
    let mut accepted = 0;
    for _ in 0..40_000 {
        let mut list = ListPack::new();
        for _ in 0..rng.below(6) {
            let mut new = value(&mut rng);
            new.truncate(if rng.below(9) == 0 { 200 } else { 9 });
            list.push_back(&new);
        }
        let mut bytes = list.as_bytes().to_vec();
        for _ in 0..1 + rng.below(2) {
            let at = rng.index(bytes.len());
            bytes[at] = rng.next_u64() as u8;
        }
        if rng.below(5) == 0 {
            bytes.truncate(rng.index(bytes.len() + 1));
        }
        if let Some(mut list) = ListPack::from_bytes(&bytes) {
            accepted += 1;
            let mut there: Vec<_> = list.iter().map(Entry::to_vec).collect();
            let back: Vec<_> = list.iter().rev().map(Entry::to_vec).collect();
            assert!(there.iter().eq(back.iter().rev()));
            list.push_front(b"front");
            there.insert(0, b"front".to_vec());
            assert!(list.iter().map(Entry::to_vec).eq(there));
        }
    }
    assert!(
        accepted > 1000,
        "changes inside a string are harmless: {accepted}"
    );
    for bad in [
        "",
        "07000000",
        "0700000000",
        "080000000000ff",
        "07000000000000",
        "07000000ffff",
        "0700000001 00ff",
    ] {
        let bytes = hex::decode(bad.replace(' ', "").as_bytes()).expect("hex");
        assert_eq!(ListPack::from_bytes(&bytes), None, "{bad}");
    }
}
