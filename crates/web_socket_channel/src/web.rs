//! The browser's transport: one task that owns a `WebSocket` and pumps between it and the
//! queues.
//!
//! The socket and its closures never leave the task, so nothing that is not `Send` reaches the
//! public types, and when the task ends everything is freed.
//!
//! What a browser does not let programs do, and what happens instead:
//! - request headers and pings: asking for them is an error;
//! - sending 1001: dropping the channel closes without a code; passing it to `close` is an error;
//! - failing with 1002, 1007 and the like: the browser does it by itself and reports 1006; where
//!   this file fails a connection over a bound, the peer sees a close without a code;
//! - telling why it failed a connection, but for what it forbids: what is against the page's own
//!   policy, or insecure from a secure page. Chromium at least lets a cut be told from that: only
//!   what it failed itself gets an `error` event. Other browsers, and the standard, send it for
//!   both, so it is never taken for the peer's fault;
//! - holding the peer back: a full inbox ends the connection with an error.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, ArrayBuffer, JsString, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    BinaryType, Event, EventTarget, MessageEvent, SecurityPolicyViolationEvent, WebSocket,
};

use crate::address::{self, host_and_port, without_credentials};
use crate::close::CloseFrame;
use crate::deadline::ConnectionDeadlines;
use crate::error::{Error, InvalidArgument, NetworkError, NetworkErrorKind};
use crate::events::Events;
use crate::forbidden_ports::is_forbidden;
use crate::message::Message;
use crate::open_socket::{CheckClose, OpenSocket, Start, check_after_handshake};
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::proxy::Proxy;
use crate::queue::{Ends, Receiver};
use crate::request::Request;
use crate::signal::{Failure, Opened, Signal};
use crate::status;
use crate::trace;

pub use crate::absent::{Runtime, TlsConfig};

/// How much the browser may have buffered before it is given more. It takes everything at once
/// and without limit, so the outbox's bound would otherwise bound nothing.
const SOCKET_HIGH_WATER_BYTES: u32 = 1024 * 1024;

/// How often a non-empty socket buffer is looked at: browsers have no event for "drained". Only
/// while something is buffered; an idle connection sets no timer.
const DRAIN_CHECK_MILLIS: u32 = 5;

/// Whether a browser can go to the URL: to all that are well formed.
pub(crate) fn check_url(_: &Request) -> Result<(), InvalidArgument> {
    Ok(())
}

/// Whether a browser can do what the options ask for.
pub(crate) fn check(options: &Options) -> Result<(), InvalidArgument> {
    if !options.headers.is_empty() {
        return Err(InvalidArgument::Unsupported("request headers, in a browser"));
    }
    if !options.tls_roots.is_empty() {
        return Err(InvalidArgument::Unsupported("TLS roots, in a browser"));
    }
    if options.proxy != Proxy::Environment {
        return Err(InvalidArgument::Unsupported("a proxy, or none, in a browser"));
    }
    if options.ping_interval.is_some() {
        return Err(InvalidArgument::Unsupported("pings, in a browser"));
    }
    Ok(())
}

/// Whether a browser lets a program close like this (WHATWG WebSockets §3.1, `close`).
pub(crate) fn check_close(frame: &CloseFrame) -> Result<(), InvalidArgument> {
    frame.check(status::may_be_passed_to_close_in_a_browser)
}

/// Begins to connect, in a task of its own.
pub(crate) fn start(request: Request, ends: Ends) {
    wasm_bindgen_futures::spawn_local(trace::connecting(request.host(), run(request, ends)));
}

async fn run(request: Request, ends: Ends) {
    match open(&request) {
        Ok(socket) => {
            let mut events = Events::new(request.host(), &request.options, ends.incoming);
            // It is tried all the same, as a person can have their browser allow a port.
            if request.url_with_credentials.port_u16().is_some_and(is_forbidden) {
                events = events.unopened_by(NetworkErrorKind::ForbiddenPort);
            }
            drive(&socket, &Rc::new(events), ends.outgoing, &request.options).await;
        }
        Err(error) => {
            ends.incoming.end(Signal::Fail(Failure::abnormal(Some(error))));
        }
    }
}

/// Pumps between a socket and the queues, until the connection is over.
async fn drive(socket: &WebSocket, events: &Rc<Events>, outgoing: Receiver, options: &Options) {
    let _handlers = Handlers::attach(socket, events);
    let mut pump = Pump::new(socket, events, outgoing, options);
    poll_fn(|cx| pump.poll_end(cx)).await;
    // Whatever state it is in: without a code this never throws, it aborts a handshake, and on a
    // closed socket it does nothing.
    let _ = socket.close();
}

/// Creates the browser's socket, which begins to connect.
fn open(request: &Request) -> Result<WebSocket, Error> {
    let protocols: Array =
        request.options.protocols.iter().map(|p| JsString::from(p.as_str())).collect();
    let socket =
        WebSocket::new_with_str_sequence(&request.url_with_credentials.to_string(), &protocols)
            .map_err(|exception| {
                // What is left after our own checks is what the browser lets no page do. Its own words say it
                // best where nothing more is known.
                if request.url_with_credentials.scheme_str() == Some("ws") && is_secure_page() {
                    let kind = NetworkErrorKind::InsecureFromSecurePage;
                    return NetworkError::new(kind, request.host());
                }
                let why = exception
                    .dyn_into::<js_sys::Error>()
                    .map(|error| String::from(error.message()));
                let why = why.unwrap_or_else(|_| "not allowed here".to_owned());
                NetworkError::new(NetworkErrorKind::Other, request.host())
                    .with_source(io::Error::other(why))
            })?;
    socket.set_binary_type(BinaryType::Arraybuffer);
    Ok(socket)
}

fn on_open(events: &Events, socket: &WebSocket) {
    let mut opened = Opened { extensions: socket.extensions().into(), ..Opened::default() };
    opened.protocol = Some(socket.protocol()).filter(|name| !name.is_empty()).map(Into::into);
    events.open(opened);
}

fn on_message(events: &Events, event: &MessageEvent) {
    if events.is_discarding() {
        return;
    }
    match event.data().dyn_into::<ArrayBuffer>() {
        Ok(buffer) => events.message(Uint8Array::new(&buffer).to_vec().into()),
        Err(text) => match text.as_string() {
            Some(text) => events.message(text.into()),
            // It can be read only later, behind the messages that come after it.
            None => events.broken(Some(io::Error::other(
                "the browser gave a Blob: leave the socket's binaryType at \"arraybuffer\", as \
                 the channel has set it",
            ))),
        },
    }
}

/// `has_failed`: the browser says that it failed the connection, and nothing about why.
fn on_close(events: &Events, event: &web_sys::CloseEvent, has_failed: bool) {
    if event.was_clean() {
        let frame = CloseFrame { code: event.code(), reason: event.reason().into() };
        events.end(Signal::Close(frame));
    } else if events.has_opened() && !has_failed {
        // Cut, and nothing else: that is no error, as its code says it all.
        events.end(Signal::Fail(Failure::new(event.code(), None)));
    } else {
        events.broken(None);
    }
}

/// Whether the page came by `https:`.
fn is_secure_page() -> bool {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &JsValue::from_str(name)).ok();
    let protocol = get(&js_sys::global(), "location").and_then(|place| get(&place, "protocol"));
    protocol.and_then(|protocol| protocol.as_string()).is_some_and(|protocol| protocol == "https:")
}

/// How long it is waited for what should come with an error, where the socket has closed: its close, and the
/// violation of a policy. Both are under way by then.
const CLOSE_WAIT_MILLIS: u32 = 100;

/// An error before the handshake. Chromium says no more of what the page's policy forbids: it tells of the
/// violation elsewhere, and no close follows.
fn on_error(events: &Rc<Events>, socket: &WebSocket) {
    if socket.ready_state() == WebSocket::CLOSED && !events.has_opened() {
        let events = Rc::clone(events);
        wasm_bindgen_futures::spawn_local(async move {
            TimeoutFuture::new(CLOSE_WAIT_MILLIS).await;
            // Without an effect where it has ended meanwhile.
            events.broken(None);
        });
    }
}

/// Whether a violation of the page's policy is one by this socket. It names the place in full, or no more than
/// its origin.
fn is_violated_by(event: &SecurityPolicyViolationEvent, socket: &WebSocket) -> bool {
    let blocked = event.blocked_uri();
    event.effective_directive() == "connect-src"
        && blocked.starts_with("ws")
        && WebSocket::url(socket).starts_with(&blocked)
}

/// The closures that the socket calls, taken off it when dropped.
struct Handlers<'socket> {
    socket: &'socket WebSocket,
    _open: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
    _close: Closure<dyn FnMut(web_sys::CloseEvent)>,
    violation: Closure<dyn FnMut(SecurityPolicyViolationEvent)>,
}

/// The name of the event by which a page, or a worker, hears what its policy has forbidden.
const VIOLATION: &str = "securitypolicyviolation";

impl<'socket> Handlers<'socket> {
    fn attach(socket: &'socket WebSocket, events: &Rc<Events>) -> Self {
        let has_failed = Rc::new(Cell::new(false));
        let open = Closure::<dyn FnMut(Event)>::new({
            let (events, socket) = (Rc::clone(events), socket.clone());
            move |_| on_open(&events, &socket)
        });
        let message = Closure::<dyn FnMut(MessageEvent)>::new({
            let events = Rc::clone(events);
            move |event: MessageEvent| on_message(&events, &event)
        });
        let error = Closure::<dyn FnMut(Event)>::new({
            let (events, socket) = (Rc::clone(events), socket.clone());
            let has_failed = Rc::clone(&has_failed);
            move |_| {
                has_failed.set(true);
                on_error(&events, &socket);
            }
        });
        let close = Closure::<dyn FnMut(web_sys::CloseEvent)>::new({
            let events = Rc::clone(events);
            move |event: web_sys::CloseEvent| on_close(&events, &event, has_failed.get())
        });
        let violation = Closure::<dyn FnMut(SecurityPolicyViolationEvent)>::new({
            let (events, socket) = (Rc::clone(events), socket.clone());
            move |event: SecurityPolicyViolationEvent| {
                if !events.has_opened() && is_violated_by(&event, &socket) {
                    events.forbidden(NetworkErrorKind::ForbiddenByPolicy);
                }
            }
        });
        // Refused by nobody who has it.
        let global: EventTarget = js_sys::global().unchecked_into();
        let listener = violation.as_ref().unchecked_ref();
        let _ = global.add_event_listener_with_callback(VIOLATION, listener);
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onerror(Some(error.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Self { socket, _open: open, _message: message, _error: error, _close: close, violation }
    }
}

impl Drop for Handlers<'_> {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onerror(None);
        self.socket.set_onclose(None);
        let global: EventTarget = js_sys::global().unchecked_into();
        let listener = self.violation.as_ref().unchecked_ref();
        let _ = global.remove_event_listener_with_callback(VIOLATION, listener);
    }
}

/// Passes what the channel says on to the socket, until the end; the other direction is that of
/// the [`Events`].
struct Pump<'run> {
    socket: &'run WebSocket,
    events: &'run Events,
    outgoing: Outgoing,
    deadlines: ConnectionDeadlines,
    /// Set while the socket has something buffered.
    drain_timer: Option<TimeoutFuture>,
}

impl<'run> Pump<'run> {
    fn new(
        socket: &'run WebSocket,
        events: &'run Events,
        outgoing: Receiver,
        options: &Options,
    ) -> Self {
        let (outgoing, deadlines) = (Outgoing::new(outgoing), ConnectionDeadlines::new(options));
        Self { socket, events, outgoing, deadlines, drain_timer: None }
    }

    /// Runs until the connection is over.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.outgoing.poll(cx);
        let (is_open, ended) = self.events.poll_ended(cx);
        if ended.is_ready() {
            self.outgoing.release_all_but(self.buffered(), self.buffered() == 0);
            return Poll::Ready(());
        }
        if is_open {
            self.poll_write(cx);
        }
        self.events.poll_give_up(&mut self.deadlines, &mut self.outgoing, cx)
    }

    /// Gives the socket as much as it should buffer, and looks again later if anything is left.
    fn poll_write(&mut self, cx: &mut Context<'_>) {
        loop {
            while self.socket.buffered_amount() < SOCKET_HIGH_WATER_BYTES
                && self.outgoing.has_message()
                && let Some(message) = self.outgoing.pop()
            {
                // It never throws on an open socket; on a closed one it drops the data silently,
                // which the close event tells.
                let _ = match &message {
                    Message::Text(text) => self.socket.send_with_str(text),
                    Message::Binary(bytes) => self.socket.send_with_u8_array(bytes),
                };
            }
            if let Some(frame) = self.outgoing.take_close() {
                // It was checked by `check_close`; the codes that a program may not send a browser
                // does not send either.
                let _ = if status::may_be_passed_to_close_in_a_browser(frame.code) {
                    self.socket.close_with_code_and_reason(frame.code, &frame.reason)
                } else {
                    self.socket.close()
                };
            }
            self.outgoing.release_all_but(self.buffered(), self.buffered() == 0);
            if self.buffered() == 0 && !self.outgoing.has_message() {
                self.drain_timer = None;
                return;
            }
            let timer =
                self.drain_timer.get_or_insert_with(|| TimeoutFuture::new(DRAIN_CHECK_MILLIS));
            if Pin::new(timer).poll(cx).is_pending() {
                return;
            }
            self.drain_timer = None;
        }
    }

    /// What the browser was given and has not sent.
    fn buffered(&self) -> usize {
        usize::try_from(self.socket.buffered_amount()).unwrap_or(usize::MAX)
    }
}

impl OpenSocket for WebSocket {}

impl Start for WebSocket {
    fn url(&self) -> String {
        address::parse(&Self::url(self)).map_or_else(
            |_| "web_sys::WebSocket".to_owned(),
            |url| without_credentials(&url).to_string(),
        )
    }

    fn check(&self, options: &Options) -> Result<(), InvalidArgument> {
        check_after_handshake(options)?;
        check(options)
    }

    fn check_close(&self) -> CheckClose {
        check_close
    }

    fn is_closing(&self) -> bool {
        self.ready_state() == Self::CLOSING
    }

    fn start(self, options: Options, ends: Ends) {
        let host =
            address::parse(&Self::url(&self)).map(|url| host_and_port(&url)).unwrap_or_default();
        let events = Rc::new(Events::new(host, &options, ends.incoming));
        self.set_binary_type(BinaryType::Arraybuffer);
        match self.ready_state() {
            Self::CONNECTING => {}
            // The event that told how it ended is gone.
            Self::CLOSED => {
                return events.end(Signal::Fail(Failure::abnormal(None)));
            }
            _ => on_open(&events, &self),
        }
        let run = async move { drive(&self, &events, ends.outgoing, &options).await };
        wasm_bindgen_futures::spawn_local(run);
    }
}

/// Where tasks run: between the events of the page.
#[cfg(feature = "native")]
pub(crate) struct Executor;

#[cfg(feature = "native")]
impl Executor {
    #[allow(clippy::unnecessary_wraps, reason = "elsewhere there may be none")]
    pub(crate) fn of(_: &Runtime) -> Result<Self, crate::error::RuntimeError> {
        Ok(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }
}

/// Has the task polled again, after all others have had their turn.
#[cfg(feature = "native")]
pub(crate) fn give_way(cx: &mut Context<'_>) {
    cx.waker().wake_by_ref();
}

/// A clock that strikes once.
pub(crate) struct Timer(TimeoutFuture);

impl Timer {
    pub(crate) fn new(after: Duration) -> Self {
        // Browsers keep timers in 31 bits of milliseconds: 24 days is for ever, for a connection.
        let longest = i32::MAX.unsigned_abs();
        Self(TimeoutFuture::new(after.as_millis().try_into().unwrap_or(longest).min(longest)))
    }

    pub(crate) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(cx)
    }
}
