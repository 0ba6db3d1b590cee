//! The handle: what can be asked of a reconnecting channel and asked for, from anywhere.

use std::fmt;
use std::sync::Arc;

use bytestring::ByteString;

use super::ledger::{Counts, InDoubt, MessageId, Outgoing};
use super::machine::Event;
use super::shared::Shared;
use super::state::State;
use super::watch::{CountsChanges, Ended, States};
use crate::backend;
use crate::channel::SendError;
use crate::close::{CloseEvent, CloseFrame, close_frame};
use crate::error::{Error, InvalidArgument, LimitExceeded};
use crate::handshake::http::HeaderMap;
use crate::message::Message;
use crate::queue::Bound;

/// What can be asked of a [`ReconnectingChannel`](super::ReconnectingChannel), none of which ever
/// blocks.
///
/// The channel and its halves dereference to it. A clone is cheap, and does not keep the channel
/// alive: that ends when both halves are dropped, and a handle that is left then tells how.
#[derive(Clone)]
pub struct ReconnectHandle {
    pub(crate) shared: Arc<Shared>,
}

/// What goes on.
impl ReconnectHandle {
    /// A handle of one's own.
    #[must_use]
    pub fn handle(&self) -> Self {
        self.clone()
    }

    /// What the channel is doing right now.
    pub fn state(&self) -> State {
        self.shared.state().1
    }

    /// What the channel is doing, from now on: first the present state, then each new one. A reader
    /// that is slow misses what was only passing, and never the last; after
    /// [`State::Stopped`] it ends. There may be many of these, and they may outlive the channel.
    pub fn states(&self) -> States {
        States::new(&self.shared)
    }

    /// How much waits, and how much is in doubt.
    pub fn counts(&self) -> Counts {
        self.shared.update(|inner| inner.ledger.counts())
    }

    /// How much waits, and how much is in doubt, from now on: first the present counts, then
    /// whenever they have changed. A reader that is slow misses what was only passing, and never
    /// the last; when both halves of the channel are dropped it ends.
    pub fn counts_changes(&self) -> CountsChanges {
        CountsChanges::new(&self.shared)
    }

    /// The URL of the present attempt or connection, or of the last one, without credentials.
    /// `None` before the first one is known.
    pub fn url(&self) -> Option<ByteString> {
        self.shared.update(|inner| inner.connection.url.clone())
    }

    /// The subprotocol of the connection that is open, or that last was.
    pub fn protocol(&self) -> Option<ByteString> {
        self.shared.update(|inner| inner.connection.protocol.clone())
    }

    /// The negotiated extensions of the connection that is open, or that last was.
    pub fn extensions(&self) -> ByteString {
        self.shared.update(|inner| inner.connection.extensions.clone())
    }

    /// The headers of the server's answer, of the connection that is open, or that last was. Empty in a
    /// browser, which hides them.
    pub fn response_headers(&self) -> HeaderMap {
        self.shared.update(|inner| inner.connection.headers.clone())
    }

    /// How the connection ended that was last open. `None` while there is one, before there ever
    /// was, and where nobody waited for its end ([`stop`](Self::stop), or a close that took too
    /// long).
    pub fn close_event(&self) -> Option<CloseEvent> {
        self.shared.update(|inner| inner.connection.close_event.clone())
    }

    /// Resolves when the channel has stopped, whoever ends it, without doing anything to end it.
    pub fn ended(&self) -> Ended {
        Ended::new(&self.shared)
    }
}

/// What can be asked for.
impl ReconnectHandle {
    /// Takes a message in, to be sent as soon as possible, and never waits. The number is larger
    /// than that of every message before.
    ///
    /// # Errors
    /// The outbox is full ([`Policy::outbox`](super::Policy::outbox)), or the channel is closing or
    /// stopped; the message is given back.
    pub fn try_send(&self, message: impl Into<Message>) -> Result<MessageId, SendError> {
        let message = message.into();
        self.shared.update(|inner| {
            if !inner.accepts() {
                Err(SendError { message, error: inner.closed() })
            } else if inner.ledger.has_room() {
                Ok(inner.ledger.accept(message))
            } else {
                let Bound { messages, bytes } = inner.ledger.outbox();
                let error = Error::LimitExceeded(LimitExceeded::Outbox { messages, bytes });
                Err(SendError { message, error })
            }
        })
    }

    /// Ends the wait for the next attempt: it is made now, a server's `Retry-After` or not. At any
    /// other time there is nothing to hurry up, and nothing happens.
    pub fn retry_now(&self) {
        self.shared.on(Event::RetryNow);
    }

    /// Ends everything at once, in whatever state it is. The connection is dropped (the peer sees
    /// 1001 natively, and no code from a browser), nothing more is sent or delivered. What is left
    /// can still be read, here and from [`ended`](Self::ended). A second time changes nothing.
    pub fn stop(&self) {
        self.shared.on(Event::Stop);
    }

    /// Sends what waits if there is a connection, closes it without a code, and stops. The returned
    /// future resolves when the peer has answered, at the latest after
    /// [`Policy::close_timeout`](super::Policy::close_timeout), with what is not known to have
    /// arrived; it need not be awaited. Where there is no connection it stops at once.
    ///
    /// From here on nothing more is delivered or accepted. Closing again changes nothing and
    /// resolves with the first one.
    pub fn close(&self) -> Ended {
        self.shared.on(Event::Close(CloseFrame::EMPTY));
        self.ended()
    }

    /// As [`close`](Self::close), with a code that says why, and a reason or `""`.
    ///
    /// # Errors
    /// A code that a client may not send, a reason without a code or of more than 123 bytes, as of
    /// [`Connection::close_with`](crate::Connection::close_with); also when the channel has stopped
    /// already.
    pub fn close_with(
        &self,
        code: impl Into<Option<u16>>,
        reason: &str,
    ) -> Result<Ended, InvalidArgument> {
        let frame = close_frame(code.into(), reason)?;
        backend::check_close(&frame)?;
        self.shared.on(Event::Close(frame));
        Ok(self.ended())
    }
}

/// What has become of the messages.
impl ReconnectHandle {
    /// What waits for a connection, or for its network, in order. Clones are cheap, but it is a list
    /// of all of them: for how many see [`counts`](Self::counts).
    pub fn waiting(&self) -> Vec<Outgoing> {
        self.shared.update(|inner| inner.ledger.waiting())
    }

    /// Takes back a message that waits. `None` if it does not: it was handed over already, or
    /// withdrawn.
    pub fn withdraw(&self, id: MessageId) -> Option<Message> {
        self.shared.update(|inner| inner.ledger.withdraw(id))
    }

    /// Takes back everything that waits, in order.
    pub fn withdraw_all(&self) -> Vec<Outgoing> {
        self.shared.update(|inner| inner.ledger.withdraw_all())
    }

    /// What may or may not have arrived, of all connections that are gone.
    pub fn in_doubt(&self) -> InDoubt {
        self.shared.update(|inner| inner.ledger.in_doubt())
    }

    /// The same, and the program answers for it from now on: it is no longer in doubt here.
    pub fn take_in_doubt(&self) -> InDoubt {
        self.shared.update(|inner| inner.ledger.take_in_doubt())
    }

    /// Has what is in doubt sent again, each message in the place that its number gives it, so
    /// before everything that came later and still waits; the numbers stay. It may then be over the
    /// outbox's bound. Says how many these are; what was forgotten stays in doubt.
    ///
    /// After the channel has stopped nothing is sent any more: then they are only among what
    /// waits.
    pub fn resend_in_doubt(&self) -> usize {
        self.shared.update(|inner| inner.ledger.resend_in_doubt())
    }

    /// The peer has acknowledged, in the program's own protocol, everything up to this number: none
    /// of it is or comes into doubt, or is sent again. Of messages that were never handed over
    /// nothing changes. A number lower than one before changes nothing.
    ///
    /// Of messages that were not remembered ([`InDoubt::forgotten`]) only all can be confirmed.
    pub fn confirm(&self, up_to: MessageId) {
        self.shared.update(|inner| inner.ledger.confirm(up_to));
    }
}

impl fmt::Debug for ReconnectHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReconnectHandle")
            .field("url", &self.url())
            .field("state", &self.state())
            .field("counts", &self.counts())
            .finish()
    }
}
