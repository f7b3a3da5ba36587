use super::*;

fn sum(a: &str, b: &str) -> String {
    let number = |text: &str| LongDouble::parse(text.as_bytes()).expect("a number");
    (number(a) + number(b)).to_human()
}

/// Answers of redis-server 7.0.15 to SET k a, INCRBYFLOAT k b.
#[test]
fn sums_of_the_real_server() {
    for line in include_str!("sums.txt").lines() {
        let [a, b, expected] = line.split(' ').collect::<Vec<_>>()[..] else {
            unreachable!("{line}")
        };
        match expected {
            "NAN" => assert!(
                !(LongDouble::parse(a.as_bytes()).expect(a)
                    + LongDouble::parse(b.as_bytes()).expect(b))
                .is_finite()
            ),
            "ERR" => assert!(
                LongDouble::parse(a.as_bytes())
                    .and(LongDouble::parse(b.as_bytes()))
                    .is_none(),
                "{line}"
            ),
            _ => assert_eq!(sum(a, b), expected, "{line}"),
        }
    }
}

#[test]
fn infinities() {
    let inf = LongDouble::parse(b"inf").expect("a number");
    let minus = LongDouble::parse(b"-inf").expect("a number");
    assert!((inf + minus).is_nan());
    assert_eq!((inf + LongDouble::from_i64(-3)).to_human(), "inf");
    assert_eq!(minus.to_human(), "-inf");
    assert_eq!(
        LongDouble::from_i64(i64::MIN).to_human(),
        "-9223372036854775808"
    );
}
