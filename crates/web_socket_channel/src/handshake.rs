//! The opening handshake of RFC 6455 §4 for both ends: bytes in, bytes and answers out.
//!
//! Nothing here knows a socket, a clock or a source of chance. Whoever owns the socket reads into a
//! buffer, asks this module what the buffer says, and writes what it is given:
//!
//! - a client writes [`ClientRequest::to_bytes`], reads until [`parse_response`] finds a whole head,
//!   and has it judged by [`ClientRequest::verify`];
//! - a server reads until [`parse_request`] finds a whole head, asks [`respond`], and writes the
//!   [`Accepted::head`] or [`Rejection::to_bytes`].
//!
//! Both parsers say how many bytes the head took. What lies behind them in the buffer are the
//! first frames, which a peer may send in one packet with its head, and which are to be kept.
//!
//! A server in full, for a buffer that holds the whole request:
//!
//! ```
//! use web_socket_channel::handshake::{self, ServerOptions};
//!
//! fn answer(buffer: &[u8]) -> Vec<u8> {
//!     let request = match handshake::parse_request(buffer, 0) {
//!         Ok(Some((request, _used))) => request,
//!         Ok(None) => return Vec::new(), // More has to be read first.
//!         Err(error) => return handshake::Rejection::from(error).to_bytes(),
//!     };
//!     match handshake::respond(&request, &ServerOptions::default()) {
//!         Ok(accepted) => accepted.head,
//!         Err(rejection) => rejection.to_bytes(),
//!     }
//! }
//!
//! let answered = answer(b"GET /echo HTTP/1.1\r\nHost: example.com\r\n\r\n");
//! assert!(answered.starts_with(b"HTTP/1.1 426 Upgrade Required\r\n"));
//! ```

use std::fmt;

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode, Uri, Version};
use sha1::{Digest as _, Sha1};

/// The `http` crate whose types stand in this module's signatures.
pub use http;

/// The most bytes that the head of a request or response may have: 16 KiB.
///
/// What is met in practice stays below 8 KiB, as the common servers accept no more by default; the
/// rest is room for proxies that add headers.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;

/// The most headers that a request or response may have: 100, as most HTTP servers allow.
pub const MAX_HEADERS: usize = 100;

/// The most bytes that are kept of the body of a refused handshake: 64 KiB. It is there to be read
/// by a person, who is looking for one sentence in it.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The one version of the protocol that there is (RFC 6455 §4.1).
const WEB_SOCKET_VERSION: &str = "13";

/// The GUID that makes an accept value differ from anything that a server which doesn't know the
/// protocol could answer (RFC 6455 §1.3).
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The headers that [`ClientRequest::to_bytes`] writes or rules out; no other header may use their
/// names. `authorization` is one more where the request has [`Credentials`].
pub const OWN_HEADERS: [HeaderName; 9] = [
    header::HOST,
    header::UPGRADE,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_EXTENSIONS,
];

/// The `Sec-WebSocket-Accept` value that proves a server has understood the client's key.
///
/// It is the base64 of the SHA-1 of the key and a fixed text (RFC 6455 §4.2.2, step 5.4). The key is
/// taken as it stands in `Sec-WebSocket-Key` and isn't checked. Dart:
/// `WebSocketChannel.signKey`.
///
/// ```
/// use web_socket_channel::handshake::sign_key;
///
/// assert_eq!(sign_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
#[must_use]
pub fn sign_key(key: &str) -> String {
    let digest = Sha1::new_with_prefix(key).chain_update(ACCEPT_GUID).finalize();
    BASE64.encode(&digest)
}

/// Whether a text is a token as HTTP has it (RFC 9110 §5.6.2), which is what a subprotocol and the
/// name of a header have to be.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// What a client asks a server for.
///
/// [`to_bytes`](Self::to_bytes) is the request, and [`verify`](Self::verify) judges the answer to it.
/// The extensions that it offers are none, as this crate speaks none.
///
/// Its `Debug` shows neither credentials, nor the query, nor the values of headers.
#[derive(Clone, Copy)]
pub struct ClientRequest<'a> {
    /// The value of `Host`: the URL's host, and its port where that isn't the scheme's own. A name
    /// in ASCII, or an IPv6 address in brackets.
    pub host: &'a str,
    /// The path and query of the URL, percent-encoded and beginning with `/`.
    pub target: &'a str,
    /// 16 bytes by chance, new for each connection (RFC 6455 §4.1, item 7). The base64 of them is
    /// the key.
    pub nonce: [u8; 16],
    /// The subprotocols that are offered, the preferred one first. Without any, the header isn't
    /// sent.
    pub protocols: &'a [String],
    /// More headers, name and value. They are written as they come, in this order, after the
    /// handshake's own.
    pub headers: &'a [(String, String)],
    /// A user and password, which become one Basic `Authorization` header (RFC 7617).
    pub credentials: Option<&'a Credentials>,
}

impl ClientRequest<'_> {
    /// The value of `Sec-WebSocket-Key`.
    #[must_use]
    pub fn key(&self) -> String {
        BASE64.encode(&self.nonce)
    }

    /// The request as it goes on the wire (RFC 6455 §4.1).
    ///
    /// # Errors
    /// An [`InvalidRequest`] for whatever would make another request of it than the one described,
    /// such as a line break in a header, or would break a rule for clients, such as a subprotocol
    /// that is offered twice.
    pub fn to_bytes(&self) -> Result<Vec<u8>, InvalidRequest> {
        self.check()?;
        let mut bytes = Vec::with_capacity(256);
        let mut line = |parts: &[&[u8]]| {
            for part in parts {
                bytes.extend_from_slice(part);
            }
            bytes.extend_from_slice(b"\r\n");
        };
        line(&[b"GET ", self.target.as_bytes(), b" HTTP/1.1"]);
        line(&[b"Host: ", self.host.as_bytes()]);
        line(&[b"Upgrade: websocket"]);
        line(&[b"Connection: Upgrade"]);
        line(&[b"Sec-WebSocket-Key: ", self.key().as_bytes()]);
        line(&[b"Sec-WebSocket-Version: ", WEB_SOCKET_VERSION.as_bytes()]);
        if !self.protocols.is_empty() {
            line(&[b"Sec-WebSocket-Protocol: ", self.protocols.join(", ").as_bytes()]);
        }
        if let Some(credentials) = self.credentials {
            line(&[b"Authorization: Basic ", credentials.to_basic().as_bytes()]);
        }
        for (name, value) in self.headers {
            line(&[name.as_bytes(), b": ", value.as_bytes()]);
        }
        line(&[]);
        Ok(bytes)
    }

    /// Checks every part that comes from outside before any of it is written.
    pub(crate) fn check(&self) -> Result<(), InvalidRequest> {
        // An authority may hold `user:password@` as well, which has no place in `Host`.
        let is_host = self.host.parse::<http::uri::Authority>().is_ok();
        if !is_host || self.host.contains('@') {
            return Err(InvalidRequest::Host);
        }
        let is_visible = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
        if !self.target.starts_with('/') || !self.target.bytes().all(is_visible) {
            return Err(InvalidRequest::Target);
        }
        for (index, protocol) in self.protocols.iter().enumerate() {
            if !is_token(protocol) {
                return Err(InvalidRequest::ProtocolNotToken(protocol.clone()));
            }
            if self.protocols[..index].contains(protocol) {
                return Err(InvalidRequest::ProtocolTwice(protocol.clone()));
            }
        }
        if self.credentials.is_some_and(|credentials| !credentials.fit_basic()) {
            return Err(InvalidRequest::Credentials);
        }
        for (name, value) in self.headers {
            let Ok(parsed) = name.parse::<HeaderName>() else {
                return Err(InvalidRequest::HeaderName);
            };
            // Two `Authorization` headers would leave it to the server whom it believes.
            let is_taken = OWN_HEADERS.contains(&parsed)
                || (self.credentials.is_some() && parsed == header::AUTHORIZATION);
            if is_taken {
                return Err(InvalidRequest::HeaderTaken(parsed));
            }
            if HeaderValue::from_bytes(value.as_bytes()).is_err() {
                return Err(InvalidRequest::HeaderValue(parsed));
            }
        }
        Ok(())
    }

    /// Whether a server's answer opens the connection, and with which subprotocol (RFC 6455 §4.1,
    /// the second list).
    ///
    /// `None` where none was offered. Where some were, one of them has to be picked: RFC 6455 lets a
    /// server pick none, but browsers fail such a connection, and a program that offers `v2.chat`
    /// and goes on without an agreement would speak a language that nobody answers.
    ///
    /// # Errors
    /// The first rule that the answer breaks. For [`Violation::Status`] the response is an HTTP
    /// answer like any other, with a body that says more: see [`Response::body_is_whole`].
    pub fn verify(&self, response: &Response) -> Result<Option<String>, Violation> {
        if response.status != StatusCode::SWITCHING_PROTOCOLS {
            return Err(Violation::Status(response.status));
        }
        let headers = &response.headers;
        let single = |name: HeaderName| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none()).map(HeaderValue::as_bytes)
        };
        if !single(header::UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case(b"websocket")) {
            return Err(Violation::Upgrade);
        }
        if !has_token(headers, &header::CONNECTION, "upgrade") {
            return Err(Violation::Connection);
        }
        if single(header::SEC_WEBSOCKET_ACCEPT) != Some(sign_key(&self.key()).as_bytes()) {
            return Err(Violation::Accept);
        }
        if let Some(extension) = list(headers, &header::SEC_WEBSOCKET_EXTENSIONS).next() {
            return Err(Violation::Extension(lossy(extension)));
        }
        if !headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL) {
            return if self.protocols.is_empty() { Ok(None) } else { Err(Violation::NoProtocol) };
        }
        let picked = single(header::SEC_WEBSOCKET_PROTOCOL);
        let offered = self.protocols.iter().find(|offer| Some(offer.as_bytes()) == picked);
        match offered {
            Some(protocol) => Ok(Some(protocol.clone())),
            None => Err(Violation::ProtocolNotOffered(
                // More than one header is as wrong as a wrong one; show all that was said.
                list(headers, &header::SEC_WEBSOCKET_PROTOCOL)
                    .map(lossy)
                    .collect::<Vec<_>>()
                    .join(", "),
            )),
        }
    }
}

impl fmt::Debug for ClientRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("ClientRequest")
            .field("host", &self.host)
            .field("path", &self.target.split('?').next())
            .field("protocols", &self.protocols)
            .field("header_names", &names)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// A user and password for HTTP's Basic scheme (RFC 7617).
///
/// They can be put in and sent, but not read or shown: the `Debug` of it has neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    password: String,
}

impl Credentials {
    /// A user and password as they are, that is, no longer percent-encoded as in a URL.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    /// Whether they can be told apart at the other end, which a colon in the name prevents, and
    /// have no control characters (RFC 7617 §2).
    fn fit_basic(&self) -> bool {
        let both = self.user.chars().chain(self.password.chars());
        !self.user.contains(':') && !both.into_iter().any(char::is_control)
    }

    fn to_basic(&self) -> String {
        BASE64.encode(format!("{}:{}", self.user, self.password).as_bytes())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(not shown)")
    }
}

/// What a client may not put into its request. The values at fault are named only where they
/// can't be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The host isn't a host with or without a port.
    Host,
    /// The target doesn't begin with `/`, or has characters that should be percent-encoded.
    Target,
    /// A subprotocol isn't a token.
    ProtocolNotToken(String),
    /// A subprotocol is offered twice.
    ProtocolTwice(String),
    /// The user's name has a colon, or a control character is in it or in the password.
    Credentials,
    /// The name of a header isn't a token. It isn't shown, as it may be a whole `name: value`.
    HeaderName,
    /// The header of this name has a value with a line break or another control character.
    HeaderValue(HeaderName),
    /// The header of this name is written by the handshake itself, see [`OWN_HEADERS`].
    HeaderTaken(HeaderName),
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("the host can't stand in a request"),
            Self::Target => f.write_str(
                "the path has to begin with / and may have visible ASCII characters only",
            ),
            Self::ProtocolNotToken(name) => write!(f, "the subprotocol {name:?} is not a token"),
            Self::ProtocolTwice(name) => write!(f, "the subprotocol {name:?} is offered twice"),
            Self::Credentials => f.write_str(
                "a user name with a colon, or a control character in it or in the password, \
                 can't be sent",
            ),
            Self::HeaderName => f.write_str("the name of a header is not a token"),
            Self::HeaderValue(name) => {
                write!(f, "the value of the header {name} has a line break or control character")
            }
            Self::HeaderTaken(name) => {
                write!(f, "the header {name} is set by the handshake itself")
            }
        }
    }
}

impl std::error::Error for InvalidRequest {}

/// Which rule a server's answer breaks (RFC 6455 §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// The status isn't 101: the server speaks HTTP, but doesn't open the connection.
    Status(StatusCode),
    /// `Upgrade` isn't `websocket`, once.
    Upgrade,
    /// `Connection` has no `Upgrade` in it.
    Connection,
    /// `Sec-WebSocket-Accept` isn't what [`sign_key`] makes of the key: the server didn't
    /// understand the request, or the answer belongs to another one.
    Accept,
    /// An extension is in use that wasn't offered.
    Extension(String),
    /// A subprotocol was picked that wasn't offered, or more than one.
    ProtocolNotOffered(String),
    /// Subprotocols were offered and none was picked.
    NoProtocol,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "the status of the answer is {status} and not 101"),
            Self::Upgrade => f.write_str("the header Upgrade of the answer is not websocket"),
            Self::Connection => f.write_str("the header Connection of the answer has no Upgrade"),
            Self::Accept => {
                f.write_str("the header Sec-WebSocket-Accept of the answer does not fit the key")
            }
            Self::Extension(name) => {
                write!(f, "the server uses the extension {name:?}, which was not offered")
            }
            Self::ProtocolNotOffered(name) => {
                write!(f, "the server picked the subprotocol {name:?}, which was not offered")
            }
            Self::NoProtocol => f.write_str("the server picked none of the offered subprotocols"),
        }
    }
}

impl std::error::Error for Violation {}

/// A server's answer to a handshake, as a client reads it.
///
/// Its `Debug` shows the size of the body only, and no cookies.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status; 101 opens the connection.
    pub status: StatusCode,
    /// The words beside the status. They say what the server likes, and are empty where it says
    /// nothing or something other than ASCII.
    pub reason: String,
    /// The headers. Cookies are marked as sensitive, so that they aren't shown.
    pub headers: HeaderMap,
    /// The body, at most [`MAX_BODY_BYTES`] of it, without the marks of a chunked transfer, and
    /// otherwise as it came: a `Content-Encoding` isn't undone, as none was asked for.
    pub body: Bytes,
}

/// How far the body of a response reaches (RFC 9112 §6.3).
enum Framing {
    Bytes(usize),
    Chunked,
    UntilEnd,
}

impl Response {
    /// Whether `raw`, the bytes behind the head, hold all of the body that will be kept, so that
    /// reading can stop. Where it never says so, the body reaches to the end of the stream.
    #[must_use]
    pub fn body_is_whole(&self, raw: &[u8]) -> bool {
        raw.len() >= MAX_BODY_BYTES
            || match self.framing() {
                Framing::Bytes(length) => raw.len() >= length,
                Framing::Chunked => decode_chunks(raw).1,
                Framing::UntilEnd => false,
            }
    }

    /// The response with the body that `raw`, the bytes behind the head, hold, or hold of it so
    /// far: a body that breaks off is still worth reading.
    #[must_use]
    pub fn with_body(mut self, raw: &[u8]) -> Self {
        let raw = &raw[..raw.len().min(MAX_BODY_BYTES)];
        self.body = match self.framing() {
            Framing::Bytes(length) => Bytes::copy_from_slice(&raw[..raw.len().min(length)]),
            Framing::Chunked => decode_chunks(raw).0.into(),
            Framing::UntilEnd => Bytes::copy_from_slice(raw),
        };
        self
    }

    fn framing(&self) -> Framing {
        let has_no_body = self.status.is_informational()
            || matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if has_no_body {
            return Framing::Bytes(0);
        }
        if let Some(last) = list(&self.headers, &header::TRANSFER_ENCODING).last() {
            return if last.eq_ignore_ascii_case(b"chunked") {
                Framing::Chunked
            } else {
                Framing::UntilEnd
            };
        }
        // A length that can't be read is no reason to throw the body away: the bound holds anyway.
        let length = self.headers.get(header::CONTENT_LENGTH);
        match length.and_then(|value| value.to_str().ok()?.parse().ok()) {
            Some(length) => Framing::Bytes(length),
            None => Framing::UntilEnd,
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// The payload of a chunked body (RFC 9112 §7.1) as far as it goes, and whether nothing more of it
/// will come. A body that isn't chunked as it says ends at the mistake.
fn decode_chunks(mut raw: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let (start, length) = match httparse::parse_chunk_size(raw) {
            Ok(httparse::Status::Complete(chunk)) => chunk,
            Ok(httparse::Status::Partial) => return (body, false),
            Err(httparse::InvalidChunkSize) => return (body, true),
        };
        if length == 0 {
            return (body, true);
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let rest = &raw[start..];
        body.extend_from_slice(&rest[..rest.len().min(length)]);
        // The chunk's own line break lies behind it.
        match length.checked_add(2).and_then(|end| rest.get(end..)) {
            Some(rest) => raw = rest,
            None => return (body, false),
        }
    }
}

/// Why the head of a request or response can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeadError {
    /// It has more than [`MAX_HEAD_BYTES`].
    TooLong,
    /// It has more than [`MAX_HEADERS`].
    TooManyHeaders,
    /// It isn't HTTP/1: what is wrong with it.
    Malformed(&'static str),
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the HTTP head has more than {MAX_HEAD_BYTES} bytes"),
            Self::TooManyHeaders => write!(f, "the HTTP head has more than {MAX_HEADERS} headers"),
            Self::Malformed(what) => write!(f, "this is not HTTP: {what}"),
        }
    }
}

impl std::error::Error for HeadError {}

impl From<httparse::Error> for HeadError {
    fn from(error: httparse::Error) -> Self {
        match error {
            httparse::Error::TooManyHeaders => Self::TooManyHeaders,
            httparse::Error::HeaderName => Self::Malformed("a header's name is not a token"),
            httparse::Error::HeaderValue => Self::Malformed("a header's value is malformed"),
            httparse::Error::NewLine => Self::Malformed("a line does not end as it should"),
            httparse::Error::Status => Self::Malformed("the status is malformed"),
            httparse::Error::Token => Self::Malformed("the first line is malformed"),
            httparse::Error::Version => Self::Malformed("the version is not HTTP/1.0 or HTTP/1.1"),
        }
    }
}

/// Looks for the head of a request at the beginning of `buffer`, and says how many bytes it took.
/// `None` as long as more has to be read.
///
/// `seen` is how many bytes were in the buffer at the last call, 0 at the first: a head that trickles
/// in byte by byte isn't searched from its beginning each time.
///
/// # Errors
/// A [`HeadError`], for which a [`Rejection`] can be had. What can't become HTTP, such as the first
/// bytes of TLS, is told at once and not awaited to its end.
pub fn parse_request(
    buffer: &[u8],
    seen: usize,
) -> Result<Option<(http::Request<()>, usize)>, HeadError> {
    let end = find_head_end(buffer, seen)?;
    if end.is_none() && seen >= START_LINE_BYTES {
        return Ok(None);
    }
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let status = head.parse(&buffer[..end.unwrap_or(buffer.len())])?;
    if end.is_none() {
        return Ok(None);
    }
    let httparse::Status::Complete(used) = status else {
        return Err(HeadError::Malformed("the first line is missing"));
    };

    let mut request = http::Request::new(());
    *request.method_mut() = head
        .method
        .and_then(|method| method.parse().ok())
        .ok_or(HeadError::Malformed("the method is malformed"))?;
    *request.uri_mut() = head
        .path
        .and_then(|path| path.parse::<Uri>().ok())
        .ok_or(HeadError::Malformed("the request's target is malformed"))?;
    *request.version_mut() =
        if head.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 };
    *request.headers_mut() = header_map(head.headers)?;
    Ok(Some((request, used)))
}

/// Looks for the head of a response at the beginning of `buffer`, and says how many bytes it took.
/// `None` as long as more has to be read. Its body is empty, see [`Response::with_body`].
///
/// `seen` is how many bytes were in the buffer at the last call, 0 at the first, as with
/// [`parse_request`]. Interim responses, 1xx other than 101, are passed over and counted into the
/// bytes that were taken (RFC 9110 §15.2).
///
/// # Errors
/// A [`HeadError`]. What can't become HTTP, such as the greeting of another protocol, is told at
/// once and not awaited to its end.
pub fn parse_response(buffer: &[u8], seen: usize) -> Result<Option<(Response, usize)>, HeadError> {
    let mut start = 0;
    loop {
        let rest = &buffer[start..];
        let Some((response, used)) = parse_one_response(rest, seen.saturating_sub(start))? else {
            // Interim responses don't extend the bound.
            return if buffer.len() > MAX_HEAD_BYTES { Err(HeadError::TooLong) } else { Ok(None) };
        };
        start += used;
        if start > MAX_HEAD_BYTES {
            return Err(HeadError::TooLong);
        }
        let is_interim = response.status.is_informational()
            && response.status != StatusCode::SWITCHING_PROTOCOLS;
        if !is_interim {
            return Ok(Some((response, start)));
        }
    }
}

fn parse_one_response(buffer: &[u8], seen: usize) -> Result<Option<(Response, usize)>, HeadError> {
    let end = find_head_end(buffer, seen)?;
    if end.is_none() && seen >= START_LINE_BYTES {
        return Ok(None);
    }
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let status = head.parse(&buffer[..end.unwrap_or(buffer.len())])?;
    if end.is_none() {
        return Ok(None);
    }
    let httparse::Status::Complete(used) = status else {
        return Err(HeadError::Malformed("the first line is missing"));
    };

    let status = head
        .code
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or(HeadError::Malformed("the status is malformed"))?;
    let response = Response {
        status,
        reason: head.reason.unwrap_or_default().to_owned(),
        headers: header_map(head.headers)?,
        body: Bytes::new(),
    };
    Ok(Some((response, used)))
}

/// As long as less than this has come, each call looks at the first line, so that what isn't HTTP is
/// recognised; later calls only look for the end.
const START_LINE_BYTES: usize = 16;

/// Where the empty line that ends a head ends. Line breaks may lack their carriage return, as
/// RFC 9112 §2.2 lets a recipient accept.
fn find_head_end(buffer: &[u8], seen: usize) -> Result<Option<usize>, HeadError> {
    // The longest end is `\n\r\n`, of which all but the last byte may have been there.
    let from = seen.saturating_sub(2).min(buffer.len());
    let end = (from..buffer.len()).find_map(|index| match &buffer[index..] {
        [b'\n', b'\n', ..] => Some(index + 2),
        [b'\n', b'\r', b'\n', ..] => Some(index + 3),
        _ => None,
    });
    match end {
        Some(end) if end > MAX_HEAD_BYTES => Err(HeadError::TooLong),
        None if buffer.len() >= MAX_HEAD_BYTES => Err(HeadError::TooLong),
        end => Ok(end),
    }
}

fn header_map(headers: &[httparse::Header<'_>]) -> Result<HeaderMap, HeadError> {
    const SECRET: [HeaderName; 4] =
        [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE, header::SET_COOKIE];

    let mut map = HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name = HeaderName::from_bytes(header.name.as_bytes())
            .map_err(|_| HeadError::Malformed("a header's name is not a token"))?;
        let mut value = HeaderValue::from_bytes(header.value)
            .map_err(|_| HeadError::Malformed("a header's value is malformed"))?;
        value.set_sensitive(SECRET.contains(&name));
        map.append(name, value);
    }
    Ok(map)
}

/// What a server knows and allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerOptions {
    /// The subprotocols that the server knows, in no order: the client's order decides. Default:
    /// none.
    pub protocols: Vec<String>,
    /// The origins whose pages may connect, such as `https://example.com`, compared without case.
    /// Default: `None`, which allows every origin.
    ///
    /// Only browsers send an origin, and only there it means something: it protects a person whose
    /// browser another site tries to use (RFC 6455 §10.2). So a request without the header is
    /// always allowed, as from any other program it could say what it likes.
    pub allowed_origins: Option<Vec<String>>,
}

/// A handshake that the server agrees to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// The subprotocol, the first of the client's that the server knows.
    pub protocol: Option<String>,
    /// The response, 101, as it goes on the wire.
    pub head: Vec<u8>,
}

/// A handshake that the server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejection {
    /// The status.
    pub status: StatusCode,
    /// What is wrong and what would be right, in a sentence for the body of the response. Nothing
    /// that the client sent is in it.
    pub reason: String,
    /// The headers beside those that every rejection has (see [`to_bytes`](Self::to_bytes)).
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the request was a `HEAD`, whose response has no body whatever its headers say.
    head_only: bool,
}

impl Rejection {
    /// A rejection of a server's own, without further headers.
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), headers: Vec::new(), head_only: false }
    }

    fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// The response as it goes on the wire: the reason and a line break as a body of plain text,
    /// with its type and length, and `Connection: close`, as the connection is of no more use.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let status = self.status;
        // `Upgrade` is only valid where `Connection` names it (RFC 9110 §7.8).
        let names_upgrade = self.headers.iter().any(|(name, _)| name == header::UPGRADE);
        let connection = if names_upgrade { "upgrade, close" } else { "close" };
        let mut bytes = format!(
            "HTTP/1.1 {} {}\r\n\
             Connection: {connection}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Length: {}\r\n",
            status.as_str(),
            status.canonical_reason().unwrap_or_default(),
            self.reason.len() + 1,
        )
        .into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        if !self.head_only {
            bytes.extend_from_slice(self.reason.as_bytes());
            bytes.push(b'\n');
        }
        bytes
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.reason)
    }
}

impl std::error::Error for Rejection {}

impl From<HeadError> for Rejection {
    /// 431 for a head over its bounds, 400 for one that isn't HTTP.
    fn from(error: HeadError) -> Self {
        let status = match error {
            HeadError::TooLong | HeadError::TooManyHeaders => {
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            }
            HeadError::Malformed(_) => StatusCode::BAD_REQUEST,
        };
        Self::new(status, format!("{error}."))
    }
}

/// A server's answer to a client's request (RFC 6455 §4.2).
///
/// Where the client offers subprotocols of which the server knows none, the handshake is accepted
/// without one, and it is for the client to go on or not.
///
/// # Errors
/// The first of these that applies:
///
/// | the request | status | headers |
/// | --- | --- | --- |
/// | is no `GET` | 405 | `Allow: GET` |
/// | is HTTP/1.0, or has no `Upgrade: websocket` or no `Connection: Upgrade` | 426 | `Upgrade: websocket` |
/// | has another `Sec-WebSocket-Version` than 13, or none | 426 | `Sec-WebSocket-Version: 13`, `Upgrade: websocket` |
/// | has no `Host`, or two | 400 | |
/// | has a body | 400 | |
/// | has no `Sec-WebSocket-Key`, two, or one that isn't the base64 of 16 bytes | 400 | |
/// | has an `Origin` that isn't allowed | 403 | |
pub fn respond(
    request: &http::Request<()>,
    options: &ServerOptions,
) -> Result<Accepted, Rejection> {
    let headers = request.headers();
    let refuse = |status, reason: &str| Err(Rejection::new(status, reason));

    if request.method() != Method::GET {
        let mut rejection = Rejection::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "A WebSocket is opened with the method GET.",
        )
        .with(header::ALLOW, "GET");
        rejection.head_only = request.method() == Method::HEAD;
        return Err(rejection);
    }
    // An upgrade asked for in HTTP/1.0 has to be ignored (RFC 9110 §7.8).
    let asks_for_upgrade = request.version() >= Version::HTTP_11
        && has_token(headers, &header::UPGRADE, "websocket")
        && has_token(headers, &header::CONNECTION, "upgrade");
    if !asks_for_upgrade {
        return Err(Rejection::new(
            StatusCode::UPGRADE_REQUIRED,
            "This address speaks WebSocket: open it with a WebSocket client, whose request is \
             HTTP/1.1 and has the headers \"Upgrade: websocket\" and \"Connection: Upgrade\".",
        )
        .with(header::UPGRADE, "websocket"));
    }
    let mut versions = headers.get_all(header::SEC_WEBSOCKET_VERSION).iter();
    let is_right_version = versions.next().is_some_and(|version| version == WEB_SOCKET_VERSION)
        && versions.next().is_none();
    if !is_right_version {
        return Err(Rejection::new(
            StatusCode::UPGRADE_REQUIRED,
            "The header Sec-WebSocket-Version has to be 13.",
        )
        .with(header::UPGRADE, "websocket")
        .with(header::SEC_WEBSOCKET_VERSION, WEB_SOCKET_VERSION));
    }
    if headers.get_all(header::HOST).iter().count() != 1 {
        return refuse(StatusCode::BAD_REQUEST, "The request has to have one header Host.");
    }
    // The bytes of a body would be taken for frames, by us and not by a proxy between.
    let has_body = headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get_all(header::CONTENT_LENGTH).iter().any(|length| length != "0");
    if has_body {
        return refuse(StatusCode::BAD_REQUEST, "The request that opens a WebSocket has no body.");
    }
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = match (keys.next().map(HeaderValue::to_str), keys.next()) {
        (Some(Ok(key)), None) if is_key(key) => key,
        _ => {
            return refuse(
                StatusCode::BAD_REQUEST,
                "The request has to have one header Sec-WebSocket-Key: 16 bytes in base64, chosen \
                 by chance.",
            );
        }
    };
    if let Some(allowed) = &options.allowed_origins {
        let is_allowed = |origin: &HeaderValue| {
            allowed.iter().any(|one| origin.as_bytes().eq_ignore_ascii_case(one.as_bytes()))
        };
        if !headers.get_all(header::ORIGIN).iter().all(is_allowed) {
            return refuse(
                StatusCode::FORBIDDEN,
                "Pages of this origin may not connect here; the server's list of allowed origins \
                 does not have it.",
            );
        }
    }

    let protocol = list(headers, &header::SEC_WEBSOCKET_PROTOCOL)
        .find_map(|offer| options.protocols.iter().find(|known| known.as_bytes() == offer))
        .cloned();
    let mut head = format!(
        "HTTP/1.1 101 Switching Protocols\r\n\
         Upgrade: websocket\r\n\
         Connection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n",
        sign_key(key)
    );
    if let Some(protocol) = &protocol {
        // It has come in a header and can't break out of one.
        head.push_str("Sec-WebSocket-Protocol: ");
        head.push_str(protocol);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    Ok(Accepted { protocol, head: head.into_bytes() })
}

/// Whether a key is the base64 of 16 bytes. The bits of its last character that stand for nothing
/// may be set, as most decoders allow it and nothing depends on them.
fn is_key(key: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    key.len() == 24 && key.strip_suffix("==").is_some_and(|digits| digits.bytes().all(is_digit))
}

/// The elements of all the headers of a name that hold a list with commas (RFC 9110 §5.6.1).
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    list(headers, name).any(|element| element.eq_ignore_ascii_case(token.as_bytes()))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
