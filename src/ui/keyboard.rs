//! The keyboard and what is scrolled: what gets the keyboard comes into view, and PageUp and PageDown scroll.

use egui::accesskit::{Action, ActionRequest, TreeId};
use egui::{Context, Event, Id, Key, Modifiers, Ui, vec2};

/// Of what is seen, how much a page goes on: the last lines are seen again.
const PAGE: f32 = 0.85;

/// Brings the widget that has just got the keyboard into view, where some of it is out of it. To be called
/// before anything is drawn.
pub fn keep_focus_in_view(ctx: &Context) {
    let id = Id::unique("focus in view");
    let focused = ctx.memory(|memory| memory.focused());
    let before = ctx.data(|data| data.get_temp::<Option<Id>>(id)).flatten();
    if focused == before {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(id, focused));
    let Some(response) = focused.and_then(|focused| ctx.read_response(focused)) else { return };
    // Cut off by what it is in.
    if response.interact_rect.expand(1.0).contains_rect(response.rect) {
        return;
    }
    let request = ActionRequest {
        action: Action::ScrollIntoView,
        target_tree: TreeId::ROOT,
        target_node: response.id.accesskit_id(),
        data: None,
    };
    // What scrolls learns of it from the widget itself, wherever that is.
    ctx.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
    ctx.request_repaint();
}

/// Scrolls what `ui` is in by PageUp and PageDown, unless something in it has taken them for pages of its own.
/// To be called after everything in it was drawn.
pub fn scroll_by_page(ui: &Ui) {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let pages = f32::from(i8::from(pressed(Key::PageUp)) - i8::from(pressed(Key::PageDown)));
    if pages != 0.0 {
        ui.scroll_with_delta(vec2(0.0, pages * PAGE * ui.clip_rect().height()));
    }
}
