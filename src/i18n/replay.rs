//! What is said of the past: where the rebuilds panel stands in a recording, and of its files.

use std::time::Duration;

use app_core::recording::Totals;
use app_core::replay::ReplayNotice;

/// What is said of the past. A step has the words on its button, and what it does.
pub struct ReplayWords {
    /// What is seen is what happens.
    pub now: &'static str,
    /// The recording grows no more: the panel was closed meanwhile.
    pub stopped: &'static str,
    /// The button that begins another one.
    pub record_button: &'static str,
    /// What is seen is past: this long after the recording began, of so long.
    pub in_past: fn(at: Duration, of: Duration) -> String,
    /// The same in the recording of a file.
    pub in_file: fn(name: &str, at: Duration, of: Duration) -> String,
    /// Above what the page showed then.
    pub page_was: &'static str,
    /// The page showed nothing then, or it is no longer known.
    pub page_was_empty: &'static str,
    /// The button that shows what happens now, with its key.
    pub back_button: &'static str,
    /// What the slider is called.
    pub slider: &'static str,
    /// Where it stands.
    pub moment: fn(at: Duration, &Totals) -> String,
    /// To the event before.
    pub previous_event: (&'static str, &'static str),
    /// To the next event.
    pub next_event: (&'static str, &'static str),
    /// To the frame before.
    pub previous_frame: (&'static str, &'static str),
    /// To the next frame.
    pub next_frame: (&'static str, &'static str),
    /// The button from a moment to the row of its event in the log; whether the log has dropped it.
    pub show_row_button: fn(is_dropped: bool) -> (&'static str, &'static str),
    /// The button from a row of the log to its moment.
    pub show_moment_button: &'static str,
    /// Which event of the recording a row of the log is.
    pub event: fn(number: u64) -> String,
    /// Saves the recording.
    pub save_button: (&'static str, &'static str),
    /// Opens a recording.
    pub open_button: (&'static str, &'static str),
    /// Saves a trace for a viewer of traces.
    pub trace_button: (&'static str, &'static str),
    /// Shows the stages in the developer tools of the browser.
    pub tracks_button: (&'static str, &'static str),
    /// What has become of a file.
    pub notice: fn(&ReplayNotice) -> String,
    /// The oldest events are no longer kept: how many.
    pub dropped: fn(events: u64) -> String,
}
