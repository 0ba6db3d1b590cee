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
use std::ops::ControlFlow;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use ewebsock::{WsEvent, WsMessage, WsSender};

use crate::backend::{self, Executor};
use crate::channel::{Core, WebSocketChannel};
use crate::close::CloseFrame;
use crate::deadline::ConnectionDeadlines;
use crate::error::{InvalidArgument, NetworkError, NetworkErrorKind};
use crate::events::Events;
use crate::message::Message;
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::proxy::Proxy;
use crate::queue::Ends;
use crate::request::Request;
use crate::signal::{Failure, Opened, Signal};
use crate::trace;

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
    let make = |sender, receiver| {
        Core::new(request.url.to_string(), sender, receiver, backend::check_close)
    };
    let (channel, Ends { incoming, outgoing }) =
        WebSocketChannel::with_far_ends(&request.options, make);
    let outgoing = Outgoing::new(outgoing);
    let events = Arc::new(Events::new(request.host(), &request.options, incoming));
    match Executor::of(&request.options.runtime) {
        Ok(executor) => {
            executor.spawn(trace::connecting(request.host(), run(request, events, outgoing)));
        }
        Err(why) => events.end(Signal::Fail(Failure::abnormal(Some(why.into())))),
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
    let options = ewebsock::Options {
        max_incoming_frame_size: request.options.max_frame_bytes,
        additional_headers: request.headers_with_credentials(),
        read_timeout: Some(READ_TIMEOUT),
        ..ewebsock::Options::default()
    };
    let handler = {
        let guard = Guard(Arc::clone(&events));
        Box::new(move |event| on_event(&guard.0, event))
    };
    match ewebsock::ws_connect(request.url.to_string(), options, handler) {
        Ok(sender) => {
            let deadlines = ConnectionDeadlines::new(&request.options);
            let mut pump = Pump { sender, events: &events, outgoing, deadlines };
            poll_fn(|cx| pump.poll_end(cx)).await;
        }
        Err(why) => events.broken(Some(io::Error::other(why))),
    }
}

/// Says that `ewebsock` has let go of its handler: after that nothing more comes.
struct Guard(Arc<Events>);

impl Drop for Guard {
    fn drop(&mut self) {
        let kind = NetworkErrorKind::ConnectionLost;
        let lost = || NetworkError::new(kind, &*self.0.host).into();
        let error = (!self.0.has_opened()).then(lost);
        self.0.end(Signal::Fail(Failure::abnormal(error)));
    }
}

fn on_event(events: &Events, event: WsEvent) -> ControlFlow<()> {
    match event {
        WsEvent::Opened => events.open(Opened::default()),
        WsEvent::Message(WsMessage::Text(text)) => events.message(text.into()),
        WsEvent::Message(WsMessage::Binary(bytes)) => events.message(bytes.into()),
        // Pings it answers by itself, and what it does not know is none of RFC 6455.
        WsEvent::Message(_) => {}
        WsEvent::Closed => events.end(Signal::Close(CloseFrame::EMPTY)),
        WsEvent::Error(why) => events.broken(Some(io::Error::other(why))),
    }
    if events.has_ended() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Passes what the channel says on to `ewebsock`, until the end.
struct Pump<'run> {
    sender: WsSender,
    events: &'run Events,
    outgoing: Outgoing,
    deadlines: ConnectionDeadlines,
}

impl Pump<'_> {
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.outgoing.poll(cx);
        let (is_open, ended) = self.events.poll_ended(cx);
        if ended.is_ready() {
            return Poll::Ready(());
        }
        if is_open {
            self.write();
        }
        self.events.poll_give_up(&mut self.deadlines, &mut self.outgoing, cx)
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
        self.outgoing.release_all_but(0, true);
        if self.outgoing.take_close().is_some() {
            self.sender.close();
        }
    }
}
