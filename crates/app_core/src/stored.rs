//! What is kept over restarts, as text: the language, the theme, addresses, settings and the messages that
//! the person has saved. Never another message, a header or a password.

use serde::{Deserialize, Serialize};

use crate::address::without_credentials;
use crate::composer::saved::Saved;
use crate::language::Language;
use crate::log::LogSettings;
use crate::panels::Panel;
use crate::settings::ConnectionSettings;

/// How many addresses are remembered.
pub const MAX_RECENT: usize = 10;

/// The longest address that is remembered, in bytes.
const MAX_ADDRESS_BYTES: usize = 4 * 1024;

/// The longest text that is read, in bytes: what is longer is nothing that this program wrote.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The format that this program writes.
const VERSION: u32 = 1;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// What is kept over restarts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    version: u32,
    /// The language that the person chose; the system's, where they chose none.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// More contrast, also where the system asks for none.
    pub more_contrast: bool,
    /// What stood beside the page.
    pub panel: Option<Panel>,
    /// The latest addresses, the last one first, without credentials.
    pub recent: Vec<String>,
    /// What was set for connections.
    pub settings: ConnectionSettings,
    /// Messages with names.
    pub saved: Saved,
    /// What was set for the log.
    pub log: LogSettings,
    /// Experiments run without a question before.
    pub skips_questions: bool,
}

/// What was kept can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

impl Stored {
    /// As text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let stored = Self { version: VERSION, ..self.clone() };
        // Strings, flags and lists of them can always be written.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// From the text that [`to_text`](Self::to_text) gave. What it does not say is at its default, and
    /// what this program does not know is passed over.
    ///
    /// # Errors
    /// It is no such text, or of a later version than this program knows.
    pub fn of_text(text: &str) -> Result<Self, Damaged> {
        if text.len() > MAX_BYTES {
            return Err(Damaged);
        }
        let mut stored: Self = serde_json::from_str(text).map_err(|_| Damaged)?;
        if stored.version != VERSION {
            return Err(Damaged);
        }
        stored.saved = stored.saved.checked();
        stored.recent.truncate(MAX_RECENT);
        for address in &mut stored.recent {
            *address = without_credentials(address);
        }
        Ok(stored)
    }

    /// An address was connected to.
    pub(crate) fn remember(&mut self, address: &str) {
        let address = without_credentials(address);
        if address.len() > MAX_ADDRESS_BYTES {
            return;
        }
        self.recent.retain(|recent| *recent != address);
        self.recent.insert(0, address);
        self.recent.truncate(MAX_RECENT);
    }

    /// An address is not wanted any more.
    pub(crate) fn forget(&mut self, address: &str) {
        self.recent.retain(|recent| recent != address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_there_and_back() {
        let mut stored = Stored {
            language: Some(Language::Chinese),
            theme: ThemeChoice::Dark,
            panel: Some(Panel::Rebuilds),
            ..Stored::default()
        };
        stored.settings.reconnects = false;
        stored.settings.protocols = "a \"quoted\" name\n".to_owned();
        stored.remember("ws://user:secret@example.com/echo");
        let text = stored.to_text();
        assert!(!text.contains("secret"), "{text}");
        let expected = Stored { version: VERSION, ..stored };
        assert_eq!(Stored::of_text(&text), Ok(expected));
    }

    #[test]
    fn damaged_texts_are_told() {
        let whole = Stored::default().to_text();
        let newer = whole.replace("\"version\":1", "\"version\":2");
        let deep = "[".repeat(100_000);
        let long = " ".repeat(MAX_BYTES + 1);
        for damaged in ["", "{", "null", "[]", "{}", "\0", &newer, &deep, &long, &whole[1..]] {
            assert_eq!(Stored::of_text(damaged), Err(Damaged), "{:.40}", damaged);
        }
    }

    #[test]
    fn unknown_and_missing_fields_are_no_damage() {
        let stored = Stored::of_text(r#"{"version":1,"later":[1,2],"theme":"dark"}"#);
        assert_eq!(stored.map(|stored| stored.theme), Ok(ThemeChoice::Dark));
    }

    #[test]
    fn recent_addresses_have_a_bound() {
        let mut stored = Stored::default();
        for number in 0..30 {
            stored.remember(&format!("ws://{number}"));
        }
        stored.remember("ws://25");
        assert_eq!(stored.recent.len(), MAX_RECENT);
        assert_eq!(stored.recent[..2], ["ws://25", "ws://29"]);
    }

    #[test]
    fn the_longest_texts_can_be_read_again() {
        let mut stored = Stored::default();
        for field in crate::settings::Field::ALL {
            // Written, each of these takes six characters.
            stored.settings.set_text(field, "\u{1}".repeat(MAX_BYTES));
        }
        for number in 0..MAX_RECENT {
            stored.remember(&format!("ws://{number}/{}", "\u{1}".repeat(MAX_ADDRESS_BYTES - 20)));
        }
        let read = Stored::of_text(&stored.to_text());
        assert_eq!(read.map(|read| read.recent), Ok(stored.recent));
    }
}
