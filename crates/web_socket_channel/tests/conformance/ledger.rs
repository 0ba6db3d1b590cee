//! What the peer saw, connection by connection, and the waiting for it.
//!
//! A test waits here for what it is about to judge, so that no test sleeps.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use form_urlencoded::Serializer;
use web_socket_channel::Message;

use super::scenario::{from_hex, parse, to_hex};

/// How many messages are kept, and how long they may be. The rest is only counted.
const KEPT_MESSAGES: usize = 16;
const KEPT_BYTES: usize = 256;

/// What the peer saw of one connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The request's headers, names in lower case, in their order. Empty where there are none.
    pub(crate) headers: Vec<(String, String)>,
    /// The first messages that came.
    pub(crate) messages: Vec<Message>,
    /// How many came in all.
    pub(crate) received: usize,
    /// How many messages the peer has sent by [`Step::Flood`](super::scenario::Step::Flood).
    pub(crate) sent: usize,
    /// The payloads of the pongs that came.
    pub(crate) pongs: Vec<Vec<u8>>,
    pub(crate) pings: usize,
    /// The close frame that came; 1005 for one without a code.
    pub(crate) close: Option<(u16, String)>,
    /// Whether the channel has hung up, after which nothing more comes.
    pub(crate) has_ended: bool,
}

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// The handshake's request has come.
    Asked,
    /// So many messages have come.
    Received(usize),
    /// So many messages were sent by a flood.
    Sent(usize),
    /// So many pongs have come.
    Pongs(usize),
    /// A close frame has come.
    Closed,
    /// The channel has hung up.
    Ended,
}

/// All connections, by the ids that the tests gave them.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    visits: HashMap<u64, Visit>,
    waiting: Vec<Waker>,
}

#[derive(Default)]
struct Visit {
    was_asked: bool,
    may_go_on: bool,
    seen: Seen,
}

impl Ledger {
    /// Writes something down.
    pub(crate) fn note(&self, id: u64, write: impl FnOnce(&mut Seen)) {
        self.change(id, |visit| {
            visit.was_asked = true;
            write(&mut visit.seen);
        });
    }

    pub(crate) fn note_message(&self, id: u64, message: &Message) {
        self.note(id, |seen| {
            seen.received += 1;
            if seen.messages.len() < KEPT_MESSAGES && message.len() <= KEPT_BYTES {
                seen.messages.push(message.clone());
            }
        });
    }

    /// Lets a connection go on that is held.
    pub(crate) fn let_go(&self, id: u64) {
        self.change(id, |visit| visit.may_go_on = true);
    }

    pub(crate) async fn may_go_on(&self, id: u64) {
        self.wait(id, |visit| visit.may_go_on.then_some(())).await;
    }

    /// A connection that was made and has not ended.
    pub(crate) fn first_open(&self) -> Option<u64> {
        let state = self.lock();
        let is_open = |visit: &Visit| visit.was_asked && !visit.seen.has_ended;
        state.visits.iter().find(|(_, visit)| is_open(visit)).map(|(id, _)| *id)
    }

    pub(crate) async fn seen(&self, id: u64, until: Until) -> Seen {
        self.wait(id, |Visit { was_asked, seen, .. }| {
            let is_there = match until {
                Until::Asked => *was_asked,
                Until::Received(count) => seen.received >= count,
                Until::Sent(count) => seen.sent >= count,
                Until::Pongs(count) => seen.pongs.len() >= count,
                Until::Closed => seen.close.is_some(),
                Until::Ended => seen.has_ended,
            };
            is_there.then(|| seen.clone())
        })
        .await
    }

    async fn wait<T>(&self, id: u64, look: impl Fn(&Visit) -> Option<T>) -> T {
        poll_fn(|cx| {
            let mut state = self.lock();
            match look(state.visits.entry(id).or_default()) {
                Some(found) => Poll::Ready(found),
                None => {
                    state.waiting.push(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    fn change(&self, id: u64, write: impl FnOnce(&mut Visit)) {
        let waiting = {
            let mut state = self.lock();
            write(state.visits.entry(id).or_default());
            std::mem::take(&mut state.waiting)
        };
        for waker in waiting {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// All values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let of_name = self.headers.iter().filter(|(header, _)| header == name);
        of_name.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = Serializer::new(String::new());
        for (name, value) in &self.headers {
            text.append_pair("header", &format!("{name}:{value}"));
        }
        for message in &self.messages {
            match message {
                Message::Text(message) => text.append_pair("text", message),
                Message::Binary(bytes) => text.append_pair("binary", &to_hex(bytes)),
            };
        }
        for pong in &self.pongs {
            text.append_pair("pong", &to_hex(pong));
        }
        if let Some((code, reason)) = &self.close {
            text.append_pair("close", &format!("{code}:{reason}"));
        }
        text.append_pair("received", &self.received.to_string());
        text.append_pair("sent", &self.sent.to_string());
        text.append_pair("pings", &self.pings.to_string());
        text.append_pair("has_ended", &self.has_ended.to_string());
        text.finish()
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut seen = Self::default();
        for (name, value) in parse(text) {
            let pair = value.split_once(':').map(|(left, right)| (left, right.to_owned()));
            match &*name {
                "header" => seen.headers.push(pair.map(|(name, value)| (name.to_owned(), value))?),
                "text" => seen.messages.push((&*value).into()),
                "binary" => seen.messages.push(from_hex(&value)?.into()),
                "pong" => seen.pongs.push(from_hex(&value)?),
                "close" => {
                    let (code, reason) = pair?;
                    seen.close = Some((code.parse().ok()?, reason));
                }
                "received" => seen.received = value.parse().ok()?,
                "sent" => seen.sent = value.parse().ok()?,
                "pings" => seen.pings = value.parse().ok()?,
                "has_ended" => seen.has_ended = value.parse().ok()?,
                _ => return None,
            }
        }
        Some(seen)
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("asked"),
            Self::Received(count) => write!(f, "received:{count}"),
            Self::Sent(count) => write!(f, "sent:{count}"),
            Self::Pongs(count) => write!(f, "pongs:{count}"),
            Self::Closed => f.write_str("closed"),
            Self::Ended => f.write_str("ended"),
        }
    }
}

impl Until {
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            Some(("received", count)) => Self::Received(count.parse().ok()?),
            Some(("sent", count)) => Self::Sent(count.parse().ok()?),
            Some(("pongs", count)) => Self::Pongs(count.parse().ok()?),
            None if text == "asked" => Self::Asked,
            None if text == "closed" => Self::Closed,
            None if text == "ended" => Self::Ended,
            _ => return None,
        })
    }
}
