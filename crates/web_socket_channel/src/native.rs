//! The native transport: one tokio task that owns the socket and pumps between it and the
//! mailboxes. tungstenite does the framing; the handshake is our own.
//!
//! All that needs a clock is here: pings are answered, silence is noticed and closes time out in
//! this task, whether or not anybody reads the stream.

mod tls;

use std::collections::VecDeque;
use std::future::{Future, pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use futures_core::Stream as _;
use futures_sink::Sink as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig, frame};
use tokio_tungstenite::tungstenite::{Error as WsError, Message as WsMessage, Utf8Bytes};
use tokio_util::either::Either;
use url::Host;

use crate::close::CloseFrame;
use crate::error::{
    ApiMisuse, Error, LimitExceeded, NetworkError, NetworkErrorKind, PeerMisbehaved, Timeout,
};
use crate::handshake::{self, MAX_BODY_BYTES, Response, Violation};
use crate::mailbox::{Bound, Ends};
use crate::message::Message;
use crate::request::{Options, Request};
use crate::signal::{Failure, Opened, Signal};
use crate::status;

/// The framing's buffer for reading. tungstenite's own 128 KiB are zeroed before every read, which
/// costs more than it saves.
const READ_BUFFER_BYTES: usize = 16 * 1024;

/// How long the rest of what a failed peer sends is read and thrown away, so that our close frame
/// reaches it: a socket that is closed with data unread resets the connection.
const LINGER: Duration = Duration::from_secs(1);

/// Most signals that are taken from the socket before they are handed over: bounds how long the
/// first of them waits for the last.
const MAX_BATCH: usize = 512;

/// Plain, or by TLS.
type Socket = Either<TcpStream, TlsStream<TcpStream>>;

/// Whether this backend can do what the options ask for: it can do all of it.
pub(crate) fn check(_: &Options) -> Result<(), ApiMisuse> {
    Ok(())
}

/// Whether this backend can close like this.
pub(crate) fn check_close(_: &CloseFrame) -> Result<(), ApiMisuse> {
    Ok(())
}

/// Begins to connect, in a task of its own: on the caller's runtime if there is one.
pub(crate) fn start(request: Request, ends: Ends) {
    let handle = Handle::try_current().or_else(|_| own_runtime());
    match handle {
        Ok(handle) => {
            handle.spawn(run(request, ends));
        }
        Err(why) => {
            let error = network_error(&request, NetworkErrorKind::Other, why);
            ends.incoming.put(failure(status::ABNORMAL_CLOSURE, Some(error))).pay();
        }
    }
}

/// One small thread that all channels of a program without a runtime share, from the first
/// channel to the end of the program.
fn own_runtime() -> io::Result<Handle> {
    static RUNTIME: OnceLock<Result<Handle, io::ErrorKind>> = OnceLock::new();
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("web_socket_channel".to_owned())
            .spawn(move || runtime.block_on(pending::<()>()))?;
        Ok(handle)
    };
    RUNTIME
        .get_or_init(|| start().map_err(|error: io::Error| error.kind()))
        .clone()
        .map_err(Into::into)
}

async fn run(request: Request, mut ends: Ends) {
    let mut said_early = Vec::new();
    match open_in_time(&request, &mut ends, &mut said_early).await {
        Ok((socket, opened)) => {
            ends.incoming.put(Signal::Open(opened)).pay();
            Pump::new(socket, ends, said_early, request.options).run().await;
        }
        Err(error) => {
            ends.incoming.put(failure(status::ABNORMAL_CLOSURE, Some(error))).pay();
        }
    }
}

/// Connects, within the time that connecting may take; once the channel has said `close`, within
/// the time that closing may take. What the channel says meanwhile goes into `said`.
async fn open_in_time(
    request: &Request,
    ends: &mut Ends,
    said: &mut Vec<Signal>,
) -> Result<(WebSocketStream<Socket>, Opened), Error> {
    let Options { connect_timeout, close_timeout, .. } = request.options;
    let closed_for_long = async {
        let mut taken = Vec::new();
        while poll_fn(|cx| ends.outgoing.poll_take(cx, &mut taken)).await {
            let closes = taken.iter().any(|signal| matches!(signal, Signal::Close(_)));
            said.append(&mut taken);
            if closes {
                break;
            }
        }
        sleep(close_timeout).await;
    };
    let mut open = pin!(timeout(connect_timeout, open(request)));
    let mut closed_for_long = pin!(closed_for_long);
    poll_fn(|cx| {
        if let Poll::Ready(outcome) = open.as_mut().poll(cx) {
            let timed_out = |_| Error::Timeout(Timeout::Connect(connect_timeout));
            return Poll::Ready(outcome.map_err(timed_out).flatten());
        }
        closed_for_long
            .as_mut()
            .poll(cx)
            .map(|()| Err(Error::Timeout(Timeout::Connect(close_timeout))))
    })
    .await
}

/// Resolves, dials and does the opening handshake.
async fn open(request: &Request) -> Result<(WebSocketStream<Socket>, Opened), Error> {
    let socket = dial(request).await?;
    // Small messages must not wait for the acknowledgement of the one before. Where the system
    // won't do it, everything works all the same.
    let _ = socket.set_nodelay(true);
    let mut socket = match request.url.scheme() {
        "wss" => Socket::Right(tls::secure(request, socket).await?),
        _ => Socket::Left(socket),
    };
    let (opened, first_frames) = shake_hands(request, &mut socket).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(Some(request.options.max_message_bytes))
        .max_frame_size(Some(request.options.max_frame_bytes));
    let role = Role::Client;
    let socket =
        WebSocketStream::from_partially_read(socket, first_frames, role, Some(config)).await;
    Ok((socket, opened))
}

async fn dial(request: &Request) -> Result<TcpStream, Error> {
    let unresolvable = |why| network_error(request, NetworkErrorKind::Unresolvable, why);
    let port = request.url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<_> = match request.url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => {
            tokio::net::lookup_host((name, port)).await.map_err(unresolvable)?.collect()
        }
        None => Vec::new(),
    };
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    let kind = match last.kind() {
        io::ErrorKind::ConnectionRefused => NetworkErrorKind::ConnectionRefused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::TimedOut => NetworkErrorKind::Unreachable,
        io::ErrorKind::AddrNotAvailable => NetworkErrorKind::Unresolvable,
        _ => NetworkErrorKind::Other,
    };
    Err(network_error(request, kind, last))
}

/// Sends the request and judges the answer. Gives also what came behind the answer's head.
async fn shake_hands(request: &Request, socket: &mut Socket) -> Result<(Opened, Vec<u8>), Error> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce)
        .map_err(|why| network_error(request, NetworkErrorKind::Other, io::Error::other(why)))?;
    let lost = |why| network_error(request, NetworkErrorKind::ConnectionLost, why);
    let bytes =
        request.handshake(nonce, |handshake| handshake.to_bytes()).map_err(ApiMisuse::from)?;
    socket.write_all(&bytes).await.map_err(lost)?;

    let mut buffer = Vec::with_capacity(1024);
    let mut seen = 0;
    let (response, used) = loop {
        if socket.read_buf(&mut buffer).await.map_err(lost)? == 0 {
            return Err(lost(io::ErrorKind::UnexpectedEof.into()));
        }
        match handshake::parse_response(&buffer, seen) {
            Ok(Some(found)) => break found,
            Ok(None) => seen = buffer.len(),
            Err(why) => return Err(broken_handshake(why.to_string())),
        }
    };
    let mut rest = buffer.split_off(used);
    match request.handshake(nonce, |handshake| handshake.verify(&response)) {
        Ok(protocol) => {
            let protocol = protocol.map(ByteString::from);
            Ok((Opened { protocol, ..Opened::default() }, rest))
        }
        Err(Violation::Status(_)) => {
            read_body(socket, &response, &mut rest).await;
            Err(Error::Refused(Arc::new(response.with_body(&rest))))
        }
        Err(violation) => Err(broken_handshake(violation.to_string())),
    }
}

/// Reads what there is of a refusal's body. A body that breaks off is still worth showing.
async fn read_body(socket: &mut Socket, response: &Response, body: &mut Vec<u8>) {
    let read = async {
        while !response.body_is_whole(body) && body.len() < MAX_BODY_BYTES {
            if !matches!(socket.read_buf(body).await, Ok(1..)) {
                break;
            }
        }
    };
    // A server that keeps the connection open without saying how long the body is.
    let _ = timeout(LINGER, read).await;
}

fn broken_handshake(what: String) -> Error {
    PeerMisbehaved { code: status::PROTOCOL_ERROR, what: what.into() }.into()
}

fn network_error(request: &Request, kind: NetworkErrorKind, source: io::Error) -> Error {
    NetworkError { kind, host: request.host(), source: Some(Arc::new(source)) }.into()
}

fn failure(code: u16, error: Option<Error>) -> Signal {
    Signal::Fail(Failure { code, error })
}

/// Pumps between an open socket and the mailboxes, until the connection is over.
struct Pump<S> {
    socket: WebSocketStream<S>,
    ends: Ends,
    options: Options,
    /// What the channel has said and is not yet written.
    to_write: VecDeque<Signal>,
    /// What was read and is not yet handed over.
    read: Vec<Signal>,
    taken: Vec<Signal>,
    /// What was written and not yet flushed, and so still counts against the outbox.
    unflushed: Bound,
    needs_flush: bool,
    /// The channel has said `close`: nobody may see what still comes.
    is_closing: bool,
    /// When to stop waiting for the end. Set by `close`, or by a socket that takes nothing more.
    deadline: Option<Pin<Box<Sleep>>>,
    /// The connection can't be written any more; how it ended is read from the other direction.
    write_failed: bool,
    ping: Option<Ping>,
}

/// The watch over a peer that is silent.
struct Ping {
    timer: Pin<Box<Sleep>>,
    /// The timer runs for the answer to a ping, and not for the next ping.
    awaits_pong: bool,
    heard: bool,
}

/// How the pump ended.
struct End {
    signal: Signal,
    /// What is still to be said to the peer before the socket goes.
    farewell: Farewell,
}

enum Farewell {
    /// The closing handshake is done, or the connection is gone: flush, and wait for the server
    /// to close the socket, as it should be the first (RFC 6455 §7.1.1).
    Linger,
    /// The peer broke a rule: tell it with this code, and hang up.
    Fail(u16),
    /// Nothing.
    Drop,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Pump<S> {
    fn new(socket: WebSocketStream<S>, ends: Ends, said: Vec<Signal>, options: Options) -> Self {
        let ping = options.ping_interval.map(|interval| Ping {
            timer: Box::pin(sleep(interval)),
            awaits_pong: false,
            heard: false,
        });
        Self {
            socket,
            ends,
            options,
            to_write: VecDeque::new(),
            read: Vec::new(),
            taken: said,
            unflushed: Bound { messages: 0, bytes: 0 },
            needs_flush: false,
            is_closing: false,
            deadline: None,
            write_failed: false,
            ping,
        }
    }

    async fn run(mut self) {
        let End { signal, farewell } = poll_fn(|cx| self.poll_end(cx)).await;
        // The messages that came before the end go first.
        self.read.push(signal);
        self.ends.incoming.put_batch(&mut self.read).pay();
        let (mut socket, limit) = (self.socket, self.options.close_timeout);
        drop(self.ends);
        match farewell {
            Farewell::Linger => {
                let _ = timeout(limit, linger(&mut socket)).await;
            }
            Farewell::Fail(code) => {
                let _ = timeout(LINGER, hang_up(&mut socket, code)).await;
            }
            Farewell::Drop => {}
        }
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        self.poll_write(cx);
        if let Poll::Ready(end) = self.poll_read(cx) {
            return Poll::Ready(end);
        }
        // Reading may have queued a pong, or have found that the peer takes data again.
        self.poll_write(cx);
        self.poll_timers(cx)
    }

    /// Writes what the channel has said, as far as the socket takes it, and flushes once.
    fn poll_write(&mut self, cx: &mut Context<'_>) {
        loop {
            self.take(cx);
            if self.write_failed {
                return self.to_write.clear();
            }
            while !self.to_write.is_empty() {
                match Pin::new(&mut self.socket).poll_ready(cx) {
                    Poll::Pending => return,
                    Poll::Ready(Err(_)) => return self.fail_writing(),
                    Poll::Ready(Ok(())) => {}
                }
                if let Some(signal) = self.to_write.pop_front()
                    && self.write(signal).is_err()
                {
                    return self.fail_writing();
                }
            }
            if self.needs_flush {
                match Pin::new(&mut self.socket).poll_flush(cx) {
                    Poll::Pending => return,
                    Poll::Ready(Err(_)) => return self.fail_writing(),
                    Poll::Ready(Ok(())) => self.needs_flush = false,
                }
            }
            let Bound { messages, bytes } = self.unflushed;
            if messages == 0 {
                return;
            }
            // Room in the outbox may bring more to write at once, so look again.
            self.unflushed = Bound { messages: 0, bytes: 0 };
            self.ends.outgoing.release(messages, bytes).pay();
        }
    }

    /// Takes what the channel has said.
    fn take(&mut self, cx: &mut Context<'_>) {
        loop {
            // What was said during the handshake is in there from the first.
            for signal in self.taken.drain(..) {
                if matches!(signal, Signal::Close(_)) {
                    self.is_closing = true;
                    // From now on and not from when it is written: a peer that does not read
                    // would put that off for ever.
                    let deadline = || Box::pin(sleep(self.options.close_timeout));
                    self.deadline.get_or_insert_with(deadline);
                }
                self.to_write.push_back(signal);
            }
            if self.ends.outgoing.poll_take(cx, &mut self.taken) != Poll::Ready(true) {
                return;
            }
        }
    }

    fn write(&mut self, signal: Signal) -> Result<(), WsError> {
        let message = match signal {
            Signal::Message(message) => {
                self.unflushed.messages += 1;
                self.unflushed.bytes += message.len();
                to_tungstenite(message)
            }
            Signal::Close(frame) => {
                let has_code = frame.code != status::NO_STATUS_RECEIVED;
                WsMessage::Close(has_code.then(|| frame::CloseFrame {
                    code: frame.code.into(),
                    reason: frame.reason.to_string().into(),
                }))
            }
            // A channel says nothing else.
            Signal::Open(_) | Signal::Fail(_) => return Ok(()),
        };
        self.needs_flush = true;
        Pin::new(&mut self.socket).start_send(message)
    }

    /// The reading side will tell how the connection ended; if it does not, time will.
    fn fail_writing(&mut self) {
        self.write_failed = true;
        let deadline = || Box::pin(sleep(self.options.close_timeout));
        self.deadline.get_or_insert_with(deadline);
    }

    /// Reads as long as there is room in the inbox, and hands over what was read.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        loop {
            // After a local close nobody may see what comes, so there is always room for it.
            let mut room = match self.ends.incoming.poll_room(cx) {
                Poll::Ready(room) => room,
                Poll::Pending if self.is_closing => Bound { messages: 1, bytes: 1 },
                Poll::Pending => return Poll::Pending,
            };
            while room.messages > 0 && room.bytes > 0 && self.read.len() < MAX_BATCH {
                let item = match Pin::new(&mut self.socket).poll_next(cx) {
                    Poll::Ready(item) => item,
                    Poll::Pending => {
                        self.ends.incoming.put_batch(&mut self.read).pay();
                        return Poll::Pending;
                    }
                };
                if let Some(ping) = &mut self.ping {
                    ping.heard = true;
                }
                let message = match item {
                    Some(Ok(WsMessage::Text(text))) => Message::Text(text_from_tungstenite(text)),
                    Some(Ok(WsMessage::Binary(bytes))) => Message::Binary(bytes),
                    Some(Ok(WsMessage::Ping(_))) => {
                        // tungstenite has queued the pong; it goes out with the next flush.
                        self.needs_flush = true;
                        continue;
                    }
                    Some(Ok(WsMessage::Pong(_) | WsMessage::Frame(_))) => continue,
                    Some(Ok(WsMessage::Close(frame))) => return Poll::Ready(end_of_close(frame)),
                    Some(Err(error)) => return Poll::Ready(self.end_of_error(error)),
                    None => return Poll::Ready(self.cut()),
                };
                if !self.is_closing {
                    room.messages -= 1;
                    room.bytes = room.bytes.saturating_sub(message.len());
                    self.read.push(Signal::Message(message));
                }
            }
            self.ends.incoming.put_batch(&mut self.read).pay();
        }
    }

    fn poll_timers(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        if let Some(deadline) = &mut self.deadline {
            ready!(poll_due(deadline, cx));
            if self.is_closing || self.ends.incoming.poll_room(cx).is_ready() {
                return Poll::Ready(self.cut());
            }
            // A full inbox keeps us from reading to the end, and the program may take its time.
            deadline.as_mut().reset(Instant::now() + self.options.close_timeout);
            return poll_due(deadline, cx).map(|()| self.cut());
        }
        let (Some(ping), Some(interval)) = (&mut self.ping, self.options.ping_interval) else {
            return Poll::Pending;
        };
        if ping.awaits_pong && ping.heard {
            ping.awaits_pong = false;
            ping.timer.as_mut().reset(Instant::now() + interval);
        }
        let mut must_ping = false;
        while poll_due(&mut ping.timer, cx).is_ready() {
            let is_reading = self.ends.incoming.poll_room(cx).is_ready();
            let heard = std::mem::take(&mut ping.heard);
            // What is not read can't be heard: a peer that a full inbox holds back is not silent.
            let is_silent = !heard && is_reading;
            if ping.awaits_pong && is_silent {
                let error = Error::Timeout(Timeout::Pong(self.options.pong_timeout));
                let signal = failure(status::ABNORMAL_CLOSURE, Some(error));
                return Poll::Ready(End { signal, farewell: Farewell::Drop });
            }
            must_ping = is_silent;
            ping.awaits_pong = is_silent;
            let wait = if is_silent { self.options.pong_timeout } else { interval };
            ping.timer.as_mut().reset(Instant::now() + wait);
        }
        if must_ping {
            // A socket that is full takes it later: the peer is then not reading either, and the
            // wait for its pong is as long.
            let is_written = Pin::new(&mut self.socket).start_send(WsMessage::Ping(Bytes::new()));
            self.needs_flush |= is_written.is_ok();
            self.poll_write(cx);
        }
        Poll::Pending
    }

    /// The connection ended without a close frame, or without its answer.
    fn cut(&self) -> End {
        End { signal: failure(status::ABNORMAL_CLOSURE, None), farewell: Farewell::Drop }
    }

    fn end_of_error(&self, error: WsError) -> End {
        let (code, error) = match error {
            WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake)
            | WsError::Io(_)
            | WsError::ConnectionClosed
            | WsError::AlreadyClosed => return self.cut(),
            WsError::Capacity(CapacityError::MessageTooLong { max_size, .. }) => {
                let limit = LimitExceeded::MessageTooBig { limit: max_size };
                (status::MESSAGE_TOO_BIG, Error::LimitExceeded(limit))
            }
            WsError::Utf8(_) => {
                let what = "text or a close reason that is not UTF-8".into();
                let code = status::INVALID_PAYLOAD_DATA;
                (code, PeerMisbehaved { code, what }.into())
            }
            other => {
                let code = status::PROTOCOL_ERROR;
                (code, PeerMisbehaved { code, what: other.to_string().into() }.into())
            }
        };
        End { signal: failure(code, Some(error)), farewell: Farewell::Fail(code) }
    }
}

/// Whether a timer has run out.
///
/// It looks at the clock as well: tokio gives a task a budget, a socket that always has data uses
/// it up, and what is left then says "not yet" whatever the time is.
fn poll_due(timer: &mut Pin<Box<Sleep>>, cx: &mut Context<'_>) -> Poll<()> {
    if timer.as_mut().poll(cx).is_ready() || timer.deadline() <= Instant::now() {
        Poll::Ready(())
    } else {
        Poll::Pending
    }
}

/// The peer has sent a close frame; tungstenite has queued the answer.
fn end_of_close(frame: Option<frame::CloseFrame>) -> End {
    // tungstenite puts this in the place of a frame with a code that may not be on the wire. A
    // peer that says just this of us is indistinguishable, and as right to be called an error.
    let is_violation = frame.as_ref().is_some_and(|frame| {
        frame.code == CloseCode::Protocol && frame.reason.as_str() == "Protocol violation"
    });
    let signal = if is_violation {
        let code = status::PROTOCOL_ERROR;
        let what = "a close frame with a code that may not be sent".into();
        failure(code, Some(PeerMisbehaved { code, what }.into()))
    } else {
        Signal::Close(frame.map_or(CloseFrame::EMPTY, |frame| CloseFrame {
            code: frame.code.into(),
            reason: frame.reason.as_str().into(),
        }))
    };
    End { signal, farewell: Farewell::Linger }
}

/// Flushes the answer to a close, and waits until the server has closed the socket.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>) {
    let _ = poll_fn(|cx| Pin::new(&mut *socket).poll_flush(cx)).await;
    // At this end nothing will be sent any more.
    let _ = socket.get_mut().shutdown().await;
    drain(socket.get_mut()).await;
}

/// Tells the peer with which code the connection is failed (RFC 6455 §7.1.7), and hangs up.
async fn hang_up<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, code: u16) {
    let frame = frame::CloseFrame { code: code.into(), reason: Utf8Bytes::default() };
    if Pin::new(&mut *socket).start_send(WsMessage::Close(Some(frame))).is_ok() {
        let _ = poll_fn(|cx| Pin::new(&mut *socket).poll_flush(cx)).await;
    }
    let _ = socket.get_mut().shutdown().await;
    drain(socket.get_mut()).await;
}

/// Reads to the end and throws it away. The caller bounds the time.
async fn drain(socket: &mut (impl AsyncRead + Unpin)) {
    let mut waste = vec![0; READ_BUFFER_BYTES];
    while matches!(socket.read(&mut waste).await, Ok(1..)) {}
}

fn to_tungstenite(message: Message) -> WsMessage {
    match message {
        Message::Text(text) => {
            let bytes = text.into_bytes();
            // SAFETY: the bytes are those of a `ByteString`, which are UTF-8.
            #[expect(unsafe_code, reason = "checking again would cost a pass over every message")]
            let text = unsafe { Utf8Bytes::from_bytes_unchecked(bytes) };
            WsMessage::Text(text)
        }
        Message::Binary(bytes) => WsMessage::Binary(bytes),
    }
}

fn text_from_tungstenite(text: Utf8Bytes) -> ByteString {
    let bytes = Bytes::from(text);
    // SAFETY: the bytes are those of a `Utf8Bytes`, which are UTF-8.
    #[expect(unsafe_code, reason = "checking again would cost a pass over every message")]
    unsafe {
        ByteString::from_bytes_unchecked(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it happens to a socket that always has something to read.
    #[test]
    fn a_timer_strikes_though_the_budget_is_used_up() -> io::Result<()> {
        Builder::new_current_thread().enable_all().build()?.block_on(poll_fn(|cx| {
            while pin!(tokio::task::consume_budget()).poll(cx).is_ready() {}
            let mut timer = Box::pin(sleep(Duration::ZERO));
            assert!(timer.as_mut().poll(cx).is_pending(), "which is why poll_due is there");
            assert!(poll_due(&mut timer, cx).is_ready());
            Poll::Ready(())
        }));
        Ok(())
    }
}
