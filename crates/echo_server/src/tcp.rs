//! A client's connection of TCP, which leaves nothing behind when it is cut.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A client's connection. Dropped after the client has hung up, or after all was said and the end of the
/// stream sent, it is closed, and what was written last still arrives, as long as the client goes on taking
/// it. Dropped at any other moment it is cut: the system would else keep what a client doesn't take,
/// megabytes for each, outside of all limits and for longer than the server lives.
pub(crate) struct Tcp {
    stream: TcpStream,
    has_ended: bool,
    has_shut_down: bool,
}

impl Tcp {
    /// A client that takes nothing for this long is given up by the system too, whatever becomes of the
    /// server.
    pub(crate) fn new(stream: TcpStream, patience: Duration) -> Self {
        // An echo is waited for. The batches are made here and needn't be made by the system, which
        // would hold a small one back until the client has acknowledged the one before. Where this
        // fails, the connection is gone, and reading from it will tell.
        let _ = stream.set_nodelay(true);
        #[cfg(target_os = "linux")]
        {
            let patience = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX).max(1);
            let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, patience);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = patience;
        Self { stream, has_ended: false, has_shut_down: false }
    }

    /// Lets what was written last still arrive, though the client hasn't hung up.
    pub(crate) fn close(mut self) {
        self.has_ended = true;
    }

    pub(crate) async fn peek(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.stream.peek(buffer).await?;
        self.has_ended = len == 0;
        Ok(len)
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        // Where the system gives up by itself who takes nothing, what was said to the end may arrive.
        let may_arrive = self.has_shut_down && cfg!(target_os = "linux");
        if !self.has_ended && !may_arrive {
            // Where this fails there is nothing left to cut.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Tcp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.remaining();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.has_ended = before > 0 && buffer.remaining() == before;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        self.has_shut_down = true;
        Poll::Ready(Ok(()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
