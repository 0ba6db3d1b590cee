//! When events arrive, and of what size: given, or by a pattern.

use std::time::Duration;

/// How many events a run takes; what is beyond is left out.
pub const MAX_ARRIVALS: usize = 20_000;

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// When it arrives, since the start of the run.
    pub at: Duration,
    /// Its size.
    pub bytes: usize,
}

/// How events follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// All at once.
    Burst {
        /// How many.
        count: usize,
    },
    /// One after the other, equally far apart.
    Steady {
        /// How many.
        count: usize,
        /// From one to the next.
        every: Duration,
    },
    /// As independent senders come: by chance, and always the same for the same seed.
    Random {
        /// How many.
        count: usize,
        /// From one to the next, on average.
        every: Duration,
        /// Which of the many.
        seed: u64,
    },
}

impl Pattern {
    /// The events, at most [`MAX_ARRIVALS`], each of so many bytes, in order.
    pub fn arrivals(self, bytes: usize) -> Vec<Arrival> {
        let event = |at| Arrival { at, bytes };
        match self {
            Self::Burst { count } => vec![event(FIRST); count.min(MAX_ARRIVALS)],
            Self::Steady { count, every } => {
                let at = |number| FIRST.saturating_add(every.saturating_mul(number));
                (0..bounded(count)).map(|number| event(at(number))).collect()
            }
            Self::Random { count, every, seed } => {
                let mut chance = Chance(seed);
                let mut at = FIRST;
                let mut next = |_| {
                    let arrival = event(at);
                    // Nobody waits for more than ten times the average, whatever chance says.
                    let wait = every.as_secs_f64() * chance.waiting_time().min(10.0);
                    at = at.saturating_add(Duration::try_from_secs_f64(wait).unwrap_or_default());
                    arrival
                };
                (0..bounded(count)).map(&mut next).collect()
            }
        }
    }
}

/// When the first event of a pattern arrives: not at a refresh of any usual screen, which would be a
/// coincidence that no real event has.
const FIRST: Duration = Duration::from_micros(5_300);

fn bounded(count: usize) -> u32 {
    u32::try_from(count.min(MAX_ARRIVALS)).unwrap_or(u32::MAX)
}

/// Random numbers by the method SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Exponentially distributed, 1 on average.
    fn waiting_time(&mut self) -> f64 {
        // 53 bits are what a f64 holds; half a step up, so that it is never 0, whose logarithm isn't finite.
        let share = ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        -share.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_events_again() {
        let random = |seed| {
            Pattern::Random { count: 1000, every: Duration::from_millis(10), seed }.arrivals(1)
        };
        assert_eq!(random(36), random(36));
        assert_ne!(random(36), random(78));
        let arrivals = random(36);
        assert!(arrivals.is_sorted());
        let last = arrivals[999].at.as_secs_f64();
        assert!((9.0..11.0).contains(&last), "1000 events in {last} s");
    }

    #[test]
    fn patterns_are_bounded() {
        let every = Duration::MAX;
        for pattern in [
            Pattern::Burst { count: usize::MAX },
            Pattern::Steady { count: usize::MAX, every },
            Pattern::Random { count: usize::MAX, every, seed: 0 },
        ] {
            let arrivals = pattern.arrivals(0);
            assert_eq!(arrivals.len(), MAX_ARRIVALS);
            assert!(arrivals.is_sorted());
        }
    }
}
