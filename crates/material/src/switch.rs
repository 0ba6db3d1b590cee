//! Something that is on or off, and takes effect at once: Flutter's `SwitchListTile`.

use egui::{Response, Role, Stroke, StrokeKind, Ui, Widget, WidgetInfo, pos2, vec2};

use crate::{
    feedback,
    icons::Icon,
    row::{Row, Side},
    theme::Scheme,
};

/// A row of words with a switch at its end, at least 48 points high; a click anywhere on it turns it.
///
/// It does not turn by itself: where the response is `clicked`, show it with the other value next.
#[must_use = "show it with `ui.add`"]
pub struct Switch<'a> {
    text: &'a str,
    note: Option<&'a str>,
    is_on: bool,
}

impl<'a> Switch<'a> {
    /// The text says what is so while it is on.
    pub fn new(is_on: bool, text: &'a str) -> Self {
        Self { text, note: None, is_on }
    }

    /// Below the text: more about it, or why it is disabled. Nothing by default.
    pub fn note(mut self, note: &'a str) -> Self {
        self.note = Some(note);
        self
    }
}

impl Widget for Switch<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const WIDTH: f32 = 52.0;
        const HEIGHT: f32 = 32.0;

        let row = Row::new(ui, self.text, self.note, Side::Right, WIDTH);
        let response = row.response.clone();
        let enabled = ui.is_enabled();
        let info = || WidgetInfo::selected(Role::Switch, enabled, self.is_on, self.text);
        response.widget_info(info);
        feedback::describe(&response, self.note);

        if ui.is_rect_visible(response.rect) {
            let scheme = Scheme::of(ui);
            let painter = feedback::painter(ui);
            row.paint(ui, &painter);
            let ((faint, border), greyed) = (scheme.disabled_container(), scheme.disabled);
            let (track, border, thumb, tick) = match (enabled, self.is_on) {
                (true, true) => (scheme.primary, scheme.primary, scheme.on_primary, scheme.primary),
                (true, false) => {
                    let track = scheme.surface_container_highest;
                    (track, scheme.outline, scheme.outline, track)
                }
                (false, true) if scheme.has_outlines() => (faint, border, greyed, scheme.surface),
                (false, true) => (faint, border, scheme.surface, greyed),
                (false, false) => (scheme.surface, border, greyed, greyed),
            };
            let center = row.control.center();
            let rect = egui::Rect::from_center_size(center, vec2(WIDTH, HEIGHT));
            let stroke = Stroke::new(2.0, border);
            painter.rect(rect, RADIUS, track, stroke, StrokeKind::Inside);
            let (x, radius) = if self.is_on {
                (rect.right() - HEIGHT / 2.0, 12.0)
            } else {
                (rect.left() + HEIGHT / 2.0, 8.0)
            };
            let middle = pos2(x, center.y);
            painter.circle_filled(middle, radius, thumb);
            if self.is_on {
                // Not by colour and place alone.
                Icon::Check.paint(&painter, middle, 16.0, tick);
            }
        }
        response
    }
}

/// Half of its height: its ends are round.
const RADIUS: u8 = 16;
