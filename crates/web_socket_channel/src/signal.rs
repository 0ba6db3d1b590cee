//! The one vocabulary that a channel and its transport speak, in both directions.

use std::io;
use std::sync::Arc;

use bytestring::ByteString;

use crate::close::CloseFrame;
use crate::error::Error;
use crate::handshake::http::HeaderMap;
use crate::message::Message;
use crate::status;

/// Something that happened at one end and is told to the other.
///
/// A transport says `Open`, then any number of `Message`s, then one `Close` or `Fail`. A channel
/// says any number of `Message`s (also before `Open`: they wait), then one `Close`.
#[derive(Clone, Debug)]
pub enum Signal {
    /// The handshake is done. Boxed, as it is said once, and takes more room than a message.
    Open(Box<Opened>),
    /// A message.
    Message(Message),
    /// A close frame: of the peer, or for the peer.
    Close(CloseFrame),
    /// The connection is over without a closing handshake.
    Fail(Failure),
}

/// What the handshake settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened {
    /// The subprotocol that the server picked, if any.
    pub protocol: Option<ByteString>,
    /// The headers of the server's answer; empty where the transport is not told of them, and at the
    /// server's end. Cookies are marked as sensitive.
    pub headers: HeaderMap,
    /// The negotiated extensions as in `Sec-WebSocket-Extensions`; empty if none.
    pub extensions: ByteString,
}

/// Why a connection is over without a closing handshake.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// What the channel reports as its close code.
    pub code: u16,
    /// What to tell the program; `None` where an established connection was merely cut, as the
    /// end of the stream and the code say all there is to know.
    pub error: Option<Error>,
    /// What the system said when it cut the connection, for [`CloseEvent::cause`].
    ///
    /// [`CloseEvent::cause`]: crate::CloseEvent::cause
    pub cause: Option<Arc<io::Error>>,
}

impl Failure {
    /// An end with this code, and what to tell the program.
    pub fn new(code: u16, error: Option<Error>) -> Self {
        Self { code, error, cause: None }
    }

    /// An end without a close frame, and so with [`status::ABNORMAL_CLOSURE`].
    pub(crate) fn abnormal(error: Option<Error>) -> Self {
        Self::new(status::ABNORMAL_CLOSURE, error)
    }

    /// The same, and what the system said.
    pub(crate) fn with_cause(mut self, cause: Option<Arc<io::Error>>) -> Self {
        self.cause = cause;
        self
    }
}
