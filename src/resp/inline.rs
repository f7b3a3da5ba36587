//! Words of a line, quoted as Redis's configuration file and inline calls are.
use crate::base::hex;

/// A quote that is not closed, or closed in the middle of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbalanced;

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// Splits `line` at white space. `"..."` knows `\n \r \t \b \a \xHH` and `\` before any byte, `'...'` only
/// `\'`. Redis: a NUL ends the line.
pub fn split_words(line: &[u8]) -> Result<Vec<Vec<u8>>, Unbalanced> {
    let end = line.iter().position(|byte| *byte == 0);
    let mut rest = &line[..end.unwrap_or(line.len())];
    let mut words = Vec::new();
    loop {
        let spaces = rest.iter().take_while(|byte| is_space(**byte)).count();
        rest = &rest[spaces..];
        if rest.is_empty() {
            return Ok(words);
        }
        let mut word = Vec::new();
        rest = take_word(rest, &mut word)?;
        words.push(word);
    }
}

/// Moves one word from `rest` to `word`; answers what is left.
fn take_word<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Result<&'a [u8], Unbalanced> {
    loop {
        match rest {
            [] => return Ok(rest),
            [byte, ..] if is_space(*byte) => return Ok(rest),
            [b'"', tail @ ..] => return closed(take_double_quoted(tail, word)?),
            [b'\'', tail @ ..] => return closed(take_single_quoted(tail, word)?),
            [byte, tail @ ..] => {
                word.push(*byte);
                rest = tail;
            }
        }
    }
}

/// A closing quote must be followed by white space or nothing.
fn closed(rest: &[u8]) -> Result<&[u8], Unbalanced> {
    match rest {
        [byte, ..] if !is_space(*byte) => Err(Unbalanced),
        _ => Ok(rest),
    }
}

fn take_double_quoted<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Result<&'a [u8], Unbalanced> {
    loop {
        rest = match rest {
            [] => return Err(Unbalanced),
            [b'"', tail @ ..] => return Ok(tail),
            [b'\\', b'x', high, low, tail @ ..]
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let digit = |byte: u8| hex::digit(byte).expect("the guard looked");
                word.push(digit(*high) << 4 | digit(*low));
                tail
            }
            [b'\\', byte, tail @ ..] => {
                word.push(match byte {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 0x08,
                    b'a' => 0x07,
                    other => *other,
                });
                tail
            }
            [byte, tail @ ..] => {
                word.push(*byte);
                tail
            }
        }
    }
}

fn take_single_quoted<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Result<&'a [u8], Unbalanced> {
    loop {
        rest = match rest {
            [] => return Err(Unbalanced),
            [b'\'', tail @ ..] => return Ok(tail),
            [b'\\', b'\'', tail @ ..] => {
                word.push(b'\'');
                tail
            }
            [byte, tail @ ..] => {
                word.push(*byte);
                tail
            }
        }
    }
}
