//! Shows AccessKit's tree of an egui page to screen readers, as elements beside the canvas.

mod element;
mod fields;
mod layout;
mod mirror;
mod operation;
mod requests;
mod shape;
mod supports;
#[cfg(target_arch = "wasm32")]
mod web;

pub use mirror::Mirror;
pub use operation::{Operation, Rect, Selection, Tag};
pub use requests::Gesture;
#[cfg(target_arch = "wasm32")]
pub use web::{Start, install};
