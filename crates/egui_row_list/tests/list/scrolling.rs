//! Where the rows stand, to the pixel, at any depth and while they come and go.

use egui::{Align, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::page::{Page, ROW, harness, scrolled_to, sized, wheel};

#[test]
fn rows_stand_exactly_at_any_depth() {
    for count in [1_000, 10_000_000, 1_000_000_000_000, u64::MAX] {
        for row in [0, count / 2, count - 11] {
            let harness = scrolled_to(0..count, row);
            let page = harness.state();
            let view = page.output().response.rect;
            for (index, (drawn, rect)) in page.drawn.iter().enumerate() {
                let index = u16::try_from(index).unwrap();
                assert_eq!(*drawn, page.visible().start + u64::from(index));
                assert_eq!(rect.height(), ROW);
                let first = page.drawn[0].1.top();
                assert_eq!(rect.top(), first + f32::from(index) * ROW, "row {drawn} of {count}");
            }
            assert!(page.drawn[0].1.top() <= view.top());
            assert!(page.drawn.last().unwrap().1.bottom() >= view.bottom());
        }
    }
}

#[test]
fn only_visible_rows_are_drawn() {
    for count in [0, 1, 10, 11, 12, 10_000_000] {
        let harness = harness(Page::new(0..count));
        let page = harness.state();
        assert_eq!(page.drawn.len() as u64, count.min(11));
        assert_eq!(page.visible(), count.saturating_sub(11)..count);
    }
}

#[test]
fn it_follows_its_end() {
    let mut harness = harness(Page::new(0..100));
    for end in [101, 150, 10_000_000] {
        harness.state_mut().rows.end = end;
        harness.run();
        let page = harness.state();
        let bottom = page.output().response.rect.bottom();
        assert_eq!(page.top(end - 1) + ROW, bottom);
        assert!(page.output().following);
        assert_eq!(page.output().new_rows, 0);
    }
}

#[test]
fn scrolled_up_it_stays_to_the_pixel() {
    let mut harness = harness(Page::new(0..100_000));
    wheel(&mut harness, 137.0);
    let row = harness.state().visible().start + 3;
    let top = harness.state().top(row);
    for (start, end) in [(0, 100_001), (5_000, 100_001), (row - 3, 10_000_000)] {
        harness.state_mut().rows = start..end;
        harness.run();
        let page = harness.state();
        assert_eq!(page.top(row), top);
        assert!(!page.output().following);
        assert_eq!(page.output().new_rows, end - 100_000);
    }
}

#[test]
fn a_dropped_anchor_moves_to_the_first_row() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.state_mut().rows = 600..1000;
    harness.run();
    assert_eq!(harness.state().visible().start, 600);
    assert_eq!(harness.state().top(600), harness.state().output().response.rect.top());
}

#[test]
fn a_button_leads_back_to_the_end() {
    let mut harness = harness(Page::new(0..1000));
    assert!(harness.query_by_label_contains("new").is_none());
    wheel(&mut harness, 300.0);
    assert!(harness.query_by_label_contains("new").is_none());
    harness.state_mut().rows.end = 1128;
    harness.run();
    harness.get_by_label("128 new").click();
    harness.run();
    assert!(harness.state().output().following);
    assert_eq!(harness.state().visible().end, 1128);
    assert!(harness.query_by_label_contains("new").is_none());
    // The press was the button's, not that of the row below it.
    assert_eq!(harness.state().output().selected, None);
}

#[test]
fn the_wheel_moves_by_points_and_stops_at_the_edges() {
    let mut harness = scrolled_to(0..10_000_000, 5_000_000);
    let top = harness.state().top(5_000_000);
    wheel(&mut harness, -7.0);
    assert_eq!(harness.state().top(5_000_000), top - 7.0);
    wheel(&mut harness, 7.0);
    assert_eq!(harness.state().top(5_000_000), top);
    wheel(&mut harness, -1e12);
    assert!(harness.state().output().following);
    wheel(&mut harness, 1e12);
    assert_eq!(harness.state().visible().start, 0);
}

#[test]
fn wheel_down_at_the_end_follows_again() {
    let mut page = Page::new(0..100);
    page.list.scroll_to(99, None);
    let mut harness = harness(page);
    assert!(!harness.state().output().following);
    wheel(&mut harness, -5.0);
    assert!(harness.state().output().following);
}

#[test]
fn a_search_hit_is_scrolled_to() {
    let mut harness = harness(Page::new(0..10_000_000));
    for (align, part) in [(Align::Min, 0.0), (Align::Center, 0.5), (Align::Max, 1.0)] {
        harness.state_mut().list.scroll_to(7_654_321, Some(align));
        harness.run();
        let view = harness.state().output().response.rect;
        let expected = view.top() + (view.height() - ROW) * part;
        assert_eq!(harness.state().top(7_654_321), expected);
        assert!(harness.state().list.visible().contains(&7_654_321));
    }
    let before = harness.state().visible();
    harness.state_mut().list.scroll_to(7_654_320, None);
    harness.run();
    assert_eq!(harness.state().visible(), before);
}

#[test]
fn zoom_keeps_rows_equally_high() {
    for pixels_per_point in [0.8, 1.0, 1.25, 1.5, 1.777, 2.0, 3.0] {
        let mut page = Page::new(0..10_000_000);
        page.row_height = 17.3;
        let harness = sized(page, vec2(300.0, 210.0), pixels_per_point);
        let page = harness.state();
        let pixels = |rect: &egui::Rect| rect.height() * pixels_per_point;
        let first = pixels(&page.drawn[0].1).round();
        for (row, rect) in &page.drawn {
            // egui's own grid is a 32nd of a point.
            assert!((pixels(rect) - first).abs() <= pixels_per_point / 16.0, "{row}: {rect:?}");
        }
        let bottom = page.output().response.rect.bottom();
        assert!((page.drawn.last().unwrap().1.bottom() - bottom).abs() <= 1.0 / 16.0);
    }
}

#[test]
fn a_list_without_following_starts_at_its_start() {
    let mut page = Page::new(0..1000);
    page.follow_end = false;
    let mut harness = harness(page);
    assert_eq!(harness.state().visible().start, 0);
    harness.state_mut().rows.end = 5000;
    harness.run();
    assert_eq!(harness.state().output().new_rows, 0);
    assert!(harness.query_by_label_contains("new").is_none());
}
