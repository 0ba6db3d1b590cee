//! Buttons that carry words, and buttons that are an icon.

use egui::{
    Color32, CornerRadius, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, TextWrapMode, Ui,
    Vec2, Widget, WidgetInfo, WidgetText, vec2,
};

use super::{
    feedback,
    icons::Icon,
    theme::{Scheme, Type},
};

/// A button with a word or two on it, 40 points high.
///
/// It is as wide as its words. Where there is less room the words end in "…" and are whole in its
/// tooltip. Disable it with [`Ui::add_enabled`].
#[must_use = "show it with `ui.add`"]
pub struct Button<'a> {
    text: &'a str,
    icon: Option<Icon>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Outlined,
    Tonal,
}

impl<'a> Button<'a> {
    /// The quietest: words in the primary colour.
    pub fn text(text: &'a str) -> Self {
        Self::new(Kind::Text, text)
    }

    /// Words in a line: matters, but isn't what the page is for.
    pub fn outlined(text: &'a str) -> Self {
        Self::new(Kind::Outlined, text)
    }

    /// Words on a soft ground: what a person most likely wants next.
    pub fn tonal(text: &'a str) -> Self {
        Self::new(Kind::Tonal, text)
    }

    fn new(kind: Kind, text: &'a str) -> Self {
        Self {
            text,
            icon: None,
            kind,
        }
    }

    /// Puts an icon before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Left and right of the content; less on the side of an icon, which looks lighter than text.
    fn padding(&self) -> (f32, f32) {
        match (self.kind, self.icon) {
            (Kind::Text, None) => (12.0, 12.0),
            (Kind::Text, Some(_)) => (12.0, 16.0),
            (_, None) => (24.0, 24.0),
            (_, Some(_)) => (16.0, 24.0),
        }
    }

    /// Container, border and content.
    fn colors(&self, ui: &Ui) -> (Color32, Color32, Color32) {
        let scheme = Scheme::of(ui);
        let surface = ui.visuals().panel_fill;
        let none = Color32::TRANSPARENT;
        let (container, border, content) = match self.kind {
            Kind::Text => (none, none, scheme.primary),
            Kind::Outlined => (none, scheme.outline, scheme.primary),
            Kind::Tonal => (
                scheme.secondary_container,
                none,
                scheme.on_secondary_container,
            ),
        };
        if ui.is_enabled() {
            return (container, border, content);
        }
        let (faint, greyed) = feedback::disabled(scheme, surface);
        match self.kind {
            Kind::Text => (none, none, greyed),
            Kind::Outlined => (none, faint, greyed),
            Kind::Tonal => (faint, none, greyed),
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const HEIGHT: f32 = 40.0;
        const ICON: f32 = 18.0;
        const GAP: f32 = 8.0;

        let (left, right) = self.padding();
        let icon_width = self.icon.map_or(0.0, |_| ICON + GAP);
        let room = (ui.available_width() - left - icon_width - right).max(0.0);
        let galley = WidgetText::from(self.text).into_galley(
            ui,
            Some(TextWrapMode::Truncate),
            room,
            Type::LABEL_LARGE.font(),
        );
        let width = left + icon_width + galley.size().x.ceil() + right;
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.text));

        if ui.is_rect_visible(rect) {
            let (container, border, content) = self.colors(ui);
            let ground = if container == Color32::TRANSPARENT {
                ui.visuals().panel_fill
            } else {
                container
            };
            let painter = feedback::painter(ui);
            let radius = CornerRadius::same(20);
            painter.rect(
                rect,
                radius,
                // A button without a ground of its own must not hide what it stands on at rest.
                match feedback::state_layer(ground, content, &response) {
                    layered if layered == ground => container,
                    layered => layered,
                },
                Stroke::new(1.0, border),
                StrokeKind::Inside,
            );
            if let Some(icon) = self.icon {
                let center = Pos2::new(rect.left() + left + ICON / 2.0, rect.center().y);
                icon.paint(&painter, center, ICON, content);
            }
            let text = Pos2::new(
                rect.left() + left + icon_width,
                rect.center().y - galley.size().y / 2.0,
            );
            let cut = galley.elided;
            painter.galley_with_override_text_color(text, galley, content);
            feedback::focus_ring(ui, &response, rect, 20);
            if cut {
                feedback::tooltip(&response, self.text);
            }
        }
        response
    }
}

/// A round button that is only an icon: 40 points to see, 48 to hit.
#[must_use = "show it with `ui.add`"]
pub struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
}

impl<'a> IconButton<'a> {
    /// `name` says what a click does; it is the tooltip and what a screen reader says.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self { icon, name }
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(48.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name));

        if ui.is_rect_visible(rect) {
            let scheme = Scheme::of(ui);
            let surface = ui.visuals().panel_fill;
            let content = if ui.is_enabled() {
                scheme.on_surface_variant
            } else {
                feedback::disabled(scheme, surface).1
            };
            let painter = feedback::painter(ui);
            let disc = Rect::from_center_size(rect.center(), Vec2::splat(40.0));
            let layered = feedback::state_layer(surface, content, &response);
            if layered != surface {
                painter.circle_filled(disc.center(), 20.0, layered);
            }
            self.icon.paint(&painter, disc.center(), 24.0, content);
            feedback::focus_ring(ui, &response, disc, 20);
            feedback::tooltip(&response, self.name);
        }
        response
    }
}
