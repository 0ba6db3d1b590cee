//! What the pump drives: a WebSocket whose handshake is done, over whatever framing.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::close::CloseFrame;
use crate::error::LimitExceeded;
use crate::message::Message;
use crate::status;

/// An open WebSocket. What is sent is written by `poll_ready` and `poll_flush`, and goes nowhere once
/// writing has failed.
pub(crate) trait Socket {
    /// What lies beneath.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send;

    /// What the peer says next.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received>;

    /// Waits until one more message may be sent.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    fn send(&mut self, message: Message);

    fn send_ping(&mut self);

    /// The last thing that is sent.
    fn send_close(&mut self, frame: &CloseFrame);

    /// Waits until everything is written.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// How many bytes of payload were sent and are not written.
    fn unwritten(&self) -> usize;

    /// Whether anything has come from the peer, a byte even, since the last time this was asked.
    fn take_heard(&mut self) -> bool;

    /// Whether the peer asks for more answers than it takes.
    fn is_held_up(&self) -> bool;

    /// Why nothing can be sent any more.
    fn write_error(&self) -> Option<Arc<io::Error>>;

    fn stream(&mut self) -> &mut Self::Stream;
}

/// Which end of a connection this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Server,
}

/// What the peer has said.
pub(crate) enum Received {
    Message(Message),
    /// A ping or a pong, which the socket has dealt with, or a part of something.
    Control,
    /// A close that is right. It is answered, if the peer has begun.
    Close(CloseFrame),
    /// It broke a rule: with which code it is told, and which rule.
    Violation(u16, Cow<'static, str>),
    /// More than a limit allows.
    TooBig(LimitExceeded),
    /// Nothing comes any more.
    End(Option<Arc<io::Error>>),
}

impl Received {
    /// It broke this rule of the protocol.
    pub(crate) fn violation(rule: impl Into<Cow<'static, str>>) -> Self {
        Self::Violation(status::PROTOCOL_ERROR, rule.into())
    }
}
