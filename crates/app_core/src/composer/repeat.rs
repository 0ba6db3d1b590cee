//! Sending the same message every so often.

use std::time::Duration;

use web_socket_channel::{Error, Message};

use super::format::Format;

/// The shortest interval, in milliseconds.
pub const LEAST_MS: u64 = 1;

/// The longest interval, in milliseconds: a day.
pub const MOST_MS: u64 = 86_400_000;

/// The most messages of one run.
pub const MOST_COUNT: u32 = 1_000_000;

/// What stands for the number of the message, from 1 on, in a text.
pub const COUNTER: &str = "{n}";

/// The longest text that a field of it holds, in bytes.
const MAX_TYPED_BYTES: usize = 64;

/// What is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatForm {
    every: String,
    count: String,
}

/// A run of equal messages, or of a text with a counter in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatPlan {
    /// What is sent. In a text [`COUNTER`] stands for the number of the message.
    pub message: Message,
    /// How long from one to the next.
    pub every: Duration,
    /// How many in all.
    pub count: u32,
}

/// A run, as far as it is known.
#[derive(Clone, Debug)]
pub struct Repeating {
    /// How many were sent.
    pub sent: u32,
    /// Of how many.
    pub count: u32,
    /// How it stands.
    pub state: RepeatState,
}

/// How a run stands.
#[derive(Clone, Debug)]
pub enum RepeatState {
    /// It goes on.
    Runs,
    /// It goes on once there is room for what is sent.
    Waits,
    /// It is over: all was sent.
    Done,
    /// The person has stopped it.
    Stopped,
    /// The connection ended.
    ConnectionEnded,
    /// A message was not taken, and no later one was tried.
    Failed(Error),
}

impl Default for RepeatForm {
    fn default() -> Self {
        Self { every: "1000".to_owned(), count: "10".to_owned() }
    }
}

impl RepeatForm {
    /// The interval in milliseconds, as it was typed.
    #[must_use]
    pub fn every(&self) -> &str {
        &self.every
    }

    /// How many messages, as it was typed.
    #[must_use]
    pub fn count(&self) -> &str {
        &self.count
    }

    /// The interval, if it is one.
    #[must_use]
    pub fn understood_every(&self) -> Option<Duration> {
        let ms: u64 = self.every.trim().parse().ok()?;
        (LEAST_MS..=MOST_MS).contains(&ms).then(|| Duration::from_millis(ms))
    }

    /// The count, if it is one.
    #[must_use]
    pub fn understood_count(&self) -> Option<u32> {
        let count: u32 = self.count.trim().parse().ok()?;
        (1..=MOST_COUNT).contains(&count).then_some(count)
    }

    pub(crate) fn edit_every(&mut self, text: String) {
        self.every = bounded(text);
    }

    pub(crate) fn edit_count(&mut self, text: String) {
        self.count = bounded(text);
    }
}

impl RepeatPlan {
    /// The message with this number, from 1 on.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Message {
        match &self.message {
            Message::Text(text) if text.contains(COUNTER) => {
                text.replace(COUNTER, &number.to_string()).into()
            }
            message => message.clone(),
        }
    }
}

impl Repeating {
    /// Whether it goes on.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, RepeatState::Runs | RepeatState::Waits)
    }
}

/// What a text with a counter in it is made into; JSON is checked with a number in its place.
pub(super) fn message(text: &str, format: Format) -> Option<Message> {
    if format == Format::Json {
        let first = text.replace(COUNTER, "1");
        return format.message(&first).ok().map(|_| text.into());
    }
    format.message(text).ok()
}

fn bounded(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_TYPED_BYTES));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(every: &str, count: &str) -> RepeatForm {
        RepeatForm { every: every.to_owned(), count: count.to_owned() }
    }

    #[test]
    fn interval_and_count_have_bounds() {
        for (text, every) in [
            ("1", Some(1)),
            (" 250 ", Some(250)),
            ("86400000", Some(86_400_000)),
            ("0", None),
            ("86400001", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            let understood = form(text, "1").understood_every();
            assert_eq!(understood, every.map(Duration::from_millis), "{text}");
        }
        for (text, count) in [
            ("1", Some(1)),
            ("1000000", Some(1_000_000)),
            ("0", None),
            ("1000001", None),
            ("x", None),
        ] {
            assert_eq!(form("1", text).understood_count(), count, "{text}");
        }
    }

    #[test]
    fn the_counter_is_put_into_texts() {
        let plan = |message: Message| RepeatPlan { message, every: Duration::ZERO, count: 1 };
        assert_eq!(plan("{n} and {n}".into()).numbered(12), "12 and 12".into());
        assert_eq!(plan("raisin".into()).numbered(12), "raisin".into());
        assert_eq!(plan(b"{n}".to_vec().into()).numbered(12), b"{n}".to_vec().into());
    }

    #[test]
    fn json_is_checked_with_a_number_for_the_counter() {
        assert_eq!(message("[{n}]", Format::Json), Some("[{n}]".into()));
        assert_eq!(message("[{n}", Format::Json), None);
        assert_eq!(message("{n}", Format::Hex), None);
    }
}
