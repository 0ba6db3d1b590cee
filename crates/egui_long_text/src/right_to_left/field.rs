//! A text field whose letters stand in the order in which they are read: egui's own, told where they are.
//!
//! egui finds the cursor, what is selected and what is clicked by one number for each letter, its left edge, and
//! takes these for rising. Where a text runs to the left, three things are therefore done beside it: the layout
//! that it gets has in place of the left edge the one at which the letter begins, what is selected is painted
//! here, and a place that is pointed at is looked up here.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, LayoutJob};
use egui::text_edit::{TextEditOutput, TextEditState};
use egui::text_selection::visuals::paint_text_cursor;
use egui::{Color32, Context, Event, FontId, Galley, Id, Key, Response, Shape, TextBuffer, Ui};

use super::{OrderedText, galley, order};
use crate::input::{pressed_word, word_at};

/// What lays out a field's text.
pub type Layouter<'a> = &'a mut dyn FnMut(&Ui, &dyn TextBuffer, f32) -> Arc<Galley>;

/// What egui does not tell of a field that it is given.
#[derive(Clone, Debug)]
pub struct OrderedField {
    /// The field's own, as it was given to it.
    pub id: Id,
    /// Of its text.
    pub font: FontId,
    /// Of its text.
    pub color: Color32,
    /// Whether it has several lines.
    pub is_multiline: bool,
}

impl OrderedField {
    /// Shows the field. `text` is what it holds before; a text in which nothing runs to the left is egui's
    /// alone, at no cost but a look at its bytes.
    ///
    /// The arrow keys go to the side that they show in a text that begins with a letter that runs to the left.
    /// In one that only has such a word in it they go on in the order of the text, as egui's do.
    ///
    /// `show` is to show it, with this for [`egui::TextEdit::layouter`] if there is any.
    pub fn show(
        &self,
        ui: &mut Ui,
        text: &str,
        show: impl FnOnce(&mut Ui, Option<Layouter<'_>>) -> TextEditOutput,
    ) -> TextEditOutput {
        if !order::runs_to_the_left(text) {
            let mut output = show(ui, None);
            let galley = Arc::clone(&output.galley);
            self.take_word(ui, &mut output, &OrderedText { galley, to_the_left: None });
            return output;
        }
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        if has_focus && order::places(text).first().is_some_and(|place| place.base.is_rtl()) {
            swap_arrows(ui);
        }
        let before = selected(ui.ctx(), self.id);
        let steps = if has_focus && self.is_multiline { steps_by_row(ui) } else { Vec::new() };
        let mut laid_out = None;
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, width: f32| {
            let ordered = self.lay_out(ui, text.as_str(), width);
            let galley = ordered.for_field(text.as_str());
            laid_out = Some(ordered);
            galley
        };
        // Whether the cursor goes to where it is not where egui has it.
        let is_placed = is_pointed(ui, self.id) || !steps.is_empty();
        let behind = ui.painter().add(Shape::Noop);
        let output = ui.scope(|ui| {
            // What is selected, and the cursor where the pointer sets it, are painted below.
            ui.visuals_mut().selection.bg_fill = Color32::TRANSPARENT;
            ui.visuals_mut().selection.stroke.color = self.color;
            if is_placed {
                ui.visuals_mut().text_cursor.stroke.color = Color32::TRANSPARENT;
            }
            show(ui, Some(&mut layouter))
        });
        let mut output = output.inner;
        let Some(ordered) = laid_out else { return output };
        self.take_pointer(ui, &mut output, &ordered, before);
        if let Some(before) = before.filter(|_| !steps.is_empty()) {
            let range = steps.iter().fold(before, |range, step| step.from(range, &ordered));
            self.set_range(ui, &mut output, range);
            // An input method and screen readers are told in the next frame.
            ui.ctx().request_repaint();
        }
        self.take_word(ui, &mut output, &ordered);
        if ui.memory(|memory| memory.has_focus(self.id))
            && let Some(range) = output.state.cursor.char_range()
        {
            let corner = output.galley_pos.to_vec2();
            let spans = galley::selected_spans(&ordered.galley, &range).into_iter();
            let colour = ui.visuals().selection.bg_fill;
            let clip = output.text_clip_rect;
            let shapes = spans
                .map(|rect| Shape::rect_filled(rect.translate(corner).intersect(clip), 0, colour));
            ui.painter().set(behind, Shape::Vec(shapes.collect()));
            if is_placed {
                let caret = ordered.pos_from_cursor(range.primary).translate(corner);
                let painter = ui.painter_at(clip.expand(1.0));
                paint_text_cursor(ui, &painter, caret, 0.0);
            }
        }
        output
    }

    /// As egui does it, and then in order.
    fn lay_out(&self, ui: &Ui, text: &str, width: f32) -> OrderedText {
        let (text, font) = (text.to_owned(), self.font.clone());
        let mut job = if self.is_multiline {
            LayoutJob::simple(text, font, self.color, width)
        } else {
            LayoutJob::simple_singleline(text, font, self.color)
        };
        job.keep_trailing_whitespace = true;
        let row = ui.fonts_mut(|fonts| fonts.row_height(&self.font));
        for section in &mut job.sections {
            section.format.line_height = Some(row + ui.spacing().extra_text_line_spacing);
        }
        OrderedText::new(ui.ctx(), job)
    }

    /// Sets the cursor where the person points, in place of where egui has set it.
    fn take_pointer(
        &self,
        ui: &Ui,
        output: &mut TextEditOutput,
        ordered: &OrderedText,
        before: Option<CCursorRange>,
    ) {
        let response: &Response = &output.response.response;
        let Some(pointer) = response.interact_pointer_pos() else { return };
        let at = ordered.cursor_from_pos(pointer - output.galley_pos);
        let (is_pressed, shift) =
            ui.input(|input| (input.pointer.any_pressed(), input.modifiers.shift));
        let is_double = response.double_clicked() && !shift;
        let range = if is_double || response.triple_clicked() || !response.sense.senses_drag() {
            return;
        } else if is_pressed && response.hovered() {
            let fixed = before.filter(|_| shift).map_or(at, |before| before.secondary);
            CCursorRange { primary: at, secondary: fixed, h_pos: None }
        } else if ui.is_being_dragged(self.id) {
            let fixed = before.map_or(at, |before| before.secondary);
            CCursorRange { primary: at, secondary: fixed, h_pos: None }
        } else {
            return;
        };
        self.set_range(ui, output, range);
    }

    /// Selects the word that a finger stays on; where there is none, the cursor goes there. And the one that was
    /// clicked on twice: of one that is clicked close to its end egui takes what follows, too.
    fn take_word(&self, ui: &Ui, output: &mut TextEditOutput, ordered: &OrderedText) {
        let response: &Response = &output.response.response;
        let is_long = response.long_touched();
        if !is_long && (!response.double_clicked() || ui.input(|input| input.modifiers.shift)) {
            return;
        }
        let Some(pointer) = response.interact_pointer_pos() else { return };
        let at = pointer - output.galley_pos;
        let text = ordered.galley.text();
        let character = ordered.character_at(at);
        let word = character.and_then(|character| pressed_word(text, byte_of(text, character)));
        let cursor = || ordered.cursor_from_pos(at);
        let range = match word {
            Some(word) => range_of(text, word),
            None if is_long => CCursorRange::one(cursor()),
            // egui knows where letters stand that run to the right.
            None if !ordered.is_moved() => return,
            None => range_of(text, word_at(text, byte_of(text, cursor().index.0))),
        };
        self.set_range(ui, output, range);
        // egui gives it the keyboard by a tap alone.
        ui.memory_mut(|memory| memory.request_focus(self.id));
    }

    fn set_range(&self, ui: &Ui, output: &mut TextEditOutput, range: CCursorRange) {
        output.state.cursor.set_char_range(Some(range));
        output.cursor_range = Some(range);
        output.state.clone().store(ui.ctx(), self.id);
    }
}

/// A step to the row above or below.
struct Step {
    is_down: bool,
    selects: bool,
}

impl Step {
    /// egui keeps the place in the row for further steps.
    fn from(&self, range: CCursorRange, ordered: &OrderedText) -> CCursorRange {
        let to_the_left = ordered.to_the_left.as_deref().unwrap_or_default();
        let here = || ordered.pos_from_cursor(range.primary).left();
        let x = range.h_pos.unwrap_or_else(here);
        let (primary, is_there) =
            galley::row_away(&ordered.galley, to_the_left, range.primary, x, self.is_down);
        let secondary = if self.selects { range.secondary } else { primary };
        CCursorRange { primary, secondary, h_pos: is_there.then_some(x) }
    }
}

/// The arrows up and down of this frame, if nothing else is done by keys in it.
fn steps_by_row(ui: &Ui) -> Vec<Step> {
    let step = |event: &Event| match event {
        Event::Key { pressed: false, .. } => None,
        Event::Key { key, modifiers, .. } => {
            let is_plain = modifiers.is_none() || modifiers.shift_only();
            Some(match key {
                Key::ArrowDown if is_plain => {
                    Some(Step { is_down: true, selects: modifiers.shift })
                }
                Key::ArrowUp if is_plain => Some(Step { is_down: false, selects: modifiers.shift }),
                _ => None,
            })
        }
        Event::Text(_) | Event::Ime(_) | Event::Paste(_) | Event::Cut => Some(None),
        _ => None,
    };
    let steps: Option<Vec<Step>> = ui.input(|input| input.events.iter().filter_map(step).collect());
    steps.unwrap_or_default()
}

/// The byte at which a character begins.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
}

/// These bytes of the text, as a selection.
fn range_of(text: &str, bytes: Range<usize>) -> CCursorRange {
    let cursor = |byte: usize| CCursor::new(text[..byte].chars().count());
    CCursorRange::two(cursor(bytes.start), cursor(bytes.end))
}

impl OrderedText {
    /// The layout for egui's field: in place of a letter's left edge it has the one at which the letter begins,
    /// and in place of a row's width the edge at which its last letter ends.
    fn for_field(&self, text: &str) -> Arc<Galley> {
        let Some(to_the_left) = &self.to_the_left else { return Arc::clone(&self.galley) };
        let written: Vec<char> = text.chars().collect();
        let mut told = Galley::clone(&self.galley);
        let mut start = 0;
        for placed in &mut told.rows {
            let row = Arc::make_mut(&mut placed.row);
            let is_left = |nth: usize| to_the_left.get(start + nth).copied().unwrap_or_default();
            if let Some(last) = row.glyphs.last() {
                row.size.x = if is_left(row.glyphs.len() - 1) { last.pos.x } else { last.max_x() };
            }
            for (nth, glyph) in row.glyphs.iter_mut().enumerate() {
                if is_left(nth) {
                    glyph.pos.x = glyph.max_x();
                }
                // Screen readers are told the letters that were written, and not the forms that stand for them.
                glyph.chr = written.get(start + nth).copied().unwrap_or(glyph.chr);
            }
            start += placed.char_count_including_newline().0;
        }
        Arc::new(told)
    }
}

/// What is selected in the field.
fn selected(ctx: &Context, id: Id) -> Option<CCursorRange> {
    TextEditState::load(ctx, id)?.cursor.char_range()
}

/// Whether the pointer is at work in the field in this frame.
fn is_pointed(ui: &Ui, id: Id) -> bool {
    let is_at_work = ui.input(|input| input.pointer.any_down() || input.pointer.any_click());
    is_at_work && ui.ctx().read_response(id).is_some_and(|response| response.contains_pointer())
        || ui.is_being_dragged(id)
}

/// The left arrow goes on in the text, and the right one back.
fn swap_arrows(ui: &Ui) {
    ui.input_mut(|input| {
        for event in &mut input.events {
            if let Event::Key { key, .. } = event {
                *key = match *key {
                    Key::ArrowLeft => Key::ArrowRight,
                    Key::ArrowRight => Key::ArrowLeft,
                    key => key,
                };
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use egui::{Pos2, Rect};

    use super::*;

    fn ordered(text: &str, width: f32) -> OrderedText {
        let ctx = Context::default();
        let mut found = None;
        let output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let field = OrderedField {
                id: Id::NULL,
                font: FontId::proportional(14.0),
                color: Color32::WHITE,
                is_multiline: true,
            };
            found = Some(field.lay_out(ui, text, width));
        });
        output.drop_without_applying_deltas();
        found.unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn egui_is_told_where_each_cursor_stands() {
        for text in ["שלום", "abc", "echo: שלום 12!", "שלום abc עולם", "", "עולם\nabc\nשלום ab"]
        {
            for width in [f32::INFINITY, 40.0] {
                let ordered = ordered(text, width);
                let told = ordered.for_field(text);
                for nth in 0..=text.chars().count() {
                    for prefer_next_row in [false, true] {
                        let cursor = CCursor { index: nth.into(), prefer_next_row };
                        let (there, here) =
                            (told.pos_from_cursor(cursor), ordered.pos_from_cursor(cursor));
                        assert_eq!(there, here, "{nth} of {text:?} in {width}");
                    }
                }
            }
        }
    }

    #[test]
    fn hebrew_begins_at_its_right_and_ends_at_its_left() {
        let told = ordered("שלום", f32::INFINITY).for_field("שלום");
        let x = |nth: usize| told.pos_from_cursor(CCursor::new(nth)).left();
        let xs: Vec<f32> = (0..=4).map(x).collect();
        assert!(xs.is_sorted_by(|one, next| one > next), "{xs:?}");
        assert_eq!(xs[4], 0.0);
        let rect = Rect::from_min_max(Pos2::ZERO, Pos2::new(xs[0], 1.0));
        assert!((rect.width() - told.rect.width()).abs() < 1.0);
    }

    #[test]
    fn screen_readers_get_the_letters_that_were_written() {
        let text = "سلام";
        let told = ordered(text, f32::INFINITY).for_field(text);
        assert_eq!(told.rows[0].text(), text);
    }
}
