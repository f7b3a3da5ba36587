//! A reply in bytes that another node turns into the very same reply: RESP would lose which kind it was.
use super::wire::{Malformed, Reader, Result, Writer};
use crate::command::{Error, Reply};

/// Deeper nesting than any reply has is hostile.
const DEPTH_MAX: usize = 16;

pub fn encode(reply: &Reply) -> Vec<u8> {
    let mut out = Writer::default();
    write(&mut out, reply);

    out.bytes
}

pub fn decode(bytes: &[u8]) -> Result<Reply> {
    let mut from = Reader::new(bytes);
    let reply = read(&mut from, DEPTH_MAX)?;
    from.end()?;

    Ok(reply)
}

fn write(out: &mut Writer, reply: &Reply) {
    let texts = |out: &mut Writer, kind, text: &str| {
        out.byte(kind);
        out.string(text.as_bytes());
    };
    let pairs = |out: &mut Writer, kind, pairs: &[(Reply, Reply)]| {
        out.byte(kind);
        out.list(pairs, |out, (key, value)| {
            write(out, key);
            write(out, value);
        });
    };
    let items = |out: &mut Writer, kind, items: &[Reply]| {
        out.byte(kind);
        out.list(items, write);
    };
    match reply {
        Reply::Status(text) => texts(out, 0, text),
        Reply::Error(error) => texts(out, 1, error.text()),
        Reply::Int(int) => {
            out.byte(2);
            out.bytes.extend_from_slice(&int.to_le_bytes());
        }
        Reply::Double(double) => {
            out.byte(3);
            out.bytes.extend_from_slice(&double.to_bits().to_le_bytes());
        }
        Reply::Bool(bool) => {
            out.byte(4);
            out.byte(u8::from(*bool));
        }
        Reply::Null => out.byte(5),
        Reply::NullArray => out.byte(6),
        Reply::Bulk(bytes) => {
            out.byte(7);
            out.string(bytes);
        }
        Reply::Verbatim(format, text) => {
            texts(out, 8, text);
            out.byte(u8::from(*format == "mkd"));
        }
        Reply::Array(list) => items(out, 9, list),
        Reply::Set(list) => items(out, 10, list),
        Reply::Map(list) => pairs(out, 11, list),
        Reply::Pairs(list) => pairs(out, 12, list),
        Reply::Push(list) => items(out, 13, list),
        Reply::Sequence(list) => items(out, 14, list),
        Reply::Attributed(_, reply) => write(out, reply),
        // A replica's session is this node's; its file goes nowhere else.
        Reply::File(_) => out.byte(5),
    }
}

fn read(from: &mut Reader, depth: usize) -> Result<Reply> {
    let depth = depth.checked_sub(1).ok_or(Malformed)?;
    let text = |from: &mut Reader| {
        let bytes = from.string()?;
        String::from_utf8(bytes.to_vec()).map_err(|_| Malformed)
    };
    let word = |from: &mut Reader| {
        let mut word = [0; 8];
        for byte in &mut word {
            *byte = from.byte()?;
        }
        Ok(word)
    };
    let pair = |from: &mut Reader| Ok((read(from, depth)?, read(from, depth)?));
    let item = |from: &mut Reader| read(from, depth);

    Ok(match from.byte()? {
        0 => Reply::Status(text(from)?.into()),
        1 => Reply::Error(Error::received(text(from)?)),
        2 => Reply::Int(i64::from_le_bytes(word(from)?)),
        3 => Reply::Double(f64::from_bits(u64::from_le_bytes(word(from)?))),
        4 => Reply::Bool(from.flag()?),
        5 => Reply::Null,
        6 => Reply::NullArray,
        7 => Reply::Bulk(from.string()?.to_vec()),
        8 => {
            let text = text(from)?;
            let format = if from.flag()? { "mkd" } else { "txt" };
            Reply::Verbatim(format, text)
        }
        9 => Reply::Array(from.list(item)?),
        10 => Reply::Set(from.list(item)?),
        11 => Reply::Map(from.list(pair)?),
        12 => Reply::Pairs(from.list(pair)?),
        13 => Reply::Push(from.list(item)?),
        14 => Reply::Sequence(from.list(item)?),
        _ => return Err(Malformed),
    })
}
