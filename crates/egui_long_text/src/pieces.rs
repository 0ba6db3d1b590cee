//! Cuts a text into pieces of bounded length, the same ones from wherever one begins to look.
//!
//! A piece is a line with its line break. A line of at least twice [`STRIDE`] bytes is cut further, close to
//! each multiple of [`STRIDE`] (counted from the start of the *text*) that is at least [`STRIDE`] away from
//! both ends of the line. So whether a place is a cut is known from the bytes around it, without an index,
//! and no piece is longer than three strides.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

/// How far apart the cuts of a long line are, in bytes.
pub(crate) const STRIDE: usize = 2048;

/// How far before a multiple of the stride its cut may lie, in bytes: as far as a cluster of characters
/// (an emoji, a letter with its marks) is looked at, so that no shorter one is cut.
const REACH: usize = 256;

/// The length of one of the two letters that are a flag, in bytes.
const FLAG_LETTER: usize = 4;

/// How far back a space is looked for, so that no word is cut, in bytes.
const WORD_REACH: usize = 64;

/// More than the longest piece can have.
const SEARCH: usize = 4 * STRIDE;

/// The piece that the byte at `offset` is in; at the end of the text, the last piece. Offsets beyond the
/// end count as the end, and those within a character as its start.
///
/// The last piece is empty where the text ends with a line break, or is empty.
pub(crate) fn piece_at(text: &str, offset: usize) -> Range<usize> {
    let start = start_at_or_before(text, text.floor_char_boundary(offset));
    start..end_of(text, start)
}

/// The piece behind the one that is given.
pub(crate) fn next_piece(text: &str, piece: &Range<usize>) -> Option<Range<usize>> {
    let start = piece.end;
    let is_one = start < text.len() || (piece.start < start && text.ends_with('\n'));
    is_one.then(|| start..end_of(text, start))
}

/// The piece before the one that is given.
pub(crate) fn previous_piece(text: &str, piece: &Range<usize>) -> Option<Range<usize>> {
    let last = piece.start.checked_sub(1)?;
    let start = start_at_or_before(text, last);
    Some(start..piece.start)
}

/// The part of a piece that can be seen: all but its line break, `\n` or `\r\n`.
pub(crate) fn visible(text: &str, piece: &Range<usize>) -> Range<usize> {
    let bytes = &text.as_bytes()[piece.clone()];
    let end = match bytes {
        [.., b'\r', b'\n'] => bytes.len() - 2,
        [.., b'\n'] => bytes.len() - 1,
        _ => bytes.len(),
    };
    piece.start..piece.start + end
}

/// The last place at or before `offset` where no cluster of characters is cut that is shorter than 256
/// bytes. In a longer one every character is such a place; so are the letters of a flag behind more than
/// a thousand others.
pub(crate) fn floor_cluster(text: &str, offset: usize) -> usize {
    let offset = text.floor_char_boundary(offset);
    if offset == 0 || offset == text.len() {
        return offset;
    }
    // As ordinary text has it.
    let around = &text.as_bytes()[offset - 1..=offset];
    if around.is_ascii() && around != b"\r\n" {
        return offset;
    }
    let mut from = text.floor_char_boundary(offset.saturating_sub(REACH));
    // A flag is two letters of its own, so that in a row of flags only their number tells them apart.
    while is_flag_letter_before(text, from) && offset < from + SEARCH {
        from -= FLAG_LETTER;
    }
    let to = text.ceil_char_boundary((offset + REACH).min(text.len()));
    let window = &text[from..to];
    let mut at = offset - from;
    while 0 < at {
        // The window counts as the whole text, so that the look back is bounded.
        if GraphemeCursor::new(at, window.len(), true).is_boundary(window, 0) != Ok(false) {
            return from + at;
        }
        at = window.floor_char_boundary(at - 1);
    }
    if from == 0 { 0 } else { offset }
}

/// The next place of that kind behind `offset`, or the end.
pub(crate) fn next_cluster(text: &str, offset: usize) -> usize {
    let mut at = text.floor_char_boundary(offset);
    while at < text.len() {
        at = text.ceil_char_boundary(at + 1);
        if floor_cluster(text, at) == at || offset + REACH < at {
            break;
        }
    }
    at
}

fn is_flag_letter_before(text: &str, at: usize) -> bool {
    let letter = at.checked_sub(FLAG_LETTER).and_then(|from| text.get(from..at));
    letter.is_some_and(|letter| ("\u{1f1e6}"..="\u{1f1ff}").contains(&letter))
}

fn start_at_or_before(text: &str, offset: usize) -> usize {
    let bytes = text.as_bytes();
    let from = offset.saturating_sub(SEARCH);
    let line = bytes[from..offset].iter().rposition(|byte| *byte == b'\n');
    let line = line.map_or(from, |found| from + found + 1);
    let mut multiple = offset.next_multiple_of(STRIDE);
    while line < multiple {
        if let Some(cut) = cut_near(text, multiple)
            && cut <= offset
        {
            return cut.max(line);
        }
        multiple -= STRIDE;
    }
    line
}

fn end_of(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let to = (start + SEARCH).min(bytes.len());
    let line = bytes[start..to].iter().position(|byte| *byte == b'\n');
    let line = line.map_or(to, |found| start + found + 1);
    let mut multiple = (start + 1).next_multiple_of(STRIDE);
    while multiple < line {
        if let Some(cut) = cut_near(text, multiple)
            && start < cut
        {
            return cut;
        }
        multiple += STRIDE;
    }
    line
}

/// The cut that belongs to a multiple of the stride, if the line it is in is long on both sides.
fn cut_near(text: &str, multiple: usize) -> Option<usize> {
    let before = multiple.checked_sub(STRIDE)?;
    let line = text.as_bytes().get(before..multiple.checked_add(STRIDE)?)?;
    if line.contains(&b'\n') {
        return None;
    }
    let word = text.as_bytes()[multiple - WORD_REACH..multiple].iter().rposition(|b| *b == b' ');
    if let Some(space) = word {
        let behind = multiple - WORD_REACH + space + 1;
        // A mark may stand on the space.
        if floor_cluster(text, behind) == behind {
            return Some(behind);
        }
    }
    Some(floor_cluster(text, multiple))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

    use super::*;

    /// Numbers that look like chance and are the same each time (xorshift).
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 16).unwrap() % bound
        }
    }

    const PARTS: [&str; 24] = [
        "a",
        "word ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\0",
        "\u{1b}[31m",
        "é",
        "e\u{301}",
        "中",
        "👩‍👩‍👧‍👦",
        "🇦🇹",
        "\u{202e}",
        " \u{308}",
        "가",
        "\u{200d}",
        "👍🏽",
        "{\"key\": 1}",
        "  ",
        "x\u{fe0f}",
        "नमस्ते",
        "\u{feff}",
        "\u{7f}",
    ];

    /// A text of about this length: of all parts, or of few, so that there are also long runs.
    fn text(chance: &mut Chance, length: usize) -> String {
        let kinds = 1 + chance.below(PARTS.len());
        let first = chance.below(PARTS.len());
        let breaks = chance.below(3) == 0;
        let mut text = String::new();
        while text.len() < length {
            let part = PARTS[(first + chance.below(kinds)) % PARTS.len()];
            if breaks || !part.contains('\n') || chance.below(400) == 0 {
                text.push_str(part);
            }
            if chance.below(500) == 0 {
                text.push_str(&"z".repeat(chance.below(3 * STRIDE)));
            }
            if chance.below(500) == 0 {
                text.push('\n');
            }
        }
        text
    }

    fn forward(text: &str) -> Vec<Range<usize>> {
        std::iter::successors(Some(piece_at(text, 0)), |piece| next_piece(text, piece)).collect()
    }

    fn backward(text: &str) -> Vec<Range<usize>> {
        let last = piece_at(text, text.len());
        let mut pieces: Vec<_> =
            std::iter::successors(Some(last), |piece| previous_piece(text, piece)).collect();
        pieces.reverse();
        pieces
    }

    #[test]
    fn both_directions_give_equal_pieces() {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        for round in 0..400 {
            let length = chance.below(40_000);
            let text = text(&mut chance, length);
            let pieces = forward(&text);
            assert_eq!(pieces, backward(&text), "round {round}");

            let whole: String = pieces.iter().map(|piece| &text[piece.clone()]).collect();
            assert!(whole == text, "round {round} lost something");
            for piece in &pieces {
                assert!(piece.len() <= 3 * STRIDE, "round {round}: {piece:?} is too long");
                let inner = &text[visible(&text, piece)];
                assert!(!inner.contains('\n'), "round {round}: {piece:?} has two lines");
            }
            for _ in 0..50 {
                let offset = chance.below(text.len() + 1);
                let piece = piece_at(&text, offset);
                assert!(pieces.contains(&piece), "round {round}: {offset} is in none");
                assert!(piece.contains(&offset) || offset == text.len());
            }
        }
    }

    #[test]
    fn no_cluster_is_cut() {
        for cluster in ["👩‍👩‍👧‍👦", "e\u{301}", "🇦🇹", "👍🏽", "नि", "\u{1100}\u{1161}\u{11a8}"]
        {
            // Each place within the cluster comes to lie on a multiple.
            for shift in 0..cluster.len() {
                let text = "x".repeat(shift) + &cluster.repeat(5 * STRIDE / cluster.len());
                for piece in forward(&text).iter().skip(1) {
                    let into = (piece.start - shift) % cluster.len();
                    assert!(into == 0, "{cluster} is cut at {}", piece.start);
                }
                let steps = std::iter::successors(Some(0), |at| Some(next_cluster(&text, *at)));
                let clusters = steps.take_while(|at| *at < text.len()).skip(1 + shift);
                for at in clusters.take(100) {
                    assert_eq!((at - shift) % cluster.len(), 0, "a step into {cluster}");
                }
            }
        }
    }

    #[test]
    fn endless_marks_are_cut_anyway() {
        let text = "a".to_owned() + &"\u{301}".repeat(1_000_000);
        let pieces = forward(&text);
        assert!(pieces.iter().all(|piece| piece.len() <= 3 * STRIDE));
        assert_eq!(pieces.last().unwrap().end, text.len());
    }

    #[test]
    fn words_are_kept_whole() {
        let text = "seven7 ".repeat(3000);
        let pieces = forward(&text);
        assert!(8 < pieces.len());
        assert!(pieces.iter().all(|piece| text[piece.clone()].starts_with("seven7")));
    }

    #[test]
    fn short_lines_are_never_cut() {
        let line = "-".repeat(2 * STRIDE - 1) + "\n";
        let pieces = forward(&line.repeat(7));
        assert_eq!(pieces.len(), 8);
        assert!(pieces[..7].iter().all(|piece| piece.len() == line.len()));
    }

    #[test]
    fn line_ends_make_empty_pieces() {
        assert_eq!(forward(""), vec![Range::default()]);
        assert_eq!(forward("\n"), [0..1, 1..1]);
        assert_eq!(forward("a\r\n\nb"), [0..3, 3..4, 4..5]);
        assert_eq!(visible("a\r\n", &(0..3)), 0..1);
    }

    #[test]
    fn offsets_out_of_place_are_met() {
        assert_eq!(piece_at("é\nb", 1), 0..3);
        assert_eq!(piece_at("é\nb", 99), 3..4);
        assert_eq!(floor_cluster("é", 1), 0);
        assert_eq!(floor_cluster("a", 7), 1);
    }
}
