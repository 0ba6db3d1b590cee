//! Text that runs from right to left: seen in its order, selected as it is seen, copied as it was written.

use egui::{
    Color32, ColorImage, Context, FontId, GlyphBitmap, GlyphRasterizer, Pos2, RasterizedGlyph,
    Rect, text::CCursor, text::CharIndex, text::LayoutJob, vec2,
};
use egui_kittest::Harness;
use egui_long_text::OrderedText;

use crate::app::{App, copy, drag, page};

/// How wide a box is, in points.
const BOX: f32 = 20.0;

/// Boxes for what egui's own fonts lack, one for each character that a person sees: as a browser draws it.
fn boxes(ctx: &Context) {
    ctx.add_glyph_rasterizer(GlyphRasterizer::new("boxes", |request| {
        let first = request.cluster.chars().next()?;
        let is_known = matches!(first, '\u{590}'..='\u{6ff}' | '\u{fb50}'..='\u{fefc}');
        is_known.then(|| RasterizedGlyph {
            bitmap: GlyphBitmap {
                image: ColorImage::filled([8, 8], Color32::WHITE),
                offset_px: vec2(0.0, -8.0),
                is_color: false,
            },
            advance_px: BOX,
        })
    }));
}

fn laid_out(text: &str, width: f32) -> OrderedText {
    let mut harness = Harness::builder().build_ui_state(
        |ui, (text, width, found): &mut (String, f32, Option<OrderedText>)| {
            boxes(ui.ctx());
            let job = LayoutJob::simple(text.clone(), FontId::default(), Color32::WHITE, *width);
            *found = Some(OrderedText::new(ui.ctx(), job));
        },
        (text.to_owned(), width, None),
    );
    harness.run();
    harness.state_mut().2.take().unwrap()
}

/// The characters of a row, from left to right, without blanks and marks.
fn seen(text: &OrderedText, row: usize) -> String {
    let mut glyphs: Vec<_> = text.galley().rows[row].glyphs.iter().collect();
    glyphs.retain(|glyph| 0.0 < glyph.advance_width && glyph.chr != ' ');
    glyphs.sort_by(|one, other| one.pos.x.total_cmp(&other.pos.x));
    glyphs.iter().map(|glyph| glyph.chr).collect()
}

fn x_of(text: &OrderedText, index: usize) -> f32 {
    let cursor = CCursor { index: CharIndex(index), prefer_next_row: false };
    text.pos_from_cursor(cursor).left()
}

#[test]
fn letters_stand_from_right_to_left() {
    let text = laid_out("שלום 123 abc", f32::INFINITY);
    assert_eq!(seen(&text, 0), "abc123םולש");
    let text = laid_out("abc שלום 123", f32::INFINITY);
    assert_eq!(seen(&text, 0), "abc123םולש");
}

#[test]
fn lines_break_in_reading_order() {
    let text = laid_out("אבג דהו זחט", 4.5 * BOX);
    assert_eq!(text.galley().rows.len(), 3);
    assert_eq!([seen(&text, 0), seen(&text, 1), seen(&text, 2)], ["גבא", "והד", "טחז"]);
    let right = |row: usize| {
        let placed = &text.galley().rows[row];
        placed.pos.x + placed.glyphs[0].max_x()
    };
    assert_eq!([right(0), right(1)], [right(2), right(2)], "they begin below one another");
}

#[test]
fn cursors_stand_beside_their_letters() {
    let text = laid_out("ab אבג", f32::INFINITY);
    let start = x_of(&text, 2) + (x_of(&text, 2) - x_of(&text, 1)).min(BOX);
    let right = text.galley().rows[0].glyphs[3].max_x();
    assert!(start < right);
    // Behind the blank it stands where the Hebrew begins, on its right, and at the end on its left.
    assert_eq!(x_of(&text, 3), right);
    assert_eq!(x_of(&text, 6), right - 3.0 * BOX);
    for (letter, x) in [(3, right - 1.0), (4, right - BOX - 1.0), (6, right - 3.0 * BOX + 1.0)] {
        assert_eq!(text.cursor_from_pos(vec2(x, 5.0)).index.0, letter, "at {x}");
    }
}

#[test]
fn marks_stay_on_their_letters() {
    // Shin with its dot, and a vowel; then a letter without any.
    let text = laid_out("ש\u{5c1}\u{5b8}ל", f32::INFINITY);
    let glyphs = &text.galley().rows[0].glyphs;
    assert_eq!(glyphs.len(), 4);
    assert_eq!((glyphs[3].pos.x, glyphs[0].pos.x), (0.0, BOX));
    // Before it, and behind it: never between it and its marks.
    assert_eq!(text.cursor_from_pos(vec2(2.0 * BOX - 1.0, 5.0)).index.0, 0);
    assert_eq!(text.cursor_from_pos(vec2(BOX + 1.0, 5.0)).index.0, 3);
}

fn selected(harness: &mut Harness<'static, App>, from: f32, to: f32) -> String {
    let rect: Rect = harness.state().rect;
    let at = |x: f32| Pos2::new(rect.left() + x, rect.top() + 8.0);
    drag(harness, at(from), at(to));
    copy(harness).unwrap_or_default()
}

#[test]
fn what_is_copied_is_as_it_was_written() {
    let mut harness = page("אבגד (לא) xyz");
    boxes(&harness.ctx);
    harness.run();
    // The first letters are at the right end: the row is nine letters wide, less what isn't Hebrew.
    let text = laid_out("אבגד (לא) xyz", f32::INFINITY);
    let right = text.galley().rows[0].glyphs[0].max_x();
    assert_eq!(selected(&mut harness, right - 1.0, right - 2.0 * BOX), "אב");
    assert_eq!(selected(&mut harness, right - 1.0, 1.0), "אבגד (לא) ");
    let end = x_of(&text, 13);
    assert_eq!(selected(&mut harness, right - 1.0, end - 1.0), "אבגד (לא) xyz");
}

#[test]
fn a_selection_is_painted_in_pieces() {
    let text = laid_out("ab אבג", f32::INFINITY);
    let cursors = |range: std::ops::Range<usize>| {
        let cursor = |index| CCursor { index: CharIndex(index), prefer_next_row: false };
        egui::text::CCursorRange::two(cursor(range.start), cursor(range.end))
    };
    let visuals = egui::Visuals::dark();
    let painted = |range| {
        let galley = text.with_selection(&visuals, &cursors(range));
        let mesh = &galley.rows[0].visuals.mesh;
        let corners =
            mesh.vertices.iter().filter(|vertex| vertex.color == visuals.selection.bg_fill);
        corners.count() / 4
    };
    assert_eq!(painted(0..2), 1);
    // "b " and the first letter, which stands at the far end.
    assert_eq!(painted(1..4), 2);
    assert_eq!(painted(0..6), 1);
    assert_eq!(painted(2..2), 0);
}

#[test]
fn found_words_are_marked_where_they_stand() {
    let mut harness = Harness::builder().build_ui_state(
        |ui, found: &mut Option<OrderedText>| {
            boxes(ui.ctx());
            let mut job = LayoutJob::default();
            let format = egui::TextFormat::default();
            let marked = egui::TextFormat { background: Color32::RED, ..format.clone() };
            job.append("אב", 0.0, marked);
            job.append("גד", 0.0, format);
            *found = Some(OrderedText::new(ui.ctx(), job));
        },
        None,
    );
    harness.run();
    let text = harness.state_mut().take().unwrap();
    let mesh = &text.galley().rows[0].visuals.mesh;
    let red = mesh.vertices.iter().filter(|vertex| vertex.color == Color32::RED);
    let bounds = red.fold(Rect::NOTHING, |mut bounds, vertex| {
        bounds.extend_with(vertex.pos);
        bounds
    });
    assert_eq!((bounds.left(), bounds.right()), (2.0 * BOX, 4.0 * BOX));
}

#[test]
fn a_cut_line_says_so_at_its_end() {
    let mut harness = Harness::builder().build_ui_state(
        |ui, found: &mut Option<OrderedText>| {
            boxes(ui.ctx());
            let mut job = LayoutJob::simple_singleline(
                "אבגדהוזחט".to_owned(),
                FontId::default(),
                Color32::WHITE,
            );
            job.wrap = egui::text::TextWrapping::truncate_at_width(4.0 * BOX);
            *found = Some(OrderedText::new(ui.ctx(), job));
        },
        None,
    );
    harness.run();
    let text = harness.state_mut().take().unwrap();
    let seen = seen(&text, 0);
    assert!(seen.starts_with('…') && seen.ends_with('א'), "{seen}");
}
