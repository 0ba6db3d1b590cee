//! The connection of the page, whatever carries it, and what happens to it, told in order.
//!
//! It holds everything that belongs to one connection, and lets go of all of it when another takes
//! its place: the sink, the handshake, and, in the builder, the stream.

use std::pin::Pin;
use std::time::Duration;

use app_core::composer::repeat::RepeatPlan;
use app_core::connection::Outbox;
use app_core::{ConnectionEvent, Msg, Peer, Plan};
use egui_stream_builder::{ConnectionState, Event, StreamBuilder};
use web_socket_channel::handshake::http::{HeaderMap, HeaderName, HeaderValue};
use web_socket_channel::{Error, InvalidArgument, Message, Options, Tap, WebSocketChannel};
use web_time::Instant;

use super::plain::Plain;
use super::reconnecting::Reconnecting;
use super::repeat::{Handle, Repeat};
use super::round_trips::RoundTrips;

/// What the stream yields, and the builder draws.
pub type Messages = StreamBuilder<Message, Error>;

/// The wait for the peer's answer to a close. Nobody has to wait.
pub type PendingClose = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The connection there is, if any.
#[derive(Default)]
pub struct Connection {
    current: Option<Current>,
    /// What has happened and is not told yet.
    events: Vec<Msg>,
    /// Of the messages of this connection.
    round_trips: RoundTrips,
    /// What the stream has yielded since it was last told.
    received: Received,
    outbox: Outbox,
    /// The run of equal messages, while one goes on.
    repeat: Option<Repeat>,
    /// What the log has not been told yet of messages of ours.
    notes: Vec<Note>,
    /// How many connections there have been: the key by which the builder tells their streams apart.
    count: u64,
}

/// What the log is told of messages of ours.
#[derive(Clone, Debug)]
pub enum Note {
    /// Somebody else is at the other end from now on.
    Began(Peer),
    /// This was taken. With a number it waits, and may be taken back by that.
    Sent(Option<u64>, Message),
    /// This was not taken.
    Refused(Message),
    /// This number was taken back.
    TookBack(u64),
    /// Everything that waited was taken back.
    TookBackAll,
    /// What was in doubt waits to be sent again.
    Resent,
}

/// What the two kinds of connections have in common is what is called below.
enum Current {
    Plain(Plain),
    Reconnecting(Reconnecting),
}

#[derive(Default)]
struct Received {
    messages: u64,
    bytes: u64,
    failure: Option<Error>,
}

impl Connection {
    /// Lets go of the connection there is, and of its stream, and makes another; `messages` builds
    /// from the new stream from now on.
    pub fn open(&mut self, plan: Plan, tap: Tap, ctx: &egui::Context, messages: &mut Messages) {
        let unsent = self.current.as_mut().map(Current::take_waiting).unwrap_or_default();
        self.close();
        messages.clear_stream();
        self.round_trips = RoundTrips::default();
        self.received = Received::default();
        self.events.clear();
        self.count += 1;
        self.notes.push(Note::TookBackAll);
        self.notes.push(Note::Began(plan.peer.clone()));
        match Current::begin(plan.clone(), tap, ctx, messages, self.count) {
            Ok(current) => self.current = Some(current),
            Err(why) => self.tell(ConnectionEvent::Unusable(why.into())),
        }
        self.tell_outbox();
        if !plan.keeps_waiting {
            if !unsent.is_empty() {
                self.events.push(Msg::TookBack(unsent));
            }
            return;
        }
        for message in unsent {
            self.send(message);
        }
    }

    /// Sends a message, or keeps it until there is a connection. One that is not taken is told.
    pub fn send(&mut self, message: Message) {
        let bytes = message.len() as u64;
        let sent = match &mut self.current {
            Some(current) => current.send(message.clone()),
            None => Err(Error::Closed(None)),
        };
        match sent {
            Ok(waits) => {
                self.round_trips.sent(&message, Instant::now());
                self.notes.push(Note::Sent(waits, message));
                self.tell(ConnectionEvent::Sent { bytes });
            }
            Err(error) => {
                self.notes.push(Note::Refused(message.clone()));
                self.events.push(Msg::NotSent { error, message });
            }
        }
        self.tell_outbox();
    }

    /// Closes, because the page, this connection or the person's wish goes.
    pub fn close(&mut self) -> Option<PendingClose> {
        self.stop_repeat();
        self.current.take().map(Current::close)
    }

    /// Closes the connection with this code, or none, and this reason, and stays to see its end.
    pub fn begin_close(&mut self, code: Option<u16>, reason: &str) {
        if let Some(current) = &mut self.current {
            current.begin_close(code, reason);
        }
    }

    /// Begins a run of equal messages, in the place of the one that goes on.
    pub fn repeat(&mut self, plan: RepeatPlan, ctx: &egui::Context) {
        self.stop_repeat();
        self.repeat =
            self.current.as_ref().map(|current| Repeat::begin(plan, current.handle(), ctx));
    }

    /// Ends the run that goes on. What it has sent is told.
    pub fn stop_repeat(&mut self) {
        self.hear_repeat();
        self.repeat = None;
    }

    /// What the run has sent, which is told before what comes back.
    fn hear_repeat(&mut self) {
        let Some(repeat) = &mut self.repeat else { return };
        let (sent, progress, is_over) = repeat.take();
        let end = if is_over { repeat.take_end() } else { None };
        if is_over {
            self.repeat = None;
        }
        for (message, at) in sent {
            self.round_trips.sent(&message, at);
            self.tell(ConnectionEvent::Sent { bytes: message.len() as u64 });
            self.notes.push(Note::Sent(None, message));
        }
        self.events.extend(progress.into_iter().chain(end).map(Msg::Repeat));
    }

    /// Makes the next attempt now, if one is waited for.
    pub fn retry_now(&self) {
        if let Some(Current::Reconnecting(reconnecting)) = &self.current {
            reconnecting.retry_now();
        }
    }

    /// Takes back a message that waits, or all of them.
    pub fn take_back(&mut self, id: Option<u64>) {
        let Some(current) = &mut self.current else { return };
        let messages: Vec<_> = match id {
            Some(id) => current.withdraw(id).into_iter().collect(),
            None => current.take_waiting(),
        };
        match id {
            None => self.notes.push(Note::TookBackAll),
            Some(id) if !messages.is_empty() => self.notes.push(Note::TookBack(id)),
            Some(_) => {}
        }
        if !messages.is_empty() {
            self.events.push(Msg::TookBack(messages));
        }
        self.tell_outbox();
    }

    /// Sends what is in doubt again, or forgets it.
    pub fn settle_in_doubt(&mut self, sends_again: bool) {
        if let Some(Current::Reconnecting(reconnecting)) = &self.current {
            reconnecting.settle_in_doubt(sends_again);
            if sends_again {
                self.notes.push(Note::Resent);
            }
        }
        self.tell_outbox();
    }

    /// What the log is to be told of messages of ours, in order.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// The stream has yielded something. Gives how long a message was on its way there and back, if it is one
    /// that was sent.
    pub fn hear(&mut self, event: &Event<'_, Message, Error>) -> Option<Duration> {
        match event {
            Event::Data(message) => {
                self.hear_repeat();
                self.received.messages += 1;
                self.received.bytes += message.len() as u64;
                let took = self.round_trips.received(message, Instant::now())?;
                self.tell(ConnectionEvent::RoundTrip(took));
                return Some(took);
            }
            Event::Error(error) => self.received.failure = Some((*error).clone()),
            Event::Done => {}
        }
        None
    }

    /// What has happened before the messages that the builder has yet to take in. Called in every
    /// frame, before `messages` is updated.
    pub fn before_messages(&mut self) -> Vec<Msg> {
        self.hear_repeat();
        if let Some(current) = &mut self.current {
            let mut events = Vec::new();
            current.before_messages(&mut events);
            self.events.extend(events.into_iter().map(Msg::Connection));
        }
        self.tell_outbox();
        std::mem::take(&mut self.events)
    }

    /// The messages that the builder has taken in, and what has happened after them. Called in every
    /// frame, after `messages` was updated and before drawing.
    ///
    /// The channel may know more already than the page has heard. What is told here keeps to the
    /// order in which the page hears it: the handshake, the messages and an error, the end.
    pub fn after_messages(&mut self, messages: &Messages) -> Vec<Msg> {
        let Received { messages: count, bytes, failure } = std::mem::take(&mut self.received);
        if count > 0 {
            self.tell(ConnectionEvent::Received { messages: count, bytes });
        }
        if let Some(error) = failure {
            self.tell(ConnectionEvent::Failed(error));
        }
        if let Some(current) = &mut self.current {
            let is_read = messages.snapshot().connection_state() == ConnectionState::Done;
            let mut events = Vec::new();
            current.after_messages(is_read, &mut events);
            self.events.extend(events.into_iter().map(Msg::Connection));
        }
        std::mem::take(&mut self.events)
    }

    fn tell(&mut self, event: ConnectionEvent) {
        self.events.push(Msg::Connection(event));
    }

    /// Tells what waits and what is in doubt, where it has changed.
    fn tell_outbox(&mut self) {
        let outbox = self.current.as_mut().map(|current| current.outbox(&self.outbox));
        let outbox = outbox.unwrap_or_else(|| Some(Outbox::default()));
        if let Some(outbox) = outbox.filter(|outbox| *outbox != self.outbox) {
            self.outbox = outbox.clone();
            self.tell(ConnectionEvent::Outbox(outbox));
        }
    }
}

impl Current {
    fn begin(
        plan: Plan,
        tap: Tap,
        ctx: &egui::Context,
        messages: &mut Messages,
        key: u64,
    ) -> Result<Self, InvalidArgument> {
        let Plan { peer, transport, options, reconnect, .. } = plan;
        let options = options.tap(tap);
        Ok(match reconnect {
            None => Self::Plain(Plain::begin(&peer, transport, options, ctx, messages, key)?),
            Some(policy) => {
                let Peer::Server(url) = peer else {
                    return Err(InvalidArgument::Unsupported("connecting again, in the page"));
                };
                let reconnecting =
                    Reconnecting::begin(url, transport, options, &policy, ctx, messages, key)?;
                Self::Reconnecting(reconnecting)
            }
        })
    }

    /// Gives the number of a message that has to wait.
    fn send(&mut self, message: Message) -> Result<Option<u64>, Error> {
        match self {
            Self::Plain(plain) => plain.send(message),
            Self::Reconnecting(reconnecting) => reconnecting.send(message),
        }
    }

    fn close(self) -> PendingClose {
        match self {
            Self::Plain(plain) => plain.close(),
            Self::Reconnecting(reconnecting) => reconnecting.close(),
        }
    }

    fn begin_close(&mut self, code: Option<u16>, reason: &str) {
        match self {
            Self::Plain(plain) => plain.begin_close(code, reason),
            Self::Reconnecting(reconnecting) => reconnecting.begin_close(code, reason),
        }
    }

    fn handle(&self) -> Handle {
        match self {
            Self::Plain(plain) => Handle::Plain(plain.handle()),
            Self::Reconnecting(reconnecting) => Handle::Reconnecting(reconnecting.handle()),
        }
    }

    fn before_messages(&mut self, events: &mut Vec<ConnectionEvent>) {
        match self {
            Self::Plain(plain) => plain.before_messages(events),
            Self::Reconnecting(reconnecting) => reconnecting.before_messages(events),
        }
    }

    fn after_messages(&mut self, is_read: bool, events: &mut Vec<ConnectionEvent>) {
        match self {
            Self::Plain(plain) => plain.after_messages(is_read, events),
            Self::Reconnecting(reconnecting) => reconnecting.after_messages(is_read, events),
        }
    }

    fn withdraw(&mut self, id: u64) -> Option<Message> {
        match self {
            Self::Plain(plain) => plain.withdraw(id),
            Self::Reconnecting(reconnecting) => reconnecting.withdraw(id),
        }
    }

    fn take_waiting(&mut self) -> Vec<Message> {
        match self {
            Self::Plain(plain) => plain.take_waiting(),
            Self::Reconnecting(reconnecting) => reconnecting.take_waiting(),
        }
    }

    /// What waits and what is in doubt; `None` where it has not changed.
    fn outbox(&mut self, before: &Outbox) -> Option<Outbox> {
        match self {
            Self::Plain(plain) => Some(plain.outbox()),
            Self::Reconnecting(reconnecting) => reconnecting.outbox(before),
        }
    }
}

/// Begins to connect by the crate `ewebsock`, where it is built in.
///
/// # Errors
/// What is wrong with the URL or the options.
#[cfg(feature = "ewebsock")]
pub(super) fn connect_by_ewebsock(
    url: &str,
    options: Options,
) -> Result<WebSocketChannel, InvalidArgument> {
    web_socket_channel::ewebsock::connect(url, options)
}

/// Says that it is not built in. The page offers it to nobody.
#[cfg(not(feature = "ewebsock"))]
pub(super) fn connect_by_ewebsock(
    _: &str,
    _: Options,
) -> Result<WebSocketChannel, InvalidArgument> {
    Err(InvalidArgument::Unsupported("ewebsock, which is not built in"))
}

/// The headers of an answer, as they are shown.
pub(super) fn header_lines(headers: &HeaderMap) -> Vec<(String, String)> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    headers.iter().map(line).collect()
}
