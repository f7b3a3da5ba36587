//! A document's text, written and read as serde_json does it to the letter, errors too: its own code is made for every
//! type that there is, with tables of its own for numbers, and would be 5 % of the wasm.
use std::fmt::Write;
use std::ops::Range;

use serde_json::{Map, Number, Value as Document};

use super::{DEPTH_MAX, JsonError};

/// Appends the compact text.
pub fn write(document: &Document, out: &mut String) {
    match document {
        Document::Null => out.push_str("null"),
        Document::Bool(true) => out.push_str("true"),
        Document::Bool(false) => out.push_str("false"),
        Document::Number(number) => write_number(number, out),
        Document::String(text) => write_string(text, out),
        Document::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Document::Object(members) => {
            out.push('{');
            for (i, (name, value)) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn write_number(number: &Number, out: &mut String) {
    if let Some(int) = number.as_i64() {
        return put(out, format_args!("{int}"));
    }
    if let Some(int) = number.as_u64() {
        return put(out, format_args!("{int}"));
    }
    let float = number.as_f64().unwrap_or_default();
    // Both have the fewest digits that are read back to the same bits; `Debug` writes an exponent a little sooner.
    if (1e-5..1e-4).contains(&float.abs()) {
        return put(out, format_args!("{float}"));
    }
    let begin = out.len();
    put(out, format_args!("{float:?}"));
    let exponent = out[begin..].find('e').map(|at| begin + at);
    if let Some(at) = exponent
        && !out[at..].starts_with("e-")
    {
        out.insert(at + 1, '+');
    }
    let end = exponent.unwrap_or(out.len());
    let fraction = out[begin..end].strip_suffix(".0");
    let end = fraction.map_or(end, |whole| begin + whole.len());
    round_to_even(out, begin..end, float);
}

/// Of two texts that are as near to a number, the one whose last digit is even, as JavaScript writes it: Rust writes
/// the greater one. A number of fewer digits lies in no middle.
fn round_to_even(out: &mut String, digits: Range<usize>, float: f64) {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let text = &out.as_bytes()[digits.clone()];
    let count = text.iter().filter(|byte| is_digit(byte)).count();
    let last = text.last().map_or(0, |digit| digit - b'0');
    if count < 16 || last.is_multiple_of(2) {
        return;
    }
    // More digits than a number in the middle of two texts can have.
    let exact = format!("{float:.45e}");
    let exact = exact.split('e').next().unwrap_or_default().bytes();
    let mut beyond = exact.filter(is_digit).skip(count);
    if beyond.next() == Some(b'5') && beyond.all(|digit| digit == b'0') {
        let even = char::from(b'0' + last - 1);
        out.replace_range(digits.end - 1..digits.end, even.encode_utf8(&mut [0; 4]));
    }
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    // A string takes all that is written.
    let _ = out.write_fmt(what);
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    let is_escaped = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    while let Some(at) = rest.as_bytes().iter().position(is_escaped) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            byte @ (b'"' | b'\\') => out.extend(['\\', char::from(byte)]),
            byte => {
                let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
                out.push_str("\\u00");
                out.extend([digit(byte >> 4), digit(byte & 15)]);
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// The document that `text` is the text of.
pub fn read(text: &[u8]) -> Result<Document, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let document = reader.value(0)?;
    match reader.next() {
        None => Ok(document),
        Some(_) => Err(reader.ahead("trailing characters")),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

type Result<T, E = JsonError> = std::result::Result<T, E>;

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;

        Some(byte)
    }

    /// What follows behind blanks.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }

        self.peek()
    }

    /// An error of what was read last.
    fn behind(&self, what: &str) -> JsonError {
        let read = &self.text[..self.at];
        let lines = read.iter().filter(|byte| **byte == b'\n').count();
        let line = read.iter().rposition(|byte| *byte == b'\n');
        let column = self.at - line.map_or(0, |at| at + 1);

        JsonError::Syntax(format!("{what} at line {} column {column}", lines + 1))
    }

    /// An error of what is read next.
    fn ahead(&self, what: &str) -> JsonError {
        let at = (self.at + 1).min(self.text.len());

        Reader { at, ..*self }.behind(what)
    }

    fn value(&mut self, depth: usize) -> Result<Document> {
        let Some(first) = self.next() else {
            return Err(self.ahead("EOF while parsing a value"));
        };
        if matches!(first, b'[' | b'{') && depth == DEPTH_MAX {
            return Err(JsonError::TooDeep);
        }
        match first {
            b'n' => self.word("null").map(|()| Document::Null),
            b't' => self.word("true").map(|()| true.into()),
            b'f' => self.word("false").map(|()| false.into()),
            b'-' | b'0'..=b'9' => self.number().map(Document::Number),
            b'"' => self.string().map(Document::String),
            b'[' => self.array(depth + 1).map(Document::Array),
            b'{' => self.object(depth + 1).map(Document::Object),
            _ => Err(self.ahead("expected value")),
        }
    }

    fn word(&mut self, word: &str) -> Result<()> {
        for expected in word.bytes() {
            match self.take() {
                None => return Err(self.behind("EOF while parsing a value")),
                Some(byte) if byte == expected => {}
                Some(_) => return Err(self.behind("expected ident")),
            }
        }

        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Document>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.next() {
                None => return Err(self.ahead("EOF while parsing a list")),
                Some(b']') => break,
                Some(b',') if !items.is_empty() => {
                    self.at += 1;
                    if self.next() == Some(b']') {
                        return Err(self.ahead("trailing comma"));
                    }
                }
                Some(_) if items.is_empty() => {}
                Some(_) => return Err(self.ahead("expected `,` or `]`")),
            }
            items.push(self.value(depth)?);
        }
        self.at += 1;

        Ok(items)
    }

    fn object(&mut self, depth: usize) -> Result<Map<String, Document>> {
        self.at += 1;
        let mut members = Map::new();
        loop {
            match self.next() {
                None => return Err(self.ahead("EOF while parsing an object")),
                Some(b'}') => break,
                Some(b',') if !members.is_empty() => {
                    self.at += 1;
                    match self.next() {
                        None => return Err(self.ahead("EOF while parsing a value")),
                        Some(b'}') => return Err(self.ahead("trailing comma")),
                        Some(_) => {}
                    }
                }
                Some(_) if members.is_empty() => {}
                Some(_) => return Err(self.ahead("expected `,` or `}`")),
            }
            if self.peek() != Some(b'"') {
                return Err(self.ahead("key must be a string"));
            }
            let name = self.string()?;
            match self.next() {
                None => return Err(self.ahead("EOF while parsing an object")),
                Some(b':') => self.at += 1,
                Some(_) => return Err(self.ahead("expected `:`")),
            }
            let value = self.value(depth)?;
            members.insert(name, value);
        }
        self.at += 1;

        Ok(members)
    }

    fn number(&mut self) -> Result<Number> {
        let begin = self.at;
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        match self.take() {
            None => return Err(self.behind("EOF while parsing a value")),
            Some(b'0') => {
                if let Some(b'0'..=b'9') = self.peek() {
                    return Err(self.ahead("invalid number"));
                }
            }
            Some(b'1'..=b'9') => self.digits(),
            Some(_) => return Err(self.behind("invalid number")),
        }
        let is_whole = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        let mut exponent = self.at;
        if self.peek() == Some(b'.') {
            self.at += 1;
            match self.peek() {
                None => return Err(self.ahead("EOF while parsing a value")),
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return Err(self.ahead("invalid number")),
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            match self.take() {
                None => return Err(self.behind("EOF while parsing a value")),
                Some(b'0'..=b'9') => {}
                Some(_) => return Err(self.behind("invalid number")),
            }
            exponent = self.at - 1;
            self.digits();
        }
        // All of it is ASCII.
        let text = std::str::from_utf8(&self.text[begin..self.at]).unwrap_or_default();
        if is_whole && let Ok(int) = text.parse::<u64>() {
            return Ok(int.into());
        }
        if is_whole
            && text != "-0"
            && let Ok(int) = text.parse::<i64>()
        {
            return Ok(int.into());
        }
        let float = text.parse().ok().and_then(Number::from_f64);

        float.ok_or_else(|| {
            // It is told where an exponent is larger than serde_json can count.
            let mut counted = Some(0_i32);
            let mut digits = self.text[exponent..self.at].iter();
            let uncounted = digits.position(|digit| {
                let digit = i32::from(digit.wrapping_sub(b'0'));
                counted = counted.and_then(|so_far| so_far.checked_mul(10)?.checked_add(digit));
                counted.is_none()
            });
            let at = uncounted.map_or(self.at, |place| exponent + place + 1);
            Reader { at, ..*self }.behind("number out of range")
        })
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<String> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let is_special = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
            let len = rest.iter().position(is_special).unwrap_or(rest.len());
            bytes.extend_from_slice(&rest[..len]);
            self.at += len;
            match self.take() {
                None => return Err(self.behind("EOF while parsing a string")),
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut bytes)?,
                Some(_) => {
                    let what = "control character (\\u0000-\\u001F) found while parsing a string";
                    return Err(self.behind(what));
                }
            }
        }

        String::from_utf8(bytes).map_err(|error| {
            let invalid = error.as_bytes().len() - error.utf8_error().valid_up_to();
            let at = self.at.saturating_sub(invalid);
            Reader { at, ..*self }.behind("invalid unicode code point")
        })
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<()> {
        let escaped = match self.take() {
            None => return Err(self.behind("EOF while parsing a string")),
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let char = self.unicode()?;
                bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            Some(_) => return Err(self.behind("invalid escape")),
        };
        bytes.push(escaped);

        Ok(())
    }

    /// The character of `\uXXXX`, or of two of them.
    fn unicode(&mut self) -> Result<char> {
        let lone = "lone leading surrogate in hex escape";
        let first = self.hex()?;
        if let Some(char) = char::from_u32(first) {
            return Ok(char);
        }
        if first >= 0xdc00 {
            return Err(self.behind(lone));
        }
        for expected in [b'\\', b'u'] {
            match self.take() {
                None => return Err(self.behind("EOF while parsing a string")),
                Some(byte) if byte == expected => {}
                Some(_) => return Err(self.behind("unexpected end of hex escape")),
            }
        }
        let second = self.hex()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.behind(lone));
        }
        let char = char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));

        char.ok_or_else(|| self.behind("invalid unicode code point"))
    }

    fn hex(&mut self) -> Result<u32> {
        let Some(digits) = self.text[self.at..].first_chunk::<4>() else {
            self.at = self.text.len();
            return Err(self.behind("EOF while parsing a string"));
        };
        self.at += 4;
        let number = digits.iter().try_fold(0, |number, digit| {
            Some(number << 4 | char::from(*digit).to_digit(16)?)
        });

        number.ok_or_else(|| self.behind("invalid escape"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    fn theirs(text: &[u8]) -> Result<Document> {
        serde_json::from_slice(text).map_err(|error| {
            let why = error.to_string();
            match why.starts_with("recursion limit exceeded") {
                true => JsonError::TooDeep,
                false => JsonError::Syntax(why),
            }
        })
    }

    fn compare(text: &[u8]) {
        let (own, theirs) = (read(text), theirs(text));
        assert_eq!(own, theirs, "{}", String::from_utf8_lossy(text));
        if let Ok(document) = own {
            let mut written = String::new();
            write(&document, &mut written);
            assert_eq!(written, document.to_string());
        }
    }

    const SEEDS: &[&str] = &[
        r#"{"a":[1,-2.5e3,true,null,"x\u00e9\ud83d\ude00\n"],"b":{"c":false,"c":0},"":""}"#,
        r#" [ 0 , -0 , 1.0 , 1E+2 , 1e-7 , 18446744073709551615 , 18446744073709551616 , -9223372036854775808 ] "#,
        r#"["\"\\\/\b\f\n\r\t\u0000\u001f\u007f", "é😀", {"k" : {} , "l":[ ]}]"#,
        "[\n1,\n{\"a\"\n:\n2}\n]",
        "123456789012345678901234567890.5e-10",
    ];

    #[test]
    fn it_reads_and_writes_as_serde_json_does() {
        let pieces = b"{}[]:,\"\\untrfale0123456789.+-eE \n\t\x00\x1f\x80\xc3\xa9dD/";
        let mut rng = Rng::new(11);
        for seed in SEEDS {
            compare(seed.as_bytes());
            for cut in 0..seed.len() {
                compare(&seed.as_bytes()[..cut]);
            }
            for _ in 0..5_000 {
                let mut text = seed.as_bytes().to_vec();
                for _ in 0..1 + rng.index(3) {
                    let (at, byte) = (rng.index(text.len()), pieces[rng.index(pieces.len())]);
                    match rng.index(3) {
                        0 => text[at] = byte,
                        1 => text.insert(at, byte),
                        _ => drop(text.remove(at)),
                    }
                }
                compare(&text);
            }
        }
        for depth in 126..130 {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                compare(text.as_bytes());
            }
        }
    }

    #[test]
    fn numbers_are_written_and_read_as_serde_json_does() {
        let mut rng = Rng::new(12);
        let round = [
            0.0,
            -0.0,
            1e-5,
            9.999e-5,
            1e-4,
            1e15,
            1e16,
            1e17,
            5e-324,
            f64::MAX,
            0.1,
        ];
        let mut floats: Vec<f64> = round
            .into_iter()
            .flat_map(|float| [float, -float])
            .collect();
        floats.extend((0..30_000).map(|_| f64::from_bits(rng.next_u64())));
        floats.extend(
            (0..20_000).map(|_| (rng.below(1 << 40) as f64) / 10f64.powi(rng.index(25) as i32)),
        );
        for float in floats.into_iter().filter(|float| float.is_finite()) {
            compare(serde_json::json!(float).to_string().as_bytes());
            compare(format!("{float:e}").as_bytes());
        }
        for _ in 0..30_000 {
            let mut text: String = (0..1 + rng.index(30))
                .map(|_| char::from(b"0123456789.e-"[rng.index(13)]))
                .collect();
            compare(text.as_bytes());
            text.insert_str(0, "[1");
            compare(text.as_bytes());
        }
    }
}
