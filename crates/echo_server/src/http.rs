//! The HTTP on a connection: requests are answered, until one of them opens a WebSocket.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{sleep, timeout};
use tracing::info;
use web_socket_channel::handshake::{MAX_HEADERS, Rejection};

use crate::connection::linger;
use crate::meter::{Meter, Metered};
use crate::site::{Body, Opened, Site};

/// The least that hyper reads a head with.
const MIN_HEAD_BYTES: usize = 8 * 1024;

/// A connection that has become a WebSocket.
pub(crate) struct Upgraded<S> {
    pub(crate) stream: Metered<S>,
    /// What the client has sent behind its request: the first frames.
    pub(crate) rest: Bytes,
    pub(crate) opened: Opened,
}

/// Answers requests until one opens a WebSocket, and gives the connection back for it; `None` when
/// the connection has ended before.
pub(crate) async fn until_open<S: AsyncRead + AsyncWrite + Unpin>(
    stream: Metered<S>,
    site: &Arc<Site>,
    peer: IpAddr,
    stop: impl Future,
) -> Option<Upgraded<S>> {
    let config = &site.config;
    let meter = Arc::clone(stream.meter());
    let visit =
        Visit { site: Arc::clone(site), peer, begun: Arc::default(), opened: Arc::default() };
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(config.handshake_timeout)
        .max_buf_size(config.max_head_bytes.max(MIN_HEAD_BYTES))
        .max_headers(MAX_HEADERS)
        // There are clients that know `Upgrade` and `Connection` in no other spelling.
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), visit.clone());

    let mut is_stopped = false;
    let result = {
        // hyper's own end of a connection would close the stream, which is wanted back.
        let mut served = pin!(poll_fn(|context| connection.poll_without_shutdown(context)));
        tokio::select! {
            result = &mut served => Some(result),
            () = stalled(&meter, config.stall_timeout, &visit) => None,
            _ = stop => {
                is_stopped = true;
                None
            }
        }
    };
    let was_visited = visit.begun.load(Relaxed) > 0;
    let result = match result {
        None if is_stopped && was_visited => {
            // What was asked for is still sent; nothing more is taken.
            Pin::new(&mut connection).graceful_shutdown();
            let served = poll_fn(|context| connection.poll_without_shutdown(context));
            timeout(config.close_timeout, served).await.ok()
        }
        result => result,
    };
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    let opened = visit.opened.lock().unwrap_or_else(PoisonError::into_inner).take();

    let last_word = match result {
        Some(Ok(())) => {
            if let Some(opened) = opened {
                return Some(Upgraded { stream, rest: parts.read_buf, opened });
            }
            None
        }
        Some(Err(error)) if error.is_timeout() && !was_visited => {
            site.metrics.refused_handshake_timeout.add(1);
            Some(Rejection::new(StatusCode::REQUEST_TIMEOUT, "The handshake took too long."))
        }
        None if is_stopped && !was_visited => {
            Some(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "The server is shutting down."))
        }
        // The client reads nothing, so that nothing can be said.
        None => return None,
        Some(Err(_)) => None,
    };
    site.metrics.bytes_received.add(meter.read());
    site.metrics.bytes_sent.add(meter.written());
    // Nothing is lost with a client that doesn't wait for the answer.
    let _ = timeout(config.close_timeout, async {
        if let Some(rejection) = last_word {
            stream.write_all(&rejection.to_bytes()).await?;
        }
        linger(stream).await
    })
    .await;
    None
}

/// Ready when the client takes nothing of an answer for this long.
async fn stalled(meter: &Meter, time: Duration, visit: &Visit) {
    let mut seen = (meter.written(), visit.begun.load(Relaxed));
    loop {
        sleep(time).await;
        let now = (meter.written(), visit.begun.load(Relaxed));
        // A connection that waits for its next request is ended by the time for its head.
        if now.1 > 0 && std::mem::replace(&mut seen, now) == now {
            return;
        }
    }
}

/// A client's connection as hyper sees it: what answers requests.
#[derive(Clone)]
struct Visit {
    site: Arc<Site>,
    peer: IpAddr,
    /// How many requests have come.
    begun: Arc<AtomicU32>,
    /// Set by the request that is answered with 101.
    opened: Arc<Mutex<Option<Opened>>>,
}

impl Service<Request<Incoming>> for Visit {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.begun.fetch_add(1, Relaxed);
        let visit = self.clone();
        Box::pin(async move {
            if visit.site.config.log_headers {
                info!(
                    peer = %visit.peer,
                    method = %request.method(),
                    uri = %request.uri(),
                    headers = ?shown(request.headers()),
                    "request"
                );
            }
            let (response, opened) = visit.site.answer(request.map(drop), visit.peer).await;
            *visit.opened.lock().unwrap_or_else(PoisonError::into_inner) = opened;
            Ok(response)
        })
    }
}

/// Headers for the log, with those covered that let somebody in.
fn shown(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE] {
        if let header::Entry::Occupied(mut values) = headers.entry(name) {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    headers
}
