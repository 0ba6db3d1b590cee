//! The things to try: what the other end does in each, at the echo server or in the page itself. Pure.
//!
//! - [`setup`]: an experiment with its parameters, and the bounds of each;
//! - [`question`]: what is asked before it runs, and the answer that the run gave;
//! - [`link`]: the same as a short text that can be sent to somebody.

use std::time::Duration;

pub mod link;
pub mod question;
pub mod setup;

pub use link::{LinkPart, LinkProblem};
pub use question::{Answer, Choice, Question, Seen};
pub use setup::{Pace, Parameter, Setup};

/// Something to try, and to watch in the rebuilds panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Experiment {
    /// One message there and back.
    One,
    /// Ten messages at once.
    Ten,
    /// 100 000 messages at once.
    Flood,
    /// 60 messages a second, for five seconds.
    Steady,
    /// The same, where the builder takes long to draw a new message.
    SlowBuilder,
    /// A flood that nobody reads.
    PausedReader,
    /// The stream yields an error.
    Failure,
    /// The server closes with 4123, "done".
    Close,
    /// The connection is cut.
    Cut,
    /// Another stream in the same builder.
    AnotherStream,
    /// 60 messages a second, for a tab that is hidden meanwhile.
    Hidden,
}

impl Experiment {
    /// All of them, in the order in which they are best tried.
    pub const ALL: [Self; 11] = [
        Self::One,
        Self::Ten,
        Self::Flood,
        Self::Steady,
        Self::SlowBuilder,
        Self::PausedReader,
        Self::Failure,
        Self::Close,
        Self::Cut,
        Self::AnotherStream,
        Self::Hidden,
    ];

    /// Its name in a link, which never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Ten => "ten",
            Self::Flood => "flood",
            Self::Steady => "steady",
            Self::SlowBuilder => "slow",
            Self::PausedReader => "paused",
            Self::Failure => "error",
            Self::Close => "close",
            Self::Cut => "cut",
            Self::AnotherStream => "other",
            Self::Hidden => "hidden",
        }
    }

    /// The one with this [`name`](Self::name).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|experiment| experiment.name() == name)
    }

    /// Whether the page begins it with a message of its own.
    #[must_use]
    pub fn sends_first(self) -> bool {
        matches!(self, Self::One | Self::AnotherStream | Self::Close | Self::Cut)
    }

    /// Whether it only shows something where a full inbox holds the other end back.
    #[must_use]
    pub fn needs_holding_back(self) -> bool {
        self == Self::PausedReader
    }
}

/// What the other end of a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Sends back what comes.
    Echo,
    /// Sends binary messages as fast as they are taken, and closes.
    Burst {
        /// How many.
        count: u32,
        /// Of how many bytes each.
        size: usize,
    },
    /// Sends "message 1", "message 2" and so on as fast as they are taken, and closes.
    Numbered {
        /// How many.
        count: u32,
    },
    /// Sends "tick 1", "tick 2" and so on, and closes.
    Ticker {
        /// How long before each, in the mean.
        every: Duration,
        /// How many.
        count: u32,
        /// By which chance the times between them differ; with 0 they don't. See `pacing::Gaps`.
        seed: u32,
    },
    /// Sends back what comes, late.
    Delay {
        /// How late.
        by: Duration,
    },
    /// Sends back what comes, and closes.
    Close {
        /// With this code.
        code: u16,
        /// And this reason.
        reason: &'static str,
        /// After this time.
        after: Duration,
    },
    /// Sends back what comes, and hangs up without a close.
    Cut {
        /// After this time.
        after: Duration,
    },
    /// Refuses to connect.
    Refuse,
}

impl Script {
    /// Where the echo server plays it: a path and a query.
    pub fn path(self) -> String {
        match self {
            Self::Echo => "/echo".to_owned(),
            Self::Burst { count, size } => format!("/burst?count={count}&size={size}"),
            Self::Numbered { count } => format!("/burst?count={count}&numbered=1"),
            Self::Ticker { every, count, seed } => {
                let every = every.as_micros();
                let random = if seed == 0 { String::new() } else { format!("&random={seed}") };
                format!("/ticker?every={every}us&count={count}{random}")
            }
            Self::Delay { by } => format!("/delay?by={}ms", by.as_millis()),
            Self::Close { code, reason, after } => {
                format!("/close?code={code}&reason={reason}&after={}ms", after.as_millis())
            }
            Self::Cut { after } => format!("/drop?after={}ms", after.as_millis()),
            Self::Refuse => "/status/503".to_owned(),
        }
    }

    /// The same at the server that this address is of.
    pub fn address(self, home: &str) -> String {
        let after_scheme = home.find("://").map_or(0, |at| at + 3);
        let end = home[after_scheme..].find(['/', '?']).map_or(home.len(), |at| after_scheme + at);
        format!("{}{}", &home[..end], self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_at_the_pages_own_server() {
        let script = Setup::new(Experiment::Ten).script();
        for home in ["ws://127.0.0.1:3678", "ws://127.0.0.1:3678/echo", "ws://127.0.0.1:3678?a=/b"]
        {
            assert_eq!(script.address(home), "ws://127.0.0.1:3678/burst?count=10&numbered=1");
        }
    }

    #[test]
    fn trunk_passes_every_script_on_to_the_server() {
        let settings = include_str!("../../../Trunk.toml");
        for experiment in Experiment::ALL {
            let path = Setup::new(experiment).script().path();
            let first = path.split(['/', '?']).nth(1).unwrap_or_default();
            let rewrite = format!("rewrite = \"/{first}\"\n");
            assert!(settings.contains(&rewrite), "{rewrite} is not in Trunk.toml");
        }
    }
}
