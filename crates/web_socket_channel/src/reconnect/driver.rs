//! The task behind a reconnecting channel: it carries out the phase that the machine is in, and
//! tells the machine what came of it.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytestring::ByteString;
use futures_core::Stream as _;
use futures_sink::Sink as _;

use super::cause::Cause;
use super::machine::{Event, Phase};
use super::policy::{Policy, ShouldRetry};
use super::shared::{ConnectionInfo, Inner, Shared};
use super::state::Attempt;
use super::time::Time;
use crate::channel::{Closing, Connection, Ready, WebSocketChannel};
use crate::close::{CloseEvent, CloseFrame, Initiator};
use crate::error::{Error, RuntimeError, Timeout};
use crate::message::Message;
use crate::queue::Bound;
use crate::status;

/// Makes the channel for an attempt.
pub(crate) type Connector = Box<dyn FnMut(Attempt) -> Connecting + Send>;

/// A channel that is being made.
pub(crate) type Connecting = Pin<Box<dyn Future<Output = Result<WebSocketChannel, Cause>> + Send>>;

/// Most messages that are carried in one direction before the driver looks what else there is to
/// do: a peer that never stops talking must not keep it from sending, nor from stopping.
const MAX_BATCH: usize = 512;

/// The task. Dropping it before its end stops the channel with an error.
pub(crate) struct Driver<T: Time> {
    shared: Arc<Shared>,
    connector: Connector,
    should_retry: ShouldRetry,
    attempt_timeout: Duration,
    time: T,
    progress: Progress,
    /// The timer for the phase's deadline, and which deadline that is.
    timer: Option<(Duration, T::Timer)>,
    /// Where a batch is taken to; kept for its memory.
    received: Vec<Message>,
}

/// How far the present connection has come.
enum Progress {
    /// There is none.
    Idle,
    /// The channel is being made.
    Making(Connecting),
    /// The channel is there, and its handshake goes on.
    Opening(WebSocketChannel, Ready),
    Open(OpenConnection),
}

/// A connection whose handshake is done.
struct OpenConnection {
    channel: WebSocketChannel,
    /// Resolves at the end, though there may be messages that were not read.
    closed: Closing,
    /// It has ended while the inbox was full: the rest is read nevertheless.
    is_read_to_end: bool,
    /// The error that the stream ended with.
    error: Option<Error>,
}

/// How far carrying messages in one direction came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transfer {
    /// As far as it goes for now; the driver is woken when it goes on.
    Pending,
    /// There is more, but the others come first.
    Paused,
    /// To the end: all that waits is handed over; or all is read, and the connection is over.
    Complete,
}

impl<T: Time> Driver<T> {
    pub(crate) fn new(shared: Arc<Shared>, connector: Connector, policy: &Policy, time: T) -> Self {
        Self {
            shared,
            connector,
            should_retry: policy.should_retry.clone(),
            attempt_timeout: policy.attempt_timeout,
            time,
            progress: Progress::Idle,
            timer: None,
            received: Vec::new(),
        }
    }

    /// Carries out the phase until something happens that the machine has to know.
    fn poll_event(&mut self, phase: &Phase, cx: &mut Context<'_>) -> Poll<Event> {
        let event = match phase {
            Phase::Connecting { attempt, cause, .. } => {
                self.poll_connect(*attempt, cause.as_ref(), cx)
            }
            Phase::Open { .. } => self.poll_carry(cx),
            Phase::Closing { frame, .. } => self.poll_close(frame, cx),
            Phase::Waiting { .. } | Phase::Stopped { .. } => Poll::Pending,
        };
        if event.is_ready() { event } else { self.poll_deadline(phase, cx) }
    }

    fn poll_connect(
        &mut self,
        attempt: u32,
        cause: Option<&Cause>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        loop {
            match &mut self.progress {
                Progress::Making(making) => {
                    let channel = match ready!(making.as_mut().poll(cx)) {
                        Ok(channel) => channel,
                        Err(cause) => return Poll::Ready(self.lost(cause)),
                    };
                    let url = Some(ByteString::from(channel.url()));
                    self.shared.update(|inner| inner.connection.url = url);
                    let ready = channel.ready();
                    self.progress = Progress::Opening(channel, ready);
                }
                Progress::Opening(channel, ready) => {
                    if let Err(error) = ready!(Pin::new(ready).poll(cx)) {
                        return Poll::Ready(self.lost(error.into()));
                    }
                    let (protocol, extensions) = (channel.protocol(), channel.extensions());
                    let headers = channel.response_headers();
                    self.shared.update(|inner| {
                        let url = inner.connection.url.take();
                        inner.connection = ConnectionInfo {
                            url,
                            protocol,
                            extensions,
                            headers,
                            close_event: None,
                        };
                    });
                    if let Progress::Opening(channel, _) =
                        mem::replace(&mut self.progress, Progress::Idle)
                    {
                        self.progress = Progress::Open(OpenConnection::new(channel));
                    }
                    return Poll::Ready(Event::Opened);
                }
                // Whatever the attempt before had left is gone: a server may allow one at a time.
                Progress::Idle | Progress::Open(_) => {
                    let attempt = Attempt { number: attempt, cause: cause.cloned() };
                    self.progress = Progress::Making((self.connector)(attempt));
                }
            }
        }
    }

    /// Carries messages in both directions.
    fn poll_carry(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let Progress::Open(connection) = &mut self.progress else { return Poll::Pending };
        let read = connection.receive(&self.shared, &mut self.received, cx);
        if read == Transfer::Complete {
            let cause = connection.end(&self.shared);
            return Poll::Ready(self.lost(cause));
        }
        let written = connection.hand_over(&self.shared, cx);
        go_on_later([read, written], cx);
        Poll::Pending
    }

    /// Sends what waits, then closes, and waits for the end.
    fn poll_close(&mut self, frame: &CloseFrame, cx: &mut Context<'_>) -> Poll<Event> {
        let Progress::Open(connection) = &mut self.progress else { return Poll::Pending };
        let written = connection.hand_over(&self.shared, cx);
        if written == Transfer::Complete {
            close(&connection.channel, frame);
        }
        let read = connection.discard(cx);
        if read == Transfer::Complete {
            connection.end(&self.shared);
            self.progress = Progress::Idle;
            return Poll::Ready(Event::Closed);
        }
        go_on_later([read, written], cx);
        Poll::Pending
    }

    /// Waits for the phase's deadline.
    fn poll_deadline(&mut self, phase: &Phase, cx: &mut Context<'_>) -> Poll<Event> {
        let Some(deadline) = phase.deadline() else {
            self.timer = None;
            return Poll::Pending;
        };
        let timer = match &mut self.timer {
            Some((due, timer)) if *due == deadline => timer,
            timer => {
                let left = deadline.saturating_sub(self.time.now());
                &mut timer.insert((deadline, self.time.timer(left))).1
            }
        };
        ready!(T::poll_due(timer, cx));
        self.timer = None;
        Poll::Ready(match phase {
            Phase::Connecting { .. } => {
                self.lost(Error::Timeout(Timeout::Connect(self.attempt_timeout)).into())
            }
            _ => Event::DeadlineElapsed,
        })
    }

    /// Lets go of what is left of the attempt or the connection, and says so.
    fn lost(&mut self, cause: Cause) -> Event {
        self.progress = Progress::Idle;
        // Asked here, with no lock held, as it is the program's own code.
        let should_retry = self.should_retry.after(&cause);
        Event::Lost { cause, should_retry, chance: self.time.chance() }
    }

    /// The end: nothing stays behind.
    fn release(&mut self, close_frame: Option<&CloseFrame>) {
        if let (
            Progress::Opening(channel, _) | Progress::Open(OpenConnection { channel, .. }),
            Some(frame),
        ) = (&self.progress, close_frame)
        {
            close(channel, frame);
        }
        self.progress = Progress::Idle;
        self.timer = None;
    }
}

impl OpenConnection {
    fn new(channel: WebSocketChannel) -> Self {
        let closed = channel.closed();
        Self { channel, closed, is_read_to_end: false, error: None }
    }

    /// Takes what has come, as far as there is room for it.
    fn receive(
        &mut self,
        shared: &Shared,
        received: &mut Vec<Message>,
        cx: &mut Context<'_>,
    ) -> Transfer {
        let room = shared.update(Inner::room_to_read);
        if room.is_none() && !self.is_read_to_end {
            // A reader that is slow does not hide the end.
            if Pin::new(&mut self.closed).poll(cx).is_pending()
                || !shared.update(Inner::may_pass_bound)
            {
                return Transfer::Pending;
            }
            self.is_read_to_end = true;
        }
        let unbounded = Bound { messages: usize::MAX, bytes: usize::MAX };
        let mut room = room.filter(|_| !self.is_read_to_end).unwrap_or(unbounded);
        let read = loop {
            // It may be full by now: then the next turn waits for the program.
            if room.messages == 0 || room.bytes == 0 || received.len() >= MAX_BATCH {
                break Transfer::Paused;
            }
            match Pin::new(&mut self.channel).poll_next(cx) {
                Poll::Ready(Some(Ok(message))) => {
                    room.messages -= 1;
                    room.bytes = room.bytes.saturating_sub(message.len());
                    received.push(message);
                }
                Poll::Ready(Some(Err(error))) => self.error = Some(error),
                Poll::Ready(None) => break Transfer::Complete,
                Poll::Pending => break Transfer::Pending,
            }
        };
        if !received.is_empty() {
            shared.update(|inner| inner.receive(received));
        }
        read
    }

    /// Reads and throws away, so that a peer that is talking gets to hear our close.
    fn discard(&mut self, cx: &mut Context<'_>) -> Transfer {
        for _ in 0..MAX_BATCH {
            match Pin::new(&mut self.channel).poll_next(cx) {
                Poll::Ready(Some(_)) => {}
                Poll::Ready(None) => return Transfer::Complete,
                Poll::Pending => return Transfer::Pending,
            }
        }
        Transfer::Paused
    }

    /// Hands over what waits, as far as the connection takes it.
    fn hand_over(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Transfer {
        let unflushed = self.channel.unflushed();
        shared.update(|inner| inner.flushed_all_but(unflushed));
        for _ in 0..MAX_BATCH {
            if !shared.update(|inner| inner.ledger.is_waiting()) {
                // One that fails has ended, which the reading side tells.
                if Pin::new(&mut self.channel).poll_flush(cx).is_ready() {
                    shared.update(|inner| inner.flushed_all_but(0));
                }
                return Transfer::Complete;
            }
            // If it is closed by now, the reading side tells how.
            if !matches!(Pin::new(&mut self.channel).poll_ready(cx), Poll::Ready(Ok(()))) {
                return Transfer::Pending;
            }
            let Some(next) = shared.update(Inner::hand_over) else { break };
            if Pin::new(&mut self.channel).start_send(next.message.clone()).is_err() {
                shared.update(|inner| inner.ledger.take_back(next));
                return Transfer::Pending;
            }
        }
        Transfer::Paused
    }

    /// It is over: why.
    fn end(&mut self, shared: &Shared) -> Cause {
        let event = self.channel.close_event().unwrap_or_else(|| {
            CloseEvent::new(status::ABNORMAL_CLOSURE, "", false, Initiator::Failure)
        });
        let known = Some(event.clone());
        shared.update(|inner| inner.connection.close_event = known);
        match self.error.take() {
            Some(error) => Cause::Error(error),
            None => Cause::Closed(Arc::new(event)),
        }
    }
}

/// Sees to it that the driver is polled again, if there is more to carry.
fn go_on_later(transfers: [Transfer; 2], cx: &Context<'_>) {
    if transfers.contains(&Transfer::Paused) {
        cx.waker().wake_by_ref();
    }
}

/// Closes with this, which was checked when it was asked for.
fn close(channel: &Connection, frame: &CloseFrame) {
    let code = (frame.code != status::NO_STATUS_RECEIVED).then_some(frame.code);
    let _ = channel.close_with(code, &frame.reason);
}

impl<T: Time> Future for Driver<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.shared.await_work(cx);
        let phase = this.shared.update(|inner| inner.phase().clone());
        if let Phase::Stopped { close_frame, .. } = &phase {
            this.release(close_frame.as_ref());
            return Poll::Ready(());
        }
        let event = ready!(this.poll_event(&phase, cx));
        this.shared.on(event);
        // One event a turn: attempts that fail at once must not starve the thread's other tasks.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<T: Time> Drop for Driver<T> {
    fn drop(&mut self) {
        self.shared.on(Event::DriverGone(Cause::Error(RuntimeError::Gone.into())));
    }
}
