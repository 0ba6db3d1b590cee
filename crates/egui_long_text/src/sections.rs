//! Colours for a part of a text: what the caller says of it, made into what egui's layout wants.

use std::ops::Range;

use egui::text::{ByteIndex, LayoutSection, TextFormat};

/// How a part of the text is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The part, in bytes from the start of the whole text.
    pub range: Range<usize>,
    /// Its font, colour, background and so on.
    pub format: TextFormat,
}

/// A part of the text with another background, such as what a search has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The part, in bytes from the start of the whole text.
    pub range: Range<usize>,
    /// The colour behind it.
    pub background: egui::Color32,
}

/// Sections for exactly the bytes that are `shown`, counted from their start. What no span is about is
/// written as `plain`. Spans and marks that are not in order, or overlap an earlier one, are left out.
pub(crate) fn sections(
    text: &str,
    shown: &Range<usize>,
    plain: &TextFormat,
    spans: &[Span],
    marks: &[Mark],
) -> Vec<LayoutSection> {
    let within = |at: usize| text.floor_char_boundary(at.clamp(shown.start, shown.end));
    let part = |range: &Range<usize>| within(range.start)..within(range.end);
    let mut spans = spans.iter().map(|span| (part(&span.range), &span.format)).peekable();
    let mut marks = marks.iter().map(|mark| (part(&mark.range), mark.background)).peekable();

    let mut sections = Vec::new();
    let mut at = shown.start;
    while at < shown.end {
        while spans.next_if(|(range, _)| range.end <= at || range.is_empty()).is_some() {}
        while marks.next_if(|(range, _)| range.end <= at || range.is_empty()).is_some() {}
        let mut end = shown.end;
        // Up to where the next one begins or this one ends, whichever comes first.
        let mut is_in = |range: &Range<usize>| {
            end = end.min(if at < range.start { range.start } else { range.end });
            range.start <= at
        };
        let span = spans.peek().filter(|(range, _)| is_in(range)).map(|(_, format)| *format);
        let mark = marks.peek().filter(|(range, _)| is_in(range)).map(|(_, colour)| *colour);
        let mut format = span.unwrap_or(plain).clone();
        if let Some(background) = mark {
            format.background = background;
        }
        sections.push(section(at - shown.start..end - shown.start, format));
        at = end;
    }
    if sections.is_empty() {
        // An empty line is as high as its font.
        sections.push(section(0..0, plain.clone()));
    }
    sections
}

fn section(range: Range<usize>, format: TextFormat) -> LayoutSection {
    let byte_range = ByteIndex(range.start)..ByteIndex(range.end);
    LayoutSection { leading_space: 0.0, byte_range, format }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, FontId};

    fn format(color: Color32) -> TextFormat {
        TextFormat::simple(FontId::default(), color)
    }

    /// Start, end, whether it is red, whether it is marked.
    fn found(
        text: &str,
        shown: Range<usize>,
        spans: &[Range<usize>],
        marks: &[Range<usize>],
    ) -> Vec<(usize, usize, bool, bool)> {
        let red =
            |range: &Range<usize>| Span { range: range.clone(), format: format(Color32::RED) };
        let mark = |range: &Range<usize>| Mark { range: range.clone(), background: Color32::GREEN };
        let spans: Vec<Span> = spans.iter().map(red).collect();
        let marks: Vec<Mark> = marks.iter().map(mark).collect();
        sections(text, &shown, &format(Color32::BLUE), &spans, &marks)
            .iter()
            .map(|section| {
                let is_red = section.format.color == Color32::RED;
                let is_marked = section.format.background == Color32::GREEN;
                (section.byte_range.start.0, section.byte_range.end.0, is_red, is_marked)
            })
            .collect()
    }

    #[test]
    fn spans_and_marks_overlap() {
        assert_eq!(
            found("0123456789", 1..9, &[0..3, 5..7], &[2..6, 9..9]),
            [
                (0, 1, true, false),
                (1, 2, true, true),
                (2, 4, false, true),
                (4, 5, true, true),
                (5, 6, true, false),
                (6, 8, false, false),
            ]
        );
    }

    #[test]
    fn nothing_said_is_plain() {
        assert_eq!(found("abc", 0..3, &[], &[]), [(0, 3, false, false)]);
        assert_eq!(found("abc", 2..2, &[], &[0..1, 2..3]), [(0, 0, false, false)]);
    }

    #[test]
    fn nonsense_from_callers_is_left_out() {
        // Backwards, overlapping, within a character, beyond the end.
        #[expect(clippy::reversed_empty_ranges, reason = "it is what a careless caller gives")]
        let spans = [5..2, 1..3, 2..99, 0..1];
        assert_eq!(found("é123", 0..5, &spans, &[]), [(0, 3, true, false), (3, 5, true, false)]);
    }
}
