//! A short text is a label.

use egui::{Key, Label, Modifiers, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use egui_long_text::LongText;

use crate::app::{HEIGHT, SIZE, copy, drag, lines, page, press, press_at};

fn size_of(width: f32, text: &'static str, is_label: bool, wraps: bool) -> Vec2 {
    let builder = Harness::builder().with_size(vec2(width, 400.0));
    let mut harness = builder.build_ui_state(
        move |ui, size| {
            let response = if is_label {
                let label = Label::new(text);
                ui.add(if wraps { label.wrap() } else { label.extend() })
            } else {
                LongText::new("echo", text).wrap(wraps).show(ui).response
            };
            *size = response.rect.size();
        },
        Vec2::ZERO,
    );
    harness.run();
    *harness.state()
}

#[test]
fn short_texts_measure_like_labels() {
    for text in ["", "raisin", "a\nb\n", "a long enough line to be wrapped in a narrow window"] {
        for width in [120.0, 300.0, 900.0] {
            assert_eq!(
                size_of(width, text, false, true),
                size_of(width, text, true, true),
                "{text}"
            );
        }
        assert_eq!(size_of(900.0, text, false, false), size_of(900.0, text, true, false), "{text}");
    }
}

#[test]
fn short_texts_are_found_as_labels() {
    let harness = page("raisin");
    harness.get_by_label("raisin");
    assert_eq!(harness.query_all_by_label("Scroll bar").count(), 0);
}

#[test]
fn a_label_is_selected_and_copied() {
    let mut harness = page("dried grape");
    let rect = harness.state().rect;
    let end = rect.right_center() - vec2(2.0, 0.0);
    drag(&mut harness, rect.left_center(), end + vec2(2.0, 0.0));
    assert_eq!(copy(&mut harness).as_deref(), Some("dried grape"));
    press(&mut harness, Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(copy(&mut harness).as_deref(), Some("dried grap"));
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(copy(&mut harness), None);

    // Twice on the last letter's second half is twice on its word.
    for _ in 0..2 {
        press_at(&mut harness, end, true);
        press_at(&mut harness, end, false);
    }
    assert_eq!(copy(&mut harness).as_deref(), Some("grape"));
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert_eq!(copy(&mut harness).as_deref(), Some("dried grape"));

    harness.state_mut().generation = 1;
    harness.run();
    assert_eq!(copy(&mut harness), None, "another text has nothing selected");
}

#[test]
fn tab_does_not_lead_to_a_label() {
    let mut harness = page("raisin");
    press(&mut harness, Modifiers::NONE, Key::Tab);
    assert_eq!(harness.ctx.memory(|memory| memory.focused()), None);
}

#[test]
fn short_but_high_texts_scroll() {
    let mut harness = page("\n".repeat(1000));
    assert_eq!(harness.state().rect.height(), HEIGHT);
    harness.get_by_label("Scroll bar");
    harness.state_mut().text = lines(3);
    harness.run();
    assert!(harness.state().rect.height() < HEIGHT);
}

#[test]
fn long_texts_that_fit_have_no_bar() {
    // Longer than a label may be, and one row high, as nothing of it is wider than nothing.
    let harness = page("\u{200b}".repeat(3000));
    assert!(harness.state().rect.height() < HEIGHT, "{:?}", harness.state().rect);
    assert_eq!(harness.query_all_by_label("Scroll bar").count(), 0);
    assert_eq!(harness.state().visible.end, 9000);
    assert!(harness.state().rect.width() <= SIZE.x);
}
