//! What a parameter's value may be: from what CONFIG SET is given to the text that CONFIG GET shows.
use std::borrow::Cow;

use super::events;
use crate::base::decimal::Decimal;
use crate::base::number;

/// Bounds are inclusive.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Bool,
    Text,
    Enum(&'static [&'static str]),
    /// One or more of these.
    Words(&'static [&'static str]),
    Int(i64, i64),
    /// Bytes, with units.
    Memory(u64, u64),
    /// Bytes, or a percentage, which counts as its negative.
    Percent(i64, i64),
    Octal(i64, i64),
    Save,
    OutputBuffers,
    OomScores,
    Events,
    Percentiles,
}

/// Why a value cannot be taken, in Redis's words.
type Refusal = Cow<'static, str>;

impl Kind {
    /// The value in the form in which it is shown; `old` is the one before.
    pub(super) fn accept(self, value: &str, old: &str) -> Result<String, Refusal> {
        match self {
            Kind::Bool if value.eq_ignore_ascii_case("yes") => Ok("yes".into()),
            Kind::Bool if value.eq_ignore_ascii_case("no") => Ok("no".into()),
            Kind::Bool => Err("argument must be 'yes' or 'no'".into()),
            Kind::Text => Ok(value.into()),
            Kind::Enum(words) => accept_words(&[value], words),
            Kind::Words(words) => accept_words(&value.split(' ').collect::<Vec<_>>(), words),
            Kind::Int(min, max) => {
                let parsed = number::parse_i64(value.as_bytes()).map(i128::from);
                bounded(
                    parsed,
                    min.into(),
                    max.into(),
                    "argument couldn't be parsed into an integer",
                )
            }
            Kind::Memory(min, max) => bounded(
                parse_memory(value),
                min.into(),
                max.into(),
                "argument must be a memory value",
            ),
            Kind::Percent(min, max) => percent(value, min, max),
            Kind::Octal(min, max) => {
                let parsed = i128::from_str_radix(value, 8).ok();
                let refusal = "argument couldn't be parsed as an octal number";
                let in_bounds = bounded(parsed, min.into(), max.into(), refusal);
                in_bounds.map(|_| format!("{:o}", parsed.unwrap_or_default()))
            }
            Kind::Save => save(value),
            Kind::OutputBuffers => output_buffers(value, old),
            Kind::OomScores => oom_scores(value),
            Kind::Events => match events::parse(value) {
                Some(wanted) => Ok(events::show(wanted)),
                None => Err("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.".into()),
            },
            Kind::Percentiles => percentiles(value),
        }
    }
}

fn accept_words(given: &[&str], words: &[&'static str]) -> Result<String, Refusal> {
    let find = |word: &&str| words.iter().find(|known| known.eq_ignore_ascii_case(word));
    let found: Option<Vec<&str>> = given.iter().map(|word| find(word).copied()).collect();
    match found {
        // Redis: an enum's name is the first with its value, and "relative" is "yes" by another name.
        Some(found) if found == ["relative"] => Ok("yes".into()),
        Some(found) if !(found.contains(&"save") && found.contains(&"nosave")) => {
            Ok(found.join(" "))
        }
        Some(_) => Err("shutdown options SAVE and NOSAVE can't be used simultaneously".into()),
        None => Err(format!(
            "argument(s) must be one of the following: {}",
            words.join(", ")
        )
        .into()),
    }
}

fn bounded(
    parsed: Option<i128>,
    min: i128,
    max: i128,
    refusal: &'static str,
) -> Result<String, Refusal> {
    match parsed {
        None => Err(refusal.into()),
        Some(value) if (min..=max).contains(&value) => Ok(value.to_string()),
        Some(_) => Err(format!("argument must be between {min} and {max} inclusive").into()),
    }
}

/// A number of bytes: digits and a unit.
pub(in crate::command::server) fn parse_memory(value: &str) -> Option<i128> {
    let end = value.find(|c: char| !c.is_ascii_digit());
    let (digits, unit) = value.split_at(end.unwrap_or(value.len()));
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" => 1000,
        "kb" => 1 << 10,
        "m" => 1_000_000,
        "mb" => 1 << 20,
        "g" => 1_000_000_000,
        "gb" => 1 << 30,
        _ => return None,
    };
    let digits: u64 = digits.parse().ok()?;

    // Redis multiplies in 64 bits, and what does not fit wraps around.
    Some(i128::from(digits.wrapping_mul(factor)))
}

fn percent(value: &str, min: i64, max: i64) -> Result<String, Refusal> {
    let refusal = "argument must be a memory or percent value";
    let Some(share) = value.strip_suffix('%').filter(|share| !share.is_empty()) else {
        return bounded(parse_memory(value), 0, max.into(), refusal);
    };
    match number::parse_i64(share.as_bytes()) {
        Some(share) if share >= 0 && -share < min => {
            Err(format!("percentage argument must be less or equal to {}", -min).into())
        }
        Some(share) if share >= 0 => Ok(format!("{share}%")),
        _ => Err(refusal.into()),
    }
}

fn save(value: &str) -> Result<String, Refusal> {
    if value.is_empty() {
        return Ok(String::new());
    }
    let words: Vec<&str> = value.split(' ').collect();
    let good = |(at, word): (usize, &&str)| {
        let least = i64::from(at.is_multiple_of(2));
        word.parse::<i64>().is_ok_and(|number| number >= least)
    };
    if words.len().is_multiple_of(2) && words.iter().enumerate().all(good) {
        Ok(words.join(" "))
    } else {
        Err("Invalid save parameters".into())
    }
}

fn output_buffers(value: &str, old: &str) -> Result<String, Refusal> {
    let words: Vec<&str> = value.split(' ').collect();
    if !words.len().is_multiple_of(4) {
        return Err("Wrong number of arguments in buffer limit configuration.".into());
    }
    let mut shown: Vec<String> = old.split(' ').map(String::from).collect();
    for limit in words.chunks(4) {
        let class = match limit[0].to_ascii_lowercase().as_str() {
            "normal" => 0,
            "slave" | "replica" => 1,
            "pubsub" => 2,
            _ => {
                return Err("Invalid client class specified in buffer limit configuration.".into());
            }
        };
        let seconds = limit[3].parse::<i64>().ok().filter(|seconds| *seconds >= 0);
        let (Some(hard), Some(soft), Some(seconds)) =
            (parse_memory(limit[1]), parse_memory(limit[2]), seconds)
        else {
            return Err(
                "Error in hard, soft or soft_seconds setting in buffer limit \
                        configuration."
                    .into(),
            );
        };
        let at = class * 4;
        for (place, number) in
            shown[at + 1..at + 4]
                .iter_mut()
                .zip([hard, soft, i128::from(seconds)])
        {
            *place = number.to_string();
        }
    }

    Ok(shown.join(" "))
}

fn oom_scores(value: &str) -> Result<String, Refusal> {
    let words: Vec<&str> = value.split(' ').collect();
    if words.len() != 3 {
        return Err("wrong number of arguments".into());
    }
    let good = |word: &&str| {
        word.parse::<i64>()
            .is_ok_and(|score| (-2000..=2000).contains(&score))
    };
    if words.iter().all(good) {
        Ok(words.join(" "))
    } else {
        Err("Invalid oom-score-adj-values, elements must be between -2000 and 2000.".into())
    }
}

fn percentiles(value: &str) -> Result<String, Refusal> {
    if value.is_empty() {
        return Ok(String::new());
    }
    let mut shown = Vec::new();
    for word in value.split(' ') {
        match number::parse_f64(word.as_bytes()) {
            None => return Err("Invalid latency-tracking-info-percentiles parameters".into()),
            Some(share) if !(0.0..=100.0).contains(&share) => {
                return Err(
                    "latency-tracking-info-percentiles parameters should sit between \
                            [0.0,100.0]"
                        .into(),
                );
            }
            Some(share) => shown.push(Decimal::shortest(share).plain()),
        }
    }

    Ok(shown.join(" "))
}
