use super::*;

fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).expect("JSON")
}

fn path(text: &str) -> JsonPath {
    JsonPath::parse(text.as_bytes()).expect("a path")
}

#[test]
fn the_patches_of_rfc_7386() {
    let cases = [
        (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"a":null}"#, r#"{}"#),
        (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
        (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
        (
            r#"{"a":{"b":"c"}}"#,
            r#"{"a":{"b":"d","c":null}}"#,
            r#"{"a":{"b":"d"}}"#,
        ),
        (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
        (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
        (r#"{"a":"foo"}"#, "null", "null"),
        (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
        (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
        ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
        ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
    ];
    for (target, patch, result) in cases {
        let mut document = json(target);
        let patch = parse(patch.as_bytes()).expect("JSON");
        assert_eq!(document.merge(&JsonPath::root(), patch), Ok(true));
        assert_eq!(document.text(), result, "of {target}");
    }
}

#[test]
fn paths_lead_to_one_place_or_are_refused() {
    let document = json(r#"{"a":{"b c":[10,{"d":20}]},"$x":1,"é":2}"#);
    let found = |text: &str| document.get(&path(text)).map(Document::to_string);
    for text in ["$.a['b c'][1].d", "a[\"b c\"][-1].d", ".a['b\\ c'][1]['d']"] {
        assert_eq!(found(text).as_deref(), Some("20"), "{text}");
    }
    assert_eq!(found("$").as_deref(), Some(document.text()));
    assert_eq!(found(".").as_deref(), Some(document.text()));
    assert_eq!(found("$.$x").as_deref(), Some("1"));
    assert_eq!(found("é").as_deref(), Some("2"));
    for absent in ["$.b", "$.a[0]", "$.a['b c'][2]", "$.a['b c'][-3]", "$.é.x"] {
        assert_eq!(found(absent), None, "{absent}");
    }
    for refused in [
        "",
        "$..a",
        "$.*",
        "$[*]",
        "$[0:1]",
        "$[?(@.a)]",
        "$.a.",
        "$[",
        "$['a'",
        "$['a]",
        "$a",
        "$[01]",
        "..",
        "a b",
    ] {
        assert!(JsonPath::parse(refused.as_bytes()).is_err(), "{refused}");
    }
}

#[test]
fn the_length_is_always_that_of_the_text() {
    let mut document = json(r#"{"a":[1,2,3],"b":"é\n"}"#);
    let check = |document: &Json| assert_eq!(document.text(), text_of(document.document()));
    check(&document);
    assert_eq!(
        document.set(&path("$.a[1]"), json("1.5e300").document().clone()),
        Ok(true)
    );
    check(&document);
    assert_eq!(document.set(&path("$.c"), Document::Null), Ok(true));
    assert_eq!(
        document.text(),
        r#"{"a":[1,1.5e+300,3],"b":"é\n","c":null}"#
    );
    check(&document);
    assert!(document.remove(&path("$.a[0]")));
    assert!(!document.remove(&path("$.a[7]")));
    assert_eq!(document.set(&path("$.x.y"), Document::Null), Ok(false));
    check(&document);
    assert_eq!(document.text(), r#"{"a":[1.5e+300,3],"b":"é\n","c":null}"#);
}

#[test]
fn nesting_has_an_end() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert!(Json::parse(nested(DEPTH_MAX).as_bytes()).is_ok());
    assert_eq!(
        Json::parse(nested(DEPTH_MAX + 1).as_bytes()).err(),
        Some(JsonError::TooDeep)
    );
    let mut document = json(r#"{"a":0}"#);
    let inner = |n: usize| parse(nested(n).as_bytes()).expect("JSON");
    assert_eq!(
        document.set(&path("$.a"), inner(DEPTH_MAX)),
        Err(JsonError::TooDeep)
    );
    assert_eq!(document.set(&path("$.a"), inner(DEPTH_MAX - 1)), Ok(true));
    assert!(Json::parse(document.text().as_bytes()).is_ok());
}
