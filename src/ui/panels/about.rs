//! What the program is, and which keys it answers.

use app_core::{Model, Msg};
use egui::{Grid, Label, Ui};
use material::{Scheme, Type};

use crate::i18n::words;
use crate::ui::shortcuts::shortcuts;

/// Draws it.
pub fn about_ui(ui: &mut Ui, model: &Model) -> Vec<Msg> {
    let words = words(model.language());
    let color = Scheme::of(ui).on_surface;
    let text = |text: &str| Label::new(Type::BODY_MEDIUM.rich(text).color(color));
    ui.add(text(&(words.about)(env!("CARGO_PKG_VERSION"))).wrap());
    ui.add_space(16.0);
    ui.add(Label::new(Type::BODY_LARGE.rich(words.shortcuts_title).color(color)));
    ui.add_space(8.0);
    let grid = Grid::new("shortcuts").num_columns(2).spacing([24.0, 8.0]);
    grid.min_row_height(Type::BODY_MEDIUM.line_height).show(ui, |ui| {
        for shortcut in shortcuts(model.platform()) {
            ui.add(text(&ui.ctx().format_shortcut(&shortcut.keys)));
            ui.add(text((words.shortcut)(shortcut.id)).wrap());
            ui.end_row();
        }
    });
    Vec::new()
}
