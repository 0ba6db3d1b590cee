//! The list's scroll bar: like egui's to look at, but counted in f64 over rows.

use egui::accesskit::{self, Action, Role};
use egui::{Id, Rangef, Rect, Response, Sense, Shape, Ui, lerp};

use crate::position::{Geometry, Position};
use crate::state::{Grab, RowListState};

/// The bar of one frame, along the right edge of the list.
pub(crate) struct ScrollBar {
    id: Id,
    /// Where it can be taken hold of.
    track: Rect,
    handle_min_length: f32,
}

impl ScrollBar {
    pub(crate) fn new(ui: &Ui, list: Id, outer: Rect) -> Self {
        let style = ui.spacing().scroll;
        let margin = if style.floating { 0.0 } else { style.bar_outer_margin };
        // If the list is wider than what is seen of it, the bar is still seen.
        let right = outer.right().min(ui.clip_rect().right()) - margin;
        let left = (right - style.bar_width).max(outer.left()).min(right);
        let track = Rect::from_x_y_ranges(Rangef::new(left, right), outer.y_range());
        Self { id: list.with("scroll bar"), track, handle_min_length: style.handle_min_length }
    }

    fn handle_length(&self, geometry: &Geometry) -> f32 {
        let track = self.track.height();
        let length = shorten(f64::from(track) * geometry.part_in_view());
        length.max(self.handle_min_length).min(track)
    }

    /// From top to bottom.
    fn handle(&self, geometry: &Geometry, position: Position) -> Rangef {
        let length = self.handle_length(geometry);
        let way = f64::from(self.track.height() - length) * geometry.fraction(position);
        let top = self.track.top() + shorten(way);
        Rangef::new(top, top + length)
    }

    /// The position of which the handle's upper edge stands here.
    fn position_at(&self, geometry: &Geometry, top: f32) -> Position {
        let way = self.track.height() - self.handle_length(geometry);
        if way > 0.0 {
            geometry.at_fraction(f64::from(top - self.track.top()) / f64::from(way))
        } else {
            geometry.start()
        }
    }

    /// What was done to the bar as it was drawn in the last frame. A press on the handle takes hold of it,
    /// beside the handle it moves the list by a page. Gives the position that is wanted.
    pub(crate) fn interact(
        &self,
        ui: &Ui,
        geometry: &Geometry,
        state: &mut RowListState,
    ) -> Option<Position> {
        if !ui.is_enabled() {
            state.grab = None;
            return None;
        }
        if let Some(asked) = self.asked(ui, geometry, state.position) {
            return Some(asked);
        }
        let response = ui.ctx().read_response(self.id)?;
        let pointer = response.interact_pointer_pos().map(|pointer| pointer.y);
        let Some(pointer) = pointer.filter(|y| y.is_finite()) else {
            state.grab = None;
            return None;
        };
        if let Some(grab) = &mut state.grab {
            // A hand that is still holds the list still, also when rows come.
            let has_moved = std::mem::replace(&mut grab.pointer, pointer) != pointer;
            let top = pointer - grab.below_top;
            return has_moved.then(|| self.position_at(geometry, top));
        }
        if !ui.input(|input| input.pointer.primary_pressed()) {
            return None;
        }
        let handle = self.handle(geometry, state.position);
        if handle.contains(pointer) {
            state.grab = Some(Grab { below_top: pointer - handle.min, pointer });
            return None;
        }
        Some(geometry.paged(state.position, pointer > handle.max))
    }

    /// What a screen reader asks of the bar.
    fn asked(&self, ui: &Ui, geometry: &Geometry, position: Position) -> Option<Position> {
        ui.input(|input| {
            let asked = |action| input.accesskit_action_requests(self.id, action).last();
            if let Some(request) = asked(Action::SetValue)
                && let Some(accesskit::ActionData::NumericValue(percent)) = request.data
            {
                return Some(geometry.at_fraction(percent / 100.0));
            }
            let is_down = asked(Action::Increment).is_some();
            let is_up = asked(Action::Decrement).is_some();
            (is_down || is_up).then(|| geometry.paged(position, is_down))
        })
    }

    /// Draws it, above the rows.
    pub(crate) fn show(&self, ui: &Ui, geometry: &Geometry, position: Position, name: &str) {
        let sense = if ui.is_enabled() { Sense::CLICK | Sense::DRAG } else { Sense::hover() };
        let response = ui.interact(self.track, self.id, sense);
        let percent = geometry.fraction(position) * 100.0;
        ui.ctx().accesskit_node_builder(self.id, |node| {
            node.set_role(Role::ScrollBar);
            node.set_label(name);
            node.set_orientation(accesskit::Orientation::Vertical);
            node.set_numeric_value(percent);
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(100.0);
            node.add_action(Action::SetValue);
            node.add_action(Action::Increment);
            node.add_action(Action::Decrement);
        });
        if ui.is_rect_visible(self.track) {
            self.paint(ui, &response, self.handle(geometry, position));
        }
    }

    /// As `egui::ScrollArea` does it.
    fn paint(&self, ui: &Ui, response: &Response, handle: Rangef) {
        let style = ui.spacing().scroll;
        let is_held = response.is_pointer_button_down_on();
        let is_used = response.hovered() || is_held;
        let width = if style.floating {
            let wide = ui.ctx().animate_bool_responsive(self.id.with("wide"), is_used);
            lerp(style.floating_width..=style.bar_width, wide)
        } else {
            style.bar_width
        };
        let right = self.track.right();
        let cross = Rangef::new((right - width).max(self.track.left()), right);

        let is_on_handle = response.hover_pos().is_some_and(|pointer| handle.contains(pointer.y));
        let widgets = &ui.visuals().widgets;
        let visuals = if is_held {
            &widgets.active
        } else if is_on_handle {
            &widgets.hovered
        } else {
            &widgets.inactive
        };
        let (background, opacity) = if !style.floating {
            (1.0, 1.0)
        } else if is_used {
            (style.interact_background_opacity, style.interact_handle_opacity)
        } else {
            // Never dormant: it is the only sign of how much there is.
            (style.active_background_opacity, style.active_handle_opacity)
        };
        let colour = if style.foreground_color { visuals.fg_stroke.color } else { visuals.bg_fill };
        let track = Rect::from_x_y_ranges(cross, self.track.y_range());
        let handle = Rect::from_x_y_ranges(cross, handle);
        let radius = visuals.corner_radius;
        let ground = ui.visuals().extreme_bg_color.gamma_multiply(background);
        ui.painter().add(Shape::rect_filled(track, radius, ground));
        ui.painter().add(Shape::rect_filled(handle, radius, colour.gamma_multiply(opacity)));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "points of a view")]
fn shorten(points: f64) -> f32 {
    points as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar() -> ScrollBar {
        let track = Rect::from_x_y_ranges(0.0..=10.0, 100.0..=300.0);
        ScrollBar { id: Id::unique("bar"), track, handle_min_length: 12.0 }
    }

    #[test]
    fn the_handle_stays_in_its_track() {
        for count in [11, 1000, 10_000_000, 1_000_000_000_000, u64::MAX] {
            let geometry = Geometry::new(0..count, 20.0, 200.0);
            let (first, last) = (
                bar().handle(&geometry, geometry.start()),
                bar().handle(&geometry, geometry.end()),
            );
            assert_eq!(first.min, 100.0);
            assert!((last.max - 300.0).abs() < 1e-3, "{last:?}");
            assert!(first.span() >= 12.0 - 1e-3 && first.span() <= 200.0, "{first:?}");
        }
    }

    #[test]
    fn the_handle_and_the_position_agree() {
        let geometry = Geometry::new(0..10_000_000, 20.0, 200.0);
        for top in [100.0, 101.0, 150.5, 287.0, 288.0] {
            let handle = bar().handle(&geometry, bar().position_at(&geometry, top));
            assert!((handle.min - top).abs() < 1e-3, "{top} became {handle:?}");
        }
        assert_eq!(bar().position_at(&geometry, -1e30), geometry.start());
        assert_eq!(bar().position_at(&geometry, 1e30), geometry.end());
    }

    #[test]
    fn a_track_shorter_than_the_handle_does_nothing() {
        let mut bar = bar();
        bar.track.max.y = 105.0;
        let geometry = Geometry::new(0..1000, 20.0, 5.0);
        assert_eq!(bar.handle(&geometry, geometry.end()).span(), 5.0);
        assert_eq!(bar.position_at(&geometry, 103.0), geometry.start());
    }
}
