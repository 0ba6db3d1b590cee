//! What is searched for, made ready once: a text or a regular expression, over text, the hex of
//! bytes, and what events say.

use std::fmt;
use std::ops::Range;

use memchr::memmem;

use crate::event::Event;
use crate::literal::Literal;
use crate::preview::push_hex;
use crate::regex_engine::{REGEX_BYTES, Regex};
use crate::row::Content;

/// What a person searches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// A text, or a regular expression. An empty one is found in every row.
    pub text: String,
    /// Whether it is a regular expression, in the syntax of the crate `regex`.
    pub is_regex: bool,
    /// Whether `A` and `a` are two letters.
    pub match_case: bool,
}

/// Why a query can't be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// What is wrong with it, in English.
    pub message: String,
    /// The index of the character that this is about, where it is known.
    pub at: Option<usize>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{} at character {}", self.message, at + 1),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for QueryError {}

/// The longest text that is searched for, in bytes.
pub const MAX_QUERY_BYTES: usize = 1000;

/// A query that is ready to be searched for.
///
/// - A text is found in text, in bytes as they are, and in what an event says. If it consists of
///   hex digits, two for each byte with or without spaces between the bytes (`de ad`), it is also
///   found in bytes as these; the last byte may be half.
/// - A regular expression is found in text, in bytes as their hex (`de ad be ef`), and in what an
///   event says. Of text at most [`REGEX_BYTES`] bytes are looked at, of bytes at most
///   [`REGEX_HEX_BYTES`].
#[derive(Clone, Debug)]
pub struct Matcher(Engine);

/// Of how many bytes of a binary message a regular expression sees the hex.
pub const REGEX_HEX_BYTES: usize = 64 << 10;

#[derive(Clone, Debug)]
enum Engine {
    All,
    Text(Box<TextQuery>),
    Regex(Regex),
}

#[derive(Clone, Debug)]
struct TextQuery {
    literal: Literal,
    hex: Option<HexLiteral>,
}

/// Bytes, and the upper half of one more.
#[derive(Clone, Debug)]
pub(crate) struct HexLiteral {
    bytes: memmem::Finder<'static>,
    half: Option<u8>,
}

impl Matcher {
    /// Makes a query ready.
    ///
    /// # Errors
    ///
    /// It is longer than [`MAX_QUERY_BYTES`], is no regular expression, or one that would need too
    /// much memory.
    pub fn new(query: &Query) -> Result<Self, QueryError> {
        let text = &*query.text;
        if text.len() > MAX_QUERY_BYTES {
            let message = format!("longer than {MAX_QUERY_BYTES} bytes");
            return Err(QueryError { message, at: None });
        }
        Ok(Self(if text.is_empty() {
            Engine::All
        } else if query.is_regex {
            let char_index = |offset| text.get(..offset).map(|before| before.chars().count());
            let error = |(message, offset): (_, Option<_>)| QueryError {
                message,
                at: offset.and_then(char_index),
            };
            Engine::Regex(Regex::new(text, query.match_case).map_err(error)?)
        } else {
            Engine::Text(Box::new(TextQuery {
                literal: Literal::new(text, query.match_case),
                hex: HexLiteral::new(text),
            }))
        }))
    }

    /// Whether it is found in a row.
    #[must_use]
    pub fn is_match(&self, content: Content<'_>) -> bool {
        match content {
            Content::Text(text) => self.is_match_in_text(text),
            Content::Binary(bytes) => match &self.0 {
                Engine::All => true,
                Engine::Text(query) => {
                    let hex = query.hex.as_ref();
                    query.literal.find_at(bytes, 0).is_some()
                        || hex.is_some_and(|hex| hex.find_at(bytes, 0).is_some())
                }
                Engine::Regex(regex) => regex.is_match(&hex_of(bytes)),
            },
            Content::Event(event) => self.is_match_in_event(event),
        }
    }

    /// Where it is found in a text, for marking: ranges of bytes, at most `limit`. An empty query
    /// marks nothing.
    #[must_use]
    pub fn ranges_in_text(&self, text: &str, limit: usize) -> Vec<Range<usize>> {
        match &self.0 {
            Engine::All => Vec::new(),
            Engine::Text(query) => {
                ranges(limit, |from| query.literal.find_at(text.as_bytes(), from))
            }
            Engine::Regex(regex) => regex_ranges(regex, window(text), limit),
        }
    }

    /// Where it is found in bytes, for marking: ranges of bytes, at most `limit`.
    #[must_use]
    pub fn ranges_in_bytes(&self, bytes: &[u8], limit: usize) -> Vec<Range<usize>> {
        match &self.0 {
            Engine::All => Vec::new(),
            Engine::Text(query) => {
                let mut found = ranges(limit, |from| query.literal.find_at(bytes, from));
                if let Some(hex) = &query.hex {
                    found.extend(ranges(limit, |from| hex.find_at(bytes, from)));
                    found.sort_by_key(|range| range.start);
                    found.truncate(limit);
                }
                found
            }
            Engine::Regex(regex) => {
                // Two digits and a space are a byte.
                let in_bytes = |range: Range<usize>| (range.start + 1) / 3..range.end.div_ceil(3);
                let found = regex_ranges(regex, &hex_of(bytes), limit).into_iter().map(in_bytes);
                found.filter(|range| !range.is_empty()).collect()
            }
        }
    }

    /// What can be searched for in many rows at once, as matches are as long as the query.
    pub(crate) fn literals(&self) -> Option<(&Literal, Option<&HexLiteral>)> {
        match &self.0 {
            Engine::Text(query) if query.literal.has_fixed_size() => {
                Some((&query.literal, query.hex.as_ref()))
            }
            _ => None,
        }
    }

    fn is_match_in_text(&self, text: &str) -> bool {
        match &self.0 {
            Engine::All => true,
            Engine::Text(query) => query.literal.find_at(text.as_bytes(), 0).is_some(),
            Engine::Regex(regex) => regex.is_match(window(text)),
        }
    }

    fn is_match_in_event(&self, event: &Event) -> bool {
        let is_match = |text: &str| self.is_match_in_text(text);
        let is_code = |code: &Option<u16>| code.is_some_and(|code| is_match(&code.to_string()));
        match event {
            Event::Connecting { url: text } | Event::Error { text } => is_match(text),
            Event::Open { protocol, headers } => {
                protocol.as_deref().is_some_and(is_match)
                    || headers.iter().any(|(name, value)| is_match(&format!("{name}: {value}")))
                    || is_match("")
            }
            Event::Closing { code, reason } => is_code(code) || is_match(reason),
            Event::Closed { code, name, reason, .. } => {
                is_code(code) || is_match(name) || is_match(reason)
            }
            Event::Reconnecting { .. } => is_match(""),
        }
    }
}

impl HexLiteral {
    fn new(text: &str) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut half = None;
        for part in text.split_whitespace() {
            // Only the last one may be half.
            if half.is_some() {
                return None;
            }
            let digits: Option<Vec<u8>> = part
                .chars()
                .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
                .collect();
            for pair in digits?.chunks(2) {
                match *pair {
                    [upper, lower] => bytes.push(upper << 4 | lower),
                    [upper] => half = Some(upper),
                    _ => {}
                }
            }
        }
        // Fewer digits are everywhere.
        (!bytes.is_empty()).then(|| Self { bytes: memmem::Finder::new(&bytes).into_owned(), half })
    }

    pub(crate) fn find_at(&self, bytes: &[u8], mut from: usize) -> Option<Range<usize>> {
        loop {
            let start = from + self.bytes.find(bytes.get(from..)?)?;
            let end = start + self.bytes.needle().len();
            match self.half {
                None => return Some(start..end),
                Some(half) if bytes.get(end).is_some_and(|byte| byte >> 4 == half) => {
                    return Some(start..end + 1);
                }
                Some(_) => from = start + 1,
            }
        }
    }
}

/// What a regular expression sees of a text.
fn window(text: &str) -> &str {
    text.get(..text.floor_char_boundary(REGEX_BYTES)).unwrap_or_default()
}

fn hex_of(bytes: &[u8]) -> String {
    let seen = bytes.get(..REGEX_HEX_BYTES).unwrap_or(bytes);
    let mut text = String::with_capacity(seen.len() * 3);
    push_hex(&mut text, seen);
    text
}

fn ranges(limit: usize, find_at: impl Fn(usize) -> Option<Range<usize>>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    while found.len() < limit {
        match find_at(found.last().map_or(0, |last| last.end)) {
            Some(range) => found.push(range),
            None => break,
        }
    }
    found
}

/// Empty matches mark nothing.
fn regex_ranges(regex: &Regex, text: &str, limit: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while found.len() < limit && from <= text.len() {
        let Some(range) = regex.find_at(text, from) else { break };
        if range.is_empty() {
            let next = text.get(range.end..).and_then(|rest| rest.chars().next());
            from = range.end + next.map_or(1, char::len_utf8);
        } else {
            from = range.end;
            found.push(range);
        }
    }
    found
}
