//! How long messages are on their way there and back: each that comes is looked for among those that
//! were sent and have not come back yet.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::time::Duration;

use web_socket_channel::Message;
use web_time::Instant;

/// How many messages are remembered that have not come back. The oldest are forgotten first.
const MAX_PENDING: usize = 256;

/// How much of a payload is looked at, in bytes: its beginning, besides its length.
const LOOKED_AT: usize = 4096;

/// The messages that were sent and have not come back yet.
#[derive(Default)]
pub(super) struct RoundTrips {
    pending: VecDeque<(u64, Instant)>,
}

impl RoundTrips {
    /// This message was sent.
    pub(super) fn sent(&mut self, message: &Message, now: Instant) {
        if self.pending.len() == MAX_PENDING {
            self.pending.pop_front();
        }
        self.pending.push_back((fingerprint(message), now));
    }

    /// This message has come. Gives how long it was under way, if it had been sent. What was sent
    /// before it and has not come back is not waited for any more: messages keep their order.
    pub(super) fn received(&mut self, message: &Message, now: Instant) -> Option<Duration> {
        // A flood that nobody asked for costs nothing.
        if self.pending.is_empty() {
            return None;
        }
        let fingerprint = fingerprint(message);
        let at = self.pending.iter().position(|(pending, _)| *pending == fingerprint)?;
        let (_, sent_at) = self.pending.drain(..=at).next_back()?;
        Some(now.saturating_duration_since(sent_at))
    }
}

fn fingerprint(message: &Message) -> u64 {
    let (is_text, bytes) = match message {
        Message::Text(text) => (true, &text.as_bytes()[..]),
        Message::Binary(bytes) => (false, bytes.as_ref()),
    };
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    hasher.hash_one((is_text, bytes.len(), &bytes[..bytes.len().min(LOOKED_AT)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A_TEXT: &str = "raisin";
    const ANOTHER_TEXT: &str = "grape";

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn an_echo_is_timed() {
        let mut trips = RoundTrips::default();
        let start = Instant::now();
        trips.sent(&A_TEXT.into(), start);
        assert_eq!(trips.received(&ANOTHER_TEXT.into(), after(start, 1)), None);
        let took = trips.received(&A_TEXT.into(), after(start, 3));
        assert_eq!(took, Some(Duration::from_millis(3)));
        assert_eq!(trips.received(&A_TEXT.into(), after(start, 4)), None);
    }

    #[test]
    fn equal_texts_come_back_in_order() {
        let mut trips = RoundTrips::default();
        let start = Instant::now();
        trips.sent(&A_TEXT.into(), start);
        trips.sent(&A_TEXT.into(), after(start, 10));
        for ms in [5, 15] {
            let took = trips.received(&A_TEXT.into(), after(start, ms));
            assert_eq!(took, Some(Duration::from_millis(5)));
        }
    }

    #[test]
    fn what_never_comes_back_has_a_bound() {
        let mut trips = RoundTrips::default();
        let start = Instant::now();
        for number in 0..10 * MAX_PENDING {
            trips.sent(&number.to_string().into(), start);
        }
        assert_eq!(trips.pending.len(), MAX_PENDING);
    }
}
