//! The client's side: the request that it sends, and whether the answer opens the connection.

use std::fmt;

use data_encoding::BASE64;
use http::StatusCode;
use http::header::{self, HeaderName, HeaderValue};

use super::{Response, VERSION, has_token, is_token, list, sign_key};

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
        line(&[b"Sec-WebSocket-Version: ", VERSION.as_bytes()]);
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
    pub(crate) fn fit_basic(&self) -> bool {
        let both = self.user.chars().chain(self.password.chars());
        !self.user.contains(':') && !both.into_iter().any(char::is_control)
    }

    pub(crate) fn to_basic(&self) -> String {
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

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
