//! The page as a person uses it: typing and clicking by label, in both languages, against the real
//! echo server, servers with a script, and the page's own echo.
//!
//! No picture is drawn here, so these run wherever Rust does; how the page looks is the matter of
//! `page_pictures.rs`. kittest's own checks are on: every symbol has a glyph, every input a name.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod glyphs;
mod servers;
mod window;

mod right_to_left;
mod row_and_moment;
mod sending;
mod sending_more;

mod connection_line;
mod connection_sheet;
mod reconnecting;
mod sheet_keyboard;
mod trouble;

mod past;
mod payloads;

mod in_page;

mod languages;

mod long_texts;

mod frames;
mod keys;

mod keyboard;
mod lesson;
mod log;
mod look;
mod questions;
mod rebuilds;

mod closing;
mod comparison;
mod small_screens;
mod spoken;
mod stored;
mod text_menu;
mod touch;
mod zoom;
