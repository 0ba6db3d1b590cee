//! What can go wrong, sorted by whose fault it is.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::close::{CloseEvent, MAX_REASON_BYTES};
use crate::handshake;
use crate::refusal;

/// Why a channel could not do what it was asked, or could not go on.
///
/// A clone is cheap, as the same error may be read from `ready()` and from the stream. The text
/// is fit to be shown to a person and never contains credentials. What the system or a library said
/// is not in it but in [`source`](std::error::Error::source), so that a chain says nothing twice;
/// `{error:#}` is the whole chain in one line.
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
    /// What runs the connection is gone, or could not begin: the program's own affair, and neither
    /// the network's nor the peer's.
    Runtime(RuntimeError),
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
    /// A URL or an option for which a feature of this crate has to be turned on.
    NeedsFeature {
        /// What was asked for.
        what: &'static str,
        /// The feature's name.
        feature: &'static str,
    },
    /// An option that is out of its range.
    OutOfRange {
        /// Its name.
        option: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// One of [`Options::tls_roots`](crate::Options::tls_roots) is no certificate in DER form.
    TlsRoot {
        /// Its place: the first is 0.
        index: usize,
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
    /// This process or machine has no room for one more connection: no file descriptor, no buffer
    /// or no local port is left. The host was not asked.
    LocalResources,
    /// The browser lets this page connect only to other places, by the policy that it was sent with
    /// (`connect-src`). The host was not asked.
    ForbiddenByPolicy,
    /// The browser lets no page that came securely make an insecure connection: `ws:` from `https:`. The host
    /// was not asked.
    InsecureFromSecurePage,
    /// The browser made no connection, most likely as it makes none to this port, which is another protocol's
    /// (WHATWG Fetch, "port blocking"). Browsers don't say so; the port is one of their list.
    ForbiddenPort,
    /// Anything else; in a browser whatever prevents a connection, as it does not tell programs why.
    Other,
}

/// The network did not carry the connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NetworkError {
    /// What kind of trouble.
    pub kind: NetworkErrorKind,
    /// The host and port that were asked for.
    pub host: String,
    /// What the system said, where it said something.
    pub source: Option<Arc<io::Error>>,
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
#[non_exhaustive]
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
    pub source: Option<Arc<io::Error>>,
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
    /// This machine names no authority at all, so that nobody can be trusted.
    NoAuthorities,
    /// It does not speak TLS at this port, as a server for `ws:` does not.
    NotTls,
    /// It speaks TLS at this port, and was asked by `ws:`.
    IsTls,
    /// It speaks only versions of TLS before 1.2, which are broken.
    OldVersion,
    /// It wants a certificate of this client: one, or another than the one that it was given.
    ClientCertificate,
    /// It refused the TLS handshake without saying why: most often the two have no cipher in common.
    Refused,
    /// Anything else.
    Other,
}

/// The TLS handshake failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TlsError {
    /// Why.
    pub kind: TlsErrorKind,
    /// The host and port that were asked for.
    pub host: String,
    /// What rustls said.
    pub source: Arc<io::Error>,
}

/// Why nothing runs the connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RuntimeError {
    /// The task that carried the connection is gone: its runtime was shut down, or a function of the
    /// program has panicked in it. (Of a channel in memory: its far end was dropped.)
    Gone,
    /// The task that carried the connection panicked, with these words. tokio does that where a
    /// runtime was built without its network or its timer.
    Panicked(Arc<str>),
    /// The thread that channels share could not be started.
    NoThread(Arc<io::Error>),
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
#[non_exhaustive]
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
            Self::Runtime(error) => error.fmt(f),
            Self::Timeout(timeout) => timeout.fmt(f),
            Self::Refused(response) => refusal::write(f, response),
            Self::PeerMisbehaved(peer) => peer.fmt(f),
            Self::LimitExceeded(limit) => limit.fmt(f),
            Self::Closed(_) => f.write_str("the channel is closed; connect again to send"),
        }?;
        write_sources(f, self)
    }
}

/// Writes what is behind an error, where `{:#}` asks for it.
pub(crate) fn write_sources(
    f: &mut fmt::Formatter<'_>,
    error: &dyn std::error::Error,
) -> fmt::Result {
    let mut source = error.source().filter(|_| f.alternate());
    while let Some(error) = source {
        write!(f, ": {error}")?;
        source = error.source();
    }
    Ok(())
}

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(why) => write!(f, "the URL is not valid: {why}"),
            Self::Scheme(scheme) => {
                write!(
                    f,
                    "the URL's scheme is {scheme:?}, and neither ws: nor wss: (nor http: nor https:); \
                     begin it with ws:// or wss://"
                )
            }
            Self::Fragment => f.write_str("the URL has a fragment; remove the # and what follows"),
            Self::Request(invalid) => invalid.fmt(f),
            Self::Proxy(invalid) => write!(f, "the proxy in the options can't be used: {invalid}"),
            Self::Unsupported(option) => {
                write!(f, "this transport can't do {option}; leave it at its default")
            }
            Self::NeedsFeature { what, feature } => {
                write!(f, "{what} needs the feature `{feature}` of web_socket_channel; turn it on")
            }
            Self::OutOfRange { option, range } => {
                write!(f, "the option {option} is out of its range: it may be {range}")
            }
            Self::TlsRoot { index } => write!(
                f,
                "tls_roots[{index}] is no certificate in DER form; one in PEM form, which begins with \
                 -----BEGIN, has to be decoded"
            ),
            Self::CloseCode(code) => write!(
                f,
                "the close code {code} may not be sent by this end; use 1000 or 3000–4999"
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
            NetworkErrorKind::LocalResources => write!(
                f,
                "this machine has no room for a connection to {host}: close some files or \
                 connections, or raise the limit (ulimit -n)"
            ),
            NetworkErrorKind::ForbiddenByPolicy => write!(
                f,
                "the browser lets this page not connect to {host}: add it to connect-src in the page's \
                 Content-Security-Policy"
            ),
            NetworkErrorKind::InsecureFromSecurePage => write!(
                f,
                "the browser lets no page of https: connect to {host} by ws:; use wss:, or open the page by http:"
            ),
            NetworkErrorKind::ForbiddenPort => write!(
                f,
                "browsers make no connection to {host}, as its port is another protocol's: have the server \
                 listen at another one"
            ),
            NetworkErrorKind::Broken => match source {
                Some(_) => write!(f, "the connection to {host} broke off"),
                None => write!(
                    f,
                    "the connection to {host} broke off; the browser does not tell programs why: \
                     see its console"
                ),
            },
            NetworkErrorKind::Other => match source {
                Some(_) => write!(f, "connecting to {host} failed"),
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
            ProxyErrorKind::Network(_) => write!(f, "connecting to the proxy {proxy} failed"),
            ProxyErrorKind::Tls(kind) => kind.write(f, &format_args!("the proxy {proxy}")),
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

/// Constructors, for doubles in tests, and for programs whose own trouble is of one of these kinds.
impl NetworkError {
    /// Trouble of this kind on the way to this host and port.
    pub fn new(kind: NetworkErrorKind, host: impl Into<String>) -> Self {
        Self { kind, host: host.into(), source: None }
    }

    /// The same, and what the system said.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Arc<io::Error>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl TlsError {
    /// What went wrong with this host and port, and what was said about it.
    pub fn new(
        kind: TlsErrorKind,
        host: impl Into<String>,
        source: impl Into<Arc<io::Error>>,
    ) -> Self {
        Self { kind, host: host.into(), source: source.into() }
    }
}

impl PeerMisbehaved {
    /// What the peer did, and the close code for it.
    pub fn new(code: u16, what: impl Into<Cow<'static, str>>) -> Self {
        Self { code, what: what.into() }
    }
}

impl ProxyError {
    /// What this proxy did in place of leading to this host and port.
    pub fn new(kind: ProxyErrorKind, proxy: impl Into<String>, host: impl Into<String>) -> Self {
        Self { kind, proxy: proxy.into(), host: host.into(), response: None, source: None }
    }

    /// The same, and how it refused.
    #[must_use]
    pub fn with_response(mut self, response: handshake::Response) -> Self {
        self.response = Some(response);
        self
    }

    /// The same, and what the system, rustls or SOCKS said.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Arc<io::Error>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What it answered, as the end of a sentence.
    fn detail(&self) -> String {
        let answer = |response| format!(" (it answered {})", refusal::Answer(response));
        self.response.as_ref().map(answer).unwrap_or_default()
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.write(f, &self.host)
    }
}

impl TlsErrorKind {
    /// Says it of this host.
    fn write(self, f: &mut fmt::Formatter<'_>, host: &dyn fmt::Display) -> fmt::Result {
        match self {
            Self::UnknownIssuer => {
                write!(f, "the certificate of {host} is signed by nobody whom this machine trusts")
            }
            Self::WrongName => {
                write!(f, "the certificate of {host} is for another name; check the address")
            }
            Self::Expired => {
                write!(f, "the certificate of {host} is not valid at this time; check the clock")
            }
            Self::NoAuthorities => write!(
                f,
                "the certificate of {host} can't be checked, as this machine has no certificates of \
                 authorities; install them (ca-certificates), or name some by Options::tls_roots"
            ),
            Self::NotTls => write!(
                f,
                "{host} does not speak TLS at this port; was ws: (or http:) meant, or another port?"
            ),
            Self::IsTls => write!(f, "{host} speaks TLS at this port; was wss: meant?"),
            Self::OldVersion => write!(
                f,
                "{host} speaks only old versions of TLS, which are not safe; it needs TLS 1.2 or 1.3"
            ),
            Self::ClientCertificate => write!(
                f,
                "{host} wants a certificate of this client that it trusts; give one by \
                 Options::tls_config"
            ),
            Self::Refused => write!(
                f,
                "{host} refused the TLS handshake; it may know no cipher in common, or want a \
                 certificate of this client"
            ),
            Self::Other => write!(f, "no secure connection to {host}"),
        }
    }
}

impl fmt::Display for RuntimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str(
                "the task that carried the connection is gone, as when its runtime is shut down or a \
                 function of the program panics in it; keep the runtime, or choose another by \
                 Options::runtime",
            ),
            Self::Panicked(words) => write!(
                f,
                "the task that carried the connection panicked ({words}); a runtime needs \
                 enable_all(), or choose another by Options::runtime"
            ),
            Self::NoThread(_) => f.write_str(
                "the thread for connections could not be started; end some, or choose a runtime by \
                 Options::runtime",
            ),
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
            Self::Runtime(error) => error.source(),
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

impl std::error::Error for RuntimeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoThread(source) => Some(&**source),
            Self::Gone | Self::Panicked(_) => None,
        }
    }
}

impl std::error::Error for InvalidArgument {}

impl std::error::Error for InvalidProxy {}

macro_rules! from {
    ($($from:ty => $to:ident: |$error:ident| $made:expr;)*) => { $(
        impl From<$from> for $to {
            fn from($error: $from) -> Self {
                $made
            }
        }
    )* };
}

from! {
    InvalidArgument => Error: |error| Self::InvalidArgument(Arc::new(error));
    NetworkError => Error: |error| Self::Network(Arc::new(error));
    ProxyError => Error: |error| Self::Proxy(Arc::new(error));
    TlsError => Error: |error| Self::Tls(Arc::new(error));
    RuntimeError => Error: |error| Self::Runtime(error);
    PeerMisbehaved => Error: |error| Self::PeerMisbehaved(Arc::new(error));
    InvalidProxy => InvalidArgument: |invalid| Self::Proxy(invalid);
    handshake::InvalidRequest => InvalidArgument: |invalid| Self::Request(invalid);
}
