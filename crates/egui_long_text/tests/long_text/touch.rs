//! A finger.

use egui::{Event, Pos2, TouchDeviceId, TouchId, TouchPhase, pos2, vec2};
use egui_kittest::Harness;

use crate::app::{App, copy, lines, page};

/// What a touch screen gives: the touch, and a pointer that follows it.
fn touch(harness: &mut Harness<'_, App>, phase: TouchPhase, pos: Pos2) {
    harness.event(Event::Touch {
        device_id: TouchDeviceId(0),
        id: TouchId(0),
        phase,
        pos,
        force: None,
    });
    let button = |pressed| Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    match phase {
        TouchPhase::Start => harness.event(button(true)),
        TouchPhase::Move => harness.event(Event::PointerMoved(pos)),
        _ => {
            harness.event(button(false));
            harness.event(Event::PointerGone);
        }
    }
    harness.step();
}

#[test]
fn a_finger_scrolls_and_selects_nothing() {
    let mut harness = page(lines(5_000));
    touch(&mut harness, TouchPhase::Start, pos2(100.0, 180.0));
    for step in 1..=10 {
        touch(&mut harness, TouchPhase::Move, pos2(100.0, 180.0 - 12.0 * step as f32));
    }
    let under = harness.state().visible.start;
    assert!(0 < under);
    touch(&mut harness, TouchPhase::End, pos2(100.0, 60.0));
    // It goes on by itself, and comes to a stand.
    harness.run();
    assert!(under < harness.state().visible.start);
    assert_eq!(harness.state().selection, None);
}

/// Stays there for longer than a tap, and leaves.
fn long_press(harness: &mut Harness<'_, App>, pos: Pos2) {
    touch(harness, TouchPhase::Start, pos);
    for _ in 0..60 {
        harness.step();
    }
    touch(harness, TouchPhase::End, pos);
}

#[test]
fn a_finger_that_stays_selects_a_word() {
    for text in ["line of raisins".to_owned(), lines(5_000)] {
        let mut harness = page(text);
        let corner = harness.state().rect.left_top();
        long_press(&mut harness, corner + vec2(4.0, 8.0));
        assert_eq!(copy(&mut harness).as_deref(), Some("line"));
        // On the last half of its last letter, too; and once more it stays.
        for _ in 0..2 {
            long_press(&mut harness, corner + vec2(20.0, 8.0));
            assert_eq!(harness.state().selection, Some(0..4));
        }
        // A tap ends it.
        touch(&mut harness, TouchPhase::Start, corner + vec2(4.0, 8.0));
        touch(&mut harness, TouchPhase::End, corner + vec2(4.0, 8.0));
        assert_eq!(harness.state().selection, None);
        // Where no word is, none is selected.
        long_press(&mut harness, corner + vec2(250.0, 8.0));
        assert_eq!(harness.state().selection, None);
    }
}
