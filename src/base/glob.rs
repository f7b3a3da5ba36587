//! Redis's glob patterns: `*`, `?`, `[a-c]`, `[^a]`, `\x`, on bytes, with each of its quirks.

/// Whether `text` as a whole fits `pattern`.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    run(pattern, text, |byte| byte)
}

/// The same, ASCII letters of either case being one.
pub fn matches_nocase(pattern: &[u8], text: &[u8]) -> bool {
    run(pattern, text, |byte| byte.to_ascii_lowercase())
}

/// Goes back to the last `*` only, and so takes at most `pattern * text` steps: where what follows
/// a star was not found in the whole rest of the text, a longer match of an earlier star cannot
/// help.
fn run(pattern: &[u8], text: &[u8], fold: impl Fn(u8) -> u8 + Copy) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if attempt(pattern, text, &mut p, &mut t, &mut star, fold) {
            return true;
        }
        let Some((after, from)) = star else {
            return false;
        };
        if from + 1 >= text.len() {
            return false;
        }
        star = Some((after, from + 1));
        (p, t) = (after, from + 1);
    }
}

/// Matches on from `p` and `t` until the end or the first mismatch, noting each star on the way.
fn attempt(
    pattern: &[u8],
    text: &[u8],
    p: &mut usize,
    t: &mut usize,
    star: &mut Option<(usize, usize)>,
    fold: impl Fn(u8) -> u8 + Copy,
) -> bool {
    // Redis: an empty text enters no loop, so not even `*` matches it.
    while *p < pattern.len() && *t < text.len() {
        match pattern[*p] {
            b'*' => {
                while pattern.get(*p) == Some(&b'*') {
                    *p += 1;
                }
                if *p == pattern.len() {
                    return true;
                }
                *star = Some((*p, *t));
                continue;
            }
            b'?' => *p += 1,
            b'[' => {
                let (fits, after) = class(pattern, *p + 1, text[*t], fold);
                if !fits {
                    return false;
                }
                *p = after;
            }
            mut byte => {
                if byte == b'\\' && *p + 1 < pattern.len() {
                    *p += 1;
                    byte = pattern[*p];
                }
                if fold(byte) != fold(text[*t]) {
                    return false;
                }
                *p += 1;
            }
        }
        *t += 1;
        if *t == text.len() {
            while pattern.get(*p) == Some(&b'*') {
                *p += 1;
            }
        }
    }
    *p == pattern.len() && *t == text.len()
}

/// Whether `byte` is in the class whose first byte after `[` is at `p`, and the index after its
/// `]`.
fn class(pattern: &[u8], mut p: usize, byte: u8, fold: impl Fn(u8) -> u8) -> (bool, usize) {
    let negated = pattern.get(p) == Some(&b'^');
    p += usize::from(negated);
    let mut found = false;
    // Redis: a class that is not closed ends with the pattern.
    while p < pattern.len() {
        match &pattern[p..] {
            // Redis: an escaped byte is compared with its case even where case is ignored.
            [b'\\', escaped, ..] => {
                found |= *escaped == byte;
                p += 2;
            }
            [b']', ..] => return (found != negated, p + 1),
            [first, b'-', last, ..] => {
                // Redis: bytes are signed here, so 0x80 and above come before NUL; ends may be
                // swapped.
                let (low, high) = (
                    (*first as i8).min(*last as i8),
                    (*first as i8).max(*last as i8),
                );
                let (low, high) = (fold(low as u8) as i8, fold(high as u8) as i8);
                found |= (low..=high).contains(&(fold(byte) as i8));
                p += 3;
            }
            [single, ..] => {
                found |= fold(*single) == fold(byte);
                p += 1;
            }
            [] => break,
        }
    }
    (found != negated, pattern.len())
}

#[cfg(test)]
mod tests;
