//! What HRANDFIELD, SRANDMEMBER and ZRANDMEMBER share: `[count [WITHVALUES]]`.
use super::{Args, Error, Result};

/// More draws than this fill the memory of a page; Redis would go on until its client is gone.
const REPEATED_MAX: u64 = 1 << 24;

/// What a count asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// As many different members, or all.
    Distinct(usize),
    /// As many draws, each from all members: asked for by a negative count.
    Repeated(usize),
}

/// The count, as the next word.
pub fn draw(args: &mut Args) -> Result<Draw> {
    count(args).map(Draw::of)
}

/// The count, and whether `keyword` stands behind it.
pub fn draw_with(args: &mut Args, keyword: &str) -> Result<(Draw, bool)> {
    let count = count(args)?;
    let with = args.take(keyword);
    args.end()?;
    // Redis: twice the count must be a number too.
    if with && count.unsigned_abs() > i64::MAX as u64 / 2 {
        return Err(Error::VALUE_OUT_OF_RANGE);
    }

    Ok((Draw::of(count), with))
}

fn count(args: &mut Args) -> Result<i64> {
    match args.int()? {
        i64::MIN => Err(Error::not_between(-i64::MAX, i64::MAX)),
        count => Ok(count),
    }
}

impl Draw {
    fn of(count: i64) -> Self {
        let size = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);

        if count < 0 {
            Draw::Repeated(size)
        } else {
            Draw::Distinct(size)
        }
    }

    /// Refuses what no reply can hold.
    pub fn bounded(self) -> Result<Self> {
        match self {
            Draw::Repeated(count) if count as u64 > REPEATED_MAX => Err(Error::VALUE_OUT_OF_RANGE),
            draw => Ok(draw),
        }
    }
}
