//! Ways to take events into a frame loop, side by side: the same arrivals, the same costs, the same screen.
//!
//! The loops are real, and so are `StreamBuilder`, its budget and the [`egui::Context`] that decides which
//! frames are drawn. Simulated are the clock, what work costs, and the screen. So it is the code that is
//! compared, and the same input always gives the same figures.
//!
//! ```
//! use frame_loops::{Pattern, Setup, Way, run};
//!
//! let setup = Setup::default();
//! let arrivals = Pattern::Burst { count: 100 }.arrivals(64);
//! let builder = run(Way::StreamBuilder, &arrivals, &setup).figures();
//! let one_a_frame = run(Way::OneAFrame, &arrivals, &setup).figures();
//! assert_eq!((builder.rebuilds, one_a_frame.rebuilds), (1, 100));
//! ```
//!
//! # The window
//!
//! It behaves as a native one with vertical synchronisation does. A frame begins when egui asks for it and
//! the one before it is on the screen. It takes its events in and builds the page, which costs what
//! [`Costs`] says. What it has drawn is on the screen at the next refresh after it is done, and until then
//! the loop waits. Events arrive at their times all the while, also within a frame.
//!
//! The modules, in reading order:
//!
//! - `arrivals`: when events arrive, and of what size;
//! - `way`, `setup`: which loop, and in what it is tried;
//! - `time`: the simulated clock, which lets events arrive as it passes their times;
//! - `ways`: the loops;
//! - `window`: who draws the frames that were asked for;
//! - `frames`, `figures`: what a run was, and what it comes to;
//! - `sweep`: one parameter over its range;
//! - `drawing`: runs as an SVG file.
//!
//! Without the feature `run` only the words are there, for who speaks of runs and makes none: no loop, no
//! window, and no egui.

mod arrivals;

mod setup;
mod way;

#[cfg(feature = "run")]
mod time;
#[cfg(feature = "run")]
mod ways;
#[cfg(feature = "run")]
mod window;

mod figures;
mod frames;

mod drawing;
mod sweep;

pub use arrivals::{Arrival, MAX_ARRIVALS, Pattern};
pub use drawing::{Lane, grid_step, svg};
pub use figures::{Figures, Latency};
pub use frames::{End, Frame, Run};
pub use setup::{Costs, MAX_FRAMES, MAX_TIME, QUIET, Setup};
pub use sweep::{Swept, Value};
pub use way::Way;
#[cfg(feature = "run")]
pub use window::run;
