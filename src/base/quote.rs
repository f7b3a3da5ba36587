//! Bytes as readable text in double quotes, as redis-cli and Redis's error messages show them.

use super::hex;

/// Quotes `bytes`: printable ASCII as it is, C escapes for the usual control characters, `\xNN` for
/// the rest.
pub fn quote(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'"' => text.push_str("\\\""),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x07 => text.push_str("\\a"),
            0x08 => text.push_str("\\b"),
            0x20..=0x7e => text.push(char::from(*byte)),
            _ => {
                text.push_str("\\x");
                hex::push(&mut text, *byte);
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn escapes() {
        assert_eq!(
            quote(b"a b\"\\\n\r\t\x07\x08\x00\x7f\xff~"),
            r#""a b\"\\\n\r\t\a\b\x00\x7f\xff~""#
        );
    }
}
