//! The floating action button: the one thing that the page is for.

use egui::{Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo};

use crate::{
    feedback,
    icons::Icon,
    theme::{Elevation, Scheme},
};

/// A raised button of 56 by 56 points. [`crate::Scaffold::fab`] puts it where it belongs.
#[must_use = "give it to a `Scaffold`, or show it with `ui.add`"]
pub struct Fab<'a> {
    icon: Icon,
    name: &'a str,
}

impl<'a> Fab<'a> {
    /// Width and height.
    pub const SIZE: f32 = 56.0;

    /// `name` says what a click does; it is the tooltip and what a screen reader says.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self { icon, name }
    }
}

impl Widget for Fab<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(Self::SIZE), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name));

        if ui.is_rect_visible(rect) {
            let scheme = Scheme::of(ui);
            let (container, content) = if ui.is_enabled() {
                (scheme.primary_container, scheme.on_primary_container)
            } else {
                (scheme.disabled_container().0, scheme.disabled)
            };
            let painter = feedback::painter(ui);
            if ui.is_enabled() {
                let elevation = if response.hovered() && !response.is_pointer_button_down_on() {
                    Elevation::EIGHT
                } else {
                    Elevation::SIX
                };
                painter.extend(elevation.shapes(rect, RADIUS));
            }
            let border = if ui.is_enabled() {
                scheme.container_stroke()
            } else {
                Stroke::new(1.0, scheme.disabled_container().1)
            };
            painter.rect(rect, RADIUS, container, border, StrokeKind::Inside);
            painter.rect_filled(rect, RADIUS, feedback::state_layer(content, &response));
            self.icon.paint(&painter, rect.center(), 24.0, content);
            feedback::focus_ring(ui, &response, rect, RADIUS);
            feedback::tooltip(&response, self.name);
        }
        response
    }
}

const RADIUS: u8 = 16;
