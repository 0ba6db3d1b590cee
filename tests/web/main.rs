//! The built page in a real browser, as a person uses it: what is typed, what is heard, what is seen,
//! and what the server gets.
//!
//! Run by `cargo xtask test web`, which builds the page and starts the driver; see [`setup`]. A browser
//! draws a canvas and nothing else, so the tests read what a screen reader would, and look at pixels
//! and at the other end of the connection wherever an empty page could pass.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed, and says what it knows"
)]

mod assistive;
mod browser;
mod driver;
#[path = "../page/glyphs.rs"]
mod glyphs;
mod servers;
mod setup;
mod site;

mod actions;

mod echo;

mod served;

mod ending;

mod clocks;
mod coming_back;
mod comparing;
mod keys;

mod large_logs;

mod forbidden;

mod loading;

mod looks;

mod mirror;

mod offline;

mod pasted;

mod pictures;

mod preferences;

mod questions;

mod rebuilds;

mod status;

mod text_menu;

mod tracks;

mod trouble;
