//! What a refused handshake says to a person: the server's words, and what to do.

use std::fmt;

use http::header::{self, HeaderName};

use crate::address::without_query;
use crate::handshake::Response;

/// The most characters of a server's own words that an error shows.
const MAX_SHOWN: usize = 160;

/// Writes why no WebSocket was opened, and what to do about it.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, response: &Response) -> fmt::Result {
    write!(f, "the server answered {} instead of opening a WebSocket; ", Answer(response))?;
    let value = |name: HeaderName| {
        let value = response.headers.get(name)?.to_str().ok()?;
        (!value.is_empty()).then(|| shortened(value))
    };
    match response.status.as_u16() {
        300..=399 => match value(header::LOCATION) {
            Some(place) => write!(f, "it points to {}; connect there", without_secrets(&place)),
            None => f.write_str("it points elsewhere and does not say where; check the URL"),
        },
        // "The plain HTTP request was sent to HTTPS port" and its like.
        400 if ["HTTPS", "SSL", "TLS"].iter().any(|word| excerpt(response).contains(word)) => {
            f.write_str("it speaks TLS at this port; was wss: meant?")
        }
        401 => {
            let scheme = value(header::WWW_AUTHENTICATE);
            let scheme = scheme.as_deref().and_then(|value| value.split(' ').next());
            write!(f, "it asks for credentials ({}); ", scheme.unwrap_or("of no named kind"))?;
            f.write_str("put them into the URL or a header")
        }
        403 => f.write_str("it does not allow this; check the rights, the token and the origin"),
        404 | 410 => f.write_str("nothing is there; check the URL's path"),
        407 => f.write_str("a proxy wants a user and password; put them into Options::proxy"),
        408 => f.write_str("it did not get the request in time; try again"),
        426 => {
            let wanted = value(header::SEC_WEBSOCKET_VERSION).or_else(|| value(header::UPGRADE));
            let wanted = wanted.as_deref().unwrap_or("no named one");
            write!(f, "it asks for another protocol or version ({wanted}); check its documentation")
        }
        429 => write!(f, "it was asked too often; try again {}", Later(response)),
        500..=599 => {
            write!(f, "it or what is behind it has trouble; try again {}", Later(response))
        }
        400..=499 => f.write_str("check the URL and the request's headers"),
        _ => f.write_str("something else is there; check the URL's path"),
    }?;
    match excerpt(response) {
        said if said.is_empty() => Ok(()),
        said => write!(f, " (it says: {said})"),
    }
}

/// The status of an answer, in the server's own words where it has some.
pub(crate) struct Answer<'a>(pub(crate) &'a Response);

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Response { status, reason, .. } = self.0;
        match shortened(reason) {
            said if said.is_empty() => status.fmt(f),
            said => write!(f, "{} {said}", status.as_u16()),
        }
    }
}

/// When to come again.
struct Later<'a>(&'a Response);

impl fmt::Display for Later<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.retry_after() {
            Some(after) => write!(f, "in {} s", after.as_secs()),
            None => f.write_str("later"),
        }
    }
}

/// The beginning of a body, as text: without tags, and in one line.
fn excerpt(response: &Response) -> String {
    // A body may be cut in the middle of a character, and be no text at all.
    let mut rest = response.body.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    shortened(&text)
}

/// A stranger's words in one line, without what a terminal might obey, and not too many of them.
fn shortened(text: &str) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(MAX_SHOWN) {
        words.truncate(end);
        words.push('…');
    }
    words
}

/// A URL or path without what may be secret in it.
fn without_secrets(url: &str) -> String {
    let url = without_query(url);
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let host = rest[..end].rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{}", &rest[end..])
        }
        None => url.to_owned(),
    }
}
