//! What is to be sent to a client and isn't written.

use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::AsyncWrite;

use crate::buffer_pool;
use crate::frame;

/// From this length on a message is sent from where it lies, and a shorter one is copied to what
/// goes before it, which costs less than what it saves.
const UNCOPIED_BYTES: usize = 16 * 1024;

/// What is to be written to the stream.
#[derive(Default)]
pub(crate) struct Outlet {
    /// Lent, and there only while there is something in it.
    bytes: Vec<u8>,
    written: usize,
    /// What follows the bytes, and isn't copied to them.
    payload: Bytes,
    /// Something of it waits for no flush: what is said of the socket's own accord.
    pub(crate) is_due: bool,
}

impl Outlet {
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.payload.is_empty()
    }

    /// Whether more than this waits, or a payload does that others had to be copied behind.
    pub(crate) fn is_over(&self, most: usize) -> bool {
        self.bytes.len() - self.written > most || !self.payload.is_empty()
    }

    /// How much memory it has.
    pub(crate) fn held(&self) -> usize {
        self.bytes.capacity() + self.payload.len()
    }

    /// Puts a frame with this first byte, as a server writes it: without a mask.
    pub(crate) fn put(&mut self, first: u8, payload: Bytes) {
        if payload.len() < UNCOPIED_BYTES {
            self.put_short(first, &payload);
        } else {
            self.put_head(first, payload.len());
            self.payload = payload;
        }
    }

    /// Puts a frame whose payload is copied.
    #[inline]
    pub(crate) fn put_short(&mut self, first: u8, payload: &[u8]) {
        self.put_head(first, payload.len());
        self.bytes.extend_from_slice(payload);
    }

    #[inline]
    fn put_head(&mut self, first: u8, payload_bytes: usize) {
        if self.bytes.capacity() == 0 {
            self.bytes = buffer_pool::buffer();
        }
        if !self.payload.is_empty() {
            self.bytes.extend_from_slice(&mem::take(&mut self.payload));
        }
        let (head, len) = frame::head(first, payload_bytes);
        self.bytes.extend_from_slice(&head[..len]);
    }

    /// Writes until nothing waits.
    pub(crate) fn poll_write<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let mut stream = Pin::new(stream);
        loop {
            let bytes = &self.bytes[self.written..];
            let written = match (bytes, &self.payload[..]) {
                ([], []) => break,
                (bytes, []) => stream.as_mut().poll_write(context, bytes),
                ([], payload) => stream.as_mut().poll_write(context, payload),
                (bytes, payload) => stream
                    .as_mut()
                    .poll_write_vectored(context, &[IoSlice::new(bytes), IoSlice::new(payload)]),
            };
            let written = ready!(written)?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            let of_bytes = written.min(bytes.len());
            self.written += of_bytes;
            self.payload.advance(written - of_bytes);
            if self.payload.is_empty() {
                // The memory of a long message is good for another one, if nobody else has it.
                buffer_pool::keep_payload(mem::take(&mut self.payload).into());
            }
        }
        self.written = 0;
        self.is_due = false;
        if self.bytes.capacity() > 0 {
            buffer_pool::keep_buffer(mem::take(&mut self.bytes));
        }
        // A stream that has a buffer of its own, as TLS has, is flushed.
        stream.poll_flush(context)
    }
}
