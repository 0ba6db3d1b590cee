//! The HTTP on a connection: requests are answered, until one of them opens a WebSocket.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::{sleep, timeout};
use tracing::info;
use web_socket_channel::handshake::{MAX_HEADERS, Rejection};

use crate::connection::linger;
use crate::meter::{Meter, Metered};
use crate::site::{Body, Opened, Site, shutting_down};

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
    let stream = Reticent { stream, begun: Arc::clone(&visit.begun) };
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
    let mut stream = parts.io.into_inner().stream;
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
        Some(Err(error)) if error.is_parse() && !was_visited => {
            site.metrics.refused_request.add(1);
            Some(unreadable(&error, config.max_head_bytes.max(MIN_HEAD_BYTES)))
        }
        None if is_stopped && !was_visited => Some(shutting_down()),
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

/// What is said to a client whose first bytes are no request.
fn unreadable(error: &hyper::Error, max_head_bytes: usize) -> Rejection {
    if error.is_parse_too_large() {
        return Rejection::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            format!(
                "The head of a request, which is its first line and its headers, may have \
                 {max_head_bytes} bytes and {MAX_HEADERS} headers."
            ),
        );
    }
    let what = if error.is_parse_version_h2() {
        "This is HTTP/2, and the server speaks HTTP/1.1."
    } else {
        "This is not a request of HTTP/1.1."
    };
    Rejection::new(
        StatusCode::BAD_REQUEST,
        format!("{what} A WebSocket client begins with one, for example: GET /echo HTTP/1.1"),
    )
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

/// A stream that drops what is written before a request has come.
///
/// hyper answers what it can't read with a bare status, and knows no way to be told more. Nothing
/// else is written before the first request, so it is dropped here, and [`unreadable`] says it in
/// words. What can't be read behind a request that was answered gets the bare status.
struct Reticent<S> {
    stream: S,
    /// How many requests have come.
    begun: Arc<AtomicU32>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Reticent<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Reticent<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.begun.load(Relaxed) == 0 {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.begun.load(Relaxed) == 0 {
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
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
