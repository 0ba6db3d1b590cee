//! What runs come to: a table of figures, one column for each way.

use app_core::comparison::{Figure, Figures, Way};
use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::GAP;
use crate::i18n::{Words, short_value};
use material::{Scheme, Type, tooltip};

/// The figures of the ways, with the ways beside one another; as many as there is room for, and the others below.
pub(super) fn table_ui(ui: &mut Ui, words: &Words, figures: &[(Way, Figures)]) {
    const NAME: f32 = 108.0;
    const LEAST: f32 = 80.0;
    const MOST: f32 = 120.0;

    let room = ui.available_width() - NAME;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few columns")]
    let columns = ((room / LEAST).max(1.0) as usize).min(figures.len().max(1));
    // Tables of about the same width, rather than one way alone in the last one.
    let columns = figures.len().div_ceil(figures.len().div_ceil(columns).max(1)).max(1);
    let width = (room / columns as f32).min(MOST);
    for ways in figures.chunks(columns) {
        let names: Vec<_> =
            ways.iter().map(|(way, _)| (words.comparison.way)(*way).to_owned()).collect();
        let (heading, _) = ui.allocate_exact_size(vec2(NAME + room, ROW), Sense::hover());
        cells_ui(ui, heading, NAME, width, "", &names);
        for figure in Figure::ALL {
            let values: Vec<_> =
                ways.iter().map(|(way, figures)| (*way, figure.of(figures))).collect();
            let (rect, response) = ui.allocate_exact_size(vec2(NAME + room, ROW), Sense::hover());
            let name = (words.comparison.figure)(figure);
            let said = (words.comparison.figures_of)(name, &values);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
            let texts: Vec<_> = values.iter().map(|(_, value)| short_value(*value)).collect();
            cells_ui(ui, rect, NAME, width, name, &texts);
            tooltip(&response, (words.comparison.about_figure)(figure));
        }
        ui.add_space(GAP / 2.0);
    }
}

/// A row: its name at the left, and right-aligned what stands in each column.
fn cells_ui(ui: &Ui, rect: Rect, name_width: f32, width: f32, name: &str, cells: &[String]) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    let scheme = Scheme::of(ui);
    let painter = ui.painter();
    let put = |text: &str, right: Option<f32>, color| {
        let galley = painter.layout_no_wrap(text.to_owned(), Type::BODY_SMALL.font(), color);
        let left = right.map_or(rect.left(), |right| right - galley.size().x);
        painter.galley(pos2(left, rect.center().y - galley.size().y / 2.0), galley, color);
    };
    put(name, None, scheme.on_surface_variant);
    for (at, cell) in cells.iter().enumerate() {
        let right = rect.left() + name_width + width * (at as f32 + 1.0);
        put(cell, Some(right), scheme.on_surface);
    }
    let line = egui::Stroke::new(1.0, scheme.outline_variant);
    let right = rect.left() + name_width + width * cells.len() as f32;
    painter.hline(rect.left()..=right, rect.bottom(), line);
}

const ROW: f32 = 22.0;
