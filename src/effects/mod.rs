//! The only places that reach outside while the page lives.
//!
//! - [`connection`]: the connection there is, whatever carries it, and its events in order;
//! - `plain`: one that stays lost when it is lost; here are the four steps;
//! - `reconnecting`: one that is made again;
//! - `outbox`: what the two list of what was sent and has not arrived for sure;
//! - [`in_page`]: the other end, where the page plays it itself;
//! - `repeat`: the same message every so often;
//! - [`files`]: what is dropped on the window or pasted;
//! - [`logbook`]: writes down what happens, and has at hand what the log's panel shows;
//! - `deliveries`: how far messages of ours have come;
//! - `file_task`: a file that is asked for, and then written or read beside the frames;
//! - [`log_files`]: the log's files;
//! - [`recordings`]: files of recordings;
//! - [`comparisons`]: runs that are compared;
//! - `search`: looks for rows beside the frames;
//! - `round_trips`: how long messages are on their way there and back.

pub mod connection;

mod outbox;
mod plain;
mod reconnecting;

pub mod in_page;

mod repeat;

pub mod files;

mod file_task;
pub mod log_files;
pub mod logbook;
pub mod recordings;

pub mod comparisons;

mod deliveries;
mod search;

mod round_trips;
