//! A time-out that blames nobody for time in which this process did not run.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use web_time::Instant;

use crate::backend::Timer;

/// How long what lies in the socket is given to be read, once the time is over: the runtime may
/// learn of the time before it learns of the bytes.
const LAST_LOOK: Duration = Duration::from_millis(10);

/// A timer that strikes so much later says that the process was stopped, as by a debugger, a paused
/// container or a laptop that slept.
const FROZEN: Duration = Duration::from_millis(100);

/// A point in time after which something counts as not done.
///
/// It passes only after one more chance to read what is there. Where the process was stopped
/// meanwhile it gives one fresh interval, as the peer may have had none.
pub(crate) struct Deadline {
    timer: Timer,
    due: Option<Instant>,
    limit: Duration,
    is_last_look: bool,
}

impl Deadline {
    pub(crate) fn new(limit: Duration) -> Self {
        let due = Instant::now().checked_add(limit);
        Self { timer: Timer::new(limit), due, limit, is_last_look: false }
    }

    pub(crate) fn poll_passed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(self.timer.poll_due(cx));
        if self.is_last_look {
            return Poll::Ready(());
        }
        let was_frozen = self.due.is_some_and(|due| due.elapsed() >= FROZEN);
        self.timer = Timer::new(if was_frozen { self.limit } else { LAST_LOOK });
        self.is_last_look = true;
        self.timer.poll_due(cx)
    }
}

/// The time that a connection has for its end, once that has begun.
pub(crate) struct EndDeadline {
    limit: Duration,
    deadline: Option<Deadline>,
}

impl EndDeadline {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, deadline: None }
    }

    /// Whether the time is over; it begins when `must_end` is true for the first time.
    pub(crate) fn poll_passed(&mut self, must_end: bool, cx: &mut Context<'_>) -> Poll<()> {
        if must_end && self.deadline.is_none() {
            self.restart();
        }
        match &mut self.deadline {
            Some(deadline) => deadline.poll_passed(cx),
            None => Poll::Pending,
        }
    }

    /// Begins the time anew.
    pub(crate) fn restart(&mut self) {
        self.deadline = Some(Deadline::new(self.limit));
    }
}
