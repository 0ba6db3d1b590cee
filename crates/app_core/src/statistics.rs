//! What went through a connection: messages and bytes both ways, round trips, and rates.

use std::collections::VecDeque;
use std::time::Duration;

/// How many round trips are remembered.
pub const MAX_ROUND_TRIPS: usize = 512;

/// For how many seconds rates are remembered.
pub const MAX_RATES: usize = 60;

/// Messages, and their payload in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many.
    pub messages: u64,
    /// Of payload.
    pub bytes: u64,
}

/// What went through in one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Which second, by the page's clock.
    pub second: u64,
    /// From this end.
    pub sent: Traffic,
    /// From the other end.
    pub received: Traffic,
}

/// What went through a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    sent: Traffic,
    received: Traffic,
    round_trips: VecDeque<Duration>,
    rates: VecDeque<Rate>,
}

impl Traffic {
    fn add(&mut self, other: Self) {
        self.messages = self.messages.saturating_add(other.messages);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

impl Statistics {
    /// From this end.
    #[must_use]
    pub fn sent(&self) -> Traffic {
        self.sent
    }

    /// From the other end.
    #[must_use]
    pub fn received(&self) -> Traffic {
        self.received
    }

    /// The latest round trips, the oldest first.
    pub fn round_trips(&self) -> impl ExactSizeIterator<Item = Duration> + '_ {
        self.round_trips.iter().copied()
    }

    /// The seconds in which something went through, the oldest first.
    pub fn rates(&self) -> impl ExactSizeIterator<Item = Rate> + '_ {
        self.rates.iter().copied()
    }

    /// Each second of the minute up to the last message, the oldest first, also those in which nothing went
    /// through; at most [`MAX_RATES`]. Empty before there was a message.
    #[must_use]
    pub fn last_minute(&self) -> Vec<Rate> {
        let Some(last) = self.rates.back() else { return Vec::new() };
        let begin = last.second.saturating_sub(MAX_RATES as u64 - 1);
        let mut rates = self.rates.iter().copied().peekable();
        let mut rate_of = |second| {
            while rates.next_if(|rate| rate.second < second).is_some() {}
            let rate = rates.next_if(|rate| rate.second == second);
            rate.unwrap_or(Rate { second, ..Rate::default() })
        };
        (begin..=last.second).map(&mut rate_of).collect()
    }

    /// The round trip that this part of the latest ones did not take longer than: 0.5 for half of
    /// them. `None` before there is one.
    #[must_use]
    pub fn round_trip_quantile(&self, part: f64) -> Option<Duration> {
        let mut sorted: Vec<Duration> = self.round_trips.iter().copied().collect();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)?;
        // At most 512 of them: nothing is lost on the way.
        #[expect(clippy::cast_possible_truncation, reason = "between zero and `last`")]
        let at = (part.clamp(0.0, 1.0) * last as f64).round() as usize;
        sorted.get(at).copied()
    }

    /// A message did not go out after all.
    pub(crate) fn not_sent(&mut self, bytes: u64) {
        let Traffic { messages, bytes: all } = &mut self.sent;
        *messages = messages.saturating_sub(1);
        *all = all.saturating_sub(bytes);
    }

    pub(crate) fn sent_one(&mut self, bytes: u64, now: Duration) {
        let traffic = Traffic { messages: 1, bytes };
        self.sent.add(traffic);
        self.this_second(now).sent.add(traffic);
    }

    pub(crate) fn received_some(&mut self, traffic: Traffic, now: Duration) {
        self.received.add(traffic);
        self.this_second(now).received.add(traffic);
    }

    pub(crate) fn round_trip(&mut self, took: Duration) {
        if self.round_trips.len() == MAX_ROUND_TRIPS {
            self.round_trips.pop_front();
        }
        self.round_trips.push_back(took);
    }

    fn this_second(&mut self, now: Duration) -> &mut Rate {
        let second = now.as_secs();
        if self.rates.back().is_none_or(|rate| rate.second < second) {
            if self.rates.len() == MAX_RATES {
                self.rates.pop_front();
            }
            self.rates.push_back(Rate { second, ..Rate::default() });
        }
        let last = self.rates.len() - 1;
        &mut self.rates[last]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        let mut statistics = Statistics::default();
        assert_eq!(statistics.round_trip_quantile(0.5), None);
        for ms in 1..=101 {
            statistics.round_trip(Duration::from_millis(ms));
        }
        let quantile = |part| statistics.round_trip_quantile(part);
        assert_eq!(quantile(0.5), Some(Duration::from_millis(51)));
        assert_eq!(quantile(0.99), Some(Duration::from_millis(100)));
        assert_eq!(quantile(7.0), Some(Duration::from_millis(101)));
    }

    #[test]
    fn everything_remembered_has_a_bound() {
        let mut statistics = Statistics::default();
        for second in 0..1_000 {
            statistics.sent_one(1, Duration::from_secs(second));
            statistics.round_trip(Duration::from_secs(second));
        }
        assert_eq!(statistics.sent(), Traffic { messages: 1_000, bytes: 1_000 });
        assert_eq!(statistics.rates().len(), MAX_RATES);
        assert_eq!(statistics.round_trips().len(), MAX_ROUND_TRIPS);
    }

    #[test]
    fn quiet_seconds_are_in_the_last_minute() {
        let mut statistics = Statistics::default();
        assert!(statistics.last_minute().is_empty());
        for second in [3, 100, 102] {
            statistics.sent_one(1, Duration::from_secs(second));
        }
        let minute = statistics.last_minute();
        assert_eq!((minute.len(), minute[0].second), (MAX_RATES, 43));
        let sent: Vec<u64> = minute.iter().map(|rate| rate.sent.messages).collect();
        assert_eq!(sent[57..], [1, 0, 1]);
        assert_eq!(sent.iter().sum::<u64>(), 2);
    }

    #[test]
    fn a_second_has_one_rate() {
        let mut statistics = Statistics::default();
        let traffic = Traffic { messages: 2, bytes: 20 };
        statistics.received_some(traffic, Duration::from_millis(1_100));
        statistics.received_some(traffic, Duration::from_millis(1_900));
        statistics.sent_one(3, Duration::from_millis(2_000));
        let rates: Vec<_> = statistics.rates().collect();
        assert_eq!(rates.len(), 2);
        assert_eq!(rates[0].received, Traffic { messages: 4, bytes: 40 });
        assert_eq!(rates[1].sent, Traffic { messages: 1, bytes: 3 });
    }
}
