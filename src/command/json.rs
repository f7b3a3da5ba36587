//! JSON documents: the type behind JavaScript's set, get and update. The family's table.
//!
//! Named and answered as RedisJSON's commands are, so that its clients work, but a path leads to one
//! place only. At the root JSON.SET is SET: it replaces whatever the key holds, and its expiry.
#[cfg(test)]
mod tests;

use serde_json::Value as Document;

use super::row::*;
use super::string::options::{Condition, Grammar, Options};
use super::string::{expiry, holds};
use super::{Args, Error, ReadContext, Reply, Result, WriteContext};
use crate::keyspace::{Changed, EventClass, ExpirySetting};
use crate::value::{Json, JsonError, JsonPath, Typed, json_text, json_type_name, parse_json};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //    name           arity              keys         flags           handler      usage
    write("JSON.SET",    Arity::AtLeast(4), Keys::At(1), GROWS_KILAT,    json_set,    SET),
    read ("JSON.GET",    Arity::AtLeast(2), Keys::At(1), Flags::KILAT,   json_get,    "key [path [path ...]]"),
    write("JSON.MERGE",  Arity::Exactly(4), Keys::At(1), GROWS_KILAT,    json_merge,  "key path value"),
    read ("JSON.TYPE",   Arity::AtLeast(2), Keys::At(1), FAST_KILAT,     json_type,   "key [path]"),
    write("JSON.DEL",    Arity::AtLeast(2), Keys::At(1), Flags::KILAT,   json_del,    "key [path]"),
    write("JSON.FORGET", Arity::AtLeast(2), Keys::At(1), Flags::KILAT,   json_forget, "key [path]"),
];

const GROWS_KILAT: Flags = GROWS.and(Flags::KILAT);
const FAST_KILAT: Flags = FAST.and(Flags::KILAT);
const SET: &str = "key path value [NX | XX] [EX seconds | PX milliseconds | \
    EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]";

/// JSON.SET key path value [NX | XX] [EX seconds | PX milliseconds | EXAT time | PXAT time | KEEPTTL]
fn json_set(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, path, text) = (args.bytes(), path(args.bytes())?, args.bytes());
    let options = Options::parse(&mut args, Grammar::JsonSet)?;
    let expiry = expiry(cx, &options, "json.set")?;

    let done = if path.is_root() {
        set_root(cx, key, Json::parse(text)?, options.condition, expiry)
    } else {
        set_member(cx, key, &path, parse_json(text)?, options.condition)?
    };
    if !done {
        return Ok(Reply::Null);
    }
    if let ExpirySetting::At(at_ms) = expiry {
        if !path.is_root() {
            cx.keys.set_expiry(key, "", Some(at_ms));
        }
        cx.keys.note_event(EventClass::GENERIC, "expire", key);
    }
    log_set(cx, args.whole(), expiry);

    Ok(Reply::OK)
}

fn set_root(
    cx: &mut WriteContext,
    key: &[u8],
    value: Json,
    condition: Option<Condition>,
    expiry: ExpirySetting,
) -> bool {
    let done = holds(cx, key, condition);
    if done {
        cx.keys.set(key, "json.set", value.into_value(), expiry);
    }

    done
}

fn set_member(
    cx: &mut WriteContext,
    key: &[u8],
    path: &JsonPath,
    document: Document,
    condition: Option<Condition>,
) -> Result<bool> {
    let old: Option<&Json> = cx.keys.view().peek(key)?;
    let old = old.ok_or(Error::JSON_NEW_AT_ROOT)?;
    let wanted = condition.map(|condition| condition == Condition::Present);
    if wanted.is_some_and(|wanted| old.get(path).is_some() != wanted) {
        return Ok(false);
    }

    cx.keys.try_update(key, "json.set", |value: &mut Json, _| {
        let found = value.set(path, document)?;
        Ok::<_, Error>((found, Changed(usize::from(found))))
    })
}

/// The effect of a JSON.SET, whatever it depended on.
fn log_set(cx: &mut WriteContext, argv: &[&[u8]], expiry: ExpirySetting) {
    let [key, path, text] = [argv[1], argv[2], argv[3]];
    let db = cx.keys.db();
    match expiry {
        ExpirySetting::Clear => cx.effects.add(db, &[b"JSON.SET", key, path, text]),
        ExpirySetting::Keep => cx
            .effects
            .add(db, &[b"JSON.SET", key, path, text, b"KEEPTTL"]),
        ExpirySetting::At(at_ms) => {
            let at = at_ms.to_string();
            let words: [&[u8]; 6] = [b"JSON.SET", key, path, text, b"PXAT", at.as_bytes()];
            cx.effects.add(db, &words);
        }
    }
}

/// JSON.GET key [path [path ...]]
fn json_get(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let words = args.rest();
    let paths = words.iter().map(|word| path(word));
    let paths: Vec<JsonPath> = paths.collect::<Result<_>>()?;

    let value: Option<&Json> = cx.keys.read(key)?;
    let Some(value) = value else {
        return Ok(Reply::Null);
    };

    // RedisJSON: one path answers with what it found, several with an object; a `$` asks for arrays.
    let arrays = paths.iter().any(|path| !path.is_legacy());
    let found = |path: &JsonPath, word: &[u8]| match (value.get(path), arrays) {
        (Some(document), false) => Ok(json_text(document)),
        (None, false) => Err(Error::json_no_path(word)),
        (Some(document), true) => Ok(format!("[{}]", json_text(document))),
        (None, true) => Ok("[]".into()),
    };
    let text = match &paths[..] {
        [] => value.text().to_owned(),
        [path] => found(path, words[0])?,
        paths => {
            let member = |(path, word): (&JsonPath, &&[u8])| {
                let name = json_text(&Document::from(String::from_utf8_lossy(word)));
                Ok(format!("{name}:{}", found(path, word)?))
            };
            let members = paths.iter().zip(words).map(member);
            format!("{{{}}}", members.collect::<Result<Vec<_>>>()?.join(","))
        }
    };

    Ok(Reply::bulk(text))
}

/// JSON.MERGE key path value
fn json_merge(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (key, path, patch) = (args.bytes(), path(args.bytes())?, parse_json(args.bytes())?);
    if !path.is_root() && !cx.keys.view().contains(key) {
        return Err(Error::JSON_NEW_AT_ROOT);
    }

    let found = cx
        .keys
        .try_update(key, "json.merge", |value: &mut Json, _| {
            let found = value.merge(&path, patch)?;
            Ok::<_, Error>((found, Changed(usize::from(found))))
        })?;

    Ok(if found { Reply::OK } else { Reply::Null })
}

/// JSON.TYPE key [path]
fn json_type(cx: &ReadContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let path = last_path(&mut args)?;

    let value: Option<&Json> = cx.keys.read(key)?;
    let Some(value) = value else {
        return Ok(Reply::Null);
    };
    let name = value.get(&path).map(json_type_name);

    Ok(match path.is_legacy() {
        true => Reply::bulk_or_null(name),
        false => Reply::bulks(name),
    })
}

/// JSON.DEL key [path]
fn json_del(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let key = args.bytes();
    let path = last_path(&mut args)?;

    let value: Option<&Json> = cx.keys.view().peek(key)?;
    let Some(value) = value else {
        return Ok(Reply::Int(0));
    };
    let there = value.get(&path).is_some();
    if path.is_root() {
        cx.keys.delete(key, "del");
    } else if there {
        cx.keys.update(key, "json.del", |value: &mut Json, _| {
            let removed = value.remove(&path);
            ((), Changed(usize::from(removed)))
        })?;
    }

    Ok(Reply::flag(there))
}

/// JSON.FORGET key [path]
fn json_forget(cx: &mut WriteContext, args: Args) -> Result<Reply> {
    json_del(cx, args)
}

/// The path that ends a call; the root where there is none.
fn last_path(args: &mut Args) -> Result<JsonPath> {
    let path = args.peek().map_or(Ok(JsonPath::root()), path)?;
    args.rest().get(1).map_or(Ok(path), |_| Err(Error::SYNTAX))
}

fn path(word: &[u8]) -> Result<JsonPath> {
    JsonPath::parse(word).map_err(|error| Error::err(error.to_string()))
}

impl From<JsonError> for Error {
    fn from(error: JsonError) -> Error {
        Error::err(error.to_string())
    }
}
