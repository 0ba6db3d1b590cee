//! When to connect, when to wait and when to stop, as a pure state machine: an event in, a phase
//! out.
//!
//! It has no clock, no random numbers and no channel: time comes in as how long ago everything
//! began, chance as a number from 0 to 1. The phase is what the driver carries out, so that whatever the program
//! asks for counts at once, and the driver follows.

use std::time::Duration;

use super::cause::{Cause, StopCause};
use super::policy::Policy;
use crate::close::CloseFrame;

/// What is to be done now.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// To ask for the URL and to connect, until it is open.
    Connecting {
        /// Which attempt it is since a connection last stayed up, or ever: 1 is the first.
        attempt: u32,
        /// When it has taken too long.
        until: Duration,
        /// Why there is no connection; `None` the first time.
        cause: Option<Cause>,
    },
    /// To carry messages in both directions.
    Open {
        /// Since when.
        since: Duration,
    },
    /// To do nothing, until it is time for the next attempt.
    Waiting {
        /// When that is.
        until: Duration,
        /// Which attempt that will be.
        attempt: u32,
        /// Why there is no connection.
        cause: Cause,
    },
    /// To send what waits, then to close with this, and to wait for the peer's answer.
    Closing {
        /// What the peer is told.
        frame: CloseFrame,
        /// When it has taken too long.
        until: Duration,
    },
    /// To let go of everything. There is no way out of here.
    Stopped {
        /// Why.
        cause: StopCause,
        /// What a connection that is left is closed with; `None`: with 1001, as a channel that is
        /// dropped.
        close_frame: Option<CloseFrame>,
    },
}

/// What happens. One that comes too late for the phase it is about changes nothing.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// The program won't wait any longer.
    RetryNow,
    /// The program asks for the closing handshake.
    Close(CloseFrame),
    /// The program asks for the end, at once.
    Stop,
    /// The program has dropped everything. A close that is under way goes on.
    Dropped,
    /// The handshake is done.
    Opened,
    /// The attempt has failed, or the connection has ended.
    Lost {
        /// Why.
        cause: Cause,
        /// Whether the policy says to try again after that.
        should_retry: bool,
        /// How much of the longest possible wait it is to be, from 0 to 1.
        chance: f64,
    },
    /// The connection that was to be closed has ended.
    Closed,
    /// The phase's own time is up; see [`Phase::deadline`].
    DeadlineElapsed,
    /// The task that carries the phases out is gone.
    DriverGone(Cause),
}

/// The state of one reconnecting channel.
pub(crate) struct Machine {
    policy: Policy,
    phase: Phase,
    /// Attempts since the beginning, or since a connection last stayed up.
    attempts: u32,
    /// Waits since then.
    waits: u32,
}

impl Phase {
    /// When it has taken as long as it may.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match self {
            Self::Connecting { until, .. }
            | Self::Waiting { until, .. }
            | Self::Closing { until, .. } => Some(*until),
            Self::Open { .. } | Self::Stopped { .. } => None,
        }
    }
}

impl Machine {
    /// Begins with an attempt.
    pub(crate) fn new(policy: Policy, now: Duration) -> Self {
        let until = now.saturating_add(policy.attempt_timeout);
        let phase = Phase::Connecting { attempt: 1, until, cause: None };
        Self { policy, phase, attempts: 1, waits: 0 }
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether messages are taken from the program.
    pub(crate) fn accepts(&self) -> bool {
        !matches!(self.phase, Phase::Closing { .. } | Phase::Stopped { .. })
    }

    /// Whether messages are handed to a connection.
    pub(crate) fn hands_over(&self) -> bool {
        matches!(self.phase, Phase::Open { .. } | Phase::Closing { .. })
    }

    /// Something happens. Says whether that changed the phase.
    pub(crate) fn on(&mut self, event: Event, now: Duration) -> bool {
        let next = match (&self.phase, event) {
            (Phase::Stopped { .. }, _) => None,

            // Whoever has closed is told of no error.
            (Phase::Closing { .. }, Event::DriverGone(_)) => {
                Some(stopped(StopCause::Requested, None))
            }
            (_, Event::DriverGone(cause)) => Some(stopped(StopCause::NotRetryable(cause), None)),
            (_, Event::Stop) => Some(stopped(StopCause::Requested, None)),
            (Phase::Closing { .. }, Event::Dropped) => None,
            (_, Event::Dropped) => Some(stopped(StopCause::Requested, None)),
            (Phase::Open { .. }, Event::Close(frame)) => {
                let until = now.saturating_add(self.policy.close_timeout);
                Some(Phase::Closing { frame, until })
            }
            (Phase::Closing { .. }, Event::Close(_)) => None,
            (_, Event::Close(frame)) => Some(stopped(StopCause::Requested, Some(frame))),

            (Phase::Connecting { .. }, Event::Opened) => Some(Phase::Open { since: now }),
            (Phase::Connecting { .. }, Event::Lost { cause, should_retry, chance }) => {
                Some(self.retry_or_stop(cause, should_retry, chance, now))
            }
            (Phase::Open { since }, Event::Lost { cause, should_retry, chance }) => {
                if now.saturating_sub(*since) >= self.policy.stable_after {
                    self.attempts = 0;
                    self.waits = 0;
                }
                Some(self.retry_or_stop(cause, should_retry, chance, now))
            }
            (Phase::Waiting { cause, .. }, Event::DeadlineElapsed | Event::RetryNow) => {
                let cause = Some(cause.clone());
                self.attempts = self.attempts.saturating_add(1);
                let until = now.saturating_add(self.policy.attempt_timeout);
                Some(Phase::Connecting { attempt: self.attempts, until, cause })
            }
            (Phase::Closing { .. }, Event::Lost { .. } | Event::Closed) => {
                Some(stopped(StopCause::Requested, None))
            }
            (Phase::Closing { frame, .. }, Event::DeadlineElapsed) => {
                Some(stopped(StopCause::Requested, Some(frame.clone())))
            }

            (
                _,
                Event::RetryNow
                | Event::Opened
                | Event::Lost { .. }
                | Event::Closed
                | Event::DeadlineElapsed,
            ) => None,
        };
        let has_changed = next.is_some();
        if let Some(next) = next {
            self.phase = next;
        }
        has_changed
    }

    fn retry_or_stop(
        &mut self,
        cause: Cause,
        should_retry: bool,
        chance: f64,
        now: Duration,
    ) -> Phase {
        if !should_retry {
            return stopped(StopCause::NotRetryable(cause), None);
        }
        if self.policy.max_attempts.is_some_and(|most| self.attempts >= most) {
            return stopped(StopCause::GaveUp { attempts: self.attempts, last: cause }, None);
        }
        let asked = cause.retry_after().unwrap_or_default().min(self.policy.longest_retry_after);
        let wait = asked.saturating_add(share(self.ceiling(), chance));
        self.waits = self.waits.saturating_add(1);
        let (until, attempt) = (now.saturating_add(wait), self.attempts.saturating_add(1));
        Phase::Waiting { until, attempt, cause }
    }

    /// The longest that the next wait may be.
    fn ceiling(&self) -> Duration {
        let doubled = self.policy.first_wait.saturating_mul(2_u32.saturating_pow(self.waits));
        doubled.min(self.policy.longest_wait)
    }
}

fn stopped(cause: StopCause, close_frame: Option<CloseFrame>) -> Phase {
    Phase::Stopped { cause, close_frame }
}

/// A part of a time; all of it, where the part can't be told.
fn share(of: Duration, part: f64) -> Duration {
    Duration::try_from_secs_f64(of.as_secs_f64() * part).map_or(of, |share| share.min(of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::close::{CloseEvent, Initiator};
    use crate::error::{Error, Timeout};
    use crate::status;

    const SECOND: Duration = Duration::from_secs(1);

    fn cut() -> Cause {
        let (code, initiator) = (status::ABNORMAL_CLOSURE, Initiator::Failure);
        let event = CloseEvent::new(code, "", false, initiator);
        Cause::Closed(event.into())
    }

    fn timeout() -> Cause {
        Cause::Error(Error::Timeout(Timeout::Connect(SECOND)))
    }

    /// To be retried, and the wait is the longest possible.
    fn lost(cause: Cause) -> Event {
        Event::Lost { cause, should_retry: true, chance: 1.0 }
    }

    fn frame() -> CloseFrame {
        CloseFrame { code: status::NORMAL_CLOSURE, reason: "first close".into() }
    }

    fn policy() -> Policy {
        Policy::default().first_wait(SECOND).longest_wait(10 * SECOND).stable_after(5 * SECOND)
    }

    /// A machine, and the time.
    struct Run {
        machine: Machine,
        now: Duration,
    }

    impl Run {
        fn new(policy: Policy) -> Self {
            let now = 1000 * SECOND;
            Self { machine: Machine::new(policy, now), now }
        }

        fn on(&mut self, event: Event) -> bool {
            self.machine.on(event, self.now)
        }

        /// Waits until the deadline, and tells how long that took.
        fn wait(&mut self) -> Duration {
            let start = self.now;
            self.now = self.machine.phase().deadline().expect("there is a deadline");
            assert!(self.on(Event::DeadlineElapsed));
            self.now - start
        }

        fn name(&self) -> &'static str {
            name(self.machine.phase())
        }

        fn attempt(&self) -> u32 {
            match self.machine.phase() {
                Phase::Connecting { attempt, .. } | Phase::Waiting { attempt, .. } => *attempt,
                other => unreachable!("{other:?}"),
            }
        }
    }

    fn name(phase: &Phase) -> &'static str {
        match phase {
            Phase::Connecting { .. } => "connecting",
            Phase::Open { .. } => "open",
            Phase::Waiting { .. } => "waiting",
            Phase::Closing { .. } => "closing",
            Phase::Stopped { .. } => "stopped",
        }
    }

    #[test]
    fn wait_never_exceeds_the_longest() {
        let mut run = Run::new(policy());
        run.machine.waits = u32::MAX;
        run.machine.attempts = u32::MAX;
        run.on(lost(timeout()));
        assert_eq!(run.wait(), 10 * SECOND);
        assert_eq!(run.attempt(), u32::MAX);
    }

    /// Every order of up to six events: only legal steps, one end, a deadline whenever something is
    /// awaited, and attempts that are counted one by one.
    #[test]
    fn every_order_of_events_is_legal() {
        let kinds = 10_usize;
        let length = 6_u32;
        for order in 0..kinds.pow(length) {
            let mut run = Run::new(policy().max_attempts(Some(3)));
            let mut rest = order;
            for _ in 0..length {
                let before = run.machine.phase().clone();
                let event = match rest % kinds {
                    0 => Event::RetryNow,
                    1 => Event::Close(frame()),
                    2 => Event::Stop,
                    3 => Event::Dropped,
                    4 => Event::Opened,
                    5 => lost(cut()),
                    6 => Event::Lost { cause: cut(), should_retry: false, chance: 1.0 },
                    7 => Event::DeadlineElapsed,
                    8 => Event::Closed,
                    _ => Event::DriverGone(cut()),
                };
                rest /= kinds;
                run.now += SECOND;
                let has_changed = run.on(event);
                let step = (name(&before), run.name());
                assert_eq!(has_changed, step.0 != step.1, "order {order}: {step:?}");
                assert!(
                    !has_changed
                        || matches!(
                            step,
                            ("connecting", "open" | "waiting" | "stopped")
                                | ("open", "waiting" | "closing" | "stopped")
                                | ("waiting", "connecting" | "stopped")
                                | ("closing", "stopped")
                        ),
                    "order {order}: {step:?}"
                );
                let awaits = matches!(step.1, "connecting" | "waiting" | "closing");
                assert_eq!(run.machine.phase().deadline().is_some(), awaits, "order {order}");
                if matches!(step.1, "connecting" | "waiting") {
                    assert!((1..=3).contains(&run.attempt()), "order {order}");
                }
            }
        }
    }
}
