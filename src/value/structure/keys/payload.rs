//! A value as a record takes it: in itself where it is short, else in a box.
use std::borrow::Cow;

use super::super::listpack::dense;
use super::record::INLINE_MAX;
use crate::value::{Kind, NewValue, Str, StrRef, Value};

/// Forms of small collections.
pub const LIST: u8 = 5;
pub const SET: u8 = 6;
pub const ZSET: u8 = 7;
pub const HASH: u8 = 8;

/// A value as it is to be written.
pub enum Payload<'v> {
    Int(i64),
    /// No longer than `INLINE_MAX`.
    Text {
        raw: bool,
        bytes: Cow<'v, [u8]>,
    },
    /// A collection: its form, and no more than `INLINE_MAX` bytes.
    Dense {
        form: u8,
        bytes: Vec<u8>,
    },
    Boxed(Box<Value>),
}

impl<'v> From<NewValue<'v>> for Payload<'v> {
    /// A long string and what is no small collection is put into a box.
    fn from(value: NewValue<'v>) -> Self {
        let text = |raw, bytes| Payload::Text { raw, bytes };
        match value {
            NewValue::Text(StrRef::Int(int)) => Payload::Int(int),
            NewValue::Text(StrRef::Embedded(bytes)) if bytes.len() <= INLINE_MAX => {
                text(false, bytes.into())
            }
            NewValue::Text(StrRef::Raw(bytes)) if bytes.len() <= INLINE_MAX => {
                text(true, bytes.into())
            }
            NewValue::Text(long) => Payload::Boxed(Box::new(Value::String(Str::from(long)))),
            NewValue::Value(Value::String(value)) if value.len() <= INLINE_MAX => {
                let raw = value.encoding() == "raw";
                match value.as_ref() {
                    StrRef::Int(int) => Payload::Int(int),
                    _ => text(raw, value.into_bytes().into()),
                }
            }
            NewValue::Value(value) => {
                Payload::dense(&value).unwrap_or_else(|| Payload::Boxed(Box::new(value)))
            }
        }
    }
}

impl Payload<'_> {
    /// A small collection.
    pub fn dense(value: &Value) -> Option<Self> {
        let (kind, pack) = value.as_pack()?;
        let form = match kind {
            Kind::List => LIST,
            Kind::Set => SET,
            Kind::ZSet => ZSET,
            Kind::Hash => HASH,
            Kind::String | Kind::Json => return None,
        };
        let bytes = dense::encode(pack, INLINE_MAX)?;

        Some(Payload::Dense { form, bytes })
    }

    pub fn len(&self) -> usize {
        match self {
            Payload::Int(int) => int_len(*int),
            Payload::Text { bytes, .. } => bytes.len(),
            Payload::Dense { bytes, .. } => bytes.len(),
            Payload::Boxed(_) => size_of::<*mut Value>(),
        }
    }
}

/// Bytes that an integer takes, its sign included.
fn int_len(int: i64) -> usize {
    (65 - (int ^ (int >> 63)).leading_zeros()).div_ceil(8) as usize
}
