//! What a list remembers from frame to frame, and what may be done to it from outside.

use std::ops::{Range, RangeInclusive};

use egui::Align;

use crate::position::{Geometry, Position};
use crate::selection::Selection;

/// What a list remembers from frame to frame: where it stands, what is selected, whether it follows its end.
///
/// It belongs to whoever shows the list, and not to egui's memory: so other code can scroll the list, select
/// in it and ask what was seen, without an id and without a frame, and it goes when its owner goes. Its size
/// is fixed, however many rows there are.
///
/// A new one follows the end, if the list is one that does (see [`RowList::follow_end`]), and has nothing
/// selected. Calls that scroll take effect when the list is shown next; if no frame is due anyway, ask for
/// one by [`egui::Context::request_repaint`].
///
/// [`RowList::follow_end`]: crate::RowList::follow_end
#[derive(Clone, Debug)]
pub struct RowListState {
    pub(crate) position: Position,
    pub(crate) selection: Selection,
    following: bool,
    /// Where the rows ended when the person left their end.
    left_end: u64,
    /// Of the last frame.
    row_height: f32,
    pub(crate) visible: Range<u64>,
    /// What the next frame is to do first.
    wanted: Option<Wanted>,
    pub(crate) touch: Touch,
    pub(crate) pressed: Pressed,
    pub(crate) grab: Option<Grab>,
}

#[derive(Clone, Copy, Debug)]
enum Wanted {
    Row { row: u64, align: Option<Align> },
    End,
}

/// What a finger has set in motion.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Touch {
    /// In points a second, downwards through the rows.
    pub(crate) velocity: f32,
}

/// The rows under the pointer when it was pressed. By the time a click is one, others may stand there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pressed {
    pub(crate) row: Option<u64>,
    /// The last click: its row and when it was, in seconds.
    pub(crate) clicked: Option<(u64, f64)>,
}

/// The handle of the scroll bar in the person's hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grab {
    /// How far below the handle's upper edge it is held, in points.
    pub(crate) below_top: f32,
    /// Where the pointer was last.
    pub(crate) pointer: f32,
}

impl Default for RowListState {
    fn default() -> Self {
        Self {
            position: Position::default(),
            selection: Selection::default(),
            following: true,
            left_end: 0,
            row_height: 0.0,
            visible: 0..0,
            wanted: None,
            touch: Touch::default(),
            pressed: Pressed::default(),
            grab: None,
        }
    }
}

impl RowListState {
    /// The same as [`RowListState::default`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Scrolls to this row: to the upper edge of the view, its middle or its lower edge, or by `None` no
    /// further than it takes to see the row. A row that there is not means the nearest that there is.
    ///
    /// The list then stays with this row and doesn't follow its end, even if the row is the last one.
    pub fn scroll_to(&mut self, row: u64, align: Option<Align>) {
        self.wanted = Some(Wanted::Row { row, align });
    }

    /// Scrolls to the end, and follows it if the list is one that does.
    pub fn scroll_to_end(&mut self) {
        self.wanted = Some(Wanted::End);
    }

    /// Whether the list is at its end and stays there when rows come.
    #[must_use]
    pub fn is_following(&self) -> bool {
        self.following
    }

    /// The rows that were seen in the last frame, if only in part.
    #[must_use]
    pub fn visible(&self) -> Range<u64> {
        self.visible.clone()
    }

    /// The row that the keyboard moves, if there is one.
    #[must_use]
    pub fn current(&self) -> Option<u64> {
        self.selection.current()
    }

    /// The selected rows, the current one among them.
    #[must_use]
    pub fn selected(&self) -> Option<RangeInclusive<u64>> {
        self.selection.range()
    }

    /// Makes this row the current one and selects it alone. It doesn't scroll.
    pub fn select(&mut self, row: u64) {
        self.selection.select(row, false);
    }

    /// Selects from `first` to `current`, in either order. It doesn't scroll.
    pub fn select_range(&mut self, first: u64, current: u64) {
        self.selection.select_range(first, current);
    }

    /// Selects nothing.
    pub fn clear_selection(&mut self) {
        self.selection.clear();
    }

    /// Takes in which rows there are now, and how they and the view are sized.
    pub(crate) fn take_in(&mut self, geometry: &Geometry, follow_end: bool) {
        let rows = geometry.rows();
        self.selection.keep(&rows);
        self.left_end = self.left_end.clamp(rows.start, rows.end);
        if !follow_end {
            self.following = false;
            // If it is to follow from now on, nothing has been missed so far.
            self.left_end = rows.end;
        }
        if follow_end && rows.is_empty() {
            // Whatever comes now is the end, and all that there is.
            self.following = true;
        }
        let height = geometry.row_height();
        if self.row_height > 0.0 && self.row_height != height {
            // The same part of the row stays at the upper edge.
            self.position.remainder *= height / self.row_height;
        }
        self.row_height = height;
        if geometry.is_hidden() {
            // Nothing is seen, so no position is wrong; the old one is right when the view opens again.
            return;
        }

        let kept = geometry.clamp(self.position);
        match self.wanted.take() {
            Some(Wanted::Row { row, align }) => {
                let to = match align {
                    None => geometry.revealing(kept, row),
                    Some(Align::Min) => geometry.aligned(row, 0.0),
                    Some(Align::Center) => geometry.aligned(row, 0.5),
                    Some(Align::Max) => geometry.aligned(row, 1.0),
                };
                self.leave_end(geometry);
                self.position = to;
                self.touch.velocity = 0.0;
            }
            Some(Wanted::End) => self.go_to_end(geometry, follow_end),
            None if self.following => self.position = geometry.end(),
            None => {
                // Put back to the end, as the rows or the view have changed, and not by `scroll_to`.
                self.following = follow_end && self.position > geometry.end();
                self.position = kept;
            }
        }
    }

    /// The person scrolls. Whoever comes to the end stays there; whoever leaves it does not.
    pub(crate) fn scroll(&mut self, geometry: &Geometry, to: Position, follow_end: bool) -> bool {
        if to == self.position {
            return false;
        }
        self.position = to;
        if to == geometry.end() {
            self.following = follow_end;
        } else {
            self.leave_end(geometry);
        }
        true
    }

    pub(crate) fn go_to_end(&mut self, geometry: &Geometry, follow_end: bool) {
        self.position = geometry.end();
        self.following = follow_end;
        self.touch.velocity = 0.0;
    }

    fn leave_end(&mut self, geometry: &Geometry) {
        if self.following {
            self.left_end = geometry.rows().end;
        }
        self.following = false;
    }

    /// Rows that have come since the person left the end, and are still there.
    pub(crate) fn new_rows(&self, geometry: &Geometry, follow_end: bool) -> u64 {
        if self.following || !follow_end {
            0
        } else {
            geometry.rows().end.saturating_sub(self.left_end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A view of 10 rows of 20 points.
    fn rows(rows: Range<u64>) -> Geometry {
        Geometry::new(rows, 20.0, 200.0)
    }

    fn at(anchor: u64, remainder: f32) -> Position {
        Position { anchor, remainder }
    }

    /// A list of a hundred rows whose person has scrolled up to row 50 and a bit.
    fn scrolled_up() -> RowListState {
        let mut state = RowListState::new();
        state.take_in(&rows(0..100), true);
        state.scroll(&rows(0..100), at(50, 7.0), true);
        state
    }

    #[test]
    fn it_follows_its_end() {
        let mut state = RowListState::new();
        for end in [0, 5, 100, 10_000_000] {
            state.take_in(&rows(0..end), true);
            assert_eq!(state.position, rows(0..end).end());
            assert!(state.is_following());
        }
    }

    #[test]
    fn scrolled_up_it_stays_to_the_pixel() {
        let mut state = scrolled_up();
        for (start, end) in [(0, 100), (0, 101), (30, 5_000), (50, 1_000_000)] {
            state.take_in(&rows(start..end), true);
            assert_eq!(state.position, at(50, 7.0));
            assert!(!state.is_following());
            assert_eq!(state.new_rows(&rows(start..end), true), end - 100);
        }
    }

    #[test]
    fn a_dropped_row_gives_way_to_the_first() {
        let mut state = scrolled_up();
        state.take_in(&rows(51..1000), true);
        assert_eq!(state.position, at(51, 0.0));
        assert!(!state.is_following());
    }

    #[test]
    fn back_at_the_end_it_follows_again() {
        let mut state = scrolled_up();
        state.take_in(&rows(0..200), true);
        assert_eq!(state.new_rows(&rows(0..200), true), 100);
        let end = rows(0..200).end();
        assert!(state.scroll(&rows(0..200), end, true));
        assert!(state.is_following());
        assert_eq!(state.new_rows(&rows(0..200), true), 0);
    }

    #[test]
    fn a_cleared_list_follows_again() {
        let mut state = scrolled_up();
        state.select(60);
        state.take_in(&rows(100..100), true);
        assert!(state.is_following());
        assert_eq!(state.selected(), None);
        state.take_in(&rows(100..300), true);
        assert_eq!(state.position, rows(100..300).end());
        assert_eq!(state.new_rows(&rows(100..300), true), 0);
    }

    #[test]
    fn rows_cut_off_behind_lead_to_the_end() {
        let mut state = scrolled_up();
        state.take_in(&rows(0..40), true);
        assert_eq!(state.position, at(30, 0.0));
        assert!(state.is_following());
    }

    #[test]
    fn the_row_scrolled_to_is_kept() {
        for align in [None, Some(Align::Min), Some(Align::Center), Some(Align::Max)] {
            let mut state = RowListState::new();
            state.take_in(&rows(0..100), true);
            state.scroll_to(99, align);
            state.take_in(&rows(0..100), true);
            let position = state.position;
            state.take_in(&rows(0..150), true);
            assert_eq!(state.position, position, "{align:?}");
            assert!(!state.is_following());
            assert_eq!(state.new_rows(&rows(0..150), true), 50);

            state.scroll_to_end();
            state.take_in(&rows(0..150), true);
            assert!(state.is_following());
        }
    }

    #[test]
    fn a_list_without_following_starts_at_its_start() {
        let mut state = RowListState::new();
        state.take_in(&rows(0..100), false);
        assert_eq!(state.position, at(0, 0.0));
        state.go_to_end(&rows(0..100), false);
        state.take_in(&rows(0..200), false);
        assert_eq!(state.position, at(90, 0.0));
        assert_eq!(state.new_rows(&rows(0..200), false), 0);
        state.take_in(&rows(0..250), true);
        assert_eq!(state.new_rows(&rows(0..250), true), 50);
    }

    #[test]
    fn other_row_heights_keep_the_row() {
        let mut state = scrolled_up();
        state.take_in(&Geometry::new(0..100, 40.0, 200.0), true);
        assert_eq!(state.position, at(50, 14.0));
    }

    #[test]
    fn a_view_that_is_shut_forgets_nothing() {
        let mut state = scrolled_up();
        state.scroll_to(70, Some(Align::Min));
        for height in [0.0, f32::NAN, -3.0] {
            state.take_in(&Geometry::new(0..100, 20.0, height), true);
        }
        assert_eq!(state.position, at(50, 7.0));
        state.take_in(&rows(0..100), true);
        assert_eq!(state.position, at(70, 0.0));
    }

    /// Whatever comes in whatever order, what is shown is there, and the view is full if it can be.
    #[test]
    fn wild_lists_stay_in_order() {
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        let mut state = RowListState::new();
        let heights = [20.0, 13.333_334, 0.8, 500.0, f32::NAN, 17.1];
        let views = [210.0, 0.0, 33.3, f32::INFINITY, 20.0, 1_234.5];
        for round in 0..100_000 {
            // Short lists as often as very long ones.
            let start = next() >> (next() % 64);
            let end = start.saturating_add(next() >> (next() % 64));
            let height = heights[usize::try_from(next() % 6).unwrap_or(0)];
            let view = views[usize::try_from(next() % 6).unwrap_or(0)];
            let geometry = Geometry::new(start..end, height, view);
            match next() % 5 {
                0 => state.scroll_to(next() >> (next() % 64), None),
                1 => state.scroll_to(next() >> (next() % 64), Some(Align::Center)),
                2 => state.select_range(next(), start),
                _ => {}
            }
            state.take_in(&geometry, next() % 4 > 0);
            let way = (next() % 20_000) as f64 / 7.0 - 1_428.0;
            if !geometry.is_hidden() {
                let to = geometry.moved(state.position, way);
                state.scroll(&geometry, to, true);
                let to = geometry.at_fraction(geometry.fraction(state.position));
                assert_eq!(to, geometry.clamp(to), "{round}");
            }

            let visible = geometry.visible(state.position);
            assert!(visible.start >= start && visible.end <= end, "{round}: {visible:?}");
            if !geometry.is_hidden() {
                assert!(state.position <= geometry.end(), "{round}: {state:?}");
                assert_eq!(visible.is_empty(), start == end, "{round}: {state:?}");
                let bottom = visible
                    .clone()
                    .last()
                    .map_or(0.0, |row| geometry.top(state.position, row) + geometry.row_height());
                assert!(geometry.fits() || bottom > view - 0.1, "{round}: {bottom} of {view}");
            }
            if let Some(selected) = state.selected() {
                assert!(*selected.start() >= start && *selected.end() < end, "{round}");
            }
        }
    }
}
