//! The simulated clock: events arrive as it passes their times.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::Arrival;
use crate::ways::Inlet;

/// What the clock shows, for whoever only reads it. `Send`, as egui's callbacks have to be.
#[derive(Clone, Default)]
pub(crate) struct Now(Arc<AtomicU64>);

impl Now {
    pub(crate) fn get(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, now: Duration) {
        // 2⁶⁴ ns are 584 years.
        self.0.store(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// One event on its way: its number, counted from 0.
pub(crate) type Number = u32;

/// The clock, and the events that are still to come.
pub(crate) struct Time<'a> {
    now: Now,
    arrivals: &'a [Arrival],
    /// How many have arrived.
    arrived: Cell<usize>,
    /// Whether events arrive yet.
    has_begun: Cell<bool>,
    /// Where they arrive.
    deliver: RefCell<Inlet>,
}

impl<'a> Time<'a> {
    pub(crate) fn new(now: Now, arrivals: &'a [Arrival], deliver: Inlet) -> Self {
        Self {
            now,
            arrivals,
            arrived: Cell::new(0),
            has_begun: Cell::new(false),
            deliver: RefCell::new(deliver),
        }
    }

    pub(crate) fn now(&self) -> Duration {
        self.now.get()
    }

    /// All events, those that have arrived and those that will.
    pub(crate) fn arrivals(&self) -> &'a [Arrival] {
        self.arrivals
    }

    /// From now on events arrive.
    pub(crate) fn begin(&self) {
        self.has_begun.set(true);
    }

    /// When the next event arrives.
    pub(crate) fn next_arrival(&self) -> Option<Duration> {
        if !self.has_begun.get() {
            return None;
        }
        self.arrivals.get(self.arrived.get()).map(|arrival| arrival.at)
    }

    /// So much time passes.
    pub(crate) fn pass(&self, time: Duration) {
        self.advance(self.now().saturating_add(time));
    }

    /// It becomes this late, and whatever arrives until then arrives at its own time.
    pub(crate) fn advance(&self, to: Duration) {
        while let Some(at) = self.next_arrival().filter(|at| *at <= to) {
            self.now.set(self.now().max(at));
            let number = self.arrived.get();
            self.arrived.set(number + 1);
            (self.deliver.borrow_mut())(Number::try_from(number).unwrap_or(Number::MAX));
        }
        self.now.set(self.now().max(to));
    }
}
