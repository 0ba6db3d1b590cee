//! What is typed, with its letters in the order in which they are read.

use egui::text_edit::TextEditOutput;
use egui::{Id, Ui};
use egui_long_text::{Layouter, OrderedField};
use material::{Scheme, TextField};

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
