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

use bytestring::ByteString;

use crate::channel::WebSocketChannel;
use crate::close::CloseFrame;
use crate::error::Error;
use crate::mailbox::{Bound, Ends, mailbox, mailbox_with};
use crate::message::Message;
use crate::open_socket::CheckClose;
use crate::options::Options;
use crate::signal::{Failure, Opened, Signal};
use crate::status;

/// A channel whose peer echoes everything: one mailbox, used in both directions.
///
/// ```
/// use futures::{StreamExt as _, executor::block_on};
/// use web_socket_channel::{Message, memory};
///
/// let mut channel = memory::loopback();
/// channel.try_send("raisin")?;
/// assert_eq!(block_on(channel.next()).unwrap()?, Message::from("raisin"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn loopback() -> WebSocketChannel {
    loopback_with(Options::default())
}

/// As [`loopback`], with the bound of the inbox and the tap that `options` name; nothing else in
/// them matters here.
pub fn loopback_with(options: Options) -> WebSocketChannel {
    let (inlet, outlet) = mailbox_with(options.inbox, options.tap);
    inlet.put(Signal::Open(Box::default())).pay();
    WebSocketChannel::over("memory:loopback", inlet, outlet, ANY_CLOSE)
}

/// Two open channels, each the other's peer: two crossed mailboxes.
pub fn pair() -> (WebSocketChannel, WebSocketChannel) {
    pair_with(None)
}

/// As [`pair`], having agreed on a subprotocol.
pub fn pair_with(protocol: Option<&str>) -> (WebSocketChannel, WebSocketChannel) {
    let opened = Opened { protocol: protocol.map(ByteString::from), ..Opened::default() };
    let (to_b, from_a) = mailbox(default_bound());
    let (to_a, from_b) = mailbox(default_bound());
    to_a.put(Signal::Open(opened.clone().into())).pay();
    to_b.put(Signal::Open(opened.into())).pay();
    (
        WebSocketChannel::over("memory:pair/a", to_b, from_b, ANY_CLOSE),
        WebSocketChannel::over("memory:pair/b", to_a, from_a, ANY_CLOSE),
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
/// peer.send("raisin");
/// peer.close(4123, "done");
/// assert_eq!(block_on(channel.next()).unwrap()?, Message::from("raisin"));
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
    let (incoming, near_outlet) = mailbox_with(options.inbox, options.tap);
    let (near_inlet, outgoing) = mailbox(options.outbox);
    let channel = WebSocketChannel::over("memory:scripted", near_inlet, near_outlet, ANY_CLOSE);
    (channel, Remote { ends: Ends { incoming, outgoing }, taken: Vec::new().into_iter() })
}

/// The far end of a [`scripted`] channel. Dropping it without a close cuts the connection.
pub struct Remote {
    ends: Ends,
    /// What was taken from the mailbox and not yet handed out.
    taken: std::vec::IntoIter<Signal>,
}

impl Remote {
    /// Completes the handshake.
    pub fn open(&self, protocol: Option<&str>) {
        let protocol = protocol.map(ByteString::from);
        self.say(Signal::Open(Opened { protocol, ..Opened::default() }.into()));
    }

    /// Waits until the channel's inbox has room, as a socket would before it goes on reading.
    pub async fn room(&self) {
        poll_fn(|cx| self.ends.incoming.poll_room(cx)).await;
    }

    /// Sends a message, whatever the channel's inbox holds already; see [`room`](Self::room).
    pub fn send(&self, message: impl Into<Message>) {
        self.say(Signal::Message(message.into()));
    }

    /// Sends a close frame with any code, also one that may not be sent.
    pub fn close(&self, code: u16, reason: &str) {
        self.say(Signal::Close(CloseFrame { code, reason: reason.into() }));
    }

    /// Ends the connection without a close frame: with an error, or as if the cable were pulled.
    pub fn fail(&self, error: Option<Error>) {
        self.say(Signal::Fail(Failure { code: status::ABNORMAL_CLOSURE, error }));
    }

    /// The next thing that the channel says: a message or a close. `None` once the channel and
    /// everything that belongs to it is gone.
    pub async fn next(&mut self) -> Option<Signal> {
        loop {
            if let Some(signal) = self.taken.next() {
                if let Signal::Message(message) = &signal {
                    self.ends.outgoing.release(1, message.len()).pay();
                }
                return Some(signal);
            }
            let mut taken = Vec::new();
            if !poll_fn(|cx| self.ends.outgoing.poll_take(cx, &mut taken)).await {
                return None;
            }
            self.taken = taken.into_iter();
        }
    }

    fn say(&self, signal: Signal) {
        self.ends.incoming.put(signal).pay();
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}

/// There is nobody here who minds.
const ANY_CLOSE: CheckClose = |_| Ok(());

fn default_bound() -> Bound {
    Options::default().inbox
}
