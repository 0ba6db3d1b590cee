//! Closer and farther, earlier and later on a time axis: buttons, keys, a double click and what a wheel scrolls
//! sideways. With Ctrl a wheel is the browser's, and two fingers are the page's.

use app_core::time_window::{SHORTEST, Zoom, ZoomStep};
use egui::accesskit::Live;
use egui::{Event, Key, Label, Modifiers, Rect, Response, Role, Ui, vec2};

use super::axis::Axis;
use crate::i18n::Words;
use material::{ActionChip, Scheme, Type};

/// Draws the buttons, which have this name as a whole, and which part is seen.
pub(super) fn show(ui: &mut Ui, words: &Words, name: &str, axis: &Axis) -> Option<ZoomStep> {
    let words = &words.zoom;
    let seen = axis.seen();
    let is_part = !axis.shows_all();
    let buttons = [
        (words.zoom_out, is_part, Zoom::Out(axis.anchor())),
        (words.zoom_in, seen.length > SHORTEST, Zoom::In(axis.anchor())),
        (words.earlier, is_part && !seen.start.is_zero(), Zoom::Earlier),
        (words.later, is_part && seen.end() < axis.whole(), Zoom::Later),
        (words.all, is_part, Zoom::All),
    ];
    let mut step = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let id = ui.unique_id();
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(Role::Group);
            node.set_label(name);
        });
        for ((sign, name, about), may, zoom) in buttons {
            let chip = ActionChip::new(sign).named(name).tooltip(about);
            if ui.add_enabled(may, chip).clicked() {
                step = Some(axis.step(zoom));
            }
        }
        // Below them where it would not always have room beside them: so nothing moves when it gets longer.
        if ui.max_rect().width() < BESIDE {
            ui.end_row();
        }
        let color = Scheme::of(ui).on_surface_variant;
        let text = (words.seen)(seen, axis.whole());
        let label = Label::new(Type::BODY_SMALL.rich(text).color(color)).selectable(false);
        let label = ui.add(label);
        // What follows the end of a recording that grows would never be silent.
        if is_part && seen.end() < axis.whole() {
            ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(Live::Polite));
        }
    });
    step
}

/// What the keys of this frame ask for. A slider asks while it has the keyboard.
pub(super) fn by_keys(ui: &Ui, axis: &Axis) -> Option<ZoomStep> {
    let mut step = None;
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            // On many keyboards a plus is typed with Shift.
            if modifiers.any() && *modifiers != Modifiers::SHIFT {
                return true;
            }
            let zoom = match key {
                Key::Plus | Key::Equals => Zoom::In(axis.anchor()),
                Key::Minus => Zoom::Out(axis.anchor()),
                Key::Num0 => Zoom::All,
                Key::Comma => Zoom::Earlier,
                Key::Period => Zoom::Later,
                _ => return true,
            };
            step = Some(axis.step(zoom));
            false
        });
    });
    step
}

/// What a pointer asks for over this part of the screen: closer by a double click, and along by what it scrolls
/// sideways.
pub(super) fn by_pointer(
    ui: &Ui,
    axis: &Axis,
    room: Rect,
    response: &Response,
) -> Option<ZoomStep> {
    if response.double_clicked() {
        let pointer = response.interact_pointer_pos()?;
        return Some(axis.step(Zoom::In(axis.at(room, pointer.x))));
    }
    if axis.shows_all() || !ui.rect_contains_pointer(response.rect) {
        return None;
    }
    // Nobody else is to scroll by it.
    let by = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.x));
    (by != 0.0).then(|| axis.moved(room, by))
}

/// From this width on what is seen is said beside the buttons.
const BESIDE: f32 = 420.0;
