//! A text in which Backspace and Delete take what a person sees as one character: an emoji, a flag, a letter with
//! its marks. egui takes one `char`, and leaves the rest of it.

use std::ops::Range;

use egui::TextBuffer;
use egui::text::{CCursor, CharIndex};
use unicode_segmentation::UnicodeSegmentation as _;

/// The text of a field that is being edited.
pub(crate) struct WholeCharacters<'a>(pub(crate) &'a mut dyn TextBuffer);

impl TextBuffer for WholeCharacters<'_> {
    fn is_mutable(&self) -> bool {
        self.0.is_mutable()
    }

    fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn insert_text(&mut self, text: &str, at: CharIndex) -> usize {
        self.0.insert_text(text, at)
    }

    fn delete_char_range(&mut self, range: Range<CharIndex>) {
        self.0.delete_char_range(range);
    }

    fn delete_previous_char(&mut self, cursor: CCursor) -> CCursor {
        let at = self.byte_index_from_char_index(cursor.index).0;
        let before = self.as_str().get(..at).and_then(|text| text.graphemes(true).next_back());
        let chars = before.map_or(0, |cluster| cluster.chars().count());
        self.delete_selected_ccursor_range([cursor - chars, cursor])
    }

    fn delete_next_char(&mut self, cursor: CCursor) -> CCursor {
        let at = self.byte_index_from_char_index(cursor.index).0;
        let behind = self.as_str().get(at..).and_then(|text| text.graphemes(true).next());
        let chars = behind.map_or(0, |cluster| cluster.chars().count());
        self.delete_selected_ccursor_range([cursor, cursor + chars])
    }

    fn type_id(&self) -> std::any::TypeId {
        // That of what is edited: this one borrows, and has none.
        self.0.type_id()
    }
}
