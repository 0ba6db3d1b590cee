//! Sizes, ranges and input that no good program would send.

use egui::{Key, Modifiers, vec2};

use crate::page::{Page, click, harness, press, scrolled_to, sized, wheel};

#[test]
fn ranges_of_every_size_are_shown() {
    for rows in [0..0, 0..1, 5..5, 5..6, 0..u64::MAX, u64::MAX - 1..u64::MAX, u64::MAX..u64::MAX] {
        let mut harness = harness(Page::new(rows.clone()));
        for key in [Key::Tab, Key::End, Key::ArrowDown, Key::PageDown, Key::Home, Key::PageUp] {
            harness.key_press_modifiers(Modifiers::SHIFT, key);
            harness.key_press(key);
            harness.run();
        }
        wheel(&mut harness, -1e30);
        wheel(&mut harness, 1e30);
        let visible = harness.state().visible();
        assert!(visible.start >= rows.start && visible.end <= rows.end, "{rows:?}: {visible:?}");
    }
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "it is what is tried")]
fn a_range_turned_round_is_empty() {
    let mut harness = scrolled_to(0..100, 50);
    harness.state_mut().rows = 70..30;
    harness.run();
    assert!(harness.state().drawn.is_empty());
}

#[test]
fn ranges_jump_about() {
    let mut harness = scrolled_to(0..1_000_000, 500_000);
    for rows in [0..10, 0..0, 9..10_000, 9_000_000..9_000_001, 0..u64::MAX, 3..3, 100..1000] {
        harness.state_mut().list.select_range(5, 500_000);
        harness.state_mut().rows = rows.clone();
        harness.run();
        let page = harness.state();
        let visible = page.visible();
        assert!(visible.start >= rows.start && visible.end <= rows.end, "{rows:?}: {visible:?}");
        assert_eq!(visible.is_empty(), rows.is_empty());
        if let Some(selected) = page.output().selected.clone() {
            assert!(rows.contains(selected.start()) && rows.contains(selected.end()));
        }
        harness.state_mut().list.scroll_to(u64::MAX, None);
        harness.run();
        harness.state_mut().list.scroll_to(0, Some(egui::Align::Center));
        harness.run();
    }
}

#[test]
fn cleared_it_follows_what_comes() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.state_mut().rows = 1000..1000;
    harness.run();
    harness.state_mut().rows = 1000..2000;
    harness.run();
    assert!(harness.state().output().following);
    assert_eq!(harness.state().visible().end, 2000);
}

#[test]
fn row_heights_without_sense_draw_what_fits() {
    for height in [0.0, -1.0, 1e-30, f32::NAN, f32::INFINITY, f32::MAX, 1e9] {
        let mut page = Page::new(0..1000);
        page.row_height = height;
        let harness = harness(page);
        let drawn = harness.state().drawn.len();
        assert!((1..=210).contains(&drawn), "{height}: {drawn} rows");
    }
}

#[test]
fn views_without_height_draw_nothing() {
    for max_height in [0.0, -5.0, f32::NEG_INFINITY] {
        let mut page = Page::new(0..1000);
        page.max_height = max_height;
        let harness = harness(page);
        assert!(harness.state().drawn.is_empty(), "{max_height}");
        assert!(harness.state().visible().is_empty());
    }
    let mut page = Page::new(0..1000);
    page.max_height = f32::NAN;
    assert_eq!(harness(page).state().drawn.len(), 11);
}

#[test]
fn a_view_shut_for_a_while_keeps_its_place() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.state_mut().max_height = 0.0;
    harness.run();
    harness.state_mut().max_height = f32::INFINITY;
    harness.run();
    assert_eq!(harness.state().visible().start, 500);
}

#[test]
fn a_row_higher_than_the_view_is_read_by_the_wheel() {
    let mut page = Page::new(0..10);
    page.row_height = 500.0;
    page.follow_end = false;
    let mut harness = harness(page);
    let top = harness.state().top(0);
    wheel(&mut harness, -100.0);
    assert_eq!(harness.state().top(0), top - 100.0);
    harness.key_press(Key::Tab);
    harness.run();
    for row in [0, 1, 2] {
        harness.key_press(Key::PageDown);
        harness.run();
        assert_eq!(harness.state().output().current, Some(row));
    }
}

#[test]
fn wild_wheels_move_nothing() {
    let mut harness = scrolled_to(0..1000, 500);
    let at = harness.state().output().response.rect.center();
    harness.hover_at(at);
    harness.run();
    for wild in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        harness.state_mut().raw_wheel = wild;
        harness.step();
        assert_eq!(harness.state().visible(), 500..511);
    }
    harness.state_mut().raw_wheel = f32::MIN;
    harness.step();
    assert!(harness.state().output().following);
}

#[test]
fn an_endless_parent_gives_what_is_seen() {
    use egui_row_list::{RowList, RowListState};

    let mut list = RowListState::new();
    let mut drawn = 0;
    let mut harness =
        egui_kittest::Harness::builder().with_size([300.0, 210.0]).build_ui(|ui: &mut egui::Ui| {
            egui::ScrollArea::vertical().show(ui, |ui| {
                ui.set_height(1e7);
                drawn = 0;
                let rows = RowList::new("log", 0..1_000_000, 20.0);
                rows.show(ui, &mut list, |_, _, _| drawn += 1);
            });
        });
    harness.run();
    drop(harness);
    assert!((1..=12).contains(&drawn), "{drawn} rows");
}

#[test]
fn a_window_that_grows_stays_at_the_end() {
    let mut harness = sized(Page::new(0..1000), vec2(300.0, 50.0), 1.0);
    for height in [50.0, 500.0, 30.0, 210.0] {
        harness.set_size(vec2(316.0, height + 16.0));
        harness.run();
        let page = harness.state();
        assert_eq!(page.top(999) + 20.0, page.output().response.rect.bottom());
    }
}

#[test]
fn presses_outside_the_window_do_nothing() {
    let mut harness = scrolled_to(0..1000, 500);
    for at in [egui::pos2(-1e9, -1e9), egui::pos2(1e9, 1e9)] {
        press(&mut harness, at, true, Modifiers::NONE);
        press(&mut harness, at, false, Modifiers::SHIFT);
        click(&mut harness, at, Modifiers::NONE);
    }
    assert_eq!(harness.state().output().selected, None);
    assert_eq!(harness.state().visible().start, 500);
}
