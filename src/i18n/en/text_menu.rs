//! English, of the menu of a text.

use crate::i18n::text_menu::{ClipboardProblem, TextMenuWords};

pub(super) const WORDS: TextMenuWords = TextMenuWords {
    name: "Text",
    cut: "Cut",
    copy: "Copy",
    copy_all: "Copy all",
    paste: "Paste",
    select_all: "Select all",
    problem: |problem| match problem {
        ClipboardProblem::NotSecure => {
            "The browser lets a page read the clipboard only over https, and this page came over http. The \
             keyboard can still paste: Ctrl+V, Cmd+V, or the paste key of a phone's keyboard."
        }
        ClipboardProblem::NotRead => {
            "The browser did not let the page read the clipboard. Allow it at the address bar and try again, or \
             use the keyboard: Ctrl+V, Cmd+V, or the paste key of a phone's keyboard."
        }
        ClipboardProblem::NotWritten => {
            "The browser did not let the page write to the clipboard. What was cut comes back by Ctrl+Z or Cmd+Z; \
             select it again and press Ctrl+C or Cmd+C."
        }
    },
};
