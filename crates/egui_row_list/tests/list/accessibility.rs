//! The list by screen reader: what it is told, and what it asks.

use egui::Key;
use egui::accesskit::{self, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::page::{Page, harness, scrolled_to};

#[test]
fn rows_say_their_place() {
    let mut page = Page::new(0..10_000_000);
    page.list.scroll_to(9_999_997, None);
    let harness = harness(page);
    let row = harness.get_by_label("row 9 999 998 of 10 000 000");
    let node = row.accesskit_node();
    assert_eq!(node.role(), Role::ListBoxOption);
    assert_eq!(node.data().position_in_set(), Some(9_999_997));
    let list = node.parent().unwrap();
    assert_eq!((list.role(), list.label()), (Role::ListBox, Some("Messages".to_owned())));
    assert_eq!(list.data().size_of_set(), Some(10_000_000));
    assert_eq!(harness.get_all_by_role(Role::ListBoxOption).count(), 11);
}

#[test]
fn dropped_rows_are_not_counted() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.state_mut().rows = 400..1000;
    harness.run();
    harness.get_by_label("row 101 of 600");
}

#[test]
fn a_row_has_its_place_on_the_screen() {
    let harness = scrolled_to(0..1000, 500);
    let rect = harness.get_by_label("row 503 of 1 000").rect();
    assert_eq!(rect.top(), harness.state().top(502));
    assert_eq!(rect.height(), 20.0);
}

#[test]
fn asked_to_focus_the_list_has_the_keyboard_at_that_row() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.get_by_label("row 503 of 1 000").focus();
    harness.run();
    assert!(harness.state().output().response.has_focus());
    assert_eq!(harness.state().output().current, Some(502));
    assert!(harness.get_by_label("row 503 of 1 000").is_focused());
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label("row 504 of 1 000").is_focused());
}

#[test]
fn asked_to_click_a_row_is_selected() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.get_by_label("row 503 of 1 000").click_accesskit();
    harness.run();
    assert_eq!(harness.state().output().selected, Some(502..=502));
    let is_selected = |harness: &egui_kittest::Harness<'_, Page>, label| {
        harness.get_by_label(label).accesskit_node().is_selected()
    };
    assert_eq!(is_selected(&harness, "row 503 of 1 000"), Some(true));
    assert_eq!(is_selected(&harness, "row 504 of 1 000"), Some(false));
}

#[test]
fn asked_to_scroll_a_row_into_view_all_of_it_is_seen() {
    let mut harness = scrolled_to(0..1000, 500);
    assert_eq!(harness.state().visible(), 500..511);
    harness.get_by_label("row 511 of 1 000").scroll_to_me();
    harness.run();
    let view = harness.state().output().response.rect;
    assert_eq!(harness.state().top(510) + 20.0, view.bottom());
}

#[test]
fn asked_to_scroll_it_goes_by_pages() {
    let mut harness = scrolled_to(0..1000, 500);
    harness.get_by_role(Role::ListBox).scroll_down();
    harness.run();
    assert_eq!(harness.state().visible().start, 510);
    harness.get_by_role(Role::ListBox).scroll_up();
    harness.get_by_role(Role::ListBox).scroll_up();
    harness.run();
    assert_eq!(harness.state().visible().start, 490);
}

#[test]
fn the_scroll_bar_can_be_read_and_set() {
    let mut harness = scrolled_to(0..10_000_000, 0);
    let value = |harness: &egui_kittest::Harness<'_, Page>| {
        let bar = harness.get_by_label("Scroll bar");
        let node = bar.accesskit_node();
        assert_eq!(node.role(), Role::ScrollBar);
        node.numeric_value().unwrap()
    };
    assert_eq!(value(&harness), 0.0);
    harness.get_by_label("Scroll bar").set_value_accesskit(50.0);
    harness.run();
    assert!((value(&harness) - 50.0).abs() < 0.001);
    assert!(harness.state().visible().contains(&5_000_000));
    harness.get_by_label("Scroll bar").increment_accesskit();
    harness.run();
    assert!(harness.state().visible().contains(&5_000_010));
    for wild in [f64::NAN, f64::INFINITY, -1e300] {
        harness.get_by_label("Scroll bar").set_value_accesskit(wild);
        harness.run();
    }
    assert_eq!(harness.state().visible().start, 0);
}

#[test]
fn a_request_for_a_row_that_is_gone_does_nothing() {
    let mut harness = scrolled_to(0..1000, 500);
    for action in
        [accesskit::Action::Focus, accesskit::Action::Click, accesskit::Action::ScrollIntoView]
    {
        let first = harness.state().visible().start - harness.state().rows.start + 1;
        let label = format!("row {} of 1 000", egui_row_list::group_digits(first));
        let target_node = harness.get_by_label(&label).accesskit_node().locate().0;
        harness.event(egui::Event::AccessKitActionRequest(accesskit::ActionRequest {
            action,
            target_tree: accesskit::TreeId::ROOT,
            target_node,
            data: None,
        }));
        let state = harness.state_mut();
        state.rows = state.rows.start + 600..state.rows.end + 600;
        harness.run();
        assert_eq!(harness.state().output().selected, None);
    }
}
