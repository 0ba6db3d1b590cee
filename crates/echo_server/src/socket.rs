//! An open WebSocket: when something is read and when something is written. In between are an intake
//! and an outlet, in memory, and the codec, where more is to be done than to pass short messages on.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::codec::{Codec, Limits};
use crate::intake::{self, Intake, Next};
use crate::outlet::Outlet;

/// The first byte of a ping (RFC 6455 §5.2).
const PING: u8 = 0x89;

/// A WebSocket over a stream of bytes, as a stream and a sink of messages. It answers pings and
/// closes while it is read from.
pub(crate) struct WebSocket<S> {
    stream: S,
    limits: Limits,
    /// How much may wait to be written before the sink takes no more.
    outbound_bytes: usize,
    /// There only while the connection is not simply open and between two messages.
    codec: Option<Box<Codec>>,
    /// The codec, if there is one, has dealt with all that it was given.
    is_codec_done: bool,
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
            is_codec_done: true,
            intake: Intake::new(rest),
            outlet: Outlet::default(),
            is_ending: false,
            has_ended: false,
        }
    }

    /// The stream below, with what wasn't read from it lost.
    pub(crate) fn into_stream(self) -> S {
        self.stream
    }

    /// The codec, which has something to do, and what it reads from and writes to.
    fn codec(&mut self) -> (&mut Codec, Ends<'_>) {
        self.is_codec_done = false;
        let codec = self.codec.get_or_insert_with(|| Codec::lend(self.limits));
        (codec, Ends { intake: &mut self.intake, outlet: &mut self.outlet })
    }

    /// Lets go of the codec, where nothing is in it that it didn't deal with.
    fn settle(&mut self) {
        self.is_codec_done = true;
        let is_frame_taken = self.intake.is_frame_taken();
        let codec = self.codec.take_if(|codec| is_frame_taken && codec.is_between_messages());
        if let Some(codec) = codec {
            codec.give_back();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Result<Message, Error>> {
        loop {
            if self.outlet.is_over(self.outbound_bytes) || self.is_ending {
                // What waits is bounded, even where a client sends pings and reads no pong.
                ready!(self.poll_outlet(context))?;
            }
            if self.is_ending {
                return Poll::Ready(Err(Error::ConnectionClosed));
            }
            if !self.is_codec_done {
                let (codec, mut ends) = self.codec();
                match codec.read(&mut ends) {
                    Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                        self.settle();
                    }
                    Err(Error::ConnectionClosed | Error::AlreadyClosed) => {
                        self.is_ending = true;
                        continue;
                    }
                    result => return Poll::Ready(result),
                }
            }
            match self.intake.next(self.limits, self.codec.is_some())? {
                Next::Message(message) => return Poll::Ready(Ok(message)),
                Next::Frame(first, len) => self.codec().0.begin_frame(first, len),
                // The codec knows what an end means.
                Next::End => self.is_codec_done = false,
                Next::More => {
                    if self.intake.poll_fill(&mut self.stream, context).is_pending() {
                        if self.outlet.is_due {
                            ready!(self.poll_outlet(context))?;
                        }
                        return Poll::Pending;
                    }
                    // It may be in the middle of a frame.
                    self.is_codec_done = self.codec.is_none();
                }
            }
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
                let is_end = matches!(error, Error::ConnectionClosed);
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
        let is_open = self.codec.as_ref().is_none_or(|codec| codec.is_open());
        match message {
            // What changes nothing needs no codec.
            Message::Text(text) if is_open => self.outlet.put_frame(intake::TEXT, text.into()),
            Message::Binary(bytes) if is_open => self.outlet.put_frame(intake::BINARY, bytes),
            Message::Ping(bytes) if is_open => self.outlet.put_frame(PING, bytes),
            message => {
                let (codec, mut ends) = self.codec();
                codec.write(&mut ends, message)?;
            }
        }
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.codec.is_some() {
            let (codec, mut ends) = self.codec();
            match codec.flush(&mut ends) {
                Ok(()) | Err(Error::ConnectionClosed) => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        self.poll_outlet(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.codec.as_ref().is_none_or(|codec| codec.is_open()) {
            self.as_mut().start_send(Message::Close(None))?;
        }
        self.poll_flush(context)
    }
}

/// What the codec has instead of a socket.
struct Ends<'a> {
    intake: &'a mut Intake,
    outlet: &'a mut Outlet,
}

impl Read for Ends<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.intake.read(buffer)
    }
}

impl Write for Ends<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outlet.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.outlet.flush()
    }
}
