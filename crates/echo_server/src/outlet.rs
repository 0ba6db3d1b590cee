//! What is to be sent to a client and isn't written.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::AsyncWrite;
use web_socket_channel::frame;

use crate::buffer_pool;

/// From this length on a message is sent from where it lies, and a shorter one is copied to what
/// goes before it, which costs less than what it saves.
const UNCOPIED_BYTES: usize = 16 * 1024;

/// When so much of long messages waits, or so many of them, it is written before more is taken: a write
/// for each would cost more, as each wakes the client.
const GATHERED_BYTES: usize = 256 * 1024;
const GATHERED: usize = 8;

/// A long message and what goes before it, for each, and what goes behind the last.
const MAX_SLICES: usize = 2 * GATHERED + 1;

/// What is to be written to the stream.
#[derive(Default)]
pub(crate) struct Outlet {
    /// Heads and short messages. Lent, and there only while there is something in it.
    bytes: Vec<u8>,
    written: usize,
    /// Long messages, each with how many of the bytes go before it. They have memory only while they wait.
    payloads: VecDeque<(usize, Bytes)>,
    payload_bytes: usize,
    /// Something of it waits for no flush: what is said of the socket's own accord.
    pub(crate) is_due: bool,
}

impl Outlet {
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether more than this waits of short messages, or enough of long ones for a write.
    pub(crate) fn is_over(&self, most: usize) -> bool {
        self.bytes.len() - self.written > most
            || self.payload_bytes >= GATHERED_BYTES
            || self.payloads.len() >= GATHERED
    }

    /// How much memory it has.
    pub(crate) fn held(&self) -> usize {
        self.bytes.capacity() + self.payload_bytes
    }

    /// Puts a frame with this first byte, as a server writes it: without a mask.
    pub(crate) fn put(&mut self, first: u8, payload: Bytes) {
        if payload.len() < UNCOPIED_BYTES {
            self.put_short(first, &payload);
        } else {
            self.put_head(first, payload.len());
            self.payload_bytes += payload.len();
            self.payloads.push_back((self.bytes.len(), payload));
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
        let (head, len) = frame::head(first, payload_bytes, None);
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
            let written = if self.payloads.is_empty() {
                let bytes = &self.bytes[self.written..];
                if bytes.is_empty() {
                    break;
                }
                stream.as_mut().poll_write(context, bytes)
            } else {
                self.poll_write_gathered(stream.as_mut(), context)
            };
            let written = ready!(written)?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            self.advance(written);
        }
        self.written = 0;
        self.is_due = false;
        if self.bytes.capacity() > 0 {
            buffer_pool::keep_buffer(mem::take(&mut self.bytes));
            self.payloads = VecDeque::new();
        }
        // A stream that has a buffer of its own, as TLS has, is flushed.
        stream.poll_flush(context)
    }

    fn poll_write_gathered<S: AsyncWrite>(
        &self,
        stream: Pin<&mut S>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let mut slices = [IoSlice::new(&[]); MAX_SLICES];
        let mut count = 0;
        let mut add = |bytes| {
            if let Some(slice) = slices.get_mut(count) {
                *slice = IoSlice::new(bytes);
                count += 1;
            }
        };
        let mut start = self.written;
        for (end, payload) in &self.payloads {
            if start < *end {
                add(&self.bytes[start..*end]);
            }
            add(&payload[..]);
            start = *end;
        }
        if start < self.bytes.len() {
            add(&self.bytes[start..]);
        }
        stream.poll_write_vectored(context, &slices[..count])
    }

    /// Has so much of it written.
    fn advance(&mut self, mut written: usize) {
        while let Some((end, payload)) = self.payloads.front_mut() {
            let of_bytes = written.min(*end - self.written);
            let of_payload = (written - of_bytes).min(payload.len());
            self.written += of_bytes;
            self.payload_bytes -= of_payload;
            payload.advance(of_payload);
            if !payload.is_empty() {
                return;
            }
            written -= of_bytes + of_payload;
            if let Some((_, payload)) = self.payloads.pop_front() {
                // The memory of a long message is good for another one, if nobody else has it.
                buffer_pool::keep_payload(payload.into());
            }
        }
        self.written += written;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes so much at a time, and notes it.
    struct Taking {
        most: usize,
        writes: usize,
        taken: Vec<u8>,
    }

    impl AsyncWrite for Taking {
        fn poll_write(
            self: Pin<&mut Self>,
            context: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.poll_write_vectored(context, &[IoSlice::new(bytes)])
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            slices: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            let before = self.taken.len();
            let all = slices.iter().flat_map(|slice| slice.iter().copied());
            let most = self.most;
            self.taken.extend(all.take(most));
            self.writes += 1;
            Poll::Ready(Ok(self.taken.len() - before))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// Puts payloads of these lengths, and gives what is to be written of them.
    fn filled(lengths: &[usize]) -> (Outlet, Vec<u8>) {
        let (mut outlet, mut expected) = (Outlet::default(), Vec::new());
        for (fill, len) in (1..).zip(lengths) {
            let payload = vec![fill; *len];
            let (head, head_bytes) = frame::head(frame::FINAL | frame::BINARY, *len, None);
            expected.extend_from_slice(&head[..head_bytes]);
            expected.extend_from_slice(&payload);
            outlet.put(frame::FINAL | frame::BINARY, payload.into());
        }
        (outlet, expected)
    }

    #[test]
    fn short_and_long_go_in_order_however_little_is_taken() {
        let lengths = [3, UNCOPIED_BYTES, 0, 3_678, 65_536, 70_000, 5];
        for most in [1, 2, 9, 16_388, 80_000, usize::MAX] {
            let (mut outlet, expected) = filled(&lengths);
            let mut stream = Taking { most, writes: 0, taken: Vec::new() };
            let mut context = Context::from_waker(Waker::noop());
            assert!(outlet.poll_write(&mut stream, &mut context).is_ready());
            assert!(stream.taken == expected, "{most}");
            assert!(outlet.is_empty() && outlet.held() == 0);
        }
    }

    #[test]
    fn several_long_messages_are_one_write() {
        let (mut outlet, expected) = filled(&[65_536; 3]);
        assert!(!outlet.is_over(64));
        let mut stream = Taking { most: usize::MAX, writes: 0, taken: Vec::new() };
        let mut context = Context::from_waker(Waker::noop());
        assert!(outlet.poll_write(&mut stream, &mut context).is_ready());
        assert_eq!((stream.writes, stream.taken.len()), (1, expected.len()));
    }

    #[test]
    fn what_waits_of_long_messages_is_bounded() {
        assert!(filled(&[65_536; 4]).0.is_over(1 << 20));
        assert!(filled(&[UNCOPIED_BYTES; GATHERED]).0.is_over(1 << 20));
        assert!(filled(&[1 << 20]).0.is_over(1 << 20));
    }
}
