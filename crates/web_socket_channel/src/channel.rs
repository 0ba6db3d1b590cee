//! The channel itself: a stream, a sink and the life of one connection, over any transport.
//!
//! It owns the near ends of two queues, and feeds the events that come out of one to the
//! [`Lifecycle`]. Whoever looks (the stream, a future, an accessor) does the feeding, so every answer
//! is as fresh as what the transport has said, whether or not somebody reads the stream. Messages
//! are not touched by that: the stream owns its batch and pops from it without a lock.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use bytestring::ByteString;
use futures_core::{FusedStream, Stream};
use futures_sink::Sink;

use crate::address::{IntoUrl, without_query};
use crate::backend;
use crate::close::{CloseEvent, CloseFrame, close_frame};
use crate::error::{Error, InvalidArgument, LimitExceeded, RuntimeError};
use crate::flush_mark::FlushMark;
use crate::halves::forward_to_halves;
use crate::handshake::http::HeaderMap;
use crate::lifecycle::{Lifecycle, ReadyState};
use crate::message::Message;
use crate::open_socket::{CheckClose, OpenSocket};
use crate::options::Options;
use crate::queue::{Bound, Ends, Events, PendingWakes, Receiver, Sender, Unsent, queue};
use crate::request::Request;
use crate::signal::{Failure, Signal};
use crate::status;
use crate::time_limits::TimeLimits;

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
    handle: Connection,
    /// What was taken from the inbox and not yet yielded.
    batch: VecDeque<Message>,
    /// What was yielded of the batch and still counts against the inbox.
    yielded: Bound,
    /// The end was yielded.
    is_done: bool,
    _owner: Arc<Owner>,
}

/// The writing half of a [`WebSocketChannel`].
///
/// `poll_ready` waits while the outbox is full, so that a sender goes no faster than the network.
/// `poll_flush` waits until everything that was accepted has been handed to the network, so that a
/// program may end after it, and is not held up by what others go on to send; what was accepted is
/// written without it too, many messages at a time.
/// So `SinkExt::feed` is the way to send many, and `SinkExt::send`, which flushes, waits for the
/// network with each. (In [memory](crate::memory) a message is with the peer at once, and a flush has
/// nothing to wait for.) `poll_close` is [`close`](Connection::close).
pub struct WebSocketSink {
    handle: Connection,
    /// Up to where a flush waits.
    flush_mark: FlushMark,
    _owner: Arc<Owner>,
}

/// A handle on a connection: its state, how it ended, and the ways to send and to close that a frame
/// loop needs, none of which ever blocks.
///
/// The channel and both halves dereference to it. A clone is cheap, and keeps nothing open: the
/// connection is closed when both halves are dropped, whoever still holds a handle.
#[derive(Clone)]
pub struct Connection {
    core: Arc<Core>,
}

/// Resolves when the handshake is done; see [`Connection::ready`].
#[derive(Clone)]
#[must_use = "a future does nothing unless it is polled"]
pub struct Ready(EventWaiter);

/// Resolves when the connection is closed; see [`Connection::close`]. It need not be awaited.
#[derive(Clone)]
pub struct Closing(EventWaiter);

/// A message that could not be sent, and why. The message is not lost: it is in here. (`?` makes an
/// [`Error`] of it where that is what a function returns, and then lets go of it.)
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
    pub fn connect(url: impl IntoUrl) -> Result<Self, InvalidArgument> {
        Self::connect_with(url, Options::default())
    }

    /// Begins to connect to `url`, as `options` ask.
    ///
    /// # Errors
    /// What is wrong with the URL or an option, before anything is dialled.
    pub fn connect_with(url: impl IntoUrl, options: Options) -> Result<Self, InvalidArgument> {
        let request = Request::new(&url.text(), options)?;
        backend::check_url(&request)?;
        backend::check(&request.options)?;
        let limits = TimeLimits::of_connecting(&request.options);
        let make = |sender, receiver| {
            let core = Core::new(request.url.to_string(), sender, receiver, backend::check_close);
            Core { limits, ..core }
        };
        let (channel, ends) = Self::with_far_ends(&request.options, make);
        backend::start(request, ends);
        Ok(channel)
    }

    /// A channel over a connection that somebody else has opened: any [`OpenSocket`].
    ///
    /// Of the options those count that are about what comes now: the time-outs, the pings, the
    /// limits and the bounds.
    ///
    /// # Errors
    /// An option that is out of its range, that the socket can't keep, or that comes too late for it.
    pub fn adopt(socket: impl OpenSocket, options: Options) -> Result<Self, InvalidArgument> {
        options.check_ranges()?;
        socket.check(&options)?;
        let limits = TimeLimits::of_open(&options);
        let (url, check_close) = (socket.url(), socket.check_close());
        let make = |sender, receiver| {
            let core = Core::new(url, sender, receiver, check_close);
            Core { limits, ..core }
        };
        let (channel, ends) = Self::with_far_ends(&options, make);
        let is_closing = socket.is_closing();
        socket.start(options, ends);
        if is_closing {
            channel.core.close(CloseFrame::EMPTY);
        }
        Ok(channel)
    }

    /// A channel over two queues with the bounds and the tap that `options` name, and the far ends of
    /// these for its transport.
    pub(crate) fn with_far_ends(
        options: &Options,
        make: impl FnOnce(Sender, Receiver) -> Core,
    ) -> (Self, Ends) {
        let (incoming, receiver) = queue(options.inbox, options.tap.clone());
        let (sender, outgoing) = queue(options.outbox, None);
        (Self::over(make(sender, receiver)), Ends { incoming, outgoing })
    }

    pub(crate) fn over(core: Core) -> Self {
        let connection = Connection { core: Arc::new(core) };
        let owner = Arc::new(Owner(connection.clone()));
        Self {
            stream: WebSocketStream {
                handle: connection.clone(),
                batch: VecDeque::new(),
                yielded: Bound::default(),
                is_done: false,
                _owner: Arc::clone(&owner),
            },
            sink: WebSocketSink {
                handle: connection,
                flush_mark: FlushMark::default(),
                _owner: owner,
            },
        }
    }
}

forward_to_halves!(WebSocketChannel { WebSocketStream, WebSocketSink }, Connection, Closing);

impl Connection {
    /// Resolves when the handshake is done, or with why it failed. Dart's `ready`.
    ///
    /// May be called many times, awaited many times or never; an error that nobody looks at does
    /// no harm, and the stream yields it too. The future may outlive the channel.
    pub fn ready(&self) -> Ready {
        Ready(EventWaiter::new(&self.core))
    }

    /// Where the connection is in its life.
    pub fn ready_state(&self) -> ReadyState {
        self.core.look(|life| life.state())
    }

    /// The subprotocol that the server picked. `None` before the handshake is done and where none
    /// was negotiated; still there after the close.
    pub fn protocol(&self) -> Option<ByteString> {
        self.core.look(|life| life.opened().and_then(|opened| opened.protocol.clone()))
    }

    /// The negotiated extensions, as in the `Sec-WebSocket-Extensions` header. Empty before the
    /// handshake is done and where none were negotiated.
    pub fn extensions(&self) -> ByteString {
        self.core
            .look(|life| life.opened().map(|opened| opened.extensions.clone()).unwrap_or_default())
    }

    /// The headers of the server's answer, cookies and rate limits among them. Empty before the
    /// handshake is done, in a browser, which hides them, and where somebody else has done it.
    pub fn response_headers(&self) -> HeaderMap {
        self.core
            .look(|life| life.opened().map(|opened| opened.headers.clone()).unwrap_or_default())
    }

    /// The URL that is connected to, in its normal form, without any credentials.
    pub fn url(&self) -> &str {
        &self.core.url
    }

    /// Bytes of payload that were accepted and not yet handed to the network. Where the
    /// connection ends before all is sent, the rest stays in this figure, as in a browser.
    pub fn buffered_amount(&self) -> usize {
        self.core.outgoing.waiting().bytes
    }

    /// How many messages are accepted and not yet handed to the network.
    #[cfg(feature = "reconnect")]
    pub(crate) fn unflushed(&self) -> usize {
        if self.core.delivers_at_once { 0 } else { self.core.outgoing.waiting().messages }
    }

    /// How the connection ended; `None` until it has.
    pub fn close_event(&self) -> Option<CloseEvent> {
        self.core.look(|life| life.ending().cloned())
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
        self.core.accept(message.into(), Sender::try_send)
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
    /// A code that this end may not send; natively it may send those that [`status`] gives to clients
    /// or to servers, and in a browser 1000 and 3000–4999. A reason without a code or of more than 123 bytes.
    /// Also when the channel is closed already.
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
        Closing(EventWaiter::new(&self.core))
    }
}

/// What all handles on one connection share.
pub(crate) struct Core {
    url: String,
    /// Whether the transport can close like this.
    check_close: CheckClose,
    outgoing: Sender,
    inbox: Receiver,
    lifecycle: Mutex<Lifecycle>,
    /// Until when the transport has to have said something.
    limits: TimeLimits,
    /// What is in the outbox is with the peer already, so that a flush has nothing to wait for.
    delivers_at_once: bool,
}

/// Who waits for the connection to open or to end, in a slot that is given up when it is dropped.
struct EventWaiter {
    core: Arc<Core>,
    slot: u64,
}

/// The slot of the sink, of which there is one.
const SINK: u64 = 0;

/// Dropped with the last half of a channel.
struct Owner(Connection);

impl Core {
    pub(crate) fn new(
        url: String,
        outgoing: Sender,
        inbox: Receiver,
        check_close: CheckClose,
    ) -> Self {
        Self {
            url,
            check_close,
            outgoing,
            inbox,
            lifecycle: Mutex::new(Lifecycle::new()),
            limits: TimeLimits::default(),
            delivers_at_once: false,
        }
    }

    /// One of a transport in memory, which neither minds how it is closed nor keeps anybody waiting.
    pub(crate) fn in_memory(url: &str, outgoing: Sender, inbox: Receiver) -> Self {
        Self { delivers_at_once: true, ..Self::new(url.to_owned(), outgoing, inbox, |_| Ok(())) }
    }

    /// Takes in what the transport has said, and then has a look.
    fn look<T>(&self, look: impl FnOnce(&mut Lifecycle) -> T) -> T {
        let (answer, (wakes, transport)) = {
            let mut life = self.lifecycle.lock().unwrap_or_else(PoisonError::into_inner);
            let due = self.take_in(&mut life);
            (look(&mut life), due)
        };
        for wakes in wakes.into_iter().flatten() {
            wakes.wake();
        }
        if let Some(transport) = transport {
            transport.wake();
        }
        answer
    }

    /// The same for one who waits: `None` from `look` means that it is woken at the next event.
    fn poll_look<T>(
        &self,
        slot: u64,
        cx: &Context<'_>,
        look: impl FnOnce(&mut Lifecycle) -> Option<T>,
    ) -> Poll<T> {
        // Registered before looking: an event that comes in between wakes, if once too often.
        self.inbox.event_waiters().register(slot, cx);
        self.look(look).map_or(Poll::Pending, Poll::Ready)
    }

    /// Feeds the lifecycle. Once the connection is over nothing more is taken for it, and the peer's
    /// close is answered. Who is to be woken then: at the transport's end, and at this one; and the transport alone,
    /// where it is late.
    fn take_in(&self, life: &mut Lifecycle) -> ([Option<PendingWakes<'_>>; 2], Option<Waker>) {
        let was = life.state();
        let (mut answer, mut noticed, mut late) = (None, None, None);
        if self.inbox.has_events() {
            let Events { opened, end, sender_is_gone } = self.inbox.take_events();
            if let Some(opened) = opened {
                life.on_open(opened);
            }
            match end {
                Some(Signal::Close(frame)) => answer = life.on_close(frame),
                Some(Signal::Fail(failure)) => life.on_fail(failure),
                _ if sender_is_gone => life.on_fail(self.transport_gone(life)),
                _ => {}
            }
        }
        let has_run = || {
            late = self.outgoing.take_reader();
            late.is_some()
        };
        if let Some(failure) = self.limits.passed(life, has_run) {
            life.on_fail(failure);
            answer = Some(CloseFrame::EMPTY);
            noticed = Some(self.inbox.wakes());
        }
        let answered = answer.map(|frame| self.outgoing.end_under_lock(Signal::Close(frame)));
        if was < life.state() && life.state() == ReadyState::Closed {
            self.outgoing.shut();
        }
        ([answered, noticed], late)
    }

    /// A transport that is gone without having said how it ended has cut the connection.
    fn transport_gone(&self, life: &Lifecycle) -> Failure {
        let gone = RuntimeError::Gone;
        if life.opened().is_none() {
            return Failure::abnormal(Some(gone.into()));
        }
        let cause = self.limits.are_kept().then(|| io::Error::other(gone).into());
        Failure::abnormal(None).with_cause(cause)
    }

    /// Puts a message into the outbox, if the channel still takes any.
    fn accept(
        &self,
        message: Message,
        put: impl FnOnce(&Sender, Message) -> Result<(), Unsent>,
    ) -> Result<(), SendError> {
        if self.inbox.has_events() {
            self.look(|_| ());
        }
        put(&self.outgoing, message).map_err(|unsent| match unsent {
            Unsent::Full(message) => {
                let Bound { messages, bytes } = self.outgoing.bound();
                let error = Error::LimitExceeded(LimitExceeded::Outbox { messages, bytes });
                SendError { message, error }
            }
            Unsent::Closed(message) => SendError { message, error: self.look(closed) },
        })
    }

    fn close(&self, frame: CloseFrame) {
        let wakes = self.look(|life| {
            self.limits.begin_to_close();
            life.close().then(|| self.outgoing.end_under_lock(Signal::Close(frame)))
        });
        // Also where the peer was faster: after a local close nothing is delivered, whatever the two
        // ends have said meanwhile.
        self.inbox.discard();
        if let Some(wakes) = wakes {
            wakes.wake();
            self.inbox.event_waiters().wake_all();
        }
    }
}

/// Why nothing can be sent any more.
fn closed(life: &mut Lifecycle) -> Error {
    Error::Closed(life.ending().cloned().map(Arc::new))
}

impl EventWaiter {
    fn new(core: &Arc<Core>) -> Self {
        Self { core: Arc::clone(core), slot: core.inbox.event_waiters().new_slot() }
    }

    fn poll_look<T>(
        &self,
        cx: &Context<'_>,
        look: impl FnOnce(&mut Lifecycle) -> Option<T>,
    ) -> Poll<T> {
        self.core.poll_look(self.slot, cx, look)
    }
}

impl Clone for EventWaiter {
    fn clone(&self) -> Self {
        Self::new(&self.core)
    }
}

impl Drop for EventWaiter {
    fn drop(&mut self) {
        self.core.inbox.event_waiters().remove(self.slot);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let frame = CloseFrame { code: status::GOING_AWAY, reason: ByteString::new() };
        self.0.core.close(frame);
        self.0.core.outgoing.abandon();
    }
}

impl Drop for WebSocketStream {
    /// Without a reader what comes is dropped, and the connection lives on.
    fn drop(&mut self) {
        self.handle.core.inbox.discard();
    }
}

impl Future for Ready {
    type Output = Result<(), Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_look(cx, |life| {
            if life.opened().is_some() {
                Some(Ok(()))
            } else if life.state() == ReadyState::Closed {
                Some(Err(life.error().cloned().unwrap_or_else(|| closed(life))))
            } else {
                None
            }
        })
    }
}

impl Future for Closing {
    type Output = CloseEvent;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_look(cx, |life| life.ending().cloned())
    }
}

impl WebSocketStream {
    /// The next message of the batch.
    fn pop(&mut self) -> Option<Message> {
        let message = self.batch.pop_front()?;
        self.yielded.add(&message);
        let inbox = &self.handle.core.inbox;
        let bound = inbox.bound();
        // The inbox is told in batches, as it is shared with the transport's thread.
        let is_due = self.batch.is_empty()
            || self.yielded.messages >= bound.messages / 4
            || self.yielded.bytes >= bound.bytes / 4;
        if is_due {
            inbox.release(std::mem::take(&mut self.yielded));
        }
        Some(message)
    }

    /// What comes after the last message, once the connection is over: its error, then the end.
    fn finish(&mut self) -> Option<Result<Message, Error>> {
        if self.is_done || self.handle.core.inbox.is_discarding() {
            self.is_done = true;
            return None;
        }
        let error = self.handle.core.look(|life| life.error().cloned());
        self.is_done = true;
        error.map(Err)
    }
}

impl Stream for WebSocketStream {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.handle.core.inbox.is_discarding() {
            this.batch.clear();
        }
        loop {
            if let Some(message) = this.pop() {
                return Poll::Ready(Some(Ok(message)));
            }
            let core = &this.handle.core;
            if core.inbox.poll_take(cx, &mut this.batch).is_ready() {
                continue;
            }
            if !this.is_done && core.look(|life| life.state()) != ReadyState::Closed {
                return Poll::Pending;
            }
            // What came before the end was put in before it.
            core.inbox.take(&mut this.batch);
            if this.batch.is_empty() {
                return Poll::Ready(this.finish());
            }
        }
    }
}

impl FusedStream for WebSocketStream {
    fn is_terminated(&self) -> bool {
        self.is_done
    }
}

impl Sink<Message> for WebSocketSink {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let core = &self.handle.core;
        let is_closed =
            |life: &mut Lifecycle| (life.state() >= ReadyState::Closing).then(|| Err(closed(life)));
        if let Some(error) = core.look(is_closed) {
            return Poll::Ready(error);
        }
        match core.outgoing.poll_room(cx) {
            Poll::Ready(_) => Poll::Ready(Ok(())),
            Poll::Pending => core.poll_look(SINK, cx, is_closed),
        }
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        self.flush_mark = FlushMark::default();
        Ok(self.handle.core.accept(message, Sender::send)?)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Self { handle: Connection { core }, flush_mark, .. } = &mut *self;
        if core.delivers_at_once {
            return Poll::Ready(Ok(()));
        }
        let drained = core.outgoing.poll_drained(flush_mark, cx);
        // Where the transport is gone, what still waits never leaves.
        drained.map(|is_flushed| if is_flushed { Ok(()) } else { Err(core.look(closed)) })
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let core = &self.handle.core;
        core.close(CloseFrame::EMPTY);
        core.poll_look(SINK, cx, |life| life.ending().map(|_| Ok(())))
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

impl From<SendError> for Error {
    fn from(unsent: SendError) -> Self {
        unsent.error
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
