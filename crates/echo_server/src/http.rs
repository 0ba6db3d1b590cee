//! The HTTP on a connection: requests are answered, until one of them opens a WebSocket.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{sleep, timeout};
use tracing::info;
use web_socket_channel::handshake::MAX_HEADERS;

use crate::hang_up::linger;
use crate::listener::Entry;
use crate::meter::{Meter, Metered};
use crate::refusal::{self, Refusal};
use crate::request_text;
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
    site: Arc<Site>,
    entry: Entry,
    stop: impl Future,
) -> Option<Upgraded<S>> {
    let config = &site.config;
    let meter = Arc::clone(stream.meter());
    let handler = RequestHandler {
        site: Arc::clone(&site),
        entry,
        begun: Arc::default(),
        opened: Arc::default(),
    };
    let stream = DropsEarlyWrites { stream, begun: Arc::clone(&handler.begun) };
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(config.handshake_timeout)
        .max_buf_size(config.max_head_bytes.max(MIN_HEAD_BYTES))
        .max_headers(MAX_HEADERS)
        // A client may end its side behind its last request, and still wants the answer.
        .half_close(true)
        // There are clients that know `Upgrade` and `Connection` in no other spelling.
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), handler.clone());

    let mut is_stopped = false;
    let result = {
        // hyper's own end of a connection would close the stream, which is wanted back.
        let mut served = pin!(poll_fn(|context| connection.poll_without_shutdown(context)));
        tokio::select! {
            result = &mut served => Some(result),
            () = stalled(&meter, config.stall_timeout, &handler) => None,
            _ = stop => {
                is_stopped = true;
                None
            }
        }
    };
    let has_request = handler.begun.load(Relaxed) > 0;
    let result = match result {
        None if is_stopped && has_request => {
            // What was asked for is still sent; nothing more is taken.
            Pin::new(&mut connection).graceful_shutdown();
            let served = poll_fn(|context| connection.poll_without_shutdown(context));
            timeout(config.close_timeout, served).await.ok()
        }
        result => result,
    };
    let parts = connection.into_parts();
    let stream = parts.io.into_inner().stream;
    let opened = handler.opened.lock().unwrap_or_else(PoisonError::into_inner).take();

    let last_word = match result {
        Some(Ok(())) => {
            if let Some(opened) = opened {
                return Some(Upgraded { stream, rest: parts.read_buf, opened });
            }
            None
        }
        Some(Err(error)) if error.is_timeout() && !has_request => {
            Some(Refusal::handshake_timeout())
        }
        Some(Err(error)) if error.is_parse() && !has_request => {
            Some(Refusal::unreadable(&error, config.max_head_bytes.max(MIN_HEAD_BYTES)))
        }
        None if is_stopped && !has_request => Some(Refusal::shutting_down()),
        // The client reads nothing, so that nothing can be said.
        None => return None,
        Some(Err(_)) => None,
    };
    site.metrics.bytes_received.add(meter.read());
    site.metrics.bytes_sent.add(meter.written());
    // Nothing is lost with a client that doesn't wait for the answer.
    let _ = timeout(config.close_timeout, async {
        match last_word {
            Some(refusal) => refusal::tell(stream, &refusal.counted(&site.metrics)).await,
            None => linger(stream).await,
        }
    })
    .await;
    None
}

/// Ready when the client takes nothing of an answer for this long.
async fn stalled(meter: &Meter, time: Duration, handler: &RequestHandler) {
    let mut seen = (meter.written(), handler.begun.load(Relaxed));
    loop {
        sleep(time).await;
        let now = (meter.written(), handler.begun.load(Relaxed));
        // A connection that waits for its next request is ended by the time for its head.
        if now.1 > 0 && std::mem::replace(&mut seen, now) == now {
            return;
        }
    }
}

/// A stream that drops what is written before a request has come.
///
/// hyper answers what it can't read with a bare status, and knows no way to be told more. Nothing
/// else is written before the first request, so it is dropped here, and [`Refusal::unreadable`] says
/// it in words. What can't be read behind a request that was answered gets the bare status.
struct DropsEarlyWrites<S> {
    stream: S,
    /// How many requests have come.
    begun: Arc<AtomicU32>,
}

impl<S: AsyncRead + Unpin> AsyncRead for DropsEarlyWrites<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for DropsEarlyWrites<S> {
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

/// Answers the requests of one connection, as hyper asks for it.
#[derive(Clone)]
struct RequestHandler {
    site: Arc<Site>,
    entry: Entry,
    /// How many requests have come.
    begun: Arc<AtomicU32>,
    /// Set by the request that is answered with 101.
    opened: Arc<Mutex<Option<Opened>>>,
}

impl Service<Request<Incoming>> for RequestHandler {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.begun.fetch_add(1, Relaxed);
        let handler = self.clone();
        Box::pin(async move {
            if handler.site.config.log_headers {
                info!(
                    peer = %handler.entry.peer,
                    method = %request.method(),
                    path = request_text::path_for_log(&request),
                    headers = request_text::headers_for_log(request.headers()),
                    "request"
                );
            }
            let (response, opened) = handler.site.answer(request.map(drop), handler.entry).await;
            *handler.opened.lock().unwrap_or_else(PoisonError::into_inner) = opened;
            Ok(response)
        })
    }
}
