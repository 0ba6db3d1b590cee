//! Times of the clock on the wall as ISO 8601 writes them, in UTC.

use std::time::Duration;

const DAY: u64 = 24 * 60 * 60;

/// `2026-11-25T20:49:00.123Z`, from a time since 1970 began, with so many decimals (at most 9).
pub(crate) fn iso(since_1970: Duration, decimals: usize) -> String {
    let seconds = since_1970.as_secs();
    let (year, month, day) = date(seconds / DAY);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if decimals > 0 {
        let nanoseconds = format!(".{:09}", since_1970.subsec_nanos());
        text.push_str(nanoseconds.get(..=decimals.min(9)).unwrap_or_default());
    }
    text + "Z"
}

/// The other way round, with `Z` or an offset such as `+01:00`; none if it is no such time or is
/// before 1970.
pub(crate) fn parse_iso(text: &str) -> Option<Duration> {
    let number = |range: std::ops::Range<usize>| -> Option<u64> {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let sign = |at: usize| text.as_bytes().get(at).copied();
    let is_shaped = sign(4) == Some(b'-')
        && sign(7) == Some(b'-')
        && matches!(sign(10), Some(b'T' | b't' | b' '))
        && sign(13) == Some(b':')
        && sign(16) == Some(b':');
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let is_in_range = (1970..).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !is_shaped || !is_in_range {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut nanoseconds = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit())?;
        let (digits, after) = fraction.split_at(end);
        nanoseconds = format!("{digits:0<9}").get(..9)?.parse().ok()?;
        rest = after;
    }
    let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    let time = Duration::new(seconds, nanoseconds);
    if rest == "Z" || rest == "z" {
        return Some(time);
    }
    let (is_east, zone) = match rest.split_at_checked(1)? {
        ("+", zone) => (true, zone),
        ("-", zone) => (false, zone),
        _ => return None,
    };
    let zone = zone.replace(':', "");
    let offset: u64 = zone.parse().ok().filter(|_| zone.len() == 4)?;
    let offset = Duration::from_secs(offset / 100 * 3600 + offset % 100 * 60);
    if is_east { time.checked_sub(offset) } else { time.checked_add(offset) }
}

/// Days from 1970 on. Years begin in March here, so that the leap day is the last one.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - DAYS_BEFORE_1970
}

/// From the first of March of the year 0.
const DAYS_BEFORE_1970: u64 = 719_468;

fn date(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_1970;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{iso, parse_iso};

    #[test]
    fn known_times_go_both_ways() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_764_103_740, "2025-11-25T20:49:00.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso(Duration::from_secs(seconds), 3), text);
            assert_eq!(parse_iso(text), Some(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn every_day_goes_both_ways() {
        for day in 0..100_000 {
            let time = Duration::from_secs(day * 86_400 + 3_661);
            assert_eq!(parse_iso(&iso(time, 0)), Some(time));
        }
    }

    #[test]
    fn offsets_and_fractions_are_read() {
        let time = Some(Duration::new(1_764_103_740, 123_456_700));
        assert_eq!(parse_iso("2025-11-25T20:49:00.1234567Z"), time);
        assert_eq!(parse_iso("2025-11-25T22:19:00.1234567+01:30"), time);
        assert_eq!(parse_iso("2025-11-25T15:49:00.1234567-0500"), time);
    }

    #[test]
    fn nonsense_is_no_time() {
        for text in [
            "",
            "2025",
            "2025-13-01T00:00:00Z",
            "2025-11-25T20:49:00",
            "1969-12-31T23:59:59Z",
            "2025-11-25T20:49:0äZ",
            "2025-11-25T20:49:00.Z5",
            "2025-11-25T20:49:00+aaaa",
        ] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
        // The end of all times.
        assert_eq!(iso(Duration::MAX, 0).get(..1), Some("5"));
    }
}
