//! What was sent from the field before, to go back to.

use std::collections::VecDeque;

use super::format::Format;

/// How many texts are remembered.
pub const MAX_ENTRIES: usize = 100;

/// How long they may be together, in bytes: 1 MiB. The oldest are forgotten first.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A text that can be sent, and what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// As it was typed.
    pub text: String,
    /// What it is made into.
    pub format: Format,
}

/// The texts that were sent, the oldest first, and where in them the person is. Never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// The entry that stands in the field.
    at: Option<usize>,
    /// What stood there before.
    kept: Entry,
}

impl History {
    /// This was sent. An equal text that was sent before is only remembered once.
    pub(crate) fn note(&mut self, entry: Entry) {
        self.leave();
        if entry.text.is_empty() || entry.text.len() > MAX_BYTES {
            return;
        }
        if let Some(at) = self.entries.iter().position(|earlier| *earlier == entry) {
            self.remove(at);
        }
        while self.entries.len() >= MAX_ENTRIES || self.bytes + entry.text.len() > MAX_BYTES {
            self.remove(0);
        }
        self.bytes += entry.text.len();
        self.entries.push_back(entry);
    }

    /// The text was changed: what stood in the field before the history is left behind.
    pub(crate) fn leave(&mut self) {
        self.at = None;
        self.kept = Entry::default();
    }

    /// Which entry going back would show, with this in the field.
    fn earlier(&self, text: &str, format: Format) -> Option<usize> {
        match self.at {
            Some(at) => at.checked_sub(1),
            None => {
                let is_there = |entry: &Entry| entry.text == text && entry.format == format;
                self.entries.iter().rposition(|entry| !is_there(entry))
            }
        }
    }

    /// Whether there is anything earlier than what is in the field.
    pub(crate) fn has_earlier(&self, text: &str, format: Format) -> bool {
        self.earlier(text, format).is_some()
    }

    /// Whether this was sent last.
    pub(crate) fn ends_with(&self, text: &str, format: Format) -> bool {
        self.entries.back().is_some_and(|entry| entry.text == text && entry.format == format)
    }

    /// Whether the field shows something that was sent, so that one can go on again.
    pub(crate) fn has_later(&self) -> bool {
        self.at.is_some()
    }

    /// The text before the one in the field.
    pub(crate) fn back(&mut self, text: &str, format: Format) -> Option<Entry> {
        let at = self.earlier(text, format)?;
        if self.at.is_none() {
            self.kept = Entry { text: text.to_owned(), format };
        }
        self.at = Some(at);
        self.entries.get(at).cloned()
    }

    /// The text after it; at the end, what stood in the field at first.
    pub(crate) fn forward(&mut self) -> Option<Entry> {
        let next = self.at? + 1;
        if let Some(entry) = self.entries.get(next) {
            self.at = Some(next);
            return Some(entry.clone());
        }
        let kept = std::mem::take(&mut self.kept);
        self.at = None;
        Some(kept)
    }

    fn remove(&mut self, at: usize) {
        if let Some(entry) = self.entries.remove(at) {
            self.bytes -= entry.text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Entry {
        Entry { text: text.to_owned(), format: Format::Text }
    }

    fn sent(texts: &[&str]) -> History {
        let mut history = History::default();
        for sent in texts {
            history.note(text(sent));
        }
        history
    }

    #[test]
    fn back_and_forward_to_what_stood_there() {
        let mut history = sent(&["one", "two"]);
        assert!(!history.has_later());
        assert_eq!(history.back("draft", Format::Text), Some(text("two")));
        assert_eq!(history.back("two", Format::Text), Some(text("one")));
        assert_eq!(history.back("one", Format::Text), None);
        assert_eq!(history.forward(), Some(text("two")));
        assert_eq!(history.forward(), Some(text("draft")));
        assert_eq!(history.forward(), None);
    }

    #[test]
    fn what_still_stands_in_the_field_is_passed_over() {
        let mut history = sent(&["one", "two"]);
        assert_eq!(history.back("two", Format::Text), Some(text("one")));
        let mut history = sent(&["one"]);
        assert!(!history.has_earlier("one", Format::Text));
        assert_eq!(history.back("one", Format::Json), Some(text("one")), "another format");
    }

    #[test]
    fn equal_texts_are_remembered_once() {
        let history = sent(&["one", "two", "one"]);
        assert_eq!(history.entries, [text("two"), text("one")]);
        assert_eq!(history.bytes, 6);
    }

    #[test]
    fn the_history_has_bounds() {
        let mut history = History::default();
        for number in 0..1000 {
            history.note(text(&number.to_string()));
        }
        assert_eq!(history.entries.len(), MAX_ENTRIES);
        assert_eq!(history.entries.back(), Some(&text("999")));
        for number in 0..100 {
            history.note(text(&format!("{number}{}", "a".repeat(100_000))));
        }
        assert!(history.bytes <= MAX_BYTES && history.entries.len() == 10);
        history.note(text(&"a".repeat(MAX_BYTES + 1)));
        assert_eq!(history.entries.len(), 10, "too long to be remembered");
    }
}
