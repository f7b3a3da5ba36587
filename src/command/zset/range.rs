//! ZRANGE, the commands before it that each do a part of it, and ZRANGESTORE.
use std::ops::Range;

use super::{Scores, bounds, members};
use crate::command::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::ExpirySetting;
use crate::value::{LexRange, ScoreRange, Scored, Typed, ZSet};

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Rank,
    Score,
    Lex,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Reverse,
}

/// What a command's name has settled; the rest is left to its options.
#[derive(Clone, Copy)]
struct Form {
    by: Option<By>,
    direction: Option<Direction>,
    shows_scores: bool,
}

/// A range to be read.
struct Query<'a> {
    ends: Ends<'a>,
    direction: Direction,
    offset: i64,
    /// Negative: no limit.
    count: i64,
    scores: Scores,
}

enum Ends<'a> {
    Ranks(i64, i64),
    Scores(ScoreRange),
    Members(LexRange<'a>),
}

/// ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
pub(super) fn zrange(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, None, None)
}

/// ZREVRANGE key start stop [WITHSCORES]
pub(super) fn zrevrange(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Some(By::Rank), Some(Direction::Reverse))
}

/// ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]
pub(super) fn zrangebyscore(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Some(By::Score), Some(Direction::Forward))
}

/// ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]
pub(super) fn zrevrangebyscore(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Some(By::Score), Some(Direction::Reverse))
}

/// ZRANGEBYLEX key min max [LIMIT offset count]
pub(super) fn zrangebylex(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Some(By::Lex), Some(Direction::Forward))
}

/// ZREVRANGEBYLEX key max min [LIMIT offset count]
pub(super) fn zrevrangebylex(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Some(By::Lex), Some(Direction::Reverse))
}

fn read(
    cx: &ReadContext,
    mut args: Args,
    by: Option<By>,
    direction: Option<Direction>,
) -> Result<Reply> {
    let key = args.bytes();
    let query = Query::parse(
        args,
        Form {
            by,
            direction,
            shows_scores: true,
        },
    )?;

    let zset: Option<&ZSet> = cx.keys.read(key)?;
    let found = zset.map_or(Vec::new(), |zset| query.members(zset));

    Ok(members(found, query.scores))
}

/// ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]
pub(super) fn zrangestore(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (destination, source) = (args.bytes(), args.bytes());
    let query = Query::parse(
        args,
        Form {
            by: None,
            direction: None,
            shows_scores: false,
        },
    )?;

    cx.keys.purge(source);
    let keys = cx.keys.view();
    let zset = keys.read::<&ZSet>(source)?;
    let found = zset.map_or(Vec::new(), |zset| query.members(zset));
    let mut stored = match found.len() > keys.limits().zset_max_listpack_entries {
        true => ZSet::unpacked(keys.limits()),
        false => ZSet::default(),
    };
    for (member, score) in found {
        stored.insert(&member, score, keys.limits());
    }
    let count = stored.len();
    let value = stored.into_value();
    cx.keys
        .set(destination, "zrangestore", value, ExpirySetting::Clear);

    Ok(Reply::count(count))
}

impl<'a> Query<'a> {
    fn parse(mut args: Args<'a>, form: Form) -> Result<Self> {
        let (first, second) = (args.bytes(), args.bytes());
        let (mut by, mut direction) = (form.by, form.direction);
        let (mut offset, mut count) = (0, -1);
        let mut scores = Scores::Hidden;
        while !args.is_done() {
            if form.shows_scores && args.take("WITHSCORES") {
                scores = Scores::Shown;
            } else if args.left() > 2 && args.take("LIMIT") {
                (offset, count) = (args.int()?, args.int()?);
            } else if direction.is_none() && args.take("REV") {
                direction = Some(Direction::Reverse);
            } else if by.is_none() && args.take("BYLEX") {
                by = Some(By::Lex);
            } else if by.is_none() && args.take("BYSCORE") {
                by = Some(By::Score);
            } else {
                return Err(Error::SYNTAX);
            }
        }
        let by = by.unwrap_or(By::Rank);
        // Redis: a limit of -1 is none, wherever it stands.
        if count != -1 && by == By::Rank {
            return Err(Error::LIMIT_BY_RANK);
        }
        if scores == Scores::Shown && by == By::Lex {
            return Err(Error::SCORES_BY_LEX);
        }
        let direction = direction.unwrap_or(Direction::Forward);

        Ok(Query {
            ends: Ends::parse(by, direction, first, second)?,
            direction,
            offset,
            count,
            scores,
        })
    }

    fn members<'z>(&self, zset: &'z ZSet) -> Vec<Scored<'z>> {
        let found = zset.range(self.ranks(zset));
        match self.direction {
            Direction::Forward => found.collect(),
            Direction::Reverse => found.rev().collect(),
        }
    }

    fn ranks(&self, zset: &ZSet) -> Range<usize> {
        let Range { start, end } = match &self.ends {
            Ends::Ranks(start, stop) => {
                let ranks = bounds::ranks(*start, *stop, zset.len());
                return match self.direction {
                    Direction::Forward => ranks,
                    Direction::Reverse => zset.len() - ranks.end..zset.len() - ranks.start,
                };
            }
            Ends::Scores(range) => zset.ranks_by_score(range),
            Ends::Members(range) => zset.ranks_by_lex(range),
        };
        // Redis: a negative offset passes over everything.
        let offset = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        match self.direction {
            Direction::Forward => {
                let start = start.saturating_add(offset).min(end);
                start..start.saturating_add(count).min(end)
            }
            Direction::Reverse => {
                let end = end.saturating_sub(offset).max(start);
                end.saturating_sub(count).max(start)..end
            }
        }
    }
}

impl<'a> Ends<'a> {
    /// In reverse, the higher end comes first, ranks aside.
    fn parse(by: By, direction: Direction, first: &'a [u8], second: &'a [u8]) -> Result<Self> {
        let (min, max) = match direction {
            Direction::Forward => (first, second),
            Direction::Reverse => (second, first),
        };

        Ok(match by {
            By::Rank => {
                let words = [first, second];
                let mut words = Args::new(&words, 0);
                Ends::Ranks(words.int()?, words.int()?)
            }
            By::Score => Ends::Scores(bounds::scores(min, max)?),
            By::Lex => Ends::Members(bounds::members(min, max)?),
        })
    }
}
