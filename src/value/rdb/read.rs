//! A value of each type, read from bytes that nobody has checked.
use super::super::{Limits, Str, Value};
use super::{RdbError, Reader, kind};

/// Reads a value of the type that has the number `kind`.
pub fn read_value(kind: u8, reader: &mut Reader<'_>, _limits: &Limits) -> Result<Value, RdbError> {
    match kind {
        kind::STRING => Ok(Value::String(Str::from_bytes(&reader.string()?))),
        kind::MODULE | kind::MODULE_2 => Err(RdbError::Unsupported("values of modules")),
        kind::STREAM_LISTPACKS | kind::STREAM_LISTPACKS_2 => Err(RdbError::Unsupported("streams")),
        _ => Err(RdbError::UnknownType(kind)),
    }
}
