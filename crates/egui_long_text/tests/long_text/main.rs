//! The view as a person has it: by wheel, scroll bar, mouse and keyboard, driven by egui's own test harness.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod app;
mod callers;
mod hazards;
mod keyboard;
mod label;
mod pointer;
mod reader;
mod right_to_left;
mod touch;
