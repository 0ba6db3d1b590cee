//! The stages as tracks in the performance panel of a browser's developer tools, beside the browser's own frames.
//!
//! A page adds to these tracks by `performance.measure` with a `detail.devtools`, which Chrome documents as the
//! extensibility of its performance panel. Here is what is measured of a rebuild, as plain values; who runs in a
//! browser hands them over. The tracks are those of the [trace](super::ChromeTrace) that is saved as a file.

use std::time::Duration;

use serde_json::{Value, json};

use super::chrome_trace::{event_name, name};
use super::{Rebuild, Recording, Stage};

/// Under which name the tracks are folded together.
pub const TRACK_GROUP: &str = "StreamBuilder";

/// How many events of one rebuild are measured: the first ones and the last, which is the one that is drawn. A
/// burst is one rebuild of thousands, and the panel of the browser keeps them all.
const EVENTS: u64 = 4;

/// Some time of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageSpan {
    /// On whose track it is.
    pub stage: Stage,
    /// What it is called there.
    pub name: String,
    /// When it began, by the recording's clock.
    pub from: Duration,
    /// When it ended.
    pub to: Duration,
}

impl StageSpan {
    /// The second argument of `performance.measure`, as JSON. `clock` is what is added to a time of the recording
    /// to have the page's own, in milliseconds.
    #[must_use]
    pub fn measure_options(&self, clock: f64) -> String {
        // A negative time is an error.
        let ms = |time: Duration| (time.as_secs_f64() * 1e3 + clock).max(0.0);
        let options: Value = json!({
            "start": ms(self.from),
            "end": ms(self.to),
            "detail": { "devtools": {
                "dataType": "track-entry",
                "trackGroup": TRACK_GROUP,
                "track": name(self.stage),
                "color": color(self.stage),
            } },
        });
        options.to_string()
    }
}

impl Recording {
    /// What a rebuild that was drawn adds to the tracks, some of its events and never more than a dozen.
    #[must_use]
    pub fn stage_spans(&self, rebuild: &Rebuild) -> Vec<StageSpan> {
        let mut spans = Vec::new();
        let mut add = |stage, name: String, from: Option<Duration>, to: Option<Duration>| {
            if let (Some(from), Some(to)) = (from, to) {
                spans.push(StageSpan { stage, name, from, to: to.max(from) });
            }
        };
        let last = rebuild.last_event();
        let first_ones = rebuild.first_event..last.min(rebuild.first_event + EVENTS - 1);
        for event in first_ones.chain([last]).filter_map(|number| self.event(number)) {
            // Who puts a message in says so before or after the reader has it, by a hair.
            let queued = event.queued.map(|queued| queued.min(event.taken));
            let name = event_name(&event);
            add(Stage::Socket, name.clone(), event.arrived, queued);
            add(Stage::Mailbox, name, queued, Some(event.taken));
        }
        let woken = rebuild.woken.filter(|woken| *woken <= rebuild.frame);
        let number = rebuild.number;
        let name = format!("rebuild {number}: {} events", rebuild.events);
        add(Stage::Waker, format!("wake for rebuild {number}"), woken, Some(rebuild.frame));
        add(Stage::Frame, format!("frame of rebuild {number}"), Some(rebuild.frame), rebuild.drawn);
        add(Stage::Snapshot, name.clone(), Some(rebuild.frame), Some(rebuild.snapshot));
        add(Stage::Screen, name, Some(rebuild.snapshot), rebuild.drawn);
        spans
    }
}

/// One of the colours that Chrome has for tracks.
fn color(stage: Stage) -> &'static str {
    match stage {
        Stage::Socket => "tertiary-light",
        Stage::Mailbox => "tertiary",
        Stage::Waker => "error",
        Stage::Frame => "secondary",
        Stage::Snapshot => "primary-light",
        Stage::Screen => "primary",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Taken;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// One rebuild of so many messages.
    fn run(messages: u64) -> Recording {
        let mut run = Recording::new(ms(0));
        run.connected(ms(0));
        for _ in 0..messages {
            run.arrived(ms(3));
        }
        run.queued(ms(4));
        run.woken(ms(5));
        run.frame(ms(16));
        for _ in 0..messages {
            run.taken(ms(17), Taken::text("raisin"));
        }
        run.updated(ms(18), false, None);
        run.drawn(ms(20));
        run
    }

    #[test]
    fn each_stage_is_measured_until_the_next() {
        let run = run(1);
        let spans = run.stage_spans(&run.rebuild(1).expect("there is one"));
        let found: Vec<_> = spans.iter().map(|span| (span.stage, span.from, span.to)).collect();
        let expected = [
            (Stage::Socket, ms(3), ms(4)),
            (Stage::Mailbox, ms(4), ms(17)),
            (Stage::Waker, ms(5), ms(16)),
            (Stage::Frame, ms(16), ms(20)),
            (Stage::Snapshot, ms(16), ms(18)),
            (Stage::Screen, ms(18), ms(20)),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn burst_is_measured_in_part() {
        let run = run(100_000);
        let spans = run.stage_spans(&run.rebuild(1).expect("there is one"));
        assert_eq!(spans.len(), 12, "four events twice, and the rebuild four times");
        assert!(spans.iter().any(|span| span.name == "data 100000"));
        assert!(spans.iter().any(|span| span.name == "rebuild 1: 100000 events"));
    }

    #[test]
    fn options_are_what_chrome_asks_for() {
        let span =
            StageSpan { stage: Stage::Mailbox, name: "data 1".to_owned(), from: ms(4), to: ms(17) };
        let options: Value = serde_json::from_str(&span.measure_options(100.5)).expect("JSON");
        assert_eq!((&options["start"], &options["end"]), (&json!(104.5), &json!(117.5)));
        let devtools = &options["detail"]["devtools"];
        assert_eq!(
            (&devtools["dataType"], &devtools["track"]),
            (&json!("track-entry"), &json!("Mailbox"))
        );
        assert_eq!(devtools["trackGroup"], TRACK_GROUP);
        let options: Value = serde_json::from_str(&span.measure_options(-10.0)).expect("JSON");
        assert_eq!((&options["start"], &options["end"]), (&json!(0.0), &json!(7.0)));
    }
}
