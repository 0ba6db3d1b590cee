//! The log's panel in English.

use app_core::log::{Findings, LogCounts, LogFile, LogNotice, RowPart, RowTab, RowTime, SizeBound};
use egui_row_list::group_digits;
use message_log::json_view::{JsonError, MAX_JSON_BYTES};
use message_log::{
    Delivery, Direction, Drawing, Event, Format, Initiator, Kind, QueryError, ReadError,
};

use crate::i18n::log::{CopyAs, Fact, LogWords, short_bytes};
use crate::i18n::short_time;

pub(super) const WORDS: LogWords = LogWords {
    in_page: "the page itself",
    list_name: "Messages and events",
    row_name: |position, count| {
        format!("Row {} of {}", group_digits(position), group_digits(count))
    },
    new_rows: |count| format!("{} new", group_digits(count)),
    totals,
    nothing_yet: "Nothing has happened yet.",
    nothing_shown: "No row is of this kind.",
    search_label: "Search",
    regex_toggle: "Regular expression",
    case_toggle: "Match case",
    only_matches_toggle: "Only rows that match",
    next_button: "Next match",
    previous_button: "Previous match",
    found,
    query_problem: |problem: &QueryError| match problem.at {
        Some(at) => format!("At character {}: {}", at + 1, problem.message),
        None => format!("Can't be searched for: {}", problem.message),
    },
    cancel_button: "Cancel",
    filter_button: |is_filtered| match is_filtered {
        true => "Choose what is shown (something is left out)",
        false => "Choose what is shown",
    },
    part: |part| match part {
        RowPart::Sent => "Sent",
        RowPart::Received => "Received",
        RowPart::Text => "Text",
        RowPart::Binary => "Binary",
        RowPart::Events => "Events",
    },
    size_label: |bound| match bound {
        SizeBound::Least => "Bytes, at least",
        SizeBound::Most => "Bytes, at most",
    },
    size_problem: "A whole number",
    reset_filter_button: "Show everything",
    time_title: "Time",
    time: |time| match time {
        RowTime::Clock => "Clock",
        RowTime::SinceStart => "Since the start",
        RowTime::SincePrevious => "Since the row before",
    },
    retention_label: "Keep, in MiB",
    retention_helper: |usual| format!("{usual} if nothing is said; the oldest go first"),
    retention_problem: |most| format!("A whole number from 1 to {most}"),
    clear_button: "Forget all rows",
    save_button: "Save the log",
    save_item: |format, only_shown| match (format, only_shown) {
        (Format::JsonLines, false) => "All as JSON Lines, lossless",
        (Format::Har, false) => "All as HAR, for browsers' tools",
        (Format::PlainText, false) => "All as text",
        (Format::JsonLines, true) => "What is shown as JSON Lines",
        (Format::Har, true) => "What is shown as HAR",
        (Format::PlainText, true) => "What is shown as text",
    },
    open_button: "Open a saved log",
    shows_file,
    live_button: "Back to this page's log",
    working: |saves, percent| {
        let what = if saves { "Saving" } else { "Opening" };
        percent.map_or_else(|| format!("{what}…"), |percent| format!("{what}: {percent} %"))
    },
    notice,
    kind: |kind| match kind {
        Kind::Text => "text",
        Kind::Binary => "binary",
        Kind::Event => "event",
    },
    direction: |direction| match direction {
        Direction::Sent => "Sent",
        Direction::Received => "Received",
        Direction::None => "Event",
    },
    delivery: |delivery| match delivery {
        Delivery::Waiting => "waits to be sent",
        Delivery::Sent => "sent",
        Delivery::InDoubt => "may or may not have arrived",
        Delivery::TakenBack => "not sent",
    },
    drawing: |drawing| match drawing {
        Drawing::Undecided => "",
        Drawing::Drawn => "drawn",
        Drawing::Coalesced => "not drawn: a later one took its place in the same frame",
    },
    event,
    bytes: |bytes| match bytes {
        1 => "1 byte".to_owned(),
        _ => format!("{} bytes", group_digits(bytes)),
    },
    row_title: |number| format!("Row {}", group_digits(number + 1)),
    close_row_button: "Close the row",
    tab: |tab| match tab {
        RowTab::Text => "Text",
        RowTab::Json => "JSON",
        RowTab::Picture => "Picture",
        RowTab::Hex => "Hex",
        RowTab::Facts => "Facts",
    },
    wrap_toggle: "Wrap lines",
    full_size_toggle: "Full size",
    fold_all_button: "Fold all",
    unfold_all_button: "Unfold all",
    json_name: "Lines of JSON",
    hex_name: "Bytes",
    json_problem: |error: &JsonError| {
        use message_log::json_view::JsonErrorKind as Kind;
        let JsonError { line, column, kind, .. } = error;
        let what = match kind {
            Kind::UnexpectedEnd => "the text ends too early",
            Kind::ExpectedValue => "a value should stand here",
            Kind::ExpectedKey => "a key should stand here",
            Kind::ExpectedColon => "a colon should stand here",
            Kind::ExpectedComma => "a comma or a closing bracket should stand here",
            Kind::TrailingText => "something follows the value",
            Kind::WrongEscape => "there is no such escape",
            Kind::ControlInString => "a control character in a string",
            Kind::WrongNumber => "no number is written like this",
            Kind::TooLong => {
                return format!("Longer than {}, and so not read as JSON", {
                    short_bytes(MAX_JSON_BYTES as u64)
                });
            }
        };
        format!("No JSON: {what}, line {line}, column {column}")
    },
    folded: |lines| match lines {
        1 => "1 line".to_owned(),
        _ => format!("{} lines", group_digits(lines as u64)),
    },
    copy_button: "Copy",
    copy_item: |form| match form {
        CopyAs::Text => "Copy as text",
        CopyAs::Hex => "Copy as hex",
        CopyAs::Base64 => "Copy as base64",
    },
    too_long_to_copy: |limit| format!("Over {}: save it instead", short_bytes(limit as u64)),
    save_payload_button: "Save the message",
    fact: |fact| match fact {
        Fact::Kind => "What it is",
        Fact::Opcode => "Opcode",
        Fact::Length => "Length",
        Fact::Characters => "Characters",
        Fact::Clock => "Time",
        Fact::SinceStart => "Since the start",
        Fact::Delivery => "Delivery",
        Fact::Drawing => "On the screen",
        Fact::Recording => "Recording",
        Fact::RoundTrip => "There and back",
        Fact::Event => "What happened",
    },
};

fn totals(counts: LogCounts) -> String {
    let rows = match counts.rows {
        1 => "1 row".to_owned(),
        rows => format!("{} rows", group_digits(rows)),
    };
    let bytes = short_bytes(counts.bytes);
    match counts.dropped {
        0 => format!("{rows}, {bytes}"),
        dropped => format!("{rows}, {bytes}; {} older ones dropped", group_digits(dropped)),
    }
}

fn found(current: Option<u64>, findings: Findings) -> String {
    let Findings { found, done, rows, is_stopped } = findings;
    let what = match (found, current) {
        (0, _) => "None".to_owned(),
        (found, Some(current)) => {
            format!("{} of {}", group_digits(current), group_digits(found))
        }
        (found, None) => format!("{} found", group_digits(found)),
    };
    if findings.is_running() {
        format!("{what}, {} %", done * 100 / rows.max(1))
    } else if is_stopped {
        format!("{what}, stopped")
    } else {
        what
    }
}

fn shows_file(file: &LogFile) -> String {
    match file.skipped {
        0 => format!("The log of {}", file.name),
        1 => format!("The log of {}, but for 1 part", file.name),
        skipped => format!("The log of {}, but for {} parts", file.name, group_digits(skipped)),
    }
}

fn notice(notice: &LogNotice) -> String {
    match notice {
        LogNotice::Saved { name, bytes } => format!("Saved as {name}, {}", short_bytes(*bytes)),
        LogNotice::NotSaved(why) => format!("Not saved: {why}"),
        LogNotice::NotRead(why) => format!("Can't be read: {why}"),
        LogNotice::NoLog(error) => format!("Can't be opened: {}", read_error(error)),
        LogNotice::TooLarge { limit } => {
            format!("Can't be opened: over {}", short_bytes(*limit))
        }
        LogNotice::ReadInPart(error) => format!("Opened in part: {}", read_error(error)),
    }
}

fn read_error(error: &ReadError) -> String {
    error.to_string()
}

fn event(event: &Event) -> String {
    match event {
        Event::Connecting { url } => format!("Connecting to {url}"),
        Event::Open { protocol: Some(protocol), .. } => format!("Open, protocol {protocol}"),
        Event::Open { protocol: None, .. } => "Open".to_owned(),
        Event::Closing { code, reason } => close("Closing", *code, "", reason),
        Event::Closed { code, name, reason, initiator, was_clean } => {
            let who = match initiator {
                Some(Initiator::Local) => "Closed by this page",
                Some(Initiator::Remote) => "Closed by the server",
                None if *was_clean => "Closed",
                None => "Connection lost",
            };
            close(who, *code, name, reason)
        }
        Event::Error { text } => format!("Error: {text}"),
        Event::Reconnecting { attempt, wait } => {
            format!("Connecting again in {}, attempt {attempt}", short_time(*wait))
        }
    }
}

fn close(what: &str, code: Option<u16>, name: &str, reason: &str) -> String {
    let mut line = what.to_owned();
    if let Some(code) = code {
        line.push_str(&format!(": {code} {name}"));
    }
    if !reason.is_empty() {
        line.push_str(&format!(", “{reason}”"));
    }
    line.trim_end().to_owned()
}
