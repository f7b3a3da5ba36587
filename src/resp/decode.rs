//! Replies out of bytes: what another node or a server answered.
use crate::base::number;
use crate::command::{Error, Reply};

/// Replies within replies, at most.
const DEPTH_MAX: usize = 64;

/// These bytes begin no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// An unknown mark, or a line that is not what its mark promises.
    Malformed,
    TooDeep,
}

type Result<T> = std::result::Result<T, DecodeError>;

/// Reads one reply as `encode` writes it for RESP3, RESP2 or `BETWEEN_NODES`; answers it and how many bytes
/// it took, or `None` where it is not all there.
pub fn decode(bytes: &[u8]) -> Result<Option<(Reply, usize)>> {
    let mut reader = Reader { bytes, at: 0 };
    match reader.reply(DEPTH_MAX) {
        Ok(reply) => Ok(Some((reply, reader.at))),
        Err(Stop::Short) => Ok(None),
        Err(Stop::Wrong(error)) => Err(error),
    }
}

enum Stop {
    Short,
    Wrong(DecodeError),
}

const MALFORMED: Stop = Stop::Wrong(DecodeError::Malformed);

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn reply(&mut self, depth: usize) -> std::result::Result<Reply, Stop> {
        let depth = depth
            .checked_sub(1)
            .ok_or(Stop::Wrong(DecodeError::TooDeep))?;
        let line = self.line()?;
        let (mark, line) = line.split_first().ok_or(MALFORMED)?;
        let text = || String::from_utf8_lossy(line).into_owned();
        Ok(match mark {
            b'+' => Reply::Status(text().into()),
            b'-' => Reply::Error(Error::received(text())),
            b':' => Reply::Int(number::parse_i64(line).ok_or(MALFORMED)?),
            b',' if line == b"nan" => Reply::Double(f64::NAN),
            b',' => Reply::Double(number::parse_f64(line).ok_or(MALFORMED)?),
            b'#' if line == b"t" => Reply::Bool(true),
            b'#' if line == b"f" => Reply::Bool(false),
            b'_' if line.is_empty() => Reply::Null,
            b'$' if line == b"-1" => Reply::Null,
            b'*' if line == b"-1" => Reply::NullArray,
            b'$' => Reply::bulk(self.blob(line)?),
            b'=' => verbatim(self.blob(line)?)?,
            b'*' => Reply::Array(self.items(line, depth)?),
            b'~' => Reply::Set(self.items(line, depth)?),
            b'>' => Reply::Push(self.items(line, depth)?),
            b';' => Reply::Sequence(self.items(line, depth)?),
            b'%' => Reply::Map(self.pairs(line, depth)?),
            b'&' => Reply::Pairs(self.pairs(line, depth)?),
            _ => return Err(MALFORMED),
        })
    }

    /// Up to the next `\r\n`, which is taken too.
    fn line(&mut self) -> std::result::Result<&'a [u8], Stop> {
        let rest = &self.bytes[self.at..];
        let end = rest
            .iter()
            .position(|byte| *byte == b'\r')
            .ok_or(Stop::Short)?;
        match rest.get(end + 1) {
            None => Err(Stop::Short),
            Some(b'\n') => {
                self.at += end + 2;
                Ok(&rest[..end])
            }
            Some(_) => Err(MALFORMED),
        }
    }

    fn blob(&mut self, length: &[u8]) -> std::result::Result<&'a [u8], Stop> {
        let length = count(length)?;
        let rest = &self.bytes[self.at..];
        let end = length + 2;
        let blob = rest.get(..end).ok_or(Stop::Short)?;
        let blob = blob.strip_suffix(b"\r\n").ok_or(MALFORMED)?;
        self.at += end;

        Ok(blob)
    }

    fn items(&mut self, line: &[u8], depth: usize) -> std::result::Result<Vec<Reply>, Stop> {
        let count = count(line)?;
        let mut items = Vec::with_capacity(self.room(count));
        for _ in 0..count {
            items.push(self.reply(depth)?);
        }

        Ok(items)
    }

    fn pairs(
        &mut self,
        line: &[u8],
        depth: usize,
    ) -> std::result::Result<Vec<(Reply, Reply)>, Stop> {
        let count = count(line)?;
        let mut pairs = Vec::with_capacity(self.room(count));
        for _ in 0..count {
            pairs.push((self.reply(depth)?, self.reply(depth)?));
        }

        Ok(pairs)
    }

    /// As many of `count` replies as the bytes at hand can hold: what is announced allocates nothing.
    fn room(&self, count: usize) -> usize {
        count.min((self.bytes.len() - self.at) / 3)
    }
}

fn count(line: &[u8]) -> std::result::Result<usize, Stop> {
    let count = number::parse_i64(line).ok_or(MALFORMED)?;

    // The same bound whatever the width of a pointer.
    i32::try_from(count)
        .ok()
        .and_then(|count| usize::try_from(count).ok())
        .ok_or(MALFORMED)
}

fn verbatim(blob: &[u8]) -> std::result::Result<Reply, Stop> {
    let text = std::str::from_utf8(blob).map_err(|_| MALFORMED)?;
    match text.split_once(':') {
        Some(("txt", text)) => Ok(Reply::Verbatim("txt", text.into())),
        Some(("mkd", text)) => Ok(Reply::Verbatim("mkd", text.into())),
        _ => Err(MALFORMED),
    }
}
