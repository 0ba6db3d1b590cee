//! Wheel, scroll bar and mouse.

use egui::{Pos2, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::app::{HEIGHT, copy, drag, lines, page, page_with, press_at, wheel};

#[test]
fn the_wheel_scrolls_and_comes_back() {
    let mut harness = page(lines(5_000));
    let top = harness.state().visible.clone();
    wheel(&mut harness, vec2(0.0, -500.0));
    assert!(top.end < harness.state().visible.start);
    wheel(&mut harness, vec2(0.0, 400.0));
    wheel(&mut harness, vec2(0.0, 400.0));
    assert_eq!(harness.state().visible, top);
}

#[test]
fn the_bar_leads_to_the_end() {
    for text in [lines(200_000), "x".repeat(1 << 20), lines(30)] {
        let length = text.len();
        let mut harness = page(text);
        let bar = harness.get_by_label("Scroll bar").rect();
        drag(&mut harness, bar.center_top() + vec2(0.0, 2.0), bar.center_bottom());
        assert_eq!(harness.state().visible.end, length);
        drag(&mut harness, bar.center_bottom() - vec2(0.0, 2.0), bar.center_top());
        assert_eq!(harness.state().visible.start, 0);
    }
}

#[test]
fn a_press_on_the_bar_goes_there() {
    let mut harness = page(lines(200_000));
    let bar = harness.get_by_label("Scroll bar").rect();
    press_at(&mut harness, bar.center(), true);
    press_at(&mut harness, bar.center(), false);
    harness.run();
    let half = harness.state().text.len() / 2;
    let visible = harness.state().visible.clone();
    assert!(visible.start.abs_diff(half) < half / 50, "{visible:?} is not at {half}");
}

/// The middle of a row, at a place before all letters or behind them.
fn row(rect: egui::Rect, row: f32, is_end: bool) -> Pos2 {
    let x = if is_end { rect.right() - 1.0 } else { rect.left() };
    Pos2::new(x, rect.top() + 17.0 * row + 8.0)
}

#[test]
fn dragging_selects_what_is_copied() {
    let mut harness = page(lines(5_000));
    let rect = harness.state().rect;
    drag(&mut harness, row(rect, 1.0, false), row(rect, 3.0, true));
    assert_eq!(copy(&mut harness).as_deref(), Some("line 1\nline 2\nline 3"));
    // Upwards gives the same.
    drag(&mut harness, row(rect, 3.0, true), row(rect, 1.0, false));
    assert_eq!(copy(&mut harness).as_deref(), Some("line 1\nline 2\nline 3"));
}

#[test]
fn a_selection_outlives_scrolling() {
    let mut harness = page(lines(5_000));
    let rect = harness.state().rect;
    drag(&mut harness, row(rect, 1.0, false), row(rect, 1.0, true));
    for _ in 0..9 {
        wheel(&mut harness, vec2(0.0, -700.0));
    }
    assert_eq!(copy(&mut harness).as_deref(), Some("line 1"));
}

#[test]
fn dragging_beyond_the_edge_scrolls() {
    let mut harness = page(lines(5_000));
    let rect = harness.state().rect;
    press_at(&mut harness, row(rect, 1.0, false), true);
    for step in 0..30 {
        let at = rect.center_bottom() + vec2(0.0, 60.0 + step as f32);
        harness.event(egui::Event::PointerMoved(at));
        harness.step();
    }
    press_at(&mut harness, rect.center_bottom() + vec2(0.0, 60.0), false);
    harness.run();
    assert!(100 < harness.state().visible.start);
    let copied = copy(&mut harness).unwrap();
    assert!(copied.starts_with("line 1\nline 2\n") && 200 < copied.len(), "{copied}");
}

#[test]
fn clicks_select_word_and_line() {
    let mut harness = page(lines(5_000));
    let at = row(harness.state().rect, 2.0, false) + vec2(4.0, 0.0);
    for (clicks, expected) in [(2, "line"), (3, "line 2\n")] {
        for _ in 0..clicks {
            press_at(&mut harness, at, true);
            press_at(&mut harness, at, false);
        }
        harness.run();
        assert_eq!(copy(&mut harness).as_deref(), Some(expected));
        // So that the next clicks are not the fourth and fifth.
        for _ in 0..30 {
            harness.step();
        }
    }
}

#[test]
fn a_press_elsewhere_selects_nothing() {
    let mut harness = page(lines(5_000));
    let rect = harness.state().rect;
    drag(&mut harness, row(rect, 1.0, false), row(rect, 3.0, true));
    assert!(harness.state().selection.is_some());
    press_at(&mut harness, rect.center_bottom() + vec2(0.0, 100.0), true);
    harness.run();
    assert_eq!(harness.state().selection, None);
}

#[test]
fn one_endless_line_scrolls_sideways() {
    let mut harness = page_with("0123456789abcdef".repeat(1 << 16), false);
    harness.get_by_label("Horizontal scroll bar");
    let before = harness.state().visible.clone();
    for _ in 0..5 {
        wheel(&mut harness, vec2(-900.0, 0.0));
    }
    assert_eq!(harness.state().visible, before);
    let rect = harness.state().rect;
    drag(&mut harness, row(rect, 0.0, false), row(rect, 0.0, true));
    // What is selected is what is seen there now.
    let selection = harness.state().selection.clone().unwrap();
    assert!(300 < selection.start && selection.len() < 60, "{selection:?}");
    let bar = harness.get_by_label("Horizontal scroll bar").rect();
    drag(&mut harness, bar.left_center() + vec2(1.0, 0.0), bar.right_center());
    drag(&mut harness, row(rect, 0.0, false), row(rect, 0.0, true));
    assert_eq!(harness.state().selection.clone().unwrap().end, 2048);
}

#[test]
fn another_width_keeps_the_place() {
    let mut harness = page(format!("{}\n", "some words ".repeat(30)).repeat(400));
    for _ in 0..20 {
        wheel(&mut harness, vec2(0.0, -700.0));
    }
    let before = harness.state().visible.clone();
    assert!(3000 < before.start);
    for width in [150.0, 900.0, 300.0] {
        harness.set_size(vec2(width, 400.0));
        harness.run();
        assert!(harness.state().visible.start.abs_diff(before.start) < 400);
        assert_eq!(harness.state().rect.height(), HEIGHT);
    }
}

#[test]
fn another_generation_begins_anew() {
    let mut harness = page(lines(5_000));
    wheel(&mut harness, vec2(0.0, -700.0));
    harness.state_mut().text.push_str("more");
    harness.run();
    assert!(0 < harness.state().visible.start);
    harness.state_mut().generation = 1;
    harness.run();
    assert_eq!(harness.state().visible.start, 0);
}

#[test]
fn a_byte_is_brought_into_view() {
    for wraps in [true, false] {
        let mut harness = page_with(lines(50_000), wraps);
        for byte in [300_000, 300_010, 12, 488_000, 0] {
            harness.state_mut().scroll_to = Some(byte);
            harness.run();
            let visible = harness.state().visible.clone();
            assert!(visible.contains(&byte), "{byte} is not in {visible:?}");
        }
    }
}

#[test]
fn narrower_and_wider_again_is_the_same_place() {
    let mut harness = page("some words and more ".repeat(30_000));
    for _ in 0..20 {
        wheel(&mut harness, vec2(0.0, -713.0));
    }
    let rect = harness.state().rect;
    let top_row = |harness: &mut egui_kittest::Harness<'_, crate::app::App>| {
        drag(harness, row(rect, 1.0, false), row(rect, 1.0, false) + vec2(40.0, 0.0));
        harness.state().selection.clone().unwrap().start
    };
    let before = top_row(&mut harness);
    for width in 0..40 {
        harness.set_size(vec2(300.0 - 5.0 * width as f32, 400.0));
        harness.run();
        // The row below the topmost one is never further away than two rows.
        assert!(top_row(&mut harness).abs_diff(before) < 90, "at {width}");
    }
    harness.set_size(vec2(300.0, 400.0));
    harness.run();
    assert!(top_row(&mut harness).abs_diff(before) < 90);
}

#[test]
fn a_long_line_under_the_low_bar_is_no_reason_to_flicker() {
    // The only line that is too long is the one that the bar would hide.
    for rows in 8..14 {
        let text = format!("{}{}\n{}", "a\n".repeat(rows), "wide ".repeat(100), lines(3_000));
        let mut harness = page_with(text, false);
        // It would fail on frames without end.
        wheel(&mut harness, vec2(0.0, -30.0));
        wheel(&mut harness, vec2(0.0, 300.0));
        harness.run();
    }
}

#[test]
fn a_text_that_fits_but_for_the_low_bar_scrolls() {
    let one = "x".repeat(1_000);
    let heights: Vec<f32> = (8..14)
        .map(|rows| {
            let mut harness = page_with(format!("{one}\n").repeat(rows), false);
            harness.run();
            let is_all_seen = harness.query_all_by_label("Scroll bar").count() == 0;
            let needed = 15.0 * (rows + 1) as f32;
            let rect = harness.state().rect;
            assert!(!is_all_seen || needed <= rect.height() + 1.0, "{rows} rows in {rect:?}");
            rect.height()
        })
        .collect();
    assert!(heights.iter().all(|height| *height <= HEIGHT), "{heights:?}");
}

#[test]
fn moving_down_keeps_the_columns() {
    // Long lines, and then none for a while.
    let text = format!("{}{}", format!("{}\n", "0123456789".repeat(30)).repeat(20), lines(3_000));
    let mut harness = page_with(text, false);
    wheel(&mut harness, vec2(-700.0, 0.0));
    wheel(&mut harness, vec2(0.0, -900.0));
    wheel(&mut harness, vec2(0.0, 900.0));
    wheel(&mut harness, vec2(0.0, 900.0));
    let rect = harness.state().rect;
    drag(&mut harness, row(rect, 0.0, false), row(rect, 0.0, true));
    assert!(50 < harness.state().selection.clone().unwrap().start);
}
