//! What the list costs: nothing while nothing happens, and never more than what is seen.

use std::time::Duration;

use egui::ViewportId;

use crate::page::{Page, click, harness, middle, wheel};

#[test]
fn nothing_happens_nothing_is_drawn() {
    for count in [0, 1, 1000, u64::MAX] {
        let mut harness = harness(Page::new(0..count));
        wheel(&mut harness, 100.0);
        if count > 0 {
            let row = harness.state().visible().start + 1;
            let row = row.min(count - 1);
            let at = middle(&harness, row);
            click(&mut harness, at, egui::Modifiers::NONE);
        }
        let delay = harness.output().viewport_output[&ViewportId::ROOT].repaint_delay;
        assert_eq!(delay, Duration::MAX, "{count} rows");
        assert!(!harness.ctx.has_requested_repaint());
    }
}

#[test]
fn a_row_keeps_its_ids_wherever_it_stands() {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use egui_row_list::{RowList, RowListState};

    let ids = RefCell::new(HashMap::new());
    let mut list = RowListState::new();
    let mut harness = egui_kittest::Harness::builder().with_size([300.0, 210.0]).build_ui_state(
        |ui, end: &mut u64| {
            let rows = RowList::new("log", 0..*end, 20.0);
            rows.show(ui, &mut list, |ui, row, _| {
                let id = ui.button("open").id;
                assert_eq!(*ids.borrow_mut().entry(row).or_insert(id), id, "row {row}");
            });
        },
        100,
    );
    for end in [100, 101, 104, 105] {
        *harness.state_mut() = end;
        harness.run();
    }
    assert!(ids.borrow().len() > 12);
}

#[test]
fn selected_text_can_be_read() {
    use egui_row_list::{RowList, RowListState};

    let mut list = RowListState::new();
    list.select_range(3, 4);
    let colours = std::cell::RefCell::new(Vec::new());
    let mut harness = egui_kittest::Harness::new_ui(|ui| {
        colours.borrow_mut().clear();
        RowList::new("log", 0..8, 20.0).show(ui, &mut list, |ui, _, row| {
            let is_as_selected = ui.visuals().text_color() == ui.visuals().selection.stroke.color;
            assert_eq!(is_as_selected, row.selected);
            colours.borrow_mut().push(row.selected);
        });
    });
    harness.run();
    assert_eq!(colours.borrow().iter().filter(|selected| **selected).count(), 2);
}
