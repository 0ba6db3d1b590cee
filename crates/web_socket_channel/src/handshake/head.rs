//! The heads of requests and responses, found in bytes that come piece by piece.

use std::fmt;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, Uri, Version};

use super::Response;

/// The most bytes that the head of a request or response may have: 16 KiB.
///
/// What is met in practice stays below 8 KiB, as the common servers accept no more by default; the
/// rest is room for proxies that add headers.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;

/// The most headers that a request or response may have: 100, as most HTTP servers allow.
pub const MAX_HEADERS: usize = 100;

/// Why the head of a request or response can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeadError {
    /// It has more than [`MAX_HEAD_BYTES`].
    TooLong,
    /// It has more than [`MAX_HEADERS`].
    TooManyHeaders,
    /// It is TLS: the port of one was taken for the port of the other.
    Tls,
    /// It isn't HTTP/1: what is wrong with it.
    Malformed(&'static str),
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the HTTP head has more than {MAX_HEAD_BYTES} bytes"),
            Self::TooManyHeaders => write!(f, "the HTTP head has more than {MAX_HEADERS} headers"),
            Self::Tls => f.write_str("this is TLS and not HTTP"),
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
/// A [`HeadError`], which becomes a [`Rejection`](super::Rejection). What can't become HTTP, such as
/// the first bytes of TLS, is told at once and not awaited to its end.
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
    // An alert or a handshake of TLS (RFC 8446 §5.1); no line of HTTP begins like this.
    if matches!(buffer.first(), Some(0x15 | 0x16)) {
        return Err(HeadError::Tls);
    }
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
