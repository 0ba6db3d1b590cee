//! A transport by the `ewebsock` crate, for programs that are to keep it underneath: behind the
//! feature `ewebsock`, and never the default.
//!
//! What it can't do, as `ewebsock` has no way to say or to hear it:
//! - a close has no code and no reason, in either direction: the peer hears 1005 whatever is asked
//!   for, a peer's close is reported as 1005, and natively our own as 1006, as the answer is not
//!   waited for;
//! - subprotocols, TLS roots, pings and proxies: asking for them is an error, and so are headers in
//!   a browser; natively a proxy that the environment names is passed by;
//! - errors are a sentence of text, which this file takes for the network's fault whosever it is; a
//!   connection that is cut looks no different;
//! - what was handed to it is out of sight: `buffered_amount` is what waits for the handshake, and
//!   nothing but that bounds what is sent;
//! - a full inbox can't hold the peer back: it ends the connection with an error;
//! - natively each message that is sent waits up to 2 ms for its turn;
//! - in a browser, once a binary message was sent, received ones arrive later than the text that
//!   came after them; natively, with `ewebsock`'s own feature `tokio` and more than one thread,
//!   messages may be sent in another order than they were given.

use std::future::poll_fn;
use std::io;
use std::mem;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ewebsock::{WsEvent, WsMessage, WsSender};

use crate::backend::{self, Executor};
use crate::channel::{Core, WebSocketChannel};
use crate::close::CloseFrame;
use crate::deadline::{Deadline, EndDeadline};
use crate::error::{
    Error, InvalidArgument, LimitExceeded, NetworkError, NetworkErrorKind, Timeout,
};
use crate::message::Message;
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::proxy::Proxy;
use crate::queue::{Bound, Ends, Sender, Unsent};
use crate::request::Request;
use crate::signal::{Failure, Opened, Signal};
use crate::status;

/// How long its thread reads before it looks whether there is something to send: each message waits
/// so long. Its default, 10 ms, is felt; and the thread wakes up so often where nothing happens.
const READ_TIMEOUT: Duration = Duration::from_millis(2);

/// Begins to connect to `url` by `ewebsock`. As
/// [`WebSocketChannel::connect_with`](crate::WebSocketChannel::connect_with), but for what is said
/// at the top of this module.
///
/// # Errors
/// What is wrong with the URL, and options that `ewebsock` can't keep.
pub fn connect(url: &str, options: Options) -> Result<WebSocketChannel, InvalidArgument> {
    let request = Request::new(url, options)?;
    check(&request.options)?;
    let make =
        |sender, receiver| Core::new(request.url.as_str(), sender, receiver, backend::check_close);
    let (channel, Ends { incoming, outgoing }) =
        WebSocketChannel::with_far_ends(&request.options, make);
    let outgoing = Outgoing::new(outgoing);
    let events = Arc::new(Events::new(&request, incoming));
    match Executor::of(&request.options.runtime) {
        Ok(executor) => executor.spawn(run(request, events, outgoing)),
        Err(why) => events.end_with_error(why.to_string()),
    }
    Ok(channel)
}

fn check(options: &Options) -> Result<(), InvalidArgument> {
    backend::check(options)?;
    let asked = [
        (!options.protocols.is_empty(), "subprotocols, by ewebsock"),
        (!options.tls_roots.is_empty(), "TLS roots, by ewebsock"),
        (matches!(options.proxy, Proxy::Url(_)), "a proxy, by ewebsock"),
        (options.ping_interval.is_some(), "pings, by ewebsock"),
    ];
    match asked.into_iter().find(|(is_asked, _)| *is_asked) {
        Some((_, what)) => Err(InvalidArgument::Unsupported(what)),
        None => Ok(()),
    }
}

async fn run(request: Request, events: Arc<Events>, outgoing: Outgoing) {
    let Options { connect_timeout, close_timeout, max_frame_bytes, .. } = request.options;
    let options = ewebsock::Options {
        max_incoming_frame_size: max_frame_bytes,
        additional_headers: request.headers_with_credentials(),
        read_timeout: Some(READ_TIMEOUT),
        ..ewebsock::Options::default()
    };
    let handler = {
        let guard = Guard(Arc::clone(&events));
        Box::new(move |event| guard.0.on_event(event))
    };
    match ewebsock::ws_connect(request.url.to_string(), options, handler) {
        Ok(sender) => {
            let connecting = Deadline::new(connect_timeout);
            let end_deadline = EndDeadline::new(close_timeout);
            let events = &events;
            let mut pump =
                Pump { sender, events, outgoing, connect_timeout, connecting, end_deadline };
            poll_fn(|cx| pump.poll_end(cx)).await;
        }
        Err(why) => events.end_with_error(why),
    }
}

/// What `ewebsock` says, from whatever thread it says it.
struct Events {
    host: String,
    max_message_bytes: usize,
    incoming: Sender,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    has_opened: bool,
    has_ended: bool,
    /// The sending task, woken when the connection has opened or ended.
    waker: Option<Waker>,
}

/// Says that `ewebsock` has let go of its handler: after that nothing more comes.
struct Guard(Arc<Events>);

impl Drop for Guard {
    fn drop(&mut self) {
        let State { has_opened, .. } = *self.0.lock();
        let (kind, host) = (NetworkErrorKind::ConnectionLost, self.0.host.clone());
        let error = (!has_opened).then(|| Error::from(NetworkError { kind, host, source: None }));
        self.0.end(Signal::Fail(Failure { code: status::ABNORMAL_CLOSURE, error, cause: None }));
    }
}

impl Events {
    fn new(request: &Request, incoming: Sender) -> Self {
        let max_message_bytes = request.options.max_message_bytes;
        Self { host: request.host(), max_message_bytes, incoming, state: Mutex::default() }
    }

    fn on_event(&self, event: WsEvent) -> ControlFlow<()> {
        match event {
            WsEvent::Opened => {
                self.lock().has_opened = true;
                self.incoming.open(Opened::default());
                self.wake();
            }
            WsEvent::Message(WsMessage::Text(text)) => self.on_message(text.into()),
            WsEvent::Message(WsMessage::Binary(bytes)) => self.on_message(bytes.into()),
            // Pings it answers by itself, and what it does not know is none of RFC 6455.
            WsEvent::Message(_) => {}
            WsEvent::Closed => self.end(Signal::Close(CloseFrame::EMPTY)),
            WsEvent::Error(why) => self.end_with_error(why),
        }
        if self.lock().has_ended { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn on_message(&self, message: Message) {
        if self.lock().has_ended || self.incoming.is_discarding() {
            return;
        }
        if message.len() > self.max_message_bytes {
            let limit = LimitExceeded::MessageTooBig { limit: self.max_message_bytes };
            return self.fail(status::MESSAGE_TOO_BIG, Error::LimitExceeded(limit));
        }
        if let Err(Unsent::Full(_)) = self.incoming.try_send(message) {
            let Bound { messages, bytes } = self.incoming.bound();
            let limit = LimitExceeded::Inbox { messages, bytes };
            self.fail(status::ABNORMAL_CLOSURE, Error::LimitExceeded(limit));
        }
    }

    fn end_with_error(&self, why: String) {
        let kind =
            if self.lock().has_opened { NetworkErrorKind::Broken } else { NetworkErrorKind::Other };
        let source = Some(Arc::new(io::Error::other(why)));
        let error = NetworkError { kind, host: self.host.clone(), source };
        self.fail(status::ABNORMAL_CLOSURE, error.into());
    }

    fn fail(&self, code: u16, error: Error) {
        self.end(Signal::Fail(Failure { code, error: Some(error), cause: None }));
    }

    /// Says how it ended, once.
    fn end(&self, signal: Signal) {
        if !mem::replace(&mut self.lock().has_ended, true) {
            self.incoming.end(signal);
            self.wake();
        }
    }

    fn wake(&self) {
        let waker = self.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes what the channel says on to `ewebsock`, until the end.
struct Pump<'run> {
    sender: WsSender,
    events: &'run Events,
    outgoing: Outgoing,
    connect_timeout: Duration,
    connecting: Deadline,
    end_deadline: EndDeadline,
}

impl Pump<'_> {
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.outgoing.poll(cx);
        let is_open = {
            let mut state = self.events.lock();
            if state.has_ended {
                return Poll::Ready(());
            }
            state.waker = Some(cx.waker().clone());
            state.has_opened
        };
        if is_open {
            self.write();
        }
        let is_late = self.end_deadline.poll_passed(self.outgoing.must_end(), cx).is_ready()
            || !is_open
                && (self.outgoing.is_abandoned() && !self.outgoing.has_message()
                    || self.connecting.poll_passed(cx).is_ready());
        if !is_late {
            return Poll::Pending;
        }
        let is_awaited = !is_open && !self.outgoing.is_abandoned();
        let error = is_awaited.then_some(Error::Timeout(Timeout::Connect(self.connect_timeout)));
        self.events.end(Signal::Fail(Failure {
            code: status::ABNORMAL_CLOSURE,
            error,
            cause: None,
        }));
        Poll::Ready(())
    }

    fn write(&mut self) {
        while self.outgoing.has_message()
            && let Some(message) = self.outgoing.pop()
        {
            self.sender.send(match message {
                Message::Text(text) => WsMessage::Text(text.to_string()),
                Message::Binary(bytes) => WsMessage::Binary(bytes.into()),
            });
        }
        self.outgoing.release_all_but(0);
        if self.outgoing.take_close().is_some() {
            self.sender.close();
        }
    }
}
