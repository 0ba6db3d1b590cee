//! The native transport: from a request to an open connection, and then the pump.

use std::env;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::net::TcpStream;
use tokio_util::either::Either;

use super::dial::dial;
use super::executor::{Executor, caught};
use super::route::{ProxyServer, proxy_for};
use super::tls::{self, NotSecured, TlsStream};
use super::tunnel::{HttpTunnel, Route};
use crate::address::Host;
use crate::byte_stream::ByteStream;
use crate::close::CloseFrame;
use crate::deadline::{ConnectionDeadlines, GivenUp};
use crate::error::{Error, InvalidArgument, NetworkErrorKind, Timeout, TlsError, TlsErrorKind};
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::proxy::Proxy;
use crate::pump;
use crate::queue::Ends;
use crate::request::Request;
use crate::signal::{Failure, Signal};
use crate::status;
use crate::trace;

/// The way to the server. A SOCKS proxy leaves no trace in it once it leads there; an HTTP one
/// does, and is boxed so that others pay nothing for it.
type Wire = Either<TcpStream, Box<HttpTunnel>>;

/// Plain, or by TLS.
type Socket = Either<Wire, TlsStream<Wire>>;

/// Whether this backend can go to the URL.
pub(crate) fn check_url(request: &Request) -> Result<(), InvalidArgument> {
    if request.is_secure() { tls::check_available() } else { Ok(()) }
}

/// Whether this backend can do what the options ask for: it can do all of it that makes sense, and for
/// which it has the feature.
pub(crate) fn check(options: &Options) -> Result<(), InvalidArgument> {
    tls::check(options)?;
    match &options.proxy {
        Proxy::Url(url) => Ok(ProxyServer::parse(url).map(drop)?),
        Proxy::Environment | Proxy::Direct => Ok(()),
    }
}

/// Whether this backend can close like this.
pub(crate) fn check_close(frame: &CloseFrame) -> Result<(), InvalidArgument> {
    frame.check(status::may_be_sent_by_a_client)
}

/// Begins to connect, in a task of its own.
pub(crate) fn start(request: Request, ends: Ends) {
    let executor = Executor::of(&request.options.runtime).map_err(Error::from);
    let ready = executor.and_then(|executor| {
        // Here and not in the task, so that what counts is the environment of this moment.
        Ok((executor, proxy_for(&request, environment_variable)?))
    });
    match ready {
        Ok((executor, proxy)) => {
            executor.spawn(trace::connecting(request.host(), run(request, proxy, ends)));
        }
        Err(error) => ends.incoming.end(Signal::Fail(Failure::abnormal(Some(error)))),
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

async fn run(request: Request, proxy: Option<ProxyServer>, ends: Ends) {
    let incoming = ends.incoming;
    let mut outgoing = Outgoing::new(ends.outgoing);
    let open = caught(open_in_time(&request, proxy.as_ref(), &mut outgoing));
    match open.await.unwrap_or_else(|why| Err(why.into())) {
        Ok(connection) => {
            let opened = connection.opened();
            trace::open(&opened);
            incoming.open(opened);
            let framed = connection.framed(&request.options);
            pump::run(framed, incoming, outgoing, request.options).await;
        }
        Err(error) => {
            let error = Some(error).filter(|_| !outgoing.is_abandoned());
            let failed = Signal::Fail(Failure::abnormal(error));
            trace::end(&failed);
            incoming.end(failed);
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
    let route = proxy.map(|proxy| Route { request, proxy });
    // Until then it is the proxy that has us wait.
    let is_reached = AtomicBool::new(false);
    let mut open = pin!(async {
        let wire = reach(request, route).await?;
        is_reached.store(true, Ordering::Relaxed);
        open(request, wire).await
    });
    let timed_out = |after| match route {
        Some(route) if !is_reached.load(Ordering::Relaxed) => route.timed_out(after),
        _ => Error::Timeout(Timeout::Connect(after)),
    };
    let mut deadlines = ConnectionDeadlines::new(&request.options);
    poll_fn(|cx| {
        if let Poll::Ready(outcome) = open.as_mut().poll(cx) {
            return Poll::Ready(outcome);
        }
        outgoing.poll(cx);
        deadlines.poll_given_up(false, outgoing, cx).map(|why| match why {
            GivenUp::Abandoned => Err(Error::Closed(None)),
            GivenUp::TimedOut(after) => Err(timed_out(after)),
        })
    })
    .await
}

/// Resolves and dials, or has a proxy do it.
async fn reach(request: &Request, route: Option<Route<'_>>) -> Result<Wire, Error> {
    if let Some(route) = route {
        return route.open().await;
    }
    let dialled = dial(&Host::of(&request.url), request.port()).await;
    dialled.map(Either::Left).map_err(|why| request.network_error(why.kind, why.source))
}

/// Does what stands between a way to the server and an open connection.
async fn open(request: &Request, wire: Wire) -> Result<ByteStream<Socket>, Error> {
    let untrusted =
        |kind, source: Arc<io::Error>| TlsError::new(kind, request.host(), source).into();
    let socket = if request.is_secure() {
        match tls::secure(&Host::of(&request.url), &request.options, wire).await {
            Ok(socket) => Socket::Right(socket),
            Err(NotSecured::Untrusted(kind, why)) => return Err(untrusted(kind, Arc::new(why))),
            Err(NotSecured::Cut(why)) => {
                return Err(request.network_error(NetworkErrorKind::ConnectionLost, why));
            }
        }
    } else {
        Socket::Left(wire)
    };
    let opened = ByteStream::client_handshake(request, socket).await;
    opened.map_err(|error| match &error {
        // A server that wants a certificate of TLS 1.3 says so only after its part of the handshake.
        Error::Network(lost) => match lost.source.as_ref().map(|why| (tls::kind(why), why)) {
            None | Some((TlsErrorKind::Other, _)) => error,
            Some((kind, why)) => untrusted(kind, Arc::clone(why)),
        },
        _ => error,
    })
}
