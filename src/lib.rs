//! The echo page: Flutter's `WebSocketRoute` example in egui, for the desktop and the web.
//!
//! What the page knows, and what follows from what happens, is in the crate `app_core`. The modules of
//! this one, in reading order:
//!
//! - [`picture_header`]: what a picture says of itself before it is decoded (pure);
//! - [`payload`]: what a message's bytes are: text, a picture or just bytes (pure);
//! - [`opened_row`]: the row of the log that is looked at (pure);
//! - [`i18n`]: every sentence the page says, in every language (pure);
//! - [`lesson`]: the four steps in the source of this app, and in Dart (pure);
//! - [`ui`]: draws the state and returns what the person did;
//! - [`effects`]: the connection, which is all that reaches outside;
//! - [`picture`]: pictures, decoded beside the frames;
//! - [`recorder`]: watches the channel and the builder at work, for a recording of `app_core`;
//! - [`app`]: the frame that ties them together;
//! - [`platform`]: what differs between a window and a web page.

pub mod announcer;
pub mod i18n;
pub mod opened_row;
pub mod payload;
pub mod picture_header;

pub mod lesson;

pub mod ui;

pub mod effects;

pub mod picture;
pub mod recorder;

pub mod app;

pub mod platform;
