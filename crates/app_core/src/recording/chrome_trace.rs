//! Writes a recording as a trace that Perfetto and Chrome's own viewers (its performance panel, `chrome://tracing`) open.
//!
//! It is Chrome's *trace event format*, as one object of JSON. Each stage is a track, in the order in which
//! events pass them:
//!
//! | track | what is on it | phase |
//! | --- | --- | --- |
//! | Socket | a message has arrived | `i`, an instant |
//! | Mailbox | a message waits there; many do at once | `b` and `e`, a nestable span |
//! | Waker | the stream has asked for a frame | `i` |
//! | Frame | a frame, until it was drawn | `X`, a span; `i` while the window is hidden |
//! | Snapshot | a rebuild takes its events in | `X` |
//! | Screen | from the snapshot until it was drawn | `X` |
//! | State | what the stream is, until that changes | `X` |
//!
//! Times are microseconds since the recording began, with three places after the point: nanoseconds. The names
//! of tracks are those of [`Stage`], in English, as whoever writes to a colleague about a trace will use them.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use super::{Content, EventKind, FrameRow, NEVER, Recording, Stage, StreamState, time};

/// How long a piece is, in bytes, and one row more.
const PIECE_BYTES: usize = 64 << 10;

/// The one process that there is.
const PROCESS: u32 = 1;

/// The track of the snapshot's states comes behind the stages.
const STATE_TRACK: usize = Stage::ALL.len() + 1;

/// The pieces of a trace, in order, so that no frame waits for the whole of it. What the recording becomes
/// after this was made is not in it.
#[derive(Debug)]
pub struct ChromeTrace {
    recording: Recording,
    /// The place in [`Part::ALL`].
    part: usize,
    /// What of each part is still to be written.
    rows: [Range<u64>; Part::ALL.len()],
    is_begun: bool,
    is_ended: bool,
}

/// What is written, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Events,
    Wakes,
    Frames,
    Rebuilds,
    States,
}

impl Part {
    const ALL: [Self; 5] = [Self::Events, Self::Wakes, Self::Frames, Self::Rebuilds, Self::States];

    /// The numbers of its rows, counted from 0.
    fn rows(self, run: &Recording) -> Range<u64> {
        match self {
            Self::Events => run.events.first() - 1..run.events.end(),
            Self::Wakes => run.wakes.first()..run.wakes.end(),
            Self::Frames => run.frames.first()..run.frames.end(),
            Self::Rebuilds => run.rebuilds.first()..run.rebuilds.end(),
            Self::States => run.states.first()..run.states.end(),
        }
    }
}

impl ChromeTrace {
    /// Of this recording, as it is now.
    #[must_use]
    pub fn new(recording: &Recording) -> Self {
        let rows = Part::ALL.map(|part| part.rows(recording));
        Self { recording: recording.clone(), part: 0, rows, is_begun: false, is_ended: false }
    }

    /// How many rows are written, of how many.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let lengths = |rows: &Range<u64>| rows.end - rows.start;
        let all: u64 = Part::ALL.iter().map(|part| lengths(&part.rows(&self.recording))).sum();
        (all - self.rows.iter().map(lengths).sum::<u64>(), all)
    }

    /// `None` is a row that the recording no longer has.
    fn write_row(&self, part: Part, row: u64, line: &mut Line<'_>) -> Option<()> {
        let run = &self.recording;
        match part {
            Part::Events => line.event(&run.event(row + 1)?),
            Part::Wakes => line.instant(Stage::Waker, "wake", time(run.wakes.get(row)?.at), "{}"),
            Part::Frames => line.frame(run.frames.get(row)?),
            Part::Rebuilds => line.rebuild(&run.rebuild(row + 1)?),
            Part::States => {
                let end = run.states.get(row + 1).map_or(run.last(), |next| time(next.since));
                line.state(&run.states.get(row)?.public(), end);
            }
        }
        Some(())
    }
}

impl Iterator for ChromeTrace {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut text = String::new();
        if !std::mem::replace(&mut self.is_begun, true) {
            Line { text: &mut text, began: self.recording.began() }.head();
        }
        while text.len() < PIECE_BYTES
            && let Some(part) = Part::ALL.get(self.part)
        {
            match self.rows[self.part].next() {
                Some(row) => {
                    let mut line = Line { text: &mut text, began: self.recording.began() };
                    self.write_row(*part, row, &mut line);
                }
                None => self.part += 1,
            }
        }
        if self.part == Part::ALL.len() && !std::mem::replace(&mut self.is_ended, true) {
            text.push_str("\n]}\n");
        }
        Some(text).filter(|text| !text.is_empty())
    }
}

/// Writes lines. Writing to a `String` does not fail.
struct Line<'a> {
    text: &'a mut String,
    /// From when on times count.
    began: Duration,
}

impl Line<'_> {
    fn head(&mut self) {
        self.text.push_str("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n");
        let process = "\"name\":\"process_name\",\"args\":{\"name\":\"websocket-echo\"}";
        let _ = write!(self.text, "{{\"ph\":\"M\",\"pid\":{PROCESS},\"tid\":0,{process}}}");
        let names = Stage::ALL.map(|stage| (track(stage), name(stage)));
        for (track, name) in names.into_iter().chain([(STATE_TRACK, "State")]) {
            for (what, value) in [
                ("thread_name", format!("\"name\":\"{name}\"")),
                ("thread_sort_index", format!("\"sort_index\":{track}")),
            ] {
                let _ = write!(
                    self.text,
                    ",\n{{\"ph\":\"M\",\"pid\":{PROCESS},\"tid\":{track},\"name\":\"{what}\",\"args\":{{{value}}}}}"
                );
            }
        }
    }

    /// The beginning of a line: what, where and when.
    fn begin(&mut self, phase: &str, track: usize, name: &str, at: Duration) {
        let (name, ts) = (json(name), micros(at.saturating_sub(self.began)));
        let _ = write!(
            self.text,
            ",\n{{\"ph\":\"{phase}\",\"pid\":{PROCESS},\"tid\":{track},\"name\":{name},\"ts\":{ts}"
        );
    }

    fn instant(&mut self, stage: Stage, name: &str, at: Duration, args: &str) {
        self.begin("i", track(stage), name, at);
        let _ = write!(self.text, ",\"s\":\"t\",\"args\":{args}}}");
    }

    fn span(&mut self, track: usize, name: &str, [from, to]: [Duration; 2], args: &str) {
        self.begin("X", track, name, from);
        let _ = write!(self.text, ",\"dur\":{},\"args\":{args}}}", micros(to.saturating_sub(from)));
    }

    fn event(&mut self, event: &super::RecordedEvent<'_>) {
        let name = event_name(event);
        let content = match event.content {
            Content::Text(text) => json(text),
            Content::Bytes(bytes) => {
                let mut hex = String::new();
                for byte in bytes {
                    let _ = write!(hex, "{byte:02x}");
                }
                json(&hex)
            }
        };
        let args = format!(
            "{{\"event\":{},\"bytes\":{},\"begins\":{content}}}",
            event.number, event.bytes
        );
        if let Some(arrived) = event.arrived {
            self.instant(Stage::Socket, &name, arrived, &args);
        }
        if let Some(queued) = event.queued {
            // Who puts a message in says so before or after the reader has it, by a hair.
            for (phase, at) in [("b", queued.min(event.taken)), ("e", event.taken)] {
                self.begin(phase, track(Stage::Mailbox), &name, at);
                let _ = write!(
                    self.text,
                    ",\"cat\":\"mailbox\",\"id\":{},\"args\":{{}}}}",
                    event.number
                );
            }
        }
    }

    fn frame(&mut self, frame: &FrameRow) {
        let began = time(frame.began);
        let (name, args) =
            (format!("frame {}", frame.number), format!("{{\"frame\":{}}}", frame.number));
        match frame.drawn {
            NEVER => self.instant(Stage::Frame, &name, began, &args),
            drawn => self.span(track(Stage::Frame), &name, [began, time(drawn)], &args),
        }
    }

    fn rebuild(&mut self, rebuild: &super::Rebuild) {
        let name = format!("rebuild {}", rebuild.number);
        let budget_left = rebuild.budget_left.map_or("null".to_owned(), micros);
        let args = format!(
            "{{\"rebuild\":{},\"events\":{},\"first event\":{},\"last event\":{},\
             \"budget left, µs\":{budget_left},\"budget used up\":{},\"idle frames before\":{}}}",
            rebuild.number,
            rebuild.events,
            rebuild.first_event,
            rebuild.last_event(),
            rebuild.is_cut,
            rebuild.idle_frames,
        );
        self.span(track(Stage::Snapshot), &name, [rebuild.frame, rebuild.snapshot], &args);
        if let Some(drawn) = rebuild.drawn {
            let args = format!("{{\"event\":{}}}", rebuild.last_event());
            self.span(track(Stage::Screen), &name, [rebuild.snapshot, drawn], &args);
        }
    }

    fn state(&mut self, state: &super::SnapshotState, end: Duration) {
        let name = match state.stream {
            StreamState::None => "none",
            StreamState::Waiting => "waiting",
            StreamState::Active => "active",
            StreamState::Done => "done",
        };
        let has = match state.has_data {
            Some(true) => "\"data\"",
            Some(false) => "\"an error\"",
            None => "null",
        };
        self.span(STATE_TRACK, name, [state.since, end], &format!("{{\"has\":{has}}}"));
    }
}

/// The track of a stage, counted from 1: some viewers take 0 for the process.
fn track(stage: Stage) -> usize {
    Stage::ALL.iter().position(|known| *known == stage).unwrap_or_default() + 1
}

/// What an event is called on a track.
pub(super) fn event_name(event: &super::RecordedEvent<'_>) -> String {
    let kind = match event.kind {
        EventKind::Data => "data",
        EventKind::Error => "error",
        EventKind::Done => "done",
    };
    format!("{kind} {}", event.number)
}

/// What the track of a stage is called.
pub(super) fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Socket => "Socket",
        Stage::Mailbox => "Mailbox",
        Stage::Waker => "Waker",
        Stage::Frame => "Frame",
        Stage::Snapshot => "Snapshot",
        Stage::Screen => "Screen",
    }
}

fn micros(time: Duration) -> String {
    let ns = time.as_nanos();
    format!("{}.{:03}", ns / 1000, ns % 1000)
}

fn json(text: &str) -> String {
    // Text can always be written.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::recording::Taken;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn trace(recording: &Recording) -> Vec<Value> {
        let text: String = ChromeTrace::new(recording).collect();
        let Value::Object(mut trace) = serde_json::from_str(&text).expect(&text) else {
            unreachable!("{text}")
        };
        assert_eq!(trace["displayTimeUnit"], "ms");
        match trace.remove("traceEvents") {
            Some(Value::Array(events)) => events,
            other => unreachable!("{other:?}"),
        }
    }

    /// What the format asks of every event, by its phase.
    #[track_caller]
    fn check(events: &[Value]) {
        let mut waiting = BTreeMap::new();
        for event in events {
            assert_eq!(event["pid"], PROCESS, "{event}");
            assert!(event["tid"].is_u64() && event["name"].is_string(), "{event}");
            assert!(event["args"].is_object(), "{event}");
            let phase = event["ph"].as_str().expect("a phase");
            if phase != "M" {
                assert!(event["ts"].as_f64().is_some_and(|ts| ts >= 0.0), "{event}");
            }
            match phase {
                "M" => {
                    let known = ["process_name", "thread_name", "thread_sort_index"];
                    assert!(known.contains(&event["name"].as_str().unwrap_or_default()), "{event}");
                }
                "i" => assert_eq!(event["s"], "t", "{event}"),
                "X" => assert!(event["dur"].as_f64().is_some_and(|dur| dur >= 0.0), "{event}"),
                "b" => {
                    assert!(event["cat"].is_string(), "{event}");
                    let before = waiting.insert(event["id"].to_string(), event["ts"].as_f64());
                    assert_eq!(before, None, "{event}");
                }
                "e" => {
                    let began = waiting.remove(&event["id"].to_string());
                    assert!(began.is_some_and(|began| began <= event["ts"].as_f64()), "{event}");
                }
                _ => unreachable!("{event}"),
            }
        }
        assert!(waiting.is_empty(), "{waiting:?}");
    }

    /// Two messages, of which one frame draws the second.
    fn coalesced() -> Recording {
        let mut run = Recording::new(ms(100));
        run.connected(ms(100));
        run.state(ms(100), StreamState::Waiting, None);
        run.arrived(ms(103));
        run.arrived(ms(104));
        run.queued(ms(104));
        run.woken(ms(105));
        run.frame(ms(116));
        run.taken(ms(116), Taken::text("\"grape\"\n"));
        run.taken(ms(117), Taken::binary(&[0, 255]));
        run.updated(ms(117), false, Some(ms(3)));
        run.state(ms(117), StreamState::Active, Some(true));
        run.drawn(ms(120));
        run
    }

    #[test]
    fn each_stage_is_on_its_track() {
        let events = trace(&coalesced());
        check(&events);
        let seen: Vec<String> = events
            .iter()
            .filter(|event| event["ph"] != "M")
            .map(|event| {
                let [phase, name] = ["ph", "name"].map(|key| event[key].as_str().unwrap_or("?"));
                let (ts, dur) = (event["ts"].as_f64().unwrap_or(-1.0), event["dur"].as_f64());
                let dur = dur.map_or(String::new(), |dur| format!(" for {dur}"));
                format!("{} {phase} {name} at {ts}{dur}", event["tid"])
            })
            .collect();
        assert_eq!(
            seen,
            [
                "1 i data 1 at 3000",
                "2 b data 1 at 4000",
                "2 e data 1 at 16000",
                "1 i data 2 at 4000",
                "2 b data 2 at 4000",
                "2 e data 2 at 17000",
                "3 i wake at 5000",
                "4 X frame 1 at 16000 for 4000",
                "5 X rebuild 1 at 16000 for 1000",
                "6 X rebuild 1 at 17000 for 3000",
                "7 X waiting at 0 for 17000",
                "7 X active at 17000 for 3000",
            ]
        );
        let with_content = events.iter().filter(|event| !event["args"]["begins"].is_null());
        let contents: Vec<&str> =
            with_content.filter_map(|event| event["args"]["begins"].as_str()).collect();
        assert_eq!(contents, ["\"grape\"\n", "00ff"]);
    }

    #[test]
    fn empty_recording_has_its_tracks() {
        let events = trace(&Recording::new(ms(7)));
        check(&events);
        let names: Vec<&str> = events
            .iter()
            .filter(|event| event["name"] == "thread_name")
            .filter_map(|event| event["args"]["name"].as_str())
            .collect();
        assert_eq!(names, ["Socket", "Mailbox", "Waker", "Frame", "Snapshot", "Screen", "State"]);
    }

    #[test]
    fn long_recordings_come_in_pieces() {
        let mut run = Recording::new(ms(0));
        run.connected(ms(0));
        for number in 0..5_000 {
            run.arrived(ms(number));
            run.queued(ms(number));
            run.woken(ms(number));
            run.frame(ms(number));
            run.taken(ms(number), Taken::text("raisin"));
            run.updated(ms(number), false, None);
            // Every second frame is one of a hidden window.
            if number % 2 == 0 {
                run.drawn(ms(number));
            }
        }
        let mut writer = ChromeTrace::new(&run);
        let (mut pieces, mut longest) = (0, 0);
        for piece in writer.by_ref() {
            pieces += 1;
            longest = longest.max(piece.len());
        }
        assert!(pieces > 10 && longest < 2 * PIECE_BYTES, "{pieces} of at most {longest} bytes");
        let (written, all) = writer.progress();
        assert_eq!(written, all);
        let events = trace(&run);
        check(&events);
        assert_eq!(events.iter().filter(|event| event["ph"] == "b").count(), 5_000);
    }
}
