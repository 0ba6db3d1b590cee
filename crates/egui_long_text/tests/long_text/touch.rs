//! A finger.

use egui::{Event, Pos2, TouchDeviceId, TouchId, TouchPhase, pos2};
use egui_kittest::Harness;

use crate::app::{App, lines, page};

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
