//! What a reconnecting channel keeps to: how long it waits, what it tries again, how much it holds.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::cause::Cause;
use crate::queue::Bound;

/// How a [`ReconnectingChannel`](super::ReconnectingChannel) goes about it. Each has a default and a
/// method that sets it.
///
/// ```
/// use std::time::Duration;
/// use web_socket_channel::reconnect::Policy;
///
/// let policy = Policy::new()
///     .longest_wait(Duration::from_secs(60))
///     // This server says 4001 when a token has expired, and the next attempt brings a new one.
///     .should_retry(|cause| cause.can_heal() || cause.close_code() == Some(4001));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Policy {
    /// The most that the first wait may be. Each wait is drawn afresh, from nothing up to a ceiling
    /// that doubles from wait to wait ("full jitter"), so that the clients of a server that has
    /// restarted don't all come back in the same moment. Default: 250 ms, so that the first retry
    /// comes after an eighth of a second on average, which a person takes for "at once".
    pub first_wait: Duration,
    /// Where the ceiling of the waits stops to double. Default: 30 s, so that a network that is
    /// back is noticed within half a minute, 15 s on average.
    pub longest_wait: Duration,
    /// The most that a server is obeyed which asks to be left alone for a while (`Retry-After` in
    /// seconds, beside a status that can heal). What a server asks for comes before the wait that
    /// is drawn. Default: 5 min, for there is a person waiting at this end. Never in a browser,
    /// which hides the header.
    pub longest_retry_after: Duration,
    /// How many attempts may fail in a row before it gives up; a connection that did not last for
    /// `stable_after` counts as failed. 0 counts as 1. Default: `None`, it never gives up.
    pub max_attempts: Option<u32>,
    /// How long a connection must stay up before the waits and the attempts are counted from the
    /// beginning again: a server that accepts everybody and then falls over would else be asked in
    /// quick succession for ever. Default: 5 s.
    pub stable_after: Duration,
    /// How long an attempt may take in all: for the function that gives the URL, and for
    /// connecting, which [`Options::connect_timeout`](crate::Options::connect_timeout) bounds as
    /// well. Default: 20 s.
    pub attempt_timeout: Duration,
    /// How long a close may take in all: for sending what waits, and for the peer's answer, which
    /// [`Options::close_timeout`](crate::Options::close_timeout) bounds as well. Default: 5 s.
    pub close_timeout: Duration,
    /// Whether to try again after this. Default: [`Cause::can_heal`].
    pub should_retry: Arc<dyn Fn(&Cause) -> bool + Send + Sync>,
    /// How much may wait for a connection. Default: 65 536 messages or 16 MiB.
    pub outbox: Bound,
    /// How much may wait for the program to read it, besides what the connection's own
    /// [`Options::inbox`](crate::Options::inbox) holds. While it is full nothing is taken from the
    /// connection, and its end isn't noticed. Default: 65 536 messages or 64 MiB.
    pub inbox: Bound,
    /// How much of what was handed to a connection is remembered, so that it can be told and sent
    /// again if the connection is lost: once for the connection that is open and once for those
    /// that are gone. The oldest is let go first, and counted. Default: 1024 messages or 1 MiB.
    pub in_doubt: Bound,
    /// Whether what is in doubt is sent again by itself, before everything else, as soon as there
    /// is a connection: then a message may arrive twice, and the peer has to see to that. Default:
    /// no, nothing is sent twice unless [`Link::resend_in_doubt`](super::Link::resend_in_doubt)
    /// asks for it.
    pub resends_in_doubt: bool,
}

impl Policy {
    /// Everything at its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`first_wait`](#structfield.first_wait).
    #[must_use]
    pub fn first_wait(mut self, time: Duration) -> Self {
        self.first_wait = time;
        self
    }

    /// Sets [`longest_wait`](#structfield.longest_wait).
    #[must_use]
    pub fn longest_wait(mut self, time: Duration) -> Self {
        self.longest_wait = time;
        self
    }

    /// Sets [`longest_retry_after`](#structfield.longest_retry_after).
    #[must_use]
    pub fn longest_retry_after(mut self, time: Duration) -> Self {
        self.longest_retry_after = time;
        self
    }

    /// Sets [`max_attempts`](#structfield.max_attempts).
    #[must_use]
    pub fn max_attempts(mut self, attempts: impl Into<Option<u32>>) -> Self {
        self.max_attempts = attempts.into();
        self
    }

    /// Sets [`stable_after`](#structfield.stable_after).
    #[must_use]
    pub fn stable_after(mut self, time: Duration) -> Self {
        self.stable_after = time;
        self
    }

    /// Sets [`attempt_timeout`](#structfield.attempt_timeout).
    #[must_use]
    pub fn attempt_timeout(mut self, time: Duration) -> Self {
        self.attempt_timeout = time;
        self
    }

    /// Sets [`close_timeout`](#structfield.close_timeout).
    #[must_use]
    pub fn close_timeout(mut self, time: Duration) -> Self {
        self.close_timeout = time;
        self
    }

    /// Sets [`should_retry`](#structfield.should_retry).
    #[must_use]
    pub fn should_retry(
        mut self,
        should_retry: impl Fn(&Cause) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.should_retry = Arc::new(should_retry);
        self
    }

    /// Sets [`outbox`](#structfield.outbox).
    #[must_use]
    pub fn outbox(mut self, bound: Bound) -> Self {
        self.outbox = bound;
        self
    }

    /// Sets [`inbox`](#structfield.inbox).
    #[must_use]
    pub fn inbox(mut self, bound: Bound) -> Self {
        self.inbox = bound;
        self
    }

    /// Sets [`in_doubt`](#structfield.in_doubt).
    #[must_use]
    pub fn in_doubt(mut self, bound: Bound) -> Self {
        self.in_doubt = bound;
        self
    }

    /// Sets [`resends_in_doubt`](#structfield.resends_in_doubt).
    #[must_use]
    pub fn resends_in_doubt(mut self, resends: bool) -> Self {
        self.resends_in_doubt = resends;
        self
    }
}

impl Default for Policy {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(30),
            longest_retry_after: Duration::from_secs(5 * 60),
            max_attempts: None,
            stable_after: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(20),
            close_timeout: Duration::from_secs(5),
            should_retry: Arc::new(Cause::can_heal),
            outbox: Bound { messages: 1 << 16, bytes: 16 * MIB },
            inbox: Bound { messages: 1 << 16, bytes: 64 * MIB },
            in_doubt: Bound { messages: 1024, bytes: MIB },
            resends_in_doubt: false,
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            first_wait,
            longest_wait,
            longest_retry_after,
            max_attempts,
            stable_after,
            attempt_timeout,
            close_timeout,
            should_retry: _,
            outbox,
            inbox,
            in_doubt,
            resends_in_doubt,
        } = self;
        f.debug_struct("Policy")
            .field("first_wait", first_wait)
            .field("longest_wait", longest_wait)
            .field("longest_retry_after", longest_retry_after)
            .field("max_attempts", max_attempts)
            .field("stable_after", stable_after)
            .field("attempt_timeout", attempt_timeout)
            .field("close_timeout", close_timeout)
            .field("outbox", outbox)
            .field("inbox", inbox)
            .field("in_doubt", in_doubt)
            .field("resends_in_doubt", resends_in_doubt)
            .finish_non_exhaustive()
    }
}
