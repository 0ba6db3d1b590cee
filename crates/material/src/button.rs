//! Buttons that carry words, and buttons that are an icon.

use egui::{
    Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo, vec2,
};

use crate::{
    feedback,
    icons::Icon,
    line::Line,
    theme::{Scheme, Type},
};

/// Of a picture on a button with words.
const ICON: f32 = 18.0;
/// Between it and the words.
const ICON_GAP: f32 = 8.0;

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

#[derive(Clone, Copy)]
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
        Self { text, icon: None, kind }
    }

    /// Puts an icon before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// How wide it is where there is room for all of its words, in points.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        let (left, right) = self.padding();
        left + self.icon_width()
            + Line::new(ui, self.text, Type::LABEL_LARGE, f32::INFINITY).width()
            + right
    }

    fn icon_width(&self) -> f32 {
        self.icon.map_or(0.0, |_| ICON + ICON_GAP)
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
        let none = Color32::TRANSPARENT;
        let (container, border, content) = match self.kind {
            Kind::Text => (none, none, scheme.primary),
            Kind::Outlined => (none, scheme.outline, scheme.primary),
            Kind::Tonal => {
                let border = scheme.container_outline;
                (scheme.secondary_container, border, scheme.on_secondary_container)
            }
        };
        if ui.is_enabled() {
            return (container, border, content);
        }
        let (container, border) = scheme.disabled_container();
        match self.kind {
            Kind::Text => (none, none, scheme.disabled),
            Kind::Outlined => (none, border, scheme.disabled),
            Kind::Tonal => (container, border, scheme.disabled),
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const HEIGHT: f32 = 40.0;

        let (left, right) = self.padding();
        let icon_width = self.icon_width();
        let room = ui.available_width() - left - icon_width - right;
        let line = Line::new(ui, self.text, Type::LABEL_LARGE, room);
        let width = left + icon_width + line.width() + right;
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.text));

        if ui.is_rect_visible(rect) {
            let (container, border, content) = self.colors(ui);
            let painter = feedback::painter(ui);
            let border = Stroke::new(1.0, border);
            painter.rect(rect, RADIUS, container, border, StrokeKind::Inside);
            painter.rect_filled(rect, RADIUS, feedback::state_layer(content, &response));
            let start = rect.left_center() + vec2(left, 0.0);
            if let Some(icon) = self.icon {
                icon.paint(&painter, start + vec2(ICON / 2.0, 0.0), ICON, content);
            }
            let cut = line.paint(&painter, start + vec2(icon_width, 0.0), content);
            feedback::focus_ring(ui, &response, rect, RADIUS);
            if let Some(whole) = cut {
                feedback::tooltip(&response, whole);
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
    is_selected: bool,
}

impl<'a> IconButton<'a> {
    /// `name` says what a click does; it is the tooltip and what a screen reader says.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self { icon, name, is_selected: false }
    }

    /// Whether what it opens is open: shown by its ground. Its name should say it too.
    pub fn selected(mut self, is_selected: bool) -> Self {
        self.is_selected = is_selected;
        self
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(48.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name));

        if ui.is_rect_visible(rect) {
            let scheme = Scheme::of(ui);
            let content = if !ui.is_enabled() {
                scheme.disabled
            } else if self.is_selected {
                scheme.on_secondary_container
            } else {
                scheme.on_surface_variant
            };
            let painter = feedback::painter(ui);
            let disc = Rect::from_center_size(rect.center(), Vec2::splat(40.0));
            if self.is_selected {
                let border = scheme.container_stroke();
                let ground = scheme.secondary_container;
                painter.rect(disc, RADIUS, ground, border, StrokeKind::Inside);
            }
            painter.rect_filled(disc, RADIUS, feedback::state_layer(content, &response));
            self.icon.paint(&painter, disc.center(), 24.0, content);
            feedback::focus_ring(ui, &response, disc, RADIUS);
            feedback::tooltip(&response, self.name);
        }
        response
    }
}

/// Half of the height of every button: their ends are round.
const RADIUS: u8 = 20;
