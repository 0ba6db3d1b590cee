//! What is typed, with its letters in the order in which they are read, and words that a finger selects.

use egui::text_edit::TextEditOutput;
use egui::{Id, Ui};
use egui_long_text::{Layouter, OrderedField};
use material::text_field::{ShowEdit, TextFieldOutput};
use material::{Scheme, TextField};

/// Shows one of Material's fields.
pub fn written_ui(ui: &mut Ui, field: TextField<'_>, text: &mut String) -> TextFieldOutput {
    let (id, is_multiline, before) = (field.id(), field.is_multiline(), text.clone());
    let written = |ui: &mut Ui, edit: &mut ShowEdit<'_>| show(ui, id, is_multiline, &before, edit);
    field.shown_by(&written).show(ui, text)
}

/// Shows a field that looks like Material's and holds this text, in order.
pub fn show(
    ui: &mut Ui,
    id: Id,
    is_multiline: bool,
    text: &str,
    show: impl FnOnce(&mut Ui, Option<Layouter<'_>>) -> TextEditOutput,
) -> TextEditOutput {
    let color = Scheme::of(ui).on_surface;
    OrderedField { id, font: TextField::font(), color, is_multiline }.show(ui, text, show)
}
