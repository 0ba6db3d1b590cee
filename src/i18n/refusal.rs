//! What a server's refusal has to say to a person, in no language yet: where it points, when to come
//! again, and its own words.

use std::time::Duration;

use web_socket_channel::handshake::Response;
use web_socket_channel::handshake::http::header::{CONTENT_TYPE, HeaderName, LOCATION, UPGRADE};

/// How many characters of the server's words are told.
const MAX_WORDS: usize = 160;

/// What a refusal has to say.
pub(super) struct Refusal {
    /// The status, such as 404.
    pub(super) status: u16,
    /// The status and the words beside it, such as `404 Not Found`.
    pub(super) line: String,
    /// Where it points.
    pub(super) location: Option<String>,
    /// What it wants to speak instead.
    pub(super) upgrade: Option<String>,
    /// How long it asks to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// The beginning of its answer, where that is text and no page.
    pub(super) words: Option<String>,
}

impl Refusal {
    /// Of this response.
    pub(super) fn new(response: &Response) -> Self {
        let header = |name: HeaderName| {
            let value = response.headers.get(name)?.to_str().ok()?;
            Some(harmless(value)).filter(|value| !value.is_empty())
        };
        let is_text = header(CONTENT_TYPE).is_none_or(|kind| {
            kind.starts_with("text/plain") || kind.starts_with("application/json")
        });
        let words = String::from_utf8_lossy(&response.body);
        let words = Some(harmless(&words)).filter(|words| is_text && !words.is_empty());
        Self {
            status: response.status.as_u16(),
            line: harmless(&response.status.to_string()),
            location: header(LOCATION),
            upgrade: header(UPGRADE),
            retry_after: response.retry_after(),
            words,
        }
    }
}

/// A stranger's words on one line, at most [`MAX_WORDS`] of their characters: without those that move
/// a cursor, turn text around or can't be seen.
fn harmless(text: &str) -> String {
    let is_harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String =
        text.chars().take(4 * MAX_WORDS).filter(|c| *c == '\n' || !is_harmful(*c)).collect();
    let mut words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(MAX_WORDS) {
        words.truncate(end);
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use web_socket_channel::handshake::parse_response;

    fn refusal(head: &str, body: &str) -> Refusal {
        match parse_response(head.as_bytes(), 0) {
            Ok(Some((response, _))) => Refusal::new(&response.with_body(body.as_bytes())),
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn its_own_words_are_on_one_line_and_bounded() {
        let head =
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 99999\r\n\r\n";
        let words = refusal(head, "No \u{1b}[31mentry\r\n\tfor \u{202e}you.").words;
        assert_eq!(words.as_deref(), Some("No [31mentry for you."));
        let words = refusal(head, &"raisin ".repeat(1_000)).words.unwrap_or_default();
        assert_eq!(words.chars().count(), MAX_WORDS + 1);
    }

    #[test]
    fn a_page_is_not_read_out() {
        let head =
            "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n";
        assert_eq!(refusal(head, "<html>").words, None);
    }

    #[test]
    fn where_it_points_and_when_to_come_again() {
        let head = "HTTP/1.1 302 Found\r\nLocation: wss://a/b\r\nRetry-After: 30\r\n\r\n";
        let refusal = refusal(head, "");
        assert_eq!(refusal.location.as_deref(), Some("wss://a/b"));
        assert_eq!(refusal.retry_after, Some(Duration::from_secs(30)));
        assert_eq!((refusal.status, refusal.words), (302, None));
    }
}
