//! A bounded queue of signals between a channel and its transport, handed over a batch at a time.
//!
//! A wake, a lock and a flush are paid for each batch and not for each message: the reader swaps
//! its empty `Vec` for the full one. What the reader has taken still counts against the bound
//! until it says that it is done with it, so that a batch never doubles the memory.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::message::Message;
use crate::signal::Signal;
use crate::tap::{Passage, Tap};

/// How much may wait in a queue.
///
/// Both are high-water marks: a queue is full once it is at or over one of them, so the last
/// message let in may pass the mark. The size of single messages has limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// In messages.
    pub messages: usize,
    /// In bytes of payload.
    pub bytes: usize,
}

/// Where signals are put in.
pub(crate) struct Inlet(Arc<Shared>);

/// Where signals are taken out.
pub(crate) struct Outlet(Arc<Shared>);

/// The far ends of a channel's two mailboxes: what a transport is given to work with.
pub struct Ends {
    /// Takes what the transport has to say.
    pub(crate) incoming: Inlet,
    /// Gives what the channel has to say.
    pub(crate) outgoing: Outlet,
}

/// The wakes that an operation owes: at most one for each place where somebody may wait. They are
/// paid outside of every lock, by [`Owed::pay`].
#[must_use = "somebody waits for this"]
#[derive(Default)]
pub(crate) struct Owed {
    reader: Option<Waker>,
    writer: Option<Waker>,
}

struct Shared {
    bound: Bound,
    /// False while the reader has taken everything and its waker waits for more. Written under
    /// the lock only, and true at first, as no reader has been there yet.
    has_news: AtomicBool,
    /// Who looks at what is put in, if anybody does.
    tap: Option<Tap>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    queue: Vec<Signal>,
    /// What was put in and not yet released by the reader.
    messages: usize,
    bytes: usize,
    /// Who waits for something to take. Each end of a mailbox belongs to one task at a time, so
    /// there is at most one.
    reader: Option<Waker>,
    /// Who waits for room.
    writer: Option<Waker>,
    inlet_is_gone: bool,
    outlet_is_gone: bool,
}

/// A new, empty mailbox.
pub(crate) fn mailbox(bound: Bound) -> (Inlet, Outlet) {
    mailbox_with(bound, None)
}

/// The same, and somebody looks at what is put in.
pub(crate) fn mailbox_with(bound: Bound, tap: Option<Tap>) -> (Inlet, Outlet) {
    let has_news = AtomicBool::new(true);
    let shared = Arc::new(Shared { bound, has_news, tap, state: Mutex::default() });
    (Inlet(Arc::clone(&shared)), Outlet(shared))
}

impl Inlet {
    /// The bound it was made with.
    pub(crate) fn bound(&self) -> Bound {
        self.0.bound
    }

    /// Puts in a signal whatever the bound says: for open, close and fail, of which there are few.
    pub(crate) fn put(&self, signal: Signal) -> Owed {
        // Before it is in, as the reader may be faster than whoever looks.
        if let Some(tap) = &self.0.tap {
            match &signal {
                Signal::Message(message) => see_message(tap, message.len()),
                Signal::Close(_) | Signal::Fail(_) => tap.see(Passage::Ended),
                Signal::Open(_) => {}
            }
        }
        let mut state = self.0.lock();
        state.push(signal);
        self.0.wake_reader(&mut state)
    }

    /// Puts in a message if there is room, else gives it back.
    pub(crate) fn try_put(&self, message: Message) -> Result<Owed, Message> {
        let bytes = message.len();
        let owed = {
            let mut state = self.0.lock();
            if !state.has_room(self.0.bound) {
                return Err(message);
            }
            state.push(Signal::Message(message));
            self.0.wake_reader(&mut state)
        };
        // Only now is it known that it goes in.
        if let Some(tap) = &self.0.tap {
            see_message(tap, bytes);
        }
        Ok(owed)
    }

    /// Says that a message has arrived that a later [`put_batch`](Self::put_batch) puts in.
    #[allow(dead_code, reason = "a browser's events come singly")]
    pub(crate) fn arrived(&self, bytes: usize) {
        if let Some(tap) = &self.0.tap {
            tap.see(Passage::Arrived { bytes });
        }
    }

    /// Puts in all of `batch` and leaves it empty. The caller has seen room for it, and has said of
    /// each message that it [`arrived`](Self::arrived).
    #[allow(dead_code, reason = "a browser's events come singly")]
    pub(crate) fn put_batch(&self, batch: &mut Vec<Signal>) -> Owed {
        if batch.is_empty() {
            return Owed::default();
        }
        if let Some(tap) = &self.0.tap {
            let is_message = |signal: &&Signal| matches!(signal, Signal::Message(_));
            let messages = batch.iter().filter(is_message).count();
            if messages > 0 {
                tap.see(Passage::Put { messages });
            }
            if matches!(batch.last(), Some(Signal::Close(_) | Signal::Fail(_))) {
                tap.see(Passage::Ended);
            }
        }
        let mut state = self.0.lock();
        for signal in batch.drain(..) {
            state.push(signal);
        }
        self.0.wake_reader(&mut state)
    }

    /// Waits until one more message may be put in; then says how much.
    pub(crate) fn poll_room(&self, cx: &Context<'_>) -> Poll<Bound> {
        let mut state = self.0.lock();
        if state.outlet_is_gone {
            // What is put in falls through, however much had been there.
            return Poll::Ready(Bound { messages: usize::MAX, bytes: usize::MAX });
        }
        if state.has_room(self.0.bound) {
            return Poll::Ready(Bound {
                messages: self.0.bound.messages.saturating_sub(state.messages),
                bytes: self.0.bound.bytes.saturating_sub(state.bytes),
            });
        }
        let former = set_waker(&mut state.writer, cx);
        drop(state);
        drop(former);
        Poll::Pending
    }

    /// Bytes that were put in and not yet released.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.0.lock().bytes
    }
}

impl Outlet {
    /// The bound it was made with.
    pub(crate) fn bound(&self) -> Bound {
        self.0.bound
    }

    /// Whether the next [`poll_take`](Self::poll_take) may be anything else than `Pending`, for a
    /// reader that always waits with the same waker. It costs no lock.
    pub(crate) fn has_news(&self) -> bool {
        // Whoever has been told of the news by another way sees this too: what came before it, in
        // the writer, came before it here.
        self.0.has_news.load(Ordering::Relaxed)
    }

    /// Moves what is there to the end of `into`; waits if nothing is. `Ready(false)` is the end:
    /// nothing is there and the inlet is gone.
    pub(crate) fn poll_take(&self, cx: &Context<'_>, into: &mut Vec<Signal>) -> Poll<bool> {
        let mut state = self.0.lock();
        if state.take(into) {
            return Poll::Ready(true);
        }
        if state.inlet_is_gone {
            return Poll::Ready(false);
        }
        let former = set_waker(&mut state.reader, cx);
        self.0.has_news.store(false, Ordering::Relaxed);
        drop(state);
        drop(former);
        Poll::Pending
    }

    /// Says that so much of what was taken is done with, which may make room for writers.
    pub(crate) fn release(&self, messages: usize, bytes: usize) -> Owed {
        let mut state = self.0.lock();
        state.messages = state.messages.saturating_sub(messages);
        state.bytes = state.bytes.saturating_sub(bytes);
        if state.has_room(self.0.bound) {
            Owed { reader: None, writer: state.writer.take() }
        } else {
            Owed::default()
        }
    }
}

impl Owed {
    /// Owes what a later operation on the same mailboxes owes as well.
    pub(crate) fn add(&mut self, later: Self) {
        // A second waker from one place says that who waited there has looked since, and waits
        // anew: so the first one is of no use any more.
        if later.reader.is_some() {
            self.reader = later.reader;
        }
        if later.writer.is_some() {
            self.writer = later.writer;
        }
    }

    /// Wakes who waits. Call it with no lock held.
    pub(crate) fn pay(self) {
        if let Some(waker) = self.reader {
            waker.wake();
        }
        if let Some(waker) = self.writer {
            waker.wake();
        }
    }
}

/// A message that is put in as it arrives.
fn see_message(tap: &Tap, bytes: usize) {
    tap.see(Passage::Arrived { bytes });
    tap.see(Passage::Put { messages: 1 });
}

/// Gives the waker of before, which is not to be dropped under a lock: it may be the last to hold a
/// task, and with it who knows what.
#[must_use = "it is dropped outside of every lock"]
fn set_waker(place: &mut Option<Waker>, cx: &Context<'_>) -> Option<Waker> {
    if place.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
        return None;
    }
    place.replace(cx.waker().clone())
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under this lock, so poison carries no information.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_reader(&self, state: &mut State) -> Owed {
        self.has_news.store(true, Ordering::Relaxed);
        Owed { reader: state.reader.take(), writer: None }
    }
}

impl State {
    fn has_room(&self, bound: Bound) -> bool {
        self.messages < bound.messages && self.bytes < bound.bytes
    }

    fn push(&mut self, signal: Signal) {
        if self.outlet_is_gone {
            return;
        }
        if let Signal::Message(message) = &signal {
            self.messages += 1;
            self.bytes += message.len();
        }
        self.queue.push(signal);
    }

    fn take(&mut self, into: &mut Vec<Signal>) -> bool {
        if self.queue.is_empty() {
            return false;
        }
        if into.is_empty() {
            mem::swap(&mut self.queue, into);
        } else {
            into.append(&mut self.queue);
        }
        true
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        let owed = {
            let mut state = self.0.lock();
            state.inlet_is_gone = true;
            self.0.wake_reader(&mut state)
        };
        owed.pay();
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        let (owed, unread) = {
            let mut state = self.0.lock();
            state.outlet_is_gone = true;
            state.reader = None;
            (Owed { reader: None, writer: state.writer.take() }, mem::take(&mut state.queue))
        };
        drop(unread);
        owed.pay();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who waits for room and is told that there is none would ask for ever.
    #[test]
    fn a_full_mailbox_has_room_once_nobody_reads_it_any_more() {
        let (inlet, outlet) = mailbox(Bound { messages: 1, bytes: 3678 });
        let cx = Context::from_waker(Waker::noop());
        inlet.put(Signal::Message("raisin".into())).pay();
        assert_eq!(inlet.poll_room(&cx), Poll::Pending);
        drop(outlet);
        assert!(matches!(inlet.poll_room(&cx), Poll::Ready(Bound { messages: 1.., bytes: 1.. })));
    }

    /// What is not news is not looked at, so news that are none would be lost.
    #[test]
    fn there_is_news_until_the_reader_has_seen_all_of_it_and_waits() {
        let (inlet, outlet) = mailbox(Bound { messages: 3678, bytes: 3678 });
        let cx = Context::from_waker(Waker::noop());
        let mut taken = Vec::new();
        assert!(outlet.has_news(), "nobody has looked yet, so nobody would be woken");

        assert_eq!(outlet.poll_take(&cx, &mut taken), Poll::Pending);
        assert!(!outlet.has_news());

        inlet.put(Signal::Message("raisin".into())).pay();
        assert!(outlet.has_news());
        assert_eq!(outlet.poll_take(&cx, &mut taken), Poll::Ready(true));
        assert!(outlet.has_news(), "all is taken, and nobody would be woken");

        assert_eq!(outlet.poll_take(&cx, &mut taken), Poll::Pending);
        drop(inlet);
        assert!(outlet.has_news(), "the end is news too");
        assert_eq!(outlet.poll_take(&cx, &mut taken), Poll::Ready(false));
    }
}
