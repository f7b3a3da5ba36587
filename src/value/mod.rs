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
pub use json::{Json, JsonError, JsonPath, parse as parse_json, type_name as json_type_name};
pub use limits::Limits;
pub use list::{End, List, ListNode, Side};
pub use set::Set;
pub use string::Str;
pub use structure::dict::Dict;
pub use typed::{Kind, Typed};
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

impl Value {
    /// Which type this is.
    pub fn kind(&self) -> Kind {
        match self {
            Value::String(_) => Kind::String,
            Value::List(_) => Kind::List,
            Value::Set(_) => Kind::Set,
            Value::ZSet(_) => Kind::ZSet,
            Value::Hash(_) => Kind::Hash,
            Value::Json(_) => Kind::Json,
        }
    }

    /// The encoding's name, as OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match self {
            Value::String(value) => value.encoding(),
            Value::List(value) => value.encoding(),
            Value::Set(value) => value.encoding(),
            Value::ZSet(value) => value.encoding(),
            Value::Hash(value) => value.encoding(),
            Value::Json(value) => value.encoding(),
        }
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
