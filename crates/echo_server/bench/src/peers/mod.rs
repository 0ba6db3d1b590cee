//! How each library echoes.
//!
//! All that run on tokio run on its runtime of one thread: so one processor serves, as with node,
//! and what the threads of a larger runtime cost each other is in nobody's figures.

mod axum;
mod ours;
mod raw;
mod streams;
mod tungstenite;

use std::future::Future;
use std::io::{self, Write as _};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

use crate::Result;

/// The server that this is about.
pub const ECHO_SERVER: &str = "echo_server";
/// What all others are measured by.
pub const RAW: &str = "raw framing on tokio";
/// The one that isn't in this program, but a script for node.
pub const WS: &str = "ws on node";

/// All of them, in the order of the tables.
pub const ALL: [&str; 10] = [
    ECHO_SERVER,
    RAW,
    "tokio-tungstenite tuned",
    "tokio-tungstenite naive",
    "axum's ws",
    "fastwebsockets",
    "tokio-websockets",
    "yawc",
    "sockudo-ws",
    WS,
];

/// Longer than the head of any request here.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// Serves as the named one does, after it has printed its port.
///
/// # Errors
/// There is no such name, or the server could not begin.
pub fn serve(name: &str) -> Result {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        announce(listener.local_addr()?)?;
        match name {
            ECHO_SERVER => ours::serve(listener).await,
            RAW => each(listener, raw::echo).await,
            "tokio-tungstenite tuned" => each(listener, tungstenite::tuned).await,
            "tokio-tungstenite naive" => each(listener, tungstenite::naive).await,
            "axum's ws" => axum::serve(listener).await,
            "fastwebsockets" => each(listener, streams::fastwebsockets).await,
            "tokio-websockets" => each(listener, streams::tokio_websockets).await,
            "yawc" => each(listener, streams::yawc).await,
            "sockudo-ws" => each(listener, streams::sockudo_ws).await,
            _ => Err(format!("there is no peer `{name}`").into()),
        }
    })
}

fn announce(address: SocketAddr) -> Result {
    println!("{}", address.port());
    Ok(io::stdout().flush()?)
}

/// Accepts, and gives each connection a task.
async fn each<F>(listener: TcpListener, echo: fn(TcpStream) -> F) -> Result
where
    F: Future<Output = Result> + Send + 'static,
{
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        tokio::spawn(async move {
            // A client that has measured enough does not say goodbye, and each library says so in words of
            // its own. What should come and doesn't is for the client to tell.
            let _ = echo(socket).await;
        });
    }
}

/// Opens a WebSocket on a connection, for the libraries that can be given one that is open. The
/// client here sends nothing before it has the answer.
async fn shake_hands(socket: &mut TcpStream) -> Result {
    let mut head = Vec::with_capacity(512);
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_HEAD_BYTES || socket.read_buf(&mut head).await? == 0 {
            return Err("that was no handshake".into());
        }
    }
    let key = std::str::from_utf8(&head)?.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("Sec-WebSocket-Key").then(|| value.trim())
    });
    let accept = web_socket_channel::sign_key(key.ok_or("a handshake without a key")?);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    Ok(socket.write_all(answer.as_bytes()).await?)
}
