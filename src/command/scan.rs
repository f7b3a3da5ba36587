//! What the commands of the SCAN family share: cursor, MATCH and COUNT, the bounded walk, the reply.
use super::{Args, Error, Reply, Result};
use crate::base::glob;

/// The options behind the cursor.
pub struct ScanOptions<'a> {
    pattern: Option<&'a [u8]>,
    pub count: usize,
    /// Of SCAN alone.
    pub kind: Option<&'a [u8]>,
}

/// Redis: strtoul, so a sign is allowed and nothing at all is 0.
pub fn cursor(args: &mut Args) -> Result<u64> {
    let word = args.next()?;
    let (negative, digits) = match word {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if word.is_empty() {
        return Ok(0);
    }
    let text = std::str::from_utf8(digits).ok();
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let value: u64 = text
        .and_then(|text| text.parse().ok())
        .ok_or(Error::INVALID_CURSOR)?;

    Ok(if negative {
        value.wrapping_neg()
    } else {
        value
    })
}

impl<'a> ScanOptions<'a> {
    /// MATCH and COUNT.
    pub fn parse(args: Args<'a>) -> Result<Self> {
        Self::parse_options(args, false)
    }

    /// MATCH, COUNT and TYPE.
    pub fn parse_with_type(args: Args<'a>) -> Result<Self> {
        Self::parse_options(args, true)
    }

    fn parse_options(mut args: Args<'a>, has_type: bool) -> Result<Self> {
        let mut options = ScanOptions {
            pattern: None,
            count: 10,
            kind: None,
        };
        while !args.is_done() {
            if args.left() == 1 {
                return Err(Error::SYNTAX);
            }
            if args.take("COUNT") {
                let count = args.int()?;
                let count = usize::try_from(count).ok().filter(|count| *count > 0);
                options.count = count.ok_or(Error::SYNTAX)?;
            } else if args.take("MATCH") {
                let pattern = args.bytes();
                options.pattern = (pattern != b"*").then_some(pattern);
            } else if has_type && args.take("TYPE") {
                options.kind = Some(args.bytes());
            } else {
                return Err(Error::SYNTAX);
            }
        }

        Ok(options)
    }

    /// Whether MATCH lets `member` through.
    pub fn admits(&self, member: &[u8]) -> bool {
        self.pattern
            .is_none_or(|pattern| glob::matches(pattern, member))
    }

    /// Calls `step`, which looks at what stands behind a cursor, answers the next one and how many items there were,
    /// until there were COUNT. Redis: at most ten steps for each, so that a sparse table holds nobody up.
    pub fn walk(&self, mut cursor: u64, step: &mut dyn FnMut(u64) -> (u64, usize)) -> u64 {
        let mut steps_left = self.count.saturating_mul(10);
        let mut looked = 0;
        loop {
            let (next, more) = step(cursor);
            (cursor, looked) = (next, looked + more);
            if cursor == 0 || steps_left == 0 || looked >= self.count {
                return cursor;
            }
            steps_left -= 1;
        }
    }
}

/// Is shown an item, and what belongs to it.
type Show<'s> = &'s mut dyn FnMut(&[u8], Option<&[u8]>);

/// A scan of one key. `step` shows what stands behind a cursor and answers the next one.
pub fn scan_within(cursor: u64, args: Args, step: &dyn Fn(u64, Show) -> u64) -> Result<Reply> {
    let options = ScanOptions::parse(args)?;
    let mut items = Vec::new();
    let cursor = options.walk(cursor, &mut |cursor| {
        let mut looked = 0;
        let next = step(cursor, &mut |item, beside| {
            looked += 1;
            if options.admits(item) {
                items.push(Reply::bulk(item));
                items.extend(beside.map(Reply::bulk));
            }
        });
        (next, looked)
    });

    Ok(scan_reply(cursor, items))
}

/// The next cursor and what was found.
pub fn scan_reply(cursor: u64, items: Vec<Reply>) -> Reply {
    Reply::Array(vec![Reply::bulk(cursor.to_string()), Reply::Array(items)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_what_strtoul_takes() {
        let parse = |word: &[u8]| cursor(&mut Args::new(&[word], 0)).ok();
        assert_eq!(parse(b""), Some(0));
        assert_eq!(parse(b"007"), Some(7));
        assert_eq!(parse(b"+5"), Some(5));
        assert_eq!(parse(b"-1"), Some(u64::MAX));
        assert_eq!(parse(b"18446744073709551615"), Some(u64::MAX));
        for bad in [
            &b"18446744073709551616"[..],
            b"-",
            b"--5",
            b" 5",
            b"5 ",
            b"a",
        ] {
            assert_eq!(parse(bad), None);
        }
    }
}
