//! What a view remembers from frame to frame: where it stands, what is selected.

use std::ops::Range;

use crate::layout::Layout;
use crate::pieces;

/// The place at the top of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Anchor {
    /// Where the topmost piece that is seen begins, in bytes.
    pub(crate) start: usize,
    /// How much of it lies above the view, in points.
    pub(crate) above: f32,
}

/// What is selected, by bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Where it was begun.
    pub(crate) fixed: usize,
    /// The end that moves.
    pub(crate) moving: usize,
}

impl Selection {
    pub(crate) fn range(&self) -> Range<usize> {
        self.fixed.min(self.moving)..self.fixed.max(self.moving)
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// The caller's number for the text.
    pub(crate) generation: u64,
    pub(crate) anchor: Anchor,
    /// How far a text that isn't wrapped is moved to the left, in points.
    pub(crate) left: f32,
    pub(crate) selection: Option<Selection>,
    /// Where the moving end is kept while it goes up and down, in points from the left.
    pub(crate) column: Option<f32>,
    /// How fast the view goes on after a finger has let go, in points a second.
    pub(crate) velocity: f32,
    /// Whether the end was seen in the last frame.
    pub(crate) is_at_end: bool,
    /// How far it can be moved to the left at most, as far as has been seen.
    pub(crate) max_left: f32,
    /// Whether there is a bar for that. Once there is, it stays, as it may cover the very line that it
    /// is there for.
    pub(crate) has_low_bar: bool,
    /// The first byte of the topmost row, when a person last went there: the place to be kept while the
    /// width changes.
    pub(crate) top: usize,
    /// How the text was laid out: the width with the scroll bar and without it, wrapped or not.
    laid_out: (f32, f32, bool),
}

impl State {
    /// Makes it fit the text, which may have become another one since the last frame.
    pub(crate) fn fit(&mut self, text: &str, generation: u64) {
        if self.generation != generation {
            *self = Self { generation, ..Self::default() };
        }
        // Where the text has become another one all the same, each place is still one of its own.
        let start = pieces::piece_at(text, self.anchor.start).start;
        if start != self.anchor.start {
            self.anchor = Anchor { start, above: 0.0 };
        }
        self.top = text.floor_char_boundary(self.top);
        if let Some(selection) = &mut self.selection {
            selection.fixed = text.floor_char_boundary(selection.fixed);
            selection.moving = text.floor_char_boundary(selection.moving);
        }
    }

    /// Keeps the place where lines are broken elsewhere from now on.
    pub(crate) fn fit_layout(&mut self, layout: &Layout<'_>, room: f32) {
        let laid_out = (room, layout.width, layout.wraps);
        let before = std::mem::replace(&mut self.laid_out, laid_out);
        if before == laid_out || before == Default::default() {
            return;
        }
        self.anchor = layout.anchor_at(self.top);
        // Not where only the bar beside the text has come or gone, as that may depend on the bar below it.
        if (before.0, before.2) != (room, layout.wraps) {
            self.max_left = 0.0;
        }
        if layout.wraps {
            (self.left, self.has_low_bar) = (0.0, false);
        }
    }

    /// Takes in how much wider than the view a line is that is seen now.
    pub(crate) fn keep_width(&mut self, beyond: f32) {
        self.max_left = self.max_left.max(beyond);
        self.left = self.left.min(self.max_left);
        self.has_low_bar |= 0.0 < self.max_left;
    }
}
