//! The native transport: a tokio task for each connection, which dials, secures and opens it, and
//! then runs the pump.

mod dial;
mod route;
mod tls;
mod tunnel;

use std::env;
use std::future::{Future, pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::time::{Instant, Sleep};

use crate::byte_stream::ByteStream;
use crate::close::CloseFrame;
use crate::deadline::EndDeadline;
use crate::error::{Error, InvalidArgument, NetworkErrorKind, Timeout};
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::proxy::Proxy;
use crate::pump::{self, failure};
use crate::queue::Ends;
use crate::request::Request;
use crate::status;

use dial::{Socket, network_error};
use route::{ProxyServer, proxy_for};
use tunnel::Route;

/// Whether this backend can do what the options ask for: it can do all of it that makes sense.
pub(crate) fn check(options: &Options) -> Result<(), InvalidArgument> {
    match &options.proxy {
        Proxy::Url(url) => Ok(ProxyServer::parse(url).map(drop)?),
        Proxy::Environment | Proxy::Direct => Ok(()),
    }
}

/// Whether this backend can close like this.
pub(crate) fn check_close(_: &CloseFrame) -> Result<(), InvalidArgument> {
    Ok(())
}

/// Begins to connect, in a task of its own.
pub(crate) fn start(request: Request, ends: Ends) {
    let no_executor = |why| network_error(&request, NetworkErrorKind::Other, why);
    let ready = Executor::current().map_err(no_executor).and_then(|executor| {
        // Here and not in the task, so that what counts is the environment of this moment.
        Ok((executor, proxy_for(&request, environment_variable)?))
    });
    match ready {
        Ok((executor, proxy)) => executor.spawn(run(request, proxy, ends)),
        Err(error) => ends.incoming.end(failure(status::ABNORMAL_CLOSURE, Some(error))),
    }
}

/// The only look at the environment. What is not Unicode is no proxy, and must not pass for unset.
fn environment_variable(name: &str) -> Option<String> {
    // Windows does not tell `http_proxy` from `HTTP_PROXY`, which a CGI program must not trust.
    let is_of_a_stranger =
        cfg!(windows) && name == "http_proxy" && env::var_os("REQUEST_METHOD").is_some();
    let value = env::var_os(name).filter(|_| !is_of_a_stranger)?;
    Some(value.to_string_lossy().into_owned())
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

async fn run(request: Request, proxy: Option<ProxyServer>, ends: Ends) {
    let incoming = ends.incoming;
    let mut outgoing = Outgoing::new(ends.outgoing);
    match open_in_time(&request, proxy.as_ref(), &mut outgoing).await {
        Ok(connection) => {
            incoming.open(connection.opened());
            let framed = connection.framed(&request.options);
            pump::run(framed, incoming, outgoing, request.options).await;
        }
        Err(error) => {
            let error = Some(error).filter(|_| !outgoing.is_abandoned());
            incoming.end(failure(status::ABNORMAL_CLOSURE, error));
        }
    }
}

/// Connects, within the time that connecting may take; once the channel has said `close`, within
/// the time that closing may take, and no longer than anybody holds the channel.
async fn open_in_time(
    request: &Request,
    proxy: Option<&ProxyServer>,
    outgoing: &mut Outgoing,
) -> Result<ByteStream<Socket>, Error> {
    let Options { connect_timeout, close_timeout, .. } = request.options;
    let mut end_deadline = EndDeadline::new(close_timeout);
    let closed_for_long = poll_fn(|cx| {
        outgoing.poll(cx);
        // Nobody waits for it, and nothing waits to be sent.
        let is_idle = outgoing.is_abandoned() && !outgoing.has_message();
        if is_idle { Poll::Ready(()) } else { end_deadline.poll_passed(outgoing.must_end(), cx) }
    });
    let route = proxy.map(|proxy| Route { request, proxy });
    // Until then it is the proxy that has us wait.
    let is_reached = AtomicBool::new(false);
    let open = async {
        let wire = dial::reach(request, route).await?;
        is_reached.store(true, Ordering::Relaxed);
        dial::open(request, wire).await
    };
    let timed_out = |after| match route {
        Some(route) if !is_reached.load(Ordering::Relaxed) => route.timed_out(after),
        _ => Error::Timeout(Timeout::Connect(after)),
    };
    let mut open = pin!(tokio::time::timeout(connect_timeout, open));
    let mut closed_for_long = pin!(closed_for_long);
    poll_fn(|cx| {
        if let Poll::Ready(outcome) = open.as_mut().poll(cx) {
            return Poll::Ready(outcome.map_err(|_| timed_out(connect_timeout)).flatten());
        }
        closed_for_long.as_mut().poll(cx).map(|()| Err(timed_out(close_timeout)))
    })
    .await
}

/// Has the task polled again, after all others have had their turn: also the one that blocks on the
/// runtime, which a plain wake would let wait for many turns.
pub(crate) fn give_way(cx: &mut Context<'_>) {
    let _ = pin!(tokio::task::yield_now()).poll(cx);
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
