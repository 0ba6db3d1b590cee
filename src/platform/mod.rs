//! What differs between a window on a desktop and a page in a browser: how the program starts, what
//! it is opened with, where its tasks run, where its files are, and how it ends.

// The app's only seam between platforms. Either side has `main`, `announce`, `beside_frames`,
// `link_to_copy`, `read_file`, `show_link`, `spawn`, `sleep`, `system_language` and `wait_for_close`, in `files`
// what is read and written, and in `pictures` what is decoded and pasted.
#[cfg(target_os = "linux")]
mod linux_libraries;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;
#[cfg(target_arch = "wasm32")]
mod web_fonts;
#[cfg(target_arch = "wasm32")]
mod web_keys;

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
    announce, beside_frames, link_to_copy, main, read_file, show_link, sleep, spawn,
    system_language, wait_for_close,
};
#[cfg(target_arch = "wasm32")]
pub use web::{
    announce, beside_frames, link_to_copy, main, read_file, show_link, sleep, spawn,
    system_language, wait_for_close,
};

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
