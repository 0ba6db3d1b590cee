//! The channel itself: a stream, a sink and the life of one connection, over any transport.
//!
//! It owns the near ends of two mailboxes and feeds what comes out of one to the [`Lifecycle`].
//! Whoever looks (the stream, a future, an accessor) does the feeding, so every answer is as
//! fresh as what the transport has said, whether or not somebody reads the stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytestring::ByteString;
use futures_core::Stream;
use futures_sink::Sink;

use crate::address::without_query;
use crate::backend;
use crate::close::{CloseEvent, CloseFrame, close_frame};
use crate::error::{Error, InvalidArgument, LimitExceeded, NetworkError, NetworkErrorKind};
use crate::lifecycle::{Lifecycle, Output, ReadyState};
use crate::mailbox::{Bound, Ends, Inlet, Outlet, Owed, mailbox, mailbox_with};
use crate::message::Message;
use crate::open_socket::{CheckClose, OpenSocket};
use crate::options::Options;
use crate::request::Request;
use crate::signal::{Failure, Signal};
use crate::status;
use crate::waiters::Waiters;

/// A WebSocket connection: a [`Stream`] of messages, a [`Sink`] for messages, and, by way of
/// [`Connection`], everything there is to know about it. Dart's `WebSocketChannel`.
///
/// It is `Send` on every platform. Dropping it closes the connection (code 1001 natively; a
/// browser sends none) and frees everything that belongs to it. Its `Debug` shows neither messages
/// nor the URL's query, in which a token may be.
pub struct WebSocketChannel {
    stream: WebSocketStream,
    sink: WebSocketSink,
}

/// The reading half of a [`WebSocketChannel`].
///
/// Yields the messages in the order in which they were sent, then at most one error, and ends
/// after the close. A connection that was merely cut is no error: the stream ends, and
/// [`close_code`](Connection::close_code) is 1006.
pub struct WebSocketStream {
    connection: Connection,
}

/// The writing half of a [`WebSocketChannel`].
///
/// `poll_ready` waits while the outbox is full, so that a sender goes no faster than the network.
/// `poll_flush` has nothing to wait for: what was accepted is written as soon as the network takes
/// it, many messages at a time, which waiting for each would prevent. `poll_close` is
/// [`close`](Connection::close) without a code.
pub struct WebSocketSink {
    connection: Connection,
}

/// What can be asked of a connection from either half: its state, how it ended, and the ways to
/// send and to close that a frame loop needs, none of which ever blocks.
pub struct Connection {
    core: Arc<Core>,
    /// Closes the connection when the last half is dropped, though futures may still hold the core.
    _owner: Arc<Owner>,
}

/// Resolves when the handshake is done; see [`Connection::ready`].
#[derive(Clone)]
#[must_use = "a future does nothing unless it is polled"]
pub struct Ready(Place);

/// Resolves when the connection is closed; see [`Connection::close`]. It need not be awaited.
#[derive(Clone)]
pub struct Closing(Place);

/// A message that could not be sent, and why. The message is not lost: it is in here.
///
/// Its `Debug` shows how long the message is, and not the message: it may be long.
#[derive(Clone)]
pub struct SendError {
    /// The message that was not sent.
    pub message: Message,
    /// [`Error::LimitExceeded`] while the outbox is full, [`Error::Closed`] after the close.
    pub error: Error,
}

impl WebSocketChannel {
    /// Begins to connect to `url`, with every option at its default. Returns at once; the
    /// handshake goes on in the background, and [`ready`](Connection::ready) tells its outcome.
    ///
    /// # Errors
    /// What is wrong with the URL. Trouble with the network is no error here: it shows up in
    /// `ready` and in the stream.
    pub fn connect(url: &str) -> Result<Self, InvalidArgument> {
        Self::connect_with(url, Options::default())
    }

    /// Begins to connect to `url`, as `options` ask.
    ///
    /// # Errors
    /// What is wrong with the URL or an option, before anything is dialled.
    pub fn connect_with(url: &str, options: Options) -> Result<Self, InvalidArgument> {
        let request = Request::new(url, options)?;
        backend::check(&request.options)?;
        let (incoming, near_outlet) =
            mailbox_with(request.options.inbox, request.options.tap.clone());
        let (near_inlet, outgoing) = mailbox(request.options.outbox);
        let url = request.url.as_str();
        let channel = Self::over(url, near_inlet, near_outlet, backend::check_close);
        backend::start(request, Ends { incoming, outgoing });
        Ok(channel)
    }

    /// A channel over a connection that somebody else has opened: any [`OpenSocket`].
    ///
    /// Of the options those count that are about what comes now: the time-outs, the pings, the
    /// limits and the bounds.
    ///
    /// # Errors
    /// An option that the socket can't keep, or that comes too late for it.
    pub fn adopt(socket: impl OpenSocket, options: Options) -> Result<Self, InvalidArgument> {
        socket.check(&options)?;
        let (incoming, near_outlet) = mailbox_with(options.inbox, options.tap.clone());
        let (near_inlet, outgoing) = mailbox(options.outbox);
        let check_close = socket.check_close();
        let channel = Self::over(&socket.url(), near_inlet, near_outlet, check_close);
        let is_closing = socket.is_closing();
        socket.start(options, Ends { incoming, outgoing });
        if is_closing {
            channel.core.close(CloseFrame::EMPTY);
        }
        Ok(channel)
    }

    /// A channel over the near ends of two mailboxes.
    pub(crate) fn over(
        url: &str,
        outgoing: Inlet,
        incoming: Outlet,
        check_close: CheckClose,
    ) -> Self {
        let waiters = Arc::<Waiters>::default();
        let core = Arc::new(Core {
            url: url.into(),
            check_close,
            outgoing,
            waker: Waker::from(Arc::clone(&waiters)),
            waiters,
            state: Mutex::new(State {
                lifecycle: Lifecycle::new(),
                inbox: incoming,
                taken: Vec::new(),
                items: VecDeque::new(),
                read: Bound { messages: 0, bytes: 0 },
            }),
        });
        let owner = Arc::new(Owner(Arc::clone(&core)));
        let connection = || Connection { core: Arc::clone(&core), _owner: Arc::clone(&owner) };
        Self {
            stream: WebSocketStream { connection: connection() },
            sink: WebSocketSink { connection: connection() },
        }
    }

    /// The two halves, which may live on different tasks or threads. The connection is closed
    /// when both are dropped.
    pub fn split(self) -> (WebSocketSink, WebSocketStream) {
        (self.sink, self.stream)
    }
}

// `close` is written out for the two that are sinks, though dereferencing would find it: `SinkExt`
// has a method of this name, whose future does nothing until it is polled, and an inherent method
// goes before it.
impl WebSocketChannel {
    /// See [`Connection::close`].
    pub fn close(&self) -> Closing {
        self.sink.close()
    }
}

impl WebSocketSink {
    /// See [`Connection::close`].
    pub fn close(&self) -> Closing {
        self.connection.close()
    }
}

impl Connection {
    /// Resolves when the handshake is done, or with why it failed. Dart's `ready`.
    ///
    /// May be called many times, awaited many times or never; an error that nobody looks at does
    /// no harm, and the stream yields it too. The future may outlive the channel.
    pub fn ready(&self) -> Ready {
        Ready(Place::new(&self.core))
    }

    /// Where the connection is in its life.
    pub fn ready_state(&self) -> ReadyState {
        self.core.look(|state| state.lifecycle.state())
    }

    /// The subprotocol that the server picked. `None` before the handshake is done and where none
    /// was negotiated; still there after the close.
    pub fn protocol(&self) -> Option<ByteString> {
        self.core.look(|state| state.lifecycle.opened().and_then(|opened| opened.protocol.clone()))
    }

    /// The negotiated extensions, as in the `Sec-WebSocket-Extensions` header. Empty before the
    /// handshake is done and where none were negotiated.
    pub fn extensions(&self) -> ByteString {
        self.core.look(|state| {
            state.lifecycle.opened().map(|opened| opened.extensions.clone()).unwrap_or_default()
        })
    }

    /// The URL that is connected to, in its normal form, without any credentials.
    pub fn url(&self) -> &str {
        &self.core.url
    }

    /// Bytes of payload that were accepted and not yet handed to the network. Where the
    /// connection ends before all is sent, the rest stays in this figure, as in a browser.
    pub fn buffered_amount(&self) -> usize {
        self.core.outgoing.waiting_bytes()
    }

    /// How the connection ended; `None` until it has.
    pub fn close_event(&self) -> Option<CloseEvent> {
        self.core.look(|state| state.lifecycle.ending().cloned())
    }

    /// The code that the connection ended with; `None` until it has. Dart's `closeCode`.
    pub fn close_code(&self) -> Option<u16> {
        self.close_event().map(|event| event.code)
    }

    /// The reason that the connection ended with; `None` until it has. Dart's `closeReason`.
    pub fn close_reason(&self) -> Option<ByteString> {
        self.close_event().map(|event| event.reason)
    }

    /// Sends a message, without waiting: for frame loops and other code that must not block.
    /// Before the handshake is done messages wait, and are then sent in order.
    ///
    /// # Errors
    /// The outbox is full, or the channel is closing or closed; the message is given back.
    pub fn try_send(&self, message: impl Into<Message>) -> Result<(), SendError> {
        self.core.send(message.into())
    }

    /// Begins to close the connection, at once and without a code: the peer sees 1005. Dart's
    /// `sink.close()`. The returned future resolves when the peer has answered, at the latest after
    /// [`close_timeout`](crate::Options::close_timeout); it need not be awaited.
    ///
    /// From here on nothing more is delivered or accepted, though what was accepted before is
    /// still sent. Closing again changes nothing and resolves with the first one.
    pub fn close(&self) -> Closing {
        self.core.close(CloseFrame::EMPTY);
        self.closed()
    }

    /// As [`close`](Self::close), with a code that says why, and a reason or `""`. Dart's
    /// `sink.close(code, reason)`.
    ///
    /// # Errors
    /// A code other than 1000 and 3000–4999 (natively also 1001), a reason without a code or of
    /// more than 123 bytes; also when the channel is closed already.
    pub fn close_with(
        &self,
        code: impl Into<Option<u16>>,
        reason: &str,
    ) -> Result<Closing, InvalidArgument> {
        let frame = close_frame(code.into(), reason)?;
        (self.core.check_close)(&frame)?;
        self.core.close(frame);
        Ok(self.closed())
    }

    /// Resolves when the connection is over, whoever ends it, without doing anything to end it.
    pub fn closed(&self) -> Closing {
        Closing(Place::new(&self.core))
    }
}

/// What all handles on one connection share.
struct Core {
    url: String,
    /// Whether the transport can close like this.
    check_close: CheckClose,
    outgoing: Inlet,
    state: Mutex<State>,
    /// Everyone who waits for news; `waker` wakes them.
    waiters: Arc<Waiters>,
    waker: Waker,
}

struct State {
    lifecycle: Lifecycle,
    inbox: Outlet,
    /// Where a batch is taken to; kept for its memory.
    taken: Vec<Signal>,
    /// What the stream has yet to yield.
    items: VecDeque<Result<Message, Error>>,
    /// What the stream has yielded and the inbox still counts.
    read: Bound,
}

/// The places of the two halves, of which there is one each.
const STREAM: u64 = 0;
const SINK: u64 = 1;

/// A future's place among the waiters, given up when it is dropped.
struct Place {
    core: Arc<Core>,
    number: u64,
}

/// Dropped with the last half of a channel.
struct Owner(Arc<Core>);

impl Core {
    /// Takes the news in and then has a look.
    fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut owed = Owed::default();
        let answer = {
            let mut state = self.lock();
            self.take_in(&mut state, &mut owed);
            look(&mut state)
        };
        owed.pay();
        answer
    }

    /// The same for one who waits: `None` from `look` means that it is woken at the next news.
    fn wait<T>(
        &self,
        place: u64,
        cx: &Context<'_>,
        look: impl FnOnce(&mut State) -> Option<T>,
    ) -> Poll<T> {
        // Registered before looking: news that come in between wake, if once too often.
        drop(self.waiters.add(place, cx));
        self.look(look).map_or(Poll::Pending, Poll::Ready)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Feeds everything that the transport has said to the lifecycle.
    fn take_in(&self, state: &mut State, owed: &mut Owed) {
        let cx = Context::from_waker(&self.waker);
        while state.inbox.has_news() {
            match state.inbox.poll_take(&cx, &mut state.taken) {
                Poll::Pending => return,
                Poll::Ready(true) => {
                    let mut taken = mem::take(&mut state.taken);
                    for signal in taken.drain(..) {
                        self.on_signal(state, signal, owed);
                    }
                    state.taken = taken;
                }
                Poll::Ready(false) => {
                    if state.lifecycle.state() != ReadyState::Closed {
                        let signal = self.gone_without_a_word(state);
                        self.on_signal(state, signal, owed);
                    }
                    return;
                }
            }
        }
    }

    fn on_signal(&self, state: &mut State, signal: Signal, owed: &mut Owed) {
        match state.lifecycle.on_signal(signal) {
            Some(Output::Message(message)) => state.items.push_back(Ok(message)),
            Some(Output::Error(error)) => state.items.push_back(Err(error)),
            Some(Output::Answer(frame)) => owed.add(self.outgoing.put(Signal::Close(frame))),
            Some(Output::Discarded(message)) => owed.add(state.inbox.release(1, message.len())),
            None => {}
        }
    }

    /// A transport that is gone without having said how it ended has cut the connection.
    fn gone_without_a_word(&self, state: &State) -> Signal {
        let never_opened = state.lifecycle.opened().is_none();
        let error = never_opened.then(|| {
            let host = without_query(&self.url).to_owned();
            NetworkError { kind: NetworkErrorKind::ConnectionLost, host, source: None }.into()
        });
        Signal::Fail(Failure { code: status::ABNORMAL_CLOSURE, error })
    }

    fn send(&self, message: Message) -> Result<(), SendError> {
        self.accept(message, |message| self.outgoing.try_put(message))
    }

    /// Puts a message into the outbox with `put`, if the channel still takes any.
    ///
    /// The state stays locked meanwhile, so that a close on another thread comes before it or
    /// after it: what was accepted is never behind the close.
    fn accept(
        &self,
        message: Message,
        put: impl FnOnce(Message) -> Result<Owed, Message>,
    ) -> Result<(), SendError> {
        let mut owed = Owed::default();
        let outcome = {
            let mut state = self.lock();
            self.take_in(&mut state, &mut owed);
            if state.lifecycle.state() < ReadyState::Closing {
                put(message).map(|put| owed.add(put)).map_err(|message| {
                    let Bound { messages, bytes } = self.outgoing.bound();
                    let error = Error::LimitExceeded(LimitExceeded::Outbox { messages, bytes });
                    SendError { message, error }
                })
            } else {
                Err(SendError { message, error: state.closed() })
            }
        };
        owed.pay();
        outcome
    }

    fn close(&self, frame: CloseFrame) {
        let mut owed = Owed::default();
        let begins = {
            let mut state = self.lock();
            self.take_in(&mut state, &mut owed);
            // Also where the peer was faster: after a local close nothing is delivered, whatever
            // the two ends have said meanwhile.
            owed.add(state.discard_items());
            let begins = state.lifecycle.close();
            if begins {
                owed.add(self.outgoing.put(Signal::Close(frame)));
            }
            begins
        };
        owed.pay();
        // Only once: a sink that is being closed calls this at every poll, and would wake itself.
        if begins {
            self.waker.wake_by_ref();
        }
    }
}

impl State {
    fn next_item(&mut self, owed: &mut Owed) -> Option<Result<Message, Error>> {
        let item = self.items.pop_front()?;
        if let Ok(message) = &item {
            self.read.messages += 1;
            self.read.bytes += message.len();
        }
        // The inbox is told in batches: a lock for each message would cost more than the message.
        let bound = self.inbox.bound();
        let is_batch = self.items.is_empty()
            || self.read.messages >= bound.messages / 4
            || self.read.bytes >= bound.bytes / 4;
        if is_batch {
            owed.add(self.release());
        }
        Some(item)
    }

    fn release(&mut self) -> Owed {
        let Bound { messages, bytes } =
            mem::replace(&mut self.read, Bound { messages: 0, bytes: 0 });
        self.inbox.release(messages, bytes)
    }

    fn discard_items(&mut self) -> Owed {
        for message in self.items.drain(..).flatten() {
            self.read.messages += 1;
            self.read.bytes += message.len();
        }
        self.release()
    }

    fn closed(&self) -> Error {
        Error::Closed(self.lifecycle.ending().cloned().map(Arc::new))
    }
}

impl Place {
    fn new(core: &Arc<Core>) -> Self {
        Self { core: Arc::clone(core), number: core.waiters.new_place() }
    }

    fn wait<T>(&self, cx: &Context<'_>, look: impl FnOnce(&mut State) -> Option<T>) -> Poll<T> {
        self.core.wait(self.number, cx, look)
    }
}

impl Clone for Place {
    fn clone(&self) -> Self {
        Self::new(&self.core)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.core.waiters.remove(self.number);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.close(CloseFrame { code: status::GOING_AWAY, reason: ByteString::new() });
    }
}

impl Future for Ready {
    type Output = Result<(), Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.wait(cx, |state| {
            let life = &state.lifecycle;
            if life.opened().is_some() {
                Some(Ok(()))
            } else if life.state() == ReadyState::Closed {
                Some(Err(life.error().cloned().unwrap_or_else(|| state.closed())))
            } else {
                None
            }
        })
    }
}

impl Future for Closing {
    type Output = CloseEvent;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.wait(cx, |state| state.lifecycle.ending().cloned())
    }
}

impl Stream for WebSocketStream {
    type Item = Result<Message, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let core = &self.connection.core;
        let mut owed = Owed::default();
        let mut former = None;
        let mut state = core.lock();
        if state.items.is_empty() {
            former = core.waiters.add(STREAM, cx);
            core.take_in(&mut state, &mut owed);
        }
        let item = match state.next_item(&mut owed) {
            Some(item) => Poll::Ready(Some(item)),
            None if state.lifecycle.state() == ReadyState::Closed => Poll::Ready(None),
            None => Poll::Pending,
        };
        drop(state);
        drop(former);
        owed.pay();
        item
    }
}

impl Sink<Message> for WebSocketSink {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let core = &self.connection.core;
        core.wait(SINK, cx, |state| {
            if state.lifecycle.state() >= ReadyState::Closing {
                return Some(Err(state.closed()));
            }
            // By our own waker, which wakes this one as well: the mailbox is asked under a lock.
            let cx = Context::from_waker(&core.waker);
            core.outgoing.poll_room(&cx).is_ready().then_some(Ok(()))
        })
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        let core = &self.connection.core;
        core.accept(message, |message| Ok(core.outgoing.put(Signal::Message(message))))
            .map_err(|unsent| unsent.error)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let core = &self.connection.core;
        core.close(CloseFrame::EMPTY);
        core.wait(SINK, cx, |state| state.lifecycle.ending().map(|_| Ok(())))
    }
}

impl Stream for WebSocketChannel {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.stream).poll_next(cx)
    }
}

impl Sink<Message> for WebSocketChannel {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.sink).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        Pin::new(&mut self.sink).start_send(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.sink).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.sink).poll_close(cx)
    }
}

// The accessors are the same for the whole and for its halves, and each of the three has nothing
// else to add: so they reach them by dereference instead of by thirty forwarding methods.
impl std::ops::Deref for WebSocketChannel {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.sink.connection
    }
}

impl std::ops::Deref for WebSocketStream {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl std::ops::Deref for WebSocketSink {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("url", &without_query(self.url()))
            .field("ready_state", &self.ready_state())
            .field("close_event", &self.close_event())
            .finish()
    }
}

impl fmt::Debug for WebSocketChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WebSocketChannel").field(&**self).finish()
    }
}

impl fmt::Debug for WebSocketStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WebSocketStream").field(&self.connection).finish()
    }
}

impl fmt::Debug for WebSocketSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WebSocketSink").field(&self.connection).finish()
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ready").field(&without_query(&self.0.core.url)).finish()
    }
}

impl fmt::Debug for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Closing").field(&without_query(&self.0.core.url)).finish()
    }
}

impl fmt::Debug for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("message_bytes", &self.message.len())
            .field("error", &self.error)
            .finish()
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
