//! A WebSocket echo server, to be run as the binary `echo-server` or inside another program.
//!
//! What a client sends comes back as it was: text as text, binary as binary, in the same order. That
//! holds at the paths `/` and `/echo`; at others the server does what is hard to get from a server
//! otherwise, such as a close with a code of one's choice. A browser finds them listed at `/`.
//!
//! ```
//! use echo_server::{Config, serve};
//! use tokio::net::TcpListener;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! println!("listening on ws://{}", listener.local_addr()?);
//!
//! // Any future ends the server; here it is one that is ready at once.
//! let shutdown = std::future::ready(());
//! serve(listener, Config::default(), shutdown).await
//! # }
//! ```
//!
//! # Reading order
//!
//! `server` accepts connections from each `listener` and ends them together; `connection` is one of
//! them, from the first byte to the last (`hang_up`); where there is `tls`, that comes first.
//!
//! A connection begins as HTTP: `http` speaks it, `site` decides what is answered, out of what
//! `endpoints` and `parameters` read from the URL, `guide` tells people and `metrics` machines,
//! or what `files` has of a web app; `request_text` is the request itself as text, and `refusal` is
//! all that a client is told that gets none of it;
//! `origins`, `forwarded` and `per_address_limit` say who may come in. The handshake's rules are those of
//! [`web_socket_channel::handshake`].
//!
//! It goes on as a WebSocket: `session` is the echo and `behaviours` are the other endpoints, over any
//! stream and sink of messages; what is `broken` on purpose is bytes. They talk through `guard`, which
//! has an eye on the client, by its `meter`, its `rate` and its `keep_alive`, and gives the others their
//! turn. Below is the `socket`: it reads frames into an `intake` and writes them from an `outlet`; the
//! buffers of these are in a `buffer_pool` while it is quiet, and what they hold is counted by a
//! `memory_budget`. What goes wrong is a `fault`. `tcp` is what a connection is made of, and how it is cut.

mod config;
mod listener;
mod server;

mod connection;
mod hang_up;

mod tls;

mod http;

mod refusal;
mod site;

mod broken;
mod endpoints;
mod parameters;

mod files;
mod guide;
mod metrics;
mod request_text;

mod forwarded;
mod origins;
mod per_address_limit;

mod behaviours;
mod guard;
mod session;

mod socket;

mod buffer_pool;
mod intake;
mod memory_budget;
mod outlet;

mod keep_alive;
mod meter;
mod rate;

mod fault;
mod tcp;

pub use config::{Config, Origins};
pub use endpoints::OPTIONAL_PATHS;
pub use ipnet::IpNet;
pub use listener::{Listener, Listeners};
pub use server::serve;
pub use tls::Tls;

/// The picture that a client gets at the path `/picture`: a sunrise over hills, a PNG of 480 × 320
/// pixels.
pub const PICTURE: &[u8] = include_bytes!("../assets/picture.png");
