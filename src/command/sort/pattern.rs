//! What BY and GET find: the key, or the field of a hash, that a pattern names for an element.
use crate::keyspace::Keys;
use crate::value::ValueRef;

/// The string that `pattern` leads to from `element`; `#` is the element itself.
pub fn look_up(keys: Keys, pattern: &[u8], element: &[u8]) -> Option<Vec<u8>> {
    if pattern == b"#" {
        return Some(element.to_vec());
    }
    let star = pattern.iter().position(|byte| *byte == b'*')?;
    let (before, after) = (&pattern[..star], &pattern[star + 1..]);
    let arrow = after.windows(2).position(|pair| pair == b"->");
    // Redis: an arrow with nothing behind it belongs to the key's name.
    let arrow = arrow.filter(|arrow| arrow + 2 < after.len());
    let (after, field) = match arrow {
        Some(arrow) => (&after[..arrow], Some(&after[arrow + 2..])),
        None => (after, None),
    };
    let key = [before, element, after].concat();

    let found = keys.with_value(&key, |value| match (value, field) {
        (ValueRef::Hash(hash), Some(field)) => hash.get(field).map(|value| value.into_owned()),
        (ValueRef::String(value), None) => Some(value.bytes().into_owned()),
        _ => None,
    });

    found.flatten()
}
