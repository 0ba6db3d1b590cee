//! What the menu of a text says.

/// What a browser refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClipboardProblem {
    /// To read the clipboard, as only secure pages may, and this one is not.
    NotSecure,
    /// To read the clipboard, or the person whom it asked refuses it.
    NotRead,
    /// To write to the clipboard.
    NotWritten,
}

/// What the menu of a text says.
pub struct TextMenuWords {
    /// What the menu is called by screen readers.
    pub name: &'static str,
    /// Takes out what is selected, into the clipboard.
    pub cut: &'static str,
    /// Puts what is selected into the clipboard.
    pub copy: &'static str,
    /// Puts the whole text into the clipboard, whatever is selected in it.
    pub copy_all: &'static str,
    /// Puts the clipboard's text in the place of what is selected.
    pub paste: &'static str,
    /// Selects the whole text.
    pub select_all: &'static str,
    /// Why nothing was pasted or copied, and how it can be done.
    pub problem: fn(ClipboardProblem) -> &'static str,
}
