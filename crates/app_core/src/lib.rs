//! What the echo page knows, and what follows from what happens.
//!
//! ```text
//!  what the person does, what is heard ──▶ update(&mut Model, Msg, now) ──▶ Vec<Effect>
//! ```
//!
//! [`update`] is the only door: the fields of a [`Model`] are private, and what is to be done outside
//! comes out as values. No UI, no channel, no clock, no task and no platform is in here (the manifest
//! sees to it), so all of it can be tried by calling one function.
//!
//! The modules, in reading order:
//!
//! - [`model`]: the state as a whole, and the door;
//! - [`connection`]: what its events have made of the connection;
//! - [`problem`]: when a person would say that the network is down;
//! - [`composer`]: what is about to be sent;
//! - [`address`], [`settings`]: what a person can set, and what is wrong with it;
//! - [`statistics`]: what went through;
//! - [`log`]: the log, but for its rows;
//! - [`panels`]: what may stand beside the page;
//! - [`playback`], [`experiments`], [`trials`]: how fast events are taken in, what there is to try, and what
//!   is tried;
//! - [`recording`], [`replay`]: a run as a value, from the socket to the screen, and which moment of it is shown;
//! - [`row_links`]: which row of the log is which event of it;
//! - [`time_window`]: which part of its time is seen;
//! - [`comparison`]: its events taken in in several ways;
//! - [`steps`]: the four steps of the lesson;
//! - [`language`], [`look`], [`stored`]: which language, how it is to look, and what is kept over restarts.

pub mod model;

pub mod connection;
pub mod problem;

pub mod composer;

pub mod address;
pub mod settings;

pub mod statistics;

pub mod log;

pub mod panels;

pub mod experiments;
pub mod playback;
pub mod trials;

pub mod comparison;
pub mod recording;
pub mod replay;
pub mod row_links;
pub mod time_window;

pub mod steps;

pub mod language;
pub mod look;
pub mod stored;

pub use comparison::{ComparisonEffect, ComparisonMsg};
pub use connection::{Connection, ConnectionEvent, ConnectionStatus, Peer};
pub use language::Language;
pub use log::{LogEffect, LogMsg};
pub use look::{Look, Preferences};
pub use model::{Effect, Model, Msg, Opening, Plan, SendOutlook, open, update};
pub use panels::Panel;
pub use problem::ConnectionProblem;
pub use replay::{ReplayEffect, ReplayMsg};
pub use trials::{TrialMsg, Trials};
