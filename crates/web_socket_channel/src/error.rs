//! What can go wrong, sorted by whose fault it is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::close::{CloseEvent, MAX_REASON_BYTES};
use crate::handshake;

/// Why a channel could not do what it was asked, or could not go on.
///
/// A clone is cheap, as the same error may be read from `ready()` and from the stream. The text
/// is fit to be shown to a person and never contains credentials.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The program's fault: what it asked for is against the rules. Nothing was sent.
    InvalidArgument(Arc<InvalidArgument>),
    /// Nobody's fault at either end: the network did not carry the connection.
    Network(Arc<NetworkError>),
    /// The proxy did not lead to the server; the server itself was not spoken to. Natively only: a
    /// browser reports a [`Error::Network`].
    Proxy(Arc<ProxyError>),
    /// The server could not be trusted, or does not speak TLS. Natively only: a browser reports a
    /// [`Error::Network`].
    Tls(Arc<TlsError>),
    /// A wait reached its limit.
    Timeout(Timeout),
    /// The server answered the handshake with something other than 101. Natively only: a browser
    /// hides the answer from programs and reports a [`Error::Network`].
    Refused(Arc<handshake::Response>),
    /// The peer broke the protocol; the connection was failed for it.
    PeerMisbehaved(Arc<PeerMisbehaved>),
    /// A bound was reached.
    LimitExceeded(LimitExceeded),
    /// The channel is closing or closed: nothing can be sent any more. Carries how it ended,
    /// once that is known.
    Closed(Option<Arc<CloseEvent>>),
}

/// What a program asked for that is against the rules, each with its cure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidArgument {
    /// The URL can't be parsed: the reason.
    Url(String),
    /// The URL's scheme is none of `ws`, `wss`, `http`, `https`.
    Scheme(String),
    /// The URL has a fragment (`#…`), which a WebSocket URL may not have (RFC 6455 §3).
    Fragment,
    /// A subprotocol, a header or the credentials can't stand in a request.
    Request(handshake::InvalidRequest),
    /// The URL of the proxy in the options can't be used.
    Proxy(InvalidProxy),
    /// An option that this transport can't keep: its name.
    Unsupported(&'static str),
    /// An option that is out of its range.
    OutOfRange {
        /// Its name.
        option: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// A close code that a program may not pass.
    CloseCode(u16),
    /// A close reason over 123 bytes of UTF-8.
    CloseReasonTooLong {
        /// Its length.
        bytes: usize,
    },
    /// A close reason without a code: a close frame can't carry that.
    CloseReasonWithoutCode,
}

/// Why the URL of a proxy can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidProxy {
    /// It can't be parsed: the reason.
    Url(String),
    /// Its scheme is none of `http`, `https`, `socks5`, `socks5h`.
    Scheme(String),
    /// It has a path, a query or a fragment, which mean nothing to a proxy.
    Path,
    /// Its user or its password can't be sent to such a proxy. They are not shown.
    Credentials,
}

/// What kind of trouble the network had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NetworkErrorKind {
    /// The host's name could not be resolved.
    Unresolvable,
    /// The host is there, but nothing listens at the port.
    ConnectionRefused,
    /// The host or its network can't be reached.
    Unreachable,
    /// The connection was cut before the handshake was done.
    ConnectionLost,
    /// An open connection broke off, by the network or for something that the peer sent: a
    /// browser does not tell programs which, nor does `ewebsock`. Elsewhere it is known, and this
    /// isn't used.
    Broken,
    /// Anything else; in a browser whatever prevents a connection, as it does not tell programs why.
    Other,
}

/// The network did not carry the connection.
#[derive(Clone, Debug)]
pub struct NetworkError {
    /// What kind of trouble.
    pub kind: NetworkErrorKind,
    /// The host and port that were asked for.
    pub host: String,
    /// What the system said, where it said something.
    pub source: Option<Arc<std::io::Error>>,
}

/// What a proxy did in place of leading to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyErrorKind {
    /// The environment names a proxy that can't be used. Nothing was sent.
    Invalid(InvalidProxy),
    /// The way to the proxy: as to a server. [`NetworkErrorKind::ConnectionLost`] if the proxy cut
    /// the connection before it led anywhere.
    Network(NetworkErrorKind),
    /// The proxy itself, one of `https:`, could not be trusted, or does not speak TLS.
    Tls(TlsErrorKind),
    /// It made no connection to the server within `connect_timeout`, and may not have answered at all.
    Timeout(Duration),
    /// It wants a user and a password: some, or others than those that it was given.
    Credentials,
    /// Its rules are against it.
    Forbidden,
    /// It could not reach the server.
    ServerUnreachable,
    /// It refused for another reason.
    Refused,
    /// It did not answer as such a proxy does: what it did.
    Misbehaved(Cow<'static, str>),
}

/// The proxy did not lead to the server.
#[derive(Clone, Debug)]
pub struct ProxyError {
    /// What it did instead.
    pub kind: ProxyErrorKind,
    /// The proxy's scheme, host and port, never its credentials. The name of the variable of the
    /// environment if that names a proxy which [can't be used](ProxyErrorKind::Invalid).
    pub proxy: String,
    /// The host and port that were asked for.
    pub host: String,
    /// How an HTTP proxy refused: with the status and a bounded body.
    pub response: Option<handshake::Response>,
    /// What the system, rustls or SOCKS said, where one of them said something.
    pub source: Option<Arc<std::io::Error>>,
}

/// Why a server that was asked for by `wss:` was not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsErrorKind {
    /// Its certificate is signed by nobody whom this machine trusts.
    UnknownIssuer,
    /// Its certificate is for another name.
    WrongName,
    /// Its certificate is no longer valid, or not yet; or this machine's clock is wrong.
    Expired,
    /// Anything else: the server does not speak TLS, say.
    Other,
}

/// The TLS handshake failed.
#[derive(Clone, Debug)]
pub struct TlsError {
    /// Why.
    pub kind: TlsErrorKind,
    /// The host and port that were asked for.
    pub host: String,
    /// What rustls said.
    pub source: Arc<std::io::Error>,
}

/// Which wait reached its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Timeout {
    /// The handshake was not done within `connect_timeout`.
    Connect(Duration),
    /// The peer did not answer a ping within `pong_timeout`.
    Pong(Duration),
}

/// The peer broke the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerMisbehaved {
    /// The close code that was sent for it, or would have been.
    pub code: u16,
    /// What it did.
    pub what: Cow<'static, str>,
}

/// Which bound was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitExceeded {
    /// A message from the peer was over [`max_message_bytes`](crate::Options::max_message_bytes); the
    /// connection was failed with 1009.
    MessageTooBig {
        /// The limit in bytes.
        limit: usize,
    },
    /// A single frame from the peer was over [`max_frame_bytes`](crate::Options::max_frame_bytes); the
    /// connection was failed with 1009.
    FrameTooBig {
        /// The limit in bytes.
        limit: usize,
    },
    /// More came than the program read, past the inbox's bound, on a transport that can't hold
    /// the peer back (a browser). What came before is delivered.
    Inbox {
        /// The bound in messages.
        messages: usize,
        /// The bound in bytes.
        bytes: usize,
    },
    /// The outbox is full: the network takes less than the program sends. Nothing is lost: the
    /// message is given back, and can be sent once there is room.
    Outbox {
        /// The bound in messages.
        messages: usize,
        /// The bound in bytes.
        bytes: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidArgument(misuse) => misuse.fmt(f),
            Self::Network(error) => error.fmt(f),
            Self::Proxy(error) => error.fmt(f),
            Self::Tls(error) => error.fmt(f),
            Self::Timeout(timeout) => timeout.fmt(f),
            Self::Refused(response) => write!(
                f,
                "the server answered {} instead of opening a WebSocket; check the URL's path",
                response.status
            ),
            Self::PeerMisbehaved(peer) => peer.fmt(f),
            Self::LimitExceeded(limit) => limit.fmt(f),
            Self::Closed(_) => f.write_str("the channel is closed; connect again to send"),
        }
    }
}

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(why) => write!(f, "the URL is not valid: {why}"),
            Self::Scheme(scheme) => {
                write!(f, "the scheme {scheme:?} is not ws: or wss: (nor http: or https:)")
            }
            Self::Fragment => f.write_str("the URL has a fragment; remove the # and what follows"),
            Self::Request(invalid) => invalid.fmt(f),
            Self::Proxy(invalid) => write!(f, "the proxy in the options can't be used: {invalid}"),
            Self::Unsupported(option) => {
                write!(f, "this transport can't do {option}; leave it at its default")
            }
            Self::OutOfRange { option, range } => {
                write!(f, "the option {option} is out of its range: it may be {range}")
            }
            Self::CloseCode(code) => write!(
                f,
                "the close code {code} may not be sent here; use 1000 or 3000–4999 \
                 (natively also 1001)"
            ),
            Self::CloseReasonTooLong { bytes } => {
                write!(f, "the close reason has {bytes} bytes; at most {MAX_REASON_BYTES} fit")
            }
            Self::CloseReasonWithoutCode => f.write_str("a close reason needs a close code"),
        }
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, host, source } = self;
        match kind {
            NetworkErrorKind::Unresolvable => {
                write!(f, "the name of {host} could not be resolved; check its spelling")
            }
            NetworkErrorKind::ConnectionRefused => {
                write!(f, "{host} refused the connection; is the server running there?")
            }
            NetworkErrorKind::Unreachable => {
                write!(f, "{host} can't be reached; check the network")
            }
            NetworkErrorKind::ConnectionLost => {
                write!(
                    f,
                    "{host} cut the connection during the handshake; is it a WebSocket server?"
                )
            }
            NetworkErrorKind::Broken => match source {
                Some(source) => write!(f, "the connection to {host} broke off: {source}"),
                None => write!(
                    f,
                    "the connection to {host} broke off; the browser does not tell programs why: \
                     see its console"
                ),
            },
            NetworkErrorKind::Other => match source {
                Some(source) => write!(f, "connecting to {host} failed: {source}"),
                None => write!(
                    f,
                    "connecting to {host} failed; the browser does not tell programs why: \
                     see its console"
                ),
            },
        }
    }
}

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(why) => write!(f, "its URL is not valid: {why}"),
            Self::Scheme(scheme) => {
                write!(f, "its scheme {scheme:?} is not http:, https:, socks5: or socks5h:")
            }
            Self::Path => f.write_str("its URL has more than a host and a port; remove the rest"),
            Self::Credentials => f.write_str(
                "its user or password can't be sent: no colon may be in the user, no control \
                 character in either, and for SOCKS both need 1 to 255 bytes",
            ),
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, proxy, host, .. } = self;
        match kind {
            ProxyErrorKind::Invalid(why) => {
                write!(
                    f,
                    "the proxy in the environment variable {proxy} can't be used: {why}; correct \
                     or unset it"
                )
            }
            ProxyErrorKind::Network(NetworkErrorKind::Unresolvable) => {
                write!(f, "the name of the proxy {proxy} could not be resolved; check its spelling")
            }
            ProxyErrorKind::Network(NetworkErrorKind::ConnectionRefused) => {
                write!(f, "nothing listens at the proxy {proxy}; is it running there?")
            }
            ProxyErrorKind::Network(NetworkErrorKind::Unreachable) => {
                write!(f, "the proxy {proxy} can't be reached; check the network")
            }
            ProxyErrorKind::Network(NetworkErrorKind::ConnectionLost) => {
                write!(
                    f,
                    "the proxy {proxy} cut the connection before it led to {host}; check its \
                     scheme and port"
                )
            }
            ProxyErrorKind::Network(_) => {
                write!(f, "connecting to the proxy {proxy} failed{}", self.detail())
            }
            ProxyErrorKind::Tls(_) => {
                write!(f, "no secure connection to the proxy {proxy}{}", self.detail())
            }
            ProxyErrorKind::Timeout(after) => {
                write!(f, "the proxy {proxy} made no connection to {host} for {after:?}")
            }
            ProxyErrorKind::Credentials => {
                write!(
                    f,
                    "the proxy {proxy} wants a user and password that it knows; put them into its \
                     URL{}",
                    self.detail()
                )
            }
            ProxyErrorKind::Forbidden => {
                write!(
                    f,
                    "the proxy {proxy} does not allow connections to {host}; ask who runs it{}",
                    self.detail()
                )
            }
            ProxyErrorKind::ServerUnreachable => {
                write!(
                    f,
                    "the proxy {proxy} can't reach {host}; is the server running there?{}",
                    self.detail()
                )
            }
            ProxyErrorKind::Refused => {
                write!(
                    f,
                    "the proxy {proxy} refused to lead to {host}; check its scheme and port{}",
                    self.detail()
                )
            }
            ProxyErrorKind::Misbehaved(what) => {
                write!(
                    f,
                    "the proxy {proxy} does not answer as one: {what}; check its scheme and port"
                )
            }
        }
    }
}

impl ProxyError {
    /// What was said about it, as the end of a sentence.
    fn detail(&self) -> String {
        match (&self.response, &self.source) {
            (Some(response), _) => format!(" (it answered {})", response.status),
            (None, Some(source)) => format!(" ({source})"),
            (None, None) => String::new(),
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, host, source } = self;
        match kind {
            TlsErrorKind::UnknownIssuer => {
                write!(f, "the certificate of {host} is signed by nobody whom this machine trusts")
            }
            TlsErrorKind::WrongName => {
                write!(f, "the certificate of {host} is for another name; check the address")
            }
            TlsErrorKind::Expired => {
                write!(f, "the certificate of {host} is not valid at this time; check the clock")
            }
            TlsErrorKind::Other => write!(f, "no secure connection to {host}: {source}"),
        }
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(after) => write!(f, "no connection after {after:?}"),
            Self::Pong(after) => write!(f, "the peer did not answer a ping for {after:?}"),
        }
    }
}

impl fmt::Display for PeerMisbehaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the peer broke the WebSocket protocol: {}", self.what)
    }
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MessageTooBig { limit } => {
                write!(f, "the peer sent a message of more than {limit} bytes (max_message_bytes)")
            }
            Self::FrameTooBig { limit } => {
                write!(f, "the peer sent a frame of more than {limit} bytes (max_frame_bytes)")
            }
            Self::Inbox { messages, bytes } => write!(
                f,
                "more came than was read: over {messages} messages or {bytes} bytes waiting"
            ),
            Self::Outbox { messages, bytes } => write!(
                f,
                "more was sent than the network takes: over {messages} messages or {bytes} bytes \
                 waiting; try again later"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Network(error) => error.source.as_deref().map(|source| source as _),
            Self::Proxy(error) => error.source.as_deref().map(|source| source as _),
            Self::Tls(error) => Some(&*error.source),
            // Their texts say all there is.
            Self::InvalidArgument(_)
            | Self::Timeout(_)
            | Self::Refused(_)
            | Self::PeerMisbehaved(_)
            | Self::LimitExceeded(_)
            | Self::Closed(_) => None,
        }
    }
}

impl std::error::Error for InvalidArgument {}

impl std::error::Error for InvalidProxy {}

impl From<InvalidArgument> for Error {
    fn from(misuse: InvalidArgument) -> Self {
        Self::InvalidArgument(Arc::new(misuse))
    }
}

impl From<InvalidProxy> for InvalidArgument {
    fn from(invalid: InvalidProxy) -> Self {
        Self::Proxy(invalid)
    }
}

impl From<handshake::InvalidRequest> for InvalidArgument {
    fn from(invalid: handshake::InvalidRequest) -> Self {
        Self::Request(invalid)
    }
}

impl From<PeerMisbehaved> for Error {
    fn from(peer: PeerMisbehaved) -> Self {
        Self::PeerMisbehaved(Arc::new(peer))
    }
}

impl From<ProxyError> for Error {
    fn from(error: ProxyError) -> Self {
        Self::Proxy(Arc::new(error))
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        Self::Tls(Arc::new(error))
    }
}

impl From<NetworkError> for Error {
    fn from(error: NetworkError) -> Self {
        Self::Network(Arc::new(error))
    }
}
