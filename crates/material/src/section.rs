//! A part of a page that can be folded away behind one line: Flutter's `ExpansionTile`.

use std::sync::Arc;

use egui::{
    Galley, Id, Response, Role, Sense, Stroke, TextWrapMode, Ui, WidgetInfo, WidgetText, vec2,
};

use crate::{
    feedback,
    icons::Icon,
    row::{RADIUS, VEIL},
    theme::{Scheme, Type},
};

/// A heading that opens and closes what is below it, under a thin line.
///
/// While it is closed it says in a line what is inside, or what is wrong there. Whether it is open is
/// kept by egui under its id.
#[must_use = "call `show`"]
pub struct Section<'a> {
    id: Id,
    title: &'a str,
    summary: &'a str,
    problem: Option<&'a str>,
    starts_open: bool,
}

impl<'a> Section<'a> {
    /// `id` must be the same in every frame, also when the title changes its language.
    pub fn new(id: Id, title: &'a str) -> Self {
        Self { id, title, summary: "", problem: None, starts_open: false }
    }

    /// What is inside, in a line that ends in "…" where the room ends. Nothing by default.
    pub fn summary(mut self, summary: &'a str) -> Self {
        self.summary = summary;
        self
    }

    /// What is wrong inside, if anything is. It takes the place of the summary.
    pub fn problem(mut self, problem: Option<&'a str>) -> Self {
        self.problem = problem;
        self
    }

    /// Whether it is open until a person closes it. It is not, by default.
    pub fn starts_open(mut self, starts_open: bool) -> Self {
        self.starts_open = starts_open;
        self
    }

    /// Shows the heading, and what `add` shows while it is open.
    pub fn show<R>(self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> Option<R> {
        let mut is_open = ui.data(|data| data.get_temp(self.id)).unwrap_or(self.starts_open);
        if self.heading_ui(ui, is_open).clicked() {
            is_open = !is_open;
            ui.data_mut(|data| data.insert_temp(self.id, is_open));
            ui.ctx().request_repaint();
        }
        is_open.then(|| {
            ui.add_space(ABOVE);
            let inner = ui.push_id(self.id, add).inner;
            ui.add_space(BELOW);
            inner
        })
    }

    fn heading_ui(&self, ui: &mut Ui, is_open: bool) -> Response {
        const ICON: f32 = 24.0;
        const GAP: f32 = 12.0;

        let width = ui.available_width();
        let note = self.problem.unwrap_or(self.summary);
        let has_note = !is_open && !note.is_empty();
        let height = if has_note { WITH_NOTE } else { ALONE };
        let (_, rect) = ui.allocate_space(vec2(width, height));
        let response = ui.interact(rect, self.id.with("heading"), Sense::click());
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, self.title));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(is_open));
        feedback::describe(&response, has_note.then_some(note));

        if ui.is_rect_visible(rect) {
            let scheme = Scheme::of(ui);
            let painter = feedback::painter(ui);
            let line = Stroke::new(1.0, scheme.outline_variant);
            painter.hline(rect.x_range(), rect.top() + 0.5, line);
            let veil = feedback::state_layer(scheme.on_surface, &response);
            let veiled = rect.expand2(vec2(VEIL, -2.0));
            painter.rect_filled(veiled, RADIUS, veil);
            let room = width - ICON - GAP;
            let title = line_of(ui, self.title, Type::BODY_LARGE, room);
            let title_middle = if has_note { 22.0 } else { ALONE / 2.0 };
            let left = rect.left_top();
            let corner = |middle: f32, indent: f32, galley: &Galley| {
                left + vec2(indent, (middle - galley.size().y / 2.0).round())
            };
            let place = corner(title_middle, 0.0, &title);
            painter.galley_with_override_text_color(place, title, scheme.on_surface);
            let icon = if is_open { Icon::ExpandLess } else { Icon::ExpandMore };
            let center = rect.right_center() - vec2(ICON / 2.0, 0.0);
            icon.paint(&painter, center, ICON, scheme.on_surface_variant);
            let mut cut = None;
            if has_note {
                let middle = 44.0;
                let (color, indent) = match self.problem {
                    Some(_) => (scheme.error, 22.0),
                    None => (scheme.on_surface_variant, 0.0),
                };
                if self.problem.is_some() {
                    // Not by colour alone.
                    let center = left + vec2(8.0, middle);
                    Icon::Warning.paint(&painter, center, 16.0, scheme.error);
                }
                let galley = line_of(ui, note, Type::BODY_MEDIUM, room - indent);
                cut = galley.elided.then_some(note);
                let place = corner(middle, indent, &galley);
                painter.galley_with_override_text_color(place, galley, color);
            }
            feedback::focus_ring(ui, &response, veiled.shrink(4.0), RADIUS);
            if let Some(whole) = cut {
                feedback::hover_tooltip(&response, whole);
            }
        }
        response
    }
}

fn line_of(ui: &Ui, text: &str, size: Type, room: f32) -> Arc<Galley> {
    let text = WidgetText::from(text);
    text.into_galley(ui, Some(TextWrapMode::Truncate), room.max(0.0), size.font())
}

/// How high the heading is, with its note and without.
const WITH_NOTE: f32 = 64.0;
const ALONE: f32 = 48.0;

/// Between the heading and what is inside, which its ring must not touch.
const ABOVE: f32 = 4.0;

/// After what is inside, before the next heading.
const BELOW: f32 = 16.0;
