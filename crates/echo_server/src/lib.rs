//! A WebSocket echo server, to be run as the binary `echo-server` or inside another program.
//!
//! What a client sends comes back as it was: text as text, binary as binary, in the same order. That
//! holds at every path but one: `/picture` first sends a [picture](PICTURE) as one binary message,
//! and then echoes too.
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
//! `server` accepts connections and ends them together; `connection` is one of them, from the first
//! byte of its handshake to the last of its close; `session` is the echo, over any stream and sink of
//! messages. The handshake's rules are those of [`web_socket_channel::handshake`].

mod config;
mod connection;
mod server;
mod session;

pub use config::Config;
pub use server::serve;

/// The picture that a client gets at the path `/picture`: a sunrise over hills, a PNG of 480 × 320
/// pixels.
pub const PICTURE: &[u8] = include_bytes!("../assets/picture.png");
