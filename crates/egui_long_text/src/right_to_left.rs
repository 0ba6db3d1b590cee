//! Puts the letters of a layout in the order in which they are read, which egui doesn't: Hebrew and Arabic run
//! from right to left, with numbers and other writing in between from left to right.
//!
//! The text itself stays as it is. [`order`] gives each character its level by Unicode's rules; then egui lays
//! the text out and breaks its lines as if all of it ran to the right; and [`galley`] moves what stands in each
//! row. So a place in the text is the same in both, and what is copied is the text.

mod arabic;
mod field;
mod galley;
mod order;

use std::sync::Arc;

pub use field::{Layouter, OrderedField};

use egui::text::{CCursor, CCursorRange, LayoutJob};
use egui::text_selection::visuals::paint_text_selection;
use egui::{Context, Galley, Rect, Vec2, Visuals};

/// A text that is laid out, with its letters in the order in which they are read.
#[derive(Clone, Debug)]
pub struct OrderedText {
    galley: Arc<Galley>,
    /// For each character whether it runs to the left; nothing where none does.
    to_the_left: Option<Vec<bool>>,
}

impl OrderedText {
    /// Lays `job` out as `Fonts::layout_job` does, then orders its rows.
    ///
    /// A text in which nothing runs to the left costs a look at its bytes more than egui's layout. For others
    /// the whole text is looked at in each frame, so give it what is seen, and not a book.
    /// Underlines and lines through the text stay where egui draws them.
    pub fn new(ctx: &Context, job: LayoutJob) -> Self {
        if !order::runs_to_the_left(&job.text) {
            let galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
            return Self { galley, to_the_left: None };
        }
        let places = order::places(&job.text);
        let backgrounds = galley::backgrounds(&job);
        let job = order::job(job, &places);
        let mut galley = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        galley::order(Arc::make_mut(&mut galley), &places, &backgrounds);
        let to_the_left = places.iter().map(|place| place.runs_to_the_left()).collect();
        Self { galley, to_the_left: Some(to_the_left) }
    }

    /// What is to be painted. Its text may have other forms of the same letters, as many as there were; places
    /// in it, and selections, are to be asked of this value.
    pub fn galley(&self) -> &Arc<Galley> {
        &self.galley
    }

    /// Where the cursor stands, as a line without a width.
    pub fn pos_from_cursor(&self, cursor: CCursor) -> Rect {
        match &self.to_the_left {
            None => self.galley.pos_from_cursor(cursor),
            Some(to_the_left) => galley::pos_from_cursor(&self.galley, to_the_left, cursor),
        }
    }

    /// The cursor that is nearest to a place from the text's corner.
    pub fn cursor_from_pos(&self, at: Vec2) -> CCursor {
        match &self.to_the_left {
            None => self.galley.cursor_from_pos(at),
            Some(to_the_left) => galley::cursor_from_pos(&self.galley, to_the_left, at),
        }
    }

    /// The number of the character that stands at a place from the text's corner, or close to it.
    pub(crate) fn character_at(&self, at: Vec2) -> Option<usize> {
        galley::letter_at(&self.galley, at)
    }

    /// The layout with a part of it selected: in several pieces, where letters that follow one another don't
    /// stand together.
    pub fn with_selection(&self, visuals: &Visuals, range: &CCursorRange) -> Arc<Galley> {
        let mut galley = Arc::clone(&self.galley);
        match &self.to_the_left {
            None => paint_text_selection(&mut galley, visuals, range, None),
            Some(_) => galley::select(Arc::make_mut(&mut galley), visuals, range),
        }
        galley
    }

    /// Whether something in it runs to the left.
    pub(crate) fn is_moved(&self) -> bool {
        self.to_the_left.is_some()
    }
}
