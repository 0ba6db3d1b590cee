//! Texts in fields: where a place in the page's text is in egui's, and what has changed between two texts.

use std::collections::HashMap;
use std::ops::Range;

use egui::accesskit::{Node, NodeId, Role, TextPosition, TextSelection};

use crate::operation::Selection;

/// The pieces that egui cuts the text of a field into: rows, and parts of long ones.
pub(crate) struct Field {
    /// Each with its length in characters.
    runs: Vec<(NodeId, usize)>,
    /// The piece ends with a line break.
    breaks: Vec<bool>,
}

impl Field {
    /// The pieces of a node; `None` where they are not the text that it holds, as with a hint.
    pub(crate) fn of(node: &Node, nodes: &HashMap<NodeId, Node>) -> Option<Self> {
        let mut field = Self { runs: Vec::new(), breaks: Vec::new() };
        for child in node.children() {
            let run = nodes.get(child)?;
            if run.role() == Role::TextRun {
                field.runs.push((*child, run.character_lengths().len()));
                field.breaks.push(run.value().is_some_and(|text| text.ends_with('\n')));
            }
        }
        let length: usize = field.runs.iter().map(|(_, length)| length).sum();
        let held = node.value().unwrap_or_default().chars().count();
        if field.runs.is_empty() || length != held { None } else { Some(field) }
    }

    /// Where a selection is in the text that the page has.
    pub(crate) fn selection(&self, selection: &TextSelection, text: &str) -> Option<Selection> {
        Some(Selection {
            anchor: units(text, self.characters_before(&selection.anchor)?),
            focus: units(text, self.characters_before(&selection.focus)?),
        })
    }

    fn characters_before(&self, position: &TextPosition) -> Option<usize> {
        let mut before = 0;
        for (run, length) in &self.runs {
            if *run == position.node {
                return Some(before + position.character_index.min(*length));
            }
            before += length;
        }
        None
    }

    /// egui's place after so many characters.
    pub(crate) fn position(&self, characters: usize) -> Option<TextPosition> {
        let mut before = 0;
        let last = self.runs.len().checked_sub(1)?;
        for (index, (run, length)) in self.runs.iter().enumerate() {
            let within = characters.saturating_sub(before);
            let is_here = within < *length || (within == *length && !self.breaks[index]);
            if is_here || index == last {
                return Some(TextPosition { node: *run, character_index: within.min(*length) });
            }
            before += length;
        }
        None
    }

    /// egui's selection between two numbers of characters.
    pub(crate) fn select(&self, anchor: usize, focus: usize) -> Option<TextSelection> {
        Some(TextSelection { anchor: self.position(anchor)?, focus: self.position(focus)? })
    }
}

/// How many units of UTF-16 so many characters are.
fn units(text: &str, characters: usize) -> usize {
    text.chars().take(characters).map(char::len_utf16).sum()
}

/// How many characters stand in so many units of UTF-16.
pub(crate) fn characters(text: &str, units: usize) -> usize {
    let mut left = units;
    let fits = |letter: &char| {
        let fits = letter.len_utf16() <= left;
        left = left.saturating_sub(letter.len_utf16());
        fits
    };
    text.chars().take_while(fits).count()
}

/// What was written: the characters of the old text that are gone, and what came in their place. `None` if
/// nothing was. The caret stands behind what was written, which tells apart what looks the same, as in a
/// password of dots.
pub(crate) fn edit(old: &str, new: &str, caret: usize) -> Option<(Range<usize>, String)> {
    if old == new {
        return None;
    }
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let caret = caret.min(new.len());
    let behind = new.len() - caret;
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let end = same_end.min(behind);
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let start = start.min(old.len() - end).min(new.len() - end);
    Some((start..old.len() - end, new[start..new.len() - end].iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::{characters, edit, units};

    #[test]
    fn tells_what_was_written() {
        assert_eq!(edit("cat", "cat", 3), None);
        assert_eq!(edit("cat", "cart", 3), Some((2..2, "r".to_owned())));
        assert_eq!(edit("cart", "cat", 2), Some((2..3, String::new())));
        assert_eq!(edit("", "😀", 1), Some((0..0, "😀".to_owned())));
        assert_eq!(edit("abc", "", 0), Some((0..3, String::new())));
    }

    #[test]
    fn caret_tells_dots_apart() {
        assert_eq!(edit("••••", "•••", 1), Some((1..2, String::new())));
        assert_eq!(edit("••••", "•••", 3), Some((3..4, String::new())));
        assert_eq!(edit("••••", "••a••", 3), Some((2..2, "a".to_owned())));
    }

    #[test]
    fn any_edit_gives_the_new_text() {
        let letters = ["", "a", "b", "ab", "aab", "aba", "bbab", "😀a😀"];
        for old in letters {
            for new in letters {
                for caret in 0..=new.chars().count() {
                    let Some((gone, written)) = edit(old, new, caret) else {
                        assert_eq!(old, new);
                        continue;
                    };
                    let old: Vec<char> = old.chars().collect();
                    let made: String = old[..gone.start]
                        .iter()
                        .chain(&written.chars().collect::<Vec<_>>())
                        .chain(&old[gone.end..])
                        .collect();
                    assert_eq!(made, new);
                }
            }
        }
    }

    #[test]
    fn counts_utf_16_and_back() {
        assert_eq!(units("a😀b", 2), 3);
        assert_eq!(characters("a😀b", 3), 2);
        assert_eq!(characters("a😀b", 2), 1);
        assert_eq!(characters("ab", 9), 2);
    }
}
