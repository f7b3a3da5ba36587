//! The x87 80-bit floating-point number that Redis computes INCRBYFLOAT with: 64 bits of mantissa,
//! rounded to nearest, ties to even. Only what those commands need: reading, adding, printing with
//! 17 decimals. Rounding happens in one place, `round`, on a 128-bit mantissa whose lowest bit also
//! stands for all that was cut.

use super::big::Big;
use super::{hex, number};

/// A number as strtod and strtold read it, checked but not yet rounded.
pub(super) struct Literal<'a> {
    pub negative: bool,
    pub infinite: bool,
    pub hex: bool,
    /// Whether every digit is 0, so that the result is 0 without being an underflow.
    pub zero: bool,
    /// Everything with its sign, or for `hex` the digits after `0x` up to the exponent.
    pub text: &'a [u8],
    /// The power of ten, or for `hex` of two, after the `e` or `p`; held to what cannot matter any
    /// more.
    exponent: i32,
}

const EXPONENT_MAX: i32 = 1_000_000;

/// Reads all of `text` by the grammar of C's strtod; None for anything else and for NaN.
pub(super) fn scan(text: &[u8]) -> Option<Literal<'_>> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        return Some(Literal {
            negative,
            infinite: true,
            hex: false,
            zero: false,
            text,
            exponent: 0,
        });
    }
    let hex = matches!(rest, [b'0', b'x' | b'X', ..]);
    let body = if hex { &rest[2..] } else { rest };
    let mark = if hex { b'p' } else { b'e' };
    let end = body
        .iter()
        .position(|byte| byte.to_ascii_lowercase() == mark)
        .unwrap_or(body.len());
    let (digits, tail) = body.split_at(end);

    let (mut any, mut zero, mut points) = (false, true, 0);
    for byte in digits {
        match byte {
            b'.' => points += 1,
            b'0' => any = true,
            _ if byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit()) => {
                (any, zero) = (true, false)
            }
            _ => return None,
        }
    }
    if !any || points > 1 {
        return None;
    }
    let exponent = if tail.is_empty() {
        0
    } else {
        scan_exponent(&tail[1..])?
    };
    Some(Literal {
        negative,
        infinite: false,
        hex,
        zero,
        text: if hex { digits } else { text },
        exponent,
    })
}

fn scan_exponent(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = (value * 10 + i32::from(byte - b'0')).min(EXPONENT_MAX);
    }
    Some(sign * value)
}

impl Literal<'_> {
    /// The nearest double, of two the even one.
    pub fn to_f64(&self) -> f64 {
        let magnitude = if self.infinite {
            f64::INFINITY
        } else if self.hex {
            nearest(self.hex_parts())
        } else {
            let short = self.short_parts();
            short.map_or_else(
                || nearest(self.decimal_parts(&DOUBLE)),
                |(digits, power)| decimal_to_f64(digits, power),
            )
        };
        if self.negative { -magnitude } else { magnitude }
    }

    /// As `digits * 10^power`, where the digits fit.
    fn short_parts(&self) -> Option<(u64, i32)> {
        let (mut digits, mut power, mut after_point) = (0u64, self.exponent, false);
        for byte in self.text {
            match byte {
                b'0'..=b'9' if digits < 10u64.pow(18) => {
                    digits = digits * 10 + u64::from(byte - b'0');
                    power -= i32::from(after_point);
                }
                b'0'..=b'9' => return None,
                b'.' => after_point = true,
                b'e' | b'E' => break,
                _ => {}
            }
        }

        Some((digits, power))
    }

    fn hex_parts(&self) -> (u128, i32) {
        let (mut mantissa, mut exponent, mut after_point) = (0u128, self.exponent, false);
        for byte in self.text {
            let Some(digit) = hex::digit(*byte) else {
                after_point = true;
                continue;
            };
            if mantissa >> 120 == 0 {
                mantissa = mantissa << 4 | u128::from(digit);
                exponent -= if after_point { 4 } else { 0 };
            } else {
                mantissa |= u128::from(digit != 0);
                exponent += if after_point { 0 } else { 4 };
            }
        }
        (mantissa, exponent)
    }

    fn decimal_parts(&self, format: &Format) -> (u128, i32) {
        let (mut digits, mut power, mut after_point) = (Big::new(), self.exponent, false);
        let mut more = false;
        for byte in self.text {
            match byte {
                b'0'..=b'9' if digits.bits() > format.telling_bits => {
                    more |= *byte != b'0';
                    power += i32::from(!after_point);
                }
                b'0'..=b'9' => {
                    digits.mul_add(10, u32::from(byte - b'0'));
                    power -= i32::from(after_point);
                }
                b'.' => after_point = true,
                b'e' | b'E' => break,
                _ => {}
            }
        }
        if more {
            digits.mul_add(10, 1);
            power -= 1;
        }

        scaled(&digits, power, format)
    }
}

/// `digits * 10^power`.
fn scaled(digits: &Big, power: i32, format: &Format) -> (u128, i32) {
    // Beyond these bounds the result is 0 or infinite whatever the digits are.
    let size = (digits.bits() as i64 * 30103 / 100_000) as i32 + power;
    if digits.bits() == 0 || size < -format.size_max {
        return (0, 0);
    }
    if size > format.size_max {
        return (1, EXPONENT_MAX);
    }
    let scale = Big::ten_to(power.unsigned_abs());
    if power >= 0 {
        digits.mul(&scale).top128()
    } else {
        digits.divide128(&scale)
    }
}

/// What of a decimal number can matter to a binary format.
struct Format {
    /// Digits after so many bits only tell whether the number is greater than those before.
    telling_bits: u32,
    /// A number of more digits before its point, or of more zeros behind it, is out of range.
    size_max: i32,
}

/// 767 digits tell every double and every middle between two.
const DOUBLE: Format = Format {
    telling_bits: 2700,
    size_max: 400,
};
const EXTENDED: Format = Format {
    telling_bits: u32::MAX,
    size_max: 5100,
};

/// The double nearest to `digits * 10^power`.
pub(super) fn decimal_to_f64(digits: u64, power: i32) -> f64 {
    let Some(scale) = 10u64.checked_pow(power.unsigned_abs()) else {
        return nearest(scaled(&Big::from(digits), power, &DOUBLE));
    };
    if digits >> 53 == 0 {
        // Both are doubles without rounding: the one operation is rounded right.
        let (digits, scale) = (digits as f64, scale as f64);
        return if power < 0 {
            digits / scale
        } else {
            digits * scale
        };
    }
    if power >= 0 {
        return nearest((u128::from(digits) * u128::from(scale), 0));
    }
    // At least 64 bits are left, ten more than are kept.
    let shift = 64 + digits.leading_zeros();
    let (wide, scale) = (u128::from(digits) << shift, u128::from(scale));
    let quotient = wide / scale;
    let cut = quotient * scale != wide;

    nearest((quotient | u128::from(cut), -(shift as i32)))
}

/// The double nearest to `mantissa * 2^exponent`, the lowest bit as for `round`.
fn nearest((mantissa, exponent): (u128, i32)) -> f64 {
    const FRACTION_BITS: i32 = 52;
    let (mantissa, exponent) = round(mantissa, exponent, FRACTION_BITS + 1, -1074);
    let fraction = mantissa & ((1 << FRACTION_BITS) - 1);
    // Without its highest bit it is a subnormal number, or 0.
    let biased = if mantissa == fraction {
        0
    } else {
        exponent + 1075
    };
    if biased >= 2047 {
        return f64::INFINITY;
    }

    f64::from_bits((biased as u64) << FRACTION_BITS | fraction)
}

/// `mantissa * 2^exponent` with at most `bits` bits (up to 64) and an exponent of at least `least`.
/// The lowest bit of the mantissa given may stand for everything below it.
fn round(mantissa: u128, exponent: i32, bits: i32, least: i32) -> (u64, i32) {
    if mantissa == 0 {
        return (0, least);
    }
    let excess = 128 - mantissa.leading_zeros() as i32 - bits;
    let drop = excess.max(least - exponent);
    if drop <= 0 {
        return ((mantissa << -drop) as u64, exponent + drop);
    }
    if drop > 127 {
        return (0, least);
    }
    let (kept, cut, half) = (
        mantissa >> drop,
        mantissa & ((1 << drop) - 1),
        1u128 << (drop - 1),
    );
    let kept = kept + u128::from(cut > half || (cut == half && kept & 1 == 1));
    if kept >> bits != 0 {
        ((kept >> 1) as u64, exponent + drop + 1)
    } else {
        (kept as u64, exponent + drop)
    }
}

/// An 80-bit extended number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongDouble {
    negative: bool,
    class: Class,
}

/// `Finite`: `mantissa * 2^exponent`, the highest bit of the mantissa set unless the exponent is
/// `LEAST`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Class {
    Finite { mantissa: u64, exponent: i32 },
    Infinite,
    Nan,
}

const LEAST: i32 = -16445;
const GREATEST: i32 = 16320;

impl LongDouble {
    /// A number as values and increments are given; see `number::parse_f64` for what is refused.
    pub fn parse(text: &[u8]) -> Option<LongDouble> {
        if text.len() >= 5 * 1024 {
            return None;
        }
        let literal = scan(text)?;
        if literal.infinite {
            return Some(LongDouble {
                negative: literal.negative,
                class: Class::Infinite,
            });
        }
        let (mantissa, exponent) = if literal.hex {
            literal.hex_parts()
        } else {
            literal.decimal_parts(&EXTENDED)
        };
        let value = LongDouble::rounded(literal.negative, mantissa, exponent);
        (value.is_finite() && (literal.zero || !value.is_zero())).then_some(value)
    }

    /// The same number: every i64 fits the mantissa.
    pub fn from_i64(value: i64) -> LongDouble {
        LongDouble::rounded(value < 0, u128::from(value.unsigned_abs()), 0)
    }

    fn rounded(negative: bool, mantissa: u128, exponent: i32) -> LongDouble {
        let (mantissa, exponent) = round(mantissa, exponent, 64, LEAST);
        let class = if exponent > GREATEST {
            Class::Infinite
        } else {
            Class::Finite { mantissa, exponent }
        };
        LongDouble { negative, class }
    }

    pub fn is_finite(self) -> bool {
        matches!(self.class, Class::Finite { .. })
    }

    pub fn is_nan(self) -> bool {
        self.class == Class::Nan
    }

    fn is_zero(self) -> bool {
        matches!(self.class, Class::Finite { mantissa: 0, .. })
    }

    /// Redis's "human" text: 17 decimals, then without the zeros that end them.
    pub fn to_human(self) -> String {
        let (mantissa, exponent) = match self.class {
            Class::Finite { mantissa, exponent } => (mantissa, exponent),
            Class::Infinite => {
                return if self.negative {
                    "-inf".into()
                } else {
                    "inf".into()
                };
            }
            Class::Nan => return "nan".into(),
        };
        let digits = if exponent >= 0 {
            Big::from(mantissa)
                .shifted_left(exponent as u32)
                .to_decimal()
        } else {
            // At most 64 + 57 bits, so it fits; rounded half to even as printf does.
            let scaled = u128::from(mantissa) * 100_000_000_000_000_000;
            let drop = exponent.unsigned_abs();
            let units = if drop > 127 {
                0
            } else {
                round_shift(scaled, drop)
            };
            let text = format!("{units:018}");
            let (whole, fraction) = text.split_at(text.len() - 17);
            number::trim_zeros(&format!("{whole}.{fraction}")).into()
        };
        if self.negative && digits != "0" {
            format!("-{digits}")
        } else {
            digits
        }
    }
}

/// `value / 2^drop`, half to even; `drop` is 1 to 127.
pub(super) fn round_shift(value: u128, drop: u32) -> u128 {
    let (kept, cut, half) = (
        value >> drop,
        value & ((1 << drop) - 1),
        1u128 << (drop - 1),
    );
    kept + u128::from(cut > half || (cut == half && kept & 1 == 1))
}

impl std::ops::Add for LongDouble {
    type Output = LongDouble;

    fn add(self, other: LongDouble) -> LongDouble {
        let nan = LongDouble {
            negative: false,
            class: Class::Nan,
        };
        let (a, a_exponent, b, b_exponent) = match (self.class, other.class) {
            (Class::Nan, _) | (_, Class::Nan) => return nan,
            (Class::Infinite, Class::Infinite) if self.negative != other.negative => return nan,
            (Class::Infinite, _) => return self,
            (_, Class::Infinite) => return other,
            (
                Class::Finite {
                    mantissa: a,
                    exponent: a_exponent,
                },
                Class::Finite {
                    mantissa: b,
                    exponent: b_exponent,
                },
            ) => (a, a_exponent, b, b_exponent),
        };
        // 62 bits below the mantissas: enough that what alignment cuts off is only ever a tail to
        // round by.
        let exponent = a_exponent.max(b_exponent);
        let a = align(a, exponent - a_exponent);
        let b = align(b, exponent - b_exponent);
        let (negative, mantissa) = if self.negative == other.negative {
            (self.negative, a + b)
        } else if a == b {
            (false, 0)
        } else if a > b {
            (self.negative, a - b)
        } else {
            (other.negative, b - a)
        };
        LongDouble::rounded(negative, mantissa, exponent - 62)
    }
}

fn align(mantissa: u64, distance: i32) -> u128 {
    let wide = u128::from(mantissa) << 62;
    if distance > 127 {
        return u128::from(wide != 0);
    }
    let cut = wide & ((1u128 << distance) - 1);
    wide >> distance | u128::from(cut != 0)
}

#[cfg(test)]
mod tests;
