//! The widget: a label where the text is short, and a view with a scroll bar where it is not.

use std::ops::Range;
use std::sync::Arc;

use egui::accesskit::{Action, Live, Role};
use egui::emath::TSTransform;
use egui::text::{CCursorRange, TextFormat};
use egui::text_selection::accesskit_text::update_accesskit_for_text_widget;
use egui::{
    Color32, FontSelection, Id, IdSalt, Label, Popup, Rect, Response, Sense, StrokeKind, Ui, Vec2,
    WidgetInfo, vec2,
};

use crate::input::{Controls, filter, page_requests};
use crate::layout::{Layout, Marks, Placed, Style, Visible, count_of};
use crate::right_to_left::OrderedText;
use crate::scroll_bar::ScrollBar;
use crate::state::{Anchor, Selection, State};

/// The longest text that may be a label, in bytes.
const SHORT: usize = 8 * 1024;

/// The longest text of which it is found out whether it fits without a scroll bar, in bytes.
const MAY_FIT: usize = 64 * 1024;

/// How high a view is where there is no end to the room, in points.
const HEIGHT_WITHOUT_END: f32 = 400.0;

/// How many characters are read out, unless the caller says otherwise.
const SPOKEN: usize = 1000;

/// A read-only text of any length. See the [crate's documentation](crate).
#[must_use = "it is shown by `show`"]
pub struct LongText<'a> {
    salt: IdSalt,
    pub(crate) text: &'a str,
    generation: u64,
    max_height: Option<f32>,
    wraps: bool,
    font: FontSelection,
    line_height: Option<f32>,
    style: Option<&'a Style<'a>>,
    marks: Option<&'a Marks<'a>>,
    scroll_to: Option<usize>,
    pub(crate) copy_limit: usize,
    live: Live,
    spoken: usize,
    spoken_end: &'a str,
    bar_names: [&'a str; 2],
}

/// What has become of a [`LongText`] in this frame.
#[derive(Debug)]
#[non_exhaustive]
pub struct LongTextOutput {
    /// The view's, or the label's.
    pub response: Response,
    /// The bytes of the text that are seen, to whole lines (or the parts that these are cut into).
    pub visible: Range<usize>,
    /// The bytes that are selected.
    pub selection: Option<Range<usize>>,
    /// Where the end of what is selected stands that moves, if it is seen: a line without a width.
    pub caret: Option<Rect>,
    /// Whether keys are meant for it: a view has the keyboard, and in a label something was pressed on, while
    /// nobody has the keyboard.
    pub takes_keys: bool,
    /// How many bytes were to be copied, where that is more than
    /// [`LongText::copy_limit`] and nothing was copied.
    pub too_long_to_copy: Option<usize>,
}

impl<'a> LongText<'a> {
    /// A view of this text. Its place and its selection are kept under `id_salt`, which is to be another
    /// one for each view in the same [`Ui`].
    pub fn new(id_salt: impl std::hash::Hash + std::fmt::Debug, text: &'a str) -> Self {
        Self {
            salt: IdSalt::new(id_salt),
            text,
            generation: 0,
            max_height: None,
            wraps: true,
            font: FontSelection::Default,
            line_height: None,
            style: None,
            marks: None,
            scroll_to: None,
            copy_limit: usize::MAX,
            live: Live::Off,
            spoken: SPOKEN,
            spoken_end: "…",
            bar_names: ["Scroll bar", "Horizontal scroll bar"],
        }
    }

    /// A number that is another one for another text: then the view begins anew, at the top and with
    /// nothing selected. It is 0 unless said otherwise. A text that only grows at its end may keep it. A text
    /// that is exchanged under the same number does no harm: the view stays as close to where it was as
    /// it can.
    pub fn generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// How high the view may become, in points. By default it is the room that there is, or 400 where
    /// that has no end. A text that needs less is shown as high as it is.
    pub fn max_height(mut self, points: f32) -> Self {
        self.max_height = Some(points);
        self
    }

    /// Whether lines are wrapped, which is the default. Lines that aren't can be scrolled sideways; those
    /// longer than 4 KiB go on in the next row, after about 2 KiB each.
    pub fn wrap(mut self, wraps: bool) -> Self {
        self.wraps = wraps;
        self
    }

    /// The font; by default that of a label.
    pub fn font(mut self, font: impl Into<FontSelection>) -> Self {
        self.font = font.into();
        self
    }

    /// How far it is from one line to the next, in points; by default what the font asks for.
    pub fn line_height(mut self, points: Option<f32>) -> Self {
        self.line_height = points;
        self
    }

    /// Gives the looks of a part of the text. In each frame it is asked for each piece that is laid out (a
    /// line, about 2 KiB of a long line, or all of a short text), with its words and where they are in
    /// the whole, in bytes. Spans are in order and do not overlap; what they leave out is plain.
    pub fn style(mut self, style: &'a Style<'a>) -> Self {
        self.style = Some(style);
        self
    }

    /// Gives the marks within these bytes of the text, such as what a search has found. In order, without
    /// overlaps; they may reach beyond. It is asked as [`Self::style`] is.
    pub fn marks(mut self, marks: &'a Marks<'a>) -> Self {
        self.marks = Some(marks);
        self
    }

    /// Brings this byte into view in this frame, where it isn't already. To be said once for each place,
    /// and not in every frame, as nobody can scroll away otherwise.
    pub fn scroll_to(mut self, byte: Option<usize>) -> Self {
        self.scroll_to = byte;
        self
    }

    /// The most that may be copied at once, in bytes; what is longer is not copied at all, and
    /// [`LongTextOutput::too_long_to_copy`] says so. There is no limit by default: a copy of all takes as
    /// much memory again as the text, until the clipboard has it. Labels (short texts) have no limit.
    pub fn copy_limit(mut self, bytes: usize) -> Self {
        self.copy_limit = bytes;
        self
    }

    /// Whether a screen reader says the text by itself when it changes. [`Live::Off`] by default.
    pub fn live(mut self, live: Live) -> Self {
        self.live = live;
        self
    }

    /// How many characters of a long text a screen reader is given, from its start (1000 by default), and
    /// what it says in the place of the rest, such as "… 64 MiB in all" ("…" by default). It is not told
    /// what is scrolled to, as a live text would be read out anew with every turn of the wheel.
    pub fn spoken(mut self, characters: usize, end: &'a str) -> Self {
        self.spoken = characters;
        self.spoken_end = end;
        self
    }

    /// What the scroll bars are called for those who don't see them: the vertical one, the horizontal
    /// one. English by default.
    pub fn scroll_bar_names(mut self, vertical: &'a str, horizontal: &'a str) -> Self {
        self.bar_names = [vertical, horizontal];
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> LongTextOutput {
        let room = ui.available_size();
        let asked = self.max_height.unwrap_or(room.y);
        let asked = if asked.is_finite() { asked } else { HEIGHT_WITHOUT_END };
        let font = self.font.clone().resolve(ui.style());
        let (column, row) = ui.fonts_mut(|fonts| {
            (fonts.glyph_width(&font, '0').max(1.0), fonts.row_height(&font).max(1.0))
        });
        let row = self.line_height.map_or(row, |height| height.max(1.0));
        let height = asked.max(2.0 * row);
        let layout = Layout {
            ctx: ui.ctx().clone(),
            text: self.text,
            plain: TextFormat {
                font_id: font,
                line_height: self.line_height,
                color: Color32::PLACEHOLDER,
                valign: ui.text_valign(),
                ..TextFormat::default()
            },
            style: self.style,
            marks: self.marks,
            width: room.x,
            wraps: self.wraps,
            left: 0.0,
            column,
        };
        if self.text.len() <= SHORT {
            let whole = 0..self.text.len();
            let laid_out = layout.lay_out(layout.job(&whole, &whole));
            let size = laid_out.galley().size();
            if size.y <= height && (self.wraps || size.x <= room.x) {
                return self.label(ui, &layout, laid_out, row);
            }
        }
        self.view(ui, layout, vec2(room.x, height), row)
    }

    fn set_live(&self, ui: &Ui, response: &Response) {
        if self.live != Live::Off {
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(self.live));
        }
    }

    /// All of it, with no place of its own among what Tab leads to.
    fn label(
        self,
        ui: &mut Ui,
        layout: &Layout<'_>,
        laid_out: OrderedText,
        row: f32,
    ) -> LongTextOutput {
        let id = ui.make_persistent_id(self.salt);
        let mut state: State = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        state.fit(self.text, self.generation);
        let is_touch = ui.input(egui::InputState::has_touch_screen);
        // A finger that moves scrolls what is around it.
        let mut sense = if is_touch { Sense::click() } else { Sense::click_and_drag() };
        sense -= Sense::FOCUSABLE;
        let galley = Arc::clone(laid_out.galley());
        let label = Label::new(Arc::clone(&galley)).selectable(false).sense(sense);
        let (at, _, response) = label.layout_in_ui(ui);
        let whole = 0..self.text.len();
        let placed = Placed {
            piece: whole.clone(),
            shown: whole.clone(),
            at: at - response.rect.min,
            full_width: galley.size().x,
            laid_out,
        };
        let is_moved = placed.laid_out.is_moved();
        let visible = Visible { placed: vec![placed], is_at_end: true };

        let takes_keys =
            |ui: &Ui, state: &State| state.selection.is_some() && nobody_has_keyboard(ui);
        if takes_keys(ui, &state) {
            let controls = Controls { layout, height: response.rect.height(), row };
            controls.label_keys(ui, &mut state);
            self.copy(ui, &state);
        }
        let is_pressed = self.select(ui, &response, response.rect, &mut state, &visible);
        if (is_pressed && !is_touch) || response.long_touched() {
            // From now on keys are meant for this.
            ui.memory_mut(|memory| memory.stop_text_input());
        }
        self.paint(ui, response.rect, Rect::EVERYTHING, &state, &visible);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), self.text));
        if !is_moved {
            let range = state.selection.zip(visible.placed.first());
            let range = range.map(|(Selection { fixed, moving }, placed)| {
                let [fixed, moving] = [fixed, moving].map(|byte| placed.cursor(self.text, byte));
                CCursorRange { primary: moving, secondary: fixed, h_pos: None }
            });
            let from_galley = TSTransform::from_translation(at.to_vec2());
            update_accesskit_for_text_widget(ui.ctx(), response.id, range, from_galley, &galley);
        }
        self.set_live(ui, &response);
        let output = LongTextOutput {
            selection: state.selection.map(|selection| selection.range()),
            caret: self.caret(&response, &state, &visible),
            takes_keys: takes_keys(ui, &state),
            response,
            visible: whole,
            too_long_to_copy: None,
        };
        ui.data_mut(|data| data.insert_temp(id, state));
        output
    }

    fn view(self, ui: &mut Ui, mut layout: Layout<'_>, room: Vec2, row: f32) -> LongTextOutput {
        let id = ui.make_persistent_id(self.salt);
        let mut state: State = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        state.fit(self.text, self.generation);

        // Where the view is, and its bars.
        let bar = ui.spacing().scroll.bar_width;
        let bar_room = bar + ui.spacing().scroll.bar_inner_margin;
        let low = if state.has_low_bar { bar_room } else { 0.0 };
        let natural = self.natural_height(&layout, room.y - low);
        let (height, side) = natural.map_or((room.y - low, bar_room), |natural| (natural, 0.0));
        let (_, outer) = ui.allocate_space(vec2(room.x, height + low));
        let size = vec2((room.x - side).max(1.0), height.max(1.0));
        let inner = Rect::from_min_size(outer.min, size);
        layout.width = size.x;
        state.fit_layout(&layout, room.x);
        layout.left = state.left;
        let anchor_before = state.anchor;

        // What is done with it.
        let pages = page_requests(ui, id, &state);
        let is_touch = ui.input(egui::InputState::has_touch_screen);
        // A finger moves what is around a view that has nothing more to show.
        let is_dragged = !is_touch || natural.is_none() || state.has_low_bar;
        let sense = if is_dragged { Sense::click_and_drag() } else { Sense::click() };
        let response = ui.interact(inner, id, sense);
        let controls = Controls { layout: &layout, height: size.y, row };
        if let Some(byte) = self.scroll_to {
            controls.show(&mut state, byte, size.y / 3.0);
        }
        if response.contains_pointer() {
            controls.wheel(ui, &mut state);
        }
        if is_touch {
            controls.touch(ui, &response, &mut state);
        }
        controls.scroll_pages(&mut state, pages);
        let mut too_long_to_copy = None;
        if response.has_focus() {
            controls.keys(ui, &mut state);
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter(&state)));
            too_long_to_copy = self.copy(ui, &state);
        }
        layout.left = state.left;
        let mut visible = layout.visible(&mut state.anchor, size.y);
        if natural.is_none() {
            let bar = Rect::from_x_y_ranges(outer.right() - bar..=outer.right(), inner.y_range());
            self.side_bar(ui, id, bar, &layout, &mut state, &mut visible);
        }
        if state.has_low_bar {
            let bar = Rect::from_x_y_ranges(inner.x_range(), outer.bottom() - bar..=outer.bottom());
            self.low_bar(ui, id, bar, size.x, &mut state);
        }
        if !self.wraps {
            let widest = visible.placed.iter().map(|placed| placed.full_width).fold(0.0, f32::max);
            let has_bar = state.has_low_bar;
            state.keep_width(widest - size.x);
            if has_bar != state.has_low_bar || layout.left != state.left {
                ui.request_repaint();
            }
        }
        let is_pressed = self.select(ui, &response, outer, &mut state, &visible);
        if is_pressed {
            response.request_focus();
        }
        self.scroll_beyond(ui, &layout, &response, &mut state);

        // What is to be seen of it.
        self.paint(ui, inner, inner, &state, &visible);
        if response.has_focus() {
            let stroke = ui.visuals().selection.stroke;
            ui.painter().rect_stroke(inner.expand(2.0), 2.0, stroke, StrokeKind::Outside);
        }
        let mut seen = 0..0;
        if let [first, .., last] | [first @ last] = visible.placed.as_slice() {
            seen = first.piece.start..last.piece.end;
            if state.anchor != anchor_before {
                state.top = first.byte_at(self.text, vec2(0.0, 1.0));
            }
            self.tell(ui, &response, layout.byte_near(state.anchor, first), seen.len());
        }
        state.is_at_end = visible.is_at_end;
        let output = LongTextOutput {
            selection: state.selection.map(|selection| selection.range()),
            caret: self.caret(&response, &state, &visible),
            takes_keys: response.has_focus(),
            response,
            visible: seen,
            too_long_to_copy,
        };
        ui.data_mut(|data| data.insert_temp(id, state));
        output
    }

    /// How high all of the text is, if that is not more than there is room for.
    fn natural_height(&self, layout: &Layout<'_>, room: f32) -> Option<f32> {
        if MAY_FIT < self.text.len() {
            return None;
        }
        let visible = layout.visible(&mut Anchor::default(), room);
        let bottom = visible.placed.last().map_or(0.0, Placed::bottom);
        (visible.is_at_end && bottom <= room).then_some(bottom)
    }

    /// The bar beside the view, and where it leads.
    fn side_bar(
        &self,
        ui: &Ui,
        id: Id,
        rect: Rect,
        layout: &Layout<'_>,
        state: &mut State,
        visible: &mut Visible,
    ) {
        let Some(first) = visible.placed.first() else { return };
        let height = rect.height();
        let seen = seen_bytes(layout, state, visible, height);
        let way = (self.text.len() - seen).max(1) as f64;
        let top = layout.byte_near(state.anchor, first) as f64;
        let bar = ScrollBar {
            id: id.with("side"),
            rect,
            is_vertical: true,
            name: self.bar_names[0],
            position: if visible.is_at_end { 1.0 } else { top / way },
            seen: seen as f64 / self.text.len().max(1) as f64,
        };
        let Some(position) = bar.show(ui) else { return };
        state.anchor = if 1.0 - position < 1e-6 {
            layout.end(height)
        } else {
            layout.anchor_near(self.text.floor_char_boundary(count_of(position * way)))
        };
        *visible = layout.visible(&mut state.anchor, height);
    }

    /// The bar below the view. Where it leads is seen in the next frame.
    fn low_bar(&self, ui: &Ui, id: Id, rect: Rect, width: f32, state: &mut State) {
        let bar = ScrollBar {
            id: id.with("low"),
            rect,
            is_vertical: false,
            name: self.bar_names[1],
            position: f64::from(state.left / state.max_left.max(1.0)),
            seen: f64::from(width / (width + state.max_left)),
        };
        if let Some(position) = bar.show(ui) {
            state.left = state.max_left * unit(position);
        }
    }

    /// Tells a screen reader what there is; the byte at the top, and how many are seen.
    fn tell(&self, ui: &Ui, response: &Response, top: usize, seen: usize) {
        let spoken = || match self.text.char_indices().nth(self.spoken) {
            Some((end, _)) => [&self.text[..end], self.spoken_end].concat(),
            None => self.text.to_owned(),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), spoken()));
        self.set_live(ui, response);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_scroll_y(top as f64);
            node.set_scroll_y_min(0.0);
            node.set_scroll_y_max(self.text.len().saturating_sub(seen).max(top) as f64);
            node.add_action(Action::ScrollUp);
            node.add_action(Action::ScrollDown);
        });
    }
}

/// Whether keys are meant for nothing that holds them. An open menu has them, also the one that closes it.
fn nobody_has_keyboard(ui: &Ui) -> bool {
    !Popup::is_any_open(ui.ctx()) && ui.memory(|memory| memory.focused().is_none())
}

/// How many bytes are seen, with parts of pieces counted as parts.
fn seen_bytes(layout: &Layout<'_>, state: &State, visible: &Visible, height: f32) -> usize {
    let (Some(first), Some(last)) = (visible.placed.first(), visible.placed.last()) else {
        return 0;
    };
    let part = f64::from((height - last.at.y) / last.height().max(1.0)).clamp(0.0, 1.0);
    let bottom = last.piece.start + count_of(last.piece.len() as f64 * part);
    bottom.saturating_sub(layout.byte_near(state.anchor, first)).min(layout.text.len())
}

#[expect(clippy::cast_possible_truncation, reason = "a fraction needs no more")]
fn unit(value: f64) -> f32 {
    value.clamp(0.0, 1.0) as f32
}
