//! One direction of a connection: a bounded queue of messages that owns its accounting, and beside
//! it what happened to the connection, which overtakes no message and drains none.
//!
//! A lock and a wake are paid for each batch and not for each message: the reader swaps its empty
//! batch for the full one. What the reader has taken counts against the bound until the reader says
//! that it is done with it, so that a batch never doubles the memory.

use std::collections::VecDeque;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use atomic_waker::AtomicWaker;

use crate::flush_mark::FlushMark;
use crate::message::Message;
use crate::signal::{Opened, Signal};
use crate::tap::{Tap, TapEvent};
use crate::waiters::Waiters;

/// How much may wait in a queue.
///
/// Both are high-water marks: a queue is full once it is at or over one of them, so the last
/// message let in may pass the mark. The size of single messages has limits of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// In messages.
    pub messages: usize,
    /// In bytes of payload.
    pub bytes: usize,
}

impl Bound {
    /// More than any queue ever holds.
    pub(crate) const UNLIMITED: Self = Self { messages: usize::MAX, bytes: usize::MAX };

    pub(crate) fn add(&mut self, message: &Message) {
        self.messages += 1;
        self.bytes += message.len();
    }

    /// What is left of it beside `used`.
    pub(crate) fn minus(self, used: Self) -> Self {
        Self {
            messages: self.messages.saturating_sub(used.messages),
            bytes: self.bytes.saturating_sub(used.bytes),
        }
    }

    pub(crate) fn has_room(self) -> bool {
        self.messages > 0 && self.bytes > 0
    }
}

/// The end of a queue where messages are put in.
pub(crate) struct Sender(Arc<Queue>);

/// The end of a queue where messages are taken out.
pub(crate) struct Receiver(Arc<Queue>);

/// The far ends of a channel's two queues: what a transport is given to work with.
pub struct Ends {
    /// Takes what the transport has to say.
    pub(crate) incoming: Sender,
    /// Gives what the channel has to say.
    pub(crate) outgoing: Receiver,
}

struct Queue {
    bound: Bound,
    /// Who looks at what is put in, if anybody does.
    tap: Option<Tap>,
    /// What was put in and not yet released by the reader.
    messages: AtomicUsize,
    bytes: AtomicUsize,
    /// How many messages the reader has released in all.
    released: AtomicU64,
    /// Whether messages lie in the queue. Written under the lock only.
    has_messages: AtomicBool,
    /// Whether something has happened that nobody has taken. Written under the lock only.
    has_events: AtomicBool,
    /// Nobody will read what is put in any more: it is dropped.
    is_discarding: AtomicBool,
    /// The one who waits for messages.
    reader: AtomicWaker,
    /// The one who waits for room, or for everything to have left.
    writer: AtomicWaker,
    /// Everybody who waits for the connection to open or to end; messages don't wake them.
    event_waiters: Waiters,
    state: Mutex<State>,
}

/// State guarded by the mutex.
#[derive(Default)]
struct State {
    messages: VecDeque<Message>,
    opened: Option<Box<Opened>>,
    /// A `Close` or a `Fail`: the last thing that is said.
    end: Option<Signal>,
    /// An end was said, or the sender is gone: nothing more is taken in.
    is_closed: bool,
    sender_is_gone: bool,
}

/// A new, empty queue, and perhaps somebody who looks at what is put in.
pub(crate) fn queue(bound: Bound, tap: Option<Tap>) -> (Sender, Receiver) {
    let queue = Arc::new(Queue {
        bound,
        tap,
        messages: AtomicUsize::new(0),
        bytes: AtomicUsize::new(0),
        released: AtomicU64::new(0),
        has_messages: AtomicBool::new(false),
        has_events: AtomicBool::new(false),
        is_discarding: AtomicBool::new(false),
        reader: AtomicWaker::new(),
        writer: AtomicWaker::new(),
        event_waiters: Waiters::default(),
        state: Mutex::default(),
    });
    (Sender(Arc::clone(&queue)), Receiver(queue))
}

/// Why a message was not taken in.
pub(crate) enum Unsent {
    /// There is no room.
    Full(Message),
    /// An end was said.
    Closed(Message),
}

impl Sender {
    /// The bound that the queue was made with.
    pub(crate) fn bound(&self) -> Bound {
        self.0.bound
    }

    /// Puts in a message if there is room, else gives it back.
    pub(crate) fn try_send(&self, message: Message) -> Result<(), Unsent> {
        self.put(message, true)
    }

    /// Puts in a message whatever the bound says; gives it back after the end.
    pub(crate) fn send(&self, message: Message) -> Result<(), Unsent> {
        self.put(message, false)
    }

    fn put(&self, message: Message, is_bounded: bool) -> Result<(), Unsent> {
        let queue = &*self.0;
        let bytes = message.len();
        let is_first = {
            let mut state = queue.lock();
            if state.is_closed {
                return Err(Unsent::Closed(message));
            }
            if is_bounded && !queue.room().has_room() {
                return Err(Unsent::Full(message));
            }
            let is_first = state.messages.is_empty();
            if !queue.is_discarding() {
                queue.messages.fetch_add(1, Ordering::Relaxed);
                queue.bytes.fetch_add(bytes, Ordering::Relaxed);
                state.messages.push_back(message);
                queue.has_messages.store(true, Ordering::Release);
            }
            is_first
        };
        // Only now is it known that it goes in.
        if let Some(tap) = &queue.tap {
            tap.see(TapEvent::Arrived { bytes });
            tap.see(TapEvent::Queued { messages: 1 });
        }
        // Whoever put the first wakes the reader, which takes all that are there.
        if is_first {
            queue.reader.wake();
        }
        Ok(())
    }

    /// Says that a message has arrived that a later [`send_batch`](Self::send_batch) puts in.
    #[allow(dead_code, reason = "a browser's events come singly")]
    pub(crate) fn arrived(&self, bytes: usize) {
        if let Some(tap) = &self.0.tap {
            tap.see(TapEvent::Arrived { bytes });
        }
    }

    /// Puts in all of `batch` and leaves it empty. The caller has seen room for it, and has said of
    /// each message that it [`arrived`](Self::arrived).
    #[allow(dead_code, reason = "a browser's events come singly")]
    pub(crate) fn send_batch(&self, batch: &mut VecDeque<Message>) {
        let queue = &*self.0;
        if batch.is_empty() {
            return;
        }
        if let Some(tap) = &queue.tap {
            tap.see(TapEvent::Queued { messages: batch.len() });
        }
        {
            let mut state = queue.lock();
            if !state.is_closed && !queue.is_discarding() {
                queue.messages.fetch_add(batch.len(), Ordering::Relaxed);
                let bytes = batch.iter().map(Message::len).sum();
                queue.bytes.fetch_add(bytes, Ordering::Relaxed);
                if state.messages.is_empty() {
                    mem::swap(&mut state.messages, batch);
                } else {
                    state.messages.append(batch);
                }
                queue.has_messages.store(true, Ordering::Release);
            }
        }
        batch.clear();
        queue.reader.wake();
    }

    /// The connection is open.
    pub(crate) fn open(&self, opened: Opened) {
        self.0.event(|state| state.opened = Some(Box::new(opened))).wake();
    }

    /// Says the last thing, a `Close` or a `Fail`, and wakes who waits. It comes behind every
    /// message.
    pub(crate) fn end(&self, end: Signal) {
        self.end_under_lock(end).wake();
    }

    /// The same for one who holds a lock, and wakes when it is given back.
    pub(crate) fn end_under_lock(&self, end: Signal) -> PendingWakes<'_> {
        // Before it is in, as the reader may be faster than whoever looks.
        if let Some(tap) = &self.0.tap
            && !self.0.lock().is_closed
        {
            tap.see(TapEvent::Ended);
        }
        self.0.event(|state| {
            if !state.is_closed {
                state.is_closed = true;
                state.end = Some(end);
            }
        })
    }

    /// Nothing more is taken in, and there is nobody to be told.
    pub(crate) fn shut(&self) {
        self.0.lock().is_closed = true;
    }

    /// Says that nobody is left who might put anything in.
    pub(crate) fn abandon(&self) {
        let abandon = |state: &mut State| {
            state.is_closed = true;
            state.sender_is_gone = true;
        };
        self.0.event(abandon).wake();
    }

    /// How much may be put in; waits until that is something.
    pub(crate) fn poll_room(&self, cx: &Context<'_>) -> Poll<Bound> {
        if let room @ Bound { messages: 1.., bytes: 1.. } = self.0.room_to_send() {
            return Poll::Ready(room);
        }
        self.0.writer.register(cx.waker());
        // It may have come in between.
        let room = self.0.room_to_send();
        if room.has_room() { Poll::Ready(room) } else { Poll::Pending }
    }

    /// Waits until the reader has released everything up to the mark, or is gone; says whether it has.
    pub(crate) fn poll_drained(&self, mark: &mut FlushMark, cx: &Context<'_>) -> Poll<bool> {
        self.0.writer.register(cx.waker());
        // In this order: what is released in between is waited for, if once too often.
        let waiting = self.waiting().messages as u64;
        let released = self.0.released.load(Ordering::Acquire);
        if mark.is_reached(released + waiting, |place| waiting == 0 || place <= released) {
            Poll::Ready(true)
        } else if self.is_discarding() {
            Poll::Ready(false)
        } else {
            Poll::Pending
        }
    }

    /// What was put in and not yet released by the reader.
    pub(crate) fn waiting(&self) -> Bound {
        self.0.waiting()
    }

    /// Whether nobody reads what is put in any more.
    pub(crate) fn is_discarding(&self) -> bool {
        self.0.is_discarding()
    }

    /// What wakes the reader, to be done with no lock held, as a waker is somebody else's code. `None` if it has not
    /// begun to wait since it was woken last.
    pub(crate) fn take_reader(&self) -> Option<Waker> {
        self.0.reader.take()
    }
}

impl Receiver {
    /// Moves what is there into `batch`, which is empty.
    pub(crate) fn take(&self, batch: &mut VecDeque<Message>) {
        if self.0.has_messages.load(Ordering::Acquire) {
            let mut state = self.0.lock();
            mem::swap(&mut state.messages, batch);
            self.0.has_messages.store(false, Ordering::Release);
        }
    }

    /// The same, for the one who waits for messages: if nothing is there, what comes wakes.
    pub(crate) fn poll_take(&self, cx: &Context<'_>, batch: &mut VecDeque<Message>) -> Poll<()> {
        self.take(batch);
        if batch.is_empty() {
            self.register(cx);
            self.take(batch);
        }
        if batch.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Has messages and events wake, which are to be looked for only then.
    pub(crate) fn register(&self, cx: &Context<'_>) {
        self.0.reader.register(cx.waker());
    }

    /// Says that so much of what was taken is done with, which may make room for writers.
    pub(crate) fn release(&self, done: Bound) {
        if done != Bound::default() {
            self.0.released.fetch_add(done.messages as u64, Ordering::Release);
            self.0.messages.fetch_sub(done.messages, Ordering::Release);
            self.0.bytes.fetch_sub(done.bytes, Ordering::Release);
            self.0.writer.wake();
        }
    }

    /// The bound that the queue was made with.
    pub(crate) fn bound(&self) -> Bound {
        self.0.bound
    }

    /// Whether [`take_events`](Self::take_events) has anything to give. It costs no lock.
    pub(crate) fn has_events(&self) -> bool {
        self.0.has_events.load(Ordering::Acquire)
    }

    /// What has happened since the last time: that the connection is open, how it ended, and
    /// whether the sender is gone.
    pub(crate) fn take_events(&self) -> Events {
        let mut state = self.0.lock();
        self.0.has_events.store(false, Ordering::Relaxed);
        let (opened, end) = (state.opened.take(), state.end.take());
        Events { opened, end, sender_is_gone: state.sender_is_gone }
    }

    /// The wakes that are due when an event is found out at this end.
    pub(crate) fn wakes(&self) -> PendingWakes<'_> {
        PendingWakes(&self.0)
    }

    /// Those who wait for events.
    pub(crate) fn event_waiters(&self) -> &Waiters {
        &self.0.event_waiters
    }

    /// From now on nobody reads: what is there and what comes is dropped.
    pub(crate) fn discard(&self) {
        self.0.discard();
    }

    pub(crate) fn is_discarding(&self) -> bool {
        self.0.is_discarding()
    }
}

/// What has happened to a connection since somebody last looked.
pub(crate) struct Events {
    pub(crate) opened: Option<Box<Opened>>,
    /// A `Close` or a `Fail`.
    pub(crate) end: Option<Signal>,
    /// Nobody is left who could say how it ended.
    pub(crate) sender_is_gone: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under this lock, so poison carries no information.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> Bound {
        Bound {
            messages: self.messages.load(Ordering::Acquire),
            bytes: self.bytes.load(Ordering::Acquire),
        }
    }

    fn room(&self) -> Bound {
        self.bound.minus(self.waiting())
    }

    /// What is put in where nobody reads falls through, however much had been there.
    fn room_to_send(&self) -> Bound {
        if self.is_discarding() { Bound::UNLIMITED } else { self.room() }
    }

    fn is_discarding(&self) -> bool {
        self.is_discarding.load(Ordering::Acquire)
    }

    fn discard(&self) {
        let unread = {
            let mut state = self.lock();
            self.is_discarding.store(true, Ordering::Release);
            self.has_messages.store(false, Ordering::Relaxed);
            mem::take(&mut state.messages)
        };
        // Dropped with no lock held: the memory may be the program's own, and do anything. It still
        // counts, as a browser's `bufferedAmount` does where the connection ended before.
        drop(unread);
        self.writer.wake();
    }

    /// Something happens to the connection: everybody is to be told who waits for anything.
    fn event(&self, happen: impl FnOnce(&mut State)) -> PendingWakes<'_> {
        let mut state = self.lock();
        happen(&mut state);
        self.has_events.store(true, Ordering::Release);
        PendingWakes(self)
    }
}

/// Wakes that are due, for everybody who waits at a queue. To be done with no lock held, as a waker
/// is somebody else's code.
#[must_use = "somebody waits for this"]
pub(crate) struct PendingWakes<'queue>(&'queue Queue);

impl PendingWakes<'_> {
    pub(crate) fn wake(self) {
        self.0.reader.wake();
        self.0.writer.wake();
        self.0.event_waiters.wake_all();
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.abandon();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.0.discard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_counts_until_it_is_released() {
        let (sender, receiver) = queue(Bound { messages: 1, bytes: 100 }, None);
        assert!(sender.try_send("abc".into()).is_ok());
        let mut batch = VecDeque::new();
        receiver.take(&mut batch);
        assert_eq!(sender.waiting(), Bound { messages: 1, bytes: 3 });
        assert!(matches!(sender.try_send("d".into()), Err(Unsent::Full(_))));
        receiver.release(Bound { messages: 1, bytes: 3 });
        assert!(sender.try_send("d".into()).is_ok());
    }
}
