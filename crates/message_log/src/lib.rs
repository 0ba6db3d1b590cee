//! The rows of a WebSocket log: every message in both directions and every event of the
//! connection's life, kept within a bound. No UI, no channel, no clock, no platform: times and
//! payloads are given by the caller.
//!
//! [`Log`] takes rows in and drops the oldest ones; [`Rows`] is what can be read, of the log itself
//! or of a snapshot that another thread has.
//!
//! ```
//! use std::time::Duration;
//! use message_log::{Content, Direction, Entry, Log, Payload, Retention};
//!
//! let mut log = Log::new(Duration::from_secs(1_764_103_740), Retention::NATIVE);
//! let row = log.append(Duration::from_millis(5), Entry::Received(Payload::text("hello")));
//!
//! let row = log.get(row).unwrap();
//! assert_eq!(row.direction, Direction::Received);
//! assert!(matches!(row.content, Content::Text("hello")));
//! ```

mod civil_time;
mod event;
mod export;
mod filter;
pub mod har;
pub mod hex_view;
pub mod json_lines;
pub mod json_view;
mod literal;
mod log;
mod plain_text;
mod preview;
mod progress;
mod read_error;
mod row;
mod row_set;
mod scan;
mod search;
mod segment;

// The crate's only seam between platforms: an engine is a module with `REGEX_BYTES` and a `Regex`.
#[cfg(not(target_arch = "wasm32"))]
mod regex_engine;
#[cfg(target_arch = "wasm32")]
#[path = "regex_engine_web.rs"]
mod regex_engine;
#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(dead_code, unreachable_pub, reason = "the tests look at what is different")]
mod regex_engine_web;

pub use bytes::Bytes;
pub use bytestring::ByteString;
pub use event::{Event, Initiator};
pub use export::{Export, Format};
pub use filter::Filter;
pub use log::{Log, Retention, RowIter, Rows};
pub use preview::{PREVIEW_CHARS, harmless, hex, preview};
pub use progress::Progress;
pub use read_error::{ReadError, ReadErrorKind};
pub use regex_engine::REGEX_BYTES;
pub use row::{Content, Delivery, Direction, Drawing, Entry, Kind, Payload, Row};
pub use row_set::RowSet;
pub use scan::Scan;
pub use search::{MAX_QUERY_BYTES, Matcher, Query, QueryError, REGEX_HEX_BYTES};
