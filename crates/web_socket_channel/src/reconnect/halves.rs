//! The two halves of a reconnecting channel: a stream of messages, and a sink for messages.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use futures_sink::Sink;

use super::handle::ReconnectHandle;
use super::machine::Event;
use super::shared::{Inner, Shared};
use crate::close::CloseFrame;
use crate::error::Error;
use crate::message::Message;

/// The reading half of a [`ReconnectingChannel`](super::ReconnectingChannel).
///
/// Yields the messages of one connection after the other. The last item is the error for which the
/// channel has stopped, if it was one: nothing that was tried again shows up here.
///
/// It should be read, as a full [`inbox`](super::Policy::inbox) holds the peer back. Without it,
/// once it is dropped, what comes is discarded and the channel lives on.
pub struct ReconnectingStream {
    pub(crate) handle: ReconnectHandle,
    has_ended: bool,
    _owner: Arc<Owner>,
}

/// The writing half of a [`ReconnectingChannel`](super::ReconnectingChannel).
///
/// - `poll_ready` waits while the outbox is full; while there is no connection nothing leaves it.
/// - `poll_flush` waits until a connection has taken everything that waits, and its own sink is
///   flushed: so while there is no connection, `SinkExt::send` waits for one. `feed` and
///   [`try_send`](ReconnectHandle::try_send) don't. What others send meanwhile holds it up only for a
///   moment. It is an error if the channel has stopped and
///   something still waits. What was flushed may be in doubt all the same.
/// - `poll_close` is [`close`](ReconnectHandle::close), without a code.
pub struct ReconnectingSink {
    pub(crate) handle: ReconnectHandle,
    _owner: Arc<Owner>,
}

/// Ends everything when the last half is dropped, though handles, streams and futures may still
/// hold what is shared.
struct Owner(Arc<Shared>);

/// The two halves of one channel.
pub(crate) fn halves(shared: &Arc<Shared>) -> (ReconnectingSink, ReconnectingStream) {
    let owner = Arc::new(Owner(Arc::clone(shared)));
    let handle = ReconnectHandle { shared: Arc::clone(shared) };
    let sink = ReconnectingSink { handle: handle.clone(), _owner: Arc::clone(&owner) };
    (sink, ReconnectingStream { handle, has_ended: false, _owner: owner })
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.on(Event::Dropped);
    }
}

impl Drop for ReconnectingStream {
    fn drop(&mut self) {
        self.handle.shared.update(Inner::drop_reader);
    }
}

impl Stream for ReconnectingStream {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let shared = &self.handle.shared;
        let mut item = shared.update(Inner::read);
        if item.is_none() {
            shared.await_message(cx);
            item = shared.update(Inner::read);
        }
        self.has_ended = matches!(item, Some(None));
        item.map_or(Poll::Pending, Poll::Ready)
    }
}

impl FusedStream for ReconnectingStream {
    fn is_terminated(&self) -> bool {
        self.has_ended
    }
}

impl Sink<Message> for ReconnectingSink {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let shared = &self.handle.shared;
        shared.await_sink(cx);
        shared.update(|inner| {
            if !inner.accepts() {
                Poll::Ready(Err(inner.closed()))
            } else if inner.ledger.has_room() {
                Poll::Ready(Ok(()))
            } else {
                Poll::Pending
            }
        })
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        self.handle.shared.update(|inner| {
            if !inner.accepts() {
                return Err(inner.closed());
            }
            inner.start_send(message);
            Ok(())
        })
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let shared = &self.handle.shared;
        shared.await_sink(cx);
        shared.update(|inner| {
            if inner.has_flushed() {
                Poll::Ready(Ok(()))
            } else if inner.stop_cause().is_some() {
                Poll::Ready(Err(inner.closed()))
            } else {
                Poll::Pending
            }
        })
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let shared = &self.handle.shared;
        shared.await_sink(cx);
        shared.on(Event::Close(CloseFrame::EMPTY));
        let has_stopped = shared.update(|inner| inner.stop_cause().is_some());
        if has_stopped { Poll::Ready(Ok(())) } else { Poll::Pending }
    }
}
