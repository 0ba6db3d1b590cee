//! Whether a client is still there: when it is sent a ping, and when it is gone. It is told the time and
//! how much has come so far.

use tokio::time::Instant;

use crate::Config;

/// What a connection is busy with is looked at so many times in an interval, as the clock isn't asked for
/// every message: a ping may come by this part of an interval too early, and never too late.
const LOOKS: u32 = 8;

pub(crate) struct KeepAlive {
    /// How much had come when it last looked, and when that was; with a ping out, when it was sent.
    seen: u64,
    looked_at: Instant,
    /// Nothing had come when it last looked, and it is to look at once when something comes.
    is_listening: bool,
    /// Nothing has come since, or only little later.
    quiet_since: Instant,
    /// A ping was sent, and nothing has come since.
    is_pinged: bool,
}

pub(crate) enum Look {
    /// It is to be looked again at this time.
    Again(Instant),
    /// A ping is to be sent, and to be looked again at this time.
    Ping(Instant),
    Gone,
}

impl KeepAlive {
    pub(crate) fn new(read: u64, now: Instant) -> Self {
        Self { seen: read, looked_at: now, is_listening: true, quiet_since: now, is_pinged: false }
    }

    /// Whether it has to look now and not only in time.
    pub(crate) fn hears(&self, read: u64) -> bool {
        self.is_listening && read != self.seen
    }

    pub(crate) fn look(&mut self, config: &Config, read: u64, now: Instant) -> Look {
        let looked_at = std::mem::replace(&mut self.looked_at, now);
        // Whatever comes is a sign of life, and not the pong alone.
        if read != self.seen {
            self.seen = read;
            self.is_pinged = false;
            self.quiet_since = if self.is_listening { now } else { looked_at };
            self.is_listening = false;
            let ping_at = self.quiet_since + config.ping_interval;
            return Look::Again(ping_at.min(now + config.ping_interval / LOOKS));
        }
        self.is_listening = true;
        if self.is_pinged {
            self.looked_at = looked_at;
            let due = looked_at + config.pong_timeout;
            return if now < due { Look::Again(due) } else { Look::Gone };
        }
        let due = self.quiet_since + config.ping_interval;
        if now < due {
            return Look::Again(due);
        }
        self.is_pinged = true;
        Look::Ping(now + config.pong_timeout)
    }

    /// Gives a client that owes a pong the whole time for it once more.
    pub(crate) fn wait_again(&mut self, now: Instant) {
        if self.is_pinged {
            self.looked_at = now;
        }
    }

    /// Begins anew, as nothing was read for a while, and nothing could be known of the client.
    pub(crate) fn restart(&mut self, now: Instant) {
        (self.quiet_since, self.looked_at, self.is_pinged) = (now, now, false);
        self.is_listening = true;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A client of which five bytes have come, and what is counted from then on.
    struct Case {
        config: Config,
        start: Instant,
        keep_alive: KeepAlive,
    }

    impl Case {
        fn new() -> Self {
            let start = Instant::now();
            let config = Config {
                ping_interval: Duration::from_millis(800),
                pong_timeout: Duration::from_millis(300),
                ..Config::default()
            };
            Self { config, start, keep_alive: KeepAlive::new(5, start) }
        }

        fn at(&self, millis: u64) -> Instant {
            self.start + Duration::from_millis(millis)
        }

        fn look(&mut self, read: u64, millis: u64) -> (&'static str, u128) {
            let now = self.at(millis);
            match self.keep_alive.look(&self.config, read, now) {
                Look::Again(at) => ("again", (at - self.start).as_millis()),
                Look::Ping(at) => ("ping", (at - self.start).as_millis()),
                Look::Gone => ("gone", 0),
            }
        }
    }

    #[test]
    fn a_quiet_client_is_pinged_after_an_interval_and_gone_after_the_timeout() {
        let mut case = Case::new();
        assert_eq!(case.look(5, 10), ("again", 800));
        assert_eq!(case.look(5, 800), ("ping", 1_100));
        assert_eq!(case.look(5, 1_099), ("again", 1_100));
        assert_eq!(case.look(5, 1_100), ("gone", 0));
    }

    #[test]
    fn a_ping_comes_an_interval_after_the_last_byte_and_not_two() {
        let mut case = Case::new();
        // Something comes after a quiet time: then the clock is asked at once.
        assert_eq!(case.look(5, 10), ("again", 800));
        assert!(case.keep_alive.hears(6));
        assert_eq!(case.look(6, 700), ("again", 800));
        assert!(!case.keep_alive.hears(7));
        // While it is busy it is asked now and then, and the last byte came after 700.
        assert_eq!(case.look(7, 800), ("again", 900));
        assert_eq!(case.look(7, 900), ("again", 1_500));
        assert_eq!(case.look(7, 1_500), ("ping", 1_800));
    }

    #[test]
    fn whatever_comes_answers_a_ping() {
        let mut case = Case::new();
        assert_eq!(case.look(5, 800), ("ping", 1_100));
        assert!(case.keep_alive.hears(6));
        assert_eq!(case.look(6, 850), ("again", 950));
        assert_eq!(case.look(6, 1_100), ("again", 1_650));
    }

    #[test]
    fn a_client_has_the_whole_time_once_more() {
        let mut case = Case::new();
        assert_eq!(case.look(5, 800), ("ping", 1_100));
        case.keep_alive.wait_again(case.at(3_000));
        assert_eq!(case.look(5, 3_000), ("again", 3_300));
        case.keep_alive.restart(case.at(3_100));
        assert_eq!(case.look(5, 3_300), ("again", 3_900));
    }
}
