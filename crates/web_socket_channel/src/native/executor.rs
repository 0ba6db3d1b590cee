//! Where transports run: a tokio runtime, the program's or our own.

use std::any::Any;
use std::future::{Future, pending, poll_fn};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Handle};

use crate::error::RuntimeError;

/// Where a channel's transport runs: dialling, pings, closes and time-outs are its task's.
///
/// A runtime has to be built with its network and its timer (`enable_all`), and has to be driven
/// for as long as its channels live. Where it is shut down, or panics for what it lacks, the channel
/// fails with [`Error::Runtime`](crate::Error::Runtime).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Runtime {
    /// The runtime from which the channel is made, if there is one, else
    /// [`OwnThread`](Self::OwnThread). The default.
    ///
    /// The trap in it: a current-thread runtime runs nothing while nobody is in its `block_on`, so a
    /// channel that was made in there and is used outside of it stands still. Choose one of the
    /// other two for it.
    #[default]
    Caller,
    /// The runtime of this handle, wherever the channel is made.
    Handle(Handle),
    /// One small thread that all such channels of the program share, started with the first of them.
    OwnThread,
}

impl PartialEq for Runtime {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Handle(one), Self::Handle(other)) => one.id() == other.id(),
            (Self::Caller, Self::Caller) | (Self::OwnThread, Self::OwnThread) => true,
            _ => false,
        }
    }
}

impl Eq for Runtime {}

/// Runs tasks.
pub(crate) struct Executor(Handle);

impl Executor {
    /// The one that a channel asks for.
    pub(crate) fn of(runtime: &Runtime) -> Result<Self, RuntimeError> {
        match runtime {
            Runtime::Caller => Handle::try_current().map_or_else(|_| own_thread(), Ok),
            Runtime::Handle(handle) => Ok(handle.clone()),
            Runtime::OwnThread => own_thread(),
        }
        .map(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }

    /// Does something for which tokio needs to know the runtime.
    pub(super) fn enter<T>(&self, what: impl FnOnce() -> T) -> T {
        let _entered = self.0.enter();
        what()
    }
}

/// The runtime of the shared thread, which lives to the end of the program. A thread that could not
/// be started is tried again by the next channel.
fn own_thread() -> Result<Handle, RuntimeError> {
    static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("web_socket_channel".to_owned())
            .spawn(move || runtime.block_on(pending::<()>()))?;
        Ok(handle)
    };
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*runtime {
        return Ok(handle.clone());
    }
    let handle = start().map_err(|why: io::Error| RuntimeError::NoThread(Arc::new(why)))?;
    Ok(runtime.insert(handle).clone())
}

/// Has the task polled again, after all others have had their turn: also the one that blocks on the
/// runtime, which a plain wake would let wait for many turns.
pub(crate) fn give_way(cx: &mut Context<'_>) {
    let _ = pin!(tokio::task::yield_now()).poll(cx);
}

/// What a future comes to, or how it panicked: tokio tells in no other way that a runtime has no
/// network or no timer.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, RuntimeError> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(RuntimeError::Panicked(words(&*panic).into()))),
    })
    .await
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it said nothing")
}
