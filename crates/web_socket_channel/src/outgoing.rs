//! What a transport has to say for its channel: a batch of messages, and the close behind them. The
//! same for every transport.

#![cfg_attr(not(feature = "native"), allow(dead_code, reason = "memory asks for less"))]

use std::collections::VecDeque;
use std::task::Context;

use crate::close::CloseFrame;
use crate::message::Message;
use crate::queue::{Bound, Receiver};
use crate::signal::Signal;

/// The transport's end of the outbox.
pub(crate) struct Outgoing {
    receiver: Receiver,
    batch: VecDeque<Message>,
    /// How long each message is that was given to the socket and still counts against the outbox; of
    /// the first one, what is left of it.
    given: VecDeque<usize>,
    given_bytes: usize,
    /// The channel has closed, and the peer is not told yet.
    close: Option<CloseFrame>,
    is_closing: bool,
    /// Nobody holds the channel any more.
    is_abandoned: bool,
    /// Nothing can be sent any more.
    is_given_up: bool,
}

impl Outgoing {
    pub(crate) fn new(receiver: Receiver) -> Self {
        Self {
            receiver,
            batch: VecDeque::new(),
            given: VecDeque::new(),
            given_bytes: 0,
            close: None,
            is_closing: false,
            is_abandoned: false,
            is_given_up: false,
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
            }
        }
        if self.batch.is_empty() {
            self.receiver.take(&mut self.batch);
        }
        if self.is_given_up {
            self.batch.clear();
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
        self.given.push_back(message.len());
        self.given_bytes += message.len();
        Some(message)
    }

    /// The close, for the socket, once everything before it was given.
    pub(crate) fn take_close(&mut self) -> Option<CloseFrame> {
        if self.has_message() { None } else { self.close.take() }
    }

    /// Says how many bytes of payload of what the socket was given have not left it, and whether it
    /// `is_flushed`: the rest makes room in the outbox. Until then the last message stays, as a head may
    /// be left of it.
    pub(crate) fn release_all_but(&mut self, unwritten: usize, is_flushed: bool) {
        let bytes = self.given_bytes.saturating_sub(unwritten);
        self.given_bytes -= bytes;
        let before = self.given.len();
        if is_flushed && self.given_bytes == 0 {
            self.given.clear();
        }
        let mut left = bytes;
        while let Some(first) = self.given.front_mut() {
            let part = left.min(*first);
            *first -= part;
            left -= part;
            if *first > 0 || (!is_flushed && self.given.len() == 1) {
                break;
            }
            self.given.pop_front();
        }
        self.receiver.release(Bound { messages: before - self.given.len(), bytes });
    }

    /// Nothing can be sent any more: what waits is let go.
    pub(crate) fn give_up(&mut self) {
        self.is_given_up = true;
        self.close = None;
        // It still counts against the outbox, as it never leaves.
        self.receiver.take(&mut self.batch);
        self.batch.clear();
    }

    /// Whether the connection has to end within the time that closing may take. From the close on and
    /// not from when it is written: a peer that does not read would put that off for ever.
    pub(crate) fn must_end(&self) -> bool {
        self.is_closing || self.is_given_up
    }
}
