//! A server's answer as a client reads it, and where its body ends.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderMap};

use super::list;

/// The most bytes that are kept of the body of a refused handshake: 64 KiB. It is there to be read
/// by a person, who is looking for one sentence in it.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

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

    /// How long the server asks to be left alone: its `Retry-After` (RFC 9110 §10.2.3). One that is
    /// a date is counted from the `Date` of the same answer, as this machine's clock may be wrong;
    /// without that header it is not read.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let value = |name| self.headers.get(name)?.to_str().ok().map(str::trim);
        let after = value(header::RETRY_AFTER)?;
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let now = httpdate::parse_http_date(value(header::DATE)?).ok()?;
        httpdate::parse_http_date(after).ok()?.duration_since(now).ok()
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
