//! Redis's rules for reading and printing numbers. What it does with C's strtod and printf is done
//! here in Rust, to the same bytes; 80-bit numbers are next door in `long_double`.

use super::decimal::Decimal;
use super::long_double;

/// A whole number in its one canonical form: no plus, no space, no leading zero, no `-0`.
#[inline]
pub fn parse_i64(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 => {}
        _ => return None,
    }
    let mut magnitude = 0u64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        // Nineteen digits fit an u64.
        magnitude = magnitude * 10 + u64::from(byte - b'0');
    }
    if negative {
        0i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

pub fn format_i64(value: i64) -> String {
    value.to_string()
}

/// Appends what `format_i64` returns.
pub fn write_i64(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0; 20];
    let (mut at, mut rest) = (digits.len(), value.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    out.extend_from_slice(&digits[at..]);
}

/// A number as values and scores are given: all of `text`, no space, not NaN, and neither so large
/// nor so small that it would turn into infinity or zero.
pub fn parse_f64(text: &[u8]) -> Option<f64> {
    // The common case, and one that needs no rounding.
    if text.len() <= 15
        && let Some(whole) = parse_i64(text)
    {
        return Some(whole as f64);
    }
    let literal = long_double::scan(text)?;
    let value = literal.to_f64();
    let lost = match literal.zero {
        _ if literal.infinite => false,
        true => false,
        false => value == 0.0 || value.is_infinite(),
    };
    (!lost).then_some(value)
}

/// A bound of a range of scores, without its `(`. Redis: bare strtod, so spaces before it are
/// skipped, what is too large is infinite, nothing at all is 0, and a NUL ends the number.
pub fn parse_score_bound(text: &[u8]) -> Option<f64> {
    let text = text.split(|byte| *byte == 0).next().unwrap_or(text);
    if text.is_empty() {
        return Some(0.0);
    }
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !blank(byte))?;
    read_f64(&text[start..])
}

/// All of `text` as strtod reads it: infinite where it is too large, zero where it is too small. Not
/// std's parser, whose table of powers is ten kilobytes that no packer makes smaller.
pub fn read_f64(text: &[u8]) -> Option<f64> {
    Some(long_double::scan(text)?.to_f64())
}

/// A double as replies show it: C's `%.17g`, and `inf`, `-inf`, `nan`.
pub fn format_f64(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    if value.fract() == 0.0 && value.abs() < 1e15 && !(value == 0.0 && value.is_sign_negative()) {
        return format_i64(value as i64);
    }

    let decimal = Decimal::rounded(value);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let magnitude = match decimal.exponent() {
        -4..17 => decimal.plain(),
        _ => decimal.scientific(2),
    };
    format!("{sign}{magnitude}")
}

/// Bytes as Redis shows them to people: `12B`, `1.50K`.
pub fn format_bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["K", "M", "G", "T"];
    if bytes < 1024 {
        return format!("{bytes}B");
    }
    let unit = ((bytes.ilog2() / 10) as usize).min(UNITS.len());
    let hundredths = long_double::round_shift(u128::from(bytes) * 100, 10 * unit as u32);

    format!(
        "{}.{:02}{}",
        hundredths / 100,
        hundredths % 100,
        UNITS[unit - 1]
    )
}

/// Without the zeros that end a fraction, and without a point that would then end the text.
pub(super) fn trim_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
