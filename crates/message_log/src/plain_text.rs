//! Rows as text for people: one a line, with nothing in it that could do harm in a terminal.

use std::fmt::Write as _;
use std::time::Duration;

use crate::civil_time::iso;
use crate::export::{Encoding, RowFormat};
use crate::log::Rows;
use crate::preview::{harmless, push_hex, words};
use crate::row::{Content, Delivery, Direction, Row};

/// Of how many bytes of a message the hex is written.
const HEX_BYTES: usize = 256;

#[derive(Default)]
pub(crate) struct PlainTextFormat {
    started: Duration,
}

impl RowFormat for PlainTextFormat {
    fn begin_file(&mut self, _: &mut String, rows: &Rows) {
        self.started = rows.started();
    }

    fn begin_row(&mut self, out: &mut String, row: &Row<'_>) -> Option<Encoding> {
        out.push_str(&iso(self.started.saturating_add(row.time), 6));
        out.push_str(match row.direction {
            Direction::Sent => "  sent      ",
            Direction::Received => "  received  ",
            Direction::None => "  event     ",
        });
        out.push_str(match row.delivery {
            Some(Delivery::Waiting) => "(waiting)  ",
            Some(Delivery::InDoubt) => "(in doubt)  ",
            Some(Delivery::TakenBack) => "(taken back)  ",
            Some(Delivery::Sent) | None => "",
        });
        match row.content {
            Content::Text(_) => return Some(Encoding::Harmless),
            Content::Binary(bytes) => {
                // Writing to a string can't fail.
                let _ = write!(out, "({} B)  ", bytes.len());
                push_hex(out, bytes.get(..HEX_BYTES).unwrap_or(bytes));
                if bytes.len() > HEX_BYTES {
                    out.push_str(" …");
                }
            }
            Content::Event(event) => out.push_str(&harmless(&words(event))),
        }
        None
    }

    fn end_row(&mut self, out: &mut String, _: &Row<'_>) {
        out.push('\n');
    }
}
