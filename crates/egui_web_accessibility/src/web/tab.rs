//! Where egui's order of Tab begins and ends, so that Tab can leave the canvas there and come in.

use egui::{Context, Event, Id, Key, Modifiers};

/// Whether the widget that has the keyboard is the last one, or going back the first. egui would begin anew
/// from the other end, and nobody would ever get out of the canvas.
pub(super) fn is_at_the_edge(ctx: &Context, forward: bool) -> bool {
    let Some(focused) = ctx.memory(|memory| memory.focused()) else { return false };
    ctx.viewport(|viewport| {
        let widgets = &viewport.prev_pass.widgets;
        // In which order egui has drawn several layers isn't known. A menu that is open is closed first.
        let mut layers = widgets.layers().filter_map(|(_, layer)| {
            let mut ids = layer
                .iter()
                .filter(|widget| widget.enabled && widget.sense.is_focusable())
                .map(|widget| widget.id);
            let first: Id = ids.next()?;
            Some((first, ids.next_back().unwrap_or(first)))
        });
        match (layers.next(), layers.next()) {
            (Some((first, last)), None) => focused == if forward { last } else { first },
            _ => false,
        }
    })
}

/// Takes the keyboard from egui's widgets.
pub(super) fn drop_focus(ctx: &Context) {
    ctx.memory_mut(|memory| {
        if let Some(focused) = memory.focused() {
            memory.surrender_focus(focused);
        }
    });
}

/// Whether none of egui's widgets has the keyboard.
pub(super) fn has_no_focus(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.focused().is_none())
}

/// Tab, or Shift and Tab. Where nothing has the keyboard they give it to the first widget and to the last.
pub(super) fn key(forward: bool, pressed: bool) -> Event {
    let modifiers = if forward { Modifiers::NONE } else { Modifiers::SHIFT };
    Event::Key { key: Key::Tab, physical_key: None, pressed, repeat: false, modifiers }
}
