//! The settings of a reconnecting channel: how long it waits, what it tries again, how much it holds.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::cause::Cause;
use crate::error::InvalidArgument;
use crate::options::{check_bound, check_time, in_range};
use crate::queue::Bound;
use crate::setters::setters;

/// How a [`ReconnectingChannel`](super::ReconnectingChannel) goes about it. Each setting has a
/// default and a method that sets it.
///
/// All are checked before anything starts; what is out of its range is an
/// [`InvalidArgument::OutOfRange`]. A time is at least 1 ms and a bound at least 1 message and
/// 1 byte, unless a setting says what zero means for it. There is no longest time:
/// [`Duration::MAX`] waits for ever.
///
/// ```
/// use std::time::Duration;
/// use web_socket_channel::reconnect::Policy;
///
/// let policy = Policy::new()
///     .longest_wait(Duration::from_secs(60))
///     // This server says 4001 when a token has expired, and the next attempt brings a new one.
///     .should_retry(|cause| cause.is_retryable() || cause.close_code() == Some(4001));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Policy {
    /// The most that the first wait may be. Each wait is drawn afresh, from nothing up to a ceiling
    /// that doubles from wait to wait ("full jitter"), so that the clients of a server that has
    /// restarted don't all come back in the same moment. Default: 250 ms, so that the first retry
    /// comes after an eighth of a second on average, which a person takes for "at once". At least
    /// 1 ms.
    pub first_wait: Duration,
    /// Where the ceiling of the waits stops to double. Default: 30 s, so that a network that is
    /// back is noticed within half a minute, 15 s on average. At least `first_wait`.
    pub longest_wait: Duration,
    /// The most that a server is obeyed which asks to be left alone for a while (`Retry-After` in
    /// seconds, beside a status that is retried). What a server asks for comes before the wait that
    /// is drawn. Default: 5 min, for there is a person waiting at this end. Zero: it is not obeyed
    /// at all, and neither is it in a browser, which hides the header.
    pub longest_retry_after: Duration,
    /// How many attempts may fail in a row before it gives up; a connection that did not last for
    /// `stable_after` counts as failed. At least 1. Default: `None`, it never gives up.
    pub max_attempts: Option<u32>,
    /// How long a connection must stay up before the waits and the attempts are counted from the
    /// beginning again: a server that accepts everybody and then falls over would else be asked in
    /// quick succession for ever. Default: 5 s. Zero: each that opens counts as stable, so that the
    /// waits never grow after one and only attempts that open nothing run out.
    pub stable_after: Duration,
    /// How long an attempt may take in all: for the function that gives the URL, and for
    /// connecting, which [`Options::connect_timeout`](crate::Options::connect_timeout) bounds as
    /// well. Default: 20 s. At least 1 ms.
    pub attempt_timeout: Duration,
    /// How long a close may take in all: for sending what waits, and for the peer's answer, which
    /// [`Options::close_timeout`](crate::Options::close_timeout) bounds as well. Default: 5 s. At least
    /// 1 ms.
    pub close_timeout: Duration,
    /// Whether to try again after this. Default: [`Cause::is_retryable`].
    pub should_retry: ShouldRetry,
    /// How much may wait for a connection. Default: 65 536 messages or 16 MiB.
    pub outbox: Bound,
    /// How much may wait for the program to read it, besides what the connection's own
    /// [`Options::inbox`](crate::Options::inbox) holds. While it is full nothing is taken from the
    /// connection. Its end is noticed nevertheless, and then all that it holds is taken over; but
    /// only once until there is room again, and not while the connection's own inbox is full too,
    /// as natively nothing is read from the socket then. Default: 65 536 messages or 64 MiB.
    pub inbox: Bound,
    /// How much of what was handed to a connection is remembered, so that it can be told and sent
    /// again if the connection is lost: once for the connection that is open and once for those
    /// that are gone. The oldest is let go first, and counted. Default: 1024 messages or 1 MiB. Zero:
    /// nothing is remembered, all of it is only counted.
    pub in_doubt: Bound,
    /// Whether what is in doubt is sent again by itself, before everything else, as soon as there
    /// is a connection: then a message may arrive twice, and the peer has to see to that. Default:
    /// no, nothing is sent twice unless
    /// [`resend_in_doubt`](super::ReconnectHandle::resend_in_doubt) asks for it.
    pub resends_in_doubt: bool,
}

/// A function that says whether to try again; see [`Policy::should_retry`]. A clone is cheap.
#[derive(Clone)]
pub struct ShouldRetry(Arc<dyn Fn(&Cause) -> bool + Send + Sync>);

impl Policy {
    /// Everything at its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        first_wait: Duration,
        longest_wait: Duration,
        longest_retry_after: Duration,
        stable_after: Duration,
        attempt_timeout: Duration,
        close_timeout: Duration,
        outbox: Bound,
        inbox: Bound,
        in_doubt: Bound,
        resends_in_doubt: bool,
    }

    /// Sets [`max_attempts`](#structfield.max_attempts).
    #[must_use]
    pub fn max_attempts(mut self, attempts: impl Into<Option<u32>>) -> Self {
        self.max_attempts = attempts.into();
        self
    }

    /// Sets [`should_retry`](#structfield.should_retry).
    #[must_use]
    pub fn should_retry(
        mut self,
        should_retry: impl Fn(&Cause) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.should_retry = ShouldRetry(Arc::new(should_retry));
        self
    }

    /// Whether every time and every bound is in its range.
    pub(crate) fn check(&self) -> Result<(), InvalidArgument> {
        check_time("first_wait", self.first_wait)?;
        let may_double = self.longest_wait >= self.first_wait;
        in_range("longest_wait", may_double, "at least first_wait")?;
        in_range("max_attempts", self.max_attempts != Some(0), "at least 1, or None")?;
        check_time("attempt_timeout", self.attempt_timeout)?;
        check_time("close_timeout", self.close_timeout)?;
        check_bound("outbox", self.outbox)?;
        check_bound("inbox", self.inbox)
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
            should_retry: ShouldRetry(Arc::new(Cause::is_retryable)),
            outbox: Bound { messages: 1 << 16, bytes: 16 * MIB },
            inbox: Bound { messages: 1 << 16, bytes: 64 * MIB },
            in_doubt: Bound { messages: 1024, bytes: MIB },
            resends_in_doubt: false,
        }
    }
}

impl ShouldRetry {
    /// Asks the function.
    #[must_use]
    pub fn after(&self, cause: &Cause) -> bool {
        (self.0)(cause)
    }
}

impl fmt::Debug for ShouldRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShouldRetry").finish_non_exhaustive()
    }
}
