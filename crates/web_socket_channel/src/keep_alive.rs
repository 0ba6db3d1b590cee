//! The watch over a peer that is silent: when it is to be pinged, and when it counts as lost.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use web_time::Instant;

use crate::deadline::Deadline;
use crate::options::Options;

pub(crate) struct KeepAlive {
    interval: Duration,
    pong_timeout: Duration,
    deadline: Deadline,
    last_heard: Instant,
    /// The deadline is for the answer to a ping, and not for the next ping.
    awaits_pong: bool,
}

/// What is to be done about a silent peer.
pub(crate) enum Silence {
    Ping,
    /// It has not answered.
    GiveUp,
}

impl KeepAlive {
    /// `None` where no pings are asked for.
    pub(crate) fn new(options: &Options) -> Option<Self> {
        let interval = options.ping_interval?;
        Some(Self {
            interval,
            pong_timeout: options.pong_timeout,
            deadline: Deadline::new(interval),
            last_heard: Instant::now(),
            awaits_pong: false,
        })
    }

    /// Something has come from the peer, a byte even.
    pub(crate) fn hear(&mut self) {
        self.last_heard = Instant::now();
        if self.awaits_pong {
            self.wait_for_silence(self.interval);
        }
    }

    /// Waits until the peer has been silent for too long. What is not read can't be heard: a peer that
    /// a full inbox holds back (`is_reading` is false) is not silent.
    pub(crate) fn poll(&mut self, is_reading: bool, cx: &mut Context<'_>) -> Poll<Silence> {
        loop {
            ready!(self.deadline.poll_passed(cx));
            if !is_reading {
                self.wait_for_silence(self.interval);
                continue;
            }
            if self.awaits_pong {
                return Poll::Ready(Silence::GiveUp);
            }
            let left = self.interval.saturating_sub(self.last_heard.elapsed());
            if left.is_zero() {
                self.deadline = Deadline::new(self.pong_timeout);
                self.awaits_pong = true;
                return Poll::Ready(Silence::Ping);
            }
            self.wait_for_silence(left);
        }
    }

    fn wait_for_silence(&mut self, left: Duration) {
        self.deadline = Deadline::new(left);
        self.awaits_pong = false;
    }
}
