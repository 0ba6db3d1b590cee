//! Shows what an egui page has on its canvas to screen readers, magnifiers and whatever else asks a browser
//! for its accessibility tree.
//!
//! egui makes a tree of all that it draws, for [AccessKit](https://accesskit.dev). On the desktop eframe
//! hands it to the system; on the web, as of 0.37, it throws it away, so that a page is one silent canvas.
//! This crate mirrors the tree into the page: an element for each widget, which nobody sees, over the widget
//! on the canvas. What is done to an element comes back to egui as an action. It works with any eframe app,
//! from outside.
//!
//! In the page, where the app is created:
//!
//! ```no_run
//! # #[cfg(target_arch = "wasm32")]
//! # fn page(creation: &eframe::CreationContext<'_>, canvas: &web_sys::HtmlCanvasElement) {
//! use egui_web_accessibility::{Start, install};
//!
//! let start = Start::WhenAskedFor { button: "Enable accessibility".to_owned() };
//! install(&creation.egui_ctx, canvas, start).expect("the canvas is in the page");
//! # }
//! ```
//!
//! # What is in the page
//!
//! - **Elements** with the roles, names, values, states, descriptions, positions and languages of the nodes:
//!   `<button>`, `<input>`, `<textarea>` where browsers give assistive technology more with them, else a
//!   `<div>` with an ARIA role. Containers that say nothing are left out, and a role that ARIA allows only
//!   among others (an option outside of a list) is told as what is nearest to it.
//! - **Places:** elements lie over their widgets at any zoom and on any screen, so that touch and magnifiers
//!   find them. The pointer never meets them.
//! - **Live regions** are spoken when they change, and when they come.
//!
//! Only what has changed touches the page; a frame in which nothing has changed touches nothing.
//!
//! # The keyboard
//!
//! Tab goes through egui's widgets, as elements are not in the browser's order of Tab; behind the last one and
//! before the first it leaves the canvas, and where it comes in there it is on the first or the last. Until assistive technology has done something the canvas keeps the browser's focus, and tells by
//! `aria-activedescendant` where egui's is; typing goes through eframe's hidden input. Once it has (or once
//! somebody has asked for the mirror) the browser's focus is on the element of the widget that has egui's,
//! and keys pressed there go to egui. In fields the browser itself edits then, with its input methods,
//! keyboards on the screen and all that a screen reader reads out; egui is told what was written.
//!
//! # Two layers
//!
//! [`Mirror`] decides: from a tree it makes [`Operation`]s, and from a [`Gesture`] requests for egui. It is
//! the same on every platform and touches nothing. What applies the operations and hears the page (`install`,
//! `Start`) is there for `wasm32` alone.
//!
//! # Limits
//!
//! 20 000 elements, 64 KiB of text in each (a field with more can only be read), 1000 things done between
//! two frames, one viewport. egui doesn't say which part of a widget is scrolled out of view, so elements
//! reach where the canvas shows something else.

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
pub use web::{Start, install, is_on, rename_button};
