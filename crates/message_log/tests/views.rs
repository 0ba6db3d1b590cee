//! A message opened: JSON as lines that fold, bytes as a hex dump.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use message_log::hex_view::{hex_column, hex_line, hex_line_count};
use message_log::json_view::{JsonErrorKind, JsonFolds, JsonKind, JsonView};
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use serde_json::Value;

fn view(text: &str) -> JsonView {
    JsonView::new(text.into()).unwrap()
}

fn pretty(view: &JsonView) -> String {
    let mut text = String::new();
    for index in 0..view.line_count() {
        let line = view.line(index, usize::MAX).unwrap();
        assert!(!line.is_cut);
        text.push_str(&"  ".repeat(line.depth as usize));
        if let Some(key) = line.key {
            text.push_str(key);
            text.push_str(": ");
        }
        text.push_str(line.value);
        text.push_str(if line.has_comma { ",\n" } else { "\n" });
    }
    text.trim_end().to_owned()
}

#[test]
fn json_is_made_pretty() {
    let text =
        r#" {"a":[1 , -2.50E+3,{} ,[ ]],"b\"":{"c":null,"":"x:\u00e4{"} ,"d":[true,[false]]} "#;
    let expected = r#"{
  "a": [
    1,
    -2.50E+3,
    {},
    []
  ],
  "b\"": {
    "c": null,
    "": "x:\u00e4{"
  },
  "d": [
    true,
    [
      false
    ]
  ]
}"#;
    assert_eq!(pretty(&view(text)), expected);
    assert_eq!(pretty(&view(expected)), expected);
    let kinds: Vec<JsonKind> =
        (0..5).map(|index| view(text).line(index, 9).unwrap().kind).collect();
    use JsonKind::{Empty, Number, Open};
    assert_eq!(kinds, [Open, Open, Number, Number, Empty]);
}

#[test]
fn lone_values_are_json_too() {
    for text in ["1", "\"x\"", "null", "true", "[]", "{}", " -0.0e-1 \n"] {
        assert_eq!(pretty(&view(text)), text.trim());
    }
}

#[test]
fn numbers_stay_exact() {
    let text = "123456789012345678901234567890.000000000000000000010";
    assert_eq!(view(text).line(0, 100).unwrap().value, text);
}

#[test]
fn broken_json_says_where() {
    use JsonErrorKind as Kind;
    for (text, kind, line, column) in [
        ("", Kind::UnexpectedEnd, 1, 1),
        ("[1,\n2", Kind::UnexpectedEnd, 2, 2),
        ("[1,\n]", Kind::ExpectedValue, 2, 1),
        ("[1 2]", Kind::ExpectedComma, 1, 4),
        ("[1}", Kind::ExpectedComma, 1, 3),
        ("{\"ä\" 1}", Kind::ExpectedColon, 1, 6),
        ("{1:2}", Kind::ExpectedKey, 1, 2),
        ("{\"a\":1,}", Kind::ExpectedKey, 1, 8),
        ("{\"a\":}", Kind::ExpectedValue, 1, 6),
        ("1 2", Kind::TrailingText, 1, 3),
        ("\"a\\x\"", Kind::WrongEscape, 1, 3),
        ("\"\\u12g4\"", Kind::WrongEscape, 1, 2),
        ("\"\\", Kind::UnexpectedEnd, 1, 3),
        ("\"a\nb\"", Kind::ControlInString, 1, 3),
        ("\"a", Kind::UnexpectedEnd, 1, 3),
        ("01", Kind::WrongNumber, 1, 1),
        ("[1.]", Kind::WrongNumber, 1, 2),
        ("-", Kind::WrongNumber, 1, 1),
        ("1e", Kind::WrongNumber, 1, 1),
        ("1x", Kind::WrongNumber, 1, 1),
        ("nul", Kind::ExpectedValue, 1, 1),
        ("truex", Kind::ExpectedValue, 1, 1),
        ("\u{feff}1", Kind::ExpectedValue, 1, 1),
        ("NaN", Kind::ExpectedValue, 1, 1),
    ] {
        let error = JsonView::new(text.into()).unwrap_err();
        assert_eq!((error.kind, error.line, error.column), (kind, line, column), "{text}");
        assert!(error.to_string().ends_with(&format!("line {line}, column {column}")));
    }
}

#[test]
fn long_values_are_cut() {
    let view = view(r#"{"key":"valueä","a":123456}"#);
    let line = view.line(1, 3).unwrap();
    assert_eq!((line.key, line.value, line.is_cut), (Some("\"ke"), "\"va", true));
    // Between the two bytes of a character.
    assert_eq!(view.line(1, 7).unwrap().value, "\"value");
    let line = view.line(1, 9).unwrap();
    assert_eq!((line.value, line.is_cut), ("\"valueä\"", false));
    let line = view.line(2, 5).unwrap();
    assert_eq!((line.value, line.is_cut), ("12345", true));
    assert_eq!(view.line(4, 5), None);
}

#[test]
fn folds_hide_lines() {
    // 0 {, 1 a [, 2 1, 3 b [, 4 2, 5 ], 6 ], 7 c, 8 d {, 9 e, 10 }, 11 }
    let view = view(r#"{"a":[1,[2]],"c":3,"d":{"e":4}}"#);
    let mut folds = JsonFolds::default();
    let seen = |folds: &JsonFolds| -> Vec<usize> {
        let count = folds.visible_count(&view);
        let lines: Vec<usize> = (0..count).map(|place| folds.line_at(place)).collect();
        for (place, line) in lines.iter().enumerate() {
            assert_eq!(folds.place_of(*line), place);
        }
        lines
    };
    assert_eq!(seen(&folds), (0..12).collect::<Vec<_>>());
    folds.toggle(&view, 3);
    assert_eq!(seen(&folds), [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]);
    folds.toggle(&view, 8);
    assert_eq!(seen(&folds), [0, 1, 2, 3, 6, 7, 8, 11]);
    folds.toggle(&view, 1);
    assert_eq!(seen(&folds), [0, 1, 7, 8, 11]);
    assert_eq!((folds.place_of(4), folds.is_folded(3), folds.is_folded(4)), (1, true, false));
    // What was folded inside still is.
    folds.toggle(&view, 1);
    assert_eq!(seen(&folds), [0, 1, 2, 3, 6, 7, 8, 11]);
    // It opens nothing.
    folds.toggle(&view, 7);
    assert_eq!(seen(&folds).len(), 8);
    folds.fold_from(&view, 1);
    assert_eq!(seen(&folds), [0, 1, 7, 8, 11]);
    folds.fold_from(&view, 0);
    assert_eq!(seen(&folds), [0]);
    folds.unfold_all();
    assert_eq!(seen(&folds).len(), 12);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<Option<bool>>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 200, 10, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..10).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..10)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// With the lines of another library.
    #[test]
    fn any_json_is_made_pretty(value in any_json()) {
        let expected = serde_json::to_string_pretty(&value).unwrap();
        assert_eq!(pretty(&view(&value.to_string())), expected);
        assert_eq!(pretty(&view(&expected)), expected);
    }

    #[test]
    fn any_text_is_json_for_both_or_none(text in "[\\[\\]{}\",:0-9a-e\\\\ .tru+-]{0,12}") {
        let theirs = serde_json::from_str::<Box<serde_json::value::RawValue>>(&text);
        assert_eq!(JsonView::new(text.as_str().into()).is_ok(), theirs.is_ok(), "{text}");
    }
}

#[test]
fn a_million_levels_are_no_trouble() {
    let count = 1_000_000;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(count) + "1" + &close.repeat(count);
        let start = Instant::now();
        let deep = view(&deep);
        assert_eq!(deep.line_count(), 2 * count + 1);
        assert_eq!(deep.line(count, 9).unwrap().depth as usize, count);
        assert_eq!(deep.line(2 * count, 9).unwrap().depth, 0);
        assert_eq!(deep.close_of(5), Some(2 * count - 5));
        let mut folds = JsonFolds::default();
        folds.fold_from(&deep, 10);
        assert_eq!(folds.visible_count(&deep), 21);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        let cut = open.repeat(count);
        assert_eq!(JsonView::new(cut.into()).unwrap_err().kind, JsonErrorKind::UnexpectedEnd);
    }
}

#[test]
fn seeing_a_line_costs_no_whole_text() {
    let long = format!("[\"{}\",{}1]", "x".repeat(30_000_000), " ".repeat(1_000));
    let view = view(&long);
    let start = Instant::now();
    for _ in 0..1_000 {
        assert_eq!(view.line(1, 200).unwrap().value.len(), 200);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn index_is_smaller_than_ordinary_text() {
    let element = r#"{"id":123456,"name":"somebody","tags":["a","b"],"note":"the usual text"},"#;
    let text = format!("[{}1]", element.repeat(10_000));
    let view = view(&text);
    assert!(view.index_bytes() < text.len(), "{} of {}", view.index_bytes(), text.len());
    let brackets = "[".repeat(100_000) + &"]".repeat(100_000);
    let view = JsonView::new(brackets.as_str().into()).unwrap();
    assert!(view.index_bytes() <= 10 * brackets.len());
}

#[test]
fn hex_dump_has_its_columns() {
    let bytes: Vec<u8> = (0..20).chain(*b"Hello\x7f\xff").collect();
    assert_eq!(hex_line_count(bytes.len()), 2);
    let line = hex_line(&bytes, 0).unwrap();
    assert_eq!(line.offset, "00000000");
    assert_eq!(line.hex, "00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f");
    assert_eq!(line.ascii, "................");
    let line = hex_line(&bytes, 1).unwrap();
    assert_eq!(line.offset, "00000010");
    assert_eq!(line.hex, "10 11 12 13 48 65 6c 6c  6f 7f ff");
    assert_eq!(line.ascii, "....Hello..");
    for byte in 0..11 {
        let start = hex_column(byte);
        assert_eq!(line.hex[start..start + 2], format!("{:02x}", bytes[16 + byte]));
    }
    assert_eq!(hex_line(&bytes, 2), None);
    assert_eq!(hex_line(&bytes, usize::MAX), None);
    assert_eq!((hex_line_count(0), hex_line(&[], 0)), (0, None));
}
