//! A document from its text, with serde_json's own sentences where it is none.
use serde_json::{Map, Number, Value as Document};

use super::super::{DEPTH_MAX, JsonError};
use crate::base::number::read_f64;

/// The document that `text` is the text of.
pub fn read(text: &[u8]) -> Result<Document, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let document = reader.value(0)?;
    match reader.next() {
        None => Ok(document),
        Some(_) => Err(reader.ahead("trailing characters")),
    }
}

pub(super) struct Reader<'a> {
    pub text: &'a [u8],
    pub at: usize,
}

type Result<T, E = JsonError> = std::result::Result<T, E>;

impl Reader<'_> {
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub fn take(&mut self) -> Option<u8> {
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
        let float = read_f64(text.as_bytes()).and_then(Number::from_f64);

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
