//! A log as HAR 1.2, with the messages where Chrome has them: `_webSocketMessages` in an entry for each
//! connection.
//!
//! ```json
//! {"type":"send","time":1558730482.5071473,"opcode":1,"data":"Hello"}
//! ```
//!
//! `type` is `send`, `receive`, or `error` for what went wrong; `time` is in seconds since 1970 began, as
//! a floating-point number; `opcode` is 1 for text, 2 for bytes, whose `data` is base64, and -1 for an
//! error.
//!
//! HAR has no place for the rest: it is written without waits, deliveries and drawings, with times to
//! the microsecond, and with the end of a connection in a field of our own, `_webSocketClose`, that other
//! programs pass over.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::civil_time::{iso, parse_iso};
use crate::event::{Event, Initiator};
use crate::export::{Encoding, RowFormat, push_json_string};
use crate::log::{Log, Retention, Rows};
use crate::read_error::{ReadError, ReadErrorKind};
use crate::row::{Content, Delivery, Direction, Entry, Payload, Row};

const TEXT: i64 = 1;
const BINARY: i64 = 2;
/// Where Chrome has an opcode for what is no frame.
const ERROR: i64 = -1;

/// Writes an entry for each connection, as its rows come.
#[derive(Default)]
pub(crate) struct HarFormat {
    started: Duration,
    entries: usize,
    connection: Option<Connection>,
}

/// The entry that is being written.
#[derive(Default)]
struct Connection {
    started: Duration,
    last: Duration,
    /// With the errors.
    messages: usize,
    protocol: Option<String>,
    headers: Vec<(String, String)>,
    /// Whether the handshake was done.
    is_open: bool,
    close: Option<Event>,
}

impl RowFormat for HarFormat {
    fn begin_file(&mut self, out: &mut String, rows: &Rows) {
        self.started = rows.started();
        let version = env!("CARGO_PKG_VERSION");
        // Writing to a string can't fail.
        let _ = write!(
            out,
            r#"{{"log":{{"version":"1.2","creator":{{"name":"message_log","version":"{version}"}},"pages":[],"entries":["#
        );
    }

    fn begin_row(&mut self, out: &mut String, row: &Row<'_>) -> Option<Encoding> {
        let (opcode, encoding) = match row.content {
            Content::Text(_) => (TEXT, Encoding::JsonText),
            Content::Binary(_) => (BINARY, Encoding::Base64),
            Content::Event(Event::Error { text }) => {
                self.begin_message(out, "error", row.time, ERROR);
                push_json_string(out, text);
                out.push('}');
                return None;
            }
            Content::Event(_) => {
                self.pass_over(out, row);
                return None;
            }
        };
        let kind = if row.direction == Direction::Sent { "send" } else { "receive" };
        self.begin_message(out, kind, row.time, opcode);
        if let Some(connection) = &mut self.connection {
            // The row that said so may be gone.
            connection.is_open = true;
        }
        out.push('"');
        Some(encoding)
    }

    fn end_row(&mut self, out: &mut String, row: &Row<'_>) {
        if !matches!(row.content, Content::Event(_)) {
            out.push_str("\"}");
        }
    }

    /// Connections begin and end, whether these rows are wanted or not.
    fn pass_over(&mut self, out: &mut String, row: &Row<'_>) {
        let Content::Event(event) = row.content else { return };
        if let Event::Connecting { url } = event {
            self.end_connection(out);
            self.begin_connection(out, url, row.time);
            return;
        }
        let Some(connection) = &mut self.connection else { return };
        connection.last = row.time;
        match event {
            Event::Open { protocol, headers } => {
                connection.is_open = true;
                connection.protocol.clone_from(protocol);
                connection.headers.clone_from(headers);
            }
            Event::Closed { .. } => connection.close = Some(event.clone()),
            _ => {}
        }
    }

    fn end_file(&mut self, out: &mut String) {
        self.end_connection(out);
        out.push_str("]}}\n");
    }
}

impl HarFormat {
    fn begin_connection(&mut self, out: &mut String, url: &str, time: Duration) {
        out.push_str(if self.entries == 0 { "\n" } else { ",\n" });
        self.entries += 1;
        let started = iso(to_microseconds(self.started.saturating_add(time)), 6);
        let _ = write!(
            out,
            r#"{{"_resourceType":"websocket","cache":{{}},"startedDateTime":"{started}","request":{{"method":"GET","url":"#
        );
        push_json_string(out, url);
        out.push_str(
            r#","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},"_webSocketMessages":["#,
        );
        self.connection = Some(Connection { started: time, last: time, ..Connection::default() });
    }

    fn end_connection(&mut self, out: &mut String) {
        let Some(connection) = self.connection.take() else { return };
        let (status, text) = match connection.is_open {
            true => (101, "Switching Protocols"),
            false => (0, ""),
        };
        let _ = write!(
            out,
            r#"],"response":{{"status":{status},"statusText":"{text}","httpVersion":"HTTP/1.1","headers":["#
        );
        let mut headers = connection.headers;
        // A browser tells of no headers, but of the protocol.
        let name = "Sec-WebSocket-Protocol";
        if !headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            headers.extend(connection.protocol.map(|protocol| (name.to_owned(), protocol)));
        }
        for (index, (name, value)) in headers.iter().enumerate() {
            out.push_str(if index == 0 { r#"{"name":"# } else { r#",{"name":"# });
            push_json_string(out, name);
            out.push_str(r#","value":"#);
            push_json_string(out, value);
            out.push('}');
        }
        let time = connection.last.saturating_sub(connection.started).as_secs_f64() * 1000.0;
        let _ = write!(
            out,
            r#"],"cookies":[],"content":{{"size":0,"mimeType":"x-unknown"}},"redirectURL":"","headersSize":-1,"bodySize":0}},"time":{time:.3},"timings":{{"send":0,"wait":0,"receive":{time:.3}}}"#
        );
        if let Some(Event::Closed { code, name, reason, initiator, was_clean }) = connection.close {
            let code = code.map_or("null".to_owned(), |code| code.to_string());
            let _ = write!(out, r#","_webSocketClose":{{"code":{code},"name":"#);
            push_json_string(out, &name);
            out.push_str(r#","reason":"#);
            push_json_string(out, &reason);
            let initiator = match initiator {
                Some(Initiator::Local) => r#""local""#,
                Some(Initiator::Remote) => r#""remote""#,
                None => "null",
            };
            let time = seconds(self.started.saturating_add(connection.last));
            let _ =
                write!(out, r#","initiator":{initiator},"wasClean":{was_clean},"time":{time}}}"#);
        }
        out.push('}');
    }

    fn begin_message(&mut self, out: &mut String, kind: &str, time: Duration, opcode: i64) {
        if self.connection.is_none() {
            // The row that said where to is gone.
            self.begin_connection(out, "", time);
        }
        let Some(connection) = &mut self.connection else { return };
        out.push_str(if connection.messages == 0 { "\n" } else { ",\n" });
        connection.messages += 1;
        connection.last = time;
        let time = seconds(self.started.saturating_add(time));
        let _ = write!(out, r#"{{"type":"{kind}","time":{time},"opcode":{opcode},"data":"#);
    }
}

fn seconds(time: Duration) -> String {
    let time = to_microseconds(time);
    format!("{}.{:06}", time.as_secs(), time.subsec_micros())
}

/// The nearest: a floating-point number has little more digits at this size.
fn to_microseconds(time: Duration) -> Duration {
    let time = time.saturating_add(Duration::from_nanos(500));
    Duration::new(time.as_secs(), time.subsec_micros() * 1000)
}

/// What was found in a HAR file.
#[derive(Debug)]
pub struct Opened {
    /// The rows: connection by connection, in the order of the file.
    pub log: Log,
    /// How many WebSocket connections there were.
    pub connections: u64,
    /// How many other entries were passed over.
    pub other_entries: u64,
    /// How many messages were passed over, as they are of no known kind or can't be read.
    pub skipped_messages: u64,
    /// The time of the last row so far.
    last: Duration,
}

/// The year 2000, before there were WebSockets. Of a connection that was never made Chrome tells the time
/// since its own start instead of that since 1970.
const EARLIEST: Duration = Duration::from_secs(946_684_800);

/// An object in JSON whose values have not been looked at. Unlike the whole it is not nested for the
/// parser, however deep it is.
type Object<'a> = BTreeMap<String, &'a RawValue>;

/// Opens the WebSocket connections of a HAR file as a log of their own. What is missing or strange in
/// an entry is passed over.
///
/// The whole file has to be in memory, as a HAR is one JSON value; on top of it and the log that is
/// made it takes 16 bytes for each message of a connection.
///
/// # Errors
///
/// It is no JSON, or no HAR.
pub fn read(file: &[u8], retention: Retention) -> Result<Opened, ReadError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii();
    if file.is_empty() {
        return Err(ReadErrorKind::Empty.somewhere());
    }
    let root: Object<'_> = serde_json::from_slice(file).map_err(|error| {
        let line = u64::try_from(error.line()).ok();
        match error.is_data() {
            true => ReadErrorKind::OtherFormat.somewhere(),
            false => ReadError { line, kind: ReadErrorKind::from(error) },
        }
    })?;
    let log = root.get("log").and_then(|log| object(log));
    let entries: Option<Vec<&RawValue>> =
        log.and_then(|log| serde_json::from_str(log.get("entries")?.get()).ok());
    let entries = entries.ok_or(ReadErrorKind::OtherFormat.somewhere())?;

    let connections: Vec<Found<'_>> =
        entries.iter().filter_map(|entry| Found::new(object(entry)?)).collect();
    // Nothing comes before the log's start.
    let started = connections.iter().filter_map(|connection| connection.begin).min();
    let mut opened = Opened {
        log: Log::new(started.unwrap_or_default(), retention),
        connections: connections.len() as u64,
        other_entries: (entries.len() - connections.len()) as u64,
        skipped_messages: 0,
        last: Duration::ZERO,
    };
    for connection in &connections {
        opened.append(connection);
    }
    Ok(opened)
}

/// An entry that is a WebSocket connection.
struct Found<'a> {
    entry: Object<'a>,
    messages: Vec<&'a RawValue>,
    /// When the first thing happened.
    begin: Option<Duration>,
}

impl<'a> Found<'a> {
    fn new(entry: Object<'a>) -> Option<Self> {
        let messages = entry.get("_webSocketMessages");
        let kind = string(&entry, "_resourceType");
        if messages.is_none() && kind.as_deref() != Some("websocket") {
            return None;
        }
        let messages: Vec<&RawValue> =
            messages.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        let first = messages.first().and_then(|first| object(first));
        let first = first.and_then(|first| time(value(&first, "time")));
        let started = string(&entry, "startedDateTime").and_then(|started| parse_iso(&started));
        let is_plausible = |time: &Duration| *time >= EARLIEST;
        let begin = started.into_iter().chain(first).filter(is_plausible).min();
        Some(Self { entry, messages, begin })
    }
}

impl Opened {
    fn append(&mut self, Found { entry, messages, begin }: &Found<'_>) {
        let started = self.log.started();
        // Where nothing is known it follows what stands before it.
        let mut last = begin.map_or(self.last, |begin| begin.saturating_sub(started));
        let request = entry.get("request").and_then(|request| object(request));
        let url = request.and_then(|request| string(&request, "url")).unwrap_or_default();
        self.log.append(last, Entry::Event(Event::Connecting { url }));

        let response = entry.get("response").and_then(|response| object(response));
        let status = response.as_ref().and_then(|response| value(response, "status"));
        let error = response.as_ref().and_then(|response| string(response, "_error"));
        // 200 over HTTP/2.
        if matches!(status.and_then(|status| status.as_u64()), Some(101 | 200)) {
            let headers = response.map(|response| headers(&response)).unwrap_or_default();
            let mut protocols = headers
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case("Sec-WebSocket-Protocol"));
            let protocol = protocols.next().map(|(_, value)| value.clone());
            self.log.append(last, Entry::Event(Event::Open { protocol, headers }));
        }
        if let Some(text) = error.filter(|error| !error.is_empty()) {
            self.log.append(last, Entry::Event(Event::Error { text }));
        }
        for message in messages {
            match row(message) {
                Some((time, entry)) => {
                    last = if time < EARLIEST { last } else { time.saturating_sub(started) };
                    self.log.append(last, entry);
                }
                None => self.skipped_messages += 1,
            }
        }
        self.last = last;
        let close = entry.get("_webSocketClose").and_then(|close| object(close));
        if let Some(close) = close {
            let time =
                time(value(&close, "time")).map_or(last, |time| time.saturating_sub(started));
            let code = value(&close, "code").and_then(|code| code.as_u64());
            let event = Event::Closed {
                code: code.and_then(|code| u16::try_from(code).ok()),
                name: string(&close, "name").unwrap_or_default(),
                reason: string(&close, "reason").unwrap_or_default(),
                initiator: match string(&close, "initiator").as_deref() {
                    Some("local") => Some(Initiator::Local),
                    Some("remote") => Some(Initiator::Remote),
                    _ => None,
                },
                was_clean: value(&close, "wasClean") == Some(Value::Bool(true)),
            };
            self.log.append(time, Entry::Event(event));
        }
    }
}

/// Since 1970 began; none if that is no time.
fn time(seconds: Option<Value>) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds?.as_f64()?).ok()
}

/// When a message was there, and what it was.
fn row(message: &RawValue) -> Option<(Duration, Entry)> {
    let mut message: Map<String, Value> = serde_json::from_str(message.get()).ok()?;
    let time = time(message.remove("time"))?;
    let Some(Value::String(data)) = message.remove("data") else { return None };
    let kind = message.get("type")?.as_str()?;
    if kind == "error" {
        return Some((time, Entry::Event(Event::Error { text: data })));
    }
    let payload = match message.get("opcode").map(Value::as_i64) {
        // Some programs leave it out for text.
        Some(Some(TEXT)) | None => Payload::text(data),
        Some(Some(BINARY)) => Payload::binary(data_encoding::BASE64.decode(data.as_bytes()).ok()?),
        Some(_) => return None,
    };
    let entry = match kind {
        "send" => Entry::Sent(payload, Delivery::Sent),
        "receive" => Entry::Received(payload),
        _ => return None,
    };
    Some((time, entry))
}

fn headers(response: &Object<'_>) -> Vec<(String, String)> {
    let headers = response.get("headers");
    let headers: Vec<&RawValue> =
        headers.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let pair = |header: &&RawValue| {
        let header = object(header)?;
        Some((string(&header, "name")?, string(&header, "value")?))
    };
    headers.iter().filter_map(pair).collect()
}

fn object(raw: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str(raw.get()).ok()
}

fn value(object: &Object<'_>, field: &str) -> Option<Value> {
    serde_json::from_str(object.get(field)?.get()).ok()
}

fn string(object: &Object<'_>, field: &str) -> Option<String> {
    serde_json::from_str(object.get(field)?.get()).ok()
}
