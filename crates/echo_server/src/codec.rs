//! tungstenite without a socket: bytes that have come go in, and messages and bytes to be sent come
//! out. It never waits.

use std::io::{self, Read, Write};

use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::{
    Message, Role, WebSocketConfig, WebSocketContext,
};

use crate::spare;

/// How much tungstenite takes at a time. It clears so much before each time, and has a buffer of
/// this size at least.
const BITE_BYTES: usize = 4 * 1024;

/// Up to which size of a message a codec is kept for other connections, as its buffer has become
/// as large.
const MAX_KEPT_BYTES: usize = 128 * 1024;

/// What a frame of a client has besides its payload: two bytes, and the mask.
const HEAD_BYTES: usize = 2 + 4;

/// The framing of one connection, for as long as something of a frame or a message is in it.
pub(crate) struct Codec {
    context: WebSocketContext,
    /// How many bytes have gone in that no message has accounted for. Zero means that nothing is
    /// left in there; what a client sends in fragments, or with a length that could be written
    /// shorter, is never accounted for in full.
    unaccounted: usize,
    /// The longest message so far.
    longest: usize,
}

impl Default for Codec {
    fn default() -> Self {
        Self {
            context: WebSocketContext::new(Role::Server, Some(config(None))),
            unaccounted: 0,
            longest: 0,
        }
    }
}

/// The most that a client may send.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) message_bytes: usize,
    pub(crate) frame_bytes: usize,
}

fn config(limits: Option<Limits>) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BITE_BYTES)
        // What it has to send it hands over at once.
        .write_buffer_size(0)
        .max_message_size(limits.map(|limits| limits.message_bytes))
        .max_frame_size(limits.map(|limits| limits.frame_bytes))
}

impl Codec {
    /// One for a connection that has just opened, or has paused between two messages.
    pub(crate) fn for_next_message(limits: Limits) -> Box<Self> {
        let mut codec = spare::codec();
        codec.context.set_config(|set| *set = config(Some(limits)));
        codec
    }

    /// The next message out of what has come; `WouldBlock` where more has to come first.
    pub(crate) fn read(&mut self, ends: &mut impl Ends) -> Result<Message, Error> {
        let message = self.context.read(&mut Counted { ends, count: &mut self.unaccounted })?;
        let payload_bytes = match &message {
            Message::Text(text) => text.len(),
            Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
            // There is no pause after it, so there is nothing to account for.
            Message::Close(_) | Message::Frame(_) => return Ok(message),
        };
        let length_bytes = match payload_bytes {
            0..126 => 0,
            126..65536 => 2,
            _ => 8,
        };
        self.unaccounted = self.unaccounted.saturating_sub(HEAD_BYTES + length_bytes + payload_bytes);
        self.longest = self.longest.max(payload_bytes);
        Ok(message)
    }

    /// Whether nothing is left in it of what has come.
    pub(crate) fn is_empty(&self) -> bool {
        self.unaccounted == 0
    }

    /// Whether data may still be sent: no close has been.
    pub(crate) fn can_write(&self) -> bool {
        self.context.can_write()
    }

    pub(crate) fn write(&mut self, ends: &mut impl Ends, message: Message) -> Result<(), Error> {
        self.context.write(ends, message)
    }

    /// Hands over what it has to say of its own accord: the answers to pings and to a close.
    pub(crate) fn flush(&mut self, ends: &mut impl Ends) -> Result<(), Error> {
        self.context.flush(ends)
    }

    /// Lets go of it, between two messages of a connection that is open and has answered every
    /// ping.
    pub(crate) fn give_back(self: Box<Self>) {
        if self.longest <= MAX_KEPT_BYTES {
            spare::keep_codec(self);
        }
    }
}

/// Where bytes come from and go to.
pub(crate) trait Ends: Read + Write {}

impl<T: Read + Write> Ends for T {}

/// Counts what is read.
struct Counted<'a, E> {
    ends: &'a mut E,
    count: &'a mut usize,
}

impl<E: Read> Read for Counted<'_, E> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.ends.read(buffer)?;
        *self.count += len;
        Ok(len)
    }
}

impl<E: Write> Write for Counted<'_, E> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.ends.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.ends.flush()
    }
}
