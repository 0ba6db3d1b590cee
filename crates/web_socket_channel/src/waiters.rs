//! The wakers of those who wait for the same news, each in a slot of its own.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

/// A list of wakers. Each has a slot, so that whoever waits again takes the slot of before, and whoever
/// is gone can give it up: where nothing happens the wakers of futures long gone would pile up.
#[derive(Default)]
pub(crate) struct Waiters {
    wakers: Mutex<Vec<(u64, Waker)>>,
    next_slot: AtomicU64,
}

/// Slots below this one belong to those who take them by number: those of whom there is one.
const FIRST_SHARED_SLOT: u64 = 16;

impl Waiters {
    /// A slot that nobody else has.
    pub(crate) fn new_slot(&self) -> u64 {
        self.next_slot.fetch_add(1, Ordering::Relaxed) + FIRST_SHARED_SLOT
    }

    /// Keeps the waker, instead of the one that was in this slot before. Call it with no lock held: a
    /// waker that is dropped may be the last to hold a task, and with it a future that gives up its
    /// slot here.
    pub(crate) fn register(&self, slot: u64, cx: &Context<'_>) {
        let mut wakers = self.lock();
        let former = match wakers.iter_mut().find(|(taken, _)| *taken == slot) {
            Some((_, waker)) if waker.will_wake(cx.waker()) => None,
            Some((_, waker)) => Some(mem::replace(waker, cx.waker().clone())),
            None => {
                wakers.push((slot, cx.waker().clone()));
                None
            }
        };
        drop(wakers);
        drop(former);
    }

    pub(crate) fn remove(&self, slot: u64) {
        let mut wakers = self.lock();
        let at = wakers.iter().position(|(taken, _)| *taken == slot);
        let former = at.map(|at| wakers.swap_remove(at));
        drop(wakers);
        drop(former);
    }

    /// Wakes everybody, once.
    pub(crate) fn wake_all(&self) {
        let wakers = mem::take(&mut *self.lock());
        for (_, waker) in wakers {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Waker)>> {
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
