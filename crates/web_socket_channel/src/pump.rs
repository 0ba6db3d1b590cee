//! The pump: it runs an open connection over any stream of bytes, at either end, until it is over.
//!
//! tungstenite does the framing. All that needs a clock is here: pings are answered, silence is
//! noticed and closes time out in this task, whether or not anybody reads the stream.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use futures_core::Stream as _;
use futures_sink::Sink as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error as WsError, Message as WsMessage, Utf8Bytes};

use crate::backend::{Executor, Timer};
use crate::close::CloseFrame;
use crate::error::{Error, LimitExceeded, NetworkError, NetworkErrorKind, PeerMisbehaved, Timeout};
use crate::mailbox::{Bound, Ends};
use crate::message::Message;
use crate::options::Options;
use crate::signal::{Failure, Opened, Signal};
use crate::status;
use crate::watch::Watch;
use crate::within::within;

/// The framing's buffer for reading. tungstenite's own 128 KiB are zeroed before every read, which
/// costs more than it saves.
pub(crate) const READ_BUFFER_BYTES: usize = 16 * 1024;

/// How long the rest of what a failed peer sends is read and thrown away, so that our close frame
/// reaches it: a socket that is closed with data unread resets the connection.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

/// Most that is taken from the socket before it is handed over: bounds how long the first message
/// waits for the last.
const MAX_BATCH: Bound = Bound { messages: 512, bytes: 1024 * 1024 };

/// Most answers to pings that wait for the network to take them. The framing keeps them all, so a
/// peer that pings without end and does not read is not read from either.
const MAX_UNSENT_PONGS: usize = 512;

/// Runs a connection that is open already in a task of its own.
pub(crate) fn spawn<S>(
    socket: impl Future<Output = (WebSocketStream<S>, Watch)> + Send + 'static,
    opened: Opened,
    options: Options,
    ends: Ends,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    match Executor::current() {
        Ok(executor) => {
            ends.incoming.put(Signal::Open(opened.into())).pay();
            executor.spawn(async move { run(socket.await, ends, Vec::new(), options).await });
        }
        Err(why) => {
            let host = "an open connection".to_owned();
            let source = Some(why.into());
            let error = NetworkError { kind: NetworkErrorKind::Other, host, source };
            ends.incoming.put(failure(status::ABNORMAL_CLOSURE, Some(error.into()))).pay();
        }
    }
}

/// Runs an open connection until it is over. `said` is what the channel has said meanwhile.
pub(crate) async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    (socket, watch): (WebSocketStream<S>, Watch),
    ends: Ends,
    said: Vec<Signal>,
    options: Options,
) {
    Pump::new(socket, watch, ends, said, options).run().await;
}

pub(crate) fn failure(code: u16, error: Option<Error>) -> Signal {
    Signal::Fail(Failure { code, error })
}

/// Pumps between an open socket and the mailboxes, until the connection is over.
struct Pump<S> {
    socket: WebSocketStream<S>,
    /// What is noticed beneath the framing.
    watch: Watch,
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
    /// Pings whose answers may not be sent yet: some may have gone with what the framing wrote.
    unsent_pongs: usize,
    /// The channel has said `close`: nobody may see what still comes.
    is_closing: bool,
    /// When to stop waiting for the end. Set by `close`, or by a socket that takes nothing more.
    deadline: Option<Timer>,
    /// The connection can't be written any more; how it ended is read from the other direction.
    write_failed: bool,
    ping: Option<Ping>,
}

/// The watch over a peer that is silent.
struct Ping {
    timer: Timer,
    /// The timer runs for the answer to a ping, and not for the next ping.
    awaits_pong: bool,
}

/// How the pump ended.
struct End {
    signal: Signal,
    /// What is still to be said to the peer before the socket goes.
    farewell: Farewell,
}

enum Farewell {
    /// The closing handshake is done, or the connection is gone: flush, say that nothing more
    /// comes, and wait until the peer has said so too. A server should be the first to close the
    /// socket (RFC 6455 §7.1.1): of two half-closed ones, the first to be so.
    Linger,
    /// The peer broke a rule: tell it with this code, and hang up.
    Fail(u16),
    /// Nothing.
    Drop,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Pump<S> {
    fn new(
        socket: WebSocketStream<S>,
        watch: Watch,
        ends: Ends,
        said: Vec<Signal>,
        options: Options,
    ) -> Self {
        let new_ping = |interval| Ping { timer: Timer::new(interval), awaits_pong: false };
        let ping = options.ping_interval.map(new_ping);
        Self {
            socket,
            watch,
            ends,
            options,
            to_write: VecDeque::new(),
            read: Vec::new(),
            taken: said,
            unflushed: Bound { messages: 0, bytes: 0 },
            needs_flush: false,
            unsent_pongs: 0,
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
                within(limit, linger(&mut socket)).await;
            }
            Farewell::Fail(code) => {
                within(LINGER, hang_up(&mut socket, code)).await;
            }
            Farewell::Drop => {}
        }
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        loop {
            self.poll_write(cx);
            if let Poll::Ready(end) = self.poll_read(cx) {
                return Poll::Ready(end);
            }
            let was_held_up = self.is_held_up_by_pongs();
            // Reading may have queued a pong, or have found that the peer takes data again.
            self.poll_write(cx);
            if !was_held_up || self.is_held_up_by_pongs() {
                return self.poll_timers(cx);
            }
        }
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
                    Poll::Ready(Ok(())) => {
                        self.needs_flush = false;
                        self.unsent_pongs = 0;
                    }
                }
            }
            if self.watch.write_failed() {
                return self.fail_writing();
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
                    let deadline = || Timer::new(self.options.close_timeout);
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
        let deadline = || Timer::new(self.options.close_timeout);
        self.deadline.get_or_insert_with(deadline);
    }

    /// The peer asks for more answers than it takes.
    fn is_held_up_by_pongs(&self) -> bool {
        self.unsent_pongs >= MAX_UNSENT_PONGS && !self.write_failed
    }

    /// Reads as long as there is room in the inbox, and hands over what was read.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let bound = self.ends.incoming.bound();
        loop {
            if self.is_held_up_by_pongs() {
                self.poll_write(cx);
                if self.is_held_up_by_pongs() {
                    return Poll::Pending;
                }
            }
            // After a local close nobody may see what comes, so there is always room for it.
            let room = match self.ends.incoming.poll_room(cx) {
                Poll::Ready(room) => room,
                Poll::Pending if self.is_closing => Bound { messages: 1, bytes: 1 },
                Poll::Pending => return Poll::Pending,
            };
            let mut waiting = Bound {
                messages: bound.messages.saturating_sub(room.messages),
                bytes: bound.bytes.saturating_sub(room.bytes),
            };
            let mut batch = Bound {
                messages: room.messages.min(MAX_BATCH.messages),
                bytes: room.bytes.min(MAX_BATCH.bytes),
            };
            while batch.messages > 0 && batch.bytes > 0 && !self.is_held_up_by_pongs() {
                let item = match Pin::new(&mut self.socket).poll_next(cx) {
                    Poll::Ready(item) => item,
                    Poll::Pending => {
                        self.ends.incoming.put_batch(&mut self.read).pay();
                        return Poll::Pending;
                    }
                };
                // Where what lies beneath is not watched.
                self.watch.hear();
                let message = match item {
                    Some(Ok(WsMessage::Text(text))) => Message::Text(text_from_tungstenite(text)),
                    Some(Ok(WsMessage::Binary(bytes))) => Message::Binary(bytes),
                    Some(Ok(WsMessage::Ping(_))) => {
                        // tungstenite has queued the pong; it goes out with the next flush.
                        self.needs_flush = true;
                        self.unsent_pongs += 1;
                        continue;
                    }
                    Some(Ok(WsMessage::Pong(_) | WsMessage::Frame(_))) => continue,
                    Some(Ok(WsMessage::Close(frame))) => return Poll::Ready(end_of_close(frame)),
                    Some(Err(error)) => return Poll::Ready(self.end_of_error(error)),
                    None => return Poll::Ready(self.cut()),
                };
                // The framing has seen to it already, unless somebody else has set it up.
                if message.len() > self.options.max_message_bytes {
                    return Poll::Ready(too_big(self.options.max_message_bytes));
                }
                if !self.is_closing {
                    let len = message.len();
                    self.ends.incoming.arrived(len);
                    waiting.messages += 1;
                    waiting.bytes += len;
                    batch.messages -= 1;
                    batch.bytes = batch.bytes.saturating_sub(len);
                    let is_copied = is_worth_a_copy(len, waiting, bound);
                    let message = if is_copied { copied(&message) } else { message };
                    self.read.push(Signal::Message(message));
                }
            }
            self.ends.incoming.put_batch(&mut self.read).pay();
        }
    }

    fn poll_timers(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        if let Some(deadline) = &mut self.deadline {
            ready!(deadline.poll_due(cx));
            if self.is_closing || self.ends.incoming.poll_room(cx).is_ready() {
                return Poll::Ready(self.cut());
            }
            // A full inbox keeps us from reading to the end, and the program may take its time.
            *deadline = Timer::new(self.options.close_timeout);
            return deadline.poll_due(cx).map(|()| self.cut());
        }
        let (Some(ping), Some(interval)) = (&mut self.ping, self.options.ping_interval) else {
            return Poll::Pending;
        };
        if ping.awaits_pong && self.watch.has_heard() {
            ping.awaits_pong = false;
            ping.timer = Timer::new(interval);
        }
        let mut must_ping = false;
        while ping.timer.poll_due(cx).is_ready() {
            let is_reading = self.ends.incoming.poll_room(cx).is_ready();
            let heard = self.watch.take_heard();
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
            ping.timer = Timer::new(wait);
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
                return too_big(max_size);
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

fn too_big(limit: usize) -> End {
    let code = status::MESSAGE_TOO_BIG;
    let error = Error::LimitExceeded(LimitExceeded::MessageTooBig { limit });
    End { signal: failure(code, Some(error)), farewell: Farewell::Fail(code) }
}

/// The peer has sent a close frame; tungstenite has queued the answer.
fn end_of_close(frame: Option<frame::CloseFrame>) -> End {
    // tungstenite puts this in the place of a frame with a code that may not be on the wire. A
    // peer that says just this of us is indistinguishable, and as right to be called an error.
    // Where the frame is the answer to our close, it passes whatever the peer has sent.
    let is_violation = frame.as_ref().is_some_and(|frame| {
        !status::may_be_on_the_wire(frame.code.into())
            || frame.code == CloseCode::Protocol && frame.reason.as_str() == "Protocol violation"
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

/// Whether a message is better copied to memory of its own, given how much waits in the inbox. The
/// framing gives slices of its buffers, each of which stays for as long as one message in it does,
/// however little that is: so without this a bound in payload would be none of memory.
///
/// A message that the program takes soon is not worth it, and the less so the more of its buffer it
/// fills: this is about what piles up, and a program that keeps up never pays for it.
fn is_worth_a_copy(len: usize, waiting: Bound, bound: Bound) -> bool {
    const SMALL_BYTES: usize = 4 * READ_BUFFER_BYTES;
    const LARGE_BYTES: usize = 16 * READ_BUFFER_BYTES;
    let unsuspicious_part = match len {
        0..SMALL_BYTES => 64,
        SMALL_BYTES..LARGE_BYTES => 4,
        // More than nine tenths of its buffer.
        LARGE_BYTES.. => return false,
    };
    waiting.messages > bound.messages / unsuspicious_part
        || waiting.bytes > bound.bytes / unsuspicious_part
}

/// The same message in memory of its own.
fn copied(message: &Message) -> Message {
    match message {
        Message::Text(text) => Message::from(&**text),
        Message::Binary(bytes) => Message::from(&**bytes),
    }
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
