//! A small plate that says how something stands: by icon and words, and by colour too.

use egui::{Color32, Response, Role, Sense, StrokeKind, Ui, Widget, WidgetInfo, accesskit, vec2};

use crate::{
    feedback,
    icons::Icon,
    line::Line,
    theme::{Scheme, Type},
};

/// Whether the news is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    Neutral,
    /// All is well.
    Good,
    /// It may not be what is wanted.
    Caution,
    /// Something is broken.
    Bad,
}

/// A status, 32 points high. It can't be clicked.
///
/// Screen readers say its text when it changes. Where there is little room the text ends in "…"
/// and is whole in its tooltip.
#[must_use = "show it with `ui.add`"]
pub struct Chip<'a> {
    icon: Icon,
    text: &'a str,
    tone: Tone,
}

impl<'a> Chip<'a> {
    /// The icon should tell the tones apart for those who don't see their colours.
    pub fn new(icon: Icon, text: &'a str, tone: Tone) -> Self {
        Self { icon, text, tone }
    }

    /// Container and content.
    fn colors(&self, ui: &Ui) -> (Color32, Color32) {
        let scheme = Scheme::of(ui);
        match self.tone {
            Tone::Neutral => (scheme.surface_container_high, scheme.on_surface_variant),
            Tone::Good => (scheme.success_container, scheme.on_success_container),
            Tone::Caution => (scheme.warning_container, scheme.on_warning_container),
            Tone::Bad => (scheme.error_container, scheme.on_error_container),
        }
    }
}

impl Widget for Chip<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const HEIGHT: f32 = 32.0;
        const ICON: f32 = 18.0;
        const LEFT: f32 = 8.0;
        const GAP: f32 = 8.0;
        const RIGHT: f32 = 16.0;

        let room = ui.available_width() - LEFT - ICON - GAP - RIGHT;
        let line = Line::new(ui, self.text, Type::LABEL_LARGE, room);
        let width = LEFT + ICON + GAP + line.width() + RIGHT;
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.text));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_live(accesskit::Live::Polite);
        });

        if ui.is_rect_visible(rect) {
            let (container, content) = self.colors(ui);
            let painter = ui.painter();
            let border = Scheme::of(ui).container_stroke();
            painter.rect(rect, 8, container, border, StrokeKind::Inside);
            let start = rect.left_center() + vec2(LEFT, 0.0);
            self.icon.paint(painter, start + vec2(ICON / 2.0, 0.0), ICON, content);
            if let Some(whole) = line.paint(painter, start + vec2(ICON + GAP, 0.0), content) {
                feedback::hover_tooltip(&response, whole);
            }
        }
        response
    }
}
