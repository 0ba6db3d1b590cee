//! The frame of a page: app bar on top, scrolling body below, floating button in the corner.

use egui::{Frame, Margin, Rect, Response, ScrollArea, Shape, Ui, UiBuilder, Vec2};

use crate::{app_bar::AppBar, fab::Fab, theme::Scheme};

/// Flutter's `Scaffold`, filling the whole of the [`Ui`] it is shown in.
#[must_use = "call `show`"]
pub struct Scaffold<'a> {
    title: &'a str,
    padding: i8,
    max_width: f32,
    fab: Option<Fab<'a>>,
    fab_enabled: bool,
}

/// What the parts of a [`Scaffold`] returned.
pub struct ScaffoldOutput<A, H, B, C> {
    /// From the app bar's actions.
    pub actions: A,

    /// From what stands below the app bar.
    pub header: H,

    /// From the body.
    pub body: B,

    /// From what stands below the body.
    pub below: C,

    /// The floating button's, if there is one.
    pub fab: Option<Response>,
}

impl<'a> Scaffold<'a> {
    /// A page with this title in its app bar.
    pub fn new(title: &'a str) -> Self {
        Self { title, padding: 16, max_width: f32::INFINITY, fab: None, fab_enabled: true }
    }

    /// Around the body, in points; 16 by default.
    pub fn padding(mut self, padding: i8) -> Self {
        self.padding = padding;
        self
    }

    /// The widest that the body gets, in points; where there is more room it stands in the middle.
    pub fn max_width(mut self, width: f32) -> Self {
        self.max_width = width;
        self
    }

    /// Whether the floating button can be pressed.
    pub fn fab_enabled(mut self, enabled: bool) -> Self {
        self.fab_enabled = enabled;
        self
    }

    /// A button over the body's bottom right corner. The end of the body never hides below it.
    pub fn fab(mut self, fab: Fab<'a>) -> Self {
        self.fab = Some(fab);
        self
    }

    /// Draws the page. Tab visits the actions, then the header, then the body and what is below it, then the floating
    /// button.
    ///
    /// The header stands below the bar and does not scroll; one that draws nothing takes no room. What is below the
    /// body scrolls with it.
    ///
    /// In a low window, as every window is when it is zoomed into, there is room for nothing that does not scroll but
    /// the bar, which shrinks: the header stands above the body, and the floating button between the body and what is
    /// below it.
    ///
    /// As in Flutter's `Column`, there is no space between the parts of the body but what it adds
    /// itself.
    pub fn show<A, H, B, C>(
        mut self,
        ui: &mut Ui,
        actions: impl FnOnce(&mut Ui) -> A,
        header: impl FnOnce(&mut Ui) -> H,
        body: impl FnOnce(&mut Ui) -> B,
        below: impl FnOnce(&mut Ui) -> C,
    ) -> ScaffoldOutput<A, H, B, C> {
        let scheme = Scheme::of(ui);
        let page = ui.max_rect();
        ui.painter().rect_filled(page, 0, scheme.surface);

        // Whether the bar is tinted is known only after the body has been scrolled.
        let tint = ui.painter().add(Shape::Noop);
        let is_low = page.height() < LOW;
        let bar = AppBar::new(self.title).low(is_low).show(ui, actions);

        let below_bar = Rect::from_min_max(bar.response.rect.left_bottom(), page.max);
        let (top, header, scrolled, fab) = if is_low {
            let padded = Frame::new().inner_margin(Margin::same(self.padding));
            let sides = Frame::new().inner_margin(Margin::symmetric(self.padding, 0));
            let (fab, enabled) = (self.fab.take(), self.fab_enabled);
            let scrolled = self.body_ui(ui, below_bar, Margin::ZERO, |ui| {
                let header = header(ui);
                let body = padded.show(ui, body).inner;
                let fab = fab.map(|fab| inline_fab(ui, fab, enabled));
                let below = sides.show(ui, below);
                if below.response.rect.height() > 0.0 {
                    ui.add_space(self.padding.into());
                }
                (header, (body, below.inner), fab)
            });
            let (header, inner, fab) = scrolled.inner;
            (below_bar.top(), header, Scrolled { inner, under_bar: scrolled.under_bar }, fab)
        } else {
            let builder = UiBuilder::new().id_salt("header").max_rect(self.column(below_bar));
            let header = ui.scope_builder(builder, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                header(ui)
            });
            let top = header.response.rect.bottom().max(below_bar.top());
            let room = Rect::from_min_max(egui::pos2(page.left(), top), page.max);
            let mut margin = Margin::same(self.padding);
            if self.fab.is_some() {
                margin.bottom = margin.bottom.max(FAB_ROOM);
            }
            let scrolled = self.body_ui(ui, room, margin, |ui| (body(ui), below(ui)));
            (top, header.inner, scrolled, None)
        };
        if scrolled.under_bar {
            let bar = Rect::from_min_max(page.min, egui::pos2(page.right(), top));
            let fill = Shape::rect_filled(bar, 0, scheme.surface_container);
            let line = Shape::hline(bar.x_range(), bar.bottom() - 0.5, scheme.container_stroke());
            ui.painter().set(tint, Shape::Vec(vec![fill, line]));
        }

        let column = self.column(page);
        let enabled = self.fab_enabled;
        let floating = self.fab.map(|fab| {
            let corner = column.max - Vec2::splat(MARGIN);
            let rect = Rect::from_min_max(corner - Vec2::splat(Fab::SIZE), corner);
            let builder = UiBuilder::new().id_salt("fab").max_rect(rect);
            ui.scope_builder(builder, |ui| ui.add_enabled(enabled, fab)).inner
        });

        let (body, below) = scrolled.inner;
        ScaffoldOutput { actions: bar.inner, header, body, below, fab: fab.or(floating) }
    }

    /// Where in this room the body's column is.
    fn column(&self, room: Rect) -> Rect {
        let width = room.width().min(self.max_width).round();
        let left = room.left() + ((room.width() - width) / 2.0).round();
        Rect::from_min_max(egui::pos2(left, room.top()), egui::pos2(left + width, room.bottom()))
    }

    fn body_ui<B>(
        &self,
        ui: &mut Ui,
        room: Rect,
        margin: Margin,
        body: impl FnOnce(&mut Ui) -> B,
    ) -> Scrolled<B> {
        ui.scope_builder(UiBuilder::new().id_salt("body").max_rect(room), |ui| {
            let output =
                ScrollArea::vertical().auto_shrink(false).content_margin(margin).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    let column = self.column(ui.max_rect());
                    ui.scope_builder(UiBuilder::new().max_rect(column), body).inner
                });
            Scrolled { inner: output.inner, under_bar: output.state.clamped_offset().y > 0.0 }
        })
        .inner
    }
}

/// The button below the body, at its right edge.
fn inline_fab(ui: &mut Ui, fab: Fab<'_>, enabled: bool) -> Response {
    let size = egui::vec2(ui.available_width(), Fab::SIZE + MARGIN);
    let (room, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let corner = room.max - Vec2::splat(MARGIN);
    let rect = Rect::from_min_max(corner - Vec2::splat(Fab::SIZE), corner);
    let builder = UiBuilder::new().id_salt("fab").max_rect(rect);
    ui.scope_builder(builder, |ui| ui.add_enabled(enabled, fab)).inner
}

struct Scrolled<B> {
    inner: B,
    under_bar: bool,
}

/// A window lower than this has no room for what doesn't scroll.
const LOW: f32 = 400.0;

/// From the floating button to the edges.
const MARGIN: f32 = 16.0;

/// The floating button's height with a margin on both sides.
const FAB_ROOM: i8 = 56 + 2 * 16;
