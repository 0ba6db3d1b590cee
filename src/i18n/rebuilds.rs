//! What the rebuilds panel says, and how it writes times and states down in any language.

use std::time::Duration;

use app_core::experiments::{Experiment, Setup};
use app_core::recording::{Counter, Rebuild, RecordedEvent, SnapshotState, Stage, StreamState};

/// What is said about the things to try.
pub struct ExperimentWords {
    /// The heading over the things to try.
    pub title: &'static str,
    /// A thing to try.
    pub name: fn(Experiment) -> &'static str,
    /// What to watch in it, in one sentence.
    pub what_to_watch: fn(&Setup) -> String,
    /// Where nothing is being tried.
    pub nothing_tried: &'static str,
    /// What is sent where a message is wanted and nobody has written one.
    pub sample_message: &'static str,
    /// What is sent to another stream.
    pub other_sample_message: &'static str,
}

/// What the rebuilds panel says of what it shows.
pub struct RebuildsWords {
    /// The button that stops taking events in.
    pub pause_button: &'static str,
    /// The button that takes one event in.
    pub take_one_button: &'static str,
    /// The button for slow motion.
    pub slow_button: &'static str,
    /// The button that forgets what was seen.
    pub clear_button: &'static str,
    /// A stage that an event passes.
    pub stage: fn(Stage) -> &'static str,
    /// What the figure at a stage says.
    pub stage_figure: fn(Stage, figure: &str) -> String,
    /// The counters' names.
    pub counter: fn(Counter) -> &'static str,
    /// What a counter counts.
    pub about_counter: fn(Counter) -> &'static str,
    /// A counter and its figure, for those who hear it.
    pub counted: fn(Counter, figure: &str) -> String,
    /// That the snapshot has data.
    pub data: &'static str,
    /// That the snapshot has an error.
    pub error: &'static str,
    /// What a rebuild was made of.
    pub rebuild: fn(&Rebuild) -> String,
    /// The time before a rebuild, in which nothing new was drawn.
    pub pause_before: fn(pause: Duration, frames: u64) -> String,
    /// An event, by its number.
    pub event: fn(&RecordedEvent<'_>) -> String,
    /// The events that are not shown one by one.
    pub more_events: fn(count: u64) -> String,
    /// Before anything has happened.
    pub no_rebuild: &'static str,
}

impl RebuildsWords {
    /// The states that the snapshot went through.
    pub fn states(&self, states: impl Iterator<Item = SnapshotState>) -> String {
        let states: Vec<_> = states.map(|state| self.snapshot_state(&state)).collect();
        states.join(" › ")
    }

    fn snapshot_state(&self, state: &SnapshotState) -> String {
        let connection = stream_state(state.stream);
        match state.has_data {
            None => connection.to_owned(),
            Some(true) => format!("{connection} ({})", self.data),
            Some(false) => format!("{connection} ({})", self.error),
        }
    }

    /// How long an event of a rebuild took from each stage to the next.
    pub fn stage_times(&self, rebuild: &Rebuild, event: &RecordedEvent<'_>) -> String {
        let mut parts = Vec::new();
        let mut before = None;
        for (stage, at) in rebuild.stage_times(event) {
            let Some(at) = at else { continue };
            let name = (self.stage)(stage);
            parts.push(match before {
                None => name.to_owned(),
                Some(before) => format!("{} › {name}", short_time(at.saturating_sub(before))),
            });
            before = Some(at);
        }
        parts.join(" ")
    }
}

/// The state of a stream, which every language names as the source does.
pub fn stream_state(state: StreamState) -> &'static str {
    match state {
        StreamState::None => "None",
        StreamState::Waiting => "Waiting",
        StreamState::Active => "Active",
        StreamState::Done => "Done",
    }
}

/// A time with two digits or so, in the unit that suits it; the units are the same everywhere.
pub fn short_time(time: Duration) -> String {
    let us = time.as_secs_f64() * 1e6;
    match us {
        ..0.05 => "0 µs".to_owned(),
        0.05..10.0 => format!("{us:.1} µs"),
        10.0..1e3 => format!("{us:.0} µs"),
        1e3..1e4 => format!("{:.1} ms", us / 1e3),
        1e4..1e6 => format!("{:.0} ms", us / 1e3),
        _ => format!("{:.1} s", us / 1e6),
    }
}
