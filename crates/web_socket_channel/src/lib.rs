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
//! channel.try_send("hello")?;
//! while let Some(message) = channel.next().await {
//!     println!("received: {:?}", message?);
//!     channel.close_with(status::NORMAL_CLOSURE, "bye")?;
//! }
//! println!("closed with {:?}", channel.close_code());
//! # Ok(()) }
//! ```
//!
//! - [`WebSocketChannel::connect`] returns at once. [`Connection::ready`] tells when the handshake
//!   is done, or why it failed; awaiting it is optional, as the stream yields the error too.
//! - The channel is a `Stream<Item = Result<Message, Error>>` and a `Sink<Message>`.
//!   [`Connection::try_send`] never waits, as in a frame loop; `SinkExt::send` and `SinkExt::feed` wait for room.
//! - [`Connection::close`] does the closing handshake. Afterwards [`Connection::close_event`] tells
//!   the code, the reason, whether it was clean and who began it: a close is information, not an
//!   error.
//! - Everything is bounded ([`Options`]), everything is `Send`, and dropping the channel frees
//!   everything.
//!
//! A connection that is lost stays lost: [`ReconnectingChannel`] is the layer on top that makes
//! another, with a tutorial of its own in [`reconnect`].
//!
//! `examples/` has all of this and more, each in under 60 lines.
//!
//! # In a frame loop
//!
//! A program that draws frames must not wait and needs no executor. Nothing of the channel blocks:
//! a frame sends what it has to send, and takes what has come since the last one.
//!
//! ```
//! use futures::{FutureExt as _, StreamExt as _};
//! use web_socket_channel::{Message, memory};
//!
//! # fn two_frames() -> Result<(), Box<dyn std::error::Error>> {
//! // Instead of `WebSocketChannel::connect(url)?`: it echoes, and a test needs no server.
//! let mut channel = memory::loopback();
//! let mut latest = None;
//! for frame in 0..2 {
//!     // Everything that has come, and no waiting for more.
//!     while let Some(Some(item)) = channel.next().now_or_never() {
//!         latest = Some(item?);
//!     }
//!     // A full outbox gives the message back, in the error.
//!     channel.try_send(format!("frame {frame}"))?;
//! }
//! assert_eq!(latest, Some(Message::from("frame 0")));
//! # Ok(()) }
//! # two_frames().unwrap();
//! ```
//!
//! That is all where frames are drawn one after the other, as in a game: `examples/frame_loop.rs`.
//! A window that draws only for a reason polls with a waker that asks for the next frame, so that
//! a message is a reason and silence costs nothing. For egui that is the crate
//! `egui_stream_builder`: its tutorial goes from a clock to an echo page over this channel, in
//! five small steps (the last of them is `examples/echo_page.rs` there), and says what the ways
//! from a socket's thread into a frame loop cost.
//!
//! # Where it runs
//!
//! | transport | made by | runs on |
//! | --- | --- | --- |
//! | native | [`WebSocketChannel::connect`] | tokio: where [`Options::runtime`] says, by default the runtime that `connect` is called from, if there is one, else one small thread that all channels share. [`Runtime`] tells of the trap in that |
//! | browser | the same | the page's own `WebSocket` |
//! | any stream of bytes, as client or server | [`WebSocketChannel::adopt`] with a [`ByteStream`] | either of the two |
//! | an open tungstenite stream, a browser's `WebSocket` | [`WebSocketChannel::adopt`] | either of the two |
//! | memory | [`memory::loopback`], [`memory::pair`], [`memory::scripted`] | nothing: for tests |
//! | `ewebsock` | `ewebsock::connect`, with the feature of that name | either of the two |
//!
//! They keep the same promises; one suite says so for each of them. What one of them can't do is in
//! the table of exceptions in the README, and in its module.
//!
//! # Features
//!
//! | feature | default | gives | packages |
//! | --- | --- | --- | ---: |
//! | none | | the vocabulary, [`handshake`], [`memory`]; in a browser also connecting | 22 |
//! | `native` | yes | connecting to `ws:` natively and [`ByteStream`], by tokio | 30 |
//! | `tls` | yes | `wss:` natively, by rustls with ring and the platform's roots | 48 |
//! | `aws-lc-rs` | | the same with AWS-LC in the place of ring; it needs a C compiler | 48 |
//! | `url` | yes | URLs as browsers read them: names beyond ASCII, `..`, backslashes | 75 |
//! | `proxy` | yes | HTTP and SOCKS5 proxies natively; it brings `url` | 83 |
//! | `reconnect` | yes | [`ReconnectingChannel`]; it brings `native` | 30 |
//! | `tungstenite` | | adopting streams of the crate `tokio-tungstenite`, whose version then matters | 48 |
//! | `ewebsock` | | a transport by that crate, with its limits | 60 |
//! | `tracing` | | events for that crate: connecting, open, how it ended | 33 |
//!
//! The last column counts lines of `cargo tree -e normal --prefix none | sort -u` on Linux, of `native` and
//! that feature (with all of the default it is 101). In a browser `native` adds [`ByteStream`] alone, and the
//! features for TLS and proxies nothing, as the browser has both.
//!
//! The default is what [`connect`](WebSocketChannel::connect) needs to do with any URL, in any network, what
//! curl and a browser do: nobody whose first URL is `wss:`, or who sits behind a proxy, should have to know a
//! feature's name. Who wants less turns the default off. What then can't be done is an
//! [`InvalidArgument::NeedsFeature`], which names the feature; only a proxy that the environment names is not
//! seen without `proxy`, as the environment is not looked at then.
//!
//! # Coming from elsewhere
//!
//! | here | Dart's `web_socket_channel` | `ewebsock` | `tokio-tungstenite` |
//! | --- | --- | --- | --- |
//! | [`WebSocketChannel::connect`] | `WebSocketChannel.connect` | `connect` | `connect_async`, which waits for the handshake |
//! | [`Connection::ready`] | `ready` | `WsEvent::Opened` | the same future |
//! | the channel as a `Stream` | `stream` | `WsReceiver::try_recv` | the same, with pings and closes among the messages |
//! | [`Connection::try_send`], which never waits | `sink.add` | `WsSender::send` | none |
//! | the channel as a `Sink`, which waits for room | none | none | the same |
//! | [`Connection::close`] | `sink.close` | `WsSender::close`, without a code | `close`, which waits for no answer |
//! | [`Connection::close_event`] | `closeCode`, `closeReason` | `WsEvent::Closed` | a message among the others |
//! | [`Connection::protocol`] | `protocol` | none | in the response |
//! | [`Message`], by `{message}` in a format string | `dynamic`, by `$message` | `WsMessage`, copied | `Message` |
//! | [`Error`], by whose fault it is | `WebSocketChannelException` | a `String` | `Error`, by where it happened |
//! | [`Options::ping_interval`] | `pingInterval` | none | none |
//! | [`ByteStream`] | `WebSocketChannel(channel)` | none | `from_raw_socket` |
//! | [`sign_key`] | `signKey` | none | `derive_accept_key` |
//! | [`status`] | `status` | none | `CloseCode` |
//!
//! And from `dart:html`, member by member:
//!
//! | `WebSocket` in `dart:html` | here |
//! | --- | --- |
//! | `WebSocket(url, protocols)` | [`WebSocketChannel::connect_with`] and [`Options::protocols`] |
//! | `supported` | left out: where this crate compiles there are WebSockets |
//! | `url`, `protocol`, `extensions` | [`Connection::url`], [`protocol`](Connection::protocol), [`extensions`](Connection::extensions) |
//! | `readyState`, `CONNECTING`, `OPEN`, `CLOSING`, `CLOSED` | [`Connection::ready_state`], [`ReadyState`] |
//! | `bufferedAmount` | [`Connection::buffered_amount`] |
//! | `binaryType` | left out: binary messages are [`Bytes`], always |
//! | `send`, `sendString` | [`Connection::try_send`], or the channel as a `Sink` |
//! | `sendByteBuffer`, `sendTypedData` | the same, with any bytes: see [`Message`] |
//! | `sendBlob` | left out: a blob has to be read, which takes time, and what is sent later would pass it |
//! | `close(code, reason)` | [`Connection::close`], [`Connection::close_with`] |
//! | `onOpen` | [`Connection::ready`] |
//! | `onMessage` | the channel as a `Stream` |
//! | `onError` | an item of the stream; unlike an event it says what went wrong, where that is known |
//! | `onClose` | the end of the stream; [`Connection::closed`] and [`Connection::close_event`] tell how |
//! | `openEvent`, `messageEvent`, `errorEvent`, `closeEvent`, `addEventListener` and the like | left out: there are no events, and so nothing to be listened to |
//!
//! # Reading order
//!
//! [`Signal`] is the vocabulary that a channel and its transport speak; `lifecycle` is what it
//! means; `queue` carries it; `channel` is the two put together. The transports are at the far end
//! of the queues: [`memory`] is the shortest; `pump` runs a connection over any stream of bytes,
//! and `native` puts dialling and TLS in front of it; `web` gives and takes what the browser does.
//! [`reconnect`] stands on top of all that, and knows channels only.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(not(feature = "_rustls"), target_arch = "wasm32"))]
mod absent;
mod address;
mod channel;
mod flush_mark;
#[cfg(any(test, target_arch = "wasm32"))]
mod forbidden_ports;
mod halves;
mod lifecycle;
mod options;
#[cfg(any(not(feature = "url"), all(test, not(target_arch = "wasm32"))))]
mod plain_url;
mod proxy;
mod queue;
mod refusal;
mod request;
mod setters;
mod tap;
mod time_limits;
#[cfg(any(feature = "native", target_arch = "wasm32"))]
mod trace;
mod waiters;

mod close;
mod error;
#[doc(hidden)]
pub mod frame;
pub mod handshake;
mod message;
mod signal;
pub mod status;

mod open_socket;
mod outgoing;

#[cfg(any(feature = "native", target_arch = "wasm32"))]
mod deadline;
#[cfg(any(feature = "ewebsock", target_arch = "wasm32"))]
mod events;

#[cfg(feature = "tungstenite")]
mod adopted;
#[cfg(feature = "native")]
mod byte_stream;
#[cfg(feature = "native")]
mod framing;
#[cfg(feature = "native")]
mod keep_alive;
#[cfg(feature = "native")]
mod output;
#[cfg(feature = "native")]
mod pump;
#[cfg(feature = "native")]
mod recycled;
#[cfg(feature = "native")]
mod socket;
#[cfg(feature = "native")]
mod within;

pub mod memory;

#[cfg(feature = "reconnect")]
pub mod reconnect;

#[cfg(feature = "ewebsock")]
pub mod ewebsock;

// The crate's only seam between platforms: a backend is a module with `check_url`, `check`,
// `check_close`, `start`, an `Executor` and a `Timer`, and no other file knows which one it is.
#[cfg(not(any(feature = "native", target_arch = "wasm32")))]
#[path = "no_network.rs"]
mod backend;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
#[path = "native/mod.rs"]
mod backend;
#[cfg(target_arch = "wasm32")]
#[path = "web.rs"]
mod backend;

/// The `url` crate, of which [`Url`] is.
#[cfg(feature = "url")]
pub use ::url;
/// The URL that [`parse_url`] gives.
#[cfg(feature = "url")]
pub use ::url::Url;
pub use address::IntoUrl;
#[cfg(feature = "url")]
pub use address::parse_url;
/// The `rustls` crate of [`Options::tls_config`].
#[cfg(all(feature = "_rustls", not(target_arch = "wasm32")))]
pub use backend::rustls;
pub use backend::{Runtime, TlsConfig};
#[cfg(feature = "native")]
pub use byte_stream::{ACCEPT_TIMEOUT, AcceptError, ByteStream};
pub use bytes::Bytes;
pub use bytestring::ByteString;
pub use channel::{
    Closing, Connection, Ready, SendError, WebSocketChannel, WebSocketSink, WebSocketStream,
};
pub use close::{CloseEvent, CloseFrame, Initiator, MAX_REASON_BYTES};
pub use error::{
    Error, InvalidArgument, InvalidProxy, LimitExceeded, NetworkError, NetworkErrorKind,
    PeerMisbehaved, ProxyError, ProxyErrorKind, RuntimeError, Timeout, TlsError, TlsErrorKind,
};
pub use handshake::sign_key;
pub use lifecycle::ReadyState;
pub use message::Message;
pub use open_socket::OpenSocket;
pub use options::{HeaderText, Options};
pub use proxy::Proxy;
pub use queue::Bound;
#[cfg(feature = "reconnect")]
pub use reconnect::ReconnectingChannel;
pub use request::{check_request, check_url};
pub use signal::{Failure, Opened, Signal};
pub use tap::{Tap, TapEvent};
