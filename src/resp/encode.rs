//! Replies to bytes.
use crate::base::number;
use crate::command::Reply;

/// In place of a protocol's number: RESP3 with marks of its own for what RESP3 folds, so that a reply that
/// crosses from one node to another is the same there.
pub const BETWEEN_NODES: u8 = 0;

/// Appends `reply` in RESP2 (`protocol` 2), RESP3 (3) or for another node (`BETWEEN_NODES`).
pub fn encode(reply: &Reply, protocol: u8, out: &mut Vec<u8>) {
    let resp2 = protocol == 2;
    match reply {
        Reply::Status(text) => line(out, b'+', text.as_bytes()),
        Reply::Error(error) => line(out, b'-', error.text().as_bytes()),
        Reply::Int(value) => head(out, b':', *value),
        Reply::Double(value) => double(out, *value, resp2),
        Reply::Bool(value) if resp2 => head(out, b':', i64::from(*value)),
        Reply::Bool(value) => line(out, b'#', if *value { b"t" } else { b"f" }),
        Reply::Null if resp2 => out.extend_from_slice(b"$-1\r\n"),
        Reply::Null => out.extend_from_slice(b"_\r\n"),
        Reply::NullArray if protocol == 3 => out.extend_from_slice(b"_\r\n"),
        Reply::NullArray => out.extend_from_slice(b"*-1\r\n"),
        Reply::Bulk(bytes) => bulk(out, bytes),
        Reply::Verbatim(_, text) if resp2 => bulk(out, text.as_bytes()),
        Reply::Verbatim(format, text) => {
            length(out, b'=', text.len() + 4);
            out.extend_from_slice(format.as_bytes());
            out.push(b':');
            out.extend_from_slice(text.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        Reply::Array(items) => aggregate(out, b'*', items, protocol),
        Reply::Set(items) => aggregate(out, if resp2 { b'*' } else { b'~' }, items, protocol),
        Reply::Push(items) => aggregate(out, if resp2 { b'*' } else { b'>' }, items, protocol),
        Reply::Map(pairs) if resp2 => flat(out, b'*', pairs.len() * 2, pairs, protocol),
        Reply::Map(pairs) => flat(out, b'%', pairs.len(), pairs, protocol),
        Reply::Pairs(pairs) if resp2 => flat(out, b'*', pairs.len() * 2, pairs, protocol),
        Reply::Pairs(pairs) if protocol == BETWEEN_NODES => {
            flat(out, b'&', pairs.len(), pairs, protocol);
        }
        Reply::Pairs(pairs) => {
            length(out, b'*', pairs.len());
            for (first, second) in pairs {
                out.extend_from_slice(b"*2\r\n");
                encode(first, protocol, out);
                encode(second, protocol, out);
            }
        }
        Reply::Attributed(attributes, reply) => {
            if protocol == 3 {
                flat(out, b'|', attributes.len(), attributes, protocol);
            }
            encode(reply, protocol, out);
        }
        Reply::File(bytes) => {
            length(out, b'$', bytes.len());
            out.extend_from_slice(bytes);
        }
        Reply::Sequence(items) if protocol == BETWEEN_NODES => {
            aggregate(out, b';', items, protocol);
        }
        Reply::Sequence(items) => {
            for item in items {
                encode(item, protocol, out);
            }
        }
    }
}

/// Lines cannot hold line breaks: they are shown as spaces.
fn line(out: &mut Vec<u8>, mark: u8, text: &[u8]) {
    out.push(mark);
    let clean = |byte: &u8| {
        if matches!(byte, b'\r' | b'\n') {
            b' '
        } else {
            *byte
        }
    };
    out.extend(text.iter().map(clean));
    out.extend_from_slice(b"\r\n");
}

fn head(out: &mut Vec<u8>, mark: u8, value: i64) {
    out.push(mark);
    number::write_i64(out, value);
    out.extend_from_slice(b"\r\n");
}

fn length(out: &mut Vec<u8>, mark: u8, length: usize) {
    head(out, mark, i64::try_from(length).unwrap_or(i64::MAX));
}

fn bulk(out: &mut Vec<u8>, bytes: &[u8]) {
    length(out, b'$', bytes.len());
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
}

fn double(out: &mut Vec<u8>, value: f64, resp2: bool) {
    let text = number::format_f64(value);
    if resp2 {
        bulk(out, text.as_bytes());
    } else {
        line(out, b',', text.as_bytes());
    }
}

fn aggregate(out: &mut Vec<u8>, mark: u8, items: &[Reply], protocol: u8) {
    length(out, mark, items.len());
    for item in items {
        encode(item, protocol, out);
    }
}

fn flat(out: &mut Vec<u8>, mark: u8, announced: usize, pairs: &[(Reply, Reply)], protocol: u8) {
    length(out, mark, announced);
    for (first, second) in pairs {
        encode(first, protocol, out);
        encode(second, protocol, out);
    }
}
