//! How what is drawn is to look: what the system prefers, and what the person has chosen.

use crate::stored::ThemeChoice;

/// What the system prefers for every program, as far as this one is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Whether it is dark. `None` where it says nothing, and where egui is told by others.
    pub is_dark: Option<bool>,
    /// Text and lines are to stand out more.
    pub more_contrast: bool,
    /// These colours, and no others.
    pub forced_colors: Option<ForcedColors>,
    /// Nothing is to move that need not.
    pub reduced_motion: bool,
}

/// The colours that a system has for every program: red, green and blue, by the names of style sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForcedColors {
    /// The ground of a page.
    pub canvas: [u8; 3],
    /// Text on it.
    pub canvas_text: [u8; 3],
    /// A link.
    pub link_text: [u8; 3],
    /// The ground of a button.
    pub button_face: [u8; 3],
    /// Text on a button.
    pub button_text: [u8; 3],
    /// What is selected.
    pub highlight: [u8; 3],
    /// What can't be used.
    pub gray_text: [u8; 3],
}

/// What comes of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Light or dark, by the person's choice.
    pub theme: ThemeChoice,
    /// The system's preferences. More contrast may be the person's own.
    pub preferences: Preferences,
}
