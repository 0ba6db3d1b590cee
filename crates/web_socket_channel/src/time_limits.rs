//! The time-outs of a connection as its handles see them: a transport whose runtime is not driven any
//! more can't tell that one has passed, and whoever looks at the channel shall know all the same.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use web_time::Instant;

use crate::error::{Error, Timeout};
use crate::lifecycle::{Lifecycle, ReadyState};
use crate::options::Options;
use crate::signal::Failure;

/// How long a transport has to stir once a handle finds that a limit has passed: one that runs says it
/// itself, and knows more about it, as how long this process was stopped.
const SLACK: Duration = Duration::from_millis(250);

/// By default no limit: in memory there is no clock.
#[derive(Debug, Default)]
pub(crate) struct TimeLimits {
    connecting: Option<(Instant, Duration)>,
    close_timeout: Option<Duration>,
    /// When this end has begun to close.
    closing_since: OnceLock<Instant>,
    /// When the transport was last asked to stir.
    asked: Mutex<Option<Instant>>,
}

impl TimeLimits {
    /// Those of a connection that is being made from now on.
    pub(crate) fn of_connecting(options: &Options) -> Self {
        let connecting = Some((Instant::now(), options.connect_timeout));
        Self { connecting, ..Self::of_open(options) }
    }

    /// Those of a connection that is open already.
    pub(crate) fn of_open(options: &Options) -> Self {
        Self { close_timeout: Some(options.close_timeout), ..Self::default() }
    }

    /// Whether there is a clock, and so a task: in memory there is neither.
    pub(crate) fn are_kept(&self) -> bool {
        self.close_timeout.is_some()
    }

    pub(crate) fn begin_to_close(&self) {
        if self.close_timeout.is_some() {
            self.closing_since.get_or_init(Instant::now);
        }
    }

    /// How the connection has failed, if one of its limits has passed and nobody says so. `has_run` tells
    /// whether the transport has, since it was asked that last, and has it woken then.
    pub(crate) fn passed(
        &self,
        life: &Lifecycle,
        has_run: impl FnOnce() -> bool,
    ) -> Option<Failure> {
        let (since, limit) = match life.state() {
            ReadyState::Connecting => self.connecting?,
            ReadyState::Closing => (*self.closing_since.get()?, self.close_timeout?),
            ReadyState::Open | ReadyState::Closed => return None,
        };
        if since.elapsed() < limit {
            return None;
        }
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_some_and(|asked| asked.elapsed() < SLACK) {
            return None;
        }
        let is_first = asked.replace(Instant::now()).is_none();
        if has_run() || is_first {
            return None;
        }
        let error = life.opened().is_none().then_some(Error::Timeout(Timeout::Connect(limit)));
        Some(Failure::abnormal(error))
    }
}
