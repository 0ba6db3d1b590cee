//! How a part of a text is selected, copied and painted: the same in a label and in a view.

use std::sync::Arc;

use egui::text_selection::LabelSelectionState;
use egui::{CursorIcon, Event, Order, Pos2, Rect, Response, Ui, Vec2, vec2};

use crate::input::{pressed_word, word_at};
use crate::layout::{Layout, Placed, Visible};
use crate::pieces;
use crate::state::{Selection, State};
use crate::widget::LongText;

impl LongText<'_> {
    /// Copies what is selected, if that is asked for. Gives its length where it is too long for that.
    pub(crate) fn copy(&self, ui: &Ui, state: &State) -> Option<usize> {
        let is_asked = |event: &Event| matches!(event, Event::Copy | Event::Cut);
        let range = state.selection?.range();
        if range.is_empty() || !ui.input(|input| input.events.iter().any(is_asked)) {
            return None;
        }
        if self.copy_limit < range.len() {
            return Some(range.len());
        }
        ui.copy_text(self.text[range].to_owned());
        None
    }

    /// Selects what is dragged over, clicked on or pressed long. Gives whether it was pressed on in this frame;
    /// `outer` is where a press does not end the selection.
    pub(crate) fn select(
        &self,
        ui: &Ui,
        response: &Response,
        outer: Rect,
        state: &mut State,
        visible: &Visible,
    ) -> bool {
        let is_touch = ui.input(egui::InputState::has_touch_screen);
        if response.hovered() && !is_touch {
            ui.set_cursor_icon(CursorIcon::Text);
        }
        let (pressed, shift) =
            ui.input(|input| (input.pointer.primary_pressed(), input.modifiers.shift));
        let pointer = ui.input(|input| input.pointer.interact_pos());
        let Some(pointer) = pointer else { return false };
        let at = pointer - response.rect.min;
        let byte = || byte_at(self.text, visible, at);
        let character = || placed_at(visible, at)?.character_at(self.text, at);
        let is_on_it = pressed && response.contains_pointer();
        if response.long_touched() {
            let character = character();
            let is_selected = |selection: Selection| {
                character.is_some_and(|byte| selection.range().contains(&byte))
            };
            // What is selected stays so: it may be pressed on for its menu.
            if !state.selection.is_some_and(is_selected) {
                let word = character.and_then(|byte| pressed_word(self.text, byte));
                state.selection =
                    word.map(|word| Selection { fixed: word.start, moving: word.end });
            }
        } else if is_on_it {
            // One selection at a time, as a person has one clipboard.
            if let Some(labels) = ui.ctx().plugin_opt::<LabelSelectionState>() {
                labels.lock().clear_selection();
            }
            if !is_touch {
                let moving = byte();
                let fixed = state.selection.filter(|_| shift).map_or(moving, |kept| kept.fixed);
                state.selection = Some(Selection { fixed, moving });
                state.column = None;
            }
        } else if pressed && !outer.contains(pointer) && !is_on_menu(ui, response, pointer) {
            state.selection = None;
        } else if response.triple_clicked() {
            let line = pieces::piece_at(self.text, byte());
            state.selection = Some(Selection { fixed: line.start, moving: line.end });
        } else if response.double_clicked() {
            let word = word_at(self.text, character().unwrap_or_else(byte));
            state.selection = Some(Selection { fixed: word.start, moving: word.end });
        } else if response.clicked() && is_touch {
            state.selection = None;
        } else if response.dragged()
            && !is_touch
            && let Some(selection) = &mut state.selection
        {
            selection.moving = byte();
        }
        is_on_it
    }

    /// Scrolls a view while something is dragged beyond its edge.
    pub(crate) fn scroll_beyond(
        &self,
        ui: &Ui,
        layout: &Layout<'_>,
        response: &Response,
        state: &mut State,
    ) {
        let pointer = ui.input(|input| input.pointer.interact_pos());
        let is_touch = ui.input(egui::InputState::has_touch_screen);
        let Some(pointer) = pointer.filter(|_| response.dragged() && !is_touch) else { return };
        let beyond = (pointer.y - response.rect.bottom()).max(0.0)
            - (response.rect.top() - pointer.y).max(0.0);
        if beyond != 0.0 {
            // The further away, the faster: 10 points a second for each point.
            let time = ui.input(|input| input.stable_dt).min(0.1);
            let most = response.rect.height() / 2.0;
            let points = (10.0 * beyond * time).clamp(-most, most);
            state.anchor = layout.moved(state.anchor, points);
            ui.request_repaint();
        }
    }

    /// Where the end of what is selected stands that moves, on the screen.
    pub(crate) fn caret(
        &self,
        response: &Response,
        state: &State,
        visible: &Visible,
    ) -> Option<Rect> {
        let moving = state.selection?.moving;
        let is_in = |placed: &&Placed| (placed.shown.start..=placed.shown.end).contains(&moving);
        let placed = visible.placed.iter().find(is_in)?;
        let caret = placed.rect_of(self.text, moving).translate(response.rect.min.to_vec2());
        response.rect.expand(1.0).contains_rect(caret).then_some(caret)
    }

    /// Paints what is seen of it, and nothing beyond `clip`.
    pub(crate) fn paint(&self, ui: &Ui, inner: Rect, clip: Rect, state: &State, visible: &Visible) {
        if !ui.is_rect_visible(inner) {
            return;
        }
        let painter = ui.painter().with_clip_rect(clip.intersect(ui.clip_rect()));
        let selected = state.selection.map(|selection| selection.range()).unwrap_or_default();
        for placed in &visible.placed {
            let laid_out = &placed.laid_out;
            let galley = match placed.selected(self.text, &selected) {
                Some(range) => laid_out.with_selection(ui.visuals(), &range),
                None => Arc::clone(laid_out.galley()),
            };
            let shown = pieces::visible(self.text, &placed.piece);
            if shown.end < placed.piece.end && selected.contains(&shown.end) {
                // The line break is selected too, also that of an empty line.
                let end = placed.rect_of(self.text, shown.end).translate(inner.min.to_vec2());
                let end = Rect::from_min_size(end.min, vec2(end.height() / 2.0, end.height()));
                painter.rect_filled(end, 0.0, ui.visuals().selection.bg_fill);
            }
            painter.galley(inner.min + placed.at, galley, ui.visuals().text_color());
        }
    }
}

/// Whether a place is on something that was opened above the text, such as its menu.
fn is_on_menu(ui: &Ui, response: &Response, pointer: Pos2) -> bool {
    let layer = ui.ctx().layer_id_at(pointer).filter(|layer| *layer != response.layer_id);
    layer.is_some_and(|layer| layer.order == Order::Foreground)
}

/// The byte at a place from the view's corner; beside and beyond what is seen, the nearest one.
fn byte_at(text: &str, visible: &Visible, at: Vec2) -> usize {
    placed_at(visible, at).map_or(0, |placed| placed.byte_at(text, at))
}

fn placed_at(visible: &Visible, at: Vec2) -> Option<&Placed> {
    visible.placed.iter().find(|placed| at.y < placed.bottom()).or(visible.placed.last())
}
