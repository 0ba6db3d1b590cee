//! The echo page: Flutter's `WebSocketRoute` example in egui, for the desktop and the web.
//!
//! The modules, in reading order:
//!
//! - [`session`]: what the page knows, and what follows from what happens (pure);
//! - [`pace`], [`experiment`]: how fast events are taken in, and what there is to try (pure);
//! - [`trouble`]: when a person would say that the network is down (pure);
//! - [`payload`]: what a message's bytes are: text, a picture or just bytes (pure);
//! - [`i18n`]: every sentence the page says, in every language (pure);
//! - [`lesson`]: the four steps in the source of this app, and in Dart (pure);
//! - [`trace`]: the way of each event from the socket to the screen, as it was seen (pure);
//! - [`ui`]: draws the state and returns what the person did;
//! - [`effects`]: the connection, which is all that reaches outside;
//! - [`in_page`]: the other end, where the page plays it itself;
//! - [`recorder`]: watches the channel and the builder at work, for [`trace`];
//! - [`app`]: the frame that ties them together;
//! - [`platform`]: what differs between a window and a web page.

pub mod session;

pub mod experiment;
pub mod pace;

pub mod trouble;

pub mod i18n;
pub mod payload;

pub mod lesson;
pub mod trace;

pub mod ui;

pub mod effects;
pub mod in_page;

pub mod recorder;

pub mod app;

pub mod platform;
