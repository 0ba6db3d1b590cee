//! English, of the part of a time axis that is seen.

use crate::i18n::zoom::{ZoomWords, axis_time};
use crate::i18n::{group_digits, short_time};

pub(super) const WORDS: ZoomWords = ZoomWords {
    of_recording: "Part of the recording that is shown",
    of_comparison: "Part of the comparison that is shown",
    zoom_in: ("+", "Zoom in", "Zoom in (+), or double-click where it is to be"),
    zoom_out: ("−", "Zoom out", "Zoom out (−)"),
    all: ("All", "Show all of the time", "Show all of the time (0)"),
    earlier: ("‹", "Show earlier", "Show earlier (,)"),
    later: ("›", "Show later", "Show later (.)"),
    seen: |seen, whole| {
        if seen.length == whole {
            format!("All {}", short_time(whole))
        } else {
            format!(
                "{} to {} of {}",
                axis_time(seen.start, seen.length / 20),
                axis_time(seen.end(), seen.length / 20),
                short_time(whole)
            )
        }
    },
    rebuilds: |count| match count {
        1 => "1 rebuild".to_owned(),
        count => format!("{} rebuilds", group_digits(count as u64)),
    },
};
