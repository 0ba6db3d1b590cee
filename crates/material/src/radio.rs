//! One of several: Flutter's `RadioListTile`.

use egui::{Response, Role, Stroke, Ui, UiBuilder, Widget, WidgetInfo};

use crate::{
    feedback,
    row::{Row, Side},
    theme::Scheme,
};

/// Says to those who hear the page that what `add` shows are the choices of one question.
pub fn radio_group<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let shown = ui.scope_builder(UiBuilder::new(), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let id = ui.unique_id();
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(Role::RadioGroup);
            node.set_label(name);
        });
        add(ui)
    });
    shown.inner
}

/// A choice among others: a row with a ring before its words, at least 48 points high. A click anywhere
/// on it chooses it; keys go from one to the next, and the space bar chooses.
#[must_use = "show it with `ui.add`"]
pub struct Radio<'a> {
    text: &'a str,
    note: Option<&'a str>,
    is_chosen: bool,
}

impl<'a> Radio<'a> {
    /// The text says what is chosen.
    pub fn new(is_chosen: bool, text: &'a str) -> Self {
        Self { text, note: None, is_chosen }
    }

    /// Below the text: more about it, or why it can't be chosen. Nothing by default.
    pub fn note(mut self, note: &'a str) -> Self {
        self.note = Some(note);
        self
    }
}

impl Widget for Radio<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const WIDTH: f32 = 20.0;

        let row = Row::new(ui, self.text, self.note, Side::Left, WIDTH);
        let response = row.response.clone();
        let enabled = ui.is_enabled();
        let info = || WidgetInfo::selected(Role::RadioButton, enabled, self.is_chosen, self.text);
        response.widget_info(info);
        feedback::describe(&response, self.note);

        if ui.is_rect_visible(response.rect) {
            let scheme = Scheme::of(ui);
            let painter = feedback::painter(ui);
            row.paint(ui, &painter);
            let color = if !enabled {
                scheme.disabled
            } else if self.is_chosen {
                scheme.primary
            } else {
                scheme.on_surface_variant
            };
            let center = row.control.center();
            painter.circle_stroke(center, WIDTH / 2.0 - 1.0, Stroke::new(2.0, color));
            if self.is_chosen {
                painter.circle_filled(center, 5.0, color);
            }
        }
        response
    }
}
