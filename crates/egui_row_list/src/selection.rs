//! Which rows are selected: a current row, and the range between it and where the range was begun.

use std::ops::{Range, RangeInclusive};

/// The current row, and the other end of the range. Both are the same where one row is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection(Option<Ends>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ends {
    current: u64,
    origin: u64,
}

impl Selection {
    pub(crate) fn current(self) -> Option<u64> {
        self.0.map(|ends| ends.current)
    }

    pub(crate) fn range(self) -> Option<RangeInclusive<u64>> {
        self.0.map(|Ends { current, origin }| current.min(origin)..=current.max(origin))
    }

    pub(crate) fn contains(self, row: u64) -> bool {
        self.range().is_some_and(|range| range.contains(&row))
    }

    /// Makes this row the current one: the only one, or one end of the range that was begun before.
    pub(crate) fn select(&mut self, row: u64, extend: bool) {
        let origin = self.0.filter(|_| extend).map_or(row, |ends| ends.origin);
        self.0 = Some(Ends { current: row, origin });
    }

    /// Selects from one row to another, which becomes the current one.
    pub(crate) fn select_range(&mut self, origin: u64, current: u64) {
        self.0 = Some(Ends { current, origin });
    }

    pub(crate) fn clear(&mut self) {
        self.0 = None;
    }

    /// Forgets the rows that are gone.
    pub(crate) fn keep(&mut self, rows: &Range<u64>) {
        let Some(range) = self.range() else { return };
        let is_left = !rows.is_empty() && *range.end() >= rows.start && *range.start() < rows.end;
        self.0 = self.0.filter(|_| is_left).map(|Ends { current, origin }| {
            let kept = |row: u64| row.clamp(rows.start, rows.end - 1);
            Ends { current: kept(current), origin: kept(origin) }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_at_first() {
        let mut selection = Selection::default();
        assert_eq!((selection.current(), selection.range()), (None, None));
        selection.select(5, false);
        assert_eq!((selection.current(), selection.range()), (Some(5), Some(5..=5)));
    }

    #[test]
    fn a_range_grows_both_ways() {
        let mut selection = Selection::default();
        selection.select(5, true);
        selection.select(8, true);
        assert_eq!(selection.range(), Some(5..=8));
        selection.select(2, true);
        assert_eq!((selection.current(), selection.range()), (Some(2), Some(2..=5)));
        selection.select(3, false);
        assert_eq!(selection.range(), Some(3..=3));
    }

    #[test]
    fn dropped_rows_are_forgotten() {
        let mut selection = Selection::default();
        selection.select(5, false);
        selection.select(8, true);
        selection.keep(&(6..100));
        assert_eq!((selection.current(), selection.range()), (Some(8), Some(6..=8)));
        selection.keep(&(0..8));
        assert_eq!((selection.current(), selection.range()), (Some(7), Some(6..=7)));
        selection.keep(&(8..100));
        assert_eq!(selection.range(), None);
    }

    #[test]
    fn nothing_is_left_of_an_empty_list() {
        for rows in [0..0, 5..5, 9..9] {
            let mut selection = Selection::default();
            selection.select(5, false);
            selection.keep(&rows);
            assert_eq!(selection.range(), None);
        }
    }

    #[test]
    fn the_last_number_of_all_can_be_selected() {
        let mut selection = Selection::default();
        selection.select(u64::MAX - 1, false);
        selection.keep(&(0..u64::MAX));
        assert!(selection.contains(u64::MAX - 1));
    }
}
