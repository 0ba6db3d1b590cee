//! The keyboard alone.

use egui::{Key, Modifiers, vec2};

use crate::app::{copy, lines, page, page_with, press};

const SHIFT: Modifiers = Modifiers::SHIFT;
const COMMAND: Modifiers = Modifiers::COMMAND;
const NONE: Modifiers = Modifiers::NONE;

#[test]
fn everything_is_selected_and_copied() {
    for text in [lines(20_000), "é🇦🇹 ".repeat(50_000), "\r\n\0".repeat(9_000)] {
        let mut harness = page(text.clone());
        press(&mut harness, NONE, Key::Tab);
        assert_eq!(copy(&mut harness), None);
        press(&mut harness, COMMAND, Key::A);
        assert_eq!(harness.state().selection, Some(0..text.len()));
        assert!(copy(&mut harness).as_ref() == Some(&text));
        press(&mut harness, NONE, Key::Escape);
        assert_eq!(harness.state().selection, None);
    }
}

#[test]
fn end_and_home_are_reached() {
    for text in [lines(100_000), "x".repeat(1 << 20), "\n".repeat(1 << 20)] {
        for wraps in [true, false] {
            let mut harness = page_with(text.clone(), wraps);
            let top = harness.state().visible.clone();
            assert_eq!(top.start, 0);
            press(&mut harness, NONE, Key::Tab);
            press(&mut harness, NONE, Key::End);
            assert_eq!(harness.state().visible.end, text.len());
            press(&mut harness, NONE, Key::ArrowDown);
            press(&mut harness, NONE, Key::PageDown);
            assert_eq!(harness.state().visible.end, text.len());
            press(&mut harness, NONE, Key::Home);
            press(&mut harness, NONE, Key::ArrowUp);
            assert_eq!(harness.state().visible, top);
        }
    }
}

#[test]
fn pages_leave_nothing_out() {
    for text in [lines(300), "word ".repeat(4_000), format!("{}\n{}", "-".repeat(9999), lines(99))]
    {
        let mut harness = page(text.clone());
        press(&mut harness, NONE, Key::Tab);
        let mut seen = harness.state().visible.clone();
        for _ in 0..200 {
            press(&mut harness, NONE, Key::PageDown);
            let visible = harness.state().visible.clone();
            assert!(visible.start <= seen.end && seen.end <= visible.end, "{seen:?} {visible:?}");
            seen = visible;
        }
        assert_eq!(seen.end, text.len());
        for _ in 0..200 {
            press(&mut harness, NONE, Key::PageUp);
            let visible = harness.state().visible.clone();
            assert!(
                seen.start <= visible.end && visible.start <= seen.start,
                "{seen:?} {visible:?}"
            );
            seen = visible;
        }
        assert_eq!(seen.start, 0);
    }
}

#[test]
fn arrows_with_shift_select() {
    let mut harness = page(lines(2_000));
    press(&mut harness, NONE, Key::Tab);
    press(&mut harness, SHIFT, Key::ArrowDown);
    assert_eq!(copy(&mut harness).as_deref(), Some("line 0\n"));
    press(&mut harness, SHIFT, Key::ArrowRight);
    assert_eq!(copy(&mut harness).as_deref(), Some("line 0\nl"));
    press(&mut harness, SHIFT, Key::End);
    assert_eq!(copy(&mut harness).as_deref(), Some("line 0\nline 1"));
    press(&mut harness, SHIFT, Key::ArrowUp);
    press(&mut harness, SHIFT, Key::ArrowLeft);
    assert_eq!(copy(&mut harness).as_deref(), Some("line "));
    press(&mut harness, SHIFT | COMMAND, Key::End);
    assert_eq!(harness.state().selection, Some(0..harness.state().text.len()));
    assert_eq!(harness.state().visible.end, harness.state().text.len());
}

#[test]
fn selecting_by_pages_scrolls_along() {
    for wraps in [true, false] {
        let mut harness = page_with(lines(2_000), wraps);
        press(&mut harness, NONE, Key::Tab);
        for _ in 0..20 {
            press(&mut harness, SHIFT, Key::PageDown);
            let state = harness.state();
            let end = state.selection.clone().unwrap().end;
            assert!((state.visible.start..=state.visible.end).contains(&end));
        }
        assert!(100 < harness.state().visible.start);
    }
}

#[test]
fn too_much_is_not_copied() {
    let mut harness = page(lines(2_000));
    harness.state_mut().copy_limit = 1000;
    press(&mut harness, NONE, Key::Tab);
    press(&mut harness, COMMAND, Key::A);
    assert_eq!(copy(&mut harness), None);
    assert_eq!(harness.state().too_long, Some(harness.state().text.len()));
}

#[test]
fn keys_elsewhere_do_nothing() {
    let mut harness = page(lines(2_000));
    press(&mut harness, NONE, Key::End);
    press(&mut harness, COMMAND, Key::A);
    assert_eq!(harness.state().visible.start, 0);
    assert_eq!(harness.state().selection, None);
}

#[test]
fn lines_unwrapped_move_sideways() {
    let text = format!("{}\n", "0123456789".repeat(300)).repeat(40);
    let mut harness = page_with(text, false);
    press(&mut harness, NONE, Key::Tab);
    press(&mut harness, NONE, Key::ArrowRight);
    for _ in 0..50 {
        press(&mut harness, SHIFT, Key::ArrowRight);
    }
    assert_eq!(harness.state().selection.clone().unwrap(), 4..54);
    harness.set_size(vec2(200.0, 400.0));
    harness.run();
    press(&mut harness, SHIFT, Key::End);
    assert_eq!(harness.state().selection.clone().unwrap(), 4..3000);
}
