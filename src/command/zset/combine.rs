//! Unions, intersections and differences of sorted sets and sets.
use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Scores, members};
use crate::base::sort::{sort_by, sort_by_key};
use crate::command::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::{ExpirySetting, Keys};
use crate::value::{Limits, Scored, Set, Table, Typed, ValueRef, ZSet};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// How the scores of one member are made one.
#[derive(Clone, Copy)]
enum Aggregate {
    Sum,
    Min,
    Max,
}

/// Which options a command has beside those of its operation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Reply,
    Store,
    Count,
}

/// An input: Redis lets a set in, its members scoring 1.
#[derive(Clone, Copy)]
enum Source<'k> {
    Absent,
    Set(&'k Set),
    ZSet(&'k ZSet),
}

struct Weighted<'k> {
    source: Source<'k>,
    weight: f64,
}

struct Combination<'k> {
    operation: Operation,
    inputs: Vec<Weighted<'k>>,
    aggregate: Aggregate,
    scores: Scores,
    /// 0: no limit.
    limit: usize,
}

/// ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]
/// [WITHSCORES]
pub(super) fn zunion(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Operation::Union, "zunion")
}

/// ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX]
/// [WITHSCORES]
pub(super) fn zinter(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Operation::Intersection, "zinter")
}

/// ZDIFF numkeys key [key ...] [WITHSCORES]
pub(super) fn zdiff(cx: &ReadContext, args: Args) -> Result<Reply> {
    read(cx, args, Operation::Difference, "zdiff")
}

fn read(cx: &ReadContext, args: Args, operation: Operation, name: &str) -> Result<Reply> {
    let combination = Combination::parse(cx.keys, args, operation, Form::Reply, name)?;

    let found = combination.run(cx.keys.limits());

    Ok(members(found, combination.scores))
}

/// ZINTERCARD numkeys key [key ...] [LIMIT limit]
pub(super) fn zintercard(cx: &ReadContext, args: Args) -> Result<Reply> {
    let operation = Operation::Intersection;
    let combination = Combination::parse(cx.keys, args, operation, Form::Count, "zintercard")?;

    let limit = match combination.limit {
        0 => usize::MAX,
        limit => limit,
    };

    Ok(Reply::count(combination.intersection().take(limit).count()))
}

/// ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]]
/// [AGGREGATE SUM | MIN | MAX]
pub(super) fn zunionstore(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    store(cx, args, Operation::Union, "zunionstore")
}

/// ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]]
/// [AGGREGATE SUM | MIN | MAX]
pub(super) fn zinterstore(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    store(cx, args, Operation::Intersection, "zinterstore")
}

/// ZDIFFSTORE destination numkeys key [key ...]
pub(super) fn zdiffstore(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    store(cx, args, Operation::Difference, "zdiffstore")
}

fn store(
    cx: &mut WriteContext,
    mut args: Args,
    operation: Operation,
    name: &'static str,
) -> Result<Reply> {
    let destination = args.bytes();
    // Some of these words may be options: to look whether they are due keys harms nothing.
    for key in args.clone().rest() {
        cx.keys.purge(key);
    }
    let keys = cx.keys.view();
    let combination = Combination::parse(keys, args, operation, Form::Store, name)?;

    let mut stored = ZSet::unpacked(keys.limits());
    for (member, score) in combination.run(keys.limits()) {
        stored.insert(&member, score, keys.limits());
    }
    stored.pack(keys.limits());
    let count = stored.len();
    let value = stored.into_value();
    cx.keys.set(destination, name, value, ExpirySetting::Clear);

    Ok(Reply::count(count))
}

impl<'k> Combination<'k> {
    /// Redis: inputs are looked up before the options are read, so a wrong type is told first.
    fn parse(
        keys: Keys<'k>,
        mut args: Args,
        operation: Operation,
        form: Form,
        name: &str,
    ) -> Result<Self> {
        let numkeys = usize::try_from(args.int()?).unwrap_or(0);
        if numkeys == 0 {
            return Err(Error::no_input_key(name));
        }
        if numkeys > args.left() {
            return Err(Error::SYNTAX);
        }
        let input = |key| {
            let source = Source::read(keys, key)?;
            Ok(Weighted {
                source,
                weight: 1.0,
            })
        };
        let inputs: Result<Vec<_>> = (0..numkeys).map(|_| input(args.bytes())).collect();
        let mut combination = Combination {
            operation,
            inputs: inputs?,
            aggregate: Aggregate::Sum,
            scores: Scores::Hidden,
            limit: 0,
        };
        combination.parse_options(args, form)?;
        if operation != Operation::Difference {
            // Redis: the smallest first; the order in which scores are added is seen in the sums.
            sort_by_key(&mut combination.inputs, |input| input.source.len());
        }

        Ok(combination)
    }

    fn parse_options(&mut self, mut args: Args, form: Form) -> Result<()> {
        let weighted = self.operation != Operation::Difference && form != Form::Count;
        while !args.is_done() {
            if weighted && args.left() > self.inputs.len() && args.take("WEIGHTS") {
                for input in &mut self.inputs {
                    input.weight = args.float().map_err(|_| Error::WEIGHT_NOT_FLOAT)?;
                }
            } else if weighted && args.left() > 1 && args.take("AGGREGATE") {
                self.aggregate = Aggregate::parse(&mut args)?;
            } else if form == Form::Reply && args.take("WITHSCORES") {
                self.scores = Scores::Shown;
            } else if form == Form::Count && args.left() > 1 && args.take("LIMIT") {
                let limit = args.int_in(0..=i64::MAX, Error::LIMIT_NEGATIVE)?;
                self.limit = usize::try_from(limit).unwrap_or(usize::MAX);
            } else {
                return Err(Error::SYNTAX);
            }
        }

        Ok(())
    }

    /// The result, in order.
    fn run(&self, limits: &Limits) -> Vec<(Vec<u8>, f64)> {
        let owned = |(member, score): Scored| (member.into_owned(), score);
        let mut found: Vec<_> = match self.operation {
            Operation::Union => self.union(limits),
            Operation::Intersection => self.intersection().map(owned).collect(),
            Operation::Difference => self.difference().map(owned).collect(),
        };
        sort_by(&mut found, |a, b| {
            let by_score = a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal);
            by_score.then_with(|| a.0.cmp(&b.0))
        });

        found
    }

    fn union(&self, limits: &Limits) -> Vec<(Vec<u8>, f64)> {
        let mut sums = Table::new(limits.seed);
        for Weighted { source, weight } in &self.inputs {
            for (member, score) in source.iter() {
                let score = or_zero(weight * score);
                let sum = sums.get(&member).map_or(score, |sum| {
                    let sum = score_of(sum);
                    self.aggregate.of(sum, score)
                });
                sums.insert(&member, &sum.to_ne_bytes());
            }
        }

        sums.iter()
            .map(|(member, sum)| (member.to_vec(), score_of(sum)))
            .collect()
    }

    fn intersection(&self) -> impl Iterator<Item = Scored<'k>> {
        let (first, others) = self.inputs.split_first().expect("there is an input");

        first.source.iter().filter_map(move |(member, score)| {
            let mut sum = or_zero(first.weight * score);
            for other in others {
                let score = other.source.score(&member)?;
                sum = self.aggregate.of(sum, score * other.weight);
            }
            Some((member, sum))
        })
    }

    fn difference(&self) -> impl Iterator<Item = Scored<'k>> {
        let (first, others) = self.inputs.split_first().expect("there is an input");
        let stays = |(member, _): &Scored| {
            others
                .iter()
                .all(|other| other.source.score(member).is_none())
        };

        first.source.iter().filter(stays)
    }
}

impl Aggregate {
    fn parse(args: &mut Args) -> Result<Self> {
        if args.take("SUM") {
            Ok(Aggregate::Sum)
        } else if args.take("MIN") {
            Ok(Aggregate::Min)
        } else if args.take("MAX") {
            Ok(Aggregate::Max)
        } else {
            Err(Error::SYNTAX)
        }
    }

    fn of(self, sum: f64, score: f64) -> f64 {
        match self {
            Aggregate::Sum => or_zero(sum + score),
            Aggregate::Min if score < sum => score,
            Aggregate::Max if score > sum => score,
            _ => sum,
        }
    }
}

/// A score as it stands in a table.
fn score_of(bytes: &[u8]) -> f64 {
    f64::from_ne_bytes(bytes.try_into().expect("it was put in as eight bytes"))
}

/// Redis: infinity less infinity, and nothing of it, is 0.
fn or_zero(score: f64) -> f64 {
    if score.is_nan() { 0.0 } else { score }
}

impl<'k> Source<'k> {
    fn read(keys: Keys<'k>, key: &[u8]) -> Result<Self> {
        match keys.value(key) {
            None => Ok(Source::Absent),
            Some(ValueRef::Set(set)) => Ok(Source::Set(set)),
            Some(ValueRef::ZSet(zset)) => Ok(Source::ZSet(zset)),
            Some(_) => Err(Error::WRONG_TYPE),
        }
    }

    fn len(self) -> usize {
        match self {
            Source::Absent => 0,
            Source::Set(set) => set.len(),
            Source::ZSet(zset) => zset.len(),
        }
    }

    fn score(self, member: &[u8]) -> Option<f64> {
        match self {
            Source::Absent => None,
            Source::Set(set) => set.contains(member).then_some(1.0),
            Source::ZSet(zset) => zset.score(member),
        }
    }

    fn iter(self) -> Box<dyn Iterator<Item = Scored<'k>> + 'k> {
        match self {
            Source::Absent => Box::new(std::iter::empty()),
            Source::Set(set) => Box::new(set.iter().map(|member: Cow<'k, [u8]>| (member, 1.0))),
            Source::ZSet(zset) => Box::new(zset.iter()),
        }
    }
}
