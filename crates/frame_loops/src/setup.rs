//! In what a way is tried: what work costs, how often the screen refreshes, and the bounds of a run.

use std::time::Duration;

/// How many frames a run draws at the most.
pub const MAX_FRAMES: usize = 20_000;

/// How long a run is at the most.
pub const MAX_TIME: Duration = Duration::from_secs(120);

/// How long a run goes on once its last event is on the screen, to see who draws frames while nothing happens.
pub const QUIET: Duration = Duration::from_millis(200);

/// What work costs on the simulated machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// To take in one event.
    pub event: Duration,
    /// To take in a kibibyte of it.
    pub kibibyte: Duration,
    /// To build the page once, with or without something new.
    pub build: Duration,
}

impl Costs {
    /// What so many bytes cost, besides what every event does.
    #[cfg(feature = "run")]
    pub(crate) fn of_bytes(&self, bytes: usize) -> Duration {
        let nanos = self.kibibyte.as_nanos().saturating_mul(bytes as u128) / 1024;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// In what a way is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// What work costs.
    pub costs: Costs,
    /// From one refresh of the screen to the next; at least a tenth of a millisecond.
    pub refresh: Duration,
    /// What the builder may spend on events in one frame.
    pub budget: Duration,
    /// How many frames are drawn at the most; no more than [`MAX_FRAMES`].
    pub most_frames: usize,
}

impl Default for Setup {
    /// A page of 2 ms at 60 Hz with the builder's own budget, on which an event costs 20 µs, and a KiB of it 2 µs.
    fn default() -> Self {
        Self {
            costs: Costs {
                event: Duration::from_micros(20),
                kibibyte: Duration::from_micros(2),
                build: Duration::from_millis(2),
            },
            refresh: Duration::from_secs(1) / 60,
            budget: Duration::from_millis(4),
            most_frames: MAX_FRAMES,
        }
    }
}

#[cfg(all(test, feature = "run"))]
mod tests {
    use super::*;

    #[test]
    fn default_budget_is_the_builders() {
        assert_eq!(Setup::default().budget, egui_stream_builder::DEFAULT_BUDGET);
    }
}
