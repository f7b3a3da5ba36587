//! A value of each type, read from bytes that nobody has checked.
//!
//! Duplicates are refused, and what stands unordered where order is a rule; numbers of elements are
//! believed only as far as there are bytes for them.
use super::super::list::{End, ListNode};
use super::super::structure::listpack::ListPack;
use super::super::{Hash, Limits, List, Set, Str, Value, ZSet};
use super::{RdbError, Reader, kind, ziplist};
use crate::base::number;

/// How RDB numbers the nodes of a list.
pub(super) const NODE_PLAIN: u64 = 1;
pub(super) const NODE_PACKED: u64 = 2;

/// Reads a value of the type that has the number `kind`.
pub fn read_value(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Result<Value, RdbError> {
    match kind {
        kind::STRING => Ok(Value::String(Str::from_bytes(&reader.string()?))),
        kind::LIST | kind::LIST_ZIPLIST | kind::LIST_QUICKLIST | kind::LIST_QUICKLIST_2 => {
            read_list(kind, reader, limits).map(Value::List)
        }
        kind::SET | kind::SET_INTSET => read_set(kind, reader, limits).map(Value::Set),
        kind::ZSET | kind::ZSET_2 | kind::ZSET_ZIPLIST | kind::ZSET_LISTPACK => {
            read_zset(kind, reader, limits).map(Value::ZSet)
        }
        kind::HASH | kind::HASH_ZIPMAP | kind::HASH_ZIPLIST | kind::HASH_LISTPACK => {
            read_hash(kind, reader, limits).map(Value::Hash)
        }
        kind::MODULE | kind::MODULE_2 => Err(RdbError::Unsupported("values of modules")),
        kind::STREAM_LISTPACKS | kind::STREAM_LISTPACKS_2 => Err(RdbError::Unsupported("streams")),
        _ => Err(RdbError::UnknownType(kind)),
    }
}

/// How many elements follow; none is an error.
fn read_count(reader: &mut Reader<'_>, bytes_min: usize) -> Result<usize, RdbError> {
    match reader.count(bytes_min)? {
        0 => Err(RdbError::Empty),
        count => Ok(count),
    }
}

fn read_list(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Result<List, RdbError> {
    let mut list = List::default();
    match kind {
        kind::LIST => {
            for _ in 0..read_count(reader, 1)? {
                list.push(End::Tail, &reader.string()?, limits);
            }
        }
        kind::LIST_ZIPLIST => {
            let bytes = reader.string()?;
            let entries = ziplist::entries(&bytes).ok_or(RdbError::Corrupt("a ziplist"))?;
            for entry in entries {
                list.push(End::Tail, &entry, limits);
            }
        }
        kind::LIST_QUICKLIST => {
            for _ in 0..read_count(reader, 1)? {
                let bytes = reader.string()?;
                let entries = ziplist::entries(&bytes).ok_or(RdbError::Corrupt("a ziplist"))?;
                let mut packed = ListPack::new();
                entries.iter().for_each(|entry| packed.push_back(entry));
                append_node(&mut list, ListNode::Packed(packed.as_bytes().into()))?;
            }
        }
        _ => {
            for _ in 0..read_count(reader, 2)? {
                let container = reader.length()?;
                let bytes = reader.string()?;
                let node = match container {
                    NODE_PLAIN if !bytes.is_empty() => ListNode::Plain(&bytes),
                    NODE_PACKED => ListNode::Packed((&*bytes).into()),
                    _ => return Err(RdbError::Corrupt("a list's node")),
                };
                append_node(&mut list, node)?;
            }
        }
    }

    if list.is_empty() {
        Err(RdbError::Empty)
    } else {
        Ok(list)
    }
}

fn append_node(list: &mut List, node: ListNode<'_>) -> Result<(), RdbError> {
    list.append_node(node)
        .ok_or(RdbError::Corrupt("a list's node"))
}

fn read_set(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Result<Set, RdbError> {
    if kind == kind::SET_INTSET {
        let bytes = reader.string()?;
        return Set::from_intset_bytes(&bytes, limits).ok_or(RdbError::Corrupt("an intset"));
    }
    let mut set = Set::default();
    for _ in 0..read_count(reader, 1)? {
        if !set.insert(&reader.string()?, limits) {
            return Err(RdbError::Corrupt("a set's member twice"));
        }
    }

    Ok(set)
}

fn read_zset(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Result<ZSet, RdbError> {
    let mut zset = ZSet::unpacked(limits);
    let mut insert = |member: &[u8], score: f64| {
        if score.is_nan() {
            return Err(RdbError::Corrupt("a score that is not a number"));
        }
        match zset.insert(member, score, limits) {
            None => Ok(()),
            Some(_) => Err(RdbError::Corrupt("a sorted set's member twice")),
        }
    };
    match kind {
        kind::ZSET => {
            for _ in 0..read_count(reader, 2)? {
                insert(&reader.string()?, read_text_double(reader)?)?;
            }
        }
        kind::ZSET_2 => {
            for _ in 0..read_count(reader, 9)? {
                insert(&reader.string()?, reader.double()?)?;
            }
        }
        kind::ZSET_ZIPLIST => {
            let bytes = reader.string()?;
            for (member, score) in ziplist_pairs(&bytes)? {
                let score = number::parse_f64(&score);
                insert(&member, score.ok_or(RdbError::Corrupt("a score"))?)?;
            }
        }
        _ => {
            let packed = ZSet::from_listpack_bytes(&reader.string()?, limits);
            zset = packed.ok_or(RdbError::Corrupt("a sorted set's listpack"))?;
        }
    }

    zset.pack(limits);

    if zset.is_empty() {
        Err(RdbError::Empty)
    } else {
        Ok(zset)
    }
}

/// A double as text behind its length; the greatest lengths stand for what has no digits.
fn read_text_double(reader: &mut Reader<'_>) -> Result<f64, RdbError> {
    match reader.byte()? {
        253 => Ok(f64::NAN),
        254 => Ok(f64::INFINITY),
        255 => Ok(f64::NEG_INFINITY),
        len => {
            let text = reader.take(len.into())?;
            number::parse_f64(text).ok_or(RdbError::Corrupt("a score"))
        }
    }
}

fn read_hash(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Result<Hash, RdbError> {
    let mut hash = Hash::default();
    let mut insert = |field: &[u8], value: &[u8]| match hash.insert(field, value, limits) {
        true => Ok(()),
        false => Err(RdbError::Corrupt("a hash's field twice")),
    };
    match kind {
        kind::HASH => {
            for _ in 0..read_count(reader, 2)? {
                insert(&reader.string()?, &reader.string()?)?;
            }
        }
        kind::HASH_ZIPMAP => {
            let bytes = reader.string()?;
            let pairs = ziplist::zipmap_pairs(&bytes).ok_or(RdbError::Corrupt("a zipmap"))?;
            for (field, value) in pairs {
                insert(field, value)?;
            }
        }
        kind::HASH_ZIPLIST => {
            let bytes = reader.string()?;
            for (field, value) in ziplist_pairs(&bytes)? {
                insert(&field, &value)?;
            }
        }
        _ => {
            let packed = Hash::from_listpack_bytes(&reader.string()?, limits);
            hash = packed.ok_or(RdbError::Corrupt("a hash's listpack"))?;
        }
    }

    if hash.is_empty() {
        Err(RdbError::Empty)
    } else {
        Ok(hash)
    }
}

type Text<'a> = std::borrow::Cow<'a, [u8]>;

/// The entries of a ziplist, by twos.
fn ziplist_pairs(bytes: &[u8]) -> Result<Vec<(Text<'_>, Text<'_>)>, RdbError> {
    let entries = ziplist::entries(bytes).filter(|entries| entries.len() % 2 == 0);
    let mut entries = entries.ok_or(RdbError::Corrupt("a ziplist"))?.into_iter();

    Ok(std::iter::from_fn(|| Some((entries.next()?, entries.next()?))).collect())
}
