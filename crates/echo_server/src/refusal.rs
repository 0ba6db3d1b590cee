//! What the server says when it refuses: the words, the headers, and which counter they belong to.

use std::io;

use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use web_socket_channel::handshake::{MAX_HEADERS, Rejection};

use crate::hang_up::linger;
use crate::metrics::{Count, Metrics};

/// How long a client that got 503 should wait before it comes back: another server, or this one after
/// its restart, is there by then.
pub(crate) const RETRY_AFTER_SECS: u16 = 5;

/// A request or a connection that is refused, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) rejection: Rejection,
    /// Under what it is counted; `None` where the client has asked for it.
    pub(crate) reason: Option<Reason>,
}

/// What a refusal is counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Full,
    Address,
    HandshakeTimeout,
    Origin,
    Request,
    UnreadableFile,
}

impl Reason {
    pub(crate) fn count(self, metrics: &Metrics) -> &Count {
        match self {
            Self::Full => &metrics.refused_full,
            Self::Address => &metrics.refused_address,
            Self::HandshakeTimeout => &metrics.refused_handshake_timeout,
            Self::Origin => &metrics.refused_origin,
            Self::Request => &metrics.refused_request,
            Self::UnreadableFile => &metrics.refused_unreadable_file,
        }
    }
}

impl Refusal {
    fn new(reason: Reason, status: StatusCode, words: impl Into<String>) -> Self {
        Self { rejection: Rejection::new(status, words), reason: Some(reason) }
    }

    fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.rejection.headers.push((name, value));
        self
    }

    /// The client of a status that it has asked for.
    pub(crate) fn asked_for(status: StatusCode) -> Self {
        let words = format!("You asked for a handshake refused with {status}.");
        let mut rejection = Rejection::new(status, words);
        if let Some((name, value)) = header_of(status) {
            rejection.headers.push((name, HeaderValue::from_static(value)));
        }
        Self { rejection, reason: None }
    }

    /// The server has as many connections as it takes.
    pub(crate) fn full() -> Self {
        let words = "The server has as many connections as it takes; try again later.";
        Self::unavailable(Reason::Full, words)
    }

    /// An address has as many connections as it may.
    pub(crate) fn address_full() -> Self {
        let words = "Your address has as many connections as it may have; try again later.";
        Self::unavailable(Reason::Address, words)
    }

    /// A file that is there could not be read, as when the process has too many open.
    pub(crate) fn unreadable_file() -> Self {
        let words = "The server can't read this file for now; try again later.";
        Self::unavailable(Reason::UnreadableFile, words)
    }

    /// The server is about to go. Nobody's fault, so that it is not counted.
    pub(crate) fn shutting_down() -> Self {
        let refusal = Self::unavailable(Reason::Full, "The server is shutting down.");
        Self { reason: None, ..refusal }
    }

    fn unavailable(reason: Reason, words: &str) -> Self {
        Self::new(reason, StatusCode::SERVICE_UNAVAILABLE, words)
            .with(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECS))
    }

    pub(crate) fn origin() -> Self {
        Self::new(
            Reason::Origin,
            StatusCode::FORBIDDEN,
            "Pages of this origin may not connect here. The server decides which may, by its list of \
             origins or by the host that they come from.",
        )
    }

    pub(crate) fn not_found(words: impl Into<String>) -> Self {
        Self::new(Reason::Request, StatusCode::NOT_FOUND, words)
    }

    /// A page or a file is there, and is only to be read.
    pub(crate) fn only_for_reading() -> Self {
        Self::new(
            Reason::Request,
            StatusCode::METHOD_NOT_ALLOWED,
            "This can be read, with GET or HEAD, and nothing else.",
        )
        .with(header::ALLOW, HeaderValue::from_static("GET, HEAD"))
    }

    /// A request without a usable `Host` (RFC 9112 §3.2).
    pub(crate) fn no_host() -> Self {
        Self::new(
            Reason::Request,
            StatusCode::BAD_REQUEST,
            "A request of HTTP/1.1 has one header Host, with a host and perhaps a port.",
        )
    }

    /// The head of a request, or the TLS in front of it, took too long.
    pub(crate) fn handshake_timeout() -> Self {
        let words = "The handshake took too long.";
        Self::new(Reason::HandshakeTimeout, StatusCode::REQUEST_TIMEOUT, words)
    }

    /// The first bytes of a client are no request that hyper can read.
    pub(crate) fn unreadable(error: &hyper::Error, max_head_bytes: usize) -> Self {
        if error.is_parse_too_large() {
            return Self::new(
                Reason::Request,
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                format!(
                    "The head of a request, which is its first line and its headers, may have \
                     {max_head_bytes} bytes and {MAX_HEADERS} headers."
                ),
            );
        }
        let what = if error.is_parse_version_h2() {
            "This is HTTP/2, and the server speaks HTTP/1.1."
        } else {
            "This is not a request of HTTP/1.1."
        };
        Self::new(
            Reason::Request,
            StatusCode::BAD_REQUEST,
            format!("{what} A WebSocket client begins with one, for example: GET /echo HTTP/1.1"),
        )
    }

    /// Tells who didn't ask for a WebSocket where they are: at a server with these paths.
    pub(crate) fn with_hint(mut self, paths: &str) -> Self {
        if self.rejection.status == StatusCode::UPGRADE_REQUIRED {
            let hint = "This is an echo server: what you send comes back. Its paths are:";
            self.rejection.reason.push_str(&format!("\n{hint} {paths}."));
        }
        self
    }

    /// Adds it to its counter, and gives what the client is told.
    pub(crate) fn counted(self, metrics: &Metrics) -> Rejection {
        if let Some(reason) = self.reason {
            reason.count(metrics).add(1);
        }
        self.rejection
    }
}

/// What the handshake's own rules refuse.
impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self { rejection, reason: Some(Reason::Request) }
    }
}

/// What is said in the clear, to a client that speaks in the clear to a server of TLS.
pub(crate) fn speaks_tls() -> Rejection {
    Rejection::new(
        StatusCode::BAD_REQUEST,
        "This port speaks TLS; use https:// for its pages and wss:// for its WebSockets.",
    )
}

/// The header without which a status is not whole.
fn header_of(status: StatusCode) -> Option<(header::HeaderName, &'static str)> {
    Some(match status {
        StatusCode::UNAUTHORIZED => (header::WWW_AUTHENTICATE, "Basic realm=\"echo\""),
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            (header::PROXY_AUTHENTICATE, "Basic realm=\"echo\"")
        }
        StatusCode::METHOD_NOT_ALLOWED => (header::ALLOW, "GET"),
        StatusCode::UPGRADE_REQUIRED => (header::UPGRADE, "websocket"),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            (header::RETRY_AFTER, "5")
        }
        status if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
            (header::LOCATION, "/echo")
        }
        _ => return None,
    })
}

/// The headers that every text of the server has.
pub(crate) fn harden<T>(response: &mut Response<T>) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// Tells a client that it is refused, and waits until it has hung up. Whoever calls it bounds the
/// time; nothing is lost with a client that doesn't wait for the answer.
pub(crate) async fn tell(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    rejection: &Rejection,
) -> io::Result<()> {
    stream.write_all(&rejection.to_bytes()).await?;
    linger(stream).await
}
