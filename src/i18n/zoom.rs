//! What is said of the part of a time axis that is seen, and how a time on an axis is written down.

use std::time::Duration;

use app_core::time_window::TimeSpan;

/// What is said of the part of a time axis that is seen. A button has its sign, its name, and its key.
pub struct ZoomWords {
    /// The buttons as a whole, of a recording.
    pub of_recording: &'static str,
    /// The same, of what is compared.
    pub of_comparison: &'static str,
    /// Closer.
    pub zoom_in: (&'static str, &'static str, &'static str),
    /// Farther.
    pub zoom_out: (&'static str, &'static str, &'static str),
    /// All of it.
    pub all: (&'static str, &'static str, &'static str),
    /// To the left.
    pub earlier: (&'static str, &'static str, &'static str),
    /// To the right.
    pub later: (&'static str, &'static str, &'static str),
    /// Which part is seen.
    pub seen: fn(TimeSpan, whole: Duration) -> String,
    /// Rebuilds that are too close to be drawn one by one.
    pub rebuilds: fn(usize) -> String,
}

/// A time on an axis whose lines are so far apart.
pub fn axis_time(time: Duration, step: Duration) -> String {
    if time.is_zero() {
        return "0".to_owned();
    }
    let (unit, name) = match time {
        _ if time >= Duration::from_secs(1) => (Duration::from_secs(1), "s"),
        _ if time >= Duration::from_millis(1) => (Duration::from_millis(1), "ms"),
        _ => (Duration::from_micros(1), "µs"),
    };
    let (value, step) = (time.as_secs_f64(), step.as_secs_f64() / unit.as_secs_f64());
    // As many decimals as it takes for one line to differ from the next.
    let decimals = (0..9).find(|decimals| step * 10_f64.powi(*decimals) >= 0.999).unwrap_or(9);
    format!("{:.*} {name}", usize::try_from(decimals).unwrap_or(9), value / unit.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_close_have_times_that_differ() {
        const fn ms(ms: u64) -> Duration {
            Duration::from_millis(ms)
        }
        assert_eq!(axis_time(ms(0), ms(10)), "0");
        assert_eq!(axis_time(ms(50), ms(50)), "50 ms");
        assert_eq!(axis_time(ms(1_000), ms(500)), "1.0 s");
        assert_eq!(axis_time(ms(1_000), ms(1_000)), "1 s");
        assert_eq!(axis_time(ms(1_062), ms(2)), "1.062 s");
        assert_eq!(axis_time(Duration::from_micros(5_320), Duration::from_micros(20)), "5.32 ms");
        assert_eq!(axis_time(Duration::from_micros(20), Duration::from_micros(10)), "20 µs");
    }
}
