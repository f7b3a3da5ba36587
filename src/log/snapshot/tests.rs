use super::super::samples;
use super::*;
use crate::base::crc::crc64;
use crate::base::rng::Rng;
use crate::keyspace::{Authority, Changed, ExpirySetting, Keyspace};
use crate::value::rdb::{self, RdbError};
use crate::value::{End, Hash, Limits, List, Set, Str, Typed, ZSet, digest_value};

fn filled(seed: u64, keys: u64) -> Keyspace {
    let mut keyspace = Keyspace::new(Limits::default());
    samples::fill(&mut keyspace, &mut Rng::new(seed), keys);

    keyspace
}

fn keep(bytes: &[u8]) -> Result<Loaded, LoadError> {
    load(bytes, Limits::default(), Due::Keep)
}

#[test]
fn values_come_back_from_a_dump() {
    let (mut rng, limits) = (Rng::new(5), Limits::default());
    for round in 0..350 {
        let value = samples::value(&mut rng, round, &limits);
        let payload = rdb::dump(value.as_ref());
        let back = rdb::restore(&payload, &limits).unwrap();
        assert_eq!(
            digest_value(back.as_ref(), false),
            digest_value(value.as_ref(), false)
        );
        if round % 7 != 6 {
            assert_eq!(back.encoding(), value.encoding());
            assert_eq!(rdb::dump(back.as_ref()), payload);
        }
    }
}

#[test]
fn damaged_values_never_panic_and_are_valid_or_refused() {
    let (mut rng, limits) = (Rng::new(6), Limits::default());
    let (mut refused, mut taken) = (0, 0);
    for round in 0..3_000 {
        let value = samples::value(&mut rng, round, &limits);
        let mut payload = rdb::dump(value.as_ref());
        payload.truncate(payload.len() - 10);
        for _ in 0..1 + rng.below(3) {
            let at = rng.index(payload.len());
            match rng.below(3) {
                0 => payload[at] ^= 1 << rng.below(8),
                1 => payload[at] = rng.next_u64() as u8,
                _ => payload.truncate(at + 1),
            }
        }
        payload.extend_from_slice(&rdb::VERSION.to_le_bytes());
        let checksum = crc64(0, &payload);
        payload.extend_from_slice(&checksum.to_le_bytes());
        match rdb::restore(&payload, &limits) {
            Err(_) => refused += 1,
            Ok(back) => {
                taken += 1;
                let again = rdb::restore(&rdb::dump(back.as_ref()), &limits).unwrap();
                assert_eq!(
                    digest_value(again.as_ref(), false),
                    digest_value(back.as_ref(), false)
                );
            }
        }
    }
    assert!(refused > 500 && taken > 100, "{refused} {taken}");
}

#[test]
fn a_file_comes_back_whole() {
    let keyspace = filled(1, 800);
    let aux = Aux {
        time_ms: 1_700_000_000_000,
        used_bytes: 77,
        seq: 1 << 40,
        epoch: 9,
    };
    let loaded = keep(&save(&keyspace, &aux)).unwrap();
    assert_eq!(loaded.keyspace.digest(), keyspace.digest());
    assert_eq!(loaded.aux, aux);
    for db in 0..4 {
        let (loaded, keys) = (loaded.keyspace.keys(db), keyspace.keys(db));
        assert_eq!(loaded.len(), keys.len());
        for (key, entry) in keys.iter() {
            let back = loaded.entry(key).unwrap();
            assert_eq!(back.value().kind(), entry.value().kind());
            assert_eq!(back.expires_at_ms(), entry.expires_at_ms());
        }
    }
}

#[test]
fn slices_while_all_changes_give_the_image_of_the_beginning() {
    let mut keyspace = filled(2, 1_200);
    let mut rng = Rng::new(7);
    let big: Vec<u8> = (0..3 << 20).map(|_| rng.next_u64() as u8).collect();
    let big = Str::from_bytes(&big).into_value();
    keyspace
        .keys_mut(0)
        .set(b"big", "", big, ExpirySetting::Clear);
    let (before, aux) = (keyspace.digest(), Aux::default());
    let mut writer = SnapshotWriter::begin(&mut keyspace, &aux);
    let (mut pieces, mut steps) = (Vec::new(), 0);
    while writer.step(&mut keyspace, 20_000) {
        pieces.extend(std::iter::from_fn(|| writer.next_piece()));
        samples::fill(&mut keyspace, &mut rng, 3);
        if steps == 10 {
            keyspace.swap_databases(0, 1);
            keyspace.flush_database(2);
        }
        steps += 1;
    }
    pieces.extend(std::iter::from_fn(|| writer.next_piece()));
    assert!(steps > 20, "{steps}");
    assert_ne!(keyspace.digest(), before);
    let (last, whole) = pieces.split_last().unwrap();
    assert!(whole.len() >= 3 && whole.iter().all(|piece| piece.len() == PIECE_BYTES));
    assert!(last.len() <= PIECE_BYTES);
    let bytes = pieces.concat();
    let summary = writer.summary().unwrap();
    assert_eq!(
        (summary.pieces as usize, summary.bytes as usize),
        (pieces.len(), bytes.len())
    );
    assert_eq!(bytes[bytes.len() - 8..], [0; 8]);

    let sum = Sum::Xxh64(summary.xxh64);
    let mut reader = SnapshotReader::of_own(Limits::default(), summary.bytes, sum);
    pieces.iter().for_each(|piece| reader.push(piece).unwrap());
    let loaded = reader.finish().unwrap();
    assert_eq!(loaded.keyspace.digest(), before);
    assert_eq!(loaded.sum, sum);
    assert_eq!(keep(&bytes).unwrap().keyspace.digest(), before);
}

#[test]
fn long_values_are_written_in_parts_and_as_they_were() {
    let (mut keyspace, limits) = (Keyspace::new(Limits::default()), Limits::default());
    let (mut hash, mut set) = (Hash::default(), Set::default());
    let (mut zset, mut list) = (ZSet::default(), List::default());
    for i in 0..3_000 {
        let member = format!("{i} is a member");
        let member = member.as_bytes();
        hash.insert(member, b"a value of some bytes", &limits);
        set.insert(member, &limits);
        zset.insert(member, f64::from(i % 100), &limits);
        list.push(End::Tail, member, &limits);
    }
    let values = [
        hash.into_value(),
        set.into_value(),
        zset.into_value(),
        list.into_value(),
    ];
    let keys = [b"hash", b"set_", b"zset", b"list"];
    for (key, value) in keys.into_iter().zip(values) {
        let mut keys = keyspace.keys_mut(0);
        keys.set(key, "", value, ExpirySetting::At(1 << 40));
    }
    let (before, aux) = (keyspace.digest(), Aux::default());
    let mut writer = SnapshotWriter::begin(&mut keyspace, &aux);
    let (mut pieces, mut steps) = (Vec::new(), 0);
    while writer.step(&mut keyspace, 2_000) {
        pieces.extend(std::iter::from_fn(|| writer.next_piece()));
        steps += 1;
        let mut keys = keyspace.keys_mut(0);
        match steps {
            5 => {
                let add = |hash: &mut Hash, limits: &Limits| {
                    hash.insert(b"1 is a member", b"another", limits);
                    ((), Changed(1))
                };
                keys.update(b"hash", "", add).unwrap();
            }
            10 => assert!(keys.delete(b"zset", "") && keys.delete(b"set_", "")),
            _ => {}
        }
    }
    pieces.extend(std::iter::from_fn(|| writer.next_piece()));
    assert!(steps > 100, "{steps}");
    assert_ne!(keyspace.digest(), before);
    let loaded = keep(&pieces.concat()).unwrap();
    assert_eq!(loaded.keyspace.digest(), before);
}

#[test]
fn a_long_value_that_only_a_given_up_image_holds_is_dropped_in_slices() {
    let (mut keyspace, limits) = (Keyspace::new(Limits::default()), Limits::default());
    let mut set = Set::default();
    for i in 0..10_000 {
        set.insert(format!("member {i}").as_bytes(), &limits);
    }
    let value = set.into_value();
    let mut keys = keyspace.keys_mut(0);
    keys.set(b"set", "", value, ExpirySetting::Clear);
    let mut writer = SnapshotWriter::begin(&mut keyspace, &Aux::default());
    assert!(writer.step(&mut keyspace, 2_000));
    keyspace.keys_mut(0).delete(b"set", "");
    // The key's own share of it.
    keyspace.drop_remains(usize::MAX);
    assert!(!keyspace.has_remains());

    writer.abort(&mut keyspace);

    assert!(keyspace.has_remains() && !keyspace.is_walking());
}

#[test]
fn pieces_of_any_size_are_read() {
    let keyspace = filled(3, 400);
    let bytes = save(&keyspace, &Aux::default());
    for size in [1, 7, 100, 5_000] {
        let mut reader = SnapshotReader::new(Limits::default(), Due::Keep);
        bytes
            .chunks(size)
            .for_each(|piece| reader.push(piece).unwrap());
        assert_eq!(
            reader.finish().unwrap().keyspace.digest(),
            keyspace.digest()
        );
    }
}

#[test]
fn damage_is_never_taken() {
    let bytes = save(&filled(4, 21), &Aux::default());
    let mut rng = Rng::new(8);
    for _ in 0..400 {
        let mut damaged = bytes.clone();
        let at = rng.index(bytes.len());
        damaged[at] ^= 1 << rng.below(8);
        assert!(keep(&damaged).is_err(), "byte {at}");
        let mut reader = SnapshotReader::new(Limits::default(), Due::Keep);
        let pushed = damaged
            .chunks(1_000)
            .try_for_each(|piece| reader.push(piece));
        assert!(pushed.is_err() || reader.finish().is_err(), "byte {at}");
    }
    for cut in (0..bytes.len()).step_by(bytes.len() / 200) {
        assert!(keep(&bytes[..cut]).is_err(), "cut to {cut}");
    }
    let longer = [&bytes[..], b"x"].concat();
    assert_eq!(keep(&longer).err(), Some(LoadError::Trailing));
}

/// A file of version 10 with these bytes between head and end.
fn file(body: &[u8]) -> Vec<u8> {
    let mut bytes = [b"REDIS0010", body, b"\xff"].concat();
    let crc = crc64(0, &bytes);
    bytes.extend_from_slice(&crc.to_le_bytes());

    bytes
}

#[test]
fn what_is_due_is_dropped_or_kept() {
    let body = b"\xfc\x10\x27\0\0\0\0\0\0\0\x01a\x01x\xfd\x0b\0\0\0\0\x01b\x01y\xfc\xff\xff\xff\xff\xff\xff\xff\xff\0\x01c\x01z";
    let loaded = load(&file(body), Limits::default(), Due::Drop { now_ms: 10_001 }).unwrap();
    assert_eq!((loaded.dropped, loaded.keyspace.keys(0).len()), (2, 1));
    assert_eq!(
        loaded.keyspace.keys(0).entry(b"b").unwrap().expires_at_ms(),
        Some(11_000)
    );
    let mut loaded = keep(&file(body)).unwrap();
    assert_eq!((loaded.dropped, loaded.keyspace.keys(0).len()), (0, 3));
    assert_eq!(loaded.keyspace.authority(), Authority::Leader);
    loaded.keyspace.set_now(10_001);
    assert_eq!(loaded.keyspace.expire_due(10), 2);
}

#[test]
fn opcodes_of_other_servers_are_obeyed_or_passed_over() {
    // Idle for 100 s, used 9 times; a library of functions; data of a module; a key of nothing.
    let body = b"\xfa\x05ctime\xc1\xe8\x03\xf8\x40\x64\0\x01a\x01x\xf9\x09\0\x01b\x01y\xf5\x03lib\xf7\x01\x02\x02\x05\x03abc\x00\x02\x01e\x00";
    let mut loaded = keep(&file(body)).unwrap();
    assert_eq!((loaded.skipped, loaded.keyspace.keys(0).len()), (2, 2));
    loaded.keyspace.set_now(1_000_000);
    let keyspace = &loaded.keyspace;
    let entry = |key: &[u8]| keyspace.keys(0).entry(key).unwrap();
    assert_eq!(keyspace.idle_ms(entry(b"a")), 100_000);
    assert_eq!(keyspace.frequency(entry(b"b")), 9);
}

#[test]
fn what_cannot_be_held_is_refused_by_name() {
    let error = |body: &[u8]| keep(&file(body)).err().unwrap();
    let stream = error(b"\xfe\x03\x0f\x02st\x00");
    assert_eq!(
        stream.to_string(),
        "key \"st\" of database 3: streams are not supported"
    );
    assert_eq!(error(b"\xfe\x10"), LoadError::Database(16));
    let twice = error(b"\0\x01a\x01x\0\x01a\x01y");
    assert_eq!(twice.to_string(), "key \"a\" of database 0 is there twice");
    let unknown = LoadError::Key {
        db: 0,
        key: (*b"a").into(),
        error: RdbError::UnknownType(42),
    };
    assert_eq!(error(b"\x2a\x01a\x01x"), unknown);
    assert_eq!(
        keep(b"REDIS0011").err(),
        Some(LoadError::Version("0011".into()))
    );
    assert_eq!(keep(b"not a dump").err(), Some(LoadError::Signature));
    assert_eq!(keep(b"").err(), Some(LoadError::Truncated));
}

#[test]
fn a_checksum_of_zero_says_that_none_was_made() {
    let mut bytes = file(b"\0\x01a\x01x");
    let end = bytes.len() - 8;
    bytes[end..].fill(0);
    assert_eq!(keep(&bytes).unwrap().keyspace.keys(0).len(), 1);
    let old = keep(b"REDIS0003\0\x01a\x01x\xff").unwrap();
    assert_eq!(old.keyspace.keys(0).len(), 1);
}
