//! Layer 1: the data types, one public type each; their encodings are private.
//!
//! A type offers operations on data (`insert`, `score`, `rank`), never replies or arguments. `OBJECT
//! ENCODING` aside, nobody above knows how a value is stored. Depends on `base` only.
mod digest;
mod hash;
mod json;
mod limits;
mod list;
pub mod rdb;
mod set;
mod string;
mod structure;
mod typed;
mod zset;

pub use digest::{Digest, digest_value};
pub use hash::{FieldValue, Hash};
pub use json::{
    Json, JsonError, JsonPath, parse as parse_json, text_of as json_text,
    type_name as json_type_name,
};
pub use limits::Limits;
pub use list::{End, List, ListNode, Side};
pub use set::Set;
pub use string::{Str, StrRef};
pub use structure::keys;
use structure::listpack::ListPack;
pub use structure::table::Table;
pub use typed::{Kind, Readable, Typed};
pub use zset::{LexBound, LexRange, ScoreRange, Scored, ZSet};

/// What a key holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// A byte string, or an integer kept as one.
    String(Str),
    /// A list of byte strings.
    List(List),
    /// Unordered distinct byte strings.
    Set(Set),
    /// Members ordered by score, then by bytes.
    ZSet(ZSet),
    /// Fields and their values.
    Hash(Hash),
    /// A JSON document, set from JavaScript or by the JSON family.
    Json(Json),
}

/// A value to be read, as the keyspace shows it: a short string has no `Value` of its own.
#[derive(Clone, Copy, Debug)]
pub enum ValueRef<'a> {
    String(StrRef<'a>),
    List(&'a List),
    Set(&'a Set),
    ZSet(&'a ZSet),
    Hash(&'a Hash),
    Json(&'a Json),
}

/// A value to be put into the keyspace: a string need not be copied before.
#[derive(Debug)]
pub enum NewValue<'a> {
    Text(StrRef<'a>),
    Value(Value),
}

impl From<Value> for NewValue<'_> {
    fn from(value: Value) -> Self {
        NewValue::Value(value)
    }
}

impl<'a> From<StrRef<'a>> for NewValue<'a> {
    fn from(text: StrRef<'a>) -> Self {
        NewValue::Text(text)
    }
}

impl NewValue<'_> {
    pub fn kind(&self) -> Kind {
        match self {
            NewValue::Text(_) => Kind::String,
            NewValue::Value(value) => value.kind(),
        }
    }

    /// As `Value::is_empty`.
    pub fn is_empty(&self) -> bool {
        match self {
            NewValue::Text(_) => false,
            NewValue::Value(value) => value.is_empty(),
        }
    }
}

impl Value {
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Value::String(value) => ValueRef::String(value.as_ref()),
            Value::List(value) => ValueRef::List(value),
            Value::Set(value) => ValueRef::Set(value),
            Value::ZSet(value) => ValueRef::ZSet(value),
            Value::Hash(value) => ValueRef::Hash(value),
            Value::Json(value) => ValueRef::Json(value),
        }
    }

    /// Which type this is.
    pub fn kind(&self) -> Kind {
        self.as_ref().kind()
    }

    /// The encoding's name, as OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        self.as_ref().encoding()
    }

    /// Bytes of memory that the value takes, its own header not counted. O(1).
    pub fn memory_bytes(&self) -> usize {
        match self {
            Value::String(value) => value.memory_bytes(),
            Value::List(value) => value.memory_bytes(),
            Value::Set(value) => value.memory_bytes(),
            Value::ZSet(value) => value.memory_bytes(),
            Value::Hash(value) => value.memory_bytes(),
            Value::Json(value) => value.memory_bytes(),
        }
    }

    /// Drops about `items` of what is in a value that is not to be used again; answers whether something is left.
    pub fn discard(&mut self, items: usize) -> bool {
        match self {
            Value::String(_) => false,
            Value::List(value) => value.discard(items),
            Value::Set(value) => value.discard(items),
            Value::ZSet(value) => value.discard(items),
            Value::Hash(value) => value.discard(items),
            Value::Json(value) => value.discard(items),
        }
    }

    /// The listpack that is all of a small collection.
    fn as_pack(&self) -> Option<(Kind, &ListPack)> {
        let pack = match self {
            Value::List(value) => value.as_pack(),
            Value::Set(value) => value.as_pack(),
            Value::ZSet(value) => value.as_pack(),
            Value::Hash(value) => value.as_pack(),
            Value::String(_) | Value::Json(_) => None,
        };

        pack.map(|pack| (self.kind(), pack))
    }

    /// The collection of this kind whose `as_pack` it was; of other kinds there is none.
    fn from_pack(kind: Kind, pack: ListPack) -> Value {
        match kind {
            Kind::List => Value::List(List::from_pack(pack)),
            Kind::Set => Value::Set(Set::from_pack(pack)),
            Kind::ZSet => Value::ZSet(ZSet::from_pack(pack)),
            Kind::Hash => Value::Hash(Hash::from_pack(pack)),
            Kind::String | Kind::Json => unreachable!("no listpack is made of these"),
        }
    }

    /// Whether nothing is left in it: an empty collection is no key at all (a string may be empty).
    pub fn is_empty(&self) -> bool {
        match self {
            Value::String(_) | Value::Json(_) => false,
            Value::List(value) => value.is_empty(),
            Value::Set(value) => value.is_empty(),
            Value::ZSet(value) => value.is_empty(),
            Value::Hash(value) => value.is_empty(),
        }
    }
}

impl ValueRef<'_> {
    /// Which type this is.
    pub fn kind(self) -> Kind {
        match self {
            ValueRef::String(_) => Kind::String,
            ValueRef::List(_) => Kind::List,
            ValueRef::Set(_) => Kind::Set,
            ValueRef::ZSet(_) => Kind::ZSet,
            ValueRef::Hash(_) => Kind::Hash,
            ValueRef::Json(_) => Kind::Json,
        }
    }

    /// The encoding's name, as OBJECT ENCODING answers.
    pub fn encoding(self) -> &'static str {
        match self {
            ValueRef::String(value) => value.encoding(),
            ValueRef::List(value) => value.encoding(),
            ValueRef::Set(value) => value.encoding(),
            ValueRef::ZSet(value) => value.encoding(),
            ValueRef::Hash(value) => value.encoding(),
            ValueRef::Json(value) => value.encoding(),
        }
    }

    /// A copy of its own.
    pub fn to_owned(self) -> Value {
        match self {
            ValueRef::String(value) => Value::String(value.into()),
            ValueRef::List(value) => Value::List(value.clone()),
            ValueRef::Set(value) => Value::Set(value.clone()),
            ValueRef::ZSet(value) => Value::ZSet(value.clone()),
            ValueRef::Hash(value) => Value::Hash(value.clone()),
            ValueRef::Json(value) => Value::Json(value.clone()),
        }
    }
}
