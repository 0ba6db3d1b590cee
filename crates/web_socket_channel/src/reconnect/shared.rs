//! State shared by the program's handles and the driver, under one lock, and who is woken for what.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;
use std::time::Duration;

use bytestring::ByteString;
use web_time::Instant;

use super::cause::StopCause;
use super::ledger::{Counts, Ledger, MessageId, Outgoing};
use super::machine::{Event, Machine, Phase};
use super::policy::Policy;
use super::state::{State, Undelivered};
use super::time::Time;
use crate::close::CloseEvent;
use crate::error::Error;
use crate::flush_mark::FlushMark;
use crate::handshake::http::HeaderMap;
use crate::message::Message;
use crate::queue::Bound;
use crate::waiters::Waiters;

/// One reconnecting channel.
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    started: Instant,
    now: Box<dyn Fn() -> Duration + Send + Sync>,
    /// Those who wait, each for changes of one kind.
    driver: Waiters,
    reader: Waiters,
    sink: Waiters,
    pub(crate) states: Waiters,
    pub(crate) counts: Waiters,
}

/// The slot in each of the first three, as there is one driver, one reader and one sink.
const ONLY: u64 = 0;

/// State guarded by the mutex.
pub(crate) struct Inner {
    machine: Machine,
    /// Counts the phases, so that whoever has seen one knows it again.
    version: u64,
    pub(crate) ledger: Ledger,
    pub(crate) connection: ConnectionInfo,
    inbox: Inbox,
    /// What the connection was handed and has not passed on to its network.
    unflushed: VecDeque<MessageId>,
    /// Up to where a flush waits.
    flush_mark: FlushMark,
    resends_in_doubt: bool,
    has_told_error: bool,
    /// The program has dropped both halves.
    is_dropped: bool,
}

/// What is known of the present connection, or of the last one.
#[derive(Clone, Default)]
pub(crate) struct ConnectionInfo {
    pub(crate) url: Option<ByteString>,
    pub(crate) protocol: Option<ByteString>,
    pub(crate) extensions: ByteString,
    pub(crate) headers: HeaderMap,
    pub(crate) close_event: Option<CloseEvent>,
}

/// Messages that have come and were not read yet.
struct Inbox {
    bound: Bound,
    messages: VecDeque<Message>,
    bytes: usize,
    /// The driver has found it full, and goes on when there is room again.
    driver_waits: bool,
    /// It has taken over what a connection held that ended while it was full, and is over its bound
    /// until there is room again.
    is_over_bound: bool,
    /// Nobody will read any more: what comes is discarded.
    has_no_reader: bool,
}

/// Who is to be woken after a change.
#[derive(Default)]
struct PendingWakes {
    driver: bool,
    reader: bool,
    sink: bool,
    states: bool,
    counts: bool,
}

/// What a change is compared by, to tell who is to be woken.
struct Snapshot {
    version: u64,
    counts: Counts,
    unread: usize,
    has_room: bool,
    is_dropped: bool,
}

impl Shared {
    pub(crate) fn new(policy: &Policy, time: impl Time) -> Self {
        let inner = Inner {
            machine: Machine::new(policy.clone(), time.now()),
            version: 0,
            ledger: Ledger::new(policy.outbox, policy.in_doubt),
            connection: ConnectionInfo::default(),
            inbox: Inbox {
                bound: policy.inbox,
                messages: VecDeque::new(),
                bytes: 0,
                driver_waits: false,
                is_over_bound: false,
                has_no_reader: false,
            },
            unflushed: VecDeque::new(),
            flush_mark: FlushMark::default(),
            resends_in_doubt: policy.resends_in_doubt,
            has_told_error: false,
            is_dropped: false,
        };
        Self {
            inner: Mutex::new(inner),
            started: time.started(),
            now: Box::new(move || time.now()),
            driver: Waiters::default(),
            reader: Waiters::default(),
            sink: Waiters::default(),
            states: Waiters::default(),
            counts: Waiters::default(),
        }
    }

    /// Looks at the state or changes it, and wakes whoever waited for that.
    pub(crate) fn update<T>(&self, update: impl FnOnce(&mut Inner) -> T) -> T {
        let (answer, wakes) = {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            let before = inner.snapshot();
            (update(&mut inner), inner.wakes_since(&before))
        };
        // With no lock held, as whoever is woken may call back.
        for (is_due, waiters) in [
            (wakes.driver, &self.driver),
            (wakes.reader, &self.reader),
            (wakes.sink, &self.sink),
            (wakes.states, &self.states),
            (wakes.counts, &self.counts),
        ] {
            if is_due {
                waiters.wake_all();
            }
        }
        answer
    }

    /// Gives an event to the state machine.
    pub(crate) fn on(&self, event: Event) {
        let now = (self.now)();
        self.update(|inner| inner.on(event, now));
    }

    /// The driver waits for work. To be called before it looks whether there is any.
    pub(crate) fn await_work(&self, cx: &Context<'_>) {
        self.driver.register(ONLY, cx);
    }

    /// The program waits for a message; as above.
    pub(crate) fn await_message(&self, cx: &Context<'_>) {
        self.reader.register(ONLY, cx);
    }

    /// The program's sink waits, for room or until it is flushed; as above.
    pub(crate) fn await_sink(&self, cx: &Context<'_>) {
        self.sink.register(ONLY, cx);
    }

    /// What the program is told of the phase, and its number.
    pub(crate) fn state(&self) -> (u64, State) {
        let (version, phase) = self.update(|inner| (inner.version, inner.phase().clone()));
        let state = match phase {
            Phase::Connecting { attempt, cause, .. } => State::Connecting { attempt, cause },
            Phase::Open { .. } => State::Open,
            Phase::Waiting { until, attempt, cause } => {
                // A moment that no clock will ever show is as good as any other.
                let until = self.started.checked_add(until).unwrap_or(self.started);
                State::Waiting { until, attempt, cause }
            }
            Phase::Closing { .. } => State::Closing,
            Phase::Stopped { cause, .. } => State::Stopped { cause },
        };
        (version, state)
    }
}

impl Inner {
    pub(crate) fn phase(&self) -> &Phase {
        self.machine.phase()
    }

    pub(crate) fn accepts(&self) -> bool {
        self.machine.accepts()
    }

    /// Why it has stopped; `None` until it has.
    pub(crate) fn stop_cause(&self) -> Option<&StopCause> {
        match self.phase() {
            Phase::Stopped { cause, .. } => Some(cause),
            _ => None,
        }
    }

    pub(crate) fn on(&mut self, event: Event, now: Duration) {
        self.is_dropped |= matches!(event, Event::Dropped);
        let handed_over = self.machine.hands_over();
        if !self.machine.on(event, now) {
            return;
        }
        self.version += 1;
        if handed_over && !self.machine.hands_over() {
            self.ledger.lost();
            self.unflushed.clear();
            if self.resends_in_doubt && self.accepts() {
                self.ledger.resend_in_doubt();
            }
        }
        let is_requested = matches!(
            self.phase(),
            Phase::Closing { .. } | Phase::Stopped { cause: StopCause::Requested, .. }
        );
        if is_requested {
            // As by any channel: nothing is delivered after a local close.
            self.inbox.clear();
        }
    }

    /// Why nothing is accepted any more.
    pub(crate) fn closed(&self) -> Error {
        Error::Closed(self.connection.close_event.clone().map(Arc::new))
    }

    /// What is not known to have arrived, once it has stopped.
    pub(crate) fn undelivered(&self) -> Option<Undelivered> {
        let cause = self.stop_cause()?.clone();
        let (waiting, in_doubt) = (self.ledger.waiting(), self.ledger.in_doubt());
        Some(Undelivered { cause, waiting, in_doubt })
    }

    /// Whether everything that was accepted up to this number has been passed on.
    fn is_flushed(&self, up_to: MessageId) -> bool {
        !self.ledger.is_waiting_up_to(up_to) && self.unflushed.iter().all(|id| *id > up_to)
    }

    /// Whether a flush is done.
    pub(crate) fn has_flushed(&mut self) -> bool {
        let (mut mark, last) = (self.flush_mark, self.ledger.last_id());
        let is_done = mark.is_reached(last.0, |place| self.is_flushed(MessageId(place)));
        self.flush_mark = mark;
        is_done
    }

    /// Takes a message in for the program's sink, of which a flush then waits for this one too.
    pub(crate) fn start_send(&mut self, message: Message) {
        self.flush_mark = FlushMark::default();
        self.ledger.accept(message);
    }

    /// The connection has passed on all that it was handed but the last so many.
    pub(crate) fn flushed_all_but(&mut self, count: usize) {
        self.unflushed.drain(..self.unflushed.len().saturating_sub(count));
    }

    /// The next message for the connection; see [`Ledger::hand_over`].
    pub(crate) fn hand_over(&mut self) -> Option<Outgoing> {
        // The program may have stopped it this very moment: then everything is settled already.
        let next = if self.machine.hands_over() { self.ledger.hand_over() } else { None };
        self.unflushed.extend(next.iter().map(|next| next.id));
        next
    }

    /// Nobody will read any more. What has come and what comes is discarded, so that the connection
    /// lives on.
    pub(crate) fn drop_reader(&mut self) {
        self.inbox.has_no_reader = true;
        self.inbox.clear();
    }

    /// How much may be taken from the connection; `None` means to wait until there is work.
    pub(crate) fn room_to_read(&mut self) -> Option<Bound> {
        let room = self.inbox.room();
        self.inbox.driver_waits = room.is_none();
        self.inbox.is_over_bound &= room.is_none();
        room
    }

    /// Whether a connection that has ended while the inbox is full may add all that it holds: only
    /// once, so that a program that never reads does not collect one connection's after the other.
    pub(crate) fn may_pass_bound(&mut self) -> bool {
        !std::mem::replace(&mut self.inbox.is_over_bound, true)
    }

    /// Takes what has come from the connection.
    pub(crate) fn receive(&mut self, messages: &mut Vec<Message>) {
        if matches!(self.phase(), Phase::Open { .. }) && !self.inbox.has_no_reader {
            self.inbox.bytes += messages.iter().map(Message::len).sum::<usize>();
            self.inbox.messages.extend(messages.drain(..));
        }
        messages.clear();
    }

    /// What the program reads next: `None` if it has to wait, `Some(None)` at the end.
    pub(crate) fn read(&mut self) -> Option<Option<Result<Message, Error>>> {
        if let Some(message) = self.inbox.messages.pop_front() {
            self.inbox.bytes -= message.len();
            return Some(Some(Ok(message)));
        }
        let error = self.stop_cause()?.cause().and_then(|cause| cause.error().cloned());
        let error = error.filter(|_| !self.has_told_error);
        self.has_told_error = true;
        Some(error.map(Err))
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            version: self.version,
            counts: self.ledger.counts(),
            unread: self.inbox.messages.len(),
            has_room: self.ledger.has_room(),
            is_dropped: self.is_dropped,
        }
    }

    fn wakes_since(&mut self, before: &Snapshot) -> PendingWakes {
        let after = self.snapshot();
        let has_new_phase = after.version != before.version;
        let has_more_to_send = before.counts.waiting == 0 && after.counts.waiting > 0;
        let may_read_again = self.inbox.driver_waits && self.inbox.has_much_room();
        self.inbox.driver_waits &= !may_read_again;
        PendingWakes {
            driver: has_new_phase
                || may_read_again
                || has_more_to_send && self.machine.hands_over(),
            reader: after.unread > before.unread || has_new_phase && self.stop_cause().is_some(),
            sink: after.has_room && !before.has_room
                || self.flush_mark.0.is_some_and(|(place, _)| self.is_flushed(MessageId(place)))
                || has_new_phase && !self.accepts(),
            states: has_new_phase,
            counts: after.counts != before.counts || after.is_dropped != before.is_dropped,
        }
    }

    /// Whether the program has dropped both halves.
    pub(crate) fn is_dropped(&self) -> bool {
        self.is_dropped
    }
}

impl Inbox {
    /// How much more may come; `None` if it is full.
    fn room(&self) -> Option<Bound> {
        if self.has_no_reader {
            return Some(Bound { messages: usize::MAX, bytes: usize::MAX });
        }
        let messages = self.bound.messages.saturating_sub(self.messages.len());
        let bytes = self.bound.bytes.saturating_sub(self.bytes);
        (messages > 0 && bytes > 0).then_some(Bound { messages, bytes })
    }

    /// Whether it pays to wake the driver: a full inbox is filled again by many messages at once,
    /// and not each time that one is read.
    fn has_much_room(&self) -> bool {
        let is_much = |used: usize, bound: usize| used <= bound / 4 * 3;
        is_much(self.messages.len(), self.bound.messages) && is_much(self.bytes, self.bound.bytes)
    }

    fn clear(&mut self) {
        self.messages.clear();
        self.bytes = 0;
    }
}
