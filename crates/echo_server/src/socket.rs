//! An open WebSocket: when something is read and written, and into which buffers. The framing is
//! the codec's, and what is between the two are an intake and an outlet in memory.

use std::io::{self, IoSlice, Read, Write};
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::codec::{Codec, Limits};
use crate::spare;

/// From this length on a message is sent from where it lies, and a shorter one is copied to what
/// goes before it, which costs less than what it saves.
const UNCOPIED_BYTES: usize = 16 * 1024;

/// A WebSocket over a stream of bytes, as a stream and a sink of messages. It answers pings and
/// closes while it is read from.
pub(crate) struct WebSocket<S> {
    stream: S,
    limits: Limits,
    /// How much may wait to be written before the sink takes no more.
    outbound_bytes: usize,
    /// There from the first byte of a message until the connection is quiet between two of them.
    codec: Option<Box<Codec>>,
    /// The codec has seen all that has come, and has nothing to say to it.
    is_drained: bool,
    intake: Intake,
    outlet: Outlet,
    /// The last that is to be written waits for it; nothing more is read.
    is_ending: bool,
    has_ended: bool,
}

impl<S> WebSocket<S> {
    /// A WebSocket whose handshake is done. `rest` is what came behind it.
    pub(crate) fn new(stream: S, rest: &[u8], limits: Limits, outbound_bytes: usize) -> Self {
        Self {
            stream,
            limits,
            outbound_bytes,
            codec: None,
            is_drained: rest.is_empty(),
            intake: Intake { bytes: rest.to_vec(), taken: 0, end: None },
            outlet: Outlet::default(),
            is_ending: false,
            has_ended: false,
        }
    }

    /// The stream below, with what wasn't read from it lost.
    pub(crate) fn into_stream(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Result<Message, Error>> {
        loop {
            if self.outlet.is_over(self.outbound_bytes) || self.is_ending {
                // What waits is bounded, even where a client sends pings and reads no pong.
                ready!(self.outlet.poll_write(&mut self.stream, context))?;
            }
            if self.is_ending {
                return Poll::Ready(Err(Error::ConnectionClosed));
            }
            if !self.is_drained {
                let Self { codec, intake, outlet, limits, .. } = self;
                let codec = codec.get_or_insert_with(|| Codec::for_next_message(*limits));
                match codec.read(&mut Ends { intake, outlet }) {
                    Ok(message) => {
                        let is_data = message.is_text() || message.is_binary();
                        self.is_drained = is_data && codec.is_empty() && intake.is_empty();
                        return Poll::Ready(Ok(message));
                    }
                    Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(Error::ConnectionClosed) => {
                        self.is_ending = true;
                        continue;
                    }
                    Err(error) => return Poll::Ready(Err(error)),
                }
                self.is_drained = true;
            }
            if self.intake.poll_fill(&mut self.stream, context).is_pending() {
                if self.outlet.is_due {
                    // Whether it can be written or not, there is nothing to be read.
                    if let Poll::Ready(written) = self.outlet.poll_write(&mut self.stream, context)
                    {
                        written?;
                    }
                }
                self.rest();
                return Poll::Pending;
            }
            self.is_drained = false;
        }
    }

    /// Lends to others what isn't needed while nothing comes.
    fn rest(&mut self) {
        let is_between_messages =
            |codec: &mut Box<Codec>| codec.is_empty() && codec.can_write();
        if let Some(codec) = self.codec.take_if(is_between_messages) {
            codec.give_back();
        }
    }

    fn poll_outlet(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.outlet.poll_write(&mut self.stream, context).map_err(Error::from)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for WebSocket<S> {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        match ready!(self.poll_message(context)) {
            Ok(message) => Poll::Ready(Some(Ok(message))),
            Err(error) => {
                self.has_ended = true;
                let is_end = matches!(error, Error::AlreadyClosed | Error::ConnectionClosed);
                Poll::Ready((!is_end).then_some(Err(error)))
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<Message> for WebSocket<S> {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.outlet.is_over(self.outbound_bytes) {
            ready!(self.poll_outlet(context))?;
        }
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        let Self { codec, intake, outlet, limits, .. } = &mut *self;
        let is_open = codec.as_ref().is_none_or(|codec| codec.can_write());
        match message {
            // What needs no state needs no codec either, and isn't copied twice.
            Message::Text(text) if is_open => outlet.put_frame(FINAL_TEXT, text.into()),
            Message::Binary(bytes) if is_open => outlet.put_frame(FINAL_BINARY, bytes),
            Message::Ping(bytes) if is_open => outlet.put_frame(PING, bytes),
            message => {
                let codec = codec.get_or_insert_with(|| Codec::for_next_message(*limits));
                return codec.write(&mut Ends { intake, outlet }, message);
            }
        }
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Self { codec, intake, outlet, is_drained, .. } = &mut *self;
        // A codec that has nothing to read has nothing to say either.
        if let Some(codec) = codec
            && !*is_drained
        {
            match codec.flush(&mut Ends { intake, outlet }) {
                Ok(()) | Err(Error::ConnectionClosed) => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        self.poll_outlet(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.codec.as_ref().is_none_or(|codec| codec.can_write()) {
            self.as_mut().start_send(Message::Close(None))?;
        }
        self.poll_flush(context)
    }
}

/// The first bytes of whole messages (RFC 6455 §5.2).
const FINAL_TEXT: u8 = 0x81;
const FINAL_BINARY: u8 = 0x82;
const PING: u8 = 0x89;

/// What the codec has instead of a socket.
struct Ends<'a> {
    intake: &'a mut Intake,
    outlet: &'a mut Outlet,
}

impl Read for Ends<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.intake.take(buffer)
    }
}

impl Write for Ends<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outlet.put(bytes);
        self.outlet.is_due = true;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What was read from the stream, until the codec has taken it.
struct Intake {
    /// Lent, and there only while there is something in it.
    bytes: Vec<u8>,
    taken: usize,
    /// How the stream has ended.
    end: Option<io::Result<()>>,
}

impl Intake {
    fn is_empty(&self) -> bool {
        self.taken == self.bytes.len() && self.end.is_none()
    }

    /// Reads what is there, into an intake that is empty.
    fn poll_fill<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let mut buffer = spare::buffer();
        let polled = pin!(stream.read_buf(&mut buffer)).poll(context);
        match polled {
            Poll::Ready(Ok(1..)) => (self.bytes, self.taken) = (buffer, 0),
            Poll::Ready(end) => self.end = Some(end.map(drop)),
            Poll::Pending => {
                spare::keep_buffer(buffer);
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    }

    fn take(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = &self.bytes[self.taken..];
        if bytes.is_empty() {
            return match &mut self.end {
                None => Err(io::ErrorKind::WouldBlock.into()),
                // An error is told once; what follows it is an end.
                Some(end) => mem::replace(end, Ok(())).map(|()| 0),
            };
        }
        let len = bytes.len().min(buffer.len());
        buffer[..len].copy_from_slice(&bytes[..len]);
        self.taken += len;
        if self.taken == self.bytes.len() {
            self.taken = 0;
            spare::keep_buffer(mem::take(&mut self.bytes));
        }
        Ok(len)
    }
}

/// What is to be written to the stream.
#[derive(Default)]
struct Outlet {
    /// Lent, and there only while there is something in it.
    bytes: Vec<u8>,
    written: usize,
    /// What follows the bytes, and isn't copied to them.
    payload: Bytes,
    /// Something of it waits for no flush: what the codec says of its own accord.
    is_due: bool,
}

impl Outlet {
    /// Whether more than this waits, or a payload does that others had to be copied behind.
    fn is_over(&self, most: usize) -> bool {
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
    fn put_frame(&mut self, first: u8, payload: Bytes) {
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
    fn poll_write<S: AsyncWrite + Unpin>(
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
                (bytes, payload) => stream.as_mut().poll_write_vectored(
                    context,
                    &[IoSlice::new(bytes), IoSlice::new(payload)],
                ),
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
