//! What happened in a window: its frames, and why the run ended.

use std::time::Duration;

use crate::{Arrival, Way};

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// When it began.
    pub begin: Duration,
    /// When it was done. From `begin` on it kept the processor busy.
    pub end: Duration,
    /// When it was on the screen.
    pub shown: Duration,
    /// The first event that it took in, counted from 0.
    pub first: usize,
    /// How many events it took in. The last of them is what it shows; with none it shows what the frame
    /// before it did.
    pub taken: usize,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was shown.
    AllShown,
    /// It would have gone on: it had its frames or its time. What was not shown by then is not in the figures.
    Cut,
}

/// What happened in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which way it was.
    pub way: Way,
    /// The events, in order.
    pub arrivals: Vec<Arrival>,
    /// The frames, in order.
    pub frames: Vec<Frame>,
    /// How often egui was asked for a frame, itself included.
    pub requests: u64,
    /// Why it ended.
    pub end: End,
}
