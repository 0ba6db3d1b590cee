//! Where the view stands among the rows: pure arithmetic in whole rows, and points within one row.

use std::ops::Range;

/// The upper edge of the view: so many points below the upper edge of a row.
///
/// A row is named by its own number and not by its distance from the first one. So rows that come behind or
/// are dropped in front change nothing in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(crate) struct Position {
    pub(crate) anchor: u64,
    /// In points, at least 0 and less than a row's height.
    pub(crate) remainder: f32,
}

/// What a position is measured against in one frame.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Geometry {
    rows: Range<u64>,
    /// In points, finite and above 0.
    row_height: f64,
    /// In points, finite and at least 0.
    view_height: f64,
}

impl Geometry {
    /// Sizes that make no sense become the smallest that do: a row of one point, a view of none. A range
    /// that ends before it starts is empty.
    pub(crate) fn new(rows: Range<u64>, row_height: f32, view_height: f32) -> Self {
        let row_height = if row_height.is_finite() && row_height > 0.0 { row_height } else { 1.0 };
        let view_height = if view_height.is_finite() { view_height.max(0.0) } else { 0.0 };
        Self {
            rows: rows.start..rows.end.max(rows.start),
            row_height: row_height.into(),
            view_height: view_height.into(),
        }
    }

    pub(crate) fn rows(&self) -> Range<u64> {
        self.rows.clone()
    }

    pub(crate) fn count(&self) -> u64 {
        self.rows.end - self.rows.start
    }

    pub(crate) fn row_height(&self) -> f32 {
        narrow(self.row_height)
    }

    /// Whether no row can be seen, as the view has no height.
    pub(crate) fn is_hidden(&self) -> bool {
        self.view_height <= 0.0
    }

    /// The view in rows, with the part of a row that is left.
    fn view_in_rows(&self) -> f64 {
        self.view_height / self.row_height
    }

    /// Rows that are in the view as a whole; what a page goes by. At least 1.
    pub(crate) fn page(&self) -> u64 {
        whole(self.view_in_rows() + TINY).max(1)
    }

    /// Whether all the rows are in the view together.
    pub(crate) fn fits(&self) -> bool {
        self.end() == self.start()
    }

    pub(crate) fn start(&self) -> Position {
        Position { anchor: self.rows.start, remainder: 0.0 }
    }

    /// The last position: the lower edges of the last row and of the view meet. The start, if all fits.
    pub(crate) fn end(&self) -> Position {
        let in_view = whole((self.view_in_rows() - TINY).ceil());
        if in_view > self.count() {
            return self.start();
        }
        let above = in_view as f64 * self.row_height - self.view_height;
        self.within(self.rows.end - in_view, above)
    }

    /// So many points into a row. Rounded to f32 they may reach the height of the row, and are then the
    /// start of the next one.
    fn within(&self, row: u64, points: f64) -> Position {
        let remainder = narrow(points);
        if remainder >= narrow(self.row_height) {
            Position { anchor: row.saturating_add(1), remainder: 0.0 }
        } else {
            Position { anchor: row, remainder: remainder.max(0.0) }
        }
    }

    /// The nearest position that there is. If the row has been dropped it is the first that is left.
    pub(crate) fn clamp(&self, position: Position) -> Position {
        let end = self.end();
        if position.anchor < self.rows.start {
            self.start()
        } else if position >= end {
            end
        } else {
            self.within(position.anchor, position.remainder.into())
        }
    }

    /// So many points further down, or up if negative. What is no number moves nothing.
    pub(crate) fn moved(&self, position: Position, points: f64) -> Position {
        if !points.is_finite() {
            return position;
        }
        let from_anchor = f64::from(position.remainder) + points;
        let rows = (from_anchor / self.row_height).floor();
        let points = from_anchor - rows * self.row_height;
        let (anchor, edge) = if rows < 0.0 {
            (position.anchor.checked_sub(whole(-rows)), self.start())
        } else {
            (position.anchor.checked_add(whole(rows)), self.end())
        };
        self.clamp(anchor.map_or(edge, |anchor| self.within(anchor, points)))
    }

    /// A page further down or up.
    pub(crate) fn paged(&self, position: Position, down: bool) -> Position {
        let points = self.page() as f64 * self.row_height;
        self.moved(position, if down { points } else { -points })
    }

    /// The position in which this row is seen as a whole, the nearest to this one. A row higher than the
    /// view shows its upper part.
    pub(crate) fn revealing(&self, position: Position, row: u64) -> Position {
        let top = Position { anchor: row, remainder: 0.0 };
        if position > top {
            return self.clamp(top);
        }
        let bottom = self.aligned(row, 1.0);
        if position < bottom { bottom } else { self.clamp(position) }
    }

    /// The position in which this row stands at this part of the view: 0 is the upper edge, 0.5 the middle
    /// and 1 the lower edge.
    pub(crate) fn aligned(&self, row: u64, part: f64) -> Position {
        let room = (self.view_height - self.row_height).max(0.0);
        let row = row.clamp(self.rows.start, self.rows.end.saturating_sub(1).max(self.rows.start));
        self.moved(Position { anchor: row, remainder: 0.0 }, -room * part)
    }

    /// The rows that are seen at this position, if only in part.
    pub(crate) fn visible(&self, position: Position) -> Range<u64> {
        self.between(position, 0.0, narrow(self.view_height))
    }

    /// Those of the visible rows that are seen between two heights, in points below the upper edge of the
    /// view.
    pub(crate) fn between(&self, position: Position, from: f32, to: f32) -> Range<u64> {
        let (from, to) = (f64::from(from).max(0.0), f64::from(to).min(self.view_height));
        let first = position.anchor.clamp(self.rows.start, self.rows.end);
        if from >= to {
            return first..first;
        }
        let rows = |points: f64| (f64::from(position.remainder) + points) / self.row_height;
        let row = |rows: f64| first.saturating_add(whole(rows)).min(self.rows.end);
        row(rows(from) + TINY)..row((rows(to) - TINY).ceil())
    }

    /// The upper edge of a visible row, in points below the upper edge of the view.
    pub(crate) fn top(&self, position: Position, row: u64) -> f32 {
        // Some dozens of rows at most, however many there are in the list.
        let rows = row.saturating_sub(position.anchor);
        narrow(rows as f64 * self.row_height - f64::from(position.remainder))
    }

    /// The row at so many points below the upper edge of the view.
    pub(crate) fn row_at(&self, position: Position, points: f32) -> Option<u64> {
        let points = f64::from(points);
        if !(points >= 0.0 && points < self.view_height) {
            return None;
        }
        let below = whole((f64::from(position.remainder) + points) / self.row_height);
        let row = position.anchor.checked_add(below)?;
        self.rows.contains(&row).then_some(row)
    }

    /// Where a scroll bar stands: 0 is the start and 1 the end.
    pub(crate) fn fraction(&self, position: Position) -> f64 {
        let (way, end) = (self.rows_to(position), self.rows_to(self.end()));
        if end > 0.0 { (way / end).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The position of a scroll bar that stands there.
    pub(crate) fn at_fraction(&self, fraction: f64) -> Position {
        if fraction >= 1.0 {
            return self.end();
        } else if fraction <= 0.0 || fraction.is_nan() {
            return self.start();
        }
        let rows = fraction * self.rows_to(self.end());
        let anchor = self.rows.start.saturating_add(whole(rows));
        self.clamp(self.within(anchor, (rows - rows.floor()) * self.row_height))
    }

    /// What part of the rows is in the view, from 0 to 1.
    pub(crate) fn part_in_view(&self) -> f64 {
        (self.view_in_rows() / (self.count().max(1) as f64)).min(1.0)
    }

    /// The way from the first row, in rows. Inexact where there are more than 2^53: a scroll bar has no
    /// pixels for that.
    fn rows_to(&self, position: Position) -> f64 {
        let rows = position.anchor.saturating_sub(self.rows.start);
        rows as f64 + f64::from(position.remainder) / self.row_height
    }
}

/// A part of a row too small to be a pixel. By so much sizes that were divided may miss a whole number.
const TINY: f64 = 1e-4;

/// The whole part of a number; the nearest that there is.
#[expect(clippy::cast_possible_truncation, reason = "a cast of floats stops at the bounds")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[expect(clippy::cast_possible_truncation, reason = "points of a view or of a row")]
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEIGHT: f32 = 20.0;

    /// A view of 10.5 rows.
    fn rows(rows: Range<u64>) -> Geometry {
        Geometry::new(rows, HEIGHT, 210.0)
    }

    fn at(anchor: u64, remainder: f32) -> Position {
        Position { anchor, remainder }
    }

    #[test]
    fn the_last_row_ends_with_the_view() {
        for count in [11, 10_000_000, 1_000_000_000_000, u64::MAX] {
            let geometry = rows(0..count);
            let end = geometry.end();
            assert_eq!(end, at(count - 11, 10.0));
            assert_eq!(geometry.top(end, count - 1) + HEIGHT, 210.0);
            assert_eq!(geometry.visible(end), count - 11..count);
        }
    }

    #[test]
    fn few_rows_stay_at_the_start() {
        for count in 0..=10 {
            let geometry = rows(7..7 + count);
            assert!(geometry.fits());
            assert_eq!(geometry.moved(geometry.start(), 1000.0), at(7, 0.0));
            assert_eq!(geometry.visible(geometry.start()), 7..7 + count);
        }
    }

    #[test]
    fn a_view_of_whole_rows_has_no_remainder() {
        // Heights that are no binary fractions, as zoom makes them.
        for height in [20.0, 18.666_667, 13.333_334, 0.8, 17.1] {
            let geometry = Geometry::new(0..1000, height, height * 10.0);
            let end = geometry.end();
            assert!(end.anchor == 990 && end.remainder < 1e-4, "{end:?} for {height}");
            assert_eq!(geometry.visible(geometry.end()), 990..1000, "{height}");
            assert_eq!(geometry.page(), 10, "{height}");
        }
    }

    #[test]
    fn points_become_rows_at_any_depth() {
        for base in [100, 10_000_000, 1_000_000_000_000, u64::MAX / 2] {
            let geometry = rows(0..u64::MAX);
            assert_eq!(geometry.moved(at(base, 5.0), 1.0), at(base, 6.0));
            assert_eq!(geometry.moved(at(base, 5.0), 15.0), at(base + 1, 0.0));
            assert_eq!(geometry.moved(at(base, 5.0), -6.0), at(base - 1, 19.0));
            assert_eq!(geometry.moved(at(base, 5.0), -45.0), at(base - 2, 0.0));
        }
    }

    #[test]
    fn there_and_back_is_the_same_pixel() {
        let geometry = rows(0..u64::MAX);
        let start = at(1_000_000_000_000, 7.25);
        let mut position = start;
        let ways: Vec<f64> = (0..1000).map(|step| f64::from(step % 97) * 1.25 - 50.0).collect();
        for way in &ways {
            position = geometry.moved(position, *way);
        }
        for way in ways.iter().rev() {
            position = geometry.moved(position, -way);
        }
        assert_eq!(position, start);
    }

    #[test]
    fn a_hair_up_is_no_row() {
        let geometry = rows(0..1000);
        for hair in [1e-3, 1e-6, 1e-9, 1e-300] {
            let up = geometry.moved(at(500, 0.0), -hair);
            assert!(
                500.0 * 20.0 - geometry.fraction(up) * (1000.0 * 20.0 - 210.0) < 0.01,
                "{up:?}"
            );
        }
    }

    #[test]
    fn wild_ways_stop_at_the_edges() {
        let geometry = rows(10..1000);
        for way in [1e6, 1e30, f64::MAX] {
            assert_eq!(geometry.moved(at(500, 0.0), way), geometry.end());
            assert_eq!(geometry.moved(at(500, 0.0), -way), geometry.start());
        }
        for way in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(geometry.moved(at(500, 3.0), way), at(500, 3.0));
        }
    }

    #[test]
    fn a_dropped_anchor_moves_to_the_first_row() {
        assert_eq!(rows(50..1000).clamp(at(49, 13.0)), at(50, 0.0));
        assert_eq!(rows(50..1000).clamp(at(50, 13.0)), at(50, 13.0));
    }

    #[test]
    fn a_range_that_shrinks_shows_its_end() {
        assert_eq!(rows(0..100).clamp(at(500, 3.0)), at(89, 10.0));
        assert_eq!(rows(0..5).clamp(at(500, 3.0)), at(0, 0.0));
        assert_eq!(rows(900..900).clamp(at(500, 3.0)), at(900, 0.0));
        assert_eq!(rows(0..0).clamp(at(500, 3.0)), at(0, 0.0));
    }

    #[test]
    #[expect(clippy::reversed_empty_ranges, reason = "it is what is tried")]
    fn a_range_turned_round_is_empty() {
        assert_eq!(rows(9..3).count(), 0);
        assert_eq!(rows(9..3).visible(at(4, 0.0)), 9..9);
    }

    #[test]
    fn revealing_goes_no_further_than_needed() {
        let geometry = rows(0..1000);
        let position = at(500, 5.0);
        assert_eq!(geometry.revealing(position, 505), position);
        assert_eq!(geometry.revealing(position, 500), at(500, 0.0));
        assert_eq!(geometry.revealing(position, 510), at(500, 10.0));
        assert_eq!(geometry.revealing(position, 0), at(0, 0.0));
        assert_eq!(geometry.revealing(position, 999), geometry.end());
        assert_eq!(geometry.revealing(position, u64::MAX), geometry.end());
    }

    #[test]
    fn a_row_is_put_where_it_is_wanted() {
        let geometry = rows(0..1000);
        assert_eq!(geometry.aligned(500, 0.0), at(500, 0.0));
        assert_eq!(geometry.aligned(500, 0.5), at(495, 5.0));
        assert_eq!(geometry.aligned(500, 1.0), at(490, 10.0));
        assert_eq!(geometry.aligned(3, 0.5), geometry.start());
        assert_eq!(geometry.aligned(u64::MAX, 0.5), geometry.end());
        assert_eq!(rows(0..0).aligned(7, 0.5), at(0, 0.0));
    }

    #[test]
    fn a_row_higher_than_the_view_can_be_read() {
        let geometry = Geometry::new(0..10, 100.0, 30.0);
        assert_eq!(geometry.end(), at(9, 70.0));
        assert_eq!(geometry.page(), 1);
        assert_eq!(geometry.revealing(at(0, 0.0), 4), at(4, 0.0));
        // A part of it is seen already, and stays.
        assert_eq!(geometry.visible(at(4, 80.0)), 4..6);
        assert_eq!(geometry.moved(at(4, 0.0), 30.0), at(4, 30.0));
    }

    #[test]
    fn a_part_of_the_view_has_a_part_of_the_rows() {
        let geometry = rows(0..1000);
        let position = at(500, 5.0);
        assert_eq!(geometry.between(position, f32::NEG_INFINITY, f32::INFINITY), 500..511);
        assert_eq!(geometry.between(position, 14.0, 56.0), 500..504);
        assert_eq!(geometry.between(position, 15.0, 55.0), 501..503);
        assert_eq!(geometry.between(position, 300.0, 400.0), 500..500);
        assert_eq!(geometry.between(position, f32::NAN, 50.0), 500..503);
        assert_eq!(rows(0..2).between(at(0, 0.0), 30.0, 100.0), 1..2);
    }

    #[test]
    fn the_row_under_the_pointer_is_found() {
        let geometry = rows(0..1000);
        assert_eq!(geometry.row_at(at(500, 5.0), 0.0), Some(500));
        assert_eq!(geometry.row_at(at(500, 5.0), 14.9), Some(500));
        assert_eq!(geometry.row_at(at(500, 5.0), 15.0), Some(501));
        assert_eq!(geometry.row_at(at(500, 5.0), 210.0), None);
        assert_eq!(geometry.row_at(at(500, 5.0), -1.0), None);
        assert_eq!(geometry.row_at(at(500, 5.0), f32::NAN), None);
        assert_eq!(rows(0..2).row_at(at(0, 0.0), 50.0), None);
    }

    #[test]
    fn a_scroll_bar_finds_its_way_back() {
        for count in [100, 10_000_000, 1_000_000_000_000, u64::MAX] {
            let geometry = rows(0..count);
            assert_eq!(geometry.at_fraction(0.0), geometry.start());
            assert_eq!(geometry.at_fraction(1.0), geometry.end());
            assert_eq!(geometry.fraction(geometry.start()), 0.0);
            assert_eq!(geometry.fraction(geometry.end()), 1.0);
            for percent in 1..100 {
                let fraction = f64::from(percent) / 100.0;
                let back = geometry.fraction(geometry.at_fraction(fraction));
                assert!((back - fraction).abs() < 1e-6, "{count} rows, {fraction} became {back}");
            }
        }
        for wild in [f64::NAN, f64::NEG_INFINITY, -1.0] {
            assert_eq!(rows(0..100).at_fraction(wild), at(0, 0.0));
        }
        assert_eq!(rows(0..100).at_fraction(f64::INFINITY), rows(0..100).end());
    }

    #[test]
    fn sizes_without_sense_show_nothing() {
        for height in [0.0, -5.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let geometry = Geometry::new(0..100, 20.0, height);
            assert!(geometry.visible(at(50, 3.0)).is_empty(), "{height}");
            assert_eq!(geometry.page(), 1);
            let _ = (geometry.end(), geometry.revealing(at(3, 0.0), 50), geometry.at_fraction(0.5));

            let geometry = Geometry::new(0..100, height, 200.0);
            assert_eq!(geometry.visible(geometry.start()), 0..100, "{height}");
        }
    }
}
