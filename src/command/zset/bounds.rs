//! Ranges as their ends are written.
use std::ops::{Bound, Range};

use crate::base::number;
use crate::command::{Error, Result};
use crate::value::{LexBound, LexRange, ScoreRange};

/// Scores from `min` to `max`; a `(` before one leaves it out.
pub(super) fn scores(min: &[u8], max: &[u8]) -> Result<ScoreRange> {
    let bound = |word: &[u8]| {
        let bound = match word {
            [b'(', number @ ..] => number::parse_score_bound(number).map(Bound::Excluded),
            number => number::parse_score_bound(number).map(Bound::Included),
        };
        bound.ok_or(Error::RANGE_NOT_FLOAT)
    };

    Ok(ScoreRange {
        min: bound(min)?,
        max: bound(max)?,
    })
}

/// Members from `min` to `max`: `[` and `(` with and without the member that follows; `-` and `+`
/// are the ends.
pub(super) fn members<'a>(min: &'a [u8], max: &'a [u8]) -> Result<LexRange<'a>> {
    let bound = |word: &'a [u8]| match word {
        // Redis: a NUL ends the word here.
        [b'-'] | [b'-', 0, ..] => Ok(LexBound::Lowest),
        [b'+'] | [b'+', 0, ..] => Ok(LexBound::Highest),
        [b'[', member @ ..] => Ok(LexBound::Included(member)),
        [b'(', member @ ..] => Ok(LexBound::Excluded(member)),
        _ => Err(Error::RANGE_NOT_LEX),
    };

    Ok(LexRange {
        min: bound(min)?,
        max: bound(max)?,
    })
}

/// The ranks from `start` to `stop` of `len`; negative ones count from the end.
pub(super) fn ranks(start: i64, stop: i64, len: usize) -> Range<usize> {
    let whole = i64::try_from(len).unwrap_or(i64::MAX);
    let from_end = |at: i64| if at < 0 { whole + at } else { at };
    let start = from_end(start).clamp(0, whole);
    let end = from_end(stop).clamp(-1, whole - 1) + 1;

    start as usize..end.max(start) as usize
}
