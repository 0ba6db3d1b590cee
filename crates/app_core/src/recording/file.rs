//! The file that a recording is written to and read from: JSON in UTF-8, of version 1.
//!
//! One object. Times are whole nanoseconds up to [`MAX_TIME`](super::MAX_TIME), all from the same moment; `null`
//! is one that is not known or has not come. Within a list no time is before the one of the row before. Lists
//! of a kind have one row a line, and are in this order (a reader takes any):
//!
//! | name | what | rows |
//! | --- | --- | --- |
//! | `format` | `"websocket-echo recording"` | |
//! | `version` | `1` | |
//! | `began`, `last` | when it began, and the latest time of all | |
//! | `dropped` | how many `events` (of which `others` were no data), `rebuilds`, `frames`, `wakes`, `states`, `problems` and `connections` are left out at the start, as it was too long | |
//! | `shown` | what stood on the page before: `null`, or kind, length, content | |
//! | `connections` | a connection begins | when, events before it, messages of it that were taken in before the recording began, messages of the one before that never were |
//! | `events` | what the builder took in | kind (`"data"`, `"error"`, `"done"`), arrived, in the mailbox, taken in, length in bytes, content |
//! | `waiting` | messages that were not taken in | number within their connection from 0, arrived, in the mailbox |
//! | `rebuilds` | what one frame drew | first event (from 1), how many, woken, frame began, snapshot, drawn, budget left, idle frames before it, most events in one frame so far, the event that is shown (0: none), whether the budget was used up |
//! | `frames` | frames | number (from 1), began, drawn |
//! | `wakes` | wakes | when, how many so far |
//! | `states` | of the snapshot | since, `"none"` `"waiting"` `"active"` `"done"`, whether it has data (`null`: neither data nor an error) |
//! | `problems` | what the page said of the network | since, the text or `null`, whether there was a connection again |
//!
//! Content is the beginning of what is shown: a string, or for bytes `{"hex": "00ff"}`.
//!
//! What is added to the format later is added as further names, which this reader passes over; what changes its
//! meaning gets another version.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::events::Events;
use super::rows::Rows;
use super::{
    ConnectionRow, Content, EventKind, FrameRow, MAX_NS, MAX_WAITING, MOST, NEVER, OwnedShown,
    ProblemRow, RebuildRow, Recording, StateRow, StreamState, Taken, Waiting, WakeRow,
};

/// What the file calls itself.
pub(super) const FORMAT: &str = "websocket-echo recording";

/// The version that is written, and the only one that is read.
pub(super) const VERSION: u64 = 1;

/// The longest file that is read, in bytes. It is in memory as a whole.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// The most rows of a list: what is kept, and what is kept of it before some are forgotten.
const MOST_ROWS: usize = MOST + super::rows::CHUNK;

/// Why a file is no recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// It is longer than [`MAX_FILE_BYTES`].
    TooLong,
    /// It is no JSON, or has something else than is expected there.
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// It ends too early.
        is_cut: bool,
        /// What is wrong, in English.
        why: String,
    },
    /// It is JSON of another kind.
    OtherFormat,
    /// It was written by a later version of this program.
    OtherVersion(u64),
    /// A row contradicts the one before, or another list.
    Wrong {
        /// The name of the list.
        list: &'static str,
        /// The row, from 1.
        row: usize,
        /// What about it is wrong.
        what: Wrong,
    },
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A time is before that of the row before, or above [`MAX_TIME`](super::MAX_TIME).
    Time,
    /// A number or a count does not go on from the row before, or counts what is not there.
    Number,
}

/// Takes a recording out of a file.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read(bytes: &[u8]) -> Result<Recording, FileError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileError::TooLong);
    }
    let head: Head = serde_json::from_slice(bytes).map_err(json_error)?;
    if head.format.as_deref() != Some(FORMAT) {
        return Err(FileError::OtherFormat);
    }
    match head.version {
        Some(VERSION) => {}
        Some(version) => return Err(FileError::OtherVersion(version)),
        None => return Err(FileError::OtherFormat),
    }
    let body: Body<'_> = serde_json::from_slice(bytes).map_err(json_error)?;
    body.recording()
}

fn json_error(error: serde_json::Error) -> FileError {
    let why = error.to_string();
    // It says where in English, which is said anyway.
    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_owned();
    FileError::Json { line: error.line(), column: error.column(), is_cut: error.is_eof(), why }
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    format: Option<Cow<'a, str>>,
    #[serde(default)]
    version: Option<u64>,
}

#[derive(Deserialize)]
struct Body<'a> {
    began: u64,
    last: u64,
    #[serde(default)]
    dropped: Dropped,
    #[serde(borrow)]
    shown: Option<(EventKind, u64, ContentIn<'a>)>,
    connections: List<(u64, u64, u64, u64), MOST_ROWS>,
    #[serde(borrow)]
    events: List<EventIn<'a>, MOST_ROWS>,
    waiting: List<(u64, Option<u64>, Option<u64>), MAX_WAITING>,
    rebuilds: List<RebuildIn, MOST_ROWS>,
    frames: List<(u64, u64, Option<u64>), MOST_ROWS>,
    wakes: List<(u64, u64), MOST_ROWS>,
    states: List<(u64, StreamState, Option<bool>), MOST_ROWS>,
    #[serde(borrow)]
    problems: List<(u64, Option<Cow<'a, str>>, bool), MOST_ROWS>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Dropped {
    events: u64,
    others: u64,
    rebuilds: u64,
    frames: u64,
    wakes: u64,
    states: u64,
    problems: u64,
    connections: u64,
}

#[derive(Deserialize)]
struct EventIn<'a>(EventKind, Option<u64>, Option<u64>, u64, u64, #[serde(borrow)] ContentIn<'a>);

#[derive(Deserialize)]
struct RebuildIn(u64, u64, Option<u64>, u64, u64, Option<u64>, Option<u64>, u64, u64, u64, bool);

impl Body<'_> {
    fn recording(self) -> Result<Recording, FileError> {
        let dropped = self.dropped;
        let mut check = Check { list: "began", row: 0 };
        let mut latest = check.time(self.began, 0)?;
        check.list = "dropped";
        for count in [
            dropped.events,
            dropped.others,
            dropped.rebuilds,
            dropped.frames,
            dropped.wakes,
            dropped.states,
            dropped.problems,
            dropped.connections,
        ] {
            check.count(count, MAX_NS)?;
        }
        check.count(dropped.others, dropped.events)?;

        check.begin("events");
        let mut events = Events::beginning_at(dropped.events, dropped.others, MOST);
        let mut before = (0, 0, 0);
        for EventIn(kind, arrived, queued, taken, bytes, content) in self.events.0 {
            check.row += 1;
            before.0 = check.time(arrived.unwrap_or(before.0), before.0)?;
            before.1 = check.time(queued.unwrap_or(before.1), before.1)?;
            before.2 = check.time(taken, before.2)?;
            events.push(arrived, queued, taken, Taken { kind, bytes, content: content.borrowed() });
        }
        latest = latest.max(before.0).max(before.1).max(before.2);

        check.begin("connections");
        let mut connections = rows_after(dropped.connections);
        let mut before = (0, 0);
        for (at, events_before, taken_before, abandoned) in self.connections.0 {
            check.row += 1;
            check.is_so(events_before >= before.1)?;
            check.count(events_before, events.end())?;
            check.count(taken_before, MAX_NS)?;
            check.count(abandoned, MAX_NS)?;
            before = (check.time(at, before.0)?, events_before);
            let row = ConnectionRow { at, events: events_before, taken_before, abandoned };
            connections.push(row);
        }
        latest = latest.max(before.0);

        check.begin("waiting");
        let mut waiting = VecDeque::with_capacity(self.waiting.0.len());
        let mut before = (0, 0, 0);
        let mut queued_count = 0;
        for (number, arrived, queued) in self.waiting.0 {
            check.row += 1;
            check.count(number, MAX_NS)?;
            check.is_so(number >= before.0)?;
            before.0 = number + 1;
            before.1 = check.time(arrived.unwrap_or(before.1), before.1)?;
            before.2 = check.time(queued.unwrap_or(before.2), before.2)?;
            // What is in the mailbox came before what isn't.
            let is_queued = arrived.is_none() || queued.is_some();
            check.is_so(!is_queued || queued_count == waiting.len())?;
            queued_count += usize::from(is_queued);
            waiting.push_back(Waiting { number, arrived, queued });
        }
        latest = latest.max(before.1).max(before.2);

        check.begin("rebuilds");
        let mut rebuilds = rows_after(dropped.rebuilds);
        let mut before: Option<RebuildRow> = None;
        for RebuildIn(
            first,
            count,
            woken,
            frame,
            snapshot,
            drawn,
            left,
            idle,
            most,
            shown,
            is_cut,
        ) in self.rebuilds.0
        {
            check.row += 1;
            let next = before.map(|before| before.first_event + before.events);
            check.is_so(first >= 1 && next.is_none_or(|next| next == first))?;
            check.is_so(count >= 1)?;
            check.count(first, events.end())?;
            check.count(count, events.end() + 1 - first)?;
            check.is_so(shown < first + count && most <= events.end())?;
            check.is_so(before.is_none_or(|before| {
                before.shown <= shown && before.most_per_frame <= most && before.drawn != NEVER
            }))?;
            check.count(idle, MAX_NS)?;
            for at in [woken, left] {
                check.time(at.unwrap_or(0), 0)?;
            }
            check.time(frame, before.map_or(0, |before| before.frame))?;
            check.time(snapshot, before.map_or(0, |before| before.snapshot))?;
            if let Some(drawn) = drawn {
                check.time(drawn, before.map_or(0, |before| before.drawn).max(snapshot))?;
            }
            let row = RebuildRow {
                first_event: first,
                events: count,
                woken,
                frame,
                snapshot,
                drawn: drawn.unwrap_or(NEVER),
                budget_left: left,
                idle_frames: idle,
                most_per_frame: most,
                shown,
                is_cut,
            };
            latest = latest.max(frame).max(snapshot).max(drawn.unwrap_or(0));
            before = Some(row);
            rebuilds.push(row);
        }
        let updated_events = before.map_or(0, |before| before.first_event + before.events - 1);

        check.begin("frames");
        let mut frames = rows_after(dropped.frames);
        let mut before = (0, 0);
        for (number, began, drawn) in self.frames.0 {
            check.row += 1;
            check.is_so(number > before.0)?;
            check.count(number, MAX_NS)?;
            before = (number, check.time(began, before.1)?);
            latest = latest.max(began).max(check.time(drawn.unwrap_or(began), began)?);
            frames.push(FrameRow { number, began, drawn: drawn.unwrap_or(NEVER) });
        }
        let frames_at_rebuild = before.0;

        check.begin("wakes");
        let mut wakes = rows_after(dropped.wakes);
        let mut before = (0, 0);
        for (at, total) in self.wakes.0 {
            check.row += 1;
            check.is_so(total > before.1)?;
            check.count(total, MAX_NS)?;
            before = (check.time(at, before.0)?, total);
            wakes.push(WakeRow { at, total });
        }
        latest = latest.max(before.0);

        check.begin("states");
        let mut states = rows_after(dropped.states);
        let mut before = 0;
        for (since, stream, has_data) in self.states.0 {
            check.row += 1;
            before = check.time(since, before)?;
            states.push(StateRow { since, stream, has_data });
        }
        latest = latest.max(before);

        check.begin("problems");
        let mut problems = Rows::beginning_at(dropped.problems, 0);
        let mut before = 0;
        for (since, text, is_back) in self.problems.0 {
            check.row += 1;
            before = check.time(since, before)?;
            let problem = text.map(|text| (super::problem_text(&text).to_owned(), is_back));
            problems.push(ProblemRow { since, problem });
        }
        latest = latest.max(before);

        check.begin("last");
        latest = check.time(self.last, latest)?;

        Ok(Recording {
            began: self.began,
            shown_before: self.shown.map(|(kind, bytes, content)| {
                OwnedShown::of(Taken { kind, bytes, content: content.borrowed() })
            }),
            events,
            rebuilds,
            frames,
            wakes,
            states,
            problems,
            connections,
            queued: queued_count,
            taken_messages: waiting.front().map_or(0, |first: &Waiting| first.number),
            arrived_messages: waiting.back().map_or(0, |last: &Waiting| last.number + 1),
            waiting,
            last: latest,
            ended: None,
            woken: None,
            updated_events,
            frames_at_rebuild,
        })
    }
}

fn rows_after<T>(dropped: u64) -> Rows<T> {
    Rows::beginning_at(dropped, MOST)
}

/// Says of what is wrong where it is.
struct Check {
    list: &'static str,
    row: usize,
}

impl Check {
    fn begin(&mut self, list: &'static str) {
        *self = Self { list, row: 0 };
    }

    fn wrong(&self, what: Wrong) -> FileError {
        FileError::Wrong { list: self.list, row: self.row, what }
    }

    fn time(&self, at: u64, before: u64) -> Result<u64, FileError> {
        if (before..=MAX_NS).contains(&at) { Ok(at) } else { Err(self.wrong(Wrong::Time)) }
    }

    fn count(&self, count: u64, most: u64) -> Result<(), FileError> {
        self.is_so(count <= most)
    }

    fn is_so(&self, is_so: bool) -> Result<(), FileError> {
        if is_so { Ok(()) } else { Err(self.wrong(Wrong::Number)) }
    }
}

/// A list of at most so many rows.
struct List<T, const MOST: usize>(Vec<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for List<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows<T, const MOST: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Rows<T, MOST> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let most = MOST;
                write!(f, "a list of at most {most} rows")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = seq.next_element()? {
                    if rows.len() == MOST {
                        let most = MOST;
                        return Err(A::Error::custom(format_args!("more than {most} rows")));
                    }
                    rows.push(row);
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(Rows::<T, MOST>(PhantomData)).map(Self)
    }
}

enum ContentIn<'a> {
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
}

impl ContentIn<'_> {
    fn borrowed(&self) -> Content<'_> {
        match self {
            Self::Text(text) => Content::Text(text),
            Self::Bytes(bytes) => Content::Bytes(bytes),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ContentIn<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ContentIn<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or {\"hex\": \"…\"}")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(ContentIn::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(ContentIn::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut bytes = None;
                while let Some(name) = map.next_key::<Cow<'_, str>>()? {
                    if name == "hex" {
                        let hex = map.next_value::<Cow<'_, str>>()?;
                        let no_hex = || A::Error::custom("no hexadecimal digits");
                        bytes = Some(unhex(&hex).ok_or_else(no_hex)?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                bytes.map(ContentIn::Bytes).ok_or_else(|| A::Error::missing_field("hex"))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit =
        |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match *pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
