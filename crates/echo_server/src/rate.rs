//! How fast a client may send.

use std::num::NonZeroU32;
use std::time::Duration;

/// A bucket of tokens: it holds those of one second, and every message takes one.
pub(crate) struct Rate {
    /// The time that a message is worth.
    cost: Duration,
    /// Up to when the messages so far have used up the time.
    used: Duration,
}

/// How much may have been saved up.
const BURST: Duration = Duration::from_secs(1);

impl Rate {
    pub(crate) fn new(per_sec: NonZeroU32) -> Self {
        Self { cost: BURST / per_sec.get(), used: Duration::ZERO }
    }

    /// Whether one more message may come at this time, counted from any moment.
    pub(crate) fn take(&mut self, now: Duration) -> bool {
        // What was saved up longer ago is lost.
        let used = self.used.max(now) + self.cost;
        let is_allowed = used <= now + BURST;
        if is_allowed {
            self.used = used;
        }
        is_allowed
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    #[test]
    fn a_seconds_worth_may_come_at_once_and_then_as_many_as_time_goes_on() {
        let mut rate = Rate::new(NonZeroU32::new(10).unwrap());
        let mut at =
            |millis| (0..100).take_while(|_| rate.take(Duration::from_millis(millis))).count();
        assert_eq!(at(3_678), 10);
        assert_eq!(at(3_678), 0);
        assert_eq!(at(3_777), 0);
        assert_eq!(at(3_778), 1);
        assert_eq!(at(4_078), 3);
        // However long it was quiet.
        assert_eq!(at(100_000), 10);
    }
}
