//! What is seen where the events come in, which is on another thread than the frames.

use std::collections::VecDeque;
use std::time::Duration;

use super::{MAX_WAITING, Recording};

/// Arrivals that no [`Recording`] has taken over yet; at most [`MAX_WAITING`] of them.
#[derive(Debug, Default)]
pub struct Incoming {
    /// The number of a message among those of its connection, and when it arrived.
    arrivals: VecDeque<(u64, Duration)>,
    /// Up to where the arrivals have been put into the mailbox, and when: one for each batch.
    batches: VecDeque<(u64, Duration)>,
    ended: Option<Duration>,
}

impl Incoming {
    /// The message with this number, counted from 0, has arrived at the socket.
    pub fn arrived(&mut self, number: u64, at: Duration) {
        if self.arrivals.len() < MAX_WAITING {
            self.arrivals.push_back((number, at));
        }
    }

    /// So many messages in all have been put into the mailbox.
    pub fn queued(&mut self, count: u64, at: Duration) {
        if self.batches.len() < MAX_WAITING {
            self.batches.push_back((count, at));
        }
    }

    /// The connection has ended.
    pub fn ended(&mut self, at: Duration) {
        self.ended = Some(at);
    }

    pub(super) fn hand_over(&mut self, recording: &mut Recording) {
        for (number, at) in self.arrivals.drain(..) {
            recording.message_arrived(number, at);
        }
        for (count, at) in self.batches.drain(..) {
            recording.messages_queued(count, at);
        }
        if let Some(at) = self.ended.take() {
            recording.ended(at);
        }
    }
}
