//! What a program waits for: the next state, other counts, the end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use super::ledger::Counts;
use super::shared::Shared;
use super::state::{State, Undelivered};
use crate::waiters::Waiters;

/// The states of a channel; see [`ReconnectHandle::states`](super::ReconnectHandle::states).
pub struct States {
    slot: WaiterSlot,
    seen: Option<u64>,
    has_ended: bool,
}

/// What waits and what is in doubt, from change to change; see
/// [`ReconnectHandle::counts_changes`](super::ReconnectHandle::counts_changes).
pub struct CountsChanges {
    slot: WaiterSlot,
    seen: Option<Counts>,
    has_ended: bool,
}

/// Resolves when the channel has stopped; see
/// [`ReconnectHandle::ended`](super::ReconnectHandle::ended). It need not be awaited.
pub struct Ended {
    slot: WaiterSlot,
}

/// A slot among those who wait for one kind of change, given up when it is dropped.
struct WaiterSlot {
    shared: Arc<Shared>,
    waiters: fn(&Shared) -> &Waiters,
    number: u64,
}

impl States {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        let slot = WaiterSlot::new(shared, |shared| &shared.states);
        Self { slot, seen: None, has_ended: false }
    }
}

impl CountsChanges {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        let slot = WaiterSlot::new(shared, |shared| &shared.counts);
        Self { slot, seen: None, has_ended: false }
    }
}

impl Ended {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        Self { slot: WaiterSlot::new(shared, |shared| &shared.states) }
    }
}

impl WaiterSlot {
    fn new(shared: &Arc<Shared>, waiters: fn(&Shared) -> &Waiters) -> Self {
        let number = waiters(shared).new_slot();
        Self { shared: Arc::clone(shared), waiters, number }
    }

    /// To be called before looking, so that a change that comes in between wakes.
    fn wait(&self, cx: &Context<'_>) {
        (self.waiters)(&self.shared).register(self.number, cx);
    }
}

impl Drop for WaiterSlot {
    fn drop(&mut self) {
        (self.waiters)(&self.shared).remove(self.number);
    }
}

impl Stream for States {
    type Item = State;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<State>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        self.slot.wait(cx);
        let (version, state) = self.slot.shared.state();
        if self.seen == Some(version) {
            return Poll::Pending;
        }
        self.seen = Some(version);
        self.has_ended = matches!(state, State::Stopped { .. });
        Poll::Ready(Some(state))
    }
}

impl FusedStream for States {
    fn is_terminated(&self) -> bool {
        self.has_ended
    }
}

impl Stream for CountsChanges {
    type Item = Counts;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Counts>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        self.slot.wait(cx);
        let (counts, is_dropped) =
            self.slot.shared.update(|inner| (inner.ledger.counts(), inner.is_dropped()));
        if self.seen != Some(counts) {
            self.seen = Some(counts);
            Poll::Ready(Some(counts))
        } else if is_dropped {
            self.has_ended = true;
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    }
}

impl FusedStream for CountsChanges {
    fn is_terminated(&self) -> bool {
        self.has_ended
    }
}

impl Future for Ended {
    type Output = Undelivered;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Undelivered> {
        self.slot.wait(cx);
        let undelivered = self.slot.shared.update(|inner| inner.undelivered());
        undelivered.map_or(Poll::Pending, Poll::Ready)
    }
}
