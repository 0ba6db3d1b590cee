//! Figures seen at a glance: bars beside each other, the newest at the right.

use egui::{Color32, Rect, Response, Role, Sense, StrokeKind, Ui, Widget, WidgetInfo, pos2, vec2};

use crate::theme::Scheme;

/// Bars on a line, as wide as there is room; with [`below`](Self::below) two kinds of figures, one above
/// the line and one below it, to the same scale.
///
/// The largest reaches the edge. Where there is not room for all, the newest are shown. It says no figure
/// itself: whoever shows it says them in words beside it.
#[must_use = "show it with `ui.add`"]
pub struct Bars<'a> {
    name: &'a str,
    above: &'a [f32],
    below: Option<&'a [f32]>,
    slots: Option<usize>,
}

impl<'a> Bars<'a> {
    /// The name is for those who can't see it: what is shown, with its main figures. What is not above
    /// zero has no bar.
    pub fn new(name: &'a str, figures: &'a [f32]) -> Self {
        Self { name, above: figures, below: None, slots: None }
    }

    /// These hang below the line, each under its counterpart.
    pub fn below(mut self, figures: &'a [f32]) -> Self {
        self.below = Some(figures);
        self
    }

    /// For how many bars there is room, whether they are there or not; as many as are 6 points wide, unless it
    /// is set.
    pub fn slots(mut self, slots: usize) -> Self {
        self.slots = Some(slots);
        self
    }
}

impl Widget for Bars<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let size = vec2(ui.available_width(), HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.name));
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let scheme = Scheme::of(ui);
        let painter = ui.painter();
        let border = scheme.container_stroke();
        painter.rect(rect, 8, scheme.surface_container, border, StrokeKind::Inside);
        let inner = rect.shrink(PADDING);
        let width = match self.slots {
            Some(slots) => (inner.width() / slots.max(1) as f32).max(1.0),
            None => BAR,
        };
        let gap = if width >= 3.0 { 1.0 } else { 0.0 };
        let axis = if self.below.is_some() { inner.center().y.round() } else { inner.bottom() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some bars")]
        let most = (inner.width() / width).round() as usize;
        let newest = |figures: &'_ [f32]| figures[figures.len().saturating_sub(most)..].to_vec();
        let above = newest(self.above);
        let below = self.below.map(newest).unwrap_or_default();
        let largest = above.iter().chain(&below).copied().fold(f32::MIN_POSITIVE, f32::max);
        let paint = |figures: &[f32], height: f32, color: Color32| {
            for (age, figure) in figures.iter().rev().enumerate() {
                if *figure > 0.0 {
                    let right = inner.right() - age as f32 * width;
                    // What is there can be seen, however little it is.
                    let tip = (figure / largest * height.abs()).max(2.0).copysign(height);
                    let bar = Rect::from_two_pos(
                        pos2((right - width).round() + gap, axis),
                        pos2(right.round(), (axis - tip).round()),
                    );
                    painter.rect_filled(bar, 0, color);
                }
            }
        };
        paint(&above, axis - inner.top(), scheme.primary);
        paint(&below, axis - inner.bottom(), scheme.outline);
        painter.hline(inner.x_range(), axis, egui::Stroke::new(1.0, scheme.outline));
        response
    }
}

const HEIGHT: f32 = 72.0;
const PADDING: f32 = 8.0;

/// How wide a bar is, with the gap before it.
const BAR: f32 = 6.0;
