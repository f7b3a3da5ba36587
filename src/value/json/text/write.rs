//! The compact text of a document.
use std::fmt::Write;

use serde_json::{Number, Value as Document};

use crate::base::decimal::Decimal;

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

pub(super) fn write_number(number: &Number, out: &mut String) {
    if let Some(int) = number.as_i64() {
        return put(out, format_args!("{int}"));
    }
    if let Some(int) = number.as_u64() {
        return put(out, format_args!("{int}"));
    }
    let float = number.as_f64().unwrap_or_default();
    if float.is_sign_negative() {
        out.push('-');
    }
    let decimal = Decimal::shortest(float);
    if !(-5..16).contains(&decimal.exponent()) {
        return out.push_str(&decimal.scientific(1));
    }
    let text = decimal.plain();
    out.push_str(&text);
    if !text.contains('.') {
        out.push_str(".0");
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
