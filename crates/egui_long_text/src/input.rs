//! What a person does with the keyboard, the wheel and a finger, as changes of the view's state.

use std::ops::Range;

use egui::accesskit::Action;
use egui::{Event, EventFilter, Id, Key, Modifiers, Response, Ui};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::layout::Layout;
use crate::pieces;
use crate::state::{Anchor, Selection, State};

/// Nothing moves further at once, in views: so many pieces would have to be laid out.
const FURTHEST: f32 = 4.0;

/// How a view slows down after a finger has let go, in points a second each second, and when it stands.
const FRICTION: f32 = 1000.0;
const STANDSTILL: f32 = 20.0;

/// What the view gets of the keys that otherwise move the focus. Escape first ends a selection.
pub(crate) fn filter(state: &State) -> EventFilter {
    let escape = state.selection.is_some_and(|selection| !selection.range().is_empty());
    EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape }
}

/// A view in which something can be done.
pub(crate) struct Controls<'l, 'a> {
    pub(crate) layout: &'l Layout<'a>,
    pub(crate) height: f32,
    /// How high a row is, in points.
    pub(crate) row: f32,
}

impl Controls<'_, '_> {
    pub(crate) fn scroll(&self, state: &mut State, points: f32) {
        let most = FURTHEST * self.height;
        state.anchor = self.layout.moved(state.anchor, points.clamp(-most, most));
    }

    pub(crate) fn scroll_sideways(&self, state: &mut State, points: f32) {
        if !self.layout.wraps {
            state.left = (state.left + points).clamp(0.0, state.max_left);
        }
    }

    /// Brings a byte into view, with some of what stands before it.
    pub(crate) fn show(&self, state: &mut State, byte: usize, margin: f32) {
        let byte = self.layout.text.floor_char_boundary(byte);
        state.anchor = self.layout.seen(state.anchor, self.height, byte, margin);
        if !self.layout.wraps {
            let piece = pieces::piece_at(self.layout.text, byte);
            let columns = self.layout.text[piece.start..byte].chars().count();
            let x = columns as f32 * self.layout.column;
            if x < state.left || state.left + self.layout.width - self.layout.column < x {
                state.left = (x - self.layout.width / 3.0).max(0.0);
            }
        }
    }

    /// The wheel. What can't be used is left to what is around the view.
    pub(crate) fn wheel(&self, ui: &Ui, state: &mut State) {
        let delta = ui.input(|input| input.smooth_scroll_delta());
        let can_go =
            if delta.y < 0.0 { !state.is_at_end } else { state.anchor != Anchor::default() };
        if delta.y != 0.0 && can_go {
            self.scroll(state, -delta.y);
            ui.input_mut(|input| input.smooth_scroll_delta.y = 0.0);
        }
        let left = if self.layout.wraps { 0.0 } else { state.left };
        let can_go = if delta.x < 0.0 { left < state.max_left } else { 0.0 < left };
        if delta.x != 0.0 && can_go {
            self.scroll_sideways(state, -delta.x);
            ui.input_mut(|input| input.smooth_scroll_delta.x = 0.0);
        }
    }

    /// A finger, and the way that the view goes on by itself.
    pub(crate) fn touch(&self, ui: &Ui, response: &Response, state: &mut State) {
        if response.dragged() {
            let delta = response.drag_delta();
            self.scroll(state, -delta.y);
            self.scroll_sideways(state, -delta.x);
            state.velocity = -ui.input(|input| input.pointer.velocity()).y;
        } else if state.velocity != 0.0 {
            let time = ui.input(|input| input.stable_dt).min(0.1);
            self.scroll(state, state.velocity * time);
            let slower = state.velocity.abs() - FRICTION * time;
            let is_over = slower < STANDSTILL || ui.input(|input| input.pointer.any_pressed());
            state.velocity = if is_over { 0.0 } else { slower.copysign(state.velocity) };
            ui.request_repaint();
        }
    }

    /// The keyboard. What is around the view does not get the keys for whole pages, which it may scroll by, too.
    pub(crate) fn keys(&self, ui: &Ui, state: &mut State) {
        for event in ui.input(|input| input.filtered_events(&filter(state))) {
            if let Event::Key { key, pressed: true, modifiers, .. } = event {
                if modifiers.shift {
                    self.select_by_key(state, key, modifiers);
                } else {
                    self.scroll_by_key(state, key, modifiers);
                }
            }
        }
        ui.input_mut(|input| {
            let is_page = |event: &Event| {
                matches!(event, Event::Key { key: Key::PageUp | Key::PageDown, .. })
            };
            input.events.retain(|event| !is_page(event));
        });
    }

    /// Scrolls by so many pages, as [`page_requests`] gives them.
    pub(crate) fn scroll_pages(&self, state: &mut State, pages: i8) {
        if pages != 0 {
            self.scroll(state, f32::from(pages) * self.page());
        }
    }

    fn page(&self) -> f32 {
        (self.height - self.row).max(self.row)
    }

    fn scroll_by_key(&self, state: &mut State, key: Key, modifiers: Modifiers) {
        match key {
            Key::A if modifiers.command => {
                let moving = self.layout.text.len();
                state.selection = Some(Selection { fixed: 0, moving });
            }
            Key::Escape => state.selection = None,
            Key::ArrowUp if modifiers.command => state.anchor = Anchor::default(),
            Key::ArrowDown if modifiers.command => state.anchor = self.layout.end(self.height),
            Key::ArrowUp => self.scroll(state, -self.row),
            Key::ArrowDown => self.scroll(state, self.row),
            Key::ArrowLeft => self.scroll_sideways(state, -4.0 * self.layout.column),
            Key::ArrowRight => self.scroll_sideways(state, 4.0 * self.layout.column),
            Key::PageUp => self.scroll(state, -self.page()),
            Key::PageDown => self.scroll(state, self.page()),
            Key::Home => {
                state.anchor = Anchor::default();
                state.left = 0.0;
            }
            Key::End => state.anchor = self.layout.end(self.height),
            _ => {}
        }
    }

    /// The keys of a text that does not scroll.
    pub(crate) fn label_keys(&self, ui: &Ui, state: &mut State) {
        for event in ui.input(|input| input.events.clone()) {
            match event {
                Event::Key { key: Key::A, pressed: true, modifiers, .. } if modifiers.command => {
                    state.selection = Some(Selection { fixed: 0, moving: self.layout.text.len() });
                }
                Event::Key { key: Key::Escape, pressed: true, .. } => state.selection = None,
                Event::Key { key, pressed: true, modifiers, .. } if modifiers.shift => {
                    self.select_by_key(state, key, modifiers);
                }
                _ => {}
            }
        }
        state.anchor = Anchor::default();
    }

    fn select_by_key(&self, state: &mut State, key: Key, modifiers: Modifiers) {
        let text = self.layout.text;
        let top = self.layout.top_byte(state.anchor);
        let selection = state.selection.unwrap_or(Selection { fixed: top, moving: top });
        let from = selection.moving;
        let line = || pieces::visible(text, &pieces::piece_at(text, from));
        let mut column = None;
        let moving = match key {
            Key::ArrowLeft => pieces::floor_cluster(text, from.saturating_sub(1)),
            Key::ArrowRight => pieces::next_cluster(text, from),
            Key::Home if modifiers.command => 0,
            Key::End if modifiers.command => text.len(),
            Key::Home => line().start,
            Key::End => line().end,
            Key::ArrowUp | Key::ArrowDown | Key::PageUp | Key::PageDown => {
                let x = state.column.unwrap_or_else(|| self.layout.x_of(from));
                column = Some(x);
                let is_down = matches!(key, Key::ArrowDown | Key::PageDown);
                let is_page = matches!(key, Key::PageUp | Key::PageDown);
                let page = (0..200).take_while(|row| *row as f32 * self.row < self.page()).count();
                let rows = if is_page { page } else { 1 };
                (0..rows).fold(from, |byte, _| self.layout.row_away(byte, x, is_down))
            }
            _ => return,
        };
        state.column = column;
        state.selection = Some(Selection { moving, ..selection });
        self.show(state, moving, 0.0);
    }
}

/// How many pages a screen reader asks to scroll down, or up if it is negative. To be asked for before the
/// view is made known to egui, which passes such requests on to what is around it. So it does with
/// those that lead beyond an end.
pub(crate) fn page_requests(ui: &Ui, id: Id, state: &State) -> i8 {
    let mut pages = 0;
    ui.input_mut(|input| {
        input.consume_accesskit_action_requests(id, |request| {
            let page = match request.action {
                Action::ScrollDown if !state.is_at_end => 1,
                Action::ScrollUp if state.anchor != Anchor::default() => -1,
                _ => return false,
            };
            pages = (pages + page).clamp(-4, 4);
            true
        });
    });
    pages
}

/// What is selected by pressing long on a character: its word, unless it is a blank.
pub(crate) fn pressed_word(text: &str, character: usize) -> Option<Range<usize>> {
    let word = word_at(text, character);
    text.get(word.clone()).filter(|word| !word.trim().is_empty()).map(|_| word)
}

/// The word at a byte, within its piece.
pub(crate) fn word_at(text: &str, byte: usize) -> Range<usize> {
    let line = pieces::visible(text, &pieces::piece_at(text, byte));
    let words = text[line.clone()].split_word_bound_indices();
    let mut words = words.map(|(at, word)| line.start + at..line.start + at + word.len());
    words.find(|word| byte < word.end).unwrap_or(line.end..line.end)
}
