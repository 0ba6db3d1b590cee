//! What is to be sent to a client and isn't written.

use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::AsyncWrite;

use crate::spare;

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
    /// Something of it waits for no flush: what the codec says of its own accord.
    pub(crate) is_due: bool,
}

impl Outlet {
    /// Whether more than this waits, or a payload does that others had to be copied behind.
    pub(crate) fn is_over(&self, most: usize) -> bool {
        self.bytes.len() - self.written > most || !self.payload.is_empty()
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.bytes.capacity() == 0 {
            self.bytes = spare::buffer();
        }
        if !self.payload.is_empty() {
            self.bytes.extend_from_slice(&mem::take(&mut self.payload));
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Puts a frame, as a server writes it: without a mask.
    pub(crate) fn put_frame(&mut self, first: u8, payload: Bytes) {
        let len = payload.len() as u64;
        match (u8::try_from(len), u16::try_from(len)) {
            (Ok(len @ 0..126), _) => self.put(&[first, len]),
            (_, Ok(len)) => {
                let [a, b] = len.to_be_bytes();
                self.put(&[first, 126, a, b]);
            }
            _ => {
                let mut head = [first, 127, 0, 0, 0, 0, 0, 0, 0, 0];
                head[2..].copy_from_slice(&len.to_be_bytes());
                self.put(&head);
            }
        }
        if payload.len() < UNCOPIED_BYTES {
            self.bytes.extend_from_slice(&payload);
        } else {
            self.payload = payload;
        }
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
                // What it was cut from is free to be used again.
                self.payload = Bytes::new();
            }
        }
        self.written = 0;
        self.is_due = false;
        if self.bytes.capacity() > 0 {
            spare::keep_buffer(mem::take(&mut self.bytes));
        }
        // A stream that has a buffer of its own, as TLS has, is flushed.
        stream.poll_flush(context)
    }
}

/// What the codec writes to.
impl io::Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes);
        self.is_due = true;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
