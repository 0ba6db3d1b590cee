//! Channels that need no network, thread or runtime: for tests, and for programs that talk to
//! themselves.
//!
//! - [`loopback`]: what is sent comes back, the close too;
//! - [`pair`]: two channels, each the other's peer;
//! - [`scripted`]: a channel and its far end, which a test plays by hand.
//!
//! They keep the same promises as a real connection and pass the same suite. What they can't do is
//! in the README's table; the most of it is that there is no clock, so no time-out ever strikes,
//! and that each end does its part only when it is looked at: of a pair, the other channel must be
//! polled (or dropped) for a close to be answered.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use bytestring::ByteString;

use crate::channel::{Core, WebSocketChannel};
use crate::close::CloseFrame;
use crate::error::Error;
use crate::message::Message;
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::queue::{Ends, Sender, Unsent, queue};
use crate::signal::{Failure, Opened, Signal};

/// A channel whose peer echoes everything: one queue, used in both directions.
///
/// ```
/// use futures::{StreamExt as _, executor::block_on};
/// use web_socket_channel::{Message, memory};
///
/// let mut channel = memory::loopback();
/// channel.try_send("a text")?;
/// assert_eq!(block_on(channel.next()).unwrap()?, Message::from("a text"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn loopback() -> WebSocketChannel {
    loopback_with(Options::default())
}

/// As [`loopback`], with the bound of the inbox and the tap that `options` name; nothing else in
/// them matters here.
pub fn loopback_with(options: Options) -> WebSocketChannel {
    let (sender, receiver) = queue(options.inbox, options.tap);
    sender.open(Opened::default());
    WebSocketChannel::over(Core::in_memory("memory:loopback", sender, receiver))
}

/// Two open channels, each the other's peer: two crossed queues.
pub fn pair() -> (WebSocketChannel, WebSocketChannel) {
    pair_with(None)
}

/// As [`pair`], having agreed on a subprotocol.
pub fn pair_with(protocol: Option<&str>) -> (WebSocketChannel, WebSocketChannel) {
    let opened = Opened { protocol: protocol.map(ByteString::from), ..Opened::default() };
    let bound = Options::default().inbox;
    let (to_b, from_a) = queue(bound, None);
    let (to_a, from_b) = queue(bound, None);
    to_a.open(opened.clone());
    to_b.open(opened);
    (
        WebSocketChannel::over(Core::in_memory("memory:pair/a", to_b, from_b)),
        WebSocketChannel::over(Core::in_memory("memory:pair/b", to_a, from_a)),
    )
}

/// A channel that is connecting, and its far end. Nothing happens by itself: the far end opens,
/// sends, closes and fails when it is told to, and reads what the channel says.
///
/// ```
/// use futures::{StreamExt as _, executor::block_on};
/// use web_socket_channel::{Message, ReadyState, memory};
///
/// let (mut channel, peer) = memory::scripted();
/// peer.open(Some("chat"));
/// peer.send("a text");
/// peer.close(4123, "done");
/// assert_eq!(block_on(channel.next()).unwrap()?, Message::from("a text"));
/// assert_eq!(channel.protocol().as_deref(), Some("chat"));
/// assert!(block_on(channel.next()).is_none());
/// assert_eq!(channel.close_code(), Some(4123));
/// # Ok::<(), web_socket_channel::Error>(())
/// ```
pub fn scripted() -> (WebSocketChannel, Remote) {
    scripted_with(Options::default())
}

/// As [`scripted`], with the bounds and the tap that `options` name, to see what a program does when
/// a queue is full; nothing else in them matters here.
pub fn scripted_with(options: Options) -> (WebSocketChannel, Remote) {
    let make = |sender, receiver| Core::in_memory("memory:scripted", sender, receiver);
    let (channel, Ends { incoming, outgoing }) = WebSocketChannel::with_far_ends(&options, make);
    let outgoing = Outgoing::new(outgoing);
    (channel, Remote { incoming, outgoing, is_open: AtomicBool::new(false) })
}

/// The far end of a [`scripted`] channel. Dropping it without a close cuts the connection.
pub struct Remote {
    incoming: Sender,
    outgoing: Outgoing,
    is_open: AtomicBool,
}

impl Remote {
    /// Completes the handshake.
    pub fn open(&self, protocol: Option<&str>) {
        let protocol = protocol.map(ByteString::from);
        self.is_open.store(true, Ordering::Relaxed);
        self.incoming.open(Opened { protocol, ..Opened::default() });
    }

    /// Waits until the channel's inbox has room, as a socket would before it goes on reading.
    pub async fn room(&self) {
        poll_fn(|cx| self.incoming.poll_room(cx)).await;
    }

    /// Sends a message, whatever the channel's inbox holds already; see [`room`](Self::room).
    /// Before it has opened and after the end it goes nowhere.
    pub fn send(&self, message: impl Into<Message>) {
        if self.is_open.load(Ordering::Relaxed) {
            let _: Result<(), Unsent> = self.incoming.send(message.into());
        }
    }

    /// Sends a close frame with any code, also one that may not be sent.
    pub fn close(&self, code: u16, reason: &str) {
        self.incoming.end(Signal::Close(CloseFrame { code, reason: reason.into() }));
    }

    /// Ends the connection without a close frame: with an error, or as if the cable were pulled.
    pub fn fail(&self, error: Option<Error>) {
        self.incoming.end(Signal::Fail(Failure::abnormal(error)));
    }

    /// The next thing that the channel says: a message or a close. `None` once the channel is gone
    /// and all that it has said was given.
    pub async fn next(&mut self) -> Option<Signal> {
        poll_fn(|cx| {
            self.outgoing.poll(cx);
            if self.outgoing.has_message() {
                let message = self.outgoing.pop().map(Signal::Message);
                self.outgoing.release_all_but(0, true);
                return Poll::Ready(message);
            }
            match self.outgoing.take_close() {
                Some(frame) => Poll::Ready(Some(Signal::Close(frame))),
                None if self.outgoing.is_abandoned() => Poll::Ready(None),
                None => Poll::Pending,
            }
        })
        .await
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}
