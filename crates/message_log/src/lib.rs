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

mod event;
mod log;
mod row;
mod segment;

pub use bytes::Bytes;
pub use bytestring::ByteString;
pub use event::{Event, Initiator};
pub use log::{Log, Retention, RowIter, Rows};
pub use row::{Content, Delivery, Direction, Drawing, Entry, Kind, Payload, Row};
