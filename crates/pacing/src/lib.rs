//! How long a sender waits before each of its messages. The echo server and the page that plays one both take
//! it from here, so that a seed gives the same sequence in both. Pure: whole numbers, no clock.

use std::time::Duration;

/// The longest mean time between two messages.
pub const MAX_EVERY: Duration = Duration::from_secs(3_600);

/// The times before each message, without end. The first one is zero: it is sent at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gaps {
    every: Duration,
    seed: u32,
    index: u64,
}

impl Gaps {
    /// The same time before each message but the first; at most [`MAX_EVERY`].
    #[must_use]
    pub fn steady(every: Duration) -> Self {
        Self::random(every, 0)
    }

    /// Times between nothing and twice `every`, all equally likely, which are the same for the same seed; at
    /// most [`MAX_EVERY`] in the mean. The seed 0 is no chance: [`steady`](Self::steady).
    #[must_use]
    pub fn random(every: Duration, seed: u32) -> Self {
        Self { every: every.min(MAX_EVERY), seed, index: 0 }
    }
}

impl Iterator for Gaps {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let index = self.index;
        self.index += 1;
        Some(match (index, self.seed) {
            (0, _) => Duration::ZERO,
            (_, 0) => self.every,
            (_, seed) => {
                // 32 random bits are a fraction of twice the mean.
                let chance = mixed((u64::from(seed) << 32).wrapping_add(index)) >> 32;
                let twice = 2 * self.every.as_micros();
                let us = (u128::from(chance) * twice) >> 32;
                Duration::from_micros(u64::try_from(us).unwrap_or(u64::MAX))
            }
        })
    }
}

/// SplitMix64's finalizer: every bit of the result hangs on every bit of what went in.
fn mixed(state: u64) -> u64 {
    let mut bits = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(20);

    #[test]
    fn steady_gaps_are_equal_after_the_first() {
        let gaps: Vec<_> = Gaps::steady(EVERY).take(4).collect();
        assert_eq!(gaps, [Duration::ZERO, EVERY, EVERY, EVERY]);
    }

    #[test]
    fn a_seed_gives_one_sequence_for_ever() {
        let gaps: Vec<_> = Gaps::random(EVERY, 7).take(6).map(|gap| gap.as_micros()).collect();
        // Links that were sent to somebody name seeds: these figures never change.
        assert_eq!(gaps, [0, 28_843, 6_386, 17_748, 17_453, 27_597]);
        assert_ne!(
            Gaps::random(EVERY, 7).take(9).collect::<Vec<_>>(),
            Gaps::random(EVERY, 8).take(9).collect::<Vec<_>>()
        );
    }

    #[test]
    fn random_gaps_keep_their_mean_and_bounds() {
        for seed in 1..50 {
            let gaps: Vec<_> = Gaps::random(EVERY, seed).skip(1).take(10_000).collect();
            assert!(gaps.iter().all(|gap| *gap <= 2 * EVERY));
            let mean = gaps.iter().sum::<Duration>() / 10_000;
            assert!((19_500..20_500).contains(&mean.as_micros()), "{seed}: {mean:?}");
        }
        let longest = Gaps::random(Duration::MAX, u32::MAX).skip(1).take(1_000);
        assert!(longest.into_iter().all(|gap| gap <= 2 * MAX_EVERY));
    }
}
