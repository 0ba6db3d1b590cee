//! What is said in the connection's sheet: figures, summaries of what is set, and what to do.

use std::time::Duration;

use app_core::settings::{ConnectionSettings, Field, Platform, Transport};
use app_core::statistics::{Statistics, Traffic};
use egui_row_list::group_digits;

/// What is said in the connection's sheet.
pub struct SheetWords {
    /// The button that ends a wait or an attempt for good.
    pub stop_button: &'static str,
    /// The button that takes this address off the list.
    pub forget_one_button: fn(address: &str) -> String,
    /// How many addresses are on the list.
    pub recent_summary: fn(count: usize) -> String,
    /// What has to be corrected before anything can be connected.
    pub correct_first: fn(Field) -> String,
    /// That the settings differ from those of the connection.
    pub unapplied: &'static str,
    /// The extensions of the connection.
    pub extensions: fn(&str) -> String,
    /// The heading of the headers of the server's answer.
    pub headers_title: &'static str,
    /// How many there are.
    pub headers_summary: fn(count: usize) -> String,
    /// What becomes of messages that wait.
    pub about_waiting: &'static str,
    /// What it means that messages are in doubt.
    pub about_in_doubt: &'static str,
    /// The button that lists so many messages more.
    pub show_more_button: fn(count: usize) -> String,
    /// There are so many more, which are not listed.
    pub unlisted: fn(count: u64) -> String,
    /// A length in bytes.
    pub size: fn(bytes: u64) -> String,
    /// The heading of what went through.
    pub traffic_title: &'static str,
    /// All of it in a line.
    pub traffic_summary: fn(gone_out: Traffic, &Statistics) -> String,
    /// What went out.
    pub sent: fn(Traffic) -> String,
    /// What came in.
    pub received: fn(Traffic) -> String,
    /// The heading of the round trips.
    pub round_trips_title: &'static str,
    /// How long so many round trips took: half of them, and all but one in a hundred, at most.
    pub round_trips: fn(count: usize, half: Duration, most: Duration) -> String,
    /// The longest round trip of those that are shown.
    pub longest: fn(Duration) -> String,
    /// Before anything has come back.
    pub no_round_trips: &'static str,
    /// The heading of what went through in each second.
    pub rates_title: &'static str,
    /// Which is which.
    pub rates: &'static str,
    /// The most that went through in a second, one way.
    pub busiest: fn(Traffic) -> String,
    /// What carries the messages, in a sentence.
    pub about_transport: fn(Transport, Platform) -> &'static str,
    /// Below the switch for sending again by itself.
    pub about_resending: &'static str,
    /// The heading of the proxies.
    pub proxy_title: &'static str,
    /// What is set for connecting again.
    pub reconnect_summary: fn(&ConnectionSettings) -> String,
    /// What is set for the handshake.
    pub handshake_summary: fn(&ConnectionSettings, Platform) -> String,
    /// Which times are set.
    pub times_summary: fn(&ConnectionSettings, Platform) -> String,
    /// Which bounds are set.
    pub limits_summary: fn(&ConnectionSettings, Platform) -> String,
}

/// What was typed as a number of KiB, in the unit that suits it; as it was typed where it is none.
pub(super) fn kib(typed: &str) -> String {
    match typed.trim().parse::<u64>() {
        Ok(kib) if kib >= 1024 && kib.is_multiple_of(1024) => {
            format!("{} MiB", group_digits(kib / 1024))
        }
        Ok(kib) => format!("{} KiB", group_digits(kib)),
        Err(_) => typed.trim().to_owned(),
    }
}

/// Which fields can be set, of those that a summary speaks of.
pub(super) fn may(settings: &ConnectionSettings, platform: Platform, field: Field) -> bool {
    field.unavailable(settings.transport, platform).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_unit_that_suits() {
        assert_eq!(
            ["65536", " 1500 ", "1024", "x "].map(kib),
            ["64 MiB", "1 500 KiB", "1 MiB", "x"]
        );
    }
}
