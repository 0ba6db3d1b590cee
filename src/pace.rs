//! How fast the page takes events in: as they come, one at a time when asked, or slowly. Pure; it is told
//! the time.

use std::time::Duration;

/// How long slow motion shows one event.
pub const SLOW_SECS: f64 = 0.5;

/// How fast events are taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Pace {
    /// As they come.
    #[default]
    Free,
    /// Not at all, but one for each [`step`](Self::step).
    Paused {
        /// How many may be taken in, one for each frame.
        steps: u32,
    },
    /// One, and then none for [`SLOW_SECS`].
    Slow {
        /// When the last one was taken in.
        last_secs: Option<f64>,
    },
}

/// How many events a frame may take in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowance {
    /// As many as the budget lets it.
    All,
    /// One.
    One,
    /// None, and a frame should come after this time, if any.
    None {
        /// How long until then.
        look_again_after: Option<Duration>,
    },
}

impl Pace {
    /// What a frame at this time may take in, where the stream has something to say.
    pub fn allow(self, now_secs: f64) -> Allowance {
        match self {
            Self::Free => Allowance::All,
            Self::Paused { steps: 0 } => Allowance::None { look_again_after: None },
            Self::Paused { .. } | Self::Slow { last_secs: None } => Allowance::One,
            Self::Slow { last_secs: Some(last_secs) } => {
                let rest = last_secs + SLOW_SECS - now_secs;
                if rest <= 0.0 {
                    Allowance::One
                } else {
                    Allowance::None { look_again_after: Some(Duration::from_secs_f64(rest)) }
                }
            }
        }
    }

    /// So many events were taken in. With none a step is over too: there was nothing to step to.
    pub fn took(&mut self, events: u64, now_secs: f64) {
        match self {
            Self::Free => {}
            Self::Paused { steps } => {
                *steps = if events == 0 { 0 } else { steps.saturating_sub(1) }
            }
            Self::Slow { last_secs } if events > 0 => *last_secs = Some(now_secs),
            Self::Slow { .. } => {}
        }
    }

    /// Lets one more event in, and pauses if it isn't paused yet.
    pub fn step(&mut self) {
        *self = match *self {
            Self::Paused { steps } => Self::Paused { steps: steps.saturating_add(1) },
            Self::Free | Self::Slow { .. } => Self::Paused { steps: 1 },
        };
    }

    /// Pauses, or goes on.
    pub fn toggle_pause(&mut self) {
        *self = match self {
            Self::Paused { .. } => Self::Free,
            Self::Free | Self::Slow { .. } => Self::Paused { steps: 0 },
        };
    }

    /// Slows down, or goes on.
    pub fn toggle_slow(&mut self) {
        *self = match self {
            Self::Slow { .. } => Self::Free,
            Self::Free | Self::Paused { .. } => Self::Slow { last_secs: None },
        };
    }

    /// Whether nothing is taken in without a step.
    pub fn is_paused(self) -> bool {
        matches!(self, Self::Paused { .. })
    }

    /// Whether it is slow motion.
    pub fn is_slow(self) -> bool {
        matches!(self, Self::Slow { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Allowance = Allowance::None { look_again_after: None };

    #[test]
    fn a_pause_lets_one_event_in_for_each_step() {
        let mut pace = Pace::Free;
        assert_eq!(pace.allow(0.0), Allowance::All);
        pace.toggle_pause();
        assert_eq!(pace.allow(0.0), NOTHING);
        pace.step();
        pace.step();
        for _ in 0..2 {
            assert_eq!(pace.allow(0.0), Allowance::One);
            pace.took(1, 0.0);
        }
        assert_eq!(pace.allow(0.0), NOTHING);
        pace.step();
        pace.took(0, 0.0);
        assert_eq!(pace.allow(0.0), NOTHING, "a step to nothing doesn't wait for something");
        pace.toggle_pause();
        assert_eq!(pace, Pace::Free);
    }

    #[test]
    fn slow_motion_lets_one_in_at_a_time() {
        let mut pace = Pace::default();
        pace.toggle_slow();
        assert_eq!(pace.allow(36.0), Allowance::One);
        pace.took(1, 36.0);
        let rest = Duration::from_secs_f64(36.0 + SLOW_SECS - 36.2);
        assert_eq!(pace.allow(36.2), Allowance::None { look_again_after: Some(rest) });
        assert_eq!(pace.allow(36.5), Allowance::One);
        pace.toggle_slow();
        assert_eq!(pace.allow(36.6), Allowance::All);
    }
}
