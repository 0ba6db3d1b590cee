//! StreamBuilder for egui: the UI is rebuilt from the latest event of any futures::Stream, and only then.

mod builder;
mod infallible;
mod repaint_waker;
mod snapshot;

pub use builder::{Counters, DEFAULT_BUDGET, Event, StreamBuilder, Update};
pub use infallible::infallible;
pub use repaint_waker::RepaintWaker;
pub use snapshot::{ConnectionState, NoData, Snapshot};
