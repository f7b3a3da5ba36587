//! Bytes of every format ever released still load, and what is written now has not changed unnoticed.
//!
//! `UPDATE=1` writes the files of present formats anew: only together with a new version of the format. Files of
//! versions gone by are kept under their number.
use std::fs;

use kilat::base::hex;
use kilat::base::wire::Cursor;
use kilat::command::{Effect, Words};
use kilat::keyspace::{ExpirySetting, Keyspace};
use kilat::log::snapshot::{Aux, Due, SnapshotReader, SnapshotWriter, Sum, load, save};
use kilat::log::{Block, BlockKey, Body, Manifest, Record};
use kilat::value::{Json, Limits, Str, Typed, digest_value, rdb};

use crate::support::files;

const FOLDER: &str = "tests/golden/formats";
const DATABASE: [u8; 16] = *b"database id ....";

#[test]
fn payloads_of_every_type_are_restored_as_redis_does() {
    let text = files::read(format!("{FOLDER}/payloads.txt").as_ref());
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() >= 60);
    for case in lines.chunks(3) {
        let [name, digest, payload] = case else {
            panic!("a case has three lines: {case:?}");
        };
        let payload = hex::decode(payload.trim().as_bytes()).unwrap();
        let value = rdb::restore(&payload, &Limits::default());
        let value = value.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            hex::encode(&digest_value(value.as_ref(), false)),
            digest.trim(),
            "{name}"
        );
        let again = rdb::restore(&rdb::dump(value.as_ref()), &Limits::default()).unwrap();
        assert_eq!(
            digest_value(again.as_ref(), false),
            digest_value(value.as_ref(), false),
            "{name}"
        );
    }
}

#[test]
fn a_file_of_redis_loads() {
    let bytes = fs::read(files::root().join(FOLDER).join("redis-7.0.15.rdb")).unwrap();
    let loaded = load(&bytes, Limits::default(), Due::Keep).unwrap();
    let digest = hex::encode(&loaded.keyspace.digest());
    assert_eq!(digest, "c9ea8455f693c37a17d603a9b428b5f2c447b3f5");
}

fn record(seq: u64) -> Record {
    Record {
        seq,
        epoch: 3,
        time_ms: 1_767_225_600_000,
        origin: 0xfeed_beef,
        request: 12,
        reply: Box::from(&b"+OK\r\n"[..]),
        effects: vec![
            Effect {
                db: 0,
                argv: Words::new(&[b"SET", b"key", b"\x00\xff"]),
            },
            Effect {
                db: 15,
                argv: Words::new(&[b"DEL", b"other"]),
            },
        ],
    }
}

fn block(n: u64, body: Body) -> Block {
    Block {
        database: DATABASE,
        key: BlockKey { epoch: 3, n },
        body,
    }
}

/// A block that names a snapshot whose bytes come to `sum`.
fn naming(sum: Sum) -> Block {
    block(
        129,
        Body::Snapshot(Manifest {
            id: *b"sixteen of ident",
            pieces: 2,
            bytes: 1_500_000,
            seq: 301,
            epoch: 3,
            sum,
        }),
    )
}

#[test]
fn records_and_blocks_of_version_1_are_read_and_written() {
    let record_bytes = record(300).to_bytes();
    assert_eq!(
        Record::read(&mut Cursor::new(&record_bytes)),
        Ok(record(300))
    );
    let blocks = [
        block(0, Body::Records(vec![record(300), record(301)])),
        block(
            128,
            Body::Seal {
                next_epoch: 4,
                token: *b"sixteen of token",
            },
        ),
        naming(Sum::Crc64(0x0123_4567_89ab_cdef)),
    ];
    let mut text = format!("record\n  {}\n", hex::encode(&record_bytes));
    for (name, block) in ["records", "seal", "snapshot"].iter().zip(blocks) {
        let bytes = block.to_bytes();
        text.push_str(&format!("block of {name}\n  {}\n", hex::encode(&bytes)));
        assert_eq!(Block::from_bytes(DATABASE, block.key, &bytes), Ok(block));
    }
    files::check_golden(&format!("{FOLDER}/log-1.txt"), &text);
}

/// An image of one key as a node stores it, in pieces.
fn stored_image() -> (Keyspace, Vec<Vec<u8>>, Sum) {
    let mut keyspace = Keyspace::new(Limits::default());
    let value = Str::from_bytes(b"value").into_value();
    keyspace
        .keys_mut(0)
        .set(b"key", "", value, ExpirySetting::Clear);
    let mut writer = SnapshotWriter::begin(&mut keyspace, &Aux::default());
    while writer.step(&mut keyspace, 1 << 20) {}
    let pieces = std::iter::from_fn(|| writer.next_piece()).collect();
    let sum = Sum::Xxh64(writer.summary().unwrap().xxh64);

    (keyspace, pieces, sum)
}

fn read_stored(pieces: &[Vec<u8>], sum: Sum) -> (Vec<u8>, Sum) {
    let bytes = pieces.iter().map(|piece| piece.len() as u64).sum();
    let mut reader = SnapshotReader::of_own(Limits::default(), bytes, sum);
    pieces.iter().for_each(|piece| reader.push(piece).unwrap());
    let loaded = reader.finish().unwrap();

    (loaded.keyspace.digest().to_vec(), loaded.sum)
}

#[test]
fn what_version_2_changed_is_read_and_written() {
    let (keyspace, pieces, sum) = stored_image();
    let manifest = naming(sum);
    let bytes = manifest.to_bytes();
    assert_eq!(
        Block::from_bytes(DATABASE, manifest.key, &bytes),
        Ok(manifest)
    );
    let (block, image) = (hex::encode(&bytes), hex::encode(&pieces.concat()));
    let text = format!("block of snapshot\n  {block}\nimage\n  {image}\n");
    files::check_golden(&format!("{FOLDER}/log-2.txt"), &text);
    assert_eq!(read_stored(&pieces, sum), (keyspace.digest().to_vec(), sum));
}

#[test]
fn a_stored_image_of_version_1_is_still_read() {
    let (keyspace, _, _) = stored_image();
    let file = save(&keyspace, &Aux::default());
    let trailer = file.last_chunk().unwrap();
    let sum = Sum::Crc64(u64::from_le_bytes(*trailer));
    let expected = (keyspace.digest().to_vec(), sum);
    assert_eq!(read_stored(&[file], sum), expected);
}

#[test]
fn a_snapshot_with_what_only_kilat_knows_is_read_and_written() {
    let mut keyspace = Keyspace::new(Limits::default());
    let document = serde_json::json!({"name": "é", "list": [1, 2.5, null]});
    let mut keys = keyspace.keys_mut(2);
    keys.set(
        b"json",
        "",
        Json::new(document).into_value(),
        ExpirySetting::At(4_000_000_000_000),
    );
    keys.in_db(0).set(
        b"n",
        "",
        Str::from_int(-7).into_value(),
        ExpirySetting::Clear,
    );
    let aux = Aux {
        time_ms: 1_767_225_600_000,
        used_bytes: 1000,
        seq: 301,
        epoch: 3,
    };
    let bytes = save(&keyspace, &aux);
    files::check_golden(
        &format!("{FOLDER}/snapshot-1.txt"),
        &format!("{}\n", hex::encode(&bytes)),
    );
    let loaded = load(&bytes, Limits::default(), Due::Keep).unwrap();
    assert_eq!(
        (loaded.aux, loaded.keyspace.digest()),
        (aux, keyspace.digest())
    );
    let entry = loaded.keyspace.keys(2).entry(b"json").unwrap();
    assert_eq!(
        (entry.value().encoding(), entry.expires_at_ms()),
        ("json", Some(4_000_000_000_000))
    );
}
