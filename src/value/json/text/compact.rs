//! Whether a text is the one that would be written of its document: then it can be kept in the document's stead.
use serde_json::Number;

use super::super::DEPTH_MAX;
use super::read::Reader;
use super::write::write_number;
use crate::base::number::read_f64;

/// Names of one object that are compared with one another: of more nothing is said.
const NAMES_MAX: usize = 32;

/// Digits of a whole number that surely fits.
const DIGITS_MAX: usize = 18;

/// The text, if `write` would write it of what `read` reads. `None` says nothing: it may be JSON, and even that.
pub fn compact(text: &[u8]) -> Option<&str> {
    let whole = std::str::from_utf8(text).ok()?;
    let mut scan = Scan(Reader { text, at: 0 });
    scan.value(0)?;

    (scan.0.at == text.len()).then_some(whole)
}

/// How many of eight bytes come before the first that ends a string, begins an escape or is a control character.
#[inline]
fn plain_bytes(eight: [u8; 8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let word = u64::from_le_bytes(eight);
    // The upper bit of the first byte that is less; further ones may be wrong.
    let less = |word: u64, than: u8| word.wrapping_sub(ONES * u64::from(than)) & !word;
    let is = |byte: u8| less(word ^ (ONES * u64::from(byte)), 1);

    // The first one is in the lowest byte that is marked.
    let marked = (less(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7);

    (marked.trailing_zeros() / 8) as usize
}

/// Goes over the text as `Reader` does, and makes nothing of it.
struct Scan<'a>(Reader<'a>);

impl<'a> Scan<'a> {
    #[inline]
    fn word<const N: usize>(&mut self, word: &[u8; N]) -> Option<()> {
        let is_there = self.0.text.get(self.0.at..)?.first_chunk() == Some(word);
        self.0.at += N;

        is_there.then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        match self.0.peek()? {
            b'"' => self.string().map(drop),
            b'[' | b'{' if depth == DEPTH_MAX => None,
            b'[' => self.array(depth + 1),
            b'{' => self.object(depth + 1),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.0.at += 1;
        if self.0.peek()? == b']' {
            self.0.at += 1;
            return Some(());
        }
        loop {
            self.value(depth)?;
            match self.0.take()? {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.0.at += 1;
        if self.0.peek()? == b'}' {
            self.0.at += 1;
            return Some(());
        }
        let mut names = [&[][..]; NAMES_MAX];
        let mut count = 0;
        loop {
            let name = self.string()?;
            // Of two members of one name the document keeps one.
            if names[..count].contains(&name) {
                return None;
            }
            *names.get_mut(count)? = name;
            count += 1;
            if self.0.take()? != b':' {
                return None;
            }
            self.value(depth)?;
            match self.0.take()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// What stands between the quotes. What is escaped is written in one way only, so equal strings are equal bytes.
    fn string(&mut self) -> Option<&'a [u8]> {
        if self.0.take()? != b'"' {
            return None;
        }
        let begin = self.0.at;
        loop {
            while let Some(eight) = self.0.text.get(self.0.at..)?.first_chunk() {
                let plain = plain_bytes(*eight);
                self.0.at += plain;
                if plain < eight.len() {
                    break;
                }
            }
            match self.0.take()? {
                b'"' => return Some(&self.0.text[begin..self.0.at - 1]),
                b'\\' => match self.0.take()? {
                    b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    _ => return None,
                },
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        let begin = self.0.at;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.0.peek() {
            self.0.at += 1;
        }
        let text = &self.0.text[begin..self.0.at];
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        if digits.iter().all(u8::is_ascii_digit) {
            let is_whole = match digits {
                b"0" => text.len() == 1,
                [b'1'..=b'9', ..] => digits.len() <= DIGITS_MAX,
                _ => false,
            };
            return is_whole.then_some(());
        }
        let mut written = String::new();
        write_number(&Number::from_f64(read_f64(text)?)?, &mut written);

        (written.as_bytes() == text).then_some(())
    }
}
