//! Pure: when what is new is said, for screen readers that hear it from one region of the page.

use std::time::Duration;

/// Between two texts that are said: who listens can't be interrupted more often than that.
pub const PAUSE: Duration = Duration::from_secs(1);

/// What ends every second one of equal texts. Screen readers say nothing of it, and without it nothing of
/// the second text either, as browsers tell them of changes only.
const AGAIN: char = '\u{a0}';

/// Says the latest text, at most one in each [`PAUSE`], and the same text again where it came again.
#[derive(Debug, Default)]
pub struct Announcer {
    said: String,
    said_at: Option<Duration>,
    /// What is to be said, and how many messages were heard then.
    latest: (String, u64),
    is_news: bool,
}

impl Announcer {
    /// Takes in what there is to say after so many messages. Gives how long to wait before [`say`](Self::say)
    /// is to be called, where it is not yet known to be called.
    pub fn tell(&mut self, text: &str, heard: u64, now: Duration) -> Option<Duration> {
        if self.latest.0 == text && self.latest.1 == heard {
            return None;
        }
        self.latest = (text.to_owned(), heard);
        let was_news = std::mem::replace(&mut self.is_news, true);
        let next = self.said_at.map_or(now, |said_at| said_at + PAUSE);
        (!was_news).then(|| next.saturating_sub(now))
    }

    /// What is said now.
    pub fn say(&mut self, now: Duration) -> &str {
        if std::mem::take(&mut self.is_news) {
            let is_same = self.said == self.latest.0;
            self.said.clone_from(&self.latest.0);
            if is_same {
                self.said.push(AGAIN);
            }
            self.said_at = Some(now);
        }
        &self.said
    }

    /// Begins anew, in silence, so that what there is to say then is news.
    pub fn fall_silent(&mut self) {
        *self = Self { said_at: self.said_at, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(7);

    #[test]
    fn the_first_text_is_said_at_once() {
        let mut announcer = Announcer::default();
        assert_eq!(announcer.tell("raisin", 1, START), Some(Duration::ZERO));
        assert_eq!(announcer.say(START), "raisin");
        assert_eq!(announcer.tell("raisin", 1, START), None);
    }

    #[test]
    fn of_many_texts_the_latest_is_said_after_a_pause() {
        let mut announcer = Announcer::default();
        announcer.tell("raisin", 1, START);
        announcer.say(START);
        let soon = START + PAUSE / 4;
        assert_eq!(announcer.tell("grape", 2, soon), Some(PAUSE - PAUSE / 4));
        assert_eq!(announcer.tell("plum", 3, soon), None, "it is waited for already");
        assert_eq!(announcer.say(START + PAUSE), "plum");
        let late = START + 3 * PAUSE;
        assert_eq!(announcer.tell("fig", 4, late), Some(Duration::ZERO));
    }

    #[test]
    fn the_same_message_is_another_text_when_it_comes_again() {
        let mut announcer = Announcer::default();
        let mut said = Vec::new();
        for heard in 1..4 {
            let now = START + PAUSE * u32::try_from(heard).unwrap_or_default();
            assert_eq!(announcer.tell("raisin", heard, now), Some(Duration::ZERO));
            said.push(announcer.say(now).to_owned());
        }
        assert_eq!(said, ["raisin", "raisin\u{a0}", "raisin"]);
    }

    #[test]
    fn after_silence_everything_is_news() {
        let mut announcer = Announcer::default();
        announcer.tell("raisin", 1, START);
        announcer.say(START);
        announcer.fall_silent();
        assert_eq!(announcer.tell("raisin", 1, START), Some(PAUSE));
    }
}
