//! What a screen reader is told, and what it can ask for.

use egui::accesskit::{Live, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::{lines, page};

#[test]
fn a_bounded_start_is_read_out() {
    let harness = page(lines(100_000));
    let node = harness.get_by(|node| node.role() == Role::Label);
    let node = node.accesskit_node();
    let value = node.value().unwrap();
    assert!(value.starts_with("line 0\nline 1\n") && value.ends_with("… and more"), "{value}");
    assert_eq!(value.chars().count(), 110);
    assert_eq!(node.data().live(), Some(Live::Polite));
    assert_eq!(node.data().scroll_y(), Some(0.0));
    assert!(Some(1_000_000.0) < node.data().scroll_y_max());
}

#[test]
fn short_texts_are_live_too() {
    let harness = page("raisin");
    let node = harness.get_by_label("raisin");
    assert_eq!(node.accesskit_node().data().live(), Some(Live::Polite));
}

#[test]
fn scrolling_can_be_asked_for() {
    let mut harness = page(lines(100_000));
    for is_down in [true, false] {
        let node = harness.get_by(|node| node.role() == Role::Label);
        if is_down {
            node.scroll_down();
        } else {
            node.scroll_up();
        }
        harness.run();
        assert_eq!(0 < harness.state().visible.start, is_down);
    }
}
