//! The pump: it runs an open WebSocket, at either end, until it is over.
//!
//! All that needs a clock is here: pings are answered, silence is noticed and closes time out in this
//! task, whether or not anybody reads the stream. What a peer or a stream of bytes gives without end
//! is taken in portions, between which other tasks run.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytestring::ByteString;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::backend::{Executor, give_way};
use crate::close::CloseFrame;
use crate::deadline::EndDeadline;
use crate::error::{Error, PeerMisbehaved, Timeout};
use crate::keep_alive::{KeepAlive, Silence};
use crate::message::Message;
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::queue::{Bound, Ends, Sender};
use crate::signal::{Failure, Opened, Signal};
use crate::socket::{Received, Socket};
use crate::status;
use crate::trace;
use crate::within::within;

/// How long the rest of what a failed peer sends is read and thrown away, so that our close frame
/// reaches it: a socket that is closed with data unread resets the connection.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

/// How much is thrown away at a time.
const WASTE_BYTES: usize = 16 * 1024;

/// Most that is taken from the socket before it is handed over and others have their turn: little
/// enough to be still in the processor's cache when the program reads it.
const PORTION: Bound = Bound { messages: 512, bytes: 256 * 1024 };

/// Most messages and control frames that are dealt with before other tasks have their turn.
const STEPS: usize = 2048;

/// Runs a connection that is open already in a task of its own.
pub(crate) fn spawn(
    socket: impl Socket + Send + 'static,
    opened: Opened,
    options: Options,
    ends: Ends,
) {
    match Executor::of(&options.runtime) {
        Ok(executor) => {
            ends.incoming.open(opened);
            let outgoing = Outgoing::new(ends.outgoing);
            executor.spawn(run(socket, ends.incoming, outgoing, options));
        }
        Err(why) => ends.incoming.end(Signal::Fail(Failure::abnormal(Some(why.into())))),
    }
}

/// Runs an open connection until it is over.
pub(crate) async fn run(
    socket: impl Socket,
    incoming: Sender,
    outgoing: Outgoing,
    options: Options,
) {
    let keep_alive = KeepAlive::new(&options);
    let end_deadline = EndDeadline::new(options.close_timeout);
    let mut pump = Pump {
        socket,
        incoming,
        outgoing,
        options,
        received: VecDeque::new(),
        keep_alive,
        end_deadline,
        steps: 0,
    };
    let End { signal, shutdown } = poll_fn(|cx| pump.poll_end(cx)).await;
    let Pump { mut socket, incoming, outgoing, options, mut received, .. } = pump;
    // The messages that came before the end go first.
    incoming.send_batch(&mut received);
    trace::end(&signal);
    incoming.end(signal);
    drop((incoming, outgoing));
    match shutdown {
        Shutdown::Linger => within(options.close_timeout, shut_down(&mut socket)).await,
        Shutdown::Fail(code) => {
            socket.send_close(&CloseFrame { code, reason: ByteString::new() });
            within(LINGER, shut_down(&mut socket)).await
        }
        Shutdown::Drop => None,
    };
}

/// Pumps between an open socket and the queues, until the connection is over.
struct Pump<S> {
    socket: S,
    incoming: Sender,
    outgoing: Outgoing,
    options: Options,
    /// What was read and is not yet handed over.
    received: VecDeque<Message>,
    keep_alive: Option<KeepAlive>,
    end_deadline: EndDeadline,
    /// What is left of this turn; see [`STEPS`].
    steps: usize,
}

/// How the pump ended.
struct End {
    signal: Signal,
    shutdown: Shutdown,
}

/// What is still to be done before the socket goes.
enum Shutdown {
    /// The closing handshake is done: flush, say that nothing more comes, and wait until the peer
    /// has said so too. A server should be the first to close the socket (RFC 6455 §7.1.1): of two
    /// half-closed ones, the first to be so.
    Linger,
    /// The peer broke a rule: tell it with this code, and hang up (RFC 6455 §7.1.7).
    Fail(u16),
    /// Nothing.
    Drop,
}

impl<S: Socket> Pump<S> {
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        self.steps = STEPS;
        loop {
            self.poll_write(cx);
            // However much there is to write, reading has a turn of its own.
            self.steps = self.steps.max(STEPS / 2);
            if let Poll::Ready(end) = self.poll_read(cx) {
                return Poll::Ready(end);
            }
            let was_held_up = self.socket.is_held_up();
            // Reading may have queued a pong, or have found that the peer takes data again.
            self.poll_write(cx);
            if !was_held_up || self.socket.is_held_up() {
                return self.poll_deadlines(cx);
            }
        }
    }

    /// Whether other tasks are to have their turn: then this one is polled again.
    fn is_turn_over(&mut self, cx: &mut Context<'_>) -> bool {
        let is_over = self.steps == 0;
        if is_over {
            give_way(cx);
        } else {
            self.steps -= 1;
        }
        is_over
    }

    /// Writes what the channel has said, as far as the socket takes it, and flushes once.
    fn poll_write(&mut self, cx: &mut Context<'_>) {
        self.outgoing.poll(cx);
        loop {
            while self.outgoing.has_message() && self.socket.write_error().is_none() {
                if self.is_turn_over(cx) || self.socket.poll_ready(cx).is_pending() {
                    return self.outgoing.release_all_but(self.socket.unwritten(), false);
                }
                if let Some(message) = self.outgoing.pop() {
                    self.socket.send(message);
                }
            }
            if let Some(frame) = self.outgoing.take_close() {
                self.socket.send_close(&frame);
            }
            let is_flushed = self.socket.poll_flush(cx).is_ready();
            if self.socket.write_error().is_some() {
                // The reading side will tell how the connection ended; if it does not, time will.
                return self.outgoing.give_up();
            }
            self.outgoing.release_all_but(self.socket.unwritten(), is_flushed);
            // Room in the outbox may have brought more to write at once.
            if !is_flushed || !self.outgoing.has_message() {
                return;
            }
        }
    }

    /// Whether nobody sees what still comes.
    fn is_discarding(&self) -> bool {
        self.outgoing.is_closing() || self.incoming.is_discarding()
    }

    /// Reads as long as there is room in the inbox, and hands over what was read.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        loop {
            if self.socket.is_held_up() {
                self.poll_write(cx);
                if self.socket.is_held_up() {
                    return Poll::Pending;
                }
            }
            let mut portion = match self.incoming.poll_room(cx) {
                Poll::Ready(room) => Bound {
                    messages: room.messages.min(PORTION.messages),
                    bytes: room.bytes.min(PORTION.bytes),
                },
                Poll::Pending if self.is_discarding() => PORTION,
                Poll::Pending => return Poll::Pending,
            };
            let read = self.poll_portion(cx, &mut portion);
            self.incoming.send_batch(&mut self.received);
            match read {
                Poll::Ready(Some(end)) => {
                    // Answers to what came before the end.
                    let _ = self.socket.poll_flush(cx);
                    return Poll::Ready(end);
                }
                Poll::Ready(None) if self.socket.is_held_up() => {}
                Poll::Ready(None) => {
                    give_way(cx);
                    return Poll::Pending;
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Reads a portion; nothing is `Pending`, and `None` that it was the whole portion.
    fn poll_portion(&mut self, cx: &mut Context<'_>, portion: &mut Bound) -> Poll<Option<End>> {
        while portion.has_room() && !self.socket.is_held_up() {
            if self.is_turn_over(cx) {
                return Poll::Pending;
            }
            let received = ready!(self.socket.poll_receive(cx));
            let message = match received {
                Received::Message(message) => message,
                Received::Control => continue,
                Received::Close(frame) => {
                    let signal = Signal::Close(frame);
                    return Poll::Ready(Some(End { signal, shutdown: Shutdown::Linger }));
                }
                Received::Violation(code, what) => {
                    let error = PeerMisbehaved::new(code, what).into();
                    return Poll::Ready(Some(End::failed(code, error)));
                }
                Received::TooBig(limit) => {
                    let error = Error::LimitExceeded(limit);
                    return Poll::Ready(Some(End::failed(status::MESSAGE_TOO_BIG, error)));
                }
                Received::End(why) => return Poll::Ready(Some(End::cut(why))),
            };
            let mut used = Bound::default();
            used.add(&message);
            *portion = portion.minus(used);
            if !self.is_discarding() {
                self.incoming.arrived(message.len());
                self.received.push_back(message);
            }
        }
        Poll::Ready(None)
    }

    fn poll_deadlines(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        if self.outgoing.must_end() {
            while self.end_deadline.poll_passed(true, cx).is_ready() {
                if self.is_discarding() || self.incoming.poll_room(cx).is_ready() {
                    return Poll::Ready(End::cut(self.socket.write_error()));
                }
                // A full inbox keeps us from reading to the end, and the program may take its time.
                self.end_deadline.restart();
            }
            return Poll::Pending;
        }
        let Some(keep_alive) = &mut self.keep_alive else { return Poll::Pending };
        if self.socket.take_heard() {
            keep_alive.hear();
        }
        let is_reading = self.incoming.poll_room(cx).is_ready();
        while let Poll::Ready(silence) = keep_alive.poll(is_reading, cx) {
            if let Silence::GiveUp = silence {
                let error = Error::Timeout(Timeout::Pong(self.options.pong_timeout));
                let signal = Signal::Fail(Failure::abnormal(Some(error)));
                return Poll::Ready(End { signal, shutdown: Shutdown::Drop });
            }
            // A socket that is full takes it later: the peer is then not reading either, and the wait
            // for its pong is as long.
            self.socket.send_ping();
            let _ = self.socket.poll_flush(cx);
        }
        Poll::Pending
    }
}

impl End {
    /// The connection ended without a close frame, or without its answer.
    fn cut(cause: Option<Arc<io::Error>>) -> Self {
        let failure = Failure::abnormal(None).with_cause(cause);
        Self { signal: Signal::Fail(failure), shutdown: Shutdown::Drop }
    }

    /// The peer has done what ends a connection.
    fn failed(code: u16, error: Error) -> Self {
        let signal = Signal::Fail(Failure::new(code, Some(error)));
        Self { signal, shutdown: Shutdown::Fail(code) }
    }
}

/// Writes what is left, and waits until the peer has closed the stream. The caller bounds the time.
async fn shut_down(socket: &mut impl Socket) {
    poll_fn(|cx| socket.poll_flush(cx)).await;
    // At this end nothing will be sent any more.
    let _ = socket.stream().shutdown().await;
    drain(socket.stream()).await;
}

/// Reads to the end and throws it away, while other tasks have their turn.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) {
    let mut waste = vec![0; WASTE_BYTES];
    while matches!(stream.read(&mut waste).await, Ok(1..)) {
        let mut has_given_way = false;
        poll_fn(|cx| {
            if mem::replace(&mut has_given_way, true) {
                return Poll::Ready(());
            }
            give_way(cx);
            Poll::Pending
        })
        .await;
    }
}
