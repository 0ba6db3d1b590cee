//! The list of one frame: takes in what the person does, draws the rows that are seen, tells what happened.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use egui::accesskit::Role;
use egui::emath::GuiRounding as _;
use egui::{
    Align, Atom, AtomPaintArgs, Button, Event, EventFilter, Id, IdSalt, Key, Layout, Modifiers,
    Pos2, Rect, Response, Sense, Stroke, StrokeKind, Style, TextStyle, TextWrapMode, Ui, UiBuilder,
    Vec2, pos2, vec2,
};

use crate::accessibility::{self, Request};
use crate::position::{Geometry, Position};
use crate::scroll_bar::ScrollBar;
use crate::state::RowListState;
use crate::words::{RowPlace, Words};

/// Two clicks further apart than this are no double click, in seconds. egui asks for less; this is for a
/// first click that something inside the row has had.
const DOUBLE_CLICK: f64 = 1.0;

/// Between the button back to the end and the edges of the view, in points.
const BUTTON_MARGIN: f32 = 8.0;

/// As high as a row can be, in points. Beyond it f32 couldn't say a part of a pixel within the row.
const MAX_ROW_HEIGHT: f32 = 100_000.0;

/// A list of equally high rows: how it is shown in this frame. What lasts is in [`RowListState`].
///
/// The rows have numbers of the caller's, which go on for ever: rows that come behind raise the end of the
/// range, rows that are dropped in front raise its start. A number that has once been a row's should not
/// become another's, or a selection and the place in the list mean another row; so after "clear" go on with
/// `n..n`.
#[must_use = "call `show`"]
pub struct RowList<'a> {
    id_salt: IdSalt,
    rows: Range<u64>,
    row_height: f32,
    max_height: f32,
    follow_end: bool,
    words: Words<'a>,
}

/// What the caller needs to know to draw a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowState {
    /// It is among the selected rows. The list has filled its background, and gives text the colour that goes
    /// with it, unless the caller gives it one of its own.
    pub selected: bool,
    /// It is the row that the keyboard moves.
    pub current: bool,
    /// The pointer is above it.
    pub hovered: bool,
    /// The list has the keyboard.
    pub focused: bool,
}

/// What happened in the list in this frame.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RowListOutput {
    /// Of the list without its rows, for context menus and to give it the keyboard.
    pub response: Response,
    /// The rows that are seen, if only in part.
    pub visible: Range<u64>,
    /// The row that the keyboard moves.
    pub current: Option<u64>,
    /// The selected rows.
    pub selected: Option<RangeInclusive<u64>>,
    /// The person has changed the selection or the current row.
    pub selection_changed: bool,
    /// The person wants this row opened: by Enter, a double click or a screen reader's click.
    pub activated: Option<u64>,
    /// The person wants these rows copied: by Ctrl+C, or Cmd+C on a Mac. The list doesn't know their text.
    pub copy: Option<RangeInclusive<u64>>,
    /// The list is at its end and stays there when rows come.
    pub following: bool,
    /// Rows that have come since the person left the end; 0 while the list follows it.
    pub new_rows: u64,
}

/// What the person did in this frame.
#[derive(Default)]
struct Deeds {
    selection_changed: bool,
    activated: Option<u64>,
    copy: Option<RangeInclusive<u64>>,
}

impl<'a> RowList<'a> {
    /// A list of these rows, each so many points high. The height is rounded to whole pixels, so that all
    /// rows are equally high on the screen, and is at least one pixel and at most 100 000 points.
    ///
    /// The salt tells it from other lists in the same [`Ui`].
    pub fn new(id_salt: impl egui::AsIdSalt, rows: Range<u64>, row_height: f32) -> Self {
        Self {
            id_salt: IdSalt::new(id_salt),
            rows,
            row_height,
            max_height: f32::INFINITY,
            follow_end: true,
            words: Words::default(),
        }
    }

    /// Takes no more height than this, in points. Unless it is called, the list takes all that there is.
    pub fn max_height(mut self, max_height: f32) -> Self {
        self.max_height = max_height;
        self
    }

    /// Whether the list starts at its end and stays there when rows come, until the person scrolls up. True
    /// unless said otherwise. If not, it starts with its first row.
    pub fn follow_end(mut self, follow_end: bool) -> Self {
        self.follow_end = follow_end;
        self
    }

    /// What the list is called by a screen reader, "List" unless said otherwise.
    pub fn name(mut self, name: &'a str) -> Self {
        self.words.name = name;
        self
    }

    /// What the scroll bar is called by a screen reader, "Scroll bar" unless said otherwise.
    pub fn scroll_bar_name(mut self, name: &'a str) -> Self {
        self.words.scroll_bar = name;
        self
    }

    /// What a screen reader says for a row, "row 9 999 998 of 10 000 000" unless said otherwise. Whoever
    /// wants the row's text read with it adds it here. It is called only while something listens, and only
    /// for visible rows.
    pub fn row_name(mut self, row_name: &'a dyn Fn(RowPlace) -> String) -> Self {
        self.words.row_name = row_name;
        self
    }

    /// The text of the button back to the end, from how many rows have come since the person left it:
    /// "128 new" unless said otherwise. An arrow is painted before it, as egui's fonts have none. There is no button while none have come.
    pub fn new_rows_label(mut self, label: &'a dyn Fn(u64) -> String) -> Self {
        self.words.new_rows = label;
        self
    }

    /// Shows the list in the space that is left in `ui`, and `add_row` draws the visible rows into it, from
    /// the top.
    ///
    /// A row's `Ui` goes from left to right, is as high as the row and clipped to the list. Its id is the
    /// row's own: what is in it keeps its state wherever the row stands. Text in it can't be marked, as a
    /// click selects the row; a caller that wants it sets `selectable_labels` in the row's style.
    pub fn show(
        self,
        ui: &mut Ui,
        state: &mut RowListState,
        mut add_row: impl FnMut(&mut Ui, u64, RowState),
    ) -> RowListOutput {
        let id = ui.make_persistent_id(self.id_salt);
        let outer = self.outer_rect(ui);
        let row_height = whole_pixels(self.row_height, ui.pixels_per_point());
        let geometry = Geometry::new(self.rows.clone(), row_height, outer.height());
        let mut view = outer;
        let has_bar = !geometry.is_hidden() && !geometry.fits();
        if has_bar {
            let bar = ui.spacing().scroll.allocated_width();
            view.max.x = (view.max.x - bar).max(view.min.x);
        }
        let bar = ScrollBar::new(ui, id, outer);

        // What the pointer does, it does to what was drawn before.
        let drawn = state.position;
        let requests = accessibility::take_requests(ui, id, state.visible());
        state.take_in(&geometry, self.follow_end);

        let mut sense = Sense::CLICK | Sense::FOCUSABLE;
        if ui.input(|input| input.has_touch_screen()) {
            sense |= Sense::DRAG;
        }
        let response = ui.interact(view, id, sense);
        accessibility::describe_list(ui.ctx(), id, &self.words, geometry.count());

        let mut frame = Frame {
            id,
            geometry: &geometry,
            view,
            follow_end: self.follow_end,
            deeds: Deeds::default(),
        };
        if ui.is_enabled() {
            for request in requests {
                frame.do_request(state, request, &response);
            }
            frame.take_keys(ui, state, &response);
            frame.take_clicks(ui, state, &response, drawn);
            frame.take_touch(ui, state, &response);
            frame.take_wheel(ui, state, outer);
        }
        if has_bar {
            if let Some(to) = bar.interact(ui, &geometry, state) {
                state.touch.velocity = 0.0;
                state.scroll(&geometry, to, self.follow_end);
            }
        } else {
            state.grab = None;
        }

        frame.draw_rows(ui, state, &response, &self.words, &mut add_row);
        if has_bar {
            bar.show(ui, &geometry, state.position, self.words.scroll_bar);
        }
        let new_rows = state.new_rows(&geometry, self.follow_end);
        if new_rows > 0 && !geometry.is_hidden() {
            frame.draw_button(ui, state, &(self.words.new_rows)(new_rows));
        }
        let deeds = frame.deeds;

        ui.advance_cursor_after_rect(outer);
        RowListOutput {
            response,
            visible: state.visible(),
            current: state.current(),
            selected: state.selected(),
            selection_changed: deeds.selection_changed,
            activated: deeds.activated,
            copy: deeds.copy,
            following: state.is_following(),
            new_rows: state.new_rows(&geometry, self.follow_end),
        }
    }

    /// The space that the list takes. Where there is no end to it, it is what can be seen.
    fn outer_rect(&self, ui: &Ui) -> Rect {
        let available = ui.available_rect_before_wrap();
        let min = pos2(finite(available.min.x, 0.0), finite(available.min.y, 0.0));
        let seen = ui.ctx().content_rect();
        let size = vec2(
            finite(available.max.x - min.x, seen.width()),
            finite(available.max.y - min.y, seen.height()),
        );
        // `min` with what is no number gives the other.
        let size = vec2(size.x, size.y.min(self.max_height)).max(Vec2::ZERO);
        Rect::from_min_size(min, size).round_to_pixels(ui.pixels_per_point())
    }
}

/// What the steps of one frame have in common.
struct Frame<'a> {
    id: Id,
    geometry: &'a Geometry,
    /// Where the rows are.
    view: Rect,
    follow_end: bool,
    deeds: Deeds,
}

impl Frame<'_> {
    fn scroll(&self, state: &mut RowListState, to: Position) -> bool {
        state.scroll(self.geometry, to, self.follow_end)
    }

    fn select(&mut self, state: &mut RowListState, row: u64, extend: bool) {
        let before = state.selection;
        state.selection.select(row, extend);
        self.deeds.selection_changed |= state.selection != before;
    }

    fn reveal(&self, state: &mut RowListState, row: u64) {
        let to = self.geometry.revealing(state.position, row);
        state.touch.velocity = 0.0;
        self.scroll(state, to);
    }

    fn do_request(&mut self, state: &mut RowListState, request: Request, response: &Response) {
        let rows = self.geometry.rows();
        match request {
            Request::Focus(row) if rows.contains(&row) => {
                response.request_focus();
                self.select(state, row, false);
            }
            Request::Activate(row) if rows.contains(&row) => {
                self.select(state, row, false);
                self.deeds.activated = Some(row);
            }
            Request::Reveal(row) if rows.contains(&row) => self.reveal(state, row),
            Request::Page { down } => {
                self.scroll(state, self.geometry.paged(state.position, down));
            }
            // It was dropped meanwhile.
            Request::Focus(_) | Request::Activate(_) | Request::Reveal(_) => {}
        }
    }

    fn take_keys(&mut self, ui: &Ui, state: &mut RowListState, response: &Response) {
        if !response.has_focus() {
            return;
        }
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, filter));
        if self.geometry.count() == 0 {
            return;
        }
        ui.input(|input| {
            for event in &input.events {
                match event {
                    Event::Copy => self.deeds.copy = state.selected(),
                    Event::Key { key, pressed: true, modifiers, .. } => {
                        self.take_key(state, *key, *modifiers);
                    }
                    _ => {}
                }
            }
        });
    }

    fn take_key(&mut self, state: &mut RowListState, key: Key, modifiers: Modifiers) {
        let rows = self.geometry.rows();
        let last = rows.end - 1;
        if modifiers.alt {
            return;
        }
        if modifiers.command {
            match key {
                Key::C => self.deeds.copy = state.selected(),
                Key::A => {
                    let before = state.selected();
                    state.selection.select_range(rows.start, last);
                    self.deeds.selection_changed |= state.selected() != before;
                }
                Key::Home | Key::End => {}
                _ => return,
            }
        }
        let page = self.geometry.page();
        let step = |up: bool, rows_away: u64| match state.current() {
            Some(row) if up => row.saturating_sub(rows_away).max(rows.start),
            Some(row) => row.saturating_add(rows_away).min(last),
            // The first press finds the row that is nearest in sight.
            None if up => {
                self.geometry.visible(state.position).end.saturating_sub(1).max(rows.start)
            }
            None => self.geometry.visible(state.position).start.min(last),
        };
        let row = match key {
            Key::ArrowUp => step(true, 1),
            Key::ArrowDown => step(false, 1),
            Key::PageUp => step(true, page),
            Key::PageDown => step(false, page),
            Key::Home => rows.start,
            Key::End => last,
            Key::Enter => {
                self.deeds.activated = state.current();
                return;
            }
            _ => return,
        };
        self.select(state, row, modifiers.shift);
        self.reveal(state, row);
        if key == Key::End {
            state.go_to_end(self.geometry, self.follow_end);
        }
    }

    /// A click is for the row that was under the pointer when it was pressed, as it was drawn then; and the
    /// second click of two for the row of the first. In a list that runs, others stand there meanwhile.
    fn take_clicks(
        &mut self,
        ui: &Ui,
        state: &mut RowListState,
        response: &Response,
        drawn: Position,
    ) {
        let (is_pressed, time, modifiers) =
            ui.input(|input| (input.pointer.any_pressed(), input.time, input.modifiers));
        let is_clicked = response.clicked_by(egui::PointerButton::Primary);
        let is_menu = response.secondary_clicked();
        if is_pressed && (response.is_pointer_button_down_on() || is_clicked || is_menu) {
            let pointer = response.interact_pointer_pos();
            state.pressed.row = pointer.and_then(|pointer| self.row_at(drawn, pointer));
            state.touch.velocity = 0.0;
        }
        if !(is_clicked || is_menu) {
            return;
        }
        response.request_focus();
        let rows = self.geometry.rows();
        let Some(row) = state.pressed.row.filter(|row| rows.contains(row)) else { return };
        if is_menu {
            // A menu is for all that is selected, if it was opened there.
            if !state.selection.contains(row) {
                self.select(state, row, false);
            }
        } else if response.double_clicked() {
            let first = state.pressed.clicked.take();
            let first = first.filter(|(_, at)| time - at <= DOUBLE_CLICK).map(|(row, _)| row);
            let row = first.filter(|row| rows.contains(row)).unwrap_or(row);
            self.select(state, row, false);
            self.deeds.activated = Some(row);
        } else {
            self.select(state, row, modifiers.shift);
            state.pressed.clicked = Some((row, time));
        }
    }

    fn row_at(&self, position: Position, pointer: Pos2) -> Option<u64> {
        self.geometry.row_at(position, pointer.y - self.view.top())
    }

    /// A finger moves the rows, and lets them run on. As in `egui::ScrollArea`, but it stops at the edges.
    fn take_touch(&self, ui: &Ui, state: &mut RowListState, response: &Response) {
        if response.dragged() {
            let delta = ui.input(|input| input.pointer.delta().y);
            self.scroll(state, self.geometry.moved(state.position, -f64::from(delta)));
            state.touch.velocity = 0.0;
            return;
        }
        if response.drag_stopped() {
            state.touch.velocity = -finite(ui.input(|input| input.pointer.velocity().y), 0.0);
        }
        if state.touch.velocity == 0.0 {
            return;
        }
        let kinetic = ui.spacing().scroll.kinetic;
        let dt = ui.input(|input| input.stable_dt).min(0.1);
        let way_left = state.touch.velocity.abs() * kinetic.decay_time;
        if way_left < kinetic.stop_distance || !way_left.is_finite() {
            state.touch.velocity = 0.0;
            return;
        }
        let slower = state.touch.velocity * (-dt / kinetic.decay_time).exp();
        let way = kinetic.decay_time * (state.touch.velocity - slower);
        let has_moved = self.scroll(state, self.geometry.moved(state.position, way.into()));
        state.touch.velocity = if has_moved { slower } else { 0.0 };
        if has_moved {
            ui.ctx().request_repaint();
        }
    }

    fn take_wheel(&self, ui: &Ui, state: &mut RowListState, outer: Rect) {
        let is_dragging = ui.ctx().dragged_id().is_some_and(|dragged| dragged != self.id);
        if !ui.rect_contains_pointer(outer) || is_dragging {
            return;
        }
        let any_direction = ui.style().always_scroll_the_only_direction;
        let delta = ui.input(|input| input.smooth_scroll_delta());
        let delta = if any_direction { delta.x + delta.y } else { delta.y };
        if delta == 0.0 || !delta.is_finite() {
            return;
        }
        state.touch.velocity = 0.0;
        // The delta is how the content moves.
        if self.scroll(state, self.geometry.moved(state.position, -f64::from(delta))) {
            // A list around this one gets what this one can't use.
            ui.input_mut(|input| {
                if any_direction {
                    input.smooth_scroll_delta = Vec2::ZERO;
                } else {
                    input.smooth_scroll_delta.y = 0.0;
                }
            });
        } else if delta < 0.0 && !self.geometry.fits() {
            // Down at the end.
            state.go_to_end(self.geometry, self.follow_end);
        }
    }

    fn draw_rows(
        &self,
        ui: &mut Ui,
        state: &mut RowListState,
        response: &Response,
        words: &Words<'_>,
        add_row: &mut impl FnMut(&mut Ui, u64, RowState),
    ) {
        let (geometry, view) = (self.geometry, self.view);
        state.visible = geometry.visible(state.position);
        let clip = view.intersect(ui.clip_rect());
        let drawn =
            geometry.between(state.position, clip.top() - view.top(), clip.bottom() - view.top());
        let is_focused = response.has_focus();
        let current = state.current().filter(|row| drawn.contains(row));
        let hovered = response.hover_pos().and_then(|pointer| self.row_at(state.position, pointer));
        let style = row_style(ui);
        let is_heard = ui.ctx().has_accesskit_node(self.id);
        let ppp = ui.pixels_per_point();

        let mut rows_ui = ui
            .new_child(UiBuilder::new().scope_id(self.id.with("rows")).max_rect(view).style(style));
        rows_ui.set_clip_rect(clip);
        let rows_ui = &mut rows_ui;
        let mut current_rect = None;
        // One for all of them, and none where none is selected.
        let mut selected_style = None;
        for row in drawn {
            let top = view.top() + geometry.top(state.position, row);
            let rect = Rect::from_x_y_ranges(view.x_range(), top..=top + geometry.row_height());
            let rect = rect.round_to_pixels(ppp).round_ui();
            let row_state = RowState {
                selected: state.selection.contains(row),
                current: current == Some(row),
                hovered: hovered == Some(row),
                focused: is_focused,
            };
            if row_state.selected {
                let fill = rows_ui.visuals().selection.bg_fill;
                rows_ui.painter().rect_filled(rect, 0.0, fill);
            }
            if row_state.current {
                current_rect = Some(rect);
            }
            let id = accessibility::row_id(self.id, row);
            let mut builder = UiBuilder::new()
                .scope_id(id)
                .max_rect(rect)
                .layout(Layout::left_to_right(Align::Center))
                .accessibility_parent(self.id)
                .accessibility_role(Role::ListBoxOption);
            if row_state.selected {
                let style = selected_style.get_or_insert_with(|| legible(rows_ui.style()));
                builder = builder.style(Arc::clone(style));
            }
            let mut row_ui = rows_ui.new_child(builder);
            if is_heard {
                let rows = geometry.rows();
                let position = row - rows.start + 1;
                let place = RowPlace { row, position, count: geometry.count() };
                let name = (words.row_name)(place);
                accessibility::describe_row(ui.ctx(), id, rect, name, place, row_state.selected);
            }
            add_row(&mut row_ui, row, row_state);
        }
        if is_focused {
            let stroke = rows_ui.visuals().selection.stroke;
            let rect = current_rect.unwrap_or(view);
            rows_ui.painter().rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
        }
        if let Some(row) = current {
            accessibility::set_current(ui.ctx(), self.id, row);
        }
    }

    /// The button back to the end, above the rows at the lower edge.
    fn draw_button(&self, ui: &mut Ui, state: &mut RowListState, label: &str) {
        let clip = self.view.intersect(ui.clip_rect());
        let mut button_ui = ui.new_child(
            UiBuilder::new()
                .scope_id(self.id.with("new rows"))
                .max_rect(self.view.shrink(BUTTON_MARGIN.min(self.view.size().min_elem() / 4.0)))
                .layout(Layout::bottom_up(Align::Center)),
        );
        button_ui.set_clip_rect(clip);
        let arrow =
            Atom::paint(Vec2::splat(button_ui.text_style_height(&TextStyle::Button)), arrow);
        let button = Button::new((arrow, label)).wrap_mode(TextWrapMode::Truncate);
        if button_ui.add(button).clicked() {
            state.go_to_end(self.geometry, self.follow_end);
            // The rows of this frame are drawn.
            ui.ctx().request_repaint();
        }
    }
}

/// An arrow downwards. Painted, as egui's fonts have none.
fn arrow(ui: &Ui, args: AtomPaintArgs) {
    let rect = args.rect.shrink(args.rect.height() / 5.0);
    let stroke = Stroke::new(1.5, args.fallback_text_color);
    let head = rect.width() / 2.5;
    let (top, tip) = (rect.center_top(), rect.center_bottom());
    ui.painter().line_segment([top, tip], stroke);
    ui.painter().line(vec![tip - vec2(head, head), tip, tip - vec2(-head, head)], stroke);
}

/// The style of the rows: a label in which text is marked would take the clicks.
fn row_style(ui: &Ui) -> Arc<Style> {
    let style = ui.style();
    if !style.interaction.selectable_labels {
        return Arc::clone(style);
    }
    let mut style = Arc::clone(style);
    Arc::make_mut(&mut style).interaction.selectable_labels = false;
    style
}

/// The style of the selected rows: text in the colour that can be read on their background.
fn legible(style: &Arc<Style>) -> Arc<Style> {
    let mut style = Arc::clone(style);
    let visuals = &mut Arc::make_mut(&mut style).visuals;
    visuals.override_text_color = Some(visuals.selection.stroke.color);
    style
}

/// A height as a whole number of pixels, in points. What makes no sense is one pixel.
fn whole_pixels(height: f32, pixels_per_point: f32) -> f32 {
    let pixels = (finite(height, 0.0).min(MAX_ROW_HEIGHT) * pixels_per_point).round().max(1.0);
    pixels / pixels_per_point
}

fn finite(number: f32, otherwise: f32) -> f32 {
    if number.is_finite() { number } else { otherwise }
}
