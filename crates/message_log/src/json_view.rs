//! JSON as lines that are pretty and can be folded, made from an index of the text when they are seen.

use std::fmt;
use std::ops::Range;

use bytestring::ByteString;

/// The longest text that is taken apart, in bytes: 64 MiB.
pub const MAX_JSON_BYTES: usize = 64 << 20;

/// A JSON text as lines, one for each value and each closing bracket.
///
/// It keeps the text (a long one shares its memory) and an index: 4 bytes a line and 8 more for each
/// object and array. That is half of the text or less where it is ordinary, and at worst, brackets and nothing
/// else, ten times as much. No value is copied and no number is read, so that all stand as they were sent.
/// The depth of nesting is bounded by the length only.
#[derive(Clone, Debug)]
pub struct JsonView {
    text: ByteString,
    /// Where each line's text begins, and whether it begins with a key ([`HAS_KEY`]).
    starts: Vec<u32>,
    /// The objects and arrays that are not empty, in the order of their first lines.
    containers: Vec<Container>,
    /// The depth of every [`DEPTH_STEP`]th line.
    depths: Vec<u32>,
}

/// The lines of an object's or array's brackets.
#[derive(Clone, Copy, Debug)]
struct Container {
    open: u32,
    close: u32,
}

/// Above what an offset can be.
const HAS_KEY: u32 = 1 << 31;

const DEPTH_STEP: usize = 64;

/// A line, as it is to be drawn. Keys and values stand as they do in the text, with whatever turns text
/// around or can't be seen: [`harmless`](crate::harmless) takes that out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonLine<'a> {
    /// How many objects and arrays it is in.
    pub depth: u32,
    /// The key in front of it, with its quotes, if it is an object's.
    pub key: Option<&'a str>,
    /// The value as it stands in the text, or a bracket.
    pub value: &'a str,
    /// Whether the key or the value is longer and was cut.
    pub is_cut: bool,
    /// What sort of value it is.
    pub kind: JsonKind,
    /// Whether a comma follows.
    pub has_comma: bool,
}

/// What is in a line of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string, with its quotes and escapes.
    String,
    /// `{}` or `[]`
    Empty,
    /// `{` or `[`, up to the line that [`JsonView::close_of`] gives.
    Open,
    /// `}` or `]`
    Close,
}

/// Why a text is no JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The offset in bytes.
    pub offset: usize,
    /// The line, from 1 on.
    pub line: usize,
    /// The column in characters, from 1 on.
    pub column: usize,
    /// What is wrong there.
    pub kind: JsonErrorKind,
}

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// The text ends too early.
    UnexpectedEnd,
    /// There should be a value.
    ExpectedValue,
    /// There should be a key, or the end of the object.
    ExpectedKey,
    /// There should be a colon.
    ExpectedColon,
    /// There should be a comma, or the end of the object or array.
    ExpectedComma,
    /// Something comes behind the value.
    TrailingText,
    /// There is no such escape in a string.
    WrongEscape,
    /// A control character in a string that is not escaped.
    ControlInString,
    /// A number that is written in no allowed way.
    WrongNumber,
    /// The text is longer than [`MAX_JSON_BYTES`].
    TooLong,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            JsonErrorKind::UnexpectedEnd => "the text ends too early",
            JsonErrorKind::ExpectedValue => "a value is expected",
            JsonErrorKind::ExpectedKey => "a key is expected",
            JsonErrorKind::ExpectedColon => "a colon is expected",
            JsonErrorKind::ExpectedComma => "a comma or a closing bracket is expected",
            JsonErrorKind::TrailingText => "there is something behind the value",
            JsonErrorKind::WrongEscape => "there is no such escape",
            JsonErrorKind::ControlInString => "a control character in a string",
            JsonErrorKind::WrongNumber => "no valid number",
            JsonErrorKind::TooLong => "too long to be taken apart",
        };
        write!(f, "{what}, line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for JsonError {}

impl JsonView {
    /// Takes a text apart. It takes some 10 ms for 4 MiB.
    ///
    /// # Errors
    ///
    /// It is no JSON (RFC 8259), or is longer than [`MAX_JSON_BYTES`].
    pub fn new(text: ByteString) -> Result<Self, JsonError> {
        let bytes = text.as_bytes();
        let failed = |(offset, kind)| JsonError::new(bytes, offset, kind);
        if bytes.len() > MAX_JSON_BYTES {
            return Err(failed((0, JsonErrorKind::TooLong)));
        }
        let mut index =
            Index { bytes, at: 0, starts: Vec::new(), containers: Vec::new(), depths: Vec::new() };
        index.read().map_err(failed)?;
        let Index { mut starts, mut containers, mut depths, .. } = index;
        starts.shrink_to_fit();
        containers.shrink_to_fit();
        depths.shrink_to_fit();
        Ok(Self { text, starts, containers, depths })
    }

    /// How many lines there are.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The line of this index, with at most so many bytes of its key and of its value.
    #[must_use]
    pub fn line(&self, index: usize, max_bytes: usize) -> Option<JsonLine<'_>> {
        let start = *self.starts.get(index)?;
        let bytes = self.text.as_bytes();
        let mut at = (start & !HAS_KEY) as usize;
        let mut key = None;
        let mut is_cut = false;
        if start & HAS_KEY != 0 {
            let end = end_of_string(bytes, at)?;
            let (shown, is_key_cut) = self.shown(at..end, max_bytes);
            (key, is_cut) = (Some(shown), is_key_cut);
            // Behind the colon.
            at = skip_space(bytes, skip_space(bytes, end) + 1);
        }
        let (kind, value) = match *bytes.get(at)? {
            b'{' if self.close_of(index).is_some() => (JsonKind::Open, "{"),
            b'[' if self.close_of(index).is_some() => (JsonKind::Open, "["),
            b'{' => (JsonKind::Empty, "{}"),
            b'[' => (JsonKind::Empty, "[]"),
            b'}' => (JsonKind::Close, "}"),
            b']' => (JsonKind::Close, "]"),
            first => {
                let limit = at.saturating_add(max_bytes).saturating_add(1).min(bytes.len());
                let seen = bytes.get(..limit).unwrap_or(bytes);
                let (kind, end) = match first {
                    b'"' => (JsonKind::String, end_of_string(seen, at).unwrap_or(limit)),
                    b'n' => (JsonKind::Null, end_of_word(seen, at)),
                    b't' | b'f' => (JsonKind::Bool, end_of_word(seen, at)),
                    _ => (JsonKind::Number, end_of_word(seen, at)),
                };
                let (shown, is_value_cut) = self.shown(at..end, max_bytes);
                is_cut |= is_value_cut;
                (kind, shown)
            }
        };
        // Between two values is a comma, and nowhere else.
        let has_comma =
            kind != JsonKind::Open && index + 1 < self.starts.len() && !self.is_close(index + 1);
        Some(JsonLine { depth: self.depth(index), key, value, is_cut, kind, has_comma })
    }

    /// The line of the closing bracket, if this line opens an object or array that is not empty. What is
    /// between them, with the closing line, can be folded away.
    #[must_use]
    pub fn close_of(&self, index: usize) -> Option<usize> {
        let at = self.containers.binary_search_by_key(&index, |container| container.open as usize);
        Some(self.containers.get(at.ok()?)?.close as usize)
    }

    /// The text that it was made from.
    #[must_use]
    pub fn text(&self) -> &ByteString {
        &self.text
    }

    /// The memory that the index takes, in bytes.
    #[must_use]
    pub fn index_bytes(&self) -> usize {
        self.starts.capacity() * size_of::<u32>()
            + self.containers.capacity() * size_of::<Container>()
            + self.depths.capacity() * size_of::<u32>()
    }

    fn shown(&self, range: Range<usize>, max_bytes: usize) -> (&str, bool) {
        let end = range.end.min(range.start.saturating_add(max_bytes));
        let shown = self.text.get(range.start..self.text.floor_char_boundary(end));
        (shown.unwrap_or_default(), end < range.end)
    }

    fn is_close(&self, index: usize) -> bool {
        let start = self.starts.get(index).map(|start| *start as usize);
        let first = start.and_then(|start| self.text.as_bytes().get(start));
        matches!(first, Some(b'}' | b']'))
    }

    fn depth(&self, index: usize) -> u32 {
        let known = index / DEPTH_STEP;
        let from = known * DEPTH_STEP;
        let opens_before = |line: usize| {
            self.containers.partition_point(|container| (container.open as usize) < line)
        };
        let opened = opens_before(index) - opens_before(from);
        let closed = (from + 1..=index).filter(|line| self.is_close(*line)).count();
        let depth = self.depths.get(known).map_or(0, |depth| *depth as usize);
        // No deeper than the text is long.
        u32::try_from(depth + opened - closed.min(depth + opened)).unwrap_or(u32::MAX)
    }
}

impl JsonError {
    fn new(text: &[u8], offset: usize, kind: JsonErrorKind) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
        // The bytes that begin a character.
        let in_line = before.get(start..).unwrap_or_default();
        let column = in_line.iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1;
        Self { offset, line, column, kind }
    }
}

/// What is wrong, and where.
type Failure = (usize, JsonErrorKind);

/// Goes through a text from its start to its end. What it is in stands on a stack of its own, as that
/// of the program would overflow.
struct Index<'a> {
    bytes: &'a [u8],
    at: usize,
    starts: Vec<u32>,
    containers: Vec<Container>,
    depths: Vec<u32>,
}

impl Index<'_> {
    fn read(&mut self) -> Result<(), Failure> {
        // The containers that are open: an index in `containers`, doubled, and 1 for an object.
        let mut stack: Vec<u32> = Vec::new();
        loop {
            // A value, with its key in an object.
            let is_in_object = stack.last().is_some_and(|top| top & 1 == 1);
            self.skip_space();
            self.push_line(if is_in_object { HAS_KEY } else { 0 }, stack.len());
            if is_in_object {
                if self.peek() != Some(b'"') {
                    return Err(self.expected(JsonErrorKind::ExpectedKey));
                }
                self.string()?;
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(self.expected(JsonErrorKind::ExpectedColon));
                }
                self.at += 1;
                self.skip_space();
            }
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    self.at += 1;
                    self.skip_space();
                    let is_object = open == b'{';
                    if self.peek() == Some(if is_object { b'}' } else { b']' }) {
                        self.at += 1;
                    } else {
                        // There are fewer than `MAX_JSON_BYTES`.
                        let count = u32::try_from(self.containers.len()).unwrap_or(u32::MAX / 2);
                        stack.push(count << 1 | u32::from(is_object));
                        let open = self.line_count() - 1;
                        self.containers.push(Container { open, close: open });
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                _ => return Err(self.expected(JsonErrorKind::ExpectedValue)),
            }
            // What comes behind it: brackets that close, and a comma.
            loop {
                self.skip_space();
                let Some(top) = stack.last() else {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => Err((self.at, JsonErrorKind::TrailingText)),
                    };
                };
                let close = if top & 1 == 1 { b'}' } else { b']' };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        break;
                    }
                    Some(byte) if byte == close => {
                        self.push_line(0, stack.len() - 1);
                        let line = self.line_count() - 1;
                        if let Some(container) = self.containers.get_mut((top >> 1) as usize) {
                            container.close = line;
                        }
                        self.at += 1;
                        stack.pop();
                    }
                    _ => return Err(self.expected(JsonErrorKind::ExpectedComma)),
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expected(&self, kind: JsonErrorKind) -> Failure {
        let kind = if self.peek().is_none() { JsonErrorKind::UnexpectedEnd } else { kind };
        (self.at, kind)
    }

    fn push_line(&mut self, key: u32, depth: usize) {
        if self.starts.len().is_multiple_of(DEPTH_STEP) {
            self.depths.push(u32::try_from(depth).unwrap_or(u32::MAX));
        }
        // Below `MAX_JSON_BYTES`.
        self.starts.push(u32::try_from(self.at).unwrap_or_default() | key);
    }

    fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    fn skip_space(&mut self) {
        self.at = skip_space(self.bytes, self.at);
    }

    fn string(&mut self) -> Result<(), Failure> {
        let mut at = self.at + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    at += match self.bytes.get(at + 1) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                        Some(b'u') => {
                            let digits = self.bytes.get(at + 2..at + 6);
                            let is_right =
                                digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
                            if !is_right {
                                return Err((at, JsonErrorKind::WrongEscape));
                            }
                            6
                        }
                        Some(_) => return Err((at, JsonErrorKind::WrongEscape)),
                        None => return Err((self.bytes.len(), JsonErrorKind::UnexpectedEnd)),
                    }
                }
                Some(0..0x20) => return Err((at, JsonErrorKind::ControlInString)),
                Some(_) => at += 1,
                None => return Err((at, JsonErrorKind::UnexpectedEnd)),
            }
        }
    }

    fn number(&mut self) -> Result<(), Failure> {
        let start = self.at;
        let mut at = start + usize::from(self.peek() == Some(b'-'));
        let digits = |at: &mut usize| {
            let start = *at;
            while self.bytes.get(*at).is_some_and(u8::is_ascii_digit) {
                *at += 1;
            }
            *at > start
        };
        let is_zero = self.bytes.get(at) == Some(&b'0');
        let mut is_right = if is_zero {
            at += 1;
            true
        } else {
            digits(&mut at)
        };
        if self.bytes.get(at) == Some(&b'.') {
            at += 1;
            is_right &= digits(&mut at);
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(self.bytes.get(at), Some(b'+' | b'-')));
            is_right &= digits(&mut at);
        }
        is_right &= at == end_of_word(self.bytes, start);
        if !is_right {
            return Err((start, JsonErrorKind::WrongNumber));
        }
        self.at = at;
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Failure> {
        let end = end_of_word(self.bytes, self.at);
        if self.bytes.get(self.at..end) != Some(word) {
            return Err((self.at, JsonErrorKind::ExpectedValue));
        }
        self.at = end;
        Ok(())
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Behind a number or a word.
fn end_of_word(bytes: &[u8], mut at: usize) -> usize {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    while bytes.get(at).is_some_and(is_word) {
        at += 1;
    }
    at
}

/// Behind the quote that ends the string that begins here.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Which objects and arrays of a [`JsonView`] are folded, and which lines are then seen. It belongs to one
/// view.
#[derive(Clone, Debug, Default)]
pub struct JsonFolds {
    /// The lines that are folded, in ascending order, also those in others.
    folded: Vec<usize>,
    /// Of them those that are in no other.
    outer: Vec<OuterFold>,
}

#[derive(Clone, Copy, Debug)]
struct OuterFold {
    open: usize,
    close: usize,
    /// How many lines the folds before it hide.
    hidden_before: usize,
}

impl JsonFolds {
    /// Folds what this line opens, or unfolds it. Lines that open nothing are passed over.
    pub fn toggle(&mut self, view: &JsonView, line: usize) {
        if view.close_of(line).is_none() {
            return;
        }
        match self.folded.binary_search(&line) {
            Ok(at) => drop(self.folded.remove(at)),
            Err(at) => self.folded.insert(at, line),
        }
        self.find_outer(view);
    }

    /// Folds everything that is in at least so many others: with 1 the first level is seen.
    pub fn fold_from(&mut self, view: &JsonView, depth: u32) {
        let opens = view.containers.iter().map(|container| container.open as usize);
        self.folded = opens.filter(|open| view.depth(*open) >= depth).collect();
        self.find_outer(view);
    }

    /// Unfolds everything.
    pub fn unfold_all(&mut self) {
        *self = Self::default();
    }

    /// Whether what this line opens is folded.
    #[must_use]
    pub fn is_folded(&self, line: usize) -> bool {
        self.folded.binary_search(&line).is_ok()
    }

    /// How many lines are seen.
    #[must_use]
    pub fn visible_count(&self, view: &JsonView) -> usize {
        let hidden = self.outer.last().map_or(0, |last| last.hidden_before + last.hidden());
        view.line_count() - hidden.min(view.line_count())
    }

    /// The line that is seen in this place.
    #[must_use]
    pub fn line_at(&self, place: usize) -> usize {
        // The last fold that begins above it.
        let above = self.outer.partition_point(|fold| fold.open - fold.hidden_before < place);
        let fold = above.checked_sub(1).and_then(|last| self.outer.get(last));
        place + fold.map_or(0, |fold| fold.hidden_before + fold.hidden())
    }

    /// In which place this line is seen, or the fold that hides it.
    #[must_use]
    pub fn place_of(&self, line: usize) -> usize {
        let above = self.outer.partition_point(|fold| fold.open < line);
        match above.checked_sub(1).and_then(|last| self.outer.get(last)) {
            None => line,
            Some(fold) if line <= fold.close => fold.open - fold.hidden_before,
            Some(fold) => line - fold.hidden_before - fold.hidden(),
        }
    }

    fn find_outer(&mut self, view: &JsonView) {
        self.outer.clear();
        let mut hidden_before = 0;
        let mut end = 0;
        for open in &self.folded {
            let Some(close) = view.close_of(*open).filter(|_| *open >= end) else { continue };
            let fold = OuterFold { open: *open, close, hidden_before };
            hidden_before += fold.hidden();
            end = close;
            self.outer.push(fold);
        }
    }
}

impl OuterFold {
    fn hidden(self) -> usize {
        self.close - self.open
    }
}
