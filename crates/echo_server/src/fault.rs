//! Why an open WebSocket can't go on, and what the client is told about it.

use std::io;

use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use web_socket_channel::frame::Violation;
use web_socket_channel::status;

/// Why an open WebSocket can't go on.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The client has broken the protocol (RFC 6455).
    Protocol,
    /// The client has sent text, or the reason of a close, that is not UTF-8.
    NotUtf8,
    /// A message or a frame is longer than the server takes.
    TooBig,
    /// The server holds as much of messages as it may.
    NoMemory,
    /// A message that has begun did not end in time.
    TooSlow,
    /// The client sends more frames than it may.
    TooFast,
    /// The client has not answered a ping in time.
    Silent,
    /// The client takes nothing of what waits for it.
    Stalled,
    /// The stream has ended without a close frame, or with an error.
    Gone,
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// What a client has said in its close that no client may.
impl From<Violation> for Fault {
    fn from((code, _): Violation) -> Self {
        if code == status::INVALID_PAYLOAD_DATA { Self::NotUtf8 } else { Self::Protocol }
    }
}

impl Fault {
    /// What the client is told about its fault (RFC 6455 §7.4.1), or `None` if there is nobody to tell.
    pub(crate) fn close_frame(&self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Protocol => (status::PROTOCOL_ERROR, "protocol error"),
            Self::NotUtf8 => (status::INVALID_PAYLOAD_DATA, "text that is not UTF-8"),
            Self::TooBig => (status::MESSAGE_TOO_BIG, "the message is too long"),
            Self::NoMemory => (
                status::TRY_AGAIN_LATER,
                "the server holds as much of messages as it may; try again later",
            ),
            Self::TooSlow => (status::POLICY_VIOLATION, "the message has taken too long"),
            Self::TooFast => (status::POLICY_VIOLATION, "too many frames in a second"),
            Self::Silent | Self::Stalled | Self::Gone => return None,
        };
        Some(CloseFrame { code: code.into(), reason: reason.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_code() {
        for (fault, code) in [
            (Fault::Protocol, Some(1002)),
            (Fault::NotUtf8, Some(1007)),
            (Fault::TooBig, Some(1009)),
            (Fault::NoMemory, Some(1013)),
            (Fault::TooSlow, Some(1008)),
            (Fault::TooFast, Some(1008)),
            (Fault::Silent, None),
            (Fault::Stalled, None),
            (Fault::Gone, None),
        ] {
            let frame = fault.close_frame();
            assert_eq!(frame.as_ref().map(|frame| u16::from(frame.code)), code, "{fault:?}");
            // As much as fits into a control frame, beside the code.
            assert!(frame.is_none_or(|frame| frame.reason.len() <= 123), "{fault:?}");
        }
    }
}
