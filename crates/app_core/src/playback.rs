//! How fast the page takes events in: as they come, one at a time when asked, or slowly. Pure; it is told
//! the time.

use std::time::Duration;

/// How long slow motion shows one event.
pub const SLOW: Duration = Duration::from_millis(500);

/// How fast events are taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Playback {
    /// As they come.
    #[default]
    Free,
    /// Not at all, but one for each [`step`](Self::step).
    Paused {
        /// How many may be taken in, one for each frame.
        steps: u32,
    },
    /// One, and then none for [`SLOW`].
    Slow {
        /// When the last one was taken in.
        last: Option<Duration>,
    },
}

/// How many events a frame may take in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Playback {
    /// What a frame at this time may take in, where the stream has something to say.
    pub fn allow(self, now: Duration) -> Allowance {
        match self {
            Self::Free => Allowance::All,
            Self::Paused { steps: 0 } => Allowance::None { look_again_after: None },
            Self::Paused { .. } | Self::Slow { last: None } => Allowance::One,
            Self::Slow { last: Some(last) } => {
                let rest = last.saturating_add(SLOW).saturating_sub(now);
                if rest.is_zero() {
                    Allowance::One
                } else {
                    Allowance::None { look_again_after: Some(rest) }
                }
            }
        }
    }

    /// So many events were taken in. With none a step is over too: there was nothing to step to.
    pub fn took(&mut self, events: u64, now: Duration) {
        match self {
            Self::Free => {}
            Self::Paused { steps } => {
                *steps = if events == 0 { 0 } else { steps.saturating_sub(1) }
            }
            Self::Slow { last } if events > 0 => *last = Some(now),
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
            Self::Free | Self::Paused { .. } => Self::Slow { last: None },
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

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    const NOTHING: Allowance = Allowance::None { look_again_after: None };

    #[test]
    fn a_pause_lets_one_event_in_for_each_step() {
        let mut playback = Playback::Free;
        assert_eq!(playback.allow(Duration::ZERO), Allowance::All);
        playback.toggle_pause();
        assert_eq!(playback.allow(Duration::ZERO), NOTHING);
        playback.step();
        playback.step();
        for _ in 0..2 {
            assert_eq!(playback.allow(Duration::ZERO), Allowance::One);
            playback.took(1, Duration::ZERO);
        }
        assert_eq!(playback.allow(Duration::ZERO), NOTHING);
        playback.step();
        playback.took(0, Duration::ZERO);
        assert_eq!(
            playback.allow(Duration::ZERO),
            NOTHING,
            "a step to nothing doesn't wait for something"
        );
        playback.toggle_pause();
        assert_eq!(playback, Playback::Free);
    }

    #[test]
    fn slow_motion_lets_one_in_at_a_time() {
        let mut playback = Playback::default();
        playback.toggle_slow();
        assert_eq!(playback.allow(ms(36_000)), Allowance::One);
        playback.took(1, ms(36_000));
        let rest = SLOW - ms(200);
        assert_eq!(playback.allow(ms(36_200)), Allowance::None { look_again_after: Some(rest) });
        assert_eq!(playback.allow(ms(36_500)), Allowance::One);
        playback.toggle_slow();
        assert_eq!(playback.allow(ms(36_600)), Allowance::All);
    }
}
