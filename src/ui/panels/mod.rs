//! What may stand beside the page: one table of panels, and a file for what each of them draws.
//!
//! - [`connection`]: everything about the connection;
//! - [`log`]: every message and every event;
//! - [`rebuilds`]: how events become frames;
//! - [`lesson`]: the four steps;
//! - [`about`]: what the program is, and its keys.

use app_core::Panel;
use material::Icon;

pub mod about;
pub mod connection;
pub mod lesson;
pub mod log;
pub mod rebuilds;

/// A panel, but for its words, which are in `i18n`, and for what it draws, which `app/panels.rs` calls.
pub struct PanelEntry {
    /// Which it is.
    pub id: Panel,
    /// On the button that opens it.
    pub icon: Icon,
    /// Whether this button is in the app bar, and not in its menu or elsewhere.
    pub is_in_bar: bool,
    /// Where it stands when there is no room beside the page.
    pub narrow: Place,
    /// Whether it fits itself into the room that there is, and is not scrolled as a whole.
    pub fits_itself: bool,
    /// How wide the page is beside it, of the window.
    pub page_share: f32,
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
    PanelEntry {
        is_in_bar: true,
        fits_itself: true,
        page_share: 0.4,
        ..entry(Panel::Log, Icon::List, Place::Over)
    },
    PanelEntry { is_in_bar: true, ..entry(Panel::Rebuilds, Icon::Lanes, Place::Below) },
    entry(Panel::Connection, Icon::Tune, Place::Over),
    entry(Panel::Lesson, Icon::Book, Place::Below),
    entry(Panel::About, Icon::Document, Place::Over),
];

/// In the menu, scrolled as a whole, half of the window.
const fn entry(id: Panel, icon: Icon, narrow: Place) -> PanelEntry {
    PanelEntry { id, icon, is_in_bar: false, narrow, fits_itself: false, page_share: 0.5 }
}

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
