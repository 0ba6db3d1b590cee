//! What differs between a window on a desktop and a page in a browser: how the program starts, what
//! it is opened with, where its tasks run, and how it ends.

// The app's only seam between platforms. Either side has `main`, `announce`, `compute`, `spawn`, `sleep` and
// `wait_for_close`.
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{announce, compute, main, sleep, spawn, wait_for_close};
#[cfg(target_arch = "wasm32")]
pub use web::{announce, compute, main, sleep, spawn, wait_for_close};
