//! What the caller is asked for, and a view among other widgets.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use egui::{Color32, FontId, ScrollArea, TextFormat, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use egui_long_text::{LongText, Mark, Span};

use crate::app::lines;

#[test]
fn only_what_is_seen_is_asked_for() {
    for text in ["word ".repeat(1 << 20), "x".repeat(1 << 20), lines(100_000)] {
        for wraps in [true, false] {
            let asked = RefCell::new(0);
            let mut harness = Harness::builder().with_size(vec2(300.0, 300.0)).build_ui(|ui| {
                *asked.borrow_mut() = 0;
                let style = |words: &str, range: Range<usize>| {
                    assert_eq!(words, &text[range.clone()]);
                    *asked.borrow_mut() += words.len();
                    let format = TextFormat::simple(FontId::monospace(12.0), Color32::RED);
                    vec![Span { range, format }]
                };
                let marks = |range: Range<usize>| {
                    *asked.borrow_mut() += range.len();
                    Cow::Owned(vec![Mark {
                        range: range.start..range.start + 3,
                        background: Color32::GREEN,
                    }])
                };
                LongText::new("text", &text).wrap(wraps).style(&style).marks(&marks).show(ui);
            });
            harness.run();
            let asked = *asked.borrow();
            assert!(0 < asked && asked < 200_000, "asked for {asked} bytes");
        }
    }
}

#[test]
fn style_decides_how_high_rows_are() {
    let text = lines(5_000);
    let heights = [10.0, 40.0].map(|size| {
        let style = move |_: &str, range: Range<usize>| {
            vec![Span { range, format: TextFormat::simple(FontId::monospace(size), Color32::RED) }]
        };
        let seen = RefCell::new(0);
        let mut harness = Harness::builder().with_size(vec2(300.0, 300.0)).build_ui(|ui| {
            *seen.borrow_mut() = LongText::new("text", &text).style(&style).show(ui).visible.end;
        });
        harness.run();
        drop(harness);
        seen.into_inner()
    });
    assert!(2 * heights[1] < heights[0], "{heights:?}");
}

#[test]
fn two_views_move_apart() {
    let text = lines(5_000);
    let seen = RefCell::new([0, 0]);
    let mut harness = Harness::builder().with_size(vec2(300.0, 500.0)).build_ui(|ui| {
        for (index, name) in ["one", "two"].into_iter().enumerate() {
            let output = LongText::new(name, &text).max_height(200.0).show(ui);
            seen.borrow_mut()[index] = output.visible.start;
        }
    });
    harness.run();
    harness.event(egui::Event::PointerMoved(egui::pos2(100.0, 100.0)));
    harness.event(wheel(-300.0));
    harness.run();
    let [first, second] = *seen.borrow();
    assert!(0 < first && second == 0);
}

#[test]
fn the_wheel_goes_on_at_the_end() {
    let text = lines(1_000);
    let mut harness = Harness::builder().with_size(vec2(300.0, 300.0)).build_ui(|ui| {
        ScrollArea::vertical().show(ui, |ui| {
            ui.label("above");
            LongText::new("text", &text).max_height(200.0).show(ui);
            ui.add_space(500.0);
        });
    });
    harness.run();
    let top = |harness: &Harness<'_>| harness.get_by_label("above").rect().top();
    let before = top(&harness);
    harness.event(egui::Event::PointerMoved(egui::pos2(100.0, 100.0)));
    harness.event(wheel(-300.0));
    harness.run();
    assert_eq!(top(&harness), before);

    // ScrollArea's own bars have no name.
    let end = harness.get_by_label("Scroll bar").rect().center_bottom();
    for pressed in [true, false] {
        harness.event(egui::Event::PointerMoved(end));
        harness.event(egui::Event::PointerButton {
            pos: end,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
        harness.step();
    }
    harness.event(egui::Event::PointerMoved(egui::pos2(100.0, 100.0)));
    harness.event(wheel(-100.0));
    harness.run();
    assert!(top(&harness) < before);
}

fn wheel(points: f32) -> egui::Event {
    egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: egui::Modifiers::NONE,
    }
}
