//! How a connection ends: the frame that says so on the wire, and what is known of it afterwards.

use std::io;
use std::sync::Arc;

use bytestring::ByteString;

use crate::error::InvalidArgument;
use crate::status;

/// The most bytes of UTF-8 that a close reason may have: a control frame carries at most 125, of
/// which the code takes two (RFC 6455 §5.5).
pub const MAX_REASON_BYTES: usize = 123;

/// What a close frame says (RFC 6455 §5.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseFrame {
    /// The status code, or [`status::NO_STATUS_RECEIVED`] for a frame without one.
    pub code: u16,
    /// The reason; empty where the frame had none.
    pub reason: ByteString,
}

impl CloseFrame {
    /// A frame with neither code nor reason.
    pub const EMPTY: Self =
        Self { code: status::NO_STATUS_RECEIVED, reason: ByteString::from_static("") };

    /// Whether this end may send its code, if it has one.
    pub(crate) fn check(&self, may_be_sent: fn(u16) -> bool) -> Result<(), InvalidArgument> {
        if self.code == status::NO_STATUS_RECEIVED || may_be_sent(self.code) {
            Ok(())
        } else {
            Err(InvalidArgument::CloseCode(self.code))
        }
    }
}

/// The frame that a program asks for with `close_with(code, reason)`.
///
/// # Errors
/// A code that a program may not pass, a reason without a code, or one of more than
/// [`MAX_REASON_BYTES`].
pub(crate) fn close_frame(code: Option<u16>, reason: &str) -> Result<CloseFrame, InvalidArgument> {
    let Some(code) = code else {
        return if reason.is_empty() {
            Ok(CloseFrame::EMPTY)
        } else {
            Err(InvalidArgument::CloseReasonWithoutCode)
        };
    };
    if !status::may_be_on_the_wire(code) {
        return Err(InvalidArgument::CloseCode(code));
    }
    if reason.len() > MAX_REASON_BYTES {
        return Err(InvalidArgument::CloseReasonTooLong { bytes: reason.len() });
    }
    Ok(CloseFrame { code, reason: reason.into() })
}

/// Why and how a connection ended. WHATWG's `CloseEvent`, and who began it.
///
/// Two are equal if all but their [causes](Self::cause) is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CloseEvent {
    /// The code of the peer's close frame; [`status::NO_STATUS_RECEIVED`] where that frame had
    /// none, [`status::ABNORMAL_CLOSURE`] where no close frame came, or the code that we failed
    /// the connection with, where the peer broke the protocol.
    pub code: u16,
    /// The reason in the peer's close frame; empty where there was none.
    pub reason: ByteString,
    /// Whether the closing handshake was done as the protocol wants it, with a close frame each way.
    /// False also where the connection was failed for something that the peer did, though then both
    /// ends may have sent one.
    pub was_clean: bool,
    /// Who began it.
    pub initiator: Initiator,
    cause: Option<Arc<io::Error>>,
}

impl CloseEvent {
    /// An end like this, for tests of programs.
    pub fn new(
        code: u16,
        reason: impl Into<ByteString>,
        was_clean: bool,
        initiator: Initiator,
    ) -> Self {
        Self { code, reason: reason.into(), was_clean, initiator, cause: None }
    }

    /// What the system said when it cut the connection ([`status::ABNORMAL_CLOSURE`]): "connection
    /// reset by peer", say; or a [`RuntimeError`](crate::RuntimeError) where the task that carried it
    /// is gone. `None` where nothing was said, as where a peer just goes, and in a browser.
    #[must_use]
    pub fn cause(&self) -> Option<&Arc<io::Error>> {
        self.cause.as_ref()
    }

    pub(crate) fn with_cause(mut self, cause: Option<Arc<io::Error>>) -> Self {
        self.cause = cause;
        self
    }
}

impl PartialEq for CloseEvent {
    fn eq(&self, other: &Self) -> bool {
        let Self { code, reason, was_clean, initiator, cause: _ } = self;
        (*code, reason, *was_clean, *initiator)
            == (other.code, &other.reason, other.was_clean, other.initiator)
    }
}

impl Eq for CloseEvent {}

/// Who began a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Initiator {
    /// This end, by `close` or by dropping the channel.
    Local,
    /// The peer, with a close frame.
    Remote,
    /// Neither: the connection was lost, was never made, or was failed for an error.
    Failure,
}
