//! Snapshots and DUMP payloads out of bytes: what loads is written as what loads as the same data.
#![no_main]
mod checked;

use checked::checked;
use kilat::log::snapshot::{Due, LoadError, Loaded, SnapshotReader, load, save};
use kilat::value::{Limits, digest_value, rdb};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((how, bytes)) = data.split_first() else {
        return;
    };
    let limits = limits(how >> 1);
    if how & 1 == 0 {
        a_snapshot(bytes, limits, usize::from(*how) + 1);
    } else {
        a_payload(bytes, &limits);
    }
});

/// Redis's, or such that a few elements are many.
fn limits(how: u8) -> Limits {
    if how & 1 == 0 {
        return Limits::default();
    }

    Limits {
        hash_max_listpack_entries: 2,
        hash_max_listpack_value: 4,
        set_max_intset_entries: 2,
        zset_max_listpack_entries: 2,
        zset_max_listpack_value: 4,
        list_max_listpack_size: 2,
        list_compress_depth: 1,
        list_packed_threshold: 16,
        seed: 1,
    }
}

fn in_pieces(bytes: &[u8], size: usize, limits: Limits) -> Result<Loaded, LoadError> {
    let mut reader = SnapshotReader::new(limits, Due::Keep);
    for piece in bytes.chunks(size) {
        reader.push(piece)?;
    }

    reader.finish()
}

fn a_snapshot(bytes: &[u8], limits: Limits, piece: usize) {
    let bytes = checked(bytes);
    let pieces = in_pieces(&bytes, piece, limits);
    let loaded = match load(&bytes, limits, Due::Keep) {
        Ok(loaded) => loaded,
        Err(error) => {
            assert!(pieces.is_err(), "whole it does not load: {error}");
            return;
        }
    };
    let pieces = pieces.unwrap_or_else(|error| unreachable!("in pieces of {piece}: {error}"));
    let digest = loaded.keyspace.digest();
    assert_eq!(pieces.keyspace.digest(), digest, "in pieces of {piece}");

    let saved = save(&loaded.keyspace, &loaded.aux);
    let again = load(&saved, limits, Due::Keep)
        .unwrap_or_else(|error| unreachable!("what was saved does not load: {error}"));
    assert_eq!(again.keyspace.digest(), digest);
    assert_eq!(again.aux, loaded.aux);
    for db in 0..kilat::keyspace::DATABASES {
        let (there, back) = (loaded.keyspace.keys(db), again.keyspace.keys(db));
        assert_eq!(there.len(), back.len());
        assert_eq!(there.expiring(), back.expiring());
        assert!(there.iter().all(|(key, _)| back.contains(key)));
    }
}

fn a_payload(bytes: &[u8], limits: &Limits) {
    let Ok(value) = rdb::restore(&checked(bytes), limits) else {
        return;
    };
    let dumped = rdb::dump(value.as_ref());
    let again = rdb::restore(&dumped, limits)
        .unwrap_or_else(|error| unreachable!("what was dumped is not restored: {error}"));
    let digest = digest_value(value.as_ref(), false);
    assert_eq!(digest_value(again.as_ref(), false), digest);
}
