//! An open WebSocket: when something is read and when something is written, and what is answered of its
//! own accord: pings and a close. In between are an intake and an outlet, in memory.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use web_socket_channel::frame::{
    BINARY, CLOSE, FINAL, PING, PONG, TEXT, close_payload, parse_close,
};

use crate::Config;
use crate::fault::Fault;
use crate::intake::{Intake, Next};
use crate::memory_budget::{Part, Share};
use crate::outlet::Outlet;

/// A WebSocket over a stream of bytes. It has no loop that goes on for as long as a client sends: each
/// step is its owner's, who counts them.
pub(crate) struct WebSocket<'a, S> {
    stream: S,
    config: &'a Config,
    intake: Intake,
    outlet: Outlet,
    share: Share,
    state: State,
    /// There was a fault, behind which nothing can be read.
    is_broken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The close frame of this end was put; the client's is waited for.
    Closing,
    /// The client has closed: the last that is to be written waits for it, and nothing more is read.
    Ending,
    Ended,
}

/// What a step has brought.
pub(crate) enum Step {
    /// Bytes, so many.
    Read(usize),
    /// A frame that brings no message, or not yet.
    Frame,
    Message(Message),
    /// A short message, which was sent back.
    Echoed,
    /// The end, in order or not; it comes for ever.
    End,
}

impl<'a, S> WebSocket<'a, S> {
    /// A WebSocket whose handshake is done. `rest` is what came behind it.
    pub(crate) fn new(stream: S, rest: &[u8], config: &'a Config, share: Share) -> Self {
        Self {
            stream,
            config,
            intake: Intake::new(rest),
            outlet: Outlet::default(),
            share,
            state: State::Open,
            is_broken: false,
        }
    }

    /// The stream below, with what wasn't read from it lost.
    pub(crate) fn into_stream(self) -> S {
        self.stream
    }

    /// Whether a message has begun that isn't whole.
    pub(crate) fn is_within_message(&self) -> bool {
        self.intake.is_within_message()
    }

    /// Whether something waits to be written.
    pub(crate) fn has_unwritten(&self) -> bool {
        !self.outlet.is_empty()
    }

    /// Whether nothing is read before some of what waits is written.
    pub(crate) fn is_held_back(&self) -> bool {
        self.outlet.is_over(self.config.outbound_buffer_bytes) || self.state == State::Ending
    }

    /// Puts a ping, which waits for no flush.
    pub(crate) fn ping(&mut self) {
        if self.state == State::Open {
            self.answer(PING, Bytes::new());
        }
    }

    /// Counts what an endpoint keeps of messages.
    ///
    /// # Errors
    /// It is more than it may keep.
    pub(crate) fn keep(&mut self, bytes: usize) -> Result<(), Fault> {
        self.share.hold(Part::Kept, bytes)
    }

    /// Takes a message or a frame to be sent. Nothing is sent behind a close.
    ///
    /// # Errors
    /// The client has closed.
    pub(crate) fn start_send(&mut self, message: Message) -> Result<(), Fault> {
        if self.state != State::Open {
            return Err(Fault::Gone);
        }
        match message {
            Message::Text(text) => self.outlet.put(FINAL | TEXT, text.into()),
            Message::Binary(bytes) => self.outlet.put(FINAL | BINARY, bytes),
            Message::Ping(bytes) => self.outlet.put(FINAL | PING, bytes),
            Message::Pong(bytes) => self.outlet.put(FINAL | PONG, bytes),
            Message::Close(frame) => {
                let payload = frame.map_or_else(Vec::new, |frame| {
                    close_payload(frame.code.into(), frame.reason.as_str())
                });
                self.outlet.put(FINAL | CLOSE, payload.into());
                self.state = State::Closing;
            }
            Message::Frame(frame) => self.outlet.put(first_byte(&frame), frame.into_payload()),
        }
        Ok(())
    }

    fn control(&mut self, opcode: u8, payload: Bytes) -> Result<(), Fault> {
        match opcode {
            CLOSE => {
                parse_close(&payload)?;
                if self.state == State::Open {
                    // With the client's own code and reason (RFC 6455 §5.5.1).
                    self.answer(CLOSE, payload);
                }
                self.state = State::Ending;
            }
            PING if self.state == State::Open => self.answer(PONG, payload),
            _ => {}
        }
        Ok(())
    }

    fn answer(&mut self, opcode: u8, payload: Bytes) {
        self.outlet.put(FINAL | opcode, payload);
        self.outlet.is_due = true;
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<'_, S> {
    /// Goes on by one step of what comes; short messages are sent back if it `echoes`.
    ///
    /// # Errors
    /// A fault of the client. Nothing is read after it, and a close can still be sent.
    pub(crate) fn poll_step(
        &mut self,
        echoes: bool,
        context: &mut Context<'_>,
    ) -> Poll<Result<Step, Fault>> {
        if self.is_broken {
            return Poll::Ready(Ok(Step::End));
        }
        let step = ready!(self.poll_unbroken(echoes, context));
        self.is_broken = step.is_err();
        Poll::Ready(step)
    }

    #[inline]
    fn poll_unbroken(
        &mut self,
        echoes: bool,
        context: &mut Context<'_>,
    ) -> Poll<Result<Step, Fault>> {
        if self.is_held_back() {
            // What waits is bounded, even where a client sends pings and reads no pong.
            ready!(self.poll_flush(context))?;
        }
        if matches!(self.state, State::Ending | State::Ended) {
            self.state = State::Ended;
            return Poll::Ready(Ok(Step::End));
        }
        let echoed = (echoes && self.state == State::Open).then_some(&mut self.outlet);
        Poll::Ready(Ok(match self.intake.next(self.config, &mut self.share, echoed)? {
            Next::Echoed => Step::Echoed,
            Next::Message(message) => Step::Message(message),
            Next::Control(opcode, payload) => {
                self.control(opcode, payload)?;
                Step::Frame
            }
            Next::Fragment => Step::Frame,
            Next::End => return Poll::Ready(Err(Fault::Gone)),
            Next::More => {
                let read = self.intake.poll_fill(&mut self.stream, &mut self.share, context);
                if read.is_pending() && self.outlet.is_due {
                    ready!(self.poll_flush(context))?;
                }
                Step::Read(ready!(read)?)
            }
        }))
    }

    /// Ready when there is room for one more message to be sent.
    pub(crate) fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        if self.is_held_back() {
            ready!(self.poll_flush(context))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when all that was sent is written.
    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let written = self.outlet.poll_write(&mut self.stream, context);
        let held = if written.is_pending() { self.outlet.held() } else { 0 };
        self.share.hold(Part::Outgoing, held)?;
        written.map_err(Fault::from)
    }
}

fn first_byte(frame: &Frame) -> u8 {
    let header = frame.header();
    let bit = |is_set, bit| if is_set { bit } else { 0 };
    bit(header.is_final, FINAL)
        | bit(header.rsv1, 0x40)
        | bit(header.rsv2, 0x20)
        | bit(header.rsv3, 0x10)
        | u8::from(header.opcode)
}
