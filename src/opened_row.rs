//! The row of the log that is looked at: its payload, kept while the log goes on, and what was made of it.

use std::time::Duration;

use app_core::log::RowShape;
use message_log::json_view::{JsonError, JsonFolds, JsonView};
use message_log::{ByteString, Content, Delivery, Direction, Drawing, Event, Payload, Rows};

use crate::payload;

/// The row that is looked at. It stays when the log drops it.
pub struct OpenedRow {
    /// Its number in the log.
    pub number: u64,
    /// When it happened, since the start of the log.
    pub time: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// How far it has come, if it is a message of ours.
    pub delivery: Option<Delivery>,
    /// Whether it was drawn.
    pub drawing: Drawing,
    /// What it says.
    pub said: Said,
    /// How long it was on its way there and back, where that is known.
    pub round_trip: Option<Duration>,
    /// As JSON, once somebody has asked for that.
    json: Option<Result<JsonView, JsonError>>,
    folds: JsonFolds,
}

/// What a row says.
pub enum Said {
    /// A message.
    Message(Payload),
    /// An event of the connection's life.
    Event(Event),
}

impl OpenedRow {
    /// The row of this number, if it is there.
    pub fn new(rows: &Rows, number: u64, round_trip: Option<Duration>) -> Option<Self> {
        let row = rows.get(number)?;
        let said = match row.content {
            Content::Event(event) => Said::Event(event.clone()),
            Content::Text(_) | Content::Binary(_) => Said::Message(rows.payload(number)?),
        };
        Some(Self {
            number,
            time: row.time,
            direction: row.direction,
            delivery: row.delivery,
            drawing: row.drawing,
            said,
            round_trip,
            json: None,
            folds: JsonFolds::default(),
        })
    }

    /// Takes in what has become of it meanwhile.
    pub fn refresh(&mut self, rows: &Rows) {
        if let Some(row) = rows.get(self.number) {
            (self.delivery, self.drawing) = (row.delivery, row.drawing);
        }
    }

    /// The bytes of a message; none of an event.
    pub fn bytes(&self) -> &[u8] {
        match &self.said {
            Said::Message(payload) => payload.as_bytes(),
            Said::Event(_) => &[],
        }
    }

    /// The text of a message of text.
    pub fn text(&self) -> Option<&ByteString> {
        match &self.said {
            Said::Message(Payload::Text(text)) => Some(text),
            Said::Message(Payload::Binary(_)) | Said::Event(_) => None,
        }
    }

    /// Takes a text apart as JSON, once.
    pub fn take_apart(&mut self) {
        if self.json.is_none()
            && let Some(text) = self.text().cloned()
        {
            self.json = Some(JsonView::new(text));
        }
    }

    /// As JSON, or why it is none, once it was [taken apart](Self::take_apart).
    pub fn json(&self) -> Option<&Result<JsonView, JsonError>> {
        self.json.as_ref()
    }

    /// What of the JSON is folded.
    pub fn folds(&self) -> &JsonFolds {
        &self.folds
    }

    /// Folds a line of the JSON, or unfolds it.
    pub fn toggle_fold(&mut self, line: usize) {
        if let Some(Ok(json)) = &self.json {
            self.folds.toggle(json, line);
        }
    }

    /// Folds all of the JSON but its first level, or nothing.
    pub fn fold_all(&mut self, folds: bool) {
        match &self.json {
            Some(Ok(json)) if folds => self.folds.fold_from(json, 1),
            _ => self.folds.unfold_all(),
        }
    }
}

/// What sort of thing a row is.
pub fn shape_of(content: Content<'_>) -> RowShape {
    match content {
        Content::Event(_) => RowShape::Event,
        Content::Text(text) => match text.trim_ascii_start().bytes().next() {
            Some(b'{' | b'[') => RowShape::Json,
            _ => RowShape::Text,
        },
        Content::Binary(bytes) if payload::is_picture(bytes) => RowShape::Picture,
        Content::Binary(_) => RowShape::Binary,
    }
}
