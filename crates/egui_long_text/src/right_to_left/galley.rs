//! Moves the letters of each row of a layout to where they are read, and finds places among them.

use std::ops::Range;
use std::sync::Arc;

use egui::emath::GuiRounding as _;
use egui::epaint::text::{Glyph, PlacedRow, Row};
use egui::text::{CCursor, CCursorRange, CharIndex, LayoutJob};
use egui::{Color32, Galley, Rangef, Rect, Vec2, Visuals, pos2, vec2};
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

use super::order::Place;

/// The colour behind each part of the text that has one, by the numbers of its characters.
pub(super) fn backgrounds(job: &LayoutJob) -> Vec<(Range<usize>, Color32)> {
    let mut start = 0;
    let mut found = Vec::new();
    for section in &job.sections {
        let range = section.byte_range.start.0..section.byte_range.end.0;
        let count = job.text.get(range).map_or(0, |part| part.chars().count());
        if section.format.background != Color32::TRANSPARENT {
            found.push((start..start + count, section.format.background));
        }
        start += count;
    }
    found
}

/// Orders each row.
pub(super) fn order(
    galley: &mut Galley,
    places: &[Place],
    backgrounds: &[(Range<usize>, Color32)],
) {
    let pixels_per_point = galley.pixels_per_point;
    let width = galley.rect.width();
    let is_one_row = galley.rows.len() == 1;
    let last = galley.rows.len().saturating_sub(1);
    let mut start = 0;
    for (nth, placed) in galley.rows.iter_mut().enumerate() {
        let count = placed.glyphs.len();
        let end = start + count;
        let base = places.get(start).map_or(Level::ltr(), |place| place.base);
        let mut levels: Vec<Level> =
            (start..end).map(|at| places.get(at).map_or(base, |place| place.level)).collect();
        // What ends a row belongs to its paragraph, be it blanks or the sign that something was left out.
        let is_cut = nth == last && galley.elided;
        let ends = levels.iter_mut().zip(&placed.glyphs).rev().enumerate();
        for (from_end, (level, glyph)) in ends {
            if !(glyph.chr.is_whitespace() || (is_cut && from_end == 0)) {
                break;
            }
            *level = base;
        }
        if levels.iter().any(Level::is_rtl) {
            move_letters(Arc::make_mut(&mut placed.row), &levels, pixels_per_point);
        }
        if base.is_rtl() && !is_one_row {
            placed.pos.x = (width - placed.size.x).max(0.0).round_to_pixels(pixels_per_point);
        }
        for (range, colour) in backgrounds {
            let part = range.start.max(start)..range.end.min(end);
            if part.start < part.end {
                let spans = spans(&placed.row, part.start - start..part.end - start);
                paint_behind(Arc::make_mut(&mut placed.row), &spans, *colour);
            }
        }
        start = end + usize::from(placed.ends_with_newline);
    }
    measure(galley);
}

/// Moves the letters of a row to where their levels say.
fn move_letters(row: &mut Row, levels: &[Level], pixels_per_point: f32) {
    let text = row.text();
    // A letter and the marks on it stay together.
    let mut clusters: Vec<Range<usize>> = Vec::with_capacity(levels.len());
    for cluster in text.graphemes(true) {
        let start = clusters.last().map_or(0, |last| last.end);
        clusters.push(start..start + cluster.chars().count());
    }
    let width = |cluster: &Range<usize>| -> f32 {
        row.glyphs[cluster.clone()].iter().map(|glyph| glyph.advance_width).sum()
    };
    let mut before = row.glyphs.first().map_or(0.0, |glyph| glyph.pos.x);
    let mut after = before;
    let befores: Vec<f32> = clusters
        .iter()
        .map(|cluster| {
            let start = before;
            before += width(cluster);
            start
        })
        .collect();
    let of_clusters: Vec<Level> = clusters.iter().map(|cluster| levels[cluster.start]).collect();
    let mut moves = vec![0.0; clusters.len()];
    for nth in BidiInfo::reorder_visual(&of_clusters) {
        moves[nth] = (after - befores[nth]).round_to_pixels(pixels_per_point);
        after += width(&clusters[nth]);
    }
    for (cluster, points) in clusters.into_iter().zip(moves) {
        for nth in cluster {
            row.glyphs[nth].pos.x += points;
            for vertex in vertices(row, nth) {
                row.visuals.mesh.vertices[vertex].pos.x += points;
            }
        }
    }
    row.visuals.mesh_bounds = row.visuals.mesh.calc_bounds();
}

/// A letter's own part of the row's mesh.
fn vertices(row: &Row, nth: usize) -> Range<usize> {
    let first = |glyph: &Glyph| glyph.first_vertex as usize;
    let end = row.visuals.glyph_vertex_range.end;
    let start = row.glyphs.get(nth).map_or(end, first);
    start..row.glyphs.get(nth + 1).map_or(end, first)
}

/// Where these characters stand in their row: in several pieces, if they don't stand together.
fn spans(row: &Row, range: Range<usize>) -> Vec<Rangef> {
    let mut spans: Vec<Rangef> = row.glyphs[range]
        .iter()
        .map(|glyph| Rangef::new(glyph.pos.x, glyph.max_x()))
        .filter(|span| 0.0 < span.span())
        .collect();
    spans.sort_by(|one, other| one.min.total_cmp(&other.min));
    spans.dedup_by(|next, span| {
        // Letters lie on whole pixels, what they take of the row does not.
        let is_next = next.min <= span.max + 1.0;
        if is_next {
            span.max = span.max.max(next.max);
        }
        is_next
    });
    spans
}

/// Paints rectangles as high as the row, behind its letters and above what is behind them already.
fn paint_behind(row: &mut Row, spans: &[Rangef], colour: Color32) {
    let mesh = &mut row.visuals.mesh;
    let letters = row.visuals.glyph_index_start;
    let before = mesh.indices.len();
    for span in spans {
        let rect = Rect::from_min_max(pos2(span.min, 0.0), pos2(span.max, row.size.y));
        mesh.add_colored_rect(rect, colour);
    }
    let added = mesh.indices.len() - before;
    mesh.indices[letters..].rotate_right(added);
    row.visuals.glyph_index_start += added;
    row.visuals.mesh_bounds = mesh.calc_bounds();
}

/// Puts right what the layout as a whole says of its rows.
fn measure(galley: &mut Galley) {
    let bounds = |placed: &PlacedRow| placed.visuals.mesh_bounds.translate(placed.pos.to_vec2());
    let rows = &galley.rows;
    galley.mesh_bounds = rows.iter().map(bounds).fold(Rect::NOTHING, Rect::union);
    galley.num_vertices = rows.iter().map(|placed| placed.visuals.mesh.vertices.len()).sum();
    galley.num_indices = rows.iter().map(|placed| placed.visuals.mesh.indices.len()).sum();
}

/// Paints what is selected.
pub(super) fn select(galley: &mut Galley, visuals: &Visuals, range: &CCursorRange) {
    if range.is_empty() {
        return;
    }
    let [min, max] = range.sorted_cursors();
    let mut start = 0;
    for placed in &mut galley.rows {
        let count = placed.glyphs.len();
        let part = min.index.0.clamp(start, start + count)..max.index.0.clamp(start, start + count);
        let part = part.start - start..part.end - start;
        if !part.is_empty() {
            let row = Arc::make_mut(&mut placed.row);
            for vertex in part.clone().flat_map(|nth| vertices(row, nth)).collect::<Vec<_>>() {
                row.visuals.mesh.vertices[vertex].color = visuals.selection.stroke.color;
            }
            let spans = spans(row, part);
            paint_behind(row, &spans, visuals.selection.bg_fill);
        }
        start += count + usize::from(placed.ends_with_newline);
    }
    measure(galley);
}

/// Where what is selected stands, row by row and in as many pieces as it takes.
pub(super) fn selected_spans(galley: &Galley, range: &CCursorRange) -> Vec<Rect> {
    let [min, max] = range.sorted_cursors();
    let mut start = 0;
    let mut found = Vec::new();
    for placed in &galley.rows {
        let count = placed.glyphs.len();
        let part = min.index.0.clamp(start, start + count)..max.index.0.clamp(start, start + count);
        let part = part.start - start..part.end - start;
        if !part.is_empty() {
            found.extend(spans(&placed.row, part).into_iter().map(|span| {
                let x = (span.min + placed.pos.x)..=(span.max + placed.pos.x);
                Rect::from_x_y_ranges(x, placed.min_y()..=placed.max_y())
            }));
        }
        start += count + usize::from(placed.ends_with_newline);
    }
    found
}

/// Where a cursor stands: at the side of its letter at which that begins, and at the end of a row where its last
/// letter ends.
pub(super) fn pos_from_cursor(galley: &Galley, to_the_left: &[bool], cursor: CCursor) -> Rect {
    let place = galley.layout_from_cursor(cursor);
    let Some(placed) = galley.rows.get(place.row) else { return galley.pos_from_cursor(cursor) };
    let before: usize =
        galley.rows[..place.row].iter().map(|row| row.char_count_including_newline().0).sum();
    let is_left = |nth: usize| to_the_left.get(before + nth).copied().unwrap_or_default();
    let x = placed.pos.x + caret_x(placed, place.column.0, is_left);
    Rect::from_min_max(pos2(x, placed.min_y()), pos2(x, placed.max_y()))
}

/// Where a cursor stands in a row, in front of its letter of this number or at the row's end.
fn caret_x(row: &Row, column: usize, is_left: impl Fn(usize) -> bool) -> f32 {
    match (row.glyphs.get(column), row.glyphs.last()) {
        (Some(glyph), _) if is_left(column) => glyph.max_x(),
        (Some(glyph), _) => glyph.pos.x,
        (None, Some(last)) if is_left(row.glyphs.len() - 1) => last.pos.x,
        (None, Some(last)) => last.max_x(),
        (None, None) => 0.0,
    }
}

/// The cursor one row further up or down that stands nearest to `x`, and whether there is such a row: if there is none,
/// the cursor goes to the end of the text.
pub(super) fn row_away(
    galley: &Galley,
    to_the_left: &[bool],
    cursor: CCursor,
    x: f32,
    is_down: bool,
) -> (CCursor, bool) {
    let row = galley.layout_from_cursor(cursor).row;
    let next = if is_down { Some(row + 1) } else { row.checked_sub(1) };
    let Some((nth, placed)) = next.and_then(|nth| Some((nth, galley.rows.get(nth)?))) else {
        return (if is_down { galley.end() } else { galley.begin() }, false);
    };
    let start: usize =
        galley.rows[..nth].iter().map(|row| row.char_count_including_newline().0).sum();
    let is_left = |nth: usize| to_the_left.get(start + nth).copied().unwrap_or_default();
    let away = |column: &usize| (placed.pos.x + caret_x(placed, *column, is_left) - x).abs();
    // No cursor stands between a letter and its marks.
    let is_mark =
        |column: usize| placed.glyphs.get(column).is_some_and(|it| it.advance_width == 0.0);
    let columns = (0..=placed.glyphs.len()).filter(|column| !is_mark(*column));
    let column = columns.min_by(|one, other| away(one).total_cmp(&away(other))).unwrap_or_default();
    let prefer_next_row = column < placed.glyphs.len();
    (CCursor { index: CharIndex(start + column), prefer_next_row }, true)
}

/// The cursor nearest to a place: beside the letter there, on the side that is nearer.
pub(super) fn cursor_from_pos(galley: &Galley, to_the_left: &[bool], at: Vec2) -> CCursor {
    let mut start = 0;
    let mut rows = galley.rows.iter().peekable();
    while let Some(placed) = rows.next() {
        let is_last = rows.peek().is_none();
        if at.y <= placed.max_y() || is_last {
            let column = column_at(placed, at.x - placed.pos.x, |nth| {
                to_the_left.get(start + nth).copied().unwrap_or_default()
            });
            let prefer_next_row = column < placed.glyphs.len();
            return CCursor { index: CharIndex(start + column), prefer_next_row };
        }
        start += placed.char_count_including_newline().0;
    }
    CCursor::default()
}

/// The letter at a place, if there is one or it is close by: a finger is wide, and a field's label is above its text.
pub(super) fn letter_at(galley: &Galley, at: Vec2) -> Option<usize> {
    const CLOSE: Vec2 = vec2(6.0, 24.0);

    let mut start = 0;
    let mut rows = galley.rows.iter().peekable();
    while let Some(placed) = rows.next() {
        if at.y <= placed.max_y() || rows.peek().is_none() {
            let beyond = (placed.min_y() - at.y).max(at.y - placed.max_y());
            let (nth, beside) = nearest(placed, at.x - placed.pos.x)?;
            return (beside <= CLOSE.x && beyond <= CLOSE.y).then_some(start + nth);
        }
        start += placed.char_count_including_newline().0;
    }
    None
}

/// The letter of a row that is nearest to a place, and how far away it is.
fn nearest(row: &Row, x: f32) -> Option<(usize, f32)> {
    let distance = |glyph: &Glyph| (glyph.pos.x - x).max(x - glyph.max_x()).max(0.0);
    let seen = row.glyphs.iter().enumerate().filter(|(_, glyph)| 0.0 < glyph.advance_width);
    let seen = seen.map(|(nth, glyph)| (nth, distance(glyph)));
    seen.min_by(|(_, one), (_, other)| one.total_cmp(other))
}

fn column_at(row: &Row, x: f32, is_left: impl Fn(usize) -> bool) -> usize {
    let Some((nth, _)) = nearest(row, x) else { return 0 };
    let glyph = &row.glyphs[nth];
    let is_right_half = glyph.pos.x + glyph.advance_width / 2.0 < x;
    if is_right_half == is_left(nth) {
        return nth;
    }
    // Behind the letter, and the marks on it.
    let marks = row.glyphs[nth + 1..].iter().take_while(|glyph| glyph.advance_width == 0.0);
    nth + 1 + marks.count()
}
