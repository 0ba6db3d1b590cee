//! The life of a connection as a pure state machine: what has happened goes in, and what a program
//! is told comes out. Messages are none of its business.
//!
//! No clock, no socket and no platform: whoever feeds it events in some order can tell what a
//! program will see.

use bytestring::ByteString;

use crate::close::{CloseEvent, CloseFrame, Initiator};
use crate::error::Error;
use crate::signal::{Failure, Opened};

/// Where a connection is in its life. WHATWG's `readyState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadyState {
    /// The handshake is under way. Messages may be sent already; they wait.
    Connecting,
    /// Messages flow.
    Open,
    /// This end has begun to close; nothing more is delivered or accepted.
    Closing,
    /// The connection is over, or was never made.
    Closed,
}

/// The state of one connection.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    state: ReadyState,
    opened: Option<Box<Opened>>,
    error: Option<Error>,
    ending: Option<CloseEvent>,
}

impl Lifecycle {
    pub(crate) fn new() -> Self {
        Self { state: ReadyState::Connecting, opened: None, error: None, ending: None }
    }

    pub(crate) fn state(&self) -> ReadyState {
        self.state
    }

    /// What the handshake settled; known from then on, also after the close.
    pub(crate) fn opened(&self) -> Option<&Opened> {
        self.opened.as_deref()
    }

    /// The error that ended the connection, if one did.
    pub(crate) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// How it ended; known once the state is `Closed`, and only then.
    pub(crate) fn ending(&self) -> Option<&CloseEvent> {
        self.ending.as_ref()
    }

    /// This end begins to close. True if the peer is to be told; false if it is closing already.
    pub(crate) fn close(&mut self) -> bool {
        let begins = self.state < ReadyState::Closing;
        if begins {
            self.state = ReadyState::Closing;
        }
        begins
    }

    /// The handshake is done.
    pub(crate) fn on_open(&mut self, opened: Box<Opened>) {
        if self.state < ReadyState::Closed {
            self.opened = Some(opened);
        }
        if self.state == ReadyState::Connecting {
            self.state = ReadyState::Open;
        }
    }

    /// The peer has sent a close frame. Gives what goes back to it, if it has begun.
    pub(crate) fn on_close(&mut self, frame: CloseFrame) -> Option<CloseFrame> {
        if self.state == ReadyState::Closed {
            return None;
        }
        let (initiator, answer) = match self.state {
            ReadyState::Closing => (Initiator::Local, None),
            _ => (Initiator::Remote, Some(frame.clone())),
        };
        self.end(frame.code, frame.reason, true, initiator);
        answer
    }

    /// The connection is over without a closing handshake.
    pub(crate) fn on_fail(&mut self, Failure { code, error, cause }: Failure) {
        if self.state == ReadyState::Closed {
            return;
        }
        let initiator = if self.state == ReadyState::Closing && error.is_none() {
            // The peer never answered our close, or cut the connection instead.
            Initiator::Local
        } else {
            Initiator::Failure
        };
        self.error = error;
        self.end(code, ByteString::new(), false, initiator);
        self.ending = self.ending.take().map(|ending| ending.with_cause(cause));
    }

    fn end(&mut self, code: u16, reason: ByteString, was_clean: bool, initiator: Initiator) {
        self.state = ReadyState::Closed;
        self.ending = Some(CloseEvent::new(code, reason, was_clean, initiator));
    }
}
