//! One parameter over its range: a run for each value, and all else as it is.

use std::time::Duration;

use crate::{Arrival, Pattern, Setup};
#[cfg(feature = "run")]
use crate::{Run, Way, run};

/// What is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Swept {
    /// How many events come at once. Their size is that of the first event given.
    BurstSize,
    /// What a frame may spend on events. Only [`Way::StreamBuilder`] has one.
    Budget,
    /// What one event costs.
    EventCost,
    /// What building the page costs.
    BuildCost,
}

/// A value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// So many events.
    Count(usize),
    /// So long.
    Time(Duration),
}

impl Swept {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::BurstSize, Self::Budget, Self::EventCost, Self::BuildCost];

    /// The values that it takes, from the least to the greatest; each about twice the one before.
    pub fn values(self) -> Vec<Value> {
        let us = |us| Value::Time(Duration::from_micros(us));
        match self {
            Self::BurstSize => (0..=10).map(|power| Value::Count(1 << power)).collect(),
            Self::Budget => {
                [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000].map(us).to_vec()
            }
            Self::EventCost => [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000].map(us).to_vec(),
            Self::BuildCost => {
                [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 100_000].map(us).to_vec()
            }
        }
    }

    /// The events with this value of it, where they are others: each of so many bytes.
    pub fn arrivals(self, value: Value, bytes: usize) -> Option<Vec<Arrival>> {
        match (self, value) {
            (Self::BurstSize, Value::Count(count)) => {
                Some(Pattern::Burst { count }.arrivals(bytes))
            }
            _ => None,
        }
    }

    /// The same setup with this value of it. A value of the other kind changes nothing.
    pub fn setup(self, value: Value, setup: &Setup) -> Setup {
        let mut setup = *setup;
        match (self, value) {
            (Self::Budget, Value::Time(time)) => setup.budget = time,
            (Self::EventCost, Value::Time(time)) => setup.costs.event = time,
            (Self::BuildCost, Value::Time(time)) => setup.costs.build = time,
            (Self::BurstSize, _) | (_, Value::Count(_)) => {}
        }
        setup
    }

    /// The run with this value of it.
    #[cfg(feature = "run")]
    pub fn run(self, value: Value, way: Way, arrivals: &[Arrival], setup: &Setup) -> Run {
        let bytes = arrivals.first().map_or(0, |arrival| arrival.bytes);
        let burst = self.arrivals(value, bytes);
        run(way, burst.as_deref().unwrap_or(arrivals), &self.setup(value, setup))
    }
}
