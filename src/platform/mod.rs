//! What differs between a window on a desktop and a page in a browser: how the program starts, what
//! it is opened with, where its tasks run, how files are read, and how it ends.

// The app's only seam between platforms. Either side has `main`, `announce`, `compute`, `spawn`, `sleep`,
// `read_file` and `wait_for_close`.
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{announce, compute, main, read_file, sleep, spawn, wait_for_close};
#[cfg(target_arch = "wasm32")]
pub use web::{announce, compute, main, read_file, sleep, spawn, wait_for_close};

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
