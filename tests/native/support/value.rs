//! A reply as a client sees it: made from the engine's `Reply` or from bytes, and printed as redis-cli prints it.
use kilat::base::number::format_f64;
use kilat::base::quote::quote;
use kilat::command::Reply;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Status(String),
    Error(String),
    Int(String),
    Double(String),
    Bool(bool),
    Nil,
    Bulk(Vec<u8>),
    Verbatim(Vec<u8>),
    Array(Vec<Value>),
    Set(Vec<Value>),
    Map(Vec<Value>),
    Push(Vec<Value>),
}

/// The replies that a client of this protocol gets: one, none, or several.
pub fn values_of(reply: &Reply, protocol: u8) -> Vec<Value> {
    match reply {
        Reply::Sequence(replies) => replies
            .iter()
            .flat_map(|reply| values_of(reply, protocol))
            .collect(),
        other => vec![value_of(other, protocol)],
    }
}

fn value_of(reply: &Reply, protocol: u8) -> Value {
    let resp3 = protocol == 3;
    let one = |reply: &Reply| value_of(reply, protocol);
    let all = |items: &[Reply]| items.iter().map(one).collect::<Vec<_>>();
    let flat = |pairs: &[(Reply, Reply)]| {
        pairs
            .iter()
            .flat_map(|(a, b)| [one(a), one(b)])
            .collect::<Vec<_>>()
    };
    match reply {
        Reply::Status(text) => Value::Status(text.to_string()),
        Reply::Error(error) => Value::Error(error.text().to_owned()),
        Reply::Int(int) => Value::Int(int.to_string()),
        Reply::Double(double) if resp3 => Value::Double(format_f64(*double)),
        Reply::Double(double) => Value::Bulk(format_f64(*double).into_bytes()),
        Reply::Bool(bool) if resp3 => Value::Bool(*bool),
        Reply::Bool(bool) => Value::Int(i64::from(*bool).to_string()),
        Reply::Null | Reply::NullArray => Value::Nil,
        Reply::Bulk(bytes) => Value::Bulk(bytes.clone()),
        Reply::Verbatim(_, text) if resp3 => Value::Verbatim(text.clone().into_bytes()),
        Reply::Verbatim(_, text) => Value::Bulk(text.clone().into_bytes()),
        Reply::Array(items) => Value::Array(all(items)),
        Reply::Set(items) if resp3 => Value::Set(all(items)),
        Reply::Push(items) if resp3 => Value::Push(all(items)),
        Reply::Set(items) | Reply::Push(items) => Value::Array(all(items)),
        Reply::Map(pairs) if resp3 => Value::Map(flat(pairs)),
        Reply::Pairs(pairs) if resp3 => Value::Array(
            pairs
                .iter()
                .map(|(a, b)| Value::Array(vec![one(a), one(b)]))
                .collect(),
        ),
        Reply::Map(pairs) | Reply::Pairs(pairs) => Value::Array(flat(pairs)),
        Reply::Sequence(items) => Value::Array(all(items)),
        Reply::Attributed(_, reply) => one(reply),
        Reply::File(bytes) => Value::Bulk(bytes.clone()),
    }
}

/// Reads all replies in `bytes`, which must end where the last one ends.
pub fn values_in(mut bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(read_value(&mut bytes)?);
    }

    Ok(values)
}

fn read_value(bytes: &mut &[u8]) -> Result<Value, String> {
    let line = read_line(bytes)?;
    let (kind, head) = line.split_at_checked(1).ok_or("an empty line")?;
    let count = || {
        head.parse::<i64>()
            .map_err(|_| format!("a bad length: {line}"))
    };
    match kind {
        "+" => Ok(Value::Status(head.to_owned())),
        "-" => Ok(Value::Error(head.to_owned())),
        ":" => Ok(Value::Int(head.to_owned())),
        "," => Ok(Value::Double(head.to_owned())),
        "#" => Ok(Value::Bool(head == "t")),
        "_" => Ok(Value::Nil),
        "$" | "=" => match usize::try_from(count()?) {
            Err(_) => Ok(Value::Nil),
            Ok(length) => read_bulk(bytes, length, kind == "="),
        },
        "*" | "~" | ">" | "%" => {
            let Ok(count) = usize::try_from(count()?) else {
                return Ok(Value::Nil);
            };
            let count = if kind == "%" { count * 2 } else { count };
            let items = (0..count)
                .map(|_| read_value(bytes))
                .collect::<Result<_, _>>()?;
            Ok(match kind {
                "*" => Value::Array(items),
                "~" => Value::Set(items),
                ">" => Value::Push(items),
                _ => Value::Map(items),
            })
        }
        _ => Err(format!("an unknown kind: {line}")),
    }
}

fn read_line(bytes: &mut &[u8]) -> Result<String, String> {
    let end = bytes
        .windows(2)
        .position(|pair| pair == b"\r\n")
        .ok_or("a line without end")?;
    let line = String::from_utf8_lossy(&bytes[..end]).into_owned();
    *bytes = &bytes[end + 2..];

    Ok(line)
}

fn read_bulk(bytes: &mut &[u8], length: usize, is_verbatim: bool) -> Result<Value, String> {
    let body = bytes.get(..length).ok_or("a short string")?.to_vec();
    if bytes.get(length..length + 2) != Some(b"\r\n") {
        return Err("a string that does not end where it says".into());
    }
    *bytes = &bytes[length + 2..];

    Ok(if is_verbatim {
        Value::Verbatim(body[4..].to_vec())
    } else {
        Value::Bulk(body)
    })
}

/// The lines that redis-cli prints; a verbatim text is quoted.
pub fn print(value: &Value) -> Vec<String> {
    match value {
        Value::Status(text) => vec![text.clone()],
        Value::Error(text) => vec![format!("(error) {text}")],
        Value::Int(int) => vec![format!("(integer) {int}")],
        Value::Double(double) => vec![format!("(double) {double}")],
        Value::Bool(bool) => vec![format!("({bool})")],
        Value::Nil => vec!["(nil)".into()],
        Value::Bulk(bytes) => vec![quote(bytes)],
        Value::Verbatim(bytes) => vec![format!("(verbatim) {}", quote(bytes))],
        Value::Array(items) => print_items(items, 1, ')', "(empty array)"),
        Value::Set(items) => print_items(items, 1, '~', "(empty set)"),
        Value::Push(items) => print_items(items, 1, ')', "(empty push)"),
        Value::Map(items) => print_items(items, 2, '#', "(empty hash)"),
    }
}

fn print_items(items: &[Value], step: usize, separator: char, empty: &str) -> Vec<String> {
    if items.is_empty() {
        return vec![empty.to_owned()];
    }
    let width = (items.len() / step).to_string().len();
    let indent = " ".repeat(width + 2);
    let mut lines = Vec::new();
    for (index, item) in items.chunks(step).enumerate() {
        let mut entry = print(&item[0]);
        if let Some(value) = item.get(1) {
            let mut printed = print(value).into_iter();
            let last = entry.last_mut().expect("a value has a line");
            last.push_str(" => ");
            if !is_multiline(value) {
                last.push_str(&printed.next().unwrap_or_default());
            }
            entry.extend(printed);
        }
        for (line, text) in entry.into_iter().enumerate() {
            lines.push(match line {
                0 => format!("{:>width$}{separator} {text}", index + 1),
                _ => format!("{indent}{text}"),
            });
        }
    }

    lines
}

fn is_multiline(value: &Value) -> bool {
    let (items, step) = match value {
        Value::Array(items) | Value::Set(items) | Value::Push(items) => (items, 1),
        Value::Map(items) => (items, 2),
        _ => return false,
    };

    items.len() > step || items.last().is_some_and(is_multiline)
}

#[test]
fn prints_as_redis_cli_does() {
    let bytes = b"*3\r\n:1\r\n%2\r\n+a\r\n$1\r\nx\r\n+b\r\n~2\r\n,1.5\r\n_\r\n*0\r\n";
    let lines: Vec<String> = values_in(bytes).unwrap().iter().flat_map(print).collect();

    let expected = [
        "1) (integer) 1",
        "2) 1# a => \"x\"",
        "   2# b => ",
        "      1~ (double) 1.5",
        "      2~ (nil)",
        "3) (empty array)",
    ];
    assert_eq!(lines, expected);
}
