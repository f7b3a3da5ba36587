use super::*;
use crate::command::{Error, Reply};

const BULK_MAX: usize = 512 << 20;

fn calls(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut requests = Requests::default();
    requests.feed(bytes);
    let mut calls = Vec::new();
    while requests.next(BULK_MAX).expect("no protocol error") {
        calls.push(requests.words().into_iter().map(Vec::from).collect());
    }

    calls
}

fn error(bytes: &[u8]) -> String {
    let mut requests = Requests::default();
    requests.feed(bytes);
    loop {
        match requests.next(BULK_MAX) {
            Ok(true) => {}
            Ok(false) => return "none".into(),
            Err(error) => return error.text(),
        }
    }
}

#[test]
fn multibulk_and_inline_calls() {
    assert_eq!(
        calls(b"*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING\r\n\r\n*0\r\n*-5\r\nSET a \"b\\x41 c\"\r\n"),
        [
            vec![b"GET".to_vec(), b"a".to_vec()],
            vec![b"PING".to_vec()],
            vec![b"SET".to_vec(), b"a".to_vec(), b"bA c".to_vec()],
        ]
    );
}

#[test]
fn calls_in_pieces_are_the_same_calls() {
    let stream = b"*2\r\n$3\r\nGET\r\n$10\r\na\r\nb\r\nc\r\nd\r\nPING x\n*1\r\n$4\r\nQUIT\r\n";
    let whole = calls(stream);
    assert_eq!(whole.len(), 3);
    for size in 1..stream.len() {
        let mut requests = Requests::default();
        let mut pieces: Vec<Vec<Vec<u8>>> = Vec::new();
        for piece in stream.chunks(size) {
            requests.feed(piece);
            while requests.next(BULK_MAX).expect("no protocol error") {
                pieces.push(requests.words().into_iter().map(Vec::from).collect());
            }
        }
        assert_eq!(pieces, whole, "in pieces of {size}");
    }
}

#[test]
fn protocol_errors_in_redis_words() {
    let cases: &[(&[u8], &str)] = &[
        (b"*100\r\n$\r\n", "ERR Protocol error: invalid bulk length"),
        (b"*1\r\n$-1\r\n", "ERR Protocol error: invalid bulk length"),
        (
            b"*1\r\n$536870913\r\n",
            "ERR Protocol error: invalid bulk length",
        ),
        (b"*x\r\n", "ERR Protocol error: invalid multibulk length"),
        (
            b"*3000000000\r\n",
            "ERR Protocol error: invalid multibulk length",
        ),
        (
            b"*2\r\n$3\r\nGET\r\nx1\r\n",
            "ERR Protocol error: expected '$', got 'x'",
        ),
        (b"*1\r\n\r\n", "ERR Protocol error: expected '$', got ' '"),
        (
            b"SET a 'b\r\n",
            "ERR Protocol error: unbalanced quotes in request",
        ),
        (
            b"SET a \"b\"c\r\n",
            "ERR Protocol error: unbalanced quotes in request",
        ),
        (b"*1\r\n$3\r\nGE", "none"),
    ];
    for (bytes, text) in cases {
        assert_eq!(error(bytes), *text, "{:?}", String::from_utf8_lossy(bytes));
    }
    let long = [b'a'; 70_000];
    assert_eq!(error(&long), "ERR Protocol error: too big inline request");
    let long = [&b"*"[..], &long].concat();
    assert_eq!(
        error(&long),
        "ERR Protocol error: too big mbulk count string"
    );
    let long = [&b"*1\r\n$"[..], &long].concat();
    assert_eq!(
        error(&long),
        "ERR Protocol error: too big bulk count string"
    );
}

fn sample() -> Vec<Reply> {
    let pair = || (Reply::bulk("m"), Reply::Double(1.5));
    vec![
        Reply::OK,
        Reply::Error(Error::SYNTAX),
        Reply::Int(-7),
        Reply::Double(f64::INFINITY),
        Reply::Double(0.1),
        Reply::Bool(true),
        Reply::Null,
        Reply::NullArray,
        Reply::bulk("a\r\nb"),
        Reply::Verbatim("txt", "hello".into()),
        Reply::Array(vec![Reply::Array(vec![]), Reply::Null]),
        Reply::Set(vec![Reply::Int(1)]),
        Reply::Map(vec![pair()]),
        Reply::Pairs(vec![pair(), pair()]),
        Reply::Push(vec![Reply::bulk("message")]),
        Reply::Sequence(vec![Reply::Int(1), Reply::Int(2)]),
    ]
}

#[test]
fn replies_in_both_protocols() {
    let text = |protocol| {
        let mut out = Vec::new();
        sample()
            .iter()
            .for_each(|reply| encode(reply, protocol, &mut out));
        String::from_utf8(out).expect("the sample is text")
    };
    assert_eq!(
        text(2),
        "+OK\r\n-ERR syntax error\r\n:-7\r\n$3\r\ninf\r\n$19\r\n0.10000000000000001\r\n:1\r\n$-1\r\n*-1\r\n\
         $4\r\na\r\nb\r\n$5\r\nhello\r\n*2\r\n*0\r\n$-1\r\n*1\r\n:1\r\n*2\r\n$1\r\nm\r\n$3\r\n1.5\r\n\
         *4\r\n$1\r\nm\r\n$3\r\n1.5\r\n$1\r\nm\r\n$3\r\n1.5\r\n*1\r\n$7\r\nmessage\r\n:1\r\n:2\r\n"
    );
    assert_eq!(
        text(3),
        "+OK\r\n-ERR syntax error\r\n:-7\r\n,inf\r\n,0.10000000000000001\r\n#t\r\n_\r\n_\r\n\
         $4\r\na\r\nb\r\n=9\r\ntxt:hello\r\n*2\r\n*0\r\n_\r\n~1\r\n:1\r\n%1\r\n$1\r\nm\r\n,1.5\r\n\
         *2\r\n*2\r\n$1\r\nm\r\n,1.5\r\n*2\r\n$1\r\nm\r\n,1.5\r\n>1\r\n$7\r\nmessage\r\n:1\r\n:2\r\n"
    );
}

#[test]
fn between_nodes_nothing_is_lost() {
    for reply in sample() {
        let mut out = Vec::new();
        encode(&reply, BETWEEN_NODES, &mut out);
        assert_eq!(decode(&out), Ok(Some((reply, out.len()))));
        for end in 0..out.len() {
            assert_eq!(decode(&out[..end]), Ok(None));
        }
    }
}

#[test]
fn hostile_replies() {
    assert_eq!(decode(b"*1000000000\r\n"), Ok(None));
    assert_eq!(
        decode(b"$9223372036854775807\r\n"),
        Err(DecodeError::Malformed)
    );
    assert_eq!(decode(b"*-2\r\n"), Err(DecodeError::Malformed));
    assert_eq!(decode(b"?\r\n"), Err(DecodeError::Malformed));
    assert_eq!(decode(b"\r\n"), Err(DecodeError::Malformed));
    assert_eq!(decode(&b"*1\r\n".repeat(1000)), Err(DecodeError::TooDeep));
}
