//! What may stand beside the page, below it or over it.

use serde::{Deserialize, Serialize};

/// What may stand beside the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Panel {
    /// Everything about the connection.
    Connection,
    /// Every message and every event.
    Log,
    /// How events become rebuilds.
    Rebuilds,
    /// The four steps, and their source.
    Lesson,
    /// What the program is, and its keys.
    About,
}

/// What a key does from anywhere. Which key that is, is the matter of who draws the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Opens or closes this panel.
    Panel(Panel),
    /// Closes the panel that is open, or what stands over it.
    ClosePanel,
    /// Opens the log, where it isn't, to search in it.
    FindInLog,
    /// Connects again.
    Connect,
}

impl Panel {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Connection, Self::Log, Self::Rebuilds, Self::Lesson, Self::About];
}
