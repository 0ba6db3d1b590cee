//! A log as JSON Lines, without any loss: what is written and read again is written as the same bytes.
//!
//! UTF-8, one JSON object a line, lines end with `\n`. The first one says what follows:
//!
//! ```json
//! {"format":"websocket-log","version":1,"started_ns":1764103740000000000}
//! ```
//!
//! `started_ns` is the time of the clock on the wall at the log's start, in nanoseconds since 1970 began
//! in UTC. Each other line is a row, in the log's order:
//!
//! ```json
//! {"time_ns":5000000,"direction":"received","text":"hello"}
//! {"time_ns":6000000,"direction":"sent","delivery":"sent","drawing":"drawn","binary":"3q2+7w=="}
//! {"time_ns":7000000,"event":"closed","code":1000,"name":"","reason":"bye","initiator":"remote","was_clean":true}
//! ```
//!
//! | field | in | value |
//! | --- | --- | --- |
//! | `time_ns` | all | nanoseconds since the log's start |
//! | `drawing` | all | `drawn`, `coalesced`; left out if nobody has said |
//! | `direction` | messages | `sent`, `received` |
//! | `delivery` | `sent` | `waiting`, `sent`, `in_doubt`, `taken_back` |
//! | `text` | text | the text |
//! | `binary` | bytes | the bytes in base64, with padding |
//! | `event` | events | `connecting` with `url`; `open` with `protocol` (or null) and `headers` (pairs of strings); `closing` with `code` (or null) and `reason`; `closed` with these, `name`, `initiator` (`local`, `remote` or null) and `was_clean`; `error` with `message`; `reconnecting` with `attempt` and `wait_ns` |
//!
//! A reader passes over fields that it doesn't know and over empty lines, and refuses other versions and
//! first lines above 64 KiB, so that it says of a file of another format that it is one at once. All
//! whole numbers are below 2⁶⁴; a tool that reads them as floating-point numbers rounds those above 2⁵³.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::event::{Event, Initiator};
use crate::export::{Encoding, RowFormat, push_json_string};
use crate::log::{Log, Retention, Rows};
use crate::read_error::{ReadError, ReadErrorKind};
use crate::row::{Content, Delivery, Direction, Drawing, Entry, Payload, Row};

const FORMAT: &str = "websocket-log";
const VERSION: u64 = 1;

/// The longest line that is read if nothing else is said: 128 MiB. A message of 16 MiB of characters that
/// are all escaped takes 96.
pub const MAX_LINE_BYTES: usize = 128 << 20;

/// The longest first line.
const MAX_HEADER_BYTES: usize = 64 << 10;

pub(crate) struct JsonLinesFormat;

impl RowFormat for JsonLinesFormat {
    fn begin_file(&mut self, out: &mut String, rows: &Rows) {
        let started = nanoseconds(rows.started());
        // Writing to a string can't fail.
        let _ =
            writeln!(out, r#"{{"format":"{FORMAT}","version":{VERSION},"started_ns":{started}}}"#);
    }

    fn begin_row(&mut self, out: &mut String, row: &Row<'_>) -> Option<Encoding> {
        let _ = write!(out, r#"{{"time_ns":{}"#, nanoseconds(row.time));
        let direction = match row.direction {
            Direction::Sent => Some("sent"),
            Direction::Received => Some("received"),
            Direction::None => None,
        };
        let delivery = row.delivery.and_then(|delivery| name_of(DELIVERIES, delivery));
        let drawing = name_of(DRAWINGS, row.drawing);
        for (field, name) in
            [("direction", direction), ("delivery", delivery), ("drawing", drawing)]
        {
            if let Some(name) = name {
                let _ = write!(out, r#","{field}":"{name}""#);
            }
        }
        match row.content {
            Content::Text(_) => {
                out.push_str(r#","text":""#);
                Some(Encoding::JsonText)
            }
            Content::Binary(_) => {
                out.push_str(r#","binary":""#);
                Some(Encoding::Base64)
            }
            Content::Event(event) => {
                push_event(out, event);
                None
            }
        }
    }

    fn end_row(&mut self, out: &mut String, row: &Row<'_>) {
        out.push_str(match row.content {
            Content::Text(_) | Content::Binary(_) => "\"}\n",
            Content::Event(_) => "}\n",
        });
    }
}

const DELIVERIES: &[(&str, Delivery)] = &[
    ("waiting", Delivery::Waiting),
    ("sent", Delivery::Sent),
    ("in_doubt", Delivery::InDoubt),
    ("taken_back", Delivery::TakenBack),
];
const DRAWINGS: &[(&str, Drawing)] =
    &[("drawn", Drawing::Drawn), ("coalesced", Drawing::Coalesced)];
const INITIATORS: &[(&str, Initiator)] =
    &[("local", Initiator::Local), ("remote", Initiator::Remote)];

fn name_of<T: PartialEq + Copy>(names: &[(&'static str, T)], value: T) -> Option<&'static str> {
    names.iter().find(|(_, other)| *other == value).map(|(name, _)| *name)
}

fn push_event(out: &mut String, event: &Event) {
    let mut push = |field: &str, value: &dyn Fn(&mut String)| {
        out.push_str(",\"");
        out.push_str(field);
        out.push_str("\":");
        value(out);
    };
    let text = |text: &str| {
        let text = text.to_owned();
        move |out: &mut String| push_json_string(out, &text)
    };
    let plain = |value: String| move |out: &mut String| out.push_str(&value);
    let code = |code: &Option<u16>| plain(code.map_or("null".to_owned(), |code| code.to_string()));
    match event {
        Event::Connecting { url } => {
            push("event", &text("connecting"));
            push("url", &text(url));
        }
        Event::Open { protocol, headers } => {
            push("event", &text("open"));
            push("protocol", &|out| match protocol {
                Some(protocol) => push_json_string(out, protocol),
                None => out.push_str("null"),
            });
            push("headers", &|out| {
                for (index, (name, value)) in headers.iter().enumerate() {
                    out.push_str(if index == 0 { "[[" } else { ",[" });
                    push_json_string(out, name);
                    out.push(',');
                    push_json_string(out, value);
                    out.push(']');
                }
                out.push_str(if headers.is_empty() { "[]" } else { "]" });
            });
        }
        Event::Closing { code: number, reason } => {
            push("event", &text("closing"));
            push("code", &code(number));
            push("reason", &text(reason));
        }
        Event::Closed { code: number, name, reason, initiator, was_clean } => {
            push("event", &text("closed"));
            push("code", &code(number));
            push("name", &text(name));
            push("reason", &text(reason));
            push("initiator", &|out| match initiator
                .and_then(|initiator| name_of(INITIATORS, initiator))
            {
                Some(name) => push_json_string(out, name),
                None => out.push_str("null"),
            });
            push("was_clean", &plain(was_clean.to_string()));
        }
        Event::Error { text: message } => {
            push("event", &text("error"));
            push("message", &text(message));
        }
        Event::Reconnecting { attempt, wait } => {
            push("event", &text("reconnecting"));
            push("attempt", &plain(attempt.to_string()));
            push("wait_ns", &plain(nanoseconds(*wait).to_string()));
        }
    }
}

/// Cut to 584 years.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Reads a file, piece by piece, into a log of its own.
#[derive(Debug)]
pub struct Reader {
    retention: Retention,
    max_line_bytes: usize,
    /// There once the first line has been read.
    log: Option<Log>,
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    /// The number of that line, from 1 on.
    line_number: u64,
}

impl Reader {
    /// A reader into a log that keeps so much.
    #[must_use]
    pub fn new(retention: Retention) -> Self {
        let line = Vec::new();
        Self { retention, max_line_bytes: MAX_LINE_BYTES, log: None, line, line_number: 1 }
    }

    /// Refuses lines with more bytes than that. The default is [`MAX_LINE_BYTES`]. A line needs some
    /// three times its length of memory while it is read.
    #[must_use]
    pub fn max_line_bytes(mut self, limit: usize) -> Self {
        self.max_line_bytes = limit;
        self
    }

    /// Reads the next piece of the file, of any length.
    ///
    /// # Errors
    ///
    /// It is no such file, or broken. What was read before stands, and [`into_log`](Self::into_log) gives
    /// it.
    pub fn read(&mut self, piece: &[u8]) -> Result<(), ReadError> {
        let mut rest = piece;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (end_of_line, after) = rest.split_at(end);
            if self.line.is_empty() {
                self.check_length(end_of_line.len())?;
                self.read_line(end_of_line)?;
            } else {
                self.put_aside(end_of_line)?;
                let line = std::mem::take(&mut self.line);
                self.read_line(&line)?;
            }
            self.line_number += 1;
            rest = after.get(1..).unwrap_or_default();
        }
        self.put_aside(rest)
    }

    /// Reads the last line, if it has no end, and gives the log.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read) has; and if the file was empty.
    pub fn finish(mut self) -> Result<Log, ReadError> {
        let line = std::mem::take(&mut self.line);
        self.read_line(&line)?;
        self.log.ok_or(ReadErrorKind::Empty.somewhere())
    }

    /// How many rows have been read.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.log.as_ref().map_or(0, |log| log.range().end)
    }

    /// What has been read so far, if it was begun at all.
    #[must_use]
    pub fn into_log(self) -> Option<Log> {
        self.log
    }

    fn check_length(&self, bytes: usize) -> Result<(), ReadError> {
        if self.log.is_none() && bytes > MAX_HEADER_BYTES {
            return Err(ReadErrorKind::OtherFormat.at_line(self.line_number));
        }
        let limit = self.max_line_bytes;
        if bytes > limit {
            return Err(ReadErrorKind::LineTooLong { limit }.at_line(self.line_number));
        }
        Ok(())
    }

    fn put_aside(&mut self, part: &[u8]) -> Result<(), ReadError> {
        self.check_length(self.line.len().saturating_add(part.len()))?;
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn read_line(&mut self, line: &[u8]) -> Result<(), ReadError> {
        // What some editors put in front.
        let line = match self.line_number {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        let number = self.line_number;
        let value: Value = serde_json::from_slice(line)
            .map_err(|error| ReadErrorKind::from(error).at_line(number))?;
        let Value::Object(fields) = value else {
            return Err(ReadErrorKind::OtherFormat.at_line(number));
        };
        let read = match &mut self.log {
            Some(log) => read_row(fields, log),
            None => read_header(&fields).map(|started| {
                self.log = Some(Log::new(started, self.retention));
            }),
        };
        read.map_err(|kind| kind.at_line(number))
    }
}

/// Gives the log's start.
fn read_header(fields: &Map<String, Value>) -> Result<Duration, ReadErrorKind> {
    if fields.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(ReadErrorKind::OtherFormat);
    }
    match fields.get("version") {
        Some(version) if version.as_u64() == Some(VERSION) => time(fields, "started_ns"),
        version => {
            // It may be anything, also something long.
            let mut version = version.map_or("?".to_owned(), ToString::to_string);
            version.truncate(version.floor_char_boundary(20));
            Err(ReadErrorKind::UnknownVersion { version })
        }
    }
}

fn read_row(mut fields: Map<String, Value>, log: &mut Log) -> Result<(), ReadErrorKind> {
    let time = time(&fields, "time_ns")?;
    let drawing = optional_name(&fields, "drawing", DRAWINGS)?;
    let entry = if fields.contains_key("event") {
        Entry::Event(read_event(&mut fields)?)
    } else {
        let payload = if fields.contains_key("text") {
            Payload::text(string(&mut fields, "text")?)
        } else {
            let base64 = string(&mut fields, "binary")?;
            let bytes = data_encoding::BASE64.decode(base64.as_bytes());
            Payload::binary(bytes.map_err(|_| ReadErrorKind::WrongField { field: "binary" })?)
        };
        match fields.get("direction").and_then(Value::as_str) {
            Some("received") => Entry::Received(payload),
            Some("sent") => {
                let delivery = optional_name(&fields, "delivery", DELIVERIES)?;
                let missing = ReadErrorKind::WrongField { field: "delivery" };
                Entry::Sent(payload, delivery.ok_or(missing)?)
            }
            _ => return Err(ReadErrorKind::WrongField { field: "direction" }),
        }
    };
    let number = log.append(time, entry);
    if let Some(drawing) = drawing {
        log.set_drawing(number..number + 1, drawing);
    }
    Ok(())
}

fn read_event(fields: &mut Map<String, Value>) -> Result<Event, ReadErrorKind> {
    Ok(match &*string(fields, "event")? {
        "connecting" => Event::Connecting { url: string(fields, "url")? },
        "open" => Event::Open {
            protocol: match fields.get("protocol") {
                None | Some(Value::Null) => None,
                Some(_) => Some(string(fields, "protocol")?),
            },
            headers: headers(fields)?,
        },
        "closing" => Event::Closing { code: code(fields)?, reason: string(fields, "reason")? },
        "closed" => Event::Closed {
            code: code(fields)?,
            name: string(fields, "name")?,
            reason: string(fields, "reason")?,
            initiator: optional_name(fields, "initiator", INITIATORS)?,
            was_clean: fields
                .get("was_clean")
                .and_then(Value::as_bool)
                .ok_or(ReadErrorKind::WrongField { field: "was_clean" })?,
        },
        "error" => Event::Error { text: string(fields, "message")? },
        "reconnecting" => Event::Reconnecting {
            attempt: fields
                .get("attempt")
                .and_then(Value::as_u64)
                .and_then(|attempt| u32::try_from(attempt).ok())
                .ok_or(ReadErrorKind::WrongField { field: "attempt" })?,
            wait: time(fields, "wait_ns")?,
        },
        _ => return Err(ReadErrorKind::WrongField { field: "event" }),
    })
}

fn time(fields: &Map<String, Value>, field: &'static str) -> Result<Duration, ReadErrorKind> {
    let nanoseconds = fields.get(field).and_then(Value::as_u64);
    nanoseconds.map(Duration::from_nanos).ok_or(ReadErrorKind::WrongField { field })
}

fn string(fields: &mut Map<String, Value>, field: &'static str) -> Result<String, ReadErrorKind> {
    match fields.get_mut(field).map(Value::take) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(ReadErrorKind::WrongField { field }),
    }
}

fn code(fields: &Map<String, Value>) -> Result<Option<u16>, ReadErrorKind> {
    match fields.get("code") {
        None | Some(Value::Null) => Ok(None),
        Some(code) => code
            .as_u64()
            .and_then(|code| u16::try_from(code).ok())
            .map(Some)
            .ok_or(ReadErrorKind::WrongField { field: "code" }),
    }
}

fn headers(fields: &mut Map<String, Value>) -> Result<Vec<(String, String)>, ReadErrorKind> {
    let wrong = ReadErrorKind::WrongField { field: "headers" };
    let Some(Value::Array(pairs)) = fields.get_mut("headers").map(Value::take) else {
        return Err(wrong);
    };
    let pair = |pair: Value| match pair {
        Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
            Ok([Value::String(name), Value::String(value)]) => Some((name, value)),
            _ => None,
        },
        _ => None,
    };
    pairs.into_iter().map(pair).collect::<Option<_>>().ok_or(wrong)
}

fn optional_name<T: Copy>(
    fields: &Map<String, Value>,
    field: &'static str,
    names: &[(&str, T)],
) -> Result<Option<T>, ReadErrorKind> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => names
            .iter()
            .find(|(name, _)| value.as_str() == Some(name))
            .map(|(_, value)| Some(*value))
            .ok_or(ReadErrorKind::WrongField { field }),
    }
}
