//! SORT and SORT_RO: the family's table, and the words of a call.
//!
//! BY and GET look at other keys of the same database: a `*` in their pattern stands for the element.
mod pattern;
mod run;

use run::sorted;

use super::row::*;
use super::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::ExpirySetting;
use crate::value::{End, List, Typed};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name       arity              keys                     flags           handler  usage
    write("SORT",    Arity::AtLeast(2), Keys::Custom(sort_keys), GROWS.and(OFF), sort,    SORT),
    read ("SORT_RO", Arity::AtLeast(2), Keys::At(1),             OFF,            sort_ro, SORT_RO),
];

const OFF: Flags = Flags::DANGEROUS.and(Flags::MOVABLE);
const SORT: &str = "key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] \
    [ASC | DESC] [ALPHA] [STORE destination]";
const SORT_RO: &str = "key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] \
    [ASC | DESC] [ALPHA]";

struct Options<'a> {
    descending: bool,
    alpha: bool,
    by: Option<&'a [u8]>,
    gets: Vec<&'a [u8]>,
    offset: i64,
    count: i64,
    store: Option<&'a [u8]>,
}

impl<'a> Options<'a> {
    fn parse(args: &mut Args<'a>, may_store: bool) -> Result<Options<'a>> {
        let mut options = Options {
            descending: false,
            alpha: false,
            by: None,
            gets: Vec::new(),
            offset: 0,
            count: -1,
            store: None,
        };
        while !args.is_done() {
            if args.take("ASC") {
                options.descending = false;
            } else if args.take("DESC") {
                options.descending = true;
            } else if args.take("ALPHA") {
                options.alpha = true;
            } else if args.left() > 2 && args.take("LIMIT") {
                (options.offset, options.count) = (args.int()?, args.int()?);
            } else if may_store && args.take("STORE") {
                options.store = Some(args.next()?);
            } else if args.take("BY") {
                options.by = Some(args.next()?);
            } else if args.take("GET") {
                options.gets.push(args.next()?);
            } else {
                return Err(Error::SYNTAX);
            }
        }

        Ok(options)
    }

    /// A pattern without a `*` asks for no order at all.
    fn unsorted(&self) -> bool {
        self.by.is_some_and(|pattern| !pattern.contains(&b'*'))
    }
}

/// The key, and the last STORE's destination.
fn sort_keys(argv: &[&[u8]]) -> Vec<usize> {
    let (mut at, mut keys) = (2, vec![1]);
    while at < argv.len() {
        let is = |word: &str| argv[at].eq_ignore_ascii_case(word.as_bytes());
        if is("STORE") && at + 1 < argv.len() {
            keys.truncate(1);
            keys.push(at + 1);
        }
        at += if is("LIMIT") {
            3
        } else if is("GET") || is("BY") || is("STORE") {
            2
        } else {
            1
        };
    }

    keys
}

/// SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination]
fn sort(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let options = Options::parse(&mut args, true)?;

    let found = sorted(cx.keys.view(), key, &options)?;
    let Some(destination) = options.store else {
        return Ok(reply(found));
    };
    let elements: Vec<Vec<u8>> = found.into_iter().map(Option::unwrap_or_default).collect();
    store(cx, destination, &elements);

    Ok(Reply::count(elements.len()))
}

/// SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA]
fn sort_ro(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let options = Options::parse(&mut args, false)?;

    sorted(cx.keys, key, &options).map(reply)
}

fn reply(found: Vec<Option<Vec<u8>>>) -> Reply {
    Reply::Array(found.into_iter().map(Reply::bulk_or_null).collect())
}

/// Puts a list at `key`. The effect is the list: what BY and GET saw may be gone elsewhere.
fn store(cx: &mut WriteContext, key: &[u8], elements: &[Vec<u8>]) {
    let db = cx.keys.db();
    let taken = cx.keys.view().contains(key);
    if elements.is_empty() {
        if cx.keys.delete(key, "del") {
            cx.effects.add(db, &[b"DEL", key]);
        }
        return;
    }
    let mut list = List::default();
    for element in elements {
        list.push(End::Tail, element, cx.keys.view().limits());
    }
    let value = list.into_value();
    cx.keys.set(key, "sortstore", value, ExpirySetting::Clear);
    cx.keys.count_changes(elements.len() as u64 - 1);
    if taken {
        cx.effects.add(db, &[b"DEL", key]);
    }
    let elements = elements.iter().map(Vec::as_slice);
    let words: Vec<&[u8]> = [&b"RPUSH"[..], key].into_iter().chain(elements).collect();
    cx.effects.add(db, &words);
}
