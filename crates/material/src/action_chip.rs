//! A small button among others of its kind: something to do, or something that is on or off.

use egui::{Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, vec2};

use crate::{
    feedback,
    icons::Icon,
    line::Line,
    theme::{Scheme, Type},
};

/// Material's assist chip and, with [`on`](Self::on), its filter chip: 32 points high, 40 to hit.
///
/// Where there is little room the text ends in "…" and is whole in its tooltip.
#[must_use = "show it with `ui.add`"]
pub struct ActionChip<'a> {
    text: &'a str,
    name: &'a str,
    is_on: Option<bool>,
    tooltip: Option<&'a str>,
}

impl<'a> ActionChip<'a> {
    /// `text` says what a click does.
    pub fn new(text: &'a str) -> Self {
        Self { text, name: text, is_on: None, tooltip: None }
    }

    /// What it is called by those who hear it, where its text is a sign.
    pub fn named(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    /// It can be on or off, and is this: filled and ticked, or not.
    pub fn on(mut self, is_on: bool) -> Self {
        self.is_on = Some(is_on);
        self
    }

    /// Says more about it, also to those who hear it.
    pub fn tooltip(mut self, tooltip: &'a str) -> Self {
        self.tooltip = Some(tooltip);
        self
    }
}

impl ActionChip<'_> {
    /// How wide it is where there is room for its words.
    pub fn width(&self, ui: &Ui) -> f32 {
        2.0 * PADDING + Line::new(ui, self.text, Type::LABEL_LARGE, f32::INFINITY).width()
    }
}

impl Widget for ActionChip<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const HEIGHT: f32 = 32.0;
        const HIT_HEIGHT: f32 = 40.0;
        const TICK: f32 = 12.0;
        const GAP: f32 = 4.0;

        let room = ui.available_width() - 2.0 * PADDING;
        let line = Line::new(ui, self.text, Type::LABEL_LARGE, room);
        let width = 2.0 * PADDING + line.width();
        let (hit, response) = ui.allocate_exact_size(vec2(width, HIT_HEIGHT), Sense::click());
        let rect = hit.shrink2(vec2(0.0, (HIT_HEIGHT - HEIGHT) / 2.0));
        response.widget_info(|| match self.is_on {
            Some(is_on) => WidgetInfo::selected(Role::Button, ui.is_enabled(), is_on, self.name),
            None => WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name),
        });
        if let Some(tooltip) = self.tooltip {
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(tooltip));
        }

        if ui.is_rect_visible(rect) {
            let scheme = Scheme::of(ui);
            let is_on = self.is_on == Some(true);
            let (container, border, content) = if !ui.is_enabled() {
                (scheme.surface, scheme.disabled_container().1, scheme.disabled)
            } else if is_on {
                let container = scheme.secondary_container;
                let border = if scheme.has_outlines() { scheme.outline } else { container };
                (container, border, scheme.on_secondary_container)
            } else {
                (scheme.surface, scheme.outline, scheme.on_surface_variant)
            };
            let painter = feedback::painter(ui);
            painter.rect(rect, RADIUS, container, Stroke::new(1.0, border), StrokeKind::Inside);
            painter.rect_filled(rect, RADIUS, feedback::state_layer(content, &response));
            let start = rect.left_center() + vec2(PADDING, 0.0);
            // The tick finds its room in the padding, or the chips after it would move.
            let shift = if is_on { (TICK + GAP) / 2.0 } else { 0.0 };
            if is_on {
                let center = start + vec2(shift - GAP - TICK / 2.0, 0.0);
                Icon::Check.paint(&painter, center, TICK, content);
            }
            let cut = line.paint(&painter, start + vec2(shift, 0.0), content);
            feedback::focus_ring(ui, &response, rect, RADIUS);
            if let Some(tooltip) = self.tooltip.or(cut) {
                feedback::tooltip(&response, tooltip);
            }
        }
        response
    }
}

const RADIUS: u8 = 8;

/// Left and right of the words.
const PADDING: f32 = 14.0;
