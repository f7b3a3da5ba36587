//! Whether two printed replies are the same under the marks of their command.
use super::transcript::Marks;

pub fn same(expected: &[String], actual: &[String], marks: &Marks) -> bool {
    let form = |lines: &[String]| {
        if marks.random {
            let shapes: Vec<String> = lines.iter().map(|line| shape(line)).collect();
            shapes.join("\n")
        } else if marks.unordered {
            unordered(lines)
        } else {
            lines.join("\n")
        }
    };
    let (a, b) = (form(expected), form(actual));

    a == b || (marks.time && same_but_time(&a, &b))
}

/// A line without its strings and numbers; the numbers of elements stay.
fn shape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let bytes = rest.as_bytes();
            let mut end = 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            out.push_str("\"\"");
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        let kinds = ["(integer) ", "(double) ", "(big number) "];
        if let Some(kind) = kinds.iter().find(|kind| rest.starts_with(**kind)) {
            out.push_str(kind.trim_end());
            let number = &rest[kind.len()..];
            rest = &number[number.find(' ').unwrap_or(number.len())..];
            continue;
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }

    out
}

/// The width of `12) ` at the front, if it is there.
fn prefix_width(line: &str) -> Option<usize> {
    let digits = line.trim_start_matches(' ');
    let after = digits.trim_start_matches(|char: char| char.is_ascii_digit());
    let is_prefix = after.len() < digits.len()
        && [") ", "~ ", "# "]
            .iter()
            .any(|separator| after.starts_with(separator));

    is_prefix.then(|| line.len() - after.len() + 2)
}

/// The elements of every array in order of their text.
fn unordered(lines: &[String]) -> String {
    let Some(width) = lines.first().and_then(|line| prefix_width(line)) else {
        return lines.join("\n");
    };
    let mut elements: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let rest = line.get(width..).unwrap_or_default().to_owned();
        match elements.last_mut() {
            Some(last) if prefix_width(line) != Some(width) => last.push(rest),
            _ => elements.push(vec![rest]),
        }
    }
    let mut texts: Vec<String> = elements.iter().map(|element| unordered(element)).collect();
    texts.sort();

    format!("[{}]", texts.join("\n"))
}

/// Equal but for numbers that differ by a twentieth, or by two. Negative numbers must be equal.
fn same_but_time(a: &str, b: &str) -> bool {
    let ((a_text, a_numbers), (b_text, b_numbers)) = (numbers(a), numbers(b));
    let close = |(a, b): (&f64, &f64)| {
        a == b || (*a >= 0.0 && *b >= 0.0 && (a - b).abs() <= (a.max(*b) / 20.0).max(2.0))
    };

    a_text == b_text
        && a_numbers.len() == b_numbers.len()
        && a_numbers.iter().zip(&b_numbers).all(close)
}

/// A text with its numbers taken out, and they.
fn numbers(text: &str) -> (String, Vec<f64>) {
    let (mut rest, mut found) = (String::new(), Vec::new());
    let mut number = String::new();
    for char in text.chars().chain(['\n']) {
        let goes_on = char.is_ascii_digit()
            || (char == '-' && number.is_empty())
            || (char == '.' && !number.is_empty() && !number.contains('.'));
        if goes_on {
            number.push(char);
            continue;
        }
        match number.parse() {
            Ok(value) => {
                found.push(value);
                rest.push('0');
            }
            Err(_) => rest.push_str(&number),
        }
        number.clear();
        rest.push(char);
    }

    (rest, found)
}

#[test]
fn marks_loosen_the_comparison() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let with = |set: fn(&mut Marks)| {
        let mut marks = Marks::default();
        set(&mut marks);
        marks
    };
    let unordered = with(|marks| marks.unordered = true);
    let random = with(|marks| marks.random = true);
    let time = with(|marks| marks.time = true);

    let scan = lines("1) \"0\"\n2) 1) \"a\"\n   2) \"b\"");
    let other = lines("1) \"0\"\n2) 1) \"b\"\n   2) \"a\"");
    assert!(!same(&scan, &other, &Marks::default()));
    assert!(same(&scan, &other, &unordered));
    assert!(!same(&scan, &lines("1) \"0\"\n2) 1) \"b\""), &unordered));
    assert!(same(&lines("1) \"a\\\"\""), &lines("1) \"bcd\""), &random));
    assert!(!same(&lines("1) \"a\""), &lines("1) (nil)"), &random));
    assert!(same(
        &lines("(integer) 9951"),
        &lines("(integer) 10000"),
        &time
    ));
    assert!(!same(&lines("(integer) -1"), &lines("(integer) -2"), &time));
    assert!(!same(&lines("(integer) 50"), &lines("(integer) 90"), &time));
}
