//! The echo itself, over any stream and sink of messages: no socket, no handshake and no clock.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

use crate::fault::Fault;

/// An open WebSocket: a stream of messages of data and a sink of messages, which answers pings and closes
/// by itself.
pub(crate) trait Socket:
    Stream<Item = Result<Message, Fault>> + Sink<Message, Error = Fault> + Unpin
{
    /// Counts what a session keeps of messages for later against the memory of the server.
    ///
    /// # Errors
    /// It is more than the client may have.
    fn keep(&mut self, bytes: usize) -> Result<(), Fault>;

    /// The next message that is to be sent back. A socket may do so with short ones itself, which is
    /// far cheaper than to hand them over.
    fn poll_echo(&mut self, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_next_unpin(context)
    }
}

/// How a session has ended, and what is left to do.
#[derive(Debug)]
pub(crate) enum End {
    /// The peer has closed, or is gone.
    Closed,
    /// A close is to be sent, of the server's own will; `None` is one without a code.
    Close(Option<CloseFrame>),
    /// The connection is to be cut, of the server's own will.
    Cut,
    /// It is the peer's fault.
    Fault(Fault),
}

/// Sends back what comes, until the connection ends.
///
/// May be dropped at any moment, between two messages or while the peer doesn't read; the socket is
/// then still good for [`close`].
pub(crate) async fn echo(socket: &mut impl Socket) -> End {
    match poll_fn(|context| poll_echo(socket, context)).await {
        Ok(()) => End::Closed,
        Err(fault) => End::Fault(fault),
    }
}

/// Sends a greeting, and then echoes.
pub(crate) async fn greet(socket: &mut impl Socket, greeting: Message) -> End {
    match socket.send(greeting).await {
        Ok(()) => echo(socket).await,
        Err(fault) => End::Fault(fault),
    }
}

/// Sends back all that has come, and is ready when no more comes.
///
/// Written as one poll, as a message that is kept while something is waited for is moved about, which
/// costs as much as all else that is done with a short one.
fn poll_echo(socket: &mut impl Socket, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
    let has_ended = loop {
        // Waits while the client doesn't read, and so reads no more from it: what a connection has
        // in memory stays bounded.
        ready!(socket.poll_ready_unpin(context))?;
        match socket.poll_echo(context) {
            Poll::Ready(Some(message)) => socket.start_send_unpin(message?)?,
            Poll::Ready(None) => break true,
            Poll::Pending => break false,
        }
    };
    // Everything that has come already is answered in one go: a write costs far more than a small
    // message, and a client that sends many at a time gets them back in as few.
    ready!(socket.poll_flush_unpin(context))?;
    if has_ended { Poll::Ready(Ok(())) } else { Poll::Pending }
}

/// Sends a close frame, notes when that is said, and reads on until the peer has answered it. Whoever
/// calls it bounds the time.
///
/// An error is no news here, as the connection ends anyway.
pub(crate) async fn close(socket: &mut impl Socket, frame: Option<CloseFrame>, is_said: &mut bool) {
    if socket.send(Message::Close(frame)).await.is_ok() {
        *is_said = true;
        while let Some(Ok(_)) = socket.next().await {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::pin::Pin;

    use futures_util::FutureExt as _;
    use web_socket_channel::status;

    use super::*;

    /// A socket that plays a script and notes what is done with it.
    #[derive(Default)]
    struct Fake {
        /// What `next` yields; a `None` in it is a moment at which nothing has come yet.
        incoming: VecDeque<Option<Result<Message, Fault>>>,
        /// What was sent, and in between how often it was flushed.
        notes: Vec<Note>,
        /// How many more messages the client takes.
        room: usize,
    }

    #[derive(Debug, PartialEq, Eq)]
    enum Note {
        Sent(Message),
        Flushed,
    }

    impl Fake {
        fn new(incoming: impl IntoIterator<Item = Option<Result<Message, Fault>>>) -> Self {
            let incoming = incoming.into_iter().collect();
            Self { incoming, notes: Vec::new(), room: usize::MAX }
        }
    }

    impl Socket for Fake {
        fn keep(&mut self, _: usize) -> Result<(), Fault> {
            Ok(())
        }
    }

    impl Stream for Fake {
        type Item = Result<Message, Fault>;

        fn poll_next(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Self::Item>> {
            match self.incoming.pop_front() {
                Some(Some(message)) => Poll::Ready(Some(message)),
                Some(None) => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                None => Poll::Ready(None),
            }
        }
    }

    impl Sink<Message> for Fake {
        type Error = Fault;

        fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            if self.room == 0 { Poll::Pending } else { Poll::Ready(Ok(())) }
        }

        fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Fault> {
            self.room -= 1;
            self.notes.push(Note::Sent(message));
            Ok(())
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            self.notes.push(Note::Flushed);
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            Poll::Ready(Ok(()))
        }
    }

    fn text(number: usize) -> Message {
        Message::text(format!("number {number}"))
    }

    fn come(message: Message) -> Option<Result<Message, Fault>> {
        Some(Ok(message))
    }

    #[tokio::test]
    async fn what_has_come_together_goes_back_with_one_flush() {
        let mut socket = Fake::new([
            come(text(1)),
            come(Message::binary(vec![3, 6, 7, 8])),
            come(text(2)),
            None,
            come(text(3)),
        ]);
        assert!(matches!(echo(&mut socket).await, End::Closed));
        let expected = [
            Note::Sent(text(1)),
            Note::Sent(Message::binary(vec![3, 6, 7, 8])),
            Note::Sent(text(2)),
            Note::Flushed,
            Note::Sent(text(3)),
            Note::Flushed,
        ];
        assert_eq!(socket.notes, expected);
    }

    #[tokio::test]
    async fn the_greeting_is_sent_before_anything_is_read() {
        let mut socket = Fake::new([come(text(1))]);
        greet(&mut socket, text(0)).await;
        let expected = [Note::Sent(text(0)), Note::Flushed, Note::Sent(text(1)), Note::Flushed];
        assert_eq!(socket.notes, expected);
    }

    #[test]
    fn a_client_that_does_not_read_is_not_read_from() {
        let mut socket = Fake::new((0..100).map(|number| come(text(number))));
        socket.room = 3;
        // It waits for room before it takes the fourth message.
        assert!(echo(&mut socket).now_or_never().is_none());
        assert_eq!(socket.notes.len(), 3);
        assert_eq!(socket.incoming.len(), 97);
        // The socket is still good to be closed.
        socket.room = usize::MAX;
        socket.incoming.clear();
        let frame = CloseFrame { code: status::GOING_AWAY.into(), reason: "enough".into() };
        let mut is_said = false;
        let closing = close(&mut socket, Some(frame.clone()), &mut is_said);
        assert!(closing.now_or_never().is_some() && is_said);
        assert_eq!(socket.notes[3], Note::Sent(Message::Close(Some(frame))));
    }

    #[tokio::test]
    async fn closing_drops_what_still_comes_until_the_peer_answers() {
        let mut socket = Fake::new([come(text(1)), None, come(Message::Close(None))]);
        let frame = CloseFrame { code: status::GOING_AWAY.into(), reason: "enough".into() };
        close(&mut socket, Some(frame.clone()), &mut false).await;
        assert!(socket.incoming.is_empty());
        assert_eq!(socket.notes, [Note::Sent(Message::Close(Some(frame))), Note::Flushed]);
    }

    #[tokio::test]
    async fn a_fault_of_the_peer_ends_the_echo() {
        let mut socket = Fake::new([come(text(1)), Some(Err(Fault::Protocol)), come(text(2))]);
        assert!(matches!(echo(&mut socket).await, End::Fault(Fault::Protocol)));
        assert_eq!(socket.notes, [Note::Sent(text(1))]);
    }
}
