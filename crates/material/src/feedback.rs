//! How every pressable piece answers: state layer, focus ring and tooltip.

use egui::{
    Color32, CornerRadius, Frame, Margin, Painter, Popup, PopupKind, Rect, RectAlign, Response,
    Sense, Stroke, StrokeKind, Tooltip, Ui, UiKind,
};

use crate::theme::{Scheme, Type};

/// The veil of `content`'s colour that shows that a part is hovered, pressed or has the keyboard.
///
/// It is laid over the part's own ground, so it fits whatever that is.
pub(crate) fn state_layer(content: Color32, response: &Response) -> Color32 {
    let opacity = if response.is_pointer_button_down_on() || response.has_focus() {
        0.10
    } else if response.hovered() {
        0.08
    } else {
        0.0
    };
    content.gamma_multiply(opacity)
}

/// Paints as if nothing were disabled.
///
/// egui fades what is disabled; Material paints it in other colours, which the scheme has.
/// Fading on top of that would be too faint, and would show where the shapes of an icon overlap.
pub(crate) fn painter(ui: &Ui) -> Painter {
    let mut painter = ui.painter().clone();
    if !ui.is_enabled() {
        painter.set_opacity(ui.opacity() / ui.visuals().disabled_alpha());
    }
    painter
}

/// A ring around what has the keyboard. egui gives buttons the focus by key only, never by click,
/// so this is never in the way of a mouse.
pub(crate) fn focus_ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(radius.saturating_add(2)),
            Stroke::new(3.0, Scheme::of(ui).secondary),
            StrokeKind::Outside,
        );
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
    }
}

/// Says the note to those who hear the page, together with the name.
pub(crate) fn describe(response: &Response, note: Option<&str>) {
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        response.ctx.accesskit_node_builder(response.id, |node| node.set_description(note));
    }
}

/// Shows `text` next to what is hovered, and next to what was reached by keyboard.
pub fn tooltip(response: &Response, text: &str) {
    if !hover_tooltip(response, text) && response.has_focus() {
        // Not through `Tooltip`, which shows one at a time: a ring left somewhere by the keyboard
        // would keep the mouse from finding out anything else.
        let popup = Popup::from_response(response)
            .id(response.id.with("focus tooltip"))
            .kind(PopupKind::Tooltip)
            .interactable(false)
            .sense(Sense::hover());
        dress(popup, response).show(|ui| tooltip_text_ui(ui, text));
    }
}

/// The same, for what has the keyboard for so long that a tooltip would be in the way.
///
/// Returns whether the tooltip is there.
pub(crate) fn hover_tooltip(response: &Response, text: &str) -> bool {
    let mut tooltip = Tooltip::for_enabled(response);
    let open = tooltip.popup.is_open();
    if open {
        tooltip.popup = dress(tooltip.popup, response);
        tooltip.show(|ui| tooltip_text_ui(ui, text));
    }
    open
}

fn dress<'a>(popup: Popup<'a>, response: &Response) -> Popup<'a> {
    let style = response.ctx.global_style();
    let scheme = Scheme::of_theme(&response.ctx, style.visuals.dark_mode);
    popup.align(RectAlign::BOTTOM).gap(8.0).width(style.spacing.tooltip_width).frame(
        Frame::new()
            .fill(scheme.inverse_surface)
            .corner_radius(4)
            .inner_margin(Margin::symmetric(8, 4)),
    )
}

/// The text is painted and not a label, as it is in the accessibility tree already: as the name of
/// what it belongs to, or as the whole of a text that was cut.
fn tooltip_text_ui(ui: &mut Ui, text: &str) {
    // With nothing in it to be told, nobody is to be told of it.
    if let Some(tooltip) = ui.stack().iter().find(|ui| ui.kind() == Some(UiKind::Tooltip)) {
        ui.ctx().accesskit_node_builder(tooltip.unique_id, |node| node.set_hidden());
    }
    let color = Scheme::of(ui).on_inverse_surface;
    let galley = ui.painter().layout(
        text.to_owned(),
        Type::BODY_SMALL.font(),
        color,
        ui.spacing().tooltip_width,
    );
    let (rect, _) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley(rect.min, galley, color);
}
