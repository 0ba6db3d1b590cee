//! The native transport: a tokio task for each connection, which dials, secures and opens it, and
//! then runs the pump.

mod dial;
mod tls;

use std::future::{Future, pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::time::{Instant, Sleep};

use crate::byte_stream::ByteStream;
use crate::close::CloseFrame;
use crate::error::{ApiMisuse, Error, NetworkErrorKind, Timeout};
use crate::mailbox::Ends;
use crate::pump::{self, failure};
use crate::request::{Options, Request};
use crate::signal::Signal;
use crate::status;

use dial::{Socket, network_error};

/// Whether this backend can do what the options ask for: it can do all of it.
pub(crate) fn check(_: &Options) -> Result<(), ApiMisuse> {
    Ok(())
}

/// Whether this backend can close like this.
pub(crate) fn check_close(_: &CloseFrame) -> Result<(), ApiMisuse> {
    Ok(())
}

/// Begins to connect, in a task of its own.
pub(crate) fn start(request: Request, ends: Ends) {
    match Executor::current() {
        Ok(executor) => executor.spawn(run(request, ends)),
        Err(why) => {
            let error = network_error(&request, NetworkErrorKind::Other, why);
            ends.incoming.put(failure(status::ABNORMAL_CLOSURE, Some(error))).pay();
        }
    }
}

/// Where tasks run: on the caller's runtime if there is one, else on the one of our own.
pub(crate) struct Executor(Handle);

impl Executor {
    pub(crate) fn current() -> io::Result<Self> {
        Handle::try_current().or_else(|_| own_runtime()).map(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

/// One small thread that all channels of a program without a runtime share, from the first
/// channel to the end of the program.
fn own_runtime() -> io::Result<Handle> {
    static RUNTIME: OnceLock<Result<Handle, io::ErrorKind>> = OnceLock::new();
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("web_socket_channel".to_owned())
            .spawn(move || runtime.block_on(pending::<()>()))?;
        Ok(handle)
    };
    RUNTIME
        .get_or_init(|| start().map_err(|error: io::Error| error.kind()))
        .clone()
        .map_err(Into::into)
}

async fn run(request: Request, mut ends: Ends) {
    let mut said_early = Vec::new();
    match open_in_time(&request, &mut ends, &mut said_early).await {
        Ok(connection) => {
            ends.incoming.put(Signal::Open(connection.opened())).pay();
            let socket = connection.framed(&request.options).await;
            pump::run(socket, ends, said_early, request.options).await;
        }
        Err(error) => {
            ends.incoming.put(failure(status::ABNORMAL_CLOSURE, Some(error))).pay();
        }
    }
}

/// Connects, within the time that connecting may take; once the channel has said `close`, within
/// the time that closing may take. What the channel says meanwhile goes into `said`.
async fn open_in_time(
    request: &Request,
    ends: &mut Ends,
    said: &mut Vec<Signal>,
) -> Result<ByteStream<Socket>, Error> {
    let Options { connect_timeout, close_timeout, .. } = request.options;
    let closed_for_long = async {
        let mut taken = Vec::new();
        while poll_fn(|cx| ends.outgoing.poll_take(cx, &mut taken)).await {
            let closes = taken.iter().any(|signal| matches!(signal, Signal::Close(_)));
            said.append(&mut taken);
            if closes {
                break;
            }
        }
        tokio::time::sleep(close_timeout).await;
    };
    let mut open = pin!(tokio::time::timeout(connect_timeout, dial::open(request)));
    let mut closed_for_long = pin!(closed_for_long);
    poll_fn(|cx| {
        if let Poll::Ready(outcome) = open.as_mut().poll(cx) {
            let timed_out = |_| Error::Timeout(Timeout::Connect(connect_timeout));
            return Poll::Ready(outcome.map_err(timed_out).flatten());
        }
        closed_for_long
            .as_mut()
            .poll(cx)
            .map(|()| Err(Error::Timeout(Timeout::Connect(close_timeout))))
    })
    .await
}

/// A clock that strikes once.
pub(crate) struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Strikes after that time. It may be made outside of a runtime, by whoever polls it anywhere.
    pub(crate) fn new(after: Duration) -> Self {
        // Where no thread can be started there is no clock, and it never strikes.
        Self(Executor::current().ok().map(|executor| {
            let _entered = executor.0.enter();
            Box::pin(tokio::time::sleep(after))
        }))
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

    /// As it happens to a socket that always has something to read.
    #[test]
    fn a_timer_strikes_though_the_budget_is_used_up() -> io::Result<()> {
        Builder::new_current_thread().enable_all().build()?.block_on(poll_fn(|cx| {
            while pin!(tokio::task::consume_budget()).poll(cx).is_ready() {}
            let mut sleep = Box::pin(tokio::time::sleep(Duration::ZERO));
            assert!(sleep.as_mut().poll(cx).is_pending(), "which is why poll_due is there");
            assert!(Timer(Some(sleep)).poll_due(cx).is_ready());
            Poll::Ready(())
        }));
        Ok(())
    }

    /// Executors other than tokio's have no clock to offer.
    #[test]
    fn a_timer_strikes_without_a_runtime() {
        let mut timer = Timer::new(Duration::from_millis(1));
        futures::executor::block_on(poll_fn(|cx| timer.poll_due(cx)));
    }
}
