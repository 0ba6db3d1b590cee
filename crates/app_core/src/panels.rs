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
    /// Closes what was opened last.
    CloseLast,
    /// Opens the log, where it isn't, to search in it.
    FindInLog,
    /// From a row of the log to its moment in the rebuilds panel, or back.
    OtherPanel,
    /// Connects again.
    Connect,
    /// Sends what stands in the message field.
    Send,
    /// Shows in the message field what was sent before.
    Earlier,
    /// Shows what was sent after that.
    Later,
    /// The menu of the text that has the keyboard.
    TextMenu,
    /// Shows or hides what else can be sent.
    SendMore,
    /// Light or dark.
    Theme,
    /// The next language.
    Language,
    /// Everything larger.
    ZoomIn,
    /// Everything smaller.
    ZoomOut,
    /// Everything as large as it was at first.
    ZoomReset,
    /// Closes the window.
    CloseWindow,
    /// Ends the program.
    Quit,
}

impl Panel {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Connection, Self::Log, Self::Rebuilds, Self::Lesson, Self::About];

    /// Its name where programs read it: in the page's own address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Log => "log",
            Self::Rebuilds => "rebuilds",
            Self::Lesson => "lesson",
            Self::About => "about",
        }
    }

    /// The panel of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|panel| panel.name() == name)
    }
}
