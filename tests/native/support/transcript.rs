//! Reads transcripts: `tests/transcripts/README.md` is the format.
use std::path::{Path, PathBuf};

use super::files;

/// A command line with its marks and its recorded reply.
#[derive(Debug, Default)]
pub struct Step {
    /// Line number in the file, from 1.
    pub number: usize,
    pub line: String,
    pub argv: Vec<Vec<u8>>,
    pub marks: Marks,
    pub reply: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Marks {
    pub unordered: bool,
    pub random: bool,
    pub time: bool,
    pub resp3: bool,
    pub reopen: bool,
    pub live: bool,
    pub kilat: bool,
    pub after_ms: u64,
    pub session: Option<String>,
}

#[derive(Debug)]
pub struct Transcript {
    pub path: PathBuf,
    pub syntax: String,
    /// Nothing of it is in Redis: its replies are written by us.
    pub kilat: bool,
    pub steps: Vec<Step>,
}

/// All transcripts, in order of their paths.
pub fn all() -> Vec<Transcript> {
    files::below("tests/transcripts", ".txt")
        .iter()
        .map(|path| read(path))
        .collect()
}

fn read(path: &Path) -> Transcript {
    parse(path, &files::read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn parse(path: &Path, text: &str) -> Result<Transcript, String> {
    let mut lines = text.lines().enumerate();
    let head = lines.next().and_then(|(_, line)| line.strip_prefix("# "));
    let (syntax, of_file) = split_marks(head.ok_or("the first line must be `# SYNTAX`")?)?;
    let mut steps: Vec<Step> = Vec::new();
    let mut in_reply = false;
    for (index, line) in lines {
        if let Some(call) = line.strip_prefix("> ") {
            let (body, marks) = split_marks(call)?;
            let argv = split_args(body).filter(|argv| !argv.is_empty());
            let argv = argv.ok_or_else(|| format!("line {}: quotes do not balance", index + 1))?;
            let (number, line) = (index + 1, line.to_owned());
            steps.push(Step {
                number,
                line,
                argv,
                marks,
                reply: Vec::new(),
            });
            in_reply = true;
        } else if line.is_empty() || line.starts_with('#') {
            in_reply = false;
        } else if in_reply {
            steps
                .last_mut()
                .expect("a step is open")
                .reply
                .push(line.to_owned());
        } else {
            return Err(format!("line {}: a reply without a command", index + 1));
        }
    }

    Ok(Transcript {
        path: path.to_path_buf(),
        syntax: syntax.to_owned(),
        kilat: of_file.kilat,
        steps,
    })
}

/// `body   #: mark, mark value`
fn split_marks(text: &str) -> Result<(&str, Marks), String> {
    let mut marks = Marks::default();
    let Some((body, list)) = text
        .rsplit_once(" #:")
        .filter(|(_, list)| !list.contains(['"', '\'']))
    else {
        return Ok((text.trim(), marks));
    };
    for mark in list.split(',') {
        let mut words = mark.split_whitespace();
        let (name, value) = (words.next().unwrap_or_default(), words.next());
        match (name, value) {
            ("unordered", None) => marks.unordered = true,
            ("random", None) => marks.random = true,
            ("time", None) => marks.time = true,
            ("resp3", None) => marks.resp3 = true,
            ("reopen", None) => marks.reopen = true,
            ("live", None) => marks.live = true,
            ("kilat", None) => marks.kilat = true,
            ("session", Some(name)) => marks.session = Some(name.to_owned()),
            ("after", Some(ms)) => {
                marks.after_ms = ms.parse().map_err(|_| format!("{ms}: not ms"))?
            }
            _ => return Err(format!("unknown mark `{}`", mark.trim())),
        }
    }

    Ok((body.trim(), marks))
}

/// Words of a command line as redis-cli reads them; `None` when quotes do not balance.
pub fn split_args(line: &str) -> Option<Vec<Vec<u8>>> {
    let bytes = line.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let mut word = Vec::new();
        let mut quote = None;
        while at < bytes.len() && (quote.is_some() || !bytes[at].is_ascii_whitespace()) {
            let byte = bytes[at];
            match quote {
                None if byte == b'"' || byte == b'\'' => quote = Some(byte),
                Some(b'"') if byte == b'\\' && at + 1 < bytes.len() => {
                    at += read_escape(&bytes[at + 1..], &mut word);
                }
                Some(b'\'') if bytes[at..].starts_with(b"\\'") => {
                    word.push(b'\'');
                    at += 1;
                }
                Some(open) if byte == open => {
                    if bytes
                        .get(at + 1)
                        .is_some_and(|next| !next.is_ascii_whitespace())
                    {
                        return None;
                    }
                    quote = None;
                }
                _ => word.push(byte),
            }
            at += 1;
        }
        if quote.is_some() {
            return None;
        }
        words.push(word);
    }

    Some(words)
}

/// Reads what stands behind a backslash; answers its length.
fn read_escape(rest: &[u8], word: &mut Vec<u8>) -> usize {
    let hex = |byte: u8| (byte as char).to_digit(16);
    if let [b'x', high, low, ..] = rest
        && let (Some(high), Some(low)) = (hex(*high), hex(*low))
    {
        word.push((high * 16 + low) as u8);
        return 3;
    }
    word.push(match rest[0] {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'a' => 7,
        other => other,
    });

    1
}

#[test]
fn splits_words_as_redis_cli_does() {
    let split = |line| split_args(line).map(|words| words.join(&b'|'));

    assert_eq!(split(r#" SET "a"b "#), None);
    assert_eq!(split(r#"SET c"d e""#).unwrap(), b"SET|cd e");
    assert_eq!(
        split(r#"SET "a \"b\"\x41\n" 'it\'s'"#).unwrap(),
        b"SET|a \"b\"A\n|it's"
    );
    assert_eq!(split(r#"a "" b"#).unwrap(), b"a||b");
    assert_eq!(split(r#"a "b"#), None);
}

#[test]
fn reads_steps_and_marks() {
    let text =
        "# GET key\n> GET a   #: session B, after 20, time\n\"x\"\n\n# note\n> GET b\n(nil)\n";
    let read = parse(Path::new("x"), text).unwrap();

    assert_eq!((read.syntax.as_str(), read.steps.len()), ("GET key", 2));
    assert_eq!(read.steps[0].reply, ["\"x\""]);
    assert_eq!(read.steps[0].marks.session.as_deref(), Some("B"));
    assert!(read.steps[0].marks.time && read.steps[0].marks.after_ms == 20);
    assert!(parse(Path::new("x"), "# GET\n> GET a #: sometimes\n").is_err());
    assert!(parse(Path::new("x"), "# GET\n(nil)\n").is_err());
}
