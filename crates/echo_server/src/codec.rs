//! tungstenite without a socket: a frame that has come goes in, and messages and bytes to be sent
//! come out. It never waits.

use std::io::{Read, Write};

use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig, WebSocketContext};

use crate::spare;

/// How much tungstenite takes at a time. It clears so much before each time, and has a buffer of
/// this size at least.
const BITE_BYTES: usize = 4 * 1024;

/// Up to which size of a frame a codec is kept for other connections, as its buffer has become as
/// large.
const MAX_KEPT_BYTES: u64 = 128 * 1024;

/// The framing of one connection.
pub(crate) struct Codec {
    context: WebSocketContext,
    /// The longest frame so far.
    longest: u64,
    /// The beginning of a message is in it, and not its end.
    is_within_message: bool,
}

/// The most that a client may send.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) message_bytes: usize,
    pub(crate) frame_bytes: usize,
}

impl Limits {
    fn config(self) -> WebSocketConfig {
        WebSocketConfig::default()
            .read_buffer_size(BITE_BYTES)
            // What it has to send it hands over at once.
            .write_buffer_size(0)
            .max_message_size(Some(self.message_bytes))
            .max_frame_size(Some(self.frame_bytes))
    }
}

impl Codec {
    /// One for a connection that is open and between two messages.
    pub(crate) fn lend(limits: Limits) -> Box<Self> {
        if let Some(mut codec) = spare::codec() {
            codec.context.set_config(|config| *config = limits.config());
            return codec;
        }
        let context = WebSocketContext::new(Role::Server, Some(limits.config()));
        Box::new(Self { context, longest: 0, is_within_message: false })
    }

    /// Lets go of it, where nothing of its connection is left in it: the connection is open and
    /// between two messages, the last frame was taken in full, and [`Codec::read`] had nothing more.
    pub(crate) fn give_back(self: Box<Self>) {
        if self.longest <= MAX_KEPT_BYTES {
            spare::keep_codec(self);
        }
    }

    /// Whether the connection is open and between two messages.
    pub(crate) fn is_between_messages(&self) -> bool {
        self.is_open() && !self.is_within_message
    }

    /// Whether data may still be sent: no close has been.
    pub(crate) fn is_open(&self) -> bool {
        self.context.can_write()
    }

    /// What comes next is a frame that begins with this byte and is so long.
    pub(crate) fn begin_frame(&mut self, first: u8, len: u64) {
        let (is_final, opcode) = (first & 0x80 != 0, first & 0x0f);
        let is_control = opcode & 0x08 != 0;
        if !is_control {
            self.is_within_message = !is_final;
        }
        self.longest = self.longest.max(len);
    }

    /// The next message out of what has come; `WouldBlock` where more has to come first, and what
    /// it has to say itself is said.
    pub(crate) fn read(&mut self, ends: &mut (impl Read + Write)) -> Result<Message, Error> {
        self.context.read(ends)
    }

    pub(crate) fn write(
        &mut self,
        ends: &mut (impl Read + Write),
        message: Message,
    ) -> Result<(), Error> {
        self.context.write(ends, message)
    }

    /// Says what it has to say itself: the answers to pings and to a close.
    pub(crate) fn flush(&mut self, ends: &mut (impl Read + Write)) -> Result<(), Error> {
        self.context.flush(ends)
    }
}
