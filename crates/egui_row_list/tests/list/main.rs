//! The list as a person uses it: by pointer, wheel, finger, keyboard and screen reader.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod accessibility;
mod hostile;
mod keyboard;
mod page;
mod pointer;
mod quiet;
mod scrolling;
