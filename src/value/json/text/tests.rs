use serde_json::Value as Document;

use super::super::JsonError;
use super::{compact, read, write};
use crate::base::rng::Rng;

fn theirs(text: &[u8]) -> Result<Document, JsonError> {
    serde_json::from_slice(text).map_err(|error| {
        let why = error.to_string();
        match why.starts_with("recursion limit exceeded") {
            true => JsonError::TooDeep,
            false => JsonError::Syntax(why),
        }
    })
}

fn compare(text: &[u8]) {
    let (own, theirs) = (read(text), theirs(text));
    if let Some(kept) = compact(text) {
        let document = own.as_ref().expect("what is kept is a document's text");
        let mut written = String::new();
        write(document, &mut written);
        assert_eq!(written, kept);
    }
    assert_eq!(own, theirs, "{}", String::from_utf8_lossy(text));
    if let Ok(document) = own {
        let mut written = String::new();
        write(&document, &mut written);
        assert_eq!(written, document.to_string());
    }
}

const SEEDS: &[&str] = &[
    r#"{"a":[1,-2.5e3,true,null,"x\u00e9\ud83d\ude00\n"],"b":{"c":false,"c":0},"":""}"#,
    r#" [ 0 , -0 , 1.0 , 1E+2 , 1e-7 , 18446744073709551615 , 18446744073709551616 , -9223372036854775808 ] "#,
    r#"["\"\\\/\b\f\n\r\t\u0000\u001f\u007f", "é😀", {"k" : {} , "l":[ ]}]"#,
    "[\n1,\n{\"a\"\n:\n2}\n]",
    "123456789012345678901234567890.5e-10",
];

#[test]
fn it_reads_and_writes_as_serde_json_does() {
    let pieces = b"{}[]:,\"\\untrfale0123456789.+-eE \n\t\x00\x1f\x80\xc3\xa9dD/";
    let mut rng = Rng::new(11);
    for seed in SEEDS {
        compare(seed.as_bytes());
        for cut in 0..seed.len() {
            compare(&seed.as_bytes()[..cut]);
        }
        for _ in 0..5_000 {
            let mut text = seed.as_bytes().to_vec();
            for _ in 0..1 + rng.index(3) {
                let (at, byte) = (rng.index(text.len()), pieces[rng.index(pieces.len())]);
                match rng.index(3) {
                    0 => text[at] = byte,
                    1 => text.insert(at, byte),
                    _ => drop(text.remove(at)),
                }
            }
            compare(&text);
        }
    }
    for depth in 126..130 {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            compare(text.as_bytes());
        }
    }
}

#[test]
fn what_is_written_is_kept_as_it_is() {
    let kept = [
        r#"{"a":[1,-25,true,null,"é😀\n\"\\"],"b":{"c":false},"":""}"#,
        "[0,0.1,-1.5,1.0,1e+21,1.5e-7,999999999999999999]",
        "[]",
        "{}",
        "-7",
        "\"text\"",
    ];
    for text in kept {
        assert_eq!(compact(text.as_bytes()), Some(text));
        compare(text.as_bytes());
    }
    let others = [
        r#"{"a":1,"a":2}"#,
        "[1, 2]",
        "[1]]",
        "1e21",
        "-0",
        "01",
        "[1,]",
        r#""\u0041""#,
        r#""\/""#,
        "\"\n\"",
        "nul",
    ];
    for text in others {
        assert_eq!(compact(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn a_string_is_looked_at_byte_by_byte_however_long_it_is() {
    for length in 0..20 {
        for at in 0..length {
            for byte in 0..128 {
                let mut inner = vec![b'x'; length];
                inner[at] = byte;
                let text = [b"\"", inner.as_slice(), b"\""].concat();
                let is_kept = compact(&text).is_some();

                assert_eq!(is_kept, !matches!(byte, 0..0x20 | b'"' | b'\\'), "{text:?}");
            }
        }
        let text = format!("\"{}é\"", "x".repeat(length));
        assert_eq!(compact(text.as_bytes()), Some(&*text));
    }
}

#[test]
fn numbers_are_written_and_read_as_serde_json_does() {
    let mut rng = Rng::new(12);
    let round = [
        0.0,
        -0.0,
        1e-5,
        9.999e-5,
        1e-4,
        1e15,
        1e16,
        1e17,
        5e-324,
        f64::MAX,
        0.1,
    ];
    let mut floats: Vec<f64> = round
        .into_iter()
        .flat_map(|float| [float, -float])
        .collect();
    floats.extend((0..30_000).map(|_| f64::from_bits(rng.next_u64())));
    floats.extend(
        (0..20_000).map(|_| (rng.below(1 << 40) as f64) / 10f64.powi(rng.index(25) as i32)),
    );
    for float in floats.into_iter().filter(|float| float.is_finite()) {
        compare(serde_json::json!(float).to_string().as_bytes());
        compare(format!("{float:e}").as_bytes());
    }
    for _ in 0..30_000 {
        let mut text: String = (0..1 + rng.index(30))
            .map(|_| char::from(b"0123456789.e-"[rng.index(13)]))
            .collect();
        compare(text.as_bytes());
        text.insert_str(0, "[1");
        compare(text.as_bytes());
    }
}
