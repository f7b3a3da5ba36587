//! LCS: the longest common subsequence of two strings.
use super::{Args, Error, Reply, Result};
use crate::command::ReadContext;
use crate::value::{Readable, StrRef};

#[derive(Default)]
struct Options {
    len: bool,
    idx: bool,
    with_match_len: bool,
    min_match_len: i64,
}

/// LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]
pub fn lcs(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let (a, b) = (args.bytes(), args.bytes());
    let string = |key| match cx.keys.value(key) {
        None => Ok(StrRef::Embedded(b"")),
        Some(value) => StrRef::of(value).ok_or(Error::LCS_NOT_STRINGS),
    };
    // Redis: the keys' types are looked at before the options.
    let (a, b) = (string(a), string(b));
    let (a, b) = (a?, b?);
    let options = parse(&mut args)?;

    let (a, b) = (a.bytes(), b.bytes());
    let table = Table::new(&a, &b, cx.settings.max_bulk_bytes)?;
    let len = table.at(a.len(), b.len());
    if options.len {
        return Ok(Reply::Int(i64::from(len)));
    }
    let (common, matches) = table.walk_back(&a, &b, &options);

    Ok(match options.idx {
        true => Reply::Map(vec![
            (Reply::bulk("matches"), Reply::Array(matches)),
            (Reply::bulk("len"), Reply::Int(i64::from(len))),
        ]),
        false => Reply::bulk(common),
    })
}

fn parse(args: &mut Args) -> Result<Options> {
    let mut options = Options::default();
    while !args.is_done() {
        if args.take("IDX") {
            options.idx = true;
        } else if args.take("LEN") {
            options.len = true;
        } else if args.take("WITHMATCHLEN") {
            options.with_match_len = true;
        } else if args.take("MINMATCHLEN") {
            options.min_match_len = args.int()?.max(0);
        } else {
            return Err(Error::SYNTAX);
        }
    }
    if options.len && options.idx {
        return Err(Error::LCS_LEN_AND_IDX);
    }

    Ok(options)
}

/// The length of the longest common subsequence of every pair of beginnings.
struct Table {
    width: usize,
    lengths: Vec<u32>,
}

impl Table {
    fn new(a: &[u8], b: &[u8], bytes_max: usize) -> Result<Table> {
        let width = b.len() + 1;
        let size = (a.len() + 1).checked_mul(width);
        let size = size.filter(|size| size.checked_mul(4).is_some_and(|bytes| bytes <= bytes_max));
        let size = size.ok_or(Error::LCS_TOO_LONG)?;
        let mut lengths = Vec::new();
        lengths
            .try_reserve_exact(size)
            .map_err(|_| Error::LCS_NO_MEMORY)?;
        lengths.resize(size, 0);
        for i in 1..=a.len() {
            for j in 1..=b.len() {
                let row = i * width;
                lengths[row + j] = if a[i - 1] == b[j - 1] {
                    lengths[row - width + j - 1] + 1
                } else {
                    lengths[row - width + j].max(lengths[row + j - 1])
                };
            }
        }

        Ok(Table { width, lengths })
    }

    fn at(&self, i: usize, j: usize) -> u32 {
        self.lengths[i * self.width + j]
    }

    /// The subsequence itself, and its contiguous ranges from the last to the first.
    fn walk_back(&self, a: &[u8], b: &[u8], options: &Options) -> (Vec<u8>, Vec<Reply>) {
        let (mut i, mut j) = (a.len(), b.len());
        let (mut common, mut matches) = (Vec::new(), Vec::new());
        // Where the range under way begins in each, and how long it is.
        let mut range: Option<(usize, usize, usize)> = None;
        let mut emit = |range: &mut Option<(usize, usize, usize)>| {
            if let Some((a, b, len)) = range.take()
                && len as i64 >= options.min_match_len
            {
                matches.push(one_match(a, b, len, options.with_match_len));
            }
        };
        while i > 0 && j > 0 {
            if a[i - 1] == b[j - 1] {
                common.push(a[i - 1]);
                (i, j) = (i - 1, j - 1);
                let len = range.map_or(0, |(_, _, len)| len);
                range = Some((i, j, len + 1));
                if i == 0 || j == 0 {
                    emit(&mut range);
                }
            } else {
                if self.at(i - 1, j) > self.at(i, j - 1) {
                    i -= 1;
                } else {
                    j -= 1;
                }
                emit(&mut range);
            }
        }
        common.reverse();

        (common, matches)
    }
}

fn one_match(a: usize, b: usize, len: usize, with_len: bool) -> Reply {
    let range = |from: usize| Reply::Array(vec![Reply::count(from), Reply::count(from + len - 1)]);
    let mut parts = vec![range(a), range(b)];
    if with_len {
        parts.push(Reply::count(len));
    }

    Reply::Array(parts)
}
