//! Lays out single pieces of a text, and finds the way from one place in it to another by doing so.

use std::borrow::Cow;
use std::ops::Range;

use egui::text::{CCursor, CCursorRange, CharIndex, LayoutJob, TextFormat, TextWrapping};
use egui::{Context, Rect, Vec2, pos2};

use crate::pieces;
use crate::right_to_left::OrderedText;
use crate::sections::{Mark, Span, sections};
use crate::state::Anchor;

/// Gives the colours of a part of the text: its words, and where they are in the whole.
pub(crate) type Style<'a> = dyn Fn(&str, Range<usize>) -> Vec<Span> + 'a;
/// Gives the marks in a part of the text.
pub(crate) type Marks<'a> = dyn Fn(Range<usize>) -> Cow<'a, [Mark]> + 'a;

/// No view has more pieces, and nothing goes on for longer. A line is some points high: it is a bound for
/// fonts without any height.
const MOST_PIECES: usize = 4096;

/// No letter is narrower that is worth a thought: how many are laid out of a line that isn't wrapped, in
/// points.
const NARROW: f32 = 3.0;

/// A text as it is to look.
pub(crate) struct Layout<'a> {
    pub(crate) ctx: Context,
    pub(crate) text: &'a str,
    pub(crate) plain: TextFormat,
    pub(crate) style: Option<&'a Style<'a>>,
    pub(crate) marks: Option<&'a Marks<'a>>,
    /// How wide the view is, in points.
    pub(crate) width: f32,
    pub(crate) wraps: bool,
    /// How far lines that aren't wrapped are moved to the left, in points.
    pub(crate) left: f32,
    /// How wide a column of these is, in points.
    pub(crate) column: f32,
}

/// A piece that is laid out.
pub(crate) struct Placed {
    pub(crate) piece: Range<usize>,
    /// What of it is in the galley.
    pub(crate) shown: Range<usize>,
    pub(crate) laid_out: OrderedText,
    /// Where it is, from the view's upper left corner, in points.
    pub(crate) at: Vec2,
    /// How wide it would be in full, as far as is known, in points.
    pub(crate) full_width: f32,
}

impl Placed {
    pub(crate) fn height(&self) -> f32 {
        self.laid_out.galley().size().y
    }

    pub(crate) fn bottom(&self) -> f32 {
        self.at.y + self.height()
    }

    /// The place of a byte, from the view's corner. Bytes that are not shown count as the nearest ones.
    pub(crate) fn rect_of(&self, text: &str, byte: usize) -> Rect {
        self.laid_out.pos_from_cursor(self.cursor(text, byte)).translate(self.at)
    }

    /// The byte at a place from the view's corner.
    pub(crate) fn byte_at(&self, text: &str, at: Vec2) -> usize {
        self.byte(text, self.laid_out.cursor_from_pos(at - self.at))
    }

    /// The byte of the character that stands at a place from the view's corner.
    pub(crate) fn character_at(&self, text: &str, at: Vec2) -> Option<usize> {
        let index = self.laid_out.character_at(at - self.at)?;
        Some(self.byte(text, CCursor::new(index)))
    }

    /// What is selected of it.
    pub(crate) fn selected(&self, text: &str, range: &Range<usize>) -> Option<CCursorRange> {
        let from = range.start.max(self.shown.start);
        let to = range.end.min(self.shown.end);
        (from < to).then(|| CCursorRange::two(self.cursor(text, from), self.cursor(text, to)))
    }

    pub(crate) fn cursor(&self, text: &str, byte: usize) -> CCursor {
        let end = text.floor_char_boundary(byte.clamp(self.shown.start, self.shown.end));
        let index = CharIndex(text[self.shown.start..end].chars().count());
        CCursor { index, prefer_next_row: true }
    }

    fn byte(&self, text: &str, cursor: CCursor) -> usize {
        let shown = &text[self.shown.clone()];
        let into = shown.char_indices().nth(cursor.index.0).map_or(shown.len(), |(at, _)| at);
        self.shown.start + into
    }
}

/// What is seen.
pub(crate) struct Visible {
    pub(crate) placed: Vec<Placed>,
    pub(crate) is_at_end: bool,
}

impl Layout<'_> {
    /// A part of the text with its colours. It may be as long as the caller likes to wait.
    pub(crate) fn job(&self, whole: &Range<usize>, shown: &Range<usize>) -> LayoutJob {
        let spans = self.style.map(|style| style(&self.text[whole.clone()], whole.clone()));
        let marks = self.marks.map(|marks| marks(whole.clone()));
        let sections = sections(
            self.text,
            shown,
            &self.plain,
            spans.as_deref().unwrap_or_default(),
            marks.as_deref().unwrap_or_default(),
        );
        let width = if self.wraps { self.width } else { f32::INFINITY };
        LayoutJob {
            text: self.text[shown.clone()].to_owned(),
            sections,
            wrap: TextWrapping { max_width: width, ..TextWrapping::default() },
            break_on_newline: true,
            ..LayoutJob::default()
        }
    }

    pub(crate) fn lay_out(&self, job: LayoutJob) -> OrderedText {
        // egui keeps what was laid out in the last frame.
        OrderedText::new(&self.ctx, job)
    }

    pub(crate) fn place(&self, piece: Range<usize>, top: f32) -> Placed {
        let whole = pieces::visible(self.text, &piece);
        let (shown, at, full) =
            if self.wraps { (whole.clone(), 0.0, 0.0) } else { self.cut(&whole) };
        let laid_out = self.lay_out(self.job(&whole, &shown));
        let known = at + self.left + laid_out.galley().size().x;
        let full_width = if shown.end < whole.end { full.max(known + self.column) } else { known };
        Placed { piece, shown, laid_out, at: Vec2::new(at, top), full_width }
    }

    /// What is seen of a line that isn't wrapped, where it begins, and a guess how long all of it is.
    fn cut(&self, whole: &Range<usize>) -> (Range<usize>, f32, f32) {
        let line = &self.text[whole.clone()];
        let skipped = count(self.left / self.column);
        let most = count(self.width / NARROW) + 16;
        let nth = |from: usize, count| {
            let mut bytes = self.text[from..whole.end].char_indices();
            bytes.nth(count).map_or(whole.end, |(at, _)| from + at)
        };
        let from = pieces::floor_cluster(self.text, nth(whole.start, skipped)).max(whole.start);
        let to = nth(from, most);
        let full = line.chars().count() as f32 * self.column;
        (from..to, skipped as f32 * self.column - self.left, full)
    }

    /// What is seen from this place on, in a view of this height. The place is moved where the text ends
    /// above the view's lower edge.
    pub(crate) fn visible(&self, anchor: &mut Anchor, height: f32) -> Visible {
        let mut visible = self.from(*anchor, height);
        if visible.is_at_end {
            let bottom = visible.placed.last().map_or(0.0, Placed::bottom);
            if bottom + 0.5 < height && *anchor != Anchor::default() {
                *anchor = self.moved(*anchor, bottom - height);
                visible = self.from(*anchor, height);
            }
            let bottom = visible.placed.last().map_or(0.0, Placed::bottom);
            visible.is_at_end &= bottom <= height + 0.5;
        }
        visible
    }

    fn from(&self, anchor: Anchor, height: f32) -> Visible {
        let first = pieces::piece_at(self.text, anchor.start);
        let mut placed = vec![self.place(first, -anchor.above)];
        while placed.len() < MOST_PIECES {
            let Some(last) = placed.last() else { break };
            if height < last.bottom() {
                return Visible { placed, is_at_end: false };
            }
            let Some(next) = pieces::next_piece(self.text, &last.piece) else {
                return Visible { placed, is_at_end: true };
            };
            let top = last.bottom();
            placed.push(self.place(next, top));
        }
        Visible { placed, is_at_end: false }
    }

    /// A place so many points further down.
    pub(crate) fn moved(&self, anchor: Anchor, points: f32) -> Anchor {
        let mut piece = pieces::piece_at(self.text, anchor.start);
        let mut above = anchor.above + points;
        for _ in 0..MOST_PIECES {
            if above < 0.0 {
                let Some(previous) = pieces::previous_piece(self.text, &piece) else {
                    above = 0.0;
                    break;
                };
                piece = previous;
                above += self.place(piece.clone(), 0.0).height();
            } else {
                let height = self.place(piece.clone(), 0.0).height();
                let next = pieces::next_piece(self.text, &piece).filter(|_| height <= above);
                let Some(next) = next else { break };
                above -= height;
                piece = next;
            }
        }
        Anchor { start: piece.start, above: above.max(0.0) }
    }

    /// The place where this byte is at the top, or close to it.
    pub(crate) fn anchor_near(&self, byte: usize) -> Anchor {
        let piece = pieces::piece_at(self.text, byte);
        let height = self.place(piece.clone(), 0.0).height();
        let part = (byte - piece.start) as f32 / piece.len().max(1) as f32;
        Anchor { start: piece.start, above: height * part.min(1.0) }
    }

    /// The place where the row of this byte is at the top.
    pub(crate) fn anchor_at(&self, byte: usize) -> Anchor {
        let piece = pieces::piece_at(self.text, byte);
        let start = piece.start;
        Anchor { start, above: self.place(piece, 0.0).rect_of(self.text, byte).top().max(0.0) }
    }

    /// A place at the end. What is too far is taken back by [`Self::visible`].
    pub(crate) fn end(&self, height: f32) -> Anchor {
        let start = pieces::piece_at(self.text, self.text.len()).start;
        self.moved(Anchor { start, above: 0.0 }, height)
    }

    /// The byte at the top, or close to it: where [`Self::anchor_near`] leads back from.
    pub(crate) fn byte_near(&self, anchor: Anchor, first: &Placed) -> usize {
        let part = f64::from(anchor.above / first.height().max(1.0)).clamp(0.0, 1.0);
        first.piece.start + count_of(first.piece.len() as f64 * part)
    }

    /// The byte of the topmost row that is seen at least by half.
    pub(crate) fn top_byte(&self, anchor: Anchor) -> usize {
        let first = self.place(pieces::piece_at(self.text, anchor.start), 0.0);
        let y = anchor.above + first.rect_of(self.text, first.shown.start).height() / 2.0;
        first.byte_at(self.text, Vec2::new(0.0, y.min(first.height() - 1.0)))
    }

    /// How far from the left a byte is, in points: in lines that aren't wrapped, its column.
    pub(crate) fn x_of(&self, byte: usize) -> f32 {
        let piece = pieces::piece_at(self.text, byte);
        if self.wraps {
            self.place(piece, 0.0).rect_of(self.text, byte).left()
        } else {
            self.text[piece.start..byte].chars().count() as f32 * self.column
        }
    }

    /// The byte a row further up or down, as close to `x` as it can be; as [`Self::x_of`] gives it.
    pub(crate) fn row_away(&self, byte: usize, x: f32, is_down: bool) -> usize {
        if !self.wraps {
            let piece = pieces::piece_at(self.text, byte);
            let next = if is_down {
                pieces::next_piece(self.text, &piece)
            } else {
                pieces::previous_piece(self.text, &piece)
            };
            let Some(next) = next else { return if is_down { self.text.len() } else { 0 } };
            let line = pieces::visible(self.text, &next);
            let mut columns = self.text[line.clone()].char_indices();
            let byte = columns.nth(count((x / self.column).round()));
            return pieces::floor_cluster(
                self.text,
                byte.map_or(line.end, |(at, _)| line.start + at),
            );
        }
        let placed = self.place(pieces::piece_at(self.text, byte), 0.0);
        let rect = placed.rect_of(self.text, byte);
        let half = rect.height() / 2.0;
        let y = if is_down { rect.bottom() + half } else { rect.top() - half };
        if (0.0..placed.height()).contains(&y) {
            return placed.byte_at(self.text, pos2(x, y).to_vec2());
        }
        let next = if is_down {
            pieces::next_piece(self.text, &placed.piece)
        } else {
            pieces::previous_piece(self.text, &placed.piece)
        };
        let Some(next) = next else { return if is_down { self.text.len() } else { 0 } };
        let next = self.place(next, 0.0);
        let y = if is_down { 1.0 } else { next.height() - 1.0 };
        next.byte_at(self.text, pos2(x, y).to_vec2())
    }

    /// The place closest to this one from which the row of the byte is seen, `margin` points away from
    /// the view's edges where it was not seen before.
    pub(crate) fn seen(&self, anchor: Anchor, height: f32, byte: usize, margin: f32) -> Anchor {
        let seen = self.from(anchor, height);
        let placed = seen.placed.iter().find(|placed| {
            placed.piece.contains(&byte) || (placed.piece.end == byte && byte == self.text.len())
        });
        if let Some(placed) = placed {
            let rect = placed.rect_of(self.text, byte);
            if 0.0 <= rect.top() && rect.bottom() <= height {
                return anchor;
            }
        }
        let piece = pieces::piece_at(self.text, byte);
        let start = piece.start;
        let rect = self.place(piece, 0.0).rect_of(self.text, byte);
        let is_above = byte < anchor.start
            || placed.is_some_and(|placed| placed.rect_of(self.text, byte).top() < 0.0);
        let margin = margin.min((height - rect.height()).max(0.0));
        let to = if is_above { margin } else { height - rect.height() - margin };
        self.moved(Anchor { start, above: rect.top() }, -to)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn count(points: f32) -> usize {
    points as usize
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
pub(crate) fn count_of(bytes: f64) -> usize {
    bytes as usize
}
