//! Pure: in which direction each character of a text runs, and the text as egui has to be given it.

use std::ops::Range;

use egui::text::{ByteIndex, LayoutJob, LayoutSection};
use unicode_bidi::{BidiClass, BidiDataSource, BidiInfo, HardcodedBidiData, Level};
use unicode_segmentation::UnicodeSegmentation as _;

use super::arabic;

/// How a character stands among the others of its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// Odd where it runs to the left.
    pub(super) level: Level,
    /// That of its paragraph.
    pub(super) base: Level,
}

impl Place {
    pub(super) fn runs_to_the_left(self) -> bool {
        self.level.is_rtl()
    }
}

/// Whether there is a letter of a script that runs to the left.
pub(super) fn runs_to_the_left(text: &str) -> bool {
    // Hebrew, the first of them, begins with this byte.
    let may = text.bytes().any(|byte| 0xd6 <= byte);
    may && text.chars().any(|c| {
        matches!(c,
            '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}')
    })
}

/// Unicode's classes, but that nothing in a text can turn its neighbours about: overrides, embeddings and
/// isolates count as nothing, so that who sends a message can't make it look like another one.
struct WithoutOverrides;

impl BidiDataSource for WithoutOverrides {
    fn bidi_class(&self, c: char) -> BidiClass {
        match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => BidiClass::BN,
            c => HardcodedBidiData.bidi_class(c),
        }
    }
}

/// The place of each character.
pub(super) fn places(text: &str) -> Vec<Place> {
    let info = BidiInfo::new_with_data_source(&WithoutOverrides, text, None);
    let mut paragraphs = info.paragraphs.iter().peekable();
    text.char_indices()
        .map(|(at, _)| {
            while paragraphs.next_if(|paragraph| paragraph.range.end <= at).is_some() {}
            let base = paragraphs.peek().map_or(Level::ltr(), |paragraph| paragraph.level);
            Place { level: info.levels.get(at).copied().unwrap_or(base), base }
        })
        .collect()
}

/// The same text for egui, with as many characters: what runs to the left is in the forms in which it stands
/// there, and each character that a person sees in a section of its own. egui's shaper knows a direction for a
/// whole run alone, and has one letter nothing to turn about.
pub(super) fn job(mut job: LayoutJob, places: &[Place]) -> LayoutJob {
    let mut shown: Vec<char> = job.text.chars().collect();
    arabic::join(&mut shown);
    for (c, place) in shown.iter_mut().zip(places) {
        if place.runs_to_the_left() {
            *c = mirrored(*c);
        }
    }
    // Where each character begins in the text that was given, and in the one that is shown.
    let text: String = shown.iter().collect();
    let starts: Vec<usize> = job.text.char_indices().map(|(at, _)| at).collect();
    let mut old = job.sections.iter().peekable();
    let mut sections: Vec<LayoutSection> = Vec::with_capacity(job.sections.len() * 2);
    let mut nth = 0;
    // The last one may grow, if it has the same looks and runs to the right.
    let mut growing: Option<Range<usize>> = None;
    for (at, cluster) in text.grapheme_indices(true) {
        let start = starts.get(nth).copied().unwrap_or(job.text.len());
        let is_left = places.get(nth).is_some_and(|place| place.runs_to_the_left());
        nth += cluster.chars().count();
        while old.next_if(|section| section.byte_range.end.0 <= start).is_some() {}
        let Some(section) = old.peek() else { break };
        let range = ByteIndex(at)..ByteIndex(at + cluster.len());
        let of = section.byte_range.start.0..section.byte_range.end.0;
        match sections.last_mut().filter(|_| !is_left && growing.as_ref() == Some(&of)) {
            Some(last) => last.byte_range.end = range.end,
            None => {
                let mut format = section.format.clone();
                // Painted behind the letters once they stand where they belong.
                format.background = egui::Color32::TRANSPARENT;
                let is_first = section.byte_range.start.0 == start;
                let leading_space = if is_first { section.leading_space } else { 0.0 };
                sections.push(LayoutSection { leading_space, byte_range: range, format });
            }
        }
        growing = (!is_left).then_some(of);
    }
    job.text = text;
    job.sections = sections;
    job
}

/// The bracket that opens where this one closes.
fn mirrored(c: char) -> char {
    const PAIRS: [(char, char); 12] = [
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('«', '»'),
        ('‹', '›'),
        ('≤', '≥'),
        ('⟨', '⟩'),
        ('「', '」'),
        ('『', '』'),
        ('（', '）'),
        ('【', '】'),
    ];
    let other = |(open, close): &(char, char)| match c {
        c if c == *open => Some(*close),
        c if c == *close => Some(*open),
        _ => None,
    };
    PAIRS.iter().find_map(other).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as it is seen from left to right, if all of it fits in a row.
    fn seen(text: &str) -> String {
        let places = places(text);
        let job = job(
            LayoutJob::simple_singleline(
                text.to_owned(),
                egui::FontId::default(),
                egui::Color32::WHITE,
            ),
            &places,
        );
        let shown: Vec<char> = job.text.chars().collect();
        let levels: Vec<Level> = places.iter().map(|place| place.level).collect();
        BidiInfo::reorder_visual(&levels).into_iter().map(|nth| shown[nth]).collect()
    }

    #[test]
    fn hebrew_is_turned() {
        assert_eq!(seen("שלום"), "םולש");
        assert_eq!(seen("שלום עולם"), "םלוע םולש");
    }

    #[test]
    fn numbers_and_latin_keep_theirs() {
        assert_eq!(seen("עולה 123 שקל"), "לקש 123 הלוע");
        assert_eq!(seen("echo: שלום 12"), "echo: 12 םולש");
        assert_eq!(seen("say שלום, friend"), "say םולש, friend");
    }

    #[test]
    fn brackets_are_mirrored() {
        assert_eq!(seen("(שלום) עולם"), "םלוע (םולש)");
    }

    #[test]
    fn overrides_turn_nothing() {
        assert_eq!(seen("abc\u{202e}def ש"), "abc\u{202e}def ש");
        assert_eq!(seen("\u{202d}שלום"), "םולש\u{202d}");
        let visible = |text: &str| seen(text).replace(['\u{2066}', '\u{2067}', '\u{2069}'], "");
        assert_eq!(visible("ש\u{2066}abc, de\u{2069}!"), seen("שabc, de!"));
        assert_eq!(visible("a \u{2067}b, c\u{2069} ש"), seen("a b, c ש"));
    }

    #[test]
    fn other_scripts_cost_nothing() {
        for text in ["", "plain", "żółć ΩЖ", "中文 한국어 👩‍👩‍👧‍👦", "\u{feff}\u{200f}", "नमस्ते"]
        {
            assert!(!runs_to_the_left(text), "{text}");
        }
        for text in ["ש", "a ب", "\u{1e900}"] {
            assert!(runs_to_the_left(text), "{text}");
        }
    }

    #[test]
    fn each_letter_that_turns_has_its_section() {
        let text = "ab שׁ 12";
        let plain = LayoutJob::simple_singleline(
            text.to_owned(),
            egui::FontId::default(),
            egui::Color32::WHITE,
        );
        let job = job(plain, &places(text));
        let parts: Vec<&str> = job
            .sections
            .iter()
            .map(|section| &job.text[section.byte_range.start.0..section.byte_range.end.0])
            .collect();
        assert_eq!(parts, ["ab ", "שׁ", " ", "12"]);
    }
}
