//! The server's side: a request is accepted, or refused with what would be right.

use std::fmt;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode, Version};

use super::{HeadError, VERSION, has_token, list, sign_key};

/// What a server knows and allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerOptions {
    /// The subprotocols that the server knows, in no order: the client's order decides. Default:
    /// none.
    pub protocols: Vec<String>,
    /// The origins whose pages may connect, such as `https://example.com`, compared without case.
    /// Default: every origin may.
    ///
    /// Only browsers send an origin, and only there it means something: it protects a person whose
    /// browser another site tries to use (RFC 6455 §10.2). So a request without the header is
    /// always allowed, as from any other program it could say what it likes.
    pub allowed_origins: Option<Vec<String>>,
}

impl ServerOptions {
    /// Every option at its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`protocols`](#structfield.protocols).
    #[must_use]
    pub fn protocols(mut self, protocols: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.protocols = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Sets [`allowed_origins`](#structfield.allowed_origins).
    #[must_use]
    pub fn allowed_origins(mut self, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_origins = Some(origins.into_iter().map(Into::into).collect());
        self
    }
}

/// A handshake that the server agrees to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// The subprotocol, the first of the client's that the server knows.
    pub protocol: Option<String>,
    /// The headers of the response, whose status is 101: for a server whose HTTP somebody else writes.
    pub headers: HeaderMap,
    /// The whole response as it goes on the wire.
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

    /// The response: the reason and a line break as a body of plain text, with its type and length,
    /// and `Connection: close`, as the connection is of no more use. A response to a `HEAD`, and one
    /// whose status has no body (204, 304), has none.
    #[must_use]
    pub fn response(&self) -> Response<String> {
        let body = format!("{}\n", self.reason);
        let mut response = Response::new(String::new());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        // `Upgrade` is only valid where `Connection` names it (RFC 9110 §7.8).
        let names_upgrade = self.headers.iter().any(|(name, _)| name == header::UPGRADE);
        let connection = if names_upgrade { "upgrade, close" } else { "close" };
        headers.insert(header::CONNECTION, HeaderValue::from_static(connection));
        let has_body = !matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if has_body {
            let kind = HeaderValue::from_static("text/plain; charset=utf-8");
            headers.insert(header::CONTENT_TYPE, kind);
            headers.insert(header::CONTENT_LENGTH, body.len().into());
        }
        headers.extend(self.headers.iter().cloned());
        if has_body && !self.head_only {
            *response.body_mut() = body;
        }
        response
    }

    /// The [response](Self::response) as it goes on the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let response = self.response();
        let mut bytes = head(self.status, response.headers());
        bytes.extend_from_slice(response.body().as_bytes());
        bytes
    }
}

/// The head of a response as it goes on the wire. Names are spelt as RFC 6455 and RFC 9110 spell
/// them: there are clients that compare them with case.
fn head(status: StatusCode, headers: &HeaderMap) -> Vec<u8> {
    let reason = status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", status.as_str()).into_bytes();
    for (name, value) in headers {
        let words = name.as_str().split('-').map(|word| match word {
            "websocket" => "WebSocket".to_owned(),
            word => match word.split_at_checked(1) {
                Some((first, rest)) => first.to_ascii_uppercase() + rest,
                None => String::new(),
            },
        });
        bytes.extend_from_slice(words.collect::<Vec<_>>().join("-").as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
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
            HeadError::Tls | HeadError::Malformed(_) => StatusCode::BAD_REQUEST,
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
    let is_right_version =
        versions.next().is_some_and(|version| version == VERSION) && versions.next().is_none();
    if !is_right_version {
        return Err(Rejection::new(
            StatusCode::UPGRADE_REQUIRED,
            "The header Sec-WebSocket-Version has to be 13.",
        )
        .with(header::UPGRADE, "websocket")
        .with(header::SEC_WEBSOCKET_VERSION, VERSION));
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
    let mut answer = HeaderMap::with_capacity(4);
    answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    // Both are made of characters that a header may have: base64, and what came in a header.
    let values = [
        (header::SEC_WEBSOCKET_ACCEPT, Some(sign_key(key))),
        (header::SEC_WEBSOCKET_PROTOCOL, protocol.clone()),
    ];
    for (name, value) in values {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            answer.insert(name, value);
        }
    }
    let head = head(StatusCode::SWITCHING_PROTOCOLS, &answer);
    Ok(Accepted { protocol, headers: answer, head })
}

/// Whether a key is the base64 of 16 bytes. The bits of its last character that stand for nothing
/// may be set, as most decoders allow it and nothing depends on them.
fn is_key(key: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    key.len() == 24 && key.strip_suffix("==").is_some_and(|digits| digits.bytes().all(is_digit))
}
