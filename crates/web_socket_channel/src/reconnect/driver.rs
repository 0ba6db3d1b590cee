//! The task behind a reconnecting channel: it carries out the phase that the machine is in, and
//! tells the machine what came of it.

use std::future::Future;
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

/// Most messages that are taken from a connection before the driver looks what else there is to
/// do: bounds how long a peer that never stops talking keeps it from a message that is to be sent.
const MAX_BATCH: usize = 512;

/// The task. Dropping it before its end stops the channel with an error.
pub(crate) struct Driver<T: Time> {
    shared: Arc<Shared>,
    connector: Connector,
    heals: Arc<dyn Fn(&Cause) -> bool + Send + Sync>,
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
    /// The channel is being made, for the attempt with this number.
    Making(u64, Connecting),
    /// The channel is there, and its handshake goes on.
    Opening(u64, WebSocketChannel, Ready),
    Open(Line),
}

/// An open connection.
struct Line {
    channel: WebSocketChannel,
    /// The error that the stream ended with.
    error: Option<Error>,
}

/// What reading came to.
enum Read {
    /// Nothing more for now; whoever waits is woken.
    Pending,
    /// There is more, but the others come first.
    Paused,
    /// The connection is over.
    Ended,
}

impl<T: Time> Driver<T> {
    pub(crate) fn new(shared: Arc<Shared>, connector: Connector, policy: &Policy, time: T) -> Self {
        Self {
            shared,
            connector,
            heals: Arc::clone(&policy.heals),
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
            Phase::Connecting { serial, attempt, cause, .. } => {
                self.poll_connect(*serial, *attempt, cause.as_ref(), cx)
            }
            Phase::Open { .. } => self.poll_carry(cx),
            Phase::Closing { frame, .. } => self.poll_close(frame, cx),
            Phase::Waiting { .. } | Phase::Stopped { .. } => Poll::Pending,
        };
        if event.is_ready() { event } else { self.poll_alarm(phase, cx) }
    }

    fn poll_connect(
        &mut self,
        serial: u64,
        attempt: u32,
        cause: Option<&Cause>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        loop {
            match &mut self.work {
                Work::Making(number, making) if *number == serial => {
                    let channel = match ready!(making.as_mut().poll(cx)) {
                        Ok(channel) => channel,
                        Err(cause) => return Poll::Ready(self.lost(cause)),
                    };
                    let url = Some(ByteString::from(channel.url()));
                    self.shared.drive(|inner| inner.facts.url = url);
                    let ready = channel.ready();
                    self.work = Work::Opening(serial, channel, ready);
                }
                Work::Opening(number, channel, ready) if *number == serial => {
                    if let Err(error) = ready!(Pin::new(ready).poll(cx)) {
                        return Poll::Ready(self.lost(error.into()));
                    }
                    let (protocol, extensions) = (channel.protocol(), channel.extensions());
                    self.shared.drive(|inner| {
                        let url = inner.facts.url.take();
                        inner.facts = Facts { url, protocol, extensions, close_event: None };
                    });
                    let Work::Opening(_, channel, _) =
                        std::mem::replace(&mut self.work, Work::Nothing)
                    else {
                        continue;
                    };
                    self.work = Work::Open(Line { channel, error: None });
                    return Poll::Ready(Event::Opened);
                }
                _ => {
                    // Gone before the next begins: a server may allow one at a time.
                    self.work = Work::Nothing;
                    let attempt = Attempt { number: attempt, cause: cause.cloned() };
                    self.work = Work::Making(serial, (self.connector)(attempt));
                }
            }
        }
    }

    /// Carries messages in both directions.
    fn poll_carry(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let Work::Open(line) = &mut self.work else { return Poll::Pending };
        let read = line.receive(&self.shared, &mut self.received, cx);
        if let Read::Ended = read {
            let cause = line.end(&self.shared, None).0;
            return Poll::Ready(self.lost(cause));
        }
        line.hand_over(&self.shared, cx);
        if let Read::Paused = read {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    /// Sends what waits, then closes, and waits for the end.
    fn poll_close(&mut self, frame: &CloseFrame, cx: &mut Context<'_>) -> Poll<Event> {
        let Work::Open(line) = &mut self.work else { return Poll::Pending };
        if line.hand_over(&self.shared, cx) {
            close(&line.channel, frame);
        }
        match line.discard(cx) {
            Read::Pending => Poll::Pending,
            Read::Paused => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Read::Ended => {
                let has_arrived = line.end(&self.shared, Some(frame)).1;
                self.work = Work::Nothing;
                Poll::Ready(Event::Closed { has_arrived })
            }
        }
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
        let heals = (self.heals)(&cause);
        Event::Lost { cause, heals, chance: self.time.chance() }
    }

    /// The end: nothing stays behind.
    fn let_go(&mut self, farewell: Option<&CloseFrame>) {
        if let (Work::Opening(_, channel, _) | Work::Open(Line { channel, .. }), Some(frame)) =
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
    ) -> Read {
        let mut room = shared.drive(|inner| inner.room_to_read());
        let read = loop {
            if room.messages == 0 || room.bytes == 0 {
                // It may be full by now: then this says that we wait for the program.
                if received.is_empty() {
                    return Read::Pending;
                }
                break Read::Paused;
            }
            if received.len() >= MAX_BATCH {
                break Read::Paused;
            }
            match Pin::new(&mut self.channel).poll_next(cx) {
                Poll::Ready(Some(Ok(message))) => {
                    room.messages -= 1;
                    room.bytes = room.bytes.saturating_sub(message.len());
                    received.push(message);
                }
                Poll::Ready(Some(Err(error))) => self.error = Some(error),
                Poll::Ready(None) => break Read::Ended,
                Poll::Pending => break Read::Pending,
            }
        };
        if !received.is_empty() {
            shared.drive(|inner| inner.receive(received));
        }
        read
    }

    /// Reads and throws away, so that a peer that is talking gets to hear our close.
    fn discard(&mut self, cx: &mut Context<'_>) -> Read {
        for _ in 0..MAX_BATCH {
            match Pin::new(&mut self.channel).poll_next(cx) {
                Poll::Ready(Some(_)) => {}
                Poll::Ready(None) => return Read::Ended,
                Poll::Pending => return Read::Pending,
            }
        }
        Read::Paused
    }

    /// Hands over what waits, as far as the connection takes it. Whether that was all.
    fn hand_over(&mut self, shared: &Shared, cx: &mut Context<'_>) -> bool {
        while shared.drive(|inner| inner.ledger.is_waiting()) {
            // If it is closed by now, the reading side tells how.
            if !matches!(Pin::new(&mut self.channel).poll_ready(cx), Poll::Ready(Ok(()))) {
                return false;
            }
            let Some(next) = shared.drive(|inner| inner.hand_over()) else { break };
            if Pin::new(&mut self.channel).start_send(next.message.clone()).is_err() {
                shared.drive(|inner| inner.ledger.take_back(next));
                return false;
            }
        }
        true
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

/// Closes with this, which was checked when it was asked for.
fn close(channel: &Connection, frame: &CloseFrame) {
    let code = (frame.code != status::NO_STATUS_RECEIVED).then_some(frame.code);
    let _ = channel.close(code, &frame.reason);
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
