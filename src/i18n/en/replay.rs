//! The past, in English.

use app_core::recording::file::{FileError, MAX_FILE_BYTES, Wrong};
use app_core::replay::ReplayNotice;

use crate::i18n::replay::ReplayWords;
use crate::i18n::{group_digits, short_time};

pub(super) const WORDS: ReplayWords = ReplayWords {
    now: "Now: the page and this panel show what happens.",
    stopped: "Recorded until this panel was closed.",
    record_button: "Record again",
    in_past: |at, of| format!("This is the past: {} of {}.", short_time(at), short_time(of)),
    in_file: |name, at, of| {
        format!("This is the past, from “{name}”: {} of {}.", short_time(at), short_time(of))
    },
    page_was: "The past. The page showed:",
    page_was_empty: "nothing",
    back_button: "Back to now (Esc)",
    slider: "Moment",
    moment: |at, totals| {
        format!("{}, event {}, frame {}", short_time(at), totals.events, totals.frames)
    },
    previous_event: ("‹ Event", "The event before (left arrow)"),
    next_event: ("Event ›", "The next event (right arrow)"),
    previous_frame: ("‹ Frame", "The frame before (Shift + left arrow)"),
    next_frame: ("Frame ›", "The next frame (Shift + right arrow)"),
    show_row_button: |is_dropped| {
        if is_dropped {
            ("No longer in the log", "The log has dropped this message to make room")
        } else {
            ("Show in the log", "Opens this event's message in the log (Shift + F2)")
        }
    },
    show_moment_button: "Show in the rebuilds panel (Shift + F2)",
    event: |number| format!("Event {}", group_digits(number)),
    save_button: ("Save recording", "Saves the recording as a JSON file, to be opened here again"),
    open_button: (
        "Open recording",
        "Opens a recording; dropping its file on the window does so too",
    ),
    trace_button: ("Save trace", "Saves a trace that Perfetto and Chrome's own viewer open"),
    tracks_button: (
        "Tracks in DevTools",
        "While both record: the stages as tracks in the performance panel of Chrome's developer tools",
    ),
    notice,
    dropped: |events| format!("The first {} events are no longer kept.", group_digits(events)),
};

fn notice(notice: &ReplayNotice) -> String {
    match notice {
        ReplayNotice::Saved { name, bytes } => {
            format!("Saved as “{name}”, {} bytes", group_digits(*bytes))
        }
        ReplayNotice::NotSaved(why) => format!("Not saved: {why}"),
        ReplayNotice::NotRead(why) => format!("The file can't be read: {why}"),
        ReplayNotice::NoRecording(error) => no_recording(error),
    }
}

fn no_recording(error: &FileError) -> String {
    match error {
        FileError::TooLong => {
            format!("The file is longer than {} MiB, and is not opened.", MAX_FILE_BYTES >> 20)
        }
        FileError::Json { is_cut: true, .. } => {
            "The file ends too early. Save or copy it again.".to_owned()
        }
        FileError::Json { line, column, why, .. } => {
            format!("The file is broken in line {line}, column {column}: {why}")
        }
        FileError::OtherFormat => {
            "This is no recording of the rebuilds panel. A log opens in the log's panel.".to_owned()
        }
        FileError::OtherVersion(version) => {
            format!("The file has version {version} of the format; a newer program opens it.")
        }
        FileError::Wrong { list, row, what } => {
            let what = match what {
                Wrong::Time => "a time is out of order or too large",
                Wrong::Number => "a number does not fit what came before",
            };
            format!("The file is wrong in row {row} of “{list}”: {what}")
        }
    }
}
