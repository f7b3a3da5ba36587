use super::super::{Json, Str, Value, ZSet, digest_value};
use super::*;
use crate::base::hex;
use crate::base::rng::Rng;

fn string(text: &[u8]) -> Value {
    Value::String(Str::from_bytes(text))
}

/// Compressible bytes, of an alphabet of `letters`.
fn text(rng: &mut Rng, len: usize, letters: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len);
    while bytes.len() < len {
        if bytes.len() > 4 && rng.below(3) == 0 {
            let from = rng.index(bytes.len());
            let count = (1 + rng.index(300)).min(len - bytes.len());
            (0..count).for_each(|i| bytes.push(bytes[from + i]));
        } else {
            bytes.push(b'a' + rng.below(letters) as u8);
        }
    }

    bytes
}

#[test]
fn strings_are_written_as_redis_writes_them() {
    // Answers of DUMP of a redis-server 7.0.15.
    let cases: [(&[u8], &str); 8] = [
        (b"", "00000a00"),
        (b"a", "0001610a00"),
        (b"-128", "00c0800a00"),
        (b"32767", "00c1ff7f0a00"),
        (b"2147483647", "00c2ffffff7f0a00"),
        (b"2147483648", "000a323134373438333634380a00"),
        (
            b"-9223372036854775808",
            "00142d393232333337323033363835343737353830380a00",
        ),
        (
            b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "00c3091e016161e011000161610a00",
        ),
    ];
    for (text, expected) in cases {
        let dumped = dump(string(text).as_ref());
        assert_eq!(hex::encode(&dumped[..dumped.len() - 8]), expected);
    }
}

#[test]
fn compressed_bytes_are_those_of_liblzf_and_come_back() {
    let mut rng = Rng::new(3);
    let mut ours = lzf::Compressor::default();
    let mut compressed_count = 0;
    for round in 0..2_000 {
        let len = 5 + rng.index(if round % 50 == 0 { 20_000 } else { 400 });
        let letters = 1 + rng.below(20);
        let data = text(&mut rng, len, letters);
        let mut out = b"before".to_vec();
        if ours.compress(&data, len - 4, &mut out).is_none() {
            assert_eq!(out, b"before");
            continue;
        }
        compressed_count += 1;
        let compressed = &out[6..];
        assert!(compressed.len() <= len - 4);
        assert_eq!(lzf::decompress(compressed, len).as_ref(), Some(&data));
        assert_eq!(::lzf::decompress(compressed, len), Ok(data.clone()));
        assert_eq!(lzf::decompress(compressed, len - 1), None);
        assert_eq!(lzf::decompress(compressed, len + 1), None);
    }
    assert!(compressed_count > 1_000);
}

#[test]
fn a_repetition_near_the_end_is_as_long_as_in_liblzf() {
    let data = b"_abcdefghijklmnopqrsabcdefghijklmnopqrz";
    let mut out = Vec::new();
    lzf::Compressor::default()
        .compress(data, data.len(), &mut out)
        .expect("it shrinks");
    assert_eq!(out[0], 19);
    assert_eq!(out[21..], [0xe0, 9, 18, 0, b'z']);
    assert_eq!(
        lzf::decompress(&out, data.len()).as_deref(),
        Some(&data[..])
    );
}

#[test]
fn damaged_compressed_bytes_never_panic() {
    let mut rng = Rng::new(4);
    let mut compressor = lzf::Compressor::default();
    for _ in 0..3_000 {
        let data = text(&mut rng, 300, 3);
        let mut out = Vec::new();
        if compressor.compress(&data, 296, &mut out).is_none() {
            continue;
        }
        let at = rng.index(out.len());
        out[at] ^= 1 << rng.below(8);
        out.truncate(1 + rng.index(out.len()));
        if let Some(bytes) = lzf::decompress(&out, 300) {
            assert_eq!(bytes.len(), 300);
        }
    }
}

#[test]
fn lengths_of_every_width() {
    for length in [0, 63, 64, 16383, 16384, u32::MAX.into(), 1 << 32, u64::MAX] {
        let mut writer = Writer::new();
        writer.length(length);
        let bytes = writer.take();
        assert_eq!(Reader::new(&bytes).length(), Ok(length));
        for cut in 0..bytes.len() {
            let cut = Reader::new(&bytes[..cut]).length();
            assert!(matches!(cut, Err(RdbError::Truncated { .. })), "{cut:?}");
        }
    }
}

#[test]
fn a_hostile_length_allocates_nothing() {
    for bytes in [
        &b"\x81\xff\xff\xff\xff\xff\xff\xff\xff"[..],
        &b"\x80\x1f\xff\xff\xff"[..],
        &b"\xc3\x01\x80\x1f\xff\xff\xff\x00"[..],
        &b"\xc3\x80\x1f\xff\xff\xff\x01"[..],
    ] {
        assert!(Reader::new(bytes).string().is_err());
        assert!(Reader::new(bytes).count(3).is_err());
    }
}

#[test]
fn a_payload_with_any_bit_flipped_or_byte_missing_is_refused() {
    let limits = Limits::default();
    let payload = dump(string(b"hello hello hello hello hello").as_ref());
    assert!(restore(&payload, &limits).is_ok());
    for bit in 0..payload.len() * 8 {
        let mut damaged = payload.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(restore(&damaged, &limits).is_err(), "bit {bit}");
    }
    for cut in 0..payload.len() {
        assert!(restore(&payload[..cut], &limits).is_err(), "cut to {cut}");
    }
}

#[test]
fn json_is_the_string_of_its_text() {
    let document = serde_json::json!({"b": [1, 0.1, null], "a": "é"});
    let payload = dump(Value::Json(Json::new(document)).as_ref());
    let Ok(Value::String(value)) = restore(&payload, &Limits::default()) else {
        panic!("not a string");
    };
    assert_eq!(*value.bytes(), *r#"{"b":[1,0.1,null],"a":"é"}"#.as_bytes());
}

#[test]
fn a_score_of_minus_zero_outlives_a_dump_of_what_is_indexed() {
    let limits = Limits::default();
    let mut many = ZSet::default();
    let mut long = ZSet::default();
    for i in 0..200 {
        many.insert(format!("m{i}").as_bytes(), -0.0, &limits);
    }
    long.insert(&[b'x'; 100], 1.0, &limits);
    long.insert(b"m", -0.0, &limits);
    for zset in [many, long] {
        let value = Value::ZSet(zset);
        let back = restore(&dump(value.as_ref()), &limits).unwrap();
        assert_eq!(
            digest_value(back.as_ref(), false),
            digest_value(value.as_ref(), false)
        );
        let Value::ZSet(back) = back else {
            panic!("not a sorted set");
        };
        assert_eq!(back.encoding(), "skiplist");
    }
}
