//! One WebSocket channel for native programs and the web: a stream, a sink and the life of the
//! connection. It follows Dart's `web_socket_channel`, and needs no async runtime of yours.
//!
//! # In four steps
//!
//! Connect, listen, send, close:
//!
//! ```no_run
//! use futures::StreamExt as _;
//! use web_socket_channel::{WebSocketChannel, status};
//!
//! # async fn four_steps() -> Result<(), Box<dyn std::error::Error>> {
//! let mut channel = WebSocketChannel::connect("ws://127.0.0.1:9001")?;
//! channel.ready().await?;
//!
//! channel.send("hello")?;
//! while let Some(message) = channel.next().await {
//!     println!("received: {:?}", message?);
//!     channel.close(status::NORMAL_CLOSURE, "bye")?;
//! }
//! println!("closed with {:?}", channel.close_code());
//! # Ok(()) }
//! ```
//!
//! - [`WebSocketChannel::connect`] returns at once. [`Connection::ready`] tells when the handshake
//!   is done, or why it failed; awaiting it is optional, as the stream yields the error too.
//! - The channel is a `Stream<Item = Result<Message, Error>>` and a `Sink<Message>`.
//!   [`Connection::send`] never waits, as in a frame loop; `SinkExt::feed` waits for room.
//! - [`Connection::close`] does the closing handshake. Afterwards [`Connection::close_event`] tells
//!   the code, the reason, whether it was clean and who began it: a close is information, not an
//!   error.
//! - Everything is bounded ([`Options`]), everything is `Send`, and dropping the channel frees
//!   everything.
//!
//! # Where it runs
//!
//! Natively on tokio: on the runtime that `connect` is called from, if there is one (its network
//! and its clock have to be enabled), else on one small thread that all channels share. In a browser on its own `WebSocket`. Without either in
//! [`memory`], for tests.
//!
//! # Reading order
//!
//! [`Signal`] is the vocabulary that a channel and its transport speak; `lifecycle` is what it
//! means; `mailbox` carries it; `channel` is the two put together. `native`, `web` and [`memory`]
//! are the transports, each at the far end of the mailboxes.

mod channel;
mod lifecycle;
mod mailbox;
mod request;

mod close;
mod error;
pub mod handshake;
mod message;
mod signal;
pub mod status;

mod byte_stream;
mod open_socket;
mod pump;
mod within;

pub mod memory;

#[cfg(feature = "ewebsock")]
pub mod ewebsock;

// The crate's only seam between platforms: a backend is a module with `check`, `check_close`,
// `start`, an `Executor` and a `Timer`, and no other file knows which one it is.
#[cfg(not(target_arch = "wasm32"))]
#[path = "native/mod.rs"]
mod backend;
#[cfg(target_arch = "wasm32")]
#[path = "web.rs"]
mod backend;

pub use byte_stream::{ACCEPT_TIMEOUT, AcceptError, ByteStream};
pub use bytes::Bytes;
pub use bytestring::ByteString;
pub use channel::{
    Closing, Connection, Ready, SendError, WebSocketChannel, WebSocketSink, WebSocketStream,
};
pub use close::{CloseEvent, CloseFrame, Initiator, MAX_REASON_BYTES};
pub use error::{
    ApiMisuse, Error, LimitExceeded, NetworkError, NetworkErrorKind, PeerMisbehaved, Timeout,
    TlsError, TlsErrorKind,
};
pub use handshake::sign_key;
pub use lifecycle::ReadyState;
pub use mailbox::Bound;
pub use message::Message;
pub use open_socket::OpenSocket;
pub use request::{Options, check_url, parse_url};
pub use signal::{Failure, Opened, Signal};
