//! The connection as the page knows it: what its events, told in order, have made of it.

use std::time::Duration;

use web_socket_channel::{CloseEvent, Error};

use crate::experiments::Script;
use crate::problem::ConnectionProblem;

/// How long a proxy may take to find that there is no server behind it. Frames of a hidden page are
/// a second apart; and nobody opens the page and kills the server faster than this by hand.
pub const PROXY_GRACE: Duration = Duration::from_secs(2);

/// How many messages of the outbox are listed, of those that wait and of those in doubt; the others
/// are counted.
pub const MAX_LISTED: usize = 100;

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The server at this URL.
    Server(String),
    /// Nobody: the page plays this by itself.
    InPage(Script),
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// There is none: the page has not connected yet, or the address could not be used.
    #[default]
    NotConnected,
    /// An attempt is under way.
    Connecting {
        /// Which: 1 is the first.
        attempt: u32,
    },
    /// Messages flow.
    Open,
    /// It is lost, and it is not time yet for the next attempt.
    Waiting {
        /// Which attempt that will be.
        attempt: u32,
        /// When, by the page's clock.
        until: Duration,
    },
    /// This end has asked for the end.
    Closing,
    /// It is over.
    Closed,
}

/// What has happened to the connection, in the order in which the page hears it.
#[derive(Clone, Debug)]
pub enum ConnectionEvent {
    /// The address or an option could not be used; there is no connection.
    Unusable(Error),
    /// An attempt has begun.
    Connecting {
        /// Which: 1 is the first.
        attempt: u32,
    },
    /// The handshake is done.
    Open(Negotiated),
    /// Messages have come.
    Received {
        /// How many.
        messages: u64,
        /// Their payload.
        bytes: u64,
    },
    /// A message was taken.
    Sent {
        /// Its payload.
        bytes: u64,
    },
    /// A message came back that had been sent.
    RoundTrip(Duration),
    /// The handshake failed, or the stream yielded an error, its last item.
    Failed(Error),
    /// The connection is lost and will be made again.
    Lost {
        /// Which attempt is next.
        attempt: u32,
        /// How long until then.
        wait: Duration,
        /// Why, where it was an error.
        error: Option<Error>,
        /// How it ended, where there was one.
        ending: Option<CloseEvent>,
    },
    /// This end has asked for the end.
    Closing,
    /// It is over.
    Closed(Option<CloseEvent>),
    /// Other messages wait, or are in doubt.
    Outbox(Outbox),
}

/// What the two ends have agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// The subprotocol, if any.
    pub protocol: Option<String>,
    /// The extensions, as the header names them.
    pub extensions: String,
    /// The headers of the server's answer; none from a browser.
    pub headers: Vec<(String, String)>,
}

/// A message that has not arrived for sure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    /// By which it can be taken back.
    pub id: u64,
    /// The beginning of it, on one line.
    pub preview: String,
    /// Its payload.
    pub bytes: usize,
}

/// What was sent and has not arrived for sure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    /// What waits for a connection; at most [`MAX_LISTED`] of it.
    pub waiting: Vec<OutboxItem>,
    /// How many wait in all.
    pub waiting_count: u64,
    /// Their payload, in bytes.
    pub waiting_bytes: u64,
    /// What was handed to a connection that is gone; at most [`MAX_LISTED`] of it.
    pub in_doubt: Vec<OutboxItem>,
    /// How many are in doubt in all.
    pub in_doubt_count: u64,
}

/// The connection there is, or the last one.
#[derive(Clone, Debug)]
pub struct Connection {
    peer: Peer,
    status: ConnectionStatus,
    /// Whether it is made again when it is lost.
    reconnects: bool,
    stands_in: bool,
    opened_at: Option<Duration>,
    has_heard: bool,
    negotiated: Negotiated,
    problem: Option<ConnectionProblem>,
    /// The problem is over, and its text stays until something comes.
    is_back: bool,
    ending: Option<CloseEvent>,
    outbox: Outbox,
}

impl Connection {
    pub(crate) fn new(peer: Peer) -> Self {
        Self {
            peer,
            status: ConnectionStatus::NotConnected,
            reconnects: false,
            stands_in: false,
            opened_at: None,
            has_heard: false,
            negotiated: Negotiated::default(),
            problem: None,
            is_back: false,
            ending: None,
            outbox: Outbox::default(),
        }
    }

    /// Who is at the other end.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// What it is doing.
    #[must_use]
    pub fn status(&self) -> ConnectionStatus {
        self.status
    }

    /// Whether it is made again when it is lost.
    #[must_use]
    pub fn reconnects(&self) -> bool {
        self.reconnects
    }

    /// What the two ends have agreed on.
    #[must_use]
    pub fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    /// What keeps messages from coming, or did. It stays until a connection that the person asked for
    /// is open; and where a connection was made again, which is the same stream to whoever reads it,
    /// until something comes.
    #[must_use]
    pub fn problem(&self) -> Option<&ConnectionProblem> {
        self.problem.as_ref()
    }

    /// Whether the problem is over, and its text stays until something comes.
    #[must_use]
    pub fn is_back(&self) -> bool {
        self.is_back
    }

    /// How the connection ended that was last open, until another is.
    #[must_use]
    pub fn ending(&self) -> Option<&CloseEvent> {
        self.ending.as_ref()
    }

    /// What was sent and has not arrived for sure.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Another connection takes its place. The problem of the last one stays until this one is open.
    pub(crate) fn begin(&mut self, peer: Peer, reconnects: bool) {
        let problem = self.problem.take();
        *self = Self { problem, reconnects, ..Self::new(peer) };
    }

    /// The page echoes in place of the server.
    pub(crate) fn begin_stand_in(&mut self, peer: Peer) {
        *self = Self { stands_in: true, ..Self::new(peer) };
    }

    /// What the page plays it plays in place of its server.
    pub(crate) fn set_stands_in(&mut self) {
        self.stands_in = true;
    }

    /// Whether the page echoes in place of a server that does not answer.
    #[must_use]
    pub fn stands_in(&self) -> bool {
        self.stands_in
    }

    pub(crate) fn set_problem(&mut self, problem: Option<ConnectionProblem>) {
        self.problem = problem;
        self.is_back = false;
    }

    /// Takes in what has happened.
    pub(crate) fn on(&mut self, event: ConnectionEvent, now: Duration) {
        match event {
            ConnectionEvent::Unusable(error) => {
                self.status = ConnectionStatus::NotConnected;
                self.set_problem(Some(error.into()));
            }
            ConnectionEvent::Connecting { attempt } => {
                self.status = ConnectionStatus::Connecting { attempt };
            }
            ConnectionEvent::Open(negotiated) => {
                self.status = ConnectionStatus::Open;
                self.is_back = self.reconnects && self.problem.is_some();
                if !self.is_back {
                    self.problem = None;
                }
                self.negotiated = negotiated;
                self.opened_at = Some(now);
                self.has_heard = false;
                self.ending = None;
            }
            ConnectionEvent::Received { .. } => {
                self.has_heard = true;
                if self.is_back {
                    self.set_problem(None);
                }
            }
            ConnectionEvent::Failed(error) => self.set_problem(Some(error.into())),
            ConnectionEvent::Lost { attempt, wait, error, ending } => {
                self.status =
                    ConnectionStatus::Waiting { attempt, until: now.saturating_add(wait) };
                let problem = error.map(ConnectionProblem::from);
                let problem = problem.or_else(|| ConnectionProblem::of_ending(ending.as_ref()?));
                if problem.is_some() {
                    self.set_problem(problem);
                }
                // An attempt that failed takes nothing away from how the last connection ended.
                self.ending = ending.or(self.ending.take());
            }
            ConnectionEvent::Closing => self.status = ConnectionStatus::Closing,
            ConnectionEvent::Closed(ending) => {
                self.status = ConnectionStatus::Closed;
                if self.problem.is_none() || self.is_back {
                    let problem = ending.as_ref().and_then(ConnectionProblem::of_ending);
                    self.set_problem(problem);
                }
                self.ending = ending;
            }
            ConnectionEvent::Outbox(outbox) => self.outbox = outbox,
            ConnectionEvent::Sent { .. } | ConnectionEvent::RoundTrip(_) => {}
        }
    }

    /// Whether it was lost without a sign of anybody at the other end.
    ///
    /// A handshake alone is none: a proxy may answer it before it knows whether there is a server
    /// behind it, and then hang up. trunk's does.
    pub(crate) fn nobody_answered(&self, now: Duration) -> bool {
        let is_lost =
            matches!(self.status, ConnectionStatus::Closed | ConnectionStatus::Waiting { .. });
        let Some(opened_at) = self.opened_at else { return is_lost };
        let was_cut = self.ending.as_ref().is_some_and(|ending| !ending.was_clean);
        is_lost && was_cut && !self.has_heard && now.saturating_sub(opened_at) < PROXY_GRACE
    }
}
