//! A stream of bytes that keeps watch beneath the framing: whether anything comes at all, and
//! whether anything can still be sent.
//!
//! The framing tells neither. It is silent while a long message comes in piece by piece, and it
//! gives up reading when the answer to a ping can't be written, though what the peer said before it
//! went is still there to be read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What was noticed so far. Set by the [`Watched`] stream, asked by the pump.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Noticed>);

#[derive(Default)]
struct Noticed {
    heard: AtomicBool,
    write_failed: AtomicBool,
}

impl Watch {
    /// Something has come from the peer.
    pub(crate) fn hear(&self) {
        self.0.heard.store(true, Ordering::Relaxed);
    }

    /// Whether something has come since the last time that it was [taken](Self::take_heard).
    pub(crate) fn has_heard(&self) -> bool {
        self.0.heard.load(Ordering::Relaxed)
    }

    pub(crate) fn take_heard(&self) -> bool {
        self.0.heard.swap(false, Ordering::Relaxed)
    }

    /// Whether nothing can be sent any more.
    pub(crate) fn write_failed(&self) -> bool {
        self.0.write_failed.load(Ordering::Relaxed)
    }

    fn fail_writing(&self) {
        self.0.write_failed.store(true, Ordering::Relaxed);
    }
}

/// A stream under watch. Writing to it never fails: what can't be sent goes nowhere, and the watch
/// knows.
pub(crate) struct Watched<S> {
    stream: S,
    watch: Watch,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, watch: Watch) -> Self {
        Self { stream, watch }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.watch.hear();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.watch.write_failed() {
            return Poll::Ready(Ok(bytes.len()));
        }
        match ready!(Pin::new(&mut self.stream).poll_write(cx, bytes)) {
            Ok(written @ 1..) => Poll::Ready(Ok(written)),
            Ok(0) | Err(_) => {
                self.watch.fail_writing();
                Poll::Ready(Ok(bytes.len()))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.watch.write_failed() && ready!(Pin::new(&mut self.stream).poll_flush(cx)).is_err()
        {
            self.watch.fail_writing();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
