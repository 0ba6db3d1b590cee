//! A list of things to do, which an icon button opens.

use egui::{Popup, Response, Role, Sense, Ui, UiKind, Widget, WidgetInfo, vec2};

use crate::{
    button::IconButton,
    feedback,
    icons::Icon,
    line::Line,
    theme::{Scheme, Type},
};

/// Shows a button that opens a menu. A click on an item, a click elsewhere or Escape closes it.
pub fn menu_button<R>(
    ui: &mut Ui,
    button: IconButton<'_>,
    items: impl FnOnce(&mut Ui) -> R,
) -> Option<R> {
    let button = ui.add(button);
    let menu = Popup::menu(&button).width(MIN_WIDTH);
    let shown = menu.show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        items(ui)
    })?;
    // Whoever chose without the pointer goes on where they opened it, unless the choice takes them elsewhere.
    let is_pointed = || button.ctx.input(|input| input.pointer.any_click());
    if shown.response.should_close() && !is_pointed() {
        button.request_focus();
    }
    Some(shown.inner)
}

/// One thing to do, 48 points high.
#[must_use = "show it with `ui.add`"]
pub struct MenuItem<'a> {
    icon: Option<Icon>,
    text: &'a str,
}

impl<'a> MenuItem<'a> {
    /// The text says what a click does.
    pub fn new(icon: Icon, text: &'a str) -> Self {
        Self { icon: Some(icon), text }
    }

    /// Without an icon, for menus in which no item has one.
    pub fn plain(text: &'a str) -> Self {
        Self { icon: None, text }
    }
}

impl Widget for MenuItem<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        const ICON: f32 = 24.0;
        const SIDE: f32 = 12.0;

        let (least, text_left) = match self.icon {
            Some(_) => (MIN_WIDTH, SIDE + ICON + SIDE),
            None => (MIN_PLAIN_WIDTH, SIDE),
        };
        let room = ui.available_width().max(least);
        let line = Line::new(ui, self.text, Type::LABEL_LARGE, f32::INFINITY);
        let width = room.max(text_left + line.width() + SIDE);
        let (rect, response) = ui.allocate_exact_size(vec2(width, 48.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, ui.is_enabled(), self.text));
        if response.clicked() {
            // egui closes a menu by the pointer alone.
            ui.close_kind(UiKind::Menu);
        }
        if ui.is_rect_visible(rect) {
            let scheme = Scheme::of(ui);
            let painter = ui.painter();
            painter.rect_filled(rect, 0, feedback::state_layer(scheme.on_surface, &response));
            let left = rect.left_center();
            if let Some(icon) = self.icon {
                let center = left + vec2(SIDE + ICON / 2.0, 0.0);
                icon.paint(painter, center, ICON, scheme.on_surface_variant);
            }
            // There is room for the whole of it.
            let _ = line.paint(painter, left + vec2(text_left, 0.0), scheme.on_surface);
            feedback::focus_ring(ui, &response, rect.shrink(2.0), 4);
        }
        response
    }
}

const MIN_WIDTH: f32 = 200.0;

/// The same without icons.
const MIN_PLAIN_WIDTH: f32 = 112.0;
