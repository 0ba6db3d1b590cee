//! Pure: the forms of Arabic letters. A letter looks otherwise at the start, in the middle and at the end of a word;
//! as each is laid out by itself, its form is chosen here, out of Unicode's presentation forms.

use unicode_segmentation::UnicodeSegmentation as _;

/// Letters with the first of their forms, and how many there are: alone and at the end; then at the start and in
/// the middle. A letter with two is joined to the one before it alone.
const LETTERS: [(char, u32, u8); 49] = [
    ('\u{621}', 0xfe80, 1),
    ('\u{622}', 0xfe81, 2),
    ('\u{623}', 0xfe83, 2),
    ('\u{624}', 0xfe85, 2),
    ('\u{625}', 0xfe87, 2),
    ('\u{626}', 0xfe89, 4),
    ('\u{627}', 0xfe8d, 2),
    ('\u{628}', 0xfe8f, 4),
    ('\u{629}', 0xfe93, 2),
    ('\u{62a}', 0xfe95, 4),
    ('\u{62b}', 0xfe99, 4),
    ('\u{62c}', 0xfe9d, 4),
    ('\u{62d}', 0xfea1, 4),
    ('\u{62e}', 0xfea5, 4),
    ('\u{62f}', 0xfea9, 2),
    ('\u{630}', 0xfeab, 2),
    ('\u{631}', 0xfead, 2),
    ('\u{632}', 0xfeaf, 2),
    ('\u{633}', 0xfeb1, 4),
    ('\u{634}', 0xfeb5, 4),
    ('\u{635}', 0xfeb9, 4),
    ('\u{636}', 0xfebd, 4),
    ('\u{637}', 0xfec1, 4),
    ('\u{638}', 0xfec5, 4),
    ('\u{639}', 0xfec9, 4),
    ('\u{63a}', 0xfecd, 4),
    ('\u{641}', 0xfed1, 4),
    ('\u{642}', 0xfed5, 4),
    ('\u{643}', 0xfed9, 4),
    ('\u{644}', 0xfedd, 4),
    ('\u{645}', 0xfee1, 4),
    ('\u{646}', 0xfee5, 4),
    ('\u{647}', 0xfee9, 4),
    ('\u{648}', 0xfeed, 2),
    ('\u{649}', 0xfeef, 2),
    ('\u{64a}', 0xfef1, 4),
    // Persian and Urdu.
    ('\u{679}', 0xfb66, 4),
    ('\u{67e}', 0xfb56, 4),
    ('\u{686}', 0xfb7a, 4),
    ('\u{688}', 0xfb88, 2),
    ('\u{691}', 0xfb8c, 2),
    ('\u{698}', 0xfb8a, 2),
    ('\u{6a9}', 0xfb8e, 4),
    ('\u{6af}', 0xfb92, 4),
    ('\u{6ba}', 0xfb9e, 2),
    ('\u{6be}', 0xfbaa, 4),
    ('\u{6c1}', 0xfba6, 4),
    ('\u{6cc}', 0xfbfc, 4),
    ('\u{6d2}', 0xfbae, 2),
];

/// Of lam with one of these behind it one sign is made: alone, and behind a letter the next one.
const LAM_ALEF: [(char, u32); 4] =
    [('\u{622}', 0xfef5), ('\u{623}', 0xfef7), ('\u{625}', 0xfef9), ('\u{627}', 0xfefb)];

const LAM: char = '\u{644}';
const TATWEEL: char = '\u{640}';
/// It joins what it stands beside, and is not seen: so it also takes the place of the second of two letters
/// that are one sign.
const JOINER: char = '\u{200d}';

/// Puts each letter in the form that its neighbours ask for. There are as many characters as before.
pub(super) fn join(text: &mut [char]) {
    // Whether the letter before this one reaches out to it.
    let mut reached = false;
    let mut at = 0;
    while at < text.len() {
        let c = text[at];
        let Some((_, first, forms)) = letter(c) else {
            if !is_mark(c) {
                reached = matches!(c, TATWEEL | JOINER);
            }
            at += 1;
            continue;
        };
        let before = u32::from(reached && forms > 1);
        if c == LAM
            && let Some(behind) = text.get(at + 1)
            && let Some((_, sign)) = LAM_ALEF.iter().find(|(alef, _)| alef == behind)
        {
            text[at] = form(c, sign + before);
            text[at + 1] = JOINER;
            reached = false;
            at += 2;
            continue;
        }
        let behind = text[at + 1..].iter().find(|c| !is_mark(**c)).copied();
        reached = forms == 4 && behind.is_some_and(takes_a_hand);
        text[at] = form(c, first + before + 2 * u32::from(reached));
        at += 1;
    }
}

/// Whether it is joined to a letter before it that reaches out.
fn takes_a_hand(c: char) -> bool {
    matches!(c, TATWEEL | JOINER) || letter(c).is_some_and(|(_, _, forms)| forms > 1)
}

fn letter(c: char) -> Option<(char, u32, u8)> {
    let at = LETTERS.binary_search_by_key(&c, |(letter, _, _)| *letter).ok()?;
    LETTERS.get(at).copied()
}

fn form(c: char, code: u32) -> char {
    char::from_u32(code).unwrap_or(c)
}

/// Whether it stands on the letter before it, and is passed over.
fn is_mark(c: char) -> bool {
    if c == JOINER || c.is_ascii() {
        return false;
    }
    let mut buffer = [0; 5];
    buffer[0] = b'a';
    let length = c.encode_utf8(&mut buffer[1..]).len();
    str::from_utf8(&buffer[..=length]).is_ok_and(|pair| pair.graphemes(true).count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let mut text: Vec<char> = text.chars().collect();
        join(&mut text);
        text.into_iter().collect()
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(LETTERS.is_sorted_by_key(|(letter, _, _)| *letter));
    }

    #[test]
    fn letters_take_their_forms() {
        // Start, middle, end; a letter that reaches to nobody; alone.
        assert_eq!(joined("بيت"), "\u{fe91}\u{fef4}\u{fe96}");
        assert_eq!(joined("دار"), "\u{fea9}\u{fe8d}\u{fead}");
        assert_eq!(joined("ب ب"), "\u{fe8f} \u{fe8f}");
        assert_eq!(joined("مرحبا"), "\u{fee3}\u{feae}\u{fea3}\u{fe92}\u{fe8e}");
    }

    #[test]
    fn marks_are_passed_over() {
        assert_eq!(joined("بَيت"), "\u{fe91}\u{64e}\u{fef4}\u{fe96}");
    }

    #[test]
    fn lam_and_alef_are_one_sign() {
        assert_eq!(joined("لا"), "\u{fefb}\u{200d}");
        assert_eq!(joined("سلام"), "\u{feb3}\u{fefc}\u{200d}\u{fee1}");
    }

    #[test]
    fn persian_is_joined() {
        assert_eq!(joined("گپ"), "\u{fb94}\u{fb57}");
    }
}
