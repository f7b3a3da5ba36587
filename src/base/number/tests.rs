use super::*;

#[test]
fn whole_numbers() {
    for value in [0, 1, -1, 9, 10, i64::MAX, i64::MIN, i64::MAX - 1, -100] {
        assert_eq!(parse_i64(format_i64(value).as_bytes()), Some(value));
    }
    let bad = [
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "01",
        "-0",
        "-01",
        "1a",
        "0x1",
        "1.0",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999",
        "00",
        "１",
    ];
    for text in bad {
        assert_eq!(parse_i64(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn doubles_in() {
    let good = [
        ("1", 1.0),
        ("+1", 1.0),
        ("-0", -0.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1E-2", 0.01),
        ("0x10", 16.0),
        ("0x1p-1074", 5e-324),
        ("-0x1.8p1", -3.0),
        ("0x.8", 0.5),
        ("inf", f64::INFINITY),
        ("-InFinity", f64::NEG_INFINITY),
        ("+inf", f64::INFINITY),
        ("0e-9999", 0.0),
        ("4.9e-324", 5e-324),
        ("007", 7.0),
        ("0x1.fffffffffffff8p1023", 0.0),
        ("9007199254740993", 9007199254740992.0),
        ("0x20000000000001", 9007199254740992.0),
        ("0x20000000000003", 9007199254740996.0),
        ("0x0.00001p0", 1.0 / 1048576.0),
    ];
    for (text, value) in good {
        if text.ends_with("8p1023") {
            assert_eq!(parse_f64(text.as_bytes()), None);
        } else {
            assert_eq!(
                parse_f64(text.as_bytes()).map(f64::to_bits),
                Some(value.to_bits()),
                "{text}"
            );
        }
    }
    let bad = [
        "",
        " 1",
        "1 ",
        "nan",
        "-nan",
        "nan(1)",
        "1e",
        "1e+",
        "e1",
        ".",
        "0x",
        "0x.",
        "1..2",
        "1.2.3",
        "--1",
        "1e400",
        "1e-400",
        "-1e999999999999",
        "infi",
        "1\0",
        "1_0",
        "0x1p",
        "0x1p99999",
        "1f",
        "+",
    ];
    for text in bad {
        assert_eq!(parse_f64(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn bounds_of_scores() {
    assert_eq!(parse_score_bound(b""), Some(0.0));
    assert_eq!(parse_score_bound(b" \t5"), Some(5.0));
    assert_eq!(parse_score_bound(b"1e999"), Some(f64::INFINITY));
    assert_eq!(parse_score_bound(b"7\0x"), Some(7.0));
    for bad in ["5 ", " ", "nan", "x"] {
        assert_eq!(parse_score_bound(bad.as_bytes()), None);
    }
}

#[test]
fn doubles_out() {
    let table = [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (0.1, "0.10000000000000001"),
        (3.3, "3.2999999999999998"),
        (1e15, "1000000000000000"),
        (1e16, "10000000000000000"),
        (1e17, "1e+17"),
        (123456789012345680.0, "1.2345678901234568e+17"),
        (1e20, "1e+20"),
        (1e-4, "0.0001"),
        (1e-5, "1.0000000000000001e-05"),
        (5e-324, "4.9406564584124654e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (1e100, "1e+100"),
        (99999999999999990.0, "99999999999999984"),
        (0.5f64.powi(18), "3.814697265625e-06"),
        (1e23, "9.9999999999999992e+22"),
    ];
    for (value, text) in table {
        assert_eq!(format_f64(value), text);
    }
}

/// Doubles as bits and as C's `%.17g` prints them, ties among them.
#[test]
fn doubles_there_and_back() {
    for line in include_str!("doubles.txt").lines() {
        let (bits, text) = line.split_once(' ').expect(line);
        let value = f64::from_bits(u64::from_str_radix(bits, 16).expect(line));
        assert_eq!(format_f64(value), text);
        assert_eq!(parse_f64(text.as_bytes()), Some(value));
    }
}

#[test]
fn whole_numbers_are_written_as_std_writes_them() {
    for value in [0, 7, -7, 10, -99, 1_000_000, i64::MAX, i64::MIN] {
        let mut out = b"x".to_vec();
        write_i64(&mut out, value);
        assert_eq!(out, format!("x{value}").into_bytes());
    }
}

/// Texts of all lengths and sizes, and those in the middle between two doubles, cut short or made longer by a digit.
#[test]
fn doubles_are_read_as_std_reads_them() {
    let mut rng = crate::base::rng::Rng::new(11);
    let check = |text: &str| {
        let std: f64 = text.parse().expect(text);
        let own = read_f64(text.as_bytes()).expect(text);
        assert_eq!(own.to_bits(), std.to_bits(), "{text}: {own} is not {std}");
    };
    for round in 0..4000 {
        let double = f64::from_bits(rng.next_u64());
        if !double.is_finite() {
            continue;
        }
        check(&double.to_string());
        check(&format!("{double:e}"));
        let digits: String = (0..1 + rng.index(24))
            .map(|_| (b'0' + rng.index(10) as u8) as char)
            .collect();
        check(&format!("{digits}e{}", rng.index(60) as i32 - 30));
        let (whole, fraction) = digits.split_at(rng.index(digits.len() + 1));
        check(&format!("-0{whole}.{fraction}"));
        check(&format!("{digits}e{}", rng.index(800) as i32 - 420));
        if round % 20 == 0 {
            let exponent = rng.index(1100) as i32 - 1074;
            let mantissa = u128::from(rng.next_u64() >> 11) * 2 + 1;
            let middle = exact(mantissa, exponent - 1);
            let (digits, power) = middle.split_once('e').expect("it is written so");
            check(&middle);
            check(&format!("{digits}.1e{power}"));
            check(&format!("{digits}.{}1e{power}", "0".repeat(900)));
        }
    }
    for text in [
        "0",
        "-0.0",
        "1e400",
        "1e-400",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
    ] {
        check(text);
    }
    check(&format!("0.{}5", "0".repeat(400)));
    check(&format!("{}.5", "1".repeat(1000)));
}

/// `mantissa * 2^exponent` with all its digits.
fn exact(mantissa: u128, exponent: i32) -> String {
    let mut digits = vec![0_u8];
    let twice = |digits: &mut Vec<u8>, times: u8| {
        let mut carry = 0;
        for digit in digits.iter_mut() {
            let value = *digit * times + carry;
            (*digit, carry) = (value % 10, value / 10);
        }
        if carry > 0 {
            digits.push(carry);
        }
    };
    for bit in (0..u128::BITS).rev() {
        twice(&mut digits, 2);
        digits[0] += (mantissa >> bit & 1) as u8;
    }
    // 2^-n is 5^n / 10^n.
    for _ in 0..exponent.unsigned_abs() {
        twice(&mut digits, if exponent < 0 { 5 } else { 2 });
    }
    let text: String = digits
        .iter()
        .rev()
        .map(|digit| (b'0' + digit) as char)
        .collect();

    format!("{text}e{}", exponent.min(0))
}
