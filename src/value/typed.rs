//! What each data type shows to the keyspace: its name, and the way in and out of `Value`.
use super::{Hash, Json, List, Set, Str, Value, ZSet};

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

/// A data type that a door of the keyspace can be asked for.
pub trait Typed: Default + Sized {
    const KIND: Kind;
    fn of(value: &Value) -> Option<&Self>;
    fn of_mut(value: &mut Value) -> Option<&mut Self>;
    fn into_value(self) -> Value;
}

macro_rules! typed {
    ($($name:ident => $variant:ident),*) => {$(
        impl Typed for $name {
            const KIND: Kind = Kind::$variant;

            fn of(value: &Value) -> Option<&Self> {
                match value {
                    Value::$variant(value) => Some(value),
                    _ => None,
                }
            }

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
    )*};
}

typed!(Str => String, List => List, Set => Set, ZSet => ZSet, Hash => Hash, Json => Json);
