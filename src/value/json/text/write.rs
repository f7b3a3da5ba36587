//! The compact text of a document.
use std::fmt::Write;
use std::ops::Range;

use serde_json::{Number, Value as Document};

/// Appends the compact text.
pub fn write(document: &Document, out: &mut String) {
    match document {
        Document::Null => out.push_str("null"),
        Document::Bool(true) => out.push_str("true"),
        Document::Bool(false) => out.push_str("false"),
        Document::Number(number) => write_number(number, out),
        Document::String(text) => write_string(text, out),
        Document::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Document::Object(members) => {
            out.push('{');
            for (i, (name, value)) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn write_number(number: &Number, out: &mut String) {
    if let Some(int) = number.as_i64() {
        return put(out, format_args!("{int}"));
    }
    if let Some(int) = number.as_u64() {
        return put(out, format_args!("{int}"));
    }
    let float = number.as_f64().unwrap_or_default();
    // Both have the fewest digits that are read back to the same bits; `Debug` writes an exponent a little sooner.
    if (1e-5..1e-4).contains(&float.abs()) {
        return put(out, format_args!("{float}"));
    }
    let begin = out.len();
    put(out, format_args!("{float:?}"));
    let exponent = out[begin..].find('e').map(|at| begin + at);
    if let Some(at) = exponent
        && !out[at..].starts_with("e-")
    {
        out.insert(at + 1, '+');
    }
    let end = exponent.unwrap_or(out.len());
    let fraction = out[begin..end].strip_suffix(".0");
    let end = fraction.map_or(end, |whole| begin + whole.len());
    round_to_even(out, begin..end, float);
}

/// Of two texts that are as near to a number, the one whose last digit is even, as JavaScript writes it: Rust writes
/// the greater one. A number of fewer digits lies in no middle.
fn round_to_even(out: &mut String, digits: Range<usize>, float: f64) {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let text = &out.as_bytes()[digits.clone()];
    let count = text.iter().filter(|byte| is_digit(byte)).count();
    let last = text.last().map_or(0, |digit| digit - b'0');
    if count < 16 || last.is_multiple_of(2) {
        return;
    }
    // More digits than a number in the middle of two texts can have.
    let exact = format!("{float:.45e}");
    let exact = exact.split('e').next().unwrap_or_default().bytes();
    let mut beyond = exact.filter(is_digit).skip(count);
    if beyond.next() == Some(b'5') && beyond.all(|digit| digit == b'0') {
        let even = char::from(b'0' + last - 1);
        out.replace_range(digits.end - 1..digits.end, even.encode_utf8(&mut [0; 4]));
    }
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    // A string takes all that is written.
    let _ = out.write_fmt(what);
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    let is_escaped = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    while let Some(at) = rest.as_bytes().iter().position(is_escaped) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            byte @ (b'"' | b'\\') => out.extend(['\\', char::from(byte)]),
            byte => {
                let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
                out.push_str("\\u00");
                out.extend([digit(byte >> 4), digit(byte & 15)]);
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}
