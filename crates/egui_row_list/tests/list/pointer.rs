//! The list by mouse and finger: clicks, the scroll bar, dragging.

use egui::{Event, Modifiers, Pos2, TouchDeviceId, TouchId, TouchPhase, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::page::{Page, ROW, click, harness, middle, press, scrolled_to, sized};

#[test]
fn a_click_selects_and_shift_extends() {
    let mut harness = scrolled_to(0..1000, 500);
    let (first, last) = (middle(&harness, 502), middle(&harness, 506));
    click(&mut harness, first, Modifiers::NONE);
    assert_eq!(harness.state().output().selected, Some(502..=502));
    assert!(harness.state().output().response.has_focus());
    click(&mut harness, last, Modifiers::SHIFT);
    let output = harness.state().output();
    assert_eq!((output.selected.clone(), output.current), (Some(502..=506), Some(506)));
    assert_eq!(harness.state().changes, 2);
    click(&mut harness, last, Modifiers::SHIFT);
    assert_eq!(harness.state().changes, 2);
    assert!(harness.state().activated.is_empty());
}

#[test]
fn a_double_click_opens() {
    let mut harness = scrolled_to(0..1000, 500);
    let at = middle(&harness, 503);
    for pressed in [true, false, true, false] {
        press(&mut harness, at, pressed, Modifiers::NONE);
    }
    harness.run();
    assert_eq!(harness.state().activated, [503]);
    assert_eq!(harness.state().output().selected, Some(503..=503));
}

/// Rows come between any two frames; the person means the row that was seen when the button went down.
#[test]
fn in_a_running_list_the_row_seen_is_meant() {
    let mut harness = harness(Page::new(0..1000));
    let pos = middle(&harness, 995);
    harness.hover_at(pos);
    harness.run();
    for pressed in [true, false, true, false] {
        harness.state_mut().rows.end += 3;
        let button = egui::PointerButton::Primary;
        harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
        harness.step();
        if !pressed {
            assert_eq!(harness.state().output().current, Some(995));
        }
    }
    assert_eq!(harness.state().activated, [995]);
    assert!(harness.state().output().following);
}

#[test]
fn a_row_dropped_under_the_button_is_not_selected() {
    let mut harness = scrolled_to(0..1000, 500);
    let at = middle(&harness, 503);
    press(&mut harness, at, true, Modifiers::NONE);
    harness.state_mut().rows.start = 600;
    press(&mut harness, at, false, Modifiers::NONE);
    assert_eq!(harness.state().output().selected, None);
}

#[test]
fn a_click_below_the_rows_selects_none() {
    let mut harness = harness(Page::new(0..2));
    let view = harness.state().output().response.rect;
    click(&mut harness, view.center_bottom() - vec2(0.0, 5.0), Modifiers::NONE);
    assert_eq!(harness.state().output().selected, None);
    assert!(harness.state().output().response.has_focus());
}

#[test]
fn a_right_click_keeps_the_selection_it_is_in() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.state_mut().list.select_range(502, 504);
    harness.run();
    for (row, selected) in [(503, 502..=504), (507, 507..=507)] {
        let pos = middle(&harness, row);
        harness.hover_at(pos);
        for pressed in [true, false] {
            let button = egui::PointerButton::Secondary;
            harness.event(Event::PointerButton {
                pos,
                button,
                pressed,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        harness.run();
        assert_eq!(harness.state().output().selected, Some(selected));
    }
}

/// Somewhere on the scroll bar, this far down.
fn on_bar(harness: &Harness<'_, Page>, part: f32) -> Pos2 {
    let view = harness.state().output().response.rect;
    pos2(view.right() - 3.0, view.top() + view.height() * part)
}

#[test]
fn the_track_pages() {
    let mut harness = scrolled_to(0..10_000_000, 5_000_000);
    let (above, below) = (on_bar(&harness, 0.1), on_bar(&harness, 0.9));
    click(&mut harness, below, Modifiers::NONE);
    assert_eq!(harness.state().visible().start, 5_000_010);
    click(&mut harness, above, Modifiers::NONE);
    click(&mut harness, above, Modifiers::NONE);
    assert_eq!(harness.state().visible().start, 4_999_990);
    assert_eq!(harness.state().output().selected, None);
}

#[test]
fn the_handle_is_dragged_to_both_ends() {
    let mut harness = scrolled_to(0..10_000_000, 5_000_000);
    let (start, top, bottom) =
        (on_bar(&harness, 0.5), on_bar(&harness, -1.0), on_bar(&harness, 2.0));
    press(&mut harness, start, true, Modifiers::NONE);
    assert_eq!(harness.state().visible().start, 5_000_000);
    harness.hover_at(start + vec2(0.0, 10.0));
    harness.step();
    let moved = harness.state().visible().start;
    assert!((5_400_000..5_700_000).contains(&moved), "{moved}");

    harness.hover_at(bottom);
    harness.step();
    assert!(harness.state().output().following);
    harness.hover_at(top);
    harness.step();
    assert_eq!(harness.state().visible().start, 0);
    press(&mut harness, top, false, Modifiers::NONE);
    harness.run();
    harness.hover_at(bottom);
    harness.run();
    assert_eq!(harness.state().visible().start, 0);
}

#[test]
fn a_still_hand_on_the_bar_holds_the_rows() {
    let mut harness = scrolled_to(0..10_000, 5_000);
    let start = on_bar(&harness, 0.5);
    press(&mut harness, start, true, Modifiers::NONE);
    for end in [20_000, 1_000_000] {
        harness.state_mut().rows.end = end;
        harness.step();
        assert_eq!(harness.state().visible().start, 5_000);
    }
}

#[test]
fn a_bar_is_there_only_where_it_is_needed() {
    for (count, is_there) in [(0, false), (10, false), (11, true), (10_000_000, true)] {
        let harness = harness(Page::new(0..count));
        assert_eq!(harness.query_by_label("Scroll bar").is_some(), is_there, "{count}");
    }
}

fn touch(harness: &mut Harness<'_, Page>, phase: TouchPhase, pos: Pos2) {
    // As egui's integrations tell of a finger.
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
        modifiers: Modifiers::NONE,
    };
    harness.event(Event::PointerMoved(pos));
    match phase {
        TouchPhase::Start => harness.event(button(true)),
        TouchPhase::End => {
            harness.event(button(false));
            harness.event(Event::PointerGone);
        }
        TouchPhase::Move | TouchPhase::Cancel => {}
    }
    harness.step();
}

#[test]
fn a_finger_drags_and_throws() {
    let mut harness = scrolled_to(0..10_000_000, 5_000_000);
    let start = middle(&harness, 5_000_005);
    let top = harness.state().top(5_000_005);
    // The first touch tells the list that there is a touch screen.
    touch(&mut harness, TouchPhase::Start, start);
    touch(&mut harness, TouchPhase::End, start);
    harness.run();
    touch(&mut harness, TouchPhase::Start, start);
    for step in 1..=4_u8 {
        touch(&mut harness, TouchPhase::Move, start - vec2(0.0, 10.0 * f32::from(step)));
    }
    assert_eq!(harness.state().top(5_000_005), top - 40.0);
    touch(&mut harness, TouchPhase::End, start - vec2(0.0, 40.0));
    let thrown = harness.state().visible().start;
    harness.run();
    let stopped = harness.state().visible().start;
    assert!(stopped > thrown, "{stopped} is not beyond {thrown}");
    assert!(stopped < 5_000_100, "{stopped}");
}

#[test]
fn a_narrow_list_still_works() {
    for width in [0.0, 1.0, 20.0, 60.0] {
        let mut page = Page::new(0..1000);
        page.list.scroll_to(500, Some(egui::Align::Min));
        let mut harness = sized(page, vec2(width, 210.0), 1.0);
        harness.state_mut().rows.end = 2000;
        harness.run();
        assert_eq!(harness.state().visible(), 500..511);
        assert_eq!(harness.state().top(501), harness.state().top(500) + ROW);
    }
}

#[test]
fn a_disabled_list_is_only_seen() {
    let mut page = Page::new(0..1000);
    page.is_enabled = false;
    let mut harness = harness(page);
    let at = middle(&harness, 995);
    click(&mut harness, at, Modifiers::NONE);
    crate::page::wheel(&mut harness, 100.0);
    let above = on_bar(&harness, 0.1);
    click(&mut harness, above, Modifiers::NONE);
    let output = harness.state().output();
    assert_eq!((output.selected.clone(), output.following), (None, true));
}
