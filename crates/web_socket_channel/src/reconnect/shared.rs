//! What the program's handles and the driver share, under one lock, and who is woken for what.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::task::Context;
use std::time::Duration;

use bytestring::ByteString;
use web_time::Instant;

use super::State;
use super::cause::StopCause;
use super::ledger::{Counts, Ledger, Outgoing};
use super::machine::{Event, Machine, Phase};
use super::policy::Policy;
use super::time::Time;
use crate::close::CloseEvent;
use crate::error::Error;
use crate::message::Message;
use crate::queue::Bound;
use crate::waiters::Waiters;

/// One reconnecting channel.
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    started: Instant,
    now: Box<dyn Fn() -> Duration + Send + Sync>,
    /// Those who wait for something, each for news of one kind.
    driver: Waiters,
    reader: Waiters,
    writer: Waiters,
    pub(crate) states: Waiters,
    pub(crate) counts: Waiters,
}

/// Of the first three there is one each.
const ONLY: u64 = 0;

/// What is behind the lock.
pub(crate) struct Inner {
    machine: Machine,
    /// Counts the phases, so that whoever has seen one knows it again.
    version: u64,
    pub(crate) ledger: Ledger,
    pub(crate) facts: Facts,
    inbox: Inbox,
    resends_in_doubt: bool,
    has_told_error: bool,
    /// The program has dropped everything.
    is_dropped: bool,
}

/// What is known of the present connection, or of the last one.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    pub(crate) url: Option<ByteString>,
    pub(crate) protocol: Option<ByteString>,
    pub(crate) extensions: ByteString,
    pub(crate) close_event: Option<CloseEvent>,
}

/// What has come and was not read yet.
struct Inbox {
    bound: Bound,
    messages: VecDeque<Message>,
    bytes: usize,
    /// The driver has found it full, and goes on when there is room again.
    driver_waits: bool,
}

/// What somebody waits for.
#[derive(Default)]
struct News {
    has_work: bool,
    has_message: bool,
    has_room: bool,
    has_phase: bool,
    has_counts: bool,
}

/// What the news are told by.
#[derive(PartialEq, Eq)]
struct Mark {
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
            facts: Facts::default(),
            inbox: Inbox {
                bound: policy.inbox,
                messages: VecDeque::new(),
                bytes: 0,
                driver_waits: false,
            },
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
            writer: Waiters::default(),
            states: Waiters::default(),
            counts: Waiters::default(),
        }
    }

    /// For the program: does something, and wakes whoever waited for what came of it.
    pub(crate) fn ask<T>(&self, ask: impl FnOnce(&mut Inner) -> T) -> T {
        let (answer, news) = self.change(ask);
        self.tell(&news);
        answer
    }

    /// The same for the driver, which needs not be woken for what it does itself.
    pub(crate) fn drive<T>(&self, drive: impl FnOnce(&mut Inner) -> T) -> T {
        let (answer, news) = self.change(drive);
        self.tell(&News { has_work: false, ..news });
        answer
    }

    /// Something happens.
    pub(crate) fn on(&self, event: Event) {
        let now = (self.now)();
        self.ask(|inner| inner.on(event, now));
    }

    /// The same for the driver.
    pub(crate) fn drive_on(&self, event: Event) {
        let now = (self.now)();
        self.drive(|inner| inner.on(event, now));
    }

    /// The driver waits for work. To be called before it looks whether there is any.
    pub(crate) fn await_work(&self, cx: &Context<'_>) {
        self.driver.register(ONLY, cx);
    }

    /// The program waits for a message; as above.
    pub(crate) fn await_message(&self, cx: &Context<'_>) {
        self.reader.register(ONLY, cx);
    }

    /// The program waits for room; as above.
    pub(crate) fn await_room(&self, cx: &Context<'_>) {
        self.writer.register(ONLY, cx);
    }

    /// What the program is told of the phase, and its number.
    pub(crate) fn state(&self) -> (u64, State) {
        let (version, phase) = self.ask(|inner| (inner.version, inner.phase().clone()));
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

    fn change<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> (T, News) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let before = inner.mark();
        let answer = change(&mut inner);
        let news = inner.news(&before);
        (answer, news)
    }

    /// Called with no lock held: whoever is woken may call back.
    fn tell(&self, news: &News) {
        for (is_news, waiters) in [
            (news.has_work, &self.driver),
            (news.has_message, &self.reader),
            (news.has_room, &self.writer),
            (news.has_phase, &self.states),
            (news.has_counts, &self.counts),
        ] {
            if is_news {
                waiters.wake_all();
            }
        }
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
        let has_arrived = matches!(event, Event::Closed { has_arrived: true });
        let handed_over = self.machine.hands_over();
        if !self.machine.on(event, now) {
            return;
        }
        self.version += 1;
        if handed_over && !self.machine.hands_over() {
            self.ledger.lost(has_arrived);
            if self.resends_in_doubt && self.accepts() {
                self.ledger.resend_in_doubt();
            }
        }
        let is_asked_for = matches!(
            self.phase(),
            Phase::Closing { .. } | Phase::Stopped { cause: StopCause::Asked, .. }
        );
        if is_asked_for {
            // As by any channel: nothing is delivered after a local close.
            self.inbox.clear();
        }
    }

    /// The next message for the connection; see [`Ledger::hand_over`].
    pub(crate) fn hand_over(&mut self) -> Option<Outgoing> {
        // The program may have stopped it this very moment: then everything is settled already.
        if self.machine.hands_over() { self.ledger.hand_over() } else { None }
    }

    /// How much may be taken from the connection; nothing means to wait until there is work.
    pub(crate) fn room_to_read(&mut self) -> Bound {
        let Inbox { bound, messages, bytes, .. } = &self.inbox;
        let room = Bound {
            messages: bound.messages.saturating_sub(messages.len()),
            bytes: bound.bytes.saturating_sub(*bytes),
        };
        self.inbox.driver_waits = room.messages == 0 || room.bytes == 0;
        room
    }

    /// Takes what has come from the connection.
    pub(crate) fn receive(&mut self, messages: &mut Vec<Message>) {
        if matches!(self.phase(), Phase::Open { .. }) {
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

    fn mark(&self) -> Mark {
        Mark {
            version: self.version,
            counts: self.ledger.counts(),
            unread: self.inbox.messages.len(),
            has_room: self.ledger.has_room(),
            is_dropped: self.is_dropped,
        }
    }

    fn news(&mut self, before: &Mark) -> News {
        let after = self.mark();
        let has_phase = after.version != before.version;
        let has_more_to_send = before.counts.waiting == 0 && after.counts.waiting > 0;
        let may_read_again = self.inbox.driver_waits && self.inbox.has_much_room();
        self.inbox.driver_waits &= !may_read_again;
        News {
            has_work: has_phase || may_read_again || has_more_to_send && self.machine.hands_over(),
            has_message: after.unread > before.unread || has_phase && self.stop_cause().is_some(),
            has_room: after.has_room && !before.has_room || has_phase && !self.accepts(),
            has_phase,
            has_counts: after.counts != before.counts || after.is_dropped != before.is_dropped,
        }
    }

    /// Whether the program holds no handle any more.
    pub(crate) fn is_dropped(&self) -> bool {
        self.is_dropped
    }
}

impl Inbox {
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
