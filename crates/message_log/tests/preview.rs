//! One line says what is in a row, whatever the peer has sent.

use std::time::{Duration, Instant};

use message_log::{Content, Event, PREVIEW_CHARS, harmless, preview};

fn of_text(text: &str) -> String {
    preview(Content::Text(text), PREVIEW_CHARS)
}

#[test]
fn plain_text_stays_as_it_is() {
    for text in ["", "hello", "内容 ä 👩\u{200d}🚀 \\ \"x\"", &"x".repeat(200)] {
        assert_eq!(of_text(text), text);
    }
}

#[test]
fn long_text_is_cut_with_an_ellipsis() {
    let line = of_text(&"ä".repeat(201));
    assert_eq!(line, "ä".repeat(199) + "…");
    assert_eq!(preview(Content::Text("abc"), 2), "a…");
    assert_eq!(preview(Content::Text("abc"), 1), "…");
    assert_eq!(preview(Content::Text("abc"), 0), "");
    // An escape is left out as a whole.
    assert_eq!(preview(Content::Text("a\u{202e}bc"), 6), "a…");
}

#[test]
fn nothing_harmful_is_left() {
    assert_eq!(of_text("a\0b\r\n\tc"), "a\\u{0}b\\r\\n\\tc");
    assert_eq!(of_text("\x1b[31mred\x1b[0m\u{9b}2J"), "\\u{1b}[31mred\\u{1b}[0m\\u{9b}2J");
    assert_eq!(of_text("user\u{202e}gnp.exe"), "user\\u{202e}gnp.exe");
    let hidden = "\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{2060}\u{2066}\u{2069}\u{feff}\u{ad}\u{e0041}";
    assert!(harmless(hidden).is_ascii());
}

#[test]
fn bytes_stand_in_hex_with_their_count() {
    assert_eq!(preview(Content::Binary(&[0xde, 0xad]), 200), "de ad (2 B)");
    assert_eq!(preview(Content::Binary(&[]), 200), "(0 B)");
    let line = preview(Content::Binary(&[7; 1_000]), 40);
    assert_eq!(line, "07 07 07 07 07 07 07 07 07 07 … (1000 B)");
    for max in 0..60 {
        let line = preview(Content::Binary(&[7; 12]), max);
        assert!(line.chars().count() <= max, "{max}: {line}");
    }
}

#[test]
fn events_stand_in_words() {
    let event = Event::Closed {
        code: Some(1001),
        name: "going away".into(),
        reason: "bye\n".into(),
        initiator: None,
        was_clean: false,
    };
    let line = preview(Content::Event(&event), 200);
    assert_eq!(line, "closed 1001 going away: bye\\n, not clean");
}

#[test]
fn length_costs_nothing() {
    let text = "\u{202e}".repeat(20_000_000);
    let bytes = vec![0; 50_000_000];
    let start = Instant::now();
    for _ in 0..1_000 {
        assert!(of_text(&text).chars().count() <= 200);
        assert!(preview(Content::Binary(&bytes), 200).len() <= 202);
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
