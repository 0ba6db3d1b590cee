//! A small plate that says how something stands: by icon and words, and by colour too.

use egui::{
    Color32, CornerRadius, Pos2, Response, Role, Sense, TextWrapMode, Ui, Widget, WidgetInfo,
    WidgetText, accesskit, vec2,
};

use super::{
    feedback,
    icons::Icon,
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

        let room = (ui.available_width() - LEFT - ICON - GAP - RIGHT).max(0.0);
        let galley = WidgetText::from(self.text).into_galley(
            ui,
            Some(TextWrapMode::Truncate),
            room,
            Type::LABEL_LARGE.font(),
        );
        let width = LEFT + ICON + GAP + galley.size().x.ceil() + RIGHT;
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.text));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_live(accesskit::Live::Polite);
        });

        if ui.is_rect_visible(rect) {
            let (container, content) = self.colors(ui);
            let painter = ui.painter();
            painter.rect_filled(rect, CornerRadius::same(8), container);
            let icon = Pos2::new(rect.left() + LEFT + ICON / 2.0, rect.center().y);
            self.icon.paint(painter, icon, ICON, content);
            let text = Pos2::new(
                rect.left() + LEFT + ICON + GAP,
                rect.center().y - galley.size().y / 2.0,
            );
            let cut = galley.elided;
            painter.galley_with_override_text_color(text, galley, content);
            if cut {
                feedback::tooltip(&response, self.text);
            }
        }
        response
    }
}
