//! What may stand beside the page: one table of panels, and a file for what each of them draws.
//!
//! - [`connection`]: everything about the connection;
//! - [`rebuilds`]: how events become frames;
//! - [`lesson`]: the four steps;
//! - [`about`]: what the program is, and its keys.

use app_core::Panel;
use material::Icon;

pub mod about;
pub mod connection;
pub mod lesson;
pub mod rebuilds;

/// A panel, but for its words, which are in `i18n`, and for what it draws, which `app.rs` calls.
pub struct PanelEntry {
    /// Which it is.
    pub id: Panel,
    /// On the button that opens it.
    pub icon: Icon,
    /// Whether this button is in the app bar, and not in its menu or elsewhere.
    pub is_in_bar: bool,
    /// Where it stands when there is no room beside the page.
    pub narrow: Place,
}

/// Where a panel stands when there is no room beside the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Below what came back, so that both are seen.
    Below,
    /// Over the page.
    Over,
}

/// All panels, in the order of their buttons.
pub static TABLE: [PanelEntry; Panel::ALL.len()] = [
    PanelEntry { id: Panel::Rebuilds, icon: Icon::Lanes, is_in_bar: true, narrow: Place::Below },
    PanelEntry { id: Panel::Connection, icon: Icon::Tune, is_in_bar: false, narrow: Place::Over },
    PanelEntry { id: Panel::Lesson, icon: Icon::Book, is_in_bar: false, narrow: Place::Below },
    PanelEntry { id: Panel::About, icon: Icon::Document, is_in_bar: false, narrow: Place::Over },
];

/// The entry of a panel.
pub fn of(panel: Panel) -> &'static PanelEntry {
    // There is one for each: a test sees to it.
    TABLE.iter().find(|entry| entry.id == panel).unwrap_or(&TABLE[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_panel_has_its_entry() {
        for panel in Panel::ALL {
            assert_eq!(of(panel).id, panel);
        }
    }
}
