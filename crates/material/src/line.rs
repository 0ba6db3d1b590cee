//! One line of text that ends in "…" where the room ends.

use std::sync::Arc;

use egui::{Color32, Galley, Painter, Pos2, TextWrapMode, Ui, WidgetText};

use crate::theme::Type;

/// A text laid out, ready to be painted.
pub(crate) struct Line<'a> {
    text: &'a str,
    galley: Arc<Galley>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(ui: &Ui, text: &'a str, size: Type, room: f32) -> Self {
        let galley = WidgetText::from(text).into_galley(
            ui,
            Some(TextWrapMode::Truncate),
            room.max(0.0),
            size.font(),
        );
        Self { text, galley }
    }

    /// In whole points, so that what follows the text stands on a pixel.
    pub(crate) fn width(&self) -> f32 {
        self.galley.size().x.ceil()
    }

    /// Paints the line to the right of `left`, which is half-way up, and returns its whole text
    /// for a tooltip if it was cut.
    #[must_use = "no text may be cut for good"]
    pub(crate) fn paint(self, painter: &Painter, left: Pos2, color: Color32) -> Option<&'a str> {
        let corner = left - egui::vec2(0.0, self.galley.size().y / 2.0);
        let cut = self.galley.elided;
        painter.galley_with_override_text_color(corner, self.galley, color);
        cut.then_some(self.text)
    }
}
