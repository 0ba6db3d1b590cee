//! The bar on top of the page: its title, and what can be done from anywhere.

use egui::{Align, InnerResponse, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::{
    feedback,
    line::Line,
    theme::{Scheme, Type},
};

/// A title and actions, as wide as there is room: 64 points high, or 112 with the title in a line of
/// its own where it doesn't fit beside the actions; see also [`low`](Self::low).
///
/// It has no ground of its own: [`crate::Scaffold`] tints it when the page scrolls under it.
#[must_use = "call `show`"]
pub struct AppBar<'a> {
    title: &'a str,
    is_low: bool,
}

impl<'a> AppBar<'a> {
    /// A title that ends in "…" where the room ends, and is whole in its tooltip.
    pub fn new(title: &'a str) -> Self {
        Self { title, is_low: false }
    }

    /// As low as its buttons, and the title never in a line of its own: for windows that are low themselves.
    pub fn low(mut self, is_low: bool) -> Self {
        self.is_low = is_low;
        self
    }

    /// Draws the bar; `actions` adds what stands at its right end, from left to right.
    pub fn show<R>(self, ui: &mut Ui, actions: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        // Actions are laid out from the left, in the order in which Tab visits them, and still end
        // at the right edge: so their width must be known beforehand. It changes with the
        // language; the frame in which it does is drawn again before anybody sees it.
        let width_id = ui.scope_id().with("app bar actions width");
        let width: f32 = ui.data(|data| data.get_temp(width_id)).unwrap_or_default();
        let beside = ui.available_width() - START - GAP - width - END;
        let fits = Line::new(ui, self.title, Type::TITLE_LARGE, f32::INFINITY).width() <= beside;
        let fits = fits || self.is_low;
        let row = if self.is_low { LOW } else { HEIGHT };
        let height = if fits { row } else { TWO_LINES };
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let actions_rect = Rect::from_min_max(
            egui::pos2(rect.right() - END - width, rect.top()),
            egui::pos2(rect.right() - END, rect.top() + row),
        );
        let title_rect = if fits {
            Rect::from_min_max(
                rect.left_top() + vec2(START, 0.0),
                egui::pos2(actions_rect.left() - GAP, rect.bottom()),
            )
        } else {
            Rect::from_min_max(
                egui::pos2(rect.left() + START, rect.top() + HEIGHT),
                rect.right_bottom() - vec2(START, TITLE_BELOW),
            )
        };
        self.title_ui(ui, title_rect);

        let inner = ui.scope_builder(
            UiBuilder::new()
                .id_salt("actions")
                .max_rect(actions_rect)
                .layout(Layout::left_to_right(Align::Center)),
            |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                actions(ui)
            },
        );
        let taken = inner.response.rect.width();
        if (taken - width).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(width_id, taken));
            ui.ctx().request_discard("the app bar's actions changed their width");
        }
        InnerResponse::new(inner.inner, response)
    }

    fn title_ui(&self, ui: &Ui, rect: Rect) {
        let line = Line::new(ui, self.title, Type::TITLE_LARGE, rect.width());
        let response = ui.interact(rect, ui.scope_id().with("title"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, self.title));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_level(0));
        let color = Scheme::of(ui).on_surface;
        if let Some(whole) = line.paint(ui.painter(), rect.left_center(), color) {
            feedback::hover_tooltip(&response, whole);
        }
    }
}

const HEIGHT: f32 = 64.0;

const TWO_LINES: f32 = 112.0;

/// An icon button's height.
const LOW: f32 = 48.0;

/// Below the title that has a line of its own.
const TITLE_BELOW: f32 = 16.0;

/// From the left edge to the title.
const START: f32 = 16.0;

/// From the last action to the right edge: with the air inside an icon button this makes 16.
const END: f32 = 4.0;

/// Between the title and the first action.
const GAP: f32 = 8.0;
