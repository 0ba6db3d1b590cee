//! Time and chance: the platform's own, and those that a test turns by hand.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use web_time::Instant;

use crate::backend;
use crate::waiters::Waiters;

/// What the driver knows of time and chance.
pub(crate) trait Time: Clone + Send + Sync + Unpin + 'static {
    /// Strikes once.
    type Timer: Unpin;

    /// When this time began.
    fn started(&self) -> Instant;

    /// How long ago that was.
    fn now(&self) -> Duration;

    /// A timer that strikes so much later.
    fn timer(&self, after: Duration) -> Self::Timer;

    /// Whether it has struck.
    fn poll_due(timer: &mut Self::Timer, cx: &mut Context<'_>) -> Poll<()>;

    /// A number from 0 to 1.
    fn chance(&self) -> f64;
}

/// The platform's own.
#[derive(Clone)]
pub(crate) struct RealTime(Instant);

impl RealTime {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Time for RealTime {
    type Timer = backend::Timer;

    fn started(&self) -> Instant {
        self.0
    }

    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn timer(&self, after: Duration) -> backend::Timer {
        backend::Timer::new(after)
    }

    fn poll_due(timer: &mut backend::Timer, cx: &mut Context<'_>) -> Poll<()> {
        timer.poll_due(cx)
    }

    fn chance(&self) -> f64 {
        let mut bytes = [0; 4];
        match getrandom::fill(&mut bytes) {
            Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX),
            // No chance at hand: then the whole wait, which spares the server at least.
            Err(_) => 1.0,
        }
    }
}

/// A clock that a test turns by hand, for [`ReconnectingChannel::by_hand`]: time stands still until
/// [`advance`](Self::advance) is called, and the waits are as long as they can be.
///
/// Clones are hands on the same clock.
///
/// [`ReconnectingChannel::by_hand`]: super::ReconnectingChannel::by_hand
#[derive(Clone)]
pub struct Clock(Arc<ClockState>);

struct ClockState {
    started: Instant,
    now: Mutex<Duration>,
    /// The bits of the number that stands for chance.
    chance: AtomicU64,
    waiters: Waiters,
}

impl Clock {
    /// A clock that shows the present moment, and stands still.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(ClockState {
            started: Instant::now(),
            now: Mutex::default(),
            chance: AtomicU64::new(1.0_f64.to_bits()),
            waiters: Waiters::default(),
        }))
    }

    /// What it shows: to be compared with [`State::Waiting`](super::State::Waiting).
    #[must_use]
    pub fn now(&self) -> Instant {
        // A moment that no clock can show is not worth a panic.
        self.0.started.checked_add(Time::now(self)).unwrap_or(self.0.started)
    }

    /// Lets so much time pass. Whoever waited for a moment in it is woken, and does its part when
    /// it is polled.
    pub fn advance(&self, by: Duration) {
        {
            let mut now = self.0.now.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now.saturating_add(by);
        }
        self.0.waiters.wake_all();
    }

    /// How much of the longest possible wait is waited from now on, from 0 to 1. At first it is 1;
    /// real chance is anything between.
    pub fn set_chance(&self, chance: f64) {
        self.0.chance.store(chance.to_bits(), Ordering::Relaxed);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Strikes when the hand-turned clock shows its moment.
pub(crate) struct HandTimer {
    clock: Clock,
    due: Duration,
    place: u64,
}

impl Time for Clock {
    type Timer = HandTimer;

    fn started(&self) -> Instant {
        self.0.started
    }

    fn now(&self) -> Duration {
        *self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn timer(&self, after: Duration) -> HandTimer {
        let due = Time::now(self).saturating_add(after);
        HandTimer { clock: self.clone(), due, place: self.0.waiters.new_slot() }
    }

    fn poll_due(timer: &mut HandTimer, cx: &mut Context<'_>) -> Poll<()> {
        // Registered before looking, so that no turn of the clock goes unseen.
        timer.clock.0.waiters.register(timer.place, cx);
        if Time::now(&timer.clock) >= timer.due { Poll::Ready(()) } else { Poll::Pending }
    }

    fn chance(&self) -> f64 {
        f64::from_bits(self.0.chance.load(Ordering::Relaxed))
    }
}

impl Drop for HandTimer {
    fn drop(&mut self) {
        self.clock.0.waiters.remove(self.place);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&Time::now(self)).finish()
    }
}
