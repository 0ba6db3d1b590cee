//! What a builder does, line by line of its specification, seen through its public API in real frames.

#![expect(clippy::unwrap_used, reason = "a surprise is what a test should die of")]

mod window;

mod budget;
mod every_event;
mod kittest;
mod repaints;
mod states;
