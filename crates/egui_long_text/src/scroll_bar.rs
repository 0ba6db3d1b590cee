//! A scroll bar that knows fractions only, so that it is as exact for a long text as for a short one.

use egui::accesskit::{Orientation, Role};
use egui::{Id, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// A bar as it stands in this frame.
pub(crate) struct ScrollBar<'a> {
    pub(crate) id: Id,
    pub(crate) rect: Rect,
    pub(crate) is_vertical: bool,
    /// For those who don't see it.
    pub(crate) name: &'a str,
    /// How much of the way is behind us, from 0 to 1.
    pub(crate) position: f64,
    /// How much of the whole is seen, from 0 to 1.
    pub(crate) seen: f64,
}

impl ScrollBar<'_> {
    /// Draws it, and gives the position that a person has dragged it to.
    pub(crate) fn show(&self, ui: &Ui) -> Option<f64> {
        let along = |at: egui::Pos2| if self.is_vertical { at.y } else { at.x };
        let (start, end) = (along(self.rect.min), along(self.rect.max));
        let length = (end - start).max(1.0);
        let shortest = ui.spacing().scroll.handle_min_length.min(length);
        let handle = (length * fraction(self.seen)).clamp(shortest, length);
        let way = (length - handle).max(f32::EPSILON);
        let mut from = start + way * fraction(self.position);

        let sense = Sense::click_and_drag() - Sense::FOCUSABLE;
        let response = ui.interact(self.rect, self.id, sense);
        let mut dragged = None;
        if response.is_pointer_button_down_on()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let pointer = along(pointer);
            let kept: Option<f32> = ui.data(|data| data.get_temp(self.id));
            let is_on_handle = (from..=from + handle).contains(&pointer);
            // Where it is gripped: the middle follows a press beside it.
            let middle = handle / 2.0;
            let grip = kept.unwrap_or(if is_on_handle { pointer - from } else { middle });
            ui.data_mut(|data| data.insert_temp(self.id, grip));
            from = (pointer - grip).clamp(start, start + way);
            dragged = Some(f64::from((from - start) / way));
        } else {
            ui.data_mut(|data| data.remove::<f32>(self.id));
        }

        let visuals = ui.style().interact(&response);
        let handle = if self.is_vertical {
            Rect::from_min_size(pos2(self.rect.left(), from), vec2(self.rect.width(), handle))
        } else {
            Rect::from_min_size(pos2(from, self.rect.top()), vec2(handle, self.rect.height()))
        };
        let painter = ui.painter();
        painter.rect_filled(self.rect, visuals.corner_radius, ui.visuals().extreme_bg_color);
        painter.rect_filled(handle, visuals.corner_radius, visuals.fg_stroke.color);

        response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, ui.is_enabled(), self.name));
        ui.ctx().accesskit_node_builder(self.id, |node| {
            node.set_orientation(if self.is_vertical {
                Orientation::Vertical
            } else {
                Orientation::Horizontal
            });
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(100.0);
            node.set_numeric_value((dragged.unwrap_or(self.position) * 100.0).round());
        });
        dragged
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a screen has fewer points than f32 tells apart"
)]
fn fraction(value: f64) -> f32 {
    value.clamp(0.0, 1.0) as f32
}
