//! What each data type shows to the keyspace: its name, and the way in and out of `Value`.
use super::{Hash, Json, List, Set, Str, StrRef, Value, ValueRef, ZSet};

/// The data types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    String,
    List,
    Set,
    ZSet,
    Hash,
    Json,
}

impl Kind {
    /// The name that TYPE answers.
    pub fn name(self) -> &'static str {
        match self {
            Kind::String => "string",
            Kind::List => "list",
            Kind::Set => "set",
            Kind::ZSet => "zset",
            Kind::Hash => "hash",
            Kind::Json => "ReJSON-RL",
        }
    }
}

/// A data type that a door of the keyspace can be asked for, to change it.
pub trait Typed: Default + Sized {
    const KIND: Kind;
    fn of_mut(value: &mut Value) -> Option<&mut Self>;
    fn into_value(self) -> Value;
}

/// What a door of the keyspace can be asked for, to read it: `&Hash`, `&List`, ..., and `StrRef` for a string.
pub trait Readable<'a>: Sized {
    fn of(value: ValueRef<'a>) -> Option<Self>;
}

macro_rules! typed {
    ($($name:ident, $reference:ty => $variant:ident),*) => {$(
        impl Typed for $name {
            const KIND: Kind = Kind::$variant;

            fn of_mut(value: &mut Value) -> Option<&mut Self> {
                match value {
                    Value::$variant(value) => Some(value),
                    _ => None,
                }
            }

            fn into_value(self) -> Value {
                Value::$variant(self)
            }
        }

        impl<'a> Readable<'a> for $reference {
            fn of(value: ValueRef<'a>) -> Option<Self> {
                match value {
                    ValueRef::$variant(value) => Some(value),
                    _ => None,
                }
            }
        }
    )*};
}

typed!(
    Str, StrRef<'a> => String,
    List, &'a List => List,
    Set, &'a Set => Set,
    ZSet, &'a ZSet => ZSet,
    Hash, &'a Hash => Hash,
    Json, &'a Json => Json
);
