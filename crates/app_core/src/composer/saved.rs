//! Messages that a person has given names and that are kept over restarts.

use serde::{Deserialize, Serialize};

use super::MAX_DRAFT_BYTES;
use super::format::Format;

/// How many messages are kept.
pub const MAX_SAVED: usize = 100;

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 60;

/// How long they may be together as they are stored, in bytes: 512 KiB. A control character takes six.
pub const MAX_STORED_BYTES: usize = 512 * 1024;

/// A message with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMessage {
    /// What it is called.
    pub name: String,
    /// As it was typed.
    pub text: String,
    /// What it is made into.
    #[serde(default)]
    pub format: Format,
}

/// Why a message is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveProblem {
    /// It has no name.
    NoName,
    /// There is no text in the field.
    NoText,
    /// There are [`MAX_SAVED`] already, or they would be over [`MAX_STORED_BYTES`].
    Full,
}

/// The saved messages, in the order in which they were saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Saved {
    messages: Vec<SavedMessage>,
}

impl Saved {
    /// All of them.
    #[must_use]
    pub fn messages(&self) -> &[SavedMessage] {
        &self.messages
    }

    /// What keeps this from being saved under this name, if anything does. One that has this name
    /// already is replaced.
    #[must_use]
    pub fn problem(&self, name: &str, text: &str) -> Option<SaveProblem> {
        let name = cleaned(name);
        if text.is_empty() {
            return Some(SaveProblem::NoText);
        }
        if name.is_empty() {
            return Some(SaveProblem::NoName);
        }
        let others = || self.messages.iter().filter(|message| message.name != name);
        let bytes: usize = others().map(|message| stored_bytes(&message.name, &message.text)).sum();
        let is_full =
            others().count() >= MAX_SAVED || bytes + stored_bytes(&name, text) > MAX_STORED_BYTES;
        is_full.then_some(SaveProblem::Full)
    }

    /// Saves it, if nothing keeps it from being saved.
    pub(crate) fn save(&mut self, name: &str, text: &str, format: Format) {
        if self.problem(name, text).is_some() {
            return;
        }
        let message = SavedMessage { name: cleaned(name), text: text.to_owned(), format };
        match self.messages.iter_mut().find(|saved| saved.name == message.name) {
            Some(saved) => *saved = message,
            None => self.messages.push(message),
        }
    }

    pub(crate) fn forget(&mut self, index: usize) {
        if index < self.messages.len() {
            self.messages.remove(index);
        }
    }

    /// Whatever another program, or a person, has written in the place of ours.
    pub(crate) fn checked(self) -> Self {
        let mut checked = Self::default();
        for message in self.messages.into_iter().take(MAX_SAVED) {
            if message.text.len() <= MAX_DRAFT_BYTES {
                checked.save(&message.name, &message.text, message.format);
            }
        }
        checked
    }
}

/// A name on one line, without what can't be seen at its ends.
fn cleaned(name: &str) -> String {
    let visible = name.chars().map(|c| if c.is_control() { ' ' } else { c });
    let name: String = visible.collect();
    name.trim().chars().take(MAX_NAME_CHARS).collect()
}

/// How long it is as it is stored, at most.
fn stored_bytes(name: &str, text: &str) -> usize {
    const AROUND: usize = 64;
    let escaped = |byte: u8| match byte {
        0..=0x1f => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    };
    name.bytes().chain(text.bytes()).map(escaped).sum::<usize>() + AROUND
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::Stored;

    #[test]
    fn a_name_is_one_line_and_has_a_bound() {
        let mut saved = Saved::default();
        saved.save(" a\nb ", "text", Format::Hex);
        saved.save(&"é".repeat(1000), "text", Format::Text);
        let names: Vec<&str> = saved.messages.iter().map(|saved| saved.name.as_str()).collect();
        assert_eq!(names, ["a b", &"é".repeat(MAX_NAME_CHARS)]);
        assert_eq!(saved.problem("\n ", "text"), Some(SaveProblem::NoName));
        assert_eq!(saved.problem("a", ""), Some(SaveProblem::NoText));
    }

    #[test]
    fn the_same_name_replaces() {
        let mut saved = Saved::default();
        saved.save("a", "one", Format::Text);
        saved.save("b", "two", Format::Text);
        saved.save("a ", "three", Format::Json);
        let texts: Vec<&str> = saved.messages.iter().map(|saved| saved.text.as_str()).collect();
        assert_eq!(texts, ["three", "two"]);
        saved.forget(0);
        saved.forget(7);
        assert_eq!(saved.messages.len(), 1);
    }

    #[test]
    fn what_is_saved_can_always_be_read_again() {
        let mut stored = Stored::default();
        let most = "\0".repeat(MAX_DRAFT_BYTES);
        for number in 0..2 * MAX_SAVED {
            stored.saved.save(&number.to_string(), &most, Format::Text);
        }
        assert_eq!(stored.saved.problem("one more", &most), Some(SaveProblem::Full));
        assert!(stored.saved.messages.len() > 3);
        let read = Stored::of_text(&stored.to_text());
        assert_eq!(read.map(|read| read.saved), Ok(stored.saved));
        let mut saved = Saved::default();
        for number in 0..2 * MAX_SAVED {
            saved.save(&number.to_string(), "text", Format::Text);
        }
        assert_eq!(saved.messages.len(), MAX_SAVED);
    }

    #[test]
    fn what_others_have_written_is_checked() {
        let long = "a".repeat(MAX_DRAFT_BYTES + 1);
        let message = |name: &str, text: &str| SavedMessage {
            name: name.to_owned(),
            text: text.to_owned(),
            format: Format::Text,
        };
        let messages = vec![message("", "a"), message("a", &long), message("\0b", "c")];
        let checked = Saved { messages }.checked();
        assert_eq!(checked.messages, [message("b", "c")]);
    }
}
