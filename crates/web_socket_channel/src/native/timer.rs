//! A clock that strikes once, by tokio's.

use std::future::Future as _;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use super::executor::{Executor, Runtime};

/// A clock that strikes once.
pub(crate) struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Strikes after that time. It may be made outside of a runtime, or in one that has no timer, by
    /// whoever polls it anywhere.
    pub(crate) fn new(after: Duration) -> Self {
        let on = |runtime| {
            let executor = Executor::of(&runtime).ok()?;
            // It panics where the runtime was built without its timer.
            catch_unwind(|| executor.enter(|| Box::pin(sleep(after)))).ok()
        };
        // Where no thread can be started there is no clock, and it never strikes.
        Self(on(Runtime::Caller).or_else(|| on(Runtime::OwnThread)))
    }

    /// Whether it has struck.
    ///
    /// It looks at the time as well: tokio gives a task a budget, a socket that always has data
    /// uses it up, and what is left then says "not yet" whatever the time is.
    pub(crate) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(sleep) = &mut self.0 else { return Poll::Pending };
        if sleep.as_mut().poll(cx).is_ready() || sleep.deadline() <= Instant::now() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::io;
    use std::pin::pin;
    use tokio::runtime::Builder;

    /// As it happens to a socket that always has something to read.
    #[test]
    fn strikes_though_the_budget_is_used_up() -> io::Result<()> {
        Builder::new_current_thread().enable_all().build()?.block_on(poll_fn(|cx| {
            while pin!(tokio::task::consume_budget()).poll(cx).is_ready() {}
            let mut sleep = Box::pin(sleep(Duration::ZERO));
            assert!(sleep.as_mut().poll(cx).is_pending(), "which is why poll_due is there");
            assert!(Timer(Some(sleep)).poll_due(cx).is_ready());
            Poll::Ready(())
        }));
        Ok(())
    }

    /// Executors other than tokio's have no clock to offer.
    #[test]
    fn strikes_without_a_runtime() {
        let mut timer = Timer::new(Duration::from_millis(1));
        futures::executor::block_on(poll_fn(|cx| timer.poll_due(cx)));
    }

    #[test]
    fn strikes_in_a_runtime_without_a_timer() -> io::Result<()> {
        let mut timer = Builder::new_current_thread()
            .build()?
            .block_on(async { Timer::new(Duration::from_millis(1)) });
        futures::executor::block_on(poll_fn(|cx| timer.poll_due(cx)));
        Ok(())
    }
}
