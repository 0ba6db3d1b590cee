//! What happens to a connection besides messages, as rows of the log.

use std::time::Duration;

/// An event of the connection's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A connection is being made.
    Connecting {
        /// Where to, as it was asked for.
        url: String,
    },
    /// The handshake is done.
    Open {
        /// The subprotocol that the server has chosen, if any.
        protocol: Option<String>,
        /// The names and values of the answer's headers, where they are known (not in a browser).
        headers: Vec<(String, String)>,
    },
    /// One side has begun to close.
    Closing {
        /// The close code, if one was given.
        code: Option<u16>,
        /// The reason, empty if none was given.
        reason: String,
    },
    /// The connection has ended.
    Closed {
        /// The close code, if there is one.
        code: Option<u16>,
        /// The code's name, as the caller calls it; empty if it has none.
        name: String,
        /// The reason, empty if none was given.
        reason: String,
        /// Who began to close, where it is known.
        initiator: Option<Initiator>,
        /// Whether the closing handshake was done on both sides.
        was_clean: bool,
    },
    /// Something has failed.
    Error {
        /// What, in the words of whoever noticed it.
        text: String,
    },
    /// Another connection will be made.
    Reconnecting {
        /// How many have been tried since the last one that was open; the first is 1.
        attempt: u32,
        /// How long it waits before.
        wait: Duration,
    },
}

/// Who began to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiator {
    /// This side.
    Local,
    /// The peer.
    Remote,
}

impl Event {
    /// How many bytes of text it has outside of itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Self::Connecting { url: text } | Self::Error { text } => text.capacity(),
            Self::Open { protocol, headers } => {
                let pairs = headers.iter().map(|(name, value)| name.capacity() + value.capacity());
                protocol.as_ref().map_or(0, String::capacity)
                    + headers.capacity() * size_of::<(String, String)>()
                    + pairs.sum::<usize>()
            }
            Self::Closing { reason, .. } => reason.capacity(),
            Self::Closed { name, reason, .. } => name.capacity() + reason.capacity(),
            Self::Reconnecting { .. } => 0,
        }
    }
}
