//! What a screen reader is told of the list, and what it asks of it.

use egui::accesskit::{self, Action, Role, TreeId};
use egui::{Context, Event, Id, Rect, Ui};

use crate::words::{RowPlace, Words};

/// What was asked of the list or of one of its rows, not by pointer or keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Make this row the current one, and give the list the keyboard.
    Focus(u64),
    /// Select this row and open it: assistive technology has one click for both.
    Activate(u64),
    Reveal(u64),
    /// A page up or down.
    Page {
        down: bool,
    },
}

/// Takes the requests out of the input. The rows are those that there were nodes for: the visible ones.
pub(crate) fn take_requests(ui: &Ui, list: Id, rows: std::ops::Range<u64>) -> Vec<Request> {
    let is_request = |event: &Event| matches!(event, Event::AccessKitActionRequest(_));
    if !ui.is_enabled() || !ui.input(|input| input.events.iter().any(is_request)) {
        return Vec::new();
    }
    let mut requests = Vec::new();
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::AccessKitActionRequest(request) = event else { return true };
            if request.target_tree != TreeId::ROOT {
                return true;
            }
            let asked = if request.target_node == list.accesskit_id() {
                match request.action {
                    Action::ScrollDown => Some(Request::Page { down: true }),
                    Action::ScrollUp => Some(Request::Page { down: false }),
                    _ => None,
                }
            } else {
                let is_asked = |&row: &u64| row_id(list, row).accesskit_id() == request.target_node;
                rows.clone().find(is_asked).and_then(|row| match request.action {
                    Action::Focus => Some(Request::Focus(row)),
                    Action::Click => Some(Request::Activate(row)),
                    Action::ScrollIntoView => Some(Request::Reveal(row)),
                    _ => None,
                })
            };
            requests.extend(asked);
            asked.is_none()
        });
    });
    requests
}

/// A row keeps its id wherever it stands, so that what is in it keeps its state.
pub(crate) fn row_id(list: Id, row: u64) -> Id {
    list.with(row)
}

pub(crate) fn describe_list(ctx: &Context, list: Id, words: &Words<'_>, count: u64) {
    ctx.accesskit_node_builder(list, |node| {
        node.set_role(Role::ListBox);
        node.set_label(words.name);
        node.set_multiselectable();
        node.set_orientation(accesskit::Orientation::Vertical);
        node.add_action(Action::ScrollDown);
        node.add_action(Action::ScrollUp);
        // A platform of 32 bits can't say so many.
        if let Ok(count) = usize::try_from(count) {
            node.set_size_of_set(count);
        }
    });
}

/// The keyboard is at this row, although it is the list that has it.
pub(crate) fn set_current(ctx: &Context, list: Id, row: u64) {
    ctx.accesskit_node_builder(list, |node| {
        node.set_active_descendant(row_id(list, row).accesskit_id());
    });
}

pub(crate) fn describe_row(
    ctx: &Context,
    id: Id,
    rect: Rect,
    name: String,
    place: RowPlace,
    is_selected: bool,
) {
    ctx.accesskit_node_builder(id, |node| {
        node.set_label(name);
        node.set_bounds(accesskit::Rect {
            x0: rect.min.x.into(),
            y0: rect.min.y.into(),
            x1: rect.max.x.into(),
            y1: rect.max.y.into(),
        });
        node.set_selected(is_selected);
        if let Ok(index) = usize::try_from(place.position.saturating_sub(1)) {
            node.set_position_in_set(index);
        }
        node.add_action(Action::Focus);
        node.add_action(Action::Click);
        node.add_action(Action::ScrollIntoView);
    });
}
