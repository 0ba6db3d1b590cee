//! What the program is, and which keys it answers.

use app_core::{Model, Msg};
use egui::{Grid, Label, Ui};
use material::{Scheme, Type};

use crate::i18n::words;
use crate::ui::shortcuts::SHORTCUTS;

/// Draws it.
pub fn about_ui(ui: &mut Ui, model: &Model) -> Vec<Msg> {
    let words = words(model.language());
    let color = Scheme::of(ui).on_surface;
    let text = |text: &str| Label::new(Type::BODY_MEDIUM.rich(text).color(color));
    ui.add(text(&(words.about)(env!("CARGO_PKG_VERSION"))).wrap());
    ui.add_space(16.0);
    ui.add(Label::new(Type::BODY_LARGE.rich(words.shortcuts_title).color(color)));
    ui.add_space(8.0);
    Grid::new("shortcuts").num_columns(2).spacing([24.0, 8.0]).show(ui, |ui| {
        for shortcut in &SHORTCUTS {
            ui.add(text(&ui.ctx().format_shortcut(&shortcut.keys)));
            ui.add(text((words.shortcut)(shortcut.id)).wrap());
            ui.end_row();
        }
    });
    Vec::new()
}
