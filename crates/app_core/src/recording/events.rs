//! The events of a recording, packed: their times, and a short preview of what each of them would show.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::rows::Rows;
use super::{MAX_NS, MAX_TEXT_BYTES, time};

/// The longest preview of an event, in bytes: enough for a sentence that says what an error was.
pub const MAX_PREVIEW_BYTES: usize = 240;

/// The longest preview of a message.
const MAX_MESSAGE_PREVIEW: usize = 64;

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// The stream yielded data.
    Data,
    /// The stream yielded an error.
    Error,
    /// The stream ended.
    Done,
}

/// The beginning of what an event would show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Of a text.
    Text(&'a str),
    /// Of bytes.
    Bytes(&'a [u8]),
}

/// An event as it is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken<'a> {
    /// What it is.
    pub kind: EventKind,
    /// Its length in bytes.
    pub bytes: u64,
    /// What it shows: the whole of it or its beginning. No more is kept than a preview.
    pub content: Content<'a>,
}

impl<'a> Taken<'a> {
    /// A message of text.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self { kind: EventKind::Data, bytes: text.len() as u64, content: Content::Text(text) }
    }

    /// A message of bytes.
    #[must_use]
    pub fn binary(bytes: &'a [u8]) -> Self {
        Self { kind: EventKind::Data, bytes: bytes.len() as u64, content: Content::Bytes(bytes) }
    }

    /// An error, in words.
    #[must_use]
    pub fn error(text: &'a str) -> Self {
        Self { kind: EventKind::Error, bytes: 0, content: Content::Text(text) }
    }

    /// The end.
    #[must_use]
    pub fn done() -> Self {
        Self { kind: EventKind::Done, bytes: 0, content: Content::Text("") }
    }

    /// The part of it that is kept.
    fn preview(&self) -> &'a [u8] {
        let most =
            if self.kind == EventKind::Data { MAX_MESSAGE_PREVIEW } else { MAX_PREVIEW_BYTES };
        match self.content {
            Content::Text(text) => {
                text.get(..text.floor_char_boundary(most)).unwrap_or(text).as_bytes()
            }
            Content::Bytes(bytes) => bytes.get(..most).unwrap_or(bytes),
        }
    }
}

/// An event, with the times that are known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedEvent<'a> {
    /// Which one it is, counted from 1.
    pub number: u64,
    /// What it is.
    pub kind: EventKind,
    /// When it had arrived at the socket; unknown where nobody looked then.
    pub arrived: Option<Duration>,
    /// When it was put into the mailbox.
    pub queued: Option<Duration>,
    /// When the builder took it in.
    pub taken: Duration,
    /// Its length in bytes, up to 4 GiB; 0 where it is no data.
    pub bytes: u64,
    /// Its beginning. A text that is longer is cut between two characters.
    pub content: Content<'a>,
}

impl RecordedEvent<'_> {
    /// Whether all of it is in its preview.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let kept = match self.content {
            Content::Text(text) => text.len(),
            Content::Bytes(bytes) => bytes.len(),
        };
        kept as u64 >= self.bytes
    }
}

/// What stood on the page before the first event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OwnedShown {
    pub(super) kind: EventKind,
    pub(super) bytes: u64,
    is_text: bool,
    preview: Vec<u8>,
}

impl OwnedShown {
    pub(super) fn of(taken: Taken<'_>) -> Self {
        Self {
            kind: taken.kind,
            bytes: taken.bytes.min(u64::from(u32::MAX)),
            is_text: matches!(taken.content, Content::Text(_)),
            preview: taken.preview().to_vec(),
        }
    }

    pub(super) fn content(&self) -> Content<'_> {
        content(self.is_text, &self.preview)
    }
}

/// A time, and whether it is known; where it isn't it is that of the event before, so that they are in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stamp(u64);

impl Stamp {
    const UNKNOWN: u64 = 1 << 63;

    fn after(before: Option<Self>, at: Option<u64>) -> Self {
        let before = before.map_or(0, Self::at_latest);
        match at {
            Some(at) => Self(at.max(before)),
            None => Self(before | Self::UNKNOWN),
        }
    }

    fn known(self) -> Option<Duration> {
        (self.0 & Self::UNKNOWN == 0).then(|| time(self.0))
    }

    /// When it was at the latest.
    pub(super) fn at_latest(self) -> u64 {
        self.0 & MAX_NS
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct EventRow {
    pub(super) arrived: Stamp,
    pub(super) queued: Stamp,
    pub(super) taken: u64,
    bytes: u32,
    /// Where its preview begins among those of its chunk.
    preview: u32,
    preview_len: u8,
    is_text: bool,
    pub(super) kind: EventKind,
}

/// All events that are kept. They are numbered from 1.
#[derive(Clone, Debug)]
pub(super) struct Events {
    rows: Rows<EventRow>,
    /// The previews of each full chunk of rows.
    previews: VecDeque<Arc<Vec<u8>>>,
    last_previews: Vec<u8>,
    preview_bytes: usize,
    /// The numbers of those that are no data.
    others: Rows<u64>,
}

impl Events {
    /// None yet, where so many were dropped, of which so many were no data. At most `most` and a chunk are kept.
    pub(super) fn beginning_at(dropped: u64, others: u64, most: usize) -> Self {
        Self {
            rows: Rows::beginning_at(dropped, most),
            previews: VecDeque::new(),
            last_previews: Vec::new(),
            preview_bytes: 0,
            others: Rows::beginning_at(others, most),
        }
    }

    pub(super) fn push(
        &mut self,
        arrived: Option<u64>,
        queued: Option<u64>,
        taken: u64,
        event: Taken<'_>,
    ) {
        let before = self.rows.last();
        let preview = event.preview();
        let row = EventRow {
            arrived: Stamp::after(before.map(|before| before.arrived), arrived),
            queued: Stamp::after(before.map(|before| before.queued), queued),
            taken: taken.max(before.map_or(0, |before| before.taken)),
            bytes: u32::try_from(event.bytes).unwrap_or(u32::MAX),
            preview: u32::try_from(self.last_previews.len()).unwrap_or(u32::MAX),
            preview_len: u8::try_from(preview.len()).unwrap_or(u8::MAX),
            is_text: matches!(event.content, Content::Text(_)),
            kind: event.kind,
        };
        if let Some(has_forgotten) = self.rows.push(row) {
            let previews = Vec::with_capacity(self.last_previews.len());
            let full = std::mem::replace(&mut self.last_previews, previews);
            self.preview_bytes += full.len();
            self.previews.push_back(Arc::new(full));
            if let Some(first) = self.rows.last_mut() {
                first.preview = 0;
            }
            if has_forgotten {
                self.forget_previews();
            }
            while self.preview_bytes > MAX_TEXT_BYTES && self.rows.forget_chunk() {
                self.forget_previews();
            }
        }
        self.last_previews.extend_from_slice(preview);
        if event.kind != EventKind::Done && event.kind != EventKind::Error {
            return;
        }
        self.others.push(self.rows.end());
    }

    fn forget_previews(&mut self) {
        if let Some(previews) = self.previews.pop_front() {
            self.preview_bytes = self.preview_bytes.saturating_sub(previews.len());
        }
    }

    /// The number of the first that is there, or would be.
    pub(super) fn first(&self) -> u64 {
        self.rows.first() + 1
    }

    /// How many there were ever, which is the number of the last one.
    pub(super) fn end(&self) -> u64 {
        self.rows.end()
    }

    pub(super) fn row(&self, number: u64) -> Option<&EventRow> {
        self.rows.get(number.checked_sub(1)?)
    }

    pub(super) fn get(&self, number: u64) -> Option<RecordedEvent<'_>> {
        let (chunk, row) = self.rows.get_in_chunk(number.checked_sub(1)?)?;
        let previews = self.previews.get(chunk).map_or(&self.last_previews, |full| full);
        let start = row.preview as usize;
        let preview = previews.get(start..start + usize::from(row.preview_len));
        Some(RecordedEvent {
            number,
            kind: row.kind,
            arrived: row.arrived.known(),
            queued: row.queued.known(),
            taken: time(row.taken),
            bytes: row.bytes.into(),
            content: content(row.is_text, preview.unwrap_or_default()),
        })
    }

    /// How many events there are of which this holds, where it holds for all before them.
    pub(super) fn count(&self, holds: impl FnMut(&EventRow) -> bool) -> u64 {
        self.rows.partition_point(holds)
    }

    /// How many of the first so many events are data.
    pub(super) fn data_among(&self, events: u64) -> u64 {
        events.saturating_sub(self.others.partition_point(|other| *other <= events))
    }

    /// How many of those that are forgotten were no data.
    pub(super) fn others_forgotten(&self) -> u64 {
        self.others.partition_point(|other| *other <= self.rows.first())
    }
}

impl PartialEq for Events {
    fn eq(&self, other: &Self) -> bool {
        let all = |events: &Self| (events.first(), events.end(), events.others_forgotten());
        all(self) == all(other)
            && (self.first()..=self.end()).all(|number| self.get(number) == other.get(number))
    }
}

fn content(is_text: bool, preview: &[u8]) -> Content<'_> {
    match std::str::from_utf8(preview) {
        Ok(text) if is_text => Content::Text(text),
        _ => Content::Bytes(preview),
    }
}
