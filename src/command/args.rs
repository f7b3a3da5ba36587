//! The words of a call, taken one after the other.
use std::ops::RangeInclusive;

use super::{Error, Result};
use crate::base::number;
use crate::keyspace::DATABASES;

/// A cursor over the words behind the command's name. The row's arity has been checked.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    argv: &'a [&'a [u8]],
    at: usize,
}

impl<'a> Args<'a> {
    /// `argv` whole, the cursor behind the first `skip` words.
    #[inline]
    pub fn new(argv: &'a [&'a [u8]], skip: usize) -> Self {
        Args { argv, at: skip }
    }

    /// The next word. A row's arity guarantees those that are always there.
    #[inline]
    pub fn bytes(&mut self) -> &'a [u8] {
        let word = self.argv[self.at];
        self.at += 1;

        word
    }

    /// The next word, or a syntax error.
    #[expect(
        clippy::should_implement_trait,
        reason = "a word may be missing, which is an error"
    )]
    #[inline]
    pub fn next(&mut self) -> Result<&'a [u8]> {
        if self.is_done() {
            Err(Error::SYNTAX)
        } else {
            Ok(self.bytes())
        }
    }

    pub fn int(&mut self) -> Result<i64> {
        let word = self.next()?;

        number::parse_i64(word).ok_or(Error::NOT_INTEGER)
    }

    /// A whole number within `range`; whatever else the word is, `error`.
    pub fn int_in(&mut self, range: RangeInclusive<i64>, error: Error) -> Result<i64> {
        let value = number::parse_i64(self.next()?);

        value.filter(|value| range.contains(value)).ok_or(error)
    }

    /// A count: 0 or more.
    pub fn count(&mut self) -> Result<usize> {
        let count = self.int_in(0..=i64::MAX, Error::NOT_POSITIVE)?;

        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// A number of keys and the keys: `none` unless there is at least one, `too_many` where words lack.
    pub fn counted(&mut self, none: Error, too_many: Error) -> Result<&'a [&'a [u8]]> {
        let count = self.int_in(1..=i64::MAX, none)?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count > self.left() {
            return Err(too_many);
        }
        let keys = &self.argv[self.at..self.at + count];
        self.at += count;

        Ok(keys)
    }

    pub fn float(&mut self) -> Result<f64> {
        let word = self.next()?;

        number::parse_f64(word).ok_or(Error::NOT_FLOAT)
    }

    /// A database's number.
    pub fn db(&mut self) -> Result<usize> {
        let db = self.int()?;
        // Redis reads an int first: what is none has another error.
        let (min, max) = (i64::from(i32::MIN), i64::from(i32::MAX));
        if !(min..=max).contains(&db) {
            return Err(Error::not_between(min, max));
        }
        let db = usize::try_from(db).ok().filter(|db| *db < DATABASES);

        db.ok_or(Error::DB_RANGE)
    }

    /// The next word, left where it is.
    #[inline]
    pub fn peek(&self) -> Option<&'a [u8]> {
        self.argv.get(self.at).copied()
    }

    /// Takes the next word if it is `keyword`, in whatever case.
    pub fn take(&mut self, keyword: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword.as_bytes()));
        self.at += usize::from(found);

        found
    }

    /// All words that are left.
    pub fn rest(&mut self) -> &'a [&'a [u8]] {
        let rest = &self.argv[self.at.min(self.argv.len())..];
        self.at = self.argv.len();

        rest
    }

    /// How many words are left.
    #[inline]
    pub fn left(&self) -> usize {
        self.argv.len().saturating_sub(self.at)
    }

    #[inline]
    pub fn is_done(&self) -> bool {
        self.left() == 0
    }

    /// A syntax error where words are left.
    pub fn end(&self) -> Result<()> {
        if self.is_done() {
            Ok(())
        } else {
            Err(Error::SYNTAX)
        }
    }

    /// The whole call, the command's name first.
    #[inline]
    pub fn whole(&self) -> &'a [&'a [u8]] {
        self.argv
    }
}
