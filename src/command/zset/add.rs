//! ZADD and ZINCRBY.
use crate::command::{Args, Error, Reply, Result, WriteContext};
use crate::keyspace::Changed;
use crate::value::{Limits, ZSet};

/// `[NX | XX] [GT | LT] [CH] [INCR]`
#[derive(Clone, Copy, Default)]
struct Options {
    only_new: bool,
    only_present: bool,
    only_greater: bool,
    only_less: bool,
    count_changed: bool,
    increment: bool,
}

/// What came of all pairs.
#[derive(Default)]
struct Outcome {
    added: usize,
    updated: usize,
    /// The last score that the options let through, whether it changed anything or not.
    score: Option<f64>,
}

/// ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]
pub(super) fn zadd(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    add(cx, args, Options::default())
}

/// ZINCRBY key increment member
pub(super) fn zincrby(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    let increment = Options {
        increment: true,
        ..Options::default()
    };

    add(cx, args, increment)
}

fn add(cx: &mut WriteContext, mut args: Args, options: Options) -> Result<Reply> {
    let key = args.bytes();
    // Redis: ZINCRBY reads options too, though it has no room for them.
    let options = options.parse(&mut args)?;
    let pairs = options.pairs(args)?;
    let event = if options.increment { "zincr" } else { "zadd" };

    let outcome = cx.keys.try_update(key, event, |zset, limits| {
        let mut outcome = Outcome::default();
        for (score, member) in &pairs {
            options.add(zset, member, *score, limits, &mut outcome)?;
        }
        let changes = outcome.added + outcome.updated;
        Ok::<_, Error>((outcome, Changed(changes)))
    })?;

    Ok(match outcome {
        Outcome { score, .. } if options.increment => score.map_or(Reply::Null, Reply::Double),
        Outcome { added, updated, .. } if options.count_changed => Reply::count(added + updated),
        Outcome { added, .. } => Reply::count(added),
    })
}

impl Options {
    fn parse(mut self, args: &mut Args) -> Result<Self> {
        loop {
            if args.take("NX") {
                self.only_new = true;
            } else if args.take("XX") {
                self.only_present = true;
            } else if args.take("GT") {
                self.only_greater = true;
            } else if args.take("LT") {
                self.only_less = true;
            } else if args.take("CH") {
                self.count_changed = true;
            } else if args.take("INCR") {
                self.increment = true;
            } else {
                return Ok(self);
            }
        }
    }

    /// Scores with their members; the options are judged on the way, in Redis's order.
    fn pairs<'a>(&self, mut args: Args<'a>) -> Result<Vec<(f64, &'a [u8])>> {
        let count = args.left() / 2;
        if count == 0 || !args.left().is_multiple_of(2) {
            return Err(Error::SYNTAX);
        }
        if self.only_new && self.only_present {
            return Err(Error::XX_AND_NX);
        }
        let conditions = [self.only_new, self.only_greater, self.only_less];
        if conditions.into_iter().filter(|set| *set).count() > 1 {
            return Err(Error::GT_LT_NX);
        }
        if self.increment && count > 1 {
            return Err(Error::INCR_PAIR);
        }

        (0..count)
            .map(|_| Ok((args.float()?, args.bytes())))
            .collect()
    }

    fn add(
        &self,
        zset: &mut ZSet,
        member: &[u8],
        given: f64,
        limits: &Limits,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let old = zset.score(member);
        let refused = match old {
            Some(_) => self.only_new,
            None => self.only_present,
        };
        if refused {
            return Ok(());
        }
        let score = match old {
            Some(old) if self.increment => old + given,
            _ => given,
        };
        if score.is_nan() {
            return Err(Error::SCORE_NAN);
        }
        if let Some(old) = old
            && (self.only_less && score >= old || self.only_greater && score <= old)
        {
            return Ok(());
        }

        if old != Some(score) {
            zset.insert(member, score, limits);
            outcome.added += usize::from(old.is_none());
            outcome.updated += usize::from(old.is_some());
        }
        outcome.score = Some(score);

        Ok(())
    }
}
