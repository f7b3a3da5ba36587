//! A double's digits in decimal: what C's printf and JavaScript write. Not std's, whose four ways to find them and the
//! tables of these were a hundredth of the wasm.

use super::big::Big;
use super::long_double::{self, round_shift};

/// So many digits tell every double from every other.
const DIGITS_MAX: u32 = 17;
/// So many are those of every decimal number that is read into a normal double and written again.
const DIGITS_KEPT: u32 = 15;

const FRACTION_BITS: u32 = 52;

/// Digits without zeros at their end, and the power of ten of the first.
#[derive(Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: String,
    exponent: i32,
}

impl Decimal {
    /// The 17 digits nearest to a finite number's magnitude; of two that are as near the even ones.
    pub fn rounded(value: f64) -> Decimal {
        let (digits, power) = nearest(value, DIGITS_MAX);

        Decimal::new(digits, power)
    }

    /// The fewest digits that are read back as a finite number's magnitude, and of those the nearest.
    pub fn shortest(value: f64) -> Decimal {
        let value = value.abs();
        let fewest = if value.is_normal() { DIGITS_KEPT } else { 1 };
        // The next double below a power of two is nearer than the next above: what is read as it may lie further above.
        let further_above = u64::from(value.to_bits() << (64 - FRACTION_BITS) == 0);
        for count in fewest..DIGITS_MAX {
            let (digits, power) = nearest(value, count);
            for digits in digits..=digits + further_above {
                if long_double::decimal_to_f64(digits, power) == value {
                    return Decimal::new(digits, power);
                }
            }
        }

        Decimal::rounded(value)
    }

    fn new(digits: u64, power: i32) -> Decimal {
        let mut digits = digits.to_string();
        let exponent = power + digits.len() as i32 - 1;
        digits.truncate(digits.trim_end_matches('0').len().max(1));

        Decimal { digits, exponent }
    }

    pub fn exponent(&self) -> i32 {
        self.exponent
    }

    /// Without an exponent.
    pub fn plain(&self) -> String {
        let Decimal { digits, exponent } = self;
        let Ok(before_point) = usize::try_from(exponent + 1) else {
            return format!("0.{}{digits}", "0".repeat(-(exponent + 1) as usize));
        };
        match digits.split_at_checked(before_point) {
            Some(("", fraction)) => format!("0.{fraction}"),
            Some((whole, "")) => whole.into(),
            Some((whole, fraction)) => format!("{whole}.{fraction}"),
            None => format!("{digits}{}", "0".repeat(before_point - digits.len())),
        }
    }

    /// With an exponent, of at least `width` digits.
    pub fn scientific(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if self.exponent < 0 { '-' } else { '+' };
        let exponent = self.exponent.abs();

        format!("{first}{point}{rest}e{sign}{exponent:0width$}")
    }
}

/// The `count` digits nearest to a finite number's magnitude, and the power of ten of the last.
fn nearest(value: f64, count: u32) -> (u64, i32) {
    let bits = value.to_bits();
    let (fraction, biased) = (
        bits & ((1 << FRACTION_BITS) - 1),
        (bits >> FRACTION_BITS & 0x7ff) as i32,
    );
    let (mantissa, exponent) = match biased {
        0 if fraction == 0 => return (0, 0),
        0 => (fraction, -1074),
        _ => (fraction | 1 << FRACTION_BITS, biased - 1075),
    };
    // Of the number, or one less.
    let first_digit = (mantissa.ilog2() as i32 + exponent) * 30_103;
    let power = first_digit.div_euclid(100_000) + 1 - count as i32;
    let digits = divided(mantissa, exponent, power);
    if digits < 10u64.pow(count) {
        return (digits, power);
    }

    (divided(mantissa, exponent, power + 1), power + 1)
}

/// `mantissa * 2^exponent / 10^power`, which has at most 18 digits; half to even.
fn divided(mantissa: u64, exponent: i32, power: i32) -> u64 {
    let scaled = 10u128
        .checked_pow(power.min(0).unsigned_abs())
        .and_then(|scale| scale.checked_mul(mantissa.into()));
    let rounded = match (scaled, exponent) {
        (Some(scaled), -127..0) if power <= 0 => round_shift(scaled, exponent.unsigned_abs()),
        (Some(scaled), 0..) if power <= 0 => scaled << exponent,
        _ => {
            let number = Big::from(mantissa)
                .shifted_left(exponent.max(0) as u32)
                .mul(&Big::ten_to(power.min(0).unsigned_abs()));
            let divisor =
                Big::ten_to(power.max(0) as u32).shifted_left(exponent.min(0).unsigned_abs());
            let (quotient, shift) = number.divide128(&divisor);
            // It has ten bits more than 18 digits.
            round_shift(quotient, shift.unsigned_abs())
        }
    };

    rounded as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    /// std's texts of the same number: 17 digits, and the fewest.
    fn check(value: f64) {
        let std = |text: String| {
            let (digits, exponent) = text.split_once('e').expect("it is written so");
            let digits = digits.replace('.', "");
            Decimal {
                digits: digits.trim_end_matches('0').into(),
                exponent: exponent.parse().expect("it is written so"),
            }
        };
        assert_eq!(
            Decimal::rounded(value),
            std(format!("{value:.16e}")),
            "{value:e}"
        );
        let (own, std) = (Decimal::shortest(value), std(format!("{value:e}")));
        // Of two texts that are as near std has the greater.
        if own != std {
            let last = |of: &Decimal| of.digits.bytes().last().unwrap_or_default();
            let is_tie = own.digits.len() == std.digits.len() && last(&own) + 1 == last(&std);
            assert!(is_tie && last(&own) % 2 == 0, "{value:e}: {own:?} {std:?}");
            assert_eq!(own.scientific(1).parse(), Ok(value));
        }
    }

    #[test]
    fn digits_are_those_of_std() {
        let mut rng = Rng::new(17);
        for _ in 0..3000 {
            let value = f64::from_bits(rng.next_u64() >> 1);
            if value.is_finite() && value != 0.0 {
                check(value);
            }
            check(1.0 + rng.below(1_000_000_000) as f64 / 7.0);
            check((1 + rng.below(1 << 40)) as f64 / 1024.0);
            check((1 + rng.below(100_000)) as f64 / 100.0);
            check(f64::from_bits(1 + rng.below(1 << 30)));
            check((rng.next_u64() >> rng.below(60) | 1) as f64);
        }
        for exponent in -1074..1024 {
            let power = if exponent < -1022 {
                f64::from_bits(1 << (exponent + 1074))
            } else {
                f64::from_bits(((exponent + 1023) as u64) << FRACTION_BITS)
            };
            [power, power.next_up(), power.next_down()]
                .into_iter()
                .filter(|value| *value != 0.0)
                .for_each(check);
        }
    }

    #[test]
    fn texts() {
        let plain = |value| Decimal::shortest(value).plain();
        for text in [
            "0", "1", "10", "1200", "0.5", "0.00012", "12.5", "99.9", "0.1",
        ] {
            assert_eq!(plain(text.parse().expect(text)), text);
        }
        assert_eq!(Decimal::shortest(1e21).scientific(1), "1e+21");
        assert_eq!(Decimal::shortest(-1.5e-7).scientific(1), "1.5e-7");
        assert_eq!(
            Decimal::rounded(1.5e-7).scientific(2),
            "1.4999999999999999e-07"
        );
    }
}
