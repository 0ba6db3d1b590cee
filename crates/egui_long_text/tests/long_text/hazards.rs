//! Texts that somebody might send to break the view.

use egui::{Key, Modifiers, vec2};

use crate::app::{copy, drag, page_with, press, wheel};

/// Everything that can be done, on a text that is to come out of it as it went in.
fn torment(name: &str, text: &str) {
    for wraps in [true, false] {
        let mut harness = page_with(text, wraps);
        press(&mut harness, Modifiers::NONE, Key::Tab);
        for key in [Key::PageDown, Key::End, Key::PageUp, Key::ArrowRight, Key::Home] {
            press(&mut harness, Modifiers::NONE, key);
            press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
            press(&mut harness, Modifiers::SHIFT, Key::ArrowLeft);
            press(&mut harness, Modifiers::SHIFT, Key::ArrowUp);
            wheel(&mut harness, vec2(-400.0, -900.0));
            let rect = harness.state().rect;
            drag(&mut harness, rect.left_top() + vec2(3.0, 3.0), rect.center());
            let range = harness.state().selection.clone().unwrap();
            if !range.is_empty() {
                assert_eq!(copy(&mut harness).as_deref(), Some(&text[range]), "{name}");
            }
        }
        for at in [0, 1, text.len() / 2, text.len() - 1, text.len(), usize::MAX] {
            harness.state_mut().scroll_to = Some(at);
            harness.run();
            let visible = harness.state().visible.clone();
            let at = at.min(text.len());
            assert!((visible.start..=visible.end).contains(&at), "{name}: {at} {visible:?}");
        }
        press(&mut harness, Modifiers::COMMAND, Key::A);
        assert!(copy(&mut harness).as_deref() == Some(text), "{name}");
        press(&mut harness, Modifiers::NONE, Key::End);
        assert_eq!(harness.state().visible.end, text.len(), "{name}");
    }
}

#[test]
fn unprintable_texts_are_borne() {
    for (name, part) in [
        ("NULs", "\0"),
        ("control characters", "\u{1}\u{7}\u{8}\u{b}\u{c}\u{7f}\u{85}"),
        ("ANSI escapes", "\u{1b}[31mred\u{1b}[0m "),
        ("overrides of direction", "\u{202e}abc\u{202d}\u{2067}"),
        ("nothing wide", "\u{200b}\u{feff}\u{ad}"),
        ("tabs", "\ta"),
        ("carriage returns", "a\r"),
    ] {
        torment(name, &part.repeat(12_000 / part.len()));
    }
}

#[test]
fn line_ends_are_borne() {
    for (name, part) in
        [("\\n", "\n"), ("\\r\\n", "\r\n"), ("mixed", "a\r\n\rb\n\n"), ("LS", "\u{2028}a")]
    {
        torment(name, &part.repeat(12_000 / part.len()));
    }
}

#[test]
fn clusters_are_borne() {
    for (name, part) in [
        ("families", "👩‍👩‍👧‍👦"),
        ("flags", "🇦🇹"),
        ("marked", "e\u{301}\u{323}"),
        ("joiners", "\u{200d}"),
        ("中", "中"),
    ] {
        torment(name, &("x".to_owned() + &part.repeat(12_000 / part.len())));
    }
}

#[test]
fn a_million_marks_are_borne() {
    let text = "a".to_owned() + &"\u{301}".repeat(1_000_000);
    let mut harness = page_with(text.as_str(), true);
    press(&mut harness, Modifiers::NONE, Key::Tab);
    press(&mut harness, Modifiers::NONE, Key::End);
    assert_eq!(harness.state().visible.end, text.len());
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert!(copy(&mut harness) == Some(text));
}

#[test]
fn a_text_exchanged_unasked_is_borne() {
    let mut harness = page_with("é".repeat(50_000), true);
    press(&mut harness, Modifiers::NONE, Key::Tab);
    press(&mut harness, Modifiers::NONE, Key::End);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    for text in ["中".repeat(20_000), "a\n".repeat(5_001), "short".to_owned(), "é🇦🇹".repeat(9_999)]
    {
        harness.state_mut().text = text;
        harness.run();
        press(&mut harness, Modifiers::SHIFT, Key::ArrowLeft);
        copy(&mut harness);
    }
    assert_eq!(harness.state().visible.start % 2, 0);
}
