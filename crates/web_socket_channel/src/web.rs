//! The browser's transport: one task that owns a `WebSocket` and pumps between it and the
//! mailboxes.
//!
//! The socket and its closures never leave the task, so nothing that is not `Send` reaches the
//! public types, and when the task ends everything is freed.
//!
//! What a browser does not let programs do, and what happens instead:
//! - request headers and pings: asking for them is an error;
//! - sending 1001: dropping the channel closes without a code; passing it to `close` is an error;
//! - failing with 1007, 1009 and the like: the browser does it by itself and reports 1006; where
//!   this file fails a connection over a bound, the peer sees a close without a code;
//! - holding the peer back: a full inbox ends the connection with an error.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytestring::ByteString;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, Event, MessageEvent, WebSocket};

use crate::close::CloseFrame;
use crate::error::{ApiMisuse, Error, LimitExceeded, NetworkError, NetworkErrorKind, Timeout};
use crate::mailbox::{Bound, Ends, Inlet, Outlet};
use crate::message::Message;
use crate::request::{Options, Request};
use crate::signal::{Failure, Opened, Signal};
use crate::status;

/// How much the browser may have buffered before it is given more. It takes everything at once
/// and without limit, so the outbox's bound would otherwise bound nothing.
const SOCKET_HIGH_WATER_BYTES: u32 = 1024 * 1024;

/// How often a non-empty socket buffer is looked at: browsers have no event for "drained". Only
/// while something is buffered; an idle connection sets no timer.
const DRAIN_CHECK_MILLIS: u32 = 5;

/// Whether a browser can do what the options ask for.
pub(crate) fn check(options: &Options) -> Result<(), ApiMisuse> {
    if !options.headers.is_empty() {
        return Err(ApiMisuse::Unsupported("request headers, in a browser"));
    }
    if options.ping_interval.is_some() {
        return Err(ApiMisuse::Unsupported("pings, in a browser"));
    }
    Ok(())
}

/// Whether a browser lets a program close like this (WHATWG WebSockets §3.1, `close`).
pub(crate) fn check_close(frame: &CloseFrame) -> Result<(), ApiMisuse> {
    match frame.code {
        status::GOING_AWAY => Err(ApiMisuse::CloseCode(frame.code)),
        _ => Ok(()),
    }
}

/// Begins to connect, in a task of its own.
pub(crate) fn start(request: Request, ends: Ends) {
    wasm_bindgen_futures::spawn_local(run(request, ends));
}

async fn run(request: Request, ends: Ends) {
    let Ends { incoming, outgoing } = ends;
    let socket = match open(&request) {
        Ok(socket) => socket,
        Err(error) => {
            let failure = Failure { code: status::ABNORMAL_CLOSURE, error: Some(error) };
            return incoming.put(Signal::Fail(failure)).pay();
        }
    };
    let events = Rc::new(Events::new(&request, incoming));
    let _handlers = Handlers::attach(&socket, &events);
    let mut writer =
        Writer { socket: &socket, events: &events, outgoing: &outgoing, owed: NOTHING };
    if let Err(failure) = writer.write_all(&request.options).await {
        events.end(Signal::Fail(failure));
        // Whatever state it is in: without a code this never throws, and it aborts a handshake.
        let _ = socket.close();
    }
}

/// Creates the browser's socket, which begins to connect.
fn open(request: &Request) -> Result<WebSocket, Error> {
    let protocols: Array =
        request.options.protocols.iter().map(|p| JsString::from(p.as_str())).collect();
    let socket =
        WebSocket::new_with_str_sequence(request.url_with_credentials.as_str(), &protocols)
            .map_err(|exception| {
                // What is left after our own checks is the page's policy: an insecure socket on a
                // secure page, say. The browser's words say it best.
                let why = exception
                    .dyn_into::<js_sys::Error>()
                    .map(|error| String::from(error.message()));
                let source =
                    std::io::Error::other(why.unwrap_or_else(|_| "not allowed here".to_owned()));
                let source = Some(source.into());
                NetworkError { kind: NetworkErrorKind::Other, host: request.host(), source }
            })?;
    socket.set_binary_type(BinaryType::Arraybuffer);
    Ok(socket)
}

/// What the socket's event handlers know and tell.
struct Events {
    incoming: Inlet,
    host: String,
    max_message_bytes: usize,
    has_opened: Cell<bool>,
    has_ended: Cell<bool>,
    /// Set when this end begins to close: what still comes is dropped, as nobody may see it.
    is_closing: Cell<bool>,
    /// The writing task, woken when the socket has opened or ended.
    waker: RefCell<Option<Waker>>,
}

impl Events {
    fn new(request: &Request, incoming: Inlet) -> Self {
        Self {
            incoming,
            host: request.host(),
            max_message_bytes: request.options.max_message_bytes,
            has_opened: Cell::new(false),
            has_ended: Cell::new(false),
            is_closing: Cell::new(false),
            waker: RefCell::new(None),
        }
    }

    fn on_open(&self, socket: &WebSocket) {
        self.has_opened.set(true);
        let protocol = Some(socket.protocol()).filter(|name| !name.is_empty());
        let opened = Opened {
            protocol: protocol.map(ByteString::from),
            extensions: socket.extensions().into(),
        };
        self.incoming.put(Signal::Open(opened)).pay();
        self.wake();
    }

    fn on_message(&self, event: &MessageEvent) {
        if self.has_ended.get() || self.is_closing.get() {
            return;
        }
        let data = event.data();
        let message = match data.dyn_into::<ArrayBuffer>() {
            Ok(buffer) => Message::from(Uint8Array::new(&buffer).to_vec()),
            Err(text) => Message::from(text.as_string().unwrap_or_default()),
        };
        if message.len() > self.max_message_bytes {
            let limit = LimitExceeded::MessageTooBig { limit: self.max_message_bytes };
            return self.fail(status::MESSAGE_TOO_BIG, Error::LimitExceeded(limit));
        }
        match self.incoming.try_put(message) {
            Ok(owed) => owed.pay(),
            Err(_) => {
                let Bound { messages, bytes } = self.incoming.bound();
                let limit = LimitExceeded::Inbox { messages, bytes };
                self.fail(status::ABNORMAL_CLOSURE, Error::LimitExceeded(limit));
            }
        }
    }

    fn on_close(&self, event: &web_sys::CloseEvent) {
        if event.was_clean() {
            let frame = CloseFrame { code: event.code(), reason: event.reason().into() };
            self.end(Signal::Close(frame));
        } else if self.has_opened.get() {
            self.end(Signal::Fail(Failure { code: event.code(), error: None }));
        } else {
            let host = self.host.clone();
            let error = NetworkError { kind: NetworkErrorKind::Other, host, source: None };
            self.fail(status::ABNORMAL_CLOSURE, error.into());
        }
    }

    fn fail(&self, code: u16, error: Error) {
        self.end(Signal::Fail(Failure { code, error: Some(error) }));
    }

    /// Says how it ended, once.
    fn end(&self, signal: Signal) {
        if !self.has_ended.replace(true) {
            self.incoming.put(signal).pay();
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    fn poll_ended(&self, cx: &Context<'_>) -> Poll<()> {
        *self.waker.borrow_mut() = Some(cx.waker().clone());
        if self.has_ended.get() { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// The closures that the socket calls, taken off it when dropped.
struct Handlers<'socket> {
    socket: &'socket WebSocket,
    _open: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(web_sys::CloseEvent)>,
}

impl<'socket> Handlers<'socket> {
    fn attach(socket: &'socket WebSocket, events: &Rc<Events>) -> Self {
        let open = Closure::<dyn FnMut(Event)>::new({
            let (events, socket) = (Rc::clone(events), socket.clone());
            move |_| events.on_open(&socket)
        });
        let message = Closure::<dyn FnMut(MessageEvent)>::new({
            let events = Rc::clone(events);
            move |event: MessageEvent| events.on_message(&event)
        });
        let close = Closure::<dyn FnMut(web_sys::CloseEvent)>::new({
            let events = Rc::clone(events);
            move |event: web_sys::CloseEvent| events.on_close(&event)
        });
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Self { socket, _open: open, _message: message, _close: close }
    }
}

impl Drop for Handlers<'_> {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
    }
}

const NOTHING: Bound = Bound { messages: 0, bytes: 0 };

/// The socket has ended by itself; its handlers have told how.
struct Ended;

/// Why writing stopped early.
enum Stop {
    Ended,
    Failed(Failure),
}

impl From<Ended> for Stop {
    fn from(_: Ended) -> Self {
        Self::Ended
    }
}

/// Passes what the channel says on to the socket, until the end.
struct Writer<'run> {
    socket: &'run WebSocket,
    events: &'run Events,
    outgoing: &'run Outlet,
    /// What was given to the socket and still counts against the outbox.
    owed: Bound,
}

impl Writer<'_> {
    /// Runs until the connection is over. An error is one that the handlers have not told.
    async fn write_all(&mut self, options: &Options) -> Result<(), Failure> {
        match self.write_until_closed(options).await {
            Ok(()) | Err(Stop::Ended) => Ok(()),
            Err(Stop::Failed(failure)) => Err(failure),
        }
    }

    async fn write_until_closed(&mut self, options: &Options) -> Result<(), Stop> {
        let mut batch = Vec::new();
        self.wait_for_open(options, &mut batch).await?;
        loop {
            for signal in batch.drain(..) {
                match signal {
                    Signal::Message(message) => self.send(message).await?,
                    Signal::Close(frame) => return self.close(frame, options).await,
                    // A channel says nothing else.
                    Signal::Open(_) | Signal::Fail(_) => {}
                }
            }
            self.release_what_drained(&mut batch).await?;
            if batch.is_empty() && !self.take(&mut batch).await? {
                return self.close(CloseFrame::EMPTY, options).await;
            }
        }
    }

    /// Waits for the handshake, no longer than it may take, nor, once the channel has said
    /// `close`, than that may take. What the channel says meanwhile is put into `batch`.
    async fn wait_for_open(
        &mut self,
        options: &Options,
        batch: &mut Vec<Signal>,
    ) -> Result<(), Stop> {
        let mut connect_timeout = pin!(sleep(options.connect_timeout));
        let mut close_timeout = pin!(None);
        let mut taken = Vec::new();
        poll_fn(|cx| {
            if self.events.poll_ended(cx).is_ready() {
                return Poll::Ready(Err(Stop::Ended));
            }
            if self.events.has_opened.get() {
                return Poll::Ready(Ok(()));
            }
            while self.outgoing.poll_take(cx, &mut taken) == Poll::Ready(true) {
                if taken.iter().any(|signal| matches!(signal, Signal::Close(_))) {
                    close_timeout.set(Some(sleep(options.close_timeout)));
                }
                batch.append(&mut taken);
            }
            let has_closed_for_long = close_timeout
                .as_mut()
                .as_pin_mut()
                .is_some_and(|timeout| timeout.poll(cx).is_ready());
            if has_closed_for_long || connect_timeout.as_mut().poll(cx).is_ready() {
                let error = Error::Timeout(Timeout::Connect(options.connect_timeout));
                let failure = Failure { code: status::ABNORMAL_CLOSURE, error: Some(error) };
                return Poll::Ready(Err(Stop::Failed(failure)));
            }
            Poll::Pending
        })
        .await
    }

    async fn take(&mut self, batch: &mut Vec<Signal>) -> Result<bool, Ended> {
        poll_fn(|cx| {
            if self.events.poll_ended(cx).is_ready() {
                return Poll::Ready(Err(Ended));
            }
            self.outgoing.poll_take(cx, batch).map(Ok)
        })
        .await
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        while self.socket.buffered_amount() >= SOCKET_HIGH_WATER_BYTES {
            self.pause().await?;
        }
        if self.events.has_ended.get() {
            return Err(Ended);
        }
        // An open socket's `send` throws nothing, and a closed one drops the data silently, which
        // the close event tells.
        let _ = match &message {
            Message::Text(text) => self.socket.send_with_str(text),
            Message::Binary(bytes) => self.socket.send_with_u8_array(bytes),
        };
        self.owed.messages += 1;
        self.owed.bytes += message.len();
        Ok(())
    }

    /// Tells the outbox how much has left the browser's buffer, until all has or there is more
    /// to send.
    async fn release_what_drained(&mut self, batch: &mut Vec<Signal>) -> Result<(), Ended> {
        while self.owed != NOTHING {
            let still = usize::try_from(self.socket.buffered_amount()).unwrap_or(usize::MAX);
            if still == 0 {
                self.outgoing.release(self.owed.messages, self.owed.bytes).pay();
                self.owed = NOTHING;
            } else {
                let drained = self.owed.bytes.saturating_sub(still);
                self.outgoing.release(0, drained).pay();
                self.owed.bytes -= drained;
                let mut cx = Context::from_waker(Waker::noop());
                if self.outgoing.poll_take(&mut cx, batch).is_ready() {
                    return Ok(());
                }
                self.pause().await?;
            }
        }
        Ok(())
    }

    async fn pause(&self) -> Result<(), Ended> {
        TimeoutFuture::new(DRAIN_CHECK_MILLIS).await;
        if self.events.has_ended.get() { Err(Ended) } else { Ok(()) }
    }

    /// Closes and waits for the peer's answer.
    async fn close(&mut self, frame: CloseFrame, options: &Options) -> Result<(), Stop> {
        self.events.is_closing.set(true);
        // The codes that a program may not send a browser does not send either.
        let _ = if status::may_be_passed_to_close(frame.code) && frame.code != status::GOING_AWAY {
            self.socket.close_with_code_and_reason(frame.code, &frame.reason)
        } else {
            self.socket.close()
        };
        let mut timeout = pin!(sleep(options.close_timeout));
        poll_fn(|cx| {
            if self.events.poll_ended(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            timeout.as_mut().poll(cx).map(|()| {
                Err(Stop::Failed(Failure { code: status::ABNORMAL_CLOSURE, error: None }))
            })
        })
        .await
    }
}

fn sleep(duration: Duration) -> TimeoutFuture {
    // Browsers keep timers in 31 bits of milliseconds: 24 days is for ever, for a connection.
    TimeoutFuture::new(
        duration.as_millis().try_into().unwrap_or(i32::MAX as u32).min(i32::MAX as u32),
    )
}
