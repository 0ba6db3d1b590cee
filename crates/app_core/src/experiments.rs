//! The things to try: what the other end does in each, at the echo server or in the page itself. Pure.

use std::time::Duration;

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
    /// The same, where the builder takes [`SLOW_BUILD`] to draw a new message.
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

/// How long a slow builder takes to draw what is new.
pub const SLOW_BUILD: Duration = Duration::from_millis(100);

/// How many messages a flood is.
pub const FLOOD: u32 = 100_000;

/// How many are on their way to a reader that is paused: more than the network holds.
pub const PAUSED_FLOOD: u32 = 20_000;

/// How many messages wait for a reader that is paused, before the sender is held back.
pub const PAUSED_INBOX: usize = 1_000;

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

    /// What the other end does.
    pub fn script(self) -> Script {
        let sixtieth = Duration::from_millis(16);
        let soon = Duration::from_millis(500);
        match self {
            Self::One => Script::Echo,
            Self::Ten => Script::Numbered { count: 10 },
            Self::Flood => Script::Burst { count: FLOOD, size: 32 },
            Self::PausedReader => Script::Burst { count: PAUSED_FLOOD, size: 1024 },
            Self::Steady => Script::Ticker { every: sixtieth, count: 300 },
            Self::SlowBuilder => Script::Ticker { every: sixtieth, count: 120 },
            Self::Hidden => Script::Ticker { every: sixtieth, count: 1_200 },
            Self::AnotherStream => Script::Delay { by: Duration::from_secs(1) },
            Self::Failure => Script::Refuse,
            Self::Close => Script::Close { code: 4123, reason: "done", after: soon },
            Self::Cut => Script::Cut { after: soon },
        }
    }

    /// How many messages may wait to be read, where it matters.
    pub fn inbox_messages(self) -> Option<usize> {
        match self {
            // All of it at once: a browser can't hold a server back, and frames may be far apart.
            Self::Flood => Some(1 << 17),
            Self::PausedReader => Some(PAUSED_INBOX),
            _ => None,
        }
    }

    /// Whether it only shows something where a full inbox holds the other end back.
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
        /// How long before each.
        every: Duration,
        /// How many.
        count: u32,
    },
    /// Sends back what comes, late.
    Delay {
        /// How late.
        by: Duration,
    },
    /// Closes.
    Close {
        /// With this code.
        code: u16,
        /// And this reason.
        reason: &'static str,
        /// After this time.
        after: Duration,
    },
    /// Hangs up without a close.
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
            Self::Ticker { every, count } => {
                format!("/ticker?every={}ms&count={count}", every.as_millis())
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
        let script = Experiment::Ten.script();
        for home in ["ws://127.0.0.1:3678", "ws://127.0.0.1:3678/echo", "ws://127.0.0.1:3678?a=/b"]
        {
            assert_eq!(script.address(home), "ws://127.0.0.1:3678/burst?count=10&numbered=1");
        }
    }

    #[test]
    fn trunk_passes_every_script_on_to_the_server() {
        let settings = include_str!("../../../Trunk.toml");
        for experiment in Experiment::ALL {
            let path = experiment.script().path();
            let first = path.split(['/', '?']).nth(1).unwrap_or_default();
            let rewrite = format!("rewrite = \"/{first}\"\n");
            assert!(settings.contains(&rewrite), "{rewrite} is not in Trunk.toml");
        }
    }
}
