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

use super::Attempt;
use super::cause::Cause;
use super::machine::{Event, Phase};
use super::policy::Policy;
use super::shared::{Facts, Shared};
use super::time::Time;
use crate::channel::{Connection, Ready, WebSocketChannel};
use crate::close::{CloseEvent, CloseFrame, Initiator};
use crate::error::{Error, NetworkError, NetworkErrorKind, Timeout};
use crate::message::Message;
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
    should_retry: Arc<dyn Fn(&Cause) -> bool + Send + Sync>,
    attempt_timeout: Duration,
    time: T,
    work: Work,
    /// The timer for the phase's deadline, and which deadline that is.
    alarm: Option<(Duration, T::Timer)>,
    /// Where a batch is taken to; kept for its memory.
    received: Vec<Message>,
}

/// What the driver holds of a connection.
enum Work {
    Nothing,
    /// The channel is being made.
    Making(Connecting),
    /// The channel is there, and its handshake goes on.
    Opening(WebSocketChannel, Ready),
    Open(Line),
}

/// An open connection.
struct Line {
    channel: WebSocketChannel,
    /// The error that the stream ended with.
    error: Option<Error>,
}

/// How far carrying messages in one direction came.
enum Carried {
    /// As far as it goes for now; the driver is woken when it goes on.
    Pending,
    /// There is more, but the others come first.
    Paused,
    /// To the end: all that waits is handed over; or all is read, and the connection is over.
    All,
}

impl<T: Time> Driver<T> {
    pub(crate) fn new(shared: Arc<Shared>, connector: Connector, policy: &Policy, time: T) -> Self {
        Self {
            shared,
            connector,
            should_retry: Arc::clone(&policy.should_retry),
            attempt_timeout: policy.attempt_timeout,
            time,
            work: Work::Nothing,
            alarm: None,
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
        if event.is_ready() { event } else { self.poll_alarm(phase, cx) }
    }

    fn poll_connect(
        &mut self,
        attempt: u32,
        cause: Option<&Cause>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        loop {
            match &mut self.work {
                Work::Making(making) => {
                    let channel = match ready!(making.as_mut().poll(cx)) {
                        Ok(channel) => channel,
                        Err(cause) => return Poll::Ready(self.lost(cause)),
                    };
                    let url = Some(ByteString::from(channel.url()));
                    self.shared.drive(|inner| inner.facts.url = url);
                    let ready = channel.ready();
                    self.work = Work::Opening(channel, ready);
                }
                Work::Opening(channel, ready) => {
                    if let Err(error) = ready!(Pin::new(ready).poll(cx)) {
                        return Poll::Ready(self.lost(error.into()));
                    }
                    let (protocol, extensions) = (channel.protocol(), channel.extensions());
                    self.shared.drive(|inner| {
                        let url = inner.facts.url.take();
                        inner.facts = Facts { url, protocol, extensions, close_event: None };
                    });
                    if let Work::Opening(channel, _) = mem::replace(&mut self.work, Work::Nothing) {
                        self.work = Work::Open(Line { channel, error: None });
                    }
                    return Poll::Ready(Event::Opened);
                }
                // Whatever the attempt before had left is gone: a server may allow one at a time.
                Work::Nothing | Work::Open(_) => {
                    let attempt = Attempt { number: attempt, cause: cause.cloned() };
                    self.work = Work::Making((self.connector)(attempt));
                }
            }
        }
    }

    /// Carries messages in both directions.
    fn poll_carry(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let Work::Open(line) = &mut self.work else { return Poll::Pending };
        let read = line.receive(&self.shared, &mut self.received, cx);
        if let Carried::All = read {
            let cause = line.end(&self.shared, None).0;
            return Poll::Ready(self.lost(cause));
        }
        let written = line.hand_over(&self.shared, cx);
        go_on_later(&[read, written], cx);
        Poll::Pending
    }

    /// Sends what waits, then closes, and waits for the end.
    fn poll_close(&mut self, frame: &CloseFrame, cx: &mut Context<'_>) -> Poll<Event> {
        let Work::Open(line) = &mut self.work else { return Poll::Pending };
        let written = line.hand_over(&self.shared, cx);
        if let Carried::All = written {
            close(&line.channel, frame);
        }
        let read = line.discard(cx);
        if let Carried::All = read {
            let has_arrived = line.end(&self.shared, Some(frame)).1;
            self.work = Work::Nothing;
            return Poll::Ready(Event::Closed { has_arrived });
        }
        go_on_later(&[read, written], cx);
        Poll::Pending
    }

    /// Waits for the phase's deadline.
    fn poll_alarm(&mut self, phase: &Phase, cx: &mut Context<'_>) -> Poll<Event> {
        let Some(deadline) = phase.deadline() else {
            self.alarm = None;
            return Poll::Pending;
        };
        let timer = match &mut self.alarm {
            Some((due, timer)) if *due == deadline => timer,
            alarm => {
                let left = deadline.saturating_sub(self.time.now());
                &mut alarm.insert((deadline, self.time.timer(left))).1
            }
        };
        ready!(T::poll_due(timer, cx));
        self.alarm = None;
        Poll::Ready(match phase {
            Phase::Connecting { .. } => {
                self.lost(Error::Timeout(Timeout::Connect(self.attempt_timeout)).into())
            }
            _ => Event::Struck,
        })
    }

    /// Lets go of what is left of the attempt or the connection, and says so.
    fn lost(&mut self, cause: Cause) -> Event {
        self.work = Work::Nothing;
        // Asked here, with no lock held, as it is the program's own code.
        let should_retry = (self.should_retry)(&cause);
        Event::Lost { cause, should_retry, chance: self.time.chance() }
    }

    /// The end: nothing stays behind.
    fn let_go(&mut self, farewell: Option<&CloseFrame>) {
        if let (Work::Opening(channel, _) | Work::Open(Line { channel, .. }), Some(frame)) =
            (&self.work, farewell)
        {
            close(channel, frame);
        }
        self.work = Work::Nothing;
        self.alarm = None;
    }
}

impl Line {
    /// Takes what has come, as far as there is room for it.
    fn receive(
        &mut self,
        shared: &Shared,
        received: &mut Vec<Message>,
        cx: &mut Context<'_>,
    ) -> Carried {
        let mut room = shared.drive(|inner| inner.room_to_read());
        let read = loop {
            if room.messages == 0 || room.bytes == 0 {
                // It may be full by now: then this says that we wait for the program.
                if received.is_empty() {
                    return Carried::Pending;
                }
                break Carried::Paused;
            }
            if received.len() >= MAX_BATCH {
                break Carried::Paused;
            }
            match Pin::new(&mut self.channel).poll_next(cx) {
                Poll::Ready(Some(Ok(message))) => {
                    room.messages -= 1;
                    room.bytes = room.bytes.saturating_sub(message.len());
                    received.push(message);
                }
                Poll::Ready(Some(Err(error))) => self.error = Some(error),
                Poll::Ready(None) => break Carried::All,
                Poll::Pending => break Carried::Pending,
            }
        };
        if !received.is_empty() {
            shared.drive(|inner| inner.receive(received));
        }
        read
    }

    /// Reads and throws away, so that a peer that is talking gets to hear our close.
    fn discard(&mut self, cx: &mut Context<'_>) -> Carried {
        for _ in 0..MAX_BATCH {
            match Pin::new(&mut self.channel).poll_next(cx) {
                Poll::Ready(Some(_)) => {}
                Poll::Ready(None) => return Carried::All,
                Poll::Pending => return Carried::Pending,
            }
        }
        Carried::Paused
    }

    /// Hands over what waits, as far as the connection takes it.
    fn hand_over(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Carried {
        for _ in 0..MAX_BATCH {
            if !shared.drive(|inner| inner.ledger.is_waiting()) {
                return Carried::All;
            }
            // If it is closed by now, the reading side tells how.
            if !matches!(Pin::new(&mut self.channel).poll_ready(cx), Poll::Ready(Ok(()))) {
                return Carried::Pending;
            }
            let Some(next) = shared.drive(|inner| inner.hand_over()) else { break };
            if Pin::new(&mut self.channel).start_send(next.message.clone()).is_err() {
                shared.drive(|inner| inner.ledger.take_back(next));
                return Carried::Pending;
            }
        }
        Carried::Paused
    }

    /// It is over: why, and whether everything that it was given has arrived, if `asked` is what
    /// we have closed it with.
    fn end(&mut self, shared: &Shared, asked: Option<&CloseFrame>) -> (Cause, bool) {
        let event = self.channel.close_event().unwrap_or(CloseEvent {
            code: status::ABNORMAL_CLOSURE,
            reason: ByteString::new(),
            was_clean: false,
            initiator: Initiator::Failure,
        });
        // A peer answers a close with the code that it got (RFC 6455 §5.5.1). Any other may be that
        // of a close of its own, sent before ours was read, and then so were our messages not.
        let has_arrived = asked.is_some_and(|frame| {
            event.was_clean && event.initiator == Initiator::Local && event.code == frame.code
        });
        let known = Some(event.clone());
        shared.drive(|inner| inner.facts.close_event = known);
        let cause = match self.error.take() {
            Some(error) => Cause::Error(error),
            None => Cause::Closed(Arc::new(event)),
        };
        (cause, has_arrived)
    }
}

/// Sees to it that the driver is polled again, if there is more to carry.
fn go_on_later(carried: &[Carried], cx: &Context<'_>) {
    if carried.iter().any(|carried| matches!(carried, Carried::Paused)) {
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
        loop {
            let phase = this.shared.drive(|inner| inner.phase().clone());
            if let Phase::Stopped { farewell, .. } = &phase {
                this.let_go(farewell.as_ref());
                return Poll::Ready(());
            }
            let event = ready!(this.poll_event(&phase, cx));
            this.shared.drive_on(event);
        }
    }
}

impl<T: Time> Drop for Driver<T> {
    fn drop(&mut self) {
        let why = "the task that connects is gone: its runtime was shut down, or a function of \
                   the program has panicked in it";
        let source = Some(Arc::new(std::io::Error::other(why)));
        let host = "the peer".to_owned();
        let error = NetworkError { kind: NetworkErrorKind::Other, host, source };
        self.shared.on(Event::Abandoned(Cause::Error(error.into())));
    }
}
