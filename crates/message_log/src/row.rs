//! A row of the log: what is put in, and what is read.

use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;

use crate::event::Event;

/// What becomes a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A message of the peer.
    Received(Payload),
    /// A message of ours, and how far it has come.
    Sent(Payload, Delivery),
    /// An event of the connection's life.
    Event(Event),
}

/// The bytes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// UTF-8.
    Text(ByteString),
    /// Any bytes.
    Binary(Bytes),
}

impl Payload {
    /// Text, from what can be text.
    pub fn text(text: impl Into<ByteString>) -> Self {
        Self::Text(text.into())
    }

    /// Bytes, from what can be bytes.
    pub fn binary(bytes: impl Into<Bytes>) -> Self {
        Self::Binary(bytes.into())
    }

    /// The bytes, of text too.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    pub(crate) fn as_content(&self) -> Content<'_> {
        match self {
            Self::Text(text) => Content::Text(text),
            Self::Binary(bytes) => Content::Binary(bytes),
        }
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From here to the peer.
    Sent,
    /// From the peer to here.
    Received,
    /// Neither: it is an event.
    None,
}

/// How far a message of ours has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for the network.
    Waiting,
    /// It was handed to the network.
    Sent,
    /// The connection ended before anybody could know.
    InDoubt,
    /// It was never handed to the network and won't be.
    TakenBack,
}

/// Whether the builder has drawn an event of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// Nobody has said yet.
    Undecided,
    /// It was on the screen.
    Drawn,
    /// A later one came before the next frame, and was drawn in its place.
    Coalesced,
}

/// What sort of row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A message of text.
    Text,
    /// A message of bytes.
    Binary,
    /// An event of the connection's life.
    Event,
}

/// What a row has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// A message of text.
    Text(&'a str),
    /// A message of bytes.
    Binary(&'a [u8]),
    /// An event of the connection's life.
    Event(&'a Event),
}

impl<'a> Content<'a> {
    /// The message's bytes; none of an event.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
            Self::Event(_) => &[],
        }
    }

    /// What sort of row it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Binary(_) => Kind::Binary,
            Self::Event(_) => Kind::Event,
        }
    }
}

/// A row, as it is at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its number. No other row of this log has or will ever have the same.
    pub number: u64,
    /// When it happened, since the start of the log.
    pub time: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// What it says.
    pub content: Content<'a>,
    /// How far it has come, if it is a message of ours.
    pub delivery: Option<Delivery>,
    /// Whether it was drawn.
    pub drawing: Drawing,
}

impl Row<'_> {
    /// The size of the message in bytes; 0 for an event.
    #[must_use]
    pub fn size(&self) -> usize {
        self.content.bytes().len()
    }
}
