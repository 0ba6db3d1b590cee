//! What a transport has to say for its channel: a batch of messages, the close behind them, and how
//! long that may take. The same for every transport.

use std::collections::VecDeque;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::close::CloseFrame;
use crate::deadline::Deadline;
use crate::message::Message;
use crate::queue::{Bound, Receiver};
use crate::signal::Signal;

/// The transport's end of the outbox.
pub(crate) struct Outgoing {
    receiver: Receiver,
    batch: VecDeque<Message>,
    /// What was given to the socket and still counts against the outbox.
    given: Bound,
    /// The channel has closed, and the peer is not told yet.
    close: Option<CloseFrame>,
    is_closing: bool,
    /// Nobody holds the channel any more.
    is_abandoned: bool,
    /// `None` where there is no clock.
    close_timeout: Option<Duration>,
    /// When to stop waiting for the end. Set by the close, or by a socket that takes nothing more.
    deadline: Option<Deadline>,
}

impl Outgoing {
    pub(crate) fn new(receiver: Receiver, close_timeout: impl Into<Option<Duration>>) -> Self {
        Self {
            receiver,
            batch: VecDeque::new(),
            given: Bound::default(),
            close: None,
            is_closing: false,
            is_abandoned: false,
            close_timeout: close_timeout.into(),
            deadline: None,
        }
    }

    /// Takes in what the channel has said, and is woken when it says more.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) {
        self.receiver.register(cx);
        if self.receiver.has_events() {
            let events = self.receiver.take_events();
            self.is_abandoned |= events.sender_is_gone;
            if let Some(Signal::Close(frame)) = events.end {
                self.is_closing = true;
                self.close = Some(frame);
                // From now on and not from when it is written: a peer that does not read would put
                // that off for ever.
                self.give_up_in_time();
            }
        }
        if self.batch.is_empty() {
            self.receiver.take(&mut self.batch);
        }
    }

    /// Whether the channel has closed: nobody may see what still comes.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// Whether nobody holds the channel any more: what has not begun need not begin.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.is_abandoned
    }

    /// Whether there is a message to give to the socket.
    pub(crate) fn has_message(&mut self) -> bool {
        if self.batch.is_empty() {
            self.receiver.take(&mut self.batch);
        }
        !self.batch.is_empty()
    }

    /// The next message, for the socket.
    pub(crate) fn pop(&mut self) -> Option<Message> {
        let message = self.batch.pop_front()?;
        self.given.add(&message);
        Some(message)
    }

    /// The close, for the socket, once everything before it was given.
    pub(crate) fn take_close(&mut self) -> Option<CloseFrame> {
        if self.has_message() { None } else { self.close.take() }
    }

    /// Says how many bytes of payload of what the socket was given have not left it: the rest makes
    /// room in the outbox. Which messages these are is known only once all of them are gone.
    pub(crate) fn release_all_but(&mut self, unwritten: usize) {
        let done = Bound {
            messages: if unwritten == 0 { self.given.messages } else { 0 },
            bytes: self.given.bytes.saturating_sub(unwritten),
        };
        self.given = self.given.minus(done);
        self.receiver.release(done);
    }

    /// Nothing can be sent any more: what waits is let go, and the end has to come in time.
    pub(crate) fn give_up(&mut self) {
        self.batch.clear();
        self.receiver.discard();
        self.close = None;
        self.give_up_in_time();
    }

    fn give_up_in_time(&mut self) {
        if self.deadline.is_none() {
            self.restart_deadline();
        }
    }

    /// Whether the time is over that closing may take; never where nobody closes.
    pub(crate) fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.deadline {
            Some(deadline) => deadline.poll_passed(cx),
            None => Poll::Pending,
        }
    }

    /// Begins the time anew that closing may take.
    pub(crate) fn restart_deadline(&mut self) {
        self.deadline = self.close_timeout.map(Deadline::new);
    }

    pub(crate) fn has_deadline(&self) -> bool {
        self.deadline.is_some()
    }
}
