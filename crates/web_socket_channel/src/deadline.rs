//! Time-outs that blame nobody for time in which this process did not run: one, the one of a connection's
//! end, and both that a connection has.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use web_time::Instant;

use crate::backend::Timer;
use crate::options::Options;
use crate::outgoing::Outgoing;

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

/// How long a connection may take to be open, and to end.
pub(crate) struct ConnectionDeadlines {
    connect_timeout: Duration,
    connecting: Deadline,
    end: EndDeadline,
}

/// Why a connection is given up.
pub(crate) enum GivenUp {
    /// Nobody waits for it, and nothing waits to be sent.
    Abandoned,
    /// It took longer than this.
    TimedOut(Duration),
}

impl ConnectionDeadlines {
    pub(crate) fn new(options: &Options) -> Self {
        let Options { connect_timeout, close_timeout, .. } = *options;
        let (connecting, end) = (Deadline::new(connect_timeout), EndDeadline::new(close_timeout));
        Self { connect_timeout, connecting, end }
    }

    pub(crate) fn poll_given_up(
        &mut self,
        is_open: bool,
        outgoing: &mut Outgoing,
        cx: &mut Context<'_>,
    ) -> Poll<GivenUp> {
        if !is_open && outgoing.is_abandoned() && !outgoing.has_message() {
            return Poll::Ready(GivenUp::Abandoned);
        }
        if !is_open && self.connecting.poll_passed(cx).is_ready() {
            return Poll::Ready(GivenUp::TimedOut(self.connect_timeout));
        }
        let ended = self.end.poll_passed(outgoing.must_end(), cx);
        ended.map(|()| GivenUp::TimedOut(self.end.limit))
    }
}
