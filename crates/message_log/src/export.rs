//! Writes rows to a file, piece by piece, in one of several formats.

use crate::har::HarFormat;
use crate::json_lines::JsonLinesFormat;
use crate::log::Rows;
use crate::plain_text::PlainTextFormat;
use crate::preview::push_harmless;
use crate::progress::Progress;
use crate::row::{Content, Row};
use crate::row_set::RowSet;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lossless, a row a line: see [`json_lines`](crate::json_lines).
    JsonLines,
    /// As Chrome writes it, for tools that read it: see [`har`](crate::har).
    Har,
    /// For people, a row a line. Bytes are shortened, and nobody reads it back.
    PlainText,
}

/// A file that is being written. It is an iterator over pieces of the file, most of them some 64 KiB
/// long and none above 512 KiB, so that a million rows need no more memory than the rows themselves. A
/// piece is empty where there was nothing to write for many rows. Dropping it ends it.
pub struct Export {
    rows: Rows,
    only: Option<RowSet>,
    format: Box<dyn RowFormat + Send>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Head,
    /// The row of this number comes next.
    Row(u64),
    /// Its body, from this byte of the payload on.
    Body(u64, usize, Encoding),
    Done,
}

/// How a payload is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// What is between the quotes of a string in JSON.
    JsonText,
    Base64,
    /// Text that does nothing to its neighbours.
    Harmless,
}

/// What is written around the payloads.
pub(crate) trait RowFormat {
    fn begin_file(&mut self, out: &mut String, rows: &Rows);
    /// Writes what comes before the payload, and says how that is written, if at all.
    fn begin_row(&mut self, out: &mut String, row: &Row<'_>) -> Option<Encoding>;
    fn end_row(&mut self, out: &mut String, row: &Row<'_>);
    /// Hears of a row that is not to be written.
    fn pass_over(&mut self, _out: &mut String, _row: &Row<'_>) {}
    fn end_file(&mut self, _out: &mut String) {}
}

/// When a piece is long enough.
const PIECE: usize = 64 << 10;

/// How much of a payload is written at once: whole groups of base64. Text grows up to sixfold.
const BODY: usize = 48 << 10;

impl Export {
    /// All of these rows, or only those of them that are in the set.
    #[must_use]
    pub fn new(format: Format, rows: Rows, only: Option<RowSet>) -> Self {
        let format: Box<dyn RowFormat + Send> = match format {
            Format::JsonLines => Box::new(JsonLinesFormat),
            Format::Har => Box::new(HarFormat::default()),
            Format::PlainText => Box::new(PlainTextFormat::default()),
        };
        Self { rows, only, format, stage: Stage::Head }
    }

    /// How far it has come in the rows, written or passed over.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let range = self.rows.range();
        let next = match self.stage {
            Stage::Head => range.start,
            Stage::Row(number) | Stage::Body(number, ..) => number,
            Stage::Done => range.end,
        };
        Progress { done: next - range.start, rows: self.rows.len() }
    }

    fn step(&mut self, out: &mut String) {
        self.stage = match self.stage {
            Stage::Head => {
                self.format.begin_file(out, &self.rows);
                Stage::Row(self.rows.range().start)
            }
            Stage::Row(number) => match self.rows.get(number) {
                Some(row) if self.only.as_ref().is_some_and(|only| !only.contains(number)) => {
                    self.format.pass_over(out, &row);
                    Stage::Row(number + 1)
                }
                Some(row) => match self.format.begin_row(out, &row) {
                    Some(encoding) => Stage::Body(number, 0, encoding),
                    None => {
                        self.format.end_row(out, &row);
                        Stage::Row(number + 1)
                    }
                },
                None => {
                    self.format.end_file(out);
                    Stage::Done
                }
            },
            Stage::Body(number, from, encoding) => match self.rows.get(number) {
                Some(row) => {
                    let next = push_body(out, row.content, from, encoding);
                    if next < row.size() {
                        Stage::Body(number, next, encoding)
                    } else {
                        self.format.end_row(out, &row);
                        Stage::Row(number + 1)
                    }
                }
                None => Stage::Row(number + 1),
            },
            Stage::Done => Stage::Done,
        };
    }
}

impl Iterator for Export {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        /// So that what is among few of many rows can be cancelled too.
        const MAX_STEPS: usize = 1 << 16;
        if matches!(self.stage, Stage::Done) {
            return None;
        }
        let mut piece = String::new();
        for _ in 0..MAX_STEPS {
            if piece.len() >= PIECE || matches!(self.stage, Stage::Done) {
                break;
            }
            self.step(&mut piece);
        }
        Some(piece.into_bytes())
    }
}

/// Writes a part of a payload, and gives where the next one begins.
fn push_body(out: &mut String, content: Content<'_>, from: usize, encoding: Encoding) -> usize {
    match content {
        Content::Text(text) => {
            let end = text.floor_char_boundary(from.saturating_add(BODY));
            let part = text.get(from..end).unwrap_or_default();
            match encoding {
                Encoding::JsonText => push_json(out, part),
                Encoding::Harmless => push_harmless(out, part),
                Encoding::Base64 => push_base64(out, part.as_bytes()),
            }
            end
        }
        Content::Binary(bytes) => {
            let end = from.saturating_add(BODY).min(bytes.len());
            push_base64(out, bytes.get(from..end).unwrap_or_default());
            end
        }
        Content::Event(_) => 0,
    }
}

fn push_base64(out: &mut String, bytes: &[u8]) {
    data_encoding::BASE64.encode_append(bytes, out);
}

/// Writes a string in JSON without its quotes.
pub(crate) fn push_json(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\')) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let Some(c) = after.chars().next() else { break };
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
        rest = after.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Writes a string in JSON.
pub(crate) fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    push_json(out, text);
    out.push('"');
}
