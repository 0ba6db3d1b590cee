//! What a program is told about a reconnecting channel: its state, an attempt, what is left at the
//! end.

use web_time::Instant;

use super::cause::{Cause, StopCause};
use super::ledger::{InDoubt, Outgoing};

/// What a reconnecting channel is doing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum State {
    /// An attempt is under way.
    Connecting {
        /// Which: 1 is the first, also the first after a connection that stayed up for
        /// [`Policy::stable_after`](super::Policy::stable_after).
        attempt: u32,
        /// Why there is no connection; `None` before there ever was one.
        cause: Option<Cause>,
    },
    /// There is a connection, and messages flow.
    Open,
    /// There is no connection, and it is not time yet for the next attempt.
    Waiting {
        /// When that is. How long that still takes is
        /// `until.saturating_duration_since(Instant::now())`, with this module's
        /// [`Instant`](super::Instant).
        until: Instant,
        /// Which attempt that will be.
        attempt: u32,
        /// Why there is no connection.
        cause: Cause,
    },
    /// [`close`](super::ReconnectHandle::close) was called: what waits is sent, and the peer is to
    /// answer. Nothing more is delivered or accepted.
    Closing,
    /// It is over, for good.
    Stopped {
        /// Why.
        cause: StopCause,
    },
}

/// What the function that makes connections is told about an attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Which it is: as in [`State::Connecting`].
    pub number: u32,
    /// Why there is no connection: a 401 or a close with 4001 may say that a token has expired, if
    /// [`Policy::should_retry`](super::Policy::should_retry) lets it come here. `None` before there
    /// ever was one.
    pub cause: Option<Cause>,
}

/// What is not known to have arrived when a channel has stopped.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Undelivered {
    /// Why it has stopped.
    pub cause: StopCause,
    /// What was never handed to a connection.
    pub waiting: Vec<Outgoing>,
    /// What was handed to one and not confirmed: it may or may not have arrived.
    pub in_doubt: InDoubt,
}
