//! The options that SET, GETEX and JSON.SET share: conditions, and when the key expires.
use super::{Args, Error, Result};
use crate::base::number;
use crate::keyspace::{Authority, KeysMut};

/// Set only if the key is absent, or only if it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Absent,
    Present,
}

/// What a command allows of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    Set,
    /// SET's without GET.
    JsonSet,
    GetEx,
}

/// A time to live as it was written: its value is checked later than the words' order.
#[derive(Clone, Copy, Debug)]
pub struct Expire<'a> {
    word: &'a [u8],
    option: &'static str,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    pub condition: Option<Condition>,
    /// Answer the old value.
    pub get: bool,
    pub keep_ttl: bool,
    pub persist: bool,
    pub expire: Option<Expire<'a>>,
}

impl<'a> Options<'a> {
    /// Takes all words that are left.
    pub fn parse(args: &mut Args<'a>, grammar: Grammar) -> Result<Options<'a>> {
        let mut options = Options::default();
        let sets = grammar != Grammar::GetEx;
        while !args.is_done() {
            if sets && options.condition != Some(Condition::Present) && args.take("NX") {
                options.condition = Some(Condition::Absent);
            } else if sets && options.condition != Some(Condition::Absent) && args.take("XX") {
                options.condition = Some(Condition::Present);
            } else if grammar == Grammar::Set && args.take("GET") {
                options.get = true;
            } else if sets && options.expire.is_none() && args.take("KEEPTTL") {
                options.keep_ttl = true;
            } else if !sets && options.expire.is_none() && args.take("PERSIST") {
                options.persist = true;
            } else {
                options.take_expire(args)?;
            }
        }

        Ok(options)
    }

    fn take_expire(&mut self, args: &mut Args<'a>) -> Result<()> {
        let known = ["EX", "PX", "EXAT", "PXAT"];
        let option = known.into_iter().find(|option| args.take(option));
        let option = option.ok_or(Error::SYNTAX)?;
        // Redis: an option may be given twice, and the last one counts; two that contradict may not.
        let contradicts = self.expire.is_some_and(|other| other.option != option);
        if contradicts || self.keep_ttl || self.persist {
            return Err(Error::SYNTAX);
        }
        let word = args.next()?;
        self.expire = Some(Expire { word, option });

        Ok(())
    }
}

impl<'a> Expire<'a> {
    /// SETEX's and PSETEX's: `option` is EX or PX.
    pub fn new(word: &'a [u8], option: &'static str) -> Self {
        Expire { word, option }
    }

    pub fn is_absolute(self) -> bool {
        matches!(self.option, "EXAT" | "PXAT")
    }

    /// The time in milliseconds of the Unix epoch. `command` is named by the error.
    pub fn at_ms(self, now_ms: u64, command: &str) -> Result<u64> {
        let invalid = || Error::invalid_expire(command);
        let given = number::parse_i64(self.word).ok_or(Error::NOT_INTEGER)?;
        if given <= 0 {
            return Err(invalid());
        }
        let scale = if matches!(self.option, "EX" | "EXAT") {
            1000
        } else {
            1
        };
        let base = if self.is_absolute() {
            0
        } else {
            now_ms.cast_signed()
        };
        let scaled = given.checked_mul(scale).ok_or_else(invalid)?;
        let at = scaled.checked_add(base).ok_or_else(invalid)?;

        Ok(at.cast_unsigned())
    }
}

/// Whether a key given this time is gone at once. Records of another node only set it: the deletion, if
/// it came to that, is a record of its own.
pub fn is_past(keys: &mut KeysMut, at_ms: i64) -> bool {
    let space = keys.space();

    at_ms <= space.now_ms().cast_signed() && space.authority() != Authority::Applying
}
