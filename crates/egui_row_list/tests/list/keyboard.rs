//! The list by keyboard alone.

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::page::{Page, harness, scrolled_to};

/// A list that has got the keyboard by Tab.
fn focused(mut harness: Harness<'static, Page>) -> Harness<'static, Page> {
    harness.key_press(Key::Tab);
    harness.run();
    assert!(harness.state().output().response.has_focus());
    harness
}

fn press(harness: &mut Harness<'_, Page>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn current(harness: &Harness<'_, Page>) -> u64 {
    harness.state().output().current.unwrap()
}

#[test]
fn the_first_arrow_finds_a_row_in_sight() {
    for (key, row) in [(Key::ArrowDown, 500), (Key::ArrowUp, 510)] {
        let mut harness = focused(scrolled_to(0..1000, 500));
        press(&mut harness, Modifiers::NONE, key);
        assert_eq!(current(&harness), row);
        assert!(harness.state().output().response.has_focus());
    }
}

#[test]
fn arrows_and_pages_take_the_view_along() {
    let mut harness = focused(scrolled_to(0..10_000_000, 5_000_000));
    for (key, row) in [
        (Key::ArrowDown, 5_000_000),
        (Key::ArrowDown, 5_000_001),
        (Key::PageDown, 5_000_011),
        (Key::PageDown, 5_000_021),
        (Key::ArrowUp, 5_000_020),
        (Key::PageUp, 5_000_010),
        (Key::PageUp, 5_000_000),
        (Key::Home, 0),
        (Key::ArrowUp, 0),
        (Key::PageUp, 0),
        (Key::End, 9_999_999),
        (Key::ArrowDown, 9_999_999),
        (Key::PageDown, 9_999_999),
    ] {
        press(&mut harness, Modifiers::NONE, key);
        assert_eq!(current(&harness), row, "{key:?}");
        let view = harness.state().output().response.rect;
        let top = harness.state().top(row);
        assert!(top >= view.top() && top + 20.0 <= view.bottom(), "{key:?}: {top} in {view:?}");
    }
    assert!(harness.state().output().following);
}

#[test]
fn arrow_up_within_the_view_still_follows() {
    let mut harness = focused(harness(Page::new(0..100)));
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert_eq!(current(&harness), 98);
    assert!(harness.state().output().following);
    press(&mut harness, Modifiers::NONE, Key::PageUp);
    assert!(!harness.state().output().following);
    press(&mut harness, Modifiers::NONE, Key::End);
    assert!(harness.state().output().following);
}

#[test]
fn shift_selects_a_range() {
    let mut harness = focused(scrolled_to(0..1000, 500));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(harness.state().output().selected, Some(500..=502));
    press(&mut harness, Modifiers::SHIFT, Key::Home);
    assert_eq!(harness.state().output().selected, Some(0..=500));
    press(&mut harness, Modifiers::SHIFT, Key::End);
    assert_eq!(harness.state().output().selected, Some(500..=999));
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert_eq!(harness.state().output().selected, Some(0..=999));
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert_eq!(harness.state().output().selected, Some(998..=998));
}

#[test]
fn enter_opens_the_current_row() {
    let mut harness = focused(scrolled_to(0..1000, 500));
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().activated, [0; 0]);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().activated, [500]);
    assert_eq!(harness.state().output().selected, Some(500..=500));
}

#[test]
fn copying_tells_the_range() {
    let mut harness = focused(scrolled_to(0..1000, 500));
    harness.event(Event::Copy);
    harness.run();
    assert_eq!(harness.state().copied, []);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    harness.event(Event::Copy);
    harness.run();
    press(&mut harness, Modifiers::COMMAND, Key::C);
    assert_eq!(harness.state().copied, [500..=501, 500..=501]);
}

#[test]
fn without_the_keyboard_nothing_is_done() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.state_mut().list.select(500);
    for key in [Key::ArrowDown, Key::PageDown, Key::Enter, Key::End] {
        press(&mut harness, Modifiers::NONE, key);
    }
    harness.event(Event::Copy);
    harness.run();
    let page = harness.state();
    assert_eq!((page.output().current, page.visible().start), (Some(500), 500));
    assert!(page.activated.is_empty() && page.copied.is_empty());
}

#[test]
fn tab_leaves_the_list() {
    let mut harness = focused(scrolled_to(0..1000, 500));
    harness.state_mut().rows.end = 1128;
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Tab);
    assert!(!harness.state().output().response.has_focus());
    assert!(harness.get_by_label("128 new").is_focused());
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(harness.state().output().following);
}

#[test]
fn an_empty_list_takes_no_keys() {
    let mut harness = focused(harness(Page::new(7..7)));
    for key in [Key::ArrowDown, Key::ArrowUp, Key::PageUp, Key::Home, Key::End, Key::Enter] {
        press(&mut harness, Modifiers::SHIFT, key);
        press(&mut harness, Modifiers::NONE, key);
    }
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert_eq!(harness.state().output().selected, None);
    assert!(harness.state().activated.is_empty());
}

#[test]
fn the_focus_is_seen() {
    let mut harness = scrolled_to(0..1000, 500);
    let strokes = |harness: &Harness<'_, Page>| {
        let shapes = &harness.output().shapes;
        let width = harness.ctx.global_style().visuals.selection.stroke;
        let is_ring = |shape: &&egui::epaint::ClippedShape| match &shape.shape {
            egui::Shape::Rect(rect) => rect.stroke == width,
            _ => false,
        };
        let rings = shapes.iter().filter(is_ring);
        rings.map(|shape| shape.shape.visual_bounding_rect().height().round()).collect::<Vec<_>>()
    };
    assert_eq!(strokes(&harness), [0.0; 0]);
    harness = focused(harness);
    assert_eq!(strokes(&harness), [210.0]);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(strokes(&harness), [20.0]);
}
