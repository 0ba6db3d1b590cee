//! Writes a recording to its [file](super::file), piece by piece, so that no frame waits for the whole of it.

use std::fmt::Write as _;

use super::file::{FORMAT, VERSION};
use super::{Content, NEVER, Recording};

/// How many rows a piece has.
const PIECE: u64 = 1024;

/// The pieces of a file, in order. What the recording becomes after this was made is not in it.
#[derive(Debug)]
pub struct FileWriter {
    recording: Recording,
    /// Which list is next, and which row of it.
    list: usize,
    row: u64,
    written: u64,
}

const LISTS: [&str; 8] =
    ["connections", "events", "waiting", "rebuilds", "frames", "wakes", "states", "problems"];

impl FileWriter {
    /// Of this recording, as it is now.
    #[must_use]
    pub fn new(recording: &Recording) -> Self {
        Self { recording: recording.clone(), list: 0, row: 0, written: 0 }
    }

    /// How many rows are written, of how many.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let all = (0..LISTS.len()).map(|list| {
            let (first, end) = self.range(list);
            end - first
        });
        (self.written, all.sum())
    }

    /// The numbers of the rows of a list: the first, and the one after the last.
    fn range(&self, list: usize) -> (u64, u64) {
        let run = &self.recording;
        match list {
            0 => (run.connections.first(), run.connections.end()),
            1 => (run.events.first() - 1, run.events.end()),
            2 => (0, run.waiting.len() as u64),
            3 => (run.rebuilds.first(), run.rebuilds.end()),
            4 => (run.frames.first(), run.frames.end()),
            5 => (run.wakes.first(), run.wakes.end()),
            6 => (run.states.first(), run.states.end()),
            _ => (run.problems.first(), run.problems.end()),
        }
    }

    fn head(&self) -> String {
        let run = &self.recording;
        let (format, version) = (FORMAT, VERSION);
        let (began, last, dropped) = (run.began, run.last, run.dropped());
        let mut text = format!(
            "{{\n\"format\": \"{format}\",\n\"version\": {version},\n\"began\": {began},\n\
             \"last\": {last},\n\
             \"dropped\": {{\"events\": {}, \"others\": {}, \"rebuilds\": {}, \"frames\": {}, \
             \"wakes\": {}, \"states\": {}, \"problems\": {}, \"connections\": {}}},\n\"shown\": ",
            dropped.events,
            run.events.others_forgotten(),
            dropped.rebuilds,
            dropped.frames,
            dropped.wakes,
            dropped.states,
            run.problems.first(),
            run.connections.first(),
        );
        match &run.shown_before {
            None => text.push_str("null"),
            Some(shown) => {
                let (kind, bytes) = (json(&shown.kind), shown.bytes);
                // Writing to a `String` does not fail.
                let _ = write!(text, "[{kind}, {bytes}, {}]", content(shown.content()));
            }
        }
        text
    }

    fn write_row(&self, text: &mut String, number: u64) -> Option<()> {
        let run = &self.recording;
        let drawn = |at: u64| time((at != NEVER).then_some(at));
        let _ = match self.list {
            0 => {
                let row = run.connections.get(number)?;
                write!(text, "[{},{},{},{}]", row.at, row.events, row.taken_before, row.abandoned)
            }
            1 => {
                let event = run.events.get(number + 1)?;
                let [arrived, queued] =
                    [event.arrived, event.queued].map(|at| time(at.map(super::ns)));
                let (kind, taken) = (json(&event.kind), super::ns(event.taken));
                let (bytes, content) = (event.bytes, content(event.content));
                write!(text, "[{kind},{arrived},{queued},{taken},{bytes},{content}]")
            }
            2 => {
                let row = run.waiting.get(usize::try_from(number).ok()?)?;
                write!(text, "[{},{},{}]", row.number, time(row.arrived), time(row.queued))
            }
            3 => {
                let row = run.rebuilds.get(number)?;
                write!(
                    text,
                    "[{},{},{},{},{},{},{},{},{},{},{}]",
                    row.first_event,
                    row.events,
                    time(row.woken),
                    row.frame,
                    row.snapshot,
                    drawn(row.drawn),
                    time(row.budget_left),
                    row.idle_frames,
                    row.most_per_frame,
                    row.shown,
                    row.is_cut
                )
            }
            4 => {
                let row = run.frames.get(number)?;
                write!(text, "[{},{},{}]", row.number, row.began, drawn(row.drawn))
            }
            5 => {
                let row = run.wakes.get(number)?;
                write!(text, "[{},{}]", row.at, row.total)
            }
            6 => {
                let row = run.states.get(number)?;
                let (stream, has_data) = (json(&row.stream), json(&row.has_data));
                write!(text, "[{},{stream},{has_data}]", row.since)
            }
            _ => {
                let row = run.problems.get(number)?;
                let said = row.problem.as_ref();
                let is_back = said.is_some_and(|(_, is_back)| *is_back);
                let said = json(&said.map(|(text, _)| text));
                write!(text, "[{},{said},{is_back}]", row.since)
            }
        };
        Some(())
    }
}

impl Iterator for FileWriter {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.list > LISTS.len() {
            return None;
        }
        let Some(name) = LISTS.get(self.list) else {
            self.list += 1;
            return Some(b"\n}\n".to_vec());
        };
        let (first, end) = self.range(self.list);
        let mut text = if self.list == 0 && self.row == 0 { self.head() } else { String::new() };
        let start = self.row.max(first);
        if self.row == 0 {
            let _ = write!(text, ",\n\"{name}\": [");
        }
        let stop = end.min(start + PIECE);
        for number in start..stop {
            text.push_str(if number == first { "\n" } else { ",\n" });
            if self.write_row(&mut text, number).is_none() {
                text.push_str("null");
            }
        }
        self.written += stop - start;
        if stop == end {
            text.push_str("\n]");
            (self.list, self.row) = (self.list + 1, 0);
        } else {
            self.row = stop;
        }
        Some(text.into_bytes())
    }
}

fn time(at: Option<u64>) -> String {
    at.map_or_else(|| "null".to_owned(), |at| at.to_string())
}

fn content(content: Content<'_>) -> String {
    match content {
        Content::Text(text) => json(text),
        Content::Bytes(bytes) => {
            let mut hex = String::from("{\"hex\":\"");
            for byte in bytes {
                let _ = write!(hex, "{byte:02x}");
            }
            hex.push_str("\"}");
            hex
        }
    }
}

/// A value that is written without errors: no map, and nothing that fails by itself.
fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
