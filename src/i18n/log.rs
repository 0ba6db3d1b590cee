//! The sentences of the log's panel.

use std::time::Duration;

use app_core::log::{Findings, LogCounts, LogFile, LogNotice, RowPart, RowTab, RowTime, SizeBound};
use message_log::json_view::JsonError;
use message_log::{Delivery, Direction, Drawing, Event, Format, Kind, QueryError};

/// What is said in the log's panel.
pub struct LogWords {
    /// Where a connection leads that stays within the page.
    pub in_page: &'static str,
    /// What the list of rows is called.
    pub list_name: &'static str,
    /// A row of so many, for those who hear it, before what it says.
    pub row_name: fn(position: u64, count: u64) -> String,
    /// The button back to the end of the list: how many rows have come meanwhile.
    pub new_rows: fn(count: u64) -> String,
    /// How much there is.
    pub totals: fn(LogCounts) -> String,
    /// There are no rows.
    pub nothing_yet: &'static str,
    /// There are rows, and none is shown.
    pub nothing_shown: &'static str,
    /// The label of the search field.
    pub search_label: &'static str,
    /// Whether a regular expression is searched for.
    pub regex_toggle: &'static str,
    /// Whether `A` and `a` are two letters.
    pub case_toggle: &'static str,
    /// Whether only rows are shown in which it is found.
    pub only_matches_toggle: &'static str,
    /// The button that goes to the next row in which it is found.
    pub next_button: &'static str,
    /// The button that goes to the row before in which it is found.
    pub previous_button: &'static str,
    /// What was found: the how many-th of these rows is the current one, counted from 1.
    pub found: fn(current: Option<u64>, Findings) -> String,
    /// What is wrong with what is searched for.
    pub query_problem: fn(&QueryError) -> String,
    /// The button that stops what is under way.
    pub cancel_button: &'static str,
    /// The button that shows what can be left out; whether something is left out.
    pub filter_button: fn(is_filtered: bool) -> &'static str,
    /// What may be left out.
    pub part: fn(RowPart) -> &'static str,
    /// A bound of the size.
    pub size_label: fn(SizeBound) -> &'static str,
    /// What was typed is no size.
    pub size_problem: &'static str,
    /// The button that shows everything.
    pub reset_filter_button: &'static str,
    /// The heading of which time is shown.
    pub time_title: &'static str,
    /// Which time is shown.
    pub time: fn(RowTime) -> &'static str,
    /// The label of how much is kept.
    pub retention_label: &'static str,
    /// Below it: how much is kept where nothing is typed, in MiB.
    pub retention_helper: fn(usual: u64) -> String,
    /// What was typed is none: how much may be kept at most, in MiB.
    pub retention_problem: fn(most: u32) -> String,
    /// The button that forgets all rows.
    pub clear_button: &'static str,
    /// The button that saves rows.
    pub save_button: &'static str,
    /// Saves rows in a format: all, or those that are shown.
    pub save_item: fn(Format, only_shown: bool) -> &'static str,
    /// The button that opens a file.
    pub open_button: &'static str,
    /// The log that is shown is a file's.
    pub shows_file: fn(&LogFile) -> String,
    /// The button back to the log of the connection.
    pub live_button: &'static str,
    /// How far a file is: whether it is written, and how many per cent are done, where that is known.
    pub working: fn(saves: bool, percent: Option<u64>) -> String,
    /// What has become of a file.
    pub notice: fn(&LogNotice) -> String,
    /// What sort of row it is.
    pub kind: fn(Kind) -> &'static str,
    /// Which way a message went.
    pub direction: fn(Direction) -> &'static str,
    /// How far a message of ours has come.
    pub delivery: fn(Delivery) -> &'static str,
    /// Whether a message was drawn; nothing, where nobody has said.
    pub drawing: fn(Drawing) -> &'static str,
    /// An event.
    pub event: fn(&Event) -> String,
    /// So many bytes.
    pub bytes: fn(u64) -> String,
    /// The title of the row that is looked at.
    pub row_title: fn(number: u64) -> String,
    /// The button that leaves it.
    pub close_row_button: &'static str,
    /// A view of it.
    pub tab: fn(RowTab) -> &'static str,
    /// Whether long lines are broken.
    pub wrap_toggle: &'static str,
    /// Whether a picture is shown as large as it is.
    pub full_size_toggle: &'static str,
    /// The button that folds all JSON.
    pub fold_all_button: &'static str,
    /// The button that unfolds all JSON.
    pub unfold_all_button: &'static str,
    /// The list of the lines of JSON.
    pub json_name: &'static str,
    /// The list of the lines of bytes.
    pub hex_name: &'static str,
    /// Why a text is no JSON, and where.
    pub json_problem: fn(&JsonError) -> String,
    /// An object or array that is folded: how many lines are not shown.
    pub folded: fn(lines: usize) -> String,
    /// The button that copies the message.
    pub copy_button: &'static str,
    /// Copies the message in this form.
    pub copy_item: fn(CopyAs) -> &'static str,
    /// The message is too long to be copied; how many bytes may be.
    pub too_long_to_copy: fn(limit: usize) -> String,
    /// The button that saves the message.
    pub save_payload_button: &'static str,
    /// What a fact is called.
    pub fact: fn(Fact) -> &'static str,
}

/// The form in which a message is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyAs {
    /// As text.
    Text,
    /// Its bytes in hex.
    Hex,
    /// Its bytes in base64.
    Base64,
}

/// What is known of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Message or event, and which way it went.
    Kind,
    /// The opcode of its frame.
    Opcode,
    /// Its length in bytes.
    Length,
    /// The length in characters.
    Characters,
    /// The time of day.
    Clock,
    /// Since the start of the log.
    SinceStart,
    /// How far it has come.
    Delivery,
    /// Whether it was drawn.
    Drawing,
    /// How long it was on its way there and back.
    RoundTrip,
    /// Which event of the recording it is.
    Recording,
    /// What the event says.
    Event,
}

/// So many bytes in a few letters: `12 B`, `1.5 KiB`, `16 MiB`.
pub fn short_bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // Tenths of the unit, without a rounding that would make 1024 of one unit.
    let mut tenths = bytes.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let unit = UNITS[unit];
    if tenths >= 100 || tenths.is_multiple_of(10) {
        format!("{} {unit}", tenths / 10)
    } else {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

/// By how many minutes clocks are ahead of UTC at a time since 1970 began.
pub type Zone = fn(Duration) -> i32;

/// The time of day where clocks are so many minutes ahead of UTC, from the time since 1970 began.
pub fn clock_time(since_1970: Duration, ahead: i32) -> String {
    const MINUTE: i128 = 60_000;
    const DAY: i128 = 24 * 60 * MINUTE;

    let since_1970 = i128::try_from(since_1970.as_millis()).unwrap_or_default();
    let ms = (since_1970 + i128::from(ahead) * MINUTE).rem_euclid(DAY);
    let (hours, minutes) = (ms / (60 * MINUTE), ms / MINUTE % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{:03}", ms / 1000 % 60, ms % 1000)
}

/// How far clocks that are so many minutes ahead are from UTC: `UTC+05:30`.
pub fn utc_offset(ahead: i32) -> String {
    let sign = if ahead < 0 { '-' } else { '+' };
    let minutes = ahead.unsigned_abs();
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Seconds with thousandths: `12.345 s`.
pub fn seconds(time: Duration) -> String {
    format!("{}.{:03} s", time.as_secs(), time.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_few_letters() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (99 * 1024, "99 KiB"),
            (16 << 20, "16 MiB"),
            ((1 << 20) - 1, "1023 KiB"),
            (u64::MAX, "1677721 TiB"),
        ] {
            assert_eq!(short_bytes(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn times_of_day() {
        assert_eq!(clock_time(Duration::ZERO, 0), "00:00:00.000");
        let time = Duration::from_millis(86_400_000 * 3 + 3_661_005);
        for (ahead, clock, offset) in [
            (0, "01:01:01.005", "UTC+00:00"),
            (330, "06:31:01.005", "UTC+05:30"),
            (-90, "23:31:01.005", "UTC-01:30"),
            (-12 * 60, "13:01:01.005", "UTC-12:00"),
            (14 * 60, "15:01:01.005", "UTC+14:00"),
        ] {
            assert_eq!((clock_time(time, ahead), utc_offset(ahead)), (clock.into(), offset.into()));
        }
        assert_eq!(clock_time(Duration::ZERO, -60), "23:00:00.000", "before 1970 began");
        assert_eq!(seconds(Duration::from_millis(61_005)), "61.005 s");
    }
}
