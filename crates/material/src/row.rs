//! A row of a list: words over a note, as wide as there is room, with a control at one of its sides.

use std::sync::Arc;

use egui::{
    Color32, Galley, Painter, Rect, Response, RichText, Sense, TextWrapMode, Ui, WidgetText, pos2,
    vec2,
};

use crate::{
    feedback,
    theme::{Scheme, Type},
};

/// A row that can be pressed, before it is painted.
pub(crate) struct Row {
    pub(crate) response: Response,
    /// Where the control is.
    pub(crate) control: Rect,
    text: Arc<Galley>,
    note: Option<Arc<Galley>>,
    text_left: f32,
}

/// At which side of the words the control stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Row {
    /// Takes the room for it. The words go on in a second line where there is little.
    pub(crate) fn new(
        ui: &mut Ui,
        text: &str,
        note: Option<&str>,
        side: Side,
        control_width: f32,
    ) -> Self {
        const GAP: f32 = 12.0;

        let width = ui.available_width();
        let room = (width - control_width - GAP).max(0.0);
        let galley = |ui: &Ui, text: RichText| {
            let text = WidgetText::from(text);
            text.into_galley(ui, Some(TextWrapMode::Wrap), room, Type::BODY_LARGE.font())
        };
        let note = note.filter(|note| !note.is_empty());
        let text = galley(ui, Type::BODY_LARGE.rich(text));
        let note = note.map(|note| galley(ui, Type::BODY_SMALL.rich(note)));
        let words_height = text.size().y + note.as_ref().map_or(0.0, |note| note.size().y);
        let height = (words_height + 2.0 * PADDING).max(MIN_HEIGHT).ceil();
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let (control_left, text_left) = match side {
            Side::Left => (rect.left(), rect.left() + control_width + GAP),
            Side::Right => (rect.right() - control_width, rect.left()),
        };
        // The control stands beside the first line of the words, or beside all of them if they are few.
        let control = Rect::from_min_size(
            pos2(control_left, rect.top()),
            vec2(control_width, if side == Side::Left { MIN_HEIGHT } else { height }),
        );
        Self { response, control, text, note, text_left }
    }

    /// Paints the words, under a veil where the row is hovered or pressed.
    pub(crate) fn paint(&self, ui: &Ui, painter: &Painter) {
        let scheme = Scheme::of(ui);
        let rect = self.response.rect;
        let veil = feedback::state_layer(scheme.on_surface, &self.response);
        painter.rect_filled(rect.expand2(vec2(VEIL, 0.0)), RADIUS, veil);
        let (color, note_color) = if ui.is_enabled() {
            (scheme.on_surface, scheme.on_surface_variant)
        } else {
            // The note says why it is disabled, and so it can be read.
            (scheme.disabled, scheme.on_surface_variant)
        };
        let height = self.text.size().y;
        let words = height + self.note.as_ref().map_or(0.0, |note| note.size().y);
        let top = if words + 2.0 * PADDING < MIN_HEIGHT {
            rect.center().y - words / 2.0
        } else {
            rect.top() + PADDING
        };
        let corner = pos2(self.text_left, top.round());
        let paint = |corner, galley: &Arc<Galley>, color: Color32| {
            painter.galley_with_override_text_color(corner, Arc::clone(galley), color);
        };
        paint(corner, &self.text, color);
        if let Some(note) = &self.note {
            paint(corner + vec2(0.0, height), note, note_color);
        }
        let ring = rect.expand2(vec2(VEIL - 2.0, -2.0));
        feedback::focus_ring(ui, &self.response, ring.shrink(2.0), RADIUS);
    }
}

/// How high a row is at least: to be hit by a finger.
const MIN_HEIGHT: f32 = 48.0;

/// Above and below the words.
const PADDING: f32 = 8.0;

/// How far the veil reaches beyond the words.
pub(crate) const VEIL: f32 = 8.0;

/// Of the veil's corners.
pub(crate) const RADIUS: u8 = 8;
