//! What differs between a window on a desktop and a page in a browser: how the program starts, what
//! it is opened with, where its tasks run, where its files are, and how it ends.

use app_core::Panel;
use egui::Color32;

// The app's only seam between platforms. Both sides have the same names: those that are used below, in `files` what is
// read and written, and in `pictures` what is decoded and pasted.
#[cfg(target_os = "linux")]
mod linux_dialogs;
#[cfg(target_os = "linux")]
mod linux_libraries;
#[cfg(target_os = "linux")]
mod linux_preferences;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;
#[cfg(target_arch = "wasm32")]
mod web_address;
#[cfg(target_arch = "wasm32")]
mod web_clipboard;
#[cfg(target_arch = "wasm32")]
mod web_devtools;
#[cfg(target_arch = "wasm32")]
mod web_fonts;
#[cfg(target_arch = "wasm32")]
mod web_input;
#[cfg(target_arch = "wasm32")]
mod web_keys;
#[cfg(target_arch = "wasm32")]
mod web_preferences;

#[cfg(not(target_arch = "wasm32"))]
#[path = "native_files.rs"]
pub mod files;
#[cfg(target_arch = "wasm32")]
#[path = "web_files.rs"]
pub mod files;

#[cfg(not(target_arch = "wasm32"))]
#[path = "native_pictures.rs"]
pub mod pictures;
#[cfg(target_arch = "wasm32")]
#[path = "web_pictures.rs"]
pub mod pictures;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{
    MaybeSend, announce, beside_frames, link_to_copy, main, measure, minutes_ahead_of_utc,
    read_file, show_link, sleep, spawn, system_language, take_asked_panel, tell_page,
    wait_for_close,
};
#[cfg(target_arch = "wasm32")]
pub use web::{
    MaybeSend, announce, beside_frames, main, minutes_ahead_of_utc, read_file, sleep, spawn,
    system_language, wait_for_close,
};
#[cfg(target_arch = "wasm32")]
pub use web_address::{link_to_copy, show_link, take_asked_panel, tell_page};
#[cfg(target_arch = "wasm32")]
pub use web_devtools::measure;

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// It is too large.
    TooLarge {
        /// Of how many bytes it is, at least.
        bytes: u64,
    },
    /// The system does not give it, for this reason.
    Unreadable(String),
}

/// What the page in a browser shows of the program outside of its canvas: in its address and its colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Where the program connects to, unless it plays what is tried.
    pub address: Option<String>,
    /// What stands beside the page.
    pub panel: Option<Panel>,
    /// Light on dark.
    pub is_dark: bool,
    /// With more contrast.
    pub has_more_contrast: bool,
    /// The colour that all of it stands on.
    pub ground: Color32,
}
