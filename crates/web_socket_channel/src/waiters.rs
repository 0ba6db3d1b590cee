//! The wakers of those who wait for the same news, each at a place of its own.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

/// Who waits. Each has a place, so that whoever waits again takes the place of before, and whoever
/// is gone can give it up: where nothing happens the wakers of futures long gone would pile up.
#[derive(Default)]
pub(crate) struct Waiters {
    wakers: Mutex<Vec<(u64, Waker)>>,
    next_place: AtomicU64,
}

/// Places below this one are nobody's until their owner takes them: for those of whom there is one.
const FIRST_SHARED_PLACE: u64 = 16;

impl Waiters {
    /// A place that nobody else has.
    pub(crate) fn new_place(&self) -> u64 {
        self.next_place.fetch_add(1, Ordering::Relaxed) + FIRST_SHARED_PLACE
    }

    /// Keeps the waker, instead of the one that was at this place before. That is given back, as it
    /// is not to be dropped under a lock: it may be the last to hold a task, and with it a future
    /// that gives up its place here.
    #[must_use = "it is dropped outside of every lock"]
    pub(crate) fn add(&self, place: u64, cx: &Context<'_>) -> Option<Waker> {
        let mut wakers = self.lock();
        let waker = wakers.iter_mut().find(|(taken, _)| *taken == place).map(|(_, waker)| waker);
        match waker {
            Some(waker) if waker.will_wake(cx.waker()) => None,
            Some(waker) => Some(mem::replace(waker, cx.waker().clone())),
            None => {
                wakers.push((place, cx.waker().clone()));
                None
            }
        }
    }

    pub(crate) fn remove(&self, place: u64) {
        let mut wakers = self.lock();
        let at = wakers.iter().position(|(taken, _)| *taken == place);
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

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}
