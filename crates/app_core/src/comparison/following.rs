//! When the events of a live recording are compared anew: once nothing has come for a while, and every so often
//! where something always comes. Pure: it is told the time.

use std::time::Duration;

/// When nothing has come for so long, what came is compared.
pub const QUIET: Duration = Duration::from_millis(300);

/// Where something always comes, what came is compared so often.
pub const AT_LEAST_EVERY: Duration = Duration::from_secs(2);

/// Whether a recording is followed, and what of it is not compared yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Following {
    is_on: bool,
    /// When the first event came that is not compared yet, and the last one.
    news: Option<(Duration, Duration)>,
}

impl Following {
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// All that has come until now is compared, and what comes will be.
    pub(super) fn go_on(&mut self) {
        *self = Self { is_on: true, news: None };
    }

    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// Something has come.
    pub(super) fn grew(&mut self, now: Duration) {
        if self.is_on {
            let first = self.news.map_or(now, |(first, _)| first);
            self.news = Some((first, now));
        }
    }

    /// How long until what has come is compared; none where nothing has.
    pub(super) fn due_in(&self, now: Duration) -> Option<Duration> {
        let (first, last) = self.news?;
        Some((last + QUIET).min(first + AT_LEAST_EVERY).saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn what_came_is_compared_once_it_is_quiet() {
        let mut following = Following::default();
        following.grew(ms(36));
        assert_eq!(following.due_in(ms(36)), None, "nobody follows");
        following.go_on();
        assert_eq!(following.due_in(ms(9_000)), None, "nothing has come");
        following.grew(ms(1_000));
        following.grew(ms(1_100));
        assert_eq!(following.due_in(ms(1_150)), Some(ms(250)));
        assert_eq!(following.due_in(ms(9_000)), Some(ms(0)));
        following.go_on();
        assert_eq!(following.due_in(ms(9_000)), None);
        following.grew(ms(9_000));
        following.stop();
        assert_eq!(following.due_in(ms(9_999)), None);
    }

    #[test]
    fn what_always_comes_is_compared_every_so_often() {
        let mut following = Following::default();
        following.go_on();
        for at in (1_000..=2_990).step_by(10) {
            following.grew(ms(at));
            assert_eq!(following.due_in(ms(at)), Some(QUIET.min(ms(3_000 - at))));
        }
        following.grew(ms(3_000));
        assert_eq!(following.due_in(ms(3_000)), Some(ms(0)));
    }
}
